"""The files of the evidence: ours alone are written over or removed, none is large, little is given back."""

import json
from dataclasses import replace

import pytest

from rembench.harness.errors import UserError
from rembench.harness.types import STORE
from rembench.reports.evidence.files import INLINE_BYTES, write_evidence
from rembench.reports.evidence.pieces import FILE_BYTES
from rembench.reports.evidence.script import call, embedded
from tests.reports.evidence_of import call_in


@pytest.fixture(scope="module")
def labels(scored):
    return {name: f"label of {name}" for name in scored.summary.consolidators}


def write(scored, labels, folder, **options):
    return write_evidence(scored.evidence, labels, folder, **options)


def index(folder):
    return json.loads(f"[{call_in(folder / 'index.js')}]")[1]


def test_every_file_is_one_call_of_its_own_name(scored, labels, tmp_path):
    written = write(scored, labels, tmp_path / "evidence")
    files = sorted((tmp_path / "evidence").iterdir())
    names = [json.loads(f"[{call_in(path)}]")[0] for path in files]
    assert names == [*range(len(files) - 1), "index"]
    assert [path.stem for path in files] == [*(f"{n:04d}" for n in range(len(files) - 1)), "index"]
    assert written.files == len(files)
    assert written.size == sum(path.stat().st_size for path in files)
    assert written.script == ""


def test_the_index_has_the_page_s_stamp_and_the_labels(scored, labels, tmp_path):
    written = write(scored, labels, tmp_path)
    assert index(tmp_path)["stamp"] == written.stamp
    assert index(tmp_path)["labels"] == list(labels.values())


def test_another_evidence_has_another_stamp(scored, labels, tmp_path):
    stamps = {
        write(scored, labels, tmp_path / "a").stamp,
        write_evidence(scored.evidence[:-1], labels, tmp_path / "b").stamp,
        write(scored, {name: name for name in labels}, tmp_path / "c").stamp,
    }
    assert len(stamps) == 3


def test_no_file_is_larger_than_it_may_be_but_of_a_larger_chain(scored, labels, tmp_path):
    one = next(e for e in scored.evidence if e.chain.consolidator == "append-all")
    night = next(n for n in one.memories if n != STORE)
    chains = []
    for n in range(8):
        text = "".join(f"line {k} of {n}\n" for k in range(30_000 if n == 5 else 8_000))
        memories = {**one.memories, night: {**one.memories[night], "long.md": text}}
        chains.append(replace(one, chain=replace(one.chain, repeat=n), memories=memories))
    write_evidence(chains, labels, tmp_path)
    large = [path for path in tmp_path.iterdir() if path.stat().st_size > FILE_BYTES + 100]
    (chain,) = (json.loads(f"[{call_in(path)}]")[1] for path in large)
    assert [one["repeat"] for one in chain] == [5]
    rows = [row for path in tmp_path.iterdir() for row in _chains(path)]
    assert sorted(rows) == list(range(8))


def _chains(path):
    data = json.loads(f"[{call_in(path)}]")[1]
    return [one["repeat"] for one in data if "consolidator" in one] if isinstance(data, list) else []


def test_a_shorter_report_leaves_no_file_of_a_longer_one(scored, labels, tmp_path):
    write(scored, labels, tmp_path)
    (tmp_path / "0099.js").write_text(call(99, "[]"))
    (tmp_path / "0098.js.partial").write_text("old")
    write_evidence(scored.evidence[:3], labels, tmp_path)
    found = {path.name for path in tmp_path.iterdir()}
    assert "0099.js" not in found
    assert "0098.js.partial" not in found
    write_evidence(scored.evidence[:3], labels, tmp_path / "new")
    assert found - {"new"} == {path.name for path in (tmp_path / "new").iterdir()}


def test_what_bears_no_name_of_ours_stays(scored, labels, tmp_path):
    kept = {"notes.txt": "mine", "0001.json": "mine", "99.js": "mine", "x0001.js": "mine"}
    for name, text in kept.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "0777.js").mkdir()
    write(scored, labels, tmp_path)
    assert {name: (tmp_path / name).read_text() for name in kept} == kept
    assert (tmp_path / "0777.js").is_dir()


