"""Hostile requests as data, door by door: who sends what, and the status it deserves.

`MARK` stands in what is sent wherever it can: no answer and no line of the log repeats it.
"""

import gzip
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.factories import PDF, example

MARK = "Zyxwvut"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
V1 = "/api/v1/"
E = V1 + "enquiries/"
NONE = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"


@dataclass(frozen=True)
class Sent:
    """A request. In the path, {enquiry} and the like stand for what is there in the test."""

    status: int
    path: str
    body: bytes = b""
    method: str = "POST"
    kind: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


def get(status: int, path: str, **more: Any) -> Sent:
    return Sent(status, path, method="GET", **more)


def post(status: int, path: str, value: Any, **headers: str) -> Sent:
    return Sent(status, path, json.dumps(value).encode(), headers=headers)


def cursor(text: str) -> str:
    return "?cursor=" + urlsafe_b64encode(text.encode()).decode().rstrip("=")


def part(name: str, value: bytes = b"order", more: str = "", head: str = "") -> bytes:
    first = f'--x\r\nContent-Disposition: form-data; name="{name}"{more}\r\n{head}\r\n'
    return first.encode() + value + b"\r\n"


def parts(*each: bytes) -> bytes:
    return b"".join(each) + b"--x--\r\n"


def form(status: int, path: str, *each: bytes, kind: str = PARTS, **headers: str) -> Sent:
    return Sent(status, path, parts(*each), kind=kind, headers=headers)


FILE = part("file", PDF, '; filename="order.pdf"')
GOOD = json.dumps(example()).encode()
BEYOND = '"\\"' + '\\"' * 20_000

