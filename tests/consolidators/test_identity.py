from tests.consolidators.nights import STORE, consolidated, night


def test_store_stays_as_it_was():
    assert consolidated("identity", night()).memory == STORE
