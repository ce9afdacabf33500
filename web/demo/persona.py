"""The persona's switch: what Segment's Engage would say of the visitor, and the way that it takes to Kameleoon."""

import asyncio
import json

from pyscript import fetch, window

from web.demo import visitor
from web.demo.page import by_id, post, reach, to_python

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_PERSONA = "vip"
_LOOKS = 50
_BETWEEN_LOOKS = 0.1  # seconds


class Switch:
    """The switch: the next page view shows what it changed."""

    def __init__(self) -> None:
        self._button = by_id("vip")
        self._at_work = False

    def show(self) -> None:
        """Show whether the visitor has the persona."""
        if not self._at_work:
            personas = visitor.custom_data().get(visitor.PERSONAS) or []
            self._button.disabled = not visitor.anonymous_id()
            self._button.setAttribute("aria-checked", "true" if _PERSONA in personas else "false")

    async def turn(self) -> None:
        """Send the change all the way, and open the next page view once it has arrived."""
        entered = self._button.getAttribute("aria-checked") == "false"
        self._at_work = self._button.disabled = True
        message_id = await _send_membership(entered)
        await _delivered(message_id)
        # The next page view begins with what this one knows: let the bridge read the new map.
        await _until(lambda: (_PERSONA in _bridge_personas()) == entered, _remind_bridge)
        window.location.reload()


async def _send_membership(entered: bool) -> str:  # noqa: FBT001
    """Send what Engage sends (Segment, "Using Engage data"); the sandbox's destination takes it to Kameleoon."""
    message_id = f"personas_{window.crypto.randomUUID()}"
    message = {
        "messageId": message_id,
        "writeKey": "sandbox-web",
        "timestamp": window.Date.new().toISOString(),
        "event": "Audience Entered" if entered else "Audience Exited",
        "anonymousId": visitor.anonymous_id(),
        "properties": {"audience_key": _PERSONA, _PERSONA: entered},
        "context": {"personas": {"computation_class": "audience", "computation_key": _PERSONA}},
    }
    if visitor.user_id():
        message["userId"] = visitor.user_id()
    await post("/v1/track", json.dumps(message))
    return message_id


async def _until(is_so: "Callable[[], bool]", look: "Callable[[], Any]") -> None:
    """Look again until it is so; where that which has to answer is switched off, the presenter goes on after 5 s."""
    for _ in range(_LOOKS):
        if is_so():
            return
        await look()
        await asyncio.sleep(_BETWEEN_LOOKS)


async def _delivered(message_id: str) -> None:
    """Wait until a message has come to Kameleoon; where nothing forwards it, the presenter goes on after 5 s."""
    for _ in range(_LOOKS):
        try:
            answer = await fetch("/sandbox/log?kind=destination.received&wait=1")
            if message_id in await answer.text():
                return
        except Exception:  # noqa: S110
            pass
        await asyncio.sleep(_BETWEEN_LOOKS)


def _bridge_personas() -> "list[str]":
    """Return the personas that the bridge knows."""
    bridge = reach("kameleoonSegment")
    answer = to_python(bridge.customData(visitor.PERSONAS)) if bridge else None
    return answer["value"] or [] if answer else []


async def _remind_bridge() -> None:
    """Make the bridge look whether what it has is still fresh, as each call does.

    This one has no other effect: here the bridge follows Kameleoon's consent.
    """
    bridge = reach("kameleoonSegment")
    if bridge:
        bridge.consent(True)  # noqa: FBT003 - JavaScript's
