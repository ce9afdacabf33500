"""What is loaded only where somebody debugs a page: the script in the hidden frame, and the overlay with its page."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from bridge.bundle import esbuild
from bridge.bundle.bytecode import BYTECODE, bytecode
from bridge.bundle.identity import short_hash
from bridge.bundle.parts import OVERLAY, Debug, Engine
from bridge.bundle.python import file_system
from bridge.bundle.sources import needed
from bridge.bundle.trouble import BuildError

_STARTS = "web.overlay.overlay"  # the Python module that is imported
_PAGE, _STYLE, _SCRIPT, _IMAGE = "overlay.html", "overlay.css", "overlay.js", "overlay.data"
#: What the page with the tag says to the overlay's, with a port for all else.
GREETING = "kameleoon-segment-overlay"


class Made(NamedTuple):
    """The names of its files in a bundle, and their contents."""

    debug: Debug
    contents: dict[str, bytes]


def made(root: Path, engine: Engine, tag_script: Callable[..., bytes], defined: Callable[..., list[str]]) -> Made:
    """Return all that is loaded to debug a page.

    Args:
        root: The repository.
        engine: MicroPython's files, which run the overlay's Python, too.
        tag_script: Returns a script of the tag, by its path and with options of esbuild's.
        defined: Returns options of esbuild's that put values in.

    Raises:
        BuildError: Its Python cannot be compiled.
        EsbuildError: A script or style cannot be joined.
        OSError: A file is missing.
    """
    folder, contents = _overlay(root, engine, defined)
    script = tag_script("debug/debug.js", *defined("BUNDLE", overlay=f"{folder}/{_PAGE}", greeting=GREETING))
    name = f"debug-{short_hash(script)}.js"
    others = [f"{folder}/{one}" for one in contents]
    files = {f"{folder}/{one}": content for one, content in contents.items()}
    return Made(Debug(script=name, others=[*others, *engine.files]), {name: script, **files})


def _overlay(root: Path, engine: Engine, defined: Callable[..., list[str]]) -> tuple[str, dict[str, bytes]]:
    """Return the folder of the overlay's page, and what is in it."""
    web = root / "web" / "overlay"
    known: dict[str, Any] = {
        "kernel": f"../{engine.kernel}",
        "module": f"../{engine.module}",
        "image": _IMAGE,
        "starts": _STARTS,
        "greeting": GREETING,
    }
    try:
        modules = bytecode(needed(root, [_STARTS]), root / BYTECODE)
    except subprocess.CalledProcessError as error:
        raise BuildError(f"MicroPython cannot compile the overlay: {error.stderr.strip()}") from error
    contents = {
        _PAGE: (web / "index.html").read_bytes(),
        _STYLE: esbuild.run(web / "overlay.css", "--bundle", "--minify"),
        _SCRIPT: esbuild.run(
            web / "overlay.js", "--bundle", "--minify", "--format=esm", "--target=es2022", *defined("OVERLAY", **known)
        ),
        _IMAGE: file_system(modules),
    }
    return OVERLAY + short_hash(*contents.values()), contents
