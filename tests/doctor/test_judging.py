"""What the checks say of what was seen: pure functions, without a browser."""

import json
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from bridge.bundle import identity
from bridge.cli import main
from bridge.doctor.browser import installed
from bridge.doctor.checks import CHECKS, judge
from bridge.doctor.checks.verdict import HINTS, entry
from bridge.doctor.policies import amended, several, with_sources
from bridge.doctor.redaction import names_a_secret, redacted, redacted_text, redacted_url
from bridge.doctor.remedies import remedies
from bridge.doctor.sheet import page
from bridge.doctor.sight import (
    Campaign,
    Kameleoon,
    Metrics,
    Policy,
    Request,
    Script,
    Segment,
    Sight,
    StatusAt,
    StorageAt,
    Trial,
    Violation,
)
from bridge.doctor.telling import told
from tests.documents.markdown import ROOT, anchors

URL = "https://shop.example/"
CDN = "https://cdn.shop.example"
CODE = "abcdefgh12345678"
TAG = Script(src=f"{CDN}/ks/bridge.js", attributes={"async": "", "data-sitecode": "abcde12345"})


def event(at_ms: float, name: str, properties: dict[str, Any], *, ours: bool = True) -> Request:
    """Return the request of a track event."""
    body = {"type": "track", "event": name, "properties": properties, "messageId": "ks-1" if ours else "ajs-1"}
    url = "https://api.segment.io/v1/t"
    return Request(at_ms=at_ms, method="POST", url=url, kind="fetch", cloud="segment", answered=True, body=body)


IDENTIFIER = event(300, "Kameleoon identifier", {"k_visitorCode": CODE})
EXPOSURE = event(320, "Experiment viewed", {"experiment_id": "101", "kameleoonVisitorCode": CODE})


def status(**more: Any) -> StatusAt:
    """Return the status of a bridge that is well."""
    return StatusAt(
        at_ms=200,
        status={
            "state": "on",
            "engine": "micropython",
            "versions": {"bridge": "0.1.0"},
            "timings": {"engine": 100},
            "errors": [],
            "sitecode": "abcde12345",
            "consent": {"experiment": True, "personalization": True},
            "segment": {"present": True, "ready": True, "version": "2.0"},
            "kameleoon": {"present": True, "started": True, "sitecode": "abcde12345"},
            "identifier": {"linked": True, "sent": 1},
            "exposures": {"sent": 1, "held": 0, "dropped": 0},
            "customData": {},
            "held": 0,
            "dropped": 0,
            "hints": [],
            **more,
        },
    )


def sight(**more: Any) -> Sight:
    """Return what is seen of a page that is well."""
    well: dict[str, Any] = {
        "url": URL,
        "final_url": URL,
        "has_global": True,
        "scripts": [TAG],
        "statuses": [status()],
        "requests": [IDENTIFIER, EXPOSURE],
        "kameleoon": Kameleoon(
            present=True,
            sitecode="abcde12345",
            visitor_code=CODE,
            campaigns=[Campaign(type="experiment", id=101, name="Headline", variation=1001)],
        ),
        "segment": Segment(present=True, ready=True, version="2.0"),
        "metrics": Metrics(bytes=230_000, blocking_ms=10, lcp_ms=100),
        "without": Metrics(blocking_ms=0, lcp_ms=90),
    }
    return Sight(**{**well, **more})


def statuses(one: Sight) -> dict[str, str]:
    """Return each check's status."""
    return {check.id: check.status for check in judge(one).checks}


WELL = {name: "n/a" if name in ("custom-data", "csp") else "pass" for name in CHECKS}


def test_a_page_that_is_well() -> None:
    """Each check has its say, in the order in which they are documented."""
    assert statuses(sight()) == WELL
    assert list(CHECKS) == [
        "tag",
        "runtime",
        "segment",
        "kameleoon",
        "project",
        "visitor",
        "exposures",
        "events",
        "custom-data",
        "consent",
        "csp",
        "snippets",
        "secrets",
        "weight",
    ]


HINT = {"what": "It is so", "fix": "Do that"}


def test_what_is_left_to_somebody_else_is_in_order() -> None:
    """Where the settings leave a campaign out, and another sends its exposure; else it is something to look at."""
    theirs = event(320, "Experiment Viewed", {"experimentId": 101, "kameleoonVisitorCode": CODE}, ours=False)
    settings = status(settings={"exposures": {"except": [101]}}, exposures={"sent": 0, "held": 0, "dropped": 0})
    assert statuses(sight(statuses=[settings], requests=[IDENTIFIER, theirs]))["exposures"] == "n/a"
    assert statuses(sight(statuses=[settings], requests=[IDENTIFIER]))["exposures"] == "warn"


