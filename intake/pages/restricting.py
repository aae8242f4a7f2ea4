"""Who may see an enquiry: its access list, and what another manager has to decide."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from intake.actions import restricting
from intake.lifecycle import Role
from intake.models import Access, AccessProposal, ConflictBlock, Enquiry, User
from intake.pages.acting import ActingView, DeskView
from intake.pages.forms import DeskForm, words
from intake.pages.views import BesidePage, find_enquiry
from intake.refusals import Forbidden
from intake.words import _


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: User) -> str:
        return f"{obj.name}, {obj.organisation.name}"


class PeopleField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: User) -> str:
        return f"{obj.name}, {obj.organisation.name}"


class AskForm(DeskForm):
    reason = words(_("Why should only some people see it?"), _("The managers read this."), rows=3)


class RestrictForm(DeskForm):
    people = PeopleField(
        User.objects.none(),
        label=_("Who goes on seeing it, beside you?"),
        help_text=_("Nobody else sees it any more, from the next click on."),
        required=False,
    )
    reason = words(_("Why is it restricted?"), rows=3)

    def __init__(self, *args: Any, enquiry: Enquiry, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = restricting.seers(enquiry).exclude(pk=user.pk)  # type: ignore[attr-defined]


class TakeOffForm(DeskForm):
    person = PersonField(
        User.objects.none(), label=_("Who is taken off the list?"), widget=forms.RadioSelect, empty_label=None
    )
    reason = words(_("Why?"), rows=2)

    def __init__(self, *args: Any, enquiry: Enquiry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = Access.objects.live().filter(enquiry=enquiry).values("person")
        self.fields["person"].queryset = User.objects.filter(pk__in=listed)  # type: ignore[attr-defined]


class ProposeForm(DeskForm):
    kind = forms.ChoiceField(label=_("What do you propose?"), widget=forms.RadioSelect)
    person = PersonField(
        User.objects.none(), label=_("Whom?"), help_text=_("Not for lifting the restriction."), required=False
    )
    reason = words(_("Why?"), _("Another manager reads this and decides."), rows=3)

    def __init__(self, *args: Any, enquiry: Enquiry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = AccessProposal.Kind
        offered = [kinds.LET_IN, kinds.LIFT, kinds.UNBLOCK] if enquiry.restricted else [kinds.UNBLOCK]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in offered]  # type: ignore[attr-defined]
        self.fields["person"].queryset = restricting.seers(enquiry)  # type: ignore[attr-defined]


class ConflictForm(DeskForm):
    person = PersonField(
        User.objects.none(),
        label=_("Whose conflict of interest is it?"),
        required=False,
        empty_label=_("My own"),
    )
    reason = words(_("What is the conflict?"), _("No more about the family than is needed."), rows=3)

    def __init__(self, *args: Any, enquiry: Enquiry, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = restricting.seers(enquiry).exclude(pk=user.pk)  # type: ignore[attr-defined]
        if not user.has(Role.MANAGER):
            del self.fields["person"]


def let_in(refuse: Callable[[User], None], user: User) -> None:
    """The action's own rule, as a page's refusal."""
    try:
        refuse(user)
    except Forbidden as refused:
        raise PermissionDenied from refused


class AccessPage(DeskView):
    """Who is on the list, who is kept out, what waits."""

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        enquiry = find_enquiry(self, reference)
        let_in(restricting.refuse_readers, self.user)
        context = {
            "enquiry": enquiry,
            "listed": self.rows(Access, enquiry),
            "blocked": self.rows(ConflictBlock, enquiry),
            "waiting": waiting(self.user).filter(enquiry=enquiry),
            "keeps": self.user.has(Role.MANAGER),
        }
        return render(request, "intake/access/enquiry.html", context)

    def rows(self, kind: type[Access] | type[ConflictBlock], enquiry: Enquiry) -> Any:
        rows = kind.objects.visible_to(self.user).live().filter(enquiry=enquiry)
        return rows.select_related("person__organisation").order_by("person__name")


def waiting(user: User) -> Any:
    rows = AccessProposal.objects.visible_to(user).waiting()
    return rows.select_related("enquiry__authority", "person__organisation", "proposed_by")


class ForEnquiry(BesidePage):
    """A form about who sees this enquiry, for managers unless it says otherwise."""

    keepers_only = True
    done: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and self.keepers_only and not self.user.has(Role.MANAGER):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def form(self, data: Any = None) -> DeskForm:
        return self.form_class(data, enquiry=self.enquiry)

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        return self.answer(self.form())

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        form = self.form(request.POST)
        return self.attempt(form, lambda: self.act(form))

    def act(self, form: Any) -> HttpResponse:
        self.change(form.cleaned_data)
        messages.success(self.request, self.done)
        # Whoever took themselves out of it has nothing to go back to.
        seen = Enquiry.objects.visible_to(self.user).filter(pk=self.enquiry.pk).exists()
        if not seen:
            return redirect("home")
        return redirect("access-list" if self.user.has(Role.MANAGER) else "enquiry", self.enquiry.reference)

    def change(self, given: dict[str, Any]) -> None:
        raise NotImplementedError


class AskPage(ForEnquiry):
    form_class = AskForm
    keepers_only = False
    title, verb, done = _("Ask to restrict it"), _("Ask the managers"), _("Asked. A manager decides it.")

    def form(self, data: Any = None) -> DeskForm:
        return AskForm(data)

    def change(self, given: dict[str, Any]) -> None:
        restricting.ask(enquiry=self.enquiry, by=self.user, **given)


class RestrictPage(ForEnquiry):
    form_class = RestrictForm
    title, verb, done = _("Restrict it"), _("Restrict it"), _("Restricted. Only those on the list see it.")

    def form(self, data: Any = None) -> DeskForm:
        return RestrictForm(data, enquiry=self.enquiry, user=self.user)

    def change(self, given: dict[str, Any]) -> None:
        restricting.restrict(enquiry=self.enquiry, by=self.user, **given)


class TakeOffPage(ForEnquiry):
    form_class = TakeOffForm
    title, verb, done = _("Take somebody off the list"), _("Take them off"), _("They do not see it any more.")

    def change(self, given: dict[str, Any]) -> None:
        restricting.take_off(enquiry=self.enquiry, by=self.user, **given)


class ProposePage(ForEnquiry):
    form_class = ProposeForm
    title, verb, done = (
        _("Open it to more people"),
        _("Propose it"),
        _("Proposed. Another manager decides it."),
    )

    def change(self, given: dict[str, Any]) -> None:
        restricting.propose(enquiry=self.enquiry, by=self.user, **given)


class ConflictPage(ForEnquiry):
    form_class = ConflictForm
    keepers_only = False
    title, verb, done = _("Conflict of interest"), _("Keep out"), _("On record, and kept out from now on.")

    def form(self, data: Any = None) -> DeskForm:
        return ConflictForm(data, enquiry=self.enquiry, user=self.user)

    def change(self, given: dict[str, Any]) -> None:
        person = given.get("person") or self.user
        restricting.block(enquiry=self.enquiry, by=self.user, person=person, reason=given["reason"])


class Waiting(DeskView):
    """What waits for a manager; also of enquiries that they do not see, by reference only."""

    def get(self, request: HttpRequest) -> HttpResponse:
        let_in(restricting.refuse_readers, self.user)
        seen = Enquiry.objects.visible_to(self.user).filter(restricted=True)
        context = {
            "waiting": waiting(self.user),
            "restricted": seen.select_related("authority", "owner").order_by("-received_at", "-id")[:50],
            "decides": self.user.has(Role.MANAGER),
        }
        return render(request, "intake/access/waiting.html", context)


class DecidePage(ActingView):
    """One proposal: agreed, or not."""

    template_name = "intake/access/decide.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            found = waiting(self.user).filter(pk=kwargs["pk"]).first()
            if found is None:
                raise Http404
            self.proposal = found

    def context(self) -> dict[str, Any]:
        return {"proposal": self.proposal, "mine": self.proposal.proposed_by_id == self.user.pk}

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.answer(DeskForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = DeskForm(request.POST)
        return self.attempt(form, lambda: self.act(agreed=request.POST.get("agreed") == "yes"))

    def act(self, *, agreed: bool) -> HttpResponse:
        restricting.decide(proposal=self.proposal, by=self.user, agreed=agreed)
        messages.success(
            self.request, gettext("Agreed.") if agreed else gettext("Not agreed. Nothing changes.")
        )
        return redirect("access-waiting")
