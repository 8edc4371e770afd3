"""The licences that data is usually given under, as others name them; any other is passed on as it's said."""

HUB = {
    "Apache-2.0": "apache-2.0",
    "CC-BY-4.0": "cc-by-4.0",
    "CC-BY-NC-4.0": "cc-by-nc-4.0",
    "CC-BY-SA-4.0": "cc-by-sa-4.0",
    "CC0-1.0": "cc0-1.0",
    "CDLA-Permissive-2.0": "cdla-permissive-2.0",
    "MIT": "mit",
    "ODC-By-1.0": "odc-by",
    "ODbL-1.0": "odbl",
}
"""SPDX identifier → the Hugging Face Hub's."""


def licence_url(licence: str) -> str:
    """The page of a known licence, else what was said."""
    return f"https://spdx.org/licenses/{licence}.html" if licence in HUB else licence
