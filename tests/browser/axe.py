"""What a screen reader, and who sees no colour, would stumble over, as axe finds it (Deque's axe-core)."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Frame, Page

_AXE = Path(__file__).parents[2] / "static" / "node_modules" / "axe-core" / "axe.min.js"
_SERIOUS = ("serious", "critical")
_RUN = """async (root) => {
  const { violations } = await axe.run(root || document, { resultTypes: ["violations"] })
  return violations.map(({ id, impact, help, nodes }) => ({
    id, impact, help, where: nodes.map((node) => node.target.join(" ")), why: nodes[0].failureSummary,
  }))
}"""


def findings(page: Page | Frame, root: str | None = None) -> list[dict[str, Any]]:
    """Return what axe finds of serious and critical impact, as ``{id, impact, help, where, why}``.

    Args:
        page: A page of Playwright's, or a frame in one; what is on it may refuse no script that a test adds.
        root: A selector of the part to look at; None: all of it, frames of the same origin included.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_AXE.read_text("utf-8"))
    found: list[dict[str, Any]] = page.evaluate(_RUN, root)
    return [one for one in found if one["impact"] in _SERIOUS]


def assert_no_serious_finding(page: Page, root: str | None = None) -> None:
    """Fail with what axe finds, in light and in dark; nothing moves meanwhile, or colours would be on their way."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert findings(page, root) == [], scheme
    page.emulate_media(color_scheme="null", reduced_motion="null")
