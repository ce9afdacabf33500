"""What the bridge is called, which release it is, and how a file is told from another of its name."""

import hashlib
from importlib.metadata import metadata, version
from pathlib import Path

NAME = "kameleoon-segment-bridge"
VERSION = version(NAME)  # pyproject.toml says it
#: Where an installed release has the parts of its bundles.
CARRIED = Path(__file__).parent / "carried"
_REPOSITORY = "Repository, "  # a Project-URL of the package's metadata, where pyproject.toml names one


def document(name: str) -> str:
    """Return the address of a page of ``docs``, as this release has it; its path, where the repository's is not said.

    pyproject.toml says it, as ``Repository`` of ``[project.urls]``. What is no release is read as it is on ``main``.
    """
    urls = metadata(NAME).get_all("Project-URL") or []
    home = next((one.removeprefix(_REPOSITORY) for one in urls if one.startswith(_REPOSITORY)), "")
    state = f"v{VERSION}" if CARRIED.is_dir() else "main"
    return f"{home.rstrip('/')}/blob/{state}/docs/{name}" if home else f"docs/{name}"


def short_hash(*contents: bytes) -> str:
    """Return what tells these contents from others in a file's name: 12 hexadecimal digits."""
    return hashlib.sha256(b"".join(contents)).hexdigest()[:12]
