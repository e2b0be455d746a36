from hypothesis import given
from hypothesis import strategies as st

from hocvuso.base.profile import LANGUAGES, LONGEST, SIZES, Profile, parse

profiles = st.builds(
    Profile,
    size=st.sampled_from(SIZES),
    contrast=st.booleans(),
    steps=st.booleans(),
    speak=st.booleans(),
    language=st.sampled_from(LANGUAGES),
)


@given(profiles)
def test_profile_survives_its_cookie(profile: Profile) -> None:
    assert parse(profile.cookie()) == profile


@given(profiles)
def test_cookie_fits_the_field_that_keeps_it(profile: Profile) -> None:
    assert len(profile.cookie()) <= LONGEST


@given(st.text())
def test_any_text_gives_a_profile_that_can_be_kept(text: str) -> None:
    assert parse(parse(text).cookie()) == parse(text)


def test_written_form_stays_as_people_already_hold_it() -> None:
    assert Profile("l", contrast=True, steps=True, speak=True).cookie() == "l.c.f.s.vi"
    assert parse("s.s.en") == Profile("s", speak=True, language="en")
    assert parse("") == parse("x" * 9999) == Profile("m", language="vi")


def test_root_wears_what_the_reader_chose() -> None:
    assert Profile().html_class == "size-m"
    assert (
        Profile("xl", contrast=True, steps=True, speak=True).html_class
        == "size-xl is-contrast is-steps is-speak"
    )


def test_sizes_stop_at_both_ends() -> None:
    assert [(Profile(size).smaller, Profile(size).larger) for size in SIZES] == [
        ("s", "m"),
        ("s", "l"),
        ("m", "xl"),
        ("l", "xl"),
    ]
