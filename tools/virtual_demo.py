# SPDX-License-Identifier: MIT
"""./run demo --virtual: the pair of virtual adapters of drivers/virtual, each with a namespace of its
own above it. What one stack hands over in one piece the other gets in one piece, until somebody
switches segmentation or coalescing off."""
import json
import os
import signal
import subprocess
import sys
import time

from demo import (Adapter, DATAGRAMS, PHASE_SECONDS, SINK, kernel_counter, offload_line, send_file)
from lab import LabError, STACK4, STACK6, WIRE4, WIRE6

FILE_BYTES = 100 * 1024 * 1024
LEFT, RIGHT = "left", "right"
SIDE = {LEFT: "stack", RIGHT: "wire"}
ADDRESSES = {LEFT: {"IPv4": STACK4, "IPv6": STACK6}, RIGHT: {"IPv4": WIRE4, "IPv6": WIRE6}}


class Pair(Adapter):
    """One `netcx run` with both adapters."""

    def __init__(self, lab, say, build):
        driver = os.path.join(build, "drivers", "virtual", "virtual.so")
        arguments = []
        for station, name in enumerate((LEFT, RIGHT), 1):
            arguments += ["--adapter", "%s,driver=%s,stack=tap:nic0,netns=%s,set=Station=%d" % (
                name, driver, lab.ns(SIDE[name]), station)]
        self.begin(lab, say, build, arguments)

    def whose(self, event):
        return "%-6s " % event.get("adapter", "")

    def shown(self):
        """What `netcx show` has of each, by name."""
        adapters = json.loads(self.lab.sh(None, "%s show --json" % self.netcx))["adapters"]
        return {adapter["name"]: adapter for adapter in adapters}


class Phases:
    def __init__(self, lab, pair, say):
        self.lab, self.pair, self.say, self.list = lab, pair, say, []

    def bad_checksums(self):
        return sum(kernel_counter(self.lab, side, "InCsumErrors") for side in SIDE.values())

    def measure(self, name, sender, change, run):
        receiver = RIGHT if sender == LEFT else LEFT
        bad, before, began = self.bad_checksums(), self.pair.shown(), time.monotonic()
        run()
        seconds, after = time.monotonic() - began, self.pair.shown()

        def grew(adapter, counter):
            return after[adapter]["counters"][counter] - before[adapter]["counters"][counter]

        phase = {
            "name": name, "sender": sender, "change": change,
            "gbps": round(8e-9 * grew(receiver, "rx_bytes") / seconds, 3),
            "lso_packets": grew(sender, "tx_lso_packets"),
            "lso_segments": grew(sender, "tx_lso_segments"),
            "plain_packets": grew(sender, "tx_plain_packets"),
            "received_packets": grew(receiver, "rx_packets"),
            "coalesced_packets": grew(receiver, "rx_coalesced"),
            "coalesced_segments": grew(receiver, "rx_coalesced_segments"),
            "bad_packets": grew(receiver, "rx_bad"), "bad_checksums": self.bad_checksums() - bad,
        }
        self.list.append(phase)
        self.say("  %-30s %6.2f Gbit/s   %7d large sends of %8d segments; received %7d packets, %7d coalesced" % (
            name, phase["gbps"], phase["lso_packets"], phase["lso_segments"], phase["received_packets"],
            phase["coalesced_packets"]))


class Changes:
    """What an administrator switches, and the callback that the driver gets for it."""

    def __init__(self, lab, pair, say):
        self.lab, self.pair, self.say = lab, pair, say

    def _wait(self, start, name):
        # All offloads' callbacks are called at each change; this one is the last.
        self.pair.wait_for("EvtNetAdapterOffloadSetRsc", start, adapter=name)

    def ethtool(self, name, arguments):
        start = len(self.pair.events)
        self.say("  $ ip netns exec %s ethtool -K nic0 %s" % (name, arguments))
        self.lab.sh(SIDE[name], "ethtool -K nic0 %s" % arguments)
        self._wait(start, name)

    def offload(self, name, arguments):
        start = len(self.pair.events)
        self.say("  $ netcx offload %s %s" % (name, arguments))
        self.lab.sh(None, "%s offload %s %s" % (self.pair.netcx, name, arguments))
        self._wait(start, name)

    def make(self, change):
        if change:
            getattr(self, change[0])(*change[1:])
        return " ".join(change)


def tcp(lab, phases, name, sender, family, change=""):
    address = ADDRESSES[RIGHT if sender == LEFT else LEFT][family]
    phases.measure(name, sender, change,
                   lambda: lab.iperf(address, int(PHASE_SECONDS + 0.5), side=SIDE[sender]))


