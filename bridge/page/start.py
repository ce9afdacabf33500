"""Starts the brain: what the bundle's Python imports last."""

from bridge.page.brain import Brain
from bridge.page.built import SETTINGS, TABLE
from bridge.page.seam import Page, listen

listen(Brain(Page(), {"settings": SETTINGS, "table": TABLE}).hear)
