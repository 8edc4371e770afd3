"""A `vllm` that's no more than a server of a few lines, for the tests of how servers are started and ended."""

import json
import shutil
from pathlib import Path

from tests.harness.processes.programs import is_alive

_SERVER = Path(__file__).with_name("fake_vllm_server.py")


class FakeVllm:
    """Its package in a folder, and what its servers noted there."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "packages"
        self.notes = folder / "notes"
        self.notes.mkdir()
        package = self.path / "vllm" / "entrypoints" / "openai"
        package.mkdir(parents=True)
        for one in (package, package.parent, package.parent.parent):
            (one / "__init__.py").touch()
        shutil.copy(_SERVER, package / "api_server.py")

    def env(self, odd: str = "") -> str:
        """The option that makes it a server's vLLM."""
        return f"PYTHONPATH={self.path} FAKE_VLLM_FOLDER={self.notes} 'FAKE_VLLM={odd}'"

    @property
    def starts(self) -> list[int]:
        """The pids of all servers that were started."""
        file = self.notes / "starts"
        return [int(line) for line in file.read_text().split()] if file.exists() else []

    @property
    def running(self) -> list[int]:
        """Those that still run, and the processes that they started."""
        child = self.notes / "child"
        pids = [*self.starts, *([int(child.read_text())] if child.exists() else [])]
        return [pid for pid in pids if is_alive(pid)]

    def noted(self, name: str):
        """The arguments or the environment of the newest one."""
        return json.loads((self.notes / name).read_text())
