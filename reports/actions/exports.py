"""Exports: asked for with what they need, cancelled, fetched, forgotten. `agreeing` has the second person's word.

Who may: decision 0047. Rights are asked when it is asked for, when it is made, and at each fetch.
"""

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from intake.actions.attachments import STORAGE_FAULTS
from intake.checks import Fault
from intake.identifiers import normalise_reference
from intake.lifecycle import Role, Status
from intake.models import Enquiry, Organisation, User, book
from intake.refusals import Forbidden, Invalid, KeyReused, NotFound, NotPossible, Unavailable
from referrals.models import Referral
from referrals.selection import ENQUIRIES, REFERRALS, SHOWING, matching, plain, without_words
from reports.actions import agreeing
from reports.exports import census, telling
from reports.exports.tables import MOST_ROWS
from reports.figures import overview
from reports.figures.asked import PARAMETERS, Asked, Reader, Unreadable, read
from reports.figures.catalogue import FIGURES
from reports.models import Export, ExportFetch, ExportRow
from reports.models.export import FOLDER, OF_FIGURES

log = logging.getLogger("referral_desk.exports")
Kind, Form, State = Export.Kind, Export.Form, Export.State
DAY = timedelta(hours=24)
ORPHAN_AFTER = timedelta(hours=1)
AT_WORK = (Role.COORDINATOR, Role.MANAGER, Role.AUTHORITY_MANAGER)
MAY = {
    Kind.ENQUIRIES: AT_WORK,
    Kind.REFERRALS: AT_WORK,
    Kind.CHILDREN: (Role.MANAGER, Role.AUDITOR, Role.AUTHORITY_MANAGER),
    Kind.STATISTICAL: (Role.MANAGER, Role.AUDITOR),
    Kind.CENSUS: (Role.MANAGER, Role.AUTHORITY_MANAGER),
}
WITH_A_REASON = frozenset({Kind.CHILDREN, Kind.STATISTICAL, Kind.CENSUS})
NO_ROLE = "Your role does not allow this: export {what}."


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to have: which table, as what, of ticked rows or of all that match a list's filters."""

    kind: str
    form: str
    of: str = ENQUIRIES
    query: str = ""
    references: Sequence[str] = ()
    reason: str = ""
    figures: Sequence[str] = field(default=())


# What of each list.
OF = {
    ENQUIRIES: (Kind.ENQUIRIES, Kind.CHILDREN, Kind.STATISTICAL),
    REFERRALS: (Kind.REFERRALS,),
    "census": (Kind.CENSUS,),
}


def kinds_for(user: User, of: str = "") -> list[Export.Kind]:
    """What this person may export: of a list, of the figures, or at all."""
    if of == "figures":
        return figures_for(user)
    kinds = OF[of] if of else MAY
    return [kind for kind in kinds if in_place(user) and user.has(*MAY[kind])]


def figures_for(user: User) -> list[Export.Kind]:
    try:
        asked = read(QueryDict(), user)
    except Forbidden:
        return []
    return [Kind.FIGURES, Kind.PUBLICATION] if asked.opens_cases else [Kind.PUBLICATION]


def in_place(user: User) -> bool:
    return user.organisation.kind in (Organisation.Kind.HUB, Organisation.Kind.AUTHORITY)


def check_may_export(user: User) -> None:
    """Anything at all."""
    if not (kinds_for(user) or figures_for(user)):
        raise Forbidden(NO_ROLE.format(what="tables"))


def check_may(user: User, kind: str) -> None:
    allowed = figures_for(user) if kind in OF_FIGURES else kinds_for(user)
    if kind not in allowed:
        raise Forbidden(NO_ROLE.format(what=Kind(kind).label.lower()))


# --- Asked for ------------------------------------------------------------------------------------------------


