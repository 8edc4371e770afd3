"""The starting store, with the mess that real ones have."""

from collections.abc import Sequence

from rembench.harness.generator.draw import Draw
from rembench.harness.generator.plot import Plot
from rembench.harness.generator.world import World


def starting_store(world: World, plots: Sequence[Plot], draw: Draw, *, twin: bool) -> dict[str, str]:
    """Path → text: what plots begin with, among doubled, stale and half lines.

    A `twin` has the same, less the lines of what's sensitive.
    """
    files = world.domain.files
    lines: dict[str, list[str]] = {files.main: [], files.people: [], files.shared: []}
    for made in plots:
        for path, line, _ in made.stored:
            lines.setdefault(path, []).append(line)
    for path, own in lines.items():
        if path == files.shared:
            continue
        lines[path] = _messy(world, own, plots, draw.stream(path))
    folder = files.shared.rpartition("/")[0]
    lines[files.shared].insert(
        0, f"# Everything under {folder}/ is read by all of {world.org} and by every agent."
    )
    hidden = {line for made in plots if twin and made.sensitive for _, line, _ in made.stored}
    kept = {path: [line for line in own if line not in hidden] for path, own in lines.items()}
    return {path: "\n".join(own) + "\n" for path, own in sorted(kept.items()) if own}


def _messy(world: World, own: list[str], plots: Sequence[Plot], draw: Draw) -> list[str]:
    """The lines in random order, some of them twice, with headings and remains between them."""
    lines = list(own)
    if own and draw.chance(0.5):
        lines.append(draw.one(own))
    names = [made.subject for made in plots if not made.sensitive] or [world.org]
    attributes = [made.attribute for made in plots if not made.sensitive and made.kind != "injection"] or [
        "rest"
    ]
    for act, share in (("stale", 0.4), ("half", 0.25)):
        for _ in range(1 + int(share * len(own))):
            words = {"S": draw.one(names), "attribute": draw.one(attributes)}
            first, second = world.others(draw, 2)
            lines.append(world.words.say(act, draw, P=first, Q=second, **words))
    made = draw.shuffled(lines)
    head = world.words.say("headings", draw, S=draw.one(names), P=world.users[0], Q=world.users[1])
    return [head, *made]
