"""Assessment services: what they cover, who assesses there and what they carry."""

from collections import defaultdict
from datetime import date
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from intake.lifecycle import Role
from intake.models import Organisation, User, book
from intake.pages.acting import ActingView, DeskView
from intake.pages.forms import DeskForm
from intake.templatetags.desk import label, short_day
from intake.words import _
from referrals import capacity
from referrals.actions import assessors as people
from referrals.actions import services
from referrals.models import Assessor, Coverage
from referrals.models.assessor import may_keep
from referrals.pages.keeping_forms import CoverForm, NameForm

READERS = (Role.COORDINATOR, Role.MANAGER, Role.SERVICE_LEAD)
EXPIRES_SOON = 60


class ReadersView(ActingView):
    """For the hub's coordinators and managers, and the lead of a service."""

    readers = READERS

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            if not self.user.has(*self.readers):
                raise PermissionDenied
            self.find(**kwargs)
        return super().dispatch(request, *args, **kwargs)

    def find(self, **kwargs: Any) -> None:
        """What the address names; another's and none at all are the same."""


def visible_services(user: User) -> QuerySet[Organisation]:
    rows: QuerySet[Organisation] = Organisation.objects.visible_to(user).services().live(timezone.localdate())
    return rows.order_by("name", "pk")


class Services(ReadersView):
    """All that this person knows of; a lead goes to their own at once."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = list(visible_services(self.user))
        if self.user.organisation.kind == Organisation.Kind.SERVICE:
            return redirect("service", rows[0].code) if rows else render(request, "404.html", status=404)
        known = Assessor.objects.visible_to(self.user).filter(service__in=rows, user__is_active=True)
        named, today = list(known), timezone.localdate()
        loads = capacity.load(named, today)
        own = defaultdict[int, list[Assessor]](list)
        for one in named:
            own[one.service_id].append(one)
        lines = [line(row, own[row.pk], loads) for row in rows]
        return render(request, "referrals/services/list.html", {"lines": lines})


class Line(NamedTuple):
    """A service and what it carries."""

    service: Organisation
    assessors: int
    load: capacity.Load
    expiring: int


class PersonLine(NamedTuple):
    """An assessor and what they carry."""

    row: Assessor
    load: capacity.Load
    grade: str
    skills: str
    away: str


def line(service: Organisation, own: list[Assessor], loads: dict[int, capacity.Load]) -> Line:
    return Line(service, len(own), together(own, loads), sum(row.registration_ends_soon for row in own))


def together(own: list[Assessor], loads: dict[int, capacity.Load]) -> capacity.Load:
    """The hours of a whole service."""
    found = [loads[row.pk] for row in own]
    return capacity.Load(
        round(sum(row.hours_a_week for row in found), 1),
        round(sum(row.committed for row in found), 1),
        round(sum(row.ceiling for row in found), 1),
    )


def person_line(row: Assessor, load: capacity.Load, today: date) -> PersonLine:
    held = [label(skill.code, "skill") for skill in row.skill_rows.all() if skill.holds(today)]
    away = next((one for one in row.leave_rows.all() if one.last >= today), None)
    words = f"{short_day(away.first)} to {short_day(away.last)}" if away else ""
    return PersonLine(row, load, grade_label(row.grade, today), ", ".join(held), words)


def grade_label(code: str, today: date) -> str:
    found = book().practice.grades(today).get(code)
    return found.label if found else code


class OfService(ReadersView):
    def find(self, **kwargs: Any) -> None:
        found = visible_services(self.user).filter(code=kwargs["service"]).first()
        if found is None:
            raise Http404
        self.service = found

    def context(self) -> dict[str, Any]:
        return {"service": self.service, "back": reverse("service", args=(self.service.code,))}


class ServiceForm(OfService):
    """A form about a service, for those who look after it."""

    template_name = "referrals/services/form.html"
    title = verb = means = ""
    grave = False

    def find(self, **kwargs: Any) -> None:
        super().find(**kwargs)
        if not may_keep(self.user, self.service.pk):
            raise PermissionDenied

    def context(self) -> dict[str, Any]:
        words = {"title": self.title, "verb": self.verb, "means": self.means, "grave": self.grave}
        return {**super().context(), **words, "about": self.service.name}

    def form(self, data: Any = None) -> Any:
        return DeskForm(data)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.answer(self.form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        return self.attempt(form, lambda: self.finish(form))

    def finish(self, form: Any) -> HttpResponse:
        messages.success(self.request, self.act(form))
        return redirect("service", self.service.code)

    def act(self, form: Any) -> str:
        raise NotImplementedError


class ServicePage(OfService):
    """One service: its assessors with their load, its coverage."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        today = timezone.localdate()
        known = Assessor.objects.visible_to(self.user).filter(service=self.service, user__is_active=True)
        named = list(
            known.select_related("user").prefetch_related("skill_rows", "leave_rows").order_by("user__name")
        )
        loads = capacity.load(named, today)
        cover = Coverage.objects.visible_to(self.user).filter(service=self.service).select_related("type")
        context = {
            **self.context(),
            "people": [person_line(row, loads[row.pk], today) for row in named],
            "together": together(named, loads),
            "cover": cover.order_by("type__name", "region"),
            "may_keep": may_keep(self.user, self.service.pk),
            "unnamed": unnamed(self.user, self.service).exists(),
        }
        return render(request, "referrals/services/service.html", context)


def unnamed(user: User, service: Organisation) -> QuerySet[User]:
    """Its assessors by role of whom nothing is known yet."""
    rows: QuerySet[User] = User.objects.visible_to(user)
    own = rows.filter(
        organisation=service, is_active=True, kind=User.Kind.PERSON, assessor_profile__isnull=True
    )
    return own.filter(role_grants__role=Role.ASSESSOR).order_by("name").distinct()


class Cover(ServiceForm):
    title, verb = _("What does the service cover?"), _("Save")

    def form(self, data: Any = None) -> CoverForm:
        return CoverForm(data)

    def act(self, form: CoverForm) -> str:
        row = services.cover(service=self.service, by=self.user, **form.cleaned_data)
        return gettext("Saved: {type}, {everywhere}.").format(
            type=row.type, everywhere=row.region or "everywhere"
        )


class Uncover(ServiceForm):
    title, verb, grave = _("Cover it no longer"), _("Cover it no longer"), True
    means = _("The service is not suggested for it any more. What it has already stays with it.")

    def find(self, **kwargs: Any) -> None:
        super().find(**kwargs)
        rows = Coverage.objects.visible_to(self.user).select_related("type", "service")
        found = rows.filter(service=self.service, pk=kwargs["cover"]).first()
        if found is None:
            raise Http404
        self.row = found

    def context(self) -> dict[str, Any]:
        return {**super().context(), "about": f"{self.row.type}, {self.row.region or 'everywhere'}"}

    def act(self, form: DeskForm) -> str:
        services.uncover(row=self.row, by=self.user)
        return gettext("The service covers it no longer.")


class NameAssessor(ServiceForm):
    title, verb = _("Name an assessor"), _("Name them")

    def form(self, data: Any = None) -> NameForm:
        return NameForm(data, people=unnamed(self.user, self.service))

    def act(self, form: NameForm) -> str:
        row = people.name(service=self.service, by=self.user, **form.facts())
        return gettext("{user} can be named for assessments from now on. Add their skills and leave.").format(
            user=row.user.name
        )


class MyAssessor(DeskView):
    """An assessor's way to their own page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        row = Assessor.objects.visible_to(self.user).filter(user=self.user).first()
        if row is None:
            raise Http404
        return redirect("assessor", row.pk)
