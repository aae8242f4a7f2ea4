"""Landlock: the Linux kernel itself keeps a process to the files it needs, and from TCP. No rights are needed.

From Linux 5.13 on (TCP from 6.7, other processes from 6.12); the numbers are those of <linux/landlock.h>.
"""

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION = 1
PATH_BENEATH = 1
READ_FILE, READ_DIR = 1 << 2, 1 << 3
# Everything one may do to files, by the version that knows it: 13 rights, then moving, cutting, devices.
RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
ALL_RIGHTS = (1 << 16) - 1
OF_A_FILE = READ_FILE | 1 << 0 | 1 << 1 | 1 << 14 | 1 << 15
EXECUTE = 1 << 0
TCP = 0b11
OTHERS = 0b11
PR_SET_NO_NEW_PRIVS = 38


def confine(readable: Iterable[str], writable: str) -> bool:
    """From here on only these may be read, and one folder filled; nothing is executed. False: no such kernel."""
    system = ctypes.CDLL(None, use_errno=True)
    version = system.syscall(CREATE_RULESET, None, 0, VERSION)
    if version < 1:
        return False
    rights = RIGHTS.get(version, ALL_RIGHTS)
    wanted = [rights] + [TCP] * (version >= 4) + [OTHERS] * (version >= 6)
    attributes = struct.pack(f"={len(wanted)}Q", *wanted)
    ruleset = system.syscall(CREATE_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        return False
    try:
        for path in readable:
            allow(system, ruleset, path, READ_FILE | READ_DIR)
        allow(system, ruleset, writable, rights & ~EXECUTE)
        system.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return bool(system.syscall(RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def allow(system: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    """Beneath this path; one that does not exist allows nothing."""
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            rights &= OF_A_FILE
        system.syscall(ADD_RULE, ruleset, PATH_BENEATH, struct.pack("=Qi", rights, opened), 0)
    finally:
        os.close(opened)
