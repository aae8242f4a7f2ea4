"""The limit to compare with: a bare DRF view that validates the same body and inserts seven rows."""
# ruff: noqa: DJ008

import uuid
from typing import Any

from django.db import models, transaction
from django.urls import path
from rest_framework import serializers
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

TABLES: list[type[models.Model]] = []


class Plain(models.Model):
    """A table without a rule."""

    class Meta:
        abstract = True
        app_label = "benchmark"

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        TABLES.append(cls)


class Enquiry(Plain):
    reference = models.CharField(max_length=36, unique=True)
    authority_reference = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    referrer_name = models.CharField(max_length=120)
    referrer_email = models.EmailField()
    needed_by = models.DateField(null=True)
    why_now = models.TextField()
    framework = models.CharField(max_length=20)
    filing_date = models.DateField(null=True)
    background = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)


class Child(Plain):
    enquiry = models.ForeignKey(Enquiry, models.CASCADE)
    name = models.CharField(max_length=200)
    date_of_birth = models.DateField(null=True)
    sex = models.CharField(max_length=1)
    views = models.TextField()


class Adult(Plain):
    enquiry = models.ForeignKey(Enquiry, models.CASCADE)
    name = models.CharField(max_length=200)
    date_of_birth = models.DateField(null=True)
    phone = models.CharField(max_length=40)


class Assessment(Plain):
    enquiry = models.ForeignKey(Enquiry, models.CASCADE)
    type = models.CharField(max_length=20)
    questions = models.JSONField()


class Risk(Plain):
    enquiry = models.ForeignKey(Enquiry, models.CASCADE)
    about = models.CharField(max_length=10)
    level = models.CharField(max_length=20)
    text = models.TextField()


class Paper(Plain):
    enquiry = models.ForeignKey(Enquiry, models.CASCADE)
    role = models.CharField(max_length=40)
    state = models.CharField(max_length=20)


class Line(Plain):
    enquiry = models.ForeignKey(Enquiry, models.CASCADE)
    at = models.DateTimeField(auto_now_add=True)
    verb = models.CharField(max_length=60)


def text(length: int = 200) -> serializers.CharField:
    return serializers.CharField(max_length=length, required=False, allow_blank=True)


def texts() -> serializers.ListField:
    return serializers.ListField(child=text(5_000), required=False)


def places() -> serializers.ListField:
    return serializers.ListField(child=serializers.IntegerField(min_value=0), required=False)


def day() -> serializers.DateField:
    return serializers.DateField(required=False)


def yes_no() -> serializers.BooleanField:
    return serializers.BooleanField(required=False, allow_null=True)


class Referrer(serializers.Serializer):
    name, role, team, phone = text(120), text(120), text(160), text(40)
    email = serializers.EmailField()
    manager_name, away_cover = text(120), text(200)
    manager_email = serializers.EmailField(required=False)


class Urgency(serializers.Serializer):
    immediate_danger, needed_by, why_now = yes_no(), day(), text(20_000)


class Asked(serializers.Serializer):
    type, children, adults, questions = text(20), places(), places(), texts()


class Hearing(serializers.Serializer):
    kind, date = text(40), day()


class CostShare(serializers.Serializer):
    party, percent = text(120), serializers.IntegerField()


class Instruction(serializers.Serializer):
    joint, lead_solicitor = yes_no(), text(160)
    cost_shares = CostShare(many=True, required=False)


class Legal(serializers.Serializer):
    framework, stage, court, case_number, permission = text(20), text(30), text(160), text(40), text(20)
    permission_date, issued_on, filing_date = day(), day(), day()
    hearings = Hearing(many=True, required=False)
    instruction = Instruction(required=False)


class Send(serializers.Serializer):
    need, ehc_plan = text(10), yes_no()


class EarlyHelp(serializers.Serializer):
    had, to, end_reason, lead = yes_no(), day(), text(40), text(160)


