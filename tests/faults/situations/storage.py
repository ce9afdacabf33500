"""What the browser keeps, or does not; locks."""

import json

from bridge.shared import vocabulary
from tests.browser.situations import DENIED
from tests.faults.situation import Situation

KEYS = [value for name, value in vars(vocabulary).items() if name.endswith("_KEY") and str(value).startswith("k_")]
#: Where nothing can be kept, Kameleoon's script ends with `Aborted: STORAGE`.
NO_KAMELEOON = ("no localStorage",)
RUBBISH = (
    "if (window === top && !localStorage.rubbish) {"
    f"localStorage.rubbish = 1; for (const key of {json.dumps(KEYS)}) localStorage.setItem(key, %s) }}"
)
CODE = "0123456789abcdef"
CUSTOM_DATA = {"index": 1, "name": "Personas", "type": "LIST", "format": "string", "scope": "VISIT"}

SITUATIONS = [
    *(
        Situation(
            name, everywhere=code, exposures=int(name not in NO_KAMELEOON), identifiers=int(name not in NO_KAMELEOON)
        )
        for name, code in DENIED.items()
    ),
    Situation("rubbish in storage", "0.7 MB in each key of ours", everywhere=RUBBISH % "'x'.repeat(7e5)"),
    Situation(
        "lists in storage", "0.6 MB in each key of ours", everywhere=RUBBISH % "'[' + '[1,2],'.repeat(1e5) + '0]'"
    ),
    Situation(
        "20,000 personas",
        config={"custom_data": [{"name": "Personas", "source": "personas"}]},
        kameleoon={"customData": [CUSTOM_DATA]},
        cookies={"kameleoonVisitorCode": CODE},
        remote={vocabulary.cohorts_key(CODE): {f"persona {n}": True for n in range(20_000)}},
    ),
]
