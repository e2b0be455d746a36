import pytest

from hocvuso.places.models import Place, PlaceAlias, PlaceVersion
from hocvuso.places.tests.make import make_country_tree, make_place

pytestmark = pytest.mark.django_db


def test_a_place_alone_gets_its_parents():
    place = make_place("Phường Cao Xanh")

    assert (place.type_name, place.short_name, place.name_en) == ("Phường", "Cao Xanh", "Cao Xanh Ward")
    assert place.path == f"VN/99/{place.code}/"
    assert place.parent.parent.code == "VN"


def test_the_tree_is_consistent():
    make_country_tree()

    for place in Place.objects.select_related("parent"):
        assert place.path == f"{place.parent.path if place.parent else ''}{place.code}/"
    assert PlaceVersion.objects.count() == PlaceAlias.objects.count() == Place.objects.count() == 8
