"""The `@liquid` directive: a Liquid template over the event, as Segment's runtime renders it.

Segment renders with liquidjs, and this package follows the rules of liquidjs 10.27.2. Segment's core does not declare
the version that it runs on; 10.27.2 is what the lock file of segmentio/action-destinations has (commit 970a17ee,
2026-08-21). Its neighbours differ in little: before 10.27.1 `1.005 | round: 2` is 1, before 10.27.2 `-7 | modulo: 3` is
-1; from 10.28 on `%s` of a date rounds down, and from 10.30 on `slice`, `truncate` and `strip` count an emoji once,
`url_decode` keeps `%2B`, `base64_decode` refuses what is no base64, `cycle` takes filters, and `%C`, `%y`, `%Y`, `%U`
and `%W` are padded and counted otherwise. `tests/destination/oracle.mjs` asks the real packages.

Facts: Segment action-destinations core/mapping-kit/liquid-directive.ts (limits, disabled tags and filters) and
liquidjs, which is not Ruby's Liquid: numbers are doubles, only null, undefined and false are false, texts are compared
and counted by UTF-16 code units. The process is taken to be in UTC and en-US. Not followed to the letter: methods that
`nil`, `empty` and `blank` have in JavaScript (`empty.valueOf`), the last digit of `round` to a fraction of a digit,
and characters that are newer than Python's Unicode.
"""

from bridge.destination.liquid.render import render_liquid

__all__ = ["render_liquid"]
