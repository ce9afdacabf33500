"""The names that everybody shares, in the page and outside of it: each stands here, and nowhere else.

Sources: Kameleoon help, "Integrate Kameleoon with Segment" (the identifier, its storage key, the remote data);
Segment's A/B testing specification and Kameleoon's native integration and template (the dialects); the Kameleoon
(Actions) destination (where it reads the visitor code).
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CONSOLE_PREFIX = "[kameleoon-segment]"  # each line of ours in a page's console begins with it
DEBUG_SWITCH = "kameleoon-segment-debug"  # asks for the overlay: in a page's address, and in sessionStorage

# ---- waiting, and what a page may be told

EVENT_HOLD_MS = 1000  # no customer's event waits longer: then it goes on as it is
VISITOR_CODE_WAIT_MS = 5000  # after the first event; a Kameleoon that is blocked costs the page no more than that
MAX_ERRORS = 20  # in status(): the latest
#: What status() says as long as the brain is not up.
NO_STATUS: "dict[str, Any]" = {
    "sitecode": None,
    "settings": None,
    "consent": {"experiment": None, "personalization": None},
    "segment": {"present": None, "ready": None, "version": None},
    "kameleoon": {"present": None, "started": None, "sitecode": None},
    "identifier": None,
    "exposures": None,
    "customData": {},
    "held": 0,
    "dropped": 0,
    "hints": [],
}

# ---- events on the wire

OURS = "ks-"  # begins each message id of ours
IDENTIFIER_EVENT = "Kameleoon identifier"  # the track that links a visitor, once
IDENTIFIER_PROPERTY = "k_visitorCode"
EXPOSURE_EVENT = "Experiment viewed"  # unless the settings name another

EXPERIMENT = "experiment"  # the types of campaigns
PERSONALIZATION = "personalization"
CAMPAIGN_TYPES = (EXPERIMENT, PERSONALIZATION)
CONSENT_MODULES = {"AB_TESTING": EXPERIMENT, "PERSONALIZATION": PERSONALIZATION}  # as Kameleoon's legal consent has it

# Names of an exposure's campaign id, campaign name, variation id and variation name, by dialect and type of campaign.
_SEGMENT = ("experiment_id", "experiment_name", "variation_id", "variation_name")
_KAMELEOON = ("experimentId", "experimentName", "variationId", "variationName")
DIALECTS = {
    "segment": {EXPERIMENT: _SEGMENT, PERSONALIZATION: _SEGMENT},
    "kameleoon": {EXPERIMENT: _KAMELEOON, PERSONALIZATION: _KAMELEOON},
    "template": {
        EXPERIMENT: ("experimentID", "experimentName", "variationID", "variationName"),
        PERSONALIZATION: ("personalizationID", "personalizationName", "variationID", "variationName"),
    },
}

# ---- the visitor code

VISITOR_CODE = "kameleoonVisitorCode"  # in a Segment event; also the name of Kameleoon's cookie
SEGMENT_ID_COOKIES = ("ajs_user_id", "ajs_anonymous_id")  # analytics.js's
VISITOR_CODE_FIELDS = {"track": "properties", "page": "properties", "identify": "traits", "group": "traits"}
MAX_VISITOR_CODE_LENGTH = 100
_OLD_PREFIX = "_js_"  # Kameleoon's scripts up to 2022 wrote it before the code, of which it is no part


def visitor_code(raw: "Any") -> str:
    """Return the visitor code that Kameleoon's cookie or script names, without an old prefix; empty for none."""
    if not isinstance(raw, str):
        return ""
    return raw[len(_OLD_PREFIX) :] if raw.startswith(_OLD_PREFIX) else raw


# ---- remote data

DATA_HOST = "data.kameleoon.io"  # the Data API that Kameleoon's SDKs ask
COMMON_KEY = "common"  # the map of what is known of the whole project
MAX_VALUE_LENGTH = 1000  # characters of a custom data's value: Kameleoon drops longer ones


def cohorts_key(identity: str) -> str:
    """Return the key of the map of somebody's personas."""
    return "COHORTS_" + identity


def identify_key(identity: str) -> str:
    """Return the key of the map of somebody's traits and group."""
    return "IDENTIFY_" + identity


def origin(host: str) -> str:
    """Return the origin of a host that settings name: https, but on this machine; one with a scheme stays."""
    if "://" in host:
        return host.rstrip("/")
    local = host.startswith(("localhost:", "127.0.0.1:"))
    return ("http://" if local else "https://") + host


# ---- localStorage: what is kept under each key says bridge.brain.keeper

LINKED_KEY = "k_segmentio_identifier"  # as Kameleoon's own snippet named it
PAIRS_KEY = "k_segmentio_identifier_pairs"
EXPOSURES_KEY = "k_segmentio_exposures"
AUDIENCE_KEY = "k_segmentio_audience"
VALUES_KEY = "k_segmentio_values"
ORDER_KEY = "k_segmentio_order"  # the visitor code that events carried last: the tag's
HEARD_KEY = "k_segmentio_heard"  # what was heard and not sent when the page was left: the tag's
MAX_KEPT = 100_000  # characters of what is read under a key: anybody may write there
