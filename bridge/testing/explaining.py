"""Why something did not come, in lines: what open pages say of themselves, what is in the way of a forced variation.

Addresses and texts of pages are redacted: what a test prints is kept in logs.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from playwright.sync_api import ConsoleMessage, Error, Page, WebError

from bridge.doctor.redaction import redacted_text, redacted_url
from bridge.shared.wording import one_line

#: A page in which nothing was opened.
BLANK = "about:blank"
STATUS = "() => window.kameleoonSegment?.status?.() ?? null"
NO_TAG = "there is no window.kameleoonSegment: the tag is not in the page, or did not load"
# Kameleoon, Activation API, Experiments.getAll(): whatever the script has, targeted or not.
_EXPERIMENTS = """() => {
  try {
    const ids = (list) => (Array.isArray(list) ? list.map(({ id }) => String(id)) : [])
    const all = window.Kameleoon.API.Experiments.getAll()
    return Object.fromEntries(all.map(({ id, variations }) => [String(id), ids(variations)]))
  } catch {
    return null
  }
}"""
_MOST = 5  # complaints that are kept: the first ones are the cause
_LONG = 300  # characters of a complaint: one of a Content-Security-Policy names the address and the directive


@dataclass(frozen=True)
class Forced:
    """A variation that a test forces, and how often each page had been sent somewhere by then."""

    experiment: int
    variation: int
    sent: Counter[Page]


class Complaints:
    """What the browser reports as an error in the pages of a context: the first few."""

    def __init__(self) -> None:
        self._first: list[str] = []
        self._more = 0

    def console(self, message: ConsoleMessage) -> None:
        """Take note of a message of the console, if it is an error."""
        if message.type == "error":
            where = redacted_url(message.location["url"])
            text = redacted_text(message.text)
            self._take(text if where in text else f"{text} ({where})")

    def uncaught(self, error: WebError) -> None:
        """Take note of an exception that nobody caught."""
        self._take(redacted_text(str(error.error).partition("\n")[0]))

    def lines(self) -> list[str]:
        """Return them, a line each; none where there are none."""
        more = [f"  … and {self._more} more"] if self._more else []
        return ["errors that the browser reports:", *(f"  {one}" for one in self._first), *more] if self._first else []

    def _take(self, text: str) -> None:
        line = one_line(text)[:_LONG]
        if line in self._first:
            return
        if len(self._first) < _MOST:
            self._first.append(line)
        else:
            self._more += 1


def bridge_lines(page: Page, *, identified: bool) -> list[str]:
    """Return what the bridge of a page says of itself; ``identified``: its visitor's identifier left in this test."""
    if page.is_closed():
        return ["the page was closed"]
    if page.url == BLANK:
        return [f"{BLANK}: nothing was opened in the test's page; events are seen of pages in its own context alone"]
    where = redacted_url(page.url)
    try:
        status = page.evaluate(STATUS)
    except Error as error:
        return [f"{where} cannot be asked: {error.message.splitlines()[0]}"]
    if not status:
        return [f"the bridge in {where}: {NO_TAG}"]
    # What the page has may be of another version than what tests it.
    counts = ", ".join(f"{count} {what}" for what, count in (status.get("exposures") or {}).items())
    lines = [f"the bridge in {where}: {status.get('state')} ({status.get('engine')}), exposures: {counts or 'unknown'}"]
    link = status.get("identifier") or {}
    if not identified and link.get("linked") and not link.get("sent"):
        lines.append("  the identifier was sent for this visitor earlier, and is sent once: begin as a new visitor")
    for hint in status.get("hints") or ():
        lines += [f"  hint {hint['code']}: {hint['what']}", f"    {hint['fix']}"]
    return lines + [f"  error: {one_line(str(error.get('what')))}" for error in status.get("errors") or ()]


def forced_lines(forced: Collection[Forced], sent: Counter[Page], pages: Iterable[Page]) -> list[str]:
    """Return what is forced, and what stands in its way in the pages that are open, a line each.

    ``sent`` says how often each page was sent somewhere until now.
    """
    lines = [f"forced: experiment {one.experiment}, variation {one.variation}" for one in forced]
    for page in pages if lines else ():
        experiments = _experiments(page)
        for place, one in enumerate(forced):
            if experiments is not None and (what := _obstacle(one, experiments, is_late=sent[page] == one.sent[page])):
                lines[place] += f"; {redacted_url(page.url)} {what}"
    return lines


def _obstacle(forced: Forced, experiments: dict[str, list[str]], *, is_late: bool) -> str:
    if is_late:
        return "was opened before that: open it again, or force the variation first"
    if str(forced.experiment) not in experiments:
        return f"has no such experiment; Kameleoon's script has {_listed(experiments)}"
    variations = experiments[str(forced.experiment)]
    if forced.variation and variations and str(forced.variation) not in variations:
        return f"has no such variation; the experiment's are {_listed(variations)}"
    return ""


def _experiments(page: Page) -> dict[str, list[str]] | None:
    """Return the variations of each experiment that Kameleoon's script in a page has; None: it cannot be asked."""
    try:
        known: dict[str, list[str]] | None = page.evaluate(_EXPERIMENTS)
    except Error:  # closed, or on its way to another page
        return None
    return known


def _listed(ids: Iterable[str]) -> str:
    return ", ".join(ids) or "none"
