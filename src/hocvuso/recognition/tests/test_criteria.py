from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hocvuso.recognition.engine.criteria import Criterion, Fact, Lack, add_months, criteria_of, judge

TODAY = date(2026, 11, 22)
TEST = Criterion("test", "test", ("citizen-basic",), within_months=24)
COURSES = Criterion("courses", "course", ("phone", "qr"))
PRACTICE = Criterion("practice", "practice", ("pay",))
DECLARED = Criterion("uses", "declared")


def passed(**fields: object) -> Fact:
    fact = Fact("r1", "passed", "test", "citizen-basic", "alone", TODAY - timedelta(days=30), score=0.8)
    return replace(fact, **fields)


def completed(course: str, record_id: str, **fields: object) -> Fact:
    return replace(Fact(record_id, "completed", "course", course, "alone", TODAY), **fields)


facts = st.builds(
    Fact,
    record_id=st.uuids().map(str),
    verb=st.sampled_from(["passed", "failed", "completed", "answered"]),
    object_kind=st.sampled_from(["test", "course", "practice", "lesson"]),
    object_key=st.sampled_from(["citizen-basic", "phone", "qr", "pay"]),
    mode=st.sampled_from(["alone", "helped", "done_for"]),
    on=st.dates(date(2020, 1, 1), date(2028, 1, 1)),
    score=st.none() | st.floats(0, 1),
    seen_by_other=st.booleans(),
)
known_facts = st.lists(facts, max_size=8)
criteria = st.lists(
    st.builds(
        replace,
        st.sampled_from([TEST, COURSES, PRACTICE, DECLARED]),
        within_months=st.none() | st.integers(1, 36),
        min_score=st.none() | st.floats(0.1, 1),
        any_of=st.sampled_from(["", "", "a", "b"]),
        required=st.booleans(),
    ),
    max_size=4,
).map(lambda found: [replace(one, key=f"k{at}") for at, one in enumerate(found)])


def lacks(criterion: Criterion, *known: Fact) -> tuple[Lack, ...]:
    return judge([criterion], known, on=TODAY).findings[0].lacks


def test_a_test_passed_alone_and_lately_meets_the_criterion_and_is_named() -> None:
    judgement = judge([TEST], [passed()], on=TODAY)

    assert judgement.met
    assert judgement.findings[0].record_ids == ("r1",)
    assert judgement.findings[0].lacks == ()


def test_what_is_missing_says_how_far_the_nearest_record_came() -> None:
    scored = replace(TEST, min_score=0.9)

    assert lacks(TEST) == (Lack("never", "citizen-basic"),)
    assert lacks(TEST, passed(verb="failed")) == (Lack("never", "citizen-basic"),)
    assert lacks(TEST, passed(mode="helped")) == (Lack("helped", "citizen-basic"),)
    assert lacks(TEST, passed(on=date(2024, 11, 21))) == (Lack("old", "citizen-basic"),)
    assert lacks(scored, passed()) == (Lack("score", "citizen-basic"),)
    assert lacks(scored, passed(score=None)) == (Lack("score", "citizen-basic"),)
    assert lacks(scored, passed(score=0.9)) == ()


def test_the_last_day_of_the_period_still_counts() -> None:
    assert judge([TEST], [passed(on=date(2024, 11, 22))], on=TODAY).met


def test_all_courses_are_needed_and_the_missing_ones_named() -> None:
    one = judge([COURSES], [completed("phone", "r1")], on=TODAY)
    both = judge([COURSES], [completed("phone", "r1"), completed("qr", "r2")], on=TODAY)

    assert not one.met
    assert one.findings[0].lacks == (Lack("never", "qr"),)
    assert both.met
    assert both.findings[0].record_ids == ("r1", "r2")


def test_practice_counts_only_when_someone_else_saw_it() -> None:
    done = Fact("r1", "passed", "practice", "pay", "alone", TODAY)

    assert lacks(PRACTICE, done) == (Lack("unseen", "pay"),)
    assert judge([PRACTICE], [replace(done, seen_by_other=True)], on=TODAY).met


def test_declaration_is_met_by_saying_so() -> None:
    assert lacks(DECLARED) == (Lack("undeclared"),)
    assert judge([DECLARED], [], on=TODAY, declared={"uses"}).met


def test_one_of_a_group_is_enough_beside_what_is_required() -> None:
    group = [replace(COURSES, any_of="way"), replace(PRACTICE, any_of="way")]
    way = [completed("phone", "r2"), completed("qr", "r3")]

    assert judge([TEST, *group], [passed(), *way], on=TODAY).met
    assert not judge([TEST, *group], [passed()], on=TODAY).met
    assert not judge([TEST, *group], way, on=TODAY).met


def test_what_is_not_required_does_not_hold_back() -> None:
    assert judge([TEST, replace(COURSES, required=False)], [passed()], on=TODAY).met


@given(known_facts)
def test_asking_nothing_is_never_met(known: list[Fact]) -> None:
    assert not judge([], known, on=TODAY).met
    assert not judge([replace(TEST, required=False)], known, on=TODAY).met


@given(criteria, known_facts, known_facts)
def test_knowing_more_never_takes_away(asked: list[Criterion], known: list[Fact], more: list[Fact]) -> None:
    before = judge(asked, known, on=TODAY)
    after = judge(asked, known + more, on=TODAY)

    assert after.met or not before.met
    assert all(new.met or not old.met for old, new in zip(before.findings, after.findings, strict=True))


@given(criteria, st.lists(facts, max_size=8, unique_by=lambda fact: fact.record_id), st.randoms())
def test_neither_order_nor_repetition_changes_anything(
    asked: list[Criterion], known: list[Fact], random
) -> None:
    mixed = known * 2
    random.shuffle(mixed)

    assert judge(asked, mixed, on=TODAY) == judge(asked, known, on=TODAY)


@given(criteria, known_facts)
def test_evidence_alone_suffices_and_help_never_does(asked: list[Criterion], known: list[Fact]) -> None:
    judgement = judge(asked, known, on=TODAY)
    named = {record_id for finding in judgement.findings for record_id in finding.record_ids}
    evidence = [fact for fact in known if fact.record_id in named]

    assert judge(asked, evidence, on=TODAY).met == judgement.met
    assert all(fact.mode == "alone" and fact.on <= TODAY for fact in evidence)
    assert all(finding.met != bool(finding.lacks) for finding in judgement.findings)


@given(st.dates(date(1, 1, 1), date(9000, 1, 1)), st.integers(0, 600))
def test_months_are_added_without_leaving_the_month(day: date, months: int) -> None:
    later = add_months(day, months)

    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


def test_rules_are_read_as_the_content_loader_stores_them() -> None:
    rules = {
        "criteria": [
            {
                "key": "t",
                "kind": "test",
                "test": "a",
                "modes": ["alone"],
                "within_months": 24,
                "min_score": 0.7,
            },
            {"key": "c", "kind": "course", "courses": ["b", "c"], "any_of": "way"},
            {"key": "p", "kind": "practice", "practice": "d", "any_of": "way"},
            {"key": "d", "kind": "declared", "required": False},
        ]
    }

    assert criteria_of(rules) == [
        Criterion("t", "test", ("a",), within_months=24, min_score=0.7),
        Criterion("c", "course", ("b", "c"), any_of="way"),
        Criterion("p", "practice", ("d",), any_of="way"),
        Criterion("d", "declared", required=False),
    ]
