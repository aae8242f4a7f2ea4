"""The enquiry: what an authority asked for, and where it stands."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from intake.clocks import ANSWERED, DECISION, Reading, reading
from intake.deadlines import Interval, decision_due
from intake.finding import wanted
from intake.found import asking_for_any, holding
from intake.identifiers import normalise_reference
from intake.lifecycle import ENQUIRY, UNDO_WITHIN, Clock, Lifecycle, Party, Role, Status, Transition
from intake.models.book import book
from intake.models.listing import Listing
from intake.models.moving import Moving
from intake.models.organisation import Organisation
from intake.models.ranking import Ranking
from intake.models.restriction import open_to
from intake.models.user import User

if TYPE_CHECKING:
    from intake.models.event import Event
    from intake.models.notification import Notification


# A draft is kept so long after its last edit; its author is told so long before.
DRAFT_KEPT = timedelta(days=30)
ENDING_NOTICE = timedelta(days=5)
OPEN_ONLY = Q(is_open=True)


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def visible_to(self, user: User) -> Self:
        """The one rule of who sees what.

        An authority sees its own, a draft only whoever writes it; the hub sees all that was sent, and its own
        drafts on behalf; a service sees what is shared with it (a lead: with the service, an assessor: with
        them); the auditor sees what they opened with a reason; the administrator sees none. Of all that, what is
        restricted only who is on its list, and nobody what a conflict of interest keeps them out of.
        """
        kind = user.organisation.kind
        rows = self.none()
        if kind == Organisation.Kind.AUTHORITY and user.roles:
            rows = self._visible_in_an_authority(user)
        elif kind == Organisation.Kind.HUB:
            rows = self._visible_in_the_hub(user)
        elif kind == Organisation.Kind.SERVICE:
            rows = self._visible_to_a_service(user)
        return rows.filter(open_to(user))

    def _visible_in_an_authority(self, user: User) -> Self:
        """Managers and case systems see every draft; a referrer theirs, their team's, and where they are named."""
        own = self.filter(authority_id=user.organisation_id)
        if user.has(Role.AUTHORITY_MANAGER, Role.API_CLIENT):
            return own
        theirs = Q(created_by=user) | Q(referrer_email__iexact=user.email)
        if user.team:
            theirs |= Q(created_by__in=User.objects.team_of(user).values("pk"))
        return own.filter(~Q(status=Status.DRAFT) | theirs)

    def _visible_in_the_hub(self, user: User) -> Self:
        if user.has(Role.COORDINATOR, Role.MANAGER, Role.REVIEWER, Role.SYSTEM):
            # Among whom, and not by a join: every list would read all that match before it sorts them.
            ours = User.objects.filter(organisation_id=user.organisation_id).values("pk")
            return self.filter(~Q(status=Status.DRAFT) | Q(created_by__in=ours))
        if user.has(Role.AUDITOR):
            return self.filter(pk__in=user.opened.filter(until__gt=timezone.now()).values("enquiry_id"))
        return self.none()

    def _visible_to_a_service(self, user: User) -> Self:
        shares = Share.objects.filter(
            enquiry=OuterRef("pk"), organisation_id=user.organisation_id, until__isnull=True
        )
        if user.has(Role.SERVICE_LEAD):
            return self.filter(Exists(shares))
        if user.has(Role.ASSESSOR):
            return self.filter(Exists(shares.filter(person=user)))
        return self.none()

    def open(self) -> Self:
        return self.filter(OPEN_ONLY)

    def linked_to(self, enquiry: "Enquiry") -> Self:
        """The enquiry that one continues, and those that continue it."""
        return self.filter(Q(reference=enquiry.continues_id) | Q(continues=enquiry.reference))

    def late(self, now: datetime) -> Self:
        return self.open().filter(due_order__lt=now)

    def of(self, askers: list[int]) -> Self:
        """Of these authorities, or the public door: by number, so that the database knows how much each asks."""
        return self.filter(authority=askers[0]) if len(askers) == 1 else self.filter(authority__in=askers)

    def asking_for(self, types: list[str]) -> Self:
        """With an assessment of one of these types."""
        return self.filter(asking_for_any(types, self.db))

    def search(self, text: str) -> Self:
        """By our reference; else by a part of the authority's reference, the court number or any name in it."""
        if reference := normalise_reference(" ".join(text.split()), "ENQ"):
            return self.filter(reference=reference)
        words = wanted(text)
        return self.filter(holding(words, self.db)) if words else self.none()

    def hold(self, enquiry: "Enquiry") -> "Enquiry":
        """The row as it is now, locked until the transaction ends; remembers which version the caller had read."""
        rows = self.select_related("authority").select_for_update(of=("self",))
        held: Enquiry = rows.annotate(lent_to_listeners=Share.objects.listening()).get(pk=enquiry.pk)
        held.services_listen = held.lent_to_listeners  # type: ignore[attr-defined]
        held.seen_version = enquiry.version
        return held


