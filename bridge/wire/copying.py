"""A message as a test that a customer may keep: for the test kit's fixture ``kameleoon_segment`` (docs/testing.md)."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bridge.wire.messages import Message
    from bridge.wire.timeline import Timeline


def as_test(_message: "Message", _timeline: "Timeline") -> str:
    """Return the text of a pytest test, "" where a test can see nothing of the message."""
    return ""
