"""What tokens cost: a dated table (prices.yaml), and a file of the user's own over it.

REMBENCH_PRICES names that file; its models replace those of the table. A model that's in neither has no
price: what it costs is unknown.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from rembench.harness.errors import UserError, one_line
from rembench.harness.files import read_plain
from rembench.harness.masking import masked

VARIABLE = "REMBENCH_PRICES"
_OWN = Path(__file__).parent / "prices.yaml"
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Billed:
    """The tokens of one call as a service bills them: no token is in two of these.

    `output` holds the reasoning; `write_1h` are those written to the one-hour cache, `write` the others.
    """

    input: int = 0
    output: int = 0
    read: int = 0
    write: int = 0
    write_1h: int = 0
    batch: bool = False

    @property
    def prompt(self) -> int:
        """All tokens of the prompt."""
        return self.input + self.read + self.write + self.write_1h


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """US dollars per million tokens; `batch` is a factor. Calls with a prompt above `above` cost `then`."""

    input: float
    output: float
    read: float | None = None
    write: float | None = None
    write_1h: float | None = None
    batch: float | None = None
    above: int | None = None
    then: "Price | None" = None

    def usd(self, billed: Billed) -> float | None:
        """What a call costs; None where it has tokens of a sort that no price is known for."""
        if self.then is not None and self.above is not None and billed.prompt > self.above:
            return self.then.usd(billed)
        kinds = ("input", "output", "read", "write", "write_1h")
        parts: list[tuple[int, float]] = [(getattr(billed, kind), getattr(self, kind)) for kind in kinds]
        factor = self.batch if billed.batch else 1.0
        if factor is None or any(tokens and price is None for tokens, price in parts):
            return None
        return factor * sum(tokens * price for tokens, price in parts if tokens) / _MILLION

    def most(self, prompt: int, output: int, *, batch: bool = False) -> float | None:
        """The most that a call of this many tokens may cost, whatever the caches do."""
        if self.then is not None and self.above is not None and prompt > self.above:
            return self.then.most(prompt, output, batch=batch)
        dearest = max(p for p in (self.input, self.write, self.write_1h) if p is not None)
        factor = self.batch if batch else 1.0
        return None if factor is None else factor * (prompt * dearest + output * self.output) / _MILLION


@dataclass(frozen=True, slots=True)
class Prices:
    """A table of prices: `version` says which, by date and by the hash of its files."""

    models: Mapping[str, Price]
    version: str


def price_of(model: str) -> Price | None:
    """The price of a model, None where it isn't known. A dated id (...-20260801) costs what the model costs."""
    models = prices().models
    stem, _, date = model.rpartition("-")
    return models.get(model) or (models.get(stem) if len(date) == 8 and date.isdigit() else None)


def prices() -> Prices:
    """The table, with the user's file over it. UserError where that file isn't right."""
    return _prices(os.environ.get(VARIABLE) or "")


@lru_cache
def _prices(own: str) -> Prices:
    text = read_plain(_OWN)
    raw = _parse(text, _OWN)
    models, version = _models(raw, _OWN), f"{raw['dated']} {_digest(text)}"
    if own:
        path = Path(own)
        text = _read(path)
        models = {**models, **_models(_parse(text, path), path)}
        version += f" and {_digest(text)}"
    return Prices(models, version)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]


def _read(path: Path) -> str:
    try:
        return read_plain(path)
    except OSError as wrong:
        right = f"{VARIABLE} names a file of prices, or leave it out"
        raise UserError(f"can't be read: {wrong.strerror}", where=str(path), right=right) from None


def _parse(text: str, path: Path) -> dict[str, Any]:
    import yaml

    try:
        raw = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as wrong:
        raise UserError(f"not valid YAML: {one_line(masked(str(wrong)), 200)}", where=str(path)) from None
    if not isinstance(raw, dict) or not isinstance(raw.get("models"), dict):
        raise UserError("no models are in it", where=str(path), right="models: {NAME: {input: 1, output: 5}}")
    return raw


def _models(raw: Mapping[str, Any], path: Path) -> dict[str, Price]:
    try:
        return {str(name): _price(entry, f"{path}: models.{name}") for name, entry in raw["models"].items()}
    except RecursionError:
        raise UserError("a price's `then` holds itself", where=str(path), right="write it out") from None


def _price(entry: object, where: str) -> Price:
    names = [f.name for f in fields(Price)]
    if not isinstance(entry, dict) or not {"input", "output"} <= entry.keys() or not entry.keys() <= set(names):
        raise UserError("not a price", where=where, right=f"{{input: 1, output: 5}}; known: {', '.join(names)}")
    for name, value in entry.items():
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e9
        if name != "then" and not is_number:
            raise UserError("a number from 0 was expected", where=f"{where}.{name}")
    then = _price(entry["then"], f"{where}.then") if "then" in entry else None
    if (then is None) != ("above" not in entry):
        raise UserError("`above` and `then` go together", where=where)
    return Price(**{**entry, "then": then})
