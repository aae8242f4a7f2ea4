"""The button that claims the first of a view that nobody has."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from intake.models.idempotency import ONE_PRESS
from intake.pages.acting import DeskView, mark_of_page
from intake.pages.paging import asked
from intake.refusals import Forbidden, Refused
from referrals import viewing
from referrals.actions import claims


class NextPage(DeskView):
    """One press, one enquiry: back in the list when nothing is left, on its page when it is theirs.

    Who comes back later to the very page that they pressed it on, and presses again, wants another.
    """

    def post(self, request: HttpRequest) -> HttpResponse:
        query = QueryDict(request.POST.get("query", "")[: viewing.LONGEST].removeprefix("?"))
        try:
            rows = viewing.enquiries(query, self.user)
            found, _made = claims.claim_next_once(
                by=self.user,
                rows=rows,
                view=viewing.named(query),
                key=mark_of_page(request),
                asked=query.urlencode(),
                same_for=ONE_PRESS,
            )
        except Forbidden as refused:
            raise PermissionDenied(refused.detail) from None
        except Refused as refused:
            messages.error(request, refused.detail)
            return redirect(f"{reverse('worklist')}{asked(query)}")
        if found is None:
            messages.info(request, gettext("Nothing that nobody has is left in this view."))
            return redirect(f"{reverse('worklist')}{asked(query)}")
        messages.success(request, gettext("{reference} is yours.").format(reference=found.reference))
        return redirect("enquiry", found.reference)
