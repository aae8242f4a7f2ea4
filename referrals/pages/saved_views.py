"""Views of the lists: saved from a list, looked after on a page of their own, opened under their own address."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from intake.models import SavedView
from intake.pages.acting import ActingView, DeskView
from intake.pages.forms import DeskForm, line
from intake.pages.paging import asked
from intake.refusals import Refused
from intake.words import _
from referrals import viewing
from referrals.actions import saved_views

LISTS = {SavedView.Of.ENQUIRIES: "worklist", SavedView.Of.REFERRALS: "referrals"}


class ViewForm(DeskForm):
    """How a view is called, who sees it, when a letter comes."""

    name = line(
        _("Name of the view"),
        _("What you would look for, such as “Urgent, nobody’s”. Name no family."),
        max_length=80,
    )
    shared = forms.BooleanField(
        label=_("Share it with the team"),
        help_text=_("Colleagues then find it among their views; each sees in it what they may see."),
        required=False,
    )
    digest = forms.ChoiceField(
        label=_("A letter with how many are in it"),
        help_text=_("By e-mail to you, at seven in the morning. It names references and nobody."),
        choices=SavedView.Digest.choices,
        initial=SavedView.Digest.NONE,
        required=False,
        widget=forms.RadioSelect,
    )

    def facts(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return {**given, "digest": given["digest"] or SavedView.Digest.NONE}


class ColleaguesForm(DeskForm):
    """What a manager changes of somebody else's shared view."""

    name = ViewForm.base_fields["name"]
    shared = ViewForm.base_fields["shared"]

    def facts(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class KeepingView(ActingView):
    """Whose role keeps no views finds none of these pages."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            try:
                saved_views.check_may_keep(self.user)
            except Refused:
                raise Http404 from None
        return super().dispatch(request, *args, **kwargs)

    def find(self, pk: int) -> SavedView:
        """The view as this person may see it; another's private one and none at all are the same."""
        found = SavedView.objects.visible_to(self.user).select_related("owner").filter(pk=pk).first()
        if found is None:
            raise Http404
        return found


class SavedViews(KeepingView):
    """One's own views and the colleagues' shared ones."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = list(SavedView.objects.visible_to(self.user).select_related("owner"))
        context = {
            "mine": [row for row in rows if row.owner_id == self.user.pk],
            "shared": [(row, row.is_kept_by(self.user)) for row in rows if row.owner_id != self.user.pk],
        }
        return render(request, "referrals/views/list.html", context)


class OpenView(KeepingView):
    """Its own address, for letters: on to the list as the view is today."""

    def get(self, request: HttpRequest, view: int) -> HttpResponse:
        found = self.find(view)
        return redirect(f"{reverse(LISTS[SavedView.Of(found.of)])}?{found.query}")


class SaveView(KeepingView):
    """Keep the filters of a list, which stand in this page's own address."""

    template_name = "referrals/views/form.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.of = request.GET.get("of", "")
        query = request.GET.copy()
        self.words = bool(query.pop(viewing.WORDS, []))
        query.pop("of", None)
        self.query = asked(query).removeprefix("?")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.of not in LISTS:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        back = f"{reverse(LISTS[SavedView.Of(self.of)])}?{self.query}"
        return {
            "title": gettext("Save this view"),
            "verb": gettext("Save the view"),
            "back": back,
            "words": self.words,
        }

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(ViewForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ViewForm(request.POST)
        return self.attempt(form, lambda: self.save(form))

    def save(self, form: ViewForm) -> HttpResponse:
        view = saved_views.save(by=self.user, of=self.of, query=self.query, **form.facts())
        messages.success(self.request, gettext("The view “{view}” is saved.").format(view=view.name))
        return redirect("saved-view", view.pk)


class OneView(KeepingView):
    """A page about one view that this person may change."""

    template_name = "referrals/views/form.html"
    view: SavedView

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            self.view = self.find(kwargs["view"])
            if not self.view.is_kept_by(self.user):
                raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ChangeView(OneView):
    def context(self) -> dict[str, Any]:
        return {
            "title": gettext("Change the view"),
            "verb": gettext("Save"),
            "back": reverse("saved-views"),
            "view": self.view,
        }

    def form(self, data: Any = None) -> Any:
        kind = ViewForm if self.view.owner_id == self.user.pk else ColleaguesForm
        initial = {"name": self.view.name, "shared": self.view.shared, "digest": self.view.digest}
        return kind(data, initial=initial)

    def get(self, request: HttpRequest, view: int) -> HttpResponse:
        return self.answer(self.form())

    def post(self, request: HttpRequest, view: int) -> HttpResponse:
        form = self.form(request.POST)
        return self.attempt(form, lambda: self.change(form))

    def change(self, form: Any) -> HttpResponse:
        saved_views.change(view=self.view, by=self.user, **form.facts())
        messages.success(self.request, gettext("Changed."))
        return redirect("saved-views")


class DeleteView(OneView):
    """A page before it is gone."""

    template_name = "referrals/views/delete.html"

    def context(self) -> dict[str, Any]:
        return {"view": self.view}

    def get(self, request: HttpRequest, view: int) -> HttpResponse:
        return self.answer(DeskForm())

    def post(self, request: HttpRequest, view: int) -> HttpResponse:
        return self.attempt(DeskForm(request.POST), self.give_up)

    def give_up(self) -> HttpResponse:
        saved_views.delete(view=self.view, by=self.user)
        messages.success(self.request, gettext("The view “{view}” is deleted.").format(view=self.view.name))
        return redirect("saved-views")


class MoveUp(DeskView):
    """One place up among one's own: a press, no dragging."""

    def post(self, request: HttpRequest, view: int) -> HttpResponse:
        found = SavedView.objects.visible_to(self.user).filter(pk=view, owner=self.user).first()
        if found is None:
            raise Http404
        saved_views.move_up(view=found, by=self.user)
        return redirect("saved-views")
