"""The card of an exported folder: the YAML header that `datasets` and the Hub read, then what is in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rembench.harness.errors import UserError
from rembench.harness.scenario.card import CARD, manifest, read_text
from rembench.harness.scenario.licences import HUB
from rembench.harness.types import Pack

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"))
_TAGS = ("memory", "agents", "consolidation", "evaluation")
_KEPT = ("annotations_creators", "language_creators")
"""What of the packs' own headers goes over: who wrote and who labelled."""

_WHAT = (
    "Written by `rembench pack export`. Every row is one scenario: `store` maps paths to texts, `steps` are "
    "the sessions, deletion requests and consolidations in order of time, `items` are what was planted, with "
    "what a right memory conveys of every value after every night (`held`, `retired`, `open`, `absent`; "
    "null: not known, not scored). For evaluation: there is no training split, and none should be made of it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """One pack in an exported folder: its configuration's name, its Parquet file and the columns in it."""

    name: str
    split: str
    file: str
    pack: Pack
    columns: Mapping[str, str]

    @property
    def folder(self) -> Path:
        """Where the pack's own files stand; a pack that is a single file has none."""
        return Path(self.pack.path)

    @property
    def own_card(self) -> str:
        """Where the pack's own card goes in the exported folder."""
        return f"cards/{self.pack.name}.md"


def hub_card(configs: Sequence[Config]) -> str:
    """`README.md` of the folder that `configs` were exported to."""
    import yaml

    manifests = [manifest(config.folder) for config in configs]
    header = yaml.safe_dump(_header(configs, manifests), sort_keys=False, allow_unicode=True, width=1000)
    title = ", ".join(config.pack.name for config in configs)
    lines = [
        f"# {title}: scenarios for memory consolidators",
        "",
        _WHAT,
        "",
        "With Hugging Face `datasets` 4.7 or newer:",
        "",
        "    from datasets import load_dataset",
        *_loads(configs),
        "",
        "`store`, `steps` and `items` are JSON in text columns, which other readers of Parquet have to parse.",
    ]
    for config, own in zip(configs, manifests, strict=True):
        lines += ["", *_about(config, own)]
    return f"---\n{header}---\n\n" + "\n".join(lines) + "\n"


def _header(configs: Sequence[Config], manifests: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    scenarios = [scenario for config in configs for scenario in config.pack.scenarios]
    size = next((name for limit, name in _SIZES if len(scenarios) < limit), "100K<n<1M")
    titles = [own.get("title") or config.pack.name for config, own in zip(configs, manifests, strict=True)]
    return {
        **_licence([own.get("licence") for own in manifests]),
        "language": sorted({scenario.language for scenario in scenarios}),
        "pretty_name": "; ".join(titles),
        "size_categories": [size],
        **_kept(configs),
        "tags": list(_TAGS),
        "configs": [
            {"config_name": config.name, "data_files": [{"split": config.split, "path": config.file}]}
            for config in configs
        ],
        "dataset_info": [
            {
                "config_name": config.name,
                "features": [{"name": name, "dtype": dtype} for name, dtype in config.columns.items()],
            }
            for config in configs
        ],
    }


def _licence(licences: Sequence[str | None]) -> dict[str, Any]:
    said = sorted({one for one in licences if one is not None})
    known = [HUB[one] for one in said if one in HUB]
    if None in licences and not said:
        return {"license": "unknown"}
    if None not in licences and len(known) == len(said):
        return {"license": known[0] if len(known) == 1 else known}
    return {"license": "other", "license_name": ", ".join([*said, *(["unknown"] if None in licences else [])])}


def _kept(configs: Sequence[Config]) -> dict[str, list[str]]:
    """The union of what the packs' own cards say of their authors, where all of them say something."""
    fronts = [_front(config.folder / CARD) for config in configs]
    found = {key: [front.get(key) for front in fronts] for key in _KEPT}
    return {
        key: sorted({str(one) for value in values if isinstance(value, list) for one in value})
        for key, values in found.items()
        if all(isinstance(value, list) for value in values)
    }


def _front(card: Path) -> Mapping[str, Any]:
    """The YAML header of a pack's own card, empty if it has none."""
    import yaml

    text = read_text(card) if card.is_file() else ""
    front, end, _ = text.removeprefix("---\n").partition("\n---\n")
    if not text.startswith("---\n") or not end:
        return {}
    try:
        found = yaml.safe_load(front)
    except yaml.YAMLError as error:
        what = f"its YAML header can't be read: {str(error).splitlines()[0]}"
        raise UserError(what, where=str(card)) from None
    return found if isinstance(found, dict) else {}


def _loads(configs: Sequence[Config]) -> Iterator[str]:
    for config in configs:
        name = "" if len(configs) == 1 else f' "{config.name}",'
        yield f'    scenarios = load_dataset("path/to/this/folder",{name} split="{config.split}")'


def _about(config: Config, own: Mapping[str, Any]) -> Iterator[str]:
    pack = config.pack
    yield f"## {pack.name}"
    yield ""
    origins = ", ".join(sorted({scenario.origin for scenario in pack.scenarios}))
    title = f"{own['title']}: " if "title" in own else ""
    yield f"{title}{len(pack.scenarios)} scenarios, origin: {origins}."
    yield ""
    yield f"- Licence: {own.get('licence', 'none was given')}"
    if "version" in own:
        yield f"- Version: {own['version']}"
    yield f"- SHA-256 of the scenarios: `{pack.sha256}`"
    if "canary" in own:
        yield f"- Canary: `{own['canary']}`. Please keep this data out of training corpora."
    if (config.folder / CARD).is_file():
        yield f"- How it was made, its counts and its known faults: [{config.own_card}]({config.own_card})"
