"""What the tag does by itself, before the brain is up or where there is none."""

import json
from typing import Any

import pytest
from mpremote.romfs import VfsRomWriter

from bridge.bundle.python import IMPORTS
from bridge.shared.vocabulary import SEGMENT_ID_COOKIES, VALUES_KEY, VISITOR_CODE
from tests.browser.shop import ONLY_MICROPYTHON, Shop

USER_ID, ANONYMOUS_ID = SEGMENT_ID_COOKIES
PLAN = {"value": "gold", "overwrite": True}


@ONLY_MICROPYTHON
@pytest.mark.parametrize(
    ("cookies", "shown"),
    [
        ({VISITOR_CODE: "code", ANONYMOUS_ID: None}, True),
        ({VISITOR_CODE: "cod", ANONYMOUS_ID: None}, False),
        ({VISITOR_CODE: "code", ANONYMOUS_ID: "somebody"}, False),
        ({VISITOR_CODE: None, ANONYMOUS_ID: None}, False),
        ({USER_ID: "a=b%20c"}, True),
        ({}, True),
        (None, False),
    ],
)
def test_what_was_kept_is_shown_to_the_same_visitor_only(shop: Shop, cookies: Any, shown: bool) -> None:
    """The cookies that the brain named read now as they did then; where it named none, the record is not ours."""
    kept = {"values": {"Plan": PLAN}, "snippets": {"plan": "gold"}, "personas": [], "cookies": cookies, "mode": "none"}
    now = {VISITOR_CODE: "code", USER_ID: "a=b%20c"}
    shop.context.add_init_script(
        f"""{{
          localStorage.setItem({json.dumps(VALUES_KEY)}, {json.dumps(json.dumps(kept))})
          for (const [name, value] of Object.entries({json.dumps(now)})) document.cookie = `${{name}}=${{value}}`
          window.look = () => {{
            window.seen = [kameleoonSegment.customData('Plan') ?? null, window.k_segmentIO?.plan ?? null]
          }}
        }}"""
    )
    shop.open(shop.tag().replace("<script", '<script onload="look()"'))
    assert shop.page.wait_for_function("() => window.seen").json_value() == ([PLAN, "gold"] if shown else [None, None])
    assert shop.started()["errors"] == []


@ONLY_MICROPYTHON
@pytest.mark.never_starts("its brain does not answer")
def test_a_brain_that_does_not_answer_is_a_failed_start(shop: Shop) -> None:
    """The page goes on, and status() has all its parts."""
    silent = b"import js\njs.ear.brain = lambda message: 'null'\n"
    image = VfsRomWriter()
    image.opendir("bridge")
    image.opendir("brain")
    for module in IMPORTS:
        name = module.rpartition(".")[2]
        image.mkfile(f"{name}.py", silent if name == "start" else b"")
    image.closedir()
    image.closedir()
    body = bytes(image.finalise())
    headers = {"access-control-allow-origin": "*"}
    shop.context.route("**/brain-*", lambda route: route.fulfill(body=body, headers=headers))
    shop.open()
    status = shop.started()
    assert status["state"] == "failed"
    (error,) = status["errors"]
    assert error["what"].startswith("the brain does not answer")
    assert (status["identifier"], status["exposures"], status["held"]) == (None, None, 0)
    shop.settled()
    assert [problem.split(":")[0] for problem in shop.problems] == ["[kameleoon-segment] could not start"]
    shop.problems.clear()


@ONLY_MICROPYTHON
@pytest.mark.never_starts("its brain never comes")
def test_who_gets_the_status_may_change_it(shop: Shop) -> None:
    """It is a copy, while the brain is starting, too."""
    shop.context.route("**/brain-*", lambda _route: None)
    shop.open(shop.tag())
    shop.page.wait_for_function("() => window.kameleoonSegment")
    shop.page.evaluate("() => { kameleoonSegment.status().errors.push({}); kameleoonSegment.status().versions.x = 1 }")
    status = shop.status()
    assert (status["state"], status["errors"], list(status["versions"])) == ("starting", [], ["bridge"])
