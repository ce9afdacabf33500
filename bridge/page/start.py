"""Starts the brain: what the bundle's Python imports last."""

import sys

from bridge.page.brain import Brain
from bridge.page.built import SETTINGS, TABLE
from bridge.page.seam import Page, act, listen

built = {"settings": SETTINGS, "table": TABLE}
if sys.implementation.name == "cpython":  # Pyodide, the strict engine: the same brain, observed
    from bridge.strict.observer import Observer
    from bridge.strict.window import report, serve_persona_names

    observer = Observer(built, report)
    listen(observer.hearing(Brain(Page(observer.acting(act)), built).hear))
    serve_persona_names(lambda: observer.settings, observer.problem)
else:
    listen(Brain(Page(act), built).hear)
