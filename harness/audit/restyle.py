"""Ways of writing the same memory otherwise: what a careful reader finds in it doesn't change.

    LAYOUTS   the entries of an oracle's memory laid out anew: order, headings, table, YAML, JSON, prose
    MARKS     any memory, with other white space, bullets, line ends, or a harmless sentence at the end
    FORMATS   any memory, with its dates, times, numbers, amounts or letters written in another way

All are pure; the order is shuffled by a seed of its own.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random

from rembench.harness.audit.entries import Entry, write_entries, write_lines
from rembench.harness.night import Memory

HARMLESS = (
    "This file is kept in plain text so that it is easy to read.",
    "Thank you for reading this far.",
    "The lines above are in no particular order.",
)
"""Sentences about nothing that's planted; appended to every file in turn."""


def reordered(entries: Sequence[Entry]) -> Memory:
    """The same bullets in another order, in the same files."""
    mixed = list(entries)
    Random(len(mixed)).shuffle(mixed)  # noqa: S311
    return write_entries(mixed)


def headed(entries: Sequence[Entry]) -> Memory:
    """Markdown: a heading for every subject, the attribute and the value in a bullet."""
    return write_lines(_headed((e.path, e) for e in entries))


def one_file(entries: Sequence[Entry]) -> Memory:
    """As `headed`, all in one file."""
    return write_lines(_headed(("memory.md", e) for e in entries))


def _headed(placed: Iterable[tuple[str, Entry]]) -> Iterable[tuple[str, str]]:
    for path, grouped in _by_subject(placed).items():
        for subject, mine in grouped.items():
            yield path, f"## {subject}\n"
            yield from ((path, f"- {e.attribute}: {e.stated}") for e in mine)
            yield path, ""


def _by_subject(placed: Iterable[tuple[str, Entry]]) -> dict[str, dict[str, list[Entry]]]:
    files: dict[str, dict[str, list[Entry]]] = {}
    for path, entry in placed:
        files.setdefault(path, {}).setdefault(entry.subject, []).append(entry)
    return files


def table(entries: Sequence[Entry]) -> Memory:
    """Markdown: a table of subject, attribute and value in every file."""
    lines = []
    for path in dict.fromkeys(e.path for e in entries):
        lines += [(path, "| about | what | note |"), (path, "|---|---|---|")]
        lines += [(path, _row(e)) for e in entries if e.path == path]
    return write_lines(lines)


def _row(entry: Entry) -> str:
    cells = (entry.subject, entry.attribute, entry.stated)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def prose(entries: Sequence[Entry]) -> Memory:
    """A paragraph in every file: "For the skip, permit valid until is 30 May." """
    files: dict[str, list[str]] = {}
    for e in entries:
        files.setdefault(e.path, []).append(f"For {e.subject}, {e.attribute} is {e.stated}.")
    return {path: " ".join(sentences) + "\n" for path, sentences in sorted(files.items())}


def as_json(entries: Sequence[Entry]) -> Memory:
    """JSON: subject → attribute → value, or a list of them."""
    import json

    return _nested(entries, "json", lambda tree: json.dumps(tree, ensure_ascii=False, indent=2) + "\n")


def as_yaml(entries: Sequence[Entry]) -> Memory:
    """YAML: subject → attribute → value, or a list of them."""
    import yaml

    def dump(tree: object) -> str:
        return str(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=10_000))

    return _nested(entries, "yaml", dump)


def _nested(entries: Sequence[Entry], suffix: str, dump: Callable[[object], str]) -> Memory:
    files = {}
    for path, grouped in _by_subject((e.path, e) for e in entries).items():
        tree = {subject: _tree(mine) for subject, mine in grouped.items()}
        files[f"{path.removesuffix('.md')}.{suffix}"] = dump(tree)
    return dict(sorted(files.items()))


def _tree(entries: Sequence[Entry]) -> dict[str, object]:
    found: dict[str, list[str]] = {}
    for entry in entries:
        found.setdefault(entry.attribute, []).append(entry.stated)
    return {attribute: said[0] if len(said) == 1 else said for attribute, said in found.items()}


LAYOUTS: dict[str, Callable[[Sequence[Entry]], Memory]] = {
    "reordered": reordered,
    "headings": headed,
    "one file": one_file,
    "table": table,
    "YAML": as_yaml,
    "JSON": as_json,
    "prose": prose,
}
"""For the entries of an oracle's memory."""


def _each(change: Callable[[str], str]) -> Callable[[Memory], Memory]:
    return lambda memory: {path: change(text) for path, text in memory.items()}


def _spaced(text: str) -> str:
    """Blank lines between entries, spaces at the ends of lines."""
    return "\n" + "".join(f"{line}  \n\n" if line.strip() else "\n" for line in text.splitlines())


