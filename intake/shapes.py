"""The body of an enquiry, as sent and as shown: the members' types; the rules across them are `checks`."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from intake import checks
from intake.checks import Fault
from intake.models import book
from intake.refusals import Invalid
from intake.shape import (
    Choice,
    Day,
    Faults,
    Number,
    Particulars,
    Prose,
    Shape,
    Text,
    YesNo,
    places,
    rows,
    texts,
)
from intake.words import Language


class ReferrerBody(Shape):
    name = Text(required=True, max_length=120)
    role = Text(max_length=120)
    team = Text(max_length=160)
    email = Text(required=True, max_length=254)
    phone = Text(max_length=40)
    manager_name = Text(max_length=120)
    manager_email = Text(max_length=254)
    away_cover = Text(max_length=200)


class PromptedBody(Shape):
    """What prompted it, by the code list `prompted_by`."""

    code = Text(required=True, max_length=30)
    reason = Prose()


class UrgencyBody(Shape):
    immediate_danger = YesNo()
    needed_by = Day()
    why_now = Prose()


class AssessmentBody(Shape):
    type = Text(required=True, max_length=20)
    children = places()
    adults = places()
    questions = texts(5_000)
    particulars = Particulars()


class HearingBody(Shape):
    kind = Text(required=True, max_length=40)
    date = Day(required=True)


class CostShareBody(Shape):
    party = Text(required=True, max_length=120)
    percent = Number(required=True, max_value=100)


class InstructionBody(Shape):
    joint = YesNo()
    lead_solicitor = Text(max_length=160)
    cost_shares = rows(CostShareBody, 20)


class LegalBody(Shape):
    framework = Text(max_length=20)
    stage = Text(max_length=30)
    court = Text(max_length=160)
    case_number = Text(max_length=40)
    permission = Text(max_length=20)
    permission_date = Day()
    issued_on = Day()
    filing_date = Day()
    letter_before_proceedings = Day()
    hearings = rows(HearingBody, 30)
    instruction = InstructionBody(required=False)


class SendBody(Shape):
    need = Text(max_length=10)
    ehc_plan = YesNo()


class EarlyHelpBody(Shape):
    had = YesNo()
    to = Day()
    end_reason = Text(max_length=40)
    lead = Text(max_length=160)

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python's, so it cannot stand above."""
        return {**super().get_fields(), "from": Day()}


class ChildBody(Shape):
    name = Text(required=True)
    known_as = Text(max_length=120)
    date_of_birth = Day()
    age = Number(max_value=25, help_text="In a preliminary enquiry, which names nobody.")
    expected_date_of_delivery = Day()
    sex = Text(max_length=1)
    ethnicity = Text(max_length=4)
    first_language = Text(max_length=60)
    religion = Text(max_length=60)
    disabilities = texts(10)
    communication_needs = Prose()
    send = SendBody(required=False)
    nhs_number = Text(max_length=30)
    upn = Text(max_length=30)
    upn_unknown = Text(max_length=4)
    authority_child_id = Text(max_length=40)
    legal_status = Text(max_length=4)
    placement_type = Text(max_length=4)
    school = Text(max_length=160)
    early_help = EarlyHelpBody(required=False)
    child_seen = YesNo()
    views = Prose()


class RelationshipBody(Shape):
    child = Number(required=True, max_value=99)
    relationship = Text(required=True, max_length=60)
    parental_responsibility = YesNo(allow_null=True)


class AddressBody(Shape):
    lines = texts(120)
    postcode = Text(max_length=10)


class NeedsBody(Shape):
    interpreter = Text(max_length=80, allow_null=True)
    learning_disability = Text(max_length=20)
    mental_health = Text(max_length=20)
    literacy = Text(max_length=20)
    advocate = YesNo(allow_null=True)
    notes = Prose()


