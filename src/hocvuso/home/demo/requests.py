"""Requests that wait for a reviewer: one village confirms by hand what a rule cannot see."""

from datetime import date, datetime, timedelta

from hocvuso.home.demo.moments import HERE
from hocvuso.home.demo.settlements import INVENTED
from hocvuso.people.models.persons import Person
from hocvuso.places.models import Place
from hocvuso.recognition.actions import claim_recognition
from hocvuso.recognition.models import CriteriaSet

VILLAGE = "06658.003"
WAITING = 4
LASTS = timedelta(days=365)
DECLARED = "pays-at-market"
CRITERIA = [
    {
        "key": "qr-course",
        "title": "Tự học hết khóa Trả tiền bằng mã QR",
        "title_en": "Complete the course on paying by QR code alone",
        "kind": "course",
        "courses": ["tra-tien-bang-ma-qr"],
        "modes": ["alone"],
    },
    {
        "key": DECLARED,
        "title": "Đã tự trả tiền bằng mã QR ở chợ hoặc cửa hàng",
        "title_en": "Has paid by QR code at a market or shop without help",
        "kind": "declared",
    },
]


def make_requests(begin: date, now: datetime) -> None:
    """By the same action as a learner's own; asked over the last days."""
    rules = open_rules(Place.objects.get(code=VILLAGE), begin, now)
    asking = (
        Person.objects.learners()
        .filter(place=rules.place, certificates__isnull=False)
        .distinct()
        .order_by("pk")
    )
    for number, person in enumerate(asking[:WAITING]):
        claim_recognition(
            person,
            rules,
            by=person,
            declared=[DECLARED],
            happened_at=now - timedelta(days=number, hours=3),
            source="demo",
        )


def open_rules(village: Place, begin: date, now: datetime) -> CriteriaSet:
    """With an end of its own: loading the content leaves it alone."""
    general = CriteriaSet.objects.in_force().filter(place=None).select_related("framework").earliest("pk")
    return CriteriaSet.objects.create(
        slug="cho-qr-mau",
        version="mẫu",
        title="Dùng mã QR khi đi chợ (mẫu)",
        title_en="Paying by QR code at the market (sample)",
        framework=general.framework,
        place=village,
        rules={"automatic": False, "valid_months": None, "criteria": CRITERIA},
        valid_from=begin,
        valid_to=(now + LASTS).astimezone(HERE).date(),
        head={"note": INVENTED},
        content_hash="-",
    )
