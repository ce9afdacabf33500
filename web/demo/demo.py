"""The demo, an ordinary PyScript page: the shop's buttons and the panel beside it, run by MicroPython.

The buttons call analytics.js as any shop's would, and the panel reads the sandbox's log. Everything shown was received
there; nothing is made up here. All text goes in through textContent.

MicroPython cannot catch what JavaScript throws, so nothing is called here that might. Between the two go JSON texts,
since integers above 2^31 would arrive as others. And this module never awaits at its top level: meanwhile the page's
other scripts would find it in ``document.currentScript``.
"""

import asyncio
import json

from pyscript import document, fetch, when, window

from web.demo import cards

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

POLL = 0.7  # seconds
RETRY = 5  # seconds: a stopped sandbox must not fill the console
SHOWN = 100  # rows
PATIENCE = 50  # looks, of a tenth of a second each
PERSONA = "vip"
CUSTOM_DATA = {"personas": "Segment personas", "plan": "Subscribed plan", "group": "Group id"}
CART, STRICT = "demo-cart", "demo-strict"  # cookies; the server reads the second one
EXPERIMENT = document.body.dataset.experiment


def by_id(name: str) -> "Any":
    """Return an element of the page."""
    return document.getElementById(name)


def say(name: str, text: str) -> None:
    """Put text into an element, only when it changed: a text that is being copied stays selected."""
    target = by_id(name)
    if target.textContent != text:
        target.textContent = text


def element(tag: str, class_name: str = "", text: str = "") -> "Any":
    """Return a new element."""
    made = document.createElement(tag)
    made.className = class_name
    made.textContent = text
    return made


def clock(time: str) -> str:
    """Return the time of day, here, of a moment."""
    return str(window.Date.new(time).toLocaleTimeString("en-GB"))


def reach(path: str) -> "Any":
    """Return what is at a path below ``window``, else None: Kameleoon and analytics.js are async tags."""
    place = window
    for name in path.split("."):
        place = getattr(place, name, None)
    return place or None


def copy(value: "Any") -> "Any":
    """Return a JavaScript value as Python's own; None for undefined, which has no JSON."""
    text = window.JSON.stringify(value)
    return json.loads(text) if isinstance(text, str) else None


def hand(value: "Any") -> "Any":
    """Return a Python value as JavaScript's own."""
    return window.JSON.parse(json.dumps(value))


# ---- the shop


def kept(wanted: str) -> str:
    """Return what a cookie keeps, else nothing: a cookie, since reading storage throws where that is blocked."""
    for cookie in document.cookie.split("; "):
        name, _, value = str(cookie).partition("=")
        if name == wanted:
            return value
    return ""


def keep(name: str, value: str) -> None:
    """Keep something in a cookie, for a year."""
    document.cookie = f"{name}={value}; path=/; max-age=31536000; samesite=lax"


def cart_count() -> int:
    """Return how much is in the cart."""
    count = kept(CART)
    return int(count) if count.isdigit() else 0


@when("click", ".products button")
def add_to_cart(event: "Any") -> None:
    """Tell Segment of the product, and count it."""
    product = event.target.closest("li").dataset
    properties = {"product_id": product.id, "name": product.name, "price": int(product.price), "currency": "EUR"}
    window.analytics.track("Add to cart", hand(properties))
    count = cart_count() + 1
    keep(CART, str(count))
    say("cart-count", str(count))


# ---- the presenter's bar


def user() -> "Any":
    """Return the user that analytics.js knows, None while it is not there."""
    find = reach("analytics.user")
    return find() if find else None


def user_id() -> "str | None":
    """Return who is logged in."""
    who = user()
    return (who.id() or None) if who else None


@when("click", "#login")
def log_in_or_out() -> None:
    """Do what the button says."""
    if user_id():
        window.analytics.reset()
    else:
        window.analytics.identify("customer-4711", hand({"name": "Ada", "plan": "premium"}))
        window.analytics.group("studio-nord")
    show_visitor()


@when("click", "#new-visitor")
async def start_anew() -> None:
    """Empty the sandbox, and come back as somebody else."""
    await post("/sandbox/reset")
    window.location.assign("/?new")


@when("click", "#strict")
def switch_engine() -> None:
    """Come back with the bridge on the other engine."""
    keep(STRICT, "off" if kept(STRICT) == "on" else "on")
    window.location.reload()


async def post(address: str, body: str = "") -> None:
    """Send something to the sandbox; the panel says when that does not answer."""
    try:
        await fetch(address, method="POST", body=body)
    except Exception:  # noqa: S110
        pass


# ---- the persona: what Segment's Engage would say of the visitor, and the way that it takes to Kameleoon


