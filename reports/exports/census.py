"""The children of one authority and one census year in the shape of the DfE's CIN census: a help, and not the return.

A zip: `cin.xml`, `would_fail.csv` with what the census' own checks would refuse, and `README.txt` with what is left out
and why. We know a child from an enquiry, not from the authority's case: its referral, need and closure are not ours to
say. Element names, their order and the rules: the Department's schema of 2024 with what came after it (`Sex`, the group
for pre-proceedings and FGDM), as a validator of its users has them; tests/reports/census_shape.py holds the table.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import IO, Any
from xml.sax.saxutils import XMLGenerator

from django.utils import timezone

from intake.identifiers import upn
from intake.importing.replies import safe
from intake.models import Enquiry, Event, Organisation, Person, User, book
from referrals.models import Referral
from reports.exports.reading import BATCH, After
from reports.exports.tables import MARK, UNWRITABLE
from reports.models import Export, ExportRow

# A child and family assessment on behalf of the authority is one of the census; our others are not.
COUNTED = "CAF"
STARTED, SIGNED_OFF = "referral.start", "referral.deliver"
# Children of whom the anonymised preliminary enquiries speak have no name and no number.
KINDS = (Enquiry.Kind.REFERRAL, Enquiry.Kind.INSTRUCTION)
NO_MOMENT = (1980, 1, 1, 0, 0, 0)
LEFT_OUT = """What is left out, because an enquiry does not say it:
  FormerUPN, PersonDeathDate, GenderIdentity
  CINreferralDate, ReferralSource, PrimaryNeedCode, ReferralNFA, CINclosureDate, ReasonForClosure:
    of the authority's own referral and case
  DateOfInitialCPC, Section47, ChildProtectionPlans, CINPlanDates, Reviews
  AssessmentInternalReviewDate, AssessmentFactors
  PPStartDate, FGDMMeetingOffer, FGDMMeetingFac, InitialPPMeetingDate, ReviewMeetingsCount, StepDecisionDate,
    PPOutcome, LetterInitCPDate

What is in it:
  of each child: LAchildID, UPN or UPNunknown, PersonBirthDate or ExpectedPersonBirthDate, Sex, Ethnicity, Disabilities
  of each child and family assessment that we did for the authority: when it was begun, when it was signed off
  LBPSentDate and CourtAppDate, where the enquiry says them
"""


@dataclass
class Child:
    """One child, from all the enquiries in which the authority gave the same number."""

    people: Sequence[Person]
    assessments: list[tuple[date | None, date | None]] = field(default_factory=list)

    @property
    def newest(self) -> Person:
        """As the authority described them last."""
        return self.people[-1]


def span_of(year: int) -> tuple[date, date]:
    """A census year ends on 31 March of the year it is named after."""
    return date(year - 1, 4, 1), date(year, 3, 31)


def write(export: Export, authority: Organisation, year: int, by: User, file: IO[bytes], after: After) -> int:
    """The zip; how many children are in it."""
    fails, number = io.StringIO(newline=""), 0
    failing = csv.writer(fails)
    failing.writerow(("authority_child_id", "enquiry", "rule", "what"))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        with made.open(zipfile.ZipInfo("cin.xml", NO_MOMENT), "w", force_zip64=True) as out:
            xml = Writer(out)
            xml.begin(authority, year, timezone.now())
            for child in children(export, by, after):
                number += 1
                xml.child(child)
                failing.writerows([safe(text) for text in line] for line in faults(child, year))
            xml.end()
        made.writestr(zipfile.ZipInfo("would_fail.csv", NO_MOMENT), (MARK + fails.getvalue()).encode())
        made.writestr(zipfile.ZipInfo("README.txt", NO_MOMENT), readme(authority, year, number))
    return number


def readme(authority: Organisation, year: int, number: int) -> str:
    first, last = span_of(year)
    return (
        f"Children of {authority.name} ({authority.code}) whose enquiries came from {first:%d %B %Y} to "
        f"{last:%d %B %Y}: {number:,}.\n\nThis is a help for the authority's own return of the children in need "
        f"census, and not the return: the authority answers for that, from its own record.\n\n{LEFT_OUT}\n"
        "The codes are the Department for Education's: contains public sector information licensed under the Open "
        "Government Licence v3.0.\n"
    )


# --- Who is in it -------------------------------------------------------------------------------------------


def children(export: Export, by: User, after: After) -> Iterator[Child]:
    """By the authority's number; whoever has none stands alone. Some hundreds are read at a time."""
    mine = ExportRow.objects.filter(export=export).values("enquiry")
    seen = Enquiry.objects.visible_to(by).filter(pk__in=mine).values("pk")
    rows = Person.objects.filter(enquiry__in=seen, part=Person.Part.CHILD)
    ordered = rows.order_by("authority_child_id", "pk").select_related("enquiry")
    held: list[Child] = []
    for _, group in groupby(ordered.iterator(chunk_size=BATCH), lambda row: row.authority_child_id or row.pk):
        held.append(Child(list(group)))
        if len(held) == BATCH:
            yield from with_assessments(held)
            after(len(held))
            held = []
    yield from with_assessments(held)
    after(len(held))


