"""`rembench pack generate`: fresh scenarios from a seed."""

import hashlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from rembench.harness.cli.folder import new_folder
from rembench.harness.errors import UserError, unknown_name
from rembench.harness.generator.dials import DELETION, HARD, LEVELS, LONG, Dials, with_settings
from rembench.harness.providers.load import Model, load_model
from rembench.harness.scenario.card import write_card
from rembench.harness.scenario.survey import survey_pack

if TYPE_CHECKING:
    from rembench.harness.generator.generate import Recipe
    from rembench.harness.generator.rewrite import Tally

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
            metavar="MODEL",
            help="A model rewords what people say, at its cost; kept where every value survives: name, "
            "package.module:Name or path.py:Name, each with :key=value,... if need be.",
        ),
    ] = None,
) -> None:
    """Generate a fresh pack, private to whoever knows the seed."""
    from rembench.harness.generator.generate import generate
    from rembench.harness.generator.rewrite import Tally, reword
    from rembench.harness.generator.write import SCENARIOS, write_manifest, write_scenarios

    chosen = _Choice(kinds or (), domain or (), level or (), preset, dial or (), twins)
    recipe = _recipe(seed, n, chosen)
    model = load_model(rewrite_with, "rewriter") if rewrite_with is not None else None
    tally = Tally()
    scenarios = generate(recipe)
    new_folder(output)
    begun = _begun(reword(scenarios, model, tally) if model else scenarios)
    write_scenarios(output / SCENARIOS, _shown(begun, n * (1 + twins)))
    write_manifest(output, recipe, _settings(recipe) | (_rewording(model, tally) if model else {}))
    write_card(survey_pack(str(output.resolve())))  # a bare name might be a shipped pack's
    if model:
        typer.echo(tally.line(), err=True)
    typer.echo(str(output))


def _recipe(seed: str, n: int, chosen: _Choice) -> "Recipe":
    """The recipe that was asked for; UserError for what can't be made, before anything is."""
    from rembench.harness.generator.generate import Recipe, orders
    from rembench.harness.generator.scenario import MAKERS

    if n < 1:
        raise UserError(f"-n {n}", right="1 or more")
    kinds = [kind.strip() for given in chosen.kinds for kind in given.split(",")]
    for kind in kinds:
        if kind not in MAKERS:
            raise unknown_name("kind", kind, list(MAKERS), where="--kinds")
    recipe = Recipe(
        seed=seed,
        n=n,
        prefix=_prefix(seed),
        dials=_dials(chosen),
        kinds=tuple(dict.fromkeys(kinds)) or tuple(MAKERS),
        domains=tuple(chosen.domains),
        twins=chosen.twins,
    )
    next(orders(recipe))
    return recipe


def _prefix(seed: str) -> str:
    """What the ids begin with: the same for the same seed whatever the folder, and it doesn't tell the seed."""
    return f"g{hashlib.sha256(seed.encode()).hexdigest()[:6]}"


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


def _begun(scenarios: Iterator[T]) -> Iterator[T]:
    """The same scenarios, the first of them made: what the user has to mend is said before a file is there."""
    return chain([next(scenarios)], scenarios)


def _shown(scenarios: Iterable[T], total: int) -> Iterator[T]:
    """The same scenarios, with a bar where there's a terminal."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    yield from track(scenarios, "generating", total=total, console=console, disable=not sys.stderr.isatty())


def _settings(recipe: "Recipe") -> dict[str, str]:
    """What the card says of how the pack was made."""
    made = {
        "seed": f"`{recipe.seed}`",
        "scenarios": str(recipe.n),
        "kinds": ", ".join(recipe.kinds),
        "settings": ", ".join(recipe.domains) or "all",
        "twins": "yes" if recipe.twins else "no",
    }
    for name in (f.name for f in fields(Dials)):
        values = list(dict.fromkeys(str(getattr(dials, name)) for dials in recipe.dials))
        made[f"dial {name}"] = ", ".join(values)
    return made


def _rewording(model: Model, tally: "Tally") -> dict[str, str]:
    """What the card says of the model that reworded the messages, and of how many it did."""
    from rembench.harness.generator.rewrite import prompt_hashes
    from rembench.harness.generator.write import REWORDED

    options = ", ".join(f"{name}={value}" for name, value in model.options.items())
    return {
        REWORDED: f"{model.name} ({options})" if options else model.name,
        "model": ", ".join(sorted(tally.models)) or "not said",
        "messages reworded": f"{tally.kept} of {tally.asked} put to it",
        "messages left alone": str(tally.spared),
        **{f"prompt {name}": f"sha256 `{digest}`" for name, digest in prompt_hashes().items()},
    }