def test_each_check_and_hint_has_its_entry_in_the_documents() -> None:
    """Where each fix leads to."""
    there = anchors(ROOT / "docs" / "troubleshooting.md")
    hosts = ("files", "cors", "types", "compression", "caching", "integrity")
    assert [name for name in (*CHECKS, *HINTS, *hosts) if name not in there] == []
    assert set(HINTS.values()) <= set(CHECKS)
    for name, expected in (("something-new", "runtime"), *((hint, hint) for hint in HINTS)):
        hinted = judge(sight(statuses=[status(hints=[{"code": name, **HINT}])]))
        assert {one.fix.link for one in hinted.checks if one.fix} == {f"docs/troubleshooting.md#{expected}"}


def test_where_the_documents_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """At the address that the package names, as this release has them; as they are on main where it is none."""
    package = Message()
    package["Project-URL"] = "Changes, https://code.example/changes"
    package["Project-URL"] = "Repository, https://code.example/bridge/"
    monkeypatch.setattr(identity, "metadata", lambda _name: package)
    assert entry("tag") == "https://code.example/bridge/blob/main/docs/troubleshooting.md#tag"
    monkeypatch.setattr(identity, "CARRIED", tmp_path)
    assert f"/blob/v{identity.VERSION}/docs/" in entry("tag")


@pytest.mark.parametrize(
    ("code", "check", "expected"),
    [
        ("segment-missing", "segment", "fail"),
        ("segment-not-ready", "segment", "fail"),
        ("kameleoon-missing", "kameleoon", "fail"),
        ("kameleoon-not-started", "kameleoon", "fail"),
        ("other-project", "project", "fail"),
        ("consent-refused", "consent", "warn"),
        ("consent-unknown", "consent", "unknown"),
        ("reported-elsewhere", "exposures", "fail"),
        ("old-snippet", "snippets", "fail"),
        ("something-new", "runtime", "warn"),
    ],
)
def test_a_hint_of_the_page_is_told_in_its_own_words(code: str, check: str, expected: str) -> None:
    """The doctor has no words of its own for what the page knows; a code that it does not know is told as well."""
    hinted = judge(sight(statuses=[status(hints=[{"code": code, **HINT}])]))
    found = next(one for one in hinted.checks if one.id == check)
    assert found.status == expected
    assert found.fix
    assert found.fix.text == HINT["fix"]
    assert HINT["what"] in (found.what, found.evidence[0].value)


def test_a_bridge_that_does_not_run_makes_nothing_pass_that_it_alone_knows() -> None:
    """Unknown is not fine."""
    off = statuses(sight(statuses=[status(state="failed", errors=[{"what": "x.mjs did not load"}])], requests=[]))
    assert off["runtime"] == "fail"
    assert {off[name] for name in ("visitor", "exposures", "events", "custom-data", "consent")} == {"unknown"}


@pytest.mark.parametrize(
    ("requests", "check", "expected"),
    [
        ([IDENTIFIER, IDENTIFIER, EXPOSURE], "visitor", "fail"),
        ([event(1, "Kameleoon identifier", {"k_visitorCode": "x"}), EXPOSURE], "visitor", "fail"),
        ([IDENTIFIER, event(1, "Order", {"kameleoonVisitorCode": "x"}, ours=False)], "visitor", "fail"),
        ([IDENTIFIER], "exposures", "fail"),
        ([IDENTIFIER, EXPOSURE, EXPOSURE], "exposures", "warn"),
        ([IDENTIFIER, event(9, "Order", {}, ours=False)], "events", "warn"),
        ([event(9, "Order", {}, ours=False)], "events", "fail"),
        ([], "events", "unknown"),
    ],
)
def test_what_went_to_segment(requests: list[Request], check: str, expected: str) -> None:
    """Each identifier and exposure once, with the visitor's code, and each event with it."""
    assert statuses(sight(requests=requests))[check] == expected


