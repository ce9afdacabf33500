"""Drives the browser: opens a page, watches it for some seconds, and returns what was seen. It judges nothing.

It leaves no trace: what the page would send to Segment or to Kameleoon is answered inside the browser, and before the
page is closed the browser is taken off the network, so that nothing leaves with it.
"""

import base64
import contextlib
import json
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from pydantic import ValidationError

from bridge.clouds import Cloud, collects
from bridge.doctor import browser as browsers
from bridge.doctor.page import HUSH, WATCH
from bridge.doctor.policies import several
from bridge.doctor.redaction import names_a_secret, redacted, redacted_text, redacted_url
from bridge.doctor.sight import (
    Kameleoon,
    Metrics,
    Policy,
    Request,
    Said,
    Script,
    Secret,
    Segment,
    Sight,
    StatusAt,
    StorageAt,
    Violation,
    is_tag,
)
from bridge.doctor.state import StorageState
from bridge.shared.secrets import looks_secret, secrets
from bridge.wire import look as of_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route
    from playwright.sync_api import Request as Asked

_LOCAL = ("local-network-access", "local-network", "loopback-network")
_PATIENCE_MS = 30_000  # for the page to load
_POLL_MS = 100
_ANSWER_MS = 10_000  # in which a page whose scripts pause at all answers
_MOST_DOCUMENTS = 4  # that a page leads to before it counts as restless
_VIEWPORT = {"width": 1280, "height": 800}
_REFUSED = 400  # the first status that says no
_MOST = 2000  # requests, and lines of the console, that are kept
_EXCERPT = 300  # characters of a script
_HEADERS = (
    "access-control-allow-origin", "cache-control", "content-encoding", "content-type", "content-length",
)  # fmt: skip
_UNAUTHORIZED = 401
_BLOCKED = {"kEvalViolation": "eval", "kWasmEvalViolation": "wasm-eval", "kInlineViolation": "inline"}
_POLICIES = {"content-security-policy": False, "content-security-policy-report-only": True}
#: What of the options of a browser's context lets one into a page: of Playwright's `Browser.new_context`.
ADMITTING = ("client_certificates", "extra_http_headers", "http_credentials", "ignore_https_errors", "proxy")
_UNREADABLE = "gives no answer that can be read: it has replaced what browsers have built in; mend that first"


class CannotLookError(Exception):
    """The page or the browser could not be opened; the text says why and what to do."""


class _NoAnswerError(CannotLookError):
    """The page is too busy to be asked anything."""


@dataclass(frozen=True)
class Document:
    """A page's HTML and the headers that it comes with, names in lower case."""

    html: str
    headers: dict[str, str]


Edit = Callable[[Document], Document]


@dataclass(frozen=True)
class Options:
    """How long to watch the loaded page, as whom, and whether what it sends to the clouds leaves the browser."""

    wait_s: float = 6
    send: bool = False
    screenshot: bool = True
    state: StorageState | None = None  #: what a login left in a browser
    admission: Mapping[str, Any] = field(default_factory=dict)  #: further options, of those that are ADMITTING


@contextlib.contextmanager
def opened(path: Path | None = None) -> "Iterator[Browser]":
    """Open a browser without a window: the one of that path, else an installed one, else Playwright's own.

    Raises:
        CannotLookError: Playwright is not installed, or there is no browser, or it does not start.
    """
    try:
        from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 - of an extra
    except ImportError as error:
        raise CannotLookError(
            'Playwright is not installed; install the extra: pip install "kameleoon-segment-bridge[doctor]"'
        ) from error
    if path is not None and not path.is_file():
        raise CannotLookError(f"--browser {path}: no such file; give the executable of a Chrome or Chromium")
    found = path or browsers.installed()
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=list(browsers.FLAGS))
        except Error as error:
            raise CannotLookError(_no_browser(found, str(error))) from error
        yield browser
        browser.close()


def _no_browser(found: Path | None, why: str) -> str:
    if found is None:
        return (
            "there is no browser; install Google Chrome or Chromium, name one with --browser PATH, "
            "or run `python -m playwright install chromium`"
        )
    return f"{found} does not start ({_first(why)}); name another Chrome or Chromium with --browser PATH"


