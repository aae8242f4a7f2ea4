"""Writing what was sent into its tables: one INSERT a table."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from intake.bodies import (
    HEARING,
    PAPER,
    RISK,
    Body,
    Rows,
    asked_by,
    people_rows,
    relationship_rows,
    section_rows,
    subject_rows,
)
from intake.checks import Fault
from intake.models import Assessment, CourtDate, Enquiry, Paper, Person, Relationship, Risk, Subject, book
from intake.refusals import Invalid


def write(enquiry: Enquiry, body: Mapping[str, Any]) -> Rows:
    """Insert the people and sections of a body for an enquiry that has none yet; returns the rows."""
    types = book().types
    people = insert(Person, people_rows(enquiry, body))
    relationships = insert(Relationship, relationship_rows(people, body))
    assessments = insert(
        Assessment,
        [
            Assessment(
                enquiry=enquiry,
                position=place,
                type=types[asked["type"]],
                questions=asked.get("questions") or [],
                particulars=asked.get("particulars") or {},
            )
            for place, asked in enumerate(body.get("assessments") or ())
        ],
    )
    subjects = insert(Subject, subject_rows(assessments, people, body))
    risks, papers, hearings = write_lists(enquiry, body)
    return Rows(
        people=people,
        relationships=sorted(relationships, key=lambda row: (row.adult_id, row.child_id)),
        asked=asked_by(assessments, subjects),
        risks=risks,
        papers=papers,
        hearings=hearings,
    )


def write_lists(enquiry: Enquiry, body: Mapping[str, Any]) -> tuple[list[Risk], list[Paper], list[CourtDate]]:
    """The sections that nothing else points at."""
    hearings = (body.get("legal") or {}).get("hearings") or ()
    return (
        insert(Risk, section_rows(Risk, enquiry, body.get("risks") or (), RISK)),
        insert(Paper, section_rows(Paper, enquiry, body.get("documents") or (), PAPER)),
        insert(CourtDate, section_rows(CourtDate, enquiry, hearings, HEARING)),
    )


def insert(model: type[models.Model], rows: list[Any]) -> list[Any]:
    return list(model._default_manager.bulk_create(rows)) if rows else []


def rewrite(enquiry: Enquiry, body: Body) -> None:
    """Put an amended body in the place of the old one.

    Who is named and what is asked keep their rows (referrals point at them); the rest is written anew.
    """
    people = keep_people(enquiry, body)
    Relationship.objects.filter(adult__enquiry=enquiry).delete()
    insert(Relationship, relationship_rows(people, body))
    assessments = keep_assessments(enquiry, body)
    Subject.objects.filter(assessment__enquiry=enquiry).delete()
    insert(Subject, subject_rows(assessments, people, body))
    for model in (Risk, Paper, CourtDate):
        model._default_manager.filter(enquiry=enquiry).delete()
    write_lists(enquiry, body)


def keep_people(enquiry: Enquiry, body: Body) -> list[Person]:
    old = {(row.part, row.position): row.pk for row in enquiry.people.all()}
    rows = people_rows(enquiry, body)
    for row in rows:
        row.pk = old.pop((row.part, row.position), None)
        row.save(force_insert=row.pk is None, force_update=row.pk is not None)
    Subject.objects.filter(person__in=old.values()).delete()
    take_out(Person.objects.filter(pk__in=old.values()), "/children")
    return rows


def keep_assessments(enquiry: Enquiry, body: Body) -> list[Assessment]:
    types = book().types
    old = {row.position: row for row in enquiry.assessment_rows.all()}
    kept = []
    for place, asked in enumerate(body.get("assessments") or ()):
        row = old.pop(place, None) or Assessment(enquiry=enquiry, position=place)
        row.type, row.questions = types[asked["type"]], asked.get("questions") or []
        row.particulars = asked.get("particulars") or {}
        row.save()
        kept.append(row)
    take_out(Assessment.objects.filter(pk__in=[row.pk for row in old.values()]), "/assessments")
    return kept


def take_out(rows: models.QuerySet[Any], pointer: str) -> None:
    """What was worked on before the enquiry was reopened stays in it."""
    try:
        rows.delete()
    except models.ProtectedError:
        sentence = "This was worked on before, and stays. Change it, or add to it, but leave it in."
        raise Invalid([Fault(pointer, "worked_on", sentence)]) from None
