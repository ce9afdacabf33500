"""The visitor, as the emulation of Kameleoon's script tells a page of them."""

import json

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.kameleoon.emulation import ORIGIN, PERSONALIZATION, PERSONAS, UNFORCED, Site, cookies

MONTH = 30 * 24 * 3600 * 1000  # ms


def test_visitor_phases(site: Site) -> None:
    """Visitor offers only a setter, then reads null, then is a fresh snapshot at each access."""
    site.open({"runtimeDelay": 100, "visitorDelay": 100})

    assert site.run("Object.keys(Kameleoon.API.Visitor)") == ["setVisitorCode"]
    site.pass_time(150)
    assert site.run("Kameleoon.API.Visitor") is None
    site.pass_time(100)
    assert site.run("Kameleoon.API.Visitor.code.length") == 16
    assert site.run("Kameleoon.API.Visitor !== Kameleoon.API.Visitor")


def test_visitor_code_and_cookie(site: Site, context: BrowserContext) -> None:
    """A new visitor gets 16 characters in the cookie, and keeps them at the next page load."""
    site.open()
    code = site.run("Kameleoon.API.Visitor.code")

    assert site.run("/^[a-z0-9]{16}$/.test(Kameleoon.API.Visitor.code)")
    assert cookies(context)["kameleoonVisitorCode"] == code
    assert site.run("seen.at(-1).detail.newVisitorCode") is True

    site.open()
    assert site.run("Kameleoon.API.Visitor.code") == code
    assert site.run("Kameleoon.API.CurrentVisit.pageViews") == 2


@pytest.mark.parametrize(
    ("dialect", "code"),
    [(2022, "abcdefgh12345678"), (2025, "_js_abcdefgh12345678"), (2026, "_js_abcdefgh12345678")],
)
def test_old_cookie_is_left_as_it_is(site: Site, context: BrowserContext, dialect: int, code: str) -> None:
    """Section 1.6: what Kameleoon's scripts up to 2022 put before the code is part of it today."""
    context.add_cookies([{"name": "kameleoonVisitorCode", "value": "_js_abcdefgh12345678", "url": ORIGIN}])
    site.open({"dialect": dialect})

    assert site.run("Kameleoon.API.Visitor.code") == code
    assert cookies(context)["kameleoonVisitorCode"] == "_js_abcdefgh12345678"


def test_cookie_of_2022(site: Site, context: BrowserContext) -> None:
    """Sections 1.6 and 9.3: the script of 2022 writes a prefix, and tells the code without it."""
    site.open({"dialect": 2022})
    code = site.run("Kameleoon.API.Visitor.code")

    assert len(code) == 16
    assert cookies(context)["kameleoonVisitorCode"] == f"_js_{code}"


def test_getters(site: Site) -> None:
    """Section 9.12: what the getters' values are."""
    site.open()
    read = """(({personalizationsActive, productRecommendationLegalConsent}) =>
      [personalizationsActive, productRecommendationLegalConsent, typeof Kameleoon.API.CurrentVisit.acquisitionChannel]
    )(Kameleoon.API.Visitor)"""
    assert site.run(read) == [False, False, "string"]

    site.open({"personalizations": [PERSONALIZATION]})
    assert site.run(read) == [True, False, "string"]


@pytest.mark.parametrize("dialect", [2022, 2025, 2026])
def test_storage(site: Site, dialect: int) -> None:
    """Section 9.13: the visits' key has the site code, and an assignment its year's form; visits cannot be read."""
    project = {"dialect": dialect, "experiments": [UNFORCED | {"deviation": {"1002": 100}}]}
    site.open(project)
    now = site.run("Date.now()")
    kept = site.run("localStorage['kameleoonExperiment-101']")
    if dialect == 2026:
        assert kept == f"1002/{now}"
    else:
        assert json.loads(kept) == {"value": 1002, "expirationDate": now + MONTH}
    assert not site.run("localStorage['kameleoonData-abcde12345']").startswith("{")

    site.open({**project, "experiments": [UNFORCED | {"deviation": {"1001": 100}}]})
    assert site.run("Kameleoon.API.Experiments.getById(101).associatedVariation.id") == 1002
    assert site.run("Kameleoon.API.CurrentVisit.pageViews") == 2


def test_set_visitor_code(site: Site, context: BrowserContext) -> None:
    """A new code replaces the cookie and buckets again: the same visitor gets the same variation everywhere."""
    site.open({"experiments": [UNFORCED]})
    read = """() => ["one", "two", "three", "four", "five", "six", "one"].map((code) => {
      Kameleoon.API.Visitor.setVisitorCode(code);
      return localStorage["kameleoonExperiment-101"].split("/")[0];
    })"""
    variations = site.run(read)

    assert len(set(variations)) > 1
    assert variations[0] == variations[-1]
    assert cookies(context)["kameleoonVisitorCode"] == "one"
    assert site.run("Kameleoon.API.Visitor.code") == "one"


def test_visitor_code_set_before_the_run(site: Site) -> None:
    """A code given by an immediate command is the visitor's from the start."""
    command = """{level: "IMMEDIATE", command: () => {
      window.early = [Kameleoon.API.Visitor.code, Kameleoon.API.CurrentVisit];
      Kameleoon.API.Visitor.setVisitorCode("mine");
    }}"""
    site.open(before=f"window.kameleoonQueue = [{command}]")

    assert site.run("early") == [None, None]
    assert site.run("Kameleoon.API.Visitor.code") == "mine"


def test_new_visit_after_half_an_hour(site: Site) -> None:
    """A visit ends after 30 idle minutes: its values go, the visitor's stay."""
    plan = {"index": 4, "name": "plan", "type": "UNIQUE", "format": "string", "scope": "VISIT"}
    site.open({"customData": [PERSONAS, plan]})
    site.run("Kameleoon.API.Data.setCustomData('personas', ['vip']), Kameleoon.API.Data.setCustomData('plan', 'pro')")
    site.page.clock.fast_forward("31:00")
    site.open({"customData": [PERSONAS, plan]})

    assert site.run("Kameleoon.API.Visitor.numberOfVisits") == 2
    assert site.run("Kameleoon.API.CurrentVisit.customData") == {"personas": ["vip"]}
    assert site.run("Kameleoon.API.Visitor.previousVisit.customData") == {"plan": "pro"}
    assert site.run("seen.find((event) => event.name === 'Started').detail.newVisitorCode") is False
