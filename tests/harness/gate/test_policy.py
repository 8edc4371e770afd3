import pytest

from rembench.harness.errors import UserError
from rembench.harness.gate.policy import DEFAULT, Policy, Rule, read_policy
from rembench.metrics import METRICS


def read(tmp_path, text):
    path = tmp_path / "gate.toml"
    path.write_text(text, encoding="utf-8")
    return read_policy(path)


def test_a_policy_is_read_in_its_order(tmp_path):
    found = read(
        tmp_path,
        """
        level = 0.1
        missing = 0.02
        [metrics.staleness]
        margin = 0.05
        blocks = false
        [metrics.retention]
        margin = 0.1
        at_least = 0
        [metrics.usd]
        at_most = 2
        """,
    )
    assert found == Policy(
        rules=(
            Rule(metric="staleness", margin=0.05, blocks=False),
            Rule(metric="retention", margin=0.1, at_least=0.0),
            Rule(metric="usd", at_most=2.0),
        ),
        level=0.1,
        missing=0.02,
    )
    assert found.metrics == ("staleness", "retention", "usd")


def test_what_is_unsaid_is_5_percent_nothing_missing_and_blocking(tmp_path):
    found = read(tmp_path, "[metrics.retention]\nmargin = 0.05")
    assert (found.level, found.missing, found.rules[0].blocks) == (0.05, 0.0, True)


def test_the_default_policy_keeps_to_metrics_with_a_better_side():
    assert all(METRICS[rule.metric].better != "neither" and rule.margin for rule in DEFAULT.rules)
    roles = [METRICS[rule.metric].role for rule in DEFAULT.rules]
    assert set(roles) == {"obligation", "prohibition"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[metrics.retension]\nmargin = 0.1", "unknown metric 'retension'; did you mean 'retention'?"),
        ("[metrics.skill]\nmargin = 0.1", "metrics.skill: isn't known scenario by scenario; informedness"),
        ("[metrics.rouge1]\nmargin = 0.1", "rouge1 is neither better high nor low; give at_least or at_most"),
        ("[metrics.retention]\nmargins = 0.1", "unknown key 'margins' did you mean 'margin'?"),
        ("[metrics.retention]\nblocks = true", "is held to nothing; give margin, at_least or at_most"),
        ("[metrics.retention]\nmargin = 0", "no number of scenarios can show a loss of exactly 0"),
        ("[metrics.retention]\nmargin = 1", "1 isn't between 0 and 1"),
        ("[metrics.retention]\nmargin = -0.1", "-0.1 isn't from 0 to 1"),
        ("[metrics.retention]\nmargin = nan", "nan isn't from 0 to 1"),
        ("[metrics.retention]\nat_least = true", "isn't a number"),
        ("[metrics.retention]\nat_least = 1.5", "1.5 isn't from 0 to 1"),
        (f"[metrics.retention]\nmargin = 1{'0' * 400}", "metrics.retention.margin: is too large"),
        (f"[metrics.usd]\nat_most = 0x{'f' * 5000}", "metrics.usd.at_most: is too large"),
        ("level = 1e-320\n[metrics.retention]\nmargin = 0.1", "can't be shown; at least 1e-06; 0.05 is usual"),
        ("[metrics.usd]\nat_most = inf", "inf isn't from 0 to inf"),
        ("[metrics.retention]\nmargin = 0.1\nblocks = 1", "true or false is needed"),
        ("[metrics.retention]\nmargin = 0.1\nblocks = false", "no metric blocks"),
        ("level = 0.9\n[metrics.retention]\nmargin = 0.1", "level: 0.9 isn't from 0 to 0.5"),
        ("level = 0\n[metrics.retention]\nmargin = 0.1", "level: 0 isn't between 0 and 0.5"),
        ("missing = 2\n[metrics.retention]\nmargin = 0.1", "missing: 2 isn't from 0 to 1"),
        ("levels = 0.1\n[metrics.retention]\nmargin = 0.1", "unknown key 'levels' did you mean 'level'?"),
        ("[metrics]", "no metric blocks"),
        ("metrics = 3", "an object is needed"),
        ("", "'metrics' is missing"),
        ("[metrics.retention", "not valid TOML"),
    ],
)
def test_what_is_wrong_with_a_policy_is_said_in_one_line(tmp_path, text, said):
    with pytest.raises(UserError) as wrong:
        read(tmp_path, text)
    assert said in str(wrong.value).replace(";", ";").replace("; did", " did") or said in str(wrong.value)
    assert "gate.toml" in str(wrong.value)
    assert "\n" not in str(wrong.value)


def test_a_policy_that_is_not_there_says_what_writes_one(tmp_path):
    with pytest.raises(UserError, match="policy not found; `rembench gate init RUN` writes one"):
        read_policy(tmp_path / "none.toml")
