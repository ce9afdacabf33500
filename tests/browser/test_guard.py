"""What a web site that is open in the same browser can do to a running sandbox: nothing."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserType, Page

from tests.browser.serving import CLIENT
from tests.browser.shop import Host

#: Names that lead to this machine: what an owner of names can do to every visitor of theirs.
REBOUND = "--host-resolver-rules=MAP *.example 127.0.0.1"
TRY = """async ([url, how]) => {
  try {
    const answer = await fetch(url, how);
    return answer.type === "opaque" ? "unread" : `${answer.status} ${await answer.text()}`;
  } catch (error) {
    return "refused";
  }
}"""
EVENT = json.dumps({"event": "Foreign", "userId": "u", "writeKey": "k"})


@pytest.fixture
def visitor(browser_type: BrowserType, browser_type_launch_args: dict[str, Any]) -> Iterator[Page]:
    """Return a page of a browser that has been led astray."""
    flags = [*browser_type_launch_args["args"], REBOUND]
    browser = browser_type.launch(**{**browser_type_launch_args, "args": flags})
    yield browser.new_page()
    browser.close()


@pytest.fixture(autouse=True)
def before(sandbox: str) -> list[str]:
    """Return the sandbox's log, in which there is one event."""
    CLIENT.post(f"{sandbox}/sandbox/reset").raise_for_status()
    CLIENT.post(f"{sandbox}/v1/t", json={"event": "Kept", "userId": "u", "writeKey": "k"}).raise_for_status()
    lines = log(sandbox)
    assert len(lines) == 1
    return lines


def log(sandbox: str) -> list[str]:
    """Return the lines of the sandbox's log."""
    return CLIENT.get(f"{sandbox}/sandbox/log").text.splitlines()


def attempt(page: Page, url: str, **how: Any) -> str:
    """Return what a page gets for a request."""
    got: str = page.evaluate(TRY, [url, how])
    return got


def open_site(page: Page, host: Host, name: str) -> None:
    """Open an empty page of the tests' other server under a name."""
    host.reset("<!doctype html><title>Site</title>")
    page.goto(f"http://{name}:{urlsplit(host.origin).port}/")


def submit(page: Page, url: str) -> None:
    """Send a form without fields, for which no browser asks the server beforehand."""
    with page.expect_navigation():
        page.evaluate(
            """(url) => {
              const form = document.createElement("form");
              form.action = url;
              form.method = "post";
              document.body.append(form);
              form.submit();
            }""",
            url,
        )


@pytest.mark.parametrize("name", ["evil.example", "localhost", "127.0.0.1"])
def test_another_page_neither_empties_nor_reads_it(
    visitor: Page, sandbox: str, host: Host, before: list[str], name: str
) -> None:
    """Whatever its name and however it asks."""
    open_site(visitor, host, name)
    for mode in ("cors", "no-cors"):
        for path in ("/sandbox/reset", "/sandbox/deliveries/replay"):
            attempt(visitor, sandbox + path, mode=mode, method="POST")
    assert attempt(visitor, f"{sandbox}/sandbox/log") == "refused"
    assert attempt(visitor, f"{sandbox}/sandbox/deliveries") == "refused"
    submit(visitor, f"{sandbox}/sandbox/reset")
    assert "may" in visitor.inner_text("body")  # the line that says why
    assert log(sandbox) == before


def test_a_name_that_leads_here_is_not_answered(visitor: Page, sandbox: str, before: list[str]) -> None:
    """DNS rebinding: site and sandbox are one origin to the browser, and the sandbox knows better."""
    rebound = sandbox.replace("127.0.0.1", "evil.example")
    answer = visitor.goto(f"{rebound}/sandbox/log")
    assert answer is not None
    assert answer.status == 403
    assert '"evil.example:' in answer.text()
    assert attempt(visitor, f"{rebound}/sandbox/log").startswith("403 ")
    assert attempt(visitor, f"{rebound}/sandbox/reset", method="POST").startswith("403 ")
    assert log(sandbox) == before


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_own_pages_do_both(visitor: Page, sandbox: str, before: list[str], name: str) -> None:
    """As the demo and the board of deliveries do, under each of the sandbox's names."""
    own = sandbox.replace("127.0.0.1", name)
    visitor.goto(f"{own}/sandbox/monitoring")
    assert attempt(visitor, f"{own}/sandbox/log") == "200 " + "".join(f"{line}\n" for line in before)
    assert attempt(visitor, f"{own}/sandbox/reset", method="POST").startswith("200 ")
    assert log(sandbox) == []


@pytest.mark.parametrize("name", ["shop.example", "localhost"])
def test_any_page_sends_events(visitor: Page, sandbox: str, host: Host, name: str) -> None:
    """A shop that is developed, or tested under any name, uses the clouds as it would the real ones."""
    open_site(visitor, host, name)
    assert attempt(visitor, f"{sandbox}/v1/t", method="POST", body=EVENT).startswith("200 ")
    assert "Foreign" in log(sandbox)[-1]
