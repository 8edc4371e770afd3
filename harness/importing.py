"""Classes that somebody else wrote, found by where they are: `package.module:Name` or `path.py:Name`."""

import importlib
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from types import ModuleType, TracebackType
from typing import TypeVar

from rembench.harness.errors import UserError, said, unknown_name
from rembench.harness.masking import masked

T = TypeVar("T")


def find_class(target: str, *, method: str) -> object:
    """What stands at `target`, whatever it is; UserError if its import fails or it isn't there.

    The error names the module's own classes that have `method`, and nothing that it imports.
    """
    place, _, name = target.rpartition(":")
    module = _import_file(Path(place)) if place.endswith(".py") else _import(place)
    found: object = getattr(module, name, None)
    if found is None:
        classes = [n for n, value in vars(module).items() if _is_one(value, module, method)]
        raise unknown_name("class", name, classes, where=place)
    return found


def _is_one(value: object, module: ModuleType, method: str) -> bool:
    own = inspect.isclass(value) and value.__module__.partition(".")[0] == module.__name__.partition(".")[0]
    return own and callable(getattr(value, method, None))


def foreign(action: Callable[[], T], where: str, secrets: Iterable[str] = ()) -> T:
    """Run what somebody else wrote: whatever it raises, its author can fix; said without `secrets`."""
    try:
        return action()
    except UserError:
        raise
    except (Exception, SystemExit) as error:
        line = _line_of(error.__traceback__, where)
        first = masked((said(error).splitlines() or [""])[0], secrets)
        raise UserError(f"{type(error).__name__}: {first}", where=f"{where}{line}") from error


def _import(name: str) -> ModuleType:
    return foreign(lambda: importlib.import_module(name), name)


def _import_file(path: Path) -> ModuleType:
    """The module in a file, under a name of its own: two files of one name don't meet."""
    if not path.is_file():
        raise UserError("no such file", where=str(path))
    source = path.read_bytes()
    name = f"rembench_file_{sha256(bytes(path.resolve()) + source).hexdigest()[:16]}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise UserError("not a Python file", where=str(path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # before it runs: dataclasses look their module up
    try:
        foreign(lambda: spec.loader.exec_module(module), str(path))  # type: ignore[union-attr]
    except UserError:
        del sys.modules[name]
        raise
    return module


def _line_of(trace: TracebackType | None, path: str) -> str:
    """ ":12" for the last frame in `path`, "" if there is none."""
    lines = [f.lineno for f in traceback.extract_tb(trace) if f.filename.endswith(path)]
    return f":{lines[-1]}" if lines else ""
