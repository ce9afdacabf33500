"""Both clouds on one laptop: what Segment and Kameleoon are in production, as one local process.

A room for each: `segment`, `kameleoon`, `identity`, `pages`, and `storage`, which holds all that is kept. `app` lists
the routes.
"""
