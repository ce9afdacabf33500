"""What crosses the seam between the ear and the brain, as JSON: tellings one way, requests the other, and answers."""

from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Discriminator, Field, JsonValue, Strict, Tag, TypeAdapter
from pydantic.alias_generators import to_camel

from bridge.models import segment
from bridge.models.audience import CustomDataValue, Maps
from bridge.models.base import Model, adapter
from bridge.models.campaign import Campaign, CampaignId, Exposure, Report, Seen, SeenVariationId
from bridge.models.sitecode import SiteCode
from bridge.shared.vocabulary import IDENTIFIER_EVENT, MAX_ERRORS, MAX_VISITOR_CODE_LENGTH, OURS, VISITOR_CODE

Milliseconds = Annotated[float, Field(ge=0, allow_inf_nan=False, description="milliseconds since 1970, a number")]
VisitorCode = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_VISITOR_CODE_LENGTH,
        title="Visitor code",
        description="Kameleoon's visitor code, a text",
    ),
]
Consent = Annotated[bool | None, Field(title="Consent", description="true, false, or null for not known yet")]
Name = Annotated[str, Field(min_length=1, title="Name", description="a name, a text")]
Flag = Annotated[bool, Field(description="true or false")]
Duration = Annotated[int, Field(ge=0, title="Milliseconds", description="how long, a whole number")]
Count = Annotated[int, Field(ge=0)]
Number = Annotated[int, Field(ge=1, title="Number", description="the request's number, a whole number")]
ToldNumber = Annotated[int, Field(ge=1, title="Number", description="the message's number in its page, a whole number")]
MessageId = Annotated[
    str,
    Field(
        pattern=f"^{OURS}[0-9a-f]{{32}}$",
        title="Message id",
        description=f"the same for the same event: {OURS} and 32 digits",
    ),
]


class _Strict(Model):
    """JSON has types: nothing is converted, and an unknown field is a mistake."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, alias_generator=to_camel)


class _Telling(_Strict):
    at: Milliseconds
    up: float = Field(allow_inf_nan=False, description="milliseconds since the page began, on a clock that nobody sets")


class _Journaled(_Telling):
    """What is told again where it got lost: it may bring an exposure."""

    number: ToldNumber | None = None


# ---- what the ear tells


class Attributes(_Strict):
    """The tag's attributes."""

    sitecode: str | None = None
    engine: str | None = None


class SettingsTold(_Telling):
    """What the page says of settings: the tag's attributes, and the text of its configuration."""

    kind: Literal["settings"]
    attributes: Attributes
    engine: str = Field(title="Engine", description="the engine that runs")
    engines: list[str] = Field(title="Engines", description="the engines that the bundle has")
    config: str | None = Field(None, title="Configuration", description="what data-config answered")
    problem: str | None = Field(None, title="Problem", description="why data-config has no answer")


class Visitor(_Strict):
    """Kameleoon's visitor."""

    model_config = ConfigDict(extra="ignore")

    code: VisitorCode | None = None
    experiment_legal_consent: Consent = None
    personalization_legal_consent: Consent = None


Step = Literal["identifier", "order", "exposures", "audience"]


class World(_Telling):
    """What changed: Kameleoon's visitor, and whether analytics.js is ready."""

    kind: Literal["world"]
    visitor: Visitor | None = None
    ready: Flag


class Begin(_Telling):
    """A step begins, which from now on may follow from any message."""

    kind: Literal["begin"]
    step: Step


class EventTold(_Telling):
    """An event of the page's own in analytics.js's pipeline."""

    kind: Literal["event"]
    event: segment.Event


class _Moment(_Strict):
    time: Milliseconds | None = None


class _Run(_Journaled):
    kind: Literal["kameleoon"]


class RunTold(_Run):
    """Kameleoon's script was loaded or has started."""

    name: Literal["Loaded", "Started"]
    detail: _Moment | None = None


class _Experiment(_Moment):
    experiment: Campaign


class _Personalization(_Moment):
    personalization: Campaign


class ExperimentActivated(_Run):
    """A visitor sees a variation of an experiment."""

    name: Literal["ExperimentActivated"]
    detail: _Experiment


class PersonalizationActivated(_Run):
    """A visitor sees a personalization."""

    name: Literal["PersonalizationActivated"]
    detail: _Personalization


