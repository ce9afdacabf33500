"""Segment's cloud on the sending side: events wait in the storage until the destination has taken them.

An event enters the outbox in the transaction that receives it, and leaves it in the one that logs how its delivery
ended. When the process ends in between, the event is sent again at the next start: at least once, as Segment does it.
Several events are under way at a time, but never two that name the same visitor: what somebody did arrives in order.
"""

import asyncio
import json
import logging
import random
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any, Self

import httpx
from anyio import create_task_group, move_on_after, to_thread
from anyio.abc import TaskGroup

from bridge.destination.http_sender import http_sender
from bridge.destination.run import NOT_SUBSCRIBED, SENT, Result, run
from bridge.sandbox.clock import iso
from bridge.sandbox.options import Destination, Options
from bridge.sandbox.storage import Storage, Tables
from bridge.sandbox.storage.segment.outbox import Delivery
from bridge.shared.vocabulary import VISITOR_CODE

Transports = Mapping[str, httpx.BaseTransport]

#: connections/destinations: failed deliveries are retried "over a four hour period with a randomized exponential
#: backoff". How long the first pause is, and the longest, Segment does not say.
GIVE_UP_AFTER = timedelta(hours=4)
_FIRST_PAUSE = timedelta(seconds=1)
_LONGEST_PAUSE = timedelta(hours=1)
_MAX_DOUBLINGS = 12  # 1 s doubled so often is more than the longest pause

#: Each of them has a thread.
_MAX_EVENTS_UNDER_WAY = 8

#: guides/filtering-data: the name of an Actions destination in an event's `integrations`, in either word order.
_INTEGRATION_NAMES = ("Kameleoon (Actions)", "Actions Kameleoon")


def is_allowed(integrations: Mapping[str, Any]) -> bool:
    """Return whether an event's `integrations` let it go to Kameleoon: by name, else by `All`, else yes."""
    named = [integrations[name] for name in _INTEGRATION_NAMES if name in integrations]
    return named[0] is not False if named else integrations.get("All") is not False


def lanes(event: Mapping[str, Any]) -> set[str]:
    """Return a name for each id of the visitor that an event has: events that share one are sent in order."""
    bags = [bag for bag in (event.get("properties"), event.get("traits")) if isinstance(bag, Mapping)]
    ids = {
        "user": [event.get("userId")],
        "anonymous": [event.get("anonymousId")],
        "visitor": [bag.get(VISITOR_CODE) for bag in bags],
    }
    return {json.dumps([kind, value]) for kind, values in ids.items() for value in values if value}


