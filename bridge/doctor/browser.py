"""Which browser looks at the page, where none is named: an installed Chrome or Chromium, else Playwright's own."""

import shutil
from pathlib import Path

# Debian's headless shell first: the same browser, which opens a page three times as fast without the window around it.
NAMES = ("chromium-headless-shell", "google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome")
_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
_WINDOWS = (
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)
# What a browser does by itself would be in the way.
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-shared-workers",  # what one sends, no route sees
    "--disable-quic",
    "--no-first-run",
)


def installed() -> Path | None:
    """Return the executable of an installed Chrome or Chromium, None where there is none."""
    for name in (*NAMES, _MAC, *_WINDOWS):
        if found := shutil.which(name):
            return Path(found)
    return None