class Switch:
    """The persona's switch: the next page view shows what it changed."""

    def __init__(self) -> None:
        self.button = by_id("vip")
        self.at_work = False

    def show(self, personas: "list[str] | None", can_switch: bool) -> None:  # noqa: FBT001
        """Show whether the visitor has the persona."""
        if not self.at_work:
            self.button.disabled = not can_switch
            self.button.setAttribute("aria-checked", "true" if PERSONA in (personas or []) else "false")

    async def turn(self) -> None:
        """Send the change all the way, and open the next page view once it has arrived."""
        entered = self.button.getAttribute("aria-checked") == "false"
        self.at_work = self.button.disabled = True
        message_id = await send_membership(entered)
        await until(lambda: log.has_delivered(message_id), log.read)
        # The next page view begins with what this one knows: let the bridge read the new map.
        await until(lambda: (PERSONA in bridge_personas()) == entered, remind_bridge)
        window.location.reload()


async def send_membership(entered: bool) -> str:  # noqa: FBT001
    """Send what Engage sends (Segment, "Using Engage data"); the sandbox's destination takes it to Kameleoon."""
    message_id = f"personas_{window.crypto.randomUUID()}"
    message = {
        "messageId": message_id,
        "writeKey": "sandbox-web",
        "timestamp": window.Date.new().toISOString(),
        "event": "Audience Entered" if entered else "Audience Exited",
        "anonymousId": user().anonymousId(),
        "properties": {"audience_key": PERSONA, PERSONA: entered},
        "context": {"personas": {"computation_class": "audience", "computation_key": PERSONA}},
    }
    if user_id():
        message["userId"] = user_id()
    await post("/v1/track", json.dumps(message))
    return message_id


async def until(is_so: "Callable[[], bool]", look: "Callable[[], Any]") -> None:
    """Look again until it is so; where that which has to answer is switched off, the presenter goes on after 5 s."""
    for _ in range(PATIENCE):
        if is_so():
            return
        await look()
        await asyncio.sleep(0.1)


def bridge_personas() -> "list[str]":
    """Return the personas that the bridge knows."""
    bridge = reach("kameleoonSegment")
    answer = copy(bridge.customData(CUSTOM_DATA["personas"])) if bridge else None
    return answer["value"] or [] if answer else []


async def remind_bridge() -> None:
    """Make the bridge look whether what it has is still fresh, as each call does.

    This one has no other effect: here the bridge follows Kameleoon's consent.
    """
    bridge = reach("kameleoonSegment")
    if bridge:
        bridge.consent(True)  # noqa: FBT003 - JavaScript's


# ---- who is here, and how the bridge is


def visitor_code() -> "Any":
    """Return the visitor code that Kameleoon has given."""
    return reach("Kameleoon.API.Visitor.code")


def variation() -> "Any":
    """Return the name of the variation that the visitor sees."""
    find = reach("Kameleoon.API.Experiments.getById")
    return getattr(getattr(find(EXPERIMENT), "associatedVariation", None), "name", None) if find else None


def show_visitor() -> None:
    """Show what Segment and Kameleoon know of the visitor."""
    who = user()
    anonymous_id = who.anonymousId() if who else None
    say("visitor-code", visitor_code() or "not known yet")
    say("variation", variation() or "not known yet")
    say("anonymous-id", anonymous_id or "not known yet")
    say("user-id", user_id() or "nobody is logged in")
    say("login", "Log out" if user_id() else "Log in")

    values = copy(reach("Kameleoon.API.CurrentVisit.customData")) or {}
    for place, name in CUSTOM_DATA.items():
        say(place, cards.known(values.get(name)) or "none")
    by_id("known").classList.toggle("seen", any(values.get(name) for name in CUSTOM_DATA.values()))
    switch.show(values.get(CUSTOM_DATA["personas"]), bool(anonymous_id))


def show_status() -> None:
    """Show what the bridge says of itself."""
    bridge = reach("kameleoonSegment")
    status = copy(bridge.status()) if bridge else {"state": "absent"}
    by_id("status").dataset.state = status["state"]
    by_id("status").classList.toggle("reported", bool(status.get("errors")))
    absent = "Bridge not loaded" if document.readyState == "complete" else "Bridge not loaded yet"
    say("status", cards.status_line(status) if bridge else absent)


# ---- the two events that this is all about


class Card:
    """One event, and all that it says."""

    def __init__(self, name: str) -> None:
        self.card = by_id(name)
        self.shown = 0  # number of the row

    def show(self, row: "cards.Row", facts: "list[tuple[str, str]]") -> None:
        """Show the event of a row."""
        if row["n"] == self.shown:
            return
        self.shown = row["n"]
        self.card.classList.add("seen")
        self.note().hidden = True
        self.card.querySelector("time").textContent = clock(row["event"]["timestamp"])
        lines = self.card.querySelector("dl")
        lines.replaceChildren()
        for name, value in facts:
            line = element("div")
            line.append(element("dt", "", name), element("dd", "", value))
            lines.append(line)

    def note(self) -> "Any":
        """Return what is said while there is no event."""
        return self.card.querySelector("p")


