from rembench.consolidators.sentences import SESSIONS_PATH
from tests.consolidators.nights import SESSIONS, STORE, consolidated, night


def test_store_and_every_message_are_there_with_dates():
    memory = consolidated("append-all", night()).memory
    assert {path: memory[path] for path in STORE} == STORE
    for session in SESSIONS:
        assert f"## {session.at}" in memory[SESSIONS_PATH]
        for message in session.messages:
            assert f"{message.role}: {message.content}" in memory[SESSIONS_PATH]


def test_session_handed_over_again_is_written_again():
    first = consolidated("append-all", night()).memory
    again = consolidated("append-all", night(memory=first)).memory
    assert again[SESSIONS_PATH].count(SESSIONS[0].at) == 2
