"""What became of a subscription, in words: ``destination run`` says it beside the JSON."""

import re
import sys
from typing import Final

from bridge.cli.terminal import Style, painted
from bridge.destination import jsjson
from bridge.destination.actions import ACTIONS, SETTINGS, Subscription
from bridge.destination.errors import DestinationError
from bridge.destination.jsvalues import Json
from bridge.destination.run import NOT_SUBSCRIBED, SENT, Result

_MISSING = re.compile(r"missing the required field '(\w+)'")
_STYLES: Final[dict[str, Style]] = {SENT: "green", NOT_SUBSCRIBED: "dim"}


def said(name: str, subscription: Subscription, result: Result, event: dict[str, Json]) -> str:
    """Return a line that names a subscription, says what became of it and, if it is not sent, what the event lacks.

    No value of the settings is in it.
    """
    outcome = painted(result.outcome, _STYLES.get(result.outcome, "red"), sys.stderr)
    return f"{name}: {outcome}{_why(subscription, result, event)}"


def _why(subscription: Subscription, result: Result, event: dict[str, Json]) -> str:
    if result.outcome == NOT_SUBSCRIBED:
        kind = f"of type {jsjson.stringify(event['type'])}" if "type" in event else "without a type"
        return f": the event, {kind}, does not match {subscription.subscribe}"
    if result.error is None:
        return "" if result.outcome == SENT else f": its filter is {jsjson.stringify(subscription.subscribe)}"
    return f": {'; '.join(_problems(subscription, result.error))}"


def _problems(subscription: Subscription, error: DestinationError) -> list[str]:
    """Return what is wrong, the missing first: where it is to be given."""
    texts = [one.message for one in error.fields] if error.fields else [str(error)]
    missing = [found[1] for text in texts if (found := _MISSING.search(text))]
    others = [text.removesuffix(".") for text in texts if not _MISSING.search(text)]
    if set(missing) & {one.key for one in SETTINGS}:
        return [f"the settings lack {', '.join(missing)}", *others]
    return [*(_lacking(subscription, name) for name in missing), *others]


def _lacking(subscription: Subscription, name: str) -> str:
    mapping = subscription.mapping if isinstance(subscription.mapping, dict) else {}
    if name not in mapping:
        required = [field.key for field in ACTIONS[subscription.partner_action].fields if field.required]
        return f"the mapping lacks {name} (required: {', '.join(required)})"
    taken = mapping[name]
    path = taken.get("@path") if isinstance(taken, dict) else None
    place = path.removeprefix("$.") if isinstance(path, str) else f"{name}, mapped from {jsjson.stringify(taken)}"
    return f"the event lacks {place}"