LOST = Request(at_ms=9, method="GET", url=f"{CDN}/ks/micropython.mjs", kind="script", status=404, failure="404")
SNIPPET = Script(src="", attributes={}, marks=["identifier"], excerpt="analytics.track('Kameleoon identifier')")
STRANGER = Kameleoon(present=True, visitor_code=CODE)
EXCLUDED = Kameleoon(present=True, campaigns=[Campaign(type="experiment", id=101, name="Headline", variation=None)])
LEFT_OUT = {"personalizations": True, "only": None, "except": [101]}
SETTLED: list[tuple[dict[str, Any], str, str]] = [
    ({"statuses": [status(state="off", errors=[{"what": "sitecode: 7"}])]}, "runtime", "fail"),
    ({"statuses": [status(state="starting")]}, "runtime", "fail"),
    ({"statuses": [status(state="failed")], "requests": [LOST]}, "runtime", "fail"),
    ({"statuses": [status(errors=[{"what": "slow"}])]}, "runtime", "warn"),
    (
        {"statuses": [status(segment={"present": True, "ready": False})], "segment": Segment(present=True)},
        "segment",
        "fail",
    ),
    ({"statuses": [status(segment={})], "segment": Segment()}, "segment", "fail"),
    ({"statuses": [status(kameleoon={"started": False})], "kameleoon": STRANGER}, "kameleoon", "fail"),
    ({"statuses": [status(kameleoon={})], "kameleoon": Kameleoon()}, "kameleoon", "fail"),
    ({"kameleoon": STRANGER}, "project", "unknown"),
    ({"requests": [EXPOSURE], "settings": {"identifier": False}}, "visitor", "n/a"),
    ({"requests": [EXPOSURE], "statuses": [status(identifier={"linked": False, "sent": 0})]}, "visitor", "fail"),
    ({"requests": [EXPOSURE], "statuses": [status(consent={})]}, "visitor", "unknown"),
    ({"requests": [EXPOSURE]}, "visitor", "unknown"),
    ({"requests": [EXPOSURE], "statuses": [status(settings={"identifier": False})]}, "visitor", "n/a"),
    ({"settings": {"enrich": False}}, "events", "n/a"),
    ({"statuses": [status(settings={"enrich": False})]}, "events", "n/a"),
    ({"requests": [], "statuses": [status(settings={"exposures": LEFT_OUT})]}, "exposures", "warn"),
    ({"requests": [], "statuses": [status(settings={"exposures": {**LEFT_OUT, "except": None}})]}, "exposures", "fail"),
    ({"requests": [], "kameleoon": EXCLUDED}, "exposures", "unknown"),
    ({"statuses": [status(settings={"custom_data": [{"name": "Plan"}]})]}, "custom-data", "unknown"),
    ({"requests": []}, "events", "unknown"),
    ({"requests": [event(1, "Bought", {})], "kameleoon": Kameleoon(present=True)}, "events", "unknown"),
    ({"scripts": [TAG, SNIPPET]}, "snippets", "fail"),
    ({"scripts": [TAG, SNIPPET], "has_global": False}, "snippets", "warn"),
    ({"scripts": [TAG], "has_global": False}, "snippets", "unknown"),
]


@pytest.mark.parametrize(("more", "check", "expected"), SETTLED)
def test_each_state_of_a_page_has_its_verdict(more: dict[str, Any], check: str, expected: str) -> None:
    """And says what to do wherever something is wrong."""
    found = next(one for one in judge(sight(**more)).checks if one.id == check)
    assert found.status == expected, found
    assert (found.fix is not None) == (expected in ("fail", "warn"))


def test_the_events_of_a_batch_are_looked_at_one_by_one() -> None:
    """analytics.js with the strategy "batching" sends several in one request."""
    both = [IDENTIFIER.body, EXPOSURE.body]
    batch = IDENTIFIER.model_copy(update={"body": {"batch": both, "sentAt": "2026"}})
    assert [one for _, one in sight(requests=[batch]).events()] == both
    assert statuses(sight(requests=[batch])) == WELL


def test_no_campaign_for_a_headless_browser_is_no_pass() -> None:
    """A bot filter, targeting and traffic look the same from here."""
    nobody = Kameleoon(present=True, sitecode="abcde12345", visitor_code=CODE)
    assert statuses(sight(kameleoon=nobody, requests=[IDENTIFIER]))["exposures"] == "unknown"


UNKNOWN = {"experiment": None, "personalization": None}


