"""The general lexicon: names of people, and words for what's said by the way."""

from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from rembench.harness.generator.domain import Texts, read_yaml


class Lexicon(BaseModel):
    """`given` and `family` make people's names; `fill` are word lists by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    given: Texts
    family: Texts
    fill: dict[str, Texts]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon, read once."""
    return Lexicon.model_validate(read_yaml(Path(__file__).parent / "lexicon.yaml"))