READING = {
    "quotes without an end": Sent(400, E, b"[" * 21 + BEYOND.encode()),
    "a member twice, in two spellings of a letter": Sent(
        400, E, '{"kind": 1, "p\u00e9": 1, "pe\u0301": 2}'.encode()
    ),
    "a fraction beyond infinity": Sent(400, E, b'{"kind": 1' + b"0" * 400 + b".5}"),
    "blanks only": Sent(400, E, b" \r\n\t "),
    "bytes of UTF-8 for a surrogate": Sent(400, E, b'{"background": "\xed\xa0\x80"}'),
    "an overlong slash": Sent(400, E, b'{"background": "\xc0\xaf"}'),
    "hexadecimal": Sent(400, E, b'{"kind": 0x41}'),
    "a number with a plus": Sent(400, E, b'{"kind": +1}'),
    "an unfinished escape": Sent(400, E, b'{"background": "\\u12"}'),
    "many members that are none": Sent(
        422, E, json.dumps(dict.fromkeys(map(str, range(50_000)), 1)).encode()
    ),
    "a type with a parameter of JSON": Sent(415, E, GOOD, kind="application/vnd.api+json"),
    "two types": Sent(415, E, GOOD, kind="application/json, text/plain"),
    "a charset of nothing": Sent(415, E, GOOD, kind="application/json; charset="),
    "a charset that packs": Sent(415, E, GOOD, kind="application/json; charset=zlib"),
    "deflate": Sent(415, E, GOOD, headers={"Content-Encoding": "deflate"}),
    "two codings": Sent(415, E, GOOD, headers={"Content-Encoding": "identity, gzip"}),
    "chunks": Sent(411, E, GOOD, headers={"Transfer-Encoding": "chunked"}),
    "more than it announces": Sent(400, E, GOOD, headers={"Content-Length": "50"}),
    "less than a gigabyte that it announces": Sent(413, E, GOOD, headers={"Content-Length": "1000000000"}),
    "an empty key": Sent(400, E, GOOD, headers={"Idempotency-Key": ""}),
    "an empty key in quotes": Sent(400, E, GOOD, headers={"Idempotency-Key": '""'}),
    "another's host": Sent(400, E, GOOD, headers={"Host": f"{MARK}.example"}),
    "a host with a path": Sent(400, E, GOOD, headers={"Host": f"testserver/{MARK}"}),
    "NUL in a cookie": get(400, E, headers={"Cookie": 'sessionid="abcdefgh\\000"'}),
    "a token with a line's end": get(401, E, headers={"Authorization": "Bearer a\tb"}),
}
LISTS = {
    "two cursors": get(400, E + "?cursor=a&cursor=b"),
    "two page sizes": get(400, E + "?page_size=1&page_size=2"),
    "two orders": get(400, E + "?ordering=due_at&ordering=-due_at"),
    "two searches": get(400, E + f"?q={MARK}&q=b"),
    "a parameter of NUL": get(400, E + "?%00=1"),
    "a percent sign alone": get(400, E + "?q=100%"),
    "bytes that are no UTF-8": get(400, E + "?q=%ff%fe"),
    "a surrogate": get(400, E + "?q=%ed%a0%80"),
    "a day before all days": get(400, E + "?received_after=0000-00-00"),
    "a cursor nested deep": get(400, E + cursor("[" * 5_000)),
    "a cursor of infinity": get(400, E + "{enquiry}/events/" + cursor('["sequence", false, Infinity, 1]')),
    "a cursor beyond numbers": get(400, E + "{enquiry}/events/" + cursor('["sequence", false, 1e999, 1]')),
    "a cursor far below nought": get(400, E + cursor(f'["-received_at", false, null, {-(2**70)}]')),
    "a cursor at the end of time": get(
        400, E + cursor('["-received_at", false, "9999-12-31T23:59:59-23:00", 1]')
    ),
    "a cursor of a list": get(400, E + cursor('["-received_at", false, ["a"], 1]')),
    "a cursor that is an object": get(400, E + cursor('{"a":1,"b":2,"c":3,"d":4}')),
    "a cursor of another order": get(
        400, E + "?ordering=due_at&" + cursor('["-received_at",false,null,1]')[1:]
    ),
    "NUL in the middle of a path": get(404, E + "{enquiry}%00/"),
    "a path in another alphabet": get(404, E + "ЕΝԚ-2222-2222-2/"),
    "a nation that is none": get(400, V1 + f"assessment-types/PA/requirements/?nation={MARK}"),
    "two nations": get(400, V1 + "assessment-types/PA/requirements/?nation=Wales&nation=England"),
    "a day with blanks": get(400, V1 + "assessment-types/PA/requirements/?on=2027-03-05%20"),
    "a type upwards": get(404, V1 + "assessment-types/..%2f..%2fetc/requirements/"),
    "a type of 5000 characters": get(404, V1 + "assessment-types/" + "A" * 5_000 + "/requirements/"),
    "the letters of a GET": get(415, E, headers={"Content-Type": "application/json; charset=utf-7"}),
}
M = E + "{enquiry}/messages/"
MESSAGES = {
    "nothing": post(422, M, {}),
    "blanks": post(422, M, {"text": " \n "}),
    "too long a text": post(422, M, {"text": MARK * 20_000}),
    "a list for a text": post(422, M, {"text": [MARK]}),
    "an audience of nobody": post(422, M, {"text": MARK, "audience": "everybody"}),
    "an audience of two": post(422, M, {"text": MARK, "audience": ["hub", "authority"]}),
    "in another's name": post(422, M, {"text": MARK, "by": "Ann"}),
    "a time of its own": post(422, M, {"text": MARK, "at": "2020-01-01T00:00:00Z"}),
    "NUL": post(400, M, {"text": MARK + "\0"}),
    "a form": Sent(415, M, f"text={MARK}".encode(), kind=FORM),
    "taken back": Sent(405, M, method="DELETE"),
    "changed": Sent(405, M, b"{}", method="PUT"),
    "an audience to read that is none": get(400, M + f"?audience={MARK}"),
    "two audiences to read": get(400, M + "?audience=hub&audience=authority"),
    "to nowhere": post(404, E + "ENQ-2222-2222-2/messages/", {"text": MARK}),
}
A = E + "{enquiry}/attachments/"
ROLE = part("role")
ATTACHMENTS = {
    "nothing": Sent(422, A, kind=PARTS),
    "JSON": post(415, A, {"file": MARK}),
    "a simple form": Sent(415, A, f"file={MARK}".encode(), kind=FORM),
    "no boundary": form(400, A, ROLE, FILE, kind="multipart/form-data"),
    "an empty boundary": form(400, A, ROLE, FILE, kind="multipart/form-data; boundary="),
    "a boundary of 300 characters": form(
        400, A, ROLE, FILE, kind="multipart/form-data; boundary=" + MARK * 50
    ),
    "another boundary": form(422, A, ROLE, FILE, kind=f"multipart/form-data; boundary={MARK}"),
    "multipart of another sort": form(415, A, ROLE, FILE, kind="multipart/mixed; boundary=x"),
    "letters that pack": form(415, A, ROLE, FILE, kind=PARTS + "; charset=hex"),
    "packed": Sent(415, A, gzip.compress(FILE), kind=PARTS, headers={"Content-Encoding": "gzip"}),
    "no file": form(422, A, ROLE),
    "a text for a file": form(422, A, ROLE, part("file", MARK.encode())),
    "a file for a role": form(422, A, part("role", PDF, '; filename="a.pdf"'), FILE),
    "two files": form(422, A, ROLE, FILE, FILE),
    "two roles": form(422, A, ROLE, ROLE, FILE),
    "six files": form(400, A, ROLE, *[FILE] * 6),
    "2100 members": form(400, A, *[part(f"a{n}") for n in range(2_100)]),
    "a member that is none": form(422, A, ROLE, FILE, part("state", b"clean")),
    "a role that is none": form(422, A, part("role", MARK.encode()), FILE),
    "a role of 5000 characters": form(422, A, part("role", b"a" * 5_000), FILE),
    "a role with NUL": form(422, A, part("role", b"order\0"), FILE),
    "a head of 5000 characters": form(400, A, ROLE, part("file", PDF, head="X-A: " + "a" * 5_000 + "\r\n")),
    "base64 that is none": form(
        422, A, part("role", b"@@@@=", head="Content-Transfer-Encoding: base64\r\n"), FILE
    ),
    "a name in letters unknown": form(422, A, ROLE, part("file", PDF, "; filename*=klingon''a.pdf")),
    "a name of surrogates": form(422, A, ROLE, part("file", PDF, "; filename*=utf-7''%2B2AA-")),
    "a program": form(422, A, ROLE, part("file", b"MZ\x90" + MARK.encode(), '; filename="order.pdf"')),
    "a page": form(422, A, ROLE, part("file", b"<script>" + MARK.encode(), '; filename="order.html"')),
    "an empty file": form(422, A, ROLE, part("file", b"", '; filename="order.pdf"')),
    "half of a body": Sent(422, A, parts(ROLE, FILE)[:120], kind=PARTS),
    "a number beyond the database": get(404, A + "9" * 30 + "/"),
    "a number beyond Python": get(404, A + "9" * 5_000 + "/"),
    "a number below nought": get(404, A + "-1/"),
    "a number in other digits": get(404, A + "١/"),
    "a file that is not there, taken away": Sent(404, A + "0/", method="DELETE"),
}
I = E + "imports/"  # noqa: E741
ROWS = part("file", b"kind\r\ngeneral\r\n", '; filename="a.csv"')
IMPORTS = {
    "nothing": Sent(422, I, kind=PARTS),
    "JSON": post(415, I, [example()]),
    "no boundary": form(400, I, ROWS, kind="multipart/form-data"),
    "a text for a file": form(422, I, part("file", MARK.encode())),
    "an empty file": form(422, I, part("file", b"", '; filename="a.csv"')),
    "names only": form(422, I, part("file", b"kind\r\n", '; filename="a.csv"')),
    "bytes that are no UTF-8": form(422, I, part("file", b"kind\r\n\xff\xfe\r\n", '; filename="a.csv"')),
    "a quote without an end": form(
        422, I, part("file", b'kind\r\n"' + MARK.encode() + b"\r\n", '; filename="a.csv"')
    ),
    "3000 columns": form(
        422, I, part("file", b",".join([b"kind"] * 3_000) + b"\r\na\r\n", '; filename="a.csv"')
    ),
    "6000 rows": form(422, I, part("file", b"kind\r\n" + b"a\r\n" * 6_000, '; filename="a.csv"')),
    "eleven megabytes": form(422, I, part("file", b"kind\r\n" + b"a" * (11 * 2**20), '; filename="a.csv"')),
    "a spreadsheet": form(422, I, ROWS, part("format", b"xlsx")),
    "perhaps": form(422, I, ROWS, part("dry_run", MARK.encode())),
    "a member that is none": form(422, I, ROWS, part("state", b"done")),
    "an authority that is none": form(422, I, ROWS, part("authority", b"000")),
    "an authority of many signs": form(422, I, ROWS, part("authority", MARK.encode())),
    "a number that is none": get(404, I + f"{MARK}/"),
    "an import that is not there": get(404, I + NONE + "/"),
    "a reply that is not there": get(404, I + NONE + "/reply.csv"),
    "one that is not there, applied": post(404, I + NONE + "/apply/", {}),
    "a reply of another kind": get(404, I + NONE + "/reply.xlsx"),
    "two cursors": get(400, I + "?cursor=a&cursor=b"),
    "taken away": Sent(405, I + NONE + "/", method="DELETE"),
}
W = V1 + "webhooks/"


