"""Which events of Segment's Engage say that somebody is in an audience, a persona as Kameleoon calls it.

The track form says it plainly. The identify form does not: it is a boolean trait like any other, and the destination
sends an identify without its context, which would tell. These are the signs that are left:

1. Engage's own message ids begin with `personas_`: its boolean traits are audiences;
2. a trait whose name is known to be an audience of the site, from an event of either form before or afterwards;
3. a trait that comes alone, as Engage sends one audience at a time, with nothing beside it but an e-mail; unless
   analytics.js sent it, whose message ids begin with `ajs-`, for Engage's events do not come from a browser.

The third one may take a plain boolean for an audience. So a boolean that is taken for one stays a trait as well: a
targeting condition on either finds it.
"""

import re
from collections.abc import Mapping
from typing import Any

from bridge.models.segment import Forwarded

#: engage/using-engage-data: the names of the two events; the help centre writes the second one "Audience exited".
_MEMBERSHIP = {"audience entered": True, "audience exited": False}
_ENGAGE_ID_PREFIX = "personas_"
_BROWSER_ID_PREFIX = "ajs-"
#: Engage: "The property name is the snake_cased version of the audience name".
_SNAKE_CASE = re.compile(r"[a-z][a-z0-9_]*")
#: Engage adds the address to an identify, for destinations that know people by it.
_ADDED_BY_ENGAGE = {"email"}


def membership(message: Forwarded) -> tuple[str, bool] | None:
    """Return the persona that a track event is about and whether it was entered, None when it is about none."""
    entered = _MEMBERSHIP.get((message.event or "").lower()) if message.type == "track" else None
    if entered is None:
        return None
    personas = (message.context or {}).get("personas")
    computed = personas.get("computation_key") if isinstance(personas, Mapping) else None
    persona = (message.properties or {}).get("audience_key", computed)
    return (persona, entered) if isinstance(persona, str) and persona else None


def personas_among(traits: Mapping[str, Any], message_id: str) -> frozenset[str]:
    """Return the traits of an identify that it alone shows to be audiences.

    Args:
        traits: The traits, without the visitor code.
        message_id: The message's id.
    """
    names = {name for name in traits if name not in _ADDED_BY_ENGAGE}
    booleans = frozenset(name for name in names if isinstance(traits[name], bool) and _SNAKE_CASE.fullmatch(name))
    if message_id.startswith(_ENGAGE_ID_PREFIX):
        return booleans
    alone = len(names) == 1 and not message_id.startswith(_BROWSER_ID_PREFIX)
    return booleans if alone else frozenset()
