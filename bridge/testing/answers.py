"""Answers both clouds inside the browser, so that a test of a page neither needs them nor counts there."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import BrowserContext, Error, Request, Route
from pydantic import ConfigDict, Field, JsonValue, ValidationError

from bridge.clouds import REMOTE_DATA_PATH, collects
from bridge.models.base import Model
from bridge.models.violations import explained
from bridge.shared.vocabulary import COMMON_KEY, cohorts_key, identify_key

_ANY = re.compile("")
_ANALYTICS = re.compile(r"/analytics\.js/v1/[^/?]+/analytics(\.min)?\.js(?=[?#]|$)")
_CHUNK = re.compile(r"/analytics-next/bundles/([^/?]+)(?=[?#]|$)")
_SETTINGS = re.compile(r"/v1/projects/([^/?]+)/settings(?=[?#]|$)")
_ENGINE = re.compile(r"/(engine|kameleoon)\.js(?=[?#]|$)")
#: The script that Segment's CDN serves as analytics.min.js, in npm's @segment/analytics-next, dist/umd.
_STANDALONE = "standalone.js"
_Handler = Callable[[Route], None]


class RemoteData(Model):
    """What Kameleoon's remote data says of whoever is asked for."""

    model_config = ConfigDict(strict=True, extra="forbid")

    personas: list[str] = Field([])
    traits: dict[str, JsonValue] = Field({})
    group: str | int | None = None

    def map_of(self, key: str) -> dict[str, Any]:
        """Return the map under a key, {} where nothing is stored."""
        if "," in key:  # Kameleoon's scripts up to 2022 ask for a list as if it were one key: there is none
            return {}
        if key.startswith(cohorts_key("")):
            return dict.fromkeys(self.personas, True)
        if key.startswith(identify_key("")):
            known = {"traits": self.traits, "groupId": self.group}
            return {name: value for name, value in known.items() if value not in ({}, None)}
        return {"cohorts": self.personas} if key == COMMON_KEY and self.personas else {}


def remote_data(**given: Any) -> RemoteData:  # noqa: ANN401 - checked here
    """Return remote data of what a test gives.

    Raises:
        ValueError: It is of another kind; the text says which, and what is accepted.
    """
    try:
        return RemoteData.model_validate(given)
    except ValidationError as error:
        raise ValueError(explained(error, "remote")) from None


class Answers:
    """Routes of a browser context that answer in place of both clouds; all of them end together."""

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self._routes: list[tuple[re.Pattern[str], _Handler]] = []
        self.remote = RemoteData()

    def collecting(self) -> None:
        """Answer in place of Segment's tracking API and of Kameleoon's data collection: yes, to everything."""
        self._route(_ANY, _take)  # a site's own host may take events under any path

    def reading(self) -> None:
        """Answer what Kameleoon's script or the bridge asks remote data for."""
        self._route(REMOTE_DATA_PATH, self._read)

    def analytics(self, path: Path) -> None:
        """Serve analytics.js from a file, or npm's ``@segment/analytics-next/dist/umd``, with the least of settings.

        Raises:
            FileNotFoundError: There is no such file; the text says what belongs there.
        """
        script = path / _STANDALONE if path.is_dir() else path
        _require(script, "analytics.js: a file, or the folder dist/umd of npm's @segment/analytics-next")
        self._route(_ANALYTICS, lambda route: _send_file(route, script))
        self._route(_CHUNK, lambda route: _send_file(route, script.parent / _name(_CHUNK, route.request)))
        self._route(_SETTINGS, _send_settings)

    def engine(self, path: Path) -> None:
        """Serve Kameleoon's script from a file.

        Raises:
            FileNotFoundError: There is no such file; the text says what belongs there.
        """
        _require(path, "Kameleoon's script: a file")
        self._route(_ENGINE, lambda route: _send_file(route, path))

    def stop(self) -> None:
        """Answer no more."""
        with suppress(Error):  # a test may have closed its browser
            for pattern, handler in self._routes:
                self._context.unroute(pattern, handler)
        self._routes.clear()

    def _route(self, pattern: re.Pattern[str], handler: _Handler) -> None:
        if pattern not in [known for known, _ in self._routes]:
            self._context.route(pattern, handler)
            self._routes.append((pattern, handler))

    def _read(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        asked = {name: values[-1] for name, values in parse_qs(address.query).items()}
        if route.request.method != "GET" or not REMOTE_DATA_PATH.search(address.path) or "siteCode" not in asked:
            route.fallback()
        elif "keys" in asked:
            _answer(route, {key: self.remote.map_of(key) for key in json.loads(asked["keys"])})
        else:
            _answer(route, self.remote.map_of(asked.get("key", "")))


def _take(route: Route) -> None:
    if collects(route.request.method, route.request.url, route.request.post_data):
        _answer(route, {"success": True})
    else:
        route.fallback()


def _send_settings(route: Route) -> None:
    segment = {"apiKey": _name(_SETTINGS, route.request)}
    _answer(route, {"integrations": {"Segment.io": segment}, "metrics": {"sampleRate": 0}})


def _send_file(route: Route, file: Path) -> None:
    if file.is_file():
        headers = {"content-type": "text/javascript; charset=utf-8", **_open_to(route.request)}
        route.fulfill(body=file.read_bytes(), headers=headers)
    else:
        route.fulfill(status=404, headers=_open_to(route.request))


def _answer(route: Route, value: object) -> None:
    route.fulfill(json=value, headers=_open_to(route.request))


def _open_to(request: Request) -> dict[str, str]:
    """Return what lets the page that asked read the answer, as both clouds let any page."""
    origin = request.headers.get("origin", "*")
    return {"access-control-allow-origin": origin, "access-control-allow-credentials": "true"}


def _name(pattern: re.Pattern[str], request: Request) -> str:
    found = pattern.search(request.url)
    return found[1] if found else ""


def _require(file: Path, accepted: str) -> None:
    if not file.is_file():
        raise FileNotFoundError(f"{file}: is no file; accepted for {accepted}")