def hook(url: Any, **more: Any) -> Sent:
    return post(422, W, {"url": url, **more})


WEBHOOKS = {
    "nothing": post(422, W, {}),
    "no address": hook(MARK),
    "a number for an address": hook(7),
    "plain http": hook(f"http://{MARK}.example.org/"),
    "a file": hook("file:///etc/passwd"),
    "a script": hook(f"javascript:{MARK}"),
    "a password in it": hook(f"https://a:{MARK}@example.org/"),
    "the metadata of a cloud": hook("https://169.254.169.254/latest/"),
    "a private address": hook("https://10.0.0.1/"),
    "an address as one number": hook("https://2130706433/"),
    "an address in octal": hook("https://0177.0.0.1/"),
    "an address wrapped": hook("https://[::ffff:10.0.0.1]/"),
    "a name of the inside": hook("https://desk.internal/"),
    "a port of another service": hook("https://example.org:22/"),
    "a port that is none": hook("https://example.org:99999/"),
    "a line's end": hook("https://example.org/\r\nX-A: b"),
    "a backslash": hook("https://example.org\\@10.0.0.1/"),
    "other letters": hook("https://ехаmple.org/"),
    "an address of 3000 characters": hook("https://example.org/" + "a" * 3_000),
    "NUL": post(400, W, {"url": "https://example.org/\0"}),
    "kinds that are none": hook("https://example.org/", kinds=[MARK]),
    "kinds that are numbers": hook("https://example.org/", kinds=[1, None]),
    "kinds as a text": hook("https://example.org/", kinds="enquiry.submitted"),
    "60 kinds": hook("https://example.org/", kinds=["a"] * 60),
    "a long purpose": hook("https://example.org/", purpose="a" * 200),
    "a secret of its own": hook("https://example.org/", secret=f"whsec_{MARK}"),
    "another's organisation": hook("https://example.org/", organisation="Surrey"),
    "a number that is none": get(404, W + f"{MARK}/"),
    "one that is not there": get(404, W + NONE + "/"),
    "one that is not there, taken away": Sent(404, W + NONE + "/", method="DELETE"),
    "one that is not there, rotated": post(404, W + NONE + "/rotate/", {}),
    "rotated with a secret": post(422, W + "{webhook}/rotate/", {"secret": MARK}),
    "enabled with a list": post(422, W + "{webhook}/enable/", []),
    "a delivery that is none": post(404, W + "{webhook}/deliveries/' OR 1=1 --/replay/", {}),
    "a delivery that is not there": post(404, W + "{webhook}/deliveries/msg_" + "0" * 32 + "/replay/", {}),
    "the log with two cursors": get(400, W + "{webhook}/deliveries/?cursor=a&cursor=b"),
    "the log from nowhere": get(400, W + "{webhook}/deliveries/" + cursor('["-created_at", 1, 2, 3]')),
}
C = E + "{enquiry}/continue/"
CONTINUING = {
    "nothing": post(422, C, {}),
    "as what it cannot be": post(422, C, {"as": "general"}),
    "as a list": post(422, C, {"as": ["referral"]}),
    "a reason that is none": post(422, C, {"as": "referral", "prompted_by": {"code": MARK}}),
    "a reason that is a text": post(422, C, {"as": "referral", "prompted_by": MARK}),
    "a body of its own": post(422, C, {"as": "referral", "children": []}),
    "an empty key": post(400, C, {"as": "referral"}, **{"Idempotency-Key": " "}),
    "a long key": post(400, C, {"as": "referral"}, **{"Idempotency-Key": "a" * 300}),
    "from nowhere": post(404, E + "ENQ-2222-2222-2/continue/", {"as": "referral"}),
}
Q, D = E + "{triaged}/information-requests/", E + "{triaged}/possible-duplicates/"
SEEN = {"If-Match": "{etag}"}
HUB = {
    "asked without If-Match": post(428, Q, {}),
    "asked of another version": post(
        412, Q, {"questions": [{"text": MARK}], "reply_by": "2190-01-01"}, **{"If-Match": '"99"'}
    ),
    "nothing asked": post(422, Q, {}, **SEEN),
    "no question": post(422, Q, {"questions": [], "reply_by": "2190-01-01"}, **SEEN),
    "60 questions": post(422, Q, {"questions": [{"text": MARK}] * 60, "reply_by": "2190-01-01"}, **SEEN),
    "a question of nothing": post(422, Q, {"questions": [{"text": " "}], "reply_by": "2190-01-01"}, **SEEN),
    "a question that is none": post(422, Q, {"questions": [MARK], "reply_by": "2190-01-01"}, **SEEN),
    "a reply by yesterday": post(422, Q, {"questions": [{"text": MARK}], "reply_by": "2020-01-01"}, **SEEN),
    "a reply by no day": post(422, Q, {"questions": [{"text": MARK}], "reply_by": MARK}, **SEEN),
    "the same family as nobody": post(422, D, {"answer": "linked", "reason": MARK}),
    "the same family as itself": post(422, D, {"other": "{triaged}", "answer": "linked", "reason": MARK}),
    "the same family as nothing": post(
        422, D, {"other": "ENQ-2222-2222-2", "answer": "linked", "reason": MARK}
    ),
    "the same family without a reason": post(
        422, D, {"other": "{enquiry}", "answer": "linked", "reason": " "}
    ),
    "an answer that is none": post(422, D, {"other": "{enquiry}", "answer": MARK, "reason": MARK}),
    "taken back, though never said": post(409, D + "undo/", {"other": "{enquiry}"}),
    "NUL for the other": post(400, D, {"other": "ENQ\0", "answer": "linked", "reason": "a"}),
}
TOKEN = "/oauth/token/"
P = "/make-an-enquiry/details/"
# Answered to people, or as OAuth answers: a status, and no problem document asked.
ELSEWHERE = {
    "a token asked in JSON": post(400, TOKEN, {"grant_type": "client_credentials"}),
    "a token for a password": Sent(401, TOKEN, b"grant_type=password&username=a&password=b", kind=FORM),
    "a token twice": Sent(400, TOKEN, b"grant_type=client_credentials&grant_type=password", kind=FORM),
    "a token for NUL": Sent(
        401, TOKEN, b"grant_type=client_credentials&client_id=a%00&client_secret=b", kind=FORM
    ),
    "a token for NUL in Basic": Sent(
        401, TOKEN, b"grant_type=client_credentials", kind=FORM, headers={"Authorization": "Basic YQA6Yg=="}
    ),
    "a token packed": Sent(
        415, TOKEN, gzip.compress(b"a=b"), kind=FORM, headers={"Content-Encoding": "gzip"}
    ),
    "a token of two megabytes": Sent(413, TOKEN, b"client_id=" + b"a" * 2_000_000, kind=FORM),
    "a token got": get(405, TOKEN),
    "an enquiry of nothing": Sent(422, P, kind=FORM),
    "an enquiry with NUL": Sent(422, P, b"name=a%00b&message=c%00", kind=FORM),
    "an enquiry of bytes": Sent(422, P, b"name=%ff%fe", kind=FORM),
    "an enquiry of two megabytes": Sent(413, P, b"message=" + b"a" * 2_000_000, kind=FORM),
    "an enquiry of 2100 members": Sent(400, P, b"&".join(b"a%d=1" % n for n in range(2_100)), kind=FORM),
    "an enquiry in other letters": Sent(415, P, b"name=a", kind=FORM + "; charset=utf-16"),
    "an enquiry in parts without a boundary": Sent(400, P, b"--x--", kind="multipart/form-data"),
    "an enquiry packed": Sent(415, P, b"a", kind=FORM, headers={"Content-Encoding": "br"}),
    "an enquiry put": Sent(405, P, b"{}", method="PUT"),
    "danger that is none": get(422, "/make-an-enquiry/?asked=1&danger=perhaps"),
    "NUL in a page's parameter": get(400, "/make-an-enquiry/sent/?sent=%00"),
    "NUL in a page's path": get(404, "/enquiries/ENQ%00/"),
    "NUL in a page's cookie": get(400, P, headers={"Cookie": 'sessionid="abcdefgh\\000"'}),
    "a page of another's host": get(400, P, headers={"Host": "evil.example"}),
}