class ChildGiven(serializers.Serializer):
    name, known_as, date_of_birth, sex, ethnicity = text(), text(120), day(), text(1), text(4)
    first_language, disabilities, communication_needs = text(60), texts(), text(20_000)
    send = Send(required=False)
    nhs_number, upn, authority_child_id, legal_status, placement_type = (
        text(30),
        text(30),
        text(40),
        text(4),
        text(4),
    )
    school, child_seen, views = text(160), yes_no(), text(20_000)
    early_help = EarlyHelp(required=False)


class Relationship(serializers.Serializer):
    child, relationship, parental_responsibility = serializers.IntegerField(), text(60), yes_no()


class Address(serializers.Serializer):
    lines, postcode = texts(), text(10)


class Needs(serializers.Serializer):
    interpreter = serializers.CharField(required=False, allow_null=True, max_length=80)
    learning_disability, mental_health, literacy, notes = text(20), text(20), text(20), text(20_000)


class AdultGiven(serializers.Serializer):
    name, date_of_birth, address_withheld, phone, safe_contact = (
        text(),
        day(),
        yes_no(),
        text(40),
        text(20_000),
    )
    relationships = Relationship(many=True, required=False)
    address = Address(required=False)
    needs = Needs(required=False)
    solicitor = text(160)


class Household(serializers.Serializer):
    name, relationship, age = text(), text(80), serializers.IntegerField(required=False)


class RiskGiven(serializers.Serializer):
    about, level, text, review_on = text(10), text(20), text(20_000), day()


class PaperGiven(serializers.Serializer):
    role, state, note = text(40), text(20), text(20_000)


class Information(serializers.Serializer):
    family_told, taking_part, lawful_basis = text(30), text(20_000), text(40)


class Declaration(serializers.Serializer):
    authority_to_instruct, accurate, name = yes_no(), yes_no(), text(120)


class Body(serializers.Serializer):
    authority_reference, kind, background = text(60), text(20), text(20_000)
    referrer = Referrer()
    urgency = Urgency()
    assessments = Asked(many=True)
    legal = Legal()
    children = ChildGiven(many=True)
    adults = AdultGiven(many=True)
    household = Household(many=True)
    risks = RiskGiven(many=True)
    documents = PaperGiven(many=True)
    information = Information()
    declaration = Declaration()


class Create(APIView):
    """A fresh serializer for each request, as DRF's own views make it; one row in each of seven tables."""

    authentication_classes = ()
    permission_classes = ()
    parser_classes = (JSONParser,)

    def post(self, request: Request) -> Response:
        given = Body(data=request.data)
        given.is_valid(raise_exception=True)
        return Response({"reference": insert(given.validated_data)}, status=201)


@transaction.atomic
def insert(body: dict[str, Any]) -> str:
    enquiry = Enquiry.objects.create(
        reference=str(uuid.uuid4()),
        authority_reference=body["authority_reference"],
        kind=body["kind"],
        referrer_name=body["referrer"]["name"],
        referrer_email=body["referrer"]["email"],
        needed_by=body["urgency"]["needed_by"],
        why_now=body["urgency"]["why_now"],
        framework=body["legal"]["framework"],
        filing_date=body["legal"]["filing_date"],
        background=body["background"],
    )
    child, adult, asked = body["children"][0], body["adults"][0], body["assessments"][0]
    Child.objects.create(
        enquiry=enquiry,
        name=child["name"],
        date_of_birth=child["date_of_birth"],
        sex=child["sex"],
        views=child["views"],
    )
    Adult.objects.create(
        enquiry=enquiry, name=adult["name"], date_of_birth=adult["date_of_birth"], phone=adult["phone"]
    )
    Assessment.objects.create(enquiry=enquiry, type=asked["type"], questions=asked["questions"])
    risk, paper = body["risks"][0], body["documents"][0]
    Risk.objects.create(enquiry=enquiry, about=risk["about"], level=risk["level"], text=risk["text"])
    Paper.objects.create(enquiry=enquiry, role=paper["role"], state=paper["state"])
    Line.objects.create(enquiry=enquiry, verb="enquiry.submit")
    return enquiry.reference


urlpatterns = [path("bare/", Create.as_view())]
