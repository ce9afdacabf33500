"""Makes what takes long once: kept in a file whose name says of what it was made."""

import os
import threading
from collections.abc import Callable
from pathlib import Path


def once(path: Path, make: Callable[[], bytes]) -> bytes:
    """Return what a file has, made and put there where it is not. Raises OSError."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Another build, and another thread of this one, may be at the same.
        draft = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
        draft.write_bytes(make())
        draft.replace(path)
    return path.read_bytes()
