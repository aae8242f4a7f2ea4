"""Every paper that can be issued about a case, by name: what it says, and under which name it is saved."""

from collections.abc import Iterator

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext

from intake.lifecycle import Role
from intake.models import Enquiry, User
from intake.sorts import SORTS
from referrals.models import Referral
from referrals.pages.listing import OLDEST
from referrals.pages.work_page import SHOWN
from referrals.viewing import REFERRAL_SORTS
from reports.actions import certificates, counting, documents, figures, listing, packs
from reports.actions.documents import Order
from reports.actions.listing import Asked
from reports.figures.asked import read
from reports.languages import speaking
from reports.models import Document
from reports.summaries.shelf import SHELVES, Shelf
from tests.factories import World, fresh
from tests.reports.case import Case

Kind, Audience = Document.Kind, Document.Audience


def orders(case: Case) -> Iterator[tuple[str, Order]]:
    """Each kind for each audience, in the order of the shelves."""
    for shelf in SHELVES.values():
        for audience in shelf.readers:
            yield (
                f"{shelf.kind.value} for {audience.value}",
                Order(shelf.kind, audience, subject(case, shelf)),
            )


def subject(case: Case, shelf: Shelf) -> str:
    return {"": "", "referral": case.done.reference, "questions": "1"}[shelf.about]


def printer(world: World, order: Order) -> User:
    """Whoever may print it and sees most; nobody whose name the case knows."""
    if order.kind == Kind.HISTORY and order.audience == Audience.AUTHORITY:
        return world.person(world.oldham, "Pat Printer", Role.AUTHORITY_MANAGER)
    return world.person(world.hub, "Pat Printer", Role.MANAGER)


def all_of(world: World, case: Case) -> Iterator[tuple[str, bytes, str]]:
    """Name, content and file name of each."""
    issued = documents.acknowledge(enquiry=case.enquiry)
    yield "acknowledgement for authority", bytes(issued.pdf), issued.filename
    for name, order in orders(case):
        made = documents.print_paper(enquiry=case.enquiry, order=order, by=printer(world, order))
        yield name, bytes(made.pdf), made.filename
    yield from of_no_enquiry(world, fresh(case.enquiry).language)


def of_no_enquiry(world: World, language: str) -> Iterator[tuple[str, bytes, str]]:
    """What is about no one enquiry: in the language of the case that stands on it, as somebody asks for it."""
    with speaking(language):
        printed = list(lists(world))
    yield from printed
    by = world.person(world.oldham, "Pat Printer", Role.AUTHORITY_MANAGER)
    query = QueryDict(f"period={timezone.localdate():%Y-%m}")
    counting.count_new(timezone.now())
    pack = packs.print_pack(asked=read(query, by), language=language)
    yield "monthly pack for authority", bytes(pack.pdf), pack.filename
    gone = world.discarded()
    made = certificates.print_certificate(disposal=gone, by=by, language=language)
    yield "certificate of disposal for authority", made, f"certificate-{gone.number}.pdf"
    yield from numbers(world, language)


def numbers(world: World, language: str) -> Iterator[tuple[str, bytes, str]]:
    """The figures of this month, as an authority's manager and the hub's read them."""
    for audience, place, role in (
        (Audience.AUTHORITY, world.oldham, Role.AUTHORITY_MANAGER),
        (Audience.INTERNAL, world.hub, Role.MANAGER),
    ):
        by = world.person(place, "Pat Printer", role)
        made = figures.print_figures(asked=read(QueryDict(), by), language=language)
        yield f"figures for {audience.value}", made, "figures.pdf"


def lists(world: World) -> Iterator[tuple[str, bytes, str]]:
    """Of all that each of three readers sees, in the language in which we speak."""
    enquiries, referrals = Enquiry.objects, Referral.objects
    for audience, place, role in (
        (Audience.AUTHORITY, world.oldham, Role.AUTHORITY_MANAGER),
        (Audience.INTERNAL, world.hub, Role.MANAGER),
    ):
        by = world.person(place, "Pat Printer", role)
        asked = Asked(gettext("Worklist"), gettext("Enquiries"), [], SORTS["newest"])
        made = listing.print_enquiries(rows=enquiries.visible_to(by), asked=asked, by=by)
        yield f"worklist for {audience.value}", made, "enquiries.pdf"
    by = world.person(world.north, "Pat Printer", Role.SERVICE_LEAD)
    asked = Asked(gettext("List of referrals"), gettext("Referrals"), [], REFERRAL_SORTS[OLDEST])
    made = listing.print_referrals(rows=referrals.visible_to(by).select_related(*SHOWN), asked=asked, by=by)
    yield "list of referrals for service", made, "referrals.pdf"
