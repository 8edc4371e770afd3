"""The prompts: what they may and may not say."""

import re
from typing import get_args

import pytest

from rembench.consolidators import wording
from rembench.consolidators.wording import Style, lead, prompt_hashes, system_prompt
from rembench.harness.types import FAILURE_CLASSES, ItemKind
from rembench.metrics import METRICS
from tests.consolidators.nights import night

FILES = sorted(prompt_hashes())
ORDINARY = {"open", "history", "clean", "skill", "seconds", "instructions"}
"""Names of ours that are words which anybody would use."""


@pytest.mark.parametrize("name", FILES)
def test_prompt_names_no_kind_metric_or_failure_class(name):
    text = (wording._FOLDER / name).read_text("utf-8").casefold()
    ours = {*get_args(ItemKind), *METRICS, *FAILURE_CLASSES} - ORDINARY
    words = {word.replace("_", " ") for word in ours} | ours
    assert [word for word in words if re.search(rf"\b{re.escape(word)}\b", text)] == []


@pytest.mark.parametrize("style", get_args(Style))
def test_dreams_take_base_and_style_whole(style):
    assert len(system_prompt(style)) <= 4096


def test_styles_differ_only_in_their_own_file():
    made = [system_prompt(style, "rewrite") for style in get_args(Style)]
    assert len(set(made)) == 3
    for style, prompt in zip(get_args(Style), made, strict=True):
        own = (wording._FOLDER / f"{style}.txt").read_text("utf-8").strip()
        assert own in prompt
        assert prompt.replace(own, "") == made[0].replace(system_prompt("default").splitlines()[-1], "")


def test_lead_says_requests_budget_and_instructions_only_where_there_are_some():
    plain = night(write_budget=None)
    assert "Forget my shelf." in lead(plain)
    assert "tokens" not in lead(plain)
    assert "at most 300 tokens" in lead(night(write_budget=300))
