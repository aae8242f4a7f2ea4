"""The shape of the CIN census, as a table: what may stand in what, in which order, and what must.

Facts of the Department for Education's schema of 2024 (published with liia-tools), with `Sex` in the place of
GenderCurrent since 2024-25 and the group for pre-proceedings and FGDM of 2026-27 (an example published with
csc-validator-be-cin; the Department's own schema of that year was not to be had). Credit: contains public sector
information licensed under the Open Government Licence v3.0.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

# Of each group its elements in their order: "!" must be there, "*" may be there more than once.
GROUPS = {
    "Message": "Header Children!",
    "Header": "CollectionDetails Source* Content",
    "CollectionDetails": "Collection Year ReferenceDate",
    "Source": "SourceLevel LEA! SoftwareCode Release SerialNo DateTime",
    "Content": "CBDSLevels",
    "CBDSLevels": "CBDSLevel*",
    "Children": "Child!*",
    "Child": "ChildIdentifiers! ChildCharacteristics! CINdetails!*",
    "ChildIdentifiers": "LAchildID! UPN FormerUPN UPNunknown PersonBirthDate ExpectedPersonBirthDate Sex! "
    "PersonDeathDate",
    "ChildCharacteristics": "Ethnicity! Disabilities",
    "Disabilities": "Disability!*",
    "CINdetails": "CINreferralDate! ReferralSource! PrimaryNeedCode CINclosureDate ReasonForClosure "
    "DateOfInitialCPC Assessments* CINPlanDates* Section47* ReferralNFA! ChildProtectionPlans* "
    "PreProceedingsandFGDM*",
    "Assessments": "AssessmentActualStartDate! AssessmentInternalReviewDate AssessmentAuthorisationDate "
    "FactorsIdentifiedAtAssessment",
    "PreProceedingsandFGDM": "PPStartDate LBPSentDate FGDMMeetingOffer FGDMMeetingFac InitialPPMeetingDate "
    "ReviewMeetingsCount StepDecisionDate PPOutcome CourtAppDate LetterInitCPDate",
}
DAY = r"\d{4}-\d\d-\d\d"
# What an element says, where the schema narrows it.
TEXTS = {
    "Collection": "CIN",
    "Year": r"\d{4}",
    "SourceLevel": "L",
    "LEA": r"\d{3}",
    "SerialNo": r"\d{3,}",
    "DateTime": DAY + r"T\d\d:\d\d:\d\d",
    "UPN": r"[A-Za-z]\d{11}[A-Za-z\d]",
    "UPNunknown": "UN[1-7]",
    "Sex": "[FMU]",
    "Ethnicity": "[A-Z]{4}",
    "Disability": "NONE|MOB|HAND|PC|INC|COMM|LD|HEAR|VIS|BEH|CON|AUT|DDA",
}


def faults(element: Element) -> Iterator[str]:
    """Where an element and what it holds leave the shape; what must be there and is not, as "no Child/Name"."""
    if element.tag not in GROUPS:
        yield from faults_of_text(element)
        return
    known = [(name.rstrip("!*"), name) for name in GROUPS[element.tag].split()]
    order = [name for name, _ in known]
    given = [kid.tag for kid in element]
    yield from (f"unknown {element.tag}/{name}" for name in given if name not in order)
    places = [order.index(name) for name in given if name in order]
    if places != sorted(places):
        yield f"out of order: {element.tag}"
    for name, marked in known:
        if "!" in marked and name not in given:
            yield f"no {element.tag}/{name}"
        if "*" not in marked and given.count(name) > 1:
            yield f"twice {element.tag}/{name}"
    for kid in element:
        yield from faults(kid)


def faults_of_text(element: Element) -> Iterator[str]:
    shape = TEXTS.get(element.tag, DAY if element.tag.endswith("Date") else r"\S.*")
    if not re.fullmatch(shape, element.text or ""):
        yield f"not as it should be: {element.tag}"
