"""What an author may write as an item, by kind."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, field_validator, model_validator

from hocvuso.assessment.engine.marking import plain
from hocvuso.base.content import Shape
from hocvuso.base.folding import fold
from hocvuso.base.screen import marks_of, render_screen

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
Words = Annotated[str, Field(min_length=1, max_length=90)]
Why = Annotated[str, Field(min_length=8, max_length=200)]


class OptionShape(Shape):
    text: Words
    right: bool = False
    why: Why


Option = TypeVar("Option", bound=OptionShape)


class SpotShape(OptionShape):
    mark: int = Field(ge=1, le=9)


class PairShape(Shape):
    left: str = Field(min_length=1, max_length=70)
    right: str = Field(min_length=1, max_length=70)


class ItemBase(Shape):
    slug: str = Field(pattern=SLUG, max_length=80)
    step: int = Field(ge=1, le=3)
    difficulty: float = Field(ge=-3, le=3)
    stem: str = Field(min_length=12, max_length=240)

    def body(self) -> dict[str, Any]:
        """What the item's row keeps beside its columns."""
        return self.model_dump(exclude={"slug", "kind", "step", "difficulty"}, exclude_none=True)


class ChoiceShape(ItemBase):
    kind: Literal["choice"]
    options: list[OptionShape] = Field(min_length=3, max_length=4)

    @field_validator("options")
    @classmethod
    def one_key_and_all_differ(cls, options: list[OptionShape]) -> list[OptionShape]:
        return refuse_equals(refuse_keys_but_one(options))

    def key(self) -> int:
        return next(index for index, option in enumerate(self.options) if option.right)

    def key_is_longest(self) -> bool:
        return all(
            len(option.text) < len(self.options[self.key()].text)
            for option in self.options
            if not option.right
        )


class MultipleShape(ItemBase):
    kind: Literal["multiple"]
    options: list[OptionShape] = Field(min_length=4, max_length=6)

    @field_validator("options")
    @classmethod
    def some_keys_and_all_differ(cls, options: list[OptionShape]) -> list[OptionShape]:
        if not 2 <= sum(option.right for option in options) < len(options):
            raise ValueError("at least two options are right, and at least one is not")
        return refuse_equals(options)


class HotspotShape(ItemBase):
    """A drawn phone screen; each numbered mark on it is an option."""

    kind: Literal["hotspot"]
    screen: list[dict[str, Any]] = Field(min_length=1)
    options: list[SpotShape] = Field(min_length=2, max_length=5)

    @field_validator("options")
    @classmethod
    def one_key(cls, options: list[SpotShape]) -> list[SpotShape]:
        return refuse_equals(refuse_keys_but_one(options))

    @model_validator(mode="after")
    def each_mark_is_an_option(self) -> "HotspotShape":
        try:
            drawn = marks_of(render_screen({"alt": self.stem, "items": self.screen}))
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise ValueError(f"the screen cannot be drawn: {error!r}") from error
        options = [str(option.mark) for option in self.options]
        if sorted(drawn) != sorted(options):
            raise ValueError(f"the screen shows the marks {sorted(drawn)}, the options name {options}")
        return self


class OrderShape(ItemBase):
    """`steps` stand in the right order."""

    kind: Literal["order"]
    steps: list[Words] = Field(min_length=3, max_length=5)
    why: Why

    @field_validator("steps")
    @classmethod
    def all_differ(cls, steps: list[str]) -> list[str]:
        refuse_equal_texts(steps)
        return steps


class MatchShape(ItemBase):
    kind: Literal["match"]
    pairs: list[PairShape] = Field(min_length=3, max_length=4)
    why: Why

    @field_validator("pairs")
    @classmethod
    def all_differ(cls, pairs: list[PairShape]) -> list[PairShape]:
        refuse_equal_texts([pair.left for pair in pairs])
        refuse_equal_texts([pair.right for pair in pairs])
        return pairs


class ShortShape(ItemBase):
    """A number or a word typed in; `accept` are the forms taken as right."""

    kind: Literal["short"]
    input: Literal["number", "text"]
    accept: list[Words] = Field(min_length=1, max_length=12)
    why: Why

    @field_validator("accept")
    @classmethod
    def forms_can_be_compared(cls, accept: list[str]) -> list[str]:
        if not all(plain(form) for form in accept):
            raise ValueError("an accepted form has neither letters nor digits")
        return accept


ItemShape = Annotated[
    ChoiceShape | MultipleShape | HotspotShape | OrderShape | MatchShape | ShortShape,
    Field(discriminator="kind"),
]


def refuse_keys_but_one(options: list[Option]) -> list[Option]:
    if sum(option.right for option in options) != 1:
        raise ValueError("exactly one option is right")
    return options


def refuse_equals(options: list[Option]) -> list[Option]:
    refuse_equal_texts([option.text for option in options])
    return options


def refuse_equal_texts(texts: Sequence[str]) -> None:
    if len({fold(text) for text in texts}) < len(texts):
        raise ValueError("two of them read the same")
