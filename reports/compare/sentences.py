"""How a comparison is put in words: the same in a terminal, in Markdown and in HTML."""

from collections.abc import Iterator, Sequence

from rembench.harness.statistics.told import Told
from rembench.reports.columns import ARROWS
from rembench.reports.compare.comparison import Comparison
from rembench.reports.compare.contrasts import CHANCE, NO_PAIR, Contrast, Family
from rembench.reports.compare.front import Front, Point
from rembench.reports.compare.pairs import METRICS_COMPARED, Pair
from rembench.reports.wording import DASH, number

MINUS = "\N{MINUS SIGN}"
INTERVALS = "Intervals are 95% ones, each of one comparison by itself."
OUTLOOK = (
    "“Notices” is the smallest true difference that so many scenarios would tell 80 times in 100, “takes” how "
    "many scenarios would so tell a true difference as large as the one seen; both at the strictest of the "
    "levels that Holm’s adjustment tests at."
)
ORDER = "The order ranks nobody."
_NAMED = 3


def scope(found: Comparison) -> str:
    """What was compared, on what."""
    contestants, scenarios = len(found.contestants), len(found.shared.originals)
    packs = _packs(found)
    runs = len(found.sources)
    return (
        f"{_count(contestants, 'consolidator')} of {_count(runs, 'run')}, paired on "
        f"{_count(scenarios, 'scenario')} of {packs}"
    )


def family(found: Comparison) -> str:
    """When a difference counts as told."""
    pairs = len(found.pairs.pairs)
    of = f"{len(METRICS_COMPARED)} metrics, {_count(pairs, 'pair')}"
    return (
        f"A difference is told where its sign-flip p, adjusted by Holm for all {_tests(found.pairs.family)} "
        f"here ({of}), is at most {found.pairs.family.level:g}, and no missing verdict could turn it."
    )


def slice_family(found: Comparison) -> str:
    """The same for the slices."""
    return f"The slices are a family of their own: {_tests(found.slices.family)}, adjusted by Holm."


def against(found: Comparison) -> str:
    """Who the best control is."""
    if found.control is None:
        return "No control was run, so nobody is compared with one."
    return (
        f"The best control is {found.control.label}: of those that don’t read the answers it has the most "
        "informedness (obligations met less prohibitions broken; skill is the place between it and the oracle)."
    )


def detail_note(found: Comparison) -> str:
    """Which pairs are gone into, where not all are; "" else."""
    between = sum(not one.control for one in found.pairs.pairs)
    if between <= len(found.details):
        return ""
    return (
        f"Slices, nights and cases are of the first {len(found.details)} of {between} pairs; choose others "
        "with -c NAME -c NAME."
    )


def heading(pair: Pair) -> str:
    """Who is set against whom."""
    control = ", the best control" if pair.control else ""
    return f"{pair.first.label} against {pair.second.label}{control}"


def in_short(pair: Pair) -> str:
    """What tells the two apart, in one sentence; differences are those of the one that's named."""
    found = pair.told()
    tested = sum(one.mean is not None for one in pair.contrasts)
    if not tested:
        return f"Nothing to compare: {pair.contrasts[0].reason}."
    if not found:
        return f"None of {_count(tested, 'metric')} tells them apart."
    parts = [part for side in ("first", "second") if (part := _findings(pair, side, found))]
    rest = tested - len(found)
    return "; ".join([*parts, f"the other {rest} can’t be told" if rest else "no other is compared"]) + "."


def told(one: Contrast, first: str = "first", second: str = "second") -> str:
    """Who is better, or has more; or that it can't be told."""
    names = {"first": first, "second": second}
    if one.better:
        return f"{names[one.better]} better"
    return f"{names[one.higher]} more" if one.higher else "no"


def title(one: Contrast) -> str:
    """The metric with its direction."""
    return f"{one.metric.title} {ARROWS[one.metric.better]}".strip()


def signed(value: float | None, unit: str) -> str:
    """A difference, with its sign."""
    if value is None:
        return DASH
    size = number(abs(value), unit)
    return size if not value else f"{'+' if value > 0 else MINUS}{size}"


def interval(one: Contrast) -> str:
    """The interval of the difference, "" where there's none."""
    if one.low is None or one.high is None:
        return ""
    digits = 0 if one.metric.unit == "tokens" else 2
    return "[" + ", ".join(_end(end, digits) for end in (one.low, one.high)) + "]"


def noticed(one: Contrast) -> str:
    """The smallest difference that would be told, or a dash."""
    return DASH if one.detectable.value is None else number(one.detectable.value, one.metric.unit)


def wanted(one: Contrast) -> str:
    """How many scenarios would tell, where these don't."""
    if one.told or one.mean is None:
        return DASH
    return scenarios(one.wanted)


def scenarios(told: Told) -> str:
    """A number of scenarios, or a dash; more than can be counted is said so."""
    if told.value is not None:
        return f"{told.value:,.0f}"
    return ">100,000" if told.reason and told.reason.startswith("more than") else DASH


