"""Documents: made outside any transaction, then kept with their hash and a line of history in a short one."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from intake.checks import Fault
from intake.lifecycle import Role, Status
from intake.models import Enquiry, Event, User
from intake.refusals import Forbidden, Invalid, NotFound, NotPossible, Unavailable
from intake.words import Language
from reports import languages, pdf
from reports.models import Document, DocumentQuerySet
from reports.summaries import acknowledgement
from reports.summaries.blocks import Paper, moment
from reports.summaries.shelf import SHELVES

Kind, Audience = Document.Kind, Document.Audience
# Whose print is a disclosure to be answered for: why, in the history.
WITH_A_REASON = frozenset({Role.MANAGER, Role.AUDITOR})
TRIES = 4


@dataclass(frozen=True)
class Draft:
    """What is about to be kept: under which version, printed from which state of the enquiry."""

    kind: Document.Kind
    audience: Document.Audience
    version: int
    subject: str
    printed_from: str
    made_at: datetime
    made_by: User
    pdf: bytes
    language: str = Language.ENGLISH


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
    with languages.speaking(enquiry.language):
        context = {
            "receipt": acknowledgement(enquiry),
            "provider": provider(),
            "version": 1,
            "printed_by": settings.PROVIDER_NAME,
            **language(),
        }
        made = pdf.render("reports/acknowledgement.html", context, made_at=received_at)
    draft = Draft(
        Kind.ACKNOWLEDGEMENT,
        Audience.AUTHORITY,
        1,
        "",
        "submit",
        received_at,
        system,
        made,
        enquiry.language,
    )
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


def audiences_for(user: User, kind: str = Kind.SUMMARY) -> list[str]:
    """For whom this person may print a paper of this kind, in the order of the choices."""
    return [audience.value for audience in SHELVES[Kind(kind)].audiences_for(user)]


@dataclass(frozen=True)
class Order:
    """What somebody wants printed; `subject` says of which referral or questions, `without` what they leave out.

    `language`: empty for the enquiry's own.
    """

    kind: Document.Kind
    audience: Document.Audience
    subject: str = ""
    without: frozenset[str] = frozenset()
    reason: str = ""
    language: str = ""

    @property
    def choice(self) -> str:
        """A short name of what was left out, the same each time."""
        told = ",".join(sorted(self.without))
        return hashlib.sha256(told.encode()).hexdigest()[:8] if told else ""

    def spoken(self, enquiry: Enquiry) -> str:
        """The language of the paper."""
        return self.language or enquiry.language


def print_paper(*, enquiry: Enquiry, order: Order, by: User) -> Document:
    """A paper as the enquiry stands now; every print is a line of its history.

    The same person printing an unchanged enquiry again on the same day gets the same document.
    """
    return print_and(enquiry=enquiry, order=order, by=by, keep=keep_made)


def print_and(
    *, enquiry: Enquiry, order: Order, by: User, keep: Callable[["Made"], Document | None]
) -> Document:
    """Make it, outside any transaction, then have it kept; made anew where it changed in between."""
    check_may_print(order, by)
    for _ in range(TRIES):
        enquiry = fresh(enquiry, by)
        refuse_draft(enquiry, by)
        if (document := keep(make(enquiry, order, by))) is not None:
            return document
    raise Unavailable("This is changing too fast to be printed. Try again in a minute.")


def refuse_draft(enquiry: Enquiry, by: User) -> None:
    if enquiry.status == Status.DRAFT:
        raise NotPossible(
            "A draft cannot be printed. Send the enquiry first.",
            status=enquiry.status,
            transitions=enquiry.transitions_for(by),
        )


def check_may_print(order: Order, by: User) -> None:
    if order.audience not in SHELVES[order.kind].audiences_for(by):
        what = f"{order.kind.label.lower()} for {order.audience.label.lower()}"
        raise Forbidden(f"Your role does not allow this: print the {what}.")


def check_reason(order: Order, by: User) -> None:
    if by.has(*WITH_A_REASON) and not order.reason.strip():
        raise Invalid([Fault("/reason", "required", "Say why it is printed. It stands in the history.")])


def check_sections(order: Order, paper: Paper) -> None:
    if unknown := order.without - {section.code for section in paper.sections}:
        sentence = f"This paper has no such section: {', '.join(sorted(unknown))}."
        raise Invalid([Fault("/without", "unknown", sentence)])


def fresh(enquiry: Enquiry, by: User) -> Enquiry:
    found = Enquiry.objects.visible_to(by).select_related("authority").filter(pk=enquiry.pk).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Made:
    """A paper as the enquiry stood: a new one, or the same that was issued before."""

    enquiry: Enquiry
    order: Order
    by: User
    state: str
    paper: Draft | Document


def make(enquiry: Enquiry, order: Order, by: User) -> Made:
    """The slow part. Nothing is kept of it yet."""
    now = timezone.now()
    state = state_of(enquiry, by, now)
    if (same := printed_before(enquiry, order, state)) is not None:
        return Made(enquiry, order, by, state, same)
    version, spoken = next_version(enquiry, order), order.spoken(enquiry)
    with languages.speaking(spoken):
        paper = assembled(enquiry, order, by, timezone.localdate(now))
        check_sections(order, paper)
        paper = paper.without(order.without)
        made = printed(paper, version=version, by=by, now=now)
    kept = Draft(
        order.kind, order.audience, version, order.subject, from_(state, order), now, by, made, spoken
    )
    return Made(enquiry, order, by, state, kept)


def printed(paper: Paper, *, by: User, now: datetime, version: int = 1) -> bytes:
    """As it is handed out, in the language in which we speak; whether it is kept is the caller's to say."""
    context = {
        "paper": paper,
        "provider": provider(),
        "version": version,
        "printed_by": printer(by),
        "printed_at": moment(now),
        **language(),
    }
    return pdf.render("reports/paper.html", context, made_at=now)


