"""What the tracking API does with what is not as Segment's documents have it, and how that is known: one table.

`normalising`, `times` and `tracking` do it. ``python -m bridge.sandbox.segment.leniency > docs/collector.md``
"""

import sys
from typing import NamedTuple

UNCONFIRMED = "UNCONFIRMED"


class Rule(NamedTuple):
    """One row of the table."""

    arrives: str
    becomes: str
    source: str
    """Where in Segment's documents or sources; it begins with UNCONFIRMED when what Segment does is not known."""
    why: str = ""
    """Why this way, where the source does not say it."""


_HTTP_API = "HTTP API"
_DISCARDS = "Delivery Overview (Failed on Ingest)"

RULES = (
    Rule(
        "a body over 500 kB; a single event over 32 kB",
        "400, nothing is taken",
        f"{_HTTP_API}, Max request size and Errors",
        "A body counts before and after gzip is undone; an event as JSON without blanks.",
    ),
    Rule(
        "an event over 32 kB in a batch",
        "400; it is dropped, the others are taken",
        f"{UNCONFIRMED} that both hold together: 400 says {_HTTP_API}, Max request size; “Only messages without errors "
        f"were published” says {_DISCARDS}, `multi_user_error`",
        "A client that sends the batch again doubles nothing: a messageId counts once.",
    ),
    Rule(
        "more than 2500 events in a batch",
        "200; the first 2500 are taken, the others dropped",
        f"{_HTTP_API}, Errors: “returns a 200 response but rejects the event”; {UNCONFIRMED} which of them",
    ),
    Rule(
        "broken JSON: an empty body, NaN, bytes that are not UTF-8, a number beyond a double",
        "400",
        f"{_HTTP_API}, Errors",
        "The content type is not looked at, nor a charset in it: JSON is UTF-8 (RFC 8259), and analytics.js sends it "
        "as text/plain.",
    ),
    Rule(
        "JSON that is no object; an encoding other than gzip",
        "400",
        f"{UNCONFIRMED} that these are JSON errors, too",
        "No document has an array of events, and no other encoding.",
    ),
    Rule(
        "no write key, or an empty one: neither by Basic authorization (with or without the colon) nor as `writeKey`, "
        "beside a Bearer token or none",
        "400, nothing is taken; any other key will do",
        "analytics-go's issue “Segment Track API Returns 200 OK for Invalid Write Keys” (2026): an empty one got 400. "
        f"{_HTTP_API}, Authentication; its Errors promise 200 for everything but size and JSON",
        "Whom should the events belong to?",
    ),
    Rule(
        "an unknown call, `/v1/trak`",
        "404",
        UNCONFIRMED,
        "A mistyped address must show.",
    ),
    Rule(
        "`/v1/import`",
        "taken as `/v1/batch`",
        "analytics-go's issue “v1/batch vs. v1/import”: “we actually have 3 that do the same thing”, `b` among them",
    ),
    Rule(
        "a batch without `batch`, with an empty one, or one that is no list",
        "200, dropped",
        f"{_DISCARDS}, `empty_batch`; {UNCONFIRMED} for what is no list",
    ),
    Rule(
        "a bad event among good ones",
        "200; it is dropped, the others are taken",
        f"{_DISCARDS}, `multi_user_error`",
    ),
    Rule(
        "an event in a batch without a `type`, or with an unknown one",
        "dropped",
        f"{_HTTP_API}, Batch: “Each call must have an `type` property with a valid method name”",
    ),
    Rule(
        "an event in a batch with `action` in place of `type`",
        "taken as `type`",
        f"{UNCONFIRMED} today; simple_segment (Ruby) sent it to `/v1/import` until its version 1.5.0 of 2022",
        "It was the old name.",
    ),
    Rule(
        "a `type` that is not that of the call: `page` at `/v1/track`",
        "the call's type counts",
        f"{UNCONFIRMED}; Spec: Common Fields: “Type of message, corresponding to the API method”",
        "The address is what the sender chose last.",
    ),
    Rule(
        "an id or a name that is a number",
        "taken as text, as JavaScript writes it",
        f"{UNCONFIRMED}: analytics-node's pull request “Stringify userId and anonymousId” (2017) says “Our API "
        f"truncates bignum values”, so numbers are taken; {_DISCARDS}, `id_not_string` and `event_not_string`, drops "
        "them",
        "Old libraries and hand-written calls send them; the log tells it, so that it can be mended.",
    ),
    Rule(
        "an id or a name that is a boolean, a list or an object",
        "dropped",
        f"{_DISCARDS}, `id_not_string`, `event_not_string`, `name_not_string`, `category_not_string`",
        "As a text, `true` would make one person of many.",
    ),
    Rule(
        "`userId`, `anonymousId`, `name` or `category` that is null or empty",
        "as if it were not there",
        f"null: Segment's own libraries send it; empty: {UNCONFIRMED}, {_DISCARDS}, `id_not_string` and "
        "`name_not_string`, may mean that it is dropped",
        "There is an id that says who it is.",
    ),
    Rule("neither `userId` nor `anonymousId`", "dropped", f"{_HTTP_API}, Errors; {_DISCARDS}, `no_user_anon_id`"),
    Rule(
        "a track without `event`, or with an empty one",
        "dropped",
        f"{_HTTP_API}, Errors; {_DISCARDS}, `event_not_defined`",
    ),
    Rule(
        "a group without `groupId`, or with an empty one",
        "dropped",
        f"Spec: Group, “required”; {UNCONFIRMED} that it is dropped",
        "No destination knows what to do with it.",
    ),
    Rule(
        "a `messageId` of 100 characters or more",
        "dropped",
        f"{_HTTP_API}, Errors: “fewer than 100 characters”, among the reasons why events are not accepted",
    ),
    Rule(
        "a `messageId` that is empty, a boolean, a list or an object",
        "a new one is made",
        f"{UNCONFIRMED}; Handling Duplicate Data: the API “assigns each event a unique messageId”",
        "It says nothing of what happened.",
    ),
    Rule(
        "`[]` for `properties`, `traits`, `context` or `integrations`",
        "taken as `{}`",
        f"{UNCONFIRMED}: PHP writes it for what is empty. In 2014 Segment dropped it (analytics-php's issue “Track() "
        f"silently fails with empty array for properties”); whether {_DISCARDS}, `properties_not_object`, still means "
        "it is not said",
        "Nothing is in it that could be wrong.",
    ),
    Rule(
        "null for one of them",
        "as if it were not there",
        "Segment's own libraries send it (analytics-ruby `field_parser.rb`)",
    ),
    Rule(
        "anything else that is no object, for one of them",
        "dropped; of a batch's own, all of its events",
        f"{_DISCARDS}, `properties_not_object`, `traits_not_object`; Protocols, APIs and extensions: “context "
        "integrations must be an object”",
    ),
    Rule(
        "ISO 8601 in all forms: date only, no zone (UTC), `+0200`, more than six digits of a second; also `2015-2-02`",
        "taken",
        f"Spec: Common Fields, Timestamps; {_HTTP_API}, Batch has the last one as its example",
        "`timestamp` goes on with milliseconds and Z, whatever it came as.",
    ),
    Rule(
        "a time as a number, or as digits",
        "taken: seconds since 1970 below 100 000 000 000, milliseconds from there on",
        UNCONFIRMED,
        "`Date.now()` and `time()` are what people have at hand; neither of them means a year after 5138.",
    ),
    Rule("a time as RFC 2822 has it", "taken", UNCONFIRMED, "Mail and HTTP write it so."),
    Rule(
        "a time that cannot be read",
        "the event is taken, with the time of receipt; an unreadable `sentAt` corrects nothing",
        f"{UNCONFIRMED}; analytics-swift's pull request “update ISO 8601 utility to remove timezone colon” saw Segment "
        "fall back to another time",
        "What happened matters more than when.",
    ),
    Rule(
        "`timestamp` and `sentAt` so far apart that the corrected time is no date",
        "the event is taken, with the time of receipt",
        f"{UNCONFIRMED}; the formula of Spec: Common Fields has no result there",
        "A client's clock must not cost an event.",
    ),
)


_INTRODUCTION = """\
# What the sandbox's collector takes

Segment's tracking API answers 200 to everything but too large a body and broken JSON, and takes or drops each event for
itself. So does the sandbox. What it changes stands in the `notes` of the event's row of `/sandbox/log`; what it drops
is a row of the kind `dropped`: the place, what belongs there, what was there. The demo's log shows both, the page of
deliveries (`/sandbox/monitoring`) what was dropped.

A source is a page of Segment's documents, where nothing else is said. UNCONFIRMED is what nobody outside Segment knows.

This page is made by `python -m bridge.sandbox.segment.leniency`.

| what arrives | what is done | source | why |
| --- | --- | --- | --- |
"""


def page() -> str:
    """Return the table as a page of the documentation."""
    return _INTRODUCTION + "".join(f"| {' | '.join(rule)} |\n" for rule in RULES)


if __name__ == "__main__":
    sys.stdout.write(page())
