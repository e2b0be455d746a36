import string

from hypothesis import given
from hypothesis import strategies as st

from hocvuso.recognition.engine.code import LENGTH, SIGNS, check_sign, clean, is_well_formed, new_code, spell

bodies = st.text(alphabet=SIGNS, min_size=LENGTH - 1, max_size=LENGTH - 1)
codes = bodies.map(lambda body: body + check_sign(body))
places = st.integers(0, LENGTH - 1)


def test_signs_are_a_prime_number_of_signs_that_do_not_look_alike() -> None:
    size = len(SIGNS)

    assert len(set(SIGNS)) == size
    assert all(size % divisor for divisor in range(2, size))
    assert size > LENGTH  # so that no weight is 0 and no two weights are equal
    assert not set(SIGNS) & set("AEIOUYLSZBG01")


@given(codes)
def test_every_code_made_is_well_formed(code: str) -> None:
    assert is_well_formed(code)
    assert len(code) == 12


@given(codes, places, st.sampled_from(SIGNS + string.ascii_uppercase + string.digits))
def test_one_wrong_sign_is_caught(code: str, at: int, sign: str) -> None:
    wrong = code[:at] + sign + code[at + 1 :]

    assert is_well_formed(wrong) == (wrong == code)


@given(codes, places, places)
def test_two_signs_swapped_are_caught(code: str, one: int, other: int) -> None:
    signs = list(code)
    signs[one], signs[other] = signs[other], signs[one]
    swapped = "".join(signs)

    assert is_well_formed(swapped) == (swapped == code)


@given(codes, places)
def test_a_sign_left_out_or_doubled_is_caught(code: str, at: int) -> None:
    assert not is_well_formed(code[:at] + code[at + 1 :])
    assert not is_well_formed(code[:at] + code[at] + code[at:])


@given(codes)
def test_what_was_printed_may_be_typed_in_any_way(code: str) -> None:
    assert clean(spell(code)) == code
    assert clean(f"  {spell(code).lower().replace('-', ' – ')}\n") == code
    assert clean(code.replace("D", "đ")) == code


def test_code_is_printed_in_three_groups_of_four() -> None:
    assert spell("K7PM4XQH2TVX") == "K7PM-4XQH-2TVX"


def test_new_codes_differ_and_use_every_sign_in_every_place() -> None:
    made = [new_code() for _ in range(2000)]

    assert len(set(made)) == 2000
    assert all({code[at] for code in made} == set(SIGNS) for at in range(LENGTH))
