"""How the tag is pasted, and what keeps its files, its settings or its frame from being there."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatch

from tests.faults.situation import FAILED, HALF, HANGS, OFF, VISIT, Answer, Situation

#: What a page loads beside bridge.js, and what it is called in the table.
FILES = {
    "polyscript-*.js": "kernel",
    "micropython.mjs": "engine",
    "micropython.wasm": "wasm",
    "brain-*": "brain",
    "hands-*.js": "hands",
}
FAULTS: dict[Answer, str] = {404: "gone", HANGS: "hangs", HALF: "in half"}
# What a loader of a tag manager's or a consent tool's kind makes of a script: its text, run.
LOADER = """<script>
  fetch("{src}").then((answer) => answer.text()).then((text) => (0, eval)(text))
</script>"""
SHADOW = """<div id="host"></div><script>
  const script = document.createElement("script")
  script.src = "{src}"
  script.dataset.sitecode = "{sitecode}"
  document.getElementById("host").attachShadow({ mode: "open" }).append(script)
</script>"""
MODULE = '<script type="module" src="{src}" data-sitecode="{sitecode}"></script>'
# Something in the page removes frames that it does not know, some time after there is one.
REMOVES = """new MutationObserver((_all, self) => {
  if (!document.querySelector("iframe")) return
  self.disconnect()
  const remove = () => document.querySelectorAll("iframe").forEach((one) => one.remove())
  MILLISECONDS ? probe.after(MILLISECONDS, remove) : remove()
}).observe(document, { childList: true, subtree: true })"""
# React 18 that hydrates the whole document: an element that the server did not send makes it build all anew.
HYDRATE = """
const hydrate = () => {
  const strangers = [...document.documentElement.children].filter((one) => !["HEAD", "BODY"].includes(one.tagName))
  if (!strangers.length) return
  console.error("Minified React error #418; #423")
  const copy = document.documentElement.cloneNode(true)
  copy.querySelectorAll("iframe").forEach((one) => one.remove())
  document.replaceChild(copy, document.documentElement)
};"""
HYDRATE_AFTER_TAG = f"""{HYDRATE}
document.addEventListener("load", ({{ target }}) => {{
  if (String(target.src).endsWith("/bridge.js")) hydrate()
}}, true)"""
HYDRATE_LATER = f"""{HYDRATE}
addEventListener("DOMContentLoaded", () => probe.after(300, hydrate))"""


REPLACED = {
    "body replaced": "document.body = document.createElement('body')",
    "document.open after load": "document.open(); document.write('<h1>New</h1>'); document.close()",
    "document replaced": "const old = document.documentElement; document.replaceChild(old.cloneNode(true), old)",
}


def unknown(loads: Iterable[str]) -> list[str]:
    """Return which of the files that a page loads have no faults here; without `bridge.js` there is nothing to fail."""
    return [one for one in loads if one != "bridge.js" and not any(fnmatch(one, f"*{pattern}") for pattern in FILES)]


def files() -> Iterator[Situation]:
    """Yield each file of the bundle with each of its faults."""
    for pattern, name in FILES.items():
        for answer, fault in FAULTS.items():
            yield Situation(
                f"{name} {fault}", answers={f"**/{pattern}": answer}, exposures=0, identifiers=0, state=FAILED
            )


def frames() -> Iterator[Situation]:
    """Yield the page that removes the bridge's frame, at different times."""
    for milliseconds in (0, 50, 150, 500, 2000):
        first = REMOVES.replace("MILLISECONDS", str(milliseconds))
        yield Situation(f"frame removed after {milliseconds} ms", first=first)


SITUATIONS = [
    Situation("tag as a module", paste=MODULE, may_start=True),
    Situation("tag run by a loader", "fetch and eval", paste=LOADER, may_start=True),
    Situation("tag in a shadow root", paste=SHADOW, in_body="<p></p>", may_start=True),
    Situation(
        "<img name=currentScript>",
        "in what visitors wrote, before the tag",
        in_body='<img name="currentScript" src="/evil/x.png">',
        forbidden="/evil/polyscript",
    ),
    Situation(
        "<form name=currentScript>",
        "with an input named src",
        in_body='<form name="currentScript"><input name="src" value="/evil/bridge.js"></form>',
        forbidden="/evil/",
    ),
    Situation("configuration gone", config={}, answers={"**/bridge.json": 404}, exposures=0, identifiers=0, state=OFF),
    Situation(
        "configuration hangs",
        config={},
        answers={"**/bridge.json": HANGS},
        exposures=0,
        identifiers=0,
        state=OFF + FAILED,
    ),
    Situation(
        "configuration no JSON",
        config={},
        answers={"**/bridge.json": "<html>"},
        exposures=0,
        identifiers=0,
        state=OFF,
    ),
    *files(),
    Situation(
        "policy without wasm",
        csp="script-src http://127.0.0.1:* 'unsafe-inline'",
        exposures=0,
        identifiers=0,
        state=FAILED,
    ),
    *frames(),
    *(Situation(name, visit=VISIT + f"probe.after(300, () => {{ {script} }})") for name, script in REPLACED.items()),
    Situation("document hydrated", "as by React 18, right after the tag has run", first=HYDRATE_AFTER_TAG),
    Situation("document hydrated later", "as by React 18, after 300 ms", first=HYDRATE_LATER),
    Situation("shop in a srcdoc frame", inside=True, state=()),
]
