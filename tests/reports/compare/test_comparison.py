"""Runs compared whole: order, names, what's missing, and that no number is NaN."""

import json
from dataclasses import replace

import pytest

from rembench.harness.errors import UserError
from rembench.reports.compare.as_json import to_json
from rembench.reports.compare.comparison import Asked, compare
from rembench.reports.compare.html import write_html
from rembench.reports.compare.markdown import write_markdown
from rembench.reports.compare.text import text_lines
from tests.reports.compare.made import renamed

CONTROLS = {name: name for name in ("nothing", "identity", "append-all", "oracle")}


def as_json(runs, **asked):
    return json.loads(json.dumps(to_json(compare(runs, Asked(**asked))), allow_nan=False))


def unordered(made):
    """The pairs' numbers, whoever is first: differences of the one whose name comes first."""
    found = {}
    for pair in made["pairs"]:
        turned = pair["first"] > pair["second"]
        for name, one in pair["metrics"].items():
            mean = one["difference"]
            key = (*sorted((pair["first"], pair["second"])), name)
            assert key not in found, "compared twice"
            sign = -1 if turned and mean else 1
            found[key] = (mean if mean is None else sign * mean, one["p"], one["p_adjusted"], one["better"])
    return found


@pytest.fixture(scope="module")
def runs(run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    return [
        renamed(run, folder / "monday", {"extractive": "extractive", "mine": "identity", **CONTROLS}),
        renamed(run, folder / "tuesday", {"extractive": "append-all", **CONTROLS}),
    ]


def contestants(runs):
    """With the renamed control as a contestant."""
    return [
        replace(
            one,
            record=replace(
                one.record,
                consolidators=tuple(
                    {**entry, "control": entry["name"] in CONTROLS} for entry in one.record.consolidators
                ),
            ),
        )
        for one in runs
    ]


def test_the_order_of_the_runs_changes_no_number(runs):
    there, back = (as_json(contestants(order)) for order in (runs, runs[::-1]))
    assert unordered(there) == unordered(back)
    assert there["best_control"] == back["best_control"]
    assert {name: front["points"] for name, front in there["fronts"].items()}.keys() == back["fronts"].keys()
    for name, front in there["fronts"].items():
        mine = sorted(front["points"], key=lambda point: point["label"])
        theirs = sorted(back["fronts"][name]["points"], key=lambda point: point["label"])
        for one, other in zip(mine, theirs, strict=True):
            assert (one["label"], one["on_front"], one["quality"]) == (
                other["label"], other["on_front"], other["quality"],
            )  # fmt: skip


def test_every_two_contestants_are_compared_once_over_all_runs(runs):
    made = as_json(contestants(runs))
    between = [(p["first"], p["second"]) for p in made["pairs"] if not p["against_best_control"]]
    assert between == [
        ("extractive (monday)", "mine"),
        ("extractive (monday)", "extractive (tuesday)"),
        ("mine", "extractive (tuesday)"),
    ]
    assert sum(p["against_best_control"] for p in made["pairs"]) == 3


def test_one_against_itself_is_never_told_apart(run, tmp_path):
    twice = [renamed(run, tmp_path / name, {"extractive": "extractive", **CONTROLS}) for name in "ab"]
    made = as_json(twice)
    (pair,) = (p for p in made["pairs"] if not p["against_best_control"])
    assert not [m for m, one in pair["metrics"].items() if one["told"]]
    assert {one["difference"] for one in pair["metrics"].values()} <= {0.0, None}


def test_nobody_to_compare_with_is_said_in_one_line(run, tmp_path):
    alone = renamed(run, tmp_path / "a", {"extractive": "extractive", "oracle": "oracle"})
    with pytest.raises(UserError, match="nobody to compare it with"):
        compare([alone])


def test_different_repeats_and_prompts_are_said(run, tmp_path):
    one = renamed(run, tmp_path / "a", {"extractive": "extractive", **CONTROLS})
    other = renamed(run, tmp_path / "b", {"extractive": "append-all", **CONTROLS})
    one = replace(one, record=replace(one.record, prompts={"claude/rewrite": "1", "same": "2"}))
    changes = {"repeats": 2, "prompts": {"claude/rewrite": "3", "same": "2"}, "versions": {"prices": "2001"}}
    other = replace(other, record=replace(other.record, **changes))
    notes = " ".join(compare([one, other]).notes)
    assert "The runs' repeats differ: a 1, b 2." in notes
    assert "The runs' prompts differ: claude/rewrite." in notes
    assert "The runs' prices are of different tables: a " in notes
    assert "b isn't finished" in notes


@pytest.fixture(scope="module")
def extremes(run, tmp_path_factory):
    """Runs that are hard to read: one scenario, all failures, thirty contestants."""
    folder = tmp_path_factory.mktemp("extremes")
    first = run.scenarios[0].id
    many = renamed(run, folder / "many", {**{f"one-{n:02}": "extractive" for n in range(30)}, **CONTROLS})
    failing = next(str(c["name"]) for c in run.record.consolidators if "Raises" in str(c["name"]))
    return {
        "one scenario": replace(
            run, scenarios=run.scenarios[:1], nights=tuple(n for n in run.nights if n.chain.scenario == first)
        ),
        "all failures": renamed(run, folder / "failing", {"mine": failing, "yours": failing, **CONTROLS}),
        "thirty": many,
        "nothing but failures": renamed(run, folder / "none", {"mine": failing, "yours": failing}),
    }


@pytest.mark.parametrize("name", ["one scenario", "all failures", "thirty", "nothing but failures"])
def test_a_run_that_is_hard_to_read_is_readable(extremes, name, tmp_path):
    found = compare([extremes[name]])
    text = json.dumps(to_json(found), allow_nan=False)
    write_html(found, tmp_path / "compare.html")
    write_markdown(found, tmp_path / "compare.md")
    page = (tmp_path / "compare.html").read_text("utf-8")
    lines = list(text_lines(found))
    for written in (text, page, (tmp_path / "compare.md").read_text("utf-8"), "\n".join(lines)):
        assert "NaN" not in written
        assert "None " not in written.replace("None of", "").replace("None tells", "")
    assert len(lines) < 400
    assert len(page) < 2_500_000
