import asyncio
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from rembench.harness.processes.child import Child
from tests.harness.processes.programs import FAMILY, MEMBERS, alive, family, is_alive, wait_for

HARNESS = """
import asyncio, sys
from pathlib import Path
from rembench.harness.processes.child import Child

async def main():
    child = await Child.start([sys.executable, "-c", {family!r}, sys.argv[1]], grace=0.2, log=Path(sys.argv[2]))
    print(child.pid, flush=True)
    {then}
    await child.wait()

asyncio.run(main())
"""


def python(source, *arguments):
    return [sys.executable, "-c", source, *arguments]


async def talked(argv, data=b"", most=10_000, **start):
    child = await Child.start(argv, grace=0.2, **start)
    try:
        async with asyncio.timeout(30):
            return await child.talk(data, most=most)
    finally:
        await child.stop()


def said(argv, data=b"", most=10_000, **start):
    return asyncio.run(talked(argv, data, most, **start))


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "family"
    made.mkdir()
    return made


def test_what_goes_in_comes_out_with_the_exit_code():
    source = "import sys; d = sys.stdin.read(); print(d.upper()); print('hm', file=sys.stderr); sys.exit(3)"
    output = said(python(source), b"hello")
    assert (output.stdout, output.stderr, output.returncode, output.too_long) == (b"HELLO\n", b"hm\n", 3, False)


def test_megabytes_go_both_ways_at_once():
    source = "import shutil, sys; shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)"
    data = os.urandom(3 * 2**20)
    assert said(python(source), data, most=len(data)).stdout == data


def test_program_that_reads_nothing_is_no_error():
    assert said(python("print('x')"), b"y" * 2**20).stdout == b"x\n"


def test_exactly_as_much_as_allowed_is_not_too_long():
    output = said(python("print('x' * 99)"), most=100)
    assert (len(output.stdout), output.too_long, output.returncode) == (100, False, 0)


def test_program_that_writes_without_end_is_stopped():
    output = said(["yes"], most=1000)
    assert (output.too_long, len(output.stdout), output.returncode) == (True, 1000, -signal.SIGTERM)


def test_only_the_end_of_stderr_is_kept():
    output = said(python("import sys; sys.stderr.write('x' * 300_000 + 'end')"))
    assert output.stderr.endswith(b"xend")
    assert len(output.stderr) == 2**16


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_end_by_a_signal_is_passed_on(number):
    assert said(python(f"import os; os.kill(os.getpid(), {int(number)})")).returncode == -number


def test_environment_and_folder_are_those_given(tmp_path):
    source = "import os; print(os.getcwd(), os.environ.get('A'), os.environ.get('HOME'))"
    output = said(python(source), env={"A": "b"}, cwd=tmp_path)
    assert output.stdout.decode().split() == [str(tmp_path.resolve()), "b", "None"]


@pytest.mark.skipif(sys.platform != "linux", reason="signals are looked up in /proc")
def test_no_signal_is_blocked_or_ignored_from_the_start():
    lines = said(["grep", "Sig[IB]", "/proc/self/status"]).stdout.decode().split()
    assert [int(mask, 16) for mask in lines[1::2]] == [0, 0]


@pytest.mark.parametrize(
    ("argv", "error"),
    [
        (["no-such-program-here"], FileNotFoundError),
        (["./no/such/file"], FileNotFoundError),
        ([__file__], PermissionError),
        (["/"], PermissionError),
    ],
)
def test_program_that_can_not_be_started_is_an_oserror_with_its_name(argv, error):
    with pytest.raises(error) as raised:
        said(argv)
    assert raised.value.filename == argv[0]


