"""What the requirements ask for before an acceptance and before the start of the work, and is not there."""

from collections.abc import Sequence

from django.utils import timezone

from intake import bodies, checks
from intake.bodies import Body
from intake.checks import Missing
from intake.models import Attachment, Enquiry, book
from intake.requirements import Stage


def lacking(
    enquiry: Enquiry, stage: Stage, assessments: Sequence[int] | None = None, body: Body | None = None
) -> list[Missing]:
    """For all the assessments asked for, or for some; labels name nobody. Seven statements, one with the body."""
    body = with_files(body or bodies.read(enquiry), enquiry)
    if assessments is not None:
        body = {**body, "assessments": [body["assessments"][place] for place in assessments]}
    return checks.missing_at(
        stage, body, book=book().codes, today=timezone.localdate(), nation=enquiry.authority.nation
    )


def with_files(body: Body, enquiry: Enquiry) -> Body:
    """A document that was attached is there, whatever was said of it when the enquiry was sent."""
    files = Attachment.objects.filter(enquiry=enquiry, subject=enquiry.reference)
    roles = set(files.exclude(state=Attachment.State.REFUSED).values_list("role", flat=True))
    named = [{**row, "state": "have"} if row["role"] in roles else row for row in body.get("documents", [])]
    unnamed = roles - {row["role"] for row in named}
    return {**body, "documents": [*named, *({"role": role, "state": "have"} for role in sorted(unnamed))]}


def in_words(rows: Sequence[Missing]) -> str:
    return "; ".join(dict.fromkeys(row.label for row in rows))
