"""A report as one self-contained page: the checks, what the page looked like, and what happened when."""

import json
from collections.abc import Iterator
from html import escape
from typing import Any

from bridge.doctor.report import Check, Evidence, Report, Status
from bridge.doctor.sight import Sight
from bridge.wire.messages import FAILED, LANES, REFUSED
from bridge.wire.sight import of_sight
from bridge.wire.timeline import Timeline

_WORDS: dict[Status, tuple[str, str]] = {
    "fail": ("✗", "failed"),
    "warn": ("!", "to look at"),
    "pass": ("✓", "passed"),
    "unknown": ("?", "cannot be seen"),
    "n/a": ("-", "not in use"),
}
_OPEN = ("fail", "warn")
_MOST_MOMENTS = 200
_BAD, _BAD_STATES = "bad", (REFUSED, FAILED)

_STYLE = """
:root { --paper: #faf7f2; --card: #fff; --ink: #23302b; --soft: #5c6862; --line: #ddd6ca; --accent: #1f5a4a;
  --pass: #17704a; --warn: #8a5a00; --fail: #a3341f; --unknown: #3a5a8c; --code: #f1ebe1; color-scheme: light dark }
@media (prefers-color-scheme: dark) { :root { --paper: #1b1f1d; --card: #232926; --ink: #edf1ee; --soft: #a7b3ac;
  --line: #3a433e; --accent: #7fcbb0; --pass: #6fd3a2; --warn: #f0bd62; --fail: #ff9c86; --unknown: #9dbcf0;
  --code: #161a18 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif }
main { max-width: 1120px; margin: 0 auto; padding: 32px 24px 64px }
h1 { margin: 0; font-size: 26px; line-height: 1.25 }
h2 { margin: 40px 0 12px; font-size: 18px }
a { color: var(--accent) }
.address { margin: 4px 0 0; color: var(--soft); overflow-wrap: anywhere }
.counts { display: flex; flex-wrap: wrap; gap: 8px; margin: 16px 0 0; padding: 0; list-style: none }
.counts li { padding: 3px 12px; border: 1px solid currentcolor; border-radius: 99px; font-size: 14px }
.top { display: grid; grid-template-columns: minmax(0, 1fr) 360px; gap: 32px; align-items: start }
.top img { display: block; width: 100%; border: 1px solid var(--line); border-radius: 8px }
.check { background: var(--card); border: 1px solid var(--line); border-radius: 8px; margin: 0 0 8px }
.check > summary { display: grid; grid-template-columns: 24px 124px minmax(0, 1fr) 12px; gap: 8px 12px;
  padding: 10px 16px; cursor: pointer; list-style: none }
.check > summary::after { content: ""; width: 8px; height: 8px; margin: 7px 0 0 2px; border: solid var(--soft);
  border-width: 0 2px 2px 0; transform: rotate(45deg) }
.check[open] > summary::after { margin-top: 11px; transform: rotate(225deg) }
.check > summary:hover { background: var(--code); border-radius: 8px }
.check > summary::-webkit-details-marker { display: none }
.check > summary:focus-visible { outline: 3px solid var(--accent); border-radius: 8px }
.id { font-weight: 600 } .mark { font-weight: 700; text-align: center }
.what { overflow-wrap: anywhere } .failed { margin: 6px 0 0; font-size: 18px } .failed b { white-space: nowrap }
.body { padding: 0 16px 14px 52px }
.fix { margin: 4px 0 12px; padding: 10px 14px; border-left: 3px solid var(--accent); background: var(--code) }
.fix p { margin: 8px 0 0; font-size: 14px; overflow-wrap: anywhere }
pre { margin: 8px 0 0; padding: 8px 12px; border: 1px solid var(--line); border-radius: 6px; background: var(--card);
  white-space: pre-wrap; overflow-wrap: anywhere; font-size: 13px; user-select: all }
pre, code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace }
.seen { margin: 0; padding: 0; list-style: none; font-size: 13px; color: var(--soft) }
.seen li { padding: 3px 0; overflow-wrap: anywhere } .seen b { color: var(--ink); font-weight: 600 }
.proof { color: var(--pass) !important }
.pass { color: var(--pass) } .warn { color: var(--warn) } .fail { color: var(--fail) }
.unknown { color: var(--unknown) } .na { color: var(--soft) }
.lane { display: grid; grid-template-columns: 132px minmax(0, 1fr); align-items: center; font-size: 14px; gap: 8px }
.track { position: relative; height: 28px; border-bottom: 1px solid var(--line) }
.track i { position: absolute; top: 9px; width: 10px; height: 10px; margin-left: -5px; border-radius: 50%;
  background: var(--accent); opacity: .8 }
.track i.bad { background: var(--fail) }
.scale { display: flex; justify-content: space-between; font-size: 12px; color: var(--soft); padding-left: 140px }
.moments { font-size: 13px } .moments summary { cursor: pointer; padding: 12px 0; font-size: 14px }
table { border-collapse: collapse; width: 100% }
td { padding: 4px 12px 4px 0; vertical-align: top; border-top: 1px solid var(--line); overflow-wrap: anywhere }
td:first-child { white-space: nowrap; font-variant-numeric: tabular-nums; text-align: right }
td:nth-child(2) { white-space: nowrap; color: var(--soft) }
footer { margin-top: 40px; color: var(--soft); font-size: 13px }
@media (max-width: 760px) {
  main { padding: 20px 14px 40px } .top { grid-template-columns: minmax(0, 1fr); gap: 20px }
  .check > summary { grid-template-columns: 20px minmax(0, 1fr) 12px; gap: 2px 8px; padding: 10px 12px }
  .check > summary .what { grid-area: 2 / 2 } .check > summary::after { grid-area: 1 / 3 }
  .body { padding: 0 12px 12px }
  .lane { grid-template-columns: minmax(0, 1fr); gap: 0; margin-top: 8px } .scale { padding-left: 0 }
  td:nth-child(2) { display: none }
}
"""


