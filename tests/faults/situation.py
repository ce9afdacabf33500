"""What a situation is: a page of a shop, what is wrong with it, and what must reach Segment all the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: How a file is answered: never, with half of it, by a status, or with a text of its own.
HANGS, HALF = "hangs", "in half"
Answer = int | str

CALLS = 'analytics.page(); analytics.track("Early")'
#: The rest of a visit; `probe` (stage.py) has timers that the page has not broken.
VISIT = """
addEventListener("load", () => analytics.track("Loaded"))
probe.after(1000, () => analytics.track("Later"))
probe.after(2500, () => analytics.track("Last"))
probe.after(2600, () => { probe.done = true })
"""
OWN = {"page": 1, "Early": 1, "Loaded": 1, "Later": 1, "Last": 1}
TAG = "{tag}"
ON, FAILED, OFF = ("on",), ("failed",), ("off",)


@dataclass(frozen=True)
class Situation:
    """A page, opened by one visitor with the bridge and by another without it.

    Of the page's own events those are expected that arrive without the bridge: it may have broken analytics.js, too.
    """

    name: str  # at most 28 characters
    what: str = ""  # a sentence, where the name does not say it all
    everywhere: str = ""  # script of the page and all its frames: what the browser denies
    first: str = ""  # script of the page before all others: what the page has broken
    calls: str = CALLS  # the first calls of analytics.js
    visit: str = VISIT  # script of the page after all others; sets probe.done at the visit's end
    kameleoon: Mapping[str, Any] | None = field(default_factory=dict)  # the project; None: no Kameleoon
    kameleoon_after: int = 0  # milliseconds
    segment: bool = True
    segment_after: int = 0
    load: str = ""  # in place of analytics.load
    paste: str = TAG  # how the tag is pasted
    in_body: str = ""  # HTML that stands before the tag, at the end of the body
    config: Mapping[str, Any] | None = None  # what the tag's data-config names
    instead: str = ""  # script in the tag's place, in the page without it
    csp: str = ""
    cookies: Mapping[str, str] = field(default_factory=dict)
    remote: Mapping[str, Any] = field(default_factory=dict)  # maps in Kameleoon's remote data
    answers: Mapping[str, Answer] = field(default_factory=dict)  # by the pattern of an address
    inside: bool = False  # the shop is the srcdoc of a frame
    reloads: bool = False  # the visitor opens the page a second time
    own: Mapping[str, int] = field(default_factory=lambda: OWN)  # how often the page sends which event
    exposures: int = 1
    identifiers: int = 1
    state: tuple[str, ...] = ON  # one of these status() says at the end; none: there is no bridge that could say it
    may_start: bool = False  # else it says why not
    forbidden: str = ""  # part of an address that must not be asked for
