"""A page's evidence, read as its script reads it: from the page itself, or from the files beside it."""

import json
import re
from functools import cached_property


class PageEvidence:
    """The evidence of the page at `path`."""

    def __init__(self, path):
        self.path = path
        text = path.read_text("utf-8")
        self.stamp = re.search(r'data-stamp="(\w+)"', text)[1]
        self.folder = path.parent / re.search(r'data-from="(.*?)"', text)[1]
        calls = re.findall(r"^rembench\.evidence\((.*)\);$", text.replace("<script>", "<script>\n"), re.M)
        if not calls:
            calls = [call_in(one) for one in sorted(self.folder.glob("*.js"))]
        found = json.loads(f"[[{'],['.join(calls)}]]")
        self.files = dict(found)
        assert len(self.files) == len(found)

    @property
    def index(self):
        return self.files["index"]

    @cached_property
    def chains(self):
        """All chains with their scenario's texts, in the files' order."""
        places = [one for name, file in self.files.items() if name != "index" and isinstance(file, list)
                  for one in file if "consolidator" in one]  # fmt: skip
        return [(one, self.scenario(one["scenario"])) for one in places]

    def scenario(self, name):
        file, place = self.index["scenarios"][name]
        return self.files[file][place]

    def cells(self, consolidator, metric, part=None):
        """The cells behind a number: chain's row, amount, reason, table, first row, how many."""
        found = self.index["metrics"].get(metric, {"of": [], "paired": False})
        if found["of"]:
            parts = [list(self.cells(consolidator, name, part)) for name in found["of"]]
            shared = set.intersection(*({original(cell) for cell in cells} for cells in parts))
            yield from (c for cells in parts for c in cells if not found["paired"] or original(c) in shared)
            return
        number = self.index["cells"][metric][consolidator]
        if number < 0:
            return
        file = self.files[number]
        tables = file["metrics"][metric]
        for chain, row in zip(file["chains"], tables["cells"], strict=True):
            for kind, first in _rows(row, tables["kinds"]):
                amount, reason, in_slices, table, count = tables["kinds"][kind]
                headline, *names = tables["slices"][in_slices]
                if part in names if part else headline:
                    yield chain, amount, reason, table, first, count

    def slices(self):
        """Every row of slices of every metric."""
        parts = [one for name, one in self.files.items() if name != "index" and isinstance(one, dict)]
        return [row for one in parts for tables in one["metrics"].values() for row in tables["slices"]]


def _rows(row, kinds):
    first, rest = 0, iter(row)
    for number in rest:
        kind = number
        if number < 0:
            kind, first = -1 - number, next(rest)
        yield kind, first
        first += kinds[kind][4]


def original(cell):
    """The scenario of a cell; of a twin its original."""
    name, twin_of, *_ = cell[0]
    return name if twin_of is None else twin_of


def call_in(path):
    """What the one call of a file is given."""
    text = path.read_text("utf-8")
    assert text.startswith("rembench.evidence(")
    assert text.endswith(");\n")
    assert text.count("\n") == 1
    return text[len("rembench.evidence(") : -len(");\n")]
