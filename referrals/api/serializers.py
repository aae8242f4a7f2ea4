"""What the API shows of referrals, and the members that their transitions take."""

from typing import Any

from rest_framework import serializers

from intake.api.serializers import AuthorityShown, TransitionShown
from intake.bodies import Body
from intake.models import User
from intake.shape import Choice, Day, Number, Prose, Shape, Text, places, rows, texts
from referrals.lifecycle import REFERRAL, Transition
from referrals.models import Referral

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


class AcceptBody(Shape):
    rationale = Prose(required=True)
    conflict_statement = Prose(required=True)
    assessments = places()
    declined = rows(DeclinedRow, 20)
    waiver_reason = Prose(help_text="Needed when something required at the acceptance is not there.")


class DeclineBody(Shape):
    reason_code = Text(required=True, max_length=40)
    text = Prose(required=True)
    elsewhere = Prose(required=True)


class RedirectBody(Shape):
    agency = Text(required=True, max_length=200)
    text = Prose(required=True)


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
    report = Number(required=True, max_value=2**53, help_text="The id of an attachment of this referral.")
    children_seen = rows(SeenRow, 30, required=True)


class DefectRow(Shape):
    code = Text(required=True, max_length=40)
    text = Prose(required=True)


class SendBackBody(Shape):
    defects = rows(DefectRow, 30, required=True)


class DeliverBody(Shape):
    checklist = texts(300, required=True)


class AddendumBody(Shape):
    questions = texts(5_000, required=True)
    needed_by = Day(required=True)


class CloseBody(Shape):
    outcome_code = Text(required=True, max_length=40)
    follow_up_3_months = Day(required=True)
    follow_up_6_months = Day(required=True)


class EvidenceBody(Shape):
    source = Text(required=True, max_length=160)  # type: ignore[assignment]
    state = Choice(choices=["asked", "received", "not_available"])
    why = Prose()


class ChallengeBody(Shape):
    text = Prose(required=True)


class EvidenceShown(serializers.Serializer[Any]):
    source = serializers.CharField()  # type: ignore[assignment]
    state = serializers.CharField()
    why = serializers.CharField()
    logged_at = serializers.DateTimeField()


class ChallengeShown(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    text = serializers.CharField()
    raised_at = serializers.DateTimeField()
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)
