"""Each kind of notification as an e-mail: reference, a sentence, a link; nobody's name, no allegation."""

from dataclasses import dataclass
from datetime import date
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from intake.lifecycle import ENQUIRY, Party, Role
from intake.lifecycle import Transition as Enq
from intake.models import Access, ConflictBlock, Notification, Organisation, User
from intake.words import Language, _
from referrals.lifecycle import REFERRAL
from referrals.lifecycle import Transition as Ref
from referrals.models import Referral
from reports import reminding, wordings
from reports.languages import known, speaking, spoken

SUBJECTS = {
    Notification.Kind.ACKNOWLEDGEMENT: _("We have received your enquiry"),
    Notification.Kind.CHASER: _("Our questions are still open"),
    Notification.Kind.CONTINUED: _("An enquiry you had has been continued"),
    Notification.Kind.DRAFT_ENDING: _("Your draft will be deleted soon"),
    Notification.Kind.FILE_REFUSED: _("A file could not be taken"),
    Notification.Kind.FOLLOW_UP: _("What became of it?"),
    Notification.Kind.MESSAGE: _("There is a message for you"),
    Notification.Kind.OVERSIGHT: _("Something is asked of you"),
    Notification.Kind.RESTRICTION: _("Who may see an enquiry is to be decided"),
}
# What the reader is to do now, where there is something to do.
TO_DO: dict[tuple[str, str], str] = {
    ("enquiry", Enq.REQUEST_INFORMATION): _(
        "We have a few questions. Our clock stands still until you answer."
    ),
    ("enquiry", Enq.ANSWER): _("The questions are answered, and the clock runs again."),
    (
        "enquiry",
        Enq.RELEASE,
    ): _("You had it for eight office hours without a change, so it is back in the queue."),
    ("enquiry", Enq.ACCEPT): _("We take the enquiry on, and are looking for the assessment service."),
    ("enquiry", Enq.DECLINE): _(
        "We cannot take the enquiry on. The reason, and where else to go, are there."
    ),
    ("enquiry", Enq.REDIRECT): _("The enquiry belongs elsewhere. Where, and why, is there."),
    ("enquiry", Enq.LAPSE): _("Our questions were not answered in time. A manager can reopen the enquiry."),
    ("referral", Ref.OFFER): _("Please accept or decline this offer by the day given there."),
    ("referral", Ref.DECLINE_OFFER): _("The service declined the offer. Please find another."),
    ("referral", Ref.LAPSE_OFFER): _("The offer was not answered in time. The referral waits again."),
    ("referral", Ref.ACCEPT_OFFER): _(
        "A service has accepted the referral, and the assessor is named there."
    ),
    ("referral", Ref.SUBMIT_REPORT): _("A report waits for quality review."),
    ("referral", Ref.SEND_BACK): _("The report came back from review. What is to be put right is there."),
    ("referral", Ref.DELIVER): _("The report is ready for you."),
    ("referral", Ref.REQUEST_ADDENDUM): _("An addendum is asked for, with questions and a day."),
}

LAPSES = _("This is our last reminder. If no answer has come, the enquiry lapses on {day}.")
WILL_LAPSE = _("If no answer comes, the enquiry will lapse.")
DELETED = _("It is deleted on {day}, with everything in it.")
THE_DAY = _("The day: {day}.")
# Between the letter in Welsh and the same in English.
BELOW = "* * *"


class NoRecipient(Exception):
    """Nobody active is left to tell; `args[0]` says who was meant."""


@dataclass(frozen=True)
class Letter:
    """An e-mail, ready to be sent. The Message-ID stays the same, however often it is tried."""

    subject: str
    text: str
    to: list[str]
    message_id: str


