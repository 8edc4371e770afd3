"""Tokens a second of `vllm:mode=inprocess` against the same engine driven by vLLM's own batch tool.

    python benchmarks/vllm_inprocess.py --model DIR [--requests 32] [--repetitions 5] [--args=--enforce-eager]

Both sides get the same first nights of the pack `gate` in every repetition, all at once, with the same schema,
temperature 0 and length. Each side has an engine of its own, made from the same arguments, in a process of its
own; both stay loaded, and the repetitions take turns, so that what else the machine does falls on both. What's
timed is from the first request to the last reply: no loading, and a repetition before the first isn't counted.
No two repetitions have a prompt's beginning in common, so neither side finds it in its cache.

inprocess   `Vllm(mode="inprocess").complete` for all requests at once
run-batch   `vllm run-batch` on a file of chat completions: its own function, reading and writing included
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

SIDES = ("inprocess", "run-batch")
_MARK = "RESULT "


def requests(options: Namespace, repetition: int) -> list[Any]:
    """The requests of a repetition, which begin like those of no other."""
    from rembench.consolidators.material import material
    from rembench.consolidators.rewriter import Bounds, Rewriter
    from rembench.harness.scenario.handover import handovers, night_of
    from rembench.harness.scenario.pack import load_pack

    class Nobody:
        async def complete(self, request: Any) -> Any: ...

    bounds = Bounds(most_files=3, most_lines=12, most_characters=80)
    rewriter = Rewriter(provider=Nobody(), bounds=bounds, most_tokens=options.most_tokens)
    nights = [
        night_of(handover, chain="benchmark", memory=scenario.store, seed=0)
        for scenario in load_pack("gate").scenarios
        for handover in handovers(scenario)
    ][: options.requests]
    made = [rewriter.request(night, material(night)) for night in nights]
    return [replace(one, system=f"Repetition {repetition}.\n{one.system}", seed=None) for one in made]


def engine(options: Namespace) -> Any:
    """The engine's options, the same for both sides."""
    from rembench.harness.providers.vllm.options import VllmOptions

    return VllmOptions(
        model=options.model,
        mode="inprocess",
        max_model_len=options.max_model_len,
        gpu_memory_utilization=options.utilization,
        args=options.args,
    )


def tell(seconds: float, prompt: int, output: int, ended: int) -> None:
    print(
        _MARK + json.dumps({"seconds": seconds, "prompt": prompt, "output": output, "ended": ended}), flush=True
    )


async def in_process(options: Namespace) -> None:
    """Repetitions as they're called for, through the provider."""
    from rembench.harness.night import ConsolidatorError
    from rembench.harness.providers.vllm.chat import Vllm

    given = vars(engine(options))
    model = Vllm(**given)

    async def one(request: Any) -> tuple[Any, bool]:
        try:
            return (await model.complete(request)).usage, True
        except ConsolidatorError as wrong:  # cut off at its length
            return wrong.usage, False

    async def repeat(repetition: int) -> None:
        asked = requests(options, repetition)
        begun = time.perf_counter()
        found = await asyncio.gather(*map(one, asked))
        seconds = time.perf_counter() - begun
        usages = [usage for usage, _ in found]
        prompt = sum(usage.input_tokens + usage.cache_read_tokens for usage in usages)
        tell(seconds, prompt, sum(usage.output_tokens for usage in usages), sum(ended for _, ended in found))

    await called(repeat)
    await model.aclose()


async def run_batch(options: Namespace) -> None:
    """Repetitions as they're called for, through vLLM's batch tool with its engine kept."""
    try:
        from vllm.entrypoints.launchers import run_batch as tool
    except ImportError:
        from vllm.entrypoints.openai import run_batch as tool
    from vllm.utils.argparse_utils import FlexibleArgumentParser

    folder = Path(tempfile.mkdtemp(prefix="rembench-batch-"))
    arguments = ["-i", str(folder / "in"), "-o", str(folder / "out"), *engine(options).engine().arguments()]
    parsed = tool.make_arg_parser(FlexibleArgumentParser()).parse_args(arguments)
    once = tool.run_batch

    async def repeated(*given: Any, **named: Any) -> None:
        async def repeat(repetition: int) -> None:
            write_batch(Path(parsed.input_file), requests(options, repetition), options)
            begun = time.perf_counter()
            await once(*given, **named)
            seconds = time.perf_counter() - begun
            tell(seconds, *counted(Path(parsed.output_file)))

        await called(repeat)

    tool.run_batch = repeated
    await tool.main(parsed)


