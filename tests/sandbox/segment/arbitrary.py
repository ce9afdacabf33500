"""Events as no library sends them, for hypothesis."""

# the tests' names are sentences

from typing import Any

from hypothesis import strategies as st

TYPES = ("track", "page", "screen", "identify", "group", "alias")
#: A field's value that some client got wrong.
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["", "2024-04-05", "Fri, 05 Apr 2024 12:39:11 +0000", "1712320751592", "\ud800", "track", "x" * 100]
    ),
    st.sampled_from([[], {}, [1], {"a": None}]),
    st.text(max_size=5),
)
FIELDS = (
    *("type", "action", "event", "name", "category", "userId", "anonymousId", "previousId", "groupId", "messageId"),
    *("timestamp", "sentAt", "properties", "traits", "context", "integrations", "writeKey", "_metadata", "channel"),
)
#: Nearly an event; often enough one.
EVENTS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(FIELDS, ODD),
        "type": st.sampled_from(TYPES) | ODD,
        "userId": st.just("u") | ODD,
        "event": st.just("E") | ODD,
    },
)
BATCHES = st.fixed_dictionaries(
    {"batch": st.lists(EVENTS | ODD, max_size=5) | ODD},
    optional=dict.fromkeys(("sentAt", "context", "integrations", "type"), ODD),
)


def good(message_id: str) -> dict[str, Any]:
    """Return an event that nobody may lose."""
    return {"type": "track", "event": "Good", "userId": "u", "messageId": message_id}
