"""Markers around texts that nobody can forge: they carry a code that occurs nowhere in the texts."""

from collections.abc import Sequence
from hashlib import sha256


def unused_code(texts: Sequence[str], digits: int = 8) -> str:
    """Hexadecimal digits that occur in none of `texts`, in either case; the same for the same texts."""
    whole = "\0".join(texts)
    lower = whole.lower()
    digest = sha256(whole.encode(errors="surrogatepass"))
    while (code := digest.hexdigest()[:digits]) in lower:
        digest = sha256(digest.digest())
    return code
