"""Starts the brain on the strict engine: the same brain, observed from the first message on."""

from bridge.brain.brain import Brain
from bridge.brain.built import BUILT
from bridge.brain.entry import act, listen
from bridge.brain.seam import Page
from bridge.strict.watch import watch

listen(watch.hearing(Brain(Page(watch.acting(act)), BUILT).hear))
