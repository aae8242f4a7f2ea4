"""What the API shows, and the members that its transitions take."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from intake import bodies, checks
from intake.api.clocks import AuthorityClockShown, ReadingShown, show_authority_clock, show_reading
from intake.api.priority import FOR_THE_HUB, PriorityShown, priority_for
from intake.bodies import Body
from intake.lifecycle import ENQUIRY, OPEN, REPORTED, Status, Transition
from intake.models import Assessment, Enquiry, Event, Organisation, Person, User, book
from intake.shape import Choice, Day, Number, Prose, Shape, Text, YesNo, rows
from intake.shapes import EnquiryBody
from intake.statutory import clocks_of
from intake.weights import BANDS


class AuthorityShown(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class MissingShown(serializers.Serializer[Any]):
    pointer = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class CompletenessShown(serializers.Serializer[Any]):
    """How much of what the types ask for at the intake is there; `sentence` says it in words."""

    have = serializers.IntegerField()
    of = serializers.IntegerField()
    sentence = serializers.CharField()


class SectionMark(serializers.Serializer[Any]):
    """Of a draft: who filled the section, and when."""

    by = serializers.CharField()
    at = serializers.DateTimeField()


class TransitionShown(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    href = serializers.CharField()
    needs = serializers.ListField(child=serializers.CharField())


class EnquiryShown(EnquiryBody):
    """The enquiry as its caller may see it."""

    reference = serializers.CharField(read_only=True)
    url = serializers.CharField(read_only=True)
    authority = AuthorityShown(read_only=True)
    status = serializers.CharField(read_only=True)
    turn = serializers.CharField(read_only=True)
    owner = serializers.CharField(read_only=True, allow_null=True)
    received_at = serializers.DateTimeField(read_only=True, allow_null=True)
    decision_due_at = serializers.DateTimeField(read_only=True, allow_null=True)
    clock = serializers.CharField(read_only=True)
    decision_clock = ReadingShown(read_only=True)
    authority_clocks = AuthorityClockShown(many=True, read_only=True)
    priority = PriorityShown(required=False, help_text=FOR_THE_HUB)
    updated_at = serializers.DateTimeField(read_only=True)
    acknowledgement = serializers.CharField(read_only=True, allow_null=True)
    continued_by = serializers.ListField(child=serializers.CharField(), read_only=True)
    delete_on = serializers.DateField(read_only=True, allow_null=True)
    sections = serializers.DictField(child=SectionMark(), read_only=True)
    missing = MissingShown(many=True, read_only=True)
    completeness = CompletenessShown(read_only=True)
    missing_at_acceptance = MissingShown(many=True, read_only=True)
    transitions = TransitionShown(many=True, read_only=True)


class EnquiryLine(serializers.Serializer[Any]):
    """One line of the list: no names."""

    reference = serializers.CharField()
    url = serializers.CharField()
    authority = AuthorityShown()
    authority_reference = serializers.CharField()
    kind = serializers.CharField()
    status = serializers.CharField()
    turn = serializers.CharField()
    owner = serializers.CharField(allow_null=True)
    received_at = serializers.DateTimeField(allow_null=True)
    decision_due_at = serializers.DateTimeField(allow_null=True)
    clock = serializers.CharField()
    filing_date = serializers.DateField(allow_null=True)
    needed_by = serializers.DateField(allow_null=True)
    assessments = serializers.ListField(child=serializers.CharField())
    children = serializers.IntegerField()
    urgency = serializers.ChoiceField(choices=list(BANDS.items()), required=False, help_text=FOR_THE_HUB)
    updated_at = serializers.DateTimeField()


URL = "/api/v1/enquiries/{}/"


def show_enquiry(enquiry: Enquiry, user: User, rows: bodies.Rows | None = None) -> Body:
    """Body, state and what the caller can do next. Six statements, none with the rows at hand."""
    body = bodies.read_all(enquiry, rows)
    shown = bodies.veil(body, bodies.sight_for(user, enquiry))
    more = links(enquiry, user, shown)
    return {
        **state(enquiry),
        **shown,
        **more,
        **of_draft(enquiry, user),
        **still_to_come(enquiry, body),
        **priority_for(enquiry, user, body),
        **clocks_shown(enquiry, user, shown),
        "transitions": transitions(enquiry, user),
    }


def state(enquiry: Enquiry) -> Body:
    url = URL.format(enquiry.reference)
    return {
        "reference": enquiry.reference,
        "url": url,
        "authority": {"code": enquiry.authority.code, "name": enquiry.authority.name},
        "status": enquiry.status,
        "turn": enquiry.turn,
        "owner": enquiry.owner.name if enquiry.owner else None,
        "received_at": enquiry.received_at,
        "decision_due_at": enquiry.due_at,
        "clock": enquiry.clock,
        "updated_at": enquiry.updated_at,
        "acknowledgement": f"{url}acknowledgement.pdf" if enquiry.received_at else None,
    }


def clocks_shown(enquiry: Enquiry, user: User, shown: Body) -> Body:
    """Our decision clock, and apart from it the authority's statutory ones."""
    running = clocks_of(enquiry, shown, user, timezone.localdate())
    return {
        "decision_clock": show_reading(enquiry.reading(timezone.now())),
        "authority_clocks": [show_authority_clock(clock) for clock in running],
    }


