"""JSON Lines files, plain (`*.jsonl`) or compressed (`*.jsonl.gz`): read a line at a time, written once."""

import gzip
import zlib
from collections.abc import Iterable, Iterator
from io import BufferedIOBase
from pathlib import Path

from rembench.harness.errors import UserError
from rembench.harness.files import whole

LINES = (".jsonl", ".jsonl.gz")
"""How the names of files with one scenario a line end."""

_CHUNK = 2**20


def has_lines(file: Path) -> bool:
    """Whether a file of that name has one scenario a line."""
    return file.name.endswith(LINES)


def plain_stem(file: Path) -> str:
    """The file's name without its ending: "p" of "p.json", "p.jsonl" and "p.jsonl.gz"."""
    return file.name.removesuffix(".jsonl.gz") if has_lines(file) and file.suffix == ".gz" else file.stem


def read_lines(file: Path, limit: int) -> Iterator[bytes]:
    """The lines of `file`, each cut off after `limit` bytes, with no more than one of them in memory.

    ValueError with one line for a file that isn't gzip though its name says so, or is cut off or
    damaged, before its first line: a damaged file reads as faults of scenarios that have none. OSError
    where the system can't read it.
    """
    with _opened(file) as stream:
        try:
            if file.suffix == ".gz":
                _check(stream, limit)
                stream.seek(0)
            while line := stream.readline(limit):
                yield line
        except EOFError:
            raise ValueError("its gzip data is cut off") from None
        except zlib.error:
            raise ValueError("its gzip data is damaged") from None
        except gzip.BadGzipFile as error:
            raise ValueError(_gzip_fault(error)) from None


def write_jsonl_gz(path: Path, lines: Iterable[str]) -> None:
    """Write `lines` as gzip, without time and name in it: the same lines give the same bytes.

    (The same for the same zlib: another may compress otherwise. A pack's hash is over its scenarios.)
    Nothing stands at `path` until all is written. UserError if something is there already.
    """
    if path.exists() or path.is_symlink():
        raise UserError("is there already", where=str(path), right="nothing is overwritten")
    with (
        whole(path) as partial,
        partial.open("xb") as raw,
        gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=raw, mtime=0) as packed,
    ):
        for line in lines:
            if "\n" in line:
                raise ValueError("a line has a line break in it")
            packed.write(line.encode() + b"\n")


def _opened(file: Path) -> BufferedIOBase:
    return gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb")


def _check(stream: BufferedIOBase, limit: int) -> None:
    """Read to the end, where the checksum is, or to a line that is over the limit anyway."""
    length = 0
    while length < limit and (chunk := stream.read(_CHUNK)):
        end = chunk.rfind(b"\n")
        length = length + len(chunk) if end < 0 else len(chunk) - end - 1


def _gzip_fault(error: gzip.BadGzipFile) -> str:
    said = str(error)
    if said.startswith("Not a gzipped file"):
        return "isn't gzip, or has something else after it"
    return "its gzip data is damaged"
