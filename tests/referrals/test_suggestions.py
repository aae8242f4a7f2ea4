"""Suggestions from the database: who sees what, at what cost, and that an offer is checked by the same rule."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from intake.lifecycle import Role
from intake.models import ConflictBlock, Enquiry, Likeness, Organisation, Person
from referrals import capacity, suggestions
from referrals.actions import assessors, conflicts, placements
from referrals.models import Assessor, Conflict, Coverage, Leave, Referral, Skill
from referrals.suggestions.reader import PRIVATE
from tests.factories import World, fresh, in_days


def path(referral: Referral) -> str:
    return f"/api/v1/referrals/{referral.reference}/suggestions/"


def profile(user: Any) -> Assessor:
    return Assessor.objects.get(user=user)


def places(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.data
    return sorted(fault["pointer"] for fault in answer.data["errors"])


def offer(world: World, **more: Any) -> dict[str, Any]:
    return {"service": world.north.code, "reply_by": str(in_days(3)), **more}


def texts(row: Any) -> str:
    return " · ".join(point["text"] for point in row["points"])


# --- Who may ask, and what they are told -------------------------------------------------------------------


def test_the_hub_is_told_of_services_and_assessors_with_points_that_add_up(world: World, api: Any) -> None:
    referral = world.referral()
    world.assessor, world.other_assessor  # noqa: B018 - both services have somebody
    told = api(world.coordinator).get(path(referral)).data
    assert {row["service"]["code"] for row in told["services"]} == {"north", "south"}
    assert {row["assessor"] for row in told["assessors"]} == {
        world.assessor.email,
        world.other_assessor.email,
    }
    for row in (*told["services"], *told["assessors"]):
        assert row["total"] == sum(point["points"] for point in row["points"])
        assert row["forecast"]["sentence"].startswith("Would be filed ")


def test_a_lead_is_told_of_their_own_assessors_only(world: World, api: Any) -> None:
    referral = world.referral("offered")
    world.assessor, world.other_assessor  # noqa: B018
    told = api(world.lead).get(path(referral)).data
    assert told["services"] == []
    assert [row["assessor"] for row in told["assessors"]] == [world.assessor.email]
    assert "south" not in str(told)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("assessor", 403),
        ("reviewer", 403),
        ("referrer", 403),
        ("stranger", 404),
        ("other_lead", 404),
        ("auditor", 404),
    ],
)
def test_others_are_refused_or_find_nothing(world: World, api: Any, who: str, status: int) -> None:
    referral = world.referral("allocated")
    assert api(getattr(world, who)).get(path(referral)).status_code == status


def test_the_number_of_statements_does_not_grow_with_the_candidates(world: World) -> None:
    referral = world.referral()
    world.assessor  # noqa: B018

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            suggestions.suggestions_for(fresh_one(referral), timezone.localdate())
        return len(asked)

    few = statements()
    for number in range(6):
        service = world.covering(world.organisation("assessment_service", f"s{number}", f"Service {number}"))
        world.assessor_of(service, f"Assessor {number}")
    assert statements() == few <= 20


def fresh_one(referral: Referral) -> Referral:
    return Referral.objects.select_related("enquiry__authority", "assessment__type").get(pk=referral.pk)


# --- What counts -------------------------------------------------------------------------------------------


def match_of(referral: Referral, user: Any) -> Any:
    found = suggestions.suggestions_for(fresh_one(referral), timezone.localdate())
    rows = (*found.assessors, *found.stopped)
    return next(row for row in rows if row.candidate.assessor == user.pk)


def test_skills_languages_and_the_way_are_read_from_the_records(world: World) -> None:
    referral = world.referral()
    Person.objects.filter(enquiry=referral.enquiry, part="adult").update(
        interpreter="Polish (Silesian)", postcode="OL1 1AA", address_withheld=False
    )
    Assessor.objects.filter(user=world.assessor).update(languages=["pl"], base_area="M")
    sentence = match_of(referral, world.assessor).sentence
    assert "speaks Polish" in sentence
    assert "about 9 miles" in sentence


def test_of_a_withheld_address_nothing_is_used(world: World) -> None:
    referral = world.referral()
    people = Person.objects.filter(enquiry=referral.enquiry, part="adult")
    people.update(postcode="OL1 1AA", address_withheld=True)
    wanted = suggestions.wanted_of(fresh_one(referral))
    assert (wanted.postcode_area, wanted.spot) == ("", None)


def test_who_led_for_the_family_before_is_preferred(world: World) -> None:
    """Over an enquiry that a person said is about the same family."""
    earlier, referral = world.referral("allocated"), world.referral()
    one, other = sorted((earlier.enquiry, referral.enquiry), key=lambda row: row.pk)
    Likeness.objects.create(
        one=one, other=other, answer="linked", reason="One mother.", by=world.manager, at=timezone.now()
    )
    assert " · knows the family · " in match_of(referral, world.assessor).sentence
    assert "the service knows the family" in match_of(referral, world.second_assessor).sentence
    Enquiry.objects.filter(pk=earlier.enquiry_id).update(restricted=True)
    assert "knows the family" not in match_of(referral, world.assessor).sentence


def test_more_children_an_interpreter_and_a_learning_disability_take_more_hours(world: World) -> None:
    referral = world.referral()
    people = Person.objects.filter(enquiry=referral.enquiry)
    people.filter(part="adult").update(interpreter="", learning_disability="no")
    plain = suggestions.wanted_of(fresh_one(referral)).hours
    terms = capacity.terms_of(referral.assessment.type.code, timezone.localdate())
    people.filter(part="adult").update(interpreter="Urdu", learning_disability="yes")
    more = suggestions.wanted_of(fresh_one(referral)).hours
    assert more - plain == terms.interpreter + terms.learning_disability


def test_work_under_way_takes_its_hours_until_it_is_delivered(world: World) -> None:
    today = timezone.localdate()
    world.assessor  # noqa: B018

    def taken() -> float:
        return capacity.load([profile(world.assessor)], today)[profile(world.assessor).pk].committed

    assert taken() == 0
    referral = world.referral("in_progress")
    under_way = taken()
    assert under_way == pytest.approx(
        referral.hours / capacity.terms_of(referral.assessment.type.code, today).weeks, abs=0.1
    )
    referral = world.report(referral)
    assert 0 < taken() < under_way
    world.deliver(referral)
    assert taken() == 0


def test_leave_moves_the_day_from_which_somebody_is_free(world: World) -> None:
    today, row = timezone.localdate(), profile(world.assessor)
    assert capacity.free_from(row, 30, today) == today
    Leave.objects.create(assessor=row, first=today, last=today + timedelta(days=9))
    assert capacity.free_from(row, 30, today) == today + timedelta(days=10)
    assert capacity.free_from(world.north, 30, today) == today + timedelta(days=10)


def test_the_earliest_date_is_that_of_the_best_service_with_the_skill(world: World) -> None:
    today, kind = (
        timezone.localdate(),
        Coverage.objects.filter(service=world.north, type__code="PAMS").get().type,
    )
    assert capacity.earliest(kind, "North West", "England", today, None) is not None
    row = profile(world.assessor)
    Leave.objects.create(assessor=row, first=today, last=today + timedelta(days=30))
    found = capacity.earliest(kind, "North West", "England", today, None)
    assert found is not None
    assert found.starts_on > today + timedelta(days=30)
    Skill.objects.filter(assessor=row, code="PAMS").delete()
    assert capacity.earliest(kind, "North West", "England", today, None) is None
    Coverage.objects.filter(service=world.north).update(region="Wales")
    assert capacity.earliest(kind, "North West", "England", today, None) is None


# --- The same rule at the offer and the acceptance -----------------------------------------------------------


def stop_all(world: World, what: str) -> str:
    """Something that stops the one assessor of the north; the code of it."""
    row, today = profile(world.assessor), timezone.localdate()
    changes: dict[str, dict[str, Any]] = {
        "registration_expired": {"registration_until": today - timedelta(days=1)},
        "ceiling": {"hours": 0},
        "grade_below": {"grade": "NEWLY_QUALIFIED"},
        "leaving": {"ends_on": today + timedelta(days=7)},
    }
    if what in changes:
        Assessor.objects.filter(pk=row.pk).update(**changes[what])
    elif what == "away":
        Leave.objects.create(assessor=row, first=today, last=today + timedelta(days=400))
    elif what == "conflict":
        Conflict.objects.create(person=world.assessor, authority=world.oldham, reason="Worked there.")
    return what


@pytest.mark.parametrize(
    "what", ["registration_expired", "ceiling", "grade_below", "leaving", "away", "conflict"]
)
def test_what_stops_a_suggestion_stops_the_acceptance_and_the_offer(
    world: World, api: Any, what: str
) -> None:
    offered = world.referral("offered")
    code = stop_all(world, what)
    referral = world.referral()
    found = suggestions.suggestions_for(fresh_one(referral), timezone.localdate())
    stopped = [row for row in found.stopped if row.candidate.assessor == world.assessor.pk]
    assert [stop.code for row in stopped for stop in row.stops] == [code]
    assert places(api(world.coordinator).make(referral, "offer", offer(world))) == ["/service"]
    facts = {"assessor": world.assessor.email, "conflict_statement": "None.", "override_reason": "Please."}
    assert places(api(world.lead).make(fresh(offered), "accept_offer", facts)) == ["/assessor"]


def test_a_manager_overrides_with_a_reason_what_can_be_overridden(world: World, api: Any) -> None:
    referral = world.referral()
    stop_all(world, "ceiling")
    manager = api(world.manager)
    assert places(manager.make(referral, "offer", offer(world))) == ["/override_reason"]
    why = offer(world, override_reason="Two close this week.")
    assert manager.make(referral, "offer", why).status_code == 200
    assert fresh(referral).last_change().data["override_reason"] == "Two close this week."


def test_nobody_overrides_an_ended_registration_of_whoever_is_to_lead(world: World, api: Any) -> None:
    referral = world.referral("allocated")
    world.second_assessor  # noqa: B018
    until = timezone.localdate() - timedelta(days=1)
    Assessor.objects.filter(user=world.second_assessor).update(registration_until=until)
    facts = {"assessor": world.second_assessor.email, "reason_code": "ABSENCE", "override_reason": "Please."}
    assert places(api(world.manager).make(referral, "reallocate", facts)) == ["/assessor"]


def test_over_their_hours_a_reason_is_asked_for_and_kept(world: World, api: Any) -> None:
    held = world.referral("in_progress")
    weekly = held.hours / capacity.terms_of(held.assessment.type.code, timezone.localdate()).weeks
    Assessor.objects.filter(user=world.assessor).update(hours=round(weekly * 1.75))
    referral, lead = world.referral("offered"), api(world.lead)
    facts = {"assessor": world.assessor.email, "conflict_statement": "None."}
    assert places(lead.make(referral, "accept_offer", facts)) == ["/override_reason"]
    assert lead.make(referral, "accept_offer", {**facts, "override_reason": "One closes."}).status_code == 200
    assert referral.allocation_rows.get().override_reason == "One closes."


def test_what_an_offer_was_counted_at_stays_with_the_referral(world: World) -> None:
    referral = world.referral()
    hours = suggestions.wanted_of(fresh_one(referral)).hours
    placed = placements.offer(
        referral=referral, by=world.coordinator, service=world.north, reply_by=in_days(3)
    )
    assert fresh(placed).hours == hours > 0


# --- Conflicts -----------------------------------------------------------------------------------------------


def test_a_lead_is_told_that_there_is_a_conflict_and_not_which(world: World, api: Any) -> None:
    referral = world.referral("offered")
    world.assessor  # noqa: B018
    Conflict.objects.create(
        person=world.assessor,
        authority=world.oldham,
        kind="EARLIER_INSTRUCTION",
        reason="Instructed by the father of the Marlowe family.",
        said_by=world.manager,
    )
    told = api(world.lead).get(path(referral)).data["stopped"]
    assert [stop["text"] for row in told for stop in row["stops"]] == [PRIVATE]
    hub = str(api(world.coordinator).get(path(world.referral())).data)
    assert "instructed before by another party" in hub
    assert "Marlowe" not in hub


def test_who_is_kept_out_of_an_enquiry_is_not_named_for_it(world: World) -> None:
    referral = world.referral()
    ConflictBlock.objects.create(
        enquiry=referral.enquiry, person=world.assessor, since=timezone.now(), reason="A cousin."
    )
    stops = match_of(referral, world.assessor).stops
    assert [(stop.code, stop.overridable_by) for stop in stops] == [("blocked", "")]


def test_a_declared_conflict_holds_until_somebody_else_ends_it(world: World, api: Any) -> None:
    row = profile(world.assessor)
    declared = conflicts.declare(
        assessor=row, by=world.assessor, kind="FORMER_EMPLOYER", reason="Until 2024.", authority=world.oldham
    )
    referral = world.referral()
    assert [stop.code for stop in match_of(referral, world.assessor).stops] == ["conflict"]
    with pytest.raises(Exception, match="Somebody else ends"):
        conflicts.end(row=declared, assessor=row, by=world.assessor)
    conflicts.end(row=declared, assessor=row, by=world.manager)
    assert not match_of(referral, world.assessor).stops


def test_nobody_learns_by_a_conflict_whether_an_enquiry_exists(world: World) -> None:
    row, enquiry = profile(world.other_assessor), world.enquiry()
    for reference in (enquiry.reference, "ENQ-2222-2222-2"):
        with pytest.raises(Exception, match="no enquiry of this reference"):
            conflicts.declare(
                assessor=row,
                by=world.other_assessor,
                kind="FAMILY",
                reason="A cousin.",
                enquiry_reference=reference,
            )


# --- Services and assessors at the API -----------------------------------------------------------------------

ASSESSORS = "/api/v1/assessment-services/north/assessors/"


def test_the_hub_sees_what_each_service_covers_and_carries_a_service_its_own(world: World, api: Any) -> None:
    world.assessor, world.south  # noqa: B018
    hub = api(world.coordinator).get("/api/v1/assessment-services/").data["results"]
    assert {row["code"]: row["assessors"] for row in hub} == {"north": 1, "south": 0}
    assert hub[0]["coverage"][0].keys() == {"type", "region", "age_from", "age_to", "languages"}
    assert hub[0]["load"]["hours_a_week"] == 500
    own = api(world.lead).get("/api/v1/assessment-services/").data["results"]
    assert [row["code"] for row in own] == ["north"]
    assert api(world.referrer).get("/api/v1/assessment-services/").data["results"] == []


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("lead", 200),
        ("coordinator", 200),
        ("assessor", 403),
        ("reviewer", 403),
        ("other_lead", 404),
        ("referrer", 404),
    ],
)
def test_assessors_are_read_by_the_hub_and_their_lead(world: World, api: Any, who: str, status: int) -> None:
    world.assessor  # noqa: B018
    assert api(getattr(world, who)).get(ASSESSORS).status_code == status


def test_of_an_assessor_registration_skills_hours_and_days_away_are_told_and_never_why(
    world: World, api: Any
) -> None:
    today = timezone.localdate()
    row = assessors.change(
        assessor=profile(world.assessor),
        by=world.lead,
        registration_body="SWE",
        registration_number="SW123",
        registration_until=today + timedelta(days=30),
    )
    assessors.add_leave(assessor=row, by=world.assessor, first=today, last=today, kind="UNPLANNED")
    (told,) = api(world.lead).get(ASSESSORS).data["results"]
    assert told["registration"] == {
        "body": "SWE", "number": "SW123", "until": today + timedelta(days=30), "expires_soon": True,
    }  # fmt: skip
    assert told["leave"] == [{"first": today, "last": today}]
    assert "UNPLANNED" not in str(told)


def service(code: str) -> Organisation:
    return Organisation.objects.get(code=code, kind="assessment_service")


def test_a_lead_of_another_service_changes_nothing(world: World) -> None:
    row, role = profile(world.assessor), Role.SERVICE_LEAD
    assert world.other_lead.has(role)
    with pytest.raises(Exception, match="Your role does not allow this"):
        assessors.change(assessor=row, by=world.other_lead, hours=1)
    with pytest.raises(Exception, match="Your role does not allow this"):
        assessors.add_leave(assessor=row, by=world.second_assessor, first=in_days(1), last=in_days(2))
