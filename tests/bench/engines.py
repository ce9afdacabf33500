"""What each engine costs, in one run: `python -m tests.bench.engines`.

Both engines of the bridge, and a plain page of PyScript with Pyodide and pydantic, as its documentation has it: the
strict engine's targets are ratios to that. Prints medians; absolute times are this machine's.
"""

import hashlib
import json
import math
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bridge.bundle import Manifest, build
from bridge.bundle.build import ROOT
from bridge.bundle.compression import compressed
from bridge.models.settings import Settings
from bridge.sandbox.app import create_app
from bridge.sandbox.files import send_file
from tests.bench.stage import memory
from tests.browser.serving import serving
from tests.browser.shop import SITECODE, Host, Shop
from tests.find_browser import FLAGS, find

Visit = Callable[[Page], None]  # opens a page; returns once Python has started, and checks
RUNS = 9
WHEELS = ROOT / "static" / "wheels"
PYODIDE = ROOT / "static" / "node_modules" / "pyodide"
CORE = ROOT / "static" / "node_modules" / "@pyscript" / "core" / "dist"
OBSERVE = """<script>
  window.longest = 0
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) window.longest = Math.max(window.longest, one.duration)
  }).observe({ type: "longtask", buffered: true })
  addEventListener("kameleoonSegment:violation", () => { window.checked ??= performance.now() })
  document.addEventListener("load", () => {
    if (window.kameleoonSegment && !window.asked) {
      window.asked = kameleoonSegment.ready.then(() => {
        window.started = performance.now()
        kameleoonSegment.consent("a violation, which the strict engine says as soon as it checks")
      })
    }
  }, true)
</script>"""
PLAIN = """<!doctype html><title>Plain</title>{observe}
<script type="module" src="core/core.js"></script>
<script type="py" config='{config}'>
import pydantic
from pyscript import window
class Message(pydantic.BaseModel):
    kind: str
Message(kind="started")
window.started = window.checked = window.performance.now()
</script>"""


def plain_site(folder: Path) -> float:
    """Write a plain page of PyScript into a folder, compressed as a bundle is; return the megabytes that it loads."""
    shutil.copytree(CORE, folder / "core")
    shutil.copytree(PYODIDE, folder / "pyodide", ignore=shutil.ignore_patterns("*.map", "*.ts", "*.html"))
    lock = json.loads((PYODIDE / "pyodide-lock.json").read_text())
    lock["packages"] = {}
    for wheel in WHEELS.glob("*.whl"):
        shutil.copy(wheel, folder / "pyodide")
        package, version = wheel.name.split("-")[:2]
        needs = ["annotated-types", "pydantic-core", "typing-extensions", "typing-inspection"]
        lock["packages"][package.replace("_", "-")] = {
            "name": package.replace("_", "-"),
            "version": version,
            "file_name": wheel.name,
            "install_dir": "site",
            "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
            "package_type": "package",
            "imports": [package],
            "depends": needs if package == "pydantic" else [],
            "unvendored_tests": False,
            "tool": {},
        }
    (folder / "pyodide" / "pyodide-lock.json").write_text(json.dumps(lock))
    config = {"interpreter": "./pyodide/pyodide.mjs", "packages": ["pydantic"], "packages_cache": "passthrough"}
    (folder / "index.html").write_text(PLAIN.format(observe=OBSERVE, config=json.dumps(config)))
    names = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
    wheels = [folder / "pyodide" / wheel.name for wheel in WHEELS.glob("*.whl") if "http" not in wheel.name]
    core = list((folder / "core").glob("core*.js"))
    loaded = 0
    for path in (*core, *(folder / "pyodide" / name for name in names), *wheels):
        brotli = compressed(path.read_bytes(), ROOT / ".cache" / "compressed")[1]
        path.with_name(path.name + ".br").write_bytes(brotli)
        loaded += len(brotli)
    return loaded / 1e6


