"""What a presenter does to the shop's visitor: by a button of the bar, or by the tour, which is the same.

Each calls what a real page would: analytics.js, Kameleoon's API as a consent manager does, Segment's Engage.
"""

import asyncio
import json

from pyscript import document, fetch, window

from web.demo import visitor
from web.demo.now import NETWORK, situation
from web.demo.page import post, reach, read_cookie, to_javascript, to_python, write_cookie
from web.demo.situation import COMPANIES, PERSONA, PLANS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SHOW_B = "/?kameleoonForce=214500:914502"
_ENGINE, _CONSENT = "demo-engine", "demo-consent"  # cookies; the server reads them
_CUSTOMER = "demo-customer"  # a cookie: everybody in the room is a customer of their own
_PATIENCE_S = 5
_BETWEEN_LOOKS = 0.1  # seconds


def log_in() -> None:
    """Log the shop's customer in."""
    window.analytics.identify(_customer(), to_javascript({"name": "Ada", "plan": PLANS[-1]}))
    window.analytics.group(COMPANIES[0])


def _customer() -> str:
    """Return the user id of this browser's customer, the same until a new visitor comes."""
    if not read_cookie(_CUSTOMER):
        write_cookie(_CUSTOMER, "customer-%d" % (1000 + int(_random()[:8], 16) % 9000))
    return read_cookie(_CUSTOMER)


def log_out() -> None:
    """Log out."""
    window.analytics.reset()


def choose_plan(plan: str) -> None:
    """Let the customer have another plan."""
    window.analytics.identify(visitor.user_id(), to_javascript({"plan": plan}))


def choose_company(company: str) -> None:
    """Let the customer work for another company."""
    window.analytics.group(company)


async def forget_and_open(address: str, *more: str) -> None:
    """Make the sandbox forget who is here, and ``more`` by their ids; open an address that makes the browser forget."""
    now = situation("")
    ids = [one for one in (now["code"], now["anonymous"], now["user"]) + more if one]
    if ids:
        await post("/sandbox/forget", json.dumps({"ids": ids}))
    open_page(address)


async def stranger() -> None:
    """Begin the tour's story: nobody knows its person, who comes for the first time, has agreed, and will see B."""
    write_cookie(_CONSENT, "")
    await forget_and_open(SHOW_B.replace("?", "?new&"), read_cookie(_CUSTOMER))


def open_page(address: str) -> None:
    """Open a page of the shop, though it be the one that is open."""
    if window.location.pathname + window.location.search == address:
        window.location.reload()
    else:
        window.location.assign(address)


def use_engine(engine: str) -> None:
    """Come back with the bridge on this engine."""
    write_cookie(_ENGINE, engine)
    window.location.reload()


def use_network(speed: str) -> None:
    """Come back on a network of this speed."""
    write_cookie(NETWORK, speed)
    window.location.reload()


def consent(answer: str) -> None:
    """Answer for the visitor, as a consent manager does; ``unknown`` comes back before the question was answered."""
    if answer == "unknown":
        write_cookie(_CONSENT, "asked")
        window.localStorage.removeItem("kameleoonLegalConsent")
        window.location.reload()
        return
    write_cookie(_CONSENT, "")
    core = reach("Kameleoon.API.Core")
    if answer == "yes":
        core.enableLegalConsent("BOTH")
    else:
        core.disableLegalConsent("BOTH")


async def change_audience(entered: bool) -> bool:  # noqa: FBT001
    """Say what Segment's Engage says of the visitor; return when Kameleoon has received it, and whether Segment did."""
    message_id = f"personas_{_random()}"
    message = {
        "messageId": message_id,
        "writeKey": "sandbox-web",
        "timestamp": window.Date.new().toISOString(),
        "event": "Audience Entered" if entered else "Audience Exited",
        "anonymousId": visitor.anonymous_id(),
        "properties": {"audience_key": PERSONA, PERSONA: entered},
        "context": {"personas": {"computation_class": "audience", "computation_key": PERSONA}},
    }
    if visitor.user_id():
        message["userId"] = visitor.user_id()
    is_taken = await post("/v1/track", json.dumps(message))
    if is_taken:
        await _arrival(message_id)
    return is_taken


def view() -> None:
    """Open the next page view."""
    window.location.reload()


async def next_view(entered: bool) -> None:  # noqa: FBT001
    """Open the next page view, once the bridge knows of the audience: the view begins with what this one knows."""
    await _until(lambda: _bridge_knows(entered))
    view()


async def _until(is_so: "Any") -> None:
    """Look again until it is so; where that which has to answer is switched off, the presenter goes on after 5 s."""
    for _ in range(int(_PATIENCE_S / _BETWEEN_LOOKS)):
        if await is_so():
            return
        await asyncio.sleep(_BETWEEN_LOOKS)


async def _arrival(message_id: str) -> None:
    """Wait until a message has come to Kameleoon, by the sandbox's log; no longer than a presenter does."""
    last = 0
    end = window.performance.now() + _PATIENCE_S * 1000
    while window.performance.now() < end:
        try:
            address = f"/sandbox/log?kind=destination.received&after={last}&wait={_PATIENCE_S}"
            rows = [row for row in (await (await fetch(address)).text()).split("\n") if row]
        except Exception:
            return
        if [row for row in rows if message_id in row]:
            return
        if rows:
            last = json.loads(rows[-1])["n"]


async def _bridge_knows(entered: bool) -> bool:  # noqa: FBT001
    """Return whether the bridge has read the change, and make it look: each call does so, and this one does no more.

    Here the bridge follows Kameleoon's consent, whatever is said to it.
    """
    bridge = reach("kameleoonSegment")
    if not bridge:
        return True
    answer = to_python(bridge.customData(visitor.PERSONAS)) or {}
    if (PERSONA in (answer.get("value") or [])) == entered:
        return True
    bridge.consent(True)  # noqa: FBT003 - JavaScript's
    return False


def add_to_cart(product: str) -> None:
    """Press the button of a product."""
    document.querySelector(f".products [data-id='{product}'] button").click()


def _random() -> str:
    """Return 32 random digits: ``crypto.randomUUID`` is missing where a page comes by plain http."""
    digits = window.crypto.getRandomValues(window.Uint8Array.new(16))
    return "".join([f"{digits[place]:02x}" for place in range(16)])