def why(one: Contrast) -> str:
    """Why it can't be told, with what's missing and left out."""
    parts = [(one.why_not or "") if one.mean is not None else "", one.reason or ""]
    if one.mean is not None and not one.told and one.detectable.value is None:
        parts.append(one.detectable.reason or "")
    if one.unpaired:
        parts.append(f"{_count(one.unpaired, 'scenario')} without a value on both sides")
    if one.missing:
        within = ""
        if one.bounds:
            low, high = (_end(end, 2) for end in one.bounds)
            within = f", the difference lies between {low} and {high} whatever they are"
        parts.append(f"{_count(one.missing, 'verdict')} missing{within}")
    return "; ".join(dict.fromkeys(part for part in parts if part))


def short_why(one: Contrast) -> str:
    """The same in a few words, without what holds of most; "" where there's nothing to be said."""
    parts = [] if one.why_not in {None, CHANCE, NO_PAIR} else [one.why_not or ""]
    parts += [one.reason] if one.reason and one.mean is None else []
    parts += [f"{one.missing:,} missing"] if one.missing else []
    return "; ".join(parts)


def too_few(pair: Pair) -> str:
    """That not even the metric with the most scenarios could tell any difference; "" where it could."""
    most = max(pair.contrasts, key=lambda one: one.scenarios)
    reason = most.detectable.reason or ""
    return f"{reason}." if "can't tell any" in reason else ""


def front_lines(front: Front) -> Iterator[str]:
    """Who is on the front, who is beaten by whom, and who has no place."""
    on = [one for one in front.points if one.on_front]
    yield "On the front: " + (", ".join(place(one, front) for one in on) or "nobody") + "."
    nowhere: dict[str, list[str]] = {}
    for one in front.points:
        if one.dominated:
            yield f"{one.label} ({at(one, front)}) is beaten by {'; '.join(_by(one))}."
        elif one.reason and not one.control:
            nowhere.setdefault(one.reason, []).append(one.label)
    for reason, labels in nowhere.items():
        yield f"{_names(labels)} {'has' if len(labels) == 1 else 'have'} no place: {reason}."


def place(one: Point, front: Front) -> str:
    """A label with quality and price."""
    return f"{one.label} ({at(one, front)})"


def at(one: Point, front: Front) -> str:
    """Quality and price."""
    return f"{number(one.quality)} at {amount(one.price, front)}"


def amount(price: float | None, front: Front) -> str:
    """A price in its unit."""
    if price is None:
        return "unknown"
    if front.price.unit == "tokens":
        return f"{number(price, 'tokens')} tokens"
    if front.price.unit == "seconds":
        return f"{price:.3g} s" if price >= 0.001 else "<0.001 s"
    return f"{price:.4g} USD"


def _by(one: Point) -> Iterator[str]:
    for sure in (True, False):
        names = [d.by for d in one.dominated if d.told is sure]
        if names:
            how = "told in quality" if sure else "by the numbers, which don’t tell their quality apart"
            yield f"{_names(names)} ({how})"


def _names(labels: Sequence[str]) -> str:
    """The first few, and how many more."""
    if len(labels) <= _NAMED + 1:
        return ", ".join(labels)
    return f"{', '.join(labels[:_NAMED])} and {len(labels) - _NAMED} more"


def _packs(found: Comparison) -> str:
    """The packs that all runs have; where they share none as a whole, all of them."""
    named = [{str(p["sha256"]): str(p["name"]) for p in one.run.record.packs} for one in found.sources]
    common = [name for sha, name in named[0].items() if all(sha in other for other in named)]
    return ", ".join(dict.fromkeys(common or [name for one in named for name in one.values()]))


def _findings(pair: Pair, side: str, found: tuple[Contrast, ...]) -> str:
    label, sign = (pair.first.label, 1.0) if side == "first" else (pair.second.label, -1.0)
    better = [_short(one, sign) for one in found if one.better == side]
    more = [_short(one, sign) for one in found if one.higher == side and one.metric.better == "neither"]
    parts = [f"better at {', '.join(better)}"] if better else []
    parts += [f"higher in {', '.join(more)}"] if more else []
    return f"{label}: {', '.join(parts)}" if parts else ""


def _short(one: Contrast, sign: float) -> str:
    return f"{one.metric.title.lower()} ({signed(sign * (one.mean or 0.0), one.metric.unit)})"


def _end(value: float, digits: int) -> str:
    text = f"{value:+,.{digits}f}"
    zero = float(text.replace(",", "")) == 0
    return text.lstrip("+-") if zero else text.replace("-", MINUS)


def _tests(family_: Family) -> str:
    return _count(family_.tests, "test")


def _count(n: int, word: str) -> str:
    return f"{n:,} {word}{'' if n == 1 else 's'}"
