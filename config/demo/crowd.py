"""Further enquiries, one for each thing the desk can show; the lists that are kept, and a plan of who waits."""

from django.utils import timezone

from config.demo import courses, world
from config.demo.families import HIGH, QUIET, Family
from config.demo.stories import Story
from config.demo.world import CARDIFF, HUB, OLDHAM, SURREY
from intake.actions import rank
from intake.models import SavedView
from referrals.actions import planning, saved_views, solving
from referrals.models import PlanRun

CAPACITY = "What is their capacity to meet the children's needs, and to change in the time there is?"
KIN = "Can the applicant care for the child until adulthood?"
HARM = "What is the risk of further harm, and what would reduce it?"
TOGETHER = "Should the children be placed together or apart?"

FAMILIES: tuple[tuple[Family, Story], ...] = (
    (
        Family(
            OLDHAM,
            120,
            "Marsden",
            (("Ruby", 1),),
            (("Chloe Marsden", "mother", 21),),
            (("PA", CAPACITY),),
            "The baby was found alone twice.",
            framework="S38",
            weeks=4,
            risks=HIGH,
            days=4,
        ),
        courses.flagged,
    ),
    (
        Family(
            SURREY,
            121,
            "Varley",
            (("Hugo", 9),),
            (("Anna Varley", "mother", 39),),
            (("PA", CAPACITY),),
            "A parent drinks; the school has written three times.",
            weeks=12,
            days=1,
        ),
        courses.restricted,
    ),
    (
        Family(
            CARDIFF,
            122,
            "Griffiths",
            (("Mabli", 6),),
            (("Delyth Griffiths", "maternal_grandmother", 61),),
            (("VIA", KIN),),
            "The grandmother came forward last week.",
            framework="S76",
            stage="looked_after",
            weeks=12,
            risks=QUIET,
            days=1,
        ),
        courses.put_first,
    ),
    (
        Family(
            OLDHAM,
            123,
            "Schofield",
            (("Amber", 7), ("Jake", 5)),
            (("Kelly Schofield", "mother", 27),),
            (("PA", CAPACITY),),
            "The police were called at night; the children were at home.",
            weeks=11,
            risks=QUIET,
            days=1,
        ),
        courses.second_look,
    ),
    (
        Family(
            SURREY,
            124,
            "Larkin",
            (("Finn", 10),),
            (("Donna Larkin", "mother", 34),),
            (("PA", CAPACITY), ("PSY_ADULT", "What would help her to change?")),
            "Home conditions, and a mother who has been ill for years.",
            weeks=13,
            days=2,
        ),
        courses.split,
    ),
    (
        Family(
            CARDIFF,
            125,
            "Hussain",
            (("Amina", 5), ("Bilal", 3)),
            (("Rukhsana Hussain", "aunt", 35),),
            (("SGO", KIN),),
            "Their aunt has had them since the summer.",
            framework="S14A",
            stage="permanence",
            weeks=14,
            days=6,
            ethnicities=("APKN",),
        ),
        courses.near_its_end,
    ),
    (
        Family(
            OLDHAM,
            126,
            "Tetlow",
            (("Daisy", 8),),
            (("Lee Tetlow", "father", 37),),
            (("RISK_DA", HARM),),
            "He wants to come home after a year away.",
            weeks=10,
            days=11,
        ),
        courses.placed_anew,
    ),
    (
        Family(
            OLDHAM,
            127,
            "Butterworth",
            (("Lily", 6),),
            (("Zoe Butterworth", "mother", 25),),
            (("PA", CAPACITY),),
            "Neglect, and no heating since the autumn.",
            weeks=13,
            days=17,
        ),
        courses.at_work,
    ),
    (
        Family(
            OLDHAM,
            128,
            "Rigby",
            (("Mason", 12),),
            (("Sharon Rigby", "paternal_grandmother", 55),),
            (("SGO", KIN),),
            "Both parents agree that he stays with his grandmother.",
            framework="S14A",
            stage="permanence",
            weeks=18,
            risks=QUIET,
            days=22,
        ),
        courses.paused,
    ),
    (
        Family(
            SURREY,
            129,
            "Mercer",
            (("Isla", 3),),
            (("Vicky Mercer", "mother", 30),),
            (("RISK_CONTACT", HARM),),
            "She was distressed after each of the last visits.",
            weeks=9,
            days=26,
        ),
        courses.challenged,
    ),
    (
        Family(
            CARDIFF,
            130,
            "Llewellyn",
            (("Nansi", 11),),
            (("Gareth Llewellyn", "father", 42),),
            (("PA", CAPACITY),),
            "He has not seen her for four years.",
            weeks=10,
            language="cy",
            days=30,
        ),
        courses.sent_back,
    ),
    (
        Family(
            OLDHAM,
            131,
            "Shaw",
            (("Evan", 4),),
            (("Hannah Shaw", "aunt", 33),),
            (("VIA", KIN),),
            "His aunt was asked by the court.",
            framework="S14A",
            stage="permanence",
            weeks=6,
            risks=QUIET,
            days=98,
        ),
        courses.asked_later,
    ),
    (
        Family(
            OLDHAM,
            132,
            "Kershaw",
            (("Tia", 9), ("Kai", 4)),
            (("Natalie Kershaw", "mother", 31),),
            (("PA", CAPACITY), ("SIB", TOGETHER), ("RISK_DA", HARM)),
            "The children were seen with bruises that nobody explains.",
            weeks=14,
            days=5,
        ),
        courses.waiting,
    ),
    (
        Family(
            SURREY,
            133,
            "Ellison",
            (("Max", 2),),
            (("Tara Ellison", "mother", 23), ("Jordan Pike", "father", 25)),
            (("PAMS", CAPACITY), ("PSYCHIATRIC", "Is there an illness, and how is it treated?")),
            "Both parents learn slowly and ask for help.",
            weeks=15,
            days=4,
        ),
        courses.waiting,
    ),
    (
        Family(
            CARDIFF,
            134,
            "Osman",
            (("Idris", 15), ("Samira", 12)),
            (("Khadra Osman", "aunt", 40),),
            (("SGO", KIN), ("SIB", TOGETHER)),
            "Their mother died in the spring.",
            framework="S76",
            stage="looked_after",
            weeks=13,
            days=3,
            ethnicities=("BAFR",),
        ),
        courses.waiting,
    ),
)
VIEWS = (
    (
        0,
        "Pressing, and nobody has it",
        "enquiries",
        "owner=nobody&urgency=urgent&urgency=high",
        True,
    ),
    (0, "Mine, most pressing first", "enquiries", "owner=me", False),
    (2, "Waiting for a service", "referrals", "status=waiting", True),
)


def lists() -> None:
    """The views that are kept, the order as it is today, and the plan of the day; each once."""
    rank.rank_anew(timezone.now())
    for place, name, of, query, shared in VIEWS:
        owner = world.user(HUB[place])
        if not SavedView.objects.filter(owner=owner, of=of, name=name).exists():
            saved_views.save(by=owner, name=name, of=of, query=query, shared=shared)
    if not PlanRun.objects.exists():
        planning.ask(by=courses.manager())
        solving.solve_next(timezone.now())
