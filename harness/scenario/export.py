"""Packs as a folder that Hugging Face `datasets` loads: Parquet, a card with a YAML header, the licence.

One pack is the configuration `default`; several are a configuration each, named after their packs. A row is
a scenario as `scenario_to_json` has it. Nested parts are JSON in text columns, for their shape differs from
scenario to scenario; the header declares them `json`, so that `datasets` 4.7 or newer gives them back as
objects, and any other reader has text to parse.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rembench.harness.errors import UserError
from rembench.harness.files import plain, whole
from rembench.harness.scenario.card import CARD, card_faults, read_text
from rembench.harness.scenario.hub_card import Config, hub_card
from rembench.harness.scenario.pack import scenario_to_json
from rembench.harness.types import Pack, Scenario

SPLIT = "test"
"""A pack is for evaluation: there is no training split, and none should be made of it."""

LICENCE = "LICENSE"

_ROWS = 100  # a group of rows is what a reader holds in memory
_SPLIT = re.compile(r"\w{1,100}", re.ASCII)
_CONFIG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_DTYPES: dict[frozenset[type], str] = {frozenset({str}): "string", frozenset({int}): "int64"}


def export_configs(packs: Sequence[Pack], split: str = SPLIT) -> list[Config]:
    """What becomes of `packs` in an exported folder.

    UserError for a split or a pack that can't be named so, or a pack out of step with its `pack.json`.
    """
    if not _SPLIT.fullmatch(split) or split == "all":
        right = "letters, digits and '_', and not 'all', which means every split"
        raise UserError(f"{split!r} can't be a split's name", right=right)
    names = [pack.name for pack in packs] if len(packs) > 1 else ["default"]
    configs = []
    for name, pack in zip(names, packs, strict=True):
        if not _CONFIG.fullmatch(name):
            right = "rename it: letters, digits, '.', '_' and '-'"
            raise UserError(f"{name!r} can't be a configuration's name", where=pack.path, right=right)
        if names.count(name) > 1:
            right = "configurations are named after their packs: export them one by one"
            raise UserError(f"there are two packs named {name!r}", where=pack.path, right=right)
        for fault in card_faults(pack):
            raise fault
        place = "data" if len(packs) == 1 else f"data/{name}"
        file = f"{place}/{split}-00000-of-00001.parquet"
        columns = _columns(pack.scenarios)
        configs.append(Config(name=name, split=split, file=file, pack=pack, columns=columns))
    return configs


def export_packs(configs: Sequence[Config], folder: Path) -> None:
    """Write `configs` into `folder`, which exists and is empty; the card comes last. OSError if it can't be."""
    for config in configs:
        file = folder / config.file
        file.parent.mkdir(parents=True, exist_ok=True)
        with whole(file) as partial:
            _write_parquet(partial, config)
    for name, data in _copies(configs).items():
        (folder / name).parent.mkdir(exist_ok=True)
        with whole(folder / name) as partial:
            partial.write_bytes(data)
    with whole(folder / CARD) as partial:
        partial.write_text(hub_card(configs), "utf-8")


def _columns(scenarios: Sequence[Scenario]) -> dict[str, str]:
    """The top keys of the scenarios and what `datasets` calls their type."""
    types: dict[str, set[type]] = {}
    for scenario in scenarios:
        for key, value in scenario_to_json(scenario).items():
            types.setdefault(key, set()).add(type(value))
    return {key: _DTYPES.get(frozenset(found), "json") for key, found in types.items()}


def _write_parquet(file: Path, config: Config) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrow = {"string": pa.string(), "int64": pa.int64(), "json": pa.string()}
    schema = pa.schema([(name, arrow[dtype]) for name, dtype in config.columns.items()])
    scenarios = config.pack.scenarios
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for start in range(0, len(scenarios), _ROWS):
            rows = [_row(scenario, config.columns) for scenario in scenarios[start : start + _ROWS]]
            writer.write_table(pa.Table.from_pylist(rows, schema))


def _row(scenario: Scenario, columns: Mapping[str, str]) -> dict[str, Any]:
    found = scenario_to_json(scenario)
    return {
        name: json.dumps(value, ensure_ascii=False) if columns[name] == "json" else value
        for name, value in found.items()
    }


def _copies(configs: Sequence[Config]) -> dict[str, bytes]:
    """The packs' own cards and licences, by where they go; one licence that all have goes to the top."""
    cards = {config.own_card: _bytes(config.folder / CARD) for config in configs}
    licences = {config.name: _bytes(config.folder / LICENCE) for config in configs}
    found = set(licences.values())
    if len(found) == 1:
        licences = {"": found.pop()}
    named = {f"{LICENCE}-{name}" if name else LICENCE: data for name, data in licences.items()}
    return {name: data for name, data in {**cards, **named}.items() if data}


def _bytes(file: Path) -> bytes:
    return read_text(file).encode() if plain(file).is_file() else b""
