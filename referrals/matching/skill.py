"""What somebody can do, speaks, is registered and graded for."""

from referrals.matching.tally import Tally
from referrals.matching.terms import Candidate, Wanted

ADVANCED = 3


def of_assessor(tally: Tally, wanted: Wanted, candidate: Candidate) -> None:
    of_skills(tally, wanted, candidate)
    of_languages(tally, wanted, candidate)
    of_grade(tally, wanted, candidate)
    if wanted.bodies and candidate.body not in wanted.bodies:
        bodies = " or ".join(sorted(wanted.bodies))
        tally.lacks("wrong_body", f"not registered with {bodies}", f"They are not registered with {bodies}.")


def of_skills(tally: Tally, wanted: Wanted, candidate: Candidate) -> None:
    """The skills of a type are a must."""
    for skill in sorted(wanted.skills):
        if skill in candidate.skills:
            tally.point("skill_held", f"{skill} trained")
        else:
            tally.lacks("skill_missing", f"no {skill} training", f"They have no {skill} training on record.")


def of_languages(tally: Tally, wanted: Wanted, candidate: Candidate) -> None:
    """Without it there is an interpreter: against it, not in its way."""
    spoken = candidate.languages | {
        language for cover in candidate.cover.get(wanted.type, ()) for language in cover.languages
    }
    for language in sorted(wanted.languages):
        if language in spoken:
            tally.point("language_spoken", f"speaks {language}")
        else:
            tally.lacks(
                "language_missing",
                f"an interpreter for {language} is needed",
                f"They do not speak {language}.",
            )


def of_grade(tally: Tally, wanted: Wanted, candidate: Candidate) -> None:
    if candidate.grade < wanted.grade:
        named = (candidate.grade_name or "Their grade").capitalize()
        sentence = f"{named}: they co-work on this type of assessment, and do not lead it."
        tally.lacks("grade_below", f"{named.lower()}, co-work only", sentence)
    elif candidate.grade >= ADVANCED:
        tally.point("advanced", candidate.grade_name.lower() or "advanced")
