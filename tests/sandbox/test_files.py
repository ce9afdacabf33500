"""Files by HTTP: right bytes, right types, compressed for those who accept it, nothing else."""

# ruff: noqa: D103  # the tests' names are sentences

import gzip
from typing import Any

import brotli
import pytest

from tests.sandbox.folders import put

SCRIPT = b"console.log('the bridge')\n" * 20


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
