#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`netcx capture` of a running host: what tshark, and the format read by hand, make of its file."""
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from common import HELLO, Host  # noqa: E402
from flows import handshake, tcp  # noqa: E402

STACK, RING, WIRE = range(3)
OUTBOUND, OPEN, SEGMENTED = 2, 1 << 9, 1 << 11
SIZE = 64000        # of the super-packet's payload, at an MSS of 1460
SEGMENTS = -(-SIZE // 1460)


def options(data):
    """{code: [value]}"""
    found, at = {}, 0
    while at + 4 <= len(data):
        code, length = struct.unpack_from("<HH", data, at)
        if code == 0:
            break
        found.setdefault(code, []).append(data[at + 4:at + 4 + length])
        at += 4 + (length + 3) // 4 * 4
    return found


class Section:
    """A pcapng file, each block checked."""

    def __init__(self, data):
        self.interfaces, self.packets, self.statistics = [], [], {}
        at = 0
        while at < len(data):
            kind, length = struct.unpack_from("<II", data, at)
            assert length % 4 == 0 and struct.unpack_from("<I", data, at + length - 4) == (length,), (at, length)
            self.block(kind, data[at + 8:at + length - 4])
            at += length

    def block(self, kind, body):
        if kind == 0x0A0D0D0A:
            self.section = options(body[16:])
        elif kind == 1:
            self.interfaces.append(struct.unpack_from("<HHI", body)[::2] + (options(body[8:]),))
        elif kind == 6:
            source, high, low, captured, length = struct.unpack_from("<IIIII", body)
            found = options(body[20 + (captured + 3) // 4 * 4:])
            self.packets.append({"at": source, "time": high << 32 | low, "bytes": body[20:20 + captured], "length": length,
                                 "flags": struct.unpack("<I", found[2][0])[0],
                                 "queue": struct.unpack("<I", found[6][0])[0] if 6 in found else None,
                                 "drops": struct.unpack("<Q", found[4][0])[0] if 4 in found else 0,
                                 "comment": found.get(1, [b""])[0].decode()})
        elif kind == 5:
            found = options(body[12:])
            self.statistics[struct.unpack_from("<I", body)[0]] = tuple(struct.unpack("<Q", found[n][0])[0] for n in (4, 5))
        else:
            raise AssertionError(kind)

    def seen(self, point, **wanted):
        return [p for p in self.packets if p["at"] == point and all(p[name] == value for name, value in wanted.items())]


class Capture(Host):
    def capture(self, *arguments, **kind):
        child = self.start("capture", *arguments, **kind)
        self.assertIn(b"SIGINT ends it", child.stderr.readline())
        return child

    def stop(self, child, number=signal.SIGINT):
        child.send_signal(number)
        out, err = child.communicate(timeout=60)
        self.assertEqual(child.returncode, 0, err)
        return out, err.decode()

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return Section(file.read())

    def test_a_super_packet_at_each_point(self):
        self.host()
        child = self.capture("all.pcapng")
        self.send(handshake(4, 1460, 1460)[:1] + [tcp(4, SIZE, field="without")])
        self.await_wire(SEGMENTS + 1)
        _, said = self.stop(child)
        self.assertIn(f"stack 2 (0 lost), ring 2 (0 lost), wire {SEGMENTS + 1} (0 lost)", said)

        file = self.read("all.pcapng")
        self.assertEqual([i[2][2][0] for i in file.interfaces], [b"stack", b"ring", b"wire"])
        for link, snap, said in file.interfaces:
            self.assertEqual((link, snap, said[9][0]), (1, 0, b"\x09"))
            self.assertIn(b"rtl8168", said[15][0])
        self.assertIn(b"pcap:stack", file.interfaces[STACK][2][3][0])
        self.assertIn(b"null", file.interfaces[WIRE][2][3][0])
        self.assertTrue(file.section[4][0].startswith(b"netcx "))
        self.assertEqual(file.statistics, {STACK: (2, 0), RING: (2, 0), WIRE: (SEGMENTS + 1, 0)})

        sent, posted = file.seen(STACK)[1], file.seen(RING)[1]
        self.assertEqual((sent["length"], len(sent["bytes"])), (SIZE + 54, SIZE + 54))
        self.assertEqual(sent["comment"], f"GSO, MSS 1460, {SEGMENTS} segments; checksum open")
        self.assertEqual(sent["flags"], OUTBOUND | OPEN | SEGMENTED)
        self.assertEqual(posted["comment"], f"LSO, MSS 1460, {SEGMENTS} segments")
        self.assertEqual((posted["length"], posted["flags"]), (SIZE + 54, OUTBOUND | OPEN | SEGMENTED))
        self.assertEqual(posted["bytes"][54:], sent["bytes"][54:])
        frames = file.seen(WIRE)[1:]
        self.assertEqual(b"".join(f["bytes"][54:] for f in frames), sent["bytes"][54:])
        self.assertEqual({f["flags"] for f in frames}, {OUTBOUND})
        self.assertEqual({p["queue"] for p in file.packets}, {0})
        self.assertEqual([p["time"] for p in file.packets], sorted(p["time"] for p in file.packets))
        self.assertLess(abs(file.packets[0]["time"] / 1e9 - time.time()), 60)

        if not shutil.which("tshark"):
            return
        told = subprocess.run(["tshark", "-r", self.path("all.pcapng"), "-o", "tcp.check_checksum:TRUE", "-Y",
                               'frame.interface_name == "wire" && tcp.checksum.status == "Good" && tcp.len > 0', "-T", "fields",
                               "-e", "tcp.len"], capture_output=True, text=True, check=True).stdout.split()
        self.assertEqual(len(told), SEGMENTS)
        self.assertEqual(sum(map(int, told)), SIZE)

    def test_points_count_snaplen_and_json(self):
        self.host()
        child = self.start("capture", "--at", "wire", "--at", "ring", "--count", "5", "--snaplen", "60", "--json", "--quiet",
                           "some.pcapng")
        self.wait_for(lambda: os.path.exists(self.path("some.pcapng")) and os.path.getsize(self.path("some.pcapng")))
        self.send([tcp(4, 1000)] * 10)
        out, err = child.communicate(timeout=60)
        self.assertEqual((child.returncode, err), (0, b""))
        file = self.read("some.pcapng")
        self.assertEqual([i[2][2][0] for i in file.interfaces], [b"ring", b"wire"])
        self.assertEqual([i[1] for i in file.interfaces], [60, 60])
        self.assertEqual({(len(p["bytes"]), p["length"]) for p in file.packets}, {(60, 1054)})
        self.assertEqual(len(file.packets), 5)
        sums = json.loads(out)
        self.assertEqual(sorted(sums), ["ring", "wire"])
        self.assertEqual(sums["ring"]["packets"] + sums["wire"]["packets"], 5)

    def test_a_slow_reader_loses_packets_and_the_adapter_none(self):
        self.host()
        child = self.capture("--at", "wire", "--buffer", "1", "-")
        head = os.read(child.stdout.fileno(), 8)     # what comes out of the pipe from now on waits
        self.send(handshake(4, 1460, 1460)[:1] + [tcp(4, SIZE, field="without")] * 40)
        self.await_wire(sent := 1 + 40 * SEGMENTS)
        child.send_signal(signal.SIGINT)
        rest, err = child.communicate(timeout=60)
        self.assertEqual(child.returncode, 0, err)
        file = Section(head + rest)
        received, dropped = file.statistics[0]
        self.assertEqual(received, sent)
        self.assertGreater(dropped, 300)
        self.assertEqual(len(file.packets), received - dropped)
        self.assertIn(f"wire {received - dropped} ({dropped} lost)".encode(), err)

    def test_it_ends_with_what_it_captures_and_survives_a_restart(self):
        host = self.host()
        child = self.capture("--at", "ring", "a.pcapng")
        self.send([tcp(4, 100)])
        self.await_wire(1)
        self.netcx("restart")
        self.send([tcp(4, 200)])
        self.await_wire(2)
        self.netcx("remove")
        self.assertEqual(child.wait(timeout=60), 0)
        self.assertEqual([p["length"] for p in self.read("a.pcapng").packets], [154, 254])
        self.assertEqual(host.wait(timeout=60), 0)

    def test_it_ends_with_a_host_that_is_killed(self):
        host = self.host()
        child = self.capture("--at", "stack", "a.pcapng")
        self.send([tcp(4, 100)])
        self.await_wire(1)
        host.kill()
        self.assertEqual(child.wait(timeout=60), 0)
        file = self.read("a.pcapng")
        self.assertEqual(([p["length"] for p in file.packets], file.statistics), ([154], {0: (1, 0)}))

    def test_one_at_a_time_and_the_next_after_it(self):
        self.host()
        child = self.capture("a.pcapng")
        _, err = self.netcx("capture", "b.pcapng", code=1)
        self.assertEqual(err, "netcx: capture: Ethernet: it is being captured already, by another netcx capture\n")
        self.assertFalse(os.path.exists(self.path("b.pcapng")))
        child.kill()
        child.wait()
        for _ in range(3):
            self.stop(self.capture("--time", "1000", "b.pcapng"), signal.SIGTERM)
        self.netcx("capture", "--time", "1", "--quiet", "b.pcapng")
        self.assertEqual(self.read("b.pcapng").packets, [])

    def test_a_driver_without_hardware_has_no_wire(self):
        self.host(HELLO, "--name", "soft")
        _, err = self.netcx("capture", "--at", "wire", "a.pcapng", code=1)
        self.assertEqual(err, "netcx: capture: soft: it has no hardware, and so no wire: stack and ring can be captured\n")
        child = self.capture("soft", "a.pcapng")
        self.send([tcp(4, SIZE)])
        self.wait_for(lambda: os.path.getsize(self.path("a.pcapng")) > SIZE)
        self.stop(child)
        self.assertEqual([i[2][2][0] for i in self.read("a.pcapng").interfaces], [b"stack", b"ring"])

    def test_usage(self):
        for words, says in [(("--at", "cable", "f"), "--at cable: stack, ring or wire is expected"),
                            ((), "FILE is expected, or - for standard output"),
                            (("a", "b", "c"), "c: that is one too many"),
                            (("--count", "0", "f"), "--count 0: a number from 1 to"),
                            (("--snaplen", "1e3", "f"), "--snaplen 1e3: a number from 1 to 262144 is expected"),
                            (("--buffer", "3", "f"), "--buffer 3: a power of two is expected: 1, 2, 4 ..."),
                            (("--json", "-"), "--json writes on standard output, and so does -")]:
            _, err = self.netcx("capture", *words, code=2)
            self.assertTrue(err.startswith("netcx: capture: " + says), err)
        self.host()
        _, err = self.netcx("capture", "nowhere/a.pcapng", code=1)
        self.assertEqual(err, "netcx: capture: nowhere/a.pcapng: No such file or directory\n")
        _, err = self.netcx("capture", "--quiet", "/dev/full", code=1)
        self.assertEqual(err, "netcx: capture: /dev/full: No space left on device\n")


if __name__ == "__main__":
    unittest.main(verbosity=2)