def printer(by: User) -> str:
    """Who it is from; what the calendar prints, we do."""
    if by.kind == User.Kind.SYSTEM:
        return str(settings.PROVIDER_NAME)
    return f"{by.name}, {languages.short_name_of(by.organisation)}"


def keep_made(made: Made) -> Document | None:
    """With its line of history; None when the enquiry changed, or somebody took the version, in the meantime."""
    if isinstance(made.paper, Document):
        return reissue(made.enquiry, made.paper, made.by, made.order.reason)
    return keep_next(made.enquiry, made.paper, made.order, made.state)


def assembled(enquiry: Enquiry, order: Order, by: User, today: date) -> Paper:
    """What the paper would say: also before it is printed, for whoever chooses its sections."""
    return SHELVES[order.kind].assemble(enquiry, order.subject, order.audience, by, today)


@transaction.atomic
def keep_next(enquiry: Enquiry, draft: Draft, order: Order, state: str) -> Document | None:
    held = Enquiry.objects.hold(enquiry)
    if state_of(held, draft.made_by, draft.made_at) != state:
        return None
    if next_version(held, order) != draft.version:
        return None
    document = keep(held, draft)
    record(held, document, "document.printed", draft.made_by, Event.Audience.ACCESS, order.reason)
    return document


@transaction.atomic
def reissue(enquiry: Enquiry, document: Document, by: User, reason: str) -> Document:
    held = Enquiry.objects.hold(enquiry)
    record(held, document, "document.printed", by, Event.Audience.ACCESS, reason)
    return document


def keep(enquiry: Enquiry, draft: Draft) -> Document:
    return Document.objects.create(
        enquiry=enquiry, **vars(draft), sha256=hashlib.sha256(draft.pdf).hexdigest()
    )


def record(
    enquiry: Enquiry, document: Document, verb: str, by: User, audience: str, reason: str = ""
) -> None:
    facts: dict[str, Any] = {
        name: getattr(document, name) for name in ("kind", "audience", "version", "sha256")
    }
    if document.subject:
        facts["subject"] = document.subject
    if document.language != enquiry.language:
        facts["language"] = document.language
    Event.objects.record(enquiry, verb=verb, by=by, data=facts, audience=audience, note=reason)


def state_of(enquiry: Enquiry, by: User, now: datetime) -> str:
    """What it was printed from: its version, its last line of history that is no print, who, which day."""
    lines = Event.objects.filter(enquiry=enquiry).exclude(verb__startswith="document.")
    last = lines.order_by("-sequence").values_list("sequence", flat=True).first()
    return f"{enquiry.version}.{last or 0} {by.pk} {timezone.localdate(now)}"


def from_(state: str, order: Order) -> str:
    return " ".join(filter(None, (state, order.choice)))


def papers_of(enquiry: Enquiry, order: Order) -> DocumentQuerySet:
    rows: DocumentQuerySet = enquiry.documents.filter(
        kind=order.kind, audience=order.audience, subject=order.subject
    )
    return rows.order_by("-version")


def printed_before(enquiry: Enquiry, order: Order, state: str) -> Document | None:
    rows = papers_of(enquiry, order).filter(language=order.spoken(enquiry))
    return rows.filter(printed_from=from_(state, order)).first()


def next_version(enquiry: Enquiry, order: Order) -> int:
    last = papers_of(enquiry, order).values_list("version", flat=True).first()
    return (last or 0) + 1


def language() -> dict[str, Any]:
    """What a template has to know of the language in which we speak."""
    return {"language": languages.tag(), "unreviewed": languages.unreviewed()}


def provider() -> dict[str, str]:
    """How we are reached, as settings say it."""
    return {
        "name": settings.PROVIDER_NAME,
        "phone": settings.PROVIDER_PHONE,
        "out_of_hours": settings.PROVIDER_OUT_OF_HOURS,
        "email": settings.PROVIDER_EMAIL,
        "marking": settings.MARKING,
    }