def page(report: Report, sight: Sight | None) -> str:
    """Return the page; ``sight`` adds a screenshot and the timeline, where a page was looked at."""
    failed = [check.id for check in report.checks if check.status == "fail"]
    title = f"{len(failed)} of {len(report.checks)} checks failed" if failed else "Nothing failed"
    names = f'<p class="failed">{", ".join(f"<b>{escape(one)}</b>" for one in failed)}</p>' if failed else ""
    checks = sorted(report.checks, key=lambda check: check.status not in _OPEN)  # what is to be done comes first
    picture = ""
    if sight and sight.screenshot:
        picture = (
            f'<img alt="The page as the browser showed it" src="data:image/jpeg;base64,{escape(sight.screenshot)}">'
        )
    given = report.led_from()
    led = f'<p class="address">where {escape(given)} leads to</p>' if given else ""
    versions = ", ".join(f"{name} {value}" for name, value in report.versions.items())
    when = sight.looked_at.replace("T", " ").replace("+00:00", " UTC") if sight else ""
    looked = f"{when}, watched for {sight.wait_s:g} s after the load. " if sight else ""
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}: {escape(report.final_url)}</title><style>{_STYLE}</style></head><body><main>
<div class="top"><div><h1>{escape(title)}</h1>{names}<p class="address">{escape(report.final_url)}</p>{led}
<ul class="counts">{"".join(_counts(report))}</ul></div>{picture}</div>
<h2>Checks</h2>
{"".join(_check(check) for check in checks)}
{_timeline(sight) if sight else ""}
<footer>{escape(looked)}{escape(versions)}</footer>
</main></body></html>
"""


def _class(status: Status) -> str:
    return status.replace("/", "")


def _counts(report: Report) -> Iterator[str]:
    for status, (mark, word) in _WORDS.items():
        count = sum(check.status == status for check in report.checks)
        if count:
            yield f'<li class="{_class(status)}">{mark} {count} {word}</li>'


def _check(check: Check) -> str:
    is_open = " open" if check.status in _OPEN else ""
    mark, word = _WORDS[check.status]
    fix = ""
    if check.fix:
        paste = f"<pre>{escape(check.fix.paste)}</pre>" if check.fix.paste else ""
        fix = f'<div class="fix">{escape(check.fix.text)}{paste}{_more(check.fix.link)}</div>'
    seen = "".join(_evidence(one) for one in check.evidence)
    return (
        f'<details class="check"{is_open}><summary>'
        f'<span class="mark {_class(check.status)}" title="{word}">{mark}</span>'
        f'<span class="id">{escape(check.id)}</span><span class="what">{escape(check.what)}</span></summary>'
        f'<div class="body">{fix}<ul class="seen">{seen or "<li>Nothing more was seen.</li>"}</ul></div></details>\n'
    )


def _more(link: str | None) -> str:
    """Return where it is told at length: a link, where the documents have an address."""
    if not link:
        return ""
    text = escape(link)
    return f'<p>More: <a href="{text}">{text}</a></p>' if link.startswith("https://") else f"<p>More: {text}</p>"


def _evidence(one: Evidence) -> str:
    value = one.value if isinstance(one.value, str) else json.dumps(one.value, ensure_ascii=False)
    moment = f" at {one.at_ms / 1000:.2f} s" if one.at_ms is not None else ""
    kind = ' class="proof"' if one.kind == "proof" else ""
    return f"<li{kind}><b>{escape(one.kind)}</b>{moment} {escape(one.where)} <code>{escape(value)}</code></li>"


def _timeline(sight: Sight) -> str:
    timeline = Timeline()
    timeline.add(of_sight(sight.model_dump(mode="json", by_alias=True)))
    messages = [one for one in timeline.all() if one["view"] == timeline.all()[-1]["view"]][:_MOST_MOMENTS]
    end = max([one["at_ms"] for one in messages] + [sight.metrics.load_ms or 0, 1000])
    lanes = []
    for lane, name in LANES:
        dots = "".join(
            f'<i class="{_BAD if one["state"] in _BAD_STATES else ""}" style="left:{one["at_ms"] / end * 98 + 1:.2f}%" '
            f'title="{one["at_ms"] / 1000:.2f} s: {escape(_words(one))}"></i>'
            for one in messages
            if one["lane"] == lane
        )
        lanes.append(f'<div class="lane"><span>{name}</span><div class="track">{dots}</div></div>')
    names = dict(LANES)
    rows = "".join(
        f"<tr><td>{one['at_ms'] / 1000:.2f} s</td><td>{names[one['lane']]}</td><td>{escape(_words(one))}</td></tr>"
        for one in messages
    )
    scale = "".join(f"<span>{end / 4000 * step:.1f} s</span>" for step in range(5))
    return (
        f'<h2>What happened when</h2>{"".join(lanes)}<div class="scale">{scale}</div>'
        f'<details class="moments"><summary>{len(messages)} messages, one by one</summary>'
        f"<table>{rows}</table></details>"
    )


def _words(one: dict[str, Any]) -> str:
    state = f" ({one['state']})" if one["state"] else ""
    return " ".join(filter(None, (one["title"], one["about"]))) + state
