"""The one error that commands raise for wrong usage or input."""


class UsageError(Exception):
    """Wrong usage or input; its text says what was wrong and what to do, one line for each mistake."""
