"""vLLM's server from its start to its end, played by a few lines of Python."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path

import pytest

from rembench.harness.errors import UserError
from rembench.harness.night import FREE, ProviderError
from rembench.harness.providers.vllm import server
from rembench.harness.providers.vllm.chat import Vllm
from rembench.harness.providers.vllm.server import log_end
from tests.harness.fake.clients import clear_environment
from tests.harness.processes.programs import wait_for
from tests.harness.providers.openai_compatible.asking import KEY, request
from tests.harness.providers.vllm.fake_vllm import FakeVllm

HARNESS = """
import asyncio, sys
from rembench.harness.providers.vllm import server
from rembench.harness.providers.vllm.chat import Vllm
from tests.harness.providers.openai_compatible.asking import request

server.GRACE = 0.3

async def main():
    model = Vllm(model="any/model", python=sys.executable, env=sys.argv[1])
    await model.complete(request())
    {then}

asyncio.run(main())
"""


@pytest.fixture(autouse=True)
def _quick(monkeypatch, tmp_path):
    clear_environment(monkeypatch)
    monkeypatch.setattr(server, "LOOK", 0.02)
    monkeypatch.setattr(server, "GRACE", 0.3)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))


@pytest.fixture
def fake(tmp_path):
    made = FakeVllm(tmp_path)
    yield made
    wait_for(lambda: made.running == [])


def vllm(fake, odd="", **options) -> Vllm:
    return Vllm(**{"model": "any/model", "python": sys.executable, "env": fake.env(odd), **options})


async def used(*models):
    """What each of them says, put at once; all are closed."""
    try:
        return await asyncio.gather(*(model.complete(request()) for model in models), return_exceptions=True)
    finally:
        for model in models:
            await model.aclose()


def use(*models):
    found = asyncio.run(used(*models))
    return found[0] if len(found) == 1 else found


def logs(tmp_path):
    return list(tmp_path.glob("rembench-vllm-*/server.log"))


def test_server_is_started_asked_and_stopped(fake, tmp_path):
    reply = use(vllm(fake, "late=0.2"))
    assert reply.text == '{"seed": null, "files": []}'  # at temperature 0 no seed is sent
    assert reply.model == "any/model"
    assert (reply.usage.input_tokens, reply.usage.cache_read_tokens, reply.usage.usd) == (12, 8, None)
    assert reply.notes[0].startswith("vLLM's server was ready after")
    assert len(fake.starts) == 1
    assert fake.running == []
    assert logs(tmp_path) == []


def test_seed_is_sent_where_chance_has_a_part(fake):
    assert use(vllm(fake, temperature=1.0)).text == '{"seed": 7, "files": []}'


def test_arguments_are_those_of_the_options_and_the_users_come_last(fake):
    use(vllm(fake, max_model_len=4096, dtype="bfloat16", args="--enforce-eager --seed 3"))
    arguments = fake.noted("arguments")
    assert arguments[-2:] == ["--seed", "3"]
    given = dict(pairwise(arguments))
    assert given["--host"] == "127.0.0.1"
    assert given["--max-model-len"] == "4096"
    assert given["--dtype"] == "bfloat16"
    assert given["--structured-outputs-config"] == '{"backend":"xgrammar","disable_any_whitespace":true}'
    assert {"--enable-prefix-caching", "--enable-prompt-tokens-details", "--enforce-eager"} <= set(arguments)


def test_key_is_new_each_time_and_in_the_environment_alone(fake, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("VLLM_API_KEY", KEY)
    seen = []
    for _ in range(2):
        use(vllm(fake))
        environment = fake.noted("environment")
        assert KEY not in environment.values()
        assert environment["VLLM_NO_USAGE_STATS"] == "1"
        assert environment["VLLM_API_KEY"] not in " ".join(fake.noted("arguments"))
        seen.append(environment["VLLM_API_KEY"])
    assert len(set(seen)) == 2
    assert min(map(len, seen)) > 30


def test_same_settings_share_a_server_over_threads_and_loops(fake):
    first = use(vllm(fake), vllm(fake), vllm(fake))
    assert [reply.text for reply in first] == ['{"seed": null, "files": []}'] * 3
    assert len(fake.starts) == 1
    together = threading.Barrier(3)

    async def waiting():
        model = vllm(fake, "late=0.1")
        await model.complete(request())
        await asyncio.to_thread(together.wait, 20)
        await model.aclose()

    threads = [threading.Thread(target=lambda: asyncio.run(waiting())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(fake.starts) == 2
    assert fake.running == []


def test_server_runs_as_long_as_somebody_uses_it(fake):
    async def main():
        first, second = vllm(fake), vllm(fake)
        await first.complete(request())
        await second.complete(request())
        await first.aclose()
        await first.aclose()
        assert len(fake.running) == 1
        await second.complete(request())
        await second.aclose()

    asyncio.run(main())
    assert len(fake.starts) == 1


def test_other_settings_are_another_server(fake):
    use(vllm(fake), vllm(fake, max_model_len=99))
    assert len(fake.starts) == 2


def test_model_that_is_nobodys_any_more_is_started_anew(fake):
    use(vllm(fake))
    use(vllm(fake))
    assert len(fake.starts) == 2


def test_server_that_dies_at_the_start_fails_everybody_once_with_the_end_of_its_log(fake, tmp_path):
    found = use(vllm(fake, "dies"), vllm(fake, "dies"))
    for wrong in found:
        assert type(wrong) is ProviderError
        assert "vLLM ended (exit code 1) before it was ready" in str(wrong)
        assert "ValueError: no such model, key ***" in str(wrong)
        assert wrong.usage == FREE
    (log,) = logs(tmp_path)
    assert str(log) in str(found[0])
    assert len(fake.starts) == 1


def test_server_that_takes_too_long_is_ended(fake):
    wrong = use(vllm(fake, "late=60", wait=0.3))
    assert type(wrong) is ProviderError
    assert "wasn't ready after 0.3 s" in str(wrong)


def test_server_that_dies_later_fails_the_call_with_the_reason(fake, tmp_path):
    async def main():
        model = vllm(fake, "dies-later", tries=2)
        first, second = [
            (await asyncio.gather(model.complete(request()), return_exceptions=True))[0] for _ in range(2)
        ]
        await model.aclose()
        return first, second

    first, second = asyncio.run(main())
    assert type(first) is type(second) is ProviderError
    assert "vLLM ended (exit code 1)" in str(first)
    assert str(logs(tmp_path)[0]) in str(first)
    assert first.usage.calls == 2
    assert second.usage == FREE


def test_server_deaf_to_sigterm_ends_with_its_children(fake):
    use(vllm(fake, "deaf parent"))
    assert fake.running == []


def test_nobody_waits_for_a_server_that_is_given_up(fake):
    async def main():
        model = vllm(fake, "late=60")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await model.complete(request())
        await model.aclose()

    asyncio.run(main())
    assert fake.running == []


@pytest.mark.parametrize("then", ["sys.exit(3)", "raise RuntimeError", "pass"])
def test_harness_that_ends_without_closing_leaves_nothing(fake, then):
    made = subprocess.run(
        [sys.executable, "-c", HARNESS.format(then=then), fake.env("deaf parent")],
        capture_output=True,
        check=False,
    )
    assert made.returncode == {"sys.exit(3)": 3, "raise RuntimeError": 1, "pass": 0}[then]
    assert len(fake.starts) == 1
    assert fake.running == []


@pytest.mark.parametrize("when", ["ready", "starting"])
def test_kill_9_of_the_harness_leaves_no_orphan(fake, when):
    odd = "deaf parent" if when == "ready" else "deaf parent late=60"
    then = "print('ready', flush=True); await asyncio.sleep(60)"
    harness = subprocess.Popen(
        [sys.executable, "-c", HARNESS.format(then=then), fake.env(odd)], stdout=subprocess.PIPE
    )
    wait_for(lambda: (fake.notes / "server").exists())
    if when == "ready":
        assert harness.stdout.readline() == b"ready\n"
    assert len(fake.running) == 2
    os.kill(harness.pid, signal.SIGKILL)
    harness.wait()
    harness.stdout.close()
    wait_for(lambda: fake.running == [])


def test_python_that_can_not_run_it_is_said(tmp_path):
    broken = tmp_path / "python"
    broken.write_text("no program\n")
    broken.chmod(0o755)
    wrong = use(Vllm(model="any/model", python=str(broken)))
    assert type(wrong) is ProviderError
    assert str(broken) in str(wrong)


def test_without_vllm_one_line_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "vllm", None)
    for mode in ("server", "inprocess"):
        with pytest.raises(UserError, match=r"pip install 'rembench\[vllm\]'"):
            Vllm(model="any/model", mode=mode)


@pytest.mark.parametrize(
    ("log", "end"),
    [
        ("", "(empty)"),
        ("INFO one\nINFO two\n\n", "INFO two"),
        ("(APIServer pid=1) INFO 11-21 15:03:29 [a.py:2] fine\nKeyError: 'x'\nRuntimeError: above\n",
         "KeyError: 'x'"),
        ("\x1b[0;36m(Worker pid=3)\x1b[0;0m ERROR 11-21 15:04:10 [b.py:7] torch.OutOfMemoryError: none left\n",
         "torch.OutOfMemoryError: none left"),
        ("api_server.py: error: unrecognized arguments: --nonsense\n",
         "api_server.py: error: unrecognized arguments: --nonsense"),
        ("WARNING x like `OSError: [Errno 24] Too many open files`\nlast\n", "last"),
    ],
)  # fmt: skip
def test_log_ends_with_its_first_error_or_its_last_line(tmp_path, log, end):
    file = tmp_path / "a.log"
    file.write_text(log)
    assert log_end(file) == end
    assert log_end(Path("/nowhere/a.log")) == "(empty)"
