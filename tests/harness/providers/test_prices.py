"""What tokens cost, by a dated table and the user's own over it; what isn't known stays unknown."""

import re

import pytest

from rembench.harness.errors import UserError
from rembench.harness.providers.prices import VARIABLE, Billed, Price, price_of, prices


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Writes the user's file of prices."""

    def write(text: str) -> None:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.yaml"
        path.write_text(text)
        monkeypatch.setenv(VARIABLE, str(path))

    return write


def test_every_sort_of_token_has_its_price():
    price = Price(input=1, output=10, read=0.1, write=1.25, write_1h=2)
    # 1000·1 + 100·10 + 5000·0.1 + 400·1.25 + 200·2 = 3400 millionths
    billed = Billed(input=1000, output=100, read=5000, write=400, write_1h=200)
    assert price.usd(billed) == pytest.approx(0.0034)


def test_a_batch_costs_its_share():
    assert Price(input=1, output=10, batch=0.5).usd(Billed(input=100, output=10, batch=True)) == 0.0001
    assert Price(input=1, output=10).usd(Billed(input=100, output=10, batch=True)) is None


@pytest.mark.parametrize("sort", ["read", "write", "write_1h"])
def test_tokens_of_a_sort_without_a_price_make_the_cost_unknown(sort):
    price = Price(input=1, output=10)
    assert price.usd(Billed(input=5, **{sort: 1})) is None
    assert price.usd(Billed(input=5)) == 0.000005


def test_a_long_prompt_makes_the_whole_call_dearer():
    price = Price(input=1, output=10, read=0.1, above=1000, then=Price(input=2, output=20, read=0.2))
    assert price.usd(Billed(input=900, read=100, output=10)) == pytest.approx(0.00101)
    # 901·2 + 100·0.2 + 10·20 = 2022 millionths: the cached tokens count for the length
    assert price.usd(Billed(input=901, read=100, output=10)) == pytest.approx(0.002022)


def test_haiku_55_has_two_prices():
    price = price_of("claude-haiku-5-5")
    assert price.usd(Billed(input=100_000, output=1000)) == pytest.approx(0.0105)
    assert price.usd(Billed(input=100_001, output=1000)) == pytest.approx(0.0525005)


def test_the_most_that_a_call_may_cost_has_all_of_its_prompt_written_to_the_dearest_cache():
    price = Price(input=1, output=10, write=1.25, write_1h=2, batch=0.5)
    assert price.most(1000, 100) == pytest.approx(0.003)
    assert price.most(1000, 100, batch=True) == pytest.approx(0.0015)
    assert Price(input=1, output=10).most(1000, 100) == pytest.approx(0.002)
    assert Price(input=1, output=10).most(1000, 100, batch=True) is None


def test_the_most_that_a_long_prompt_may_cost_is_by_its_own_price():
    price = price_of("claude-haiku-5-5")
    assert price.most(100_001, 0) == pytest.approx(100_001 * 1 / 1e6)


@pytest.mark.parametrize("model", ["claude-sonnet-4-5-20250929", "claude-sonnet-4-5"])
def test_a_dated_id_costs_what_the_model_costs(model):
    assert price_of(model) == Price(input=3, output=15, read=0.3, write=3.75, write_1h=6, batch=0.5)


@pytest.mark.parametrize(
    "model", ["", "claude", "someone-s-model", "claude-sonnet-4-5-2025", "claude-opus-5-5-latest"]
)
def test_a_model_that_is_not_in_the_table_has_no_price(model):
    assert price_of(model) is None


def test_every_model_of_the_table_costs_something():
    for price in prices().models.values():
        assert price.usd(Billed(input=1, output=1, read=1, write=1, batch=True)) > 0


def test_the_users_file_replaces_models_and_adds_some(own):
    before = prices().version
    own("models:\n  claude-opus-5-5: {input: 1, output: 2}\n  mine: {input: 0, output: 0}\n")
    assert price_of("claude-opus-5-5") == Price(input=1, output=2)
    assert price_of("mine").usd(Billed(input=9, output=9)) == 0
    assert price_of("claude-opus-5") is not None
    assert prices().version.startswith(f"{before} and ")


def test_the_table_is_dated_and_says_which_it_is():
    assert re.fullmatch(r"\d{4}-\d\d-\d\d [0-9a-f]{12}", prices().version)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("models: [", "not valid YAML"),
        ("- a\n", "no models are in it"),
        ("models: {m: 3}", r"models\.m: not a price; {input: 1, output: 5}; known: input, output"),
        ("models: {m: {input: 1}}", r"models\.m: not a price"),
        ("models: {m: {input: 1, output: 2, cached: 3}}", r"models\.m: not a price"),
        ("models: {m: {input: -1, output: 2}}", r"models\.m\.input: a number from 0 was expected"),
        ("models: {m: {input: .nan, output: 2}}", r"models\.m\.input: a number from 0"),
        ("models: {m: {input: yes, output: 2}}", r"models\.m\.input: a number from 0"),
        ("models: {m: {input: 1, output: 2, above: 5}}", r"models\.m: `above` and `then` go together"),
        ("models: {m: {input: 1, output: 2, above: 5, then: 6}}", r"models\.m\.then: not a price"),
        ("models: {m: &m {input: 1, output: 2, above: 5, then: *m}}", "`then` holds itself"),
    ],
)
def test_a_file_that_is_not_right_is_said(own, text, error):
    own(text)
    with pytest.raises(UserError, match=error):
        prices()


def test_a_file_that_is_not_there_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "absent.yaml"))
    with pytest.raises(UserError, match=r"absent\.yaml: can't be read: No such file"):
        prices()


def test_a_key_in_the_file_is_not_repeated(own, monkeypatch):
    monkeypatch.setenv("ODD_API_KEY", "sk-marked-0123456789")
    own("models: [sk-marked-0123456789: {")
    with pytest.raises(UserError) as caught:
        prices()
    assert "sk-marked" not in str(caught.value)
