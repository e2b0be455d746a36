"""Changes of the map as content files word them."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Code = Annotated[str, Field(pattern=r"^(VN|[0-9]{2}|[0-9]{5}(\.[0-9]{3,4})?)$")]
Name = Annotated[str, Field(min_length=2, max_length=120)]
Decision = Annotated[str, Field(max_length=200)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NewUnit(Part):
    """A unit that begins with the change; its parent is that of what it came from unless it is named."""

    code: Code
    name: Name
    parent: Code | None = None
    latitude: float | None = None
    longitude: float | None = None
    area_km2: float | None = None


class Heir(NewUnit):
    """A piece of a split unit. With the code of that unit it is what remains of it."""

    children: list[Code] = []


class Renamed(Part):
    """Another name, another type, or both; the code stays."""

    kind: Literal["renamed"]
    code: Code
    name: Name
    decision: Decision = ""


class Moved(Part):
    """Another parent, with everything below."""

    kind: Literal["moved"]
    code: Code
    parent: Code
    decision: Decision = ""


class Merged(Part):
    """Units end and become part of one that is there, or that begins with the merger."""

    kind: Literal["merged"]
    codes: list[Code] = Field(min_length=1)
    into: Code | NewUnit
    decision: Decision = ""

    @property
    def heir_code(self) -> str:
        return self.into if isinstance(self.into, str) else self.into.code


class Split(Part):
    """A unit is divided. Children not named by an heir, and people not yet moved, go with the first."""

    kind: Literal["split"]
    code: Code
    into: list[Heir] = Field(min_length=2)
    decision: Decision = ""


Change = Annotated[Renamed | Moved | Merged | Split, Field(discriminator="kind")]


def codes_before(change: Change) -> list[str]:
    """Units that must exist before the change."""
    match change:
        case Moved():
            return [change.code, change.parent]
        case Merged():
            return [*change.codes, *([change.into] if isinstance(change.into, str) else [])]
        case _:
            return [change.code]


def codes_begun(change: Change) -> list[str]:
    """Units that begin with the change."""
    match change:
        case Merged() if isinstance(change.into, NewUnit):
            return [change.into.code]
        case Split():
            return [heir.code for heir in change.into if heir.code != change.code]
        case _:
            return []
