"""The demo world: seeded, whole in itself, made once, never in production."""

from io import StringIO
from random import Random

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import TestCase, override_settings

from hocvuso.assessment.models.attempts import Attempt, Response
from hocvuso.home import demo
from hocvuso.home.demo.logins import CARD_CODE, CARD_PIN, LOGINS, PASSWORD
from hocvuso.home.demo.moments import id_at
from hocvuso.home.demo.settlements import share_out
from hocvuso.home.tests.make import UNTIL, make_ground
from hocvuso.indicators.actions import rebuild
from hocvuso.indicators.maps import EVER
from hocvuso.indicators.models import Tally
from hocvuso.indicators.queries import hash_tallies
from hocvuso.learning.models import Lesson, LessonProgress
from hocvuso.people.actions.cards import Opening, open_card
from hocvuso.people.models.consents import Consent
from hocvuso.people.models.persons import Person, Role
from hocvuso.places.models import Baseline, Place
from hocvuso.recognition.models import Certificate, Claim, Evidence
from hocvuso.records.models import Record, Unsealed
from hocvuso.records.queries import Inspection

LOGIN_LEARNERS = 2


def records(verb: str, kind: str) -> int:
    return Record.objects.filter(verb=verb, object_kind=kind).count()


class WorldTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make_ground()
        cls.world = demo.build(120, until=UNTIL)

    def test_holds_as_many_learners_as_asked_for(self) -> None:
        counted = sum(
            Tally.objects.filter(measure="learners", dimension="", period=EVER).values_list(
                "value", flat=True
            )
        )

        assert self.world == demo.World(120 + LOGIN_LEARNERS, new=True)
        assert counted == 120 + LOGIN_LEARNERS

    def test_everybody_is_invented_and_nobody_can_be_called(self) -> None:
        assert not Person.objects.filter(invented=False).exists()
        assert not Person.objects.exclude(phone=None, email="").exists()

    def test_every_learner_has_agreed(self) -> None:
        agreed = Consent.objects.filter(purpose="learning", withdrawn_at=None).values("person")

        assert not Person.objects.learners().exclude(pk__in=agreed).exists()

    def test_second_time_nothing_happens(self) -> None:
        before = Record.objects.count(), Person.objects.count()

        again = demo.build(120, until=UNTIL)

        assert again == demo.World(120 + LOGIN_LEARNERS, new=False)
        assert (Record.objects.count(), Person.objects.count()) == before

    def test_all_records_are_sealed_and_whole(self) -> None:
        assert not Unsealed.objects.exists()
        assert list(Inspection().faults()) == []

    def test_nothing_happens_before_it_is_registered_or_in_the_future(self) -> None:
        late = Record.objects.filter(happened_at__gt=UNTIL)
        early = [
            record
            for record in Record.objects.filter(person__isnull=False).select_related("person")
            if record.happened_at < record.person.registered_at
        ]

        assert not late.exists()
        assert early == []

    def test_tables_say_what_the_records_say(self) -> None:
        completed = LessonProgress.objects.filter(completed_at__isnull=False).count()
        passed = Attempt.objects.filter(status="passed").count()
        failed = Attempt.objects.filter(status="failed").count()

        assert completed == records("completed", "lesson") > 100
        assert passed == records("passed", "test") > 10
        assert failed == records("failed", "test") > 0
        assert Response.objects.count() == records("answered", "item") > 100
        assert Certificate.objects.count() == records("confirmed", "person") > 5
        assert Certificate.objects.exclude(revoked_at=None).count() == records("revoked", "person")

    def test_responses_add_up_to_the_score(self) -> None:
        answered = Attempt.objects.filter(responses__isnull=False).distinct()

        for attempt in answered:
            right = attempt.responses.filter(right=True).count()
            assert right == attempt.right_answers() == round(attempt.score * attempt.answered())

    def test_evidence_rests_on_records_of_the_same_person(self) -> None:
        granted = Evidence.objects.filter(claim__status="granted").select_related("claim")

        assert granted
        for evidence in granted:
            rests_on = Record.objects.filter(pk__in=evidence.record_ids, person=evidence.claim.person_id)
            assert rests_on.count() == len(evidence.record_ids) > 0

    def test_figures_come_out_the_same_when_rebuilt(self) -> None:
        before = hash_tallies()

        rebuild()

        assert hash_tallies() == before

    def test_silent_villages_have_nothing_this_month(self) -> None:
        ward = Place.objects.get(code="06658")
        this_month = Record.objects.filter(happened_at__gte=UNTIL.replace(day=2), place__parent=ward)
        reported = set(this_month.filter(verb="reported").values_list("place__code", flat=True))
        lively = set(
            this_month.filter(source="demo").exclude(verb="reported").values_list("place__code", flat=True)
        )
        logins = {"06658.001", "06658.002"}

        missing = set(ward.children.values_list("code", flat=True)) - reported

        assert missing
        assert missing - lively - logins

    def test_denominators_add_up_and_hold_the_learners(self) -> None:
        adults = dict(Baseline.objects.filter(count="adults").values_list("place__code", "value"))
        villages = Place.objects.filter(parent__code="06658").values_list("code", flat=True)
        learners = Tally.objects.filter(measure="learners", dimension="adult=yes", period=EVER)
        counted = sum(learners.values_list("value", flat=True))

        assert adults["06658"] == sum(adults.get(code, 0) for code in villages) > 0
        assert adults["VN"] + LOGIN_LEARNERS >= counted > 0
        assert not Baseline.objects.filter(count="adults").exclude(source__contains="bản trình diễn").exists()

    def test_logins_open_with_their_rights(self) -> None:
        for login in LOGINS:
            person = authenticate(None, username=login.username, password=PASSWORD)
            assert person is not None
            assert sorted(person.roles.values_list("kind", flat=True)) == sorted(login.roles)
            assert {role.place.code for role in person.current_roles()} <= {login.place}

    def test_the_card_opens_with_its_pin(self) -> None:
        opened = open_card(CARD_CODE, CARD_PIN)

        assert opened.outcome is Opening.OPENED
        assert opened.person.assisted

    def test_a_reviewer_finds_something_to_decide(self) -> None:
        reviewer = Person.objects.get(username="canboxa")

        waiting = Claim.objects.decidable_by(reviewer).filter(status="open")

        assert waiting.count() > 0
        assert set(waiting.values_list("criteria_set__valid_to", flat=True)) != {None}

    def test_each_village_has_its_helper(self) -> None:
        villages = Place.objects.of_kind("village")
        helped = set(Role.objects.filter(kind="helper").values_list("place__code", flat=True))

        assert {village.code for village in villages} <= helped


class SeedTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make_ground()

    def world(self, seed: int) -> str:
        with transaction.atomic():
            demo.build(60, seed=seed, until=UNTIL)
            told = hash_tallies()
            transaction.set_rollback(True)
        return told

    def test_same_seed_same_figures(self) -> None:
        first = self.world(1945)

        assert self.world(1945) == first
        assert self.world(1946) != first

    def test_command_tells_how_to_sign_in(self) -> None:
        first, second = StringIO(), StringIO()

        call_command("demo", people=20, months=6, stdout=first)
        call_command("demo", people=20, months=6, stdout=second)

        assert "invented learners" in first.getvalue()
        assert "there already" in second.getvalue()
        for login in LOGINS:
            assert f"{login.username:<12} {PASSWORD}" in second.getvalue()
        assert f"/the/{CARD_CODE}   PIN {CARD_PIN}" in second.getvalue()

    def test_production_refuses(self) -> None:
        with override_settings(DEMO=False), pytest.raises(demo.RealWorld):
            demo.build(10)
        with override_settings(DEMO=False), pytest.raises(CommandError):
            call_command("demo", people=10)

        assert not Person.objects.exists()

    def test_without_content_it_says_what_to_do(self) -> None:
        Lesson.objects.update(published=False)

        with pytest.raises(CommandError, match="content load"):
            call_command("demo", people=10)


def test_identifiers_are_version_7_of_their_moment() -> None:
    made = id_at(Random(1), UNTIL)

    assert made.version == 7
    assert made.int >> 80 == int(UNTIL.timestamp() * 1000)


@pytest.mark.parametrize("whole", [0, 9, 100, 4763])
def test_sharing_out_loses_nobody(whole: int) -> None:
    shares = share_out(whole, [0.4, 1.0, 2.2, 0.7])

    assert sum(shares) == whole
    assert min(shares) >= whole // 8
