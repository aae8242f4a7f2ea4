"""A service's home: the offers to answer, one's own work by its day, and what each assessor carries."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from intake.lifecycle import Role
from intake.models import Person, Risk, User
from referrals import capacity
from referrals.lifecycle import Status
from referrals.models import Assessor, Referral

MOST = 12


@dataclass
class Offer:
    """What matters for a yes or a no, by ages and languages and nobody's name."""

    referral: Referral
    children: list[Person] = field(default_factory=list)
    languages: set[str] = field(default_factory=set)
    risks: list[Risk] = field(default_factory=list)
    hours: int = 0


def show_service_home(request: HttpRequest, user: User) -> HttpResponse:
    today = timezone.localdate()
    visible = Referral.objects.visible_to(user).select_related(
        "enquiry__authority", "assessment__type", "assessor"
    )
    work = visible.open().exclude(status__in=(Status.WAITING, Status.OFFERED))
    mine = work.filter(Q(assessor=user) | Q(co_worker=user)) if user.has(Role.ASSESSOR) else work
    leads = user.has(Role.SERVICE_LEAD)
    context = {
        "leads": leads,
        "offers": offers(user, visible.filter(status=Status.OFFERED)) if leads else [],
        "work": by_day(mine),
        "carried": carried(user, today) if leads else [],
        "today": today,
    }
    return render(request, "referrals/service_home.html", context)


def by_day(rows: QuerySet[Referral]) -> list[Referral]:
    """The one whose report is needed first, first; those without a day last."""
    needed = Coalesce("needed_by", "enquiry__filing_date", "enquiry__needed_by")
    return list(rows.order_by(needed.asc(nulls_last=True), "id")[:MOST])


def offers(user: User, offered: QuerySet[Referral]) -> list[Offer]:
    """The one to be answered first, first; in two statements more, however many they are."""
    rows = list(offered.order_by("reply_by", "id")[:MOST])
    ids = [row.enquiry_id for row in rows]
    found = [Offer(row, hours=capacity.hours_of(row.assessment.type)) for row in rows]
    by_enquiry: dict[int, list[Offer]] = defaultdict(list)
    for offer in found:
        by_enquiry[offer.referral.enquiry_id].append(offer)
    for person in Person.objects.visible_to(user).filter(enquiry__in=ids).order_by("pk"):
        for offer in by_enquiry[person.enquiry_id]:
            offer.languages |= {person.first_language, person.interpreter} - {"", "not_known"}
            if person.part == Person.Part.CHILD:
                offer.children.append(person)
    about = (Risk.About.WORKER, Risk.About.CONTACT)
    for risk in Risk.objects.visible_to(user).filter(enquiry__in=ids, about__in=about):
        for offer in by_enquiry[risk.enquiry_id]:
            offer.risks.append(risk)
    return found


def carried(user: User, today: date) -> list[tuple[Assessor, capacity.Load]]:
    """Who has most room first."""
    rows = list(capacity.at_work(today).filter(service=user.organisation_id).select_related("user"))
    loads = capacity.load(rows, today)
    return sorted(((row, loads[row.pk]) for row in rows), key=lambda pair: -pair[1].free)
