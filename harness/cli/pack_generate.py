"""`rembench pack generate`: fresh scenarios from a seed."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from rembench.harness.errors import UserError, unknown_name
from rembench.harness.generator.dials import DELETION, HARD, LEVELS, LONG, Dials, with_settings
from rembench.harness.generator.generate import Recipe, generate, orders
from rembench.harness.generator.write import SCENARIOS, new_folder, write_manifest, write_scenarios
from rembench.harness.scenario.card import write_card
from rembench.harness.scenario.pack import load_pack

T = TypeVar("T")

_PRESETS = {"hard": HARD, "long": LONG, "deletion": DELETION}


@dataclass(frozen=True, slots=True)
class _Choice:
    """What was asked for, as it was given."""

    kinds: Sequence[str]
    domains: Sequence[str]
    levels: Sequence[int]
    preset: str | None
    dials: Sequence[str]
    twins: bool


def generate_pack(
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="DIR", help="A new or empty folder for the pack.")
    ],
    seed: Annotated[str, typer.Option(metavar="S", help="Any text; the same seed gives the same bytes.")],
    n: Annotated[
        int, typer.Option("-n", "--n", metavar="N", help="How many scenarios; twins come on top.")
    ] = 10,
    kinds: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND", help="Kinds of item, repeated or with commas. Facts and controls come with them."
        ),
    ] = None,
    domain: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Settings to take in turn; all by default.")
    ] = None,
    level: Annotated[
        list[int] | None,
        typer.Option(metavar="1..5", help="Levels of difficulty to take in turn; all by default."),
    ] = None,
    preset: Annotated[str | None, typer.Option(help="hard, long or deletion, instead of levels.")] = None,
    dial: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Turn a dial of every scenario, as sessions=20."),
    ] = None,
    twins: Annotated[
        bool, typer.Option("--twins", help="After each its twin, which never held what somebody wants deleted.")
    ] = False,
    rewrite_with: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL", help="A model rewords the users' messages; kept where every value survives."
        ),
    ] = None,
) -> None:
    """Generate a fresh pack, private to whoever knows the seed."""
    chosen = _Choice(kinds or (), domain or (), level or (), preset, dial or (), twins)
    recipe = _recipe(output, seed, n, chosen)
    scenarios: Iterable[Mapping[str, Any]] = generate(recipe)
    folder = new_folder(output)
    write_scenarios(folder / SCENARIOS, _shown(scenarios, n * (1 + twins)))
    write_manifest(folder, recipe, _settings(recipe, rewrite_with))
    write_card(load_pack(str(folder.resolve())))
    typer.echo(str(folder))


def _recipe(output: Path, seed: str, n: int, chosen: _Choice) -> Recipe:
    """The recipe that was asked for; UserError for what can't be made, before anything is."""
    from rembench.harness.generator.scenario import MAKERS

    if n < 1:
        raise UserError(f"-n {n}", right="1 or more")
    kinds = [kind for given in chosen.kinds for kind in given.split(",") if kind]
    for kind in kinds:
        if kind not in MAKERS:
            raise unknown_name("kind", kind, list(MAKERS), where="--kinds")
    recipe = Recipe(
        seed=seed,
        n=n,
        prefix=_prefix(output),
        dials=_dials(chosen),
        kinds=tuple(dict.fromkeys(kinds)) or tuple(MAKERS),
        domains=tuple(chosen.domains),
        twins=chosen.twins,
    )
    next(orders(recipe))
    return recipe


def _prefix(output: Path) -> str:
    from rembench.harness.generator.world import slug

    return slug(output.resolve().name) or "pack"


def _dials(chosen: _Choice) -> tuple[Dials, ...]:
    """The dials to take in turn."""
    if chosen.preset is not None and chosen.preset not in _PRESETS:
        raise unknown_name("preset", chosen.preset, list(_PRESETS), where="--preset")
    if chosen.preset and chosen.levels:
        raise UserError("--level beside --preset", right="give one of the two")
    for level in chosen.levels:
        if not 1 <= level <= len(LEVELS):
            raise UserError(f"--level {level}", right=f"1 to {len(LEVELS)}")
    base = [_PRESETS[chosen.preset]] if chosen.preset else [LEVELS[n - 1] for n in chosen.levels] or LEVELS
    settings: dict[str, str] = {}
    for text in chosen.dials:
        name, equals, value = text.partition("=")
        if not equals:
            raise UserError(
                f"{text[:60]!r} isn't a dial", where="--dial", right="write name=value, as sessions=20"
            )
        settings[name.strip()] = value.strip()
    return tuple(with_settings(one, settings) for one in base)


def _shown(scenarios: Iterable[T], total: int) -> Iterator[T]:
    """The same scenarios, with a bar where there's a terminal."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    yield from track(scenarios, "generating", total=total, console=console, disable=not sys.stderr.isatty())


def _settings(recipe: Recipe, model: str | None) -> dict[str, str]:
    """What the card says of how the pack was made."""
    made = {
        "seed": f"`{recipe.seed}`",
        "scenarios": str(recipe.n),
        "kinds": ", ".join(recipe.kinds),
        "settings": ", ".join(recipe.domains) or "all",
        "twins": "yes" if recipe.twins else "no",
    }
    if model:
        made["reworded with"] = model
    for name in (f.name for f in fields(Dials)):
        values = list(dict.fromkeys(str(getattr(dials, name)) for dials in recipe.dials))
        made[f"dial {name}"] = ", ".join(values)
    return made
