"""The case summary, put together apart for each of its four audiences.

What each gets (roles: "summary PDF" and "withheld address"):
authority: its own enquiry, whole, and what it was told; no note, rationale or conflict statement of ours.
service: what the work needs; a withheld address and telephone never, also not for the assigned assessor, who
reads them on the screen: this paper is carried about. No decision, no other service, no cost shares.
internal: everything, with rationale and notes.
court: what was asked and what came of it, for a bundle; no risk to a worker or of making contact, nobody of the
household who is not of the case, no withheld address, no cost shares, no note of ours.
On top of that nobody finds on paper what their own role does not show them on the screen (`sight_for`): a
withheld address reaches a coordinator only by disclosure. What is left out is named at the end.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext

from intake import bodies
from intake.bodies import Body, Sight
from intake.models import Enquiry, Event, User
from referrals.models import Decision, Referral, RiskOpinion
from reports.languages import known, name_of
from reports.models import Document
from reports.summaries import asked, course, family, timing
from reports.summaries.blocks import Pairs, Paper, Section, day, label, pairs, part

Audience = Document.Audience


def summary(enquiry: Enquiry, audience: str, *, by: User, today: date) -> Paper:
    """The whole case on paper, as `by` may print it for this audience; ages are those of `today`."""
    assemble, reach = SHELVES[Audience(audience)]
    body = bodies.read(enquiry, within(bodies.sight_for(by, enquiry), reach))
    sections, left_out = assemble(enquiry, body, by, today)
    return Paper(
        title=gettext("Case summary"),
        reference=enquiry.reference,
        audience=known(Audience(audience).label),
        language=enquiry.language,
        front=front(enquiry, body, today),
        sections=[section for section in sections if section.blocks],
        left_out=hidden(body) + left_out,
    )


def within(seen: Sight, reach: Sight) -> Sight:
    """What both allow: the reader's role, and the paper."""
    return Sight(
        withheld_address=seen.withheld_address and reach.withheld_address,
        health=seen.health and reach.health,
        allegations=seen.allegations and reach.allegations,
    )


def front(enquiry: Enquiry, body: Body, today: date) -> Pairs:
    """Enough to know the case by, and not to name anybody to who looks over a shoulder."""
    legal = part(body, "legal")
    coming = sorted(
        (row["date"], label("hearing_kind", row["kind"]))
        for row in legal.get("hearings", [])
        if row["date"] >= today
    )
    children = [family.child_in_short(child, today) for child in body.get("children", [])]
    return pairs(
        [
            (gettext("Authority"), name_of(enquiry.authority)),
            (gettext("Their reference"), enquiry.authority_reference),
            (gettext("Kind"), label("kind", enquiry.kind)),
            (gettext("Received"), day(enquiry.received_at.date()) if enquiry.received_at else ""),
            (gettext("Where it stands"), f"{known(enquiry.status_label)}. {known(enquiry.turn_label)}"),
            (gettext("Our decision clock"), timing.decision(enquiry, today)),
            (gettext("Children"), "\n".join(children)),
            (gettext("Legal stage"), label("stage", legal.get("stage"))),
            (gettext("Report to be filed by"), legal.get("filing_date")),
            (gettext("Next hearing"), f"{day(coming[0][0])}, {coming[0][1].lower()}" if coming else ""),
        ]
    )


Assembled = tuple[list[Section], list[str]]


def case(body: Body, today: date, on_behalf: str = "") -> list[Section]:
    """What was sent, risks first; why we entered it ourselves is between the authority and us."""
    return [
        family.risk_boxes(body),
        asked.request(body, on_behalf),
        family.children(body, today),
        family.adults(body, today),
        family.household(body, today),
        asked.law(body),
        family.needs(body),
        asked.background(body),
        asked.papers(body),
        asked.information(body),
    ]


def for_authority(enquiry: Enquiry, body: Body, by: User, today: date) -> Assembled:
    sections = [
        *case(body, today, enquiry.on_behalf_reason),
        course.questions(enquiry),
        course.decisions_as_told(told(enquiry, by)),
        course.referrals_with_people(referrals(enquiry, by)),
        timing.our_targets(referrals(enquiry, by), by, today),
        timing.statutory(enquiry, body, by, today),
        course.history(events(enquiry, by).filter(audience=Event.Audience.ALL)),
    ]
    return sections, ours()


def for_service(enquiry: Enquiry, body: Body, by: User, today: date) -> Assembled:
    work = of_the_work(body)
    sections = [
        *case(work, today),
        course.questions(enquiry),
        course.referrals_without_people(referrals(enquiry, by)),
    ]
    return sections, [gettext("Who pays, the decision and the history"), *ours()]


