"""Many papers in one go: one outcome and one line of history each, rights at every step, nothing printed twice."""

import csv
import io
import zipfile
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from intake.actions import enquiries, restricting, sharing
from intake.lifecycle import Role, Status
from intake.models import Enquiry, Event, User
from intake.refusals import Forbidden, Invalid, KeyReused, NotFound, NotPossible
from referrals.actions import saved_views
from referrals.models.running import LEASE
from reports import recipients
from reports.actions import documents, print_runs, printing
from reports.actions.documents import Order
from reports.actions.print_runs import DAY, Choice
from reports.models import Document, PrintRow, PrintRun
from tests.factories import World, example, fresh, new_key
from tests.reports.papers import pages_of, text_of

Outcome, State = PrintRow.Outcome, PrintRun.State


def chosen(*rows: Enquiry) -> Choice:
    return Choice([row.reference for row in rows])


def asking(by: User, choice: Choice, **more: Any) -> PrintRun:
    given = {"kind": "chronology", "audience": "authority", "form": "zip", **more}
    return print_runs.preview(by=by, chosen=choice, **given)


def begun(by: User, choice: Choice, **more: Any) -> PrintRun:
    return print_runs.start(run=asking(by, choice, **more), by=by)


def worked(run: PrintRun) -> PrintRun:
    """Until nothing of it waits."""
    while printing.print_next(timezone.now()):
        pass
    return fresh(run)  # type: ignore[no-any-return]


def printed(by: User, choice: Choice, **more: Any) -> PrintRun:
    return worked(begun(by, choice, **more))


def outcomes(run: PrintRun) -> list[str]:
    return list(run.rows.order_by("number").values_list("outcome", flat=True))


def lines(enquiry: Enquiry) -> int:
    return Event.objects.filter(enquiry=enquiry, verb="document.printed").count()


def names_in(run: PrintRun, by: User) -> list[str]:
    with zipfile.ZipFile(print_runs.open_file(run=run, by=by)) as made:
        return made.namelist()


def restrict(world: World, enquiry: Enquiry) -> None:
    restricting.restrict(
        enquiry=fresh(enquiry), by=world.manager, reason="A threat.", people=[world.colleague]
    )


# --- Previewed, begun, done ----------------------------------------------------------------------------------


def test_a_preview_prints_nothing_and_says_which_will_not_go(world: World) -> None:
    there, draft = (
        world.enquiry(),
        enquiries.save_draft(
            body=example(), by=world.coordinator, authority=world.oldham, on_behalf_reason="By telephone."
        )[0],
    )
    run = asking(world.coordinator, Choice([there.reference, draft.reference, "ENQ-2222-2222-2"]))
    assert [(row.outcome, row.says) for row in run.rows_for(world.coordinator)] == [
        (Outcome.READY, ""),
        (Outcome.LEFT, print_runs.A_DRAFT),
        (Outcome.LEFT, print_runs.NOTHING_HERE),
    ]
    assert not printing.print_next(timezone.now())
    assert not Document.objects.exists()


def test_each_is_printed_once_with_one_line_of_history_and_stands_in_the_zip(world: World) -> None:
    rows = [world.enquiry() for _ in range(7)]
    run = printed(world.coordinator, chosen(*rows))
    assert (run.state, outcomes(run)) == (State.READY, [Outcome.PRINTED] * 7)
    assert [lines(row) for row in rows] == [1] * 7
    assert names_in(run, world.coordinator) == [
        *(f"353/{row.reference}-chronology-1.pdf" for row in rows),
        "contents.csv",
    ]


def test_the_table_in_a_zip_says_what_each_file_is(world: World) -> None:
    enquiry = world.enquiry()
    run = printed(world.coordinator, chosen(enquiry))
    with zipfile.ZipFile(print_runs.open_file(run=run, by=world.coordinator)) as made:
        table = list(csv.DictReader(io.StringIO(made.read("contents.csv").decode("utf-8-sig"))))
        paper = made.read(table[0]["file"])
    document = Document.objects.get()
    assert paper == bytes(document.pdf)
    assert [(row["reference"], row["sha256"]) for row in table] == [(enquiry.reference, document.sha256)]


