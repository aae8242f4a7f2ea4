"""Who is in the demonstration: the hub, three authorities with their case systems, two assessment services."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from intake.actions import members
from intake.lifecycle import Role
from intake.models import ApiClient, AssessmentType, Organisation, User
from referrals.actions import assessors, conflicts
from referrals.models import Assessor, Coverage

# Known to everybody who reads this, like all that the demonstration shows; it starts on loopback only.
PASSWORD = "demonstration-only"  # noqa: S105
R = Role


@dataclass(frozen=True)
class Member:
    """Somebody who can sign in."""

    name: str
    email: str
    title: str
    roles: tuple[Role, ...]
    capacity: int = 0
    brings: "Brings | None" = None


@dataclass(frozen=True)
class Brings:
    """What an assessor brings: hours a week, skills, languages, register, for how many days registered, grade.

    And for whom they worked before, and when they are away: so many days from now, for so many days.
    """

    hours: int
    skills: tuple[str, ...]
    languages: tuple[str, ...] = ()
    body: str = "SWE"
    registered_days: int = 400
    grade: str = "EXPERIENCED"
    base: str = "OL"
    worked_for: str = ""
    away: tuple[int, int] | None = None


HUB = (
    Member("Ann Okoro", "ann.okoro@desk.example", "Coordinator", (R.COORDINATOR,)),
    Member("Ben Hughes", "ben.hughes@desk.example", "Coordinator", (R.COORDINATOR,)),
    Member("Mia Lindqvist", "mia.lindqvist@desk.example", "Triage manager", (R.MANAGER,)),
    Member("Ria Banerjee", "ria.banerjee@desk.example", "Quality reviewer", (R.REVIEWER,)),
    Member("Olu Adeyemi", "olu.adeyemi@desk.example", "Data-protection officer", (R.AUDITOR,)),
    Member("Ivy Castle", "ivy.castle@desk.example", "Administrator", (R.ADMINISTRATOR,)),
)
OLDHAM, CARDIFF, SURREY = "353", "681", "936"
AUTHORITIES = {
    OLDHAM: (
        Member("Priya Nair", "priya.nair@oldham.example.gov.uk", "Social worker", (R.REFERRER,)),
        Member("Tom Ashworth", "tom.ashworth@oldham.example.gov.uk", "Team manager", (R.AUTHORITY_MANAGER,)),
    ),
    CARDIFF: (
        Member(
            "Gwenllian Rees",
            "gwenllian.rees@caerdydd.example.gov.wales",
            "Senior social worker",
            (R.REFERRER,),
        ),
        Member(
            "Huw Pritchard",
            "huw.pritchard@caerdydd.example.gov.wales",
            "Team manager",
            (R.AUTHORITY_MANAGER,),
        ),
    ),
    SURREY: (
        Member(
            "Daniel Okafor", "daniel.okafor@surrey.example.gov.uk", "Commissioning officer", (R.REFERRER,)
        ),
        Member("Helen Marsh", "helen.marsh@surrey.example.gov.uk", "Service manager", (R.AUTHORITY_MANAGER,)),
    ),
}


@dataclass(frozen=True)
class Service:
    """An assessment service: its people, and the types and regions it covers (none named: all of them)."""

    code: str
    name: str
    members: tuple[Member, ...]
    types: tuple[str, ...] = ()
    regions: tuple[str, ...] = ("",)

    def covers(self, code: str, region: str) -> bool:
        return (not self.types or code in self.types) and not {"", region}.isdisjoint(self.regions)


ASA = Brings(34, ("PAMS", "PARENTASSESS", "KINSHIP"), ("pl",), grade="ADVANCED")
NOOR = Brings(28, ("PAMS", "DOMESTIC_ABUSE"), ("ur", "pa"), registered_days=40, base="BD")
CARYS = Brings(36, ("PAMS", "PARENTASSESS", "FORENSIC", "WELSH"), (), "HCPC", grade="ADVANCED", base="CF")
JOEL = Brings(36, ("PAMS", "AGE", "FORENSIC", "TRAUMA"), ("fr",), base="GU")
TESS = Brings(30, ("KINSHIP",), grade="NEWLY_QUALIFIED", base="M")
PIOTR = Brings(
    36, ("PAMS", "FORENSIC", "DOMESTIC_ABUSE"), ("pl", "uk"), base="BL", worked_for=OLDHAM, away=(9, 5)
)
ELIN = Brings(36, ("KINSHIP", "PAMS", "WELSH"), ("cy",), "SCW", 21, base="NP")
FAITH = Brings(36, ("PAMS", "FORENSIC", "KINSHIP"), ("so", "ar"), grade="ADVANCED", base="RH", away=(2, 12))

SERVICES = (
    Service(
        "pennine",
        "Pennine Family Assessments",
        (
            Member("Lea Sutcliffe", "lea.sutcliffe@pennine.example", "Service lead", (R.SERVICE_LEAD,)),
            Member("Asa Whitworth", "asa.whitworth@pennine.example", "Social worker", (R.ASSESSOR,), 8, ASA),
            Member("Noor Rahman", "noor.rahman@pennine.example", "Social worker", (R.ASSESSOR,), 6, NOOR),
            Member("Tess Holroyd", "tess.holroyd@pennine.example", "Social worker", (R.ASSESSOR,), 4, TESS),
            Member("Piotr Zawada", "piotr.zawada@pennine.example", "Social worker", (R.ASSESSOR,), 8, PIOTR),
        ),
        types=("PA", "PAMS", "SIB", "VIA", "SGO", "CPC", "RISK_DA", "S7"),
        regions=("North West", "Yorkshire and The Humber"),
    ),
    Service(
        "bridgewater",
        "Bridgewater Assessment Partnership",
        (
            Member("Lou Bevan", "lou.bevan@bridgewater.example", "Service lead", (R.SERVICE_LEAD,)),
            Member(
                "Carys Vaughan", "carys.vaughan@bridgewater.example", "Psychologist", (R.ASSESSOR,), 12, CARYS
            ),
            Member("Joel Osei", "joel.osei@bridgewater.example", "Social worker", (R.ASSESSOR,), 8, JOEL),
            Member("Elin Morgan", "elin.morgan@bridgewater.example", "Social worker", (R.ASSESSOR,), 8, ELIN),
            Member("Faith Adan", "faith.adan@bridgewater.example", "Social worker", (R.ASSESSOR,), 8, FAITH),
        ),
    ),
)


def build() -> None:
    """Everybody and their organisations; a second time nothing is added."""
    with transaction.atomic():
        settle(Organisation.objects.get(kind=Organisation.Kind.HUB), HUB)
        for code, people in AUTHORITIES.items():
            settle(authority(code), people)
            connect(authority(code))
        for service in SERVICES:
            open_service(service)


def authority(code: str) -> Organisation:
    found: Organisation = Organisation.objects.authorities().get(code=code)
    return found


def service(code: str) -> Service:
    return next(row for row in SERVICES if row.code == code)


def covering(code: str, region: str) -> Service:
    """The first service that covers a type of assessment in a region; the last one covers everything."""
    return next(row for row in SERVICES if row.covers(code, region))


def with_role(people: tuple[Member, ...], role: Role) -> Member:
    return next(person for person in people if role in person.roles)


def user(member: Member) -> User:
    found: User = User.objects.get(email=member.email)
    return found


def settle(organisation: Organisation, people: tuple[Member, ...]) -> None:
    known = set(User.objects.filter(organisation=organisation).values_list("email", flat=True))
    for person in people:
        if person.email not in known:
            members.invite(
                organisation=organisation,
                email=person.email,
                name=person.name,
                job_title=person.title,
                roles=set(person.roles),
                password=PASSWORD,
            )


def connect(organisation: Organisation) -> None:
    """The authority's case system, with an id and a secret that can be printed."""
    if not ApiClient.objects.filter(client_id=client_id(organisation)).exists():
        members.issue_client(
            authority=organisation,
            name=f"{organisation.name} case system",
            client_id=client_id(organisation),
            secret=PASSWORD,
        )