def plain_app(folder: Path) -> Starlette:
    """Return what serves the plain page as the sandbox serves a bundle."""

    async def file(request: Request) -> Response:
        return await send_file(request, folder, request.path_params["path"], "public, max-age=31536000, immutable")

    return Starlette(routes=[Route("/{path:path}", file)])


def measure(browser: Browser, visit: Visit, found: dict[str, list[float]]) -> None:
    """Add what a new visitor, who comes once cold and once warm, measures."""
    context = browser.new_context()
    page = context.new_page()
    for kind in ("cold", "warm"):
        visit(page)
        page.wait_for_timeout(200)  # long tasks are reported late
        for name in ("started", "checked", "longest"):
            found.setdefault(f"{name}, {kind}", []).append(page.evaluate(f"() => window.{name} ?? NaN"))
    found.setdefault("memory", []).append(memory(page))
    context.close()


def main() -> None:
    """Measure all three and print a table."""
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        bundle, plain = Path(temporary) / "bundle", Path(temporary) / "plain"
        manifest = build(Settings(sitecode=SITECODE), bundle)
        sizes = {engine: transfer(manifest, engine) for engine in ("micropython", "pyodide")}
        sizes["plain"] = plain_site(plain)
        host = Host()
        browser = playwright.chromium.launch(executable_path=str(find()), args=FLAGS)
        with (
            serving(create_app(bundle)) as cloud,
            serving(host.app()) as shop_port,
            serving(plain_app(plain)) as plain_port,
        ):
            host.origin = f"http://localhost:{shop_port}"

            marks = {"micropython": "started", "pyodide": "checked"}

            def visit(engine: str) -> Visit:
                def started(page: Page) -> None:
                    shop = Shop(page, f"http://127.0.0.1:{cloud}", host, engine)
                    shop.open(OBSERVE, shop.tag())
                    page.wait_for_function("(mark) => window[mark]", arg=marks[engine])
                    assert shop.status()["state"] == "on", shop.status()

                return started

            def plain_visit(page: Page) -> None:
                page.goto(f"http://127.0.0.1:{plain_port}/index.html")
                page.wait_for_function("() => window.checked")

            kinds = {"micropython": visit("micropython"), "pyodide": visit("pyodide"), "plain": plain_visit}
            found: dict[str, dict[str, list[float]]] = {name: {} for name in kinds}
            for _ in range(RUNS):  # in turns: what else the machine does meets all three
                for name, one in kinds.items():
                    measure(browser, one, found[name])
        browser.close()
    sys.stdout.write(table(found, sizes))


def transfer(manifest: Manifest, engine: str) -> float:
    """Return the megabytes that an engine's visitor loads, as Brotli."""
    return sum(manifest.files[name].brotli for name in manifest.loads[engine]) / 1e6


def table(found: dict[str, dict[str, list[float]]], sizes: dict[str, float]) -> str:
    """Return the medians as text."""
    title = f"median of {RUNS}"
    lines = [f"{title:<28}{'micropython':>13}{'strict':>10}{'plain':>10}{'strict/plain':>14}"]
    labels = {
        "started, cold": "started, cold cache, ms",
        "started, warm": "started, warm cache, ms",
        "checked, cold": "checking, cold cache, ms",
        "checked, warm": "checking, warm cache, ms",
        "longest, cold": "longest task, cold, ms",
        "longest, warm": "longest task, warm, ms",
        "memory": "memory of the process, MB",
    }
    rows = {
        label: [statistics.median(found[one][name]) for one in ("micropython", "pyodide", "plain")]
        for name, label in labels.items()
    }
    rows["transfer, Brotli, MB"] = [sizes[one] for one in ("micropython", "pyodide", "plain")]
    for label, (micropython, strict, plain) in rows.items():
        first = "-" if math.isnan(micropython) else f"{micropython:.2f}"  # it checks nothing
        lines.append(f"{label:<28}{first:>13}{strict:>10.2f}{plain:>10.2f}{strict / plain:>14.2f}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
