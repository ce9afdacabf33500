"""Starts the brain: what the bundle's Python imports last."""

from bridge.page import built
from bridge.page.brain import Brain
from bridge.page.seam import Page, listen

listen(Brain(Page(), {"settings": built.SETTINGS, "table": built.TABLE}).hear)