def test_one_pdf_begins_with_a_contents_page_whose_numbers_are_the_pages_of_the_file(world: World) -> None:
    rows = [world.enquiry() for _ in range(3)]
    run = printed(world.coordinator, chosen(*rows), form="one_pdf")
    pages = pages_of(print_runs.open_file(run=run, by=world.coordinator).read())
    assert run.pages == len(pages)
    starts = [next(n for n, page in enumerate(pages[1:], 2) if row.reference in page) for row in rows]
    contents = " ".join(pages[0].split())
    for number, (row, start) in enumerate(zip(rows, starts, strict=True), start=1):
        assert f"{number} {row.reference} Oldham 1, {timezone.localdate():%-d %B %Y} {start}" in contents
        assert f"File page {start} of {len(pages)}" in pages[start - 1]


def test_a_contents_page_names_nobody_of_any_family(world: World) -> None:
    run = printed(world.coordinator, chosen(world.enquiry()), form="one_pdf")
    first = pages_of(print_runs.open_file(run=run, by=world.coordinator).read())[0]
    assert [name for name in ("Connor", "Ella", "Doyle", "Shannon", "2018") if name in first] == []


def test_a_paper_of_a_run_is_the_paper_that_is_printed_alone(world: World) -> None:
    """The same person, the same day, nothing changed: one document, and a line of history for each print."""
    enquiry = world.enquiry()
    order = Order(Document.Kind.CHRONOLOGY, Document.Audience.AUTHORITY)
    alone = documents.print_paper(enquiry=enquiry, order=order, by=world.coordinator)
    run = printed(world.coordinator, chosen(enquiry))
    assert [row.document for row in run.rows.all()] == [alone]
    assert lines(enquiry) == 2


def test_begun_twice_it_is_one_run(world: World) -> None:
    run = begun(world.coordinator, chosen(world.enquiry()))
    assert print_runs.start(run=run, by=world.coordinator).asked_at == run.asked_at
    assert outcomes(worked(run)) == [Outcome.PRINTED]


def test_sent_twice_under_one_name_it_is_one_run_and_for_something_else_it_is_refused(world: World) -> None:
    name, enquiry = uuid4(), world.enquiry()
    first = asking(world.coordinator, chosen(enquiry), uid=name)
    assert asking(world.coordinator, chosen(enquiry), uid=name) == first
    with pytest.raises(KeyReused):
        asking(world.coordinator, chosen(enquiry), uid=name, form="one_pdf")


def test_all_of_a_saved_view_are_what_whoever_prints_sees_of_it(world: World) -> None:
    taken, _other = world.enquiry(Status.IN_TRIAGE), world.enquiry()
    view = saved_views.save(
        by=world.coordinator, name="In triage", of="enquiries", query="status=in_triage", shared=True
    )
    run = asking(world.manager, Choice.of_view(view), reason="For the meeting.")
    assert [row.reference for row in run.rows_for(world.manager)] == [taken.reference]


def test_of_a_list_of_referrals_their_enquiries_are_printed_each_once(world: World) -> None:
    referral = world.referral()
    run = asking(world.coordinator, Choice(query="", of="referrals"))
    assert [row.reference for row in run.rows.all()] == [referral.enquiry.reference]


def test_a_decision_is_printed_of_what_is_decided(world: World) -> None:
    decided, waiting = world.enquiry(Status.DECLINED), world.enquiry()
    run = printed(world.coordinator, chosen(decided, waiting), kind="decision")
    assert outcomes(run) == [Outcome.PRINTED, Outcome.LEFT]
    assert run.rows.get(number=2).says == print_runs.UNDECIDED


def test_more_than_one_pdf_can_hold_is_refused_before_anything_is_printed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_runs, "MOST_IN_ONE_PDF", 1)
    rows = [world.enquiry(), world.enquiry()]
    with pytest.raises(Invalid, match="one PDF holds at most 1"):
        asking(world.coordinator, chosen(*rows), form="one_pdf")
    assert asking(world.coordinator, chosen(*rows), form="zip").rows.count() == 2


def test_put_together_again_it_is_equal_to_the_byte(world: World) -> None:
    run = printed(world.coordinator, chosen(world.enquiry(), world.enquiry()), form="one_pdf")
    first = print_runs.open_file(run=run, by=world.coordinator).read()
    again = worked(print_runs.resume(run=run, by=world.coordinator))
    assert print_runs.open_file(run=again, by=world.coordinator).read() == first
    assert Document.objects.count() == 2


# --- For whom ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["administrator", "case_system"])
def test_whoever_prints_nothing_prints_not_many(world: World, who: str) -> None:
    with pytest.raises(Forbidden):
        asking(getattr(world, who), Choice(query=""))