@pytest.mark.parametrize(
    ("consent", "more", "expected"),
    [
        (UNKNOWN, {}, "fail"),  # sent
        (UNKNOWN, {"requests": [], "storage": [StorageAt(at_ms=1, local=["k_segmentio_order"])]}, "fail"),
        (UNKNOWN, {"requests": [], "storage": [StorageAt(at_ms=1, local=["kameleoonData"])]}, "unknown"),
        ({"experiment": True, "personalization": None}, {}, "pass"),
        ({"experiment": True, "personalization": True}, {"banner": "OneTrust"}, "unknown"),
    ],
)
def test_consent(consent: dict[str, Any], more: dict[str, Any], expected: str) -> None:
    """What is the bridge's waits for it; what a banner was asked cannot be seen."""
    assert statuses(sight(statuses=[status(consent=consent)], **more))["consent"] == expected


@pytest.mark.parametrize(
    ("values", "known", "expected"),
    [
        ({"Plan": "gold"}, {"Plan": "gold"}, "pass"),
        ({"Plan": "gold"}, {}, "fail"),
        ({"Plan": None}, {}, "unknown"),
        ({}, {}, "n/a"),
    ],
)
def test_custom_data(values: dict[str, Any], known: dict[str, Any], expected: str) -> None:
    """What the bridge has Kameleoon has, too."""
    theirs = sight().kameleoon.model_copy(update={"custom_data": known})
    assert statuses(sight(statuses=[status(customData=values)], kameleoon=theirs))["custom-data"] == expected


@pytest.mark.parametrize(
    ("with_tag", "without", "expected"),
    [
        (Metrics(bytes=700_000), Metrics(), "warn"),
        (Metrics(bytes=230_000, blocking_ms=200), Metrics(), "warn"),
        (Metrics(bytes=230_000, lcp_ms=900), Metrics(lcp_ms=300), "warn"),
        (Metrics(bytes=230_000), None, "unknown"),
    ],
)
def test_weight(with_tag: Metrics, without: Metrics | None, expected: str) -> None:
    """Bytes, blocking and paint, each beside the page without the tag."""
    assert statuses(sight(metrics=with_tag, without=without))["weight"] == expected


def violation(directive: str, blocked: str, **more: Any) -> Violation:
    """Return what a policy refused."""
    return Violation(at_ms=5, directive=directive, blocked=blocked, **more)


def test_a_policy_is_amended_by_all_that_the_bridge_needs() -> None:
    """Once its first file is refused, the others would be, too; what else a page forbids stays forbidden."""
    policies = [Policy(where="header", value="default-src 'self'; connect-src 'none'; img-src *")]
    refused = [violation("script-src-elem", f"{CDN}/ks/bridge.js"), violation("img-src", "https://ads.example/pixel")]
    change = amended(sight(policies=policies, violations=refused))
    assert change
    assert list(change.policies.values()) == [
        f"default-src 'self'; connect-src {CDN}; img-src *; script-src 'self' {CDN} 'wasm-unsafe-eval'"
    ]
    assert statuses(sight(policies=policies, violations=refused))["csp"] == "fail"


@pytest.mark.parametrize(
    ("refused", "expected"),
    [
        (violation("img-src", "https://ads.example/pixel"), "pass"),
        (violation("script-src", "wasm-eval"), "fail"),
        (violation("connect-src", "https://eu-data.kameleoon.io/map/map"), "fail"),
        (violation("connect-src", "https://api.segment.io/v1/t", reported_only=True), "warn"),
    ],
)
def test_only_what_the_bridge_and_the_vendors_need_matters(refused: Violation, expected: str) -> None:
    """A page may forbid all else."""
    policies = [Policy(where="header", value="default-src 'self'")]
    policies.append(Policy(where="header", value="x", reported_only=True))
    assert statuses(sight(policies=policies, violations=[refused]))["csp"] == expected


def test_what_nobody_limits_needs_no_source() -> None:
    """A directive that would be new limits what was free."""
    assert with_sources("script-src 'self'", {"script-src": [CDN], "connect-src": [CDN]}) == f"script-src 'self' {CDN}"


def test_a_fix_that_was_tried_is_told() -> None:
    """And one that did not help is told as well."""
    broken = sight(scripts=[], has_global=False, statuses=[])
    broken.trials = [Trial(check="tag", change="the tag is pasted", sight=sight())]
    found = judge(broken).checks[0]
    assert found.fix
    assert "it heals this" in found.fix.text
    assert found.evidence[-1].kind == "proof"
    broken.trials[0].sight = sight(scripts=[], has_global=False, statuses=[])
    in_vain = judge(broken).checks[0]
    assert in_vain.fix
    assert "heals" not in in_vain.fix.text
    assert "still fail" in str(in_vain.evidence[-1].value)