class _ConsentUpdate(_Moment):
    legal_consent_update: dict[Literal["AB_TESTING", "PERSONALIZATION"], Consent] = Field(
        title="Legal consent", description="the consents to AB_TESTING and PERSONALIZATION"
    )


class LegalConsentUpdated(_Run):
    """The visitor gave or refused consent."""

    name: Literal["LegalConsentUpdated"]
    detail: _ConsentUpdate


Kameleoon = Annotated[
    RunTold | ExperimentActivated | PersonalizationActivated | LegalConsentUpdated, Field(discriminator="name")
]


class _Named(Seen):
    name: str | None = None


class Activated(Seen):
    """A record of Kameleoon's: when a campaign was activated in this visit, with the variation of the first time."""

    experiment_id: CampaignId | None = Field(None, alias="experimentID")
    experiment: _Named | None = None
    personalization_id: CampaignId | None = Field(None, alias="personalizationID")
    personalization: _Named | None = None
    associated_variation_id: SeenVariationId = Field(None, alias="associatedVariationID")
    associated_variation: _Named | None = None
    times: list[Milliseconds]


class Visit(Seen):
    """The records of the visit: ``Kameleoon.API.CurrentVisit``."""

    activated_experiments: list[Activated] | None = None
    activated_personalizations: list[Activated] | None = None


class Found(_Telling):
    """What Kameleoon's getters say was activated."""

    kind: Literal["found"]
    active: list[Campaign] | None = None
    visit: Visit | None = None


class ExposureTold(_Journaled):
    """``kameleoonSegment.exposure(…)``: a custom integration reports an activation."""

    kind: Literal["exposure"]
    report: Report = Field(
        title="Report",
        description="an object with experimentID, experimentName, personalizationID, personalizationName, variationID "
        "and variationName",
    )


class ConsentTold(_Journaled):
    """``kameleoonSegment.consent(…)``."""

    kind: Literal["consent"]
    given: Flag


class KeptTold(_Telling):
    """What an earlier page heard and had not sent when it was left; ``code`` is its visitor's, "" for not known."""

    kind: Literal["kept"]
    code: VisitorCode | Literal[""] = ""
    messages: list[Annotated[Kameleoon | ExposureTold | ConsentTold, Field(discriminator="kind")]]


class TakenTold(_Telling):
    """Events of ours that analytics.js took."""

    kind: Literal["taken"]
    ids: list[MessageId]


class Leaving(_Telling):
    """The page is being left."""

    kind: Literal["leaving"]


class Reset(_Telling):
    """``analytics.reset()``."""

    kind: Literal["reset"]


class Due(_Telling):
    """A lock that is ours now, or a timer that is due."""

    kind: Literal["locked", "timer"]
    number: Number


class Remote(_Telling):
    """An answer of remote data."""

    kind: Literal["remote"]
    number: Number
    data: Maps | None = None
    problem: str | None = Field(None, title="Problem", description="why there is no answer")


class Facts(_Strict):
    """What the tag knows of itself: its part of the status."""

    engine: str = Field(title="Engine", description="the engine that runs")
    state: Literal["starting", "on", "off", "failed"]
    versions: dict[str, str] = Field(title="Versions", description="a table of texts")
    timings: dict[str, float] = Field(title="Timings", description="a table of milliseconds since the tag began")
    errors: list[dict[str, JsonValue]] = Field(title="Errors", description="a list of what went wrong")


class StatusAsked(_Telling):
    """``kameleoonSegment.status()``."""

    kind: Literal["status"]
    facts: Facts


_TELLINGS: dict[str, Any] = {
    "settings": SettingsTold, "world": World, "begin": Begin, "event": EventTold, "kameleoon": Kameleoon,
    "found": Found, "exposure": ExposureTold, "consent": ConsentTold, "kept": KeptTold, "taken": TakenTold,
    "leaving": Leaving, "reset": Reset, "locked": Due, "timer": Due, "remote": Remote, "status": StatusAsked,
}  # fmt: skip


# ---- what the brain asks of the page


class Options(_Strict):
    """How an event of the bridge is stamped."""

    message_id: MessageId
    timestamp: segment.Time | None = Field(None, title="Timestamp", description="when it happened, ISO 8601")


class Link(_Strict):
    """Properties of the one-time identifier track."""

    visitor_code: VisitorCode = Field(alias="k_visitorCode")
    enriched: VisitorCode | None = Field(None, alias=VISITOR_CODE)


