"""The doctor before pages that are as they should be, and before broken ones."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from playwright.sync_api import Browser

from bridge.doctor.checks import CHECKS, judge
from bridge.doctor.examining import examine
from bridge.doctor.looking import CannotLookError, Options, look
from bridge.doctor.sight import Sight
from tests.browser.kameleoon_help import IDENTIFIER, PERSONAS
from tests.browser.serving import CLIENT
from tests.browser.shop import EXPERIMENT, SITECODE, Storefront
from tests.doctor.applying import Site, applied
from tests.doctor.conftest import QUICKLY, check_of

Head = tuple[str, ...]
PASTED = "<script>(window.kameleoonQueue = window.kameleoonQueue || []).push(function () {%s})</script>"
SECRET = "eyJ" + "a" * 30
OTHER_BUILD = f"sha384-{'A' * 64}"
META = '<meta http-equiv="Content-Security-Policy" content="{csp}" />'
STRIPPING = """analytics.register({ name: "Strip", type: "enrichment", version: "1", isLoaded: () => true,
  load: () => Promise.resolve(), page(context) {
    context.updateEvent("properties", { ...context.event.properties, kameleoonVisitorCode: undefined })
    return context
  } })"""
PLAN = {"name": "Plan", "source": "trait", "trait": "plan"}
PLAN_IN_KAMELEOON = {"index": 1, "name": "Plan", "type": "UNIQUE", "scope": "VISITOR"}
IDENTIFIED = 'analytics.identify("u1", { plan: "gold" }); analytics.page()'
OTHER_CODE = 'analytics.page("Home", { kameleoonVisitorCode: "somebodyelse0000" })'


def config(shop: Storefront, **settings: Any) -> str:
    """Put a configuration on the shop's server; return its address."""
    return shop.file("/bridge.json", json.dumps({"sitecode": SITECODE, **settings}))


@dataclass(frozen=True)
class Broken:
    """A page with one thing wrong, whose fix is not in the page, or not in the report."""

    name: str
    check: str  #: that names it
    head: Callable[[Storefront], Head]
    says: str  #: a part of what the check says
    mended: Callable[[Storefront], Head] = lambda shop: (shop.tag(), shop.kameleoon(), shop.segment())
    status: str = "fail"


BROKEN = [
    Broken(
        "a wrong address",
        "tag",
        lambda s: (s.tag().replace("/bridge.js", "/old/bridge.js"), s.kameleoon(), s.segment()),
        "does not load: 404",
    ),
    Broken(
        "a setting that is not accepted",
        "runtime",
        lambda s: (s.tag(engine="cpython"), s.kameleoon(), s.segment()),
        "engine",
    ),
    Broken(
        "bridge.js alone",
        "runtime",
        lambda s: (alone(s), s.kameleoon(), s.segment()),
        "could not start",
    ),
    Broken("no Segment", "segment", lambda s: (s.tag(), s.kameleoon()), "not in the page"),
    Broken(
        "Kameleoon does not start",
        "kameleoon",
        lambda s: (s.tag(), s.kameleoon(runtimeDelay=60_000), s.segment()),
        "has not started",
    ),
    Broken(
        "another visitor code",
        "visitor",
        lambda s: (s.tag(), s.kameleoon(), s.segment(OTHER_CODE)),
        "another visitor code",
    ),
    Broken(
        "every campaign is left out",
        "exposures",
        lambda s: (s.tag(config=config(s, exposures={"except": [EXPERIMENT["id"]]})), s.kameleoon(), s.segment()),
        "101 Headline",
        status="warn",
    ),
    Broken(
        "a plugin takes the code out",
        "events",
        lambda s: (s.tag(), s.kameleoon(), s.segment(f"{STRIPPING}; analytics.page()")),
        "do not carry the visitor code",
        status="warn",
    ),
    Broken(
        "the Data API cannot be reached",
        "custom-data",
        lambda s: (
            s.tag(config=config(s, custom_data=[PLAN])),
            s.kameleoon(dataUrl="http://127.0.0.1:9"),
            s.segment(),
        ),
        "do not answer",
        mended=lambda s: (
            s.tag(config=config(s, custom_data=[PLAN])),
            s.kameleoon(customData=[PLAN_IN_KAMELEOON]),
            s.segment(IDENTIFIED),
        ),
    ),
    Broken(
        "a snippet stores before consent",
        "consent",
        lambda s: (s.tag(), s.kameleoon(consent="required"), s.segment(), PASTED % IDENTIFIER),
        "something was stored",
        mended=lambda s: (s.tag(), s.kameleoon(), s.segment()),
    ),
]


