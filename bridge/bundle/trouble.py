"""What keeps a bundle from being built."""


class BuildError(Exception):
    """The bundle cannot be built; the text says why and what to do."""
