"""How often somebody may call, for what, and what an answer's headers say of it. No database, no clock."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv6Address, ip_address


class Purpose(StrEnum):
    """What a call is for; each is counted apart."""

    INTAKE = "intake"
    READING = "reading"
    LOOKUP = "lookup"
    TOKEN = "token"  # noqa: S105 - a word, not a secret
    PUBLIC = "public"
    ACKNOWLEDGEMENT = "acknowledgement"


@dataclass(frozen=True, slots=True)
class Limit:
    """So many calls in a window of so many seconds, which begins with the first call."""

    purpose: Purpose
    most: int
    seconds: int

    @property
    def policy(self) -> str:
        """A member of RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers)."""
        return f'"{self.purpose}";q={self.most};w={self.seconds}'


@dataclass(frozen=True, slots=True)
class Spent:
    """What the counter said to one call: which number it had, and when its window ends (seconds since 1970)."""

    limit: Limit
    used: int
    until: float
    now: float

    @property
    def refused(self) -> bool:
        return self.used > self.limit.most

    @property
    def wait(self) -> int:
        """Whole seconds until the window ends; at least one."""
        return max(1, math.ceil(self.until - self.now))

    @property
    def standing(self) -> str:
        """A member of RateLimit: what is left, and for how long."""
        return f'"{self.limit.purpose}";r={max(0, self.limit.most - self.used)};t={self.wait}'

    @property
    def headers(self) -> dict[str, str]:
        told = {"RateLimit-Policy": self.limit.policy, "RateLimit": self.standing}
        return told | ({"Retry-After": str(self.wait)} if self.refused else {})


DEFAULT = "intake=300/60,reading=1200/60,lookup=60/60,token=30/60,public=10/3600,acknowledgement=3/86400"


def read_limits(text: str) -> dict[Purpose, Limit]:
    """ "intake=300/60,token=30/60": calls and seconds for each purpose; what is left out stays as shipped.

    Raises ValueError with a sentence.
    """
    found: dict[Purpose, Limit] = {}
    for part in f"{DEFAULT},{text}".split(","):
        if part.strip():
            limit = read_limit(part.strip())
            found[limit.purpose] = limit
    return found


def read_limit(part: str) -> Limit:
    name, _, rate = part.partition("=")
    most, _, seconds = rate.partition("/")
    if name not in list(Purpose) or not (most.isdecimal() and seconds.isdecimal()):
        raise ValueError(f"LIMITS holds “{part}”: write it like intake=300/60, of {', '.join(Purpose)}.")
    if not int(most) or not int(seconds):
        raise ValueError(f"LIMITS holds “{part}”: both numbers are at least 1.")
    return Limit(Purpose(name), int(most), int(seconds))


# Where a call over a socket of this machine comes from.
NOWHERE = "::"


def client_address(meta: Mapping[str, str], proxies: int) -> str:
    """Where a request comes from, when so many proxies of ours stand in front and each adds who called it.

    What stands further left in X-Forwarded-For was written by the caller, and is not believed.
    """
    told = [part.strip() for part in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    nearest = meta.get("REMOTE_ADDR", "")
    if proxies and len(told) >= proxies:
        return neighbourhood(told[-proxies]) or neighbourhood(nearest) or NOWHERE
    return neighbourhood(nearest) or NOWHERE


def neighbourhood(address: str) -> str:
    """The address as it is counted: an IPv6 subscriber has a whole /64 to choose from."""
    if address.count(":") == 1:
        address = address.partition(":")[0]  # some proxies add the port
    try:
        found = ip_address(address.strip("[]"))
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(IPv6Address(int(found) >> 64 << 64))
    return str(found)
