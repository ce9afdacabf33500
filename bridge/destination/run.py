"""An event, the settings and the subscriptions in; what each subscription does out."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bridge.destination import fql
from bridge.destination.actions import ACTIONS, PRESETS, SETTINGS, Subscription
from bridge.destination.delivery import Send, deliver
from bridge.destination.errors import DestinationError, too_deep
from bridge.destination.jsvalues import Json
from bridge.destination.mapping import transform
from bridge.destination.request import BASE_URL, Request, event_request
from bridge.destination.validation import checked, without_empty

SENT: Final = "sent"
FAILED: Final = "error"
NOT_SUBSCRIBED: Final = "not subscribed"


@dataclass(frozen=True)
class Result:
    """What one subscription did with an event.

    `outcome` is `sent`, `error`, `not subscribed`, or the runtime's text about a filter that it cannot use. `fired` is
    the subscription's name, None when its filter did not match.
    """

    outcome: str
    fired: str | None = None
    request: Request | None = None
    error: DestinationError | None = None

    def as_json(self) -> dict[str, Json]:
        """Return the result as plain JSON, one set of members for all outcomes."""
        request = self.request
        return {
            "fired": self.fired,
            "outcome": self.outcome,
            "method": request and request.method,
            "url": request and request.url,
            "headers": request and dict(request.headers),
            "body": request and request.body,
            "error": self.error and self.error.as_json(),
        }


def run(
    event: Json,
    settings: Json,
    subscriptions: Iterable[Subscription] = PRESETS,
    *,
    base_url: str = BASE_URL,
    send: Send | None = None,
) -> list[Result]:
    """Return what each subscription does with the event, in their order.

    Without `send` nothing is sent: `sent` then means that this request would go out. Never raises for bad data; errors
    are part of the results.
    """
    return [_run(event, settings, subscription, base_url, send) for subscription in subscriptions]


def _run(event: Json, settings: Json, subscription: Subscription, base_url: str, send: Send | None) -> Result:
    name = subscription.name
    request = None
    try:
        valid_settings = checked(settings, SETTINGS)
        outcome = _filter(subscription.subscribe, event)
        if outcome is not None:
            return Result(outcome, None if outcome == NOT_SUBSCRIBED else name)
        payload = _payload(event, subscription)
        request = event_request(payload, valid_settings, base_url)
        if send is not None:
            deliver(request, send)
    except DestinationError as error:
        return Result(FAILED, name, request, error)
    except RecursionError:
        return Result(FAILED, name, None, too_deep())
    return Result(SENT, name, request)


def _filter(subscribe: Json, event: Json) -> str | None:
    """Return the text that stands for an event which the filter keeps away, None when it lets it through."""
    if not isinstance(subscribe, str) or subscribe == "":
        return "Failed to validate subscription"
    try:
        conditions = fql.parse(subscribe)
    except fql.FilterError as error:
        return f"Invalid subscription : {error}"
    return None if fql.matches(conditions, event) else NOT_SUBSCRIBED


def _payload(event: Json, subscription: Subscription) -> dict[str, Json]:
    action = ACTIONS[subscription.partner_action]
    event = dict(event) if isinstance(event, dict) else event  # a template's `increment` writes into it
    payload = checked(without_empty(transform(subscription.mapping or {}, event)), action.fields)
    _read_audience(event)
    return payload


def _read_audience(event: dict[str, Json]) -> None:
    """Fail where the runtime does when it looks for an Engage audience, which this destination never uses.

    Facts: Segment action-destinations core/audience-membership.ts, compiled: destructuring a null is a TypeError.
    """
    context = event.get("context", {})
    if context is None:
        raise DestinationError("TypeError", "Cannot destructure property 'personas' of '{}' as it is null.")
    if isinstance(context, dict) and context.get("personas", {}) is None:
        raise DestinationError("TypeError", "Cannot read properties of null (reading 'computation_class')")
