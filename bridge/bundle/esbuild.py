"""Runs esbuild, which joins JavaScript modules into one file and makes it small."""

import subprocess
from pathlib import Path

_MODULES = Path(__file__).parents[2] / "static" / "node_modules"
_ESBUILD = _MODULES / ".bin" / "esbuild"  # the version that static/package-lock.json pins


class EsbuildError(Exception):
    """esbuild is not installed, or cannot read what it was given; the text says which and what to do."""


def check_installed() -> None:
    """Raise EsbuildError where esbuild is not installed."""
    if not _ESBUILD.exists():
        raise EsbuildError("static/node_modules is missing: run `make demo` or `make test` once")


def run(script: Path, *options: str) -> bytes:
    """Return what esbuild makes of a script, in UTF-8.

    Args:
        script: The script or module to begin with.
        options: esbuild's own, such as ``--bundle``, which joins the script with all that it imports.

    Raises:
        EsbuildError: esbuild is not installed, or the script cannot be read.
    """
    check_installed()
    command = [str(_ESBUILD), str(script), "--charset=utf8", "--log-level=error", *options]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - our own pinned esbuild
    if done.returncode:
        raise EsbuildError(f"esbuild: {done.stderr.decode().strip()}")
    return done.stdout
