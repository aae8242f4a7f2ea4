import django.db.models.deletion
import referrals.lifecycle
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0005_triage_whole"),
        ("intake", "__first__"),
        ("referrals", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="allocation",
            name="referral_has_one_live_lead",
        ),
        migrations.RemoveIndex(
            model_name="referral",
            name="referral_by_status",
        ),
        migrations.AddField(
            model_name="allocation",
            name="part",
            field=models.CharField(
                choices=[("lead", "Lead"), ("co_worker", "Co-worker")], default="lead", max_length=10
            ),
        ),
        migrations.AddField(
            model_name="assessor",
            name="base_area",
            field=models.CharField(
                blank=True, help_text="Letters of the postcode they work from.", max_length=2
            ),
        ),
        migrations.AddField(
            model_name="assessor",
            name="ends_on",
            field=models.DateField(blank=True, help_text="Their last day with the service.", null=True),
        ),
        migrations.AddField(
            model_name="assessor",
            name="grade",
            field=models.CharField(default="EXPERIENCED", max_length=40),
        ),
        migrations.AddField(
            model_name="assessor",
            name="hours",
            field=models.PositiveSmallIntegerField(default=30, help_text="A week, for assessments."),
        ),
        migrations.AddField(
            model_name="assessor",
            name="languages",
            field=models.JSONField(blank=True, default=list, help_text="Codes of spoken languages."),
        ),
        migrations.AddField(
            model_name="assessor",
            name="registration_body",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="assessor",
            name="registration_number",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="assessor",
            name="registration_until",
            field=models.DateField(blank=True, help_text="The last day on which it holds.", null=True),
        ),
        migrations.AddField(
            model_name="challenge",
            name="enquiry",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)s_rows",
                to="intake.enquiry",
            ),
        ),
        migrations.AddField(
            model_name="conflict",
            name="kind",
            field=models.CharField(default="OTHER", max_length=40),
        ),
        migrations.AddField(
            model_name="conflict",
            name="said_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="conflict",
            name="valid_from",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="conflict",
            name="valid_until",
            field=models.DateField(blank=True, help_text="The last day on which it holds.", null=True),
        ),
        migrations.AddField(
            model_name="coverage",
            name="age_from",
            field=models.PositiveSmallIntegerField(default=0, help_text="In years; an unborn child is 0."),
        ),
        migrations.AddField(
            model_name="coverage",
            name="age_to",
            field=models.PositiveSmallIntegerField(default=25, help_text="In completed years."),
        ),
        migrations.AddField(
            model_name="coverage",
            name="languages",
            field=models.JSONField(blank=True, default=list, help_text="Codes of spoken languages."),
        ),
        migrations.AddField(
            model_name="decision",
            name="conflict",
            field=models.CharField(
                blank=True, choices=[("none", "None known"), ("declared", "Declared")], max_length=10
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="conflict_handled",
            field=models.TextField(blank=True, help_text="What was done about it."),
        ),
        migrations.AddField(
            model_name="decision",
            name="conflict_with",
            field=models.CharField(blank=True, help_text="About whom it was declared.", max_length=200),
        ),
        migrations.AddField(
            model_name="decision",
            name="forecast",
            field=models.CharField(blank=True, help_text="The forecast it was decided on.", max_length=200),
        ),
        migrations.AddField(
            model_name="decision",
            name="late_reason",
            field=models.TextField(blank=True, help_text="Why it is accepted though the forecast is late."),
        ),
        migrations.AddField(
            model_name="decision",
            name="proposed_by",
            field=models.ForeignKey(
                blank=True,
                help_text="With a second look.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="undone_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="defect",
            name="judged_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="defect",
            name="mended",
            field=models.BooleanField(blank=True, help_text="Empty: not looked at again yet.", null=True),
        ),
        migrations.AddField(
            model_name="evidence",
            name="asked_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="evidence",
            name="chased",
            field=models.PositiveSmallIntegerField(default=0, help_text="How often they were asked again."),
        ),
        migrations.AddField(
            model_name="evidence",
            name="chased_on",
            field=models.DateField(blank=True, help_text="When they were last asked again.", null=True),
        ),
        migrations.AddField(
            model_name="evidence",
            name="received_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="offer",
            name="suggested",
            field=models.ForeignKey(
                blank=True,
                help_text="Who we think could lead it.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="co_worker",
            field=models.ForeignKey(
                blank=True,
                help_text="Beside the lead.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="beside",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="hours",
            field=models.PositiveSmallIntegerField(
                blank=True, help_text="Allowed for it, as counted when it was offered.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="assessor",
            name="capacity",
            field=models.PositiveSmallIntegerField(
                default=12, help_text="Open referrals at the most, however few their hours."
            ),
        ),
        migrations.AlterField(
            model_name="challenge",
            name="referral",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)s_rows",
                to="referrals.referral",
            ),
        ),
        migrations.AlterField(
            model_name="conflict",
            name="enquiry_reference",
            field=models.CharField(
                blank=True,
                help_text="Of an enquiry about the family: it holds for all of them.",
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="conflict",
            name="reason",
            field=models.TextField(help_text="For the hub; where placing is stopped only the kind is said."),
        ),
        migrations.AddField(
            model_name="referral",
            name="is_open",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Q(
                    (
                        "status__in",
                        [
                            referrals.lifecycle.Status["ALLOCATED"],
                            referrals.lifecycle.Status["DELIVERED"],
                            referrals.lifecycle.Status["IN_PROGRESS"],
                            referrals.lifecycle.Status["IN_REVIEW"],
                            referrals.lifecycle.Status["OFFERED"],
                            referrals.lifecycle.Status["PAUSED"],
                            referrals.lifecycle.Status["WAITING"],
                        ],
                    )
                ),
                output_field=models.BooleanField(),
            ),
        ),
        migrations.CreateModel(
            name="Addendum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(help_text="The addenda of one referral, from 1."),
                ),
                ("questions", models.JSONField(default=list)),
                ("needed_by", models.DateField()),
                ("asked_at", models.DateTimeField()),
                ("delivered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "met",
                    models.BooleanField(
                        blank=True, help_text="Delivered by the day it was needed.", null=True
                    ),
                ),
                (
                    "adds_to",
                    models.ForeignKey(
                        help_text="The report before it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="intake.attachment",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="referrals.referral",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="intake.attachment",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "addenda",
                "ordering": ("number",),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("referral"), models.F("number"), name="addendum_has_its_own_number"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("delivered_at__isnull", True)),
                        fields=("referral",),
                        name="referral_has_one_open_addendum",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BulkRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uid",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, help_text="Its name in addresses.", unique=True
                    ),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "asked_at",
                    models.DateTimeField(blank=True, help_text="When somebody said: do it.", null=True),
                ),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("why_given_up", models.CharField(blank=True, max_length=200)),
                ("lease", models.UUIDField(blank=True, null=True)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("assign", "Assign"),
                            ("offer", "Offer"),
                            ("flag", "Flag"),
                            ("export", "Export"),
                        ],
                        max_length=10,
                    ),
                ),
                ("arguments", models.JSONField(blank=True, default=dict)),
                (
                    "query",
                    models.TextField(
                        blank=True, help_text="Of all that matched; empty for rows that were ticked."
                    ),
                ),
                ("fingerprint", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-made_at", "-id"),
                "indexes": [
                    models.Index(
                        models.F("asked_at"),
                        condition=models.Q(("asked_at__isnull", False), ("finished_at__isnull", True)),
                        name="bulk_unfinished",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DriftRule",
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
                ("days", models.PositiveSmallIntegerField()),
            ],
            options={
                "ordering": ("code", "valid_from"),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("code"), models.F("valid_from"), name="drift_rule_starts_once_a_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Feed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "whose",
                    models.CharField(
                        choices=[("service", "All work of the service"), ("assessor", "Your own work")],
                        max_length=10,
                    ),
                ),
                ("secret_hash", models.CharField(editable=False, max_length=64)),
                (
                    "key_hash",
                    models.CharField(editable=False, help_text="Of the key in its address.", max_length=64),
                ),
                ("made_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("fetched_at", models.DateTimeField(blank=True, help_text="To the hour.", null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="feeds",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-made_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("owner", "whose"),
                        name="feed_is_live_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(help_text="The follow-ups of one referral, from 1."),
                ),
                (
                    "months",
                    models.PositiveSmallIntegerField(help_text="About so many months after it was closed."),
                ),
                ("due_on", models.DateField()),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("outcome_code", models.CharField(blank=True, max_length=40)),
                ("text", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "dropped_at",
                    models.DateTimeField(blank=True, help_text="The referral was reopened.", null=True),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="referrals.referral",
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
                "indexes": [
                    models.Index(
                        models.F("due_on"),
                        models.F("id"),
                        condition=models.Q(
                            ("answered_at__isnull", True),
                            ("asked_at__isnull", True),
                            ("dropped_at__isnull", True),
                        ),
                        name="follow_up_to_ask",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("referral"), models.F("number"), name="follow_up_has_its_own_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at__isnull", True),
                            models.Q(("outcome_code", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="answered_follow_up_has_an_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Leave",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(default="PLANNED", max_length=40)),
                ("first", models.DateField()),
                ("last", models.DateField()),
                (
                    "assessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_rows",
                        to="referrals.assessor",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "leave",
                "ordering": ("first", "id"),
                "indexes": [models.Index(models.F("last"), name="leave_by_last_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last__gte", models.F("first"))),
                        name="leave_does_not_end_before_it_begins",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OversightEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("decision", models.TextField(blank=True)),
                ("action", models.TextField(blank=True)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("entered_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.TextField(blank=True)),
                (
                    "challenge",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entry",
                        to="referrals.challenge",
                    ),
                ),
                (
                    "done_by",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="intake.enquiry",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="referrals.referral",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "oversight entries",
                "ordering": ("entered_at", "id"),
                "indexes": [
                    models.Index(
                        models.F("due_on"),
                        models.F("id"),
                        condition=models.Q(("done_at__isnull", True), ("due_on__isnull", False)),
                        name="oversight_to_do",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", ""), _negated=True),
                            ("challenge__isnull", False),
                            _connector="OR",
                        ),
                        name="oversight_decides_or_challenges",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("action", ""), ("due_on__isnull", True), ("owner__isnull", True)),
                            models.Q(
                                models.Q(("action", ""), _negated=True),
                                ("due_on__isnull", False),
                                ("owner__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="oversight_action_has_owner_and_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uid",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, help_text="Its name in addresses.", unique=True
                    ),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "asked_at",
                    models.DateTimeField(blank=True, help_text="When somebody said: do it.", null=True),
                ),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("why_given_up", models.CharField(blank=True, max_length=200)),
                ("lease", models.UUIDField(blank=True, null=True)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "query",
                    models.TextField(blank=True, help_text="Which of the waiting referrals; empty for all."),
                ),
                ("total", models.PositiveIntegerField(default=0)),
                ("solved_at", models.DateTimeField(blank=True, null=True)),
                ("input_hash", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "figures",
                    models.JSONField(
                        blank=True, default=dict, help_text="Seconds, score, gap, and best-first's."
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-made_at", "-id"),
                "indexes": [
                    models.Index(
                        models.F("asked_at"),
                        condition=models.Q(("asked_at__isnull", False), ("finished_at__isnull", True)),
                        name="plan_unfinished",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(help_text="The reviews of one referral, from 1."),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("sent_back", "Sent back"), ("delivered", "Delivered")], max_length=10
                    ),
                ),
                ("grade", models.CharField(blank=True, max_length=40)),
                (
                    "missed_why",
                    models.TextField(
                        blank=True, help_text="Why the report came after the day it was needed."
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="referrals.referral",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="intake.attachment",
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("referral"), models.F("number"), name="review_has_its_own_number"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskOpinion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("child", "Risk to the child"),
                            ("worker", "Risk to the worker"),
                            ("contact", "Safety of contact"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "first_level",
                    models.CharField(
                        blank=True, help_text="As it was rated when this was asked.", max_length=20
                    ),
                ),
                ("question", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("level", models.CharField(blank=True, max_length=20)),
                ("evidence_for", models.TextField(blank=True)),
                ("evidence_against", models.TextField(blank=True)),
                (
                    "confidence",
                    models.CharField(
                        blank=True,
                        choices=[("high", "High"), ("medium", "Medium"), ("low", "Low")],
                        max_length=10,
                    ),
                ),
                ("given_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "enquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risk_opinions",
                        to="intake.enquiry",
                    ),
                ),
            ],
            options={
                "ordering": ("asked_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("given_at__isnull", True)),
                        fields=("enquiry", "about", "asked_of"),
                        name="opinion_is_asked_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("asked_by", models.F("asked_of")), _negated=True),
                        name="nobody_seconds_themselves",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("given_at__isnull", True),
                            models.Q(
                                models.Q(("level", ""), _negated=True),
                                models.Q(("evidence_for", ""), _negated=True),
                                models.Q(("evidence_against", ""), _negated=True),
                                models.Q(("confidence", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="opinion_weighs_both_sides",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SecondLook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("transition", models.CharField(max_length=20)),
                ("facts", models.JSONField(help_text="What the decision is made with, as it was proposed.")),
                (
                    "reasons",
                    models.JSONField(help_text="In which the rating and the facts disagree, in words."),
                ),
                ("proposed_at", models.DateTimeField()),
                ("sequence", models.PositiveIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("confirmed", "Confirmed"),
                            ("returned", "Returned"),
                            ("overtaken", "Overtaken by a change"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="second_looks",
                        to="intake.enquiry",
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
                        condition=models.Q(("outcome", "")),
                        fields=("enquiry",),
                        name="one_second_look_waits_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "confirmed"), _negated=True),
                            models.Q(("answered_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_confirms_their_own_decision",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "returned"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="returned_decision_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Skill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("valid_from", models.DateField(blank=True, null=True)),
                (
                    "valid_until",
                    models.DateField(blank=True, help_text="The last day on which it holds.", null=True),
                ),
                (
                    "assessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_rows",
                        to="referrals.assessor",
                    ),
                ),
            ],
            options={
                "ordering": ("code", "valid_from", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from__isnull", True),
                            ("valid_until__isnull", True),
                            ("valid_until__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="skill_does_not_end_before_it_begins",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(help_text="The visits of one referral, from 1.")),
                ("kind", models.CharField(max_length=40)),
                ("planned_at", models.DateTimeField(help_text="When it is to begin.")),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="How long it was, with the way.", null=True
                    ),
                ),
                ("done_on", models.DateField(blank=True, null=True)),
                ("note", models.TextField(blank=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_why", models.TextField(blank=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_rows",
                        to="referrals.referral",
                    ),
                ),
            ],
            options={
                "ordering": ("planned_at", "id"),
                "indexes": [
                    models.Index(
                        models.F("planned_at"),
                        condition=models.Q(("cancelled_at__isnull", True), ("done_on__isnull", True)),
                        name="visit_still_planned",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("referral"), models.F("number"), name="visit_has_its_own_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_on__isnull", True), ("cancelled_at__isnull", True), _connector="OR"
                        ),
                        name="visit_is_done_or_cancelled_not_both",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cancelled_at__isnull", True),
                            models.Q(("cancelled_why", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="cancelled_visit_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_on__isnull", True), ("made_by__isnull", False), _connector="OR"
                        ),
                        name="visit_done_says_by_whom",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BulkRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("reference", models.CharField(help_text="As it was chosen.", max_length=16)),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=0, help_text="Of what it is done to, at the preview."
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("ready", "Can be done"),
                            ("left", "Left out"),
                            ("done", "Done"),
                            ("refused", "Refused"),
                        ],
                        max_length=10,
                    ),
                ),
                ("says", models.TextField(blank=True, help_text="What will happen, did happen, or why not.")),
                (
                    "enquiry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="intake.enquiry",
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="referrals.referral",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="referrals.bulkrun",
                    ),
                ),
            ],
            options={
                "ordering": ("run", "number"),
                "constraints": [
                    models.UniqueConstraint(models.F("run"), models.F("number"), name="bulk_row_stands_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("criterion", models.CharField(max_length=40)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("met", "Met"),
                            ("not_met", "Not met"),
                            ("not_applicable", "Does not apply"),
                        ],
                        max_length=15,
                    ),
                ),
                ("comment", models.TextField(blank=True)),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="referrals.review",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("review"), models.F("criterion"), name="criterion_is_judged_once_in_a_review"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verdict", "met"), models.Q(("comment", ""), _negated=True), _connector="OR"
                        ),
                        name="criterion_not_met_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Met",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("alone", models.BooleanField(blank=True, null=True)),
                ("views", models.TextField(blank=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="intake.person"
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="met_rows",
                        to="referrals.visit",
                    ),
                ),
            ],
            options={
                "ordering": ("person__part", "person__position"),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("visit"), models.F("person"), name="person_is_met_once_on_a_visit"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("version", models.PositiveIntegerField(help_text="Of the referral when it was read.")),
                ("hours", models.PositiveSmallIntegerField()),
                ("band", models.CharField(max_length=10)),
                ("total", models.IntegerField(default=0, help_text="The sum of the points.")),
                ("points", models.JSONField(blank=True, default=list, help_text="[{text, points}]")),
                (
                    "cost",
                    models.IntegerField(
                        default=0, help_text="Points lost against the best there was for it alone."
                    ),
                ),
                ("forecast", models.TextField(blank=True)),
                ("before", models.TextField(blank=True, help_text="How it stood: waiting since, needed by.")),
                ("says", models.TextField(blank=True, help_text="The move, or why it could not be placed.")),
                ("code", models.CharField(blank=True, help_text="Why not, to count by.", max_length=30)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("unplaced", "Not placed"),
                            ("asked", "Being offered"),
                            ("done", "Offered"),
                            ("refused", "Changed meanwhile"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reply_by", models.DateField(blank=True, help_text="Of the offer asked for.", null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "assessor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="referrals.referral"
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="intake.organisation",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="referrals.planrun",
                    ),
                ),
            ],
            options={
                "ordering": ("run", "number"),
                "indexes": [
                    models.Index(
                        models.F("run"), models.F("outcome"), models.F("number"), name="plan_row_by_outcome"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(models.F("run"), models.F("number"), name="plan_row_stands_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="defect",
            name="review",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="defects",
                to="referrals.review",
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(models.F("created_at"), models.F("id"), name="referral_by_arrival"),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                models.F("created_at"),
                models.F("id"),
                condition=models.Q(("is_open", True)),
                name="referral_open_by_arrival",
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                models.F("status"), models.F("created_at"), models.F("id"), name="referral_by_status"
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                models.F("service"),
                models.F("created_at"),
                models.F("id"),
                name="referral_by_service_arrival",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)),
                fields=("referral", "part"),
                name="referral_has_one_live_lead_and_co_worker",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("registration_number", ""),
                    models.Q(("registration_body", ""), _negated=True),
                    _connector="OR",
                ),
                name="registration_number_is_of_a_body",
            ),
        ),
        migrations.AddConstraint(
            model_name="conflict",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from__isnull", True),
                    ("valid_until__isnull", True),
                    ("valid_until__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="conflict_does_not_end_before_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="coverage",
            constraint=models.CheckConstraint(
                condition=models.Q(("age_from__lte", models.F("age_to"))),
                name="coverage_ends_at_a_later_age_than_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("conflict", "declared"), _negated=True),
                    models.Q(
                        models.Q(("conflict_with", ""), _negated=True),
                        models.Q(("conflict_handled", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="declared_conflict_says_about_whom_and_what_was_done",
            ),
        ),
    ]
