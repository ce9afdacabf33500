"""The log's page: the wire over everything that the sandbox received and sent.

It never awaits at its top level: see web/demo/demo.py.
"""

from js import document

from bridge.wire.rows import of_row
from bridge.wire.views import Views
from web.wire.panel import Panel
from web.wire.stream import Stream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def take(rows: "list[dict[str, Any]]") -> None:
    """Show further rows of the log."""
    messages = []
    for row in rows:
        messages += of_row(row, views)
    panel.add(messages)


def tell(is_there: bool) -> None:  # noqa: FBT001
    """Say whether the sandbox answers."""
    panel.say("" if is_there else "Cut off: the sandbox does not answer. Trying again …")


views = Views()
panel = Panel(document.getElementById("wire"))
stream = Stream(take, tell, 500)