def both_ways(lab, say, phases):
    say.heading("TCP both ways: what is sent in one piece is received in one piece")
    for family in ("IPv4", "IPv6"):
        for sender in (LEFT, RIGHT):
            tcp(lab, phases, "%s from the %s" % (family, sender), sender, family)


def switches(lab, say, phases, changes):
    say.heading("Segmentation and coalescing are switched off and on")
    steps = (("LSO off at the left", "IPv4", ("ethtool", LEFT, "tso off")),
             ("LSO on again", "IPv4", ("ethtool", LEFT, "tso on")),
             ("RSC off at the right", "IPv4", ("offload", RIGHT, "--rsc-v4 off --rsc-v6 off")),
             ("RSC off, IPv6", "IPv6", ""),
             ("RSC on again", "IPv6", ("offload", RIGHT, "--rsc-v4 on --rsc-v6 on")))
    for name, family, change in steps:
        tcp(lab, phases, name, LEFT, family, changes.make(change))


def udp(lab, say, phases, changes):
    if "tx-udp-segmentation: on" not in lab.sh("stack", "ethtool -k nic0"):
        say("  this kernel's TAP has no UDP segmentation offload")
        return
    say.heading("UDP as QUIC hands it over (UDP_SEGMENT): 40 datagrams at once")
    sink = lab.popen("wire", [sys.executable, "-c", SINK], stdout=subprocess.PIPE, text=True)
    sink.stdout.readline()
    steps = (("IPv4 UDP, USO and RSC", "IPv4", ""),
             ("IPv6 UDP, USO and RSC", "IPv6", ""),
             ("UDP RSC off at the right", "IPv4", ("offload", RIGHT, "--udp-rsc off")),
             ("USO off at the left", "IPv4", ("ethtool", LEFT, "tx-udp-segmentation off")),
             ("both on again", "IPv6", ("both",)))
    for name, family, change in steps:
        if change == ("both",):
            told = changes.make(("offload", RIGHT, "--udp-rsc on")) + "; " + changes.make(
                ("ethtool", LEFT, "tx-udp-segmentation on"))
        else:
            told = changes.make(change)
        phases.measure(name, LEFT, told, lambda f=family: lab.popen("stack", [
            sys.executable, "-c", DATAGRAMS, ADDRESSES[RIGHT][f], str(PHASE_SECONDS)]).wait())
    lab.kill(sink)


def table(say, phases):
    say.heading("In short")
    say("  %-30s %8s %11s %9s %9s %10s %6s" % (
        "phase", "Gbit/s", "large sends", "segments", "received", "coalesced", "bad"))
    for p in phases:
        say("  %-30s %8.2f %11d %9d %9d %10d %6d" % (
            p["name"], p["gbps"], p["lso_packets"], p["lso_segments"], p["received_packets"],
            p["coalesced_packets"], p["bad_checksums"] + p["bad_packets"]))


def virtual_demo(lab, say, scratch, started, build):
    """Return: whether nothing was bad, and the report."""
    lab.make_namespaces()
    say.heading("Two virtual adapters come up, and find each other")
    pair = Pair(lab, say, build)
    for name in (LEFT, RIGHT):
        pair.wait_for("LinkUp", adapter=name)
    lab.addresses(wire="nic0")
    lab.wait_for_link()
    for name, adapter in pair.shown().items():
        say.heading("Offloads of the %s one" % name)
        for kind in ("hardware", "active"):
            say(offload_line(kind, adapter["offloads"][kind]))
    phases, changes = Phases(lab, pair, say), Changes(lab, pair, say)
    servers = [lab.iperf_server(side) for side in SIDE.values()]
    both_ways(lab, say, phases)
    switches(lab, say, phases, changes)
    for server in servers:
        lab.kill(server)
    udp(lab, say, phases, changes)
    equal = send_file(lab, say, scratch, FILE_BYTES)
    table(say, phases.list)
    callbacks = pair.callbacks()
    if lab.kill(pair.process, signal.SIGTERM, 10) != 0:
        raise pair.died()
    seconds = round(time.monotonic() - started, 1)
    if not phases.list:
        raise LabError("nothing was measured")
    clean = equal and not any(p["bad_checksums"] or p["bad_packets"] for p in phases.list)
    say("\n  file equal on both sides: %s   both adapters ended without an error   %.1f s in all" %
        ("yes" if equal else "NO", seconds))
    return clean, {"callbacks": callbacks, "phases": phases.list, "sha256_equal": equal,
                   "seconds": seconds}
