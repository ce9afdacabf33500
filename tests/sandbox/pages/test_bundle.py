"""The bundle as a customer's CDN should serve it."""

# ruff: noqa: D103  # the tests' names are sentences

from typing import Any

from tests.sandbox.folders import put

SCRIPT = b"console.log('the bridge')\n" * 20


def test_the_entry_is_cached_for_minutes_and_then_asked_for_again(sandbox: Any) -> None:
    put(sandbox.bundle, "bridge.js", SCRIPT)
    first = sandbox.get("/bridge.js")
    assert first.headers["cache-control"] == "public, max-age=300"
    again = sandbox.get("/bridge.js", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["access-control-allow-origin"] == "*"
    put(sandbox.bundle, "bridge.js", SCRIPT + b"//")
    assert sandbox.get("/bridge.js", headers={"if-none-match": first.headers["etag"]}).status_code == 200
