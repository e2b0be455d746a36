"""When things happen in the demo world, and identifiers made at that moment."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from math import exp
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY_HOURS = (7, 8, 9, 10, 14, 15, 16, 19, 19, 20, 20, 21)
EVENING_HOURS = (19, 19, 20)
# Tết empties the classes, the youth campaign of summer and the Digital Learning Day (10/10) fill them.
SEASON = {1: 0.8, 2: 0.5, 3: 1.0, 4: 1.1, 5: 1.0, 6: 0.9, 7: 1.3, 8: 1.3, 9: 1.0, 10: 1.6, 11: 1.2, 12: 0.9}


def id_at(rng: Random, moment: datetime) -> UUID:
    """A UUIDv7 as it would have been made at that moment, drawn from the seed."""
    milliseconds = int(moment.timestamp() * 1000)
    noise = rng.getrandbits(74)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | (noise >> 62) << 64 | 0b10 << 62 | noise & (1 << 62) - 1)


def on_day(rng: Random, day: date, hours: tuple[int, ...] = DAY_HOURS) -> datetime:
    clock = time(
        rng.choice(hours), rng.randrange(60), rng.randrange(60), rng.randrange(1000) * 1000, tzinfo=HERE
    )
    return datetime.combine(day, clock).astimezone(UTC)


def later(rng: Random, moment: datetime, mean_days: float, hours: tuple[int, ...] = DAY_HOURS) -> datetime:
    """Some days on, at least one, at a time of day when people learn."""
    return on_day(
        rng, moment.astimezone(HERE).date() + timedelta(days=1 + int(rng.expovariate(1 / mean_days))), hours
    )


def months_until(last: date, count: int) -> list[date]:
    """First days of `count` months, the one of `last` included."""
    number = last.year * 12 + last.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(number - count + 1, number + 1)]


class Calendar:
    """The months of the demo world: slow beginnings, a steep middle, then whoever is still missing."""

    def __init__(self, until: datetime, months: int) -> None:
        self.until = until
        self.last_day = until.astimezone(HERE).date()
        self.months = months_until(self.last_day, months)
        growth = [self._growth(index / max(1, months - 1)) for index in range(months)]
        self._weights = list(
            accumulate(g * SEASON[m.month] for g, m in zip(growth, self.months, strict=True))
        )

    @staticmethod
    def _growth(share: float) -> float:
        """The slope of a logistic curve whose steepest point lies at 70 % of the time."""
        level = 1 / (1 + exp(-8 * (share - 0.7)))
        return 0.04 + level * (1 - level)

    def day(self, rng: Random) -> date:
        """A day on which somebody begins to learn."""
        month = rng.choices(self.months, cum_weights=self._weights)[0]
        last = self.last_day.day if month == self.months[-1] else monthrange(month.year, month.month)[1]
        return month.replace(day=rng.randint(1, last))

    def share(self, share: float) -> date:
        """The day after that share of the whole time."""
        begin = self.months[0]
        return begin + timedelta(days=int((self.last_day - begin).days * share))

    def closed_months(self) -> Iterator[date]:
        yield from self.months[:-1]
