from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from hocvuso.base.ids import new_id
from hocvuso.people.tests.make import make_helper, make_household, make_person
from hocvuso.places.tests.make import make_place
from hocvuso.records.actions import seal_all, seal_batch, void_record, write_record, write_records
from hocvuso.records.engine import seals
from hocvuso.records.models import Record, Seal, Unsealed, Verb
from hocvuso.records.tests.make import make_record

pytestmark = pytest.mark.django_db
LESSON = {"object_kind": "lesson", "object_key": "tra-tien-bang-ma-qr/quet-ma-tra-tien"}


def id_made(moment: datetime, version: int = 7) -> UUID:
    return UUID(int=int(moment.timestamp() * 1000) << 80 | version << 76 | 0b10 << 62 | 1)


def test_record_says_who_the_person_was_at_that_moment():
    place = make_place()
    household = make_household(place)
    person = make_person(place=place, household=household, birth_year=1958, sex="female", audience="citizen")
    moment = timezone.now() - timedelta(days=30)

    write_record(Verb.COMPLETED, person=person, happened_at=moment, result={"try": 1}, **LESSON)

    record = Record.objects.get()
    assert (record.person, record.place, record.household) == (person, place, household)
    assert (record.audience, record.age_band, record.sex) == ("citizen", "65+", "female")
    assert (record.happened_at, record.entered_by, record.result) == (moment, person, {"try": 1})
    assert abs(record.learnt_at - timezone.now()) < timedelta(minutes=1)
    assert Unsealed.objects.get().record == record


def test_same_deed_again_returns_the_first_record():
    person, deed = make_person(), new_id()
    first, new = write_record(Verb.COMPLETED, person=person, deed=deed, **LESSON)

    again, new_again = write_record(
        Verb.FAILED, person=person, deed=deed, object_kind="test", object_key="co-ban"
    )

    assert (new, new_again) == (True, False)
    assert again == first
    assert again.verb == Verb.COMPLETED
    assert (Record.objects.count(), Unsealed.objects.count()) == (1, 1)


def test_writing_takes_two_statements(django_assert_num_queries):
    person = make_person()

    with django_assert_num_queries(2):
        write_record(Verb.COMPLETED, person=person, deed=new_id(), **LESSON)


def test_late_record_is_taken():
    moment = timezone.now() - timedelta(days=399)

    record, new = write_record(
        Verb.COMPLETED, person=make_person(), happened_at=moment, deed=id_made(moment), **LESSON
    )

    assert new
    assert Record.objects.get(pk=record.pk).happened_at == moment


@pytest.mark.parametrize(
    ("deed", "code"),
    [
        (uuid4(), "deed"),
        (id_made(datetime(2025, 7, 1, tzinfo=UTC), version=1), "deed"),
        (id_made(timezone.now() + timedelta(hours=2)), "future"),
        (id_made(timezone.now() - timedelta(days=401)), "too_old"),
    ],
)
def test_deed_with_a_wrong_id_is_refused(deed: UUID, code: str):
    with pytest.raises(ValidationError) as refusal:
        write_record(Verb.COMPLETED, person=make_person(), deed=deed, **LESSON)

    assert refusal.value.code == code
    assert not Record.objects.exists()


def test_moment_in_the_future_is_refused_but_for_a_clock_a_little_ahead():
    person, now = make_person(), timezone.now()
    write_record(Verb.COMPLETED, person=person, happened_at=now + timedelta(minutes=9), **LESSON)

    with pytest.raises(ValidationError) as refusal:
        write_record(Verb.COMPLETED, person=person, happened_at=now + timedelta(minutes=11), **LESSON)

    assert refusal.value.code == "future"
    assert Record.objects.count() == 1


@pytest.mark.parametrize("mode", [Record.Mode.HELPED, Record.Mode.DONE_FOR])
def test_help_is_recorded_with_who_helped(mode: str):
    person = make_person()
    helper = make_helper(person.place)
    with pytest.raises(ValidationError):
        write_record(Verb.COMPLETED, person=person, mode=mode, **LESSON)

    record, _new = write_record(Verb.COMPLETED, person=person, mode=mode, helper=helper, by=helper, **LESSON)

    assert (record.mode, record.helper, record.entered_by) == (mode, helper, helper)


def test_many_are_written_once():
    person, now = make_person(), timezone.now()
    drafts = [
        Record(verb="completed", person=person, place=person.place, happened_at=now, learnt_at=now, **LESSON)
        for _ in range(5)
    ]
    write_records(drafts[:2])

    written = write_records([*drafts, drafts[4]], batch=2)

    assert written == 3
    assert set(Unsealed.objects.values_list("record", flat=True)) == {draft.pk for draft in drafts}


def test_undoing_writes_one_record_however_often():
    person = make_person(audience="worker", sex="male", birth_year=1990)
    helper = make_helper(person.place)
    record = make_record(person=person, on=timezone.localdate() - timedelta(days=10))

    undoing, new = void_record(record, by=helper, reason="wrong person")
    again, new_again = void_record(record, by=person, reason="again")

    assert (new, new_again) == (True, False)
    assert undoing == again == Record.objects.get(verb=Verb.VOIDED)
    undoing.refresh_from_db()
    assert (undoing.undoes, undoing.entered_by, undoing.result) == (
        record,
        helper,
        {"reason": "wrong person"},
    )
    for name in ("person", "place", "object_kind", "object_key", "audience", "age_band", "sex"):
        assert getattr(undoing, name) == getattr(record, name)
    assert list(Record.objects.standing()) == []


def test_what_undoes_cannot_be_undone():
    undoing, _new = void_record(make_record(person=make_person()), by=None, reason="wrong person")

    with pytest.raises(ValidationError):
        void_record(undoing, by=None, reason="no")


def test_voided_is_written_by_its_own_action_only():
    with pytest.raises(ValueError, match="void_record"):
        write_record(Verb.VOIDED, person=make_person(), **LESSON)


def test_seals_form_a_chain_over_all_records():
    person = make_person()
    records = [make_record(person=person) for _ in range(5)]

    sealed = seal_all(limit=2)

    first, second, third = Seal.objects.order_by("number")
    assert sealed == 5
    assert [seal.number for seal in (first, second, third)] == [1, 2, 3]
    assert [seal.count for seal in (first, second, third)] == [2, 2, 1]
    assert bytes(first.previous) == seals.GENESIS
    assert bytes(second.previous) == bytes(first.digest)
    assert bytes(third.previous) == bytes(second.digest)
    assert bytes(third.digest) == seals.seal_digest(bytes(third.previous), 3, bytes(third.entries))
    entries = b"".join(bytes(seal.entries) for seal in (first, second, third))
    assert [identifier for identifier, _digest in seals.unpack(entries)] == [record.pk for record in records]
    assert not Unsealed.objects.exists()


def test_nothing_to_seal_makes_no_seal():
    assert seal_batch() is None
    assert not Seal.objects.exists()


def test_late_commit_is_sealed_in_a_later_batch():
    """A record that took its queue number early and appears late is not passed over."""
    early, late = make_record(person=make_person()), make_record(person=make_person())
    number = Unsealed.objects.get(record=early).pk
    Unsealed.objects.filter(record=early).delete()
    assert seal_batch().count == 1
    Unsealed.objects.create(pk=number, record=early)

    seal = seal_batch()

    assert [identifier for identifier, _digest in seals.unpack(bytes(seal.entries))] == [early.pk]
    assert late.pk != early.pk
