"""What is compared, in one page: no bridge, Kameleoon's own means, an ideal snippet, and the bridge's two engines."""

from dataclasses import dataclass
from typing import Any

from bridge.installing.paste import acquisition_code
from tests.browser.kameleoon_help import IDENTIFIER, PERSONAS
from tests.browser.shop import EXPERIMENT, Shop

#: The custom data that each of them fills.
CUSTOM_DATA = "Personas"
# What a careful developer would write by hand: it looks often, sends each thing at once, and does nothing else.
_IDEAL = """<script>{
  const timer = setInterval(() => {
    const { analytics, Kameleoon } = window
    const code = Kameleoon?.API?.Visitor?.code
    if (!code || !analytics.initialized || !analytics.user) return
    clearInterval(timer)
    const id = analytics.user().anonymousId()
    if (localStorage.getItem("linked") === id) return
    localStorage.setItem("linked", id)
    analytics.track("Kameleoon identifier", { k_visitorCode: code })
  }, 25)
  const report = (campaign) => {
    const { id, name } = campaign.associatedVariation
    analytics.track("Experiment viewed", {
      experiment_id: campaign.id, experiment_name: campaign.name, variation_id: id, variation_name: name
    })
  }
  addEventListener("Kameleoon::ExperimentActivated", ({ detail }) => report(detail.experiment))
  addEventListener("Kameleoon::PersonalizationActivated", ({ detail }) => report(detail.personalization))
}</script>"""


@dataclass(frozen=True)
class Contender:
    """What stands in the page."""

    name: str
    engine: str | None = None  # of the bridge's tag; None: no tag
    inline: str = ""  # in the tag's place
    global_script: str = ""  # of Kameleoon's project
    native: bool = False  # Kameleoon's "Segment" reporting tool is on
    acquisition: str | None = None  # code of the custom data
    custom_data: str = ""  # JavaScript, true as soon as its value can be read
    sends: frozenset[str] = frozenset()  # measures of what it does for the page, in a new visitor's first view

    def head(self, shop: Shop, calls: str, **project: Any) -> list[str]:
        """Return the elements of the page's head, in the order that the README advises.

        Args:
            shop: Where the page is.
            calls: JavaScript after Segment's snippet: the page's own first calls.
            project: What Kameleoon's project has, and has otherwise.
        """
        personas = {
            "index": 1,
            "name": CUSTOM_DATA,
            "type": "LIST",
            "format": "string",
            "scope": "VISIT",
            "customEvalCode": self.acquisition,
        }
        definition = {
            "experiments": [EXPERIMENT],
            "customData": [personas] if self.acquisition else [],
            "globalScript": self.global_script,
            "nativeSegment": self.native,
        }
        shop.engine = self.engine or shop.engine
        first = shop.tag() if self.engine else self.inline
        return [first, shop.kameleoon(**definition | project), shop.segment(calls)]


def _bridge(name: str, engine: str) -> Contender:
    return Contender(
        name,
        engine=engine,
        acquisition=acquisition_code(CUSTOM_DATA),
        custom_data=f"window.kameleoonSegment?.customData('{CUSTOM_DATA}')",
        sends=_ALL,
    )


_ALL = frozenset({"identifier", "exposure", "custom data"})
_BY_SNIPPET = "window.k_personas?.cohorts"
NONE = Contender("none")
SNIPPET = Contender(
    "snippet", global_script=IDENTIFIER, native=True, acquisition=PERSONAS, custom_data=_BY_SNIPPET, sends=_ALL
)
IDEAL = Contender("ideal", inline=_IDEAL, acquisition=PERSONAS, custom_data=_BY_SNIPPET, sends=_ALL)
BRIDGE = _bridge("bridge", "micropython")
STRICT = _bridge("strict", "pyodide")
CONTENDERS = {one.name: one for one in (NONE, SNIPPET, IDEAL, BRIDGE, STRICT)}
