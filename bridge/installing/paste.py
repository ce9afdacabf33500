"""The code to paste into Kameleoon for a custom data: where its values come from, and what targeting offers.

Both run as the body of a function in Kameleoon (Kameleoon help, "Integrate Kameleoon with Segment", step 5).
"""

import json

from bridge.shared.vocabulary import DATA_HOST, origin
from bridge.templates import filled

_TARGETING = """\
var request = new XMLHttpRequest();
request.open("GET", ADDRESS, false);
try {
  request.send();
  return (JSON.parse(request.responseText).cohorts || []).map(function (name) { return { value: name, label: name }; });
} catch (error) {
  return [];
}"""


def acquisition_code(name: str) -> str:
    """Return the "custom JavaScript code" of the custom data ``name``: its value, as soon as there is one."""
    return f"return window.kameleoonSegment && window.kameleoonSegment.customData({json.dumps(name)});"


def targeting_code(site_code: str, data_host: str | None) -> str:
    """Return the code of "save the values for the targeting condition": all persona names, synchronously."""
    address = f"{origin(data_host or DATA_HOST)}/map/map?siteCode={site_code}&key=common"
    return filled("the code for the targeting condition", _TARGETING, {"ADDRESS": json.dumps(address)})
