"""The wire: every message between Kameleoon, the bridge and Segment in one shape, whoever saw it.

Page code: the demo, the log's page and the overlay show these messages (web/wire), the doctor's report draws them. A
message is a dict:

- ``n``: its number in order of arrival; ``at_ms``: since its page view began; ``view``: the page view's number, from 1;
- ``lane``: whose it is, one of ``LANES``; ``title``, ``about``: what it is, and of what, in a few words;
- ``state``: "" where all is well, else one of ``STATES``;
- ``ids``: texts that name it; ``causes``: ids of what it comes from: its cause is the latest earlier message which has
  one of them;
- ``data``: what matters of it, as JSON without internals; ``raw``: all of it.
"""
