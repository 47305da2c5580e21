# SPDX-License-Identifier: MIT
"""What tcpdump -vv says of the checksums of IP, TCP and UDP."""
import re

from lab import LabError

WRONG = re.compile(r"\(incorrect -> 0x|\[bad udp cksum |, bad cksum ")
RIGHT = re.compile(r"cksum 0x[0-9a-f]+ \(correct\)|\[udp sum ok\]")


def bad_checksums(lines):
    """How many are wrong. That tcpdump has looked at any is demanded, too."""
    bad = good = 0
    for line in lines:
        bad += len(WRONG.findall(line))
        good += len(RIGHT.findall(line))
    if not bad and not good:
        raise LabError("tcpdump has looked at no checksum")
    return bad
