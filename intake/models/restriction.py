"""Who may see a restricted enquiry, and whom a conflict of interest keeps out of one."""

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from intake.lifecycle import Role
from intake.models.user import User

M = TypeVar("M", bound=models.Model)


def open_to(user: User, enquiry: str = "pk") -> Q:
    """Of enquiries, or of rows that lead to one by `enquiry`: what is restricted only to those on its list.

    An auditor's way in is their reason, restricted or not. A conflict of interest keeps everybody out, whatever
    their role. The system is nobody, and does its rounds.
    """
    if user.has(Role.SYSTEM):
        return Q()
    blocked = ConflictBlock.objects.live().filter(enquiry=OuterRef(enquiry), person=user)
    if user.has(Role.AUDITOR) and not user.has(Role.COORDINATOR, Role.MANAGER, Role.REVIEWER):
        return Q(~Exists(blocked))
    restricted = "restricted" if enquiry == "pk" else f"{enquiry.removesuffix('_id')}__restricted"
    listed = Access.objects.live().filter(enquiry=OuterRef(enquiry), person=user)
    return (Q(**{restricted: False}) | Exists(listed)) & ~Exists(blocked)


class OfEnquiryQuerySet(models.QuerySet[M]):
    def live(self) -> Self:
        return self.filter(until__isnull=True)

    def visible_to(self, user: User) -> Self:
        """To the hub's managers and the auditor, as far as they see the enquiry."""
        if not user.has(Role.MANAGER, Role.AUDITOR):
            return self.none()
        enquiries: Any = self.model._meta.get_field("enquiry").related_model
        return self.filter(enquiry__in=enquiries.objects.visible_to(user))

    def keeping(self) -> Self:
        """Of access lists: the managers at work who see what they keep."""
        blocked = ConflictBlock.objects.live().filter(enquiry=OuterRef("enquiry"), person=OuterRef("person"))
        at_work = self.live().filter(~Exists(blocked), person__is_active=True)
        return at_work.filter(person__role_grants__role=Role.MANAGER)

    def kept_alone_by(self, person: User) -> Self:
        """The access lists that nobody could keep without this manager."""
        rows: Any = self.model._default_manager
        others = rows.filter(enquiry=OuterRef("enquiry")).keeping().exclude(person=person)
        return self.filter(~Exists(others), person=person).keeping()


class ForPerson(models.Model):
    """Something that holds between an enquiry and a person, from when until when; it stays on record."""

    enquiry = models.ForeignKey("intake.Enquiry", models.CASCADE, db_index=False, related_name="+")
    person = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = OfEnquiryQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.enquiry}: {self.person}"


class Access(ForPerson):
    """Somebody is on the access list of a restricted enquiry."""

    class Meta:
        verbose_name_plural = "access"
        constraints = (
            models.UniqueConstraint(
                fields=("enquiry", "person"), condition=Q(until__isnull=True), name="person_is_listed_once"
            ),
        )


class ConflictBlock(ForPerson):
    """This worker, this family: they do not see the enquiry, whatever their role."""

    reason = models.TextField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("enquiry", "person"), condition=Q(until__isnull=True), name="person_is_blocked_once"
            ),
        )


class AccessProposalQuerySet(models.QuerySet["AccessProposal"]):
    def waiting(self) -> Self:
        return self.filter(decided_at__isnull=True)

    def visible_to(self, user: User) -> Self:
        """To every manager, who may have to decide it without seeing the enquiry.

        Not to whom it is about, nor to whom a conflict of interest keeps out of the enquiry; to the auditor of
        what they opened with a reason.
        """
        if not user.has(Role.MANAGER):
            enquiries: Any = self.model._meta.get_field("enquiry").related_model
            seen = enquiries.objects.visible_to(user)
            return self.filter(enquiry__in=seen) if user.has(Role.AUDITOR) else self.none()
        kept_out = ConflictBlock.objects.live().filter(enquiry=OuterRef("enquiry"), person=user)
        return self.filter(~Q(person=user) | Q(person__isnull=True)).filter(~Exists(kept_out))


class AccessProposal(models.Model):
    """What one proposes and a manager decides, another than they: whatever changes who sees an enquiry."""

    class Kind(models.TextChoices):
        RESTRICT = "restrict", "Restrict it"
        LET_IN = "let_in", "Let somebody in"
        LIFT = "lift", "Lift the restriction"
        UNBLOCK = "unblock", "End a conflict of interest"

    enquiry = models.ForeignKey("intake.Enquiry", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField()
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    agreed = models.BooleanField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = AccessProposalQuerySet.as_manager()

    class Meta:
        ordering = ("proposed_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("enquiry", "kind"),
                condition=Q(decided_at__isnull=True, person__isnull=True),
                name="proposal_for_all_waits_once",
            ),
            models.UniqueConstraint(
                fields=("enquiry", "kind", "person"),
                condition=Q(decided_at__isnull=True, person__isnull=False),
                name="proposal_for_a_person_waits_once",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("proposed_by")),
                name="nobody_decides_their_own_proposal",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("restrict", "lift"), person__isnull=True)
                | ~Q(kind__in=("restrict", "lift")) & Q(person__isnull=False),
                name="proposal_names_a_person_or_is_for_all",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.enquiry}"
