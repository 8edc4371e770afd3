"""The commands by name; each is imported when it's asked for, so that none waits for the others."""

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

COMMANDS = {
    "run": "run consolidators on packs, score what they wrote",
    "ask": "ask a model the items' questions about a run's memories",
    "score": "recompute a run's scores from its journal",
    "report": "write a run's report again",
    "compare": "consolidators side by side, and what can be told",
    "gate": "pass or fail a run against a baseline",
    "leaderboard": "a site with rank intervals, from runs",
    "show": "one item's verdicts: excerpt, rule, sources",
    "pack": "list, show, validate, generate and export scenarios",
    "audit": "measure the scorer itself",
    "doctor": "what can run here, and what's missing",
}
"""Name → what it's for. The module of the same name has a function so called, or a group's `app`."""


class Commands(MutableMapping[str, Any]):
    """Name → command, imported at first sight; more may be added."""

    def __init__(self) -> None:
        self._found: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._found:
            if name not in COMMANDS:
                raise KeyError(name)
            self._found[name] = _load(name)
        return self._found[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._found[name] = command

    def __delitem__(self, name: str) -> None:
        del self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*COMMANDS, *self._found]))

    def __len__(self) -> int:
        return len({*COMMANDS, *self._found})


class Group(TyperGroup):
    """The group of all commands, whose help imports none of them."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = Commands()

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - as typer calls it
        """Write each command with what it's for."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _load(name: str) -> Any:
    module = import_module(f"rembench.harness.cli.{name}")
    if hasattr(module, "app"):
        command = get_group(module.app)
    else:
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        alone.command()(getattr(module, name))
        command = get_command(alone)  # type: ignore[assignment]
    command.name = name
    return command
