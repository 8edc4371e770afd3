"""run.json: what's read is what was written, and anything else is one line."""

import json
from dataclasses import replace

import pytest

from rembench.harness.engine.record import RunRecord
from rembench.harness.errors import UserError
from rembench.harness.types import Scenario

RECORD = RunRecord(
    rembench="0.1.0", created="2026-01-01T00:00:00+00:00", seed=0, repeats=1, limit=2, shard="1/2",
    packs=({"name": "tiny", "path": "/packs/tiny", "sha256": "ab", "scenarios": 2},),
    consolidators=(
        {"name": "it", "spec": "it", "control": False, "options": {"budget": "9"},
         "capabilities": {"network": False, "transcript": "full"}},
    ),
    settings={"concurrency": 8, "night_timeout": 900.0, "budget": None}, versions={"python": "3.11"},
)  # fmt: skip


def load(folder, text):
    (folder / "run.json").write_text(text)
    return RunRecord.load(folder)


def test_what_was_written_is_read(tmp_path):
    RECORD.write(tmp_path)
    assert RunRecord.load(tmp_path) == RECORD


def test_a_shard_takes_every_nth_scenario_with_its_twins():
    whole = [scenario("a"), scenario("a2", "a"), scenario("b"), scenario("c"), scenario("c2", "c")]
    parts = [[s.id for s in replace(RECORD, shard=f"{n}/2").of_shard(whole)] for n in (1, 2)]
    assert parts == [["a", "a2", "c", "c2"], ["b"]]


def scenario(id_, twin_of=None):
    return Scenario(
        id=id_, title="Small", origin="authored", domain="tests", language="en", store={}, steps=(), items=(),
        twin_of=twin_of,
    )  # fmt: skip


def put(*path, to):
    def change(record):
        for step in path[:-1]:
            record = record[step]
        record[path[-1]] = to

    return change


# What is changed in a right record → the words that the error must have.
FAULTS = [
    (lambda r: r.update(schema=2, packs=3, new=1),
     "schema: unknown version of the run record; this version reads 1"),
    (lambda r: r.pop("schema"), "'schema' is missing"),
    (lambda r: r.pop("packs"), "'packs' is missing"),
    (put("pakcs", to=[]), "unknown key 'pakcs'; did you mean 'packs'?"),
    (put("created", to=3), "created: is a number; text is needed"),
    (put("packs", to={}), "packs: is an object"),
    (put("packs", to=[]), "packs: is empty"),
    (put("packs", 0, to="tiny"), "packs[0]: is text"),
    (put("packs", 0, "path", to=None), "packs[0].path: is null"),
    (put("packs", 0, "path", to="a\0b"), "packs[0].path: a NUL"),
    (put("packs", 0, "hash", to="ab"), "packs[0]: unknown key 'hash'"),
    (lambda r: r["packs"][0].pop("sha256"), "packs[0]: 'sha256' is missing"),
    (lambda r: r["packs"].append(r["packs"][0]), "packs[1].name: is taken"),
    (put("consolidators", 0, "control", to="no"), "consolidators[0].control: is text; true or false is needed"),
    (put("consolidators", 0, "name", to=["it"]), "consolidators[0].name: is a list"),
    (put("consolidators", 0, "options", to={"budget": 9}), "consolidators[0].options.budget: is a number"),
    (put("consolidators", 0, "capabilities", to=[]), "consolidators[0].capabilities: is a list"),
    (put("consolidators", 0, "capabilities", to={"patience": 1e300}), "capabilities.patience: isn't from 0 to"),
    (lambda r: r["consolidators"].append(r["consolidators"][0]), "consolidators[1].name: is taken"),
    (put("seed", to=-1), "seed: isn't from 0"),
    (put("repeats", to=0), "repeats: isn't from 1 to 1000"),
    (put("repeats", to=10**12), "repeats: isn't from 1 to 1000"),
    (put("repeats", to=True), "repeats: is true or false"),
    (put("limit", to=0), "limit: isn't from 1"),
    (put("shard", to="0/2"), "shard: i lies between 1 and n"),
    (put("shard", to="3/2"), "shard: i lies between 1 and n"),
    (put("shard", to="1"), "shard: i/n was expected"),
    (put("shard", to="1/" + "9" * 5000), "shard: i/n was expected"),
    (put("settings", "budget", to="much"), "settings.budget: is text"),
    (put("settings", "budget", to=float("nan")), "NaN isn't a JSON number"),
    (put("versions", to=["3.11"]), "versions: is a list"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), FAULTS)
def test_a_fault_is_named_with_its_place(tmp_path, change, words):
    record = RECORD.to_json()
    change(record)
    with pytest.raises(UserError) as raised:
        load(tmp_path, json.dumps(record))
    assert str(raised.value).startswith(f"{tmp_path / 'run.json'}: ")
    assert words in str(raised.value)


def test_an_infinite_capability_is_refused(tmp_path):
    record = RECORD.to_json()
    record["consolidators"][0]["capabilities"] = {"patience": 12345}
    with pytest.raises(UserError, match="patience: isn't from 0 to"):
        load(tmp_path, json.dumps(record).replace("12345", "1e999"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "malformed JSON"),
        ("[]", "is a list"),
        ("[" * 100_000, "nested too deeply"),
        ('{"schema": 1' + "0" * 5000 + "}", "malformed JSON"),
        ('{"schema": 1, "schema": 1}', "comes twice"),
    ],
    ids=["empty", "list", "deep", "long", "twice"],
)
def test_what_is_no_record_is_refused_in_one_line(tmp_path, text, words):
    with pytest.raises(UserError, match=words):
        load(tmp_path, text)


def test_a_record_that_is_not_utf8_is_named(tmp_path):
    (tmp_path / "run.json").write_bytes(b"{\xff}")
    with pytest.raises(UserError, match=r"run\.json: byte 1 isn't valid UTF-8"):
        RunRecord.load(tmp_path)
