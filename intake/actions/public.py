"""What somebody asks without signing in: a general enquiry in the same worklist, without a child or family in it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from intake import bodies, ranking
from intake.actions import sections
from intake.actions.enquiries import remember
from intake.bodies import Body
from intake.checks import Fault
from intake.checks.screening import IDENTIFIERS, found_in
from intake.identifiers import new_reference
from intake.lifecycle import Party, Transition
from intake.limits import Purpose
from intake.models import Enquiry, IdempotencyKey, Notification, User
from intake.models.allowance import hashed, spend
from intake.refusals import Invalid, Unavailable

GENERAL = "GENERAL"
SAME_WITHIN = timedelta(days=1)


def ask(*, asked: Mapping[str, str], by: User) -> str:
    """Take a question: name, who, organisation, email, phone, about, message. Returns its reference.

    The same words from the same person within a day are one enquiry, however often they are sent. At most one
    acknowledgement is promised, and one address gets few of them a day; the enquiry is taken all the same.
    """
    refuse_identifying(asked)
    mark = fingerprint(asked)
    if first := same_again(by, mark):
        return first
    acknowledge = bool(asked.get("email")) and may_write_to(asked["email"])
    while True:
        reference = new_reference("ENQ")
        try:
            take(asked, by, mark, reference, acknowledge)
        except IntegrityError:
            if first := same_again(by, mark):
                return first
            if not Enquiry.objects.filter(reference=reference).exists():
                raise
        else:
            return reference


@transaction.atomic
def take(asked: Mapping[str, str], by: User, mark: str, reference: str, acknowledge: bool) -> None:
    now, key = timezone.now(), key_of(mark)
    IdempotencyKey.objects.filter(client=by, key=key, created_at__lte=now - SAME_WITHIN).delete()
    remember(by, key, mark, reference)
    body = body_of(asked)
    enquiry = Enquiry(
        reference=reference,
        authority=by.organisation,
        created_by=by,
        received_at=now,
        updated_at=now,
        fingerprint=mark,
        **bodies.columns(body, bodies.TOP),
    )
    enquiry.put_found_by(body)
    place = ranking.placed(enquiry, body, timezone.localdate(now))
    enquiry.make(Transition.SUBMIT, by=by, at=now, received_at=now, **place)
    sections.write(enquiry, body)
    if acknowledge:
        enquiry.notify(Notification.Kind.ACKNOWLEDGEMENT, to=Party.REFERRER)


def door() -> User:
    """The account of the public door."""
    try:
        return User.objects.public_door()
    except User.DoesNotExist:
        raise Unavailable("We cannot take your enquiry here at the moment. Please ring us.") from None


def body_of(asked: Mapping[str, str]) -> Body:
    """As an enquiry's body: who asks, and the words as they were typed."""
    referrer = {
        "name": asked["name"],
        "role": asked.get("who", ""),
        "team": asked.get("organisation", ""),
        "email": asked.get("email", ""),
        "phone": asked.get("phone", ""),
    }
    about = [f"About: {asked['about']}"] if asked.get("about") else []
    return {
        "kind": Enquiry.Kind.GENERAL.value,
        "referrer": {name: value for name, value in referrer.items() if value},
        "assessments": [{"type": GENERAL, "questions": about}],
        "background": asked["message"],
    }


def refuse_identifying(asked: Mapping[str, str]) -> None:
    """What would tell who a child is has to be left out; the sentence does not repeat it."""
    faults = [
        Fault(f"/{name}", "identifies", f"This seems to hold {what}. Please leave it out, and send it again.")
        for name in ("name", "organisation", "message")
        for what in found_in(asked.get(name, ""), IDENTIFIERS)
    ]
    if faults:
        raise Invalid(faults)


def fingerprint(asked: Mapping[str, str]) -> str:
    """A hash of everything that was typed, whatever the spaces and capitals."""
    plain = {name: " ".join(value.split()).casefold() for name, value in asked.items()}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def key_of(mark: str) -> str:
    return f"public {mark}"


def same_again(by: User, mark: str) -> str:
    since = timezone.now() - SAME_WITHIN
    rows: Any = IdempotencyKey.objects.filter(client=by, key=key_of(mark), created_at__gt=since)
    return str(rows.values_list("reference", flat=True).first() or "")


def may_write_to(email: str) -> bool:
    """Whether one more acknowledgement may go to an address today; not when we cannot count."""
    name, _, domain = email.lower().rpartition("@")
    spent = spend(Purpose.ACKNOWLEDGEMENT, hashed("email", f"{name.partition('+')[0]}@{domain}"))
    return spent is not None and not spent.refused
