"""Hostile and half requests: each is a problem document, writes nothing, and the list still answers afterwards."""

import gzip
import json
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from intake.models import Enquiry, Event, IdempotencyKey, Notification, Person
from tests.conftest import bearer
from tests.factories import World, example

E = "/api/v1/enquiries/"
JSON = "application/json"


@dataclass(frozen=True)
class Sent:
    """A request, and the status it deserves."""

    status: int
    body: Any = b""
    path: str = E
    method: str = "POST"
    kind: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    token: str | None = "good"


def raw(text: str) -> bytes:
    return text.encode()


def body(**changes: Any) -> bytes:
    return json.dumps({**example(), **changes}).encode()


def inside(place: str, value: Any) -> bytes:
    """The example with one place of it changed."""
    whole: Any = example()
    at = whole
    *way, last = place.split("/")
    for part in way:
        at = at[int(part)] if isinstance(at, list) else at.setdefault(part, {})
    if isinstance(at, list):
        at[int(last)] = value
    else:
        at[last] = value
    return json.dumps(whole).encode()


GOOD = json.dumps(example())
DEEP = '{"a":' * 3_000 + "1" + "}" * 3_000

REQUESTS: dict[str, Sent] = {
    # Bodies that are no JSON, or JSON that two readers could understand differently.
    "nothing": Sent(422),
    "not json": Sent(400, b"kind: referral"),
    "half a body": Sent(400, GOOD[: len(GOOD) // 2].encode()),
    "two bodies": Sent(400, (GOOD + GOOD).encode()),
    "a comment": Sent(400, raw('{"kind": "referral" /* yes */}')),
    "a trailing comma": Sent(400, raw('{"kind": "referral",}')),
    "single quotes": Sent(400, raw("{'kind': 'referral'}")),
    "a member twice": Sent(400, raw('{"kind": "referral", "kind": "general"}')),
    "a member twice, below": Sent(400, raw('{"referrer": {"name": "a", "name": "b"}}')),
    "a member twice, once escaped": Sent(400, raw('{"kind": "general", "\\u006bind": "referral"}')),
    "NaN": Sent(400, raw('{"kind": NaN}')),
    "Infinity": Sent(400, raw('{"kind": -Infinity}')),
    "a lone surrogate": Sent(400, raw('{"background": "\\ud800"}')),
    "a lone surrogate as a name": Sent(400, raw('{"\\udc00": 1}')),
    "NUL": Sent(400, raw('{"background": "a\\u0000b"}')),
    "a bare control character": Sent(400, b'{"background": "a\x01b"}'),
    "too deep": Sent(400, raw(DEEP)),
    "too deep in lists": Sent(400, raw("[" * 5_000 + "]" * 5_000)),
    "a huge whole number": Sent(400, raw('{"kind": ' + "9" * 5_000 + "}")),
    "a large whole number": Sent(400, inside("household/0/age", 2**70)),
    "a huge exponent": Sent(400, raw('{"kind": 1e999}')),
    "bytes that are no UTF-8": Sent(400, b'{"background": "\xff\xfe"}'),
    "UTF-16": Sent(400, GOOD.encode("utf-16")),
    "a byte order mark": Sent(400, b"\xef\xbb\xbf" + GOOD.encode()),
    "two megabytes": Sent(413, json.dumps({"background": "x" * 2_000_000}).encode()),
    # Wrong types.
    "a list": Sent(422, b"[]"),
    "a text": Sent(422, b'"referral"'),
    "a number": Sent(422, b"1"),
    "null": Sent(422, b"null"),
    "true": Sent(422, b"true"),
    "an unknown member": Sent(422, body(surprise=1)),
    "an unknown member below": Sent(422, inside("children/0/surprise", 1)),
    "a read-only member": Sent(422, body(reference="ENQ-2222-2222-2")),
    "a status": Sent(422, body(status="closed")),
    "__proto__": Sent(422, body(__proto__={"admin": True})),
    "an object for a list": Sent(422, body(children={"0": {}})),
    "a list for an object": Sent(422, body(referrer=[])),
    "a list for a text": Sent(422, body(background=["a"])),
    "a number for a text": Sent(422, body(background=7)),
    "a text for a number": Sent(422, inside("household/0/age", "58")),
    "a fraction for a number": Sent(422, inside("household/0/age", 58.5)),
    "true for a number": Sent(422, inside("household/0/age", True)),
    "yes for true": Sent(422, inside("declaration/accurate", "yes")),
    "1 for true": Sent(422, inside("declaration/accurate", 1)),
    "null for a section": Sent(422, body(legal=None)),
    "null for a list": Sent(422, body(assessments=None)),
    "a null in a list": Sent(422, body(children=[None])),
    "a text in a list of objects": Sent(422, body(children=["Ben"])),
    "a list in a list": Sent(422, body(children=[[]])),
    "a number among questions": Sent(422, inside("assessments/0/questions", [1, None, {}])),
    "a place that is no number": Sent(422, inside("assessments/0/children", ["0"])),
    "a place that is not there": Sent(422, inside("assessments/0/children", [7])),
    "a place below nought": Sent(422, inside("assessments/0/children", [-1])),
    "a type that is a list": Sent(422, inside("assessments/0/type", ["PA"])),
    "a type that is none": Sent(422, inside("assessments/0/type", "'; DROP TABLE")),
    "an assessment without a type": Sent(422, inside("assessments/0", {})),
    "a date that is a time": Sent(422, inside("children/0/date_of_birth", "2020-01-01T00:00:00Z")),
    "a date that is none": Sent(422, inside("children/0/date_of_birth", "2021-02-30")),
    "a date in the year 10000": Sent(422, inside("children/0/date_of_birth", "10000-01-01")),
    "a date in other digits": Sent(422, inside("children/0/date_of_birth", "２０２０-０１-０１")),
    "a date in the future": Sent(422, inside("children/0/date_of_birth", "2190-01-01")),
    "a name of spaces": Sent(422, inside("children/0/name", "   ")),
    "a name of 5000 characters": Sent(422, inside("children/0/name", "x" * 5_000)),
    "a text of 200,000 characters": Sent(422, body(background="x" * 200_000)),
    "1000 children": Sent(422, body(children=example()["children"] * 500)),
    "an e-mail address with a line in it": Sent(
        422, inside("referrer/email", "a@b.example\nBcc: c@d.example")
    ),
    "an e-mail address that is none": Sent(422, inside("referrer/email", "nobody")),
    "an NHS number that is none": Sent(422, inside("children/0/nhs_number", "1234567890")),
    "an NHS number in other digits": Sent(422, inside("children/0/nhs_number", "٩٤٣٤٧٦٥٩١٩")),
    "a post code that is none": Sent(422, inside("adults/0/address/postcode", "'; --")),
    "a level of risk that is none": Sent(422, inside("risks/0/level", {"$gt": ""})),
    "a child in danger": Sent(422, inside("urgency/immediate_danger", True)),
    "another's authority": Sent(403, body(authority="936")),
    "an authority that is none": Sent(422, body(authority="000")),
    # Other content than JSON.
    "a form": Sent(415, b"kind=referral", kind="application/x-www-form-urlencoded"),
    "a multipart form": Sent(415, b"--x--\r\n", kind="multipart/form-data; boundary=x"),
    "XML": Sent(
        415, b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', kind="application/xml"
    ),
    "plain text": Sent(415, GOOD.encode(), kind="text/plain"),
    "no content type": Sent(415, GOOD.encode(), kind=""),
    "Latin-1": Sent(415, GOOD.encode(), kind="application/json; charset=iso-8859-1"),
    "an unknown charset": Sent(415, GOOD.encode(), kind="application/json; charset=klingon"),
    "gzip": Sent(415, gzip.compress(GOOD.encode()), headers={"Content-Encoding": "gzip"}),
    # Methods.
    "PUT": Sent(405, GOOD.encode(), method="PUT"),
    "DELETE": Sent(405, method="DELETE"),
    "PATCH of the list": Sent(405, GOOD.encode(), method="PATCH"),
    "TRACE": Sent(405, method="TRACE"),
    "an unknown method": Sent(405, method="PROPFIND"),
    "OPTIONS": Sent(405, method="OPTIONS"),
    "a method in a header": Sent(422, b"{}", headers={"X-HTTP-Method-Override": "DELETE"}),
    # Headers.
    "a key of 300 characters": Sent(400, GOOD.encode(), headers={"Idempotency-Key": "x" * 300}),
    "a key with a control character": Sent(400, GOOD.encode(), headers={"Idempotency-Key": "a\x07b"}),
    # Paths and parameters.
    "an unknown path": Sent(404, path="/api/v1/nothing/"),
    "another version": Sent(404, path="/api/v2/enquiries/"),
    "a path upwards": Sent(404, path=E + "../../admin/"),
    "a path upwards, encoded": Sent(404, path=E + "..%2f..%2fadmin/", method="GET"),
    "an encoded NUL in the path": Sent(404, path=E + "ENQ%00/", method="GET"),
    "SQL for a reference": Sent(404, path=E + "' OR 1=1 --/", method="GET"),
    "a reference of 5000 characters": Sent(404, path=E + "A" * 5_000 + "/", method="GET"),
    "an emoji for a reference": Sent(404, path=E + "👶/", method="GET"),
    "an unknown parameter": Sent(400, path=E + "?stauts=closed", method="GET"),
    "an unknown status": Sent(400, path=E + "?status=nonsense", method="GET"),
    "an unknown ordering": Sent(400, path=E + "?ordering=created_by__password", method="GET"),
    "a cursor that is none": Sent(400, path=E + "?cursor=bm9uc2Vuc2U", method="GET"),
    "a cursor with NUL": Sent(400, path=E + "?cursor=cD0lMDA=", method="GET"),
    "a page of many": Sent(400, path=E + "?page_size=100000", method="GET"),
    "a page of none": Sent(400, path=E + "?page_size=0", method="GET"),
    "a page of nonsense": Sent(400, path=E + "?page_size=ten", method="GET"),
    "a date that is none, as a filter": Sent(400, path=E + "?received_after=yesterday", method="GET"),
    "an owner that is nobody's number": Sent(400, path=E + "?owner=ann", method="GET"),
    "an owner of a huge number": Sent(400, path=E + "?owner=" + "9" * 30, method="GET"),
    "NUL in a search": Sent(400, path=E + "?q=a%00b", method="GET"),
    "a code list that is none": Sent(404, path="/api/v1/codes/passwords/", method="GET"),
    "a code list's day that is none": Sent(400, path="/api/v1/codes/sex/?on=soon", method="GET"),
    # Who calls.
    "nobody": Sent(401, GOOD.encode(), token=None),
    "a wrong token": Sent(401, GOOD.encode(), token="Bearer wrong"),
    "an empty token": Sent(401, GOOD.encode(), token="Bearer "),
    "a token with a stranger's scheme": Sent(401, GOOD.encode(), token="Negotiate abc"),
    "Basic": Sent(401, GOOD.encode(), token="Basic " + b64encode(b"a:b").decode()),
    "a token in the query": Sent(401, GOOD.encode(), path=E + "?access_token=abc", token=None),
    "an expired token": Sent(401, GOOD.encode(), token="expired"),
}
# Odd, and right: taken as it stands.
ACCEPTED: dict[str, Sent] = {
    "20,000 characters of case notes": Sent(
        201, body(background="She said “no”; ' OR 1=1 -- <b>&amp; " * 550)
    ),
    "emoji": Sent(201, inside("children/0/known_as", "Bee 🐝")),
    "right to left": Sent(201, inside("adults/0/solicitor", "‏محمد علي")),
    "a name with an apostrophe and SQL": Sent(
        201, inside("adults/0/name", "Robert'); DROP TABLE students;--")
    ),
    "a decomposed accent": Sent(201, inside("children/0/name", "Zoe\u0308 Doyle")),
    "a charset in capitals": Sent(201, GOOD.encode(), kind='application/json; charset="UTF-8"'),
    "an Accept that we do not speak": Sent(201, GOOD.encode(), headers={"Accept": "text/html"}),
    "an Accept of an unknown version": Sent(201, GOOD.encode(), headers={"Accept": "application/xml;q=1"}),
    "a method in a header": Sent(201, GOOD.encode(), headers={"X-HTTP-Method-Override": "DELETE"}),
    "a search with SQL": Sent(200, path=E + "?q=' OR 1=1 --", method="GET"),
    "a search of 5000 characters": Sent(200, path=E + "?q=" + "a" * 5_000, method="GET"),
    "a search for wild cards": Sent(200, path=E + "?q=%25_%5C", method="GET"),
    "HEAD": Sent(200, method="HEAD"),
}


@pytest.fixture
def ask(world: World) -> Any:
    """Send a request as Oldham's case system, without a second door."""
    client, good = Client(raise_request_exception=False), bearer(*world.client)

    def send(sent: Sent) -> Any:
        token = {"good": good, "expired": expired(world) if sent.token == "expired" else ""}.get(
            sent.token or "", sent.token
        )
        headers = {**sent.headers, **({"Authorization": token} if token else {})}
        return client.generic(sent.method, sent.path, sent.body, content_type=sent.kind, headers=headers)

    return send


def expired(world: World) -> str:
    header = bearer(*world.client)
    newest = get_access_token_model().objects.order_by("-pk").first()
    newest.expires = timezone.now() - timedelta(seconds=1)
    newest.save()
    return header


def written() -> tuple[int, ...]:
    return tuple(m.objects.count() for m in (Enquiry, Person, Event, Notification, IdempotencyKey))


@pytest.mark.parametrize("name", list(REQUESTS))
def test_a_bad_request_is_a_problem_writes_nothing_and_harms_nobody(ask: Any, name: str) -> None:
    sent, before = REQUESTS[name], written()
    response = ask(sent)
    assert response.status_code == sent.status, response.content[:500]
    if sent.method != "HEAD":
        problem = response.json()
        assert response["Content-Type"] == "application/problem+json"
        assert {"type", "title", "status", "detail", "errors", "trace_id"} <= set(problem)
        assert problem["status"] == sent.status
        assert sent.status != 422 or problem["errors"], "Each fault is named at its place."
    assert response["Cache-Control"] == "no-store"
    assert written() == before
    assert ask(Sent(200, method="GET")).status_code == 200


@pytest.mark.parametrize("name", list(ACCEPTED))
def test_an_odd_request_that_is_right_is_taken(ask: Any, name: str) -> None:
    sent = ACCEPTED[name]
    response = ask(sent)
    assert response.status_code == sent.status, response.content[:500]


TRANSITION: dict[str, Sent] = {
    "no If-Match": Sent(428, b'{"reason_code": "FUNDING"}'),
    "an empty If-Match": Sent(428, b'{"reason_code": "FUNDING"}', headers={"If-Match": " "}),
    "an If-Match of another version": Sent(412, b'{"reason_code": "FUNDING"}', headers={"If-Match": '"7"'}),
    "an If-Match that is none": Sent(412, b'{"reason_code": "FUNDING"}', headers={"If-Match": "yes"}),
    "an If-Match of a huge number": Sent(
        412, b'{"reason_code": "FUNDING"}', headers={"If-Match": f'"{9**99}"'}
    ),
    "an If-Match of anything": Sent(412, b'{"reason_code": "FUNDING"}', headers={"If-Match": "*"}),
    "no reason": Sent(422, b"{}", headers={"If-Match": '"1"'}),
    "a reason of spaces": Sent(422, b'{"reason_code": "  "}', headers={"If-Match": '"1"'}),
    "a reason of another list": Sent(422, b'{"reason_code": "AREA"}', headers={"If-Match": '"1"'}),
    "a reason that is a list": Sent(422, b'{"reason_code": ["FUNDING"]}', headers={"If-Match": '"1"'}),
    "a member that is none": Sent(422, b'{"reason_code": "FUNDING", "by": 1}', headers={"If-Match": '"1"'}),
    "a list": Sent(422, b"[]", headers={"If-Match": '"1"'}),
    "not json": Sent(400, b"{", headers={"If-Match": '"1"'}),
    "a form": Sent(
        415, b"reason_code=FUNDING", kind="application/x-www-form-urlencoded", headers={"If-Match": '"1"'}
    ),
}


@pytest.mark.parametrize("name", list(TRANSITION))
def test_a_bad_transition_moves_nothing(world: World, ask: Any, name: str) -> None:
    sent, enquiry = TRANSITION[name], world.enquiry()
    before = written()
    response = ask(
        Sent(sent.status, sent.body, f"{E}{enquiry.reference}/withdraw/", "POST", sent.kind, sent.headers)
    )
    assert response.status_code == sent.status, response.content[:500]
    assert response["Content-Type"] == "application/problem+json"
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.version, written()) == ("submitted", 1, before)


def test_a_token_without_the_scope_reads_or_writes_nothing(world: World) -> None:
    client = Client(headers={"Authorization": bearer(*world.client, scope="enquiries:read")})
    assert client.get(E).status_code == 200
    assert client.post(E, example(), content_type=JSON).status_code == 403
    assert client.get("/api/v1/referrals/").status_code == 403


def test_a_token_of_a_retired_client_is_worth_nothing(world: World) -> None:
    client = Client(headers={"Authorization": bearer(*world.client)})
    world.case_system.is_active = False
    world.case_system.save()
    assert client.get(E).status_code == 401


def test_a_page_sent_from_elsewhere_moves_nothing(world: World) -> None:
    """The session counts only together with the page's own CSRF token."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.coordinator, backend="allauth.account.auth_backends.AuthenticationBackend")
    enquiry = world.enquiry()
    answer = client.post(
        f"{E}{enquiry.reference}/claim/", "{}", content_type=JSON, headers={"If-Match": enquiry.etag}
    )
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
