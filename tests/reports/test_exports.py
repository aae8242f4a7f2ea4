"""What leaves as a file: who may, with whose word, what stands in it and in each history, for how long."""

import csv
import hashlib
import io
import zipfile
from datetime import date, timedelta
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree

import pytest
import time_machine
from django.core import mail
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from intake.actions import enquiries, restricting, sharing
from intake.history import broken
from intake.lifecycle import Role, Status
from intake.models import Assessment, AssessmentType, Enquiry, Event, Person, User
from intake.refusals import Forbidden, Invalid, KeyReused, NotFound, NotPossible
from reports.actions import agreeing, export_making, export_telling, exports
from reports.actions.agreeing import PEOPLE_ALONE
from reports.actions.exports import Wanted
from reports.exports import statistical
from reports.models import Export, ExportFetch, ExportRow
from tests.factories import World, example, fresh, new_key
from tests.reports import census_shape

Kind, State = Export.Kind, Export.State


def wanted(kind: str = "enquiries", form: str = "csv", **more: Any) -> Wanted:
    reason = "For the meeting with the authority." if kind in exports.WITH_A_REASON else ""
    return Wanted(**{"kind": kind, "form": form, "reason": reason, **more})


def asked(by: User, kind: str = "enquiries", form: str = "csv", **more: Any) -> Export:
    return exports.ask(by=by, wanted=wanted(kind, form, **more))


def made(by: User, kind: str = "enquiries", form: str = "csv", **more: Any) -> Export:
    return export_making.begin(asked(by, kind, form, **more))


def worked(export: Export) -> Export:
    while export_making.export_next(timezone.now()):
        pass
    return fresh(export)  # type: ignore[no-any-return]


def state(export: Export) -> str:
    return fresh(export).state_at(timezone.now())  # type: ignore[no-any-return]


def content(export: Export, by: User) -> bytes:
    with exports.open_file(export=fresh(export), by=by) as file:
        return file.read()


def lines(export: Export, by: User) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(export, by).decode("utf-8-sig"), newline="")))


def told(enquiry: Enquiry) -> int:
    return Event.objects.filter(enquiry=enquiry, verb="enquiry.exported").count()


def restrict(world: World, enquiry: Enquiry) -> None:
    restricting.restrict(
        enquiry=fresh(enquiry), by=world.manager, reason="A threat.", people=[world.colleague]
    )


@pytest.fixture
def many(world: World, monkeypatch: pytest.MonkeyPatch) -> list[Enquiry]:
    """More children than one may take alone; the example has two."""
    monkeypatch.setattr(agreeing, "PEOPLE_ALONE", 5)
    return [world.enquiry() for _ in range(3)]


@pytest.fixture
def second(world: World) -> User:
    return world.person(world.hub, "Max Manager", Role.MANAGER)


# --- A list ---------------------------------------------------------------------------------------------------


def test_all_that_match_are_in_it_coded_and_nobody_is_named(world: World) -> None:
    there, other = world.enquiry(authority_reference="CS-77"), world.enquiry(Status.IN_TRIAGE)
    export = made(world.coordinator, query="status=submitted&sort=oldest&page_size=5")
    (row,) = lines(export, world.coordinator)
    assert (row["reference"], row["authority"], row["authority_reference"]) == (
        there.reference,
        "Oldham",
        "CS-77",
    )
    assert (row["authority_dfe_code"], row["authority_gss_code"]) == ("353", "E08000004")
    assert (row["status_code"], row["status"], row["children"]) == ("submitted", "Received", "2")
    assert fresh(export).in_words == "Status: Received"
    text = content(export, world.coordinator).decode()
    assert other.reference not in text
    for person in there.people.all():
        assert person.name not in text
        assert not person.date_of_birth or person.date_of_birth.isoformat() not in text
    assert there.referrer_name not in text


