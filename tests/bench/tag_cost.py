"""What the tag costs a page, against Kameleoon's own snippet, in one run: `python -m tests.bench.tag_cost`.

Prints medians in milliseconds with the lowest and the highest, and the medians' ratio; absolute times are this
machine's. The snippet looks for analytics.js each 200 ms: its times are of two kinds.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from bridge.bundle import build
from bridge.models.settings import Settings
from bridge.sandbox.app import create_app
from tests.browser.serving import serving
from tests.browser.shop import SITECODE, Host, Shop
from tests.find_browser import FLAGS, find

RUNS = 15
EVENTS = 300
# Kameleoon help, "Integrate Kameleoon with Segment", step 4: the global custom script, as it stands there.
SNIPPET = """
Kameleoon.API.Core.runWhenConditionTrue(
  () => window.analytics && window.analytics.track && window.analytics.user,
  () => {
    const linked = window.localStorage.getItem('k_segmentio_identifier');
    if (linked && linked === window.analytics.user().anonymousId()) return;
    window.localStorage.setItem('k_segmentio_identifier', window.analytics.user().anonymousId());
    window.analytics.track('Kameleoon identifier', {'k_visitorCode': Kameleoon.API.Visitor.code})
  }
);
"""
# When the identifier's request left, after navigation start, and how long the main thread was blocked by long tasks.
OBSERVE = """<script>
  window.blocked = 0
  new PerformanceObserver((list) => { for (const one of list.getEntries()) window.blocked += one.duration - 50 })
    .observe({ type: "longtask", buffered: true })
  const plain = window.fetch
  window.fetch = function (url, options) {
    if (!window.linked && String(options && options.body).includes("Kameleoon identifier")) {
      window.linked = performance.now()
    }
    return plain.apply(this, arguments)
  }
</script>"""
PER_EVENT = """async (count) => {
  const times = []
  for (let n = 0; n < count; n++) {
    const began = performance.now()
    await new Promise((seen) => { window.seen = seen; analytics.track("Timed", { n }) })
    times.push(performance.now() - began)
  }
  return times.sort((a, b) => a - b)[count >> 1]
}"""
# Registered after ours, it ends the time that an event spends in source middlewares.
LAST = "analytics.addSourceMiddleware(({ payload, next }) => { window.seen && window.seen(); next(payload) })"


def measure(shop: Shop, found: dict[str, list[float]], *, bridge: bool) -> None:
    """Add what a new visitor, who comes once cold and once warm, measures, in ms by name."""
    page = shop.page
    kameleoon = shop.kameleoon() if bridge else shop.kameleoon(globalScript=SNIPPET)
    for visit in ("cold", "warm"):
        shop.open(OBSERVE, kameleoon, shop.segment("analytics.page()"), shop.tag() if bridge else "")
        page.wait_for_function("() => window.linked")
        found.setdefault(visit, []).append(page.evaluate("() => window.linked"))
        found.setdefault("blocked", []).append(page.evaluate("() => window.blocked"))
        page.evaluate("() => localStorage.clear()")
    page.evaluate(f"() => {{ {LAST} }}")
    found.setdefault("per event", []).append(page.evaluate(PER_EVENT, EVENTS))


def main() -> None:
    """Measure both and print a table."""
    executable = find()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(create_app(Path(folder))) as cloud,
        sync_playwright() as playwright,
    ):
        build(Settings(sitecode=SITECODE), Path(folder))
        host = Host()
        with serving(host.app()) as shop_port:
            host.origin = f"http://localhost:{shop_port}"
            browser = playwright.chromium.launch(executable_path=str(executable), args=FLAGS)
            snippet: dict[str, list[float]] = {}
            bridge: dict[str, list[float]] = {}
            for _ in range(RUNS):  # in turns: what else the machine does meets both
                for found, is_bridge in ((snippet, False), (bridge, True)):
                    context = browser.new_context()
                    shop = Shop(context.new_page(), f"http://127.0.0.1:{cloud}", host)
                    measure(shop, found, bridge=is_bridge)
                    context.close()
            browser.close()
    lines = [f"{'median of ' + str(RUNS) + ', ms':<36}{'snippet':>22}{'bridge':>22}{'ratio':>8}"]
    labels = {
        "cold": "identifier sent, cold cache",
        "warm": "identifier sent, warm cache",
        "blocked": "main thread blocked",
        "per event": "an event up to the last middleware",
    }
    for name, label in labels.items():
        one, other = statistics.median(snippet[name]), statistics.median(bridge[name])
        ratio = f"{other / one:.2f}" if one else "-"
        lines.append(f"{label:<36}{spread(snippet[name]):>22}{spread(bridge[name]):>22}{ratio:>8}")
    sys.stdout.write("\n".join(lines) + "\n")


def spread(times: list[float]) -> str:
    """Return the median with the lowest and the highest, as text."""
    return f"{statistics.median(times):.1f} ({min(times):.1f}..{max(times):.1f})"


if __name__ == "__main__":
    main()
