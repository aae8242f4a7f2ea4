"""Who is in the demonstration: the hub, three authorities with their case systems, two assessment services."""

from dataclasses import dataclass

from django.db import transaction

from intake.actions import members
from intake.lifecycle import Role
from intake.models import ApiClient, AssessmentType, Organisation, User
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


SERVICES = (
    Service(
        "pennine",
        "Pennine Family Assessments",
        (
            Member("Lea Sutcliffe", "lea.sutcliffe@pennine.example", "Service lead", (R.SERVICE_LEAD,)),
            Member("Asa Whitworth", "asa.whitworth@pennine.example", "Social worker", (R.ASSESSOR,), 8),
            Member("Noor Rahman", "noor.rahman@pennine.example", "Social worker", (R.ASSESSOR,), 6),
        ),
        types=("PA", "PAMS", "SIB", "VIA", "SGO", "CPC", "RISK_DA", "S7"),
        regions=("North West", "Yorkshire and The Humber"),
    ),
    Service(
        "bridgewater",
        "Bridgewater Assessment Partnership",
        (
            Member("Lou Bevan", "lou.bevan@bridgewater.example", "Service lead", (R.SERVICE_LEAD,)),
            Member("Carys Vaughan", "carys.vaughan@bridgewater.example", "Psychologist", (R.ASSESSOR,), 12),
            Member("Joel Osei", "joel.osei@bridgewater.example", "Social worker", (R.ASSESSOR,), 8),
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
            Assessor.objects.get_or_create(
                user=user(person), defaults={"service": organisation, "capacity": person.capacity}
            )
