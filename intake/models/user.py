"""People and machines that act: one organisation each, one or more roles in it."""

from functools import cached_property
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from oauth2_provider.models import AbstractApplication

from intake.lifecycle import Role
from intake.models.organisation import Organisation
from intake.words import Language


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def with_role(self, role: Role) -> Self:
        return self.filter(role_grants__role=role)

    def team_of(self, user: "User") -> Self:
        """Who works in this person's team, of the same organisation; without a team, nobody."""
        if not user.team:
            return self.none()
        return self.filter(organisation_id=user.organisation_id, team=user.team)

    def visible_to(self, user: "User") -> Self:
        """One's own organisation; the hub knows the people it works with."""
        if user.organisation.kind == Organisation.Kind.HUB:
            return self
        return self.filter(organisation_id=user.organisation_id)


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> UserQuerySet:
        """With what every question of rights asks for."""
        rows: UserQuerySet = super().get_queryset()
        return rows.select_related("organisation").prefetch_related("role_grants")

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user: User = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def system(self) -> "User":
        """Who acts when the calendar does."""
        user: User = self.select_related("organisation").get(kind=User.Kind.SYSTEM)
        return user

    def public_door(self) -> "User":
        """Who writes down what somebody asks without signing in."""
        user: User = self.get(kind=User.Kind.MACHINE, organisation__kind=Organisation.Kind.PUBLIC)
        return user


class User(AbstractBaseUser):  # type: ignore[django-manager-missing]
    """A person who signs in, a case system's account, or the system itself."""

    class Kind(models.TextChoices):
        PERSON = "person", "Person"
        MACHINE = "machine", "Case system"
        SYSTEM = "system", "The system"

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PERSON)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=120, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="people")
    team = models.CharField(max_length=120, blank=True, help_text="Those of one team share their drafts.")
    language = models.CharField(
        max_length=2,
        choices=Language,
        default=Language.ENGLISH,
        help_text="Of papers and letters that are about no one enquiry.",
    )
    is_active = models.BooleanField(default=True)
    invited_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When the letter with the link to set a password went out.
    invitation_sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(Lower("email"), name="email_belongs_to_one_person"),
            models.UniqueConstraint(
                fields=("kind",), condition=Q(kind="system"), name="there_is_one_system_account"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @cached_property
    def roles(self) -> frozenset[Role]:
        """What they may be today; a retired account is nothing."""
        if not self.is_active:
            return frozenset()
        if self.kind == User.Kind.MACHINE:
            return frozenset({Role.API_CLIENT})
        if self.kind == User.Kind.SYSTEM:
            return frozenset({Role.SYSTEM})
        return frozenset(Role(grant.role) for grant in self.role_grants.all())

    def shares_a_team_with(self, author_id: int) -> bool:
        mates: UserQuerySet = User.objects.team_of(self)
        return mates.filter(pk=author_id).exists()

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)

    # Django's admin holds reference data and people, no case: for administrators.
    @property
    def is_staff(self) -> bool:
        return self.has(Role.ADMINISTRATOR)

    @property
    def is_superuser(self) -> bool:
        return False

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_staff

    def has_perms(self, perms: list[str], obj: object = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class RoleGrant(models.Model):
    """A role a person holds: who gave it, and when."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=20, choices=Role.pairs())
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("role",)
        constraints = (models.UniqueConstraint("user", "role", name="role_is_held_once"),)

    def __str__(self) -> str:
        return Role(self.role).label


class ApiClient(AbstractApplication):  # type: ignore[misc]
    """A case system of one organisation; it acts as an account of its own that nobody can sign in with."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="api_clients")
    allowed_scopes = models.CharField(max_length=200, help_text="Separated by spaces.")
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(AbstractApplication.Meta):  # type: ignore[misc]
        constraints = (
            models.CheckConstraint(
                condition=Q(authorization_grant_type="client-credentials"),
                name="api_client_uses_client_credentials",
            ),
        )

    def __str__(self) -> str:
        return str(self.name)
