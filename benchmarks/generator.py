"""How fast scenarios are made, in how much memory, and whether every one of them is right.

    python benchmarks/generator.py [--counts 250 500 1000 2000] [--repetitions 5]     rate and memory
    python benchmarks/generator.py --check 10000 [--processes 4] [--seed S]           is each of them right?

Rate: scenarios made and written as JSON Lines to a file, one at a time, levels 1 to 5 in turn, on one core;
every repetition is a fresh process; median of the repetitions. Memory is the process's peak resident size:
it's flat if nothing is kept. Check, of every scenario and its twin:
valid, solver, oracle and nothing are those of `rembench.harness.audit.integrity`.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from multiprocessing import Pool
from pathlib import Path


def main() -> None:
    """Measure or check, and print a table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--counts", type=int, nargs="+", default=[250, 500, 1000, 2000])
    options.add_argument("--repetitions", type=int, default=5)
    options.add_argument("--check", type=int, metavar="N")
    options.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options.add_argument("--seed", default="check")
    options.add_argument("--one", type=int, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.one:
        print(json.dumps(measured(asked.one)))
    elif asked.check:
        checked(asked.check, asked.seed, asked.processes)
    else:
        table(asked.counts, asked.repetitions)


def measured(n: int) -> dict[str, float]:
    """One repetition, in this process."""
    from rembench.harness.generator.generate import Recipe, generate
    from rembench.harness.generator.write import write_scenarios

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenarios.jsonl"
        begun = time.process_time()
        write_scenarios(path, generate(Recipe(seed="rate", n=n, prefix="rate")))
        seconds = time.process_time() - begun
        size = path.stat().st_size
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"rate": n / seconds, "peak_mib": peak, "mb": size / 1e6}


def table(counts: list[int], repetitions: int) -> None:
    """The rates and peaks of all counts, medians."""
    print(f"{'scenarios':>10} {'per CPU s':>10} {'peak MiB':>10} {'MB written':>11}")
    for n in counts:
        command = [sys.executable, __file__, "--one", str(n)]
        runs = [json.loads(subprocess.check_output(command)) for _ in range(repetitions)]
        middle = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        print(f"{n:>10,} {middle['rate']:>10.1f} {middle['peak_mib']:>10.0f} {middle['mb']:>11.1f}", flush=True)


def checked(n: int, seed: str, processes: int) -> None:
    """Check `n` scenarios with their twins."""
    begun = time.perf_counter()
    total: Counter[str] = Counter()
    with Pool(processes) as pool:
        for found, examples in pool.imap_unordered(_check, ((seed, n, k) for k in range(n)), chunksize=4):
            total.update(found)
            for example in examples:
                print(example, flush=True)
    for name in ("scenarios", "expectations", "valid", "solver", "oracle", "nothing"):
        what = name if name in {"scenarios", "expectations"} else f"{name}: faults"
        print(f"{what:>18} {total[name]:>10,}")
    print(f"{time.perf_counter() - begun:.0f} s, {processes} processes")


def _check(work: tuple[str, int, int]) -> tuple[Counter[str], list[str]]:
    from rembench.harness.audit.integrity import examine

    return examine(*work)


if __name__ == "__main__":
    main()
