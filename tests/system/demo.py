#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The demo's promise: what `./run demo --json` prints, and that Ctrl-C leaves nothing behind."""
import json
import os
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree as ElementTree

from common import BUILD, TOP
from packets import ones_sum, write_pcap

sys.path.insert(0, os.path.join(TOP, "tools"))
from checksums import bad_checksums  # noqa: E402
from lab import LabError  # noqa: E402

DEMO = [sys.executable, os.path.join(TOP, "tools", "demo.py"), "--build", BUILD]


def leftovers(pid):
    """Namespaces, processes and files that carry the demo's tag."""
    tag = "netcx-demo-%d" % pid
    found = [n for n in os.listdir("/run/netns") if n.startswith(tag)] \
        if os.path.isdir("/run/netns") else []
    found += [n for n in os.listdir("/tmp") if n.startswith(tag)]
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % process, "rb") as line:
                if tag.encode() in line.read():
                    found.append("process " + process)
        except OSError:
            pass
    return found


def packet(family, protocol, wrong_ip=0, wrong=0):
    """TCP (6) or UDP (17) of four bytes, its checksums wrong by so much."""
    ports = struct.pack("!HH", 5001, 5002)
    head = ports + bytes(8) + struct.pack("!BBH", 0x50, 0x10, 100) if protocol == 6 else ports + struct.pack("!H", 12)
    tail = (bytes(2) if protocol == 6 else b"") + b"data"
    addresses = bytes(range(1, 9)) if family == 4 else bytes(range(1, 33))
    length = len(head) + 2 + len(tail)
    summed = ones_sum(addresses + struct.pack("!HH", protocol, length) + head + bytes(2) + tail)
    transport = head + struct.pack("!H", (0xFFFF ^ summed) ^ wrong) + tail
    if family == 4:
        ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + length, 1, 0, 64, protocol, 0) + addresses
        ip = ip[:10] + struct.pack("!H", 0xFFFF ^ ones_sum(ip) ^ wrong_ip) + ip[12:]
    else:
        ip = struct.pack("!IHBB", 6 << 28, length, protocol, 64) + addresses
    return bytes(12) + (b"\x08\x00" if family == 4 else b"\x86\xdd") + ip + transport


class Checksums(unittest.TestCase):
    def judged(self, *frames):
        with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
            write_pcap(file.name, frames)
            done = subprocess.run(["tcpdump", "-n", "-t", "-vv", "-r", file.name], capture_output=True, text=True,
                                  check=True)
        return bad_checksums(done.stdout.splitlines())

    def test_each_that_is_wrong_is_counted(self):
        for family in (4, 6):
            for protocol in (6, 17):
                self.assertEqual(self.judged(packet(family, protocol)), 0)
                self.assertEqual(self.judged(packet(family, protocol, wrong=1), packet(family, protocol)), 1)
        self.assertEqual(self.judged(packet(4, 6, wrong_ip=0x100)), 1)
        self.assertEqual(self.judged(packet(4, 17, wrong_ip=1, wrong=1)), 2)
        with self.assertRaises(LabError):
            self.judged(bytes(60))