def look(browser: "Browser", url: str, options: Options, edit: Edit | None = None) -> Sight:
    """Open a page as a new visitor and return what was seen of it, redacted.

    ``edit`` changes the document on its way into the browser. Raises CannotLookError where the page does not open.
    """
    with _context(browser, options, edited=edit is not None) as context:
        sight = _Look(context, url, options, edit).sight()
    if options.state is None:
        return sight
    return Sight.model_validate(options.state.hidden_in(sight.model_dump(mode="json", by_alias=True)))


def without_tag(browser: "Browser", url: str, options: Options, tags: Container[str]) -> Metrics:
    """Open a page whose tag, of one of these addresses, is blocked, and return what the load cost."""

    def blocked(address: str) -> bool:
        return redacted_url(address) in tags

    with _context(browser, options) as context:
        one = _Look(context, url, replace(options, screenshot=False, send=False), None, blocked)
        return one.sight().metrics


@contextlib.contextmanager
def _context(browser: "Browser", options: Options, *, edited: bool = False) -> "Iterator[BrowserContext]":
    # Kameleoon's Data API refuses what looks like a robot's browser; the version stays the browser's own.
    agent = (
        f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{browser.version} Safari/537.36"
    )
    context = browser.new_context(
        user_agent=agent,
        viewport=_VIEWPORT,  # type: ignore[arg-type]
        service_workers="block",  # what one sends, no route sees
        storage_state=options.state.of_a_new_visitor() if options.state else None,  # type: ignore[arg-type]  # its own shape
        **options.admission,
    )
    # A document that was changed on its way counts as one from the internet: it may load nothing of this machine.
    for name in _LOCAL if edited else ():
        with contextlib.suppress(Exception):  # each version of Chromium knows some of them
            context.grant_permissions([name])
    answers = True
    try:
        yield context
    except _NoAnswerError:
        answers = False
        raise
    finally:
        if answers:  # else it would not end, and a page whose scripts never pause sends nothing as it goes
            with contextlib.suppress(Exception):  # a browser that is gone sends nothing either
                context.set_offline(True)
        with contextlib.suppress(Exception):  # as after Ctrl+C, which ends the browser, too
            context.close()


