"""Callers over real HTTP: a case system with a token, a person with the session of the pages."""

import http.client
import json
import re
import time
from base64 import b64encode
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
TOKEN_IN_PAGE = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took."""

    status: int
    headers: dict[str, str]
    content: bytes
    ms: float

    @property
    def data(self) -> Any:
        """The JSON in it; nothing when there is none."""
        try:
            return json.loads(self.content)
        except ValueError:
            return {}


class Caller:
    """Somebody with a connection of their own."""

    def __init__(self, url: str, who: str) -> None:
        address = urlsplit(url)
        self.who = who
        self.connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)

    def ask(
        self, method: str, path: str, body: bytes | None = None, kind: str = JSON, **headers: str
    ) -> Answer:
        """One request, with what identifies this caller."""
        sent = {**self.identity(), **{name.replace("_", "-"): value for name, value in headers.items()}}
        if body is not None:
            sent["Content-Type"] = kind
        started = time.perf_counter()
        self.connection.request(method, path, body, sent)
        response = self.connection.getresponse()
        content = response.read()
        ms = (time.perf_counter() - started) * 1000
        self.keep(response)
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, content, ms)

    def identity(self) -> dict[str, str]:
        return {}

    def keep(self, response: http.client.HTTPResponse) -> None:
        """What an answer leaves with the caller."""

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, data: Any, **headers: str) -> Answer:
        return self.ask("POST", path, json.dumps(data).encode(), **headers)

    def move(self, url: str, transition: str, data: Any = None) -> Answer:
        """Read a row, then make a transition of the version that was read."""
        etag = self.get(url).headers.get("etag", '"0"')
        return self.post(f"{url}{transition}/", data or {}, If_Match=etag)

    def attach(self, url: str, role: str, name: str, content: bytes) -> Answer:
        """Send a file as a form with parts."""
        mark = uuid4().hex
        head = f"--{mark}\r\nContent-Disposition: form-data; name="
        text = (
            f'{head}"role"\r\n\r\n{role}\r\n'
            f'{head}"file"; filename="{name}"\r\nContent-Type: application/pdf\r\n\r\n'
        )
        body = text.encode() + content + f"\r\n--{mark}--\r\n".encode()
        return self.ask("POST", f"{url}attachments/", body, f"multipart/form-data; boundary={mark}")


class CaseSystem(Caller):
    """An authority's case system, by client credentials."""

    token = ""

    def sign_in(self, client_id: str, secret: str) -> Answer:
        basic = b64encode(f"{client_id}:{secret}".encode()).decode()
        body = b"grant_type=client_credentials"
        answer = self.ask("POST", "/oauth/token/", body, FORM, Authorization=f"Basic {basic}")
        self.token = answer.data.get("access_token", "")
        return answer

    def identity(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


class Person(Caller):
    """A person, who signs in at the page and then calls with its session and CSRF token."""

    def __init__(self, url: str, who: str) -> None:
        super().__init__(url, who)
        self.cookies: SimpleCookie = SimpleCookie()

    def sign_in(self, email: str, password: str) -> Answer:
        """302 when it went well: allauth sends the person on."""
        page = self.get("/accounts/login/").content.decode()
        found = TOKEN_IN_PAGE.search(page)
        fields = {"login": email, "password": password, "csrfmiddlewaretoken": found[1] if found else ""}
        return self.ask("POST", "/accounts/login/", urlencode(fields).encode(), FORM)

    def identity(self) -> dict[str, str]:
        kept = {name: morsel.value for name, morsel in self.cookies.items()}
        cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in kept.items())} if kept else {}
        return cookies | ({"X-CSRFToken": kept["csrftoken"]} if "csrftoken" in kept else {})

    def keep(self, response: http.client.HTTPResponse) -> None:
        for cookie in response.headers.get_all("Set-Cookie", []):
            self.cookies.load(cookie)