def test_each_enquiry_in_it_has_one_line_of_history_and_the_chain_is_whole(world: World) -> None:
    there, other = world.enquiry(), world.enquiry(Status.IN_TRIAGE)
    export = made(world.coordinator, query="status=submitted")
    assert (told(there), told(other)) == (1, 0)
    line = Event.objects.get(enquiry=there, verb="enquiry.exported")
    assert (line.data["export"], line.data["kind"], line.by) == (
        str(export.uid),
        "enquiries",
        world.coordinator,
    )
    assert not list(broken())
    assert not Event.objects.visible_to(world.referrer).filter(verb="enquiry.exported").exists()
    assert Event.objects.visible_to(world.authority_manager).filter(verb="enquiry.exported").exists()


def test_ticked_referrals_are_in_it_and_their_enquiry_has_one_line(world: World) -> None:
    referral = world.referral("in_progress")
    names = [row.reference for row in referral.enquiry.referrals.all()]
    export = made(world.coordinator, "referrals", of="referrals", references=[*names, "REF-2222-2222-2"])
    rows = lines(export, world.coordinator)
    assert {row["reference"] for row in rows} == set(names)
    assert {row["enquiry"] for row in rows} == {referral.enquiry.reference}
    assert told(referral.enquiry) == 1


def test_a_sheet_says_what_it_is_and_has_days_as_days(world: World) -> None:
    world.enquiry()
    export = made(world.manager, form="xlsx")
    book = load_workbook(io.BytesIO(content(export, world.manager)))
    about = {row[0].value: row[1].value for row in book["About"].iter_rows(min_row=2)}
    assert about["Asked for by"] == f"{world.manager.name}, {world.hub.name}"
    assert about["Of what"] == "All"
    assert about["Number"] == str(export.uid)
    assert {"Made", "Handling", "Marking", "Codes", "Column authority_gss_code"} <= set(about)
    head = [cell.value for cell in book["Enquiries"][1]]
    assert book["Enquiries"].cell(2, head.index("received") + 1).is_date


def test_what_was_searched_for_is_kept_as_references_and_never_as_words(world: World) -> None:
    there = world.enquiry()
    export = made(world.coordinator, query="q=Doyle&status=submitted")
    assert [row["reference"] for row in lines(export, world.coordinator)] == [there.reference]
    assert "Doyle" not in str(vars(fresh(export)))


def test_drafts_and_what_one_cannot_see_are_not_in_it(world: World) -> None:
    world.enquiry(Status.DRAFT)
    hidden, there = world.enquiry(), world.enquiry()
    restrict(world, hidden)
    rows = lines(made(world.coordinator), world.coordinator)
    assert [row["reference"] for row in rows] == [there.reference]
    assert told(hidden) == 0


def test_nothing_that_matches_is_said_before_anything_is_made(world: World) -> None:
    with pytest.raises(Invalid, match="Nothing matches"):
        asked(world.coordinator, query="status=closed")
    with pytest.raises(Invalid, match="There is no filter called stauts"):
        asked(world.coordinator, query="stauts=closed")


def test_sent_twice_under_one_name_it_is_one_and_for_something_else_it_is_refused(world: World) -> None:
    world.enquiry()
    name = uuid4()
    first = exports.ask(by=world.coordinator, wanted=wanted(), uid=name)
    assert exports.ask(by=world.coordinator, wanted=wanted(), uid=name) == first
    with pytest.raises(KeyReused):
        exports.ask(by=world.coordinator, wanted=wanted(form="xlsx"), uid=name)


def test_an_authority_exports_its_own_without_what_is_the_hubs(world: World) -> None:
    world.enquiry()
    rows = lines(made(world.authority_manager), world.authority_manager)
    assert len(rows) == 1
    assert not {"band", "flag_codes"} & set(rows[0])
    with pytest.raises(Invalid, match="Nothing matches"):
        made(world.stranger)


