"""Starts the brain: what the bundle's Python imports last."""

import sys

from bridge.brain.brain import Brain
from bridge.brain.built import BUILT
from bridge.brain.seam import Page, act, listen

if sys.implementation.name == "cpython":  # Pyodide, the strict engine: the same brain, observed
    from bridge.strict.watch import watch

    listen(watch.hearing(Brain(Page(watch.acting(act)), BUILT).hear))
else:
    listen(Brain(Page(act), BUILT).hear)
