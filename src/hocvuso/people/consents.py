"""What people are asked, word for word. A consent keeps the words that were shown."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hocvuso.people.models.consents import Consent
from hocvuso.people.models.persons import ADULT_AGE

WORDING = {
    Consent.Purpose.LEARNING: _(
        "I agree that Học Vụ Số keeps my name, year of birth, where I live and my learning results, so that"
        " I can learn on, have my skills confirmed, and be counted in my commune's figures. The figures name"
        " nobody. I may look at my data, take a copy, or have it erased at any time."
    ),
    Consent.Purpose.CONTACT: _(
        "I agree that my local team contacts me about lessons and classes. I may stop this at any time."
    ),
}


def wording(purpose: str, age: int | None = None) -> str:
    """The words for this purpose in the reader's language; a minor's representative agrees too."""
    words = str(WORDING[Consent.Purpose(purpose)])
    if age is None or age >= ADULT_AGE:
        return words
    guarded = gettext("Agreed to by the learner and by a parent or guardian.")
    return f"{words} {guarded}"
