"""Everything that a document or a letter says, as messages of the catalogue: drawn from the code itself."""

import ast
import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from intake import clocks, worklists
from intake.actions.reference import HUB
from intake.checks.missing_answers import PEOPLE
from intake.codes import Reference, read_reference
from intake.filters import CLOCKS
from intake.lifecycle import ENQUIRY, Role, Turn
from intake.models import Disposal, Enquiry, InformationRequest, Organisation, Risk, Webhook
from intake.models.flag import FLAGS
from intake.requirements import REQUIRED
from intake.weights import BANDS
from referrals import worklists as referral_lists
from referrals.lifecycle import REFERRAL
from referrals.models import Decision, Evidence, FollowUp, RiskOpinion
from reports.languages import APART
from reports.models import Document

BASE = Path(settings.BASE_DIR)
TEMPLATES = BASE / "templates"
FOLDER = TEMPLATES / "locale" / "cy" / "LC_MESSAGES"
LETTERS = TEMPLATES / "letters"
# The modules whose words reach a document or a letter.
MODULES = (
    "reports/summaries/*.py",
    "reports/figures/*.py",
    "reports/charts.py",
    "reports/letters.py",
    "reports/pages/accounts.py",
    "reports/actions/daily.py",
    "reports/actions/digests.py",
    "reports/actions/export_telling.py",
    "reports/actions/hooks.py",
    "reports/actions/improving.py",
    "reports/actions/invitations.py",
    "reports/actions/registrations.py",
    "reports/reminding.py",
    "reports/languages.py",
    "reports/actions/documents.py",
    "reports/actions/listing.py",
    "reports/actions/packs.py",
    "reports/actions/pack_letters.py",
    "reports/actions/certificates.py",
    "reports/pages/lists.py",
    "reports/api/lists.py",
    "reports/actions/printing.py",
    "reports/numbering.py",
    "referrals/verbs.py",
    "referrals/turnaround.py",
    "referrals/checklist.py",
    "referrals/court.py",
    "referrals/viewing.py",
    "referrals/pages/listing.py",
    "intake/pages/worklist.py",
    "intake/sorts.py",
    "intake/words.py",
)
# A template that is a document stands by itself; the parts it includes are found from it.
DOCUMENT = "<!DOCTYPE html>"
PARTS = TEMPLATES / "reports" / "blocks"
INCLUDED = re.compile(r'{% include "([^"]+)"')
# A mark, and how many words it has first. The title of a section is looked up when it is printed.
KEYWORDS = {"_": 1, "gettext": 1, "gettext_noop": 1, "ngettext": 2, "numbered": 2, "Section": 1}
# The names of people's choices that documents print.
CHOICES = (
    Document.Kind,
    Document.Audience,
    Risk.About,
    Decision.Outcome,
    InformationRequest.Outcome,
    RiskOpinion.Confidence,
    Evidence.State,
    FollowUp.Followed,
    FollowUp.Lives,
    Organisation.Nation,
    Webhook.Off,
    Enquiry.Kind,
    Disposal.Record,
    Disposal.Rule,
)
# Django's own Welsh spells it wrong.
PUT_RIGHT = ("July",)
PLACE = re.compile(r"\{(\w+)\}|%\((\w+)\)s")
VARIABLE = re.compile(r"{{ ?([\w.]+)")
HEAD = """\
# What documents and letters of Referral Desk say in Welsh. No Welsh speaker has reviewed the wording yet.
# Drawn by `manage.py draw_catalogue`, which keeps translations; docs/welsh.md says how to add one."""


class Welsh(Catalog):
    """With a head that says neither when it was drawn nor by which version of what: equal input, equal bytes."""

    mime_headers = [  # type: ignore[override]
        ("Project-Id-Version", "Referral Desk"),
        ("Language", "cy"),
        ("Plural-Forms", "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n==3 ? 3 : n==6 ? 4 : 5);"),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
    ]


Words = str | tuple[str, str]


def drawn(there: Catalog) -> Catalog:
    """The catalogue as the code is now, with the translations that are there."""
    found = Welsh(locale="cy", header_comment=HEAD, fuzzy=False)
    every: list[tuple[str | None, Words]] = [(None, words) for words in sorted(set(said()), key=str)]
    for context, words in every + list(APART):
        nothing = ("",) * found.num_plurals if isinstance(words, tuple) else ""
        old = there.get(words[0] if isinstance(words, tuple) else words, context)
        kept = old if old is not None and old.id == words else None
        found.add(
            words,
            kept.string if kept else nothing,
            flags=kept.flags & {"fuzzy"} if kept else (),
            context=context,
        )
    return found


def read() -> Catalog:
    path = FOLDER / "django.po"
    return read_po(io.BytesIO(path.read_bytes()) if path.exists() else io.BytesIO(), locale="cy")