def test_folder_that_is_not_there_is_an_oserror(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        said(["true"], cwd=tmp_path / "nowhere")


def test_output_is_appended_to_a_log(tmp_path):
    log = tmp_path / "server.log"
    log.write_text("before\n")

    async def run():
        child = await Child.start(
            python("import sys; print(input.__name__, flush=True); sys.exit('bad')"), log=log
        )
        return await child.wait(), child.returncode

    assert asyncio.run(run()) == (1, 1)
    assert log.read_text() == "before\ninput\nbad\n"


def test_pid_and_returncode_are_the_programs(tmp_path):
    async def run():
        child = await Child.start(python("import time; time.sleep(600)"), log=tmp_path / "log", grace=0.2)
        before = (child.returncode, is_alive(child.pid))
        code = await child.stop()
        return before, code, child.returncode, is_alive(child.pid), await child.stop()

    term = -signal.SIGTERM
    assert asyncio.run(run()) == ((None, True), term, term, False, term)


def test_stop_gives_time_to_end_well(tmp_path):
    source = """
import signal, sys, time
def bye(*_):
    time.sleep(0.1)
    print("bye", flush=True)
    sys.exit(5)
signal.signal(signal.SIGTERM, bye)
print("up", flush=True)
time.sleep(600)
"""
    log = tmp_path / "log"

    async def run():
        child = await Child.start(python(source), log=log, grace=20)
        while "up" not in log.read_text():
            await asyncio.sleep(0.01)
        return await child.stop()

    assert asyncio.run(run()) == 5
    assert log.read_text() == "up\nbye\n"


def test_stop_ends_every_descendant(folder, tmp_path):
    async def run():
        child = await Child.start(python(FAMILY, str(folder)), log=tmp_path / "log", grace=0.2)
        pids = await asyncio.to_thread(family, folder)
        assert alive(pids) == pids
        await child.stop()
        return pids

    assert alive(asyncio.run(run())) == {}


def test_close_from_another_thread_ends_it(tmp_path):
    async def run():
        child = await Child.start(["sleep", "600"], log=tmp_path / "log", grace=0.2)
        threading.Thread(target=child.close).start()
        return await child.wait()

    assert asyncio.run(run()) == -signal.SIGTERM


def test_what_a_program_leaves_behind_is_ended_and_its_exit_code_kept(folder):
    output = said(python(FAMILY, str(folder), "leave"))
    assert output.returncode == 7
    assert alive(family(folder, frozenset())) == {}


def test_program_that_forks_while_it_is_ended_does_not_get_away(folder):
    source = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for n in range(400):
    open(os.path.join(sys.argv[1], str(os.getpid())), "w").close()
    time.sleep(0.005)
    if os.fork():
        os._exit(0)
    os.setsid()
time.sleep(600)
"""

    async def run():
        child = await Child.start(python(source, str(folder)), grace=0.0, log=folder.parent / "log")
        await child.wait()

    asyncio.run(run())
    pids = {path.name: int(path.name) for path in folder.iterdir()}
    assert pids
    assert alive(pids) == {}


def test_cancelled_night_leaves_nothing(folder):
    async def run():
        task = asyncio.ensure_future(talked(python(FAMILY, str(folder))))
        pids = await asyncio.to_thread(family, folder)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return pids, task.cancelled()

    pids, cancelled = asyncio.run(run())
    assert cancelled
    assert alive(pids) == {}


def test_loop_that_ends_with_the_program_running_ends_it(folder, tmp_path):
    async def run():
        await Child.start(python(FAMILY, str(folder)), log=tmp_path / "log", grace=0.2)
        return await asyncio.to_thread(family, folder)

    pids = asyncio.run(run())
    wait_for(lambda: not alive(pids))


@pytest.mark.parametrize("then", ["pass", "import os; os.fork() or __import__('time').sleep(600)"])
def test_kill_9_of_the_harness_leaves_no_descendant(folder, tmp_path, then):
    harness = subprocess.Popen(
        python(HARNESS.format(family=FAMILY, then=then), str(folder), str(tmp_path / "log")),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert harness.stdout is not None
        assert int(harness.stdout.readline()) > 0
        pids = family(folder)
        assert alive(pids) == pids
        os.kill(harness.pid, signal.SIGKILL)
        harness.wait()
        wait_for(lambda: not alive(pids))
    finally:
        os.killpg(harness.pid, signal.SIGKILL) if then != "pass" else harness.kill()
        harness.wait()
        harness.stdout.close()


def parent_of(pid):
    return int(Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[1])


@pytest.mark.skipif(sys.platform != "linux", reason="the program's parent is looked up in /proc")
def test_kill_9_of_the_supervisor_ends_the_programs_group(folder, tmp_path):
    async def run():
        child = await Child.start(python(FAMILY, str(folder)), log=tmp_path / "log", grace=0.2)
        pids = await asyncio.to_thread(family, folder)
        os.kill(parent_of(child.pid), signal.SIGKILL)
        return await child.wait(), pids

    code, pids = asyncio.run(run())
    try:
        assert code == -signal.SIGKILL
        wait_for(lambda: not alive({name: pids[name] for name in ("program", "child")}))
    finally:
        for name in MEMBERS:
            if is_alive(pids[name]):
                os.kill(pids[name], signal.SIGKILL)