def ask(*, by: User, wanted: Wanted, uid: UUID | None = None) -> Export:
    """One export, begun at once or waiting for a second person; the same again under the same name is the same."""
    check(by, wanted)
    mark = hashlib.sha256(json.dumps(vars(wanted), default=list, sort_keys=True).encode()).hexdigest()
    if uid is not None and (same := made_before(uid, by, mark)):
        return same
    export = Export(
        made_by=by, made_at=timezone.now(), kind=wanted.kind, form=wanted.form, reason=wanted.reason.strip(),
        of=wanted.of, fingerprint=mark, **({} if uid is None else {"uid": uid}),
    )  # fmt: skip
    choose(export, wanted, by)
    measure(export, by)
    if export.names_people:
        agreeing.weigh(export, by)
    else:
        export.asked_at = export.made_at
    try:
        with transaction.atomic():
            export.save(force_insert=True)
    except IntegrityError:
        # Sent twice at once: the other one was first.
        return made_before(export.uid, by, mark) or export
    return export


def made_before(uid: UUID, by: User, mark: str) -> Export | None:
    found = Export.objects.visible_to(by).filter(uid=uid).first()
    if found is not None and found.fingerprint != mark:
        raise KeyReused("This name was used for something else. Choose another.")
    return found


def check(by: User, wanted: Wanted) -> None:
    if wanted.kind not in Kind.values:
        raise Invalid([Fault("/kind", "unknown", "Choose what is exported.")])
    check_may(by, wanted.kind)
    forms = (Form.ZIP,) if wanted.kind == Kind.CENSUS else (Form.CSV, Form.XLSX)
    if wanted.form not in forms:
        raise Invalid([Fault("/form", "unknown", "This is not made in that form.")])
    if wanted.kind in WITH_A_REASON and not wanted.reason.strip():
        raise Invalid([Fault("/reason", "required", "Say what it is for. It stands in each history.")])


def choose(export: Export, wanted: Wanted, by: User) -> None:
    """What the worker will take into it: a list's filters, or references where words were searched for."""
    if export.kind in OF_FIGURES:
        export.of, export.query = "figures", question_of(export, wanted, by)
    elif export.kind == Kind.CENSUS:
        authority, year = census_of(wanted.query, by)
        export.of, export.query = "census", f"authority={authority.code}&year={year}"
        export.in_words = f"{authority.name} ({authority.code}), census year {year - 1}-{year % 100:02}"
    else:
        export.of = REFERRALS if export.kind == Kind.REFERRALS else ENQUIRIES
        if wanted.references:
            choose_named(export, [name for row in wanted.references if (name := plain(row))], "Ticked rows")
        else:
            choose_matching(export, wanted, by)


def choose_matching(export: Export, wanted: Wanted, by: User) -> None:
    given = QueryDict(wanted.query.removeprefix("?"))
    rows = matching(by, given, export.of)
    kept = QueryDict(without_words(given.urlencode()), mutable=True)
    for name in SHOWING & set(kept):
        del kept[name]
    export.query = "&".join(part for part in kept.urlencode().split("&") if not part.endswith("="))
    export.in_words = telling.in_words(export.of, export.query)
    if given.get("q"):
        # The words can be a name, and are kept nowhere: what they find now is.
        names = list(rows.values_list("reference", flat=True)[: settings.BULK_MOST + 1])
        choose_named(export, names, f"What a search found ({export.in_words})")


def choose_named(export: Export, names: Sequence[str], words: str) -> None:
    if len(names) > settings.BULK_MOST:
        sentence = (
            f"These are more than {settings.BULK_MOST:,} rows. A search and ticked rows are exported up to that "
            "number; filters without a search have no such end."
        )
        raise Invalid([Fault("/query", "too_many", sentence)])
    prefix = "REF" if export.of == REFERRALS else "ENQ"
    found = (normalise_reference(name, prefix) or "" for name in names)
    export.references = list(dict.fromkeys(name for name in found if name))
    export.query, export.in_words = "", words
    if not export.references:
        raise Invalid([Fault("/references", "none", "There is nothing here that can be exported.")])


