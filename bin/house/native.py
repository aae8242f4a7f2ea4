"""The shared libraries and the font that PDFs need."""

import ctypes
import os
import sys
from pathlib import Path

from house import debian
from house.places import NATIVE, say

LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    # Without it WeasyPrint falls back to a way of making fonts small that takes four times as long.
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
FONT = "fonts-dejavu-core"
FONT_FOLDERS = [
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/Library/Fonts"),
    Path.home() / ".local/share/fonts",
    NATIVE / "usr/share/fonts",
]
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>/usr/share/fonts</dir>
  <dir>{native}/usr/share/fonts</dir>
  <cachedir>{native}/fontcache</cachedir>
</fontconfig>
"""


def prepare() -> bool:
    """See that PDFs can be made; when they cannot, say what would help and let the rest run."""
    wanted = missing()
    if not wanted:
        return True
    if sys.platform == "linux" and (debian.install(wanted) or debian.unpack(wanted)) and not missing():
        return True
    cure = debian.by_hand(wanted) if sys.platform == "linux" else "brew install pango"
    say(f"PDFs cannot be made yet and answer 503; everything else works. What would help:\n  {cure}")
    return False


def missing() -> list[str]:
    """The Debian packages that would bring what is not here."""
    if sys.platform != "linux":
        return [] if _opens("libpango-1.0.dylib") else list(LIBRARIES.values())
    packages = [package for library, package in LIBRARIES.items() if not _opens(library)]
    return packages if _has_font() else [*packages, FONT]


def environment() -> dict[str, str]:
    """What a child needs in order to find what was unpacked; empty when nothing was."""
    folders = library_folders()
    if not folders:
        return {}
    conf = NATIVE / "fonts.conf"
    if not conf.exists():
        conf.write_text(FONTS_CONF.format(native=NATIVE))
    paths = [*map(str, folders), os.environ.get("LD_LIBRARY_PATH", "")]
    return {"LD_LIBRARY_PATH": ":".join(filter(None, paths)), "FONTCONFIG_FILE": str(conf)}


def library_folders() -> list[Path]:
    """Where the unpacked libraries stand: one folder for the machine's architecture."""
    return sorted((NATIVE / "usr/lib").glob("*-linux-*")) if NATIVE.is_dir() else []


def _opens(library: str) -> bool:
    """Whether the library stands on the machine or was unpacked; an unpacked one leans on its neighbours."""
    if any((folder / library).exists() for folder in library_folders()):
        return True
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _has_font() -> bool:
    return any(True for folder in FONT_FOLDERS for _ in folder.glob("**/*.[to]t[fc]"))
