"""A slow network, for who asks for one."""

# ruff: noqa: D103  # the tests' names are sentences

from time import monotonic
from typing import Any

import anyio
import httpx
import pytest
from starlette.responses import PlainTextResponse, StreamingResponse

from bridge.sandbox.network import Network

SLOW = {"cookie": "theme=dark; demo-network=slow"}
BODY = "x" * 60_000


async def app(scope: Any, receive: Any, send: Any) -> None:
    async def parts() -> Any:
        for _ in range(3):
            yield "x" * 20_000

    answer = StreamingResponse(parts()) if scope["path"] == "/parts" else PlainTextResponse(BODY)
    await answer(scope, receive, send)


def asked(*paths: str, headers: dict[str, str]) -> tuple[float, list[httpx.Response]]:
    """Return how long these requests take at once, and their answers."""
    slowed = Network(app, fast={"demo"}, latency_s=0.05, bytes_per_s=300_000)

    async def ask() -> list[httpx.Response]:
        answers: list[httpx.Response] = []

        async def one(path: str) -> None:
            answers.append(await http.get(path, headers=headers))

        async with (
            httpx.AsyncClient(transport=httpx.ASGITransport(slowed), base_url="http://shop") as http,
            anyio.create_task_group() as tasks,
        ):
            for path in paths:
                tasks.start_soon(one, path)
        return answers

    start = monotonic()
    answers = anyio.run(ask)
    return monotonic() - start, answers


@pytest.mark.parametrize("path", ["/bridge.js", "/parts"])
def test_with_the_cookie_each_answer_is_late_and_slow_and_whole(path: str) -> None:
    seconds, (answer,) = asked(path, headers=SLOW)
    assert answer.text == BODY
    assert seconds >= 0.05 + 60_000 / 300_000


def test_answers_share_the_line() -> None:
    seconds, answers = asked("/a", "/b", headers=SLOW)
    assert [answer.text for answer in answers] == [BODY, BODY]
    assert seconds >= 0.05 + 2 * 60_000 / 300_000


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/bridge.js", {}), ("/bridge.js", {"cookie": "demo-network=fast"}), ("/demo/bar.py", SLOW)],
)
def test_all_else_is_as_fast_as_it_can_be(path: str, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("bridge.sandbox.network.sleep")
    _, (answer,) = asked(path, headers=headers)
    assert answer.text == BODY


def test_the_sandbox_slows_what_a_shop_loads(sandbox: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("bridge.sandbox.network.sleep", sleep)
    for path in ("/sandbox/log", "/demo/demo.css", "/pyscript/core.js"):
        sandbox.get(path, headers=SLOW)
    assert slept == []
    sandbox.get("/healthz", headers=SLOW)
    assert slept[0] == 0.15
