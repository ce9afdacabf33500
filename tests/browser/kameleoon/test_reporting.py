"""Whom the emulation of Kameleoon's script tells of exposures."""

from typing import Any

import pytest

from tests.browser.kameleoon.emulation import EXPERIMENT, FLAG, PERSONALIZATION, PERSONAS, Site


def test_apostrophe_defect(site: Site) -> None:
    """An apostrophe in a variation's name loses the exposure, unless the project says otherwise."""
    project = {
        "experiments": [{**EXPERIMENT, "name": 'Bob\'s "test"'}],
        "customIntegrations": ["throw new Error('mine')", "window.call = [experimentName, variationName]"],
    }
    site.open(project)
    site.pass_time()
    assert site.run("call") == ['Bob\'s "test"', "Bold"]

    messages: list[str] = []
    site.page.on("console", lambda message: messages.append(message.text))
    site.open(project, path="/?kameleoonForce=101:1002")
    site.pass_time()
    assert site.run("window.call") is None
    assert sum("SyntaxError" in message for message in messages) == 2

    site.open({**project, "escapeVariationNames": True}, path="/?kameleoonForce=101:1002")
    site.pass_time()
    assert site.run("call") == ['Bob\'s "test"', "It's calm"]


def test_own_tracking(site: Site) -> None:
    """Kameleoon's script tells its own Data API what happened, each half second."""
    site.open({"experiments": [EXPERIMENT], "customData": [PERSONAS]})
    site.run("Kameleoon.API.Data.setCustomData('personas', ['vip'], true)")
    with site.page.expect_response("**/visit/events*"):
        site.pass_time(600)

    _, query, _ = site.requests[0]
    assert (query["engine"], query["visitorCode"]) == (["true"], [site.run("Kameleoon.API.Visitor.code")])
    page, data, experiment = site.tracked()
    assert page["eventType"] == "page"
    assert (experiment["id"], experiment["variationId"], len(experiment["nonce"])) == ("101", "1001", 16)
    assert (data["index"], data["overwrite"], data["valuesCountMap"]) == ("3", "true", '{"vip":1}')


@pytest.mark.parametrize(("dialect", "call"), [(2022, None), (2025, "Bob's")])
def test_apostrophe_in_a_campaign(site: Site, dialect: int, call: str | None) -> None:
    """Section 2.5: in 2022, one in the campaign's name loses the exposure, too."""
    project = {"experiments": [{**EXPERIMENT, "name": "Bob's"}], "customIntegrations": ["window.call = experimentName"]}
    site.open({"dialect": dialect, **project})
    site.pass_time()

    assert site.run("window.call ?? null") == call


COUNT = "(window.calls ||= []).push(experimentID ?? personalizationID)"
REPORTED: dict[str, Any] = {
    "consent": "required",
    "experiments": [EXPERIMENT],
    "personalizations": [PERSONALIZATION],
    "customIntegrations": [COUNT],
}


@pytest.mark.parametrize("module", ["AB_TESTING", "PERSONALIZATION"])
def test_integrations_wait_for_consent_to_either_module(site: Site, module: str) -> None:
    """Section 9.14: once per campaign and run, also of the module that has no consent."""
    site.open(REPORTED)
    site.pass_time()
    assert site.run("window.calls") is None

    site.run(f"Kameleoon.API.Core.enableLegalConsent('{module}')")
    site.run("Kameleoon.API.Core.enableLegalConsent()")
    site.pass_time()
    assert site.run("calls") == [101, 202]


@pytest.mark.parametrize("dialect", [2022, 2025])
def test_integrations_without_consent(site: Site, dialect: int) -> None:
    """Sections 1.7 and 9.3: older scripts do not test it."""
    site.open({**REPORTED, "dialect": dialect})
    site.pass_time()

    assert site.run("calls") == [101, 202]


ANALYTICS = """window.analytics = {
  track: (...call) => (window.calls ||= []).push(["track", ...call]),
  identify: (...call) => calls.push(["identify", ...call]),
}"""


