"""The wire beside the shop, a script of the page's own: the shop and the presenter's bar need nothing of it.

It never awaits at its top level: see demo.py.
"""

import asyncio

from pyscript import document

from web.demo import bridge
from web.demo.evidence import Evidence
from web.demo.head import Head
from web.demo.log import Log
from web.demo.page import by_id
from web.wire.panel import Panel
from web.wire.sheet import Sheet

_LOOK = 0.4  # seconds: at the page itself, which tells nobody what changes in it


async def follow() -> None:
    """Show what is so, as long as the page is there."""
    while True:
        if document.visibilityState == "visible":
            log.look()
            head.show()
            evidence.note(bridge.status() or {})
        await asyncio.sleep(_LOOK)


panel = Panel(by_id("wire"))
Sheet(document.querySelector("aside.wire"), panel)
log = Log(panel)
head, evidence = Head(panel.timeline, log.view), Evidence(panel.timeline, log.view)
panel.evidence = evidence.sight
asyncio.create_task(follow())
