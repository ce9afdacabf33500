"""Plays a situation, with the bridge and without it."""

import html
import json
from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any

from playwright.sync_api import Route

from bridge.shared.vocabulary import EXPOSURE_EVENT, IDENTIFIER_EVENT
from tests.browser.shop import SITECODE
from tests.faults.results import Row, compare
from tests.faults.situation import HALF, HANGS, TAG, Answer, Situation
from tests.faults.stage import PROBE, Seen, Stage, Visit

TRIES = 3  # where only times are wrong, it may have been the machine
VISIT_S = 30
QUIET_S = 1.2
SETTLED_S = 20
ARRIVED_S = 6  # after the visit's end: a lock is waited for, analytics.js tries again
START_S = 19  # a start has 15, and says after 3 at the most why there was none
STATE = "(({state, errors}) => state === 'on' || errors.length ? state : '')(window.kameleoonSegment?.status() || {})"


def play(stage: Stage, situation: Situation) -> Row:
    """Return what a situation came to."""
    for _ in range(TRIES):
        without = _visited(stage, situation, situation.own)
        own = Counter(event.name for event in without.events)
        ours = {EXPOSURE_EVENT: situation.exposures, IDENTIFIER_EVENT: situation.identifiers}
        seen = _visited(stage, situation, (Counter(situation.own) & own) + Counter(ours), bridge=True)
        row = compare(situation, seen, without)
        if not row.only_slow:
            break
    return row


def _visited(stage: Stage, situation: Situation, expected: Mapping[str, int], *, bridge: bool = False) -> Seen:
    """Return what was seen of a visitor: at least what is expected, where it comes within a bound."""

    def stay() -> None:
        """Wait until the visit is over, nothing more arrives, and the bridge runs or has said why it does not."""
        visit.until(lambda: visit.value(f"{probe}?.done"), VISIT_S)
        visit.quiet(QUIET_S, SETTLED_S)
        if bridge and situation.state and not situation.may_start:
            visit.until(lambda: visit.value(STATE) in situation.state, START_S)

    probe = "window[0]?.probe" if situation.inside else "window.probe"
    with stage.visit() as visit:
        _prepare(visit, situation, bridge=bridge)
        with stage.measured(visit):
            visit.open()
            stay()
            if situation.reloads:
                visit.open()
                stay()
            visit.until(lambda: not Counter(expected) - Counter(one.name for one in visit.look().events), ARRIVED_S)
            visit.quiet(QUIET_S, SETTLED_S)
            visit.ask()
        return visit.seen


def _prepare(visit: Visit, situation: Situation, *, bridge: bool) -> None:
    """Write the page, and tell the browser what is wrong with it."""
    shop, context = visit.shop, visit.context
    if situation.everywhere:
        context.add_init_script(situation.everywhere)
    for name, value in situation.cookies.items():
        context.add_cookies([{"name": name, "value": value, "url": shop.origin}])
    if situation.remote:
        shop.remote(**situation.remote)
    for pattern, answer in situation.answers.items():
        context.route(pattern, partial(_answer, answer))
    visit.write("/", _page(visit, situation, bridge=bridge), situation.csp)


def _page(visit: Visit, situation: Situation, *, bridge: bool) -> str:
    shop = visit.shop
    attributes = {}
    if situation.config is not None:
        attributes["config"] = shop.file("/bridge.json", json.dumps({"sitecode": SITECODE, **situation.config}))
    tag = situation.paste.replace(TAG, shop.tag(**attributes)).replace("{src}", f"{shop.cloud}/bridge.js")
    tag = tag.replace("{sitecode}", SITECODE) if bridge else _script(situation.instead)
    parts = [_script(situation.first)]
    if situation.kameleoon is not None:
        parts.append(_later(situation.kameleoon_after, shop.kameleoon(**situation.kameleoon)))
    if situation.segment:
        parts.append(_later(situation.segment_after, shop.segment(situation.calls, load=situation.load)))
    body = f"<h1>Shop</h1>{situation.in_body}"
    if situation.in_body:
        body += tag
    else:
        parts.append(tag)
    page = (
        f"<!doctype html><html><head><title>Shop</title>{PROBE}{''.join(parts)}</head>"
        f"<body>{body}{_script(situation.visit)}</body></html>"
    )
    if situation.inside:
        return f'<!doctype html><title>Outside</title>{PROBE}<iframe srcdoc="{html.escape(page)}"></iframe>'
    return page


def _script(text: str) -> str:
    return f"<script>{text}</script>" if text else ""


def _later(milliseconds: int, part: str) -> str:
    if not milliseconds:
        return part
    text = json.dumps(part).replace("</", "<\\/")
    add = f"document.head.append(document.createRange().createContextualFragment({text}))"
    return _script(f"probe.after({milliseconds}, () => {add})")


def _answer(answer: Answer, route: Route) -> None:
    """Answer a request as a situation has it."""
    headers = {"access-control-allow-origin": "*"}
    if answer == HANGS:
        return
    if answer == HALF:
        whole: Any = route.fetch()
        kept = {name: value for name, value in whole.headers.items() if not name.startswith("content-")}
        kept["content-type"] = whole.headers["content-type"]
        route.fulfill(status=200, headers=kept, body=whole.body()[: len(whole.body()) // 2])
    elif isinstance(answer, int):
        route.fulfill(status=answer, headers=headers)
    else:
        route.fulfill(status=200, headers=headers, body=answer)
