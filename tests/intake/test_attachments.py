"""Files of an enquiry: taken within limits said before, closed until they are clean, downloads and nothing else."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from intake import uploads
from intake.actions import attachments, sharing
from intake.history import broken
from intake.models import Attachment, Event, User
from referrals.actions import assessments, evidence
from tests.factories import PDF, World, all_met, fresh
from tests.intake import odd_files


def sent(content: bytes = PDF, name: str = "order.pdf", role: str = "order") -> dict[str, Any]:
    return {"role": role, "file": SimpleUploadedFile(name, content)}


def url(row: Any, pk: int | None = None) -> str:
    kind = "enquiries" if row.reference.startswith("ENQ") else "referrals"
    return f"/api/v1/{kind}/{row.reference}/attachments/" + (f"{pk}/" if pk else "")


def attached(
    row: Any, by: User, content: bytes = PDF, name: str = "order.pdf", role: str = "order"
) -> Attachment:
    file = SimpleUploadedFile(name, content)
    return attachments.attach(enquiry=row, by=by, role=role, file=file)


def scanned(attachment: Attachment, state: str = "clean") -> Attachment:
    """As the scanner leaves it; the scanner itself has tests of its own."""
    Attachment.objects.filter(pk=attachment.pk).update(state=state, scanned_at=timezone.now())
    return fresh(attachment)  # type: ignore[no-any-return]


def content_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


# --- Attaching --------------------------------------------------------------------------------------------


def test_what_is_taken_is_said_before_anything_is_sent(world: World, api: Any, signed_in: Any) -> None:
    enquiry = world.enquiry()
    limits = api(world.case_system).get(url(enquiry)).data["limits"]
    assert limits["largest"] == 20 * 1024 * 1024
    assert (limits["files"], limits["together"]) == (50, 500 * 1024 * 1024)
    assert limits["kinds"] == ["pdf", "docx", "xlsx", "jpg", "jpeg", "png"]
    page = signed_in(world.referrer).get(f"/enquiries/{enquiry.reference}/attach/").content.decode()
    for words in (
        "at most 50 files",
        "500 MB",
        "up to 20 MB",
        "PDF, Word (.docx), Excel (.xlsx), JPEG or PNG",
    ):
        assert words in page


def test_an_attachment_is_answered_with_its_hash_pages_and_state_and_without_an_address(
    world: World, api: Any
) -> None:
    answer = api(world.referrer).post(url(world.enquiry()), sent(odd_files.pdf_of(3)), format="multipart")
    assert answer.status_code == 201
    shown = answer.data
    assert (shown["kind"], shown["pages"], shown["state"], shown["url"]) == (uploads.PDF, 3, "waiting", None)
    assert len(shown["sha256"]) == 64


def test_the_same_bytes_again_are_the_attachment_there_is(world: World, api: Any) -> None:
    enquiry, caller = world.enquiry(), api(world.referrer)
    first = caller.post(url(enquiry), sent(), format="multipart")
    second = caller.post(url(enquiry), sent(name="copy.pdf"), format="multipart")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.data == second.data
    assert Attachment.objects.count() == 1
    assert Event.objects.filter(verb="attachment.added").count() == 1
    assert len(stored()) == 1


def stored() -> list[Any]:
    return [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_a_page_says_that_the_file_was_here_already(world: World, signed_in: Any) -> None:
    page, enquiry = signed_in(world.referrer), world.enquiry()
    said = [page.post(f"/enquiries/{enquiry.reference}/attach/", sent(), follow=True) for _ in range(2)]
    assert "Attached." in said[0].content.decode()
    assert "This very file was here already" in said[1].content.decode()


def test_bytes_lie_under_a_random_name_that_its_owner_alone_may_read(world: World) -> None:
    attached(world.enquiry(), world.referrer, name="Mary Example.pdf")
    (file,) = stored()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert "Mary" not in str(file)
    assert file.suffix == ""


def test_a_refused_file_leaves_no_bytes_and_no_line(world: World, api: Any) -> None:
    enquiry = world.enquiry()
    before = Event.objects.count()
    for fault in (sent(role="nonsense"), sent(b"MZ")):
        assert api(world.referrer).post(url(enquiry), fault, format="multipart").status_code == 422
    assert (stored(), Event.objects.count(), Attachment.objects.count()) == ([], before, 0)


def test_every_fault_is_named_at_once(world: World, api: Any) -> None:
    body = {**sent(b"MZ", role="nonsense"), "note": "x"}
    answer = api(world.referrer).post(
        url(world.enquiry()), {"role": "x" * 41, "note": "x"}, format="multipart"
    )
    assert [row["pointer"] for row in answer.data["errors"]] == ["/note", "/role", "/file"]
    del body["note"]
    answer = api(world.referrer).post(url(world.enquiry()), body, format="multipart")
    assert [row["pointer"] for row in answer.data["errors"]] == ["/role", "/file"]


def test_a_bundle_of_more_than_350_pages_is_taken_with_a_warning(
    world: World, api: Any, signed_in: Any
) -> None:
    enquiry, caller = world.enquiry(), api(world.referrer)
    long = sent(odd_files.pdf_of(351), "bundle.pdf", "bundle")
    assert "351 pages" in caller.post(url(enquiry), long, format="multipart").data["warnings"][0]
    for body in (sent(odd_files.pdf_of(350), role="bundle"), sent(odd_files.pdf_of(351), role="chronology")):
        assert caller.post(url(enquiry), body, format="multipart").data["warnings"] == []
    page = signed_in(world.coordinator).get(f"/enquiries/{enquiry.reference}/").content.decode()
    assert page.count("This bundle has 351 pages") == 1


def test_the_fifty_first_file_and_what_is_too_much_together_are_refused(
    world: World, api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    enquiry, caller = world.enquiry(), api(world.referrer)
    row = attached(enquiry, world.referrer)
    copies = [copy_of(row, number) for number in range(49)]
    Attachment.objects.bulk_create(copies)
    answer = caller.post(url(enquiry), sent(odd_files.pdf_of(2)), format="multipart")
    assert answer.data["errors"][0]["code"] == "too_many"
    Attachment.objects.exclude(pk=row.pk).delete()
    Attachment.objects.update(size=uploads.LARGEST_TOGETHER - 10)
    answer = caller.post(url(enquiry), sent(odd_files.pdf_of(2)), format="multipart")
    assert answer.data["errors"][0]["code"] == "too_much"


def copy_of(row: Attachment, number: int) -> Attachment:
    copy: Attachment = fresh(row)
    copy.pk, copy.sha256, copy.file = None, f"{number:064d}", f"ab/{number}"
    return copy


def test_a_large_body_is_refused_before_it_is_read(world: World, api: Any) -> None:
    enquiry = world.enquiry()
    length = str(uploads.LARGEST * 2)
    answer = api(world.referrer).post(url(enquiry), sent(), format="multipart", CONTENT_LENGTH=length)
    assert answer.status_code == 413
    assert answer["Content-Type"] == "application/problem+json"


def test_a_page_says_that_a_file_is_too_large_beside_the_field(world: World, signed_in: Any) -> None:
    enquiry = world.enquiry()
    body = sent(PDF + bytes(uploads.LARGEST + 200_000))
    answer = signed_in(world.referrer).post(f"/enquiries/{enquiry.reference}/attach/", body)
    assert answer.status_code == 422
    assert "larger than 20 MB" in answer.content.decode()
    assert stored() == []


# --- Hostile files and bodies over the API -----------------------------------------------------------------


def test_every_file_out_of_the_policy_is_a_problem_and_the_list_still_works(world: World, api: Any) -> None:
    enquiry, caller = world.enquiry(), api(world.case_system)
    for row in odd_files.refused():
        answer = caller.post(url(enquiry), sent(row.content, row.name), format="multipart")
        assert 400 <= answer.status_code < 500, row.what
        assert answer["Content-Type"] == "application/problem+json", row.what
    assert caller.get(url(enquiry)).data["results"] == []
    assert stored() == []


def test_odd_names_are_kept_tidy_and_never_as_a_place(world: World, api: Any) -> None:
    enquiry, caller = world.enquiry(), api(world.case_system)
    for pages, row in enumerate(odd_files.taken(), start=4):
        content = odd_files.pdf_of(pages) if row.name.lower().endswith("pdf") else row.content
        answer = caller.post(url(enquiry), sent(content, row.name), format="multipart")
        assert answer.status_code in (200, 201), (row.what, answer.data)
        name = answer.data["name"]
        assert name.isprintable(), row.what
        assert not {"/", "\\"} & set(name), row.what
        assert 0 < len(name) <= 200, row.what
    assert all(len(path.name) == 32 for path in stored())


BOUNDARY = "mark"
PART = '--mark\r\nContent-Disposition: form-data; name="{}"; filename="{}"\r\n\r\n%PDF\r\n'


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 422),
        ("--mark", 422),
        (PART.format("file", "a.pdf"), 422),
        (PART.format("file", "a.pdf")[:-8], 422),
        (PART.format("file", "a.pdf") * 2 + "--mark--\r\n", 422),
        (PART.format("file", "a.pdf") * 1_001 + "--mark--\r\n", 400),
        (PART.format("x", "") * 1_001 + "--mark--\r\n", 422),
        (PART.format("file", "..") + "--mark--\r\n", 422),
        (PART.format("file", "\x00.pdf") + "--mark--\r\n", 422),
        ('--mark\r\nContent-Disposition: form-data; name="role"\r\n\r\norder\r\n' * 1_001 + "--mark--", 422),
    ],
    ids=range(10),
)
def test_a_broken_body_is_a_problem(world: World, body: str, status: int) -> None:
    enquiry, client = world.enquiry(), Client()
    client.force_login(world.referrer, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post(
        url(enquiry), body.encode(), content_type=f"multipart/form-data; boundary={BOUNDARY}"
    )
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data", "text/plain"])
def test_another_content_type_is_a_problem(world: World, kind: str) -> None:
    enquiry, client = world.enquiry(), Client()
    client.force_login(world.referrer, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post(url(enquiry), json.dumps({"role": "order"}).encode(), content_type=kind)
    assert answer.status_code in (400, 415)
    assert answer["Content-Type"] == "application/problem+json"


# --- Opening ----------------------------------------------------------------------------------------------


def test_a_clean_file_is_a_download_without_a_person_in_its_name(world: World, api: Any) -> None:
    enquiry = world.enquiry()
    attachment = scanned(attached(enquiry, world.referrer, name="Mary Example.pdf"))
    answer = api(world.case_system).get(url(enquiry, attachment.pk))
    assert content_of(answer) == PDF
    name = f"order-{enquiry.reference}-{attachment.pk}.pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Length"] == str(len(PDF))


def test_a_large_file_is_streamed_in_pieces(world: World, api: Any) -> None:
    enquiry = world.enquiry()
    long = PDF.replace(b"%%EOF", b"%" + b"x" * 5_000_000 + b"\n%%EOF")
    attachment = scanned(attached(enquiry, world.referrer, long))
    pieces = list(api(world.referrer).get(url(enquiry, attachment.pk)).streaming_content)
    assert b"".join(pieces) == long
    assert max(map(len, pieces)) <= 64 * 1024


@pytest.mark.parametrize("state", ["waiting", "refused"])
def test_what_is_not_clean_is_never_given_out(world: World, api: Any, signed_in: Any, state: str) -> None:
    enquiry = world.enquiry()
    attachment = scanned(attached(enquiry, world.referrer), state)
    answer = api(world.referrer).get(url(enquiry, attachment.pk))
    assert (answer.status_code, answer.data["current_status"]) == (409, state)
    page = signed_in(world.referrer).get(f"/enquiries/{enquiry.reference}/attachments/{attachment.pk}/")
    assert page.status_code == 409
    assert "scan" in page.content.decode()
    assert not Event.objects.filter(verb="attachment.opened").exists()


def test_each_opening_is_a_line_of_history_for_the_hub_and_the_authoritys_manager(
    world: World, signed_in: Any
) -> None:
    enquiry = world.enquiry()
    attachment = scanned(attached(enquiry, world.referrer))
    page = signed_in(world.coordinator)
    link = f"/enquiries/{enquiry.reference}/attachments/{attachment.pk}/"
    assert f'href="{link}"' in page.get(f"/enquiries/{enquiry.reference}/").content.decode()
    assert content_of(page.get(link)) == PDF
    line = Event.objects.get(verb="attachment.opened")
    assert (line.by, line.data["attachment"]) == (world.coordinator, attachment.pk)
    seen = [
        Event.objects.visible_to(user).contains(line) for user in (world.authority_manager, world.referrer)
    ]
    assert seen == [True, False]


def test_anothers_file_and_none_at_all_are_the_same(world: World, api: Any) -> None:
    enquiry, other = world.enquiry(), world.enquiry(authority_reference="2")
    attachment = scanned(attached(enquiry, world.referrer))
    theirs = api(world.stranger).get(url(enquiry, attachment.pk))
    wrong = api(world.referrer).get(url(other, attachment.pk))
    none = api(world.referrer).get(url(enquiry, attachment.pk + 1_000))
    huge = api(world.referrer).get(url(enquiry, 10**30))
    assert {answer.status_code for answer in (theirs, wrong, none, huge)} == {404}
    bodies = [{**answer.json(), "trace_id": ""} for answer in (theirs, wrong, none, huge)]
    assert bodies.count(bodies[0]) == 4


def test_of_a_service_whom_the_work_is_assigned_to_opens_the_files(world: World, api: Any) -> None:
    referral = world.referral("in_progress")
    attachment = scanned(attached(referral.enquiry, world.coordinator))
    answers = {
        user: api(user).get(url(referral.enquiry, attachment.pk)) for user in (world.assessor, world.lead)
    }
    assert answers[world.assessor].status_code == 200
    assert answers[world.lead].status_code == 403
    assert api(world.second_assessor).get(url(referral.enquiry, attachment.pk)).status_code == 404


def test_the_auditor_opens_a_file_with_a_reason_and_the_administrator_never(world: World, api: Any) -> None:
    enquiry = world.enquiry()
    attachment = scanned(attached(enquiry, world.referrer))
    assert api(world.auditor).get(url(enquiry, attachment.pk)).status_code == 404
    sharing.open_with_reason(reference=enquiry.reference, by=world.auditor, reason="A complaint.")
    assert api(world.auditor).get(url(enquiry, attachment.pk)).status_code == 200
    assert api(world.administrator).get(url(enquiry, attachment.pk)).status_code == 404


def test_bytes_that_are_gone_are_said_to_be_unavailable_and_not_noted_as_opened(
    world: World, api: Any
) -> None:
    enquiry = world.enquiry()
    attachment = scanned(attached(enquiry, world.referrer))
    attachment.file.storage.delete(attachment.file.name)
    assert api(world.referrer).get(url(enquiry, attachment.pk)).status_code == 503
    assert not Event.objects.filter(verb="attachment.opened").exists()


# --- The report -------------------------------------------------------------------------------------------


def test_the_authority_reads_the_report_once_it_is_delivered_and_not_before(world: World, api: Any) -> None:
    referral = world.referral("in_review")
    report = scanned(referral.report)
    caller = api(world.referrer)
    assert caller.get(url(referral)).data["results"] == []
    assert caller.get(url(referral, report.pk)).status_code == 404
    world.deliver(referral)
    (shown,) = caller.get(url(referral)).data["results"]
    assert content_of(caller.get(shown["url"])) == PDF
    assert api(world.stranger).get(shown["url"]).status_code == 404


def test_the_referrals_page_leads_to_the_report(world: World, signed_in: Any) -> None:
    referral = world.referral("delivered")
    scanned(referral.report)
    page = signed_in(world.referrer)
    link = f"/referrals/{referral.reference}/attachments/{referral.report.pk}/"
    assert f'href="{link}"' in page.get(f"/referrals/{referral.reference}/").content.decode()
    assert content_of(page.get(link)) == PDF


def test_a_report_that_the_scanner_refused_is_neither_handed_in_nor_delivered(world: World, api: Any) -> None:
    started = world.referral("in_progress")
    evidence.log(referral=started, by=world.assessor, source="School", state="received")
    infected = scanned(world.attach_report(started), "refused")
    seen = [{"child": row.position, "not_seen_why": "Away."} for row in assessments.children_of(started)]
    body = {"report": infected.pk, "children_seen": seen}
    answer = api(world.assessor).make(fresh(started), "submit_report", body)
    assert (answer.status_code, answer.data["errors"][0]["code"]) == (422, "refused")
    scanned(infected, "waiting")
    body["children_seen"] = seen
    assert api(world.assessor).make(fresh(started), "submit_report", body).status_code == 200
    scanned(infected, "refused")
    answer = api(world.reviewer).make(fresh(started), "deliver", {"checklist": all_met()})
    assert (answer.status_code, answer.data["errors"][0]["pointer"]) == (422, "/report")


# --- Taking away ------------------------------------------------------------------------------------------


def test_a_file_is_taken_off_a_draft_with_its_bytes(
    world: World, api: Any, django_capture_on_commit_callbacks: Any
) -> None:
    draft = world.enquiry("draft")
    attachment = attached(draft, world.referrer)
    with django_capture_on_commit_callbacks(execute=True):
        assert api(world.authority_manager).delete(url(draft, attachment.pk)).status_code == 204
    assert (Attachment.objects.count(), stored()) == (0, [])
    assert api(world.referrer).delete(url(draft, attachment.pk)).status_code == 404


def test_a_page_asks_before_it_takes_a_file_away(world: World, signed_in: Any) -> None:
    draft, page = world.enquiry("draft"), signed_in(world.referrer)
    attachment = attached(draft, world.referrer)
    link = f"/enquiries/{draft.reference}/attachments/{attachment.pk}/remove/"
    assert f'href="{link}"' in page.get(f"/enquiries/{draft.reference}/").content.decode()
    assert "deleted for good" in page.get(link).content.decode()
    assert "The file is taken away" in page.post(link, follow=True).content.decode()
    assert not Attachment.objects.exists()


def test_once_it_was_sent_a_file_stays(world: World, api: Any, signed_in: Any) -> None:
    enquiry = world.enquiry()
    attachment = attached(enquiry, world.referrer)
    answer = api(world.referrer).delete(url(enquiry, attachment.pk))
    assert (answer.status_code, answer.data["current_status"]) == (409, "submitted")
    link = f"/enquiries/{enquiry.reference}/attachments/{attachment.pk}/remove/"
    page = signed_in(world.referrer)
    assert link not in page.get(f"/enquiries/{enquiry.reference}/").content.decode()
    assert page.post(link).status_code == 409
    assert api(world.reviewer).delete(url(enquiry, attachment.pk)).status_code == 403
    assert len(stored()) == 1


def test_a_draft_that_is_sent_takes_its_files_along(world: World, api: Any) -> None:
    draft = world.enquiry("draft")
    attachment = scanned(attached(draft, world.referrer))
    assert api(world.referrer).make(draft, "submit").status_code == 200
    assert api(world.coordinator).get(url(draft, attachment.pk)).status_code == 200


def test_the_history_stays_whole_whatever_is_done_with_files(world: World, api: Any) -> None:
    enquiry = world.enquiry()
    attachment = scanned(attached(enquiry, world.referrer))
    api(world.coordinator).get(url(enquiry, attachment.pk))
    assert list(broken(enquiry.reference)) == []