@pytest.mark.parametrize(
    ("who", "kinds"),
    [
        ("referrer", ""),
        ("reviewer", ""),
        ("lead", ""),
        ("assessor", ""),
        ("administrator", ""),
        ("case_system", ""),
        ("coordinator", "enquiries referrals"),
        ("manager", "enquiries referrals children statistical census"),
        ("auditor", "children statistical"),
        ("authority_manager", "enquiries referrals children census"),
    ],
)
def test_who_may_export_what(world: World, who: str, kinds: str) -> None:
    world.enquiry()
    user = getattr(world, who)
    assert " ".join(exports.kinds_for(user)) == kinds
    for kind in set(exports.MAY) - set(kinds.split()):
        with pytest.raises(Forbidden):
            asked(user, kind)


def test_no_text_of_a_case_is_a_formula_in_any_column(world: World) -> None:
    body = example()
    live = '=HYPERLINK("https://example.org","here")'
    for child in body["children"]:
        child.update({"name": live, "known_as": "+1+1", "authority_child_id": ""})
    body["authority_reference"] = "@SUM(1)"
    enquiries.submit(body=body, by=world.referrer, key=new_key())
    for kind in ("enquiries", "children"):
        book = load_workbook(io.BytesIO(content(made(world.manager, kind, "xlsx"), world.manager)))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert not any(cell.data_type == "f" for cell in cells)
        assert "@SUM(1)" in {cell.value for cell in cells}
        for row in lines(made(world.manager, kind), world.manager):
            assert not any(value[:1] in ("=", "+", "-", "@") for value in row.values())
            assert row["authority_reference"] == "'@SUM(1)"
    assert {row["name"] for row in lines(made(world.manager, "children"), world.manager)} == {f"'{live}"}


@pytest.mark.parametrize("kind", ["enquiries", "children", "statistical"])
def test_more_rows_ask_no_more_of_the_database(world: World, kind: str) -> None:
    numbers = []
    for _ in range(2):
        world.enquiry()
        export = asked(world.manager, kind)
        with CaptureQueriesContext(connection) as asking:
            export_making.begin(export)
        numbers.append(len(asking))
        world.enquiry()
    assert numbers[0] == numbers[1]


# --- The worker -----------------------------------------------------------------------------------------------


def test_a_long_one_is_made_by_the_worker_piece_by_piece(
    world: World, settings: Any, monkeypatch: Any
) -> None:
    settings.EXPORT_AT_ONCE = 1
    monkeypatch.setattr(export_making, "TAKEN", 1)
    monkeypatch.setattr(export_making, "GOES", 1)
    rows = [world.enquiry() for _ in range(3)]
    export = made(world.coordinator)
    assert (state(export), fresh(export).chosen) == (State.RUNNING, 0)
    export_making.export_next(timezone.now())
    assert fresh(export).chosen == 1
    assert len(lines(worked(export), world.coordinator)) == 3
    assert [told(row) for row in rows] == [1, 1, 1]


