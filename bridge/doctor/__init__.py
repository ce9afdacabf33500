"""Looks at a live page in a real browser, and says what is wrong with the bridge there, and how to mend it.

Evidence is gathered first (``looking`` makes a ``sight.Sight``) and judged after, by pure functions (``checks``): what
was seen can be saved, and judged again without the site. Needs the extra ``doctor``: ``looking`` imports Playwright.
"""
