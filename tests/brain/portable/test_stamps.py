"""Times and message ids."""

from bridge.brain.stamps import is_time, iso, message_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def test_times_as_segment_writes_them() -> None:
    for milliseconds, text in (
        (0, "1970-01-01T00:00:00.000Z"),
        (1_795_311_129_481, "2026-11-22T01:32:09.481Z"),
        (1_709_164_800_999.7, "2024-02-29T00:00:00.999Z"),
        (4_102_444_799_999, "2099-12-31T23:59:59.999Z"),
    ):
        assert iso(milliseconds) == text


def test_times_that_a_time_stamp_can_say() -> None:
    right: list[Any] = [0, 1_795_311_129_481, 1.5, 253_402_300_799_999]
    wrong: list[Any] = [-1, 253_402_300_800_000, 1e300, True, False, None, "0", [0]]
    assert [one for one in right + wrong if is_time(one)] == right


def test_message_ids_tell_apart_and_stay_short() -> None:
    ids = [message_id("a", "b"), message_id("ab", ""), message_id("a", "b", 1), message_id("x" * 300), message_id("é")]
    assert len(set(ids)) == 5
    assert message_id("a", "b") == ids[0]
    assert max(len(one) for one in ids) < 100