def test_what_nobody_else_may_read_is_taken_out() -> None:
    """By its name, by its looks; the rest stays as it is."""
    token = "eyJ" + "a" * 30
    assert redacted({"hints": [{"code": "old-snippet"}], "apiKey": "x", "mail": ["ada@shop.example"], "n": 1}) == {
        "hints": [{"code": "old-snippet"}],
        "apiKey": "(not shown)",
        "mail": ["(e-mail)"],
        "n": 1,
    }
    assert redacted_text(f"Bearer {token} for ada@shop.example") == "Bearer (not shown) for (e-mail)"
    assert redacted_url(f"https://me:pw@shop.example/a?session=1&q={token}&page=2#token") == (
        "https://shop.example/a?session=(not%20shown)&q=(not%20shown)&page=2"
    )
    write_key = "abcdefghij0123456789abcdefghij01"
    assert write_key not in redacted_url(f"https://cdn.segment.com/v1/projects/{write_key}/settings")


@pytest.mark.parametrize(
    "text",
    [
        "see https://shop.example/?access_token=opaque1opaque2&page=1",
        "type=page&href=http%3A%2F%2Fshop.example%2F%3Faccess_token%3Dopaque1opaque2%26page%3D1",
        "https://shop.example/#id_token=opaque1opaque2",
        "Authorization: Bearer opaque1opaque2",
        "k_segmentIO({ client_secret: 'opaque1opaque2' })",
        '{"apiKey": "opaque1opaque2"}',
    ],
)
def test_a_secret_in_a_text_is_taken_out(text: str) -> None:
    """In addresses, encoded ones too, in a header's words, and in code."""
    assert "opaque" not in redacted_text(text)
    assert "(not shown)" in redacted_text(text)


def test_what_code_calls_a_secret_is_one() -> None:
    """And no label, and no key that a vendor means for pages."""
    assert names_a_secret('api = { client_secret: "0123456789abcdef" }')
    assert not names_a_secret('labels = { password: "Enter_your_password" }; apiKey = "AIza0123456789abcdef"')


def test_what_is_no_address_is_none() -> None:
    """What a page has in an attribute is not always one."""
    assert redacted_url("http://[shop").startswith("(no address)")


def test_each_of_several_policies_is_amended() -> None:
    """By what it lacks itself: one that allows it all, or limits nothing of the kind, stays as it is."""
    values = ["script-src 'self'; img-src *", "default-src https: 'wasm-unsafe-eval'", f"connect-src {CDN}"]
    policies = [Policy(where="header", value=value) for value in values]
    change = amended(sight(policies=policies, violations=[violation("script-src-elem", f"{CDN}/ks/bridge.js")]))
    assert change
    assert change.policies == {values[0]: f"script-src 'self' {CDN} 'wasm-unsafe-eval'; img-src *"}
    assert several("script-src a; img-src b, default-src c\nconnect-src d") == [
        "script-src a; img-src b",
        "default-src c",
        "connect-src d",
    ]


def test_trusted_types_are_named() -> None:
    """They stop scripts that are made from texts; without the directive the policy is as it was."""
    policies = [Policy(where="header", value="img-src *; require-trusted-types-for 'script'")]
    refused = [violation("require-trusted-types-for", "kTrustedTypesSinkViolation", where=f"{CDN}/ks/bridge.js")]
    found = judge(sight(policies=policies, violations=refused, statuses=[status(state="starting")])).checks[10]
    assert (found.id, found.status) == ("csp", "fail")
    assert found.fix
    assert found.fix.paste == "img-src *"


def test_a_tag_in_a_frame_is_not_in_the_page() -> None:
    """It is said where it is; pasting another into the outer page is no fix to try."""
    asked = Request(at_ms=1, method="GET", url=f"{CDN}/ks/bridge.js", kind="script", status=200)
    outer = sight(scripts=[], has_global=False, statuses=[], requests=[asked, IDENTIFIER], kameleoon=Kameleoon())
    found = judge(outer)
    assert "in a frame" in found.checks[0].what
    assert {check.id: check.status for check in found.checks}["visitor"] == "unknown"
    assert list(remedies(outer, f"{CDN}/ks/bridge.js")) == []


