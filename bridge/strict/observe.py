"""Lets the observer have what crossed the seam: what the strict engine imports last, when the brain is up."""

from bridge.brain.built import BUILT
from bridge.strict.observer import Observer
from bridge.strict.watch import watch
from bridge.strict.window import report, serve_persona_names

observer = Observer(BUILT, report)
watch.hand_over(observer.see)
serve_persona_names(lambda: observer.settings, observer.problem)