@pytest.mark.parametrize(
    ("who", "audience"),
    [("referrer", "service"), ("coordinator", "internal"), ("reviewer", "authority"), ("lead", "court")],
)
def test_many_are_printed_for_whom_one_may_be(world: World, who: str, audience: str) -> None:
    enquiry = world.referral("offered").enquiry
    with pytest.raises(Forbidden):
        asking(getattr(world, who), chosen(enquiry), kind="summary", audience=audience)


def test_an_authority_prints_its_own_and_another_ones_are_not_there(world: World) -> None:
    mine = world.enquiry()
    theirs = enquiries.submit(body=example(), by=world.stranger, key=new_key())[0]
    run = printed(world.authority_manager, chosen(mine, theirs))
    assert outcomes(run) == [Outcome.PRINTED, Outcome.LEFT]
    assert lines(theirs) == 0


@pytest.mark.parametrize("who", ["manager", "auditor"])
def test_whoever_answers_for_a_print_says_why_and_it_stands_in_each_history(world: World, who: str) -> None:
    by, enquiry = getattr(world, who), world.enquiry()
    if who == "auditor":
        from_reason(world, enquiry)
    with pytest.raises(Invalid) as refused:
        asking(by, chosen(enquiry), reason="  ")
    assert refused.value.faults[0].pointer == "/reason"
    printed(by, chosen(enquiry), reason="For the hearing.")
    assert Event.objects.get(enquiry=enquiry, verb="document.printed").note == "For the hearing."


def from_reason(world: World, enquiry: Enquiry) -> None:
    sharing.open_with_reason(reference=enquiry.reference, by=world.auditor, reason="A complaint.")


def test_the_recipients_are_named_with_how_many_are_theirs(world: World) -> None:
    theirs = enquiries.submit(body=example(), by=world.stranger, key=new_key())[0]
    run = asking(world.coordinator, chosen(world.enquiry(), world.enquiry(), theirs))
    found = [(one.name, one.papers) for one in recipients.recipients_of(run, world.coordinator)]
    assert found == [("Oldham", 2), ("Surrey", 1)]


def test_a_service_is_not_told_with_which_other_service_a_case_is(world: World) -> None:
    referral = world.referral("in_progress")
    other = referral.enquiry.shares.first()
    other.pk, other.organisation = None, world.south
    other.save()
    run = asking(world.lead, chosen(referral.enquiry), kind="summary", audience="service")
    assert [one.name for one in recipients.recipients_of(run, world.lead)] == [world.north.name]


def test_another_ones_run_is_none(world: World) -> None:
    run = asking(world.coordinator, chosen(world.enquiry()))
    assert not PrintRun.objects.visible_to(world.colleague).exists()
    for act in (print_runs.start, print_runs.cancel, print_runs.resume):
        with pytest.raises(NotFound):
            act(run=run, by=world.colleague)
    with pytest.raises(NotFound):
        print_runs.open_file(run=run, by=world.colleague)


# --- Rights that change --------------------------------------------------------------------------------------


def test_a_role_taken_away_meanwhile_stops_it_and_given_back_it_goes_on(world: World) -> None:
    run = begun(world.coordinator, chosen(world.enquiry()))
    world.coordinator.role_grants.all().delete()
    run = worked(run)
    assert run.state == State.STOPPED
    assert run.why_given_up == "Your role does not allow this: print the chronology for the authority."
    assert not Document.objects.exists()
    world.coordinator.role_grants.create(role=Role.COORDINATOR)
    again = User.objects.get(pk=world.coordinator.pk)
    assert outcomes(worked(print_runs.resume(run=run, by=again))) == [Outcome.PRINTED]


def test_an_account_retired_meanwhile_prints_nothing(world: World) -> None:
    run = begun(world.coordinator, chosen(world.enquiry()))
    User.objects.filter(pk=world.coordinator.pk).update(is_active=False)
    assert worked(run).state == State.STOPPED
    assert not Document.objects.exists()


def test_what_was_restricted_between_asking_and_working_is_not_printed_and_not_there(world: World) -> None:
    open_, shut = world.enquiry(), world.enquiry()
    run = begun(world.coordinator, chosen(open_, shut))
    restrict(world, shut)
    assert print_runs.counts_of(run, world.coordinator)[Outcome.READY] == 1
    run = worked(run)
    assert outcomes(run) == [Outcome.PRINTED, Outcome.GONE]
    gone = run.rows.get(number=2)
    assert (gone.enquiry, gone.says) == (None, print_runs.NO_MORE)
    assert lines(shut) == 0


