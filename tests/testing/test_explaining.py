"""What a test that fails says of the pages: of such as answer what they are asked."""

# ruff: noqa: D102, D103  # names say it: the tests' are sentences, the page's are Playwright's

from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

import pytest
from playwright.sync_api import ConsoleMessage, Error, Page, WebError

from bridge.testing.explaining import NO_TAG, STATUS, Complaints, Forced, bridge_lines, forced_lines

SHOP = "https://shop.example/"
ON = {
    "state": "on",
    "engine": "micropython",
    "exposures": {"sent": 1, "held": 0, "dropped": 0},
    "identifier": {"linked": True, "sent": 0},
    "hints": [],
    "errors": [],
}


class Answering:
    """A page that answers what it is asked."""

    def __init__(self, status: Any = None, experiments: Any = None, url: str = SHOP, *, closed: bool = False) -> None:
        self.url, self._closed, self._status, self._experiments = url, closed, status, experiments

    def is_closed(self) -> bool:
        return self._closed

    def evaluate(self, question: str) -> Any:
        answer = self._status if question == STATUS else self._experiments
        if isinstance(answer, Error):
            raise answer
        return answer


def page(*answers: Any, **given: Any) -> Page:
    return cast("Page", Answering(*answers, **given))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (page(closed=True), ["the page was closed"]),
        (
            page(url="about:blank"),
            ["about:blank: nothing was opened in the test's page; events are seen of pages in its own context alone"],
        ),
        (page(None), [f"the bridge in {SHOP}: {NO_TAG}"]),
        (
            page({"state": "on", "engine": "micropython"}),
            [f"the bridge in {SHOP}: on (micropython), exposures: unknown"],
        ),
        (page(Error("it left\nfor good")), [f"{SHOP} cannot be asked: it left"]),
        (
            page(
                {**ON, "exposures": None, "errors": [{"what": "a\nb"}], "identifier": None}, url=SHOP + "?token=abc#a"
            ),
            [
                f"the bridge in {SHOP}?token=(not%20shown): on (micropython), exposures: unknown",
                "  error: a\\u000ab",
            ],
        ),
    ],
)
def test_each_page_is_told_of(asked: Page, said: list[str]) -> None:
    assert bridge_lines(asked, identified=False) == said


@pytest.mark.parametrize(
    ("linked", "sent", "identified", "told"),
    [(True, 0, False, True), (True, 1, False, False), (True, 0, True, False), (False, 0, False, False)],
)
def test_who_came_before_is_told_why_no_identifier_comes(
    linked: bool,
    sent: int,
    identified: bool,
    told: bool,
) -> None:
    """What leaves in this test, or is only kept from leaving, is no reason."""
    lines = bridge_lines(page({**ON, "identifier": {"linked": linked, "sent": sent}}), identified=identified)
    assert any("sent for this visitor earlier" in line for line in lines) is told


def forced(experiment: int, variation: int, *pages: Page) -> Forced:
    return Forced(experiment, variation, Counter(pages))


def test_what_is_in_the_way_of_a_forced_variation_is_told() -> None:
    late, opened = page(None, {"101": ["0", "1001"]}), page(None, {"101": ["0", "1001"], "102": []})
    wanted = [forced(101, 1001, late), forced(101, 7, late), forced(999, 1, late), forced(102, 5, late)]
    lines = forced_lines(wanted, Counter([late, opened]), [late, opened])
    before = f"; {SHOP} was opened before that: open it again, or force the variation first"
    assert lines == [
        f"forced: experiment 101, variation 1001{before}",
        f"forced: experiment 101, variation 7{before}; {SHOP} has no such variation; the experiment's are 0, 1001",
        f"forced: experiment 999, variation 1{before}; {SHOP} has no such experiment; Kameleoon's script has 101, 102",
        f"forced: experiment 102, variation 5{before}",
    ]


def test_where_kameleoon_cannot_be_asked_only_what_is_forced_is_told() -> None:
    pages = [page(None, None), page(None, Error("closed"))]
    assert forced_lines([forced(101, 0)], Counter(pages), pages) == ["forced: experiment 101, variation 0"]
    assert forced_lines([], Counter(pages), pages) == []


def console(text: str, url: str = "", kind: str = "error") -> ConsoleMessage:
    return cast("ConsoleMessage", SimpleNamespace(text=text, type=kind, location={"url": url}))


def test_the_first_errors_are_told_each_once() -> None:
    complaints = Complaints()
    assert complaints.lines() == []
    complaints.console(console("only said", kind="log"))
    complaints.console(console("404", f"{SHOP}bridge.js?session=abc"))
    complaints.console(console(f"refused {SHOP}", SHOP))
    for number in (1, 1, 2, 3, 4):
        complaints.uncaught(cast("WebError", SimpleNamespace(error=f"thrown {number}\n    at somewhere")))
    assert complaints.lines() == [
        "errors that the browser reports:",
        f"  404 ({SHOP}bridge.js?session=(not%20shown))",
        f"  refused {SHOP}",
        "  thrown 1",
        "  thrown 2",
        "  thrown 3",
        "  … and 1 more",
    ]