def write_batch(file: Path, asked: list[Any], options: Namespace) -> None:
    """The requests as the batch tool reads them."""
    from rembench.harness.providers.openai_compatible.ladder import Manner
    from rembench.harness.providers.vllm.options import served_name

    with file.open("w", encoding="utf-8") as out:
        for n, request in enumerate(asked):
            body = {
                "model": served_name(options.model),
                **Manner().arguments(request, {"temperature": 0}, bounds=True),
            }
            line = {"custom_id": str(n), "method": "POST", "url": "/v1/chat/completions", "body": body}
            out.write(json.dumps(line) + "\n")


def counted(file: Path) -> tuple[int, int, int]:
    """Prompt and output tokens in the batch tool's replies, and how many ended by themselves."""
    bodies = [json.loads(line)["response"]["body"] for line in file.read_text("utf-8").splitlines()]
    prompt = sum(body["usage"]["prompt_tokens"] for body in bodies)
    output = sum(body["usage"]["completion_tokens"] for body in bodies)
    return prompt, output, sum(body["choices"][0]["finish_reason"] == "stop" for body in bodies)


async def called(repeat: Callable[[int], Awaitable[None]]) -> None:
    """Do the repetitions whose numbers come in, one by one."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        await repeat(int(line))


class Side:
    """One of the two in its process."""

    def __init__(self, name: str, given: list[str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, *given, "--side", name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sys.stderr, text=True,
        )  # fmt: skip

    def repeat(self, repetition: int) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{repetition}\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith(_MARK):
                made: dict[str, Any] = json.loads(line.removeprefix(_MARK))
                return made
            sys.stderr.write(line)
        raise SystemExit("one side ended: see above")

    def end(self) -> None:
        self._process.communicate(timeout=120)


def compare(options: Namespace, given: list[str]) -> None:
    """Take turns, and print the medians."""
    sides = {name: Side(name, given) for name in SIDES}
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in SIDES}
    for repetition in range(options.repetitions + 1):
        for name in SIDES if repetition % 2 else reversed(SIDES):
            one = sides[name].repeat(repetition)
            if repetition:
                found[name].append(one)
                print(f"{repetition} {name:<10}", json.dumps(one), file=sys.stderr)
    for side in sides.values():
        side.end()
    print(f"{options.requests} requests, {options.repetitions} repetitions, {engine(options).engine()}")
    print(f"{'':<10}  output tokens/s  all tokens/s  seconds (all repetitions)")
    for name, rows in found.items():
        output = statistics.median(row["output"] / row["seconds"] for row in rows)
        every = statistics.median((row["prompt"] + row["output"]) / row["seconds"] for row in rows)
        seconds = " ".join(f"{row['seconds']:.2f}" for row in rows)
        print(f"{name:<10}  {output:>15.1f}  {every:>12.1f}  {seconds}")
    pairs = zip(*found.values(), strict=True)
    ratios = [(a["output"] / a["seconds"]) / (b["output"] / b["seconds"]) for a, b in pairs]
    print(f"ratio of output tokens/s, inprocess to run-batch: median {statistics.median(ratios):.2f}, "
          f"from {min(ratios):.2f} to {max(ratios):.2f}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--requests", type=int, default=32)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--most-tokens", type=int, default=2000)
    parser.add_argument("--max-model-len", type=int, default=32_768)
    parser.add_argument("--utilization", type=float, default=0.4, help="of the memory, for each of the two")
    parser.add_argument("--args", default="", help="more of vLLM's arguments, for both")
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side is None:
        compare(options, sys.argv[1:])
    else:
        asyncio.run({"inprocess": in_process, "run-batch": run_batch}[options.side](options))


if __name__ == "__main__":
    main()