def links(enquiry: Enquiry, user: User, shown: Body) -> Body:
    """What it continues, and what continues it, as far as the caller sees those: a statement where there are any."""
    if not (enquiry.continues_id or enquiry.is_continued):
        return {"continued_by": []}
    rows = Enquiry.objects.visible_to(user).linked_to(enquiry).order_by("pk")
    seen = list(rows.values_list("reference", flat=True))
    if enquiry.continues_id not in seen:
        shown.pop("continues", None)
    return {"continued_by": [reference for reference in seen if reference != enquiry.continues_id]}


def of_draft(enquiry: Enquiry, user: User) -> Body:
    """The day of its end; for the authority, who filled which section."""
    if enquiry.status != Status.DRAFT:
        return {"delete_on": None, "sections": {}}
    theirs = user.organisation_id == enquiry.authority_id
    return {"delete_on": enquiry.delete_on, "sections": enquiry.section_marks if theirs else {}}


def still_to_come(enquiry: Enquiry, body: Body) -> Body:
    """What is missing, named; how much is there; and what an acceptance would have to go without."""
    codes, today, nation = book().codes, timezone.localdate(), enquiry.authority.nation
    found, complete = checks.survey(body, book=codes, today=today, nation=nation)
    at_acceptance = checks.missing_at("acceptance", body, book=codes, today=today, nation=nation)
    if enquiry.status == Status.DRAFT:
        found = [*needed_to_send(enquiry, body), *found]
    return {
        "missing": named(found),
        "completeness": {"have": complete.have, "of": complete.of, "sentence": complete.sentence},
        "missing_at_acceptance": named(at_acceptance),
    }


def needed_to_send(enquiry: Enquiry, body: Body) -> list[checks.Missing]:
    """Of a draft also what it cannot be sent without: of one that continues another, what is new."""
    today, nation = timezone.localdate(), enquiry.authority.nation
    faults = checks.check(body, book=book().codes, today=today, nation=nation)
    return [checks.Missing(row.pointer, row.detail) for row in faults if row.gap]


def named(missing: list[checks.Missing]) -> list[Body]:
    return [{"pointer": row.pointer, "label": row.label} for row in missing]


def transitions(enquiry: Enquiry, user: User) -> list[Body]:
    return [
        {
            "name": name,
            "label": Transition(name).label,
            "href": f"{URL.format(enquiry.reference)}{name.replace('_', '-')}/",
            "needs": list(ENQUIRY[name].needs),
        }
        for name in enquiry.transitions_for(user)
    ]


LINE = (
    "id",
    "reference",
    "authority__code",
    "authority__name",
    "authority_reference",
    "kind",
    "status",
    "turn",
    "owner__name",
    "received_at",
    "due_at",
    "clock",
    "filing_date",
    "needed_by",
    "updated_at",
    "band",
)


