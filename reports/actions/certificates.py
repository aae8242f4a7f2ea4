"""A certificate of disposal: that something was destroyed, what and why, and not a word of what it said.

Made when somebody asks, from the line that stays; it is about no enquiry any more, and is not kept. The same line
always says the same, in either language.
"""

from django.utils import timezone
from django.utils.translation import gettext

from intake.models import Disposal, User
from reports.actions import documents
from reports.languages import name_of, speaking, spoken
from reports.summaries.blocks import Paper, Prose, Section, moment, pairs


def print_certificate(*, disposal: Disposal, by: User, language: str = "") -> bytes:
    """In the language that is asked for, or in that of whoever prints it."""
    with speaking(language or by.language):
        return documents.printed(certificate(disposal), by=by, now=timezone.now())


def certificate(disposal: Disposal) -> Paper:
    authority = name_of(disposal.authority)
    decided = disposal.by.name if disposal.by else gettext("The rule, without a person")
    return Paper(
        title=gettext("Certificate of disposal"),
        reference=disposal.number,
        audience=authority,
        language=spoken(),
        front=pairs(
            [
                (gettext("Number"), disposal.number),
                (gettext("Authority"), authority),
                (gettext("Class of record"), disposal.get_record_display()),
                (gettext("Reference of the record"), disposal.reference),
                (gettext("Destroyed"), moment(disposal.disposed_at)),
            ]
        ),
        sections=[
            Section(
                "Why",
                [
                    pairs(
                        [
                            (gettext("Reason"), disposal.get_rule_display()),
                            (gettext("Decided by"), decided),
                            (gettext("Last changed"), moment(disposal.last_changed_at)),
                            (gettext("Its author was told"), told(disposal)),
                        ]
                    ),
                    *rule(disposal),
                ],
            ),
            Section(
                "What was destroyed",
                [
                    Prose(
                        gettext(
                            "The draft with everybody in it, its files, what was promised about it, and the words by "
                            "which a search finds it. Backups lose it when they end."
                        ),
                        ours=True,
                    ),
                    pairs([(gettext("Files"), str(disposal.files)), (gettext("Mark"), disposal.digest)]),
                    Prose(
                        gettext(
                            "The mark is HMAC-SHA-256 of what it said, under a key of this installation. A copy that "
                            "turns up can be known by it again; what it said cannot be read from it."
                        ),
                        ours=True,
                    ),
                ],
            ),
        ],
        handling=[
            gettext("This certificate names nobody of the family. The record that it is about is gone."),
            gettext("Keep it with your account of what was destroyed, for as long as you keep that."),
        ],
    )


def told(disposal: Disposal) -> str:
    if disposal.told_at is None and disposal.rule == Disposal.Rule.LAST_DAY:
        return gettext("Nobody could be told: it had no address to write to")
    return moment(disposal.told_at)


def rule(disposal: Disposal) -> list[Prose]:
    """With its periods as they held then."""
    if disposal.rule != Disposal.Rule.LAST_DAY:
        return []
    words = gettext(
        "A draft that nobody changes is destroyed {days} days after its last change, and not before {notice} days "
        "after its author was told."
    )
    return [Prose(words.format(days=disposal.kept_days, notice=disposal.notice_days), ours=True)]