@dataclass(frozen=True)
class Printed:
    """A page with one thing wrong, and all that heals it is in the report."""

    name: str
    check: str  #: that names it
    site: Callable[[Storefront], Site]
    status: str = "fail"


CSP = "script-src 'self' 'unsafe-inline'; connect-src {cloud}; object-src 'none'"
CSP_WITHOUT_WASM = "script-src 'self' 'unsafe-inline' {cloud}; connect-src {cloud}"
ALL = ("TAG", "KAMELEOON", "SEGMENT")
PRINTED = [
    Printed("no tag", "tag", lambda _: Site(ALL[1:])),
    Printed(
        "a consent manager holds the tag back",
        "tag",
        lambda s: Site((s.tag().replace("<script", '<script type="text/plain"'), *ALL[1:])),
    ),
    Printed(
        "the integrity of another build",
        "tag",
        lambda s: Site((s.tag().replace("<script", f'<script crossorigin integrity="{OTHER_BUILD}"'), *ALL[1:])),
    ),
    Printed("twice", "tag", lambda s: Site((s.tag(), s.tag(), *ALL[1:])), status="warn"),
    Printed("no Kameleoon", "kameleoon", lambda _: Site(("TAG", "SEGMENT"))),
    Printed("nobody loads analytics.js", "segment", lambda s: Site((*ALL[:2], s.segment(load="void 0")))),
    Printed("another project", "project", lambda s: Site((s.tag(sitecode="zzzzz12345"), *ALL[1:]))),
    Printed("Kameleoon's own Segment tool", "exposures", lambda _: Site(ALL, project={"nativeSegment": True})),
    Printed(
        "a custom data that Kameleoon does not know",
        "custom-data",
        lambda s: Site((*ALL[:2], s.segment(IDENTIFIED)), config={"custom_data": [PLAN]}),
    ),
    Printed("an API key in the configuration", "secrets", lambda _: Site(ALL, config={"apiKey": SECRET})),
    Printed("an API key in the tag", "secrets", lambda s: Site((s.tag(**{"api-key": SECRET}), *ALL[1:]))),
    Printed("the identifier's snippet", "snippets", lambda _: Site((*ALL, PASTED % IDENTIFIER))),
    Printed("a custom data's snippet", "snippets", lambda _: Site((*ALL, PASTED % PERSONAS))),
    Printed("a policy without the bundle's host", "csp", lambda s: Site(ALL, csp=CSP.format(cloud=s.cloud))),
    Printed("a policy without WebAssembly", "csp", lambda s: Site(ALL, csp=CSP_WITHOUT_WASM.format(cloud=s.cloud))),
    Printed("a policy in the page", "csp", lambda s: Site((META.format(csp=CSP.format(cloud=s.cloud)), *ALL))),
]


def alone(shop: Storefront) -> str:
    """Host bridge.js without the files beside it; return the tag."""
    shop.file("/ks/bridge.js", CLIENT.get(f"{shop.cloud}/bridge.js").text)
    return f'<script async src="{shop.origin}/ks/bridge.js" data-sitecode="{SITECODE}"></script>'


