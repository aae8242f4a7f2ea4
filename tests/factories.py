"""A small world for tests, made by the product's own actions: people have parts, and a stranger is always there."""

import json
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from intake.actions import attachments, enquiries, information, members
from intake.lifecycle import Role, Status
from intake.models import ApiClient, AssessmentType, Disposal, Enquiry, Organisation, User, book
from referrals.actions import assessments, audits, evidence, follow_ups, placements, reviews, triage
from referrals.lifecycle import Status as ReferralStatus
from referrals.models import Assessor, Audit, Coverage, Referral, Skill

DATA = Path(__file__).parent / "intake" / "data"
PASSWORD = "correct horse battery staple"
# One empty page; its table of places is left to the reader.
PDF = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
)


def example(name: str = "parenting_assessment") -> dict[str, Any]:
    """A valid body about an invented family."""
    body: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return body


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


@dataclass
class World:
    """Two authorities, the hub, two services, and the people in them."""

    def organisation(self, kind: str, code: str, name: str, **more: Any) -> Organisation:
        made, _ = Organisation.objects.get_or_create(kind=kind, code=code, defaults={"name": name, **more})
        return made

    @cached_property
    def oldham(self) -> Organisation:
        return Organisation.objects.get(kind="authority", code="353")

    @cached_property
    def surrey(self) -> Organisation:
        return Organisation.objects.get(kind="authority", code="936")

    @cached_property
    def cardiff(self) -> Organisation:
        return Organisation.objects.get(kind="authority", code="681")

    @cached_property
    def hub(self) -> Organisation:
        return Organisation.objects.get(kind="hub")

    @cached_property
    def north(self) -> Organisation:
        return self.covering(self.organisation("assessment_service", "north", "Northern Family Assessments"))

    @cached_property
    def south(self) -> Organisation:
        return self.covering(self.organisation("assessment_service", "south", "Southern Family Assessments"))

    def covering(self, service: Organisation) -> Organisation:
        Coverage.objects.bulk_create(
            (Coverage(service=service, type=kind) for kind in AssessmentType.objects.all()),
            ignore_conflicts=True,
        )
        return service

    def colleague_of_team(self, name: str, team: str) -> User:
        """A referrer of Oldham's in a team, with whom those of the same team share their drafts."""
        user = self.person(self.oldham, name, Role.REFERRER)
        user.team = team
        user.save(update_fields=("team",))
        return user

    def person(self, organisation: Organisation, name: str, *roles: Role) -> User:
        email = f"{name.lower().replace(' ', '.')}@{organisation.code}.example"
        found: User | None = User.objects.filter(email=email).first()
        return found or members.invite(
            organisation=organisation, email=email, name=name, roles=set(roles), password=PASSWORD
        )

    @cached_property
    def referrer(self) -> User:
        return self.person(self.oldham, "Rosa Referrer", Role.REFERRER)

    @cached_property
    def authority_manager(self) -> User:
        return self.person(self.oldham, "Ada Authority", Role.AUTHORITY_MANAGER)

    @cached_property
    def stranger(self) -> User:
        """Of another authority: for them nothing of Oldham's exists."""
        return self.person(self.surrey, "Sam Stranger", Role.REFERRER, Role.AUTHORITY_MANAGER)

    @cached_property
    def coordinator(self) -> User:
        return self.person(self.hub, "Ann Coordinator", Role.COORDINATOR)

    @cached_property
    def colleague(self) -> User:
        return self.person(self.hub, "Ben Coordinator", Role.COORDINATOR)

    @cached_property
    def manager(self) -> User:
        return self.person(self.hub, "Mia Manager", Role.MANAGER)

    @cached_property
    def reviewer(self) -> User:
        return self.person(self.hub, "Ria Reviewer", Role.REVIEWER)

    @cached_property
    def auditor(self) -> User:
        return self.person(self.hub, "Olu Auditor", Role.AUDITOR)

    @cached_property
    def administrator(self) -> User:
        return self.person(self.hub, "Ivy Administrator", Role.ADMINISTRATOR)

    @cached_property
    def lead(self) -> User:
        return self.person(self.north, "Lea Lead", Role.SERVICE_LEAD)

    @cached_property
    def assessor(self) -> User:
        return self.assessor_of(self.north, "Asa Assessor")

    @cached_property
    def second_assessor(self) -> User:
        return self.assessor_of(self.north, "Bo Assessor")

    @cached_property
    def other_lead(self) -> User:
        return self.person(self.south, "Lou Lead", Role.SERVICE_LEAD)

    @cached_property
    def other_assessor(self) -> User:
        return self.assessor_of(self.south, "Ola Assessor")

    def assessor_of(self, service: Organisation, name: str) -> User:
        user = self.person(service, name, Role.ASSESSOR)
        profile, made = Assessor.objects.get_or_create(
            user=user, defaults={"service": service, "capacity": 50, "hours": 500}
        )
        if made:
            skills = book().codes.list("skill", timezone.localdate())
            Skill.objects.bulk_create(Skill(assessor=profile, code=row.code) for row in skills)
        return user

    @cached_property
    def client(self) -> tuple[ApiClient, str]:
        """Oldham's case system, and its secret."""
        return members.issue_client(authority=self.oldham, name="Oldham case system")

    @cached_property
    def case_system(self) -> User:
        user: User = self.client[0].user
        return user

    @cached_property
    def other_client(self) -> tuple[ApiClient, str]:
        return members.issue_client(authority=self.surrey, name="Surrey case system")

    def everybody(self) -> dict[str, User]:
        """One person of each role, the system, the case system and a stranger."""
        return {
            "referrer": self.referrer,
            "authority_manager": self.authority_manager,
            "api_client": self.case_system,
            "coordinator": self.coordinator,
            "manager": self.manager,
            "reviewer": self.reviewer,
            "auditor": self.auditor,
            "administrator": self.administrator,
            "service_lead": self.lead,
            "assessor": self.assessor,
            "system": User.objects.system(),
            "stranger": self.stranger,
        }

    # --- Enquiries and referrals at any status, by the actions ------------------------------------------------

    def enquiry(self, status: str = Status.SUBMITTED, **changes: Any) -> Enquiry:
        """An enquiry of the referrer's, at a status, as it came there in the office."""
        body = {**deepcopy(example()), **changes}
        if status == Status.DRAFT:
            return enquiries.save_draft(body=body, by=self.referrer)[0]
        enquiry = enquiries.submit(body=body, by=self.referrer, key=new_key())[0]
        return self.bring(enquiry, status)

    def discarded(self) -> Disposal:
        """What is left of a draft that its author deleted."""
        draft = self.enquiry(Status.DRAFT)
        enquiries.discard(enquiry=draft, by=self.referrer)
        return Disposal.objects.get(reference=draft.reference)

    def bring(self, enquiry: Enquiry, status: str) -> Enquiry:
        if status == Status.SUBMITTED:
            return enquiry
        if status == Status.WITHDRAWN:
            return enquiries.withdraw(enquiry=enquiry, by=self.referrer, reason_code="NO_LONGER_NEEDED")
        if status == Status.DUPLICATE:
            first = enquiries.submit(body=example(), by=self.referrer, key=new_key())[0]
            return triage.mark_duplicate(enquiry=enquiry, by=self.coordinator, repeats=first.reference)
        enquiry = triage.claim(enquiry=enquiry, by=self.coordinator)
        return self.decide(enquiry, status)

    def decide(self, enquiry: Enquiry, status: str) -> Enquiry:
        by = self.coordinator
        if status == Status.DECLINED:
            return triage.decline(
                enquiry=enquiry,
                by=by,
                reason_code="AREA",
                text="Not our area.",
                elsewhere="The regional list.",
            )
        if status == Status.REDIRECTED:
            return triage.redirect(enquiry=enquiry, by=by, agency="Cafcass", text="A private law matter.")
        if status in (Status.INFORMATION_REQUESTED, Status.LAPSED):
            enquiry = self.ask(enquiry)
            return self.lapse(enquiry) if status == Status.LAPSED else enquiry
        if status in (Status.ACCEPTED, Status.CLOSED):
            enquiry = self.accept(enquiry)
            return self.close(enquiry) if status == Status.CLOSED else enquiry
        return enquiry

    def ask(self, enquiry: Enquiry) -> Enquiry:
        return information.request_information(
            enquiry=enquiry,
            by=self.coordinator,
            questions=[
                {"text": "Is the filing date fixed?", "field": "/legal/filing_date"},
                {"text": "Pets?"},
            ],
            reply_by=in_days(7),
        )

    def lapse(self, enquiry: Enquiry) -> Enquiry:
        request = enquiry.information_requests.get()
        request.chasers_sent = 2
        request.save()
        information.lapse(request=request, now=timezone.now())
        return fresh(enquiry)

    def accept(self, enquiry: Enquiry) -> Enquiry:
        return triage.accept(
            enquiry=enquiry,
            by=self.coordinator,
            rationale="Within our skills.",
            conflict_statement="None known.",
            waiver_reason="It follows before the first visit.",
            late_reason="The court has been told.",
        )

    def close(self, enquiry: Enquiry) -> Enquiry:
        for referral in enquiry.referrals.all():
            placements.cancel(referral=referral, by=self.coordinator, reason_code="FUNDING")
        return fresh(enquiry)

    def referral(self, status: str = ReferralStatus.WAITING) -> Referral:
        """The first referral of an accepted enquiry, at a status, as it came there in the office."""
        referral = self.enquiry(Status.ACCEPTED).referrals.first()
        assert referral is not None
        if status == ReferralStatus.CANCELLED:
            return placements.cancel(referral=referral, by=self.coordinator, reason_code="FUNDING")
        for reached, step in self.path():
            if referral.status == status:
                break
            if reached in (ReferralStatus.PAUSED,) and status != reached:
                continue
            referral = step(referral)
        return referral

    def path(self) -> list[tuple[str, Any]]:
        return [
            (ReferralStatus.OFFERED, self.offer),
            (ReferralStatus.ALLOCATED, self.take),
            (ReferralStatus.IN_PROGRESS, self.start),
            (ReferralStatus.PAUSED, self.pause),
            (ReferralStatus.IN_REVIEW, self.report),
            (ReferralStatus.DELIVERED, self.deliver),
            (ReferralStatus.CLOSED, self.close_referral),
        ]

    def offer(self, referral: Referral) -> Referral:
        return placements.offer(
            referral=referral, by=self.coordinator, service=self.north, reply_by=in_days(3)
        )

    def take(self, referral: Referral) -> Referral:
        return placements.accept_offer(
            referral=referral, by=self.lead, assessor=self.assessor, conflict_statement="None known."
        )

    def start(self, referral: Referral) -> Referral:
        by = referral.assessor or self.assessor
        return assessments.start(referral=referral, by=by, waiver_reason="The letter is on its way.")

    def pause(self, referral: Referral) -> Referral:
        return assessments.pause(referral=referral, by=self.lead, reason_code="COURT", review_on=in_days(14))

    def report(self, referral: Referral) -> Referral:
        by = referral.assessor or self.assessor
        evidence.log(referral=referral, by=by, source="School", state="received")
        return assessments.submit_report(
            referral=referral,
            by=by,
            report=self.attach_report(referral),
            children_seen=[
                {"child": child.position, "seen_on": in_days(-1), "views": "Wants to go home."}
                for child in assessments.children_of(referral)
            ],
        )

    def attach_report(self, referral: Referral) -> Any:
        return attachments.attach(
            enquiry=referral.enquiry,
            by=referral.assessor or self.assessor,
            role="report",
            file=SimpleUploadedFile("report.pdf", PDF),
            subject=referral.reference,
        )

    def deliver(self, referral: Referral) -> Referral:
        mended = [{"defect": row.pk, "mended": True} for row in reviews.unmended(referral)]
        return reviews.deliver(referral=referral, by=self.reviewer, checklist=all_met(), mended=mended)

    def close_referral(self, referral: Referral) -> Referral:
        return follow_ups.close(
            referral=referral,
            by=self.coordinator,
            outcome_code="REPORT_USED",
            follow_up_3_months=in_days(90),
            follow_up_6_months=in_days(180),
        )

    def audit(self, referral: Referral | None = None, *, auditor: User | None = None) -> Audit:
        """An audit of closed work that is still to be written, by a colleague who had no part in it."""
        return audits.pick(
            referral=referral or self.referral(ReferralStatus.CLOSED),
            by=self.manager,
            auditor=auditor or self.colleague,
            due_on=in_days(14),
            reason="A complaint was made.",
        )

    def audited(self, referral: Referral | None = None, **words: str) -> Audit:
        audit = self.audit(referral)
        return audits.finish(audit=audit, by=audit.auditor, **{**judged(), **words})


def judged() -> dict[str, str]:
    """What an auditor writes, whole."""
    return {
        "quality_grade": "good",
        "quality_text": "The analysis follows from the evidence.",
        "impact_grade": "outstanding",
        "impact_text": "The children are with their grandmother, who was found by it.",
        "voice_how": "said",
        "voice_text": "He said that he wants to stay with his sister.",
    }


def all_met() -> list[Any]:
    """Every criterion of a review, met."""
    return [{"criterion": code, "verdict": "met"} for code in reviews.criteria()]


_keys = iter(range(10**9))


def new_key() -> str:
    return f"key-{next(_keys)}"


def fresh(row: Any) -> Any:
    """The row as it is now."""
    return type(row).objects.get(pk=row.pk)