def question_of(export: Export, wanted: Wanted, by: User) -> str:
    asked = asked_in(wanted.query, by)
    codes = figures_in(asked, wanted.figures)
    if export.kind == Kind.PUBLICATION:
        check_publishable(asked, codes)
    names = "; ".join(overview.ALL[code].label for code in codes) if wanted.figures else "All figures"
    words = [names, asked.period.label, *(f"{name}: {value}" for name, value in asked.in_words)]
    export.in_words = "; ".join(words)
    kept = QueryDict(asked.query(compare="true" if asked.compare else ""), mutable=True)
    kept.setlist("figure", codes)
    return str(kept.urlencode())


def asked_in(query: str, by: User) -> Asked:
    """The question to the figures. Raises Invalid with every fault."""
    given = QueryDict(query.removeprefix("?"), mutable=True)
    given.pop("figure", None)
    if unknown := sorted(set(given) - PARAMETERS):
        sentence = f"There is no filter called {unknown[0][:40]}."
        raise Invalid([Fault("/query", "unknown_parameter", sentence)])
    try:
        return read(given, by)
    except Unreadable as wrong:
        raise Invalid([Fault("/query", fault.code, fault.detail) for fault in wrong.faults]) from None


def figures_in(asked: Asked, codes: Sequence[str]) -> list[str]:
    readable = overview.readable(asked)
    if any(code not in readable for code in codes):
        raise Invalid([Fault("/figures", "unknown", "There is no such figure.")])
    return list(codes) or readable


def check_publishable(asked: Asked, codes: Sequence[str]) -> None:
    if asked.period.last >= timezone.localdate():
        sentence = "What is published is of a time that is over: tomorrow’s number would say who came today."
        raise Invalid([Fault("/query", "not_over", sentence)])
    if not any(code in FIGURES for code in codes):
        raise Invalid([Fault("/figures", "of_now", "A figure of this moment is not published.")])


def census_of(query: str, by: User) -> tuple[Organisation, int]:
    """Which authority and which year. An authority's own people ask of their own."""
    given = QueryDict(query.removeprefix("?"))
    own = by.organisation if by.organisation.kind == Organisation.Kind.AUTHORITY else None
    code = given.get("authority", "") or (own.code if own else "")
    found = own if own and own.code == code else None if own else authority_of(code)
    faults = [] if found else [Fault("/authority", "unknown", "There is no such authority.")]
    year = given.get("year", "")
    if not (year.isascii() and year.isdecimal() and len(year) == 4 and 2020 <= int(year) <= 2100):
        faults.append(Fault("/year", "invalid", "Give the year in which the census year ends, like 2027."))
    if faults or found is None:
        raise Invalid(faults)
    return found, int(year)


def authority_of(code: str) -> Organisation | None:
    return Organisation.objects.authorities().filter(code=code).first()


# --- How many -------------------------------------------------------------------------------------------------


def wanted_rows(export: Export, by: User) -> QuerySet[Any]:
    """What goes into it, as this person sees it at this moment; drafts do not."""
    if export.of == "census":
        authority, year = census_of(export.query, by)
        first, last = census.span_of(year)
        rows: QuerySet[Any] = Enquiry.objects.visible_to(by).filter(
            authority=authority,
            kind__in=census.KINDS,
            received_at__date__gte=first,
            received_at__date__lte=last,
        )
    elif export.references:
        model: Any = Referral if export.of == REFERRALS else Enquiry
        rows = model.objects.visible_to(by).filter(reference__in=export.references)
    else:
        rows = matching(by, QueryDict(export.query), export.of).select_related(None)
    return rows.order_by() if export.of == REFERRALS else rows.exclude(status=Status.DRAFT).order_by()


def measure(export: Export, by: User) -> None:
    """How many rows there are, and how many children by name; refuses nothing, and what a sheet cannot hold."""
    if export.of_figures:
        return
    rows = wanted_rows(export, by)
    export.total = rows.count()
    if not export.total:
        raise Invalid([Fault("/query", "none", "Nothing matches, of what you see.")])
    if export.form == Form.XLSX and export.total > MOST_ROWS:
        sentence = (
            f"These are {export.total:,} rows; a sheet holds {MOST_ROWS:,}. Choose CSV, or filter further."
        )
        raise Invalid([Fault("/form", "too_many", sentence)])
    if export.names_people:
        export.people = agreeing.children_of(rows.values("pk"))


