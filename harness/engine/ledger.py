"""The ledger: ledger.jsonl, what nights leave elsewhere (a batch, a dream, a store), noted as it comes to be.

One line a note: {"chain": {...}, "night": ID, "key": KEY, "value": VALUE}; "" takes a note away. A line is on
the disk when `write` returns; after kill -9 a line that's cut is dropped. Scores are never made from it.
"""

import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path

from rembench.harness.errors import UserError
from rembench.harness.files import append_line, mend, plain
from rembench.harness.masking import masked
from rembench.harness.scenario.place import Place, parse
from rembench.harness.types import ChainKey, NightRecord

LEDGER = "ledger.jsonl"
LEFT = "left:"
"""How the key of a note begins that names something to be removed."""
_AGAIN = "run again after"
_MOST_USD = "most usd"
"""The key of what a night of unknown cost counts as against the budget."""
_OF_WHAT_WAS_SAID = frozenset({"refusal", "cut_off", "invalid_output"})
_MOST = 256 * 2**20
_TEXT = 20_000

Notes = dict[tuple[ChainKey, str], dict[str, str]]


class RunLedger:
    """The ledger of a run folder, for the process that has the folder's journal open."""

    def __init__(self, folder: Path) -> None:
        self._path = plain(folder / LEDGER)
        mend(self._path)
        self._notes = read_ledger(folder)
        self._lock = threading.Lock()

    def night(self, chain: ChainKey, night: str) -> "NightLedger":
        """The ledger of one night."""
        return NightLedger(self, chain, night)

    def read(self, chain: ChainKey, night: str) -> Mapping[str, str]:
        """The notes of one night."""
        with self._lock:
            return dict(self._notes.get((chain, night), {}))

    def renew(self, failed: Iterable[NightRecord]) -> None:
        """Take away what's noted of nights that are to be run again because of what the model said.

        What was ordered from it has been delivered: they're to order anew. Once for each such failure, so that
        what they've ordered since isn't forgotten when the run is interrupted and resumed.
        """
        for record in failed:
            if record.failure is None or record.failure.type not in _OF_WHAT_WAS_SAID:
                continue
            mark = sha256(repr(record).encode()).hexdigest()
            notes = self.read(record.chain, record.night)
            if notes.get(_AGAIN) == mark:
                continue
            for key in notes:
                if not key.startswith(LEFT) and key != _MOST_USD:
                    self.write(record.chain, record.night, (key, ""))
            self.write(record.chain, record.night, (_AGAIN, mark))

    def note_most(self, chain: ChainKey, night: str, usd: float) -> None:
        """Note what a night that's over can have cost at most, where nobody knows what it did cost."""
        self.write(chain, night, (_MOST_USD, repr(usd)))

    def most(self, record: NightRecord) -> float:
        """What was noted so of a night; 0 where nothing was."""
        try:
            return max(0.0, float(self.read(record.chain, record.night).get(_MOST_USD, 0)))
        except ValueError:
            return 0.0

    def write(self, chain: ChainKey, night: str, note: tuple[str, str]) -> None:
        """Append a note, a key and a value; UserError when it can't be written."""
        key, value = (masked(text)[:_TEXT] for text in note)
        entry = {"chain": asdict(chain), "night": night, "key": key, "value": value}
        line = json.dumps(entry, ensure_ascii=True, sort_keys=True)
        with self._lock:
            try:
                append_line(self._path, line.encode() + b"\n")
            except OSError as wrong:
                raise UserError(f"can't be written: {wrong.strerror}", where=str(self._path)) from None
            _keep(self._notes, (chain, night), key, value)


@dataclass(frozen=True, slots=True)
class NightLedger:
    """The notes of one night (see `rembench.harness.night.Ledger`)."""

    of: RunLedger
    chain: ChainKey
    night: str

    def read(self) -> Mapping[str, str]:
        """All notes of this night."""
        return self.of.read(self.chain, self.night)

    def write(self, key: str, value: str) -> None:
        """Note `value`; it's on the disk when this returns."""
        self.of.write(self.chain, self.night, (str(key), str(value)))


def read_ledger(folder: Path) -> Notes:
    """The notes that stand, by night; UserError for a file that isn't a ledger. A cut last line is left out."""
    path = plain(folder / LEDGER)
    notes: Notes = {}
    if not path.exists():
        return notes
    if path.stat().st_size > _MOST:
        raise UserError(f"larger than {_MOST} bytes", where=str(path))
    for number, line in enumerate(path.read_bytes().split(b"\n")[:-1], 1):
        chain, night, key, value = _note(line, f"{path}:{number}")
        _keep(notes, (chain, night), key, value)
    return notes


def _keep(notes: Notes, night: tuple[ChainKey, str], key: str, value: str) -> None:
    of_night = notes.setdefault(night, {})
    of_night.pop(key, None)
    if value:
        of_night[key] = value


def _note(line: bytes, where: str) -> tuple[ChainKey, str, str, str]:
    try:
        top: Place = parse(line.decode("utf-8"), where)
    except UnicodeDecodeError as wrong:
        raise UserError(f"byte {wrong.start} isn't valid UTF-8", where=where) from None
    top.object(["chain", "night", "key", "value"])
    chain = top.to("chain")
    chain.object([f.name for f in fields(ChainKey)])
    return (
        ChainKey(
            consolidator=chain.to("consolidator").text(),
            scenario=chain.to("scenario").text(),
            repeat=chain.to("repeat").count(),
        ),
        top.to("night").text(),
        top.to("key").text(),
        str(top.to("value").value),
    )
