"""Nights for the tests of consolidators, and strategies for arbitrary ones."""

import asyncio
from collections.abc import Mapping

from hypothesis import strategies as st

from rembench.consolidators.load import load_consolidator
from rembench.harness.answer_key import AnswerKey
from rembench.harness.night import Consolidation, DeletionRequest, Memory, Message, Night, Session

STORE = {
    "user/profile.md": (
        "# Profile\n\n- Name: Imre Vasarhelyi\n- City: Pecs\n\n## Work\n- Potter, fires on Fridays\n"
    ),
    "notes.json": '{"kiln": {"volume": 120}}\n',
}
KEY = AnswerKey({"chain-1": {"c1": {"right.md": "- Imre lives in Pecs\n- Imre fires on Mondays\n"}}})


def session(number: int, *said: str, at: str | None = None) -> Session:
    """A session in which user and assistant take turns."""
    roles = ("user", "assistant")
    messages = tuple(Message(role=roles[i % 2], content=text) for i, text in enumerate(said))
    return Session(id=f"s{number}", at=at or f"2026-03-{number:02}T09:00:00Z", messages=messages)


SESSIONS = (
    session(
        1,
        "Firing moves to Mondays from April. The kiln in the shed holds 120 litres.",
        "Noted, Mondays from April.",
        "And I buy clay from Lipka & Sons, never from the market.",
    ),
    session(2, "The new shelf is 40 cm deep. Did you see it?", "I can't see, but 40 cm is noted."),
)


def night(
    memory: Memory = STORE, sessions: tuple[Session, ...] = SESSIONS, write_budget: int | None = None
) -> Night:
    """The night c1 of the chain that `KEY` knows."""
    return Night(
        chain="chain-1",
        id="c1",
        at="2026-03-03T21:00:00Z",
        memory=memory,
        sessions=sessions,
        deletions=(
            DeletionRequest(id="d1", at="2026-03-02T10:00:00Z", request="Forget my shelf.", standing=False),
        ),
        write_budget=write_budget,
        seed=7,
    )


def consolidated(spec: str, given: Night) -> Consolidation:
    """What a freshly made consolidator writes on one night."""
    return asyncio.run(load_consolidator(spec).make(KEY).consolidate(given))


ODD_NIGHTS: Mapping[str, Night] = {
    "empty store": night(memory={}),
    "no sessions": night(sessions=()),
    "nothing at all": night(memory={}, sessions=()),
    "empty files": night(memory={"a.md": "", "b.md": "\n\n", "c.md": "# Only a heading"}),
    "a session without messages": night(sessions=(session(1),)),
    "only stop words": night(memory={"a.md": "- the\n"}, sessions=(session(1, "It is. And so on."),)),
    "unicode": night(
        memory={"файл/笔记.md": "- Имя: Ольга\r\n- 城市：布达佩斯\u2028next\x85line"},
        sessions=(
            session(1, "窯は月曜日です。土は市場で買います！\n\n🫖 Tea at 5pm… Ναι.", "ok\0\ud800 then"),
        ),
    ),
    "one 200 kB message": night(sessions=(session(1, "Clay shelf 12 has 3 kg of grog. " * 6250),)),
    "200 kB without a space": night(sessions=(session(1, "x" * 200_000, "." * 200_000),)),
    "a file where the folder would be": night(memory={"memory": "- Name: Imre\n"}),
    "broken markdown": night(memory={"a.md": "```\nno end\n# x\n|a|\n---\n  - deep\n#no\n## "}),
}

_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200)
_markdown = st.lists(
    st.sampled_from(["# A", "## B", "- x: 1", "", "---", "```", "|a|b|", "|-|-|", "  more", "word"]) | _text,
    max_size=12,
).map("\n".join)
memories = st.dictionaries(
    st.from_regex(r"[a-z]{1,6}(/[a-z]{1,6})?\.(md|txt|json)", fullmatch=True), _markdown, max_size=4
)
_messages = st.builds(Message, role=st.sampled_from(["user", "assistant", "tool", "system"]), content=_markdown)
_sessions = st.builds(
    Session,
    id=st.sampled_from(["s1", "s2"]),
    at=st.sampled_from(["2026-03-01T09:00:00Z", "2026-03-02T09:00:00Z"]),
    messages=st.lists(_messages, max_size=4).map(tuple),
)
arbitrary_nights = st.builds(
    night,
    memory=memories,
    sessions=st.lists(_sessions, max_size=3).map(tuple),
    write_budget=st.none() | st.integers(0, 60),
)