def test_native_segment(site: Site) -> None:
    """Sections 2.1, 9.3 and 9.14: camelCase, numbers, no consent, 150 ms between two looks for Segment."""
    native = {"dialect": 2022, "nativeSegment": True, "consent": "required"}
    site.open({**native, "experiments": [EXPERIMENT], "personalizations": [PERSONALIZATION]})
    site.pass_time()
    site.run(ANALYTICS)
    site.pass_time(149)
    assert site.run("window.calls") is None

    site.pass_time(1)
    experiment = {"experimentId": 101, "experimentName": "Headline", "variationId": 1001, "variationName": "Bold"}
    welcome = {"experimentId": 202, "experimentName": "Welcome", "variationId": 2001, "variationName": "Hello"}
    assert site.run("calls") == [
        ["track", "Experiment Viewed", {**experiment, "nonInteraction": 1}],
        ["identify", {"Experiment": "Headline:Bold"}],
        ["track", "Experiment Viewed", {**welcome, "nonInteraction": 1}],
        ["identify", {"Personalization": "Welcome:Hello"}],
    ]
    assert site.run("Kameleoon.API.Visitor.experimentLegalConsent") is None


@pytest.mark.parametrize(("variation", "reported"), [("0", [[0, "Reference"]]), ("null", [])])
def test_native_segment_of_the_control(site: Site, variation: str, reported: list[Any]) -> None:
    """Section 2.1: the control is 0 here, not a word; excluded visitors are not reported."""
    path = f"/?kameleoonForce=101:{variation}"
    site.open({"dialect": 2022, "nativeSegment": True, "experiments": [EXPERIMENT]}, before=ANALYTICS, path=path)
    site.pass_time()

    read = "(window.calls || []).filter(([name]) => name === 'track').map((call) => call[2])"
    assert [[each["variationId"], each["variationName"]] for each in site.run(read)] == reported


@pytest.mark.parametrize(("reason", "count"), [("exclusion_group", 1), ("priority", 0)])
def test_native_segment_of_the_exclusion_group(site: Site, reason: str, count: int) -> None:
    """Sections 2.1 and 9.3: personalizations shown to nobody are reported if the exclusion group is why."""
    project = {"dialect": 2022, "nativeSegment": True, "personalizations": [{**PERSONALIZATION, "suppressed": reason}]}
    site.open(project, before=ANALYTICS)
    site.pass_time()

    names = "(window.calls || []).filter(([name]) => name === 'track').map((call) => call[2].experimentName)"
    assert site.run(names) == ["Welcome"] * count


def test_no_native_segment_unless_asked_for(site: Site) -> None:
    """Section 9.14: scripts of today are not known to have it."""
    site.open({"experiments": [EXPERIMENT]}, before=ANALYTICS)
    site.pass_time()

    assert site.run("window.calls") is None


def test_native_segment_in_each_run(site: Site) -> None:
    """Section 2.1: once per campaign and run, so at each page of a single-page app."""
    project = {"nativeSegment": True, "singlePage": True, "experiments": [EXPERIMENT]}
    site.open(project, before=ANALYTICS)
    site.pass_time()
    site.run("history.pushState({}, '', '/next')")
    site.pass_time(200)

    assert site.run("calls.map(([name]) => name)") == ["track", "identify"] * 2


def test_integrations_once_per_run(site: Site) -> None:
    """Section 9.14: a campaign that is triggered for tracking and then shown is one call, and two records."""
    # Any variation may be drawn, the one with an apostrophe in its name among them.
    site.open({"experiments": [FLAG], "customIntegrations": [COUNT], "escapeVariationNames": True})
    site.run("Kameleoon.API.Experiments.trigger(101, true), Kameleoon.API.Experiments.trigger(101)")
    site.pass_time()

    assert site.run("calls") == [101]
    assert site.run("Kameleoon.API.CurrentVisit.activatedExperiments[0].times.length") == 2
