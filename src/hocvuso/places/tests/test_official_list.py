"""The real list, loaded once: what others rely on."""

from datetime import date
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import TestCase
from django.utils.translation import override

from hocvuso.places.engine.gazetteer import Gazetteer
from hocvuso.places.models import Baseline, Place, PlaceAlias, PlaceChange, PlaceVersion
from hocvuso.places.queries import search, units_on

DONG_NAI_WARDS = {
    "25270": "Lộc Ninh",
    "25357": "Tân Khai",
    "25363": "Đồng Phú",
    "26116": "Tân Phú",
    "26170": "Trị An",
    "26248": "Trảng Bom",
    "26326": "Dầu Giây",
    "26368": "Long Thành",
    "26425": "Xuân Lộc",
    "26485": "Nhơn Trạch",
}


def labels(text, **options):
    with override("vi"):
        return [str(hit) for hit in search(text, **options)]


class OfficialListTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        call_command("places_load", verbosity=0, stdout=StringIO())

    def test_there_are_34_provinces_and_3321_communes_on_every_day(self):
        for day in (
            date(2025, 7, 1),
            date(2026, 4, 29),
            date(2026, 4, 30),
            date(2026, 9, 1),
            date(2026, 11, 22),
        ):
            self.assertEqual(units_on(day, kind="province").count(), 34)
            self.assertEqual(units_on(day, kind="commune").count(), 3321)
        self.assertEqual(Place.objects.current().of_kind("commune").count(), 3321)

    def test_before_the_two_tier_government_nothing_is_known(self):
        self.assertEqual(units_on(date(2025, 6, 30)).count(), 0)

    def test_paths_names_and_versions_agree(self):
        for place in Place.objects.select_related("parent"):
            self.assertEqual(place.path, f"{place.parent.path if place.parent else ''}{place.code}/")
            self.assertEqual(place.name, f"{place.type_name} {place.short_name}".strip())
        self.assertEqual(PlaceVersion.objects.filter(valid_to=None).count(), 3356)

    def test_the_special_zones_of_the_sea_are_on_the_map(self):
        hoang_sa, truong_sa = Place.objects.get(code="20333"), Place.objects.get(code="22736")

        self.assertEqual((hoang_sa.name, hoang_sa.parent.name), ("Đặc khu Hoàng Sa", "Thành phố Đà Nẵng"))
        self.assertEqual((truong_sa.name, truong_sa.parent.name), ("Đặc khu Trường Sa", "Tỉnh Khánh Hòa"))
        self.assertEqual((hoang_sa.latitude, hoang_sa.longitude), (16.568, 112.135))
        self.assertEqual((truong_sa.latitude, truong_sa.longitude), (9.71, 114.45))

    def test_every_commune_has_a_point_in_the_country(self):
        inside = Place.objects.of_kind("commune").filter(
            latitude__range=(8.3, 23.4), longitude__range=(102, 115)
        )
        self.assertEqual(inside.count(), 3321)

    def test_dong_nai_became_a_city_and_ten_communes_wards(self):
        dong_nai = Place.objects.get(code="75")

        before = {unit.place.code: unit.name for unit in units_on(date(2026, 4, 29), dong_nai)}
        after = {unit.place.code: unit.name for unit in units_on(date(2026, 4, 30), dong_nai)}

        changed = {code: (before[code], after[code]) for code in before if before[code] != after[code]}
        wanted = {code: (f"Xã {name}", f"Phường {name}") for code, name in DONG_NAI_WARDS.items()}
        self.assertEqual(changed, {"75": ("Tỉnh Đồng Nai", "Thành phố Đồng Nai"), **wanted})
        self.assertEqual(set(before), set(after))
        version = dong_nai.versions.get(valid_to=None)
        self.assertEqual(
            (version.valid_from, version.decision), (date(2026, 4, 30), "Nghị quyết 30/2026/QH16")
        )

    def test_loading_again_changes_nothing(self):
        tables = (Place, PlaceVersion, PlaceAlias, PlaceChange, Baseline)
        before = [list(table.objects.order_by("pk").values()) for table in tables]

        call_command("places_load", verbosity=0, stdout=StringIO())

        self.assertEqual([list(table.objects.order_by("pk").values()) for table in tables], before)

    def test_an_applied_change_cannot_be_reworded(self):
        shipped = "2026-09-01-quang-ninh.yaml"
        text = (settings.CONTENT / "places" / shipped).read_text(encoding="utf-8")
        with TemporaryDirectory() as folder:
            (Path(folder) / "places").mkdir()
            path = Path(folder) / "places" / shipped
            reworded = text.replace("name: Thành phố Quảng Ninh", "name: Thành phố Hạ Long")
            path.write_text(reworded, encoding="utf-8")

            with self.assertRaisesMessage(CommandError, shipped):
                call_command("places_load", folder, verbosity=0)

        self.assertEqual(Place.objects.get(code="22").name, "Thành phố Quảng Ninh")

    def test_every_commune_is_found_by_its_own_name(self):
        """With its province it comes first."""
        for place in Place.objects.of_kind("commune").select_related("parent")[::16]:
            first = search(f"{place.name}, {place.parent.short_name}", limit=1)[0].place
            self.assertEqual((first.name, first.parent), (place.name, place.parent))

    def test_old_names_lead_to_todays_units(self):
        self.assertEqual(labels("tho xuan")[0], "Xã Thọ Xuân, Thanh Hóa")
        self.assertEqual(
            labels("huyện Thọ Xuân", limit=3),
            [
                "Xã Thọ Xuân, Thanh Hóa — trước đây: huyện Thọ Xuân",
                "Xã Sao Vàng, Thanh Hóa — trước đây: huyện Thọ Xuân",
                "Xã Lam Sơn, Thanh Hóa — trước đây: huyện Thọ Xuân",
            ],
        )
        self.assertEqual(
            labels("phuong ha phong")[0], "Phường Hà Tu, Quảng Ninh — trước đây: phường Hà Phong, Hạ Long"
        )
        self.assertEqual(labels("tỉnh Bình Dương")[0], "Thành phố Hồ Chí Minh — trước đây: tỉnh Bình Dương")
        self.assertEqual(labels("xã Trảng Bom")[0], "Phường Trảng Bom, Đồng Nai — trước đây: xã Trảng Bom")
        self.assertEqual(labels("cao xanh"), ["Phường Cao Xanh, Quảng Ninh"])
        self.assertEqual(labels("quy nhon")[0], "Phường Quy Nhơn, Gia Lai")

    def test_every_old_district_and_commune_still_leads_somewhere(self):
        former = PlaceAlias.objects.filter(former=True)
        self.assertEqual(former.filter(place__valid_to__isnull=False).count(), 0)
        names = set(former.filter(main=True).values_list("name", flat=True))
        wanted = {name.name for name in Gazetteer().former_names()}
        self.assertEqual(len(wanted), 29 + 696 + 10_035)
        self.assertEqual(wanted - names, set())

    def test_populations_come_with_their_source(self):
        city = Baseline.objects.get(place__code="79", count="population")
        self.assertEqual((city.value, city.year, city.source), (14_002_598, 2025, "Nghị quyết 202/2025/QH15"))
        self.assertEqual(Baseline.objects.filter(source="").count(), 0)
