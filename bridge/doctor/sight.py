"""What was seen of a page: all the evidence, as plain JSON, redacted. It says nothing of what is right or wrong.

Times are milliseconds since the page's navigation began, sizes are bytes as transferred.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, ValidationError

from bridge.clouds import Cloud


class _Seen(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Request(_Seen):
    """One request of the page."""

    at_ms: float
    method: str
    url: str
    kind: str = Field(description="what asked, as Playwright names it: document, script, fetch, …")
    status: int | None = Field(None, description="of the answer; none where there was none")
    failure: str | None = None
    headers: dict[str, str] = Field({}, description="of the answer, those that are judged")
    bytes: int = 0
    cloud: Cloud | None = Field(None, description="whose data collection it is for")
    answered: bool = Field(default=False, description="by the doctor: it did not leave the browser")
    body: JsonValue = Field(None, description="what it sends to a cloud")


class Said(_Seen):
    """One line of the console, or an error that nobody caught."""

    at_ms: float
    level: str
    text: str
    where: str = ""


class Violation(_Seen):
    """What a Content-Security-Policy refused."""

    at_ms: float
    directive: str
    blocked: str
    where: str = ""
    reported_only: bool = False


class Policy(_Seen):
    """A Content-Security-Policy of the page."""

    where: Literal["header", "meta"]
    value: str
    reported_only: bool = False


class Script(_Seen):
    """A script element, in the order of the document."""

    src: str = Field("", description="empty for an inline one")
    attributes: dict[str, str] = Field({}, description="data-…, async, defer, type, integrity, crossorigin")
    excerpt: str = Field("", description="of an inline one that is of interest, its beginning")
    marks: list[str] = Field([], description="names of ours or of the vendors' in its text")


class _Told(BaseModel):
    """What the checks rely on in a status; the rest of it is shown as it is."""

    class Hint(BaseModel):
        """A hint, whole."""

        code: str
        what: str
        fix: str

    class Named(BaseModel):
        """A custom data of the settings."""

        name: str

    class Settings(BaseModel):
        """The settings in force."""

        class Exposures(BaseModel):
            """Which campaigns are reported."""

            only: list[JsonValue] | None = None
            left_out: list[JsonValue] | None = Field(None, alias="except")

        exposures: Exposures | None = None
        custom_data: "list[_Told.Named] | None" = None

    errors: list[dict[str, JsonValue]] = []
    hints: list[Hint] = []
    consent: dict[str, JsonValue] | None = None
    segment: dict[str, JsonValue] | None = None
    kameleoon: dict[str, JsonValue] | None = None
    identifier: dict[str, JsonValue] | None = None
    customData: dict[str, JsonValue] | None = None  # noqa: N815 - the status's name
    settings: Settings | None = None


def _of_the_bridge(status: dict[str, JsonValue]) -> dict[str, JsonValue]:
    try:
        _Told.model_validate(status)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        raise ValueError(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}") from None
    return status


class StatusAt(_Seen):
    """What ``kameleoonSegment.status()`` said from then on."""

    at_ms: float
    status: Annotated[dict[str, JsonValue], AfterValidator(_of_the_bridge)]


class StorageAt(_Seen):
    """Which keys and cookies of the bridge and of both vendors there were from then on."""

    at_ms: float
    local: list[str] = []
    session: list[str] = []
    cookies: list[str] = []


class Campaign(_Seen):
    """A campaign whose variation this visitor came to see, as Kameleoon's own records have it."""

    type: Literal["experiment", "personalization"]
    id: int
    name: str = ""
    variation: int | None = None


class Kameleoon(_Seen):
    """What the page's ``Kameleoon.API`` says at the end of the look."""

    present: bool = False
    sitecode: str | None = None
    visitor_code: str | None = None
    campaigns: list[Campaign] = []
    custom_data: dict[str, JsonValue] = {}


class Segment(_Seen):
    """What the page's ``analytics`` says at the end of the look."""

    present: bool = False
    ready: bool = False
    version: str | None = None
    anonymous_id: str | None = None
    user_id: str | None = None


