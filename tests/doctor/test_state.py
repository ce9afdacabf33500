"""What the doctor takes along to a page behind a login, and what of it nobody reads afterwards."""

import json
from pathlib import Path
from typing import Any

import pytest

from bridge.doctor.state import StorageState, loaded
from bridge.shared.secrets import HIDDEN

SESSION, TOKEN = "0123456789abcdef", "token-of-somebody-0815"
STATE: dict[str, Any] = {
    "cookies": [
        {"name": "session", "value": SESSION, "domain": "shop.example"},
        {"name": "kameleoonVisitorCode", "value": "0123456789abcdeX", "domain": "shop.example"},
        {"name": "theme", "value": "dark", "domain": "shop.example"},
    ],
    "origins": [
        {
            "origin": "https://shop.example",
            "localStorage": [
                {"name": "login", "value": json.dumps({"tokens": [TOKEN, 7], "at": "https://shop.example/login"})},
                {"name": "ajs_anonymous_id", "value": '"4711-of-segment"'},
                {"name": "k_segmentio_identifier", "value": "0123456789abcdeX"},
            ],
        }
    ],
}


def test_the_doctor_is_a_new_visitor_who_is_logged_in() -> None:
    """Who the visitor is to Kameleoon, Segment and the bridge stays out of it; all else goes along as it is."""
    state = StorageState.model_validate(STATE).of_a_new_visitor()
    assert [one["name"] for one in state["cookies"]] == ["session", "theme"]
    assert state["cookies"][0] == STATE["cookies"][0]
    assert [one["name"] for one in state["origins"][0]["localStorage"]] == ["login"]


def test_nobody_logs_in_with_the_evidence() -> None:
    """Values are hidden wherever they stand, those inside of JSON, too; addresses and short words are not."""
    state = StorageState.model_validate(STATE)
    seen: dict[str, Any] = {
        f"key-{SESSION}": [f"Bearer {TOKEN}", 7, None],
        "theme": "dark",
        "at": "https://shop.example/login",
    }
    assert state.hidden_in(seen) == {
        f"key-{HIDDEN}": [f"Bearer {HIDDEN}", 7, None],
        "theme": "dark",
        "at": "https://shop.example/login",
    }
    assert StorageState(cookies=[]).hidden_in(SESSION) == SESSION


def test_a_file_is_read_and_another_is_refused(tmp_path: Path) -> None:
    """It says what is accepted, and quotes nothing."""
    file = tmp_path / "state.json"
    file.write_text(json.dumps(STATE))
    assert loaded(file) == StorageState.model_validate(STATE)
    for text in ("[]", f'{{"cookies": "{SESSION}"}}', "no JSON"):
        file.write_text(text)
        with pytest.raises(
            ValueError, match=r"is no storage state of Playwright's; accepted: JSON with cookies"
        ) as error:
            loaded(file)
        assert SESSION not in str(error.value)
    with pytest.raises(FileNotFoundError):
        loaded(tmp_path / "none.json")