@pytest.mark.parametrize("name", ["index.js", "0003.js", "7777.js"])
def test_a_script_of_somebody_else_is_neither_written_over_nor_removed(scored, labels, tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(UserError, match="it wasn't written by rembench"):
        write(scored, labels, tmp_path)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(name, "mine")]


def test_no_link_is_followed_or_removed(scored, labels, tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    folder = tmp_path / "evidence"
    folder.mkdir()
    for name in ("0000.js", "0500.js", "index.js"):
        (folder / name).symlink_to(outside)
    write(scored, labels, folder)
    assert outside.read_text() == "mine"
    assert not (folder / "0000.js").is_symlink()
    assert not (folder / "index.js").is_symlink()
    assert (folder / "0500.js").is_symlink()


@pytest.mark.parametrize("kind", ["link", "file"])
def test_a_link_or_a_file_in_the_place_of_the_folder_is_refused(scored, labels, tmp_path, kind):
    place, other = tmp_path / "evidence", tmp_path / "other"
    other.mkdir()
    (other / "index.js").write_text("mine")
    if kind == "link":
        place.symlink_to(other)
    else:
        place.write_text("mine")
    with pytest.raises(UserError, match="isn't a folder"):
        write(scored, labels, place)
    assert [path.name for path in other.iterdir()] == ["index.js"]


def test_little_evidence_is_given_back_as_the_same_calls(scored, labels, tmp_path):
    few = [e for e in scored.evidence if e.chain.consolidator == "identity"]
    folder = tmp_path / "evidence"
    on_disk = write_evidence(few, labels, folder)
    assert on_disk.size < INLINE_BYTES
    text = "".join(path.read_text("utf-8") for path in sorted(folder.iterdir()))
    inline = write_evidence(few, labels, folder, inline_bytes=INLINE_BYTES)
    assert inline.script == text
    assert inline == replace(on_disk, script=text)
    assert not folder.exists()


def test_evidence_that_is_given_back_leaves_others_files_where_they_are(scored, labels, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "0001.js").write_text("old")
    write_evidence(scored.evidence[:1], labels, tmp_path, inline_bytes=INLINE_BYTES)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_one_byte_too_much_goes_to_the_disk(scored, labels, tmp_path):
    size = write(scored, labels, tmp_path / "a").size
    assert write(scored, labels, tmp_path / "b", inline_bytes=size - 1).script == ""
    assert (tmp_path / "b" / "index.js").exists()
    assert write(scored, labels, tmp_path / "c", inline_bytes=size).script
    assert not (tmp_path / "c").exists()


def test_a_write_that_breaks_off_leaves_no_index(scored, labels, tmp_path):
    write(scored, labels, tmp_path)

    def breaking():
        yield from scored.evidence
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        write_evidence(breaking(), labels, tmp_path)
    assert not (tmp_path / "index.js").exists()


def test_chains_out_of_order_are_a_fault_of_the_caller(scored, labels, tmp_path):
    mixed = [*scored.evidence, scored.evidence[0]]
    with pytest.raises(ValueError, match="one after another"):
        write_evidence(mixed, labels, tmp_path)


def test_no_chain_at_all_is_an_index(tmp_path):
    written = write_evidence([], {"a": "a"}, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["index.js"]
    assert written.files == 1


@pytest.mark.parametrize("evil", ["</script>", "<!--", "\u2028", "a & b", "]]>", "\udc80"])
def test_embedded_json_cannot_end_its_element_and_says_what_it_was_given(evil):
    made = embedded({"x": evil})
    assert json.loads(made) == {"x": evil}
    assert not any(char in made for char in "<>&\u2028\u2029")
    made.encode("utf-8")


def test_a_call_is_one_line():
    assert call(3, embedded(["a\nb"])) == 'rembench.evidence(3,["a\\nb"]);\n'
