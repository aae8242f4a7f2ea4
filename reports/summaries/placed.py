"""What an assessment service gets: the offer, which names nobody, and the pack that the work starts with."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext

from intake import bodies
from intake.bodies import Body
from intake.models import Attachment, Enquiry, Risk, User
from intake.refusals import NotPossible
from intake.words import _
from referrals import checklist, court
from referrals.models import Evidence, Referral
from reports.languages import known, name_of
from reports.models import Document
from reports.summaries import asked, course, family, whole
from reports.summaries.blocks import (
    Items,
    Pairs,
    Paper,
    Prose,
    Section,
    Table,
    day,
    label,
    pairs,
    part,
    spoken_language,
)

# Before the work is somebody's, only what protects whoever might take it.
OF_THE_WORK = (Risk.About.WORKER, Risk.About.CONTACT)
HOW_TO_REPLY = (
    _(
        "Sign in, open the referral by its reference, and accept it with an assessor or decline it with a reason. "
        "Whoever is to assess says whether they know the family or work with the authority: do not accept before."
    ),
    _("An offer that is not answered by its day goes to another service."),
)


def offer(referral: Referral, audience: str, *, by: User, today: date) -> Paper:
    """Enough for a yes or a no: ages and no names, risks to whoever would work, dates, hours."""
    if referral.service is None:
        raise NotPossible(
            "It is not offered to a service.",
            status=referral.status,
            transitions=referral.transitions_for(by),
        )
    body = nameless(readable(referral, by))
    sections = [
        Section("Risks to whoever would work", [family.risk_box(body, about) for about in OF_THE_WORK]),
        Section("The family in short", [in_short(body, today)]),
        Section("What is to be answered", [Items(asked_of(referral, body).get("questions", []))]),
        dates(referral, body, today),
        Section("How to reply", [Prose(str(words), ours=True) for words in HOW_TO_REPLY]),
    ]
    return Paper(
        title=gettext("Offer of an assessment"),
        reference=referral.reference,
        audience=known(Document.Audience(audience).label),
        language=referral.enquiry.language,
        front=front(referral, (gettext("Please reply by"), day(referral.reply_by))),
        sections=[section for section in sections if has_something(section)],
        left_out=[
            gettext("Names, dates of birth and addresses"),
            gettext("Who pays, the decision and the history"),
            *whole.ours(),
        ],
    )


def instruction(referral: Referral, audience: str, *, by: User, today: date) -> Paper:
    """All that the assessor works with, and a list of the files that go with it."""
    if referral.assessor is None:
        raise NotPossible(
            "No assessor is named yet.", status=referral.status, transitions=referral.transitions_for(by)
        )
    body = whole.of_the_work(readable(referral, by))
    sections = [
        family.risk_boxes(body),
        Section("Letter of instruction", [of_instruction(referral)]),
        asked.request({**body, "assessments": [asked_of(referral, body)]}),
        dates(referral, body, today),
        family.children(body, today),
        family.adults(body, today),
        family.household(body, today),
        asked.law(body),
        family.needs(body),
        asked.background(body),
        course.questions(referral.enquiry),
        evidence(referral, by),
        files(referral, by),
    ]
    return Paper(
        title=gettext("Instruction pack"),
        reference=referral.reference,
        audience=known(Document.Audience(audience).label),
        language=referral.enquiry.language,
        front=front(
            referral,
            (gettext("Assessor"), str(referral.assessor)),
            (gettext("Beside them"), str(referral.co_worker or "")),
        ),
        sections=[section for section in sections if section.blocks],
        left_out=[*whole.hidden(body), gettext("Who pays, the decision and the history"), *whole.ours()],
    )


def readable(referral: Referral, by: User) -> Body:
    """As they see it on the screen, less an address that is not to be disclosed: this paper is carried about."""
    return bodies.read(
        referral.enquiry, whole.within(bodies.sight_for(by, referral.enquiry), whole.ON_THE_WAY)
    )


def nameless(body: Body) -> Body:
    """What the authority wrote, with the names of the family's people shortened to their first letters."""
    people = [row for member in ("children", "adults", "household") for row in body.get(member, [])]
    words = {
        word
        for row in people
        for name in (row.get("name"), row.get("known_as"))
        for word in (name or "").split()
    }
    known = sorted((word for word in words if len(word) > 2), key=len, reverse=True)
    if not known:
        return body
    named = re.compile(rf"\b(?:{'|'.join(map(re.escape, known))})\b", re.IGNORECASE)

    def short(text: str) -> str:
        return named.sub(lambda found: f"{found.group()[0].upper()}.", text)

    asked = [
        {**row, "questions": [short(one) for one in row.get("questions", [])]} for row in body["assessments"]
    ]
    risks = [{**row, "text": short(row.get("text", ""))} for row in body.get("risks", [])]
    return {**body, "assessments": asked, "risks": risks}


