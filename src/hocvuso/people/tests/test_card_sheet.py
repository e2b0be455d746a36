import io

import pytest
from pypdf import PdfReader

from hocvuso.people.actions.cards import IssuedCard
from hocvuso.people.card_sheet import draw_cards
from hocvuso.people.models.persons import Person


@pytest.mark.parametrize("code", ["WWWWWWWWWW", "MWMWMWMWMW", "2345678923"])
def test_a_code_of_wide_letters_stays_on_one_line(code):
    card = IssuedCard(Person(full_name="Người Mẫu"), code, "4682")

    sheet = PdfReader(io.BytesIO(draw_cards([card], contact="Tổ công nghệ số")))

    assert code in [line.replace(" ", "") for line in sheet.pages[0].extract_text().splitlines()]
