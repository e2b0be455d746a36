"""Changes of units: each keeps what was, so that series can be read on the map of any day."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hocvuso.base.folding import fold
from hocvuso.base.ids import new_id
from hocvuso.places.engine.changes import Change, Heir, Merged, Moved, NewUnit, Renamed, Split, codes_before
from hocvuso.places.engine.naming import in_english, split_type
from hocvuso.places.engine.words import same_name
from hocvuso.places.models import Place, PlaceAlias, PlaceChange, PlaceEdition, PlaceVersion


@transaction.atomic
def open_place(
    code: str,
    *,
    name: str,
    kind: str,
    on: date,
    parent: Place | None = None,
    decision: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    area_km2: float | None = None,
) -> Place:
    """A unit that begins to exist on a day, with its first version and its name to search by."""
    type_name, short_name = split_type(name)
    place = Place.objects.create(
        code=code,
        kind=kind,
        name=name,
        short_name=short_name,
        name_en=in_english(type_name, short_name),
        type_name=type_name,
        parent=parent,
        path=f"{parent.path if parent else ''}{code}/",
        latitude=latitude,
        longitude=longitude,
        area_km2=area_km2,
        valid_from=on,
    )
    begin_version(place, on=on, decision=decision)
    PlaceAlias.objects.create(place=place, name=name, folded=fold(name))
    renew_edition()
    return place


@transaction.atomic
def rename_place(place: Place, *, name: str, on: date, decision: str = "") -> None:
    refuse_unless_living(place, on)
    keep_former_name(place, [place])
    place.aliases.filter(former=False, name=place.name).delete()
    place.name = name
    place.type_name, place.short_name = split_type(name)
    place.name_en = in_english(place.type_name, place.short_name)
    place.save(update_fields=["name", "type_name", "short_name", "name_en"])
    begin_version(place, on=on, decision=decision)
    PlaceAlias.objects.create(place=place, name=name, folded=fold(name))
    renew_edition()


@transaction.atomic
def move_place(place: Place, *, parent: Place, on: date, decision: str = "") -> None:
    """Another parent; all below comes along, each with a version that keeps the path it had."""
    refuse_unless_living(place, on)
    refuse_unless_living(parent, on)
    if parent.path.startswith(place.path):
        raise ValidationError(_("A unit cannot be moved into itself."), code="loop")
    place.parent = parent
    place.save(update_fields=["parent"])
    replace_paths(place.path, f"{parent.path}{place.code}/", on=on, decision=decision)
    place.refresh_from_db(fields=["path"])
    renew_edition()


@transaction.atomic
def merge_places(places: Iterable[Place], *, into: Place, on: date, decision: str = "") -> None:
    """Units end; what was below them, and every name that led to them, leads to `into`."""
    for place in places:
        end_place(place, heirs=[into], on=on, decision=decision)
    renew_edition()


@transaction.atomic
def split_place(place: Place, *, heirs: Sequence[Place], on: date, decision: str = "") -> None:
    """One unit becomes several. Among the heirs it lives on, smaller; else the first takes its place."""
    if place in heirs:
        keep_former_name(place, [heir for heir in heirs if heir != place])
    else:
        end_place(place, heirs=heirs, on=on, decision=decision)
    renew_edition()


def end_place(place: Place, *, heirs: Sequence[Place], on: date, decision: str) -> None:
    refuse_unless_living(place, on)
    successor = heirs[0]
    refuse_unless_living(successor, on)
    if place.valid_from == on:
        raise ValidationError(
            _("%(place)s began on this very day."), code="later", params={"place": place.name}
        )
    if successor.path.startswith(place.path):
        raise ValidationError(_("A unit cannot be merged into itself."), code="loop")
    keep_former_name(place, heirs)
    pass_on_former_names(place, heirs)
    for child in place.children.current():
        move_place(child, parent=successor, on=on, decision=decision)
    place.versions.filter(valid_from=on).delete()
    place.versions.filter(valid_to=None).update(valid_to=on)
    place.valid_to, place.successor = on, successor
    place.save(update_fields=["valid_to", "successor"])
    replace_paths(place.path, f"{successor.path}{place.code}/", on=on, decision=decision)
    place.refresh_from_db(fields=["path"])


def replace_paths(before: str, after: str, *, on: date, decision: str) -> None:
    """Ended units below come along too (see `Place`), but nothing begins for them."""
    if before == after:
        return
    moved = list(Place.objects.filter(path__startswith=before))
    for place in moved:
        place.path = after + place.path.removeprefix(before)
    Place.objects.bulk_update(moved, ["path"], batch_size=500)
    living = [place for place in moved if place.valid_to is None]
    begin_versions(living, on=on, decision=decision)


def begin_version(place: Place, *, on: date, decision: str) -> None:
    begin_versions([place], on=on, decision=decision)


def begin_versions(places: Sequence[Place], *, on: date, decision: str) -> None:
    """Ends the versions in force and begins ones like the places as they are now; twice a day is one."""
    PlaceVersion.objects.filter(place__in=places, valid_to=None, valid_from__lt=on).update(valid_to=on)
    PlaceVersion.objects.bulk_create(
        [
            PlaceVersion(
                place=place,
                name=place.name,
                type_name=place.type_name,
                path=place.path,
                valid_from=on,
                decision=decision,
            )
            for place in places
        ],
        update_conflicts=True,
        unique_fields=["place", "valid_from"],
        update_fields=["name", "type_name", "path", "decision"],
    )


def keep_former_name(place: Place, heirs: Iterable[Place]) -> None:
    """`Xã Tân Khai, Đồng Nai` goes on leading to what stands there now."""
    above = Place.objects.filter(code__in=place.lineage()[1:-1]).order_by("-path")
    name = ", ".join([place.name, *above.values_list("short_name", flat=True)])
    add_former_names([name], heirs)


def pass_on_former_names(place: Place, heirs: Iterable[Place]) -> None:
    add_former_names(list(place.aliases.exclude(name=place.name).values_list("name", flat=True)), heirs)
    place.aliases.all().delete()


def add_former_names(names: Iterable[str], heirs: Iterable[Place]) -> None:
    PlaceAlias.objects.bulk_create(
        [
            PlaceAlias(place=heir, name=name, folded=fold(name), former=True, main=position == 0)
            for position, heir in enumerate(heirs)
            for name in names
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def add_name(place: Place, *, name: str, former: bool, main: bool = True) -> bool:
    """One more name to search by; returns whether it was new."""
    words = {"folded": fold(name), "former": former, "main": main}
    created = PlaceAlias.objects.get_or_create(place=place, name=name, defaults=words)[1]
    if created:
        renew_edition()
    return created


def refuse_unless_living(place: Place, on: date) -> None:
    """Changes come in order of date: one that lies before what is already known would tear history apart.

    Reads the unit afresh, since an earlier change of the same transaction may have touched it.
    """
    place.refresh_from_db()
    if place.valid_to is not None:
        raise ValidationError(_("%(place)s has ended."), code="ended", params={"place": place.name})
    if place.versions.filter(valid_from__gt=on).exists() or place.valid_from > on:
        raise ValidationError(
            _("%(place)s has changed after this day."), code="later", params={"place": place.name}
        )


def renew_edition() -> None:
    """Tells whoever keeps places in memory (the search index) that they have changed."""
    PlaceEdition.objects.update_or_create(pk=1, defaults={"value": new_id()})


@transaction.atomic
def apply_change(change: Change, *, slug: str, on: date, decision: str = "") -> bool:
    """Applies a change from a content file once; returns whether it was new."""
    detail = change.model_dump(mode="json")
    act = change.decision or decision
    applied = PlaceChange.objects.filter(slug=slug).first()
    if applied is not None:
        refuse_other_words(applied, detail, on)
        return False
    refuse_unknown_units(change)
    match change:
        case Renamed():
            rename_place(named(change.code), name=change.name, on=on, decision=act)
        case Moved():
            move_place(named(change.code), parent=named(change.parent), on=on, decision=act)
        case Merged():
            apply_merger(change, on=on, decision=act)
        case Split():
            apply_split(change, on=on, decision=act)
    PlaceChange.objects.create(slug=slug, effective_on=on, kind=change.kind, decision=act, detail=detail)
    return True


def refuse_other_words(applied: PlaceChange, detail: dict[str, Any], on: date) -> None:
    """What has been applied stays; to set it right, another change follows."""
    if (applied.detail, applied.effective_on) != (detail, on):
        message = _("The change %(slug)s has been applied in other words; add a new change instead.")
        raise ValidationError(message, code="applied", params={"slug": applied.slug})


def apply_merger(change: Merged, *, on: date, decision: str) -> None:
    places = [named(code) for code in change.codes]
    into = (
        named(change.into)
        if isinstance(change.into, str)
        else open_heir(change.into, places[0], on, decision)
    )
    merge_places(places, into=into, on=on, decision=decision)


def apply_split(change: Split, *, on: date, decision: str) -> None:
    place = named(change.code)
    heirs = [
        place if heir.code == place.code else open_heir(heir, place, on, decision) for heir in change.into
    ]
    for heir, shape in zip(heirs, change.into, strict=True):
        take_what_is_left(heir, shape, on=on, decision=decision)
        for code in shape.children:
            move_place(named(code), parent=heir, on=on, decision=decision)
    split_place(place, heirs=heirs, on=on, decision=decision)


def take_what_is_left(place: Place, shape: Heir, *, on: date, decision: str) -> None:
    """The piece that keeps the code may get another name, centre or area."""
    if place.name != shape.name:
        rename_place(place, name=shape.name, on=on, decision=decision)
    facts = {"latitude": shape.latitude, "longitude": shape.longitude, "area_km2": shape.area_km2}
    known = {name: value for name, value in facts.items() if value is not None}
    if known:
        Place.objects.filter(pk=place.pk).update(**known)


def open_heir(unit: NewUnit, origin: Place, on: date, decision: str) -> Place:
    return open_place(
        unit.code,
        name=unit.name,
        kind=origin.kind,
        parent=named(unit.parent) if unit.parent else origin.parent,
        on=on,
        decision=decision,
        latitude=unit.latitude,
        longitude=unit.longitude,
        area_km2=unit.area_km2,
    )


def named(code: str) -> Place:
    return Place.objects.get(code=code)


def refuse_unknown_units(change: Change) -> None:
    wanted = codes_before(change)
    known = set(Place.objects.filter(code__in=wanted).values_list("code", flat=True))
    for code in wanted:
        if code not in known:
            raise ValidationError(
                _("There is no unit with the code %(code)s."), code="unknown", params={"code": code}
            )


# -- villages


@transaction.atomic
def add_village(commune: Place, *, name: str, on: date | None = None) -> Place:
    """A village of the commune under the next free code; one of the same name is the one that is there."""
    return add_villages(commune, names=[name], on=on)[0]


@transaction.atomic
def add_villages(commune: Place, *, names: Iterable[str], on: date | None = None) -> list[Place]:
    """Villages by name, in the order given; those already there are not added again."""
    Place.objects.select_for_update().get(pk=commune.pk)
    there = {same_name(village.name): village for village in commune.children.current()}
    number = last_village_number(commune)
    villages = []
    for name in names:
        if same_name(name) not in there:
            number += 1
            there[same_name(name)] = open_place(
                f"{commune.code}.{number:03}",
                name=name,
                kind=Place.Kind.VILLAGE,
                parent=commune,
                on=on or timezone.localdate(),
            )
        villages.append(there[same_name(name)])
    return villages


def last_village_number(commune: Place) -> int:
    """Codes are never given twice, so villages that ended or moved away count too."""
    codes = Place.objects.filter(code__startswith=f"{commune.code}.").values_list("code", flat=True)
    return max((int(code.rpartition(".")[2]) for code in codes), default=0)
