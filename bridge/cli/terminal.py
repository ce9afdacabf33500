"""What only a terminal shows: colours, and what a command is busy with."""

import os
import sys
import threading
from time import monotonic
from typing import Final, Literal, Self, TextIO

_STYLES: Final = {"bold": "1", "dim": "2", "red": "1;31", "green": "32", "yellow": "33", "cyan": "36"}
Style = Literal["bold", "dim", "red", "green", "yellow", "cyan"]
_SOON_S = 1.0  #: what is over by then is not worth a word
_CLEAR_LINE = "\r\x1b[K"


def is_colourful(stream: TextIO) -> bool:
    """Return whether a stream is a terminal that shows colours, and whoever sits there has not asked for none.

    Facts: https://no-color.org: `NO_COLOR`, whatever it says, if it is not empty.
    """
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and stream.isatty()


def painted(text: str, style: Style, stream: TextIO | None = None) -> str:
    """Return a text as `stream` (standard output, unless another is given) shows it in a style, if it is colourful."""
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if is_colourful(stream or sys.stdout) else text


class Progress:
    """Says on standard error what a command is busy with, as soon as that takes longer than a second.

    On a terminal it is one line, with the seconds, that goes away at the end; elsewhere a line for each thing.
    """

    def __init__(self) -> None:
        self._stream = sys.stderr
        self._live = self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._over = threading.Event()
        self._one_at_a_time = threading.Lock()
        self._what, self._since, self._said = "", 0.0, ""
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        if self._live and self._said:
            self._write(_CLEAR_LINE)

    def begin(self, what: str) -> None:
        """Take note of what begins now: a few words, as "compressing bridge.js"."""
        self._since, self._what = monotonic(), what

    def look(self) -> None:
        """Say it, if it has taken long enough: called now and then, from a thread."""
        with self._one_at_a_time:
            what, lasted = self._what, monotonic() - self._since
            if not what or lasted < _SOON_S:
                return
            if self._live:
                self._write(f"{_CLEAR_LINE}{painted(f'{what} … {lasted:.0f} s', 'dim', self._stream)}")
            elif what != self._said:
                self._write(f"{what} …\n")
            self._said = what

    def _run(self) -> None:
        while not self._over.wait(_SOON_S / 4):
            self.look()

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
