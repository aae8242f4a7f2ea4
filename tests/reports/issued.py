"""Every paper that can be issued about a case, by name: what it says, and under which name it is saved."""

from collections.abc import Iterator

from intake.lifecycle import Role
from intake.models import User
from reports.actions import documents
from reports.actions.documents import Order
from reports.models import Document
from reports.summaries.shelf import SHELVES, Shelf
from tests.factories import World
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
