"""Segment's cloud: its CDN, its tracking API, and the outbox from which events go to the destination."""