def test_whom_a_conflict_of_interest_keeps_out_prints_nothing_of_it(world: World) -> None:
    enquiry = world.enquiry()
    run = begun(world.coordinator, chosen(enquiry))
    restricting.block(
        enquiry=fresh(enquiry), by=world.manager, person=world.coordinator, reason="Her neighbour."
    )
    run = worked(run)
    assert (run.state, outcomes(run)) == (State.EMPTY, [Outcome.GONE])
    assert lines(enquiry) == 0


def test_what_is_shut_after_it_was_printed_is_not_fetched_and_the_file_is_made_again_without_it(
    world: World,
) -> None:
    open_, shut = world.enquiry(), world.enquiry()
    run = printed(world.coordinator, chosen(open_, shut))
    restrict(world, shut)
    assert print_runs.counts_of(run, world.coordinator)["total"] == 1
    with pytest.raises(NotPossible, match="not yours to see any more"):
        print_runs.open_file(run=run, by=world.coordinator)
    again = worked(print_runs.resume(run=run, by=world.coordinator))
    assert names_in(again, world.coordinator) == [f"353/{open_.reference}-chronology-1.pdf", "contents.csv"]
    assert lines(open_) == 1


def test_a_role_taken_away_after_it_was_printed_fetches_nothing(world: World) -> None:
    run = printed(world.coordinator, chosen(world.enquiry()))
    world.coordinator.role_grants.all().delete()
    with pytest.raises(Forbidden):
        print_runs.open_file(run=run, by=User.objects.get(pk=world.coordinator.pk))


# --- Cancelled, taken up again, given up ----------------------------------------------------------------------


def test_cancelled_it_stops_after_what_is_printed_and_goes_on_from_there(world: World) -> None:
    rows = [world.enquiry() for _ in range(printing.SLICE + 2)]
    run = begun(world.coordinator, chosen(*rows))
    assert printing.print_next(timezone.now())
    run = print_runs.cancel(run=run, by=world.coordinator)
    assert not printing.print_next(timezone.now())
    assert outcomes(run).count(Outcome.PRINTED) == printing.SLICE
    before = set(Document.objects.values_list("pk", flat=True))
    run = worked(print_runs.resume(run=run, by=world.coordinator))
    assert (run.state, outcomes(run)) == (State.READY, [Outcome.PRINTED] * len(rows))
    assert before < set(Document.objects.values_list("pk", flat=True))
    assert [lines(row) for row in rows] == [1] * len(rows)


def test_the_paper_in_hand_when_it_is_cancelled_is_thrown_away(world: World) -> None:
    enquiry = world.enquiry()
    run = begun(world.coordinator, chosen(enquiry))
    mine = PrintRun.objects.claim(timezone.now())
    assert mine is not None
    made = documents.make(fresh(enquiry), print_runs.order_of(mine), world.coordinator)
    print_runs.cancel(run=run, by=world.coordinator)
    with pytest.raises(printing.Lost):
        printing.keep_with_row(mine, mine.rows.get(), made)
    assert not Document.objects.exists()
    assert lines(enquiry) == 0


def test_two_workers_at_one_paper_keep_one(world: World) -> None:
    """The first one's lease ran out while it was still at it."""
    enquiry, now = world.enquiry(), timezone.now()
    run = begun(world.coordinator, chosen(enquiry))
    slow = PrintRun.objects.claim(now)
    assert slow is not None
    made = documents.make(fresh(enquiry), print_runs.order_of(slow), world.coordinator)
    assert printing.print_next(now + LEASE * 2)
    with pytest.raises(printing.Lost):
        printing.keep_with_row(slow, slow.rows.get(), made)
    assert (outcomes(worked(run)), lines(enquiry)) == ([Outcome.PRINTED], 1)