def test_an_event_before_consent_lacks_nothing() -> None:
    """The visitor code is nobody's business then."""
    early = event(100, "Seen", {}, ours=False)
    answers = [status(consent=UNKNOWN), status()]
    answers[1].at_ms = 250
    assert statuses(sight(statuses=answers, requests=[early, IDENTIFIER, EXPOSURE]))["events"] == "pass"
    assert statuses(sight(statuses=answers[:1], requests=[early]))["events"] == "unknown"


def test_what_only_a_bridge_that_runs_shows_is_unknown_without() -> None:
    """What it weighs, and whether old snippets are at work."""
    found = statuses(sight(statuses=[status(state="failed")], without=Metrics()))
    assert (found["weight"], found["snippets"]) == ("unknown", "unknown")


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"errors": [3]}, "errors.0"),
        ({"hints": [{}]}, "hints.0.code"),
        ({"settings": {"custom_data": [{}]}}, "settings.custom_data.0.name"),
        ({"settings": {"exposures": {"only": 5}}}, "settings.exposures.only"),
        ({"consent": [1]}, "consent"),
    ],
)
def test_a_status_that_is_none_is_refused(
    more: dict[str, Any], place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the place that is wrong, on one line."""
    path = tmp_path / "sight.json"
    seen = sight().model_dump(by_alias=True, mode="json")
    seen["statuses"][0]["status"].update(more)
    path.write_text(json.dumps(seen), encoding="utf-8")
    assert main(["doctor", "--from", str(path)]) == 2
    said = capsys.readouterr().err
    assert "statuses[0].status: " in said
    assert place in said
    assert said.count("\n") == 1


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """Return a file as --save writes it, of a page whose policy refuses the tag."""
    broken = sight(
        scripts=[TAG],
        has_global=False,
        statuses=[],
        policies=[Policy(where="header", value="script-src 'self'")],
        violations=[violation("script-src-elem", TAG.src)],
    )
    path = tmp_path / "sight.json"
    path.write_text(broken.model_dump_json(by_alias=True), encoding="utf-8")
    return path


def test_what_was_saved_is_judged_again(saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the site: as JSON, as a page, and for people."""
    sheet = tmp_path / "report.html"
    assert main(["doctor", "--from", str(saved), "--json", "--html", str(sheet)]) == 1
    report = json.loads(capsys.readouterr().out)
    assert list(report) == ["schema", "url", "final_url", "ok", "versions", "checks"]
    assert (report["ok"], len(report["checks"])) == (False, len(CHECKS))
    assert list(report["checks"][0]) == ["id", "status", "what", "evidence", "fix"]
    assert "script-src" in sheet.read_text("utf-8")
    assert "http-equiv" not in sheet.read_text("utf-8")
    assert main(["doctor", "--from", str(saved)]) == 1
    text = capsys.readouterr().out
    assert "✗ csp" in text
    assert f"script-src 'self' {CDN}" in text
    assert "\x1b" not in text


def test_the_strict_fail_on_a_warning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nothing failed, and something is not as it should be."""
    path = tmp_path / "sight.json"
    path.write_text(sight(scripts=[TAG, TAG]).model_dump_json(by_alias=True), encoding="utf-8")
    assert main(["doctor", "--from", str(path)]) == 0
    assert main(["doctor", "--from", str(path), "--fail-on", "warn"]) == 1
    capsys.readouterr()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "give the URL of a page"),
        (["shop.example"], "begins with https:// or http://"),
        (["http://[shop"], "begins with https:// or http://"),
        (["https://shop.example:port"], "begins with https:// or http://"),
        (["ftp://ada:secret1@shop.example"], "'(not shown)': not an address"),
        (["--from", "missing.json"], "missing.json: cannot be read"),
        ([URL, "--from", "x.json"], "give no URL"),
        (["--host", "ftp://x"], "begins with https:// or http://"),
        (["--host", "http://127.0.0.1:9/"], "does not answer"),
        ([URL, "--browser", "/missing/chrome"], "no such file"),
        (["--host", "http://127.0.0.1:9/", "--save", "x.json"], "leave it out with --host"),
    ],
)
def test_wrong_usage_is_said_in_one_line(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was wrong, and what to do."""
    monkeypatch.chdir(tmp_path)
    assert main(["doctor", *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("option", ["--save", "--html"])
def test_a_file_that_cannot_be_written_is_named(option: str, saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Instead of a traceback, once all was judged."""
    assert main(["doctor", "--from", str(saved), option, "/missing/report"]) == 2
    assert "/missing/report" in capsys.readouterr().err


@pytest.mark.parametrize("wait", ["soon", "-1", "301"])
def test_how_long_to_wait_is_a_number_of_seconds(wait: str, capsys: pytest.CaptureFixture[str]) -> None:
    """And not of an hour."""
    with pytest.raises(SystemExit) as ended:
        main(["doctor", URL, f"--wait={wait}"])
    assert ended.value.code == 2
    assert "seconds, from 0 to 300" in capsys.readouterr().err


def test_which_browser_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first that is installed, in the order of their names."""
    there = {"chromium": "/usr/bin/chromium", "google-chrome": "/opt/chrome"}
    monkeypatch.setattr("shutil.which", there.get)
    assert installed() == Path("/opt/chrome")
    there.clear()
    assert installed() is None


@pytest.mark.parametrize("text", ["{}", "[1]", "no JSON", '{"schema": 2, "url": "", "final_url": ""}'])
def test_a_file_that_was_not_saved_is_refused(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By what is wrong in it."""
    path = tmp_path / "other.json"
    path.write_text(text, encoding="utf-8")
    assert main(["doctor", "--from", str(path)]) == 2
    assert "--save" in capsys.readouterr().err


@pytest.mark.parametrize("wait", ["-1", "soon", "nan"])
def test_a_time_that_is_none_is_refused(wait: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With what is accepted."""
    with pytest.raises(SystemExit) as ended:
        main(["doctor", URL, "--wait", wait])
    assert ended.value.code == 2
    assert "from 0 to 300" in capsys.readouterr().err


def test_what_a_page_says_cannot_break_the_report() -> None:
    """Its texts are texts: no element, no colour, no further line."""
    nasty = status(errors=[{"what": "<script>alert(1)</script>\x1b[31m\nfine"}])
    report = judge(sight(statuses=[nasty]))
    assert "<script>" not in page(report, sight(statuses=[nasty]))
    assert "\x1b[31m" not in told(report)


def test_where_an_address_led_to_is_told_however_narrow_the_terminal() -> None:
    """A page of another name is no surprise, and no width is an error."""
    led = judge(sight(final_url="https://shop.example/consent"))
    assert told(led, width=1).startswith(f"https://shop.example/consent\nwhere {URL} leads to\n")
    assert f"where {URL} leads to" in page(led, None)
    assert "leads to" not in told(judge(sight()))


def test_the_sheet_draws_the_lanes_of_the_wire() -> None:
    """One for each side, what was refused marked in it, with each message in words."""
    event = {"type": "track", "event": "Buy", "messageId": "m"}
    seen = sight(
        requests=[
            Request(at_ms=700, method="POST", url="https://x/v1/t", kind="fetch", cloud="segment", body=event),
            Request(at_ms=300, method="GET", url="https://cdn/bridge.js", kind="script", failure="csp"),
        ]
    )
    html = page(judge(seen), seen)
    for lane in ("Kameleoon", "Bridge", "Segment", "Destination", "Data API"):
        assert f'<div class="lane"><span>{lane}</span>' in html
    assert '<i class="bad"' in html
    assert "<td>0.70 s</td><td>Segment</td><td>Buy</td>" in html
    assert "<td>Bridge</td><td>Request failed https://cdn/bridge.js · csp (failed)</td>" in html


def test_a_session_with_messages_is_drawn_and_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As the demo and the overlay save one: by the same command, without an error."""
    message = {
        "n": 4,
        "at_ms": 12.5,
        "view": 1,
        "lane": "data-api",
        "title": "Remote data read",
        "about": "vip",
        "ids": ["answered COHORTS_a"],
        "data": {"COHORTS_a": {"vip": True}},
    }
    seen = Sight.model_validate({**sight().model_dump(by_alias=True), "messages": [message]})
    path, sheet = tmp_path / "session.json", tmp_path / "session.html"
    path.write_text(seen.model_dump_json(by_alias=True), encoding="utf-8")
    assert main(["doctor", "--from", str(path), "--html", str(sheet)]) in (0, 1)
    assert "<td>Data API</td><td>Remote data read vip</td>" in sheet.read_text("utf-8")
    capsys.readouterr()
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "messages": [{**message, "lane": "moon"}]}))
    assert main(["doctor", "--from", str(path)]) == 2
    assert "messages[0].lane" in capsys.readouterr().err
