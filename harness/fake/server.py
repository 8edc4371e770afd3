"""The HTTP server under the service: reads requests, writes replies, and breaks them where a fault says so."""

import json
import socket
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from rembench.harness.fake.faults import Fault
from rembench.harness.fake.wire import Answer, Asked, Events, Frame

Reply = Answer | Events
Respond = Callable[[Asked], tuple[Asked, Reply | None]]
"""Request → the request with its fault and id, and the reply; None where there's none at all."""


class Server(ThreadingHTTPServer):
    """Serves on a free port of 127.0.0.1 from its own threads until `stop`."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, respond: Respond, stopping: threading.Event) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.respond = respond
        self.stopping = stopping
        self._connections: dict[socket.socket, threading.Thread] = {}
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop at once: what's open is closed."""
        self.stopping.set()
        self.shutdown()
        self._thread.join()
        with self._lock:
            threads = list(self._connections.values())
            for connection in self._connections:
                _hang_up(connection)
        for thread in threads:
            thread.join(2)
        self.server_close()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """As in the standard library, but it's known which connections are open."""
        with self._lock:
            self._connections[request] = threading.current_thread()
        if self.stopping.is_set():
            _hang_up(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                self._connections.pop(request, None)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error here."""


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing is logged."""

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _serve(self) -> None:
        address = urlsplit(self.path)
        asked = Asked(
            method=self.command,
            path=address.path,
            query=tuple(parse_qsl(address.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=_parsed(self.rfile.read(int(self.headers.get("content-length") or 0))),
        )
        asked, reply = self.server.respond(asked)
        fault = asked.fault
        if reply is None:
            if fault and fault.kind == "stall":
                self.server.stopping.wait(fault.seconds)
            self._hang_up()
        elif isinstance(reply, Events):
            self._send_events(asked, reply)
        else:
            self._send_answer(asked, reply)

    def _head(self, asked: Asked, status: int, headers: dict[str, str]) -> bytes:
        try:
            phrase = HTTPStatus(status).phrase
        except ValueError:
            phrase = "Error"
        sent = {
            "date": self.date_time_string(),
            "request-id": asked.request_id,
            "x-request-id": asked.request_id,
        }
        lines = [f"{name}: {value}\r\n" for name, value in {**sent, **headers}.items()]
        return f"HTTP/1.1 {status} {phrase}\r\n{''.join(lines)}\r\n".encode("latin-1")

    def _send_answer(self, asked: Asked, answer: Answer) -> None:
        body = encoded(answer.body)
        headers = {"content-type": answer.content_type, "content-length": str(len(body)), **answer.headers}
        cut = _bytes_before_the_cut(asked.fault, len(body))
        self.wfile.write(self._head(asked, answer.status, headers) + body[:cut])
        if cut is not None:
            self._hang_up()

    def _send_events(self, asked: Asked, events: Events) -> None:
        fault = asked.fault
        headers = {
            "content-type": "text/event-stream; charset=utf-8",
            "cache-control": "no-cache",
            **events.headers,
        }
        frames = events.frames
        whole = isinstance(frames, tuple)
        if fault and fault.kind == "cut" and fault.clean:
            frames = tuple(islice(frames, fault.after))
            fault = None
        pieces: Iterable[bytes] = (framed(frame) for frame in frames)
        if whole:
            pieces = tuple(pieces)
            headers["content-length"] = str(sum(map(len, pieces)))
        else:
            headers["transfer-encoding"] = "chunked"
        self.wfile.write(self._head(asked, 200, headers))
        self._send_pieces(pieces, fault, chunked=not whole)

    def _send_pieces(self, pieces: Iterable[bytes], fault: Fault | None, *, chunked: bool) -> None:
        breaks = fault is not None and fault.kind in ("cut", "drop", "stall")
        for sent, piece in enumerate(pieces):
            if self.server.stopping.is_set() or (breaks and fault and sent == (fault.after or 0)):
                break
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
        else:
            if chunked:
                self.wfile.write(b"0\r\n\r\n")
            return
        if fault and fault.kind == "stall":
            self.server.stopping.wait(fault.seconds)
        self._hang_up()

    def _hang_up(self) -> None:
        self.close_connection = True
        _hang_up(self.connection)


def _bytes_before_the_cut(fault: Fault | None, length: int) -> int | None:
    if fault is None or fault.kind not in ("cut", "drop"):
        return None
    return length // 2 if fault.kind == "cut" else min(fault.after or 0, length - 1)


def _parsed(raw: bytes) -> Any:
    if not raw:
        return None
    try:
        return json.loads(raw)
    except ValueError:
        return raw


def encoded(body: Any) -> bytes:
    """A body as it's sent: bytes as they are, text in UTF-8, anything else as JSON."""
    if isinstance(body, bytes):
        return body
    return (body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)).encode()


def framed(frame: Frame) -> bytes:
    """A server-sent event as it's sent."""
    head = f"event: {frame.event}\n" if frame.event else ""
    return head.encode() + b"data: " + encoded(frame.data) + b"\n\n"
