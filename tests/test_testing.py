import subprocess
import sys
import textwrap

import rembench.testing
from tests.harness.fake.clients import clear_environment


def test_example_of_the_docstring_holds(monkeypatch):
    clear_environment(monkeypatch)
    source = rembench.testing.__doc__.split("\n\n")[1]
    names = {**vars(rembench.testing), "messages": [{"role": "user", "content": "?"}]}
    exec("import anthropic\n" + textwrap.dedent(source), names)
    assert len(names["service"].billed) == 1


def test_public_names_are_those_listed():
    made_here = {name for name in vars(rembench.testing) if not name.startswith("_")}
    assert made_here == set(rembench.testing.__all__)


def test_command_line_starts_without_the_fake_service():
    source = "import sys, rembench, rembench.harness.cli; print([m for m in sys.modules if 'fake' in m])"
    told = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
