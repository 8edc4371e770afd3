"""Forty scenarios, in which every setting meets every level, with their twins."""

import pytest

from rembench.harness.generator.generate import Recipe, generate


@pytest.fixture(scope="session")
def forty():
    """(original, twin) forty times; not to be changed."""
    made = list(generate(Recipe(seed="forty", n=40, prefix="f", twins=True)))
    return list(zip(made[::2], made[1::2], strict=True))