class _Look:
    """One look at a page."""

    def __init__(
        self,
        context: "BrowserContext",
        url: str,
        options: Options,
        edit: Edit | None,
        blocked: Callable[[str], bool] = lambda _url: False,
    ) -> None:
        self._url, self._options, self._edit, self._blocked = url, options, edit, blocked
        self._requests: list[tuple[Request, Asked]] = []
        self._by_asked: dict[Asked, Request] = {}
        self._console: list[Said] = []
        self._violations: list[Violation] = []
        self._statuses: list[StatusAt] = []
        self._storage: list[StorageAt] = []
        self._has_global = False
        self._documents = 0  # that the page has led to, itself included
        self._navigation = 0  # the place in the list of the last request for one
        if not options.send:
            context.add_init_script(HUSH)
        context.add_init_script(WATCH)
        context.route("**/*", self._route)
        context.on("request", self._asked)
        context.on("requestfailed", self._failed)
        context.on("console", self._said)
        self._page: Page = context.new_page()
        self._page.on("pageerror", lambda error: self._note("uncaught", str(error), ""))
        # The page's own event of violations is not heard in the bridge's frame: the browser tells of both.
        browser = context.new_cdp_session(self._page)
        browser.on("Audits.issueAdded", self._refused)
        browser.send("Audits.enable")
        browser.on("Page.frameNavigated", self._navigated)
        browser.send("Page.enable")
        self._began = 0.0

    def sight(self) -> Sight:
        """Open the page, watch it, and return what was seen."""
        from playwright.sync_api import Error  # noqa: PLC0415 - of an extra

        try:
            return self._seen()
        except Error as error:
            raise CannotLookError(
                f"{redacted_url(self._url)} could not be watched to the end: {_first(str(error))}; look again, with a "
                "shorter --wait"
            ) from error

    def _seen(self) -> Sight:
        document = self._open()
        page = self._page
        self._watch()
        self._answers()
        config = self._config()
        status = self._statuses[-1].status if self._statuses else {}
        settings = status.get("settings")
        end = self._end((settings if isinstance(settings, dict) else config).get("analytics"))
        self._finish()
        versions = status.get("versions")
        requests = [one for one, _ in self._requests]
        return Sight(
            url=redacted_url(self._url),
            final_url=redacted_url(page.url),
            looked_at=datetime.now(UTC).isoformat(timespec="seconds"),
            versions={
                **({str(name): str(one) for name, one in versions.items()} if isinstance(versions, dict) else {}),
                "browser": page.context.browser.version if page.context.browser else "",
                **({"segment": end["segment"]["version"]} if end["segment"]["version"] else {}),
            },
            wait_s=self._options.wait_s,
            sent=self._options.send,
            status=document.status,
            policies=[
                Policy(where="header", value=redacted_text(value), reported_only=only)
                for name, only in _POLICIES.items()
                for value in several(document.all_headers().get(name, ""))
            ]
            + [Policy(where="meta", value=redacted_text(value)) for value in end["policies"]],
            requests=requests,
            console=self._console,
            violations=self._violations,
            scripts=[_script(one) for one in end["scripts"]],
            has_global=self._has_global,
            statuses=self._statuses,
            storage=self._storage,
            kameleoon=Kameleoon.model_validate(redacted(end["kameleoon"])),
            segment=Segment.model_validate(redacted(end["segment"])),
            settings=redacted(config),
            banner=end["banner"],
            secrets=_secrets(end["scripts"], config, self._requests),
            metrics=Metrics(
                bytes=sum(one.bytes for one in requests),
                requests=len(requests),
                load_ms=end["load_ms"],
                blocking_ms=end["blocking_ms"],
                lcp_ms=end["lcp_ms"],
            ),
            screenshot=self._screenshot(),
        )

    def _open(self) -> Any:  # noqa: ANN401 - Playwright's Response
        from playwright.sync_api import Error  # noqa: PLC0415 - of an extra

        self._began = monotonic()
        try:
            document = self._page.goto(self._url, wait_until="domcontentloaded", timeout=_PATIENCE_MS)
            with contextlib.suppress(Error):  # what never ends loading is watched as it is
                self._page.wait_for_load_state("load", timeout=_PATIENCE_MS)
        except Error as error:
            raise CannotLookError(f"{redacted_url(self._url)} cannot be opened: {_first(str(error))}") from error
        if document is None or document.status >= _REFUSED:
            answer = "nothing" if document is None else str(document.status)
            login = document is not None and document.status == _UNAUTHORIZED
            raise CannotLookError(
                f"{redacted_url(self._url)} answered {answer}; "
                + (
                    "go in with --storage-state, or with the user and the password in the address"
                    if login
                    else "give the address of a page that visitors see (a bot filter in front of it must let this "
                    "machine in)"
                )
            )
        kind = document.headers.get("content-type", "").partition(";")[0].strip()
        if kind and not kind.endswith(("html", "xml")):
            raise CannotLookError(
                f"{redacted_url(self._url)} answered {kind}, which is no page; give the address of a page of HTML"
            )
        return document

    def _watch(self) -> None:
        """Ask the page again and again, and keep what changes; one that leads to another is watched from there on."""
        watched = 0
        while True:
            if watched != self._documents:
                watched, end = self._documents, monotonic() + self._options.wait_s
            if watched > _MOST_DOCUMENTS:
                raise CannotLookError(
                    f"{redacted_url(self._url)} loads itself or another page again and again; give the address of a "
                    "page that stays"
                )
            self._moment()
            if monotonic() >= end:
                return
            self._page.wait_for_timeout(_POLL_MS)

    def _moment(self) -> None:
        from playwright.sync_api import Error  # noqa: PLC0415 - of an extra

        self._answers()
        try:
            now = self._page.evaluate(of_page.MOMENT)
        except Error:
            if self._page.is_closed():
                raise
            return  # on its way to another page
        if not isinstance(now, dict):
            raise CannotLookError(f"{redacted_url(self._url)} {_UNREADABLE}")
        at = now["at_ms"]
        self._has_global = self._has_global or now["has_global"]
        status = redacted(now["status"])
        if isinstance(status, dict) and not (self._statuses and self._statuses[-1].status == status):
            with contextlib.suppress(ValidationError):  # somebody else's of that name
                self._statuses.append(StatusAt(at_ms=at, status=status))
        names = {kind: [redacted_text(name) for name in now[kind]] for kind in ("local", "session", "cookies")}
        stored = StorageAt(at_ms=at, **names)
        if not self._storage or self._storage[-1].model_dump(exclude={"at_ms"}) != stored.model_dump(exclude={"at_ms"}):
            self._storage.append(stored)

    def _answers(self) -> None:
        """See that the page answers at all: asked for anything else, a busy one would be waited for without end."""
        from playwright.sync_api import TimeoutError as TookTooLong  # noqa: PLC0415 - of an extra

        try:
            self._page.wait_for_selector(":root", state="attached", timeout=_ANSWER_MS)
        except TookTooLong as error:
            raise _NoAnswerError(
                f"{redacted_url(self._url)} does not answer for {_ANSWER_MS // 1000} s: a script of it never pauses; "
                "mend that first"
            ) from error

    def _end(self, analytics: object) -> Any:  # noqa: ANN401 - JSON
        from playwright.sync_api import Error  # noqa: PLC0415 - of an extra

        try:
            seen = self._page.evaluate(
                of_page.END, of_page.asked(analytics if isinstance(analytics, str) else "analytics")
            )
        except Error as error:
            raise CannotLookError(
                f"{redacted_url(self._url)} left for another page: give that one's address, or a shorter --wait"
            ) from error
        if not isinstance(seen, dict):
            raise CannotLookError(f"{redacted_url(self._url)} {_UNREADABLE}")
        return seen

    def _config(self) -> dict[str, Any]:
        """Return what the tag's data-config answered, empty where there is none."""
        address = self._page.evaluate("() => document.querySelector('script[data-config]')?.dataset.config || ''")
        if not address:
            return {}
        wanted = urljoin(self._page.url, address)
        for _, asked in self._requests:
            if asked.url == wanted and asked.timing["responseEnd"] >= 0:  # else one would wait for its answer
                with contextlib.suppress(Exception):  # no JSON, or no answer: the bridge's own error says so
                    answer = asked.response()
                    config = json.loads(answer.text()) if answer else None
                    return config if isinstance(config, dict) else {}
        return {}

    def _screenshot(self) -> str | None:
        if not self._options.screenshot:
            return None
        with contextlib.suppress(Exception):  # a page that never comes to rest has none
            return base64.b64encode(self._page.screenshot(type="jpeg", quality=60, timeout=5000)).decode()
        return None

    def _finish(self) -> None:
        """Add to each request how it was answered."""
        for one, asked in self._requests:
            with contextlib.suppress(Exception):  # what is not answered yet
                timing_known = asked.timing["responseEnd"] >= 0
                answer = asked.response() if timing_known else None
                if answer is None:
                    continue
                one.status = answer.status
                headers = answer.all_headers()
                one.headers = {name: redacted_text(headers[name]) for name in _HEADERS if name in headers}
                one.bytes = max(0, asked.sizes()["responseBodySize"])

    # ---- what the browser tells

    def _now(self) -> float:
        return round((monotonic() - self._began) * 1000)

    def _asked(self, asked: "Asked") -> None:
        if len(self._requests) >= _MOST or asked.url.startswith(("data:", "blob:")):
            return
        cloud = _collects(asked)
        if asked.redirected_from is None and self._leads(asked):
            self._navigation = len(self._requests)
        one = Request(
            at_ms=self._now(),
            method=asked.method,
            url=redacted_url(asked.url),
            kind=asked.resource_type,
            cloud=cloud,
            answered=cloud is not None and not self._options.send,
            body=_body(asked) if cloud else None,
        )
        self._requests.append((one, asked))
        self._by_asked[asked] = one

    def _navigated(self, told: dict[str, Any]) -> None:
        """Where the page leads to another, forget what was seen of the one before."""
        if "parentId" in told["frame"]:
            return
        self._documents += 1
        if self._documents == 1:
            return
        # What came between the request for the other page and its beginning was still of the one before.
        self._requests = [one for one in self._requests[self._navigation :] if self._leads(one[1])]
        began = self._requests[0][0].at_ms if self._requests else self._now()
        self._began += began / 1000
        seen: list[Request | Said | Violation] = [one for one, _ in self._requests]
        for one in (*seen, *self._console, *self._violations):
            one.at_ms -= began
        self._console = [one for one in self._console if one.at_ms >= 0]
        self._violations = [one for one in self._violations if one.at_ms >= 0]
        self._navigation, self._has_global, self._statuses, self._storage = 0, False, [], []

    def _leads(self, asked: "Asked") -> bool:
        """Return whether a request is for a page, and not for a frame of it."""
        return asked.is_navigation_request() and asked.frame == self._page.main_frame

    def _failed(self, asked: "Asked") -> None:
        if one := self._by_asked.get(asked):
            one.failure = asked.failure or "failed"

    def _said(self, message: "ConsoleMessage") -> None:
        self._note(message.type, message.text, message.location["url"])

    def _note(self, level: str, text: str, where: str) -> None:
        if len(self._console) < _MOST:
            self._console.append(
                Said(at_ms=self._now(), level=level, text=redacted_text(text)[:1000], where=redacted_url(where))
            )

    def _refused(self, told: dict[str, Any]) -> None:
        """Take note of what a Content-Security-Policy refused (Chrome DevTools Protocol, Audits)."""
        found = told["issue"]["details"].get("contentSecurityPolicyIssueDetails")
        if not found or len(self._violations) >= _MOST:
            return
        kind = found.get("contentSecurityPolicyViolationType", "")
        one = Violation(
            at_ms=self._now(),
            directive=found["violatedDirective"],
            blocked=redacted_url(found["blockedURL"]) if found.get("blockedURL") else _BLOCKED.get(kind, kind),
            where=redacted_url(found.get("sourceCodeLocation", {}).get("url", "")),
            reported_only=found.get("isReportOnly", False),
        )
        if all(one != other.model_copy(update={"at_ms": one.at_ms}) for other in self._violations):
            self._violations.append(one)

    def _route(self, route: "Route") -> None:
        from playwright.sync_api import Error  # noqa: PLC0415 - of an extra

        asked = route.request
        if not self._options.send and _collects(asked):
            origin = asked.headers.get("origin", "*")
            headers = {"access-control-allow-origin": origin, "access-control-allow-credentials": "true"}
            route.fulfill(status=200, content_type="application/json", body='{"success":true}', headers=headers)
        elif self._blocked(asked.url):
            route.abort("blockedbyclient")
        elif self._edit and asked.is_navigation_request() and asked.frame.parent_frame is None:
            try:
                answer = route.fetch(max_redirects=0)
            except Error:  # it lets nobody in but browsers
                route.abort()
                return
            headers = {name.lower(): value for name, value in answer.headers.items()}
            if "html" not in headers.get("content-type", ""):
                route.fulfill(response=answer)
                return
            changed = self._edit(Document(answer.text(), headers))
            dropped = ("content-length", "content-encoding", "transfer-encoding")
            kept = {name: value for name, value in changed.headers.items() if name not in dropped}
            route.fulfill(status=answer.status, headers=kept, body=changed.html)
        else:
            route.continue_()


