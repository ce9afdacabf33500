"""The `@liquid` directive: a Liquid template over the event, as Segment's runtime renders it.

Segment renders with liquidjs, and this package follows the rules of liquidjs 10.27.2. Segment's core does not declare
which version it runs on; 10.27.2 is the one that the lock file of segmentio/action-destinations has (commit 970a17ee,
2026-08-21). Where it differs from its neighbours: `round` (10.28 shifts decimals, up to 10.27.1 `1.005 | round: 2` is
1), `modulo` (up to 10.27.1 it has the dividend's sign), `truncate`, `slice` and `strip` (10.28 and later count code
points, here it is UTF-16 code units), `url_decode` (later a `%2B` stays a plus), `base64_decode` (later wrong input is
an error), `squish` and grouped expressions (later). `tests/destination/oracle.mjs` asks the real packages.

Facts: Segment action-destinations core/mapping-kit/liquid-directive.ts (limits, disabled tags and filters) and the
rules of liquidjs, which differ from Ruby's Liquid: numbers are doubles, only null, undefined and false are false, texts
are compared and counted by UTF-16 code units. The process's time zone is UTC and its locale en-US, as in Segment's
cloud. Not followed: methods that the constants `nil`, `empty` and `blank` have in JavaScript (`empty.valueOf`).
"""

from bridge.destination.liquid.render import render_liquid

__all__ = ["render_liquid"]