def test_a_paper_at_which_three_workers_died_is_passed_over_shown_and_tried_again_when_asked(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    poison, fine = world.enquiry(), world.enquiry()
    run, now = begun(world.coordinator, chosen(poison, fine)), timezone.now()
    for death in range(3):
        assert PrintRun.objects.claim(now + LEASE * 2 * death) is not None
    PrintRun.objects.update(leased_until=None)
    run = worked(run)
    assert outcomes(run) == [Outcome.FAILED, Outcome.PRINTED]
    assert run.rows.get(number=1).says == printing.PASSED_OVER
    call_command("work", "--parked")
    assert f"{poison.reference}  print run {run.uid}" in capsys.readouterr().out
    run = worked(print_runs.resume(run=run, by=world.coordinator))
    assert (outcomes(run), lines(fine)) == ([Outcome.PRINTED] * 2, 1)


def test_a_file_at_which_three_workers_died_stops_the_run_and_what_is_printed_stays(world: World) -> None:
    run, now = begun(world.coordinator, chosen(world.enquiry())), timezone.now()
    assert printing.print_next(now)
    for death in range(3):
        assert PrintRun.objects.claim(now + LEASE * 2 * death) is not None
    PrintRun.objects.update(leased_until=None)
    run = worked(run)
    assert (run.state, run.why_given_up) == (State.STOPPED, printing.NO_FILE)
    assert worked(print_runs.resume(run=run, by=world.coordinator)).state == State.READY
    assert Document.objects.count() == 1


def test_a_paper_that_cannot_be_made_fails_alone(world: World, no_pango: None) -> None:
    run = printed(world.coordinator, chosen(world.enquiry()))
    assert (run.state, outcomes(run)) == (State.EMPTY, [Outcome.FAILED])
    assert "Pango is not installed" in run.rows.get().says


def test_what_has_not_begun_or_is_ready_cannot_be_cancelled(world: World) -> None:
    run = asking(world.coordinator, chosen(world.enquiry()))
    with pytest.raises(NotPossible):
        print_runs.cancel(run=run, by=world.coordinator)
    done = worked(print_runs.start(run=run, by=world.coordinator))
    with pytest.raises(NotPossible):
        print_runs.cancel(run=done, by=world.coordinator)


# --- Kept for a day --------------------------------------------------------------------------------------------


def test_a_file_is_deleted_after_a_day_and_nothing_brings_it_back(world: World) -> None:
    run = printed(world.coordinator, chosen(world.enquiry()))
    assert run.kept_until is not None
    name = run.file.name
    assert print_runs.forget_files(run.kept_until - timedelta(seconds=1)) == 0
    assert print_runs.forget_files(run.kept_until) == 1
    run = fresh(run)
    assert (run.state, default_storage.exists(name)) == (State.DELETED, False)
    for act in (print_runs.open_file, print_runs.resume):
        with pytest.raises(NotPossible):
            act(run=run, by=world.coordinator)
    assert Document.objects.count() == 1


def test_a_file_past_its_day_is_not_fetched_though_no_round_has_come(world: World) -> None:
    run = printed(world.coordinator, chosen(world.enquiry()))
    with time_machine.travel(timezone.now() + DAY), pytest.raises(NotPossible):
        print_runs.open_file(run=run, by=world.coordinator)


def test_what_was_cancelled_more_than_a_day_ago_goes_on_no_more(world: World) -> None:
    run = begun(world.coordinator, chosen(world.enquiry()))
    run = print_runs.cancel(run=run, by=world.coordinator)
    with time_machine.travel(timezone.now() + DAY), pytest.raises(NotPossible):
        print_runs.resume(run=run, by=world.coordinator)


def test_bytes_that_a_killed_worker_left_are_removed(world: World) -> None:
    held = printed(world.coordinator, chosen(world.enquiry()))
    left = default_storage.save("prints/left", ContentFile(b"%PDF"))
    assert print_runs.forget_files(timezone.now()) == 0
    assert print_runs.forget_files(timezone.now() + timedelta(hours=2)) == 1
    assert not default_storage.exists(left)
    assert default_storage.exists(held.file.name)


def test_old_runs_are_forgotten_and_their_papers_are_not(world: World) -> None:
    run = printed(world.coordinator, chosen(world.enquiry()))
    later = timezone.now() + timedelta(days=31)
    assert print_runs.forget_runs(later) == 0
    print_runs.forget_files(later)
    assert print_runs.forget_runs(later) > 0
    assert not PrintRun.objects.filter(pk=run.pk).exists()
    assert Document.objects.count() == 1


def test_a_file_names_nobody(world: World) -> None:
    run = printed(world.coordinator, chosen(world.enquiry()), kind="summary")
    assert run.filename == f"print-run-{run.uid}.zip"
    assert run.file.name.startswith("prints/")
    assert text_of(bytes(Document.objects.get().pdf)).count("Connor") > 0
