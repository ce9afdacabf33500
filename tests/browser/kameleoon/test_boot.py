"""How the emulation of Kameleoon's script starts."""

import pytest

from tests.browser.kameleoon.emulation import EXPERIMENT, PERSONAS, Site


def test_boot_order(site: Site) -> None:
    """Custom data, global script and queue all run before Started, and Started before any exposure."""
    code = {**PERSONAS, "customEvalCode": "order.push('custom data'); return {value: null};"}
    site.open(
        {"experiments": [EXPERIMENT], "customData": [code], "globalScript": "order.push('global script')"},
        before="""
          window.order = [];
          for (const name of ["Loaded", "Started", "SegmentTriggered", "ExperimentTriggered", "ExperimentActivated"])
            window.addEventListener("Kameleoon::" + name, () => order.push(name));
          window.kameleoonQueue = [];
          kameleoonQueue.push(() => order.push("queue"));
          kameleoonQueue.push({level: "IMMEDIATE", command: () => order.push("immediate")});
        """,
    )

    assert site.run("order") == [
        "immediate",
        "Loaded",
        "custom data",
        "global script",
        "queue",
        "Started",
        "SegmentTriggered",
        "ExperimentTriggered",
        "ExperimentActivated",
    ]


def test_second_script_does_nothing(site: Site) -> None:
    """A script that finds window.Kameleoon leaves the page alone."""
    site.open(before="window.Kameleoon = {mine: true, API: {}}")

    assert site.run("Object.keys(Kameleoon)") == ["mine", "API"]
    assert site.events() == []


def test_events_are_plain_window_events(site: Site) -> None:
    """Events neither bubble nor can be cancelled, and say when they happened."""
    site.open({"experiments": [EXPERIMENT]})

    for event in site.run("seen"):
        assert not event["bubbles"]
        assert not event["cancelable"]
        assert event["detail"]["time"] > 0


@pytest.mark.parametrize(
    ("path", "before", "reason"),
    [
        ("/?kameleoonDisabled", "", "PARAMETER"),
        ("/", "kameleoonStartLoadTime = Date.now() - 2000; kameleoonLoadingTimeout = 750", "TIMEOUT"),
        ("/", "Storage.prototype.setItem = () => { throw new Error('no') }", "STORAGE"),
    ],
)
def test_aborted(site: Site, path: str, before: str, reason: str) -> None:
    """An aborted script says why, and never gets a visitor nor drains the queue."""
    site.open({"experiments": [EXPERIMENT]}, before=f"{before}; window.kameleoonQueue = [() => 0]", path=path)

    assert site.events() == ["Loaded", "Aborted"]
    assert site.run("seen[1].detail.reason") == reason
    assert site.run("[kameleoonQueue.length, Object.keys(Kameleoon.API.Visitor)]") == [1, ["setVisitorCode"]]


def test_anti_flicker_is_released(site: Site) -> None:
    """The page is shown as soon as the script is there."""
    site.open(before="window.kameleoonDisplayPage = (now) => { window.shown = now }")

    assert site.run("[shown, kameleoonDisplayPage, kameleoonEndLoadTime > 0]") == [True, None, True]
