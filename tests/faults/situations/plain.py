"""Pages with which nothing is wrong."""

from tests.browser.shop import EXPERIMENT, PERSONALIZATION
from tests.faults.situation import VISIT, Situation

SECOND = {**EXPERIMENT, "id": 102, "name": "Price", "featureFlag": True}

SITUATIONS = [
    Situation("plain"),
    Situation(
        "two campaigns and a hybrid",
        kameleoon={"experiments": [EXPERIMENT, SECOND], "personalizations": [PERSONALIZATION]},
        visit=VISIT + "probe.after(1200, () => kameleoonQueue.push(['Experiments.trigger', 102, true]))",
        exposures=3,
    ),
    Situation("tag twice", paste="{tag}{tag}"),
    Situation(
        "analytics.reset",
        visit=VISIT + "probe.after(2300, () => analytics.reset())",
        identifiers=2,
    ),
]
