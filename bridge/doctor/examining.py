"""The whole examination of a page: a look, another without the tag, and one for each fix that can be tried."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from bridge.doctor.looking import CannotLookError, Options, look, without_tag
from bridge.doctor.redaction import redacted_url
from bridge.doctor.remedies import remedies
from bridge.doctor.sight import Sight, Trial
from bridge.shared.secrets import HIDDEN

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_MOST_TRIALS = 5


def examine(
    browser: "Browser",
    url: str,
    options: Options,
    bundle: str | None = None,
    progress: Callable[[str], None] = lambda _what: None,
) -> Sight:
    """Return all that was seen of a page: with the tag, without it, and with each fix that can be tried.

    Args:
        browser: Playwright's, as ``looking.opened`` gives it.
        url: The page's address.
        options: How to look.
        bundle: The address of a bridge.js, for pages that lack the tag.
        progress: Told what is being done, in words.

    Raises:
        CannotLookError: The page does not open.
    """
    progress(f"opening {redacted_url(url)}")
    sight = look(browser, url, options)
    tags = {one.src for one in sight.tags}
    if tags and sight.has_global:
        progress("opening it without the tag, to compare")
        with contextlib.suppress(CannotLookError):  # then there is nothing to compare with
            sight.without = without_tag(browser, url, options, tags)
    # A redirect would be past editing; what is not shown of an address is part of it all the same.
    where = url if HIDDEN in sight.final_url or sight.final_url == redacted_url(url) else sight.final_url
    trial = replace(options, send=False, screenshot=False)
    for remedy in list(remedies(sight, bundle))[:_MOST_TRIALS]:
        progress(f"trying a fix: {remedy.change}")
        try:
            seen = look(browser, where, trial, remedy.edit)
        except CannotLookError:  # the site lets nobody in but browsers: then it stays untried
            continue
        sight.trials.append(Trial(check=remedy.check, change=remedy.change, sight=seen))
    return sight
