"""What the repository as a whole keeps to."""

import re
import socket
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from rembench.consolidators import TABLE
from rembench.metrics import METRICS, READER_METRICS
from rembench.metrics.metric import Metric

ROOT = Path(__file__).parents[1]
FOLDERS = ("harness", "consolidators", "datasets", "metrics", "reports")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKED = {
    (package["name"], package["version"]): package
    for package in tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
}


def python_files() -> list[Path]:
    folders = (*FOLDERS, "rembench", "tests", "benchmarks", "examples")
    return [path for folder in folders for path in (ROOT / folder).rglob("*.py") if not path.is_symlink()]


def test_no_file_is_longer_than_400_lines():
    lengths = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in python_files()}
    assert lengths
    assert [str(path) for path, lines in lengths.items() if lines > 400] == []


def test_datasets_hold_no_python():
    assert list((ROOT / "datasets").rglob("*.py")) == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_import_package_links_to_the_folder(folder):
    link = ROOT / "rembench" / folder
    assert link.is_symlink()
    assert link.resolve() == ROOT / folder


@pytest.mark.parametrize("name", TABLE)
def test_consolidator_has_a_docstring_and_a_test_file(name):
    module = import_module(TABLE[name].target.partition(":")[0])
    assert module.__doc__
    assert (ROOT / f"tests/consolidators/test_{module.__name__.rpartition('.')[2]}.py").is_file()


def metric_modules() -> dict[str, str]:
    """Metric → the name of the module that defines it."""
    stems = sorted(path.stem for path in (ROOT / "metrics").glob("*.py") if path.stem != "__init__")
    found = {}
    for stem in stems:
        for made in vars(import_module(f"rembench.metrics.{stem}")).values():
            if isinstance(made, Metric):
                found.setdefault(made.name, stem)
    return found


def test_every_metric_is_in_the_table_and_every_entry_has_a_module():
    assert metric_modules().keys() == METRICS.keys() | READER_METRICS.keys()
    assert not METRICS.keys() & READER_METRICS.keys()


@pytest.mark.parametrize("module", sorted(set(metric_modules().values())))
def test_metric_has_a_docstring_and_a_test_file(module):
    assert import_module(f"rembench.metrics.{module}").__doc__
    assert (ROOT / f"tests/metrics/test_{module}.py").is_file()


def test_source_distribution_lists_every_folder_and_file_that_is_there():
    listed = PYPROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["only-include"]
    assert [name for name in listed if not (ROOT / name).exists()] == []
    needed = {*FOLDERS, "rembench", "tests", *(p.name for p in ROOT.glob("*.md"))}
    assert needed <= set(listed)


def requirements(name: str) -> set[tuple[str, str]]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    found = [re.match(r"([\w.-]+)==([\w.!+-]+)", line) for line in lines if line.strip()]
    return {(match[1], match[2]) for match in found if match}


def test_requirements_are_those_of_the_lock():
    (project,) = (p for p in LOCKED.values() if p["name"] == "rembench")
    run, everything = requirements("requirements.txt"), requirements("requirements-dev.txt")
    assert run < everything < LOCKED.keys() - {("rembench", project["version"])}
    declared = {d["name"] for d in project["dev-dependencies"]["dev"]}
    assert declared <= {name for name, _ in everything}
    assert {d["name"] for d in project["dependencies"]} <= {name for name, _ in run}


def test_lock_is_of_the_dependencies_in_pyproject():
    (project,) = (p for p in LOCKED.values() if p["name"] == "rembench")
    extras = PYPROJECT["project"]["optional-dependencies"].values()
    declared = PYPROJECT["project"]["dependencies"] + PYPROJECT["dependency-groups"]["dev"]
    declared += [one for extra in extras for one in extra]
    wanted = project["metadata"]["requires-dist"] + project["metadata"]["requires-dev"]["dev"]
    assert sorted(re.sub(r"\W", "", d.casefold()) for d in declared) == sorted(
        re.sub(r"\W", "", d["name"] + d["specifier"]) for d in wanted
    )


def test_lock_names_the_public_index_only():
    text = (ROOT / "uv.lock").read_text(encoding="utf-8")
    hosts = set(re.findall(r'"(\w+://[^/"]+)', text))
    assert hosts == {"https://pypi.org", "https://files.pythonhosted.org"}


@pytest.mark.parametrize("script", ["quickstart", "check", "scripts/setup.sh", "scripts/lock.sh"])
def test_script_is_valid_shell(script):
    checked = subprocess.run(["sh", "-n", ROOT / script], capture_output=True, text=True, check=False)
    assert checked.stderr == ""


def test_script_without_python_says_so_in_one_line(tmp_path):
    source = f"cd {ROOT}; . scripts/setup.sh; find_python"
    asked = subprocess.run(
        ["/bin/sh", "-c", source],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 2
    assert asked.stderr.count("\n") == 1
    assert "Python 3.11 or later isn't found" in asked.stderr


def test_tests_reach_no_other_machine():
    with pytest.raises(AssertionError, match="no network"):
        socket.create_connection(("192.0.2.1", 80))
    with pytest.raises(AssertionError, match="no network"):
        socket.getaddrinfo("example.org", 443)


def test_tests_reach_this_machine():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


def test_python_is_new_enough_for_what_is_declared():
    assert PYPROJECT["project"]["requires-python"] == ">=3.11"
    assert sys.version_info >= (3, 11)
