"""References and other people's numbers: what is accepted, how it is written, what is refused."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.identifiers import (
    ALPHABET,
    REFERENCE_PATTERN,
    new_reference,
    nhs_number,
    normalise_reference,
    postcode,
    upn,
)

PREFIXES = st.sampled_from(["ENQ", "REF"])
SYMBOLS = st.sampled_from(ALPHABET)


def symbols_of(reference):
    return [place for place, letter in enumerate(reference) if place > 3 and letter != "-"]


def test_a_reference_has_no_symbol_that_is_misread():
    assert len(ALPHABET) == 31
    assert not set("01OIL") & set(ALPHABET)


@given(PREFIXES)
def test_a_new_reference_is_its_own_normal_form_and_fits_a_url(prefix):
    reference = new_reference(prefix)
    assert normalise_reference(reference, prefix) == reference
    assert re.fullmatch(REFERENCE_PATTERN, reference)


def test_references_do_not_repeat():
    assert len({new_reference("ENQ") for _ in range(2000)}) == 2000


@given(PREFIXES, st.integers(0, 8), SYMBOLS)
def test_every_single_wrong_symbol_is_caught(prefix, place, symbol):
    reference = new_reference(prefix)
    at = symbols_of(reference)[place]
    wrong = reference[:at] + symbol + reference[at + 1 :]
    assert normalise_reference(wrong, prefix) == (reference if wrong == reference else None)


@given(PREFIXES, st.integers(0, 7))
def test_every_exchange_of_neighbours_is_caught(prefix, place):
    reference = new_reference(prefix)
    first, second = symbols_of(reference)[place : place + 2]
    letters = list(reference)
    letters[first], letters[second] = letters[second], letters[first]
    wrong = "".join(letters)
    assert normalise_reference(wrong, prefix) == (reference if wrong == reference else None)


def test_the_check_symbol_knows_the_prefix():
    enquiry = new_reference("ENQ")
    assert normalise_reference("REF" + enquiry[3:], "REF") is None
    assert normalise_reference(enquiry, "REF") is None


def test_a_reference_may_be_typed_carelessly():
    reference = new_reference("ENQ")
    for typed in (reference.lower(), reference.replace("-", " "), f"  {reference.replace('-', '')}\t"):
        assert normalise_reference(typed, "ENQ") == reference


@given(st.text(max_size=30))
def test_any_text_is_a_reference_or_none(text):
    assert normalise_reference(text, "ENQ") is None or re.fullmatch(REFERENCE_PATTERN, text.strip().upper())


@pytest.mark.parametrize("typed", ["9991234578", "999 123 4578", "999-123-4578", "999 000 0018"])
def test_an_nhs_number_is_ten_digits_without_spaces(typed):
    assert nhs_number(typed) == re.sub(r"\D", "", typed)


@pytest.mark.parametrize(
    "typed",
    [
        "9991234567",
        "0000000000",
        "9999999999",
        "1111111111",
        "999123457",
        "99912345780",
        "AB123456C",
        "",
        "٩٩٩١٢٣٤٥٧٨",
    ],
)
def test_a_false_nhs_number_is_refused(typed):
    with pytest.raises(ValueError, match="NHS number"):
        nhs_number(typed)


@pytest.mark.parametrize("typed", ["B801200005001", "N353201900123", "b801 2000 05001"])
def test_a_upn_with_its_letter_is_accepted(typed):
    found = upn(typed, {"801", "353"})
    assert found.value == typed.replace(" ", "").upper()
    assert found.warning is None


def test_a_temporary_upn_ends_with_a_letter():
    accepted = [letter for letter in "ABCDEFGHJKLMNPQRTUVWXYZ" if _letter_fits(f"{letter}80120000500A")]
    assert accepted == ["M"]


@pytest.mark.parametrize("code", ["838", "839", "940", "941", "942", "943", "660", "681"])
def test_a_upn_of_a_newer_or_a_welsh_authority_is_accepted(code):
    accepted = [letter for letter in "ABCDEFGHJKLMNPQRTUVWXYZ" if _letter_fits(f"{letter}{code}200005001")]
    assert len(accepted) == 1


def test_an_unknown_authority_in_a_upn_is_a_warning_only():
    assert upn("B801200005001", set()).warning


@pytest.mark.parametrize(
    "typed", ["A801200005001", "B80120000500", "B8012000050011", "BB01200005001", "I801200005001"]
)
def test_a_false_upn_is_refused(typed):
    with pytest.raises(ValueError, match="UPN"):
        upn(typed, {"801"})


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("ol11qn", "OL1 1QN"),
        (" OL16  1AA ", "OL16 1AA"),
        ("M1 1AE", "M1 1AE"),
        ("B33 8TH", "B33 8TH"),
        ("CR2 6XH", "CR2 6XH"),
        ("DN55 1PT", "DN55 1PT"),
        ("W1A 0AX", "W1A 0AX"),
        ("EC1A 1BB", "EC1A 1BB"),
        ("GIR 0AA", "GIR 0AA"),
        ("CF11 9AB", "CF11 9AB"),
    ],
)
def test_a_postcode_is_written_in_one_way(typed, written):
    assert postcode(typed) == written


@pytest.mark.parametrize(
    "typed", ["xx SW1A 1AA", "A1A1A 1AA", "SW1A 1CA", "Q1 1AA", "OL1", "OL1 1Q", "", "BFPO 57"]
)
def test_a_false_postcode_is_refused(typed):
    with pytest.raises(ValueError, match="postcode"):
        postcode(typed)


def _letter_fits(number):
    try:
        return bool(upn(number, set()))
    except ValueError:
        return False
