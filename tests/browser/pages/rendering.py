"""A shop that React renders: all of the document, on its server; ``hydrateRoot(document, …)`` takes it over."""

import json
import os
import re
import subprocess
from html import unescape
from pathlib import Path

from bridge.bundle import esbuild
from tests.browser.shop import Shop

# The document as frameworks have it that render all of it: scripts in the head, the page's own at the end of the body.
_APP = """
import { createElement as h, useEffect, useState } from "react"

const Buy = () => {
  const [bought, buy] = useState(0)
  useEffect(() => { window.hydrated = true }, [])
  return h("button", { onClick: () => buy(bought + 1) }, "Bought: " + bought)
}
const inline = (code) => h("script", { dangerouslySetInnerHTML: { __html: code } })

export const Shop = (props) => h("html", null,
  h("head", null,
    h("title", null, "Shop"),
    h("script", { async: true, src: props.kameleoon }),
    h("script", { async: true, ...props.tag }),
    inline(props.segment)), // it appends a script to the head
  h("body", null,
    h("h1", null, "Shop"),
    h(Buy),
    inline("window.props = " + JSON.stringify(props).replaceAll("<", "\\\\u003c")),
    h("script", { src: "/client.js", defer: true })))
"""
_SERVER = """
import { createElement } from "react"
import { renderToString } from "react-dom/server"
import { readFileSync } from "node:fs"
import { Shop } from "./shop.js"
process.stdout.write("<!doctype html>" + renderToString(createElement(Shop, JSON.parse(readFileSync(0, "utf8")))))
"""
_CLIENT = """
import { createElement } from "react"
import { hydrateRoot } from "react-dom/client"
import { Shop } from "./shop.js"
window.recovered = []
window.hydrate = () => {
  const onRecoverableError = (error) => { window.recovered.push(String(error)) }
  hydrateRoot(document, createElement(Shop, window.props), { onRecoverableError })
}
if (window.props.atOnce) window.hydrate()
"""


class React:
    """The two programs of such a shop, built as React's users do: for ``production`` or for ``development``."""

    def __init__(self, folder: Path, mode: str) -> None:
        (folder / "shop.js").write_text(_APP)
        (folder / "server.js").write_text(_SERVER)
        (folder / "client.js").write_text(_CLIENT)
        modules = Path(__file__).parents[3] / "static" / "node_modules"
        packages = [f"--alias:{name}={modules / name}" for name in ("react", "react-dom")]
        options = ["--bundle", *packages, f'--define:process.env.NODE_ENV="{mode}"']
        self._client = esbuild.run(folder / "client.js", *options).decode()
        self._server = folder / "bundle.cjs"
        self._server.write_bytes(esbuild.run(folder / "server.js", *options, "--platform=node"))

    def write(self, shop: Shop, *, at_once: bool) -> str:
        """Write a page of the shop, which React takes over at once, or when the test calls ``hydrate()``."""
        shop.file("/client.js", self._client)
        tag = _attributes(shop.tag())
        props = {
            "segment": re.sub("</?script>", "", shop.segment()),
            "kameleoon": _attributes(shop.kameleoon())["src"],
            "tag": tag,
            "atOnce": at_once,
        }
        done = subprocess.run(
            ["node", self._server],
            input=json.dumps(props).encode(),
            env=os.environ,
            capture_output=True,
            check=True,
        )
        return shop.file("/react", done.stdout.decode())


def _attributes(tag: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in re.findall('([a-z-]+)="([^"]*)"', tag)}
