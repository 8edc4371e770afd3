from tests.consolidators.nights import consolidated, night


def test_nothing_is_left():
    assert consolidated("nothing", night()).memory == {}
