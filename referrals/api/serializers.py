"""What the API shows of referrals, and the members that their transitions take."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from intake.api.serializers import AuthorityShown, TransitionShown
from intake.bodies import Body
from intake.models import User
from intake.shape import Choice, Day, Number, Prose, Shape, Text, YesNo, places, rows, texts
from referrals import continuity
from referrals.api.timetable import TargetShown, show_target
from referrals.lifecycle import REFERRAL, Transition
from referrals.models import Finding, Referral
from referrals.turnaround import targets_of

URL = "/api/v1/referrals/{}/"


class ReferralLine(serializers.Serializer[Any]):
    reference = serializers.CharField()
    url = serializers.CharField()
    enquiry = serializers.CharField()
    authority = AuthorityShown()
    assessment_type = serializers.CharField()
    status = serializers.CharField()
    turn = serializers.CharField()
    service = AuthorityShown(allow_null=True)
    assessor = serializers.CharField(allow_null=True)
    co_worker = serializers.CharField(allow_null=True)
    reply_by = serializers.DateField(allow_null=True)
    needed_by = serializers.DateField(allow_null=True)
    updated_at = serializers.DateTimeField()


class ReferralShown(ReferralLine):
    questions = serializers.ListField(child=serializers.CharField())
    review_on = serializers.DateField(allow_null=True)
    filing_met = serializers.BooleanField(allow_null=True)
    outcome_code = serializers.CharField()
    follow_up_3_months = serializers.DateField(allow_null=True)
    follow_up_6_months = serializers.DateField(allow_null=True)
    workers = serializers.IntegerField(help_text="How many this family has had, leads and co-workers.")
    targets = TargetShown(many=True)
    transitions = TransitionShown(many=True)


def show_line(row: Referral) -> Body:
    service = row.service
    return {
        "reference": row.reference,
        "url": URL.format(row.reference),
        "enquiry": row.enquiry.reference,
        "authority": {"code": row.enquiry.authority.code, "name": row.enquiry.authority.name},
        "assessment_type": row.assessment.type.code,
        "status": row.status,
        "turn": row.turn,
        "service": {"code": service.code, "name": service.name} if service else None,
        "assessor": row.assessor.name if row.assessor else None,
        "co_worker": row.co_worker.name if row.co_worker else None,
        "reply_by": row.reply_by,
        "needed_by": row.decisive_date,
        "updated_at": row.updated_at,
    }


def show_referral(row: Referral, user: User) -> Body:
    return {
        **show_line(row),
        "questions": row.assessment.questions,
        "review_on": row.review_on,
        "filing_met": row.filing_met,
        "outcome_code": row.outcome_code,
        "follow_up_3_months": row.follow_up_3_months,
        "follow_up_6_months": row.follow_up_6_months,
        "workers": continuity.of_referral(row).count,
        "targets": [show_target(found) for found in targets_of([row], user, timezone.now())[row.pk]],
        "transitions": [
            {
                "name": name,
                "label": Transition(name).label,
                "href": f"{URL.format(row.reference)}{name.replace('_', '-')}/",
                "needs": list(REFERRAL[name].needs),
            }
            for name in row.transitions_for(user)
        ],
    }


# --- What transitions take: the enquiry's triage ------------------------------------------------------------


class DeclinedRow(Shape):
    assessment = Number(required=True, max_value=99)
    reason_code = Text(required=True, max_length=40)
    text = Prose(required=True)
    elsewhere = Prose(required=True)


class RedirectedRow(Shape):
    assessment = Number(required=True, max_value=99)
    agency = Text(required=True, max_length=200)
    text = Prose(required=True)


FACTORS = "Codes of the list assessment_factor, as whoever decides sees them."


class AcceptBody(Shape):
    rationale = Prose(required=True)
    conflict_statement = Prose(required=True)
    assessments = places()
    declined = rows(DeclinedRow, 20)
    redirected = rows(RedirectedRow, 20)
    waiver_reason = Prose(help_text="Needed when something required at the acceptance is not there.")
    late_reason = Prose(help_text="Needed when the forecast says that an accepted assessment would be late.")
    conflict = Choice(choices=["none", "declared"], required=False)
    conflict_with = Text(max_length=200, help_text="Of a declared conflict: with whom.")
    conflict_handled = Prose(help_text="Of a declared conflict: what was done about it.")
    factors = texts(4, help_text=FACTORS)


class DeclineBody(Shape):
    reason_code = Text(required=True, max_length=40)
    text = Prose(required=True)
    elsewhere = Prose(required=True)
    declined = rows(DeclinedRow, 20)
    redirected = rows(RedirectedRow, 20)
    factors = texts(4, help_text=FACTORS)


class RedirectBody(Shape):
    agency = Text(required=True, max_length=200)
    text = Prose(required=True)
    redirected = rows(RedirectedRow, 20)
    factors = texts(4, help_text=FACTORS)


class DuplicateBody(Shape):
    repeats = Text(required=True, max_length=30)


# --- The referral's own --------------------------------------------------------------------------------------


class OfferBody(Shape):
    service = Text(required=True, max_length=40, help_text="The code of the assessment service.")
    reply_by = Day(required=True)
    override_reason = Prose()
    note = Prose()


class DeclineOfferBody(Shape):
    reason_code = Text(required=True, max_length=40)
    text = Prose(required=True)


class AcceptOfferBody(Shape):
    assessor = Text(required=True, max_length=254, help_text="The e-mail address of the lead assessor.")
    conflict_statement = Prose(required=True)
    override_reason = Prose()


class ReallocateBody(Shape):
    assessor = Text(required=True, max_length=254)
    reason_code = Text(required=True, max_length=40)
    text = Prose()
    override_reason = Prose()


class StartBody(Shape):
    waiver_reason = Prose()


class PauseBody(Shape):
    reason_code = Text(required=True, max_length=40)
    review_on = Day(required=True)
    text = Prose()


class SeenRow(Shape):
    child = Number(required=True, max_value=99)
    seen_on = Day()
    views = Prose()
    not_seen_why = Prose()


class SubmitReportBody(Shape):
    """`children_seen`: those whose views were not written up on a visit."""

    report = Number(required=True, max_value=2**53, help_text="The id of an attachment of this referral.")
    children_seen = rows(SeenRow, 30)


class DefectRow(Shape):
    code = Text(required=True, max_length=40)
    text = Prose(required=True)


class JudgedRow(Shape):
    criterion = Text(required=True, max_length=40, help_text="Of the code list review_criteria.")
    verdict = Choice(choices=Finding.Verdict.values)
    comment = Prose(help_text="Needed unless it is met.")


class MendedRow(Shape):
    defect = Number(required=True, max_value=2**53, help_text="The id of a defect of an earlier review.")
    mended = YesNo(required=True)


class SendBackBody(Shape):
    defects = rows(DefectRow, 30, required=True)
    checklist = rows(JudgedRow, 50)
    mended = rows(MendedRow, 90)
    grade = Text(max_length=40, help_text="Of the code list review_grade.")


class DeliverBody(Shape):
    checklist = rows(JudgedRow, 50, required=True)
    mended = rows(MendedRow, 90)
    grade = Text(max_length=40, help_text="Of the code list review_grade.")
    missed_why = Prose(help_text="Needed when it comes after the day it was needed.")


class AddendumBody(Shape):
    questions = texts(5_000, required=True)
    needed_by = Day(required=True)


class CloseBody(Shape):
    """Days left out are three and six months from today, or the next working day."""

    outcome_code = Text(required=True, max_length=40)
    follow_up_3_months = Day()
    follow_up_6_months = Day()


class EvidenceBody(Shape):
    source = Text(required=True, max_length=160)  # type: ignore[assignment]
    state = Choice(choices=["asked", "received", "not_available"])
    why = Prose()
    asked_on = Day()
    received_on = Day()
    chased_on = Day(help_text="The day on which they were asked once more.")


class ChallengeBody(Shape):
    text = Prose(required=True)


class EvidenceShown(serializers.Serializer[Any]):
    source = serializers.CharField()  # type: ignore[assignment]
    state = serializers.CharField()
    why = serializers.CharField()
    asked_on = serializers.DateField(allow_null=True)
    received_on = serializers.DateField(allow_null=True)
    chased = serializers.IntegerField()
    chased_on = serializers.DateField(allow_null=True)
    logged_at = serializers.DateTimeField()


class ChallengeShown(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    text = serializers.CharField()
    raised_at = serializers.DateTimeField()
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)
