"""Kameleoon's cloud: its script for pages, its Data API, and the receiving side of the destination."""