class AdultBody(Shape):
    name = Text(required=True)
    date_of_birth = Day()
    age = Number(max_value=130, help_text="In a preliminary enquiry, which names nobody.")
    relationships = rows(RelationshipBody, 50)
    address = AddressBody(required=False)
    address_withheld = YesNo()
    phone = Text(max_length=40)
    safe_contact = Prose()
    needs = NeedsBody(required=False)
    solicitor = Text(max_length=160)


class HouseholdBody(Shape):
    name = Text(required=True)
    relationship = Text(max_length=80)
    age = Number(max_value=130)
    date_of_birth = Day()


class RiskBody(Shape):
    about = Choice(choices=["child", "worker", "contact"])
    level = Text(required=True, max_length=20)
    text = Prose()
    review_on = Day()


class PaperBody(Shape):
    role = Text(required=True, max_length=40)
    state = Text(required=True, max_length=20)
    note = Prose()


class InformationBody(Shape):
    family_told = Text(max_length=30)
    not_told_why = Prose()
    taking_part = Prose()
    lawful_basis = Text(max_length=40)


class DeclarationBody(Shape):
    authority_to_instruct = YesNo()
    accurate = YesNo()
    name = Text(max_length=120)


class EnquiryBody(Shape):
    """What an authority sends."""

    authority_reference = Text(max_length=60)
    kind = Choice(choices=["general", "preliminary", "referral", "instruction"])
    language = Choice(choices=Language.choices, required=False)
    continues = Text(max_length=20, help_text="The reference of the authority's earlier enquiry.")
    prompted_by = PromptedBody(required=False)
    referrer = ReferrerBody()
    urgency = UrgencyBody(required=False)
    assessments = rows(AssessmentBody, 20, required=True)
    legal = LegalBody(required=False)
    children = rows(ChildBody, 30)
    adults = rows(AdultBody, 30)
    household = rows(HouseholdBody, 30)
    risks = rows(RiskBody, 30)
    background = Prose()
    documents = rows(PaperBody, 60)
    information = InformationBody(required=False)
    declaration = DeclarationBody(required=False)


class EnquiryCreate(EnquiryBody):
    """What is sent to make an enquiry: the body, and whether it stays a draft; the hub says for whom and why."""

    draft = YesNo()
    authority = Text(max_length=3, help_text="The hub, on behalf: the authority's DfE code.")
    on_behalf_reason = Prose()


# One of each for the process: DRF would copy every field for every request.
CREATE = EnquiryCreate()
AMEND = EnquiryBody()


def validated(data: Any, *, nation: str) -> dict[str, Any]:
    """A create's members; refuses with every fault of shape and rule at once, each at its pointer."""
    faults: Faults = []
    draft = isinstance(data, Mapping) and data.get("draft") is True
    body = CREATE.collect(data, "", faults, lax=draft)
    if faults:
        raise Invalid([*faults, *rules(body, faults, nation)])
    return body


def rules(body: Mapping[str, Any], faults: Faults, nation: str) -> list[Fault]:
    """What the rules say of the rest, without what only follows from a fault of shape."""
    found = checks.check(body, book=book().codes, today=timezone.localdate(), nation=nation)
    known = [fault.pointer for fault in faults]
    return [fault for fault in found if not any(overlaps(fault.pointer, place) for place in known)]


def overlaps(one: str, other: str) -> bool:
    return one == other or one.startswith(other + "/") or other.startswith(one + "/")


def has_place(field: Any, value: Any, parts: Sequence[str]) -> bool:
    """Whether the parts of a pointer lead somewhere from here: a member of the shape, a row that is there."""
    if not parts:
        return True
    part, rest = parts[0], parts[1:]
    if isinstance(field, Shape):
        inner = field.writable().get(part)
        return inner is not None and has_place(inner, (value or {}).get(part), rest)
    if isinstance(field, Particulars):
        return not rest
    if isinstance(field, serializers.ListSerializer | serializers.ListField) and isinstance(value, list):
        here = part.isdecimal() and int(part) < len(value)
        return here and has_place(field.child, value[int(part)], rest)
    return False
