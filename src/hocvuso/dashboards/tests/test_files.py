"""Pictures and the spreadsheet: drawn from the same figures, for the same eyes."""

import zipfile
from datetime import date
from io import BytesIO
from types import SimpleNamespace

import openpyxl
import pytest
from django.urls import reverse

from hocvuso.base.charts import draw
from hocvuso.dashboards.engine.charts import COUNTRY_BOX, Point, bin_of, box_round, map_spec, trend_spec
from hocvuso.dashboards.engine.sheet import write_sheet
from hocvuso.dashboards.forms import months_back
from hocvuso.dashboards.queries.atlas import map_points
from hocvuso.dashboards.queries.board import Cell, Row
from hocvuso.dashboards.tests.test_place_show import confirm, fold, signed_in
from hocvuso.indicators.tests.make import make_indicators
from hocvuso.people.tests.make import make_officer
from hocvuso.places.models import Baseline
from hocvuso.places.tests.make import make_country_tree, make_place


@pytest.mark.django_db
def test_spreadsheet_keeps_missing_a_word() -> None:
    make_indicators()
    tree = make_country_tree()
    confirm(6, tree.tho_xuan)
    fold()
    client = signed_in(make_officer(tree.thanh_hoa))

    body = client.get(reverse("dashboards:place_sheet", args=[tree.thanh_hoa.code])).content

    rows = list(openpyxl.load_workbook(BytesIO(body)).active.iter_rows(min_row=5, values_only=True))
    assert [(row[0], row[5]) for row in rows] == [("Xã Thọ Xuân", 6), ("Xã Lam Sơn", "chưa báo cáo")]


def test_a_name_is_never_a_formula() -> None:
    name = '=HYPERLINK("http://evil.example")'
    words = dict.fromkeys(("place", "share", "missing", "hidden"), "+1")
    board = SimpleNamespace(columns=[{"title": "@now"}], children=[Row(name, [Cell(None)])], month_name="=1")

    body = write_sheet(name, board, "=2", words)

    cells = [cell for row in openpyxl.load_workbook(BytesIO(body)).active for cell in row if cell.value]
    with zipfile.ZipFile(BytesIO(body)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert {cell.value for cell in cells} >= {name, "=2", "+1", "@now"}


@pytest.mark.django_db
def test_map_knows_no_share_where_nothing_was_reported_or_counted() -> None:
    make_indicators()
    province = make_place("Tỉnh Thử", "province")
    told = make_place("Xã Có", "commune", province, latitude=20.0, longitude=105.0)
    make_place("Xã Im", "commune", province, latitude=20.1, longitude=105.1)
    Baseline.objects.create(place=told, count="adults", year=2026, value=10, source="mẫu")
    confirm(5, told)
    fold()

    assert {point.name: point.share for point in map_points(province)} == {"Xã Có": 50.0, "Xã Im": None}


@pytest.mark.django_db
def test_pictures_are_refused_to_outsiders() -> None:
    make_indicators()
    tree = make_country_tree()
    client = signed_in(make_officer(tree.cao_xanh))

    names = ("place_map", "map_show", "map_spec", "place_trend", "place_sheet", "missing_list")
    statuses = {client.get(reverse(f"dashboards:{name}", args=["38"])).status_code for name in names}

    assert statuses == {404}


@pytest.mark.django_db
def test_country_officer_gets_pictures() -> None:
    make_indicators()
    client = signed_in(make_officer(make_country_tree().country))

    drawn = client.get(reverse("dashboards:place_map", args=["VN"]))
    trend = client.get(reverse("dashboards:place_trend", args=["VN"]))

    assert drawn["Content-Type"] == trend["Content-Type"] == "image/svg+xml"
    assert drawn.content.startswith(b"<svg") and trend.content.startswith(b"<svg")


@pytest.mark.parametrize(("share", "step"), [(None, 5), (0, 0), (19.99, 0), (20, 1), (80, 4), (250, 4)])
def test_shares_fall_into_steps(share: float | None, step: int) -> None:
    assert bin_of(share) == step


def test_the_country_has_its_own_frame_with_the_sea() -> None:
    points = [Point("Hà Nội", 105.8, 21.0, 10), Point("Đặc khu Trường Sa", 114.0, 9.5, None)]

    (west, south), (east, north) = box_round(points)

    assert ((west, south), (east, north)) == COUNTRY_BOX
    assert all(west < p.longitude < east and south < p.latitude < north for p in points)


def test_missing_lies_under_what_is_known() -> None:
    points = [Point("Có", 105.0, 20.0, 50), Point("Thiếu", 105.1, 20.1, None)]

    spec = map_spec(points, "Đã xác nhận", "Chưa biết")

    (rows,) = spec["datasets"].values() if "datasets" in spec else [spec["data"]["values"]]
    assert [row["n"] for row in rows] == ["Thiếu", "Có"]


def test_trend_is_drawn_with_its_title() -> None:
    months = months_back(date(2026, 11, 22))

    svg = draw(trend_spec(months, list(range(24)), "Người được xác nhận"))

    assert "Người được xác nhận" in svg