def client_id(organisation: Organisation) -> str:
    return f"demo-{organisation.name.lower()}"


def open_service(described: Service) -> None:
    organisation, _ = Organisation.objects.get_or_create(
        kind=Organisation.Kind.SERVICE, code=described.code, defaults={"name": described.name}
    )
    settle(organisation, described.members)
    types = (
        AssessmentType.objects.filter(code__in=described.types)
        if described.types
        else AssessmentType.objects.all()
    )
    for region in described.regions:
        for kind in types:
            Coverage.objects.get_or_create(service=organisation, type=kind, region=region)
    for person in described.members:
        if person.capacity:
            name_assessor(organisation, person)


def name_assessor(service: Organisation, person: Member) -> None:
    """As their lead names them: with the hours, the register, the skills, and when they are away."""
    brings = person.brings
    if brings is None or Assessor.objects.filter(user=user(person)).exists():
        return
    today, lead = timezone.localdate(), user(with_role(service_of(person).members, R.SERVICE_LEAD))
    row = assessors.name(
        user=user(person),
        service=service,
        by=lead,
        capacity=person.capacity,
        hours=brings.hours,
        grade=brings.grade,
        languages=list(brings.languages),
        base_area=brings.base,
        registration_body=brings.body,
        registration_number=f"{brings.body}-{1000 + user(person).pk}",
        registration_until=today + timedelta(days=brings.registered_days),
    )
    for code in brings.skills:
        assessors.add_skill(assessor=row, by=lead, code=code)
    if brings.away:
        first = today + timedelta(days=brings.away[0])
        assessors.add_leave(assessor=row, by=lead, first=first, last=first + timedelta(days=brings.away[1]))
    if brings.worked_for:
        conflicts.declare(
            assessor=row,
            by=user(person),
            kind="FORMER_EMPLOYER",
            reason="Worked there until last year.",
            authority=authority(brings.worked_for),
        )


def service_of(person: Member) -> Service:
    return next(row for row in SERVICES if person in row.members)
