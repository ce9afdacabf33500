"""Segment's cloud on the sending side: events wait in the store until the destination has taken them.

An event enters the outbox in the transaction that receives it, and leaves it in the one that logs how its delivery
ended. When the process ends in between, the event is sent again at the next start: at least once, as Segment does it.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from anyio import create_task_group, move_on_after, to_thread

from bridge.destination.delivery import http_sender
from bridge.destination.run import NOT_SUBSCRIBED, SENT, Result, run
from bridge.sandbox.clock import iso
from bridge.sandbox.settings import Destination, Settings
from bridge.sandbox.store import Delivery, Store

#: connections/destinations: failed deliveries are retried "over a four hour period with a randomized exponential
#: backoff". How long the first pause is, and the longest, Segment does not say.
GIVE_UP_AFTER = timedelta(hours=4)
_FIRST_PAUSE = timedelta(seconds=1)
_LONGEST_PAUSE = timedelta(hours=1)
_MOST_DOUBLINGS = 12  # 1 s doubled so often is more than the longest pause

#: guides/filtering-data: the name of an Actions destination in an event's `integrations`, in either word order.
_NAMES = ("Kameleoon (Actions)", "Actions Kameleoon")


def is_allowed(integrations: Mapping[str, Any]) -> bool:
    """Return whether an event's `integrations` let it go to Kameleoon: by name, else by `All`, else yes."""
    named = [integrations[name] for name in _NAMES if name in integrations]
    return named[0] is not False if named else integrations.get("All") is not False


class Outbox:
    """Sends what is in the store's outbox, one event after the other."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._now = settings.now
        self._destination = settings.destination
        self._news = asyncio.Event()
        self._retry_after: timedelta | None = None
        #: Held while an event is being delivered.
        self.at_rest = asyncio.Lock()

    def takes(self, event: Mapping[str, Any]) -> bool:
        """Return whether an event is to be put into the outbox."""
        return self._destination is not None and is_allowed(event["integrations"])

    def wake(self) -> None:
        """Look into the outbox now, because there is something new."""
        self._news.set()

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Deliver in the background, as long as the context is open."""
        if self._destination is None:
            yield
            return
        with self._client(self._destination) as client:
            async with create_task_group() as tasks:
                tasks.start_soon(self._work, self._destination, client)
                yield
                tasks.cancel_scope.cancel()

    async def _work(self, destination: Destination, client: httpx.Client) -> None:
        while True:
            self._news.clear()
            pause = await self._deliver_due(destination, client)
            with move_on_after(pause):
                await self._news.wait()

    async def _deliver_due(self, destination: Destination, client: httpx.Client) -> float | None:
        """Deliver all that is due; return the seconds until more is, None when nothing waits."""
        while True:
            async with self.at_rest:
                delivery = await self._store.next_delivery()
                if delivery is None:
                    return None
                if delivery.due > self._now():
                    return (delivery.due - self._now()).total_seconds()
                await self._deliver(delivery, destination, client)

    async def _deliver(self, delivery: Delivery, destination: Destination, client: httpx.Client) -> None:
        self._retry_after = None
        result = await to_thread.run_sync(_fired, delivery.event, destination, client, abandon_on_cancel=True)
        if result is None:
            await self._store.delivered(delivery.n, None)
            return
        about = {
            "messageId": delivery.event["messageId"],
            "subscription": result.fired,
            "attempt": delivery.attempts + 1,
        }
        if result.outcome == SENT:
            body = result.request and result.request.body
            await self._store.delivered(delivery.n, ("destination.sent", {**about, "body": body}))
            return
        about["error"] = result.error.as_json() if result.error else {"message": result.outcome}
        again = self._next_try(delivery) if result.error and result.error.retried else None
        if again is None:
            await self._store.delivered(delivery.n, ("destination.dead", about))
        else:
            await self._store.delivered(delivery.n, ("destination.failed", {**about, "retryAt": iso(again)}), again)

    def _next_try(self, delivery: Delivery) -> datetime | None:
        """Return when to try again, None to give up."""
        pause = min(_FIRST_PAUSE * 2 ** min(delivery.attempts, _MOST_DOUBLINGS), _LONGEST_PAUSE)
        pause *= random.uniform(0.5, 1)  # noqa: S311  # to spread load, not to keep a secret
        again = self._now() + max(pause, self._retry_after or timedelta())
        return again if again <= delivery.since + GIVE_UP_AFTER else None

    def _client(self, destination: Destination) -> httpx.Client:
        def note(response: httpx.Response) -> None:
            self._retry_after = _pause_asked(response.headers.get("retry-after"), self._now())

        # No proxy of the environment: the sandbox talks to this machine.
        return httpx.Client(transport=destination.transport, trust_env=False, event_hooks={"response": [note]})


def _fired(event: dict[str, Any], destination: Destination, client: httpx.Client) -> Result | None:
    """Return what the preset that the event is for did with it, None when it is for none."""
    settings = {"apiKey": destination.api_key, "sitecode": destination.sitecode}
    try:
        results = run(event, settings, base_url=destination.url, send=http_sender(client))
    except Exception as error:
        # A mistake of ours that one event brings out must not keep back the others.
        logging.getLogger(__name__).exception("The destination failed on %s", event["messageId"])
        return Result(f"the destination is broken: {type(error).__name__}")
    # The presets' filters exclude each other: one for each type of event.
    return next((result for result in results if result.outcome != NOT_SUBSCRIBED), None)


def _pause_asked(header: str | None, now: datetime) -> timedelta | None:
    """Return what a Retry-After header asks for, seconds or a date (RFC 9110, 10.2.3); None when it is neither.

    What is longer than any event is kept is cut, so that it can be added to a date.
    """
    if header is None:
        return None
    try:
        if header.strip().isdecimal():
            return timedelta(seconds=min(int(header), 2 * GIVE_UP_AFTER.total_seconds()))
        date = parsedate_to_datetime(header)
        return min(date.replace(tzinfo=date.tzinfo or UTC) - now, 2 * GIVE_UP_AFTER)
    except (ValueError, OverflowError):
        return None
