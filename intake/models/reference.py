"""Dated reference data: facts of the field, each with the days between which it holds, its source, its mark."""

from dataclasses import fields

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from intake import codes, requirements


class Dated(models.Model):
    """A fact that holds from one day until another, and says where it is from."""

    class Verified(models.TextChoices):
        YES = "verified", "Verified"
        PART = "part verified", "Part verified"
        NO = "unverified", "Unverified"

    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True, help_text="The last day on which it holds.")
    source = models.CharField(max_length=400, blank=True)
    verified = models.CharField(max_length=20, choices=Verified, default=Verified.NO)

    class Meta:
        abstract = True


class Code(Dated):
    """One code of one list."""

    list = models.CharField(max_length=40, db_index=True)
    code = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    hint = models.CharField(max_length=300, blank=True)
    group = models.CharField(max_length=80, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    exclusive = models.BooleanField(default=False, help_text="Stands alone.")
    selectable = models.BooleanField(default=True)
    nation = models.CharField(max_length=10, blank=True, help_text="Empty: England and Wales alike.")

    class Meta:
        ordering = ("list", "order", "code")
        constraints = (
            models.UniqueConstraint("list", "code", name="code_stands_once_in_its_list"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="code_does_not_end_before_it_begins",
            ),
        )

    def __str__(self) -> str:
        return f"{self.list}: {self.code} {self.label}"


class AssessmentType(Dated):
    """A kind of assessment from the catalogue."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    group = models.CharField(max_length=60)
    weeks_min = models.PositiveSmallIntegerField(null=True, blank=True)
    weeks_max = models.PositiveSmallIntegerField(null=True, blank=True)
    done_by = models.CharField(max_length=120, blank=True)
    needs = models.JSONField(
        default=list, blank=True, help_text="What it needs when it is asked for, in words."
    )
    gate = models.JSONField(default=list, blank=True, help_text="What must be there before work starts.")
    basis = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("group", "name")

    def __str__(self) -> str:
        return self.name


class Holiday(Dated):
    """A day on which offices of England and Wales are closed."""

    date = models.DateField(unique=True)
    title = models.CharField(max_length=80)
    nation = models.CharField(max_length=10, blank=True, help_text="Empty: England and Wales alike.")
    ours = models.BooleanField(
        default=False, help_text="Our office is closed; a limit that binds an authority counts the day."
    )

    class Meta:
        ordering = ("date",)

    def __str__(self) -> str:
        return f"{self.date} {self.title}"


class StatutoryClock(Dated):
    """A limit that binds the authority (or, marked so, a term of a contract); never one of our targets."""

    class Kind(models.TextChoices):
        UNKNOWN = "", "Not sorted yet"
        AUTHORITY = "authority", "Binds the authority"
        CONTROLLER = "controller", "Binds whoever holds the data"
        PROVIDER = "provider", "A term of a contract: ours"

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.UNKNOWN, blank=True)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=20)
    beginning_with = models.BooleanField(default=False, help_text="The first day counts.")
    rolls = models.BooleanField(default=False, help_text="Ends on the next working day.")
    starts = models.CharField(max_length=160)
    starts_from = models.CharField(
        max_length=40,
        default="",
        blank=True,
        help_text="The fact of an enquiry with which it starts here, if any.",
    )
    nation = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    def plain(self) -> codes.StatutoryClock:
        return codes.StatutoryClock(**{name: getattr(self, name) for name in codes.StatutoryClock.__slots__})


class Target(Dated):
    """What we promise: the decision within so many working days, received by the cut-off, done by closing."""

    code = models.CharField(max_length=30)
    nation = models.CharField(max_length=10)
    working_days = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    cut_off = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ("code", "nation", "valid_from")
        constraints = (
            models.UniqueConstraint("code", "nation", "valid_from", name="target_starts_once_a_day"),
            models.CheckConstraint(
                condition=Q(opens__lt=F("cut_off")) & Q(cut_off__lte=F("closes")),
                name="target_opens_then_cuts_off_then_closes",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.nation}: {self.working_days} working days"


class EmailDomain(Dated):
    """What an e-mail domain says of who writes; it never proves who they are."""

    domain = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=20)
    who = models.CharField(max_length=160)

    class Meta:
        ordering = ("domain",)

    def __str__(self) -> str:
        return self.domain


class EthnicGroup(models.Model):
    """Where an ethnicity code falls among the groups of the 2021 census; our own mapping."""

    code = models.CharField(max_length=4, unique=True)
    group = models.CharField(max_length=80)
    category = models.CharField(max_length=120)
    source = models.CharField(max_length=400, blank=True)
    verified = models.CharField(max_length=20, choices=Dated.Verified, default=Dated.Verified.NO)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class Requirement(Dated):
    """A fact that some assessment types need, and at which stages; what its members mean stands in
    `intake.requirements`."""

    class Level(models.TextChoices):
        NONE = "", "Not asked"
        EXPECTED = "expected", "Expected: named as missing"
        REQUIRED = "required", "Required"

    class Answer(models.TextChoices):
        NONE = "", "In a member of its own"
        TEXT = "text", "Text"
        DATE = "date", "Date"
        YES_NO = "yes_no", "Yes or no"

    class Sort(models.TextChoices):
        NONE = "", "Whoever sees the enquiry"
        HEALTH = "health", "Health"
        ALLEGATIONS = "allegations", "Allegations"

    code = models.CharField(max_length=60, unique=True)
    types = models.JSONField(default=list, help_text='Codes of assessment types, or ["*"] for all.')
    section = models.CharField(max_length=20)
    fact = models.CharField(max_length=200, blank=True, help_text="Where it stands in the body.")
    label = models.CharField(max_length=160)
    hint = models.CharField(max_length=300, blank=True)
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    intake = models.CharField(max_length=10, choices=Level, blank=True)
    acceptance = models.CharField(max_length=10, choices=Level, blank=True)
    start = models.CharField(max_length=10, choices=Level, blank=True)
    when = models.CharField(max_length=200, blank=True)
    nation = models.CharField(max_length=10, blank=True, help_text="Empty: England and Wales alike.")
    at = models.CharField(max_length=100, blank=True, help_text="Where a fault points, if elsewhere.")
    fault = models.CharField(max_length=40, blank=True, help_text="The code of the fault, if not required.")
    sentence = models.CharField(max_length=300, blank=True, help_text="What a refusal says.")
    in_words = models.CharField(max_length=300, blank=True, help_text="Where words answer it, not a member.")
    sensitive = models.CharField(max_length=12, choices=Sort, blank=True)
    traces = models.JSONField(default=list, blank=True, help_text="The catalogue's phrases it stands for.")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "code")
        constraints = (
            models.CheckConstraint(
                condition=~Q(fact="", in_words=""), name="requirement_has_a_place_or_words"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code}: {self.label}"

    def clean(self) -> None:
        """A row that cannot be read would stop every enquiry."""
        try:
            requirements.read_through(self.plain())
        except (KeyError, ValueError, TypeError) as fault:
            raise ValidationError(f"This requirement cannot be read: {fault}") from None

    def plain(self) -> requirements.Requirement:
        """The row as the rules read it."""
        members = {field.name: getattr(self, field.name) for field in fields(requirements.Requirement)}
        return requirements.Requirement(
            **members | {"types": tuple(self.types), "traces": tuple(self.traces)}
        )
