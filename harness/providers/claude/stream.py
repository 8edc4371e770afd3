"""One message, read from its stream to the end."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anthropic import AsyncMessageStreamManager
    from anthropic.types import Message


@dataclass(frozen=True, slots=True)
class Received:
    """A whole message, and the id by which the service knows the request."""

    message: "Message"
    request: str | None


class BrokenError(Exception):
    """The stream ended before the message did; its cause is why, None where it just ended."""

    def __init__(self, begun: "Message") -> None:
        super().__init__("the stream ended before the message did")
        self.begun = begun


async def received(manager: "AsyncMessageStreamManager[Any]", begun: Callable[[], None]) -> Received | None:
    """The message of a stream; `begun` is called once its beginning is there. None where nothing came at all.

    BrokenError where it began and broke off, else the SDK's errors.
    """
    request: str | None = None
    message: Message | None = None
    try:
        async with manager as stream:
            request = stream.request_id
            async for event in stream:
                if event.type == "message_start":
                    begun()
                    message = stream.current_message_snapshot
    except Exception as error:
        if message is None:
            raise
        if message.stop_reason is None:
            raise BrokenError(message) from error
    if message is not None and message.stop_reason is None:
        raise BrokenError(message)
    return None if message is None else Received(message, request)