class Referrer(models.Model):
    """Who asks, and who can be asked when they are away."""

    referrer_name = models.CharField(max_length=120)
    referrer_role = models.CharField(max_length=120, blank=True)
    referrer_team = models.CharField(max_length=160, blank=True)
    referrer_email = models.EmailField()
    referrer_phone = models.CharField(max_length=40, blank=True)
    manager_name = models.CharField(max_length=120, blank=True)
    manager_email = models.EmailField(blank=True)
    away_cover = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


class LegalMatter(models.Model):
    """The law it is asked under, the court and its dates, the instruction and who pays."""

    framework = models.CharField(max_length=20, blank=True)
    legal_stage = models.CharField(max_length=30, blank=True)
    court = models.CharField(max_length=160, blank=True)
    case_number = models.CharField(max_length=40, blank=True)
    permission = models.CharField(max_length=20, blank=True)
    permission_date = models.DateField(null=True, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    filing_date = models.DateField(null=True, blank=True)
    letter_before_proceedings = models.DateField(null=True, blank=True)
    instruction_joint = models.BooleanField(null=True, blank=True)
    lead_solicitor = models.CharField(max_length=160, blank=True)
    cost_shares = models.JSONField(default=list, blank=True, help_text="[{party, percent}], together 100.")

    class Meta:
        abstract = True


class Undertakings(models.Model):
    """What was told to whom, on what basis, and who declared it."""

    family_told = models.CharField(max_length=30, blank=True)
    not_told_why = models.TextField(blank=True)
    taking_part = models.TextField(blank=True)
    lawful_basis = models.CharField(max_length=40, blank=True)
    authority_to_instruct = models.BooleanField(null=True, blank=True)
    accurate = models.BooleanField(null=True, blank=True)
    declared_by = models.CharField(max_length=120, blank=True)

    class Meta:
        abstract = True


class Origin(models.Model):
    """What prompted it, and the earlier enquiry that it continues."""

    # By reference, so that no reader needs a statement more; the index for the way back is below.
    continues = models.ForeignKey(
        "self",
        models.PROTECT,
        to_field="reference",
        null=True,
        blank=True,
        db_index=False,
        related_name="continued_by",
    )
    # Whether a reader has to look for those that continue it.
    is_continued = models.BooleanField(default=False, editable=False)
    prompted_by = models.CharField(max_length=30, blank=True)
    prompted_reason = models.TextField(blank=True)

    class Meta:
        abstract = True


class Drafting(models.Model):
    """What is kept while it is a draft: who filled which section, and when its end was announced."""

    section_marks = models.JSONField(default=dict, blank=True, help_text="{member: {by, at}}.")
    ending_told_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class Enquiry(  # noqa: DJ008 - Moving has it
    Moving, Referrer, LegalMatter, Undertakings, Origin, Drafting, Ranking, Listing
):
    """What an authority asked for: who asks, the children and adults, what is wanted, by when, the risks."""

    lifecycle: ClassVar[Lifecycle] = ENQUIRY
    # Whether a service that it is lent to has a live webhook; read with the row by hold().
    services_listen: bool = False

    class ClockState(models.TextChoices):
        NONE = "", "Not started"
        RUNNING = "running", "Running"
        PAUSED = "paused", "Paused"
        STOPPED = "stopped", "Stopped"

    class Kind(models.TextChoices):
        GENERAL = "general", "General enquiry"
        PRELIMINARY = "preliminary", "Preliminary enquiry"
        REFERRAL = "referral", "Referral"
        INSTRUCTION = "instruction", "Instruction"

    # Foreign keys without an index of their own are covered by one below, or asked by nobody.
    authority = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="enquiries")
    authority_reference = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20, choices=Kind)
    language = models.CharField(max_length=2, default="en")
    immediate_danger = models.BooleanField(null=True, blank=True)
    needed_by = models.DateField(null=True, blank=True)
    why_now = models.TextField(blank=True)
    background = models.TextField(blank=True)

    status = models.CharField(max_length=30, choices=Status.pairs(), default=Status.DRAFT)
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, db_index=False, related_name="owned"
    )
    created_by = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    on_behalf_reason = models.TextField(blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    clock = models.CharField(max_length=10, choices=ClockState, default=ClockState.NONE, blank=True)
    # Derived from the interval log in the history, for sorting; a test proves them equal.
    due_at = models.DateTimeField(null=True, blank=True)
    repeats = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repeated_by")
    restricted = models.BooleanField(default=False, help_text="Only those on its access list see it.")
    # What was sent, as a hash: finds the same content sent again.
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    head_sequence = models.PositiveIntegerField(default=0, editable=False)
    head_hash = models.CharField(max_length=64, blank=True, editable=False)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        ordering = ("-received_at", "-id")
        verbose_name_plural = "enquiries"
        constraints = (
            models.CheckConstraint(
                condition=~Q(immediate_danger=True), name="child_in_immediate_danger_is_not_an_enquiry"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT) | Q(received_at__isnull=False),
                name="enquiry_that_was_sent_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.IN_TRIAGE) | Q(owner__isnull=False),
                name="enquiry_in_triage_has_an_owner",
            ),
            models.CheckConstraint(
                condition=~Q(clock="running") | Q(due_at__isnull=False), name="running_clock_has_a_due_moment"
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.DUPLICATE) | Q(repeats__isnull=False),
                name="duplicate_names_what_it_repeats",
            ),
            models.CheckConstraint(
                condition=Q(repeats__isnull=True) | ~Q(repeats=F("id")), name="enquiry_does_not_repeat_itself"
            ),
            models.CheckConstraint(
                condition=Q(continues__isnull=True) | ~Q(continues=F("reference")),
                name="enquiry_does_not_continue_itself",
            ),
            models.CheckConstraint(
                condition=Q(band_override="") | ~Q(override_reason=""), name="priority_is_set_with_a_reason"
            ),
        )
        indexes = (
            # One for each order (intake/sorts.py) of all there is, and of what is open: one in a hundred.
            models.Index("arrived_at", "id", name="enquiry_by_arrival"),
            models.Index("updated_at", "id", name="enquiry_by_change"),
            models.Index("pressing", "due_order", "id", name="enquiry_by_pressing"),
            models.Index("due_order", "id", name="enquiry_by_due"),
            models.Index("filing_order", "id", name="enquiry_by_filing"),
            models.Index("arrived_at", "id", name="enquiry_open_by_arrival", condition=OPEN_ONLY),
            models.Index("updated_at", "id", name="enquiry_open_by_change", condition=OPEN_ONLY),
            models.Index("pressing", "due_order", "id", name="enquiry_open_by_pressing", condition=OPEN_ONLY),
            # With what says who may know of one, so that what is late is counted without reading the rows.
            models.Index(
                "due_order", "id", name="enquiry_open_by_due", include=("restricted",), condition=OPEN_ONLY
            ),
            models.Index("filing_order", "id", name="enquiry_open_by_filing", condition=OPEN_ONLY),
            # For what is filtered by.
            models.Index("status", "arrived_at", "id", name="enquiry_by_status"),
            models.Index("authority", "arrived_at", "id", name="enquiry_by_authority"),
            models.Index("authority", "authority_reference", name="enquiry_by_their_reference"),
            models.Index("owner", "arrived_at", "id", name="enquiry_by_owner"),
            models.Index(
                "owner", "pressing", "due_order", "id", name="enquiry_open_by_owner", condition=OPEN_ONLY
            ),
            models.Index(
                "filing_date", "id", name="enquiry_by_filing_date", condition=Q(filing_date__isnull=False)
            ),
            models.Index("arrived_at", "id", name="enquiry_restricted", condition=Q(restricted=True)),
            models.Index(
                "arrived_at",
                "id",
                name="enquiry_open_restricted",
                condition=OPEN_ONLY & Q(restricted=True),
            ),
            # What the round that ranks anew asks for.
            models.Index("ranks_on", "id", name="enquiry_by_rank_day", condition=OPEN_ONLY),
            models.Index(
                "continues", name="enquiry_by_what_it_continues", condition=Q(continues__isnull=False)
            ),
        )

    @property
    def status_label(self) -> str:
        return Status(self.status).label

    def label_of(self, transition: str) -> str:
        return Transition(transition).label

    def standing_sentence(self) -> str:
        """Where it stands, and who has it: the one who lost a race learns who won."""
        whose = f" and is with {self.owner}" if self.owner_id else ""
        return f"This is not possible while {self.reference} stands at “{self.status_label}”{whose}."

    def roles_of(self, user: User) -> frozenset[Role]:
        """An authority's roles hold on its own enquiries, a referrer's on those they sent or are named in.

        A draft is also their team's.
        """
        if user.organisation.kind == Organisation.Kind.HUB:
            return user.roles
        if user.organisation_id != self.authority_id:
            return frozenset()
        if self.created_by_id == user.pk or self.referrer_email.casefold() == user.email.casefold():
            return user.roles
        if self.status == Status.DRAFT and user.shares_a_team_with(self.created_by_id):
            return user.roles
        return user.roles - {Role.REFERRER}

    @property
    def delete_on(self) -> date | None:
        """The day on which a draft is deleted: 30 days after its last edit, and 5 after that was announced.

        One that somebody printed or read from has a history, and is kept until a person decides.
        """
        if self.status != Status.DRAFT or self.head_sequence:
            return None
        due = timezone.localdate(self.updated_at) + DRAFT_KEPT
        if self.ending_told_at is None or self.ending_told_at < self.updated_at:
            return due
        return max(due, timezone.localdate(self.ending_told_at) + ENDING_NOTICE)

    def changed_last(self) -> tuple[str, datetime]:
        """A draft has no history: its section marks say who."""
        if self.status != Status.DRAFT:
            return super().changed_last()
        marks: list[dict[str, str]] = sorted(self.section_marks.values(), key=lambda mark: str(mark["at"]))
        return marks[-1]["by"] if marks else "", self.updated_at

    def transitions_for(self, user: User) -> list[str]:
        open_to = super().transitions_for(user)
        if self.owner_id == user.pk and Transition.TAKE_OVER in open_to:
            open_to.remove(Transition.TAKE_OVER)
        if Transition.UNDO in open_to and self.updated_at + UNDO_WITHIN <= timezone.now():
            open_to.remove(Transition.UNDO)
        return open_to

    def last_change(self) -> "Event | None":
        changes = self.events.changes().filter(subject=self.reference)
        return changes.select_related("by").order_by("-sequence").first()

    def versions(self) -> "models.QuerySet[Event]":
        """None of a draft: what is written in it stands in no history."""
        lines = self.events.versions().filter(subject=self.reference)
        return lines.none() if self.status == Status.DRAFT else lines

    def record(self, verb: str, **facts: Any) -> "Event":
        return self.events.model.objects.record(self, verb=f"enquiry.{verb}", **facts)

    def intervals(self) -> list[Interval]:
        """The decision clock's interval log since it last started, read from the history; why, in words."""
        log = self.events.exclude(clock="").order_by("sequence").values_list("clock", "at", "verb")
        return intervals_from(log)

    def clock_changes(self, clock: Clock | None, at: datetime) -> dict[str, Any]:
        if clock is None:
            return {}
        if clock is Clock.STOP:
            return {"clock": self.ClockState.STOPPED}
        if clock is Clock.PAUSE:
            return {"clock": self.ClockState.PAUSED, "due_at": None}
        intervals = [] if clock is Clock.START else self.intervals()
        return {"clock": self.ClockState.RUNNING, "due_at": self.due_after(with_step(intervals, clock, at))}

    def due_after(self, intervals: list[Interval]) -> datetime | None:
        """When the decision is due by an interval log, in the working days of the authority's nation."""
        nation, shelf = self.authority.nation, book()
        return decision_due(shelf.target(nation, intervals[0].started_at), intervals, shelf.calendars[nation])

    def reading(self, now: datetime) -> Reading:
        """What the decision clock says: ours, whoever shows it."""
        calendar = book().calendars[self.authority.nation]
        return reading(DECISION, self.clock, self.due_at, now, calendar, waits_until=ANSWERED)

    def notify(self, kind: str, *, to: Party, **facts: Any) -> "Notification":
        """Promise to tell somebody, in this same transaction."""
        return self.notifications.model.objects.promise(self, kind=kind, to=to, **facts)