def letter(notification: Notification) -> Letter:
    """Written at delivery, for whoever is responsible then. Refuses when nobody is."""
    to = recipients(notification)
    if not to:
        raise NoRecipient(f"No active {Party(notification.to).label} to write to.")
    kind, languages = wording_of(notification), languages_of(notification)
    written = [in_language(language, kind, notification) for language in languages]
    return Letter(
        subject=subject(
            " / ".join(says for says, _ in written),
            notification.subject,
            marked=wordings.KINDS[kind].marked,
        ),
        text=f"\n{BELOW}\n\n".join(text for _, text in written),
        to=to,
        message_id=f"<{notification.message_id}@{domain()}>",
    )


def languages_of(notification: Notification) -> tuple[Language, ...]:
    """Who asked in Welsh is written to in Welsh, with the English beneath; the hub and the services work in English."""
    if notification.to == Party.REFERRER and notification.enquiry.language == Language.WELSH:
        return (Language.WELSH, Language.ENGLISH)
    return (Language.ENGLISH,)


def in_language(language: Language, kind: str, notification: Notification) -> tuple[str, str]:
    """What happened, and the whole letter."""
    with speaking(language):
        says = headline(notification)
        values = {
            "says": says,
            "to_do": to_do(notification),
            "the_day": sentence(THE_DAY, notification.data.get("day", "")),
            "reference": notification.subject,
            "link": link(notification),
            "deleted": sentence(DELETED, notification.data.get("delete_on", "")),
            "lapses": sentence(LAPSES, notification.data.get("lapses_on", "")) or str(WILL_LAPSE),
        }
        return says, wordings.text(kind, values, timezone.localdate())


def in_short(notification: Notification, reads: str) -> tuple[str, str, str]:
    """For a letter of many: what happened, to what, and what is to be done.

    Whoever reads Welsh has it in the language in which we speak just now, others in those of the letter itself.
    """
    said, to_dos = [], []
    for language in (spoken(),) if reads == Language.WELSH else languages_of(notification):
        with speaking(language):
            said.append(headline(notification))
            to_dos.append(to_do(notification))
    return " / ".join(said), notification.subject, "\n".join(filter(None, to_dos))


def subject(says: str, reference: str, *, marked: bool) -> str:
    """Ours, whatever the wording of the letter: an e-mail's subject is read by anybody."""
    marking = f"{settings.MARKING}: " if marked else ""
    return " ".join(f"{marking}{says} ({reference})".split())


def wording_of(notification: Notification) -> str:
    """Which of the wordings it takes."""
    if not to_the_public(notification):
        return str(notification.kind)
    received = notification.kind == Notification.Kind.ACKNOWLEDGEMENT
    return wordings.PUBLIC_RECEIVED if received else wordings.PUBLIC


def sentence(words: str, day: str) -> str:
    """With the day in it; nothing where there is none."""
    return words.format(day=day_of(day)) if day else ""


def to_the_public(notification: Notification) -> bool:
    """Whoever asked without signing in has nothing to sign in to."""
    from_outside = notification.enquiry.authority.kind == Organisation.Kind.PUBLIC
    return from_outside and notification.to == Party.REFERRER


def to_do(notification: Notification) -> str:
    if notification.kind == Notification.Kind.REMINDER:
        return reminding.words(notification.data).to_do
    return str(TO_DO.get((lifecycle_of(notification), notification.data.get("transition", "")), ""))


def lifecycle_of(notification: Notification) -> str:
    return str(notification.data.get("lifecycle", "enquiry"))


def headline(notification: Notification) -> str:
    """What happened, in the words of the lifecycle's table."""
    kind = Notification.Kind(notification.kind)
    if kind == Notification.Kind.REMINDER:
        return reminding.words(notification.data).headline
    if kind in SUBJECTS:
        return str(SUBJECTS[kind])
    return step_in_words(lifecycle_of(notification), notification.data.get("transition", ""))


def step_in_words(lifecycle: str, transition: str) -> str:
    table = REFERRAL if lifecycle == "referral" else ENQUIRY
    step = known(table[transition].says).lower() if transition in table else gettext("something moved")
    return (gettext("Referral: {step}") if table is REFERRAL else gettext("Enquiry: {step}")).format(
        step=step
    )


