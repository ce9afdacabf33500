"""Starts the brain: what the bundle's Python imports last."""

import sys

from bridge.page.brain import Brain
from bridge.page.built import SETTINGS, TABLE
from bridge.page.seam import Page, act, listen

built = {"settings": SETTINGS, "table": TABLE}
if sys.implementation.name == "cpython":  # Pyodide, the strict engine: the same brain, observed
    from bridge.strict.watch import watch

    listen(watch.hearing(Brain(Page(watch.acting(act)), built).hear))
else:
    listen(Brain(Page(act), built).hear)