def _track(args: Any) -> str:  # noqa: ANN401 - anything may come
    return "identifier" if isinstance(args, list) and args[:1] == [IDENTIFIER_EVENT] else "exposure"


class _Request(_Strict):
    pass


class Track(_Request):
    """``analytics.track``: the events that the bridge sends."""

    name: Literal["reach"]
    path: Literal["analytics.track"]
    shape: Literal[0]
    args: Annotated[
        Annotated[tuple[Literal["Kameleoon identifier"], Link, Options], Strict(strict=False), Tag("identifier")]
        | Annotated[tuple[Name, Exposure, Options], Strict(strict=False), Tag("exposure")],
        Discriminator(_track),
    ]


class SetCustomData(_Request):
    """``Kameleoon.API.Data.setCustomData``."""

    name: Literal["reach"]
    path: Literal["Kameleoon.API.Data.setCustomData"]
    shape: Literal[0]
    args: Annotated[tuple[Name, CustomDataValue, Literal[True]], Strict(strict=False)]  # a list in Python


class Reach(_Request):
    """Anything else below ``window``: called with its arguments, or read where there are none."""

    name: Literal["reach"]
    path: str = Field(
        pattern=r"^[A-Za-z_$][\w$]*(\(\))?(\.[A-Za-z_$][\w$]*(\(\))?)*$", title="Path", description="a.b().c"
    )
    shape: JsonValue = Field(title="Shape", description="0 for nothing, 1 for all, or names with shapes")
    args: list[JsonValue] | None = None


class Kept(_Request):
    """What is kept under a key in localStorage."""

    name: Literal["kept"]
    key: Name


class Keep(_Request):
    """A text to keep under a key."""

    name: Literal["keep"]
    key: Name
    text: str


class Forget(_Request):
    """A key to remove."""

    name: Literal["forget"]
    key: Name


class After(_Request):
    """A timer."""

    name: Literal["after"]
    number: Number
    milliseconds: Duration


class Lock(_Request):
    """A lock that all tabs of the site share."""

    name: Literal["lock"]
    number: Number
    lock: Name


class Unlock(_Request):
    """A lock, given back."""

    name: Literal["unlock"]
    number: Number
    milliseconds: Duration


class Answer(_Strict):
    """What a Kameleoon "custom JavaScript code" acquisition returns."""

    value: CustomDataValue
    overwrite: Literal[True]


class Order(_Request):
    """The visitor code that each of the page's own events carries, empty for none."""

    name: Literal["order"]
    code: Annotated[str, Field(max_length=MAX_VISITOR_CODE_LENGTH)]


class Publish(_Request):
    """Custom data, left where the page reads it."""

    name: Literal["publish"]
    answers: dict[str, Answer]
    snippets: dict[str, JsonValue]
    personas: list[str]


MapKey = Annotated[str, Field(pattern="^(COHORTS_.+|IDENTIFY_.+|common)$", description="a map's key")]


class Retrieve(_Request):
    """A question for remote data: for several maps, or for one."""

    name: Literal["retrieve"]
    number: Number
    keys: Annotated[
        Annotated[list[MapKey], Tag("several")] | Annotated[MapKey, Tag("one")],
        Discriminator(lambda keys: "several" if isinstance(keys, list) else "one"),
    ]
    shape: Literal[1] | dict[str, JsonValue]
    address: str = Field(
        pattern="^(https?://.+)?$", title="Address", description="an URL, or nothing: by Kameleoon's script"
    )


def _tag(request: Any) -> Any:  # noqa: ANN401 - anything may come
    if not isinstance(request, dict):
        return None
    name, path = request.get("name"), request.get("path")
    return path if name == "reach" and path in ("analytics.track", "Kameleoon.API.Data.setCustomData") else name


_REQUESTS: dict[Any, type[_Request]] = {
    "analytics.track": Track, "Kameleoon.API.Data.setCustomData": SetCustomData,
    "reach": Reach, "kept": Kept, "keep": Keep, "forget": Forget, "after": After, "lock": Lock, "unlock": Unlock,
    "order": Order, "publish": Publish, "retrieve": Retrieve,
}  # fmt: skip


