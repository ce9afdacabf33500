"""The bundle, the demo, the pictures and analytics.js: right bytes, right types, right caching, nothing else."""

# ruff: noqa: D103  # the tests' names are sentences

import gzip
from pathlib import Path
from typing import Any

import brotli
import pytest

SCRIPT = b"console.log('the bridge')\n" * 20


def put(folder: Path, path: str, content: bytes = b"x", *, packed: bool = False) -> None:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    if packed:
        file.with_name(file.name + ".br").write_bytes(brotli.compress(content))
        file.with_name(file.name + ".gz").write_bytes(gzip.compress(content))


@pytest.mark.parametrize(
    ("accepts", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, br;q=0", "gzip"),
        ("GZIP", "gzip"),
        ("br;q=0.5", "br"),
        ("identity", None),
        ("br; q=0, gzip ;q=0.000", None),
    ],
)
def test_a_compressed_neighbour_is_sent_to_those_who_accept_it(
    sandbox: Any, accepts: str, encoding: str | None
) -> None:
    put(sandbox.bundle, "bridge.js", SCRIPT, packed=True)
    answer = sandbox.get("/bridge.js", headers={"accept-encoding": accepts})
    assert answer.headers.get("content-encoding") == encoding
    assert answer.content == SCRIPT  # the client undid the encoding
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["vary"] == "Accept-Encoding"
    size = {"br": len(brotli.compress(SCRIPT)), "gzip": len(gzip.compress(SCRIPT)), None: len(SCRIPT)}[encoding]
    assert int(answer.headers["content-length"]) == size


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("run/1/core.mjs", "text/javascript; charset=utf-8"),
        ("micropython.wasm", "application/wasm"),
        ("brain/main.py", "text/x-python; charset=utf-8"),
        ("manifest.json", "application/json"),
        ("stdlib.zip", "application/zip"),
        ("data.unknown", "application/octet-stream"),
    ],
)
def test_the_bundles_files_have_types_that_browsers_accept(sandbox: Any, path: str, content_type: str) -> None:
    put(sandbox.bundle, path)
    answer = sandbox.get(f"/{path}")
    assert (answer.status_code, answer.content) == (200, b"x")
    assert answer.headers["content-type"] == content_type
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_the_entry_is_cached_for_minutes_and_then_asked_for_again(sandbox: Any) -> None:
    put(sandbox.bundle, "bridge.js", SCRIPT)
    first = sandbox.get("/bridge.js")
    assert first.headers["cache-control"] == "public, max-age=300"
    again = sandbox.get("/bridge.js", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["access-control-allow-origin"] == "*"
    put(sandbox.bundle, "bridge.js", SCRIPT + b"//")
    assert sandbox.get("/bridge.js", headers={"if-none-match": first.headers["etag"]}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/nothing.js",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2fetc/passwd",
        "/demo/..%2f..%2fsecret.txt",
        "/analytics-next/bundles/..%2fsecret.txt",
        "/sub",
        "/a%00b",
        "/" + "x" * 5000,
        "/leak.txt",
    ],
)
def test_what_is_no_file_of_the_bundle_is_not_found(sandbox: Any, path: str) -> None:
    put(sandbox.bundle.parent, "secret.txt", b"the secret")
    put(sandbox.bundle, "sub/file.js")
    put(sandbox.web, "demo/index.html")
    (sandbox.bundle / "leak.txt").symlink_to(sandbox.bundle.parent / "secret.txt")
    answer = sandbox.get(path)
    assert answer.status_code == 404
    assert answer.content != b"the secret"


def test_the_demo_and_its_files(sandbox: Any) -> None:
    assert sandbox.get("/").status_code == 404
    put(sandbox.web, "demo/index.html", b"<title>Shop</title>")
    put(sandbox.web, "demo/shop.css", b"a{}")
    put(sandbox.web, "sandbox/kameleoon/main.js", b"not a part of the demo")
    index = sandbox.get("/")
    assert (index.status_code, index.text) == (200, "<title>Shop</title>")
    assert index.headers["content-type"] == "text/html; charset=utf-8"
    assert index.headers["cache-control"] == "no-cache"
    assert sandbox.get("/demo/shop.css").headers["content-type"] == "text/css; charset=utf-8"
    assert sandbox.get("/demo/../sandbox/kameleoon/main.js").status_code == 404


def test_of_static_only_styles_and_pictures_are_served(sandbox: Any) -> None:
    for path in ("style.css", "img/logo.svg", "img/logo.png", "package.json", "node_modules/a/a.css"):
        put(sandbox.static, path)
    assert sandbox.get("/static/style.css").headers["content-type"] == "text/css; charset=utf-8"
    assert sandbox.get("/static/img/logo.svg").headers["content-type"] == "image/svg+xml"
    assert sandbox.get("/static/img/logo.png").headers["content-type"] == "image/png"
    for path in ("package.json", "node_modules/a/a.css", "img/../node_modules/a/a.css", "none.css"):
        assert sandbox.get(f"/static/{path}").status_code == 404


def test_pyscript_and_the_python_that_it_runs(sandbox: Any) -> None:
    put(sandbox.static, "node_modules/@pyscript/core/dist/core.js", SCRIPT)
    put(sandbox.static, "node_modules/@micropython/micropython-webassembly-pyscript/micropython.wasm")
    core = sandbox.get("/pyscript/core.js")
    assert (core.content, core.headers["content-type"]) == (SCRIPT, "text/javascript; charset=utf-8")
    assert core.headers["cache-control"] == "public, max-age=300"
    assert sandbox.get("/pyscript/micropython/micropython.wasm").headers["content-type"] == "application/wasm"
    assert sandbox.get("/pyscript/../package.json").status_code == 404


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