def _collects(asked: "Asked") -> Cloud | None:
    return (
        collects(asked.method, asked.url, _text(asked)) if asked.method == "POST" else collects(asked.method, asked.url)
    )


def _text(asked: "Asked") -> str:
    return (asked.post_data_buffer or b"").decode("utf-8", "replace")


def _script(one: dict[str, Any]) -> Script:
    interesting = one["marks"] and not one["src"]
    return Script(
        src=redacted_url(one["src"]) if one["src"] else "",
        attributes={name: str(redacted({name: value})[name]) for name, value in one["attributes"].items()},  # type: ignore[index]
        excerpt=redacted_text(one["text"].strip()[:_EXCERPT]) if interesting else "",
        marks=one["marks"],
    )


def _body(asked: "Asked") -> Any:  # noqa: ANN401 - JSON
    try:
        return redacted(json.loads(_text(asked)))
    except (ValueError, RecursionError):
        return redacted_text(_text(asked)[:2000])


def _secrets(
    found: list[dict[str, Any]], config: dict[str, Any], requests: "list[tuple[Request, Asked]]"
) -> list[Secret]:
    """Return where something is a secret, in the bridge's own settings and in the page's texts."""
    places = [Secret(where=f"data-config: {place}", ours=True) for place in secrets(config)]
    for number, one in enumerate(found, 1):
        if is_tag(_script(one)):
            places += [Secret(where=f"tag: {place}", ours=True) for place in secrets(one["attributes"])]
        elif looks_secret(one["text"]) or names_a_secret(one["text"]):
            ours = bool({"kameleoon", "segment"} & set(one["marks"]))
            places.append(Secret(where=f"inline script {number}", ours=ours))
    for request, asked in requests:
        if request.cloud == "segment" and looks_secret(_text(asked).replace("writeKey", "")):
            places.append(Secret(where=f"an event sent to {urlsplit(asked.url).netloc}", ours=False))
            break
    return places


def _first(text: str) -> str:
    """Return the first line, without the name of Playwright's function in front."""
    line = text.strip().splitlines()[0] if text.strip() else "no reason given"
    return line.partition(": ")[2] if line.startswith(("Page.", "BrowserType.")) else line
