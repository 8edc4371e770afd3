"""Days and nights: in order, every night after a session, the quiet one after nothing."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rembench.harness.generator.calendar import QUIET, WRITTEN, calendar
from rembench.harness.generator.dials import LEVELS, Dials
from rembench.harness.generator.draw import Draw


@st.composite
def calendars(draw):
    sessions = draw(st.integers(3, 100))
    nights = draw(st.integers(1, min(sessions, 40)))
    dials = Dials(sessions=sessions, nights=nights, items=5, quiet=draw(st.booleans()))
    return dials, calendar(dials, Draw("calendar", draw(st.integers(0, 999))))


def test_a_calendar_of_level_three_is_this_one():
    found = calendar(LEVELS[2], Draw("golden"))
    assert [str(at.date()) for at in found.sessions] == [
        "2026-09-05", "2026-09-14", "2026-09-20", "2026-09-26", "2026-10-01", "2026-10-09", "2026-10-17",
        "2026-10-20", "2026-10-26", "2026-11-01",
    ]  # fmt: skip
    assert [(night.at.strftime("%m-%d %H:%M"), night.place, night.quiet) for night in found.nights] == [
        ("09-15 02:30", 1.5, False), ("10-02 02:30", 4.5, False), ("10-03 02:30", 4.75, True),
        ("10-18 02:30", 6.5, False), ("11-02 02:30", 9.5, False),
    ]  # fmt: skip


@given(calendars())
def test_times_go_up_strictly_from_place_to_place(made):
    _, found = made
    placed = [
        *((float(n), at) for n, at in enumerate(found.sessions)),
        *((n.place, n.at) for n in found.nights),
    ]
    placed += [(n + WRITTEN, found.written(n)) for n in range(len(found.sessions))]
    times = [at for _, at in sorted(placed)]
    assert all(one < other for one, other in pairwise(times))
    assert len({place for place, _ in placed}) == len(placed)


@given(calendars())
def test_sessions_are_two_to_nine_days_apart_and_by_day(made):
    _, found = made
    days = [at.date() for at in found.sessions]
    assert all(2 <= (b - a).days <= 9 for a, b in pairwise(days))
    assert all(7 <= at.hour <= 18 for at in found.sessions)


@given(calendars())
def test_every_night_but_a_quiet_one_has_a_session_since_the_one_before_it(made):
    dials, found = made
    before = -1.0
    for night in found.nights:
        new = [n for n in range(dials.sessions) if before < n < night.place]
        assert bool(new) != night.quiet
        before = night.place
    assert found.nights[-1].place > dials.sessions - 1
    assert not found.nights[-1].quiet


@given(calendars())
def test_there_is_a_quiet_night_if_the_dial_says_so_and_there_is_room(made):
    dials, found = made
    quiet = [n for n, night in enumerate(found.nights) if night.quiet]
    assert len(quiet) == (1 if dials.quiet and dials.nights > 2 else 0)
    assert len(found.nights) == dials.nights + len(quiet)
    assert all(n > 0 and found.nights[n].place % 1 == QUIET for n in quiet)


@given(calendars())
def test_nights_are_evenly_spread(made):
    dials, found = made
    ends = [-1, *(int(night.place) for night in found.nights if not night.quiet)]
    gaps = [b - a for a, b in pairwise(ends)]
    assert max(gaps) - min(gaps) <= 1
    assert sum(gaps) == dials.sessions


@given(calendars(), st.floats(-2, 101))
def test_the_night_from_a_place_on_is_the_first_not_before_it(made, place):
    _, found = made
    n = found.night_from(place)
    assert all(night.place < place for night in found.nights[:n])
    assert n == len(found.nights) or found.nights[n].place >= place


def test_a_nights_day_is_the_day_after_its_session():
    found = calendar(LEVELS[0], Draw("a"))
    for night in found.nights:
        assert night.day == found.sessions[int(night.place)].date() + timedelta(days=1)
        assert isinstance(night.day, date)