def of_the_work(body: Body) -> Body:
    """Neither who pays nor what was declared."""
    work = {member: value for member, value in body.items() if member != "declaration"}
    if "instruction" in part(work, "legal"):
        work["legal"] = {**work["legal"], "instruction": without_costs(work["legal"]["instruction"])}
    return work


def without_costs(instruction: Body) -> Body:
    return {member: value for member, value in instruction.items() if member != "cost_shares"}


def for_internal(enquiry: Enquiry, body: Body, by: User, today: date) -> Assembled:
    sections = [
        *case(body, today, enquiry.on_behalf_reason),
        course.questions(enquiry),
        course.decisions_with_rationale(decisions(enquiry, by)),
        *second_opinions(enquiry, by),
        course.referrals_with_offers(referrals(enquiry, by)),
        timing.our_targets(referrals(enquiry, by), by, today),
        timing.statutory(enquiry, body, by, today),
        course.history_with_notes(events(enquiry, by)),
    ]
    return sections, []


def for_court(enquiry: Enquiry, body: Body, by: User, today: date) -> Assembled:
    """Neither what protects our workers, nor what is said of people who are not of the case."""
    shown = {member: value for member, value in of_the_work(body).items() if member != "household"}
    shown |= {"adults": [without_contact(adult) for adult in body.get("adults", [])]}
    sections = [
        family.risks_to_the_child(shown),
        asked.request(shown),
        family.children(shown, today),
        family.adults(shown, today),
        asked.law(shown),
        family.needs(shown),
        asked.background(shown),
        asked.papers(shown),
        course.questions(enquiry),
        course.decisions_as_told(told(enquiry, by)),
        course.referrals_with_people(referrals(enquiry, by)),
        course.history(events(enquiry, by).filter(audience=Event.Audience.ALL)),
    ]
    return sections, [
        gettext("Risk to workers, and of making contact"),
        gettext("Other people of the household"),
        *ours(),
    ]


def ours() -> list[str]:
    """What never leaves the house."""
    return [gettext("The provider's own notes and rationale")]


def without_contact(adult: Body) -> Body:
    """How one person can be reached without the other's knowledge is not for the other to read."""
    return {member: value for member, value in adult.items() if member != "safe_contact"}


EVERYTHING = Sight()
ON_THE_WAY = replace(EVERYTHING, withheld_address=False)
SHELVES: dict[Audience, tuple[Callable[[Enquiry, Body, User, date], Assembled], Sight]] = {
    Audience.AUTHORITY: (for_authority, EVERYTHING),
    Audience.SERVICE: (for_service, ON_THE_WAY),
    Audience.INTERNAL: (for_internal, EVERYTHING),
    Audience.COURT: (for_court, ON_THE_WAY),
}


def decisions(enquiry: Enquiry, by: User) -> list[Decision]:
    rows = Decision.objects.visible_to(by).filter(enquiry=enquiry)
    return list(rows.select_related("assessment__type", "by", "proposed_by").order_by("at", "id"))


def told(enquiry: Enquiry, by: User) -> list[Decision]:
    """Those that stand: what was undone was never told, whoever prints it."""
    return [row for row in decisions(enquiry, by) if row.undone_at is None]


def second_opinions(enquiry: Enquiry, by: User) -> list[Section]:
    """Nothing is printed of what nobody was asked."""
    rows = RiskOpinion.objects.visible_to(by).filter(enquiry=enquiry).given()
    found = list(rows.select_related("asked_of"))
    return [course.second_opinions(found)] if found else []


def referrals(enquiry: Enquiry, by: User) -> list[Referral]:
    rows = Referral.objects.visible_to(by).filter(enquiry=enquiry)
    return list(
        rows.select_related("assessment__type", "service", "assessor", "enquiry__authority").order_by("id")
    )


def events(enquiry: Enquiry, by: User) -> QuerySet[Event]:
    return (
        Event.objects.visible_to(by)
        .filter(enquiry=enquiry)
        .select_related("organisation")
        .order_by("sequence")
    )


def hidden(body: Body) -> list[str]:
    """What was answered and this reader does not get, in words."""
    people = [*body.get("children", []), *body.get("adults", [])]
    names = {name for row in (*people, *body.get("risks", [])) for name in row.get("not_shown", ())}
    words = []
    if names & set(bodies.WHERE_TO_FIND):
        words.append(gettext("An address that is not to be disclosed, and the telephone number with it"))
    if names & {*bodies.HEALTH_OF_CHILD, *bodies.HEALTH_OF_ADULT}:
        words.append(gettext("Health and needs"))
    if "text" in names:
        words.append(gettext("What the risks are in detail"))
    return words
