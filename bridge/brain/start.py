"""Starts the brain: what the bundle's Python imports last."""

from bridge.brain.brain import Brain
from bridge.brain.built import BUILT
from bridge.brain.entry import act, listen
from bridge.brain.seam import Page

listen(Brain(Page(act), BUILT).hear)
