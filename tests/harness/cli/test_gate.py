"""`rembench gate` as other programs call it: through a shell, with its exit codes and files."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as Xml

import pytest

from tests.harness.cli.calling import call
from tests.harness.cli.conftest import copies

REMBENCH = f"{shlex.quote(sys.executable)} -m rembench"


def shell(line, folder):
    """What a real shell makes of a line that begins with `rembench`; its exit code is the line's."""
    script = f'rembench() {{ {REMBENCH} "$@"; }}; cd {shlex.quote(str(folder))}; {line}'
    return subprocess.run(["/usr/bin/env", "bash", "-c", script], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("rembench gate run --baseline baseline.json --policy gate.toml", 0, r"gate: pass \(.*\)"),
        ("rembench gate run --baseline run --policy gate.toml -c nothing", 0, r"gate: pass \(.*\)"),
        (
            "rembench gate --policy gate.toml -c nothing --baseline baseline.json run",
            1,
            r"gate: fail \(.*\)",
        ),
        (
            "rembench gate run --baseline baseline.json --policy close.toml",
            3,
            r"gate: undecided \(.*\); about [0-9,]+ scenarios would decide it",
        ),
    ],
)
def test_exit_codes_through_a_real_shell(gated, line, code, said):
    (gated / "close.toml").write_text("[metrics.retention]\nmargin = 0.01\n", encoding="utf-8")
    done = shell(f"{line}; echo $?", gated)
    *_, verdict, printed = done.stdout.splitlines()
    assert printed == f"{code}", done.stderr
    assert re.fullmatch(said, verdict)
    assert done.stderr == ""


@pytest.mark.parametrize(
    "line", ["rembench gate run", "rembench gate run --baseline none.json", "rembench gate --nonsense"]
)
def test_what_is_asked_wrongly_is_exit_2_through_a_real_shell(gated, line):
    done = shell(f"{line}; echo $?", gated)
    assert done.stdout == "2\n"
    assert done.stderr.count("\n") >= 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("run", "--baseline is missing; a run folder, or a file that `gate baseline` wrote"),
        ("--baseline baseline.json", "RUN is missing; a run folder, or --until-decided"),
        ("run --baseline none.json", "none.json: baseline not found"),
        ("none --baseline baseline.json", "none: not a run folder: it has no run.json"),
        ("run --baseline gate.toml", "gate.toml:1: malformed JSON"),
        ("run --baseline run -c extractiv", "unknown consolidator 'extractiv'; did you mean 'extractive'?"),
        ("run --baseline run --policy none.toml", "none.toml: policy not found"),
        ("run --baseline run --policy wrong.toml", "unknown metric 'retenton'; did you mean 'retention'?"),
        ("run --baseline run --looks 3", "--looks goes with --until-decided"),
        ("run --baseline run -o x", "-o goes with --until-decided"),
        ("run --until-decided --baseline run", "run: --until-decided makes its own run; leave RUN out"),
        ("--until-decided --baseline run", "--until-decided makes a run: -c is missing"),
        ("--until-decided --baseline run -c nothing", "--until-decided makes a run: -p is missing"),
    ],
)
def test_what_the_user_can_mend_is_one_line_and_exit_2(gated, monkeypatch, capsys, arguments, said):
    monkeypatch.chdir(gated)
    (gated / "wrong.toml").write_text("[metrics.retenton]\nmargin = 0.1\n", encoding="utf-8")
    code, out, err = call(monkeypatch, capsys, "gate", *arguments.split())
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_a_baseline_on_another_pack_is_refused(gated, tmp_path, monkeypatch, capsys):
    top = json.loads((gated / "baseline.json").read_text(encoding="utf-8"))
    top["packs"][0]["sha256"] = "0" * 64
    (tmp_path / "other.json").write_text(json.dumps(top), encoding="utf-8")
    code, _, err = call(monkeypatch, capsys, "gate", gated / "run", "--baseline", tmp_path / "other.json")
    assert code == 2
    assert "the baseline was made on ten sha256 000000000000, the run on ten sha256" in err


def test_a_baseline_without_a_metric_of_the_policy_is_refused(gated, tmp_path, monkeypatch, capsys):
    (tmp_path / "gate.toml").write_text("[metrics.insight]\nmargin = 0.1\n", encoding="utf-8")
    arguments = [gated / "run", "--baseline", gated / "baseline.json", "--policy", tmp_path / "gate.toml"]
    code, _, err = call(monkeypatch, capsys, "gate", *arguments)
    assert code == 2
    assert "the baseline has no insight; make it again" in err


def test_json_junit_and_markdown_say_the_same(gated, tmp_path, monkeypatch, capsys):
    files = ["--junit", tmp_path / "new" / "junit.xml", "--summary", tmp_path / "summary.md", "--json"]
    code, out, _ = call(
        monkeypatch,
        capsys,
        "gate",
        gated / "run",
        "-c",
        "nothing",
        "--baseline",
        gated / "baseline.json",
        *files,
    )
    made = json.loads(out)
    assert (code, made["verdict"]) == (1, "fail")
    assert made["checks"][0]["consolidator"] == "nothing"
    assert made["checks"][0]["against"] == "extractive"
    failed = [c["metric"] for c in made["checks"] if c["verdict"] == "fail"]
    assert "retention" in failed
    top = Xml.parse(tmp_path / "new" / "junit.xml").getroot()
    cases = {c.get("name").split()[0]: c for c in top.iter("testcase")}
    assert [name for name, c in cases.items() if c.find("failure") is not None] == failed
    assert (tmp_path / "summary.md").read_text(encoding="utf-8").startswith("## rembench gate: fail (")


