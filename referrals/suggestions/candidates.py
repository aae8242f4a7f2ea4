"""Services with their teams, as the match reads them. As many statements for one as for two hundred."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from intake.models import Organisation, book
from referrals.capacity import diaries
from referrals.lifecycle import OPEN
from referrals.matching import Against, Candidate, Cover, Diary
from referrals.models import Assessor, Conflict, Coverage, Referral, Skill
from referrals.suggestions.wanted import labels

# Skills that are languages as well.
SPEAKS = {"WELSH": "cy", "BSL": "bsl"}
NOTHING = Diary(0, 0)


def candidates(today: date, services: Iterable[int] | QuerySet[Any] | None = None) -> list[Candidate]:
    """Every service that exists on that day, or some of them, each with those who can lead. Seven statements."""
    rows = Organisation.objects.services().live(today).order_by("name", "pk")
    if services is not None:
        rows = rows.filter(pk__in=services)
    found = list(rows)
    people = list(team_of(found))
    told = Told(found, people, today)
    return [told.service(row) for row in found]


def team_of(services: Iterable[Organisation]) -> Iterable[Assessor]:
    """Those with an account, and how many open referrals they lead."""
    found = Assessor.objects.filter(service__in=[row.pk for row in services], user__is_active=True)
    rows = list(found.select_related("user").order_by("pk"))
    # By their status and not by a join: of what somebody has led in all, little is open.
    led = Referral.objects.filter(assessor__in=[row.user_id for row in rows], status__in=OPEN)
    leads = dict(led.order_by().values_list("assessor").annotate(Count("pk")))
    for row in rows:
        row.leads = leads.get(row.user_id, 0)  # type: ignore[attr-defined]
        yield row


class Told:
    """What is known of some services and their people, gathered once."""

    def __init__(self, services: list[Organisation], people: list[Assessor], today: date) -> None:
        self.people, self.today = people, today
        self.grades, self.spots = book().practice.grades(today), book().practice.spots(today)
        self.diaries = diaries(people, today)
        self.cover = cover_of(services)
        self.skills: dict[int, set[str]] = {}
        for skill in Skill.objects.filter(assessor__in=[row.pk for row in people]):
            if skill.holds(today):
                self.skills.setdefault(skill.assessor_id, set()).add(skill.code)
        self.of_service: dict[int, list[Against]] = {}
        self.of_person: dict[int, list[Against]] = {}
        self.read_conflicts(services)

    def read_conflicts(self, services: list[Organisation]) -> None:
        about = Q(service__in=services) | Q(person__in=[row.user_id for row in self.people])
        for row in Conflict.objects.live(self.today).filter(about):
            text = book().codes.label("conflict_kind", row.kind).lower()
            against = Against(text, row.authority_id, row.enquiry_reference)
            if row.service_id:
                self.of_service.setdefault(row.service_id, []).append(against)
            if row.person_id:
                self.of_person.setdefault(row.person_id, []).append(against)

    def service(self, row: Organisation) -> Candidate:
        return Candidate(
            service=row.pk,
            service_name=row.name,
            assessor=None,
            name=row.name,
            service_code=row.code,
            cover=self.cover.get(row.pk, {}),
            conflicts=tuple(self.of_service.get(row.pk, ())),
            team=tuple(self.assessor(one, row) for one in self.people if one.service_id == row.pk),
        )

    def assessor(self, row: Assessor, service: Organisation) -> Candidate:
        codes, grade = self.skills.get(row.pk, set()), self.grades.get(row.grade)
        speaks = {*row.languages, *(SPEAKS[code] for code in codes if code in SPEAKS)}
        body = book().codes.label("registration_body", row.registration_body) if row.registration_body else ""
        return Candidate(
            service=service.pk,
            service_name=service.name,
            assessor=row.user_id,
            name=row.user.name,
            service_code=service.code,
            email=row.user.email,
            cover=self.cover.get(service.pk, {}),
            languages=labels("spoken_language", speaks),
            skills=labels("skill", codes),
            body=body,
            registration_until=row.registration_until,
            grade=grade.level if grade else 0,
            grade_name=grade.label if grade else "",
            diary=self.diaries.get(row.pk, NOTHING),
            leads=row.leads,  # type: ignore[attr-defined]
            capacity=row.capacity,
            base_area=row.base_area,
            spot=self.spots.get(row.base_area),
            ends_on=row.ends_on,
            conflicts=(*self.of_service.get(service.pk, ()), *self.of_person.get(row.user_id, ())),
        )


def cover_of(services: Iterable[Organisation]) -> dict[int, dict[str, tuple[Cover, ...]]]:
    """By service, then by type."""
    found: dict[int, dict[str, tuple[Cover, ...]]] = {}
    for row in Coverage.objects.filter(service__in=[row.pk for row in services]).select_related("type"):
        of_service = found.setdefault(row.service_id, {})
        cover = Cover(row.region, row.age_from, row.age_to, labels("spoken_language", row.languages))
        of_service[row.type.code] = (*of_service.get(row.type.code, ()), cover)
    return found