def with_step(intervals: list[Interval], clock: Clock, at: datetime, why: str = "") -> list[Interval]:
    """The interval log after a step of the clock."""
    if clock is Clock.START:
        return [Interval(at, None, "running", why)]
    closed = intervals
    if intervals and intervals[-1].ended_at is None:
        last = intervals[-1]
        closed = [*intervals[:-1], Interval(last.started_at, at, last.state, last.why)]
    if clock is Clock.STOP:
        return closed
    return [*closed, Interval(at, None, "paused" if clock is Clock.PAUSE else "running", why)]


def intervals_from(log: Any) -> list[Interval]:
    """Fold (clock, at, verb) lines of history into intervals; a start begins anew."""
    intervals: list[Interval] = []
    for clock, at, verb in log:
        step = ENQUIRY.steps.get(verb.partition(".")[2])
        intervals = with_step(intervals, Clock(clock), at, step.says if step else "")
    return intervals


class ShareQuerySet(models.QuerySet["Share"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(enquiry__in=Enquiry.objects.visible_to(user))

    def listening(self) -> Exists:
        """Of an enquiry's row: whether a service that it is lent to has a live webhook."""
        lent = self.filter(enquiry=OuterRef("pk"), until__isnull=True)
        return Exists(lent.filter(organisation__webhooks_on=True))

    def holders(self, enquiry: Enquiry, subject: str) -> Any:
        """The services that see a line about this subject: the enquiry itself, or a referral that they have."""
        lent = self.filter(enquiry=enquiry, until__isnull=True)
        rows = lent if subject == enquiry.reference else lent.filter(because=subject)
        return rows.values("organisation")

    def subjects_for(self, user: User) -> Q:
        """Of rows with an enquiry and a subject: the enquiry's own, and those of the referrals a service has."""
        lent = self.filter(organisation_id=user.organisation_id, until__isnull=True)
        return Q(subject=F("enquiry__reference")) | Q(subject__in=lent.values("because"))


class Share(models.Model):
    """An enquiry lent to an assessment service, from an offer on; with `person`, to an assessor."""

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="shares")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    because = models.CharField(max_length=16, help_text="The reference of the referral.")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("because", "organisation"),
                condition=Q(until__isnull=True, person__isnull=True),
                name="enquiry_is_shared_once_with_a_service",
            ),
        )
        indexes = (models.Index("enquiry", "organisation", name="share_by_enquiry"),)

    def __str__(self) -> str:
        return self.because


class OpenedQuerySet(models.QuerySet["Opened"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(user=user)


class Opened(models.Model):
    """An auditor opened an enquiry, with a reason, until a moment."""

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="opened")
    reason = models.TextField()
    since = models.DateTimeField()
    until = models.DateTimeField()

    objects = OpenedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "opened"

    def __str__(self) -> str:
        return str(self.until)
