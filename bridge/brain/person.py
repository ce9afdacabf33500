"""Who is at the browser, as far as audience data is concerned, and when that is somebody else."""


class Person:
    """Somebody: ``identity`` is whose remote data is read; the ids are Segment's, "" for what is not known."""

    def __init__(self, identity: str, user_id: str = "", anonymous_id: str = "") -> None:
        self.identity = identity
        self.user_id = user_id
        self.anonymous_id = anonymous_id

    def as_kept(self) -> "list[str]":
        """Return the person as the keeper keeps it."""
        return [self.identity, self.user_id, self.anonymous_id]

    def is_same_as(self, now: "Person") -> bool:
        """Return whether ``now`` is the same person: one remote identity, and nobody logged out in between."""
        anonymous = not self.anonymous_id or self.anonymous_id == now.anonymous_id
        return self.identity == now.identity and anonymous and (not self.user_id or self.user_id == now.user_id)
