"""How rows of a class list are shown: in words, as people type them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from hocvuso.people.engine.roster import BLOCKING
from hocvuso.people.models.persons import Person, Sex
from hocvuso.people.models.rosters import Roster, RosterRow
from hocvuso.people.wording import COLUMNS, OF_PERSON, PROBLEMS


@dataclass(frozen=True)
class Line:
    row: RosterRow
    form: Any = None

    def problems(self) -> list[dict[str, Any]]:
        """What to tell: the words, what the file said there, and whether it must be mended first."""
        return [
            {
                "text": PROBLEMS[problem["code"]],
                "typed": "" if problem["code"] in OF_PERSON else self.row.raw.get(problem["field"], ""),
                "blocking": problem["code"] in BLOCKING,
            }
            for problem in self.row.problems
        ]

    def birth(self) -> str:
        """15/03/1958, or only 1958."""
        day = self.row.values.get("birth_on")
        year = self.row.values.get("birth_year")
        return f"{date.fromisoformat(day):%d/%m/%Y}" if day else str(year or "")

    def phone(self) -> str:
        return Person(phone=self.row.values.get("phone")).phone_text()

    def sex(self) -> str:
        value = self.row.values.get("sex", "")
        return str(Sex(value).label) if value else ""


def columns_in_words(roster: Roster) -> list[tuple[str, str]]:
    return [(text, str(COLUMNS.get(name, COLUMNS[""]))) for text, name in roster.columns if text or name]
