"""answers.jsonl: whole lines, one writer, and nothing in it is believed."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rembench.harness.errors import UserError
from rembench.harness.night import FREE
from rembench.harness.reader.calls import Fault, ReaderCall, Subject
from rembench.harness.reader.journal import Known, ReaderJournal, ReaderRecord, read_answers

RECORD = ReaderRecord(
    name="it",
    spec="a.py:It",
    rembench="1",
    created="2026",
    seed=0,
    options={"model": "small"},
    prompts={"p": "f"},
)
CALL = ReaderCall(
    reader="it", subject=Subject(scenario="s", checkpoint="c1", source="memory", digest="d"),
    items=("tea", "cat"), code="c", reply='{"answers": []}', usage=FREE, most_usd=0.25, seconds=0.5,
    model="it-1",
)  # fmt: skip
FAILED = replace(CALL, reply=None, fault=Fault(type="timeout", message="slow"), recalled="Assam")


def write(folder, *calls, records=(RECORD,)):
    journal = ReaderJournal(folder)
    for record in records:
        journal.begin(record)
    for call in calls:
        journal.append(call)
    journal.close()
    return folder / "answers.jsonl"


def test_what_was_written_is_read(tmp_path):
    write(tmp_path, CALL, FAILED)
    found = read_answers(tmp_path)
    assert found.records == {"it": RECORD}
    assert found.calls == {"it": (CALL, FAILED)}


def test_a_run_that_nobody_has_read_has_no_readers(tmp_path):
    assert not read_answers(tmp_path).records


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_reply_survives(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("run")
    write(folder, replace(CALL, reply=text))
    assert read_answers(folder).calls["it"][0].reply == text


def test_the_newest_line_of_a_reader_counts_and_the_calls_after_it(tmp_path):
    write(tmp_path, CALL)
    write(tmp_path, FAILED, records=(replace(RECORD, seed=7),))
    found = read_answers(tmp_path)
    assert (found.records["it"].seed, found.calls["it"]) == (7, (FAILED,))


@pytest.mark.parametrize("cut", [1, 20, 200])
def test_a_cut_last_line_is_left_out_and_mended(tmp_path, cut):
    path = write(tmp_path, CALL, CALL)
    path.write_bytes(path.read_bytes()[:-cut])
    assert len(read_answers(tmp_path).calls["it"]) == 1
    write(tmp_path, FAILED, records=())
    assert read_answers(tmp_path).calls["it"] == (CALL, FAILED)


def test_a_second_writer_is_refused(tmp_path):
    journal = ReaderJournal(tmp_path)
    with pytest.raises(UserError, match="another rembench is writing"):
        ReaderJournal(tmp_path)
    journal.close()


def put(*path, to):
    def change(line):
        for step in path[:-1]:
            line = line[step]
        line[path[-1]] = to

    return change


# What is changed in a right line → the words that the error must have.
DAMAGE = [
    (put("more", to=1), "unknown key 'more'"),
    (put("reader", to={"name": "x"}), "either a reader or a call"),
    (put("call", to=None), "either a reader or a call"),
    (put("call", to=[]), "call: is a list"),
    (put("call", "reader", to="somebody"), "call.reader: isn't introduced by a line before"),
    (put("call", "reader", to=""), "call.reader: is empty"),
    (put("call", "subject", to=3), "call.subject: is a number"),
    (put("call", "subject", "source", to="dream"), "call.subject.source: unknown value 'dream'"),
    (put("call", "subject", "digest", to=None), "call.subject.digest: is null"),
    (put("call", "items", to="tea"), "call.items: is text"),
    (put("call", "items", to=[]), "call.items: every item once, and at least one"),
    (put("call", "items", to=["tea", "tea"]), "call.items: every item once"),
    (put("call", "items", to=[3]), "call.items[0]: is a number"),
    (put("call", "code", to=None), "call.code: is null"),
    (put("call", "reply", to=None), "either a reply or a fault"),
    (put("call", "reply", to=["x"]), "call.reply: is a list"),
    (put("call", "reply", to="\0"), "call.reply: a NUL"),
    (put("call", "fault", to={"type": "timeout", "message": "slow"}), "either a reply or a fault"),
    (lambda line: line["call"].update(reply=None, fault={"type": "tired", "message": ""}),
     "call.fault.type: unknown value 'tired'"),
    (put("call", "recalled", to=3), "call.recalled: is a number"),
    (put("call", "usage", "usd", to="1"), "call.usage.usd: is text"),
    (put("call", "usage", "calls", to=-1), "call.usage.calls: isn't from 0"),
    (put("call", "most_usd", to=-1), "call.most_usd: isn't from 0"),
    (put("call", "seconds", to=float("nan")), "NaN isn't a JSON number"),
    (put("call", "model", to={}), "call.model: is an object"),
    (put("call", "more", to=1), "call: unknown key 'more'"),
    (lambda line: line["call"].pop("code"), "call: 'code' is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), DAMAGE)
def test_a_damaged_call_is_named(tmp_path, change, words):
    path = write(tmp_path, CALL)
    introduced, line = path.read_text().splitlines(keepends=True)
    damaged = json.loads(line)
    change(damaged)
    path.write_text(introduced + line + json.dumps(damaged) + "\n" + line)
    with pytest.raises(UserError) as raised:
        read_answers(tmp_path)
    assert str(raised.value).startswith(f"{path}:3: ")
    assert words in str(raised.value)
    assert "the readers' journal is damaged" in str(raised.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (put("reader", "name", to=" "), "reader.name: is empty"),
        (put("reader", "spec", to=3), "reader.spec: is a number"),
        (put("reader", "seed", to=-1), "reader.seed: isn't from 0"),
        (put("reader", "options", to={"a": 1}), "reader.options.a: is a number"),
        (put("reader", "prompts", to=None), "reader.prompts: is null"),
        (lambda line: line["reader"].pop("created"), "reader: 'created' is missing"),
    ],
)
def test_a_damaged_reader_is_named(tmp_path, change, words):
    path = write(tmp_path)
    damaged = json.loads(path.read_text())
    change(damaged)
    path.write_text(json.dumps(damaged) + "\n")
    with pytest.raises(UserError, match=r"answers\.jsonl:1: ") as raised:
        read_answers(tmp_path)
    assert words in str(raised.value)


@pytest.mark.parametrize(
    ("line", "words"),
    [(b"not json", "malformed JSON"), (b"[]", "is a list"), (b"{}", "either a reader or a call"),
     (b"\xff", "byte 0 isn't valid UTF-8"), (b"[" * 100_000, "nested too deeply")],
)  # fmt: skip
def test_a_line_that_is_neither_is_named(tmp_path, line, words):
    path = write(tmp_path, CALL)
    path.write_bytes(path.read_bytes() + line + b"\n")
    with pytest.raises(UserError, match=r"answers\.jsonl:3: ") as raised:
        read_answers(tmp_path)
    assert words in str(raised.value)


@pytest.mark.parametrize(
    "known",
    [{}, {"s": Known({"c2"}, {"tea", "cat"})}, {"s": Known({"c1"}, {"tea"})}, {"t": Known({"c1"}, {"tea"})}],
)
def test_a_question_that_is_not_of_the_run_is_named(tmp_path, known):
    write(tmp_path, CALL)
    assert read_answers(tmp_path, {"s": Known({"c1"}, {"tea", "cat"})}).calls
    with pytest.raises(UserError, match=r"answers\.jsonl:2: call: not a question of this run"):
        read_answers(tmp_path, known)
