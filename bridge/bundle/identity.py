"""What the bridge is called, which release it is, and how a file is told from another of its name."""

import hashlib
from importlib.metadata import version

NAME = "kameleoon-segment-bridge"
VERSION = version(NAME)  # pyproject.toml says it


def short_hash(*contents: bytes) -> str:
    """Return what tells these contents from others in a file's name: 12 hexadecimal digits."""
    return hashlib.sha256(b"".join(contents)).hexdigest()[:12]