def front(referral: Referral, *more: tuple[str, str]) -> Pairs:
    enquiry: Enquiry = referral.enquiry
    return pairs(
        [
            (gettext("Assessment"), known(referral.assessment.type.name)),
            (gettext("Asked for by"), name_of(enquiry.authority)),
            (gettext("Their enquiry"), enquiry.reference),
            (gettext("Assessment service"), str(referral.service or "")),
            (gettext("Report needed by"), day(referral.decisive_date)),
            (gettext("Hours allowed"), str(referral.hours or "")),
            *more,
        ]
    )


def in_short(body: Body, today: date) -> Pairs:
    """How many, how old, which languages: nobody is to be known by it."""
    children = [age_only(row, today) for row in body.get("children", [])]
    needs = [part(row, "needs").get("interpreter") for row in body.get("adults", [])]
    spoken = {row.get("first_language") for row in body.get("children", [])} | set(needs)
    return pairs(
        [
            (gettext("Children"), f"{len(children)}: {', '.join(children)}" if children else ""),
            (gettext("Adults"), str(len(body.get("adults", [])) or "")),
            (gettext("Languages"), ", ".join(sorted(filter(None, map(spoken_language, spoken))))),
            (gettext("Legal framework"), label("legal_framework", part(body, "legal").get("framework"))),
            (gettext("Stage"), label("stage", part(body, "legal").get("stage"))),
        ]
    )


def age_only(child: Mapping[str, Any], today: date) -> str:
    if born := child.get("date_of_birth"):
        return family.age(born, today)
    if child.get("expected_date_of_delivery"):
        return gettext("unborn")
    return gettext("age not known") if child.get("age") is None else str(child["age"])


def asked_of(referral: Referral, body: Body) -> Mapping[str, Any]:
    """What this one assessment was asked for with."""
    rows = body["assessments"]
    found: Mapping[str, Any] = rows[min(referral.assessment.position, len(rows) - 1)]
    return found


def dates(referral: Referral, body: Body, today: date) -> Section:
    """The court's days and our own steps towards filing, in one line of dates."""
    found = court.timetable_of_referral(referral, body, today)
    days = {(row.on, row.words) for row in (*found.days, *(row for plan in found.plans for row in plan.days))}
    rows = [[day(on), known(what)] for on, what in sorted(days)]
    return Section("Dates", [Table([gettext("Day"), gettext("What")], rows)] if rows else [])


def of_instruction(referral: Referral) -> Table:
    lines = checklist.of_referral(referral)
    return Table(
        [gettext("What is needed to start"), gettext("State"), gettext("If not waited for, why")],
        [[known(line.label), known(line.state), line.waived_why] for line in lines],
    )


def evidence(referral: Referral, by: User) -> Section:
    rows = [
        [row.source, known(row.get_state_display()), day(row.asked_on), day(row.received_on), row.why]
        for row in Evidence.objects.visible_to(by).filter(referral=referral)
    ]
    head = [gettext("Source"), gettext("State"), gettext("Asked"), gettext("Received"), gettext("Why not")]
    return Section("Evidence", [Table(head, rows)] if rows else [])


def files(referral: Referral, by: User) -> Section:
    """By role and number, never by what their sender called them; by the hash each can be known again."""
    found = Attachment.objects.visible_to(by).filter(
        enquiry=referral.enquiry_id,
        subject__in=(referral.enquiry.reference, referral.reference),
        state=Attachment.State.CLEAN,
    )
    rows = [
        [
            gettext("File {number}").format(number=number),
            label("document_role", row.role),
            f"{row.pages or ''}",
            day(row.added_at.date()),
            row.sha256[:16],
        ]
        for number, row in enumerate(found.order_by("added_at", "id"), start=1)
    ]
    head = [
        gettext("File"),
        gettext("What it is"),
        gettext("Pages"),
        gettext("Given"),
        gettext("SHA-256, beginning"),
    ]
    return Section("Files that go with this", [Table(head, rows)] if rows else [])


def has_something(section: Section) -> bool:
    return any(not isinstance(block, Items) or block.items for block in section.blocks)
