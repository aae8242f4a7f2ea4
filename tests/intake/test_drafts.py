"""Drafts: shared with the team, saved section by section, both versions when two save at once, deleted on a day."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from intake.actions import attachments, drafts, enquiries, sharing
from intake.lifecycle import Role
from intake.models import Enquiry, Notification, User
from intake.refusals import Stale
from reports.letters import letter
from reports.management.commands.work import ROUNDS
from tests.conftest import Caller
from tests.factories import PDF, World, example, fresh

URL = "/api/v1/enquiries/"
Api = Callable[[User], Caller]
MONDAY = datetime(2026, 11, 23, 10, tzinfo=timezone.get_default_timezone())


def path(enquiry: Enquiry) -> str:
    return f"{URL}{enquiry.reference}/"


def patch(caller: Caller, enquiry: Enquiry, changes: Any, etag: str = "") -> Any:
    headers = {"If-Match": etag or fresh(enquiry).etag}
    return caller.patch(path(enquiry), changes, format="json", headers=headers)


def draft(by: User, body: dict[str, Any] | None = None) -> Enquiry:
    return enquiries.save_draft(body=example() if body is None else body, by=by)[0]


# --- The team ------------------------------------------------------------------------------------------------


@pytest.fixture
def team(world: World) -> dict[str, User]:
    return {
        "author": world.colleague_of_team("Una Author", "Family support north"),
        "team mate": world.colleague_of_team("Tom Mate", "Family support north"),
        "other team": world.colleague_of_team("Ola Other", "Court team"),
        "no team": world.colleague_of_team("Nia None", ""),
        "manager": world.authority_manager,
        "case system": world.case_system,
        "named": world.person(world.oldham, "Nam Ed", Role.REFERRER),
        "coordinator": world.coordinator,
        "stranger of a team of that name": stranger_of_the_same_team(world),
    }


def stranger_of_the_same_team(world: World) -> User:
    world.stranger.team = "Family support north"
    world.stranger.save(update_fields=("team",))
    return world.stranger


SEE = {"author", "team mate", "manager", "case system", "named"}


def test_a_draft_is_seen_by_its_author_their_team_those_named_the_manager_and_the_case_system(
    team: dict[str, User], api: Api
) -> None:
    body = example()
    body["referrer"]["email"] = team["named"].email.upper()
    row = draft(team["author"], body)
    answers = {name: api(user).get(path(row)).status_code for name, user in team.items()}
    assert answers == {name: 200 if name in SEE else 404 for name in team}
    listed = {name for name, user in team.items() if api(user).get(f"{URL}?status=draft").json()["results"]}
    assert listed == SEE


def test_a_team_mate_writes_and_sends_it_and_others_of_the_authority_read_it_only_then(
    team: dict[str, User], api: Api
) -> None:
    row = draft(team["author"])
    assert patch(api(team["team mate"]), row, {"background": "Both of us."}).status_code == 200
    assert api(team["team mate"]).make(fresh(row), "submit").data["status"] == "submitted"
    assert api(team["other team"]).get(path(row)).status_code == 200
    # Once it is sent, it is the author's again.
    assert patch(api(team["team mate"]), row, {"background": "Mine."}).status_code == 403


def test_two_without_a_team_share_nothing(team: dict[str, User], world: World, api: Api) -> None:
    row = draft(team["no team"])
    other = world.colleague_of_team("Neo None", "")
    assert api(other).get(path(row)).status_code == 404


def test_who_leaves_the_team_leaves_its_drafts(team: dict[str, User], api: Api) -> None:
    row = draft(team["author"])
    mate = team["team mate"]
    mate.team = "Court team"
    mate.save(update_fields=("team",))
    assert api(mate).get(path(row)).status_code == 404


def test_a_case_system_lists_the_drafts_of_its_authority_page_by_page(world: World, api: Api) -> None:
    made = {draft(world.referrer).reference for _ in range(3)}
    draft(world.stranger, {**example("general_enquiry")})
    world.enquiry()
    caller, seen, url = api(world.case_system), [], f"{URL}?status=draft&page_size=1"
    while url:
        page = caller.get(url).json()
        seen += [row["reference"] for row in page["results"]]
        url = page["next"]
    assert (len(seen), set(seen)) == (3, made)


# --- Section by section --------------------------------------------------------------------------------------


def test_each_section_says_who_filled_it_and_when_to_the_authority(team: dict[str, User], api: Api) -> None:
    with time_machine.travel(MONDAY, tick=False):
        row = draft(team["author"])
    with time_machine.travel(MONDAY + timedelta(hours=2), tick=False):
        patch(api(team["team mate"]), row, {"background": "More.", "language": "en"})
    sections = api(team["manager"]).get(path(row)).json()["sections"]
    assert sections["background"]["by"] == "Tom Mate"
    assert datetime.fromisoformat(sections["background"]["at"]) == MONDAY + timedelta(hours=2)
    assert sections["children"]["by"] == "Una Author"
    assert "continues" not in sections


def test_the_hub_reads_no_marks_of_its_own_draft_s_sections_and_a_sent_enquiry_has_none(
    world: World, api: Api
) -> None:
    behalf = {"authority": world.oldham, "on_behalf_reason": "By telephone."}
    row = enquiries.save_draft(body=example(), by=world.coordinator, **behalf)[0]
    assert api(world.coordinator).get(path(row)).data["sections"] == {}
    assert api(world.authority_manager).get(path(row)).data["sections"]
    assert api(world.coordinator).make(row, "submit").status_code == 200
    assert api(world.authority_manager).get(path(row)).data["sections"] == {}
    assert fresh(row).section_marks == {}


# --- Two at once ---------------------------------------------------------------------------------------------


def test_who_saves_an_old_version_gets_both_with_who_and_when(team: dict[str, User], api: Api) -> None:
    with time_machine.travel(MONDAY - timedelta(hours=1), tick=False):
        row = draft(team["author"])
    with time_machine.travel(MONDAY, tick=False):
        theirs = patch(api(team["team mate"]), row, {"background": "Theirs.", "language": "en"})
    mine = {"background": "Mine.", "urgency": {**example()["urgency"], "needed_by": "2027-04-01"}}
    late = patch(api(team["author"]), row, mine, row.etag)
    assert (late.status_code, late["ETag"]) == (412, theirs["ETag"])
    problem = late.json()
    assert (problem["changed_by"], datetime.fromisoformat(problem["changed_at"])) == ("Tom Mate", MONDAY)
    assert problem["yours"] == mine
    assert problem["current"] == {"background": "Theirs.", "urgency": example()["urgency"]}
    assert fresh(row).background == "Theirs."
    assert patch(api(team["author"]), row, mine, late["ETag"]).status_code == 200


def test_both_versions_come_for_what_was_sent_too_as_far_as_the_caller_sees_it(
    world: World, api: Api
) -> None:
    enquiry = world.enquiry()
    adults = example()["adults"]
    adults[0] |= {"address_withheld": True, "safe_contact": "By e-mail only."}
    assert patch(api(world.referrer), enquiry, {"adults": adults}).status_code == 200
    late = patch(api(world.case_system), enquiry, {"adults": example()["adults"]}, enquiry.etag).json()
    assert late["changed_by"] == world.referrer.name
    assert late["current"]["adults"][0]["safe_contact"] == "By e-mail only."
    assert not {"address", "needs"} & late["current"]["adults"][0].keys()


def test_a_member_that_is_not_there_any_more_is_null(team: dict[str, User], api: Api) -> None:
    row = draft(team["author"])
    patch(api(team["team mate"]), row, {"household": []})
    late = patch(api(team["author"]), row, {"household": example()["household"]}, row.etag).json()
    assert late["current"] == {"household": None}


def test_a_page_gets_both_versions_from_the_refusal(world: World) -> None:
    row = draft(world.referrer)
    old = fresh(row)
    enquiries.amend(enquiry=row, by=world.referrer, changes={"background": "Now."})
    with pytest.raises(Stale) as refused:
        enquiries.amend(enquiry=old, by=world.referrer, changes={"background": "Mine."})
    assert (refused.value.current, refused.value.yours) == ({"background": "Now."}, {"background": "Mine."})
    assert (refused.value.changed_by, refused.value.etag) == (world.referrer.name, fresh(row).etag)


def test_nothing_of_either_version_is_in_the_log(world: World, api: Api, caplog: Any) -> None:
    row = draft(world.referrer)
    patch(api(world.authority_manager), row, {"background": "Connor was hurt."})
    with caplog.at_level("DEBUG"):
        assert patch(api(world.referrer), row, {"background": "Ella was hurt."}, row.etag).status_code == 412
    assert "was hurt" not in caplog.text


# --- The day of its end --------------------------------------------------------------------------------------


def at(day: str, hour: int = 12) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(f"{day}T{hour:02}:00"))


def written(world: World, day: str = "2026-11-23", hour: int = 10) -> Enquiry:
    with time_machine.travel(at(day, hour), tick=False):
        return draft(world.referrer)


def tidy(day: str, hour: int = 12) -> int:
    with time_machine.travel(at(day, hour), tick=False):
        return drafts.tidy(timezone.now())


def letters() -> list[Notification]:
    return list(Notification.objects.filter(kind=Notification.Kind.DRAFT_ENDING).order_by("pk"))


def test_a_draft_names_the_day_thirty_days_after_its_last_edit(
    world: World, api: Api, signed_in: Any
) -> None:
    row = written(world)
    assert row.delete_on == date(2026, 12, 23)
    assert api(world.referrer).get(path(row)).json()["delete_on"] == "2026-12-23"
    page = signed_in(world.referrer).get(f"/enquiries/{row.reference}/").content.decode()
    assert "Wednesday 23 December 2026" in page
    with time_machine.travel(at("2026-12-01"), tick=False):
        patch(api(world.referrer), row, {"background": "More."})
    assert fresh(row).delete_on == date(2026, 12, 31)
    assert api(world.referrer).get(path(world.enquiry())).json()["delete_on"] is None


def test_the_author_is_told_once_five_days_before(world: World) -> None:
    row = written(world)
    assert (tidy("2026-12-17", 23), letters()) == (0, [])
    assert [tidy("2026-12-18", 0), tidy("2026-12-18", 1), tidy("2026-12-22", 23)] == [1, 0, 0]
    (told,) = letters()
    told = Notification.objects.select_related("enquiry__authority", "person").get(pk=told.pk)
    assert letter(told).to == [world.referrer.email]
    assert "Wednesday 23 December 2026" in letter(told).text
    assert fresh(row).delete_on == date(2026, 12, 23)


def test_on_that_day_it_goes_with_everybody_and_every_file_in_it(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    with time_machine.travel(at("2026-11-23"), tick=False):
        row = draft(world.referrer)
        file = attachments.attach(
            enquiry=row, by=world.referrer, role="order", file=SimpleUploadedFile("order.pdf", PDF)
        )
    tidy("2026-12-18")
    with django_capture_on_commit_callbacks(execute=True):
        assert tidy("2026-12-23", 0) == 1
    assert not Enquiry.objects.filter(pk=row.pk).exists()
    assert letters() == []
    assert not default_storage.exists(str(file.file.name))


def test_an_edit_moves_the_day_and_brings_a_notice_of_the_new_one(world: World, api: Api) -> None:
    row = written(world)
    tidy("2026-12-18")
    with time_machine.travel(at("2026-12-20"), tick=False):
        assert patch(api(world.referrer), row, {"background": "Still at it."}).status_code == 200
    assert tidy("2026-12-23") == 0
    assert tidy("2027-01-14") == 1
    assert [told.data["delete_on"] for told in letters()] == ["2026-12-23", "2027-01-19"]
    assert tidy("2027-01-19") == 1
    assert not Enquiry.objects.filter(pk=row.pk).exists()


def test_a_file_is_an_edit(world: World) -> None:
    row = written(world)
    with time_machine.travel(at("2026-12-10"), tick=False):
        attachments.attach(
            enquiry=row, by=world.referrer, role="order", file=SimpleUploadedFile("order.pdf", PDF)
        )
    assert fresh(row).delete_on == date(2027, 1, 9)


def test_after_an_outage_the_author_still_has_five_days(world: World) -> None:
    row = written(world)
    assert [tidy("2027-02-01"), tidy("2027-02-01", 13)] == [1, 0]
    assert (fresh(row).delete_on, len(letters())) == (date(2027, 2, 6), 1)
    assert tidy("2027-02-05", 23) == 0
    assert tidy("2027-02-06", 0) == 1


def test_a_draft_that_somebody_read_from_is_kept(world: World) -> None:
    with time_machine.travel(at("2026-11-23"), tick=False):
        behalf = {"authority": world.oldham, "on_behalf_reason": "By telephone."}
        row = enquiries.save_draft(body=example(), by=world.coordinator, **behalf)[0]
        sharing.disclose(enquiry=row, by=world.coordinator, reason="To call back safely.")
    assert (tidy("2026-12-18"), tidy("2026-12-23"), tidy("2027-03-01")) == (0, 0, 0)
    assert fresh(row).delete_on is None


def test_what_was_sent_is_never_deleted(world: World) -> None:
    row = written(world)
    tidy("2026-12-18")
    enquiries.send(enquiry=fresh(row), by=world.referrer)
    assert tidy("2027-03-01") == 0
    assert fresh(row).status == "submitted"


def test_an_edit_between_the_look_and_the_deletion_saves_it(world: World) -> None:
    row = written(world)
    tidy("2026-12-18")
    (due,) = drafts.to_delete(date(2026, 12, 23))
    with time_machine.travel(at("2026-12-23", 9), tick=False):
        enquiries.amend(enquiry=fresh(row), by=world.referrer, changes={"background": "Wait."})
    assert drafts.delete(draft=due, today=date(2026, 12, 23)) == 0
    assert Enquiry.objects.filter(pk=row.pk).exists()


def test_an_edit_between_the_look_and_the_notice_makes_none(world: World) -> None:
    row = written(world)
    (due,) = drafts.to_announce(date(2026, 12, 18))
    with time_machine.travel(at("2026-12-18", 9), tick=False):
        enquiries.amend(enquiry=fresh(row), by=world.referrer, changes={"background": "Wait."})
    assert (drafts.announce(draft=due, now=at("2026-12-18", 10)), letters()) == (0, [])


def test_one_that_is_gone_already_is_no_fault(world: World) -> None:
    row = written(world)
    tidy("2026-12-18")
    enquiries.discard(enquiry=fresh(row), by=world.referrer)
    assert drafts.delete(draft=row, today=date(2026, 12, 23)) == 0


def test_of_a_case_system_s_draft_whoever_is_named_is_told_and_else_nobody(world: World) -> None:
    with time_machine.travel(at("2026-11-23"), tick=False):
        draft(world.case_system)
        draft(world.case_system, {"kind": "referral"})
    assert tidy("2026-12-18") == 2
    (told,) = Notification.objects.select_related("enquiry__authority", "person")
    assert letter(told).to == [example()["referrer"]["email"]]


def test_the_day_is_the_office_s_day_also_when_the_clocks_change(world: World) -> None:
    """Written just after midnight in summer time: 23:30 UTC the day before."""
    with time_machine.travel(at("2026-10-05", 0) + timedelta(minutes=30), tick=False):
        row = draft(world.referrer, {"kind": "referral"})
    assert row.delete_on == date(2026, 11, 4)
    assert [tidy("2026-10-29", 23), tidy("2026-10-30", 0)] == [0, 1]
    assert [tidy("2026-11-03", 23), tidy("2026-11-04", 0)] == [0, 1]


def test_the_worker_walks_the_round() -> None:
    assert drafts.tidy in [walk for _, walk in ROUNDS]
