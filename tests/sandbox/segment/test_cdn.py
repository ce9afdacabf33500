"""Segment's CDN: the real analytics.js, with settings that send here."""

# ruff: noqa: D103  # the tests' names are sentences

from typing import Any

from tests.sandbox.folders import put

SCRIPT = b"console.log('the bridge')\n" * 20


def test_analytics_js_its_chunks_and_settings_that_send_here(sandbox: Any) -> None:
    umd = sandbox.static / "node_modules/@segment/analytics-next/dist/umd"
    put(umd, "standalone.js", SCRIPT)
    put(umd, "tsub-middleware.bundle.123.js", b"chunk")
    script = sandbox.get("/analytics.js/v1/KEY/analytics.min.js")
    assert (script.content, script.headers["content-type"]) == (SCRIPT, "text/javascript; charset=utf-8")
    assert sandbox.get("/analytics-next/bundles/tsub-middleware.bundle.123.js").content == b"chunk"
    settings = sandbox.get("/v1/projects/KEY/settings", headers={"host": "localhost:9123"})
    assert settings.json() == {
        "integrations": {"Segment.io": {"apiKey": "KEY", "apiHost": "localhost:9123/v1", "protocol": "http"}},
        "metrics": {"sampleRate": 0},
    }
    assert script.headers["access-control-allow-origin"] == settings.headers["access-control-allow-origin"] == "*"
