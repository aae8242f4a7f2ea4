import datetime
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.utils.timezone
import intake.lifecycle
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0004_messages_and_accounts_are_append_only"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="enquiry",
            name="enquiry_by_arrival",
        ),
        migrations.RemoveIndex(
            model_name="enquiry",
            name="enquiry_by_status",
        ),
        migrations.RemoveIndex(
            model_name="enquiry",
            name="enquiry_by_due",
        ),
        migrations.RemoveIndex(
            model_name="enquiry",
            name="enquiry_by_authority",
        ),
        migrations.RemoveIndex(
            model_name="enquiry",
            name="enquiry_by_owner",
        ),
        migrations.AddField(
            model_name="enquiry",
            name="arrived_at",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Coalesce(
                    models.F("received_at"),
                    models.Value(datetime.datetime(2200, 1, 1, 0, 0, tzinfo=datetime.UTC)),
                ),
                output_field=models.DateTimeField(),
            ),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="asked_types",
            field=models.CharField(default="", editable=False, max_length=300),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="band",
            field=models.CharField(
                choices=[("standard", "Standard"), ("high", "High"), ("urgent", "Urgent")],
                default="standard",
                editable=False,
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="band_override",
            field=models.CharField(
                blank=True,
                choices=[("standard", "Standard"), ("high", "High"), ("urgent", "Urgent")],
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="due_order",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(clock="running", then=models.F("due_at")),
                    default=models.Value(datetime.datetime(2200, 1, 1, 0, 0, tzinfo=datetime.UTC)),
                ),
                output_field=models.DateTimeField(),
            ),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="filing_order",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(
                        models.Q(
                            (
                                "status__in",
                                [
                                    intake.lifecycle.Status["ACCEPTED"],
                                    intake.lifecycle.Status["IN_TRIAGE"],
                                    intake.lifecycle.Status["INFORMATION_REQUESTED"],
                                    intake.lifecycle.Status["SUBMITTED"],
                                ],
                            ),
                            ("filing_date__isnull", False),
                        ),
                        then=models.F("filing_date"),
                    ),
                    default=models.Value(datetime.date(2200, 1, 1)),
                ),
                output_field=models.DateField(),
            ),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="found_by",
            field=models.TextField(default="", editable=False),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="is_open",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Q(
                    (
                        "status__in",
                        [
                            intake.lifecycle.Status["ACCEPTED"],
                            intake.lifecycle.Status["IN_TRIAGE"],
                            intake.lifecycle.Status["INFORMATION_REQUESTED"],
                            intake.lifecycle.Status["SUBMITTED"],
                        ],
                    )
                ),
                output_field=models.BooleanField(),
            ),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="override_reason",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="urgency",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="ranks_on",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="restricted",
            field=models.BooleanField(default=False, help_text="Only those on its access list see it."),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="risk_bits",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="sent_before",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="statutoryclock",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Not sorted yet"),
                    ("authority", "Binds the authority"),
                    ("controller", "Binds whoever holds the data"),
                    ("provider", "A term of a contract: ours"),
                ],
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="statutoryclock",
            name="starts_from",
            field=models.CharField(
                blank=True,
                default="",
                help_text="The fact of an enquiry with which it starts here, if any.",
                max_length=40,
            ),
        ),
        migrations.AlterField(
            model_name="accountevent",
            name="verb",
            field=models.CharField(
                choices=[
                    ("invited", "Invited"),
                    ("invited_again", "Invited again"),
                    ("changed", "Roles or team changed"),
                    ("retired", "Retired"),
                    ("brought_back", "Brought back"),
                    ("issued", "Case system issued"),
                    ("rotated", "New secret"),
                    ("client_retired", "Case system retired"),
                    ("assessor", "Assessor: what they bring and carry"),
                    ("coverage", "What the service covers"),
                    ("feed_made", "Calendar feed made"),
                    ("feed_revoked", "Calendar feed ended"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="notification",
            name="kind",
            field=models.CharField(
                choices=[
                    ("acknowledgement", "Enquiry received"),
                    ("transition", "Something moved"),
                    ("chaser", "Questions still open"),
                    ("continued", "Continued by a new enquiry"),
                    ("draft_ending", "Draft to be deleted"),
                    ("follow_up", "What became of it"),
                    ("reminder", "Something is due"),
                    ("file_refused", "A file was refused"),
                    ("message", "A message was written"),
                    ("oversight", "Something is asked of you"),
                    ("restriction", "Who may see an enquiry is to be decided"),
                ],
                max_length=30,
            ),
        ),
        migrations.AlterField(
            model_name="notification",
            name="to",
            field=models.CharField(
                choices=[
                    ("referrer", "referrer"),
                    ("owner", "owner"),
                    ("former_owner", "former owner"),
                    ("coordinator", "coordinator"),
                    ("service_lead", "service lead"),
                    ("assessor", "assessor"),
                    ("both_assessors", "both assessors"),
                    ("reviewer", "reviewer"),
                    ("manager", "manager"),
                    ("added_by", "who added it"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="pressing",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(
                        models.Q(
                            (
                                "status__in",
                                [
                                    intake.lifecycle.Status["ACCEPTED"],
                                    intake.lifecycle.Status["IN_TRIAGE"],
                                    intake.lifecycle.Status["INFORMATION_REQUESTED"],
                                    intake.lifecycle.Status["SUBMITTED"],
                                ],
                            )
                        ),
                        then=django.db.models.expressions.CombinedExpression(
                            models.Value(0), "-", models.F("urgency")
                        ),
                    ),
                    default=models.Value(1),
                ),
                output_field=models.IntegerField(),
            ),
        ),
        migrations.CreateModel(
            name="Access",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                (
                    "enquiry",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="intake.enquiry",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "access",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("enquiry", "person"),
                        name="person_is_listed_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AccessProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("restrict", "Restrict it"),
                            ("let_in", "Let somebody in"),
                            ("lift", "Lift the restriction"),
                            ("unblock", "End a conflict of interest"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField()),
                ("proposed_at", models.DateTimeField()),
                ("agreed", models.BooleanField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "enquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="intake.enquiry"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("proposed_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at__isnull", True), ("person__isnull", True)),
                        fields=("enquiry", "kind"),
                        name="proposal_for_all_waits_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at__isnull", True), ("person__isnull", False)),
                        fields=("enquiry", "kind", "person"),
                        name="proposal_for_a_person_waits_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_decides_their_own_proposal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ("restrict", "lift")), ("person__isnull", True)),
                            models.Q(
                                models.Q(("kind__in", ("restrict", "lift")), _negated=True),
                                ("person__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="proposal_names_a_person_or_is_for_all",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AssessmentHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True)),
                (
                    "valid_until",
                    models.DateField(blank=True, help_text="The last day on which it holds.", null=True),
                ),
                ("source", models.CharField(blank=True, max_length=400)),
                (
                    "verified",
                    models.CharField(
                        choices=[
                            ("verified", "Verified"),
                            ("part verified", "Part verified"),
                            ("unverified", "Unverified"),
                        ],
                        default="unverified",
                        max_length=20,
                    ),
                ),
                ("type", models.CharField(help_text="Code of an assessment type.", max_length=20)),
                ("hours", models.PositiveSmallIntegerField(help_text="In all, for one child.")),
                ("weeks", models.PositiveSmallIntegerField(help_text="Over so many weeks at the most.")),
                (
                    "skills",
                    models.JSONField(blank=True, default=list, help_text="Codes of skills; each is a must."),
                ),
                (
                    "bodies",
                    models.JSONField(blank=True, default=list, help_text="Registers of which one is a must."),
                ),
                (
                    "grade",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Level of the grade that may lead it."
                    ),
                ),
                (
                    "per_child",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Hours more for each further child."
                    ),
                ),
                (
                    "interpreter",
                    models.PositiveSmallIntegerField(default=0, help_text="Hours more with an interpreter."),
                ),
                (
                    "learning_disability",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Hours more where an adult has a learning disability."
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "assessment hours",
                "ordering": ("type", "valid_from"),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("type"), models.F("valid_from"), name="assessment_hours_start_once_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weeks__gt", 0)), name="assessment_takes_at_least_a_week"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConflictBlock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField()),
                (
                    "enquiry",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="intake.enquiry",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("enquiry", "person"),
                        name="person_is_blocked_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Flag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("reason", models.TextField()),
                ("review_on", models.DateField()),
                ("raised_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "enquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="flag_rows",
                        to="intake.enquiry",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("raised_at", "id"),
                "indexes": [
                    models.Index(
                        models.F("code"),
                        models.F("enquiry"),
                        condition=models.Q(("lifted_at__isnull", True)),
                        name="flag_by_code",
                    ),
                    models.Index(
                        models.F("review_on"),
                        condition=models.Q(("lifted_at__isnull", True)),
                        name="flag_by_review",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("enquiry", "code"),
                        name="flag_stands_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="flag_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Grade",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True)),
                (
                    "valid_until",
                    models.DateField(blank=True, help_text="The last day on which it holds.", null=True),
                ),
                ("source", models.CharField(blank=True, max_length=400)),
                (
                    "verified",
                    models.CharField(
                        choices=[
                            ("verified", "Verified"),
                            ("part verified", "Part verified"),
                            ("unverified", "Unverified"),
                        ],
                        default="unverified",
                        max_length=20,
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("label", models.CharField(max_length=80)),
                ("level", models.PositiveSmallIntegerField(help_text="0 is newly qualified.")),
                (
                    "share",
                    models.PositiveSmallIntegerField(default=100, help_text="Percent of the hours a week."),
                ),
            ],
            options={
                "ordering": ("level", "code", "valid_from"),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("code"), models.F("valid_from"), name="grade_starts_once_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("share__lte", 100)), name="grade_leaves_no_more_than_all_hours"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MatchWeight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True)),
                (
                    "valid_until",
                    models.DateField(blank=True, help_text="The last day on which it holds.", null=True),
                ),
                ("source", models.CharField(blank=True, max_length=400)),
                (
                    "verified",
                    models.CharField(
                        choices=[
                            ("verified", "Verified"),
                            ("part verified", "Part verified"),
                            ("unverified", "Unverified"),
                        ],
                        default="unverified",
                        max_length=20,
                    ),
                ),
                ("code", models.CharField(max_length=30)),
                ("points", models.SmallIntegerField(default=0)),
                (
                    "stops",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "No: it gives points"),
                            ("hard", "Yes, for everybody"),
                            ("manager", "Yes, a manager can override it with a reason"),
                        ],
                        max_length=10,
                    ),
                ),
                ("label", models.CharField(help_text="What it is, for who changes it.", max_length=120)),
            ],
            options={
                "ordering": ("code", "valid_from"),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("code"), models.F("valid_from"), name="match_weight_starts_once_a_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True)),
                (
                    "valid_until",
                    models.DateField(blank=True, help_text="The last day on which it holds.", null=True),
                ),
                ("source", models.CharField(blank=True, max_length=400)),
                (
                    "verified",
                    models.CharField(
                        choices=[
                            ("verified", "Verified"),
                            ("part verified", "Part verified"),
                            ("unverified", "Unverified"),
                        ],
                        default="unverified",
                        max_length=20,
                    ),
                ),
                ("code", models.CharField(max_length=30)),
                ("label", models.CharField(max_length=80)),
                (
                    "type",
                    models.CharField(
                        blank=True, help_text="Code of an assessment type; empty: all.", max_length=20
                    ),
                ),
                (
                    "before_filing",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="Working days before the report is filed.", null=True
                    ),
                ),
                (
                    "after_instruction",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Working days after the instruction; instead of the above.",
                        null=True,
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ("order", "code", "type", "valid_from"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("before_filing__isnull", True),
                            ("after_instruction__isnull", True),
                            _connector="OR",
                        ),
                        name="plan_step_is_counted_from_one_end",
                    ),
                    models.UniqueConstraint(
                        models.F("code"),
                        models.F("type"),
                        models.F("valid_from"),
                        name="plan_step_starts_once_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PostcodeArea",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True)),
                (
                    "valid_until",
                    models.DateField(blank=True, help_text="The last day on which it holds.", null=True),
                ),
                ("source", models.CharField(blank=True, max_length=400)),
                (
                    "verified",
                    models.CharField(
                        choices=[
                            ("verified", "Verified"),
                            ("part verified", "Part verified"),
                            ("unverified", "Unverified"),
                        ],
                        default="unverified",
                        max_length=20,
                    ),
                ),
                ("area", models.CharField(max_length=2, unique=True)),
                ("name", models.CharField(max_length=60)),
                ("nation", models.CharField(max_length=10)),
                ("latitude", models.FloatField()),
                ("longitude", models.FloatField()),
            ],
            options={
                "ordering": ("area",),
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seen_at", models.DateTimeField()),
                (
                    "enquiry",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="intake.enquiry",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(models.F("seen_at"), name="presence_by_moment")],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("enquiry"), models.F("user"), name="somebody_looks_once_at_an_enquiry"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PriorityWeight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "valid_until",
                    models.DateField(blank=True, help_text="The last day on which it holds.", null=True),
                ),
                ("source", models.CharField(blank=True, max_length=400)),
                (
                    "verified",
                    models.CharField(
                        choices=[
                            ("verified", "Verified"),
                            ("part verified", "Part verified"),
                            ("unverified", "Unverified"),
                        ],
                        default="unverified",
                        max_length=20,
                    ),
                ),
                (
                    "factor",
                    models.CharField(
                        choices=[
                            ("time", "Time"),
                            ("hearing", "Hearing"),
                            ("birth", "Birth"),
                            ("age", "Age"),
                            ("lane", "Lane"),
                            ("risk", "Risk"),
                            ("waiting", "Waiting"),
                            ("sent", "Sent"),
                            ("prompted", "Prompted"),
                            ("band", "Band"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        blank=True, help_text="Of the law, the risk or what prompted it.", max_length=40
                    ),
                ),
                (
                    "limit",
                    models.PositiveSmallIntegerField(default=0, help_text="Where the factor is a number."),
                ),
                ("points", models.PositiveSmallIntegerField(help_text="None puts the row out of force.")),
                ("label", models.CharField(help_text="What the reason says, in words.", max_length=80)),
                ("valid_from", models.DateField()),
            ],
            options={
                "ordering": ("factor", "code", "limit", "valid_from"),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("factor"),
                        models.F("code"),
                        models.F("limit"),
                        models.F("valid_from"),
                        name="weight_starts_once_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("points__lte", 999)), name="weight_is_below_a_band"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "subject",
                    models.CharField(help_text="A reference, or the number of a profile.", max_length=40),
                ),
                ("kind", models.CharField(max_length=30)),
                (
                    "stage",
                    models.CharField(
                        help_text="The day it is about, and how far it has come.", max_length=40
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ("at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("subject"), models.F("kind"), models.F("stage"), name="reminded_once_a_stage"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "of",
                    models.CharField(
                        choices=[("enquiries", "Enquiries"), ("referrals", "Referrals")], max_length=10
                    ),
                ),
                (
                    "query",
                    models.CharField(
                        blank=True, help_text="Known filters in a fixed order.", max_length=2000
                    ),
                ),
                ("shared", models.BooleanField(default=False)),
                (
                    "digest",
                    models.CharField(
                        choices=[
                            ("none", "No letter"),
                            ("daily", "Every working day"),
                            ("weekly", "Every week"),
                        ],
                        default="none",
                        max_length=10,
                    ),
                ),
                ("digest_from", models.DateField(blank=True, editable=False, null=True)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("position", "name", "id"),
                "indexes": [
                    models.Index(
                        models.F("shared"), condition=models.Q(("shared", True)), name="saved_view_shared"
                    ),
                    models.Index(
                        models.F("digest"),
                        models.F("id"),
                        condition=models.Q(("digest", "none"), _negated=True),
                        name="saved_view_with_digest",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("owner"), models.F("of"), models.F("name"), name="view_has_one_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("digest", "none"), ("digest_from__isnull", False), _connector="OR"
                        ),
                        name="digest_is_due_from_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("status", models.CharField(max_length=30)),
                ("owner", models.BigIntegerField(null=True)),
                ("number", models.IntegerField()),
            ],
            options={
                "verbose_name_plural": "tallies",
            },
        ),
        migrations.CreateModel(
            name="WeightsChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_name", models.CharField(help_text="As they were called then.", max_length=120)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("valid_from", models.DateField()),
                ("reason", models.TextField()),
                (
                    "changed",
                    models.JSONField(default=list, help_text="[factor, code, limit, label, before, after]."),
                ),
                ("spread_at", models.DateTimeField(help_text="When the round took it up.", null=True)),
                (
                    "moved",
                    models.PositiveIntegerField(
                        default=0, help_text="Open enquiries whose band it changed that day."
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="WorkTarget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True)),
                (
                    "valid_until",
                    models.DateField(blank=True, help_text="The last day on which it holds.", null=True),
                ),
                ("source", models.CharField(blank=True, max_length=400)),
                (
                    "verified",
                    models.CharField(
                        choices=[
                            ("verified", "Verified"),
                            ("part verified", "Part verified"),
                            ("unverified", "Unverified"),
                        ],
                        default="unverified",
                        max_length=20,
                    ),
                ),
                ("code", models.CharField(max_length=30)),
                ("label", models.CharField(max_length=120)),
                (
                    "type",
                    models.CharField(
                        blank=True, help_text="Code of an assessment type; empty: all.", max_length=20
                    ),
                ),
                (
                    "amount",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Empty: the longest weeks that the catalogue gives for the type.",
                        null=True,
                    ),
                ),
                ("unit", models.CharField(max_length=20)),
                ("beginning_with", models.BooleanField(default=False, help_text="The first day counts.")),
                (
                    "starts_from",
                    models.CharField(
                        blank=True,
                        help_text="received, offered, started, report_handed_in; empty: not yet.",
                        max_length=40,
                    ),
                ),
                (
                    "nation",
                    models.CharField(blank=True, help_text="Empty: England and Wales alike.", max_length=10),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ("code", "type", "nation", "valid_from"),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("code"),
                        models.F("type"),
                        models.F("nation"),
                        models.F("valid_from"),
                        name="work_target_starts_once_a_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DigestSent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("leased_until", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("message_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "view",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="digests",
                        to="intake.savedview",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "digests sent",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("view"), models.F("day"), name="view_has_one_digest_a_day"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(models.F("arrived_at"), models.F("id"), name="enquiry_by_arrival"),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(
                models.F("pressing"), models.F("due_order"), models.F("id"), name="enquiry_by_pressing"
            ),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(models.F("due_order"), models.F("id"), name="enquiry_by_due"),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(models.F("filing_order"), models.F("id"), name="enquiry_by_filing"),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(
                models.F("arrived_at"),
                models.F("id"),
                condition=models.Q(("is_open", True)),
                name="enquiry_open_by_arrival",
            ),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(
                models.F("updated_at"),
                models.F("id"),
                condition=models.Q(("is_open", True)),
                name="enquiry_open_by_change",
            ),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(
                models.F("pressing"),
                models.F("due_order"),
                models.F("id"),
                condition=models.Q(("is_open", True)),
                name="enquiry_open_by_pressing",
            ),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(
                models.F("due_order"),
                models.F("id"),
                condition=models.Q(("is_open", True)),
                name="enquiry_open_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(
                models.F("filing_order"),
                models.F("id"),
                condition=models.Q(("is_open", True)),
                name="enquiry_open_by_filing",
            ),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(
                models.F("status"), models.F("arrived_at"), models.F("id"), name="enquiry_by_status"
            ),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(
                models.F("authority"), models.F("arrived_at"), models.F("id"), name="enquiry_by_authority"
            ),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(
                models.F("owner"), models.F("arrived_at"), models.F("id"), name="enquiry_by_owner"
            ),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(
                models.F("owner"),
                models.F("pressing"),
                models.F("due_order"),
                models.F("id"),
                condition=models.Q(("is_open", True)),
                name="enquiry_open_by_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(
                models.F("filing_date"),
                models.F("id"),
                condition=models.Q(("filing_date__isnull", False)),
                name="enquiry_by_filing_date",
            ),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(
                models.F("arrived_at"),
                models.F("id"),
                condition=models.Q(("restricted", True)),
                name="enquiry_restricted",
            ),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(
                models.F("ranks_on"),
                models.F("id"),
                condition=models.Q(("is_open", True)),
                name="enquiry_by_rank_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="enquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("band_override", ""), models.Q(("override_reason", ""), _negated=True), _connector="OR"
                ),
                name="priority_is_set_with_a_reason",
            ),
        ),
    ]
