"""Organisations: authorities ask, the hub triages, assessment services assess; anybody asks at the public door."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from intake.lifecycle import Role

if TYPE_CHECKING:
    from intake.models.user import User


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def authorities(self) -> Self:
        return self.filter(kind=Organisation.Kind.AUTHORITY)

    def askers(self) -> Self:
        """Whoever enquiries come from: the authorities and the public door."""
        return self.filter(kind__in=(Organisation.Kind.AUTHORITY, Organisation.Kind.PUBLIC))

    def services(self) -> Self:
        return self.filter(kind=Organisation.Kind.SERVICE)

    def live(self, on: date) -> Self:
        """Those that exist on a day; an authority that was reorganised stays on its old cases."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on),
            Q(valid_until__isnull=True) | Q(valid_until__gte=on),
        )

    def visible_to(self, user: "User") -> Self:
        """Authorities are public knowledge; services are known to the hub and to themselves."""
        if not user.is_active:
            return self.none()
        if user.organisation.kind == Organisation.Kind.HUB:
            return self
        return self.filter(Q(kind=Organisation.Kind.AUTHORITY) | Q(pk=user.organisation_id))


class Organisation(models.Model):  # type: ignore[django-manager-missing]
    """An authority, the hub, an assessment service, or the public door, at which nobody signs in."""

    class Kind(models.TextChoices):
        AUTHORITY = "authority", "Local authority"
        HUB = "hub", "Triage team"
        SERVICE = "assessment_service", "Assessment service"
        PUBLIC = "public", "Public enquiries"

    class Nation(models.TextChoices):
        ENGLAND = "England"
        WALES = "Wales"

    kind = models.CharField(max_length=20, choices=Kind)
    code = models.SlugField(max_length=40, help_text="Authorities: the DfE's three digits.")
    name = models.CharField(max_length=120)
    official_name = models.CharField(max_length=160, blank=True)
    welsh_name = models.CharField(
        max_length=160, blank=True, help_text="Whole, as documents in Welsh say it."
    )
    welsh_verified = models.CharField(max_length=20, blank=True)
    nation = models.CharField(max_length=10, choices=Nation, blank=True)
    region = models.CharField(max_length=40, blank=True)
    type = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True, help_text="The team's mailbox.")
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True, help_text="The last day on which it is.")
    source = models.CharField(max_length=300, blank=True)
    verified = models.CharField(max_length=20, blank=True)
    webhooks_on = models.BooleanField(default=False, editable=False, help_text="One of its webhooks is live.")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint("kind", "code", name="organisation_has_one_code_of_its_kind"),
            models.CheckConstraint(
                condition=~Q(kind="authority") | ~Q(nation=""), name="authority_lies_in_a_nation"
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="organisation_does_not_end_before_it_begins",
            ),
        )

    def __str__(self) -> str:
        return self.name


ROLES_OF = {
    Organisation.Kind.AUTHORITY: frozenset({Role.REFERRER, Role.AUTHORITY_MANAGER, Role.API_CLIENT}),
    Organisation.Kind.HUB: frozenset(
        {Role.COORDINATOR, Role.MANAGER, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR, Role.SYSTEM}
    ),
    Organisation.Kind.SERVICE: frozenset({Role.SERVICE_LEAD, Role.ASSESSOR}),
    Organisation.Kind.PUBLIC: frozenset(),
}


class AuthorityCode(models.Model):
    """A code by which a register knows or knew an authority; closed authorities are here too, without a row."""

    class Scheme(models.TextChoices):
        GSS = "gss", "GSS (ONS)"
        DFE = "dfe", "DfE three digits"

    authority = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="codes")
    name = models.CharField(max_length=120, help_text="The authority as it was called.")
    scheme = models.CharField(max_length=3, choices=Scheme)
    code = models.CharField(max_length=9)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True, help_text="The last day on which it holds.")

    class Meta:
        ordering = ("scheme", "code", "valid_from")
        constraints = (
            models.UniqueConstraint("name", "scheme", "code", name="authority_has_each_code_once"),
        )

    def __str__(self) -> str:
        return f"{self.scheme} {self.code}"


class Reorganisation(models.Model):
    """A change of the map of authorities: never rewritten on an old case."""

    date = models.DateField()
    old = models.CharField(max_length=200)
    new = models.CharField(max_length=200)
    source = models.CharField(max_length=300, blank=True)
    verified = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ("date", "old")
        constraints = (models.UniqueConstraint("date", "old", name="reorganisation_stands_once"),)

    def __str__(self) -> str:
        return f"{self.date} {self.old}"


class DeliveryBody(models.Model):
    """A trust or company through which an authority delivers; the duty stays with the authority."""

    authority = models.ForeignKey(Organisation, models.CASCADE, related_name="delivery_bodies")
    name = models.CharField(max_length=120)
    email_domain = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)
    verified = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name_plural = "delivery bodies"
        constraints = (models.UniqueConstraint("authority", "name", name="delivery_body_stands_once"),)

    def __str__(self) -> str:
        return self.name
