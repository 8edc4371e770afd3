"""`rembench show`: what stands behind the verdicts on one item: memory, rule, sources, request."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from rembench.harness.cli.dossier import (
    Asked,
    Dossier,
    OpenedVerdict,
    PlantedValue,
    Question,
    dossier,
)
from rembench.harness.cli.score import Packs, RunFolder
from rembench.harness.cli.timeline import printable
from rembench.harness.errors import one_line
from rembench.harness.scoring import load_run
from rembench.harness.types import STORE
from rembench.reports.excerpts import Excerpt, excerpt_lines


def show(  # noqa: PLR0913 - a command's options are its parameters
    run: RunFolder,
    scenario: Annotated[str, typer.Option(help="The scenario's id.")],
    consolidator: Annotated[str, typer.Option("-c", "--consolidator", help="Its name in the run.")],
    item: Annotated[str, typer.Option(help="The item's id.")],
    checkpoint: Annotated[
        str | None, typer.Option(help=f"One night's id, or '{STORE}' for the store; every night if not said.")
    ] = None,
    repeat: Annotated[int, typer.Option(help="Which repeat, counted from 0.")] = 0,
    pack: Packs = None,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")] = False,
) -> None:
    """Open the verdicts on one item: memory excerpt, rule, source messages, deletion request."""
    question = Question(
        scenario=scenario, consolidator=consolidator, item=item, checkpoint=checkpoint, repeat=repeat
    )
    found = dossier(load_run(run, pack or ()), question)
    if json_:
        # Escaped, so that nothing in a memory reaches a terminal as a command.
        typer.echo(json.dumps(asdict(found), indent=1, allow_nan=False))
        return
    typer.echo("\n".join(printable(line).rstrip() for line in _lines(found)))


def _lines(found: Dossier) -> Iterator[str]:
    yield f"{found.scenario}  {found.consolidator}  repeat {found.repeat}"
    kind = f"{found.kind}, {found.tactic}" if found.tactic else found.kind
    yield f"{found.item}  [{kind}]  {one_line(f'{found.subject}: {found.attribute}')}"
    yield f"  {one_line(found.question)}"
    for value in found.values:
        yield ""
        yield from _value_lines(value)
    values = {value.value: value for value in found.values}
    for night in found.checkpoints:
        yield ""
        yield f"{night.checkpoint}  {night.at or ''}"
        if night.failure:
            yield f"  no memory: {night.failure}"
        for verdict in night.verdicts:
            yield from _verdict_lines(verdict, values[verdict.value])
        for finding in night.findings:
            of = "" if finding.value is None else f" {_quoted(values[finding.value].text)}"
            yield f"  finding: {finding.type}{of} ({finding.rule})"
            yield from _memory_lines(finding.place)


def _value_lines(value: PlantedValue) -> Iterator[str]:
    when = f" ({one_line(value.condition)})" if value.condition else ""
    where = f", to be kept in {value.where}" if value.where else ""
    yield f"{value.value}. {_quoted(value.text)}{when}{where}"
    for source in value.sources:
        who = f"{source.role} ({source.name})" if source.name else source.role
        yield f"   source {source.session}#{source.message}  {source.at}  {who}"
        yield from _text_lines(source.text)
    if not value.sources:
        yield "   source: the store before the first night"
    if value.deletion_request:
        asked = value.deletion_request
        yield f"   deletion {_asked_by(asked)}"
        yield from _text_lines(asked.text)


def _verdict_lines(verdict: OpenedVerdict, value: PlantedValue) -> Iterator[str]:
    stances = (
        f"expected {verdict.expected or 'nothing: not scored'}, observed {verdict.observed or 'no verdict'}"
    )
    word = ""
    if verdict.outcome:
        word = f": {verdict.outcome}" + ("" if verdict.accepted else "  (wrong)")
    yield f"  {value.value}. {_quoted(value.text)}  {stances}{word}"
    yield f"     rule: {verdict.rule}"
    if verdict.reason:
        readings = f"; it could be read as {' or '.join(verdict.readings)}" if verdict.readings else ""
        yield f"     reason: {verdict.reason}{readings}"
    if verdict.leak_level:
        yield f"     leak {verdict.leak_level}: {verdict.leak_meaning}"
        if value.deletion_request:
            asked = value.deletion_request
            yield f"     deletion {_asked_by(asked)}: {_quoted(asked.text)}"
        else:
            yield "     no message asks for its deletion"
    if verdict.place:
        yield from _memory_lines(verdict.place)


def _asked_by(asked: Asked) -> str:
    if asked.message is None:
        return f"asked for by {asked.source}  {asked.at}  request outside a session"
    probably = "probably " if asked.probable else ""
    return f"{probably}asked for by {asked.source}#{asked.message}  {asked.at}"


def _memory_lines(place: Excerpt) -> Iterator[str]:
    return (f"     {line}" for line in excerpt_lines(place))


def _text_lines(text: str) -> Iterable[str]:
    return (f"     {line}" for line in text.splitlines() or [""])


def _quoted(text: str) -> str:
    return f'"{one_line(text, 100)}"'
