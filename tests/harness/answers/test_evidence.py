"""From the journal of calls to what the answers of each chain convey."""

from dataclasses import replace

from rembench.harness.answers.evidence import read_chains
from rembench.harness.answers.questions import told_until
from rembench.harness.answers.sittings import memory_subject, sessions_subject
from rembench.harness.night import FREE
from rembench.harness.reader.calls import Fault, ReaderCall
from rembench.harness.reader.journal import ReaderRecord, Readers
from rembench.harness.reader.question import question_ids
from rembench.harness.reader.text import recall_digest
from rembench.harness.scenario.pack import load_pack
from rembench.harness.types import STORE, ChainEvidence, ChainKey, Failure, NightRecord, Reading, Verdict
from tests.harness.reader.models import TINY, answers

BAKERY = load_pack(str(TINY)).scenarios[0]
MEMORY = {"a.md": "- the mill is Millbrook"}
CHAIN = ChainKey(consolidator="it", scenario=BAKERY.id, repeat=0)


def night(checkpoint, memory=MEMORY):
    failure = None if memory else Failure(type="timeout", message="slow")
    return NightRecord(chain=CHAIN, night=checkpoint, memory=memory, failure=failure, usage=FREE, seconds=0.0)


def evidence(**nights):
    """The chain's evidence; c2 has failed unless it's given."""
    records = {"c1": night("c1"), "c2": night("c2", None), **nights}
    verdict = Verdict(
        checkpoint="c2", item="delivery", value=0, expected="held", observed=None, rule="no memory",
        reason="failed: timeout",
    )  # fmt: skip
    return ChainEvidence(
        chain=CHAIN, scenario=BAKERY, readings={"c2": Reading(checkpoint="c2", verdicts=(verdict,))},
        memories={}, nights=records, oracle={},
    )  # fmt: skip


def said(subject, text, item="delivery"):
    (id_,) = question_ids("c", (item,))
    return ReaderCall(reader="it", subject=subject, items=(item,), code="c", reply=answers({id_: text}))


def failed(subject, item="delivery"):
    fault = Fault(type="timeout", message="slow")
    return ReaderCall(reader="it", subject=subject, items=(item,), fault=fault)


def readers(*calls):
    record = ReaderRecord(name="it", spec="x", rembench="1", created="", seed=0)
    return Readers(records={"it": record}, calls={"it": calls})


SUBJECT = memory_subject(night("c1"), MEMORY, recalls=False)
SESSIONS = sessions_subject(BAKERY, "c1", told_until(BAKERY, "c1"))


def found(*calls, checkpoint="c1", source="memory", recallers=(), **nights):
    (chain,) = read_chains([evidence(**nights)], readers(*calls), recallers)
    verdicts = getattr(chain, source).readings[checkpoint].verdicts
    return [(v.observed, v.reason) for v in verdicts if v.item == "delivery"]


VAN = "The bread is delivered by van on weekdays."


def test_an_answer_is_found_by_what_was_read():
    assert found(said(SUBJECT, VAN)) == [("held", None), ("absent", None)]
    assert found(said(SESSIONS, VAN), source="sessions") == [("held", None), ("absent", None)]
    assert found(said(SESSIONS, VAN)) == [(None, "not asked")] * 2
    assert found(said(replace(SUBJECT, checkpoint="c2"), VAN)) == [(None, "not asked")] * 2


def test_a_memory_that_was_written_anew_is_not_the_one_that_was_read():
    assert found(said(SUBJECT, VAN), c1=night("c1", {"a.md": "x"})) == [(None, "not asked")] * 2


def test_a_reply_is_not_replaced_by_a_fault_but_by_a_newer_one():
    assert found(said(SUBJECT, VAN), failed(SUBJECT)) == [("held", None), ("absent", None)]
    assert found(failed(SUBJECT), said(SUBJECT, VAN)) == [("held", None), ("absent", None)]
    assert found(failed(SUBJECT)) == [(None, "timeout: slow")] * 2
    assert found(said(SUBJECT, VAN), said(SUBJECT, "not known")) == [("absent", None)] * 2


def test_a_night_without_a_memory_has_its_own_reason():
    assert found(said(SUBJECT, VAN), checkpoint="c2") == [(None, "failed: timeout")] * 2
    assert found(said(SUBJECT, VAN), checkpoint=STORE) == [(None, "not asked")] * 2


def test_who_recalls_has_the_answers_to_what_it_recalled_alone():
    recalled = replace(SUBJECT, source="recall", digest=recall_digest("it", MEMORY))
    assert found(said(recalled, VAN), recallers={"it"}) == [("held", None), ("absent", None)]
    assert found(said(SUBJECT, VAN), recallers={"it"}) == [(None, "not asked")] * 2


def test_twins_are_not_read():
    twin = replace(evidence(), scenario=replace(BAKERY, twin_of="other"))
    assert read_chains([twin], readers(said(SUBJECT, VAN)), ()) == ()


def test_many_answers_are_read_by_several_processes_alike(monkeypatch):
    calls = (said(SUBJECT, VAN), said(SESSIONS, "not known"))
    alone = read_chains([evidence()], readers(*calls), ())
    monkeypatch.setattr("rembench.harness.answers.evidence.WORTH_PROCESSES", 1)
    assert read_chains([evidence()], readers(*calls), ()) == alone
