"""What an authority does with its own enquiry: send, save, amend, withdraw."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.utils import timezone

from intake import bodies, checks, ranking
from intake.actions import attachments, disposing, earlier, restricting, sections
from intake.actions.telling import tell
from intake.bodies import Body, Rows
from intake.checks import Fault
from intake.identifiers import new_reference
from intake.lifecycle import AMENDABLE, Party, Role, Status, Transition
from intake.models import (
    Enquiry,
    Event,
    IdempotencyKey,
    InformationRequest,
    Notification,
    Organisation,
    User,
    book,
)
from intake.models.idempotency import KEPT_DAYS
from intake.refusals import Forbidden, Invalid, KeyReused, NotFound, NotPossible, Repeated, Stale


def submit(
    *,
    body: Body,
    by: User,
    authority: Organisation | None = None,
    on_behalf_reason: str = "",
    key: str = "",
) -> tuple[Enquiry, Rows | None]:
    """Send an enquiry in one step. Returns it, and the rows that this call wrote; None when it stood already.

    The same client, key and content again returns what the first call made. The key, the enquiry, its people,
    its history and the promised acknowledgement are one transaction: after it all of them exist, or none.
    """
    return create(body=body, by=by, authority=authority, reason=on_behalf_reason, key=key, send_it=True)


def save_draft(
    *, body: Body, by: User, authority: Organisation | None = None, on_behalf_reason: str = "", key: str = ""
) -> tuple[Enquiry, Rows | None]:
    """Keep an enquiry without sending it."""
    return create(body=body, by=by, authority=authority, reason=on_behalf_reason, key=key, send_it=False)


def create(
    *,
    body: Body,
    by: User,
    authority: Organisation | None,
    reason: str,
    key: str,
    send_it: bool,
    asked: str = "",
) -> tuple[Enquiry, Rows | None]:
    """`asked` is the fingerprint of the request, where the body is not what the caller sent."""
    authority = whose(by, authority, reason)
    check(body, authority, draft=not send_it)
    mark = fingerprint(body, authority, send_it)
    while True:
        reference = new_reference("ENQ")
        try:
            with transaction.atomic():
                if key:
                    remember(by, key, asked or mark, reference)
                else:
                    refuse_same_again(authority, body, mark)
                body = earlier.join(body, by, authority)
                return write_new(body, by, authority, reason, mark, reference, send_it)
        except IntegrityError:
            if key and (first := IdempotencyKey.objects.filter(client=by, key=key).first()):
                return replayed(by, first, asked or mark), None
            if not Enquiry.objects.filter(reference=reference).exists():
                raise


def write_new(
    body: Body, by: User, authority: Organisation, reason: str, mark: str, reference: str, send_it: bool
) -> tuple[Enquiry, Rows]:
    now = timezone.now()
    enquiry = Enquiry(
        reference=reference,
        authority=authority,
        created_by=by,
        on_behalf_reason=reason,
        updated_at=now,
        fingerprint=mark,
        **bodies.columns(body, bodies.TOP),
    )
    enquiry.put_found_by(body)
    if send_it:
        put_in(enquiry, body, by, now, reason)
    else:
        enquiry.section_marks = marks_for(body, by, now)
        enquiry.save(force_insert=True)
    written = sections.write(enquiry, body)
    if enquiry.continues_id:
        restricting.carry_over(enquiry)
    return enquiry, written


def put_in(enquiry: Enquiry, body: Mapping[str, Any], by: User, now: datetime, reason: str = "") -> None:
    """The transition from draft to received, whether the draft was ever kept or not, with its place in the order."""
    enquiry.received_at = now
    enquiry.sent_before = earlier.turned_away(enquiry)
    changes: dict[str, Any] = {"received_at": now, "section_marks": {}, "sent_before": enquiry.sent_before}
    changes |= ranking.placed(enquiry, body, timezone.localdate(now))
    enquiry.make(Transition.SUBMIT, by=by, at=now, note=reason, **changes)
    enquiry.notify(Notification.Kind.ACKNOWLEDGEMENT, to=Party.REFERRER)
    earlier.tell(enquiry, by=by)


def marks_for(members: Iterable[str], by: User, now: datetime) -> dict[str, dict[str, str]]:
    """Who filled these sections of a draft, and when."""
    return {member: {"by": by.name, "at": now.isoformat()} for member in members}


def whose(by: User, authority: Organisation | None, reason: str) -> Organisation:
    """For which authority somebody may send: their own; the hub for any, with a reason."""
    if by.organisation.kind == Organisation.Kind.AUTHORITY:
        if authority is not None and authority.pk != by.organisation_id:
            raise Forbidden("You can send enquiries for your own authority only.")
        return by.organisation
    if not by.has(Role.COORDINATOR, Role.MANAGER):
        raise Forbidden("Your role does not allow this: send an enquiry.")
    faults = []
    if authority is None:
        faults.append(Fault("/authority", "required", "Say for which authority you send this."))
    if not reason:
        faults.append(
            Fault("/on_behalf_reason", "required", "Say why you send this on the authority's behalf.")
        )
    if faults or authority is None:
        raise Invalid(faults)
    return authority


def check(body: Mapping[str, Any], authority: Organisation, *, draft: bool = False) -> None:
    """One rule set for both doors; a draft may be short of answers, not wrong in them."""
    found = faults(body, authority)
    if wrong := [fault for fault in found if not (draft and is_short(fault))]:
        raise Invalid(wrong)


def faults(body: Mapping[str, Any], authority: Organisation) -> list[Fault]:
    return checks.check(body, book=book().codes, today=timezone.localdate(), nation=authority.nation)


def is_short(fault: Fault) -> bool:
    """An answer that is not there yet, and is needed to send it; a risk is said whole or not at all."""
    return fault.gap and not fault.pointer.startswith("/risks/")


def fingerprint(body: Mapping[str, Any], authority: Organisation, send_it: bool = True) -> str:
    """A hash of what was sent, whatever the order of its members."""
    text = json.dumps([authority.pk, send_it, body], sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


def remember(by: User, key: str, mark: str, reference: str) -> None:
    """Take the key first: a second request with it waits here, then finds it taken."""
    IdempotencyKey.objects.create(
        client=by, key=key, fingerprint=mark, reference=reference, status=201, created_at=timezone.now()
    )


def replayed(by: User, first: IdempotencyKey, mark: str) -> Enquiry:
    """What the first request with this key made, as its caller may see it today."""
    if first.fingerprint != mark:
        raise KeyReused("This Idempotency-Key was used for other content. Use a new key for a new enquiry.")
    rows = Enquiry.objects.visible_to(by).select_related("authority", "owner")
    found = rows.filter(reference=first.reference).first()
    if found is None:
        raise NotFound
    return found


def refuse_same_again(authority: Organisation, body: Body, mark: str) -> None:
    """Without a key, the same content under the same reference of the authority is taken for a repeat."""
    theirs = body.get("authority_reference")
    if not theirs:
        return
    same = Enquiry.objects.open().filter(authority=authority, authority_reference=theirs, fingerprint=mark)
    if (found := same.values_list("reference", flat=True).first()) is not None:
        raise Repeated(f"This was sent before, as {found}, and is open.", reference=found)


def forget_old_keys() -> int:
    """Keys are kept for thirty days."""
    before = timezone.now() - timedelta(days=KEPT_DAYS)
    return IdempotencyKey.objects.filter(created_at__lt=before).delete()[0]


@transaction.atomic
def send(*, enquiry: Enquiry, by: User) -> Enquiry:
    """Send a draft: the whole of it is checked as if it came now."""
    enquiry = Enquiry.objects.hold(enquiry)
    enquiry.check_can(Transition.SUBMIT, by)
    body = bodies.read(enquiry)
    check(body, enquiry.authority)
    earlier.join(body, by, enquiry.authority)
    if enquiry.continues_id:
        restricting.carry_over(enquiry)
    put_in(enquiry, body, by, timezone.now(), enquiry.on_behalf_reason)
    return enquiry


@transaction.atomic
def discard(*, enquiry: Enquiry, by: User) -> Enquiry:
    """Delete a draft with everybody in it: history begins when an enquiry is sent."""
    enquiry = Enquiry.objects.hold(enquiry)
    enquiry.check_can(Transition.DISCARD, by)
    if enquiry.head_sequence:
        sentence = "Somebody printed this draft or read from it, and that stays on record."
        raise NotPossible(sentence, status=enquiry.status)
    delete(enquiry, by)
    return enquiry


def delete(draft: Enquiry, by: User | None) -> None:
    """With everybody in it, what was promised about it and its files; a line of it stays. The caller holds it."""
    disposing.record(draft, by)
    attachments.remove_all(draft)
    draft.delete()


@transaction.atomic
def withdraw(*, enquiry: Enquiry, by: User, reason_code: str, text: str = "") -> Enquiry:
    """The authority needs it no more; open questions go with it."""
    enquiry = Enquiry.objects.hold(enquiry)
    check_reason(enquiry, by, Transition.WITHDRAW, "withdraw", reason_code)
    enquiry.make(Transition.WITHDRAW, by=by, note=text, facts={"reason_code": reason_code})
    enquiry.information_requests.open().update(
        closed_at=enquiry.updated_at, outcome=InformationRequest.Outcome.WITHDRAWN
    )
    tell(enquiry, Transition.WITHDRAW)
    return enquiry


def check_reason(row: Any, by: User, transition: str, code_list: str, code: str) -> None:
    """A coded reason is one of the list that holds today; asked after whether the step is possible at all."""
    row.check_can(transition, by)
    if code and not book().codes.holds(code_list, code, timezone.localdate()):
        raise Invalid([Fault("/reason_code", "unknown", "Choose one of the reasons in the list.")])


@transaction.atomic
def amend(*, enquiry: Enquiry, by: User, changes: Mapping[str, Any]) -> Enquiry:
    """Change what was sent, while the lifecycle lets the caller; old and new value stay in the history.

    Raises Stale with both versions when somebody changed it since the caller read it.
    """
    enquiry = Enquiry.objects.hold(enquiry)
    refuse_amending(enquiry, by)
    refuse_stale(enquiry, by, changes)
    amended = apply(enquiry, earlier.renamed(enquiry, by, changes))
    if amended and enquiry.status != Status.DRAFT:
        Event.objects.record(enquiry, verb="enquiry.amend", by=by, data={"changed": amended})
    if amended:
        if enquiry.status == Status.DRAFT:
            enquiry.section_marks |= marks_for(amended, by, timezone.now())
        bump(enquiry)
    return enquiry


def refuse_stale(enquiry: Enquiry, by: User, changes: Mapping[str, Any]) -> None:
    """Both versions of what was sent: as it stands now, as far as the caller sees it, and theirs."""
    try:
        enquiry.check_seen()
    except Stale as stale:
        now = bodies.read(enquiry, bodies.sight_for(by, enquiry))
        stale.current = {member: now.get(member) for member in changes}
        stale.yours = dict(changes)
        raise


def refuse_amending(enquiry: Enquiry, by: User) -> None:
    allowed = {Role.REFERRER, Role.AUTHORITY_MANAGER, Role.API_CLIENT, Role.COORDINATOR, Role.MANAGER}
    if allowed.isdisjoint(enquiry.roles_of(by)):
        raise Forbidden("Your role does not allow this: amend the enquiry.")
    if enquiry.status not in AMENDABLE:
        raise NotPossible(
            enquiry.standing_sentence(), status=enquiry.status, transitions=enquiry.transitions_for(by)
        )


def apply(enquiry: Enquiry, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Put changed top-level members in place, check the whole, and say what changed: {member: [old, new]}."""
    before = bodies.read(enquiry)
    after = {**before, **changes}
    after = {member: value for member, value in after.items() if value is not None}
    check(after, enquiry.authority, draft=enquiry.status == Status.DRAFT)
    changed = {m: [before.get(m), after.get(m)] for m in changes if before.get(m) != after.get(m)}
    if changed:
        for column, value in cleared(bodies.TOP).items():
            setattr(enquiry, column, value)
        for column, value in bodies.columns(after, bodies.TOP).items():
            setattr(enquiry, column, value)
        enquiry.fingerprint = fingerprint(after, enquiry.authority)
        enquiry.put_found_by(after)
        if enquiry.status != Status.DRAFT:
            enquiry.take(ranking.placed(enquiry, after, timezone.localdate()))
        sections.rewrite(enquiry, after)
    return changed


def cleared(mapped: bodies.Mapped) -> Body:
    """Every column of a mapping at its default, so that a member left out is empty afterwards."""
    empty: Body = {}
    for column in mapped.values():
        empty |= cleared(column) if isinstance(column, dict) else {column: default_of(column)}
    return empty


def default_of(column: str) -> Any:
    return Enquiry._meta.get_field(column).get_default()  # type: ignore[union-attr]


def bump(enquiry: Enquiry) -> None:
    """A changed enquiry is a new version for whoever read the old one."""
    enquiry.version += 1
    enquiry.updated_at = timezone.now()
    enquiry.save()
