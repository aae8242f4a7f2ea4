"""What left the house as a file: one line of history for each enquiry in it. The file itself names nobody."""

from django.db import transaction

from intake.lifecycle import Role, Status
from intake.models import Enquiry, Event, User
from intake.refusals import Forbidden, NotPossible


def refuse_exporting(by: User) -> None:
    if not by.has(Role.COORDINATOR, Role.MANAGER):
        raise Forbidden("Your role does not allow this: export enquiries.")


@transaction.atomic
def record_export(*, enquiry: Enquiry, by: User) -> Enquiry:
    """It stands in a file that somebody fetches; without names, addresses or what was written about it."""
    enquiry = Enquiry.objects.hold(enquiry)
    refuse_exporting(by)
    if enquiry.status == Status.DRAFT:
        raise NotPossible("A draft cannot be exported. Send the enquiry first.", status=enquiry.status)
    Event.objects.record(enquiry, verb="enquiry.exported", by=by, audience=Event.Audience.ACCESS)
    return enquiry
