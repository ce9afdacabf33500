"""Where pages are measured: both clouds and a shop, a browser, and a visitor who has never been here."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bridge.bundle import Manifest, build
from bridge.models.settings import Settings
from bridge.sandbox.app import create_app
from tests.bench.conditions import Condition
from tests.bench.contenders import CUSTOM_DATA, Contender
from tests.bench.observing import CALLS, READ, observe, wait
from tests.browser.serving import CLIENT, serving
from tests.browser.shop import SITECODE, Host, Shop

TRAIT = "plan"
_SETTINGS = Settings.model_validate(
    {
        "sitecode": SITECODE,
        "custom_data": [
            {"name": CUSTOM_DATA, "source": "personas"},
            {"name": "Plan", "source": "trait", "trait": TRAIT},
        ],
    }
)
_FEW = {"vip": True, "returning": True, "lapsed": False}
_SETTLED_MS = 300  # after what had to come; the browser reports long tasks late
_BODY = "<h1>Shop</h1><p>Everything for the house, and for the garden.</p>"
#: The server's answer to a page that may measure time in steps of 5 microseconds, in place of 100.
ISOLATED = {"cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "credentialless"}


class RemoteData:
    """Kameleoon's remote data, the same for every visitor: who a new one is, is known in the page first."""

    def __init__(self) -> None:
        self.personas: Mapping[str, bool] = _FEW

    def _under(self, key: str) -> Mapping[str, Any]:
        return self.personas if key.startswith("COHORTS_") else {}

    async def one(self, request: Request) -> JSONResponse:
        """Answer with the map under a key, as GET /map/map does."""
        return JSONResponse(self._under(request.query_params["key"]))

    async def many(self, request: Request) -> JSONResponse:
        """Answer with the maps under some keys, as GET /map/maps does: those that are there."""
        keys = json.loads(request.query_params["keys"])
        return JSONResponse({key: found for key in keys if (found := self._under(key))})

    def routes(self) -> list[Route]:
        """Return its routes, which go before the sandbox's own."""
        return [Route("/map/map", self.one), Route("/map/maps", self.many)]


class Visitor:
    """One window of a browser that has never been here: no cookies, nothing in its caches."""

    def __init__(self, page: Page, shop: Shop, host: Host, condition: Condition) -> None:
        self.page = page
        self.shop = shop
        self._host = host
        self._debugger = page.context.new_cdp_session(page)
        condition.apply(self._debugger)

    def open(
        self, contender: Contender, *, inline: str = "", headers: Mapping[str, str] | None = None, **project: Any
    ) -> None:
        """Open a contender's page.

        Args:
            contender: What stands in it.
            inline: A script of the page's own, after its first calls.
            headers: Of the server's answer.
            project: What Kameleoon's project has otherwise.
        """
        self.shop.write(observe(contender), *contender.head(self.shop, f"{CALLS}\n{inline}", **project), body=_BODY)
        self._host.headers = dict(headers or {})
        self.page.goto(f"{self.shop.origin}/")

    def wait(self, names: frozenset[str]) -> None:
        """Wait until all of these measures are there, the bridge is up, and the page has come to rest."""
        self.page.evaluate(wait(names))
        self.rest()
        self.shop.check()

    def rest(self) -> None:
        """Wait until each request is answered, and the browser has reported the tasks before."""
        self.page.evaluate("() => observed.answered()")
        self.page.wait_for_timeout(_SETTLED_MS)

    def read(self) -> dict[str, float]:
        """Return what the page has noted so far, by measure."""
        found = self.page.evaluate(READ)
        marks = {name: at for name, at in found["marks"].items() if name in _MARKS}
        tasks = {"blocked": found["blocked"], "longest": found["longest"], "long tasks": found["tasks"]}
        return {**marks, **tasks, "LCP": found["painted"]}

    def forget(self) -> None:
        """Take away what tells that somebody was here, but not what is in the caches."""
        self._host.pages["/empty"] = "<!doctype html><title>Empty</title>"
        self.page.goto(f"{self.shop.origin}/empty")  # scripts of a page that is left may keep something
        self.page.context.clear_cookies()
        self.page.evaluate("() => localStorage.clear()")

    def memory(self) -> dict[str, float]:
        """Return how many megabytes the page's process and its JavaScript hold, garbage collected."""
        resident = memory(self.page)
        return {"memory": resident, "heap": self._debugger.send("Runtime.getHeapUsage")["usedSize"] / 1e6}


_MARKS = ("page()", "identifier", "exposure", "custom data", "initialised")


def memory(page: Page) -> float:
    """Return the resident megabytes of the largest page process, garbage collected (Linux only)."""
    browser = page.context.browser
    assert browser
    page.context.new_cdp_session(page).send("HeapProfiler.collectGarbage")
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    pages = [Path(f"/proc/{one['id']}/statm") for one in processes if one["type"] == "renderer"]
    return max((int(page.read_text().split()[1]) * 4096 / 1e6 for page in pages if page.exists()), default=0)


@dataclass
class Stage:
    """Servers and a browser, for one visitor after the other."""

    browser: Browser
    cloud: str
    host: Host
    remote: RemoteData
    manifest: Manifest

    @contextmanager
    def visitor(self, condition: Condition) -> Iterator[Visitor]:
        """Give a new visitor; what was received before is forgotten."""
        CLIENT.post(f"{self.cloud}/sandbox/reset", timeout=30).raise_for_status()
        self.remote.personas = _FEW
        context = self.browser.new_context()
        try:
            page = context.new_page()
            yield Visitor(page, Shop(page, self.cloud, self.host), self.host, condition)
        finally:
            context.close()


@contextmanager
def stage(browser: Browser, bundle: Path) -> Iterator[Stage]:
    """Build a bundle into a folder, and serve it, both clouds and a shop to a browser."""
    manifest = build(_SETTINGS, bundle)
    host, remote = Host(), RemoteData()
    app = create_app(bundle)
    app.router.routes[:0] = remote.routes()
    with serving(app) as cloud, serving(host.app()) as shop:
        host.origin = f"http://localhost:{shop}"
        yield Stage(browser, f"http://127.0.0.1:{cloud}", host, remote, manifest)
