"""The sandbox's routes: what Segment and Kameleoon are in production, in one process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bridge.bundle.parts import OVERLAY
from bridge.sandbox.cors import Cors
from bridge.sandbox.guard import Guard
from bridge.sandbox.kameleoon.data_api import DataApi
from bridge.sandbox.kameleoon.receiver import Receiver
from bridge.sandbox.kameleoon.script import KameleoonScript
from bridge.sandbox.loopback import Loopback
from bridge.sandbox.network import Network
from bridge.sandbox.options import OWN_ORIGIN, Options
from bridge.sandbox.pages.bundle import Bundle
from bridge.sandbox.pages.demo import Demo
from bridge.sandbox.pages.log import Log
from bridge.sandbox.pages.looks import Looks
from bridge.sandbox.pages.monitoring import Monitoring
from bridge.sandbox.pages.people import People
from bridge.sandbox.refusals import Refusal
from bridge.sandbox.requests import answer
from bridge.sandbox.segment.cdn import SegmentCdn
from bridge.sandbox.segment.outbox import Outbox
from bridge.sandbox.segment.tracking import Tracking
from bridge.sandbox.storage import Storage

_DEFAULTS = Options()
#: Servers call these, or the sandbox's own page and tests; other sites' pages have no business with them.
_CLOSED = frozenset({"sandbox", "segmentio", "kameleoon"})
#: What a presenter sees and no shop has: of these, a slow network makes nothing slower.
_PRESENTERS = frozenset({"sandbox", "demo", "python", "pyscript", "looks", "wire"})


def create_app(bundle: Path, database: Path | str = ":memory:", options: Options = _DEFAULTS) -> Starlette:
    """Return the sandbox as an ASGI app.

    Args:
        bundle: Folder of the built bundle; it is read at each request, and need not exist yet.
        database: SQLite file, or ":memory:" for one that goes with the app.
        options: What else can be set; with a `destination`, events go on to Kameleoon.

    Raises:
        sqlite3.Error: The database cannot be opened.
    """
    storage = Storage(database, options.now)
    outbox = Outbox(storage, options)
    tracking, data_api, receiver = (
        Tracking(storage, outbox, options),
        DataApi(storage, options),
        Receiver(storage, options),
    )
    cdn, script, demo, log = (
        SegmentCdn(options.static),
        KameleoonScript(options.web),
        Demo(options),
        Log(storage, outbox, options),
    )

    monitoring, files = Monitoring(storage, outbox, options), Bundle(bundle)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with outbox.working({OWN_ORIGIN: Loopback(app)}):
            yield
        storage.close()

    async def refuse(request: Request, error: Exception) -> Response:
        refusal = error if isinstance(error, Refusal) else Refusal(400, "body: is nested too deep")
        row = {"method": request.method, "path": request.url.path, "status": refusal.status, "reason": refusal.reason}
        await storage.log("rejected", row)
        return answer({"success": False, "error": refusal.reason}, refusal.status)

    async def left(_request: Request, _error: Exception) -> Response:
        return Response(status_code=400)  # nobody is there to read it

    app = Starlette(
        routes=[
            Route("/", demo.index),
            Route("/demo/{path:path}", demo.page_file),
            Route("/python/{path:path}", demo.python_file),
            Route("/wire/look.mjs", demo.look),
            Route("/wire/{path:path}", demo.wire_file),
            Route("/looks/{path:path}", Looks(options.web).file),
            Route("/pyscript/micropython/{path:path}", demo.interpreter_file),
            Route("/pyscript/{path:path}", demo.pyscript_file),
            Route("/static/{path:path}", demo.static_file),
            Route("/healthz", log.health),
            Route("/sandbox/log", log.read),
            Route("/sandbox/reset", log.reset, methods=["POST"]),
            Route("/sandbox/forget", People(storage, outbox).forget, methods=["POST"]),
            Route("/sandbox/deliveries", monitoring.deliveries),
            Route("/sandbox/deliveries/replay", monitoring.replay, methods=["POST"]),
            Route("/sandbox/monitoring", monitoring.page),
            Route("/sandbox/monitoring/{path:path}", monitoring.page_file),
            Route("/analytics.js/v1/{key}/analytics.min.js", cdn.script),
            Route("/analytics-next/bundles/{path:path}", cdn.chunk),
            Route("/v1/projects/{key}/settings", cdn.settings),
            Route("/v1/m", tracking.metrics, methods=["POST"]),
            Route("/v1/{call}", tracking.collect, methods=["POST"]),
            Route("/map/map", data_api.read_map),
            Route("/map/maps", data_api.read_maps),
            Route("/map/maps", data_api.write_maps, methods=["POST"]),
            Route("/data", data_api.read_map),
            Route("/visit/events", data_api.write_visit, methods=["POST"]),
            Route("/kameleoon/segmentio/getapikey", receiver.make_key),
            Route("/segmentio/getapikey", receiver.check_key),
            Route("/segmentio", receiver.take_event, methods=["POST"]),
            Route("/{sitecode}/engine.js", script.send),
            Route("/install", files.wizard),
            Route("/{path:path}", files.file),
        ],
        middleware=[
            Middleware(Guard, hosts=options.hosts, closed=_CLOSED, framed=OVERLAY),
            Middleware(Cors, closed=_CLOSED),
            Middleware(Network, fast=_PRESENTERS),
        ],
        exception_handlers={Refusal: refuse, RecursionError: refuse, ClientDisconnect: left},
        lifespan=lifespan,
    )
    app.state.end_streams = storage.end_following  # before it stops: a server waits for answers under way
    return app
