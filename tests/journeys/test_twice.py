"""The same thing sent twice: two tabs at one question, two taps on one button."""

import json

from playwright.sync_api import expect

from tests.journeys.answers import POSITION, begin_test, read_asked, send_answer
from tests.journeys.cards import new_learner
from tests.journeys.conftest import Open, Site, sign_in
from tests.journeys.lessons import answer, options_of
from tests.journeys.names import invent_name
from tests.journeys.ways import each_way

LESSON = "/hoc/khoa/nhan-biet-lua-dao"
VILLAGE = "Khu phố 4 (mẫu)"
RECORDS = (
    "SELECT count(*) FROM records_record r JOIN people_person p ON p.id = r.person_id WHERE p.full_name = ?"
)


@each_way
def test_two_tabs_at_one_question_keep_the_first_answer(open_page: Open, site: Site, viewport, script):
    first, _name = new_learner(open_page, viewport, village=VILLAGE, script=script)
    attempt = begin_test(first, "citizen-basic")
    asked = read_asked(site, attempt)
    second = first.context.new_page()
    second.goto(first.url)

    send_answer(first, asked)
    expect(first.locator(POSITION)).to_have_value("2")
    send_answer(second, asked, right=False)

    expect(second.locator(POSITION)).to_have_value("2")
    query = "SELECT position, answer FROM assessment_response WHERE attempt_id = ? AND answer IS NOT NULL"
    kept = [(position, json.loads(answer)) for position, answer in site.rows(query, attempt)]
    assert kept == [(1, asked.key())]


@each_way
def test_a_lesson_answered_in_two_tabs_is_learnt_once(open_page: Open, site: Site, viewport, script):
    first, name = new_learner(open_page, viewport, village=VILLAGE, script=script)
    first.goto(LESSON)
    first.locator("main a[href*='/hoc/khoa/']").first.click()
    expect(first.locator("#kiem-tra form")).to_be_visible()
    second = first.context.new_page()
    second.goto(first.url)
    right, wrong = options_of(first, site)

    for page, option in ((first, wrong), (second, right)):
        answer(page, option["text"])
        expect(page.locator("[role=status][lang] .notice-ok")).to_be_visible()

    completed = f"{RECORDS} AND r.verb = 'completed' AND r.object_kind = 'lesson'"
    assert site.value(completed, name) == 1
    assert site.value(f"{RECORDS} AND r.verb = 'answered'", name) == 2


@each_way
def test_an_answer_sent_twice_by_a_weak_line_is_one_answer(open_page: Open, site: Site, viewport, script):
    page, name = new_learner(open_page, viewport, village=VILLAGE, script=script)
    page.goto(LESSON)
    page.locator("main a[href*='/hoc/khoa/']").first.click()
    page.wait_for_url("**/hoc/khoa/*/*")
    deed = {"choice": "0", "deed": "0199c0de-0000-7000-8000-" + f"{abs(hash(name)) % 16**12:012x}"}

    for _time in range(2):
        told = page.context.request.post(f"{page.url}/tra-loi", form=deed, headers={"Referer": page.url})
        assert told.status == 200

    assert site.value(f"{RECORDS} AND r.verb = 'answered'", name) == 1


@each_way
def test_a_learner_sent_twice_is_registered_once(open_page: Open, site: Site, viewport, script):
    page, name = open_page(viewport, script=script), invent_name()
    sign_in(page, "huongdan")
    page.goto("/nguoi-hoc/them")
    form = {"full_name": name, "birth": "1960", "audience": "citizen", "learning": "on", "how": "spoken"}
    hidden = {
        field: page.locator(f"main [name={field}]").input_value() for field in ("deed", "csrfmiddlewaretoken")
    }
    place = page.locator("[name=place] option", has_text=VILLAGE).get_attribute("value")

    for _time in range(2):
        told = page.context.request.post(
            page.url, form={**form, **hidden, "place": place}, headers={"Referer": page.url}
        )
        assert "/nguoi-hoc/0" in told.url

    assert site.value("SELECT count(*) FROM people_person WHERE full_name = ?", name) == 1
    assert site.value(f"{RECORDS} AND r.verb = 'registered'", name) == 1
