"""Every page: its address as the URLconf has it, whose it is mainly, which record it shows, and its states.

The checks in a browser, the pictures and the figures of the pages all read this table.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from urllib.parse import quote

from intake.actions.dated import TABLES
from intake.lifecycle import ENQUIRY, Lifecycle, Role
from intake.models import ApiClient, Attachment, Flag, Import, SavedView, User
from intake.pages.writing.sections import PARTS
from referrals.lifecycle import REFERRAL
from referrals.models import BulkRun, Challenge, Feed, FollowUp, OversightEntry, PlanRun, RiskOpinion, Visit
from reports.models import Export, PrintRun
from tests.browser import finding
from tests.browser.finding import Finder, Names, enquiry, named, of_enquiry, of_referral, own, referral

NOBODY = ""
# A page whose form, sent empty, comes back with what is wrong.
WRONG = True


@dataclass(frozen=True)
class Page:
    """One page; `wrong`: there is an error state, `query`: what follows the address.

    `lands`: where the address leads to; `form`: which of several is sent empty; `halfway`: with a password only.
    """

    path: str
    who: str
    of: Finder = finding.anything
    wrong: bool = False
    query: str = ""
    status: int = 200
    lands: str = ""
    form: str = ""
    halfway: bool = False

    def __str__(self) -> str:
        return self.path.strip("/").replace("/", " ") + self.query or "home"

    @cached_property
    def found(self) -> "Found | None":
        """None where this world has no such record."""
        everybody = [User.objects.system()] if self.who == NOBODY else finding.people(self.who)
        for user in everybody:
            names = self.of(user)
            if names is not None:
                return self.filled(user, {key: quote(str(value)) for key, value in names.items()})
        return None

    def filled(self, user: User, names: Names) -> "Found":
        address = self.path.format(**names)
        lands = self.lands.format(**names) or address
        return Found(None if self.who == NOBODY else user, address + self.query.format(**names), lands)


class Found(NamedTuple):
    """Who looks, at which address, and at which path they arrive."""

    user: User | None
    address: str
    lands: str


R = Role
REFERRER, BOSS, COORDINATOR, MANAGER = R.REFERRER, R.AUTHORITY_MANAGER, R.COORDINATOR, R.MANAGER
LEAD, ASSESSOR, REVIEWER, AUDITOR = R.SERVICE_LEAD, R.ASSESSOR, R.REVIEWER, R.AUDITOR

draft, in_triage = enquiry("draft"), enquiry("in_triage")
sent = enquiry("submitted")
at_work, closed = referral("in_progress"), referral("closed")
visit = of_referral(Visit, number="number")
follow_up = of_referral(FollowUp, number="number")
flag = of_enquiry(Flag, flag="pk")
client = own(ApiClient, "organisation", client="pk")
person, former = finding.colleague(active=True), finding.colleague(active=False)
view = own(SavedView, "owner", view="pk")
opinion = of_enquiry(RiskOpinion, number="pk")
skill, leave = (
    finding.assessor(skill="assessor_profile__skill_rows__pk"),
    finding.assessor(leave="assessor_profile__leave_rows__pk"),
)
conflict = finding.assessor(conflict="conflicts__pk")
assessor = finding.assessor()
open_audit, audited = finding.audit(finished=False), finding.audit(finished=True)
to_do = finding.improvement(done_at=None)
E = "/enquiries/{reference}/"
X = "/referrals/{reference}/"

PUBLIC = (
    Page("/make-an-enquiry/", NOBODY),
    Page("/make-an-enquiry/danger/", NOBODY, query="?council=353"),
    Page("/make-an-enquiry/details/", NOBODY, wrong=WRONG),
    Page("/make-an-enquiry/sent/", NOBODY, finding.sent_at_the_door, query="?sent={sent}"),
    Page("/contact/", NOBODY, wrong=WRONG),
    Page("/accounts/login/", NOBODY, wrong=WRONG),
    Page("/accounts/password/reset/", NOBODY, wrong=WRONG),
    Page("/accounts/password/reset/done/", NOBODY),
    Page("/accounts/password/reset/key/done/", NOBODY),
    Page("/accounts/inactive/", NOBODY),
    Page(
        "/accounts/password/reset/key/{uidb36}-{key}/",
        NOBODY,
        finding.reset_key,
        WRONG,
        lands="/accounts/password/reset/key/{uidb36}-set-password/",
    ),
    Page("/accounts/2fa/authenticate/", AUDITOR, wrong=WRONG, halfway=True),
    Page("/accessibility/", NOBODY),
    Page("/cookies/", NOBODY),
    Page("/privacy/", NOBODY),
    Page("/no-such-page/", NOBODY, status=404),
    Page("/no-such-page/{name}/", COORDINATOR, named(name="signed-in"), status=404),
)
ACCOUNT = (
    Page("/account/letters/", REFERRER, wrong=WRONG),
    Page("/account/letters/", COORDINATOR),
    Page("/account/", REFERRER),
    Page("/accounts/sessions/", REFERRER),
    Page("/accounts/logout/", REFERRER),
    Page("/accounts/reauthenticate/", REFERRER, wrong=WRONG),
    Page("/accounts/password/change/", REFERRER, wrong=WRONG),
    Page("/accounts/2fa/", REFERRER),
    Page("/accounts/2fa/totp/activate/", REFERRER, wrong=WRONG),
    Page("/accounts/2fa/", AUDITOR),
    Page("/accounts/2fa/reauthenticate/", AUDITOR, wrong=WRONG),
    Page("/accounts/2fa/totp/deactivate/", AUDITOR),
    Page("/accounts/2fa/recovery-codes/", AUDITOR),
    Page("/accounts/2fa/recovery-codes/generate/", AUDITOR),
    Page("/accounts/2fa/webauthn/", AUDITOR),
    Page("/accounts/2fa/webauthn/add/", AUDITOR),
)
WRITING = (
    Page("/", REFERRER),
    Page("/enquiries/new/", REFERRER, wrong=WRONG),
    Page("/enquiries/new/what/", REFERRER, wrong=WRONG),
    Page("/enquiries/new/what/", COORDINATOR, query="?by=hub", wrong=WRONG),
    Page(E + "write/", REFERRER, draft),
    *(
        Page(E + "write/{section}/", REFERRER, enquiry("draft", section=code), query=f"?of={code}")
        for code in PARTS
    ),
    *(
        Page(
            E + "write/{section}/{place}/",
            REFERRER,
            enquiry("draft", section=code, place=0),
            query=f"?of={code}",
        )
        for code, part in PARTS.items()
        if part.rows and part.rows != "household"
    ),
    Page(E + "write/{section}/{place}/remove/", REFERRER, enquiry("draft", section="children", place=0)),
    Page(
        E + "write/another/",
        REFERRER,
        draft,
        WRONG,
        lands=E + "write/service/",
        form='[action$="/another/"]',
    ),
    Page(E + "write/check/", REFERRER, draft, WRONG),
    Page(E + "attach/", REFERRER, draft, WRONG),
    Page(E + "attachments/{pk}/remove/", REFERRER, of_enquiry(Attachment, pk="pk")),
    Page(E + "sent/", REFERRER, sent),
    Page(E + "again/", REFERRER, enquiry("declined")),
    Page("/enquiries/imports/", REFERRER, wrong=WRONG),
    Page("/enquiries/imports/{import_id}/", REFERRER, own(Import, "made_by", import_id="uid")),
    Page("/referrals/", REFERRER, query="?of=authority"),
    *(
        Page(E, REFERRER, enquiry(status), query=f"?at={status}")
        for status in ("submitted", "accepted", "declined", "information_requested")
    ),
    Page(E + "messages/", REFERRER, sent, WRONG),
    Page(E + "access/ask/", REFERRER, sent, WRONG),
    Page(X, REFERRER, referral("delivered", "closed")),
)
ORGANISATION = (
    Page("/organisation/people/", BOSS),
    Page("/organisation/people/invite/", BOSS, wrong=WRONG),
    Page("/organisation/people/{person}/", BOSS, person),
    Page("/organisation/people/{person}/retire/", BOSS, person),
    Page("/organisation/people/{person}/back/", BOSS, former),
    Page("/organisation/people/{person}/invite/", BOSS, person),
    Page("/organisation/api-clients/", BOSS),
    Page("/organisation/api-clients/issue/", BOSS, wrong=WRONG),
    Page("/organisation/api-clients/{client}/rotate/", BOSS, client),
    Page("/organisation/api-clients/{client}/retire/", BOSS, client),
    Page("/organisation/access/", BOSS),
    Page("/organisation/webhooks/", BOSS),
    Page("/organisation/webhooks/add/", BOSS, wrong=WRONG),
    *(
        Page("/organisation/webhooks/{webhook}/" + rest, BOSS, finding.webhook)
        for rest in ("", "rotate/", "on/", "off/", "remove/", "replay/{delivery}/")
    ),
)
TRIAGE = (
    Page("/desk/", COORDINATOR),
    Page("/desk/", REVIEWER, query="?of=reviewer"),
    Page("/search/", COORDINATOR, wrong=WRONG),
    Page("/enquiries/", COORDINATOR),
    Page("/enquiries/", COORDINATOR, query="?status=in_triage&clock=running&rows=compact"),
    Page("/enquiries/", COORDINATOR, query="?status=submitted&due_before=soon", status=400),
    *(
        Page(E, COORDINATOR, enquiry(status), query=f"?at={status}")
        for status in ("submitted", "in_triage", "accepted")
    ),
    Page(E + "history/", COORDINATOR, in_triage),
    Page(E + "print/", COORDINATOR, in_triage),
    Page(E + "print/{kind}/", REFERRER, enquiry("submitted", kind="summary"), query="?audience=authority"),
    Page(E + "print/{kind}/", MANAGER, enquiry("in_triage", kind="summary"), WRONG, "?audience=internal"),
    Page(E + "print/{kind}/", MANAGER, enquiry("accepted", kind="decision"), WRONG, "?audience=authority"),
    Page(E + "print/{kind}/", MANAGER, enquiry("in_triage", kind="chronology"), WRONG, "?audience=court"),
    Page(E + "messages/", COORDINATOR, in_triage, WRONG),
    Page(E + "flags/", COORDINATOR, in_triage, WRONG),
    Page(E + "flags/{flag}/lift/", COORDINATOR, flag),
    Page(E + "disclose/", COORDINATOR, in_triage, WRONG),
    Page(E + "related/", COORDINATOR, in_triage),
    Page(E + "related/answer/", COORDINATOR, finding.alike, WRONG, "?other={other}"),
    Page(E + "priority/", COORDINATOR, enquiry("submitted"), WRONG),
    Page(E + "access/conflict/", COORDINATOR, in_triage, WRONG),
    Page(E + "second-look/", MANAGER, finding.second_look, WRONG),
    Page(E + "oversight/{number}/done/", MANAGER, finding.of_whole_enquiry(OversightEntry), WRONG),
    Page(E + "challenges/{number}/", COORDINATOR, finding.of_whole_enquiry(Challenge), WRONG),
    Page(E + "risk-opinions/", MANAGER, in_triage, WRONG),
    Page(E + "risk-opinions/{number}/", COORDINATOR, opinion, WRONG),
    Page("/worklist/bulk/", COORDINATOR),
    Page("/worklist/bulk/{run}/", COORDINATOR, finding.run(BulkRun)),
    Page("/disposals/", MANAGER),
    Page("/packs/", BOSS),
    Page("/exports/", COORDINATOR),
    Page("/exports/", AUDITOR, query="?of=auditor"),
    Page("/exports/new/", COORDINATOR),
    Page("/exports/new/", MANAGER, wrong=WRONG, query="?of=census"),
    Page("/exports/new/", MANAGER, query="?of=figures&figure=decided"),
    Page("/exports/{export}/", COORDINATOR, own(Export, "made_by", export="uid")),
    Page("/exports/{export}/", MANAGER, own(Export, "made_by", export="uid"), query="?of=manager"),
    Page("/exports/{export}/agree/", AUDITOR, finding.to_agree(Export, export="uid"), WRONG),
    Page("/exports/log/", MANAGER),
    Page("/prints/", COORDINATOR),
    Page("/prints/basket/", COORDINATOR),
    Page("/prints/new/", COORDINATOR),
    Page("/prints/new/", COORDINATOR, query="?view={view}", of=view),
    Page("/prints/{run}/", COORDINATOR, finding.run(PrintRun)),
    Page("/prints/{run}/", MANAGER, finding.run(PrintRun), query="?of=manager"),
    Page("/prints/{run}/agree/", AUDITOR, finding.to_agree(PrintRun, run="uid"), WRONG),
    Page("/prints/log/", MANAGER),
    Page("/views/", COORDINATOR),
    Page("/views/save/", COORDINATOR, wrong=WRONG, query="?of=enquiries&status=submitted"),
    Page("/views/{view}/change/", COORDINATOR, view, WRONG),
    Page("/views/{view}/delete/", COORDINATOR, view),
    Page("/weights/", MANAGER, wrong=WRONG),
)
SETTINGS = (
    Page("/settings/", MANAGER),
    Page("/settings/", AUDITOR, query="?of=auditor"),
    *(Page("/settings/{table}/", MANAGER, named(table=code), query=f"?of={code}") for code in TABLES),
    *(
        Page("/settings/{table}/{row}/", MANAGER, finding.setting(code), WRONG, f"?of={code}")
        for code in TABLES
    ),
    Page("/closed-days/", MANAGER, wrong=WRONG),
    Page("/letters/", MANAGER),
    *(
        Page("/letters/{kind}/", MANAGER, named(kind=code), WRONG, f"?of={code}")
        for code in ("acknowledgement", "message", "public")
    ),
)
PLACING = (
    Page("/referrals/", COORDINATOR),
    Page("/referrals/", COORDINATOR, query="?status=waiting&sort=oldest"),
    *(
        Page(X, COORDINATOR, referral(status), query=f"?at={status}")
        for status in ("waiting", "in_progress", "in_review")
    ),
    Page(X + "co-worker/", COORDINATOR, at_work, WRONG),
    Page(X + "follow-ups/", COORDINATOR, closed),
    Page(X + "follow-ups/{number}/", COORDINATOR, follow_up, WRONG),
    Page("/planner/", COORDINATOR),
    Page("/planner/{run}/", COORDINATOR, finding.run(PlanRun)),
    Page("/assessment-services/", COORDINATOR),
    Page("/people/{person}/leaving/", MANAGER, finding.leaver, WRONG),
)
SERVICE = (
    Page("/", LEAD, query="?of=lead"),
    Page("/", ASSESSOR, query="?of=assessor"),
    Page("/referrals/", LEAD, query="?of=service"),
    Page(X, LEAD, referral("offered"), query="?at=offered"),
    Page("/assessment-services/{service}/", LEAD, finding.service),
    Page("/assessment-services/{service}/cover/", LEAD, finding.service),
    Page("/assessment-services/{service}/cover/{cover}/", LEAD, finding.service),
    Page("/assessment-services/{service}/assessors/", LEAD, finding.service, WRONG),
    Page("/assessors/{assessor}/", LEAD, assessor),
    Page("/assessors/{assessor}/change/", LEAD, assessor, WRONG),
    Page("/assessors/{assessor}/skills/", LEAD, assessor, WRONG),
    Page("/assessors/{assessor}/skills/{skill}/", LEAD, skill),
    Page("/assessors/{assessor}/leave/", LEAD, assessor, WRONG),
    Page("/assessors/{assessor}/leave/{leave}/", LEAD, leave),
    Page("/assessors/{assessor}/conflicts/", LEAD, assessor, WRONG),
    Page("/assessors/{assessor}/conflicts/{conflict}/", LEAD, conflict),
    Page("/organisation/calendar/", LEAD, wrong=WRONG),
    Page("/organisation/calendar/{feed}/revoke/", LEAD, own(Feed, "owner", feed="uid")),
    Page(E, ASSESSOR, enquiry("accepted"), query="?of=assessor"),
    Page(X, ASSESSOR, at_work, query="?of=assessor"),
    Page(X + "evidence/", ASSESSOR, at_work, WRONG),
    Page(X + "visits/", ASSESSOR, at_work, WRONG),
    Page(X + "visits/{number}/", ASSESSOR, visit, WRONG),
    Page(X + "visits/{number}/move/", ASSESSOR, visit, WRONG),
    Page(X + "visits/{number}/cancel/", ASSESSOR, visit, WRONG),
    Page(X + "challenges/{number}/", ASSESSOR, of_referral(Challenge, number="pk"), WRONG),
)
OVERSIGHT = (
    Page("/figures/", MANAGER, query="?compare=true"),
    Page("/figures/", MANAGER, query="?period=never", status=400),
    Page("/figures/{figure}/cases/", MANAGER, finding.named(figure="declined")),
    Page("/oversight/", MANAGER),
    Page("/audits/", COORDINATOR, open_audit),
    Page("/audits/", MANAGER, query="?list=finished"),
    Page("/audits/", LEAD, query="?of=lead"),
    Page("/audits/sample/", MANAGER, wrong=WRONG),
    Page("/audits/{audit}/", COORDINATOR, open_audit, WRONG),
    Page("/audits/{audit}/", LEAD, audited, query="?of=lead"),
    Page("/audits/{audit}/", MANAGER, audited, query="?of=manager"),
    Page("/audits/{audit}/assign/", MANAGER, audited, WRONG),
    Page("/audits/{audit}/return/", MANAGER, audited, WRONG),
    Page("/audits/{audit}/reply/", LEAD, audited, WRONG),
    Page(X + "audit/", MANAGER, closed, WRONG),
    Page("/improvements/", MANAGER),
    Page("/improvements/new/", MANAGER, wrong=WRONG),
    Page("/improvements/{improvement}/", MANAGER, finding.improvement(worked="yes")),
    Page("/improvements/{improvement}/change/", MANAGER, to_do, WRONG),
    Page("/improvements/{improvement}/done/", MANAGER, to_do, WRONG),
    Page("/improvements/{improvement}/check/", MANAGER, to_do, WRONG),
    Page("/patterns/", MANAGER),
    Page(E + "oversight/", MANAGER, in_triage, WRONG),
    Page(X + "oversight/", MANAGER, at_work, WRONG),
    Page(X + "oversight/{number}/done/", MANAGER, of_referral(OversightEntry, number="pk"), WRONG),
    Page(X + "challenge/", MANAGER, at_work, WRONG),
    Page("/access/", MANAGER),
    Page("/access/{pk}/", MANAGER, finding.proposal),
    Page(E + "access/", MANAGER, in_triage),
    Page(E + "access/restrict/", MANAGER, in_triage, WRONG),
    Page(E + "access/open/", MANAGER, in_triage, WRONG),
    Page(E + "access/take-off/", MANAGER, in_triage, WRONG),
    Page("/enquiries/open/", AUDITOR, wrong=WRONG),
    Page("/notices/", MANAGER, wrong=WRONG),
)


# --- The transitions: one page each, of the status they lead from -------------------------------------------------

# Those whose form cannot be wrong: a press, or nothing that must be given.
EASY = {"submit", "discard", "claim", "release", "undo", "start", "resume"}
WHOSE = (REFERRER, LEAD, ASSESSOR, COORDINATOR, REVIEWER, MANAGER)


def transitions(lifecycle: Lifecycle, address: str) -> Iterator[Page]:
    for name, step in lifecycle.items():
        who = next((role for role in WHOSE if role in step.by), None)
        if who is not None:
            path = address + name.replace("_", "-") + "/"
            yield Page(
                path,
                ASSESSOR if ASSESSOR in step.by else who,
                finding.to_move(lifecycle, name),
                name not in EASY,
            )


PAGES = (
    *PUBLIC,
    *ACCOUNT,
    *WRITING,
    *ORGANISATION,
    *TRIAGE,
    *SETTINGS,
    *transitions(ENQUIRY, E),
    *PLACING,
    *transitions(REFERRAL, X),
    *SERVICE,
    *OVERSIGHT,
)

# With nothing to show, in a world of people only.
EMPTY = (
    *(
        Page(path, REFERRER)
        for path in ("/", "/enquiries/", "/referrals/", "/search/", "/enquiries/imports/")
    ),
    *(Page(f"/organisation/{path}/", BOSS) for path in ("api-clients", "access", "webhooks")),
    *(
        Page(path, COORDINATOR)
        for path in ("/desk/", "/enquiries/", "/referrals/", "/search/", "/planner/", "/views/")
    ),
    Page("/enquiries/", COORDINATOR, query="?status=information_requested&q=nobody"),
    Page("/assessment-services/", COORDINATOR),
    *(
        Page(path, MANAGER)
        for path in (
            "/oversight/",
            "/audits/",
            "/improvements/",
            "/access/",
            "/notices/",
        )
    ),
    Page("/audits/", LEAD),
    Page("/audits/", MANAGER, query="?list=open"),
    Page("/enquiries/", AUDITOR),
    *(Page(path, LEAD) for path in ("/", "/referrals/", "/organisation/calendar/")),
    Page("/assessors/{assessor}/", LEAD, assessor),
    *(Page(path, ASSESSOR) for path in ("/", "/referrals/")),
    Page("/desk/", REVIEWER),
)

# Addresses that are no page of their own, and why.
NO_PAGES = {
    "/account/session/": "asked by an open page",
    "/health/live/": "a word for a load balancer",
    "/health/ready/": "a word for a load balancer",
    "/problems/{name}/": "a line of plain text, the type of a problem document",
    "/accounts/2fa/recovery-codes/download/": "a file",
    "/accounts/2fa/webauthn/reauthenticate/": "leads to the page that asks for the code",
    "/accounts/2fa/webauthn/keys/{pk}/remove/": "needs a key in somebody's hand",
    "/accounts/2fa/webauthn/keys/{pk}/edit/": "needs a key in somebody's hand",
    "/accounts/password/set/": "leads to the page that changes it",
    "/accounts/login/code/confirm/": "leads to the sign-in page: no codes by e-mail",
    "/accounts/email/": "addresses are changed by one's organisation",
    "/accounts/confirm-email/": "addresses are not confirmed by e-mail",
    "/accounts/confirm-email/{key}/": "addresses are not confirmed by e-mail",
    "/accounts/signup/": "leads to the sign-in page: nobody signs up",
    "/enquiries/{reference}/attachments/{pk}/": "a file",
    "/referrals/{reference}/attachments/{pk}/": "a file",
    "/enquiries/{reference}/acknowledgement.pdf": "a file",
    "/figures.pdf": "a file",
    "/figures/pack.pdf": "a file",
    "/worklist.pdf": "a file",
    "/referrals.pdf": "a file",
    "/calendar/{feed}.ics": "a file for a calendar",
    "/calendar/{feed}/{key}.ics": "a file for a calendar",
    "/assessors/mine/": "leads to one's own page",
    "/views/{view}/": "leads to the list",
    "/worklist/bulk/{run}/apply/": "leads to the run",
    "/planner/{run}/apply/": "leads to the plan",
    "/disposals/{disposal}/certificate.pdf": "a file",
    "/packs/{pack}/pack.pdf": "a file",
    "/exports/{export}/cancel/": "leads to the export",
    "/exports/{export}/file/": "a file",
    "/prints/{run}/start/": "leads to the run",
    "/prints/{run}/cancel/": "leads to the run",
    "/prints/{run}/resume/": "leads to the run",
    "/prints/{run}/file/": "a file",
    "/enquiries/imports/{import_id}/apply/": "leads to the import",
    "/enquiries/{reference}/lapse/": "by the system only",
    "/enquiries/{reference}/close/": "by the system only",
    "/referrals/{reference}/lapse-offer/": "by the system only",
}
