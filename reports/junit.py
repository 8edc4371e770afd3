"""JUnit XML, as CI systems show it: a suite of cases, each passed, failed or skipped with a message.

The format has no standard of its own; this keeps to what GitHub, GitLab and Jenkins all read
(https://github.com/testmoapp/junitxml). Text that XML can't hold is shown as U+FFFD.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree as Xml

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test case; `message` says why, whatever the outcome."""

    group: str
    name: str
    outcome: Literal["passed", "failed", "skipped"]
    message: str


def junit(suite: str, cases: Sequence[Case]) -> str:
    """The XML document of one suite."""
    counts = {outcome: sum(c.outcome == outcome for c in cases) for outcome in ("failed", "skipped")}
    numbers = {
        "tests": str(len(cases)), "failures": str(counts["failed"]), "errors": "0",
        "skipped": str(counts["skipped"]), "time": "0",
    }  # fmt: skip
    top = Xml.Element("testsuites", {"name": _text(suite), **numbers})
    one = Xml.SubElement(top, "testsuite", {"name": _text(suite), **numbers})
    for case in cases:
        made = Xml.SubElement(
            one, "testcase", {"classname": _text(case.group), "name": _text(case.name), "time": "0"}
        )
        if case.outcome == "passed":
            Xml.SubElement(made, "system-out").text = _text(case.message)
        else:
            kind = "failure" if case.outcome == "failed" else "skipped"
            Xml.SubElement(made, kind, {"message": _text(case.message)}).text = _text(case.message)
    Xml.indent(top)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(top, encoding="unicode")}\n'


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
