import gzip
import json
import random
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from rembench.harness.errors import UserError
from rembench.harness.scenario import pack as packs
from rembench.harness.scenario.lines import write_jsonl_gz
from rembench.harness.scenario.pack import load_pack

Json = dict[str, Any]
LEVELS = ("p.jsonl.gz", "data/p.jsonl.gz")


def lines_of(*scenarios: Json) -> list[str]:
    return [json.dumps(one, ensure_ascii=False) for one in scenarios]


def copies(scenario: Json, count: int) -> list[Json]:
    """Scenarios that gzip can't make small: each has its own noise in an `x_` key."""
    chance = random.Random(5)
    return [{**scenario, "id": f"s{n}", "x_noise": f"{chance.getrandbits(200_000):x}"} for n in range(count)]


def broken(tmp_path: Path, data: bytes) -> str:
    """What reading a file of these bytes says, after its name."""
    (tmp_path / "p.jsonl.gz").write_bytes(data)
    with pytest.raises(UserError) as raised:
        load_pack(str(tmp_path))
    said = str(raised.value)
    assert "\n" not in said
    return said.split("p.jsonl.gz", 1)[1]


@pytest.mark.parametrize("name", LEVELS)
def test_a_compressed_pack_is_the_same_as_a_plain_one(orchids: Json, tmp_path: Path, name: str) -> None:
    lines = lines_of(*copies(orchids, 3))
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "p.jsonl").write_text("\n".join(lines), "utf-8")
    file = tmp_path / "packed" / name
    file.parent.mkdir(parents=True)
    write_jsonl_gz(file, lines)
    plain, packed = load_pack(str(tmp_path / "plain")), load_pack(str(tmp_path / "packed"))
    assert packed.sha256 == plain.sha256
    assert packed.scenarios == plain.scenarios


def test_a_compressed_pack_may_be_a_single_file(orchids: Json, tmp_path: Path) -> None:
    write_jsonl_gz(tmp_path / "mine.jsonl.gz", lines_of(orchids))
    found = load_pack(str(tmp_path / "mine.jsonl.gz"))
    assert (found.name, len(found.scenarios)) == ("mine", 1)


def test_the_same_lines_give_the_same_bytes_whatever_the_name_and_the_time(
    orchids: Json, tmp_path: Path
) -> None:
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        write_jsonl_gz(tmp_path / name, lines_of(orchids))
    data = (tmp_path / "a.jsonl.gz").read_bytes()
    assert data == (tmp_path / "b.jsonl.gz").read_bytes()
    assert data[3] == 0  # no flag set: no name, no comment
    assert data[4:8] == b"\0\0\0\0"  # no time


def test_what_is_there_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "p.jsonl.gz"
    file.write_bytes(b"mine")
    with pytest.raises(UserError, match=r"p\.jsonl\.gz: is there already; nothing is overwritten"):
        write_jsonl_gz(file, ["{}"])
    assert file.read_bytes() == b"mine"


def test_a_link_that_leads_nowhere_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "p.jsonl.gz").symlink_to(tmp_path / "other")
    with pytest.raises(UserError, match="is there already"):
        write_jsonl_gz(tmp_path / "p.jsonl.gz", ["{}"])
    assert not (tmp_path / "other").exists()


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="line break"):
        write_jsonl_gz(tmp_path / "p.jsonl.gz", ["{}", "{\n}"])
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_gzip_is_said_to_be(orchids: Json, tmp_path: Path) -> None:
    said = broken(tmp_path, lines_of(orchids)[0].encode())
    assert said.startswith(": isn't gzip")


def test_a_file_with_something_after_the_gzip_data_is_refused(orchids: Json, tmp_path: Path) -> None:
    data = gzip.compress(lines_of(orchids)[0].encode())
    assert broken(tmp_path, data + b"more").startswith(": isn't gzip, or has something else after it")


@pytest.mark.parametrize("left", [5, 200, -1, -9])
def test_a_file_that_is_cut_off_is_said_to_be(orchids: Json, tmp_path: Path, left: int) -> None:
    data = gzip.compress("\n".join(lines_of(*copies(orchids, 20))).encode())
    assert broken(tmp_path, data[:left]).startswith(": its gzip data is cut off")


def test_a_file_damaged_in_the_middle_is_said_to_be(orchids: Json, tmp_path: Path) -> None:
    data = bytearray(gzip.compress("\n".join(lines_of(*copies(orchids, 20))).encode()))
    data[len(data) // 2 : len(data) // 2 + 64] = bytes(64)
    assert broken(tmp_path, bytes(data)).startswith(": its gzip data is damaged")


def test_a_wrong_checksum_is_damage(orchids: Json, tmp_path: Path) -> None:
    data = bytearray(gzip.compress(lines_of(orchids)[0].encode()))
    data[-8] ^= 1
    assert broken(tmp_path, bytes(data)).startswith(": its gzip data is damaged")


def test_errors_of_a_compressed_line_have_file_and_line(orchids: Json, tmp_path: Path) -> None:
    data = gzip.compress(lines_of(orchids)[0].encode() + b'\n\n{"schema": 1,, }\n')
    assert broken(tmp_path, data).startswith(":3: malformed JSON at column 14: ")


def test_a_bomb_of_one_line_is_refused_without_unpacking_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packs, "SCENARIO_BYTES", 100_000)
    data = gzip.compress(b'{"title": "' + b" " * 50_000_000)
    tracemalloc.start()
    said = broken(tmp_path, data)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert said == ":1: too large; a scenario has at most 100000 bytes"
    assert most < 5_000_000


def test_a_bomb_of_empty_lines_is_refused(
    orchids: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = len(lines_of(orchids)[0].encode())
    monkeypatch.setattr(packs, "SCENARIO_BYTES", size + 1)
    data = gzip.compress(lines_of(orchids)[0].encode() + b"\n" * 1_000_000)
    assert broken(tmp_path, data) == f":{size + 3}: too many empty lines; one scenario a line"


def test_only_json_lines_are_read_compressed(orchids: Json, tmp_path: Path) -> None:
    file = tmp_path / "one.json.gz"
    file.write_bytes(gzip.compress(lines_of(orchids)[0].encode()))
    with pytest.raises(UserError, match=r"one\.json\.gz: only JSON Lines are read compressed; .*\*\.jsonl\.gz"):
        load_pack(str(file))


def test_the_same_scenarios_plain_and_compressed_are_named_with_both_places(
    orchids: Json, tmp_path: Path
) -> None:
    write_jsonl_gz(tmp_path / "p.jsonl.gz", lines_of(orchids))
    (tmp_path / "p.jsonl").write_text(lines_of(orchids)[0], "utf-8")
    with pytest.raises(UserError, match=r"p\.jsonl\.gz:1: .* is taken; .*p\.jsonl:1 has it"):
        load_pack(str(tmp_path))