class Secret(_Seen):
    """A place where something is named or looks like a secret; never the secret itself."""

    where: str
    ours: bool = Field(description="of the bridge's own, or of Kameleoon's or Segment's code in the page")


class Metrics(_Seen):
    """What one load of the page cost."""

    bytes: int = 0
    requests: int = 0
    load_ms: float | None = None
    blocking_ms: float = Field(0, description="of each task longer than 50 ms what is above")
    lcp_ms: float | None = Field(None, description="largest contentful paint")


class Message(_Seen):
    """One message of the wire, as ``bridge.wire`` describes it."""

    n: int = Field(description="its number, in order of arrival")
    at_ms: float = Field(ge=0, description="since its page view began")
    view: int = Field(1, ge=1, description="the page view's number")
    lane: Literal["kameleoon", "bridge", "segment", "destination", "data-api"]
    title: str
    about: str = ""
    state: Literal["", "held", "refused", "failed", "again"] = ""
    ids: list[str] = Field([], description="texts that name it")
    causes: list[str] = Field([], description="ids of what it comes from")
    data: JsonValue = None
    raw: JsonValue = None


class Trial(_Seen):
    """A change that was tried inside the intercepted page, and what was seen then."""

    check: str = Field(description="the check that it is to heal")
    change: str = Field(description="what was changed, in words")
    sight: "Sight"


class Sight(_Seen):
    """All that was seen of one page."""

    schema_: Literal[1] = Field(1, alias="schema")
    url: str
    final_url: str
    looked_at: str = Field("", description="ISO 8601")
    versions: dict[str, str] = {}
    wait_s: float = 0
    sent: bool = Field(default=False, description="whether requests to the clouds were let through")
    status: int | None = Field(None, description="of the document")
    policies: list[Policy] = []
    requests: list[Request] = []
    console: list[Said] = []
    violations: list[Violation] = []
    scripts: list[Script] = []
    has_global: bool = Field(default=False, description="whether window.kameleoonSegment was there")
    statuses: list[StatusAt] = []
    storage: list[StorageAt] = []
    kameleoon: Kameleoon = Kameleoon()
    segment: Segment = Segment()
    settings: dict[str, JsonValue] = Field({}, description="what the tag's data-config answered")
    banner: str | None = Field(None, description="the consent manager in the page, if one is known")
    secrets: list[Secret] = []
    metrics: Metrics = Metrics()
    without: Metrics | None = Field(None, description="of a load without the tag")
    screenshot: str | None = Field(None, description="a JPEG in base64")
    trials: list[Trial] = []
    messages: list[Message] = Field([], description="of the whole session; none: they follow from the rest")

    @property
    def last(self) -> dict[str, Any]:
        """Return the last status, empty where there was none."""
        return self.statuses[-1].status if self.statuses else {}

    @property
    def in_force(self) -> dict[str, Any]:
        """Return the settings in force: what the status says, else what the tag's data-config answered."""
        told = self.last.get("settings")
        return told if isinstance(told, dict) else self.settings

    @property
    def last_at(self) -> float:
        """Return when the last status was first seen."""
        return self.statuses[-1].at_ms if self.statuses else 0

    def hint(self, code: str) -> dict[str, str] | None:
        """Return the hint of that code in the last status."""
        return next((one for one in self.last.get("hints", []) if one["code"] == code), None)

    @property
    def tags(self) -> list[Script]:
        """Return the bridge's own script elements."""
        return [one for one in self.scripts if is_tag(one)]

    def events(self) -> list[tuple[float, dict[str, Any]]]:
        """Return the Segment events that the page sent, and when; those of batches one by one."""
        found: list[tuple[float, dict[str, Any]]] = []
        for one in self.requests:
            if one.cloud == "segment" and isinstance(one.body, dict):
                batch = one.body.get("batch")
                several = batch if isinstance(batch, list) else [one.body]
                found += [(one.at_ms, event) for event in several if isinstance(event, dict) and "type" in event]
        return found


def is_tag(script: Script) -> bool:
    """Return whether a script element is the bridge's tag: by its file's name, or by its attribute."""
    name = script.src.partition("?")[0].rpartition("/")[2]
    return bool(script.src) and (name == "bridge.js" or "data-sitecode" in script.attributes)
