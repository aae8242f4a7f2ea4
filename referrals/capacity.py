"""Room in hours: what one assessment takes, what assessors carry, and from when there is room. A reader."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial

from django.db.models import Q, QuerySet
from django.utils import timezone

from intake.deadlines import LONDON
from intake.models import AssessmentType, Organisation, book
from intake.placing import AssessmentHours
from referrals.forecast import Forecast, forecast
from referrals.lifecycle import Status
from referrals.matching.diary import Away, Commitment, Diary
from referrals.models import Allocation, Assessor, Coverage, Leave, Skill

# Of a type that the table of hours does not have.
USUAL_HOURS, USUAL_WEEKS = 30, 10
CEILING = 120
WEEK = timedelta(weeks=1)
FEW = 100
# Work under way, and the weight that says what part of its hours it takes, in percent; all without one.
SHARES = {
    Status.ALLOCATED: "",
    Status.IN_PROGRESS: "",
    Status.PAUSED: "paused_percent",
    Status.IN_REVIEW: "review_percent",
}
BESIDE = "co_worker_percent"


@dataclass(frozen=True, slots=True)
class Load:
    """What an assessor carries, in hours a week; `hours_a_week` are those for assessments, by their grade."""

    hours_a_week: float
    committed: float
    ceiling: float

    @property
    def free(self) -> float:
        return round(self.hours_a_week - self.committed, 1)

    @property
    def over(self) -> float:
        return max(-self.free, 0.0)

    @property
    def percent(self) -> int:
        return round(100 * self.committed / self.hours_a_week) if self.hours_a_week else 0

    @property
    def over_soft(self) -> bool:
        return self.committed > self.hours_a_week

    @property
    def over_hard(self) -> bool:
        return self.committed > self.ceiling


def terms_of(code: str, day: date) -> AssessmentHours:
    """Hours, weeks and what else a type asks of whoever leads it, as it holds on a day."""
    found = book().practice.hours(day).get(code)
    return found or AssessmentHours(code, USUAL_HOURS, USUAL_WEEKS, (), (), 0, 0, 0, 0)


def hours_of(assessment_type: AssessmentType) -> int:
    """What one assessment of this type usually takes in all, for one child."""
    return terms_of(assessment_type.code, timezone.localdate()).hours


def diaries(assessors: Sequence[Assessor], today: date) -> dict[int, Diary]:
    """What each of them has promised, by the key of the row. Two statements, however many there are."""
    practice = book().practice
    grades, weights = practice.grades(today), practice.weights(today)
    ceiling = weights["ceiling_percent"].points if "ceiling_percent" in weights else CEILING
    work, leave = commitments([row.user_id for row in assessors], today), away(assessors, today)
    found = {}
    for row in assessors:
        grade = grades.get(row.grade)
        hours = round(row.hours * (grade.share if grade else 100) / 100, 1)
        most = round(hours * ceiling / 100, 1)
        found[row.pk] = Diary(hours, most, tuple(work.get(row.user_id, ())), tuple(leave.get(row.pk, ())))
    return found


def commitments(users: Sequence[int], today: date) -> Mapping[int, list[Commitment]]:
    """Of the work under way that they lead or share in: hours a week, until it should be done.

    What is overdue is taken to go on for another week, from week to week.
    """
    # By the referral, whose indexes know what is under way: a live allocation stays when the work is over.
    rows = Allocation.objects.filter(
        until__isnull=True, referral__is_open=True, referral__status__in=tuple(SHARES)
    )
    # To read the work of all costs less than to name so many.
    if len(users) <= FEW:
        of_them = Q(referral__assessor__in=users) | Q(referral__co_worker__in=users)
        rows = rows.filter(of_them, assessor__in=users)
    columns = (
        "assessor",
        "part",
        "since",
        "referral__status",
        "referral__hours",
        "referral__assessment__type__code",
    )
    weights, found = book().practice.weights(today), {user: list[Commitment]() for user in users}
    terms_by_code = cache(partial(terms_of, day=today))
    for user, part, since, status, hours, code in rows.order_by().values_list(*columns):
        if user not in found:
            continue
        terms, share = terms_by_code(code), SHARES[Status(status)]
        beside = part == Allocation.Part.CO_WORKER
        taken = weights[share].points / 100 if share in weights else 1
        taken *= weights[BESIDE].points / 100 if beside and BESIDE in weights else 1
        ends = max(since.astimezone(LONDON).date() + terms.weeks * WEEK, today + WEEK)
        weekly = (terms.hours if hours is None else hours) * taken / terms.weeks
        found[user].append(Commitment(round(weekly, 1), ends))
    return found


def away(assessors: Iterable[Assessor], today: date) -> Mapping[int, list[Away]]:
    rows = Leave.objects.filter(assessor__in=[row.pk for row in assessors], last__gte=today)
    found: dict[int, list[Away]] = {}
    for assessor, first, last in rows.values_list("assessor", "first", "last"):
        found.setdefault(assessor, []).append(Away(first, last))
    return found


def load(assessors: Iterable[Assessor], today: date) -> dict[int, Load]:
    """What each carries today, by the key of the row."""
    return {key: load_of(diary, today) for key, diary in diaries(list(assessors), today).items()}


def load_of(diary: Diary, today: date) -> Load:
    return Load(diary.hours, diary.committed(today), diary.ceiling)


def free_from(who: Organisation | Assessor, hours: int, today: date, weeks: int = USUAL_WEEKS) -> date:
    """The earliest day with room for so many hours over so many weeks, leave counted.

    Today for a service that names no assessors: it answers for itself.
    """
    rows = [who] if isinstance(who, Assessor) else list(at_work(today).filter(service=who))
    days = [diary.free_from(hours / weeks, today) for diary in diaries(rows, today).values()]
    return min(days, default=today)


def at_work(today: date, needed_until: date | None = None) -> QuerySet[Assessor]:
    """Those with an account, who have not left, and whose registration, where one is on record, has not ended."""
    day = needed_until or today
    return Assessor.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day),
        Q(registration_until__isnull=True) | Q(registration_until__gte=today),
        user__is_active=True,
    )


def earliest(
    type: AssessmentType, region: str, nation: str, today: date, needed_by: date | None
) -> Forecast | None:
    """The earliest realistic date of all services that cover the type and the place; None when none does.

    Five statements at most.
    """
    terms = terms_of(type.code, today)
    covered = Coverage.objects.filter(Q(region="") | Q(region=region), type=type.pk)
    services = set(
        Organisation.objects.services()
        .live(today)
        .filter(pk__in=covered.values("service"))
        .values_list("pk", flat=True)
    )
    if not services:
        return None
    rows = list(at_work(today).filter(service__in=services))
    able = with_skills(rows, terms, today)
    weekly, calendar = terms.hours / terms.weeks, book().calendars[nation]
    starts = [(diary.free_from(weekly, today), diary) for diary in diaries(able, today).values()]
    found = [
        forecast(
            weeks=diary.weeks_with_leave(terms.weeks, start),
            free_from=start,
            needed_by=needed_by,
            calendar=calendar,
        )
        for start, diary in starts
    ]
    if services - {row.service_id for row in rows}:
        found.append(forecast(weeks=terms.weeks, free_from=today, needed_by=needed_by, calendar=calendar))
    return min(found, key=lambda one: one.ready_on, default=None)


def with_skills(rows: Sequence[Assessor], terms: AssessmentHours, today: date) -> list[Assessor]:
    """Those of them who have what the type asks for."""
    wanted = set(terms.skills)
    held: dict[int, set[str]] = {}
    if wanted:
        for skill in Skill.objects.filter(assessor__in=rows, code__in=wanted):
            if skill.holds(today):
                held.setdefault(skill.assessor_id, set()).add(skill.code)
    grades = book().practice.grades(today)
    return [
        row
        for row in rows
        if wanted <= held.get(row.pk, set())
        and (not terms.bodies or row.registration_body in terms.bodies)
        and (row.grade not in grades or grades[row.grade].level >= terms.grade)
    ]
