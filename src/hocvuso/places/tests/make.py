"""Places for tests of every room: consistent in code, path, version and names to search by."""

from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from hocvuso.places.actions import open_place
from hocvuso.places.models import Place

OPENED_ON = date(2025, 7, 1)
_codes = count(90001)


def make_country() -> Place:
    return Place.objects.filter(code="VN").first() or open_place(
        "VN", name="Việt Nam", kind="country", on=OPENED_ON
    )


def make_place(
    name: str = "Xã Mẫu",
    kind: str = "commune",
    parent: Place | None = None,
    *,
    code: str = "",
    valid_from: date = OPENED_ON,
    **fields: Any,
) -> Place:
    """A unit under `parent`, or under a province (or commune) made for it. `fields`: latitude …"""
    if kind == Place.Kind.COUNTRY:
        return make_country()
    above = parent or make_parent(kind)
    return open_place(
        code or next_code(kind, above), name=name, kind=kind, parent=above, on=valid_from, **fields
    )


def make_parent(kind: str) -> Place:
    if kind == Place.Kind.PROVINCE:
        return make_country()
    if kind == Place.Kind.COMMUNE:
        return Place.objects.filter(code="99").first() or make_place("Tỉnh Mẫu", "province", code="99")
    return make_place()


def next_code(kind: str, parent: Place) -> str:
    if kind == Place.Kind.VILLAGE:
        return f"{parent.code}.{parent.children.count() + 1:03}"
    return f"{next(_codes)}"


@dataclass(frozen=True)
class CountryTree:
    """Two provinces, three communes, two villages: a small country to test on."""

    country: Place
    thanh_hoa: Place
    tho_xuan: Place
    lam_son: Place
    village_one: Place
    village_two: Place
    quang_ninh: Place
    cao_xanh: Place


def make_country_tree() -> CountryTree:
    country = make_country()
    thanh_hoa = make_place("Tỉnh Thanh Hóa", "province", country, code="38")
    tho_xuan = make_place("Xã Thọ Xuân", "commune", thanh_hoa, code="15499")
    quang_ninh = make_place("Tỉnh Quảng Ninh", "province", country, code="22")
    return CountryTree(
        country=country,
        thanh_hoa=thanh_hoa,
        tho_xuan=tho_xuan,
        lam_son=make_place("Xã Lam Sơn", "commune", thanh_hoa, code="15556"),
        village_one=make_place("Thôn Mẫu 1", "village", tho_xuan),
        village_two=make_place("Thôn Mẫu 2", "village", tho_xuan),
        quang_ninh=quang_ninh,
        cao_xanh=make_place("Phường Cao Xanh", "commune", quang_ninh, code="06658"),
    )
