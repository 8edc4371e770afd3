"""What the harness itself costs: many copies of a small scenario through an instant consolidator.

    python benchmarks/throughput.py [--copies 1000] [--repetitions 5] [--scenario bakery-counter] [--report]

Every part of every repetition is a fresh process:

run           read the pack, run every night, journal it with fsync; one consolidator that gives the memory back
run, no disk  the same with a journal in memory: what's left is what the disk costs
score         read run folder and pack, score, write verdicts.parquet, findings.parquet and summary.json
together      run, then score, in one process, as `rembench run` does

CPU is user + system of the process and its children, interpreter and imports included; memory is the peak
resident size; scenarios/s is by the wall clock of the part, without the interpreter's start.
"""

import argparse
import asyncio
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

TINY = Path(__file__).parents[1] / "tests" / "packs" / "tiny" / "scenarios"
PARTS = ("run", "run, no disk", "score", "together")


class Unchanged:
    """Gives the memory back as it was, at once."""

    def __init__(self) -> None:
        from rembench.harness.night import Capabilities

        self.capabilities = Capabilities()

    async def consolidate(self, night: Any) -> Any:
        from rembench.harness.night import FREE, Consolidation

        return Consolidation(memory=dict(night.memory), usage=FREE)


class Fsyncs:
    """Counts the calls of os.fsync and the seconds inside them."""

    def __init__(self) -> None:
        self.calls, self.seconds, self._real = 0, 0.0, os.fsync
        os.fsync = self._timed  # type: ignore[assignment]

    def _timed(self, fd: int) -> None:
        begun = time.perf_counter()
        self._real(fd)
        self.seconds += time.perf_counter() - begun
        self.calls += 1


def write_pack(folder: Path, scenario: str, copies: int) -> None:
    text = (TINY / f"{scenario}.json").read_text(encoding="utf-8")
    one = json.loads(text)
    folder.mkdir()
    with (folder / "scenarios.jsonl").open("w", encoding="utf-8") as out:
        for n in range(copies):
            out.write(json.dumps(one | {"id": f"{scenario}-{n:05}"}, ensure_ascii=False) + "\n")


def run(folder: Path, pack: Path, *, on_disk: bool) -> None:
    from rembench.harness.engine.journal import Journal
    from rembench.harness.engine.ledger import RunLedger
    from rembench.harness.engine.record import RunRecord
    from rembench.harness.engine.run import Engine, Settings
    from rembench.harness.scenario.pack import load_pack

    loaded = load_pack(str(pack))
    record = RunRecord(
        rembench="benchmark", created="2026-01-01T00:00:00+00:00", seed=0, repeats=1,
        packs=({"name": loaded.name, "path": loaded.path, "sha256": loaded.sha256},),
        consolidators=({"name": "unchanged", "spec": "unchanged", "control": False},),
    )  # fmt: skip
    folder.mkdir()
    record.write(folder)
    disk = None if on_disk else os.fdopen(os.memfd_create("journal"), "wb", buffering=0)
    journal = Journal(folder, disk)
    engine = Engine(
        scenarios={s.id: s for s in loaded.scenarios},
        makers={"unchanged": Unchanged},
        settings=Settings(),
        journal=journal,
        ledger=RunLedger(folder),
    )
    asyncio.run(engine.run(record.chains(loaded.scenarios), ()))
    journal.close()


def score(folder: Path, *, report: bool) -> None:
    from rembench.harness.cli.score import score_run, write_reports

    scored = score_run(folder)
    if report:
        write_reports(scored, folder)


def measure(part: str, work: Path, *, report: bool) -> dict[str, float]:
    """Does one part in this process and says what it took."""
    fsyncs = Fsyncs()
    begun = time.perf_counter()
    if part != "score":
        run(work / "run", work / "pack", on_disk=part != "run, no disk")
    fsync = {"fsyncs": fsyncs.calls, "fsync_s": fsyncs.seconds}
    if part in {"score", "together"}:
        score(work / "run", report=report)
    wall = time.perf_counter() - begun
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    peak = max(own.ru_maxrss, children.ru_maxrss) / 1024
    return {"wall_s": wall, "cpu_s": cpu, "peak_mib": peak, **fsync}


def in_fresh_process(part: str, work: Path, *, report: bool) -> dict[str, float]:
    command = [sys.executable, __file__, "--measure", part, "--work", str(work), *(["--report"] * report)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def repetition(work: Path, *, report: bool) -> dict[str, dict[str, float]]:
    found = {}
    for part in ("run, no disk", "together", "run", "score"):
        if part != "score":
            shutil.rmtree(work / "run", ignore_errors=True)
        found[part] = in_fresh_process(part, work, report=report)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, default=1000)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--scenario", default="bakery-counter", choices=[p.stem for p in TINY.glob("*.json")])
    parser.add_argument("--report", action="store_true", help="the scoring part writes the reports too")
    parser.add_argument("--work", type=Path, help="folder on the disk to measure; a temporary one if not said")
    parser.add_argument("--measure", choices=PARTS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        print(json.dumps(measure(asked.measure, asked.work, report=asked.report)))
        return
    with tempfile.TemporaryDirectory(dir=asked.work) as name:
        work = Path(name)
        write_pack(work / "pack", asked.scenario, asked.copies)
        found = []
        for n in range(asked.repetitions):
            found.append(repetition(work, report=asked.report))
            print_table(f"repetition {n + 1}", found[-1:], asked.copies)
        size = (work / "run" / "nights.jsonl").stat().st_size / 2**20
    print_table(f"median of {asked.repetitions}", found, asked.copies)
    print_journal(found, size)


def median(found: list[dict[str, dict[str, float]]], part: str, name: str) -> float:
    return statistics.median(one[part][name] for one in found)


def print_table(title: str, found: list[dict[str, dict[str, float]]], copies: int) -> None:
    print(f"{title:<14}  scenarios/s   wall s    CPU s  peak MiB")
    for part in PARTS:
        wall, cpu, peak = (median(found, part, name) for name in ("wall_s", "cpu_s", "peak_mib"))
        print(f"  {part:<12}  {copies / wall:>11.1f}  {wall:>7.2f}  {cpu:>7.2f}  {peak:>8.0f}")
    print()


def print_journal(found: list[dict[str, dict[str, float]]], size: float) -> None:
    seconds, calls, wall = (median(found, "run", name) for name in ("fsync_s", "fsyncs", "wall_s"))
    bare = median(found, "run, no disk", "wall_s")
    print(f"journal: {size:.1f} MiB, {calls:.0f} fsyncs, {seconds:.2f} s inside fsync")
    print(f"  fsync / run: {seconds / wall:.1%} of the wall clock, on a thread of its own")
    print(f"  run / run without a disk: {wall / bare:.2f} of the wall clock")


if __name__ == "__main__":
    main()