def view_start() -> str:
    """Return when this page view began, or 50 ms earlier, as clocks go."""
    moment = window.Date.new()
    moment.setMilliseconds(moment.getMilliseconds() - window.performance.now() - 50)
    return str(moment.toISOString())


def show_cards(rows: "list[cards.Row]") -> None:
    """Show the visitor's link, and the exposure of this page view: after a switch an earlier one would tell a lie."""
    identifier = cards.find_identifier(rows, visitor_code())
    if identifier:
        identifier_card.show(identifier, cards.identifier_facts(identifier["event"]))
    exposure = cards.find_exposure(rows, VIEW_START)
    if exposure:
        exposure_card.show(exposure, cards.facts(exposure["event"]["properties"]))
    if f"{EXPERIMENT}:null" in window.location.search:
        exposure_card.note().textContent = "None: an excluded visitor is no exposure."


# ---- the log


class Log:
    """Everything received: the last rows in order, and the list that shows them, the newest first."""

    def __init__(self) -> None:
        self.list = by_id("log")
        self.rows: list[cards.Row] = []
        self.texts: dict[int, str] = {}  # of the rows, by number, as they were received
        self.last = 0
        self.reading = False

    def has_delivered(self, message_id: str) -> bool:
        """Return whether a message has come to Kameleoon."""
        return any(
            row["kind"] == "destination.received" and row["body"].get("messageId") == message_id for row in self.rows
        )

    async def read(self) -> float:
        """Show what is new; return the seconds to wait until the next time."""
        if self.reading:
            return POLL
        self.reading = True
        try:
            news = await self._fetch()
        except Exception:
            news = None
        self.reading = False
        if news is None:
            say("log-note", "the sandbox does not answer")
        else:
            for text in news:
                self._take(text)
            say("log-note", "newest first" if self.rows else "nothing yet")
            show_cards(self.rows)
        show_visitor()
        show_status()
        return RETRY if news is None else POLL

    async def _fetch(self) -> "list[str]":
        """Return the new rows as texts, which have the order that MicroPython's dicts have not.

        JavaScript reads them, in a promise, which may fail. It also undoes the escapes: MicroPython takes each half of
        a pair for a character.
        """
        answer = await fetch(f"/sandbox/log?after={self.last}")
        lines = (await answer.text()).strip().split("\n")
        rows = await window.Response.new(f"[{','.join(lines[-SHOWN:])}]").json()
        return [window.JSON.stringify(row, None, 2) for row in rows]

    def _take(self, text: str) -> None:
        row = json.loads(text)
        self.last = row["n"]
        if row["kind"] == "destination.sent":
            return  # the other end says the same: destination.received
        self.rows.append(row)
        self.texts[row["n"]] = text
        self.list.prepend(item(row))
        if len(self.rows) > SHOWN:
            del self.texts[self.rows.pop(0)["n"]]
            self.list.lastElementChild.remove()

    def unfold(self, details: "Any") -> None:
        """Show all of a row that was opened."""
        if details.childElementCount == 1:
            details.append(element("pre", "", self.texts[int(details.dataset.n)]))


def item(row: "cards.Row") -> "Any":
    """Return a row of the list."""
    side, what = cards.summary(row)
    time = element("time", "", clock(row["at"]))
    time.dateTime = row["at"]
    line = element("summary")
    line.append(time, element("span", f"side {side.lower()}", side), element("span", "what", what))
    if cards.is_enriched(row):
        line.append(element("span", "code", "+ visitor code"))
    details = element("details")
    details.dataset.n = str(row["n"])
    details.append(line)
    made = element("li")
    made.append(details)
    return made


@when("toggle", "#log", capture=True)  # it does not bubble
def unfold(event: "Any") -> None:
    """Show all of a row that was opened."""
    log.unfold(event.target)


class Follower:
    """Reads the log while somebody looks: only a page that is seen asks."""

    def __init__(self) -> None:
        self.at_work = False

    async def follow(self) -> None:
        """Read again and again, until nobody looks."""
        if self.at_work:
            return
        self.at_work = True
        while document.visibilityState == "visible":
            await asyncio.sleep(await log.read())
        self.at_work = False


@when("visibilitychange", document)
async def look() -> None:
    """Begin where the page is seen again."""
    await follower.follow()


@when("click", "#vip")
async def turn() -> None:
    """Turn the persona's switch."""
    await switch.turn()


def start() -> None:
    """Bring the page to life."""
    for link in document.querySelectorAll(".choice a"):
        if link.href == window.location.href.split("#")[0]:
            link.setAttribute("aria-current", "page")
    say("cart-count", str(cart_count()))
    by_id("strict").setAttribute("aria-checked", "true" if kept(STRICT) == "on" else "false")
    for button in document.querySelectorAll(".products button, .bar-actions button, #strict"):
        button.disabled = False
    asyncio.create_task(follower.follow())


VIEW_START = view_start()
identifier_card, exposure_card = Card("identifier"), Card("exposure")
log, switch, follower = Log(), Switch(), Follower()
start()
