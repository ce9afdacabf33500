"""Events that are huge, odd or many."""

from tests.faults.situation import OWN, VISIT, Situation

AT_2 = VISIT + "probe.after(1500, () => { %s })"
MANY = 1000
# As Kameleoon fires them: a variation of each of `many` experiments.
ACTIVATIONS = """
for (let id = 1; id <= many; id++) {
  const variation = { id: id * 10, name: "V" + id }
  dispatchEvent(new CustomEvent("Kameleoon::ExperimentActivated", {
    detail: { experiment: { id, name: "E" + id, associatedVariation: variation }, time: Date.now() } }))
}"""
EVENTS = """for (let n = 0; n < many; n++) analytics.track("Burst", { n })"""
# The page that reports by hand: what the same events cost without the bridge.
BY_HAND = """addEventListener("Kameleoon::ExperimentActivated", ({ detail }) =>
  analytics.track("Experiment viewed", { experiment_id: String(detail.experiment.id) }))"""

SITUATIONS = [
    Situation(
        "event of 3 MB", visit=AT_2 % "analytics.track('Huge', { text: 'x'.repeat(3e6) })", own={**OWN, "Huge": 1}
    ),
    Situation("event with a BigInt", visit=AT_2 % "analytics.track('Big', { n: 10n })", own={**OWN, "Big": 1}),
    Situation(
        "circular event",
        visit=AT_2 % "const a = {}; a.a = a; analytics.track('Circular', { a })",
        own={**OWN, "Circular": 1},
    ),
    Situation(
        "event with a getter",
        "that throws",
        visit=AT_2 % "analytics.track('Getter', { get price() { throw new Error('no') } })",
        own={**OWN, "Getter": 1},
    ),
    Situation(
        "1,000 exposures and tracks",
        "in one burst; without the bridge the page reports them by hand",
        kameleoon={"experiments": []},
        visit=AT_2 % f"const many = {MANY};{ACTIVATIONS}\n{EVENTS}",
        instead=BY_HAND,
        own={**OWN, "Burst": MANY},
        exposures=MANY,
    ),
]