def link(notification: Notification) -> str:
    """The page of what it is about; the acknowledgement's own PDF follows from there, after signing in."""
    where = "referrals" if notification.subject.startswith("REF-") else "enquiries"
    if notification.kind == Notification.Kind.RESTRICTION:
        # Who decides it need not see the enquiry.
        return f"{settings.PUBLIC_URL}/access/"
    for name in ("audit", "improvement"):
        if name in notification.data:
            return f"{settings.PUBLIC_URL}/{name}s/{notification.data[name]}/"
    pages = {Notification.Kind.MESSAGE: "messages/", Notification.Kind.FOLLOW_UP: "follow-ups/"}
    page = pages.get(Notification.Kind(notification.kind), "")
    return f"{settings.PUBLIC_URL}/{where}/{notification.subject}/{page}"


def day_of(text: str) -> str:
    """Tuesday 1 December 2026."""
    return date_format(date.fromisoformat(text), "l j F Y") if text else ""


def domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def recipients(notification: Notification) -> list[str]:
    """Who is told, as of now: a person who has left gets nothing, whoever took their place does.

    Nobody whom a conflict of interest keeps out. Of a restricted enquiry only those on its access list; when it
    is none of them, the managers who keep it.
    """
    kept_out = ConflictBlock.objects.live().filter(enquiry=notification.enquiry_id)
    shut = {email.lower() for email in kept_out.values_list("person__email", flat=True)}
    meant = [email for email in whoever(notification) if email.lower() not in shut]
    if not notification.enquiry.restricted or notification.kind == Notification.Kind.RESTRICTION:
        return meant
    listed = Access.objects.live().filter(enquiry=notification.enquiry_id, person__is_active=True)
    those = {email.lower() for email in listed.values_list("person__email", flat=True)}
    keepers = Access.objects.filter(enquiry=notification.enquiry_id).keeping().order_by("person__email")
    told = [email for email in meant if email.lower() in those]
    return told or list(keepers.values_list("person__email", flat=True))


def whoever(notification: Notification) -> list[str]:
    enquiry = notification.enquiry
    match Party(notification.to):
        case Party.REFERRER:
            if notification.person is not None:
                return active(notification.person)
            return referrer(enquiry.referrer_email)
        case Party.OWNER:
            return active(notification.person or enquiry.owner)
        case Party.COORDINATOR:
            return active(enquiry.owner) or hub_mailbox()
        case Party.SERVICE_LEAD:
            return leads(notification)
        case Party.REVIEWER:
            return emails(Role.REVIEWER, Organisation.Kind.HUB)
        case Party.MANAGER:
            return emails(Role.MANAGER, Organisation.Kind.HUB)
        case _:
            return active(notification.person)


def active(person: User | None) -> list[str]:
    return [person.email] if person is not None and person.is_active else []


def referrer(email: str) -> list[str]:
    """Whoever asked need not have an account; one that was retired gets no more letters."""
    retired = User.objects.filter(email__iexact=email, is_active=False).exists()
    return [] if retired or not email else [email]


def hub_mailbox() -> list[str]:
    mailbox = Organisation.objects.filter(kind=Organisation.Kind.HUB).exclude(email="").order_by("pk").first()
    return [mailbox.email if mailbox else settings.PROVIDER_EMAIL]


def leads(notification: Notification) -> list[str]:
    """The leads of the service that had a part in it then, or has the referral now."""
    service = notification.organisation_id
    if service is None:
        found = Referral.objects.filter(reference=notification.subject).values_list("service_id", flat=True)
        service = found.first()
    if service is None:
        return []
    people = User.objects.active().with_role(Role.SERVICE_LEAD).filter(organisation_id=service)
    return list(people.order_by("email").values_list("email", flat=True))


def emails(role: Role, kind: str) -> list[str]:
    people = User.objects.active().with_role(role).filter(organisation__kind=kind)
    return list(people.order_by("email").values_list("email", flat=True))