def test_who_is_killed_loses_it_and_nothing_stands_twice_in_a_history(
    world: World, settings: Any, monkeypatch: Any
) -> None:
    settings.EXPORT_AT_ONCE = 0
    rows = [world.enquiry(), world.enquiry()]
    export = made(world.coordinator)

    def dies(*given: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(export_making, "write_cases", dies)
        export_making.export_next(timezone.now())
        with pytest.raises(KeyboardInterrupt):
            export_making.export_next(timezone.now())
    assert not export_making.export_next(timezone.now())
    assert export_making.export_next(timezone.now() + timedelta(minutes=2))
    assert state(export) == State.READY
    assert [told(row) for row in rows] == [1, 1]


def test_cancelled_there_is_no_file(world: World, settings: Any) -> None:
    settings.EXPORT_AT_ONCE = 0
    world.enquiry()
    export = made(world.coordinator)
    exports.cancel(export=export, by=world.coordinator)
    assert not export_making.export_next(timezone.now())
    assert state(export) == State.CANCELLED
    with pytest.raises(NotPossible):
        exports.open_file(export=fresh(export), by=world.coordinator)
    with pytest.raises(NotFound):
        exports.cancel(export=export, by=world.manager)


def test_a_role_taken_away_meanwhile_ends_it(world: World, settings: Any) -> None:
    settings.EXPORT_AT_ONCE = 0
    enquiry = world.enquiry()
    export = made(world.coordinator)
    world.coordinator.role_grants.all().delete()
    worked(export)
    assert "Your role does not allow this" in fresh(export).why_given_up
    assert told(enquiry) == 0


# --- The file -------------------------------------------------------------------------------------------------


def test_the_hash_is_that_of_the_file_and_each_fetch_is_on_record(world: World) -> None:
    world.enquiry()
    export = made(world.coordinator)
    assert hashlib.sha256(content(export, world.coordinator)).hexdigest() == fresh(export).sha256
    content(export, world.coordinator)
    assert ExportFetch.objects.filter(export=export, by=world.coordinator).count() == 2


def test_nobody_else_fetches_it(world: World) -> None:
    world.enquiry()
    export = made(world.coordinator)
    for other in (world.manager, world.colleague, world.auditor):
        with pytest.raises(NotFound):
            exports.open_file(export=fresh(export), by=other)


def test_what_was_shut_since_shuts_the_file(world: World) -> None:
    enquiry = world.enquiry()
    export = made(world.coordinator)
    restrict(world, enquiry)
    with pytest.raises(NotPossible, match="not yours to see any more"):
        exports.open_file(export=fresh(export), by=world.coordinator)


def test_after_a_day_it_is_gone_and_the_log_stays(world: World) -> None:
    world.enquiry()
    export = made(world.coordinator)
    name = fresh(export).file.name
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1), tick=False):
        with pytest.raises(NotPossible, match="deleted"):
            exports.open_file(export=fresh(export), by=world.coordinator)
        assert exports.forget_files(timezone.now()) == 1
    assert not default_storage.exists(name)
    assert not ExportRow.objects.exists()
    assert Export.objects.log_for(world.auditor).get() == export


def test_the_log_is_for_the_hubs_manager_and_auditor(world: World) -> None:
    world.enquiry()
    made(world.coordinator)
    readers = {name for name, user in world.everybody().items() if Export.objects.log_for(user).exists()}
    assert readers == {"manager", "auditor"}


# --- People by name -------------------------------------------------------------------------------------------


def test_a_few_children_leave_at_once_with_a_reason(world: World) -> None:
    enquiry = world.enquiry()
    with pytest.raises(Invalid, match="Say what it is for"):
        asked(world.manager, "children", reason=" ")
    export = made(world.manager, "children")
    rows = lines(export, world.manager)
    names = list(
        enquiry.people.filter(part=Person.Part.CHILD).order_by("position").values_list("name", flat=True)
    )
    assert [row["name"] for row in rows] == names
    assert (fresh(export).people, fresh(export).needs_second) == (len(names), False)
    assert Event.objects.get(enquiry=enquiry, verb="enquiry.exported").note == export.reason


def test_an_address_is_in_no_table(world: World) -> None:
    enquiry = world.enquiry()
    text = content(made(world.manager, "children"), world.manager).decode()
    for adult in enquiry.people.exclude(postcode=""):
        assert adult.postcode not in text
        assert adult.address_lines[0] not in text


def test_more_than_fifty_wait_for_a_second_person(world: World, many: list[Enquiry], second: User) -> None:
    assert PEOPLE_ALONE == 50
    export = made(world.manager, "children")
    assert state(export) == State.WAITING
    assert not export_making.export_next(timezone.now())
    assert [told(row) for row in many] == [0, 0, 0]
    export_making.begin(agreeing.answer(asked=export, by=second, agreed=True))
    assert state(export) == State.READY
    assert (fresh(export).agreed_by, fresh(export).people) == (second, 6)
    assert [told(row) for row in many] == [1, 1, 1]


