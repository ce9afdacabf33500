"""Segment's cloud destination "Kameleoon (Actions)": what becomes of an event on its way to Kameleoon.

`run` is the way in. The rules are those of Segment's open-source runtime (github.com/segmentio/action-destinations,
`packages/core`, `packages/destination-subscriptions` and `destinations/kameleoon`), as actions-core 3.170 applies them.
"""
