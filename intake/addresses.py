"""Where a webhook may go: https, and only to addresses of the public internet. No database, no network."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

LONGEST = 500
WRITABLE = re.compile(r"[!-\[\]-~]+")
NAME = re.compile(
    r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
INTERNAL = (".local", ".localhost", ".internal", ".intranet", ".lan", ".home.arpa", ".corp", ".test")
# Below 1024 only https itself: other well-known services are not to be knocked at.
HTTPS, FIRST_FREE_PORT = 443, 1024

# IANA's special-purpose registries, as of 2026, rather than what one version of Python knows of them.
NOT_PUBLIC_4 = tuple(
    ip_network(each)
    for each in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "168.63.129.16/32",  # the host of Azure's virtual machines: public in form only
        "169.254.0.0/16",  # link-local, and the metadata of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
PUBLIC_6 = ip_network("2000::/3")
NOT_PUBLIC_6 = tuple(
    ip_network(each)
    for each in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")  # Teredo, documents, 6to4
)
NAT64 = ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether this is a global unicast address; one that wraps an IPv4 address is what it wraps."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return not any(found in network for network in NOT_PUBLIC_4)
    wrapped = wrapped_in(found)
    if wrapped is not None:
        return is_public(str(wrapped))
    return found in PUBLIC_6 and not any(found in network for network in NOT_PUBLIC_6)


def wrapped_in(address: IPv6Address) -> IPv4Address | None:
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped


def is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def may_go_to(address: str, *, scheme: str, loopback: bool) -> bool:
    """Whether a socket may be opened to it; plain http only to this machine, and only where that is allowed."""
    if is_loopback(address):
        return loopback
    return scheme == "https" and is_public(address)


def fault_of(url: str, *, loopback: bool) -> str:
    """Why we would not send to this address, as a sentence; empty when we would.

    A first look: what the name leads to is asked, and checked, each time a socket is opened.
    """
    if len(url) > LONGEST:
        return f"An address has at most {LONGEST} characters."
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "This is not an address of the web."
    if not WRITABLE.fullmatch(url) or not parts.hostname:
        return "Give the whole address, such as https://hooks.example.gov.uk/referrals."
    if parts.username is not None or parts.password is not None:
        return "Leave user name and password out of the address: every call is signed instead."
    if parts.fragment:
        return "Leave out what stands after the #: it is never sent."
    return fault_of_host(parts, loopback=loopback) or fault_of_port(port)


def fault_of_host(parts: SplitResult, *, loopback: bool) -> str:
    host = parts.hostname or ""
    if loopback and (host == "localhost" or is_loopback(host)):
        return "" if parts.scheme in ("http", "https") else "The address must begin with https://."
    if parts.scheme != "https":
        return "The address must begin with https://."
    if is_public(host):
        return ""
    if not NAME.fullmatch(host) or host.endswith(INTERNAL):
        return "Give a name or an address that the public internet knows."
    return ""


def fault_of_port(port: int | None) -> str:
    if port is None or port == HTTPS or port >= FIRST_FREE_PORT:
        return ""
    return f"The port must be {HTTPS}, or {FIRST_FREE_PORT} and above."