def test_never_oneself_and_never_another_role(world: World, many: list[Enquiry]) -> None:
    export = made(world.manager, "children")
    with pytest.raises(Forbidden, match="Nobody agrees to what they asked for themselves"):
        agreeing.answer(asked=export, by=world.manager, agreed=True)
    for who in ("coordinator", "reviewer", "administrator", "authority_manager", "lead"):
        with pytest.raises(Forbidden):
            agreeing.answer(asked=export, by=getattr(world, who), agreed=True)
    assert state(export) == State.WAITING


def test_the_database_lets_none_begin_without_a_second_person(world: World, many: list[Enquiry]) -> None:
    rows = Export.objects.filter(pk=made(world.manager, "children").pk)
    for wrong in ({"asked_at": timezone.now()}, {"agreed_by": world.manager}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)


def test_refused_it_is_not_made_and_decided_it_is_not_decided_again(
    world: World, many: list[Enquiry], second: User
) -> None:
    export = made(world.manager, "children")
    with pytest.raises(Invalid, match="Say why not"):
        agreeing.answer(asked=export, by=world.auditor, agreed=False, reason=" ")
    agreeing.answer(asked=export, by=world.auditor, agreed=False, reason="Ask for fewer.")
    assert state(export) == State.NOT_AGREED
    assert not export_making.export_next(timezone.now())
    with pytest.raises(NotPossible):
        agreeing.answer(asked=export, by=second, agreed=True)


def test_nobody_agrees_after_a_week(world: World, many: list[Enquiry], second: User) -> None:
    export = made(world.manager, "children")
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False):
        assert state(export) == State.EXPIRED
        assert not Export.objects.to_agree(timezone.now()).exists()
        with pytest.raises(NotPossible, match="Nobody agreed in time"):
            agreeing.answer(asked=export, by=second, agreed=True)


def test_more_people_than_were_agreed_to_need_another_word(
    world: World, many: list[Enquiry], second: User, settings: Any
) -> None:
    settings.EXPORT_AT_ONCE = 0
    export = made(world.manager, "children")
    agreeing.answer(asked=export, by=second, agreed=True)
    world.enquiry()
    worked(export)
    assert (state(export), fresh(export).people, fresh(export).agreed_by) == (State.WAITING, 8, None)


def test_counted_again_when_it_is_made(world: World, monkeypatch: Any, settings: Any) -> None:
    settings.EXPORT_AT_ONCE = 0
    monkeypatch.setattr(agreeing, "PEOPLE_ALONE", 3)
    world.enquiry()
    export = made(world.manager, "children")
    assert state(export) == State.RUNNING
    world.enquiry()
    worked(export)
    assert state(export) == State.WAITING


def test_an_authority_takes_its_own_few_and_is_sent_to_the_hub_for_many(
    world: World, monkeypatch: Any
) -> None:
    world.enquiry()
    assert len(lines(made(world.authority_manager, "children"), world.authority_manager)) == 2
    monkeypatch.setattr(agreeing, "PEOPLE_ALONE", 1)
    with pytest.raises(Forbidden, match="ask the hub’s manager"):
        made(world.authority_manager, "children")


def test_an_auditor_exports_what_they_opened(world: World) -> None:
    enquiry, _ = world.enquiry(), world.enquiry()
    with pytest.raises(Invalid, match="Nothing matches"):
        made(world.auditor, "children")
    sharing.open_with_reason(reference=enquiry.reference, by=world.auditor, reason="A complaint.")
    assert {row["reference"] for row in lines(made(world.auditor, "children"), world.auditor)} == {
        enquiry.reference
    }


