"""Reading labelled memories, and the faults that they may have."""

import pytest

from rembench.harness.audit.validity import load_set, load_sets, shipped_sets
from rembench.harness.errors import UserError
from rembench.harness.scenario.pack import pack_names
from tests.harness.audit.made import LABELS, MEMORY, SCENARIO, write_set


def test_a_set_has_its_memories_with_a_label_for_every_value(tmp_path):
    one = load_set(write_set(tmp_path / "x"))
    (memory,) = one.memories
    assert (one.name, one.readers, memory.style, memory.checkpoint) == ("x", "not stated", "bullets", "c1")
    assert memory.labels == {("tea", 0): "absent", ("tea", 1): "held", ("cat", 0): "absent"}
    assert [(c.quote, c.verdict, c.agreed) for c in memory.claims] == [("Born in  1987", "fabricated", True)]
    assert memory.readers == {}


def test_labellings_behind_the_label_and_who_made_them_are_read(tmp_path):
    who = {"readers": "two people", "how": "apart"}
    other = {"labels/tea-room/bullets.ann.json": LABELS, "labels/tea-room/bullets.bo.json": LABELS}
    one = load_set(write_set(tmp_path, **{"set.json": who, **other}))
    assert (one.readers, one.how) == ("two people", "apart")
    assert list(one.memories[0].readers) == ["ann", "bo"]


def test_a_folder_of_sets_stands_for_all_of_them(tmp_path):
    write_set(tmp_path / "a")
    write_set(tmp_path / "b")
    assert [one.name for one in load_sets((tmp_path,))] == ["a", "b"]


def test_two_sets_of_one_name_are_refused(tmp_path):
    folders = (write_set(tmp_path / "a" / "x"), write_set(tmp_path / "b" / "x"))
    with pytest.raises(UserError, match="two sets are called 'x'"):
        load_sets(folders)


def changed(key, **fields):
    return {"labels": {**LABELS, "stances": [{**LABELS["stances"][0], **fields}, *LABELS["stances"][1:]]}}[key]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"memory": "{"}, "malformed JSON"),
        ({"memory": {"files": {}}}, "'checkpoint' is missing"),
        ({"memory": {**MEMORY, "checkpoint": "c9"}}, "checkpoint: unknown value 'c9'; known: c1"),
        ({"memory": {**MEMORY, "files": {"../x": ""}}}, "files: invalid path"),
        ({"memory": {**MEMORY, "files": "text"}}, "files: is text; an object is needed"),
        ({"labels": None, "labels/tea-room/prose.json": LABELS}, "has no labels"),
        ({"memories/coffee-bar/bullets.json": MEMORY}, "no scenario of this id; known: tea-room"),
        ({"labels": {"claims": []}}, "'stances' is missing"),
        ({"labels": changed("labels", stance="gone")}, r"stances\[0\].stance: unknown value 'gone'"),
        ({"labels": changed("labels", item="coffee")}, r"stances\[0\].item: unknown value 'coffee'"),
        ({"labels": changed("labels", value=7)}, r"stances\[0\].value: tea has no value 7; 0 to 1"),
        ({"labels": changed("labels", value=1)}, r"stances\[1\]: value 1 of tea is labelled twice"),
        ({"labels": {"stances": LABELS["stances"][1:]}}, "value 0 of tea has no label"),
        ({"labels": {**LABELS, "claims": [{"file": "no.md", "quote": "x", "verdict": "distorted"}]}}, "no.md"),
        ({"labels": {**LABELS, "claims": [{"file": "ada.md", "quote": "x", "verdict": "odd"}]}}, "'odd'"),
        ({"scenario": {**SCENARIO, "items": [{}]}}, r"items\[0\]"),
        ({"set.json": {"readers": 3}}, "readers: is a number"),
    ],
)
def test_a_fault_is_one_line_that_names_the_file(tmp_path, files, said):
    with pytest.raises(UserError, match=said) as error:
        load_set(write_set(tmp_path / "x", **files))
    assert str(tmp_path) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_folder_that_is_no_set_is_refused(tmp_path):
    with pytest.raises(UserError, match="no such folder"):
        load_sets((tmp_path / "nowhere",))
    with pytest.raises(UserError, match="no folder scenarios/"):
        load_sets((tmp_path,))
    for name in ("scenarios", "memories", "labels"):
        (tmp_path / name).mkdir()
    with pytest.raises(UserError, match="no labelled memories"):
        load_sets((tmp_path,))


def test_bytes_that_are_no_text_are_refused(tmp_path):
    folder = write_set(tmp_path)
    (folder / "memories/tea-room/bullets.json").write_bytes(b"\xff")
    with pytest.raises(UserError, match="byte 0 isn't valid UTF-8"):
        load_set(folder)


def test_the_shipped_sets_are_whole_and_say_that_no_human_labelled_them():
    sets = load_sets(shipped_sets())
    assert [(s.name, len(s.memories), sum(len(m.labels) for m in s.memories)) for s in sets] == [
        ("c", 25, 565),
        ("d", 25, 590),
        ("e", 12, 294),
    ]
    for one in sets:
        assert one.readers == "a large language model"
        assert "no human annotator" in one.how


def test_the_sets_are_no_packs():
    assert "validity" not in pack_names()


def test_the_card_says_licence_counts_and_readers():
    card = (shipped_sets()[0].parent / "README.md").read_text("utf-8")
    assert "license: cc-by-4.0" in card
    assert "No human annotator has taken part" in card
    for one in load_sets(shipped_sets()):
        labels = [label for m in one.memories for label in m.labels.values()]
        counts = [labels.count(stance) for stance in ("held", "retired", "open", "absent")]
        scenarios = len({m.scenario.id for m in one.memories})
        row = " | ".join(str(n) for n in (scenarios, len(one.memories), len(labels), *counts))
        assert f"| `{one.name}` | {row} |" in card
