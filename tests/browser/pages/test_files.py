"""Files of the bundle that are gone, cut off, late or served wrongly: the page goes on, and `status()` says why."""

import json
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
from playwright.sync_api import Route as Intercepted
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from tests.browser.serving import serving
from tests.browser.shop import ONLY_MICROPYTHON, Shop

# Files of the bundle, and how each may be no good.
FILES = ["hands-*.js", "polyscript-*.js", "micropython.mjs", "micropython.wasm", "brain-*"]
CORS = {"access-control-allow-origin": "*"}
Answer = Callable[[Intercepted], None]
Cdn = Callable[[str], str]


def half(route: Intercepted) -> None:
    """Answer with the first half of a file."""
    answer = route.fetch()
    route.fulfill(
        body=answer.body()[: len(answer.body()) // 2], headers=CORS | {"content-type": answer.headers["content-type"]}
    )


def gone(route: Intercepted) -> None:
    """Answer that the file is not there (any more)."""
    route.fulfill(status=404, body="<h1>Gone</h1>", headers=CORS | {"content-type": "text/html"})


def as_text(route: Intercepted) -> None:
    """Answer with the file, as a server does that does not know its kind."""
    route.fulfill(body=route.fetch().body(), headers=CORS | {"content-type": "text/plain"})


@pytest.fixture
def cdn(bundle: Path) -> Iterator[Cdn]:
    """Return a function that says which files come without Access-Control-Allow-Origin; it returns the CDN's address.

    A server of its own: Playwright adds the header to what a test answers in a server's place.
    """
    closed: list[str] = []

    async def send(request: Request) -> Response:
        path = request.url.path
        headers = {} if any(fnmatch(path, f"*/{file}") for file in closed) else CORS
        return FileResponse(bundle / path[1:], headers=headers)

    def without_cors(file: str) -> str:
        closed.append(file)
        return f"http://127.0.0.1:{port}"

    with serving(Starlette(routes=[Route("/{path:path}", send)])) as port:
        yield without_cors


def failed(shop: Shop, tag: str) -> str:
    """Open the shop with a file that is no good; return the errors as text. Nothing else is said than one line."""
    shop.open(shop.kameleoon(), shop.segment(), tag)
    shop.wait_for_first_event()
    status = shop.ready()
    assert status["state"] == "failed"
    shop.until(lambda: shop.problems, "a line in the console")
    shop.settled()
    # What the browser itself says of a file is not ours to hide.
    said = [line for line in shop.problems if not line.startswith(("Failed to load ", "Access to "))]
    assert len(said) == 1
    assert said[0].startswith("[kameleoon-segment] could not start: ")
    shop.problems.clear()
    return json.dumps(status["errors"])


@ONLY_MICROPYTHON
@pytest.mark.never_starts("a file is no good")
@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("answer", [gone, half])
def test_a_file_that_is_gone_or_cut_off(shop: Shop, file: str, answer: Answer) -> None:
    """An old bridge.js in a cache, half a deployment: the status names the file, and what to do about it."""
    shop.context.route(f"**/{file}", answer)
    text = failed(shop, shop.tag())
    assert file.partition("*")[0] in text
    if answer is gone:
        assert "404" in text or "did not load" in text


@ONLY_MICROPYTHON
@pytest.mark.never_starts("a file is no good")
@pytest.mark.parametrize("file", FILES)
def test_a_file_for_its_own_origin_alone(shop: Shop, cdn: Cdn, file: str) -> None:
    """The status names the header."""
    address = cdn(file)
    text = failed(shop, shop.tag().replace(shop.cloud, address))
    shop.requests[:] = [url for url in shop.requests if not url.startswith(address)]
    assert file.partition("*")[0] in text
    assert "Access-Control-Allow-Origin" in text


@ONLY_MICROPYTHON
@pytest.mark.never_starts("a file is no good")
def test_modules_served_as_text(shop: Shop) -> None:
    """Servers that do not know `.mjs`: the status names the type, and the right one."""
    shop.context.route("**/micropython.mjs", as_text)
    text = failed(shop, shop.tag())
    assert "text/plain" in text
    assert "text/javascript" in text


@ONLY_MICROPYTHON
@pytest.mark.parametrize(("file", "said"), [("micropython.wasm", "application/wasm"), ("brain-*", "[]")])
def test_other_files_of_any_type(shop: Shop, file: str, said: str) -> None:
    """Servers know neither `.wasm` nor `.data`: MicroPython starts all the same; the status names the type it wants."""
    shop.context.route(f"**/{file}", as_text)
    shop.open()
    shop.wait_for("Kameleoon identifier")
    status = shop.ready()
    assert status["state"] == "on"
    assert said in json.dumps(status["errors"])


@ONLY_MICROPYTHON
@pytest.mark.never_starts("a file never comes")
@pytest.mark.parametrize("file", FILES)
def test_a_file_that_hangs(shop: Shop, file: str) -> None:
    """One event waits for it, for a second; no other does. In the end the status names the time that it took."""
    shop.context.route(f"**/{file}", lambda _route: None)
    shop.page.clock.install()
    shop.open()
    shop.wait_for_first_event()
    for _ in range(3):
        shop.settled()
    assert shop.status()["state"] == "starting"
    shop.page.clock.fast_forward(15_000)
    assert shop.ready()["state"] == "failed"
    text = json.dumps(shop.status()["errors"])
    assert "15 s" in text or file.partition("*")[0] in text
    shop.settled()
    shop.problems.clear()