def show_lines(rows: Sequence[dict[str, Any]], user: User) -> list[Body]:
    """The lines of a page, in two statements more: assessments and the number of children."""
    ids = [row["id"] for row in rows]
    asked: dict[int, list[str]] = {}
    for pk, code in (
        Assessment.objects.filter(enquiry__in=ids)
        .order_by("position")
        .values_list("enquiry_id", "type__code")
    ):
        asked.setdefault(pk, []).append(code)
    children: dict[int, int] = {}
    for pk in Person.objects.filter(enquiry__in=ids, part="child").values_list("enquiry_id", flat=True):
        children[pk] = children.get(pk, 0) + 1
    return [
        {**show_line(row, asked.get(row["id"], []), children.get(row["id"], 0)), **urgency_of(row, user)}
        for row in rows
    ]


def urgency_of(row: dict[str, Any], user: User) -> Body:
    """How the hub orders its work is nobody else's."""
    ranked = user.organisation.kind == Organisation.Kind.HUB and row["status"] in OPEN
    return {"urgency": row["band"]} if ranked else {}


def show_line(row: dict[str, Any], asked: list[str], children: int) -> Body:
    kept = ("reference", "authority_reference", "kind", "status", "turn", "received_at", "clock")
    return {
        **{name: row[name] for name in kept},
        "url": URL.format(row["reference"]),
        "authority": {"code": row["authority__code"], "name": row["authority__name"]},
        "owner": row["owner__name"],
        "decision_due_at": row["due_at"],
        "filing_date": row["filing_date"],
        "needed_by": row["needed_by"],
        "assessments": asked,
        "children": children,
        "updated_at": row["updated_at"],
    }


class EventShown(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    by = serializers.CharField()
    organisation = serializers.CharField()
    verb = serializers.CharField()
    subject = serializers.CharField()
    from_status = serializers.CharField()
    to_status = serializers.CharField()
    clock = serializers.CharField()
    note = serializers.CharField(required=False)
    data = serializers.JSONField(required=False)  # type: ignore[assignment]


def show_event(event: Event, sight: bodies.Sight | None) -> Body:
    """A line of history; the notes and facts are for the hub, as far as the reader sees the enquiry itself."""
    shown: Body = {
        "at": event.at,
        "by": event.by_name,
        "organisation": event.organisation.name,
        "verb": event.verb,
        "subject": event.subject,
        "from_status": event.from_status,
        "to_status": event.to_status,
        "clock": event.clock,
    }
    if sight is None:
        return shown
    return {**shown, "note": event.note, "data": bodies.veil_change(event.data, sight)}


# --- What transitions take ---------------------------------------------------------------------------------


class AskedBody(Shape):
    text = Prose(required=True)
    field = Text(max_length=120)


class RequestInformationBody(Shape):
    questions = rows(AskedBody, 50, required=True)
    reply_by = Day(required=True)


class AnswerRow(Shape):
    number = Number(required=True)
    text = Prose(required=True)
    value = serializers.JSONField(
        required=False, allow_null=True, help_text="The new value of the field the question names."
    )


class AnswerBody(Shape):
    """`partly` keeps these and leaves the rest open; the hub names the channel the answer came by."""

    answers = rows(AnswerRow, 50, required=True)
    partly = YesNo()
    channel = Choice(choices=list(REPORTED), required=False)


class ReasonBody(Shape):
    reason = Prose(required=True)


class ReasonCodeBody(Shape):
    reason_code = Text(required=True, max_length=40)
    text = Prose()


class DisclosedBody(serializers.Serializer[Any]):
    adults = serializers.ListField(child=serializers.DictField())


class OrganisationNamed(serializers.Serializer[Any]):
    kind = serializers.CharField()
    name = serializers.CharField()


class MeShown(serializers.Serializer[Any]):
    name = serializers.CharField()
    kind = serializers.CharField()
    organisation = OrganisationNamed()
    roles = serializers.ListField(child=serializers.CharField())
    scopes = serializers.ListField(child=serializers.CharField(), allow_null=True)
