"""The print basket as a page: what was gathered, to be printed together or taken out again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from intake.pages.acting import status_of
from intake.refusals import Refused
from reports.actions import basket
from reports.pages.print_runs import BACK, Gathering


class BasketPage(Gathering):
    """Reached from a list or an enquiry with what goes in, and by itself with what is in it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def page(self, status: int = 200, **more: Any) -> HttpResponse:
        context = {"rows": list(basket.rows_of(self.user)), **more}
        return render(self.request, "reports/prints/basket.html", context, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        acts = {"put": self.put_in, "out": self.take_out, "empty": self.empty}
        try:
            return acts[request.POST.get("basket", "")]()
        except KeyError:
            return self.page(422, nothing=gettext("Choose what is to be done with them."))
        except Refused as refused:
            return self.page(status_of(refused), refused=refused)

    def put_in(self) -> HttpResponse:
        """And back to the list, so that more can be put in."""
        if not (self.all or self.given.getlist("reference")):
            return self.page(422, nothing=gettext("Nothing was chosen. Tick rows in the list first."))
        done = basket.put(by=self.user, chosen=self.chosen())
        self.say(done)
        if "query" not in self.given:
            return redirect("print-basket")
        query = self.given["query"]
        return redirect(reverse(BACK[self.of]) + (f"?{query}" if query else ""))

    def say(self, done: basket.Put) -> None:
        words = ngettext(
            "{number} enquiry was put into your print basket.",
            "{number} enquiries were put into your print basket.",
            done.added,
        )
        said = [words.format(number=f"{done.added:,}")]
        if done.there:
            said.append(gettext("{number} in it already.").format(number=f"{done.there:,}"))
        if done.left:
            said.append(gettext("Left out: {reasons}").format(reasons=self.reasons(done)))
        level = messages.warning if done.left else messages.success
        level(self.request, " ".join(said))

    def reasons(self, done: basket.Put) -> str:
        return " ".join(f"{reference}: {says}" for reference, says in done.left[:5])

    def take_out(self) -> HttpResponse:
        gone = basket.take_out(by=self.user, references=self.given.getlist("reference"))
        words = ngettext("{number} was taken out.", "{number} were taken out.", gone)
        messages.success(self.request, words.format(number=f"{gone:,}"))
        return redirect("print-basket")

    def empty(self) -> HttpResponse:
        basket.empty(by=self.user)
        messages.success(self.request, gettext("Your print basket is empty."))
        return redirect("print-basket")
