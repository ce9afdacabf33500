"""Both clouds on one laptop: what Segment and Kameleoon are in production, as one local process.

`app` lists the routes; each other module is what stands behind some of them, and `store` holds all that is kept.
"""
