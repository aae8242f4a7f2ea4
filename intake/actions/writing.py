"""What the last page of the web form does."""

from typing import Any

from django.db import transaction

from intake.actions import enquiries
from intake.models import Enquiry, User


@transaction.atomic
def declare_and_send(*, enquiry: Enquiry, by: User, declaration: dict[str, Any]) -> Enquiry:
    """Keep the declaration and send the whole: both, or neither."""
    enquiry = enquiries.amend(enquiry=enquiry, by=by, changes={"declaration": declaration or None})
    return enquiries.send(enquiry=enquiry, by=by)