def test_of_a_page_that_is_as_it_should_be_everything_is_said(shop: Storefront, browser: Browser) -> None:
    """Nothing failed; what is not in use says so; and each event it says was sent was kept from the cloud."""
    shop.write(shop.tag(), shop.kameleoon(), shop.segment())
    CLIENT.post(f"{shop.cloud}/sandbox/reset").raise_for_status()
    sight = examine(browser, shop.origin + "/", Options(wait_s=1.5))
    report = judge(sight)
    statuses = {check.id: (check.status, check.what) for check in report.checks}
    assert list(statuses) == list(CHECKS)
    assert statuses.pop("weight")[0] in ("pass", "warn")  # the machine may be busy
    not_in_use = {"custom-data", "csp"}
    assert {name: said for name, said in statuses.items() if said[0] != ("n/a" if name in not_in_use else "pass")} == {}
    assert report.ok
    assert sight.screenshot
    assert report.versions["bridge"]
    assert {event.get("event") for _, event in sight.events()} >= {"Kameleoon identifier", "Experiment viewed"}
    assert shop.log() == []


def test_what_may_be_sent_is_sent(shop: Storefront, seen: Callable[..., Sight]) -> None:
    """With --send the clouds get it."""
    CLIENT.post(f"{shop.cloud}/sandbox/reset").raise_for_status()
    sight = seen(options=Options(wait_s=1.5, send=True, screenshot=False))
    shop.wait_for("Kameleoon identifier")
    assert not any(one.answered for one in sight.requests)


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
def test_a_broken_page_is_named_and_its_fix_heals_it(
    case: Broken, shop: Storefront, seen: Callable[..., Sight]
) -> None:
    """By the check that is to name it, with a fix; with that fix applied, the check passes."""
    found = check_of(seen(*case.head(shop)), case.check)
    assert (found.status, case.says in found.what) == (case.status, True), found
    assert found.fix
    assert found.evidence
    healed = check_of(seen(*case.mended(shop)), case.check)
    assert healed.status in ("pass", "n/a"), healed


@pytest.mark.parametrize("case", PRINTED, ids=lambda case: case.name)
def test_what_the_report_prints_heals_the_page(case: Printed, shop: Storefront, seen: Callable[..., Sight]) -> None:
    """Nothing is done to the page but what the fix says, as it is printed."""
    site = case.site(shop)
    # What a page learns of an identify event comes after all else.
    options = replace(QUICKLY, wait_s=4) if case.check == "custom-data" else QUICKLY
    found = check_of(seen(*site.written(shop), csp=site.csp, options=options), case.check)
    assert found.status == case.status, found
    mended = applied(found, site, shop)
    assert mended != site
    healed = check_of(seen(*mended.written(shop), csp=mended.csp, options=options), case.check)
    assert healed.status in ("pass", "n/a"), (found.fix, healed)


@pytest.mark.parametrize(
    ("check", "head", "csp"),
    [
        ("tag", lambda s: (s.kameleoon(), s.segment()), ""),
        ("project", lambda s: (s.tag(sitecode="zzzzz12345"), s.kameleoon(), s.segment()), ""),
        ("snippets", lambda s: (s.tag(), s.kameleoon(), s.segment(), PASTED % IDENTIFIER), ""),
        (
            "csp",
            lambda s: (s.tag(), s.kameleoon(), s.segment()),
            "script-src 'self' 'unsafe-inline'; connect-src {cloud}; object-src 'none'",
        ),
        (
            "csp",
            lambda s: (s.tag(), s.kameleoon(), s.segment()),
            "script-src 'self' 'unsafe-inline' {cloud}; connect-src {cloud}",
        ),
    ],
    ids=["no tag", "another project", "an old snippet", "the bundle's host", "WebAssembly"],
)
def test_a_fix_that_can_be_tried_is_proven(
    check: str, head: Callable[[Storefront], Head], csp: str, shop: Storefront, browser: Browser
) -> None:
    """Inside the intercepted page; the site itself stays as it is."""
    shop.write(*head(shop), csp=csp.format(cloud=shop.cloud))
    sight = examine(browser, shop.origin + "/", QUICKLY, f"{shop.cloud}/bridge.js")
    found = check_of(sight, check)
    assert found.status == "fail", found
    assert found.fix
    assert "it heals this" in found.fix.text, (found, [judge(one.sight).checks for one in sight.trials])
    assert [one for one in found.evidence if one.kind == "proof"]


