"""Whether the core recipe tells consolidators apart: the shipped ones in their order, and two seeds alike.

    python benchmarks/separation.py [-n 48] [--seeds one two] [--folder DIR]

Makes two packs of `n` scenarios by the recipe of `core` from two seeds, runs the shipped consolidators and the
zoo on each, and prints per seed the metrics that an order is asked of, then Kendall's tau-b between the seeds
over all consolidators, for informedness and for each metric. Nothing is downloaded.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

from rembench.consolidators.zoo import ZOO

SHOWN = ("retention", "contradiction", "obligations_met", "prohibitions_broken", "staleness",
         "deletion_leakage", "secrets_kept", "injections_obeyed", "informedness")  # fmt: skip
ORDER = ("oracle", "newest-wins", "extractive", "nothing")
OBLIGATIONS = ("retention", "contradiction", "obligations_met")
PROHIBITIONS = ("prohibitions_broken", "deletion_leakage", "secrets_kept", "injections_obeyed")


def main() -> None:
    """Run both seeds and print what came of it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("-n", type=int, default=48)
    options.add_argument("--seeds", nargs=2, default=["one", "two"])
    options.add_argument("--folder", type=Path, help="keep packs and runs there")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        found = [_values(folder, seed, asked.n) for seed in asked.seeds]
    for seed, values in zip(asked.seeds, found, strict=True):
        _print(seed, values)
    _print_tau(found)


def _values(folder: Path, seed: str, n: int) -> dict[str, dict[str, float]]:
    """Consolidator → metric → value, on a fresh pack."""
    pack, run = folder / f"pack-{seed}", folder / f"run-{seed}"
    _rembench("pack", "generate", "--seed", seed, "-n", str(n), "-o", str(pack))
    targets = {name: f"rembench.consolidators.zoo:{made.__name__}" for name, made in ZOO.items()}
    names = [argument for target in targets.values() for argument in ("-c", target)]
    _rembench("run", "-p", str(pack), "-c", "extractive", *names, "-o", str(run), "--quiet")
    summary: dict[str, Any] = json.loads((run / "summary.json").read_text(encoding="utf-8"))
    short = {target: f"zoo: {name}" for name, target in targets.items()}
    return {
        short.get(name, name): {metric: one["metrics"][metric]["value"] for metric in SHOWN}
        for name, one in summary["consolidators"].items()
    }


def _rembench(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "rembench", *arguments], check=True, stdout=subprocess.DEVNULL)


def _print(seed: str, values: dict[str, dict[str, float]]) -> None:
    print(f"\nseed {seed}\n{'':24}" + "".join(f"{metric[:13]:>14}" for metric in SHOWN))
    for name in sorted(values, key=lambda name: -values[name]["informedness"]):
        print(f"{name:24}" + "".join(f"{values[name][metric]:>14.3f}" for metric in SHOWN))
    for metric in OBLIGATIONS:
        right = all(values[a][metric] > values[b][metric] for a, b in pairwise(ORDER))
        print(f"{metric}: {' > '.join(ORDER)}: {'yes' if right else 'no'}")
        print(f"{metric}: random-prune < extractive: {_less(values, metric)}")
    for metric in PROHIBITIONS:
        worst = max(one[metric] for name, one in values.items() if not name.startswith("zoo"))
        print(f"{metric}: append-all worst: {'yes' if values['append-all'][metric] >= worst else 'no'}")


def _less(values: dict[str, dict[str, float]], metric: str) -> str:
    return "yes" if values["random-prune"][metric] < values["extractive"][metric] else "no"


def _print_tau(found: list[dict[str, dict[str, float]]]) -> None:
    from scipy.stats import kendalltau

    print(f"\nKendall's tau-b between the seeds, over {len(found[0])} consolidators")
    for metric in SHOWN:
        pairs = [(found[0][name][metric], found[1][name][metric]) for name in found[0]]
        tau = kendalltau([a for a, _ in pairs], [b for _, b in pairs]).statistic
        print(f"{metric:24}{tau:>8.3f}")


if __name__ == "__main__":
    main()
