"""Each to what they work from: the authority's and the service's homes; for the hub its desk."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from intake.lifecycle import Role, Status
from intake.models import Attachment, Enquiry, InformationRequest, Message, Organisation, User
from intake.models.enquiry import EnquiryQuerySet
from intake.models.saved_view import VIEWERS
from intake.pages.acting import DeskView
from intake.words import _
from referrals import tracking
from referrals.lifecycle import Status as Stands
from referrals.models import Referral
from referrals.pages.service_home import show_service_home

SHOWN = 6
SOON = timedelta(days=7)
# What is in hand, and what came to an end.
IN_HAND = (Status.SUBMITTED, Status.IN_TRIAGE, Status.ACCEPTED)
ENDED = (Status.DECLINED, Status.REDIRECTED, Status.LAPSED, Status.DUPLICATE, Status.WITHDRAWN, Status.CLOSED)


@dataclass(frozen=True)
class Need:
    """Something this person is to do: a sentence, and where."""

    text: str
    reference: str
    href: str
    theirs: str = ""
    tone: str = ""


class Home(DeskView):
    def get(self, request: HttpRequest) -> HttpResponse:
        kind = self.user.organisation.kind
        if kind == Organisation.Kind.AUTHORITY:
            return render(request, "referrals/home.html", home(self.user))
        if kind == Organisation.Kind.SERVICE:
            return show_service_home(request, self.user)
        if self.user.has(*VIEWERS):
            return redirect("desk")
        only_settings = self.user.roles == {Role.ADMINISTRATOR}
        return redirect("admin:index" if only_settings else "worklist")


def home(user: User) -> dict[str, Any]:
    """What needs somebody first, then where everything stands. Twelve statements, however much there is."""
    visible = Enquiry.objects.visible_to(user).select_related("authority", "owner")
    groups = [
        (
            gettext("With you"),
            "status=information_requested",
            visible.filter(status=Status.INFORMATION_REQUESTED),
        ),
        (gettext("Drafts"), "status=draft", visible.filter(status=Status.DRAFT)),
        (
            gettext("In progress"),
            "&".join(f"status={one}" for one in IN_HAND),
            visible.filter(status__in=IN_HAND),
        ),
        (gettext("Decided"), "&".join(f"status={one}" for one in ENDED), visible.filter(status__in=ENDED)),
    ]
    found = [(label, query, cards_of(rows)) for label, query, rows in groups]
    shown = [row for _, _, rows in found for row in rows]
    tracks = tracking.tracks([row for row in shown if row.status != Status.DRAFT], user)
    for row in shown:
        row.track = tracks.get(row.pk)  # type: ignore[attr-defined]
    needs = list(needs_of(user, timezone.localdate()))
    return {
        "needs": needs[:SHOWN],
        "needs_title": title(len(needs)),
        "any_shown": bool(shown),
        "groups": [(label, query, rows[:SHOWN], len(rows) > SHOWN) for label, query, rows in found],
        "may_write": user.has(Role.REFERRER, Role.AUTHORITY_MANAGER),
    }


def cards_of(rows: QuerySet[Enquiry]) -> list[Enquiry]:
    """One more than are shown, so that the page can say that there are more."""
    return list(rows.order_by("-updated_at").prefetch_related("assessment_rows__type")[: SHOWN + 1])


NUMBERS = (
    _("Nothing needs"),
    _("One thing needs"),
    _("Two things need"),
    _("Three things need"),
    _("Four things need"),
)


def title(number: int) -> str:
    """Three things need you."""
    words = (
        NUMBERS[number] if number < len(NUMBERS) else gettext("{number} things need").format(number=number)
    )
    return f"{gettext('More than ') if number > SHOWN * 4 else ''}{words} you"


def needs_of(user: User, today: date) -> Iterator[Need]:
    """Questions, files that could not be taken, drafts that end, messages, reports: each by its own rule of sight."""
    visible = Enquiry.objects.visible_to(user)
    yield from questions(user, today)
    for reference, theirs in refused_files(user, visible):
        text = gettext("A file could not be taken, and has to be sent again.")
        yield Need(text, reference, reverse("enquiry", args=(reference,)) + "#documents", theirs, "late")
    for row in visible.filter(status=Status.DRAFT).order_by("updated_at")[:SHOWN]:
        if row.delete_on and row.delete_on <= today + SOON:
            text = gettext(
                "Your draft is deleted on {delete_on:%A} {delete_on:%-d %B}, unless you go on with it."
            ).format(delete_on=row.delete_on)
            yield Need(
                text, row.reference, reverse("write", args=(row.reference,)), row.authority_reference, "soon"
            )
    for reference, theirs, number in messages(user):
        words = (
            gettext("There is a new message.")
            if number == 1
            else gettext("There are {number} new messages.").format(number=number)
        )
        yield Need(words, reference, reverse("messages", args=(reference,)), theirs)
    reports = Referral.objects.visible_to(user).filter(status=Stands.DELIVERED).order_by("updated_at")
    for referral in reports.select_related("enquiry", "assessment__type")[:SHOWN]:
        text = gettext("The report is ready: {type}.").format(type=referral.assessment.type.name)
        where = reverse("referral", args=(referral.reference,))
        yield Need(text, referral.reference, where, referral.enquiry.authority_reference, "well")


def questions(user: User, today: date) -> Iterator[Need]:
    rows = InformationRequest.objects.visible_to(user).open().select_related("enquiry")
    for row in rows.prefetch_related("questions").order_by("reply_by", "pk")[:SHOWN]:
        number, tone = len(row.unanswered(())), "late" if row.reply_by < today else "waiting"
        asked = (
            gettext("One question is")
            if number == 1
            else gettext("{number} questions are").format(number=number)
        )
        due = f"{row.reply_by:%A} {row.reply_by:%-d %B}"
        when = (
            gettext("they were due on {due}").format(due=due)
            if row.reply_by < today
            else gettext("please answer by {due}").format(due=due)
        )
        text = gettext("{asked} open, {when}. Our clock stands still until then.").format(
            asked=asked, when=when
        )
        reference = row.enquiry.reference
        where = reverse("enquiry-transition", args=(reference, "answer"))
        yield Need(text, reference, where, row.enquiry.authority_reference, tone)


def refused_files(user: User, visible: EnquiryQuerySet) -> list[tuple[str, str]]:
    rows = Attachment.objects.visible_to(user).filter(
        enquiry__in=visible.open(), state=Attachment.State.REFUSED
    )
    found = rows.values_list("enquiry__reference", "enquiry__authority_reference").annotate(
        at=Min("added_at")
    )
    return [(reference, theirs) for reference, theirs, _ in found.order_by("at")[:SHOWN]]


def messages(user: User) -> list[tuple[str, str, int]]:
    rows = (
        Message.objects.visible_to(user).unread_by(user).filter(enquiry__in=Enquiry.objects.visible_to(user))
    )
    found = rows.values_list("enquiry__reference", "enquiry__authority_reference").annotate(
        number=Count("pk")
    )
    return list(found.order_by("-number")[:SHOWN])