def test_a_banner_that_nobody_answers_is_unknown(seen: Callable[..., Sight], shop: Storefront) -> None:
    """Never a pass: neither where Kameleoon waits for it, nor where a banner is there and consent counts as given."""
    sight = seen(shop.tag(), shop.kameleoon(consent="required"), shop.segment())
    assert {name: check_of(sight, name).status for name in ("consent", "exposures", "visitor")} == {
        "consent": "unknown",
        "exposures": "unknown",
        "visitor": "unknown",
    }
    banner = seen("<script>window.Didomi = {}</script>", shop.tag(), shop.kameleoon(), shop.segment())
    assert check_of(banner, "consent").status == "unknown"


def test_nothing_leaves_with_a_page_that_leads_to_another(seen: Callable[..., Sight], shop: Storefront) -> None:
    """Nor from a worker that several pages share; and what is told is of the page that it led to."""
    CLIENT.post(f"{shop.cloud}/sandbox/reset").raise_for_status()
    shop.write(shop.kameleoon(), path="/next")
    send = f"fetch('{shop.cloud}/v1/t', {{ method: 'POST', body: '{{}}' }})"
    leaving = f"""<script>
      addEventListener("pagehide", () => navigator.sendBeacon("{shop.cloud}/v1/t", "{{}}"))
      if (window.SharedWorker) new SharedWorker("data:text/javascript," + encodeURIComponent("{send}"))
      setTimeout(() => location.assign("/next"), 500)
    </script>"""
    sight = seen(shop.tag(), shop.kameleoon(), shop.segment(), leaving)
    assert shop.log() == []
    assert (sight.final_url, sight.has_global, sight.statuses) == (f"{shop.origin}/next", False, [])
    assert sight.events() == []
    assert check_of(sight, "tag").status == "fail"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("setTimeout(() => { for (;;); }, 200)", "never pauses"),
        ("setTimeout(() => location.reload(), 200)", "again and again"),
        ("JSON.stringify = () => 'x'; Object.keys = () => { throw 1 }; Array.prototype.map = 1", "has replaced"),
    ],
)
def test_a_page_that_cannot_be_asked_is_said(
    script: str, said: str, seen: Callable[..., Sight], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a bounded time, and without a traceback."""
    monkeypatch.setattr("bridge.doctor.looking._ANSWER_MS", 1000)
    with pytest.raises(CannotLookError, match=said):
        seen(f"<script>{script}</script>")


def test_nothing_that_is_kept_names_somebody(seen: Callable[..., Sight], shop: Storefront) -> None:
    """E-mail addresses, write keys and tokens are taken out, wherever they stood."""
    calls = f'analytics.identify("u1", {{ email: "ada@shop.example" }}); console.log("ada@shop.example {SECRET}")'
    text = seen(shop.tag(), shop.kameleoon(), shop.segment(calls)).model_dump_json()
    assert "(e-mail)" in text
    assert "ada@" not in text
    assert SECRET not in text
    assert '"writeKey":"shop"' not in text


@pytest.mark.parametrize("path", ["/missing", ""])
def test_a_page_that_does_not_open_is_said(path: str, sandbox: str, browser: Browser) -> None:
    """Nothing answers, or it answers with an error: there is nothing to judge."""
    url = f"{sandbox}{path}" if path else "http://127.0.0.1:9/"
    with pytest.raises(CannotLookError, match=r"cannot be opened|answered 404"):
        look(browser, url, QUICKLY)
