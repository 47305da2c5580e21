#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# libnl 3.7.0 (Debian 12: libnl-3-200 3.7.0-0.2+b1) has no number for ENOBUFS. What a netlink socket
# says when messages were lost (netlink(7): it is the cue to read the state anew) reaches the caller
# of nl_recvmsgs() as NLE_NOMEM, "Out of memory", the same as a failed malloc(), and a program that
# follows links or ethtool features cannot tell the two apart. Seen, by nl_syserr2nlerr():
#   ENOBUFS (105)  5  Out of memory
#   ENOMEM  (12)   5  Out of memory
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -qq download 'libnl-3-200=3.7.0-0.2+b1' 2>/dev/null
dpkg -x libnl-3-200*.deb root
library=$(find "$work/root" -name 'libnl-3.so.200*' -type f | head -n 1)

python3 - "$library" <<'PY'
import ctypes
import errno
import sys

nl = ctypes.CDLL(sys.argv[1])
nl.nl_geterror.restype = ctypes.c_char_p
numbers = {}
for name in ("ENOBUFS", "ENOMEM"):
    number = nl.nl_syserr2nlerr(getattr(errno, name))
    numbers[name] = number
    print(f"{name} ({getattr(errno, name)}): {number} {nl.nl_geterror(number).decode()}")
assert numbers["ENOBUFS"] == numbers["ENOMEM"] == 5
assert nl.nl_geterror(5) == b"Out of memory"
PY
