# SPDX-License-Identifier: MIT
"""Processor time of one process of ./run bench e2e, and how much of it is the kernel's.

The sum is the scheduler's, in nanoseconds. User mode and kernel are told apart by clock ticks, so their share is of
all rounds together. It says what there is to be had: were all that a contestant does itself free, its ratio would be
the one that it has, divided by the kernel's share.
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tools"))
from lab import cpu_seconds  # noqa: E402


def ticks(pid):
    """In user mode and in the kernel, all threads, since the process began."""
    with open("/proc/%d/stat" % pid, encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return int(fields[11]), int(fields[12])


def metered(pid, stream):
    """What stream() returns, the seconds that the process took meanwhile, and its ticks."""
    cpu, (user, kernel) = cpu_seconds(pid), ticks(pid)
    end = stream()
    cpu, (user_after, kernel_after) = cpu_seconds(pid) - cpu, ticks(pid)
    return end, cpu, {"user_ticks": user_after - user, "kernel_ticks": kernel_after - kernel}


def kernel_share(rounds, name):
    """Of a contestant's time, all rounds; None when it was not asked for."""
    if "kernel_ticks" not in rounds[0][name]:
        return None
    kernel = sum(r[name]["kernel_ticks"] for r in rounds)
    return kernel / max(1, kernel + sum(r[name]["user_ticks"] for r in rounds))


def add_shares(row, rounds):
    """Into a row of results: the kernel's share, and the ratio that would be without all the rest."""
    row["kernel_share"] = share = kernel_share(rounds, row["name"])
    row["kernel_alone"] = row["ratio"] / share if share and row["ratio"] and row["against"] else None


HEADING = "%9s %12s" % ("in kernel", "kernel alone")
LEGEND = ("kernel alone: the ratio if all that a contestant does itself cost nothing, and only its system calls were "
          "left (docs/performance.md)")


def shares_text(row):
    return "%9s %12s" % ("%.0f %%" % (100 * row["kernel_share"]) if row["kernel_share"] else "",
                         "%.2f" % row["kernel_alone"] if row["kernel_alone"] else "")
