"""What a test sees of a page that has the bridge, and what it sets up before the page is opened."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from playwright.sync_api import Error, Page, Request
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from bridge.clouds import collects, events_in, takes_events
from bridge.shared.vocabulary import IDENTIFIER_EVENT
from bridge.shared.wording import cut, one_line, shown
from bridge.testing.answers import Answers, remote_data
from bridge.testing.explaining import (
    BLANK,
    NO_TAG,
    STATUS,
    Complaints,
    Forced,
    bridge_lines,
    forced_lines,
)
from bridge.testing.exposure import exposure

if TYPE_CHECKING:
    from bridge.doctor.report import Report

#: Kameleoon, Activation API, Experiments.assignVariation(experimentID, variationID, override). Its script runs what is
#: in the queue before it looks at the first campaign; the SDKs' hybrid mode hands over its variations in this way.
_FORCE = """
if (window === window.top) {
  window.kameleoonQueue = window.kameleoonQueue || []
  window.kameleoonQueue.push(["Experiments.assignVariation", __EXPERIMENT__, __VARIATION__, true])
}
"""

Found = TypeVar("Found")


class KameleoonSegment:
    """The fixture ``kameleoon_segment``: sees the Segment events of a page, and of whatever else its context opens.

    It sees what leaves from when it is made, so ask for it before the page is opened. Times are in milliseconds, as
    Playwright's are; where none is given, it waits as long as Playwright does in this context
    (``BrowserContext.set_default_timeout``, else 30 seconds).
    """

    def __init__(
        self,
        page: Page,
        ours: Callable[[], AbstractContextManager[None]] = nullcontext,
        context_args: Mapping[str, Any] | None = None,
    ) -> None:
        """Watch a page.

        Args:
            page: A page of Playwright's, not yet opened.
            ours: Lets modules of this distribution be imported meanwhile, where the tests have their own ``bridge``.
            context_args: What the page's context was made with, as far as is known.
        """
        self.page = page
        self._ours = ours
        self._context_args = context_args or {}
        self._context = page.context
        self._answers = Answers(self._context)
        self._left: dict[str, dict[str, Any]] = {}
        self._unread = 0
        self._complaints = Complaints()
        self._forced: dict[int, Forced] = {}
        self._sent: Counter[Page] = Counter()
        self._scripts: list[Any] = []
        self._context.on("request", self._note)
        self._context.on("console", self._complaints.console)
        self._context.on("weberror", self._complaints.uncaught)

    # ---- what left the page

    def events(self, name: str | None = None) -> list[dict[str, Any]]:
        """Return the Segment events that left the page, in order, each once, as they are on the wire.

        Args:
            name: Of track events with that name alone.
        """
        self._catch_up()
        return [event for event in self._left.values() if name is None or event.get("event") == name]

    def identifier(self) -> dict[str, Any] | None:
        """Return the event that links this visitor to ``properties.k_visitorCode``; None: it has not left."""
        return next(iter(self.events(IDENTIFIER_EVENT)), None)

    def exposures(self) -> list[dict[str, Any]]:
        """Return the events that report a campaign's variation, the bridge's and anybody else's in the page."""
        return [event for event in self.events() if exposure(event)]

    def wait_for(self, name: str, *, count: int = 1, timeout: float | None = None) -> list[dict[str, Any]]:
        """Return the track events of that name as soon as so many have left.

        Raises:
            AssertionError: They did not in that time; the text says what did, and what the bridge says of itself.
        """
        __tracebackhide__ = True
        what = f"{count} {shown(name)}" if count > 1 else shown(name)
        return self._soon(lambda: found if len(found := self._named(name)) >= count else None, what, timeout)

    def wait_for_identifier(self, *, timeout: float | None = None) -> dict[str, Any]:
        """Return the event that links this visitor as soon as it has left; see ``wait_for``."""
        __tracebackhide__ = True
        return self.wait_for(IDENTIFIER_EVENT, timeout=timeout)[0]

    def wait_for_exposure(
        self,
        experiment_id: int | str | None = None,
        variation_id: int | str | None = None,
        *,
        timeout: float | None = None,
    ) -> dict[str, Any]:
        """Return the event that reports this campaign and variation, as soon as it has left.

        Args:
            experiment_id: The campaign's id in Kameleoon, a personalization's too; None: any.
            variation_id: The variation's id, 0 for the control; None: any.
            timeout: How long to wait.

        Raises:
            AssertionError: None left in that time; the text says what did, and what the bridge says of itself.
        """
        __tracebackhide__ = True

        def found() -> dict[str, Any] | None:
            for event in self._left.values():
                seen = exposure(event)
                if seen and seen.is_of(experiment_id, variation_id):
                    return event
            return None

        wanted = (("campaign", experiment_id), ("variation", variation_id))
        named = [f"{kind} {shown(one)}" for kind, one in wanted if one is not None]
        return self._soon(found, "exposure of " + (", ".join(named) or "any campaign"), timeout)

    # ---- what the bridge says

    def explain(self) -> str:
        """Return, in lines, what left the page and what the bridge says of itself: why something did not come."""
        events = self.events()
        exposures = [f"  {one_line(str(seen))}" for seen in map(exposure, events) if seen]
        others = Counter(str(event.get("event") or event.get("type")) for event in events if not exposure(event))
        named = [cut(one_line(name)) + (f" ({count} times)" if count > 1 else "") for name, count in others.items()]
        lines = ["exposures that left:", *exposures] if exposures else ["exposures that left: none"]
        lines.append(f"other events that left: {', '.join(named) or 'none'}")
        if self._unread:
            lines.append(f"requests to Segment whose events the browser shows nobody (sent as a Blob): {self._unread}")
        identified = self.identifier() is not None
        further = [page for page in self._context.pages if page != self.page and page.url != BLANK]
        pages = further if further and self.page.url == BLANK else [self.page, *further]
        for page in pages:
            lines += bridge_lines(page, identified=identified)
        return "\n".join([*lines, *forced_lines(self._forced.values(), self._sent, pages), *self._complaints.lines()])

    def status(self) -> dict[str, Any]:
        """Return ``kameleoonSegment.status()``.

        Raises:
            AssertionError: The page has no bridge.
        """
        __tracebackhide__ = True
        status: dict[str, Any] | None = self.page.evaluate(STATUS)
        if status is None:
            raise AssertionError(NO_TAG)
        return status

    def doctor(self) -> "Report":
        """Return the doctor's report of the open page's address: ``ok``, and ``checks`` with ``id`` and ``status``.

        The doctor opens the address by itself, in the same browser, logged in as this test's page is: with its cookies
        and storage, and with what pytest-playwright's ``browser_context_args`` say of certificates, credentials,
        headers and a proxy; but as a new visitor to Kameleoon and Segment, without the test's routes and forced
        variations. It leaves no trace.

        Raises:
            RuntimeError: It cannot look: no page is open, it does not open for the doctor, or the browser is one with a
                lasting profile.
        """
        __tracebackhide__ = True
        browser = self._context.browser
        if browser is None:
            raise RuntimeError(
                "the doctor opens a context of its own, and a browser with a lasting profile has but one"
            )
        if self.page.url == BLANK:
            raise RuntimeError(
                "the doctor opens the address of the test's page, and that is about:blank: open one first"
            )
        with self._ours():
            from bridge.doctor.checks import judge  # noqa: PLC0415 - not before it is asked for: it is much
            from bridge.doctor.examining import examine  # noqa: PLC0415
            from bridge.doctor.looking import ADMITTING, CannotLookError, Options  # noqa: PLC0415
            from bridge.doctor.state import StorageState  # noqa: PLC0415

            state = StorageState.model_validate(self._context.storage_state())
            admission = {name: self._context_args[name] for name in ADMITTING if name in self._context_args}
            try:
                return judge(examine(browser, self.page.url, Options(state=state, admission=admission)))
            except CannotLookError as error:
                raise RuntimeError(f"the doctor cannot look: {error}") from None

    # ---- what a test sets up before the page is opened

    def force_variation(self, experiment_id: int, variation_id: int) -> None:
        """Have Kameleoon show this variation of an experiment, from the next page on that is opened; 0 is the control.

        By ``Experiments.assignVariation`` of Kameleoon's Activation API: the experiment's targeting must still let the
        visitor in. Personalizations have no such call.

        Raises:
            ValueError: An id is no whole number.
        """
        ids = {"experiment_id": experiment_id, "variation_id": variation_id}
        for name, value in ids.items():
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise ValueError(f"force_variation: {name} must be a whole number, got {shown(value)}")
        script = _FORCE.replace("__EXPERIMENT__", str(experiment_id)).replace("__VARIATION__", str(variation_id))
        self._forced[experiment_id] = Forced(experiment_id, variation_id, self._sent.copy())
        self._scripts.append(self._context.add_init_script(script))

    def offline(self, *, analytics_js: Path | str | None = None, engine_js: Path | str | None = None) -> None:
        """Answer both clouds inside the browser: events, visits and remote data reach neither, and nobody's numbers.

        What is sent is seen all the same, by ``events()``. Remote data is what ``remote`` says, nothing at first. The
        vendors' scripts come from where the page has them, unless a file is given.

        Args:
            analytics_js: For Segment's CDN: analytics.js, or the folder ``dist/umd`` of npm's @segment/analytics-next.
            engine_js: For Kameleoon's script: for each that is called engine.js or kameleoon.js.

        Raises:
            FileNotFoundError: There is no such file.
        """
        self._answers.collecting()
        self._answers.reading()
        if analytics_js is not None:
            self._answers.analytics(Path(analytics_js))
        if engine_js is not None:
            self._answers.engine(Path(engine_js))

    def remote(
        self,
        *,
        personas: Sequence[str] = (),
        traits: Mapping[str, Any] | None = None,
        group: str | int | None = None,
    ) -> None:
        """Answer what the page asks Kameleoon's remote data for, whoever the visitor is; the last call counts.

        Raises:
            ValueError: It is not what remote data can hold.
        """
        self._answers.remote = remote_data(
            personas=list(personas) if isinstance(personas, tuple) else personas, traits=traits or {}, group=group
        )
        self._answers.reading()

    def stop(self) -> None:
        """See and answer nothing any more."""
        self._context.remove_listener("request", self._note)
        self._context.remove_listener("console", self._complaints.console)
        self._context.remove_listener("weberror", self._complaints.uncaught)
        self._answers.stop()
        for script in self._scripts:
            with suppress(
                Error, AttributeError
            ):  # the browser may be closed; older versions of Playwright give nothing
                script.close()

    # ---- how

    def _note(self, request: Request) -> None:
        if request.is_navigation_request():
            with suppress(Error):  # a page that is not there yet
                self._sent[request.frame.page] += request.frame.parent_frame is None
        if collects(request.method, request.url, request.post_data) == "segment":
            events = events_in(request.url, request.post_data)
            self._unread += takes_events(request.url) and not events
            for event in events:
                self._left.setdefault(str(event.get("messageId") or f"without an id: {len(self._left)}"), event)

    def _named(self, name: str) -> list[dict[str, Any]]:
        return [event for event in self._left.values() if event.get("event") == name]

    def _catch_up(self) -> None:
        """Hear of what the browser has told until now: Playwright hands it on while it is asked for something."""
        with suppress(Error):  # a page that was closed has told all
            self.page.wait_for_timeout(0)

    def _soon(self, found: Callable[[], Found | None], what: str, timeout: float | None) -> Found:
        """Return what is found as soon as something is; it is looked for at each request."""
        __tracebackhide__ = True
        began = monotonic()
        self._catch_up()
        value = found()
        if value is None:
            with suppress(PlaywrightTimeoutError):
                self._context.wait_for_event("request", lambda _request: found() is not None, timeout=timeout)
            value = found()
        if value is None:
            waited = round(monotonic() - began, 1) if timeout is None else timeout / 1000
            raise AssertionError(f"no {what} left the page in {waited:g} s\n{self.explain()}")
        return value
