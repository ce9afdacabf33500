"""The names of a project's Segment personas, from Kameleoon's remote data: one source for the page and the console."""

from urllib.parse import urlencode

from pydantic import TypeAdapter, ValidationError

from bridge.http import HttpError, get_json
from bridge.models.audience import Common
from bridge.models.violations import violations
from bridge.shared.vocabulary import DATA_HOST, origin

_COMMON = TypeAdapter(Common)


def persona_names(site_code: str, data_host: str | None = None) -> list[dict[str, str]]:
    """Return the names as choices of a list, ``[{"value": …, "label": …}]``; ``data_host`` is Kameleoon's by default.

    They lie in the map ``common`` (Kameleoon help, "Integrate Kameleoon with Segment", step 5). Raises HttpError.
    """
    url = f"{origin(data_host or DATA_HOST)}/map/map"
    answer = get_json(f"{url}?{urlencode({'siteCode': site_code, 'key': 'common'})}")
    try:
        names = _COMMON.validate_python(answer).cohorts
    except ValidationError as error:
        wrong = "; ".join(str(one) for one in violations("common", answer, _COMMON, error))
        raise HttpError(f"{url} answered something else than personas' names: {wrong}") from error
    return [{"value": name, "label": name} for name in names]
