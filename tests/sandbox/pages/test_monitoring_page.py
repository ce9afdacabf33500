"""The board of deliveries, in a real browser."""

# ruff: noqa: D103  # the tests' names are sentences

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import assert_no_serious_finding
from tests.sandbox.process import Server, free_port, serving

#: Segment's runtime cannot read this context, so that the event is a dead letter at once.
DEAD = {"event": "<b>Signup</b>", "userId": "u", "context": {"personas": None}}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A sandbox of one's own."""
    with serving(free_port(), tmp_path / "sandbox.sqlite3") as server:
        yield server


@pytest.fixture
def board(page: Page) -> Iterator[Page]:
    """A browser's page; afterwards nothing was red."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    yield page
    assert problems == []


def test_the_board_shows_what_happens_and_sends_dead_letters_again(server: Server, board: Page) -> None:
    with httpx.Client(base_url=server.url) as http:
        board.goto(f"{server.url}/sandbox/monitoring")
        expect(board.locator("#status")).to_have_text("Live")
        expect(board.locator("#replay")).to_be_disabled()
        http.post("/v1/track", json={"event": "Add to cart", "userId": "v", "writeKey": "k"})
        http.post("/v1/track", json={**DEAD, "writeKey": "k"})

        expect(board.locator("#delivered")).to_have_text("1")
        expect(board.locator("#dead")).to_have_text("1")
        expect(board.locator("#goals")).to_have_text("Add to cart1")
        expect(board.locator("#p50")).to_contain_text("ms")
        letter = board.locator("#letters li")
        expect(letter.locator(".what")).to_have_text("<b>Signup</b>")
        expect(letter.locator(".why")).to_contain_text("Cannot read properties of null")
        letter.locator("summary").click()
        expect(letter.locator("pre")).to_contain_text('"userId": "u"')
        assert_no_serious_finding(board)

        board.locator("#replay").click()
        expect(board.locator("#replayed")).to_have_text("1 letter is on the way again.")
        expect(board.locator("#errors li")).to_have_count(2)  # it died once more


def test_the_board_shows_what_segment_dropped_and_why(server: Server, board: Page) -> None:
    bad = [{"type": "track", "event": "<b>Signup</b>", "userId": []}, {"userId": "u"}]
    with httpx.Client(base_url=server.url) as http:
        board.goto(f"{server.url}/sandbox/monitoring")
        expect(board.locator("#dropped-count")).to_have_text("0")
        expect(board.locator("#dropped-empty")).to_be_visible()
        http.post("/v1/batch", json={"batch": bad, "writeKey": "THEKEY"})
    expect(board.locator("#dropped-count")).to_have_text("2")
    expect(board.locator("#dropped-empty")).to_be_hidden()
    second, first = board.locator("#dropped li").all()
    expect(first.locator(".what")).to_have_text("<b>Signup</b>")
    expect(first.locator(".why")).to_have_text("body.batch[0].userId: Input should be a valid string, got a list")
    expect(first.locator(".code")).to_have_text("/v1/batch")
    first.locator("summary").click()
    expect(first.locator("pre")).to_contain_text('"userId": "a list"')
    expect(second.locator(".what")).to_have_text("–")  # noqa: RUF001
    expect(board.locator("body")).not_to_contain_text("THEKEY")
