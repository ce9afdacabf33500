"""What earlier builds left in a bundle's folder: files under hashed paths, which a page may still ask for.

Only what a manifest of ours named is known, and nothing else is ever removed.
"""

import contextlib
import re
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from bridge.bundle.manifest import MANIFEST, Manifest
from bridge.bundle.trouble import BuildError

NEIGHBOURS = (".gz", ".br")
_HASHED = re.compile(r"-[0-9a-f]{12}[./]")
_DEEPEST = 2  # a file in a folder


def found(out: Path, now: Collection[str]) -> list[str]:
    """Return which files of earlier builds lie in the folder ``out`` besides those of ``now``, by path.

    Raises:
        BuildError: The folder has a ``manifest.json`` that is somebody else's.
        OSError: It cannot be read.
    """
    path = out / MANIFEST
    try:
        before = Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return []
    except ValidationError as error:
        raise BuildError(
            f"{path}: is not a bundle's manifest, and would be overwritten; "
            "give a folder for the bundle alone, or take the file away"
        ) from error
    return sorted(name for name in {*before.files, *before.earlier} - set(now) if _is_ours(out, name))


def remove(out: Path, names: Collection[str]) -> None:
    """Remove these files, which `found` named, with their compressed neighbours, and folders that are empty then."""
    for name in names:
        path = out / name
        for one in (path, *(path.with_name(path.name + ending) for ending in NEIGHBOURS)):
            one.unlink(missing_ok=True)
        if path.parent != out:
            with contextlib.suppress(OSError):  # not empty
                path.parent.rmdir()


def _is_ours(out: Path, name: str) -> bool:
    """Return whether a name is one that a build gives, of a file that lies where it says."""
    path = PurePosixPath(name)
    inside = not path.is_absolute() and ".." not in path.parts and len(path.parts) <= _DEEPEST
    place = out / path
    return bool(inside and _HASHED.search(name)) and place.is_file() and place.resolve() == out.resolve() / path
