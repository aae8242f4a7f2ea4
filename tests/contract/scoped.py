"""Every address of the product that names a record, filled in for one record."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

# Packages' own addresses: signing in, the admin of reference data, tokens, the API's documentation.
NOT_OURS = ("accounts/", "admin/", "oauth/", "health/", "problems/", "api/v1/docs/", "^api/")


def patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of ours, as written in the URLconf."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if path.startswith(NOT_OURS):
            continue
        if isinstance(entry, URLResolver):
            yield from patterns(entry, path)
        else:
            yield "/" + path, entry


def templates() -> list[str]:
    """Each address with plain placeholders; a page's one address for all transitions becomes one for each."""
    found: list[str] = []
    for path, entry in patterns():
        plain = re.sub(r"<\w+:(\w+)>", r"{\1}", path)
        if "{transition}" in plain:
            names = entry.pattern.converters["transition"].regex.split("|")
            found += [plain.replace("{transition}", name) for name in names]
        else:
            found.append(plain)
    return list(dict.fromkeys(found))


def of_records() -> list[str]:
    return [path for path in templates() if "{reference}" in path]


def filled(path: str, reference: str) -> str:
    return path.replace("{reference}", reference).replace("{pk}", "1").replace("{number}", "1")