class Outbox:
    """Sends what is in the storage's outbox."""

    def __init__(self, storage: Storage, options: Options) -> None:
        self._storage = storage
        self._now = options.now
        self._destination = options.destination
        self._news = asyncio.Event()
        self._under_way: set[int] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._paused = asyncio.Lock()

    def takes(self, event: Mapping[str, Any]) -> bool:
        """Return whether an event is to be put into the outbox."""
        return self._destination is not None and is_allowed(event["integrations"])

    def wake(self) -> None:
        """Look into the outbox now, because there is something new."""
        self._news.set()

    @asynccontextmanager
    async def at_rest(self) -> AsyncIterator[None]:
        """Let what is under way end, and begin nothing as long as the context is open."""
        async with self._paused:
            await self._idle.wait()
            yield
        self.wake()

    @asynccontextmanager
    async def working(self, transports: Transports) -> AsyncIterator[None]:
        """Deliver in the background, as long as the context is open.

        Args:
            transports: How some URLs are reached, by the beginnings of these (see httpx): all others by the network.
        """
        if self._destination is None:
            yield
            return
        with _Courier(self._destination, self._now, transports) as courier:
            async with create_task_group() as tasks:
                tasks.start_soon(self._work, tasks, courier)
                yield
                tasks.cancel_scope.cancel()

    async def _work(self, tasks: TaskGroup, courier: "_Courier") -> None:
        while True:
            self._news.clear()
            pause = await self._hand_out(tasks, courier)
            with move_on_after(pause):
                await self._news.wait()

    async def _hand_out(self, tasks: TaskGroup, courier: "_Courier") -> float | None:
        """Start deliveries that are due; return the seconds until another is, None when there will be news first."""
        if len(self._under_way) == _MAX_EVENTS_UNDER_WAY:
            return None
        most = _MAX_EVENTS_UNDER_WAY + len(self._under_way)
        ready = await self._storage.run(lambda tables: tables.outbox.next(most))
        if self._paused.locked():
            return None
        for delivery in ready:
            if delivery.n in self._under_way:
                continue
            if len(self._under_way) == _MAX_EVENTS_UNDER_WAY:
                return None
            if delivery.due > self._now():
                return (delivery.due - self._now()).total_seconds()
            self._under_way.add(delivery.n)
            self._idle.clear()
            tasks.start_soon(self._deliver, delivery, courier)
        return None

    async def _deliver(self, delivery: Delivery, courier: "_Courier") -> None:
        try:
            result, asked = await to_thread.run_sync(courier.carry, delivery.event, abandon_on_cancel=True)
            await self._storage.run(partial(self._note, delivery, result, asked))
        finally:
            self._under_way.remove(delivery.n)
            if not self._under_way:
                self._idle.set()
            self.wake()

    def _note(self, delivery: Delivery, result: Result | None, asked: timedelta, tables: Tables) -> None:
        """Log how an attempt ended, and take the event out of the outbox when there is no next one."""
        if result is None:
            tables.outbox.drop(delivery.n)
            return
        row = {
            "messageId": delivery.event["messageId"],
            "subscription": result.fired,
            "attempt": delivery.attempts + 1,
            "delivery": delivery.n,
        }
        if result.outcome == SENT:
            tables.log.append("destination.sent", {**row, "body": result.request and result.request.body})
            tables.outbox.deliver(delivery.n, self._now())
            return
        row["error"] = result.error.as_json() if result.error else {"message": result.outcome}
        again = self._next_try(delivery, asked) if result.error and result.error.retried else None
        if again is None:
            tables.outbox.bury(delivery.n, tables.log.append("destination.dead", row))
        else:
            tables.log.append("destination.failed", {**row, "retryAt": iso(again)})
            tables.outbox.retry(delivery.n, again)

    def _next_try(self, delivery: Delivery, asked: timedelta) -> datetime | None:
        """Return when to try again, None to give up; not before the pause that Kameleoon asked for."""
        pause = min(_FIRST_PAUSE * 2 ** min(delivery.attempts, _MAX_DOUBLINGS), _LONGEST_PAUSE)
        pause *= random.uniform(0.5, 1)  # noqa: S311  # to spread load, not to keep a secret
        again = self._now() + max(pause, asked)
        return again if again <= delivery.since + GIVE_UP_AFTER else None


class _Courier:
    """Carries events to a destination, several at a time, each on a thread."""

    def __init__(self, destination: Destination, now: Callable[[], datetime], transports: Transports) -> None:
        self._url = destination.url
        self._settings = {"apiKey": destination.api_key, "sitecode": destination.sitecode}
        self._now = now
        self._asked = threading.local()
        # No proxy of the environment: the sandbox talks to this machine.
        self._client = httpx.Client(
            transport=destination.transport,
            mounts=transports,
            trust_env=False,
            event_hooks={"response": [self._note_pause]},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def carry(self, event: dict[str, Any]) -> tuple[Result | None, timedelta]:
        """Return what the preset that an event is for did with it, None when there is none, and the pause asked for."""
        self._asked.pause = timedelta()
        try:
            results = run(event, self._settings, base_url=self._url, send=http_sender(self._client))
        except Exception as error:
            # A mistake of ours that one event brings out must not keep back the others.
            logging.getLogger(__name__).exception("The destination failed on %s", event["messageId"])
            return Result(f"the destination is broken: {type(error).__name__}"), timedelta()
        # The presets' filters exclude each other: one for each type of event.
        return next((result for result in results if result.outcome != NOT_SUBSCRIBED), None), self._asked.pause

    def _note_pause(self, response: httpx.Response) -> None:
        self._asked.pause = _pause_asked(response.headers.get("retry-after"), self._now())


def _pause_asked(header: str | None, now: datetime) -> timedelta:
    """Return what a Retry-After header asks for, seconds or a date (RFC 9110, 10.2.3); none when it is neither.

    What is longer than any event is kept is cut, so that it can be added to a date.
    """
    if header is None:
        return timedelta()
    try:
        if header.strip().isdecimal():
            return timedelta(seconds=min(int(header), 2 * GIVE_UP_AFTER.total_seconds()))
        date = parsedate_to_datetime(header)
        return min(date.replace(tzinfo=date.tzinfo or UTC) - now, 2 * GIVE_UP_AFTER)
    except (ValueError, OverflowError):
        return timedelta()
