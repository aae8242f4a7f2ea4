"""One assessor: registration, grade, hours, skills, leave, conflicts; and each as a form of its own."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from intake.models import User
from intake.pages.acting import ActingView
from intake.pages.forms import DeskForm
from intake.words import _
from referrals import capacity
from referrals.actions import assessors, conflicts
from referrals.models import Assessor, Conflict, Leave, Skill
from referrals.models.assessor import may_keep
from referrals.pages.keeping_forms import ConflictForm, LeaveForm, ProfileForm, SkillForm
from referrals.pages.services import READERS, grade_label


class OfAssessor(ActingView):
    """Who may come here is asked first; then what else the address names."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            self.assessor = find(self.user, kwargs["assessor"])
            if not self.may():
                raise PermissionDenied
            self.look(**kwargs)
        return super().dispatch(request, *args, **kwargs)

    def may(self) -> bool:
        return may_keep(self.user, self.assessor.service_id)

    def look(self, **kwargs: Any) -> None:
        """Find what else the address names."""

    @property
    def own(self) -> bool:
        return self.assessor.user_id == self.user.pk

    def context(self) -> dict[str, Any]:
        back = reverse("assessor", args=(self.assessor.pk,))
        return {"assessor": self.assessor, "service": self.assessor.service, "back": back}


class AssessorForm(OfAssessor):
    """A form about an assessor, for those who look after the service."""

    template_name = "referrals/services/form.html"
    title = verb = means = done = ""
    grave = False

    def context(self) -> dict[str, Any]:
        words = {"title": self.title, "verb": self.verb, "means": self.means, "grave": self.grave}
        return {**super().context(), **words, "about": self.assessor.user.name}

    def form(self, data: Any = None) -> Any:
        return DeskForm(data)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.answer(self.form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        return self.attempt(form, lambda: self.finish(form))

    def finish(self, form: Any) -> HttpResponse:
        self.act(form)
        messages.success(self.request, self.done)
        return redirect("assessor", self.assessor.pk)

    def act(self, form: Any) -> None:
        raise NotImplementedError


def find(user: User, pk: int) -> Assessor:
    """As this person may see them: the hub all, a service its own, an assessor themselves only."""
    rows = Assessor.objects.visible_to(user).select_related("user", "service")
    if not user.has(*READERS):
        rows = rows.filter(user=user)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


class AssessorPage(OfAssessor):
    def may(self) -> bool:
        return self.own or self.user.has(*READERS)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row, today = self.assessor, timezone.localdate()
        stopping = Conflict.objects.visible_to(self.user).live(today).filter(person=row.user)
        kept = may_keep(self.user, row.service_id)
        context = {
            **self.context(),
            "load": capacity.load([row], today)[row.pk],
            "grade": grade_label(row.grade, today),
            "skills": [{"skill": skill, "holds": skill.holds(today)} for skill in row.skill_rows.all()],
            "leave": row.leave_rows.filter(last__gte=today),
            "conflicts": stopping.select_related("authority"),
            "may_keep": kept,
            "may_leave": kept or self.own,
            "may_declare": conflicts.may_declare(self.user, row),
            "may_end": conflicts.may_declare(self.user, row) and not self.own,
        }
        return render(request, "referrals/services/assessor.html", context)


class ChangeAssessor(AssessorForm):
    title, verb, done = _("What they bring and can carry"), _("Save"), _("Saved.")

    def form(self, data: Any = None) -> ProfileForm:
        return ProfileForm(data, initial={name: getattr(self.assessor, name) for name in ProfileForm.FIELDS})

    def act(self, form: ProfileForm) -> None:
        assessors.change(assessor=self.assessor, by=self.user, **form.facts())


class AddSkill(AssessorForm):
    title, verb, done = _("Add a skill"), _("Add it"), _("Added.")

    def form(self, data: Any = None) -> SkillForm:
        return SkillForm(data)

    def act(self, form: SkillForm) -> None:
        assessors.add_skill(assessor=self.assessor, by=self.user, **form.cleaned_data)


class EndSkill(AssessorForm):
    title, verb, done, grave = _("End this skill"), _("End it"), _("Ended."), True
    means = _("They are not suggested for what asks for it any more. That they had it stays on record.")

    def look(self, **kwargs: Any) -> None:
        rows = Skill.objects.visible_to(self.user).select_related("assessor")
        self.row = one(rows.filter(assessor=self.assessor, pk=kwargs["skill"]))

    def act(self, form: DeskForm) -> None:
        assessors.end_skill(row=self.row, by=self.user)


class AddLeave(AssessorForm):
    title, verb, done = _("Add leave"), _("Add it"), _("Added. Forecasts count it from now on.")

    def may(self) -> bool:
        return self.own or super().may()

    def form(self, data: Any = None) -> LeaveForm:
        return LeaveForm(data)

    def act(self, form: LeaveForm) -> None:
        assessors.add_leave(assessor=self.assessor, by=self.user, **form.cleaned_data)


class RemoveLeave(AssessorForm):
    title, verb, done, grave = _("Remove this leave"), _("Remove it"), _("Removed."), True
    means = _("They count as there on these days.")

    def may(self) -> bool:
        return self.own or super().may()

    def look(self, **kwargs: Any) -> None:
        rows = Leave.objects.visible_to(self.user).select_related("assessor__service", "assessor__user")
        self.row = one(rows.filter(assessor=self.assessor, pk=kwargs["leave"]))

    def act(self, form: DeskForm) -> None:
        assessors.remove_leave(row=self.row, by=self.user)


class DeclareConflict(AssessorForm):
    title, verb, done = (
        _("Declare a conflict of interest"),
        _("Declare it"),
        _("Declared. It stops offers from now on."),
    )
    means = _("They are not named for this authority’s or this family’s work, unless a manager says why.")

    def may(self) -> bool:
        return conflicts.may_declare(self.user, self.assessor)

    def form(self, data: Any = None) -> ConflictForm:
        return ConflictForm(data)

    def act(self, form: ConflictForm) -> None:
        conflicts.declare(assessor=self.assessor, by=self.user, **form.cleaned_data)


class EndConflict(AssessorForm):
    title, verb, done, grave = _("End this conflict of interest"), _("End it"), _("Ended."), True
    means = _("It stops nothing from today on. That it held stays on record.")

    def may(self) -> bool:
        return conflicts.may_declare(self.user, self.assessor) and not self.own

    def look(self, **kwargs: Any) -> None:
        rows = Conflict.objects.visible_to(self.user)
        self.row = one(rows.filter(person=self.assessor.user, pk=kwargs["conflict"]))

    def act(self, form: DeskForm) -> None:
        conflicts.end(row=self.row, assessor=self.assessor, by=self.user)


def one(rows: Any) -> Any:
    found = rows.first()
    if found is None:
        raise Http404
    return found
