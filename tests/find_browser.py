"""Finds the browser of the tests: an installed Chrome or Chromium, else Playwright's own, else Debian's package.

Run as a script it also gets one where none is installed, and prints where it is.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

# Debian's headless shell first: the same browser, which opens a page three times as fast without the window around it.
_NAMES = ("chromium-headless-shell", "google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome")
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
_PATIENCE = 300  # seconds for a download
FLAGS = [
    "--no-sandbox",  # the tests may run as root
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]


def find() -> Path | None:
    """Return the browser's executable, None where there is none yet."""
    for name in (*_NAMES, str(_MAC)):
        if installed := shutil.which(name):
            return Path(installed)
    own = _playwrights_own()
    return own if own.exists() else None


def install() -> Path | None:
    """Get a browser: Playwright's download, else Debian's package where it may be installed."""
    if _run([sys.executable, "-m", "playwright", "install", "chromium"]) and (own := find()):
        return own
    if shutil.which("apt-get") and os.geteuid() == 0 and _run(["apt-get", "update"]):
        for package in ("chromium-headless-shell", "chromium"):
            if _run(["apt-get", "install", "--yes", "--no-install-recommends", package]):
                break
    return find()


def _playwrights_own() -> Path:
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def _run(command: list[str]) -> bool:
    """Run a command, its output on standard error; return whether it went well."""
    try:
        return subprocess.run(command, stdout=sys.stderr, timeout=_PATIENCE, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


if __name__ == "__main__":
    browser = find() or install()
    if browser is None:
        sys.exit("No browser for the tests: install Google Chrome or Chromium, then run `make test` again.")
    sys.stdout.write(f"{browser}\n")