# --- Changing one's mind --------------------------------------------------------------------------------------


@transaction.atomic
def cancel(*, export: Export, by: User) -> Export:
    """Nothing more is taken into it, and there will be no file. What is in the histories stays there."""
    export = hold_own(export, by)
    state = export.state_at(timezone.now())
    if state == State.CANCELLED:
        return export
    if state not in (State.WAITING, State.RUNNING):
        raise NotPossible(f"There is nothing to cancel. {state.label}.", status=state)
    export.cancelled_at, export.leased_until = timezone.now(), None
    export.save(update_fields=["cancelled_at", "leased_until"])
    return export


def hold_own(export: Export, by: User) -> Export:
    if export.made_by_id != by.pk:
        raise NotFound
    return agreeing.hold(export)


# --- The file -------------------------------------------------------------------------------------------------


def open_file(*, export: Export, by: User) -> "File[bytes]":
    """The file, for whoever asked for it, while all that is in it is theirs to see; each fetch is on record."""
    if export.made_by_id != by.pk:
        raise NotFound
    check_may(by, export.kind)
    state = export.state_at(timezone.now())
    if state != State.READY:
        raise NotPossible(f"There is no file. {state.label}.", status=state)
    if lost_sight(export, by):
        sentence = (
            "Something in this file is not yours to see any more. Ask for it again: it will be left out."
        )
        raise NotPossible(sentence, status=state)
    try:
        opened = export.file.open("rb")
    except STORAGE_FAULTS as fault:
        log.error("export %s: the file cannot be read: %s", export, type(fault).__name__)
        raise Unavailable("This file cannot be fetched at the moment. Please try again later.") from None
    ExportFetch.objects.create(export=export, by=by, at=timezone.now())
    return opened


def lost_sight(export: Export, by: User) -> bool:
    """Whether an enquiry in it is one that this person does not see any more."""
    if export.of_figures:
        return reader_of(by) is Reader.NUMBERS and export.kind == Kind.FIGURES
    inside = ExportRow.objects.filter(export=export)
    return inside.exclude(enquiry__in=Enquiry.objects.visible_to(by).values("pk")).exists()


def reader_of(by: User) -> Reader:
    return read(QueryDict(), by).reader


def forget_files(now: datetime) -> int:
    """The worker's round: files that had their day with the rows that say what was in them, and bytes nobody holds."""
    try:
        return forget_over(now) + sum(remove_orphan(name, now) for name in unheld())
    except STORAGE_FAULTS as fault:
        log.error("Exported files could not be deleted: %s", type(fault).__name__)
        return 0


def forget_over(now: datetime) -> int:
    """The bytes first: killed in between, the next round does it again."""
    over = list(Export.objects.over(now))
    for export in over:
        default_storage.delete(str(export.file.name))
        forget_rows(export)
        Export.objects.filter(pk=export.pk, file=export.file.name).update(file="")
    return len(over)


def forget_rows(export: Export) -> None:
    rows = ExportRow.objects.filter(export=export)
    rows._raw_delete(rows.db)


def unheld() -> list[str]:
    try:
        names = {f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]}
    except FileNotFoundError:
        return []
    return sorted(names - set(Export.objects.exclude(file="").values_list("file", flat=True)))


def remove_orphan(name: str, now: datetime) -> bool:
    if now - default_storage.get_modified_time(name) < ORPHAN_AFTER:
        return False
    default_storage.delete(name)
    return True


def authorities_for(user: User) -> list[tuple[str, str]]:
    """Of whom somebody may make a census extract."""
    if user.organisation.kind == Organisation.Kind.AUTHORITY:
        return [(user.organisation.code, user.organisation.name)]
    return [(row.code, row.name) for row in book().askers if row.code.isdecimal()]