def test_init_writes_a_policy_that_the_run_itself_does_not_fail(gated, tmp_path, monkeypatch, capsys):
    file = tmp_path / "gate.toml"
    code, out, _ = call(monkeypatch, capsys, "gate", "init", gated / "run", "-o", file)
    assert (code, out) == (0, f"{file}\n")
    text = file.read_text(encoding="utf-8")
    assert "extractive on ten sha256" in text
    assert "retention" in tomllib.loads(text)["metrics"]
    code, _, _ = call(monkeypatch, capsys, "gate", gated / "run", "--baseline", gated / "run", "--policy", file)
    assert code in {0, 3}
    code, _, err = call(monkeypatch, capsys, "gate", "init", gated / "run", "-o", file)
    assert code == 2
    assert "is there already; give another file with -o" in err


def test_the_baseline_has_the_metrics_of_its_policy(gated, tmp_path, monkeypatch, capsys):
    (tmp_path / "gate.toml").write_text("[metrics.insight]\nmargin = 0.1\n", encoding="utf-8")
    file = tmp_path / "b.json"
    arguments = [
        gated / "run",
        "-o",
        file,
        "--policy",
        tmp_path / "gate.toml",
        "-c",
        "oracle",
        "-c",
        "extractive",
    ]
    assert call(monkeypatch, capsys, "gate", "baseline", *arguments)[0] == 0
    found = json.loads(file.read_text(encoding="utf-8"))["consolidators"]
    assert list(found) == ["oracle", "extractive"]
    assert list(found["oracle"]) == ["insight"]


def test_nights_that_were_not_run_leave_a_run_undecided(gated, tmp_path, monkeypatch, capsys):
    cut = tmp_path / "cut"
    cut.mkdir()
    (cut / "run.json").write_bytes((gated / "run" / "run.json").read_bytes())
    lines = (gated / "run" / "nights.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    mine = [line for line in lines if '"extractive"' in line]
    (cut / "nights.jsonl").write_text("".join(mine[: len(mine) // 2]), encoding="utf-8")
    arguments = ["gate", cut, "--baseline", gated / "baseline.json", "--policy", gated / "gate.toml"]
    code, out, err = call(monkeypatch, capsys, *arguments)
    assert code == 3
    assert "scenarios miss verdicts that the other side has: the difference lies between" in out
    assert "nights are journalled" in err


def test_a_run_on_part_of_the_pack_is_compared_on_that_part(gated, tmp_path, monkeypatch, capsys):
    run = ["run", "-p", gated / "ten.jsonl", "-c", "extractive", "-o", tmp_path / "part", "--limit", "8", "-q"]
    assert call(monkeypatch, capsys, *run)[0] == 0
    arguments = [
        "gate",
        tmp_path / "part",
        "--baseline",
        gated / "baseline.json",
        "--policy",
        gated / "gate.toml",
    ]
    code, out, _ = call(monkeypatch, capsys, *arguments)
    assert code == 0
    assert "8 scenarios are in both: the run has 8, the baseline 10" in out


def test_the_pack_is_found_where_it_lies_now(gated, tmp_path, monkeypatch, capsys):
    moved = copies(tmp_path / "elsewhere.jsonl", 10)
    arguments = ["gate", gated / "run", "--baseline", gated / "baseline.json", "--policy", gated / "gate.toml"]
    assert call(monkeypatch, capsys, *arguments, "-p", moved)[0] == 0


def test_help_names_the_commands(monkeypatch, capsys):
    code, out, _ = call(monkeypatch, capsys, "gate", "--help")
    assert code == 0
    assert all(name in out for name in ("check", "init", "baseline"))


@pytest.mark.parametrize(
    "options",
    [
        "--junit baseline.json",
        "--summary ./baseline.json",
        "--junit gate.toml",
        "--junit new --summary new",
        "--summary run/run.json",
        "--summary run/nights.jsonl",
        "--junit ''",
    ],
)
def test_no_output_takes_the_place_of_an_input_or_of_another(gated, options):
    kept = {path: path.read_bytes() for path in gated.rglob("*") if path.is_file()}
    done = shell(f"rembench gate run --baseline baseline.json --policy gate.toml {options}", gated)
    assert done.returncode == 2
    assert done.stderr.startswith("rembench: error: ")
    assert done.stderr.count("\n") == 1
    assert {path: path.read_bytes() for path in gated.rglob("*") if path.is_file()} == kept


def test_a_baseline_is_not_written_over_a_run(gated):
    before = (gated / "run/run.json").read_bytes()
    done = shell("rembench gate baseline run -o run/run.json", gated)
    assert (done.returncode, "is a part of a run" in done.stderr) == (2, True)
    assert (gated / "run/run.json").read_bytes() == before


def test_a_policy_is_not_written_over_a_link(gated):
    (gated / "link.toml").symlink_to("elsewhere.toml")
    done = shell("rembench gate init run -o link.toml", gated)
    assert (done.returncode, "is there already" in done.stderr) == (2, True)
    assert (gated / "link.toml").is_symlink()


def test_the_verdict_is_said_even_where_a_file_cannot_be_written(gated):
    (gated / "afile").write_text("")
    done = shell("rembench gate run --baseline baseline.json --policy gate.toml --junit afile/x.xml", gated)
    assert (done.returncode, "gate: pass" in done.stdout) == (2, True)
