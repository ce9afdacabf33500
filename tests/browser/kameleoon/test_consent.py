"""Consent in the emulation of Kameleoon's script."""

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.kameleoon.emulation import EXPERIMENT, PERSONALIZATION, Site, cookies


def test_unknown_consent_shows_but_holds(site: Site, context: BrowserContext) -> None:
    """Before an answer the page changes, but nothing is stored, tracked or given to integrations."""
    project = {
        "consent": "required",
        "experiments": [EXPERIMENT],
        "customIntegrations": ["(window.calls ||= []).push(experimentID)"],
    }
    site.open(project)
    site.pass_time(2000)
    code = site.run("Kameleoon.API.Visitor.code")
    assert site.events()[-1] == "ExperimentActivated"
    assert site.run("Kameleoon.API.Visitor.experimentLegalConsent") is None
    assert site.run("[window.calls, document.cookie, localStorage.length, sessionStorage.length]") == [None, "", 0, 0]
    assert site.requests == []

    with site.page.expect_response("**/visit/events*"):
        site.run("Kameleoon.API.Core.enableLegalConsent()")
    assert site.last("LegalConsentUpdated")["legalConsentUpdate"] == {"AB_TESTING": True, "PERSONALIZATION": True}
    assert site.run("calls") == [101]
    assert cookies(context)["kameleoonVisitorCode"] == code
    assert [event["eventType"] for event in site.tracked()] == ["page", "experiment"]

    site.open(project)
    assert site.run("Kameleoon.API.Visitor.experimentLegalConsent") is True


def test_consent_repeats_no_event(site: Site) -> None:
    """Section 9.5: what fired does not fire again, and what was blocked fires before the update."""
    site.open({"consent": "required", "experiments": [EXPERIMENT], "personalizations": [PERSONALIZATION]})
    before = site.events()
    site.run("Kameleoon.API.Core.enableLegalConsent()")
    assert site.events() == [*before, "LegalConsentUpdated"]


def test_refusal_is_remembered(site: Site) -> None:
    """Section 1.7: the next page knows it; nothing is stored, tracked or given to integrations."""
    project = {
        "consent": "required",
        "experiments": [EXPERIMENT],
        "customIntegrations": ["(window.calls ||= []).push(variationID)"],
    }
    site.open(project)
    site.run("Kameleoon.API.Core.disableLegalConsent()")
    site.open(project)
    site.pass_time(1000)

    read = "[Kameleoon.API.Visitor.experimentLegalConsent, Kameleoon.API.Visitor.personalizationLegalConsent]"
    assert site.run(read) == [False, False]
    assert site.run("[window.calls, document.cookie, Object.keys(localStorage)]") == [
        None,
        "",
        ["kameleoonLegalConsent"],
    ]
    assert site.requests == []


def test_yes_after_a_no(site: Site) -> None:
    """Section 9.5: Kameleoon's own tracking that was held is sent after the yes."""
    site.open({"consent": "required", "experiments": [EXPERIMENT]})
    site.pass_time()
    site.run("Kameleoon.API.Core.disableLegalConsent()")
    site.pass_time(1000)
    assert site.requests == []

    with site.page.expect_response("**/visit/events*"):
        site.run("Kameleoon.API.Core.enableLegalConsent()")
    assert [event["eventType"] for event in site.tracked()] == ["page", "experiment"]


@pytest.mark.parametrize(("dialect", "same"), [(2022, False), (2025, False), (2026, True)])
def test_visitor_code_before_consent(site: Site, dialect: int, same: bool) -> None:
    """Section 9.10: in 2025, each route change before consent makes a new visitor code."""
    site.open({"dialect": dialect, "consent": "required", "singlePage": True})
    read = "Kameleoon.API.Visitor.code"
    code = site.run(read)
    site.run("history.pushState({}, '', '/one')")
    site.pass_time(200)
    second = site.run(read)
    assert (second == code) is same

    site.run("Kameleoon.API.Core.enableLegalConsent(); history.pushState({}, '', '/two')")
    site.pass_time(200)
    assert site.run(read) == second


def test_blocked_until_consent(site: Site) -> None:
    """Section 9.5: with blocking, campaigns run only after the answer, and before the event that tells of it."""
    site.open({"consent": "required", "beforeConsent": "block", "experiments": [EXPERIMENT]})
    assert site.events() == ["Loaded", "Started"]

    site.run("kameleoonQueue.push(['Core.enableLegalConsent'])")
    assert site.events()[-2:] == ["ExperimentActivated", "LegalConsentUpdated"]
