"""Finds the browser of the tests: an installed Chrome or Chromium, else Playwright's own, else Debian's package.

Run as a script it also gets one where none is installed, and prints where it is. The other two browsers, Firefox and
WebKitGTK, are Debian's: where they cannot be installed, their tests are skipped.
"""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from playwright.sync_api import sync_playwright

from bridge.doctor import browser

_PATIENCE = 300  # seconds for a download
FLAGS = ["--no-sandbox", *browser.FLAGS]  # the tests may run as root


def find() -> Path | None:
    """Return the browser's executable, None where there is none yet."""
    if installed := browser.installed():
        return installed
    own = _playwrights_own()
    return own if own.exists() else None


def install() -> Path | None:
    """Get a browser: Playwright's download, else Debian's package where it may be installed."""
    if _run([sys.executable, "-m", "playwright", "install", "chromium"]) and (own := find()):
        return own
    for package in ("chromium-headless-shell", "chromium"):
        if _install_packages(package):
            break
    return find()


def find_firefox() -> Path | None:
    """Return Firefox's executable, None where there is none; Ubuntu's, in a snap, may not read a profile of ours."""
    found = shutil.which("firefox-esr") or (None if Path("/snap/bin/firefox").exists() else shutil.which("firefox"))
    return Path(found) if found else None


def find_webkit() -> tuple[Path, Path] | None:
    """Return WebKitGTK's driver and a screen that nobody sees for it, None where one of them is missing."""
    driver, screen = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    return (Path(driver), Path(screen)) if driver and screen else None


def install_others() -> None:
    """Get what is missing of Firefox and WebKitGTK, where Debian's packages may be installed."""
    if not find_firefox():
        _install_packages("firefox-esr")
    if not find_webkit():
        _install_packages("webkit2gtk-driver", "xvfb")


def _playwrights_own() -> Path:
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def _install_packages(*names: str) -> bool:
    """Install Debian's packages, where that may be done; return whether it went well."""
    return _updated() and _run(["apt-get", "install", "--yes", "--no-install-recommends", *names])


@cache
def _updated() -> bool:
    """Bring the list of packages up to date, where one may; return whether it is."""
    return shutil.which("apt-get") is not None and os.geteuid() == 0 and _run(["apt-get", "update"])


def _run(command: list[str]) -> bool:
    """Run a command, its output on standard error; return whether it went well."""
    try:
        return subprocess.run(command, stdout=sys.stderr, timeout=_PATIENCE, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


if __name__ == "__main__":
    found = find() or install()
    if found is None:
        sys.exit("No browser for the tests: install Google Chrome or Chromium, then run `make test` again.")
    install_others()
    sys.stdout.write(f"{found}\n")