def test_the_second_person_is_written_to_once_and_nobody_is_named(
    world: World, many: list[Enquiry], second: User
) -> None:
    assert world.auditor
    export = made(world.manager, "children")
    mail.outbox.clear()
    assert export_telling.tell_of_waiting(timezone.now()) == 1
    assert export_telling.tell_of_waiting(timezone.now()) == 0
    (letter,) = mail.outbox
    assert sorted(letter.to) == sorted([second.email, world.auditor.email])
    assert str(export.uid) in letter.body
    assert export.reason not in letter.body


# --- The statistical extract ----------------------------------------------------------------------------------


def test_rows_like_fewer_than_six_are_left_out_and_their_number_is_said(
    world: World, monkeypatch: Any
) -> None:
    rows = [world.enquiry() for _ in range(6)]
    odd = example()
    odd["children"][1]["sex"] = "F" if odd["children"][1]["sex"] == "M" else "M"
    odd["children"][0]["sex"] = odd["children"][1]["sex"]
    enquiries.submit(body={**odd, "authority_reference": "CS-1"}, by=world.referrer, key=new_key())
    export = made(world.manager, "statistical", "xlsx")
    book = load_workbook(io.BytesIO(content(export, world.manager)))
    shown = [dict(zip([c.value for c in book.worksheets[1][1]], [c.value for c in row], strict=True))
             for row in book.worksheets[1].iter_rows(min_row=2)]  # fmt: skip
    assert len(shown) == 6
    assert fresh(export).dropped == 1
    about = {row[0].value: row[1].value for row in book["About"].iter_rows(min_row=2)}
    assert "fewer than 6" in about["Left out"]
    assert {row["region"] for row in shown} == {"North West"}
    text = str(shown)
    for row in rows:
        assert row.reference not in text
    assert "Oldham" not in text


def test_a_pseudonym_is_another_in_the_next_file(world: World) -> None:
    for _ in range(6):
        world.enquiry()
    first, second = (made(world.manager, "statistical") for _ in range(2))
    one, two = ({row["pseudonym"] for row in lines(export, world.manager)} for export in (first, second))
    assert len(one) == len(two) == 6
    assert not one & two


@pytest.mark.parametrize(
    ("child", "band"),
    [
        ((date(2026, 3, 1), None, None), "under 1"),
        ((date(2021, 11, 29), None, None), "1 to 4"),
        ((date(2021, 11, 28), None, None), "5 to 9"),
        ((None, date(2027, 1, 1), None), "unborn"),
        ((None, None, 12), "10 to 15"),
        ((None, None, None), "not known"),
        ((date(2001, 1, 1), None, None), "18 or over"),
    ],
)
def test_age_bands(child: Any, band: str) -> None:
    assert statistical.band_of(*child, date(2026, 11, 28)) == band


# --- The census-shaped extract --------------------------------------------------------------------------------


def census(world: World, by: User, **more: Any) -> Export:
    return made(by, "census", "zip", query=f"authority=353&year={year()}", **more)


def year() -> int:
    today = timezone.localdate()
    return today.year + (today >= date(today.year, 4, 1))


def parts(export: Export, by: User) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content(export, by))) as made_file:
        return {name: made_file.read(name) for name in made_file.namelist()}


def test_children_are_in_the_shape_of_the_census_once_each(world: World) -> None:
    for _ in range(2):
        body = example()
        body["children"][0]["authority_child_id"] = "C12345"
        body["children"][0]["name"] = "Ann <&> “Lee”"
        enquiries.submit(
            body={**body, "authority_reference": new_key()[:20]}, by=world.referrer, key=new_key()
        )
    found = parts(census(world, world.manager), world.manager)
    tree = ElementTree.fromstring(found["cin.xml"])
    assert tree.findtext("Header/CollectionDetails/Collection") == "CIN"
    assert tree.findtext("Header/Source/LEA") == "353"
    children = tree.findall("Children/Child")
    numbers = [child.findtext("ChildIdentifiers/LAchildID") for child in children]
    assert numbers.count("C12345") == 1
    known = next(child for child in children if child.findtext("ChildIdentifiers/LAchildID") == "C12345")
    assert known.findtext("ChildIdentifiers/PersonBirthDate") == body["children"][0]["date_of_birth"]
    assert b"Ann" not in found["cin.xml"]
    assert b"and not the return" in found["README.txt"]


