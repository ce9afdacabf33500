"""What makes the clouds forget somebody: a story begins again with a stranger, and others in the room keep theirs."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from bridge.sandbox.refusals import validated
from bridge.sandbox.requests import answer, parse_json, read_body
from bridge.sandbox.segment.outbox import Outbox
from bridge.sandbox.storage import Storage, Tables
from bridge.shared.vocabulary import cohorts_key, identify_key

_MAX_BODY = 16 * 1024


class _Somebody(BaseModel):
    """Who is meant."""

    model_config = ConfigDict(extra="forbid", strict=True)

    ids: list[Annotated[str, Field(min_length=1, max_length=512)]] = Field(min_length=1, max_length=20)


_SOMEBODY: TypeAdapter[_Somebody] = TypeAdapter(_Somebody)


class People:
    """Endpoint that forgets."""

    def __init__(self, storage: Storage, outbox: Outbox) -> None:
        self._storage = storage
        self._outbox = outbox

    async def forget(self, request: Request) -> Response:
        """POST /sandbox/forget {"ids": […]}: forget whom these visitor codes, anonymous ids and user ids name.

        A person goes as a whole, as `bridge.sandbox.identity.people` has it, whichever of the ids is given: devices,
        user, remote data, what is on its way to Kameleoon, and each row of the log that names them. What is counted
        (conversions, deliveries) and which personas there are stays. Answers `ids`, all that the person had, and how
        many `rows` went; an id that nobody has is no mistake.

        Raises:
            Refusal: 400, the body is something else; 413, it is too large.
        """
        body = parse_json((await read_body(request, _MAX_BODY)).decode("utf-8", "replace"))
        somebody = validated(_SOMEBODY, body)

        def job(tables: Tables) -> dict[str, object]:
            ids = tables.people.forget(somebody.ids)
            keys = [key(one) for one in ids for key in (cohorts_key, identify_key)]
            tables.maps.forget(keys)
            rows = tables.log.forget([*ids, *keys])
            tables.outbox.forget(rows)
            return {"success": True, "ids": sorted(ids), "rows": len(rows)}

        async with self._outbox.at_rest():  # or what is under way would be logged afterwards
            return answer(await self._storage.run(job))
