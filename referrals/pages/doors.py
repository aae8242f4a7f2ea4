"""Every transition a person can make, as a page: what it asks, does and means; likeliest first."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from intake.actions import attachments, enquiries, information
from intake.lifecycle import Transition as Move
from intake.models import User
from intake.pages import forms as front
from intake.pages.acting import Door
from intake.pages.answering import Answer
from intake.words import _
from referrals.actions import addenda, assessments, follow_ups, placements, reviews, triage, undoing
from referrals.lifecycle import Transition as Step
from referrals.models import Referral
from referrals.pages import assessing_forms, placing_forms, reviewing_forms, triage_forms

ENQUIRY_DOORS: dict[str, Door] = {
    Move.SUBMIT: Door(front.Nothing, enquiries.send),
    Move.CLAIM: Door(front.Nothing, triage.claim),
    Move.ANSWER: Door(Answer, information.answer, _("Our decision clock goes on when all answers are sent.")),
    Move.ACCEPT: Door(
        triage_forms.Accept,
        triage.decide,
        _(
            "A referral is made for each assessment accepted. The referrer is told after ten minutes; "
            "until then it can be undone."
        ),
    ),
    Move.REQUEST_INFORMATION: Door(
        front.RequestInformation,
        information.request_information,
        _("The referrer is told, and the decision clock pauses."),
    ),
    Move.DECLINE: Door(
        triage_forms.Decline, triage.decline, _("The enquiry ends here. The referrer is told why.")
    ),
    Move.REDIRECT: Door(
        triage_forms.Redirect,
        triage.redirect,
        _("The enquiry ends here. The referrer is told who should have it."),
    ),
    Move.RECALL_REQUEST: Door(
        front.Reason, information.recall_request, _("The decision clock goes on."), aside=True
    ),
    Move.TAKE_OVER: Door(
        front.Reason, triage.take_over, _("You become its owner; the owner until now is told."), aside=True
    ),
    Move.RELEASE: Door(front.Nothing, triage.release, aside=True),
    Move.MARK_DUPLICATE: Door(
        triage_forms.MarkDuplicate,
        triage.mark_duplicate,
        _("The enquiry ends here; the other one goes on."),
        aside=True,
    ),
    Move.REOPEN: Door(
        front.Reason,
        triage.reopen,
        _("It is triaged again, with a new decision clock, and you own it."),
        aside=True,
    ),
    Move.UNDO: Door(front.Nothing, undoing.undo, aside=True),
    Move.WITHDRAW: Door(
        front.Withdraw, enquiries.withdraw, _("We stop work on it. You can ask us to reopen it."), grave=True
    ),
    Move.DISCARD: Door(
        front.Nothing, enquiries.discard, _("The draft and everybody in it are deleted for good."), grave=True
    ),
}


def hand_in(*, referral: Referral, by: User, file: "UploadedFile[bytes]", **seen: Any) -> Referral:
    """Attach the report and hand it in: both, or neither, its bytes included."""
    with attachments.keeping(file, attachments.REPORT) as kept, transaction.atomic():
        report = attachments.add(enquiry=referral.enquiry, by=by, kept=kept, subject=referral.reference)
        return assessments.submit_report(referral=referral, by=by, report=report, **seen)


REFERRAL_DOORS: dict[str, Door] = {
    Step.OFFER: Door(
        placing_forms.OfferForm,
        placements.offer,
        _("The service sees the whole enquiry from now on, until it declines."),
    ),
    Step.ACCEPT_OFFER: Door(
        placing_forms.AcceptOffer,
        placements.accept_offer,
        _("The referrer is told who leads the assessment."),
    ),
    Step.DECLINE_OFFER: Door(
        placing_forms.DeclineOffer,
        placements.decline_offer,
        _("You will not see the enquiry any more."),
        grave=True,
    ),
    Step.RECALL_OFFER: Door(
        front.Reason, placements.recall_offer, _("The service does not see the enquiry any more."), aside=True
    ),
    Step.START: Door(
        assessing_forms.Start, assessments.start, _("The referrer is told that the work has begun.")
    ),
    Step.SUBMIT_REPORT: Door(assessing_forms.SubmitReport, hand_in, _("The report goes to a reviewer.")),
    Step.DELIVER: Door(reviewing_forms.Deliver, reviews.deliver, _("The report goes to the authority.")),
    Step.SEND_BACK: Door(
        reviewing_forms.SendBack, reviews.send_back, _("The assessor mends it and hands it in again.")
    ),
    Step.RESUME: Door(front.Nothing, assessments.resume),
    Step.CLOSE: Door(
        assessing_forms.Close, follow_ups.close, _("The enquiry closes with its last referral.")
    ),
    Step.REQUEST_ADDENDUM: Door(
        assessing_forms.RequestAddendum,
        addenda.request_addendum,
        _("The assessor goes on with it."),
        aside=True,
    ),
    Step.PAUSE: Door(
        assessing_forms.Pause,
        assessments.pause,
        _("The referrer is told that the work stands still, and until when."),
        aside=True,
    ),
    Step.REALLOCATE: Door(
        placing_forms.Reallocate,
        placements.reallocate,
        _("Both assessors are told, and the referrer."),
        aside=True,
    ),
    Step.RETURN_TO_WAITING: Door(
        placing_forms.ReturnToWaiting,
        placements.return_to_waiting,
        _("The service does not see the enquiry any more."),
        grave=True,
    ),
    Step.REOPEN: Door(front.Reason, placements.reopen, _("A place is looked for anew."), aside=True),
    Step.CANCEL: Door(
        placing_forms.Cancel, placements.cancel, _("The assessment will not be done."), grave=True
    ),
}
