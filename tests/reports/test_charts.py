"""The charts: valid SVG, the same bytes again, no colour of their own for ink."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from rembench.reports.report_charts import leakage_by_phase, quality_against_size, retention_over_nights
from rembench.reports.wording import clipped

CHARTS = (leakage_by_phase, quality_against_size, retention_over_nights)


@pytest.mark.parametrize("draw", CHARTS)
def test_a_chart_is_svg_with_every_name_and_the_same_bytes(summary, draw):
    svg = draw(summary)
    assert draw(summary) == svg
    root = ElementTree.fromstring(svg)
    words = "".join(root.itertext())
    for name in ("extractive", "nothing", "oracle", "hostile.py:Hostile"):
        assert name in words
    assert "currentColor" in svg
    assert "#" not in svg.replace("#all-nights", "")
    assert all(one.get("aria-label") for one in (root, *root.iter("svg")))
    numbers = re.findall(r"\d+\.\d+", re.sub(r">[^<]*<|aria-label=\"[^\"]*\"", "", svg))
    assert all(len(number.partition(".")[2]) == 1 for number in numbers)


@pytest.mark.parametrize("draw", CHARTS)
def test_a_name_can_be_anything(summary, draw):
    evil = r"_$\frac{1}{0}$ <b>&"
    one = replace(summary.consolidators["extractive"], name=evil)
    svg = draw(replace(summary, consolidators={evil: one}))
    words = "".join(ElementTree.fromstring(svg).itertext())
    assert "<b>&" in words
    assert r"\frac" in words


@pytest.mark.parametrize("draw", CHARTS)
def test_a_chart_without_any_number_is_still_a_chart(summary, draw):
    nothing = next(one for name, one in summary.consolidators.items() if name.endswith(":Raises"))
    assert ElementTree.fromstring(draw(replace(summary, consolidators={nothing.name: nothing}))) is not None


def test_long_labels_are_clipped_and_stay_apart():
    long = "patcher:provider=" + "x" * 90
    made = clipped(
        {"a": f"{long},rounds=1,style=hygiene", "b": f"{long},rounds=2,style=hygiene", "c": "short"}, 40
    )
    assert made["c"] == "short"
    assert made["a"] != made["b"]
    assert all(len(label) < 50 for label in made.values())
