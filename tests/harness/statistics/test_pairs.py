from rembench.harness.statistics.pairs import pair


def test_pairs_are_the_scenarios_that_both_have_a_value_in():
    found = pair({"a": 0.5, "b": 1.0, "c": None, "d": 0.25}, {"a": 0.25, "b": None, "d": 0.5, "e": 1.0})
    assert found.scenarios == ("a", "d")
    assert found.differences == (0.25, -0.25)
    assert found.unpaired == ("b", "c", "e")
    assert found.mean == 0


def test_pairs_of_some_scenarios_leave_the_others_unsaid():
    found = pair({"a": 1.0, "b": 1.0}, {"a": 0.0, "b": 0.0}, scenarios=("a", "z"))
    assert (found.scenarios, found.unpaired) == (("a",), ("z",))


def test_without_a_pair_there_is_no_mean():
    assert pair({"a": 1.0}, {"b": 1.0}).mean is None
    assert pair({}, {}).unpaired == ()