def test_the_census_shape_lacks_nothing_but_what_only_the_authority_knows(world: World) -> None:
    referral = world.referral("delivered")
    Assessment.objects.filter(pk=referral.assessment_id).update(type=AssessmentType.objects.get(code="CAF"))
    enquiry = referral.enquiry
    Enquiry.objects.filter(pk=enquiry.pk).update(
        letter_before_proceedings=date(2026, 9, 1), issued_on=date(2026, 11, 2)
    )
    found = parts(census(world, world.manager), world.manager)
    tree = ElementTree.fromstring(found["cin.xml"])
    assert tree.find(".//Assessments/AssessmentAuthorisationDate") is not None
    assert tree.find(".//PreProceedingsandFGDM/CourtAppDate") is not None
    lacks = set(census_shape.faults(tree))
    assert lacks == {
        "no CINdetails/CINreferralDate",
        "no CINdetails/ReferralSource",
        "no CINdetails/ReferralNFA",
    }


@pytest.mark.parametrize(
    ("breaks", "says"),
    [
        (("<Sex>F</Sex>", ""), "no ChildIdentifiers/Sex"),
        (("<Sex>F</Sex>", "<Sex>2</Sex>"), "not as it should be: Sex"),
        (("<Ethnicity>WBRI</Ethnicity>", ""), "no ChildCharacteristics/Ethnicity"),
        (("<UPNunknown>UN1</UPNunknown>", "<Name>Ann</Name>"), "unknown ChildIdentifiers/Name"),
        (
            (
                "<LAchildID>A1</LAchildID><UPNunknown>UN1</UPNunknown>",
                "<UPNunknown>UN1</UPNunknown><LAchildID>A1</LAchildID>",
            ),
            "out of order: ChildIdentifiers",
        ),
    ],
)
def test_what_leaves_the_census_shape_is_named(breaks: tuple[str, str], says: str) -> None:
    child = (
        "<Child><ChildIdentifiers><LAchildID>A1</LAchildID><UPNunknown>UN1</UPNunknown>"
        "<PersonBirthDate>2020-01-02</PersonBirthDate><Sex>F</Sex></ChildIdentifiers>"
        "<ChildCharacteristics><Ethnicity>WBRI</Ethnicity></ChildCharacteristics></Child>"
    )
    assert list(census_shape.faults(ElementTree.fromstring(child))) == ["no Child/CINdetails"]
    assert says in set(census_shape.faults(ElementTree.fromstring(child.replace(*breaks))))


def test_what_the_census_would_refuse_is_listed(world: World) -> None:
    world.enquiry()
    Person.objects.filter(part=Person.Part.CHILD).update(
        authority_child_id="", ethnicity="", upn="A123", sex=""
    )
    found = parts(census(world, world.manager), world.manager)["would_fail.csv"].decode("utf-8-sig")
    rules = {row["rule"] for row in csv.DictReader(io.StringIO(found))}
    assert {"1570", "1510", "4180", "4220"} <= rules


def test_an_authority_makes_it_of_its_own_only(world: World) -> None:
    world.enquiry()
    assert parts(census(world, world.authority_manager), world.authority_manager)
    with pytest.raises(Invalid, match="There is no such authority"):
        census(world, world.stranger)


def test_many_children_of_a_census_need_a_second_person_too(world: World, many: list[Enquiry]) -> None:
    assert state(census(world, world.manager)) == State.WAITING


def test_what_came_in_another_year_is_not_in_it(world: World) -> None:
    world.enquiry()
    Enquiry.objects.update(received_at=timezone.now() - timedelta(days=800))
    with pytest.raises(Invalid, match="Nothing matches"):
        census(world, world.manager)