def named(request: Any) -> Any:  # noqa: ANN401 - anything may come
    """Give the places of a request their names, as its model has them: on the seam it is an array."""
    if not isinstance(request, list) or not request or not isinstance(request[0], str):
        return request
    fields = list(_REQUESTS.get(request[0], _Request).model_fields)
    return dict(zip(fields, request, strict=False))


# ---- answers: the page's, by the path that was reached, and the brain's, by the kind of what it was told


class Start(_Strict):
    """The brain is up: its state, and what the tag is to tell, in shapes."""

    state: Literal["on", "off"]
    event: dict[str, JsonValue] | None = None
    found: dict[str, list[JsonValue]] | None = None
    steps: list[Step] | None = None
    debug: bool | None = None


class EventAnswer(_Strict):
    """Whether an event of the page's waits."""

    hold: bool


class Unsent(_Strict):
    """What is to be kept for the next page: the numbers of what may be sent and was not."""

    unsent: list[ToldNumber]


class Identified(_Strict):
    """How the linking of the visitor went."""

    linked: bool
    sent: Count


class Counts(_Strict):
    """How many exposures were sent, wait, and were dropped."""

    sent: Count
    held: Count
    dropped: Count


class Consents(_Strict):
    """What the visitor allows."""

    experiment: Consent
    personalization: Consent


class Segment(_Strict):
    """Whether analytics.js is in the page, and has started."""

    present: bool | None
    ready: bool | None
    version: str | None


class KameleoonSeen(_Strict):
    """Whether Kameleoon's script is in the page, has started, and whose it is; null where it does not say."""

    present: bool | None
    started: bool | None
    sitecode: str | None


class Hint(_Strict):
    """What is not as it should be, in words: ``code`` stays the same from version to version."""

    code: str = Field(pattern="^[a-z]+(-[a-z]+)+$")
    what: str
    fix: str


class Status(Facts):
    """``kameleoonSegment.status()``: the tag's facts, and what the brain knows; null where there is no brain."""

    errors: list[dict[str, JsonValue]] = Field(max_length=MAX_ERRORS)
    sitecode: SiteCode | None
    settings: dict[str, JsonValue] | None = Field(title="Settings", description="those in force, a table")
    consent: Consents
    segment: Segment
    kameleoon: KameleoonSeen
    identifier: Identified | None
    exposures: Counts | None
    custom_data: dict[str, CustomDataValue]
    held: Count
    dropped: Count
    hints: list[Hint]


_CAMPAIGNS: TypeAdapter[Any] = adapter(list[Campaign] | None)
_TEXT: TypeAdapter[Any] = adapter(str | None, strict=True)

#: By kind and by tag: what is never told is never built.
_TELLING = {kind: adapter(model) for kind, model in _TELLINGS.items()}
_REQUEST = {tag: adapter(model) for tag, model in _REQUESTS.items()}
#: Everything that the ear may tell, and that the brain may ask for.
TELLING = adapter(Annotated[reduce(or_, _TELLINGS.values()), Field(discriminator="kind")])
REQUEST = adapter(
    Annotated[reduce(or_, [Annotated[model, Tag(tag)] for tag, model in _REQUESTS.items()]), Discriminator(_tag)]
)


def telling_adapter(telling: dict[str, Any]) -> TypeAdapter[Any]:
    """Return what checks this telling: the model of its kind, all models where it is of no kind."""
    return _TELLING.get(str(telling.get("kind")), TELLING)


def request_adapter(request: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - anything may come
    """Return what checks this request, ``named``: its own model, all models where there is none."""
    return _REQUEST.get(str(_tag(request)), REQUEST)


#: What the page answers to a request for such a path, or of such a name.
PAGE_ANSWERS: dict[str, TypeAdapter[Any]] = {
    "Kameleoon.API.Experiments.getActivatedInVisit": _CAMPAIGNS,
    "Kameleoon.API.Personalizations.getActivatedInVisit": _CAMPAIGNS,
    "analytics.user().id": _TEXT,
    "analytics.user().anonymousId": _TEXT,
    "kept": _TEXT,
    "document.cookie": _TEXT,
}
#: What the brain answers to a telling of such a kind.
BRAIN_ANSWERS: dict[str, TypeAdapter[Any]] = {
    "settings": adapter(Start),
    "event": adapter(EventAnswer | None),
    "leaving": adapter(Unsent | None),
    "status": TypeAdapter(Status),
}