def as_po(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_po(file, catalog, width=110, no_location=True, sort_output=True)
    return file.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


# --- What is said -------------------------------------------------------------------------------------------


def said() -> Iterator[Words]:
    for pattern in MODULES:
        for path in sorted(BASE.glob(pattern)):
            yield from marked(path.read_text(encoding="utf-8"))
    for path in documents():
        yield from marked_in_template(path.read_text(encoding="utf-8"))
    yield from PUT_RIGHT
    yield from listed(read_reference())


def marked(source: str) -> Iterator[Words]:
    """What stands in the code as a mark, also where one call stands in another."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (name := name_of(node)) in KEYWORDS:
            given = [arg.value for arg in node.args[: KEYWORDS[name]] if isinstance(arg, ast.Constant)]
            words = [value for value in given if isinstance(value, str)]
            if len(words) == KEYWORDS[name]:
                yield words[0] if len(words) == 1 else (words[0], words[1])


def name_of(call: ast.Call) -> str:
    return str(getattr(call.func, "id", "") or getattr(call.func, "attr", ""))


def marked_in_template(source: str) -> Iterator[Words]:
    """Its tags are laid out as the template is; what is read of it is Python."""
    lines = "\n".join(line.strip() for line in templatize(source).splitlines())
    for _, words, _, _ in extract("python", io.BytesIO(lines.encode()), options={"encoding": "utf-8"}):
        yield words if isinstance(words, str) else (words[0], words[1])


def documents() -> list[Path]:
    """The templates of documents, and what they are put together from."""
    found = set(PARTS.glob("*.html"))
    found |= {path for path in (TEMPLATES / "reports").rglob("*.html") if DOCUMENT in path.read_text()}
    waiting = list(found)
    while waiting:
        parts = {TEMPLATES / name for name in INCLUDED.findall(waiting.pop().read_text())} - found
        found |= parts
        waiting += parts
    return sorted(found)


def listed(shipped: Reference) -> Iterator[str]:
    """What documents take from lists and tables: looked up by itself, so it stands in no mark."""
    lists = code_lists()
    yield from (code.label for code in shipped.codes if code.list in lists)
    yield from (row.name for row in shipped.assessment_types)
    yield from (row.label for row in shipped.requirements)
    # What the work cannot start without stands in a list of its own, with whose it is.
    yield from (row.said for row in shipped.requirements if row.start == REQUIRED)
    yield from (row.label for row in shipped.plan_steps)
    yield from (row.label for row in shipped.work_targets)
    yield from (row.name for row in shipped.clocks)
    yield from (says for _, says in clocks.BESIDE.values())
    yield from (clocks.DECISION, "Not known", Role.SYSTEM.label, HUB["name"], *PEOPLE.values())
    # What a list on paper is of, and is filtered by.
    yield from (row.label for lists in (worklists.LISTS, referral_lists.LISTS) for row in lists.values())
    yield from (*BANDS.values(), *dict(CLOCKS).values(), Organisation.Kind.PUBLIC.label)
    yield from (row.region for row in shipped.authorities if row.region)
    for table in (ENQUIRY, REFERRAL):
        yield from (step.says for step in table.values() if step.says)
        yield from table.labels.values()
    yield from (turn.label for turn in Turn)
    for choices in CHOICES:
        yield from (str(label) for label in choices.labels)


def code_lists() -> set[str]:
    """The lists of codes that a summary or a figure names: the first argument of each `label` and `coded`."""
    found = {"spoken_language", FLAGS}
    for path in (*BASE.glob("reports/summaries/*.py"), *BASE.glob("reports/figures/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and name_of(node) in ("label", "coded") and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


# --- What is wrong with it ----------------------------------------------------------------------------------


def faults(catalog: Catalog) -> Iterator[str]:
    """Each message that lacks its Welsh, or whose places are not those of the English; each letter likewise."""
    for message in catalog:
        if message.id:
            yield from (f"{fault}: {message.id!r}" for fault in faults_of(message))
    for path in sorted(LETTERS.glob("*.txt")):
        yield from faults_of_letter(path)


def faults_of(message: Message) -> Iterator[str]:
    english = (message.id,) if isinstance(message.id, str) else message.id
    welsh = (message.string or "",) if isinstance(message.string, str | None) else message.string
    if not all(welsh):
        yield "not translated"
    elif message.fuzzy:
        yield "fuzzy"
    elif any(places(one) != places(english[-1]) for one in welsh):
        yield "other places than in English"


def places(text: str) -> set[str]:
    return {one or other for one, other in PLACE.findall(text)}


def faults_of_letter(path: Path) -> Iterator[str]:
    """A letter is written whole in each language; the Welsh one names the English that it is of by its hash."""
    welsh, mark = LETTERS / "cy" / path.name, letter_mark(path)
    if not welsh.exists():
        yield f"no Welsh letter: {path.name}"
        return
    words = welsh.read_text(encoding="utf-8")
    if variables(words) != variables(path.read_text(encoding="utf-8")):
        yield f"other places than in English: letters/cy/{path.name}"
    if mark not in words:
        yield f"the English has changed: read letters/cy/{path.name} through, then mark it {mark!r}"


def variables(letter: str) -> set[str]:
    """Its places, less what only a letter in Welsh says of itself."""
    return set(VARIABLE.findall(letter)) - {"words"}


def letter_mark(path: Path) -> str:
    return f"{{# of {hashlib.sha256(path.read_bytes()).hexdigest()[:12]} #}}"
