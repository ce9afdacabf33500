"""The error that ends a subscription, with what Segment's runtime reports of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FieldProblem:
    """One field that did not pass the schema: a JSON path and the message for it."""

    message: str
    path: str


class DestinationError(Exception):
    """An error of Segment's runtime; `name` is the class it has there, and `str()` its message.

    `status` is the HTTP status that it stands for (400 for a bad payload), `code` the client's word for a failed
    connection, `fields` the schema's findings, and `retried` tells whether Segment sends the event again.
    """

    def __init__(  # noqa: PLR0913 - one per member of the runtime's error
        self,
        name: str,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        fields: tuple[FieldProblem, ...] | None = None,
        retried: bool = False,
    ) -> None:
        super().__init__(message)
        self.name = name
        self.status = status
        self.code = code
        self.fields = fields
        self.retried = retried

    def as_json(self) -> dict[str, object]:
        """Return the error as plain JSON; `fields` only where a schema was checked."""
        error: dict[str, object] = {
            "name": self.name,
            "message": str(self),
            "status": self.status,
            "code": self.code,
        }
        if self.fields is not None:
            error["fields"] = [{"message": field.message, "path": field.path} for field in self.fields]
        return error


def too_deep() -> DestinationError:
    """Return the error with which JavaScript ends what is nested too deeply."""
    return DestinationError("RangeError", "Maximum call stack size exceeded")
