import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TINY = Path(__file__).parents[2] / "packs" / "tiny"
ORCHIDS = json.loads((TINY / "scenarios" / "orchid-house.json").read_text(encoding="utf-8"))


LARGE = ("deletion", "hard")


def by_size(packs: list[str]) -> list[Any]:
    """Names as parameters, the large packs marked slow."""
    return [pytest.param(name, marks=pytest.mark.slow) if name in LARGE else name for name in packs]


@pytest.fixture
def tiny() -> Path:
    return TINY


@pytest.fixture
def orchids() -> dict[str, Any]:
    return copy.deepcopy(ORCHIDS)


@pytest.fixture
def write_pack(tmp_path: Path) -> Callable[..., Path]:
    """Writes scenarios as `<tmp>/pack/scenarios.jsonl`, one a line; bytes stand as they are."""

    def write(*scenarios: Any, name: str = "scenarios.jsonl") -> Path:
        folder = tmp_path / "pack"
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        lines = [
            one if isinstance(one, bytes) else json.dumps(one, ensure_ascii=False).encode() for one in scenarios
        ]
        (folder / name).write_bytes(b"".join(line + b"\n" for line in lines))
        return folder

    return write