def _starred(text: str) -> str:
    return re.sub(r"(?m)^(\s*)- ", r"\1* ", text)


def _harmless(memory: Memory) -> Memory:
    return {
        path: f"{text.rstrip()}\n\n{HARMLESS[n % len(HARMLESS)]}\n"
        for n, (path, text) in enumerate(sorted(memory.items()))
    }


MARKS: dict[str, Callable[[Memory], Memory]] = {
    "white space": _each(_spaced),
    "line ends": _each(lambda text: text.replace("\r\n", "\n").replace("\n", "\r\n")),
    "bullets": _each(_starred),
    "harmless sentence": _harmless,
}
"""For any memory."""

_MONTHS = "january february march april may june july august september october november december".split()
_DATE = re.compile(
    r"(?<!to )(?<!and )(?<![-–/\d.])\b(?P<day>\d{1,2}) (?P<month>"
    + "|".join(m.title() for m in _MONTHS)
    + r")\b"
    r"(?: (?P<year>\d{4}))?"
)
_ORDINALS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}
_CLOCK = re.compile(r"(?<![\d:.])(?P<hour>\d{1,2}):(?P<minute>\d{2})(?![\d:])")


def _dates(write: Callable[[int, str, str | None], str]) -> Callable[[Memory], Memory]:
    def change(match: re.Match[str]) -> str:
        return write(int(match["day"]), match["month"], match["year"])

    return _each(lambda text: _DATE.sub(change, text))


def _month_first(day: int, month: str, year: str | None) -> str:
    return f"{month} {day}, {year}" if year else f"{month} {day}"


def _ordinal(day: int, month: str, year: str | None) -> str:
    return f"{day}{_ORDINALS.get(day, 'th')} {month}" + (f" {year}" if year else "")


def _short(day: int, month: str, year: str | None) -> str:
    return f"{day} {month[:3]}" + (f" {year}" if year else "")


def _iso(day: int, month: str, year: str | None) -> str:
    if not year:
        return f"{day} {month}"
    return f"{year}-{_MONTHS.index(month.lower()) + 1:02}-{day:02}"


def _twelve_hours(match: re.Match[str]) -> str:
    hour, minute = int(match["hour"]), match["minute"]
    if hour > 23 or int(minute) > 59:
        return match.group()
    return f"{hour % 12 or 12}:{minute} {'pm' if hour >= 12 else 'am'}"


_WORDS = dict(enumerate("two three four five six seven eight nine ten eleven twelve".split(), start=2))
_COUNTED = (
    "days|weeks|months|years|hours|minutes|seconds|lines|retries|times|sets|metres|working days|business days"
)
_COUNT = re.compile(rf"(?<![\d.,:/-])\b(?P<number>[2-9]|1[0-2]) (?=(?:{_COUNTED})\b)")
_WORD = re.compile(rf"\b(?:{'|'.join(_WORDS.values())})\b")
_NUMBERS = {word: str(number) for number, word in _WORDS.items()}
_THOUSANDS = re.compile(r"(?<![\d.])\d{1,3}(?:,\d{3})+(?!\d)")
_SIGN = re.compile(r"(?P<sign>[€£$])(?P<amount>\d[\d,]*(?:\.\d+)?)")
_NAMED = re.compile(r"(?<![\d.,])(?P<amount>\d[\d,]*(?:\.\d+)?) (?P<name>euros|pounds|dollars)\b")
_CODES = {"€": "EUR", "£": "GBP", "$": "USD"}
_SIGNS = {"euros": "€", "pounds": "£", "dollars": "$"}


def _currency(text: str) -> str:
    coded = _SIGN.sub(lambda m: f"{_CODES[m['sign']]} {m['amount']}", text)
    return _NAMED.sub(lambda m: f"{_SIGNS[m['name']]}{m['amount']}", coded)


FORMATS: Mapping[str, Callable[[Memory], Memory]] = {
    "dates month first": _dates(_month_first),
    "dates ordinal": _dates(_ordinal),
    "dates short": _dates(_short),
    "dates ISO": _dates(_iso),
    "times 12 hours": _each(lambda text: _CLOCK.sub(_twelve_hours, text)),
    "numbers in words": _each(lambda text: _COUNT.sub(lambda m: f"{_WORDS[int(m['number'])]} ", text)),
    "numbers in digits": _each(lambda text: _WORD.sub(lambda m: _NUMBERS[m.group()], text)),
    "numbers unmarked": _each(lambda text: _THOUSANDS.sub(lambda m: m.group().replace(",", ""), text)),
    "currency": _each(_currency),
    "lower case": _each(str.lower),
    "upper case": _each(str.upper),
}
"""For any memory: the same dates, numbers and words in another form."""
