"""Find a Python that is new enough. This file is read by old ones too, so it keeps to old syntax."""

import os
import subprocess
import sys

OLDEST = (3, 11)
NAMES = ("python3.13", "python3.12", "python3.11", "python3.14", "python3")
ASK = "import sys; print(int(sys.version_info[:2] >= %r), sys.executable)" % (OLDEST,)


def require():
    """Go on under a Python that is new enough; leave with a plain sentence when there is none."""
    if os.name != "posix":
        sys.stderr.write("Referral Desk runs on Linux and macOS; on Windows, please use WSL.\n")
        sys.exit(2)
    if sys.version_info[:2] >= OLDEST:
        return
    for candidate in on_path():
        found = usable(candidate)
        if found:
            os.execv(found, [found] + sys.argv)
    sys.stderr.write(
        "Referral Desk needs Python %d.%d or newer; this is %d.%d, and no newer one is on the PATH.\n"
        % (OLDEST + sys.version_info[:2])
    )
    sys.exit(2)


def on_path():
    """Every file on the PATH with one of the names, the best name first."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    files = [os.path.join(folder, name) for name in NAMES for folder in folders]
    return [file for file in files if os.access(file, os.X_OK)]


def usable(candidate):
    """The true path of a Python that starts and is new enough; a broken shim gives None."""
    try:
        asked = subprocess.run(
            [candidate, "-c", ASK], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=20
        )
    except (OSError, subprocess.SubprocessError):
        return None
    answer = asked.stdout.decode(errors="replace").split(None, 1)
    if asked.returncode or len(answer) != 2 or answer[0] != "1":
        return None
    return answer[1].strip()
