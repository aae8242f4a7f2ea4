"""The environment of a child: what config/settings.py reads, and where to find what was unpacked."""

import os
import secrets
import shutil
from pathlib import Path
from urllib.parse import quote

from house import native
from house.places import NATIVE, VAR

# Settings that somebody may have exported for another installation must not reach into this one.
OURS = (
    "DATABASE_URL",
    "DEBUG",
    "DEMO",
    "ALLOWED_HOSTS",
    "EMAIL_URL",
    "EMAIL_DIR",
    "LIMITS",
    "PROXY_COUNT",
    "PUBLIC_URL",
    "SECRET_KEY",
    "VAR_DIR",
    "CLAMD",
    "CLAMD_TIMEOUT",
    "ATTACHMENTS_S3",
    "ATTACHMENTS_S3_ENDPOINT",
    "ATTACHMENTS_S3_REGION",
)


def base() -> dict[str, str]:
    """The person's own environment without settings, with the unpacked libraries and programs."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    path = os.pathsep.join(filter(None, [kept.get("PATH", os.defpath), str(NATIVE / "usr/bin")]))
    return {**kept, **native.environment(), "PATH": path, "DJANGO_SETTINGS_MODULE": "config.settings"}


def demonstration(port: int) -> dict[str, str]:
    """One person's own machine: SQLite under var/, no TLS, mail as files."""
    return {
        **base(),
        "DEMO": "1",
        "DEBUG": "0",
        "SECRET_KEY": secret_key(),
        "VAR_DIR": str(VAR),
        "DATABASE_URL": sqlite(VAR / "referraldesk.sqlite3"),
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }


def tests(folder: Path, database_url: str) -> dict[str, str]:
    """A throw-away installation; nothing under var/ is touched."""
    return {
        **base(),
        "DEMO": "1",
        "DEBUG": "0",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "VAR_DIR": str(folder),
        "DATABASE_URL": database_url,
        "CHROMIUM": chromium() or "",
    }


def sqlite(file: Path) -> str:
    """The URL of an SQLite file, whatever characters its path holds."""
    return f"sqlite:///{quote(str(file))}"


def chromium() -> str | None:
    """Debian's browser, as installed or as unpacked."""
    unpacked = NATIVE / "usr/lib/chromium/chromium"
    return (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or (str(unpacked) if unpacked.exists() else None)
    )


def secret_key() -> str:
    """The secret of this clone: made once, readable by its owner only."""
    VAR.mkdir(exist_ok=True)
    file = VAR / "secret_key"
    if not file.exists() or not file.read_text().strip():
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            opened.write(secrets.token_urlsafe(50))
    return file.read_text().strip()