def with_assessments(held: list[Child]) -> list[Child]:
    keys = {person.enquiry_id for child in held for person in child.people}
    done: dict[int, list[str]] = {}
    rows = Referral.objects.filter(
        enquiry__in=keys, assessment__type__code=COUNTED, assessment__subjects__isnull=False
    )
    about = rows.values_list("reference", "assessment__subjects").order_by("pk")
    for reference, person in about:
        done.setdefault(person, []).append(reference)
    moments: dict[tuple[str, str], datetime] = {}
    lines = Event.objects.filter(enquiry__in=keys, verb__in=(STARTED, SIGNED_OFF)).order_by(
        "enquiry", "sequence"
    )
    for subject, verb, at in lines.values_list("subject", "verb", "at"):
        moments.setdefault((subject, verb), at)
    for child in held:
        names = [name for person in child.people for name in done.get(person.pk, ())]
        found = [(moments.get((name, STARTED)), moments.get((name, SIGNED_OFF))) for name in names]
        child.assessments = [(local(begun), local(ended)) for begun, ended in found if begun]
    return held


def local(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None


# --- What would fail ----------------------------------------------------------------------------------------


def faults(child: Child, year: int) -> Iterator[tuple[str, str, str, str]]:
    """By the census' rules that can be told from what we hold; reference/domain.md names them."""
    person, (first, last) = child.newest, span_of(year)
    number, reference = person.authority_child_id, person.enquiry.reference

    def fault(rule: str, what: str) -> tuple[str, str, str, str]:
        return number, reference, rule, what

    if not number:
        yield fault("1570", "There is no LAchildID.")
    elif not (number.isascii() and number.isalnum() and len(number) <= 20):
        yield fault("1580", "LAchildID has at most 20 letters and digits.")
    yield from (fault(*row) for row in faults_of_upn(person))
    born, expected = person.date_of_birth, person.expected_date_of_delivery
    if (born is None) == (expected is None):
        yield fault("8525", "Either a date of birth or an expected date, one of the two.")
    if expected and person.sex != "U":
        yield fault("8750", "The sex of an unborn child is U.")
    if person.sex not in ("F", "M", "U"):
        yield fault("4180", "Sex is F, M or U.")
    if born and born > last:
        yield fault("8525", "The date of birth lies after the census year.")
    if born and age_on(born, first) > 25:
        yield fault("8775", "Older than 25.")
    if not book().codes.holds("ethnicity", person.ethnicity, last):
        yield fault("4220", "Ethnicity is missing, or not a code of the list.")
    yield from (fault(*row) for row in faults_of_disabilities(person, last))


def faults_of_upn(person: Person) -> Iterator[tuple[str, str]]:
    if bool(person.upn) == bool(person.upn_unknown):
        yield "8772", "Either a UPN or the reason why there is none, one of the two."
    if person.upn:
        try:
            upn(person.upn, book().codes.authority_codes)
        except ValueError as wrong:
            yield "1510", str(wrong)


def faults_of_disabilities(person: Person, on: date) -> Iterator[tuple[str, str]]:
    given = person.disabilities
    if person.expected_date_of_delivery is None and not given:
        yield "8540", "A born child has at least one disability code, NONE among them."
    if any(not book().codes.holds("disability", code, on) for code in given):
        yield "8540", "A disability code is not of the list."
    if "NONE" in given and len(given) > 1:
        yield "8790", "NONE stands alone."
    if len(set(given)) < len(given):
        yield "8794", "A disability code is given twice."


def age_on(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


# --- The XML ------------------------------------------------------------------------------------------------


class Writer:
    """Elements one after the other into a file; every text escaped, nothing held."""

    def __init__(self, out: Any) -> None:
        self.xml = XMLGenerator(out, "utf-8", short_empty_elements=True)

    def begin(self, authority: Organisation, year: int, now: datetime) -> None:
        self.xml.startDocument()
        self.open("Message", "Header", "CollectionDetails")
        self.put(Collection="CIN", Year=year, ReferenceDate=span_of(year)[1])
        self.close("CollectionDetails")
        self.open("Source")
        moment = timezone.localtime(now).replace(tzinfo=None, microsecond=0)
        self.put(SourceLevel="L", LEA=authority.code, SoftwareCode="Referral Desk", Release="extract")
        self.put(SerialNo="001", DateTime=moment.isoformat())
        self.close("Source")
        self.open("Content", "CBDSLevels")
        self.put(CBDSLevel="Child")
        self.close("CBDSLevels", "Content", "Header")
        self.open("Children")

    def end(self) -> None:
        self.close("Children", "Message")
        self.xml.endDocument()

    def child(self, child: Child) -> None:
        person = child.newest
        self.open("Child", "ChildIdentifiers")
        self.put(LAchildID=person.authority_child_id, UPN=person.upn)
        self.put(UPNunknown="" if person.upn else person.upn_unknown)
        self.put(
            PersonBirthDate=person.date_of_birth, ExpectedPersonBirthDate=person.expected_date_of_delivery
        )
        self.put(Sex=person.sex)
        self.close("ChildIdentifiers")
        self.open("ChildCharacteristics")
        self.put(Ethnicity=person.ethnicity)
        if person.disabilities:
            self.open("Disabilities")
            for code in person.disabilities:
                self.put(Disability=code)
            self.close("Disabilities")
        self.close("ChildCharacteristics")
        self.details(child)
        self.close("Child")

    def details(self, child: Child) -> None:
        newest = child.newest.enquiry
        before_court = newest.letter_before_proceedings or newest.issued_on
        if not (child.assessments or before_court):
            return
        self.open("CINdetails")
        for begun, signed_off in child.assessments:
            self.open("Assessments")
            self.put(AssessmentActualStartDate=begun, AssessmentAuthorisationDate=signed_off)
            self.close("Assessments")
        if before_court:
            self.open("PreProceedingsandFGDM")
            self.put(LBPSentDate=newest.letter_before_proceedings, CourtAppDate=newest.issued_on)
            self.close("PreProceedingsandFGDM")
        self.close("CINdetails")

    def open(self, *names: str) -> None:
        for name in names:
            self.xml.startElement(name, {})  # type: ignore[arg-type]

    def close(self, *names: str) -> None:
        for name in names:
            self.xml.endElement(name)

    def put(self, **elements: Any) -> None:
        """Each with its text; none of what is not known."""
        for name, value in elements.items():
            if value not in (None, ""):
                self.open(name)
                text = value.isoformat() if isinstance(value, date) else str(value)
                self.xml.characters(UNWRITABLE.sub("", text))
                self.close(name)
