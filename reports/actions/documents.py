"""Documents: made outside any transaction, then kept with their hash and a line of history in a short one."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from intake.lifecycle import Role, Status
from intake.models import Enquiry, Event, User
from intake.refusals import Forbidden, NotFound, NotPossible, Unavailable
from reports import pdf
from reports.models import Document
from reports.summaries import acknowledgement, summary
from reports.summaries.blocks import moment

Kind, Audience = Document.Kind, Document.Audience
# Who may print a summary for whom, by role.
PRINTS: dict[Role, frozenset[Document.Audience]] = {
    Role.REFERRER: frozenset({Audience.AUTHORITY}),
    Role.AUTHORITY_MANAGER: frozenset({Audience.AUTHORITY}),
    Role.COORDINATOR: frozenset({Audience.AUTHORITY, Audience.SERVICE}),
    Role.SERVICE_LEAD: frozenset({Audience.SERVICE}),
    Role.ASSESSOR: frozenset({Audience.SERVICE}),
    Role.REVIEWER: frozenset({Audience.INTERNAL}),
    Role.MANAGER: frozenset(Audience),
    Role.AUDITOR: frozenset(Audience),
}
TRIES = 4


@dataclass(frozen=True)
class Draft:
    """What is about to be kept: under which version, printed from which state of the enquiry."""

    kind: Document.Kind
    audience: Document.Audience
    version: int
    printed_from: str
    made_at: datetime
    made_by: User
    pdf: bytes


def acknowledge(*, enquiry: Enquiry) -> Document:
    """The acknowledgement, made once, by whoever comes first; later calls give the same one."""
    if enquiry.status == Status.DRAFT or enquiry.received_at is None:
        raise NotFound
    if (issued := acknowledgement_of(enquiry)) is not None:
        return issued
    enquiry = Enquiry.objects.select_related("authority").get(pk=enquiry.pk)
    received_at = enquiry.received_at
    assert received_at is not None
    system = User.objects.system()
    context = {
        "receipt": acknowledgement(enquiry),
        "provider": provider(),
        "version": 1,
        "printed_by": settings.PROVIDER_NAME,
    }
    made = pdf.render("reports/acknowledgement.html", context, made_at=received_at)
    draft = Draft(Kind.ACKNOWLEDGEMENT, Audience.AUTHORITY, 1, "submit", received_at, system, made)
    return keep_first(enquiry, draft)


def acknowledgement_of(enquiry: Enquiry) -> Document | None:
    return enquiry.documents.filter(kind=Kind.ACKNOWLEDGEMENT).order_by("version").first()


@transaction.atomic
def keep_first(enquiry: Enquiry, draft: Draft) -> Document:
    """Two may have made it at once: the one that comes second throws its copy away."""
    held = Enquiry.objects.hold(enquiry)
    if (issued := acknowledgement_of(held)) is not None:
        return issued
    document = keep(held, draft)
    record(held, document, "document.issued", draft.made_by, Event.Audience.ALL)
    return document


def audiences_for(user: User) -> list[str]:
    """For whom this person may print a summary, in the order of the choices."""
    allowed = frozenset().union(*(PRINTS.get(role, frozenset()) for role in user.roles))
    return [audience for audience in Audience if audience in allowed]


def print_summary(*, enquiry: Enquiry, audience: str, by: User) -> Document:
    """A summary as the enquiry stands now; every print is a line of its history.

    The same person printing an unchanged enquiry again on the same day gets the same document.
    """
    wanted = Audience(audience)
    if wanted not in audiences_for(by):
        raise Forbidden(f"Your role does not allow this: print the summary for {wanted.label.lower()}.")
    if enquiry.status == Status.DRAFT:
        raise NotPossible(
            "A draft cannot be printed. Send the enquiry first.",
            status=enquiry.status,
            transitions=enquiry.transitions_for(by),
        )
    for _ in range(TRIES):
        enquiry = fresh(enquiry, by)
        if (document := attempt(enquiry, wanted, by)) is not None:
            return document
    raise Unavailable("This is changing too fast to be printed. Try again in a minute.")


def fresh(enquiry: Enquiry, by: User) -> Enquiry:
    found = Enquiry.objects.visible_to(by).select_related("authority").filter(pk=enquiry.pk).first()
    if found is None:
        raise NotFound
    return found


def attempt(enquiry: Enquiry, audience: Document.Audience, by: User) -> Document | None:
    """Make it and keep it; None when the enquiry changed, or somebody took the version, in the meantime."""
    now = timezone.now()
    state = state_of(enquiry, by, now)
    if (same := printed_before(enquiry, audience, state)) is not None:
        return reissue(enquiry, same, by)
    version = next_version(enquiry, audience)
    context = {
        "paper": summary(enquiry, audience, by=by, today=timezone.localdate(now)),
        "provider": provider(),
        "version": version,
        "printed_by": f"{by.name}, {by.organisation.name}",
        "printed_at": moment(now),
    }
    made = pdf.render("reports/summary.html", context, made_at=now)
    return keep_next(enquiry, Draft(Kind.SUMMARY, audience, version, state, now, by, made))


@transaction.atomic
def keep_next(enquiry: Enquiry, draft: Draft) -> Document | None:
    held = Enquiry.objects.hold(enquiry)
    if state_of(held, draft.made_by, draft.made_at) != draft.printed_from:
        return None
    if next_version(held, draft.audience) != draft.version:
        return None
    document = keep(held, draft)
    record(held, document, "document.printed", draft.made_by, Event.Audience.ACCESS)
    return document


@transaction.atomic
def reissue(enquiry: Enquiry, document: Document, by: User) -> Document:
    record(Enquiry.objects.hold(enquiry), document, "document.printed", by, Event.Audience.ACCESS)
    return document


def keep(enquiry: Enquiry, draft: Draft) -> Document:
    return Document.objects.create(
        enquiry=enquiry, **vars(draft), sha256=hashlib.sha256(draft.pdf).hexdigest()
    )


def record(enquiry: Enquiry, document: Document, verb: str, by: User, audience: str) -> None:
    facts: dict[str, Any] = {
        name: getattr(document, name) for name in ("kind", "audience", "version", "sha256")
    }
    Event.objects.record(enquiry, verb=verb, by=by, data=facts, audience=audience)


def state_of(enquiry: Enquiry, by: User, now: datetime) -> str:
    """What it was printed from: its version, its last line of history that is no print, who, which day."""
    lines = Event.objects.filter(enquiry=enquiry).exclude(verb__startswith="document.")
    last = lines.order_by("-sequence").values_list("sequence", flat=True).first()
    return f"{enquiry.version}.{last or 0} {by.pk} {timezone.localdate(now)}"


def printed_before(enquiry: Enquiry, audience: Document.Audience, state: str) -> Document | None:
    rows = enquiry.documents.filter(kind=Kind.SUMMARY, audience=audience, printed_from=state)
    return rows.order_by("-version").first()


def next_version(enquiry: Enquiry, audience: Document.Audience) -> int:
    rows = enquiry.documents.filter(kind=Kind.SUMMARY, audience=audience)
    last = rows.order_by("-version").values_list("version", flat=True).first()
    return (last or 0) + 1


def provider() -> dict[str, str]:
    """How we are reached, as settings say it."""
    return {
        "name": settings.PROVIDER_NAME,
        "phone": settings.PROVIDER_PHONE,
        "out_of_hours": settings.PROVIDER_OUT_OF_HOURS,
        "email": settings.PROVIDER_EMAIL,
        "marking": settings.MARKING,
    }
