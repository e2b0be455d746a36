"""Where the invented people live: three places shown in depth, and a spread over all provinces."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from hocvuso.places.actions import open_place
from hocvuso.places.models import Place

INVENTED = "Minh họa (bản trình diễn)"
VILLAGES_OPENED_ON = date(2025, 7, 1)
PEOPLE_A_COMMUNE = 9  # at least, so that a map of few people is not hidden by the rule of five
LARGEST_FLAGSHIP = 2000
QUIET_FROM = 1000  # people; a larger world also has communes that report and have no learners yet


@dataclass(frozen=True, slots=True)
class Flagship:
    """A place shown in depth: every answer is kept. `classes`: sizes, and the share of time they began at."""

    code: str
    village_name: str
    villages: int
    classes: Sequence[tuple[int, float]]
    class_share: float
    resident_share: float
    coverage: float


CAO_XANH = Flagship("06658", "Khu phố {} (mẫu)", 9, ((110, 0.62),), 0.37, 0.055, 0.92)
THO_XUAN = Flagship("15499", "Thôn {} (mẫu)", 12, (), 0, 0.06, 0.75)
QUY_NHON = Flagship("21583", "Khu phố {} (mẫu)", 7, ((200, 0.5), (200, 0.68)), 0.1, 0.01, 0.8)
FLAGSHIPS = (CAO_XANH, THO_XUAN, QUY_NHON)


@dataclass(slots=True)
class Settlement:
    """A commune with the people it is to get. `coverage`: learners among those who could learn."""

    commune: Place
    residents: int
    coverage: float
    villages: list[Place] = field(default_factory=list)
    classes: Sequence[tuple[int, float]] = ()
    in_depth: bool = False

    def homes(self) -> list[Place]:
        """The lowest places: where people live and figures are counted."""
        return self.villages or [self.commune]

    @property
    def people(self) -> int:
        return self.residents + sum(size for size, _ in self.classes)

    @property
    def latitude(self) -> float:
        return self.commune.latitude or 0.0


def settle(people: int, seed: int) -> Iterator[Settlement]:
    """All settlements, the three flagships first; together they hold exactly `people`."""
    left = people
    for flagship in FLAGSHIPS:
        settlement = flagship_settlement(flagship, people)
        left -= settlement.people
        yield settlement
    yield from spread(max(0, left), Random(f"{seed} spread"))  # noqa: S311 - a seeded world


def flagship_settlement(flagship: Flagship, people: int) -> Settlement:
    commune = Place.objects.get(code=flagship.code)
    whole = sum(size for size, _ in flagship.classes)
    share = min(1.0, people * flagship.class_share / whole) if whole else 0
    return Settlement(
        commune,
        residents=min(LARGEST_FLAGSHIP, int(people * flagship.resident_share)),
        coverage=flagship.coverage,
        villages=open_villages(commune, flagship),
        classes=[(int(size * share), begins) for size, begins in flagship.classes],
        in_depth=True,
    )


def open_villages(commune: Place, flagship: Flagship) -> list[Place]:
    known = list(commune.children.current().of_kind(Place.Kind.VILLAGE))
    if known:
        return known
    return [
        open_place(
            f"{commune.code}.{number:03}",
            name=flagship.village_name.format(number),
            kind=Place.Kind.VILLAGE,
            parent=commune,
            on=max(VILLAGES_OPENED_ON, commune.valid_from),
            decision=INVENTED,
        )
        for number in range(1, flagship.villages + 1)
    ]


def spread(people: int, rng: Random) -> Iterator[Settlement]:
    """As many communes as can have a handful of people each, every province first, some far ahead."""
    everywhere = in_turn(rng)
    communes = everywhere[: max(1, people // PEOPLE_A_COMMUNE)] if people else []
    weights = [rng.lognormvariate(0, 0.45) for _ in communes]
    ahead = {
        code: rng.uniform(0.3, 0.85) for code in sorted({commune.path.split("/")[1] for commune in communes})
    }
    for commune, residents in zip(communes, share_out(people, weights), strict=True):
        province = ahead[commune.path.split("/")[1]]
        yield Settlement(commune, residents, max(0.12, min(0.96, rng.gauss(province, 0.12))))
    if people >= QUIET_FROM:
        yield from (Settlement(commune, 0, 1) for commune in everywhere[len(communes) :])


def in_turn(rng: Random) -> list[Place]:
    """All communes but the flagships, so ordered that every beginning of the list covers provinces evenly."""
    by_province: dict[int | None, list[Place]] = defaultdict(list)
    for place in Place.objects.current().of_kind(Place.Kind.COMMUNE).order_by("code"):
        if place.code not in {flagship.code for flagship in FLAGSHIPS}:
            by_province[place.parent_id].append(place)
    turns = []
    for communes in by_province.values():
        rng.shuffle(communes)
        turns += [(rank / len(communes), place.code, place) for rank, place in enumerate(communes)]
    return [place for _turn, _code, place in sorted(turns, key=lambda turn: turn[:2])]


def share_out(whole: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers after the weights that add up to `whole`, each at least half an even share."""
    least = whole // (2 * len(weights)) if weights else 0
    free, total = whole - least * len(weights), sum(weights)
    bounds, running = [0], 0.0
    for weight in weights:
        running += weight
        bounds.append(round(free * running / total))
    return [least + after - before for before, after in zip(bounds, bounds[1:], strict=False)]
