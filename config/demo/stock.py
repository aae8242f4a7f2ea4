"""The enquiries the desk opens with: which families, which questions, and what becomes of each."""

from collections.abc import Callable
from functools import partial

from config.demo import crowd, stories
from config.demo.clock import ago
from config.demo.families import HIGH, QUIET, Body, Family, body_of, general, reference_of
from config.demo.stories import Story
from config.demo.world import CARDIFF, OLDHAM, SURREY

placed = stories.placed
CAPACITY = "What is their capacity to meet the children's needs, and to change in the time there is?"
TOGETHER = "Should the children be placed together or apart?"
BIRTH = "Can the parents care for the baby safely, and with which support?"
KIN = "Can the applicant care for the child until adulthood?"
HARM = "What is the risk of further harm, and what would reduce it?"

FAMILIES: tuple[tuple[Family, Story], ...] = (
    (
        Family(
            OLDHAM,
            101,
            "Hallworth",
            (("Jaden", 9), ("Mollie", 6)),
            (("Kerry Hallworth", "mother", 31), ("Dean Platt", "father", 34)),
            (("PA", CAPACITY), ("SIB", TOGETHER)),
            "Neglect: missed school and health appointments.",
            weeks=14,
            days=75,
        ),
        partial(placed, service="pennine", steps=stories.CLOSED),
    ),
    (
        Family(
            SURREY,
            102,
            "Tesfay",
            (("Yonas", 16),),
            (),
            (("AGE", "How old is he likely to be?"),),
            "His age is doubted by the Home Office; he says he is sixteen.",
            framework="S20",
            stage="looked_after",
            weeks=2,
            ethnicities=("BAFR",),
            days=16,
        ),
        partial(placed, service="bridgewater", steps=stories.IN_REVIEW),
    ),
    (
        Family(
            CARDIFF,
            103,
            "Prosser",
            (("Baby", None),),
            (("Megan Prosser", "mother", 19), ("Ieuan Cole", "father", 22)),
            (("PREBIRTH", BIRTH),),
            "An older child was removed last year.",
            framework="PARTS3_4_W",
            stage="pre_proceedings",
            weeks=8,
            language="cy",
            days=18,
        ),
        partial(placed, service="bridgewater", steps=stories.IN_PROGRESS),
    ),
    (
        Family(
            OLDHAM,
            104,
            "Begum",
            (("Aisha", 4),),
            (("Shabana Begum", "maternal_grandmother", 52),),
            (("SGO", KIN),),
            "The mother cannot care; the grandmother has come forward.",
            framework="S14A",
            stage="permanence",
            weeks=16,
            risks=QUIET,
            ethnicities=("APKN", "ABAN"),
            days=70,
        ),
        partial(placed, service="pennine", steps=stories.DELIVERED),
    ),
    (
        Family(
            SURREY,
            105,
            "Ashdown",
            (("Freya", 8), ("Theo", 5), ("Iris", 2)),
            (("Laura Ashdown", "mother", 36), ("Simon Ashdown", "father", 41)),
            (("RISK_DA", HARM), ("SIB", TOGETHER)),
            "Domestic abuse, seen and heard by the children.",
            weeks=9,
            risks=HIGH,
            letter="to_come",
            days=9,
        ),
        partial(placed, service="bridgewater", steps=stories.ALLOCATED),
    ),
    (
        Family(
            OLDHAM,
            106,
            "Kowalski",
            (("Oskar", 11),),
            (("Marta Kowalski", "mother", 33),),
            (("PAMS", CAPACITY), ("COG", "What is her cognitive functioning?")),
            "Mother has a learning disability; the school worries.",
            framework="PREPROC",
            stage="pre_proceedings",
            ethnicities=("WOTH",),
            days=2,
        ),
        partial(placed, service="bridgewater", steps=stories.OFFERED),
    ),
    (
        Family(
            CARDIFF,
            107,
            "Mahmoud",
            (("Layla", 3), ("Sami", 1)),
            (("Hana Mahmoud", "aunt", 29),),
            (("VIA", KIN),),
            "Both parents are in custody.",
            framework="S76",
            stage="looked_after",
            weeks=4,
            ethnicities=("AOTH",),
            days=1,
        ),
        stories.accepted,
    ),
    (
        Family(
            SURREY,
            108,
            "Penrose",
            (("Alfie", 7),),
            (("Gemma Penrose", "mother", 28),),
            (("PSY_ADULT", "What would help her to change?"),),
            "Alcohol, and a long history of loss.",
            weeks=6,
            days=6,
        ),
        stories.declined,
    ),
    (
        Family(
            OLDHAM,
            109,
            "Lomas",
            (("Kian", 13),),
            (("Paul Lomas", "father", 45),),
            (("RISK_EXPL", HARM),),
            "Missing from home, and found with older men twice.",
            framework="S47",
            stage="pre_court",
            weeks=4,
            risks=HIGH,
            days=5,
        ),
        stories.withdrawn,
    ),
    (
        Family(
            SURREY,
            110,
            "Quinn",
            (("Orla", 10),),
            (("Siobhan Quinn", "mother", 38), ("Mark Quinn", "father", 40)),
            (("S7", "Where should she live, and whom should she see?"),),
            "A long dispute between the parents.",
            framework="S7",
            stage="private_law",
            weeks=10,
            risks=QUIET,
            days=30,
        ),
        stories.cancelled,
    ),
    (
        Family(
            CARDIFF,
            111,
            "Bowen",
            (("Rhys", 12), ("Cadi", 9)),
            (("Sian Bowen", "mother", 35),),
            (("PA", CAPACITY),),
            "Home conditions, and a mother who is often unwell.",
            weeks=11,
            language="cy",
            days=3,
        ),
        stories.asked,
    ),
    (
        Family(
            OLDHAM,
            112,
            "Chadwick",
            (("Poppy", 0),),
            (("Ellie Chadwick", "mother", 18),),
            (("RES", CAPACITY),),
            "A very young mother with no support.",
            weeks=7,
            days=2,
        ),
        stories.asked,
    ),
    (
        Family(
            SURREY,
            113,
            "Fairbairn",
            (("Noah", 6), ("Eden", 4)),
            (("Rachel Fairbairn", "mother", 32),),
            (("RISK_CONTACT", HARM),),
            "The children come back frightened from family time.",
            weeks=6,
            risks=HIGH,
            days=1,
        ),
        stories.claimed_today,
    ),
    (
        Family(
            CARDIFF,
            114,
            "Abdi",
            (("Zahra", 15),),
            (("Fadumo Abdi", "mother", 44),),
            (("PSY_CHILD", "What does she need to recover?"),),
            "She has not been to school since the spring.",
            framework="S31",
            weeks=9,
            ethnicities=("BAFR",),
        ),
        stories.claimed_by_colleague,
    ),
    (
        Family(
            OLDHAM,
            115,
            "Entwistle",
            (("Leo", 2), ("Ava", 5)),
            (("Jodie Entwistle", "mother", 26), ("Craig Mellor", "father", 30)),
            (("PA", CAPACITY), ("RISK_DA", HARM)),
            "Police were called four times since August.",
            risks=HIGH,
            letter="to_come",
            weeks=8,
            days=3,
        ),
        stories.waits,
    ),
    (
        Family(
            SURREY,
            116,
            "Holloway",
            (("Baby", None),),
            (("Beth Holloway", "mother", 24),),
            (("PREBIRTH", BIRTH),),
            "Substance misuse in pregnancy.",
            framework="PREPROC",
            stage="pre_proceedings",
            weeks=7,
            days=1,
        ),
        stories.waits,
    ),
    (
        Family(
            CARDIFF,
            117,
            "Rowlands",
            (("Efa", 8),),
            (("Nia Rowlands", "paternal_grandmother", 58),),
            (("CPC", KIN),),
            "Placed with her grandmother in a hurry.",
            framework="S76",
            stage="placement",
            weeks=15,
            risks=QUIET,
            language="cy",
        ),
        stories.waits,
    ),
)
QUESTIONS: tuple[tuple[str, int, str, str, Story], ...] = (
    (
        SURREY,
        118,
        "TRAIN",
        "Could you train twelve social workers in sibling assessments in March?",
        stories.redirected,
    ),
    (OLDHAM, 119, "AUDIT", "Do you audit case files, and how many in a day?", stories.waits),
)
# The one that is walked through before the eyes of whoever starts the demonstration.
WALKED = Family(
    OLDHAM,
    100,
    "Doyle",
    (("Connor", 8), ("Ella", 5)),
    (("Shannon Doyle", "mother", 29),),
    (("PA", CAPACITY), ("SIB", TOGETHER)),
    "Home conditions, missed health appointments, and a former partner who comes back.",
    weeks=15,
    risks=HIGH,
    letter="to_come",
)


def fill() -> int:
    """Add what is not there yet, each enquiry whole or not at all; says how many were added."""
    cast, added = stories.cast(), 0
    for days, authority, reference, body, story in shelf():
        with ago(days):
            added += stories.add(authority, reference, body, story, cast)
    return added


Sent = tuple[int, str, str, Callable[[], Body], Story]


def shelf() -> list[Sent]:
    """How long ago, whose, under which reference, what was sent and what becomes of it, in the order they came."""
    families = (*FAMILIES, *crowd.FAMILIES)
    rows: list[Sent] = [
        (row.days, row.authority, row.reference, partial(body_of, row), story) for row, story in families
    ]
    rows += [
        (
            0,
            authority,
            reference_of(authority, number),
            partial(general, authority, number, code, text),
            story,
        )
        for authority, number, code, text, story in QUESTIONS
    ]
    return sorted(rows, key=lambda row: -row[0])
