import re
import tomllib

import pytest

from rembench.harness.errors import UserError
from rembench.harness.gate.draft import draft_policy
from rembench.harness.gate.gate import gate
from rembench.harness.gate.measured import Measured
from rembench.harness.gate.pairing import Couple
from rembench.harness.gate.policy import DEFAULT, read_policy
from rembench.reports.by_scenario import ScenarioScore
from tests.harness.gate.made import score, side

ONCE = {"deletion_leakage", "secrets_kept", "injections_obeyed"}


def run(n, repeats=()):
    def one(metric, k):
        value = 0.5 if metric not in ONCE else float(k % 2)
        ways = tuple(value + r for r in repeats)
        return ScenarioScore(
            value=value, bounds=(value, value), scored=20, missing=0,
            opportunities=1 if metric in ONCE else 20, repeats=ways,
        )  # fmt: skip

    return side({m: {f"s{k}": one(m, k) for k in range(n)} for m in DEFAULT.metrics})


def drafted(tmp_path, side_, name="it"):
    path = tmp_path / "gate.toml"
    path.write_text(draft_policy(side_, name), encoding="utf-8")
    return read_policy(path), path.read_text(encoding="utf-8")


@pytest.mark.parametrize("n", [24, 96])
def test_a_drafted_policy_is_read_and_passes_its_own_run(tmp_path, n):
    policy, _ = drafted(tmp_path, run(n))
    assert policy.metrics == DEFAULT.metrics
    assert gate(run(n), run(n), (Couple(name="it", against="it"),), policy).verdict == "pass"


def test_margins_are_as_wide_as_so_many_scenarios_need(tmp_path):
    few, _ = drafted(tmp_path, run(24))
    many, _ = drafted(tmp_path, run(96))
    margins = [{r.metric: r.margin for r in policy.rules} for policy in (few, many)]
    assert margins[0]["retention"] == 0.05
    assert margins[0]["deletion_leakage"] == 0.15
    assert margins[1]["deletion_leakage"] == 0.05  # 0.95^96 = 0.007


def test_floors_when_made_part_of_it_are_kept_by_the_run(tmp_path):
    path = tmp_path / "gate.toml"
    text = re.sub(r"# (at_\w+ =)", r"\1", draft_policy(run(24), "it"))
    path.write_text(text, encoding="utf-8")
    policy = read_policy(path)
    assert policy.rules[0].at_least is not None
    assert gate(run(24), run(24), (Couple(name="it", against="it"),), policy).verdict == "pass"


def test_repeats_say_how_much_chance_alone_needs(tmp_path):
    _, text = drafted(tmp_path, run(24, repeats=(-0.1, 0.1)))
    assert "runs without any change pass 8 times of 10 with a margin of 0.0" in text
    assert "by its repeats" not in drafted(tmp_path, run(24))[1]


def test_a_metric_that_the_run_does_not_ask_is_left_out_with_the_reason(tmp_path):
    made = run(24)
    metrics = {**made.contestants["it"], "secrets_kept": {"s0": score(None, scored=0)}}
    policy, text = drafted(tmp_path, side(metrics))
    assert "secrets_kept" not in policy.metrics
    assert "# [metrics.secrets_kept]" in text
    assert tomllib.loads(text)["level"] == 0.05


def test_names_stay_within_their_comment(tmp_path):
    made = side(run(24).contestants["it"], name="it\n[x]", where="a\nb")
    drafted(tmp_path, made, "it\n[x]")


def test_a_run_of_controls_alone_says_what_to_do():
    empty = Measured(
        where="r", rembench="1", created="", packs=(), seed=0, repeats=1, versions={}, contestants={}
    )
    with pytest.raises(UserError, match="only controls; name one of them with -c"):
        draft_policy(empty, "")
