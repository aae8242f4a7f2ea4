"""One enquiry from the authority's POST to the printed summary, over real HTTP, a line for each step."""

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from config.demo import world
from config.demo.door import Answer, Caller, CaseSystem, Person
from config.demo.families import Body
from config.demo.paper import report
from config.demo.world import CARDIFF, HUB, OLDHAM, SURREY, Member, Service, with_role
from intake.lifecycle import Role
from intake.models import Organisation, book

ENQUIRIES = "/api/v1/enquiries/"
DOMAINS = {"oldham": OLDHAM, "caerdydd": CARDIFF, "cardiff": CARDIFF, "surrey": SURREY}
LONGEST = 100_000


class Refused(Exception):
    """A step had another answer than it should; its faults are printed."""


class Walk:
    """The steps, their lines, and who is signed in by now."""

    def __init__(self, url: str, sent: bytes, folder: Path, today: date, say: Callable[[str], None]) -> None:
        self.url, self.sent, self.folder, self.today, self.say = url, sent, folder, today, say
        self.number = 0
        self.people: dict[str, Person] = {}
        self.body = as_object(sent)
        self.authority = world.authority(whose(self.body))
        self.system = CaseSystem(url, f"{self.authority.name} case system")
        self.enquiry = ""

    # --- How a step is made and printed --------------------------------------------------------------------

    def step(self, who: Caller, what: str, answer: Answer, *expected: int) -> Answer:
        """Print the line; anything but what is expected ends the walk."""
        self.number += 1
        self.say(f"{self.number:>3}  {who.who:<34} {what:<66} {answer.status}  {answer.ms:>6.0f} ms")
        if answer.status not in expected:
            for line in faults(answer):
                self.say(f"     {line}")
            raise Refused
        return answer

    def person(self, member: Member) -> Person:
        """Signed in at the page, once."""
        if member.email not in self.people:
            person = Person(self.url, f"{member.name}, {member.title.lower()}")
            self.step(person, "signs in at the page", person.sign_in(member.email, world.PASSWORD), 302)
            self.people[member.email] = person
        return self.people[member.email]

    @property
    def coordinator(self) -> Person:
        return self.person(with_role(HUB, Role.COORDINATOR))

    def save(self, answer: Answer, name: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_bytes(answer.content)

    def in_days(self, days: int) -> str:
        return str(self.today + timedelta(days=days))

    # --- The authority sends -------------------------------------------------------------------------------

    def go(self) -> None:
        """All of it."""
        self.send()
        self.strangers_see_nothing()
        self.ask_and_answer()
        if self.body.get("children") or self.body.get("adults"):
            self.accept()
            for referral, asked in zip(self.referrals(), self.body["assessments"], strict=True):
                self.assess(referral, asked)
        else:
            self.reply()
        self.finish()

    def send(self) -> None:
        system = self.system
        signed_in = system.sign_in(world.client_id(self.authority), world.PASSWORD)
        self.step(system, "signs in with client credentials", signed_in, 200)
        key = uuid4().hex
        first = self.step(system, "sends the enquiry, with an Idempotency-Key", self.post_it(key), 201)
        self.enquiry = f"{ENQUIRIES}{first.data['reference']}/"
        again = self.step(
            system, "sends it again with the same key: nothing is made twice", self.post_it(key), 201
        )
        if again.data["reference"] != first.data["reference"] or "idempotent-replayed" not in again.headers:
            raise Refused
        if first.data["status"] == "draft":
            self.step(system, "it was a draft: sends it now", system.move(self.enquiry, "submit"), 200)
        paper = self.step(
            system, "fetches the acknowledgement (PDF)", system.get(f"{self.enquiry}acknowledgement.pdf"), 200
        )
        self.save(paper, "acknowledgement.pdf")

    def post_it(self, key: str) -> Answer:
        return self.system.ask("POST", ENQUIRIES, self.sent, Idempotency_Key=f'"{key}"')

    def strangers_see_nothing(self) -> None:
        other = world.authority(OLDHAM if self.authority.code != OLDHAM else SURREY)
        stranger = CaseSystem(self.url, f"{other.name} case system")
        stranger.sign_in(world.client_id(other), world.PASSWORD)
        self.step(
            stranger, "looks for it: for another authority it does not exist", stranger.get(self.enquiry), 404
        )

    # --- The hub decides -----------------------------------------------------------------------------------

    def ask_and_answer(self) -> None:
        hub = self.coordinator
        self.step(hub, "claims the enquiry", hub.move(self.enquiry, "claim"), 200)
        asked, given = self.questions()
        request = {"questions": asked, "reply_by": self.in_days(7)}
        moved = hub.move(self.enquiry, "request-information", request)
        self.step(hub, "asks the authority two questions; the clock pauses", moved, 200)
        moved = self.system.move(self.enquiry, "answer", {"answers": given})
        self.step(self.system, f"answers both, and amends {asked[0]['field']}; the clock runs", moved, 200)

    def questions(self) -> tuple[list[Body], list[Body]]:
        """Two questions with their answers; the first amends the field that it is about."""
        if self.body["kind"] == "general":
            field, old = "/background", self.body.get("background", "")
            texts = ("By when do you need to know?", "Is there anything else that we should know?")
        else:
            field, old = "/urgency/why_now", self.body.get("urgency", {}).get("why_now", "")
            texts = ("Is the date by which it is needed fixed?", "Which papers are still to come, and when?")
        answers = ("By the end of next month; the date is fixed.", "Nothing that is not in the enquiry.")
        asked = [{"text": texts[0], "field": field}, {"text": texts[1]}]
        given: list[Body] = [{"number": place, "text": text} for place, text in enumerate(answers, start=1)]
        given[0]["value"] = f"{old} {answers[0]}".strip()[-LONGEST:]
        return asked, given

    def reply(self) -> None:
        """Nobody is named, so there is nothing to assess: a question is answered by who can answer it."""
        hub = self.coordinator
        text = (
            "Thank you. Capacity, dates and prices are the commissioning desk's; it has your question and our "
            "figures, and replies within two working days. Send a referral when there is a child to assess."
        )
        moved = hub.move(self.enquiry, "redirect", {"agency": "Commissioning desk", "text": text})
        self.step(hub, "nobody to assess: replies, and redirects to the commissioning desk", moved, 200)

    def accept(self) -> None:
        hub = self.coordinator
        count = len(self.body["assessments"])
        why = {
            "rationale": "Within our skills, and in time for the date needed.",
            "conflict_statement": "None known.",
            "waiver_reason": "The authority brings what is not there yet to the first meeting.",
            "late_reason": "The court was asked for more time, and the authority takes what there is.",
        }
        moved = hub.move(self.enquiry, "accept", why)
        what = (
            "accepts: one referral" if count == 1 else f"accepts: {count} referrals, one for each assessment"
        )
        self.step(hub, what, moved, 200)

    def referrals(self) -> list[str]:
        """Their addresses, in the order of the assessments asked for, in which they were made."""
        mine = self.enquiry.removeprefix(ENQUIRIES).strip("/")
        found = self.coordinator.get("/api/v1/referrals/?page_size=200&ordering=-created_at").data["results"]
        return [row["url"] for row in reversed(found) if row["enquiry"] == mine]

    # --- A service assesses --------------------------------------------------------------------------------

    def assess(self, referral: str, asked: Body) -> None:
        service = self.offer(referral, asked["type"])
        lead = self.person(with_role(service.members, Role.SERVICE_LEAD))
        named = with_role(service.members, Role.ASSESSOR)
        taken = {"assessor": named.email, "conflict_statement": "None known."}
        self.step(
            lead, f"accepts the offer; {named.name} leads", lead.move(referral, "accept-offer", taken), 200
        )
        assessor = self.person(named)
        self.start(referral, assessor)
        self.work(referral, assessor, asked)
        self.review(referral)

    def offer(self, referral: str, code: str) -> Service:
        service = world.covering(code, self.authority.region)
        wanted = {"service": service.code, "reply_by": self.in_days(5)}
        moved = self.coordinator.move(referral, "offer", wanted)
        self.step(self.coordinator, f"offers {code} to {service.name}", moved, 200)
        return service

    def start(self, referral: str, assessor: Person) -> None:
        moved = assessor.move(referral, "start")
        if moved.status == 422:
            self.step(assessor, "starts: the letter of instruction is not there yet", moved, 422)
            reason = "The letter is promised; the first visit is agreed with the family."
            moved = assessor.move(referral, "start", {"waiver_reason": reason})
            self.step(assessor, "starts all the same, with the reason on record", moved, 200)
            return
        self.step(assessor, "starts", moved, 200)

    def work(self, referral: str, assessor: Person, asked: Body) -> None:
        log = {"source": "Health visitor", "state": "received"}
        self.step(assessor, "logs evidence: received", assessor.post(f"{referral}evidence/", log), 201)
        log = {"source": "General practitioner", "state": "not_available", "why": "No consent was given."}
        self.step(
            assessor, "logs evidence: not available, and why", assessor.post(f"{referral}evidence/", log), 201
        )
        reference = referral.rstrip("/").rsplit("/", 1)[-1]
        sent = assessor.attach(referral, "report", "report.pdf", report(reference))
        attached = self.step(assessor, "attaches the report (PDF)", sent, 201)
        handed = {
            "report": attached.data["id"],
            "children_seen": [self.seen(place) for place in asked.get("children") or []],
        }
        moved = assessor.move(referral, "submit-report", handed)
        self.step(assessor, "hands it in, with each child seen or the reason why not", moved, 200)

    def seen(self, place: int) -> Body:
        if "date_of_birth" not in self.body["children"][place]:
            return {"child": place, "not_seen_why": "Not born yet."}
        return {
            "child": place,
            "seen_on": str(self.today),
            "views": "Told us in their own words; see the report.",
        }

    def review(self, referral: str) -> None:
        reviewer = self.person(with_role(HUB, Role.REVIEWER))
        criteria = reviewer.get("/api/v1/codes/review_criteria/").data["results"]
        judged = [{"criterion": row["code"], "verdict": "met"} for row in criteria]
        moved = reviewer.move(referral, "deliver", {"checklist": judged, "grade": "GOOD"})
        self.step(reviewer, "reads the report and delivers it", moved, 200)
        hub = self.coordinator
        days = {"follow_up_3_months": self.in_days(91), "follow_up_6_months": self.in_days(182)}
        moved = hub.move(referral, "close", {"outcome_code": "REPORT_USED", **days})
        self.step(hub, "closes the referral, with the days of the follow-up", moved, 200)

    # --- The end -------------------------------------------------------------------------------------------

    def finish(self) -> None:
        hub = self.coordinator
        printed = hub.get(f"{self.enquiry}summary.pdf?audience=authority")
        self.save(self.step(hub, "prints the summary for the authority (PDF)", printed, 200), "summary.pdf")
        found = self.system.get(self.enquiry)
        self.step(self.system, f"reads where it stands: {found.data.get('status')}", found, 200)


def as_object(sent: bytes) -> Body:
    """What was sent, if it is an object; the server says what is wrong with anything else."""
    try:
        body = json.loads(sent)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def whose(body: Body) -> str:
    """The authority it comes from: by a framework of Wales, the referrer's address, the language."""
    nation = book().codes.nation("legal_framework", str(part(body, "legal").get("framework", "")))
    if nation == Organisation.Nation.WALES:
        return CARDIFF
    domain = str(part(body, "referrer").get("email", "")).rpartition("@")[2].casefold()
    for label in domain.split("."):
        if label in DOMAINS:
            return DOMAINS[label]
    return CARDIFF if body.get("language") == "cy" else OLDHAM


def part(body: Body, name: str) -> Mapping[str, Any]:
    found = body.get(name)
    return found if isinstance(found, dict) else {}


def faults(answer: Answer) -> list[str]:
    """What the answer says is wrong, each fault with its place."""
    problem = answer.data if isinstance(answer.data, dict) else {}
    said = [f"{fault['pointer'] or '/'}: {fault['detail']}" for fault in problem.get("errors", [])]
    return [problem.get("detail") or "This was not expected here.", *said]
