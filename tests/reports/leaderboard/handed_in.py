"""Runs as they're handed in."""

from dataclasses import replace

from rembench.reports.compare.sources import labelled

CONTROLS = {name: name for name in ("nothing", "identity", "append-all", "oracle")}


def handed_in(*runs):
    """The runs with their labels."""
    return labelled(runs)


def recorded(run, **changes):
    """The run with another record."""
    return replace(run, record=replace(run.record, **changes))


def changed(run, name, **changes):
    """The run whose record says something else of the consolidator `name`."""
    entries = tuple({**one, **changes} if one["name"] == name else one for one in run.record.consolidators)
    return recorded(run, consolidators=entries)
