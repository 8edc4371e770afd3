"""The ceiling: the right memory of every night, copied from the answer key.

The only module here that may know of the key (an import contract holds that), and its entry in the
table the only one that asks for it. It has the finished texts and no item or expectation.
"""

from rembench.harness.answer_key import AnswerKey
from rembench.harness.night import FREE, Capabilities, Consolidation, Night


class Oracle:
    """Copies the answer; not a contestant."""

    capabilities = Capabilities()

    def __init__(self, *, answers: AnswerKey) -> None:
        self._answers = answers

    async def consolidate(self, night: Night) -> Consolidation:
        """The key's memory of this night; KeyError for a chain that isn't in the key."""
        return Consolidation(memory=dict(self._answers.memory(night.chain, night.id)), usage=FREE)