class Demo(unittest.TestCase):
    def report(self, *arguments):
        done = subprocess.run([*DEMO, "--json", *arguments], capture_output=True, text=True, timeout=150,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def assert_order(self, report, names):
        """The offload callbacks at start, in this order and before the queues; and the last of them
        at each ethtool."""
        called = [c["name"] for c in report["callbacks"]]
        places = [called.index(name) for name in names + ["EvtAdapterCreateTxQueue"]]
        self.assertEqual(places, sorted(places))
        changes = sum(bool(p["ethtool"]) for p in report["phases"])
        for name in names:
            self.assertGreaterEqual(called.count(name), 1 + changes)

    def assert_phases(self, report):
        self.assertTrue(report["sha256_equal"])
        for phase in report["phases"]:
            self.assertEqual((phase["bad_checksums"], phase["oversize_frames"]), (0, 0), phase)
            self.assertGreater(phase["gbps"], 0, phase)
        by_name = {p["name"]: p for p in report["phases"]}
        self.assertGreater(by_name["IPv4 out, LSO on"]["lso_packets"], 0)
        self.assertEqual(by_name["IPv4 out, tso off"]["lso_packets"], 0)
        self.assertEqual(by_name["IPv4 out, only IPv6 LSO"]["lso_packets"], 0)
        self.assertGreater(by_name["IPv6 out, only IPv6 LSO"]["lso_packets"], 0)
        self.assertEqual(by_name["IPv6 out, tso off"]["lso_packets"], 0)
        self.assertGreater(by_name["IPv6 out, all on again"]["lso_packets"], 0)

    def test_json(self):
        """And the run as a picture: of each callback a mark, of each change of the offloads one that says which."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "demo.svg")
            report = self.report("--plot", path)
            picture = ElementTree.parse(path).getroot()
        marks = [e for e in picture.iter() if "callback" in (e.get("class") or "").split()]
        called = [c["name"] for c in report["callbacks"]]
        titles = [e.findtext("{http://www.w3.org/2000/svg}title").split(": ")[1] for e in marks]
        self.assertEqual([name for name in set(called) if titles.count(name) < called.count(name)], [])
        self.assertEqual(sum(e.get("class").split().count("offload") for e in marks),
                         sum(name.startswith("EvtNetAdapterOffloadSet") for name in titles))
        lines = [e for e in picture.iter() if "line" in (e.get("class") or "").split()]
        self.assertGreater(len(lines[0].get("d").split("L")), 20)    # throughput, ten times a second
        self.assert_order(report, ["EvtNetAdapterOffloadSetChecksum", "EvtNetAdapterOffloadSetLso"])
        self.assert_phases(report)

    def test_json_of_2_5(self):
        report = self.report("--api", "2.5")
        self.assert_order(report, ["EvtNetAdapterOffloadSetTxChecksum", "EvtNetAdapterOffloadSetRxChecksum",
                                   "EvtNetAdapterOffloadSetGso", "EvtNetAdapterOffloadSetRsc"])
        self.assert_phases(report)
        rsc = [(c["tcp_ipv4"], c["tcp_ipv6"]) for c in report["callbacks"]
               if c["name"] == "EvtNetAdapterOffloadSetRsc"]
        self.assertEqual((rsc[0], rsc[-2], rsc[-1]), ((True, True), (False, False), (True, True)))
        # The driver is told of the change that ethtool made, and of nothing else.
        gso = [tuple(c[k] for k in ("lso_ipv4", "lso_ipv6", "uso_ipv4", "uso_ipv6"))
               for c in report["callbacks"] if c["name"] == "EvtNetAdapterOffloadSetGso"]
        uso = gso[0][2]     # kernels from 6.2 on
        self.assertEqual([g[:2] for g in gso[:4]],
                         [(True, True), (False, False), (False, True), (True, True)])
        by_name = {p["name"]: p for p in report["phases"]}
        for name, coalesced in (("IPv4 in, RSC on", True), ("IPv4 in, RSC off", False), ("IPv6 in, RSC on again", True)):
            self.assertEqual(by_name[name]["coalesced_packets"] > 0, coalesced, by_name[name])
        self.assertEqual(uso, "IPv4 UDP, USO on" in by_name)
        if uso:
            self.assertEqual([g[2:] for g in gso[-4:-2]], [(False, False), (True, True)])
            self.assertGreater(by_name["IPv4 UDP, USO on"]["lso_packets"], 0)
            self.assertEqual(by_name["IPv4 UDP, USO off"]["lso_packets"], 0)
            self.assertGreater(by_name["IPv6 UDP, USO on again"]["lso_packets"], 0)

    def test_json_of_the_virtual_pair(self):
        report = self.report("--virtual")
        self.assertTrue(report["sha256_equal"])
        phases = {p["name"]: p for p in report["phases"]}
        for phase in phases.values():
            self.assertEqual((phase["bad_packets"], phase["bad_checksums"]), (0, 0), phase)
            self.assertGreater(phase["received_packets"], 0, phase)
        for name in ("IPv4 from the left", "IPv6 from the right", "RSC on again"):
            self.assertGreater(phases[name]["coalesced_packets"], 0, name)
        self.assertEqual(phases["LSO off at the left"]["lso_packets"], 0)
        for name in ("RSC off at the right", "RSC off, IPv6"):
            self.assertEqual(phases[name]["coalesced_packets"], 0)
            self.assertGreater(phases[name]["received_packets"], phases[name]["lso_packets"])
        if "IPv4 UDP, USO and RSC" in phases:      # kernels from 6.2 on
            self.assertGreater(phases["IPv4 UDP, USO and RSC"]["coalesced_packets"], 0)
            self.assertEqual(phases["UDP RSC off at the right"]["coalesced_packets"], 0)
            self.assertEqual(phases["USO off at the left"]["lso_packets"], 0)
            self.assertGreater(phases["both on again"]["coalesced_packets"], 0)
        # Each adapter is told at its start and at each change of its own.
        for adapter in ("left", "right"):
            changes = sum(part.split()[1] == adapter for p in report["phases"] for part in p["change"].split("; ") if part)
            for name in ("EvtNetAdapterOffloadSetGso", "EvtNetAdapterOffloadSetRsc"):
                told = [c for c in report["callbacks"] if c["name"] == name and c["adapter"] == adapter]
                self.assertGreaterEqual(len(told), 1 + changes)

    def test_two_demos_at_once(self):
        done = subprocess.run([*DEMO, "--api", "2.5", "--virtual"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("not allowed with argument", done.stderr)

    def test_another_api(self):
        done = subprocess.run([*DEMO, "--api", "2.6"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("choose from '1.3', '2.5'", done.stderr)

    def test_interrupted_at_any_moment(self):
        for delay in (0.1, 0.5, 1.5, 4.0):
            demo = subprocess.Popen(DEMO, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(delay)
            demo.send_signal(signal.SIGINT)
            demo.wait(30)
            self.assertEqual(leftovers(demo.pid), [], "after %.1f s" % delay)


if __name__ == "__main__":
    unittest.main(verbosity=2)
