"""Every address of the product that names a record, filled in for one record."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

# Packages' own addresses: signing in, the admin of reference data, tokens, the API's documentation.
NOT_OURS = ("accounts/", "admin/", "oauth/", "health/", "problems/", "api/v1/docs/", "^api/")


def patterns(
    resolver: URLResolver | None = None, prefix: str = "", without: tuple[str, ...] = NOT_OURS
) -> Iterator[tuple[str, URLPattern]]:
    """Every address of ours, as written in the URLconf."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if path.startswith(without):
            continue
        if isinstance(entry, URLResolver):
            yield from patterns(entry, path, without)
        else:
            yield "/" + path, entry


def plain(path: str, entry: URLPattern) -> list[str]:
    """An address with plain placeholders; a page's one address for all transitions becomes one for each."""
    bare = re.sub(r"<\w+:(\w+)>", r"{\1}", path)
    if "{transition}" not in bare:
        return [bare]
    names = entry.pattern.converters["transition"].regex.split("|")
    return [bare.replace("{transition}", name) for name in names]


def templates() -> list[str]:
    found = [address for path, entry in patterns() for address in plain(path, entry)]
    return list(dict.fromkeys(found))


def of_records() -> list[str]:
    return [path for path in templates() if "{reference}" in path]


def filled(path: str, reference: str) -> str:
    named = {"reference": reference, "pk": "1", "number": "1", "kind": "chronology"}
    return re.sub(r"{(\w+)}", lambda part: named.get(part[1], part[0]), path)
