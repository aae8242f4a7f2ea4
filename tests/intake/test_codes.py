"""The shipped reference data is whole, and the code book answers by the day."""

from datetime import date, timedelta

import pytest

from intake.codes import Code, CodeBook, read_reference
from intake.deadlines import Unit

TODAY = date(2026, 11, 23)
SHIPPED = read_reference()
BOOK = SHIPPED.book()


def test_every_authority_of_england_and_wales_is_shipped_once():
    nations = [authority.nation for authority in SHIPPED.authorities]
    assert (nations.count("England"), nations.count("Wales")) == (153, 22)
    assert len({authority.gss_code for authority in SHIPPED.authorities}) == 175
    assert len({authority.dfe_code for authority in SHIPPED.authorities}) == 175


def test_no_code_stands_twice_in_its_list():
    keys = [(code.list, code.code) for code in SHIPPED.codes]
    assert len(keys) == len(set(keys))


def test_every_code_has_a_label_a_source_and_a_mark():
    for code in SHIPPED.codes:
        assert all((code.label, code.source)), (code.list, code.code)
        assert code.verified in ("verified", "part verified", "unverified")


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("primary_need", 10),
        ("referral_source", 22),
        ("disability", 13),
        ("assessment_factor", 44),
        ("reason_for_closure", 9),
        ("ethnicity", 20),
        ("legal_status", 13),
        ("placement_type", 27),
        ("upn_unknown", 10),
        ("send_need", 12),
        ("worker_change_reason", 10),
        ("legal_framework", 21),
        ("pre_proceedings_field", 10),
        ("decline", 11),
        ("withdraw", 8),
        ("decline_offer", 6),
        ("reallocate", 9),
        ("cancel", 7),
        ("pause", 4),
        ("review_defect", 8),
    ],
)
def test_a_list_is_shipped_whole(name, count):
    assert sum(code.list == name for code in SHIPPED.codes) == count


def test_the_rest_of_the_reference_data_is_shipped_whole():
    assert len(SHIPPED.assessment_types) == 39
    assert len(SHIPPED.clocks) == 30
    assert len(SHIPPED.holidays) == 82
    assert len(SHIPPED.reorganisations) == 9
    assert len(SHIPPED.delivery_bodies) == 12
    assert len(SHIPPED.findings) == len(SHIPPED.counterparts) == 42


def test_every_clock_is_counted_in_a_unit_we_can_count():
    assert {clock.unit for clock in SHIPPED.clocks} <= {unit.value for unit in Unit}


def test_delivery_bodies_and_codes_belong_to_known_authorities():
    known = {authority.name for authority in SHIPPED.authorities}
    assert {body.authority for body in SHIPPED.delivery_bodies} <= known
    assert {row.authority for row in SHIPPED.authority_codes if row.valid_until is None} <= known


@pytest.mark.parametrize(
    ("name", "old", "new"), [("Barnsley", "E08000016", "E08000038"), ("Sheffield", "E08000019", "E08000039")]
)
def test_an_authority_changed_its_code_on_a_day(name, old, new):
    codes = {
        row.code: row for row in SHIPPED.authority_codes if row.authority == name and row.scheme == "gss"
    }
    assert codes[old].valid_until == date(2025, 4, 30)
    assert codes[new].valid_from == date(2025, 5, 1)


def test_sex_is_recorded_by_letter_from_april_2024():
    assert BOOK.holds("sex", "U", TODAY)
    assert not BOOK.holds("sex", "1", TODAY)
    assert BOOK.holds("sex", "1", date(2024, 3, 31))
    assert not BOOK.holds("sex", "F", date(2024, 3, 31))


def test_a_retired_factor_keeps_its_label_and_holds_no_more():
    assert not BOOK.holds("assessment_factor", "18A", TODAY)
    assert BOOK.label("assessment_factor", "18A").startswith("Physical abuse")


def test_an_unknown_code_has_words_too():
    assert BOOK.label("sex", "X") == "Not known"


def test_a_code_holds_on_its_first_and_last_day():
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    book = CodeBook([Code("colour", "RED", "Red", valid_from=first, valid_until=last)])
    held = [
        book.holds("colour", "RED", day) for day in (first - timedelta(1), first, last, last + timedelta(1))
    ]
    assert held == [False, True, True, False]


def test_a_form_offers_codes_in_their_order_without_those_it_must_not():
    offered = [code.code for code in BOOK.list("primary_need", TODAY)]
    assert offered == ["N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8"]


def test_assessment_types_are_a_list_of_codes():
    assert BOOK.holds("assessment_type", "PA", TODAY)
    assert BOOK.label("assessment_type", "SIB") == "Sibling assessment - together or apart"


def test_closed_authorities_still_name_a_pupil():
    assert {"353", "681", "835", "909", "943"} <= BOOK.authority_codes


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("a@oldham.gov.uk", "trusted"),
        ("a@caerdydd.llyw.cymru", "trusted"),
        ("a@notgov.uk", "other"),
        ("a@gov.uk.example.com", "other"),
        ("a@oldham.gcsx.gov.uk", "retired"),
        ("a@GSI.GOV.UK", "retired"),
        ("a@nhs.net", "trusted"),
    ],
)
def test_a_domain_is_compared_by_whole_labels(address, kind):
    assert BOOK.email_kind(address) == kind


def test_a_row_that_cannot_be_read_is_named_by_file_and_line(tmp_path):
    (tmp_path / "codes").mkdir()
    (tmp_path / "codes" / "colour.csv").write_text("list,code,order\ncolour,RED,first\n")
    with pytest.raises(ValueError, match=r"colour\.csv, line 2"):
        read_reference(tmp_path)
