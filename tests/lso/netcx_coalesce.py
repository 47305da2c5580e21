#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""netcx coalesce as people use it: captures in and out, cut again by netcx segment."""
import json
import os
import shutil
import struct
import subprocess
import tempfile
import unittest

NETCX = os.environ["NETCX"]


def total(data, start=0):
    if len(data) % 2:
        data += b"\0"
    start += sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while start >> 16:
        start = (start & 0xffff) + (start >> 16)
    return start


def frame(flow, i, size=100, flags=0x10, ident=None, window=500, proto=6, bad=0):
    """The i-th of a flow: 10.0.0.1 to 10.0.0.2, IDs that count."""
    data = bytes((flow + i + k) & 255 for k in range(size))
    addresses = bytes([10, 0, 0, 1, 10, 0, 0, 2])
    if proto == 6:
        head = struct.pack("!HHIIHHHH", 1000 + flow, 80, 1000 + 100 * i, 1, 0x5000 | flags, window, 0, 0)
    else:
        head = struct.pack("!HHHH", 1000 + flow, 53, 8 + size, 0)
    pseudo = total(addresses + struct.pack("!II", len(head) + size, proto))
    check = struct.pack("!H", (total(head + data, pseudo) ^ 0xffff ^ bad) or 0xffff)
    at = 16 if proto == 6 else 6
    head = head[:at] + check + head[at + 2:]
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(head) + size, 7 + i if ident is None else ident, 0x4000, 64,
                     proto, 0) + addresses
    ip = ip[:10] + struct.pack("!H", total(ip) ^ 0xffff) + ip[12:]
    return b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + ip + head + data


def pcap(frames, link=1, snap=262144, step=1):
    out = struct.pack("<IHHIIII", 0xa1b2c3d4, 2, 4, 0, 0, snap, link)
    for i, f in enumerate(frames):
        out += struct.pack("<IIII", 1000, i * step, len(f), len(f)) + f
    return out


def records(data):
    at, out = 24, []
    while at < len(data):
        seconds, micro, captured, _ = struct.unpack_from("<IIII", data, at)
        out.append((seconds, micro, data[at + 16:at + 16 + captured]))
        at += 16 + captured
    return out


def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


def enhanced(interface, f, comment):
    body = struct.pack("<IIIII", interface, 0, 1000, len(f), len(f)) + f + b"\0" * (-len(f) % 4)
    return block(6, body + struct.pack("<HH", 1, len(comment)) + comment + b"\0" * (-len(comment) % 4) + b"\0\0\0\0")


SECTION = block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1))
INTERFACE = block(1, struct.pack("<HHI", 1, 0, 0))


class Coalesce(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="netcx-test-coalesce-")
        self.addCleanup(shutil.rmtree, self.folder, True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def netcx(self, *arguments, code=0, **more):
        done = subprocess.run([NETCX, *arguments], capture_output=True, timeout=60, check=False, cwd=self.folder, **more)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def run_on(self, data, *options):
        """Return: what comes out, and the summary."""
        with open(self.path("in.pcap"), "wb") as file:
            file.write(data)
        done = self.netcx("coalesce", "in.pcap", "out.pcap", "--json", *options)
        with open(self.path("out.pcap"), "rb") as file:
            return file.read(), json.loads(done.stdout)

    def test_there_and_back(self):
        frames = [frame(0, i) for i in range(40)] + [frame(0, 40, size=33, flags=0x18)]
        out, said = self.run_on(pcap(frames))
        self.assertEqual(len(records(out)), 1)
        self.assertEqual(said["units_by_end"], {"psh": 1})
        self.assertEqual((said["packets"], said["coalesced"], said["written"]), (41, 41, 1))
        self.netcx("segment", "out.pcap", "again.pcap", "--mss", "100", "--ip-id", "linux")
        with open(self.path("again.pcap"), "rb") as file:
            self.assertEqual([r[2] for r in records(file.read())], frames)

    def test_flows_in_turn(self):
        frames = [frame(i % 3, i // 3) for i in range(30)]
        out, said = self.run_on(pcap(frames))
        self.assertEqual(said["units_by_end"], {"flush": 3})
        self.assertEqual([r[1] for r in records(out)], [0, 1, 2])  # the times of the first

    def test_what_stays_alone(self):
        frames = [frame(0, 0), frame(0, 1), frame(0, 2, bad=1), frame(0, 3), frame(0, 4, flags=0x12), b"\0" * 60]
        out, said = self.run_on(pcap(frames))
        self.assertEqual([len(r[2]) for r in records(out)][:1], [254])
        self.assertEqual([r[2] for r in records(out)[1:]], frames[2:])
        self.assertEqual(said["alone_by_reason"], {"bad_sum": 1, "syn": 2, "protocol": 1})

    def test_age(self):
        frames = [frame(0, i) for i in range(6)]
        out, said = self.run_on(pcap(frames, step=400))
        self.assertEqual(len(records(out)), 2)
        self.assertEqual(said["units_by_end"], {"age": 1, "flush": 1})
        out, said = self.run_on(pcap(frames, step=400), "--age", "0")
        self.assertEqual(len(records(out)), 1)

    def test_udp_when_asked(self):
        frames = [frame(0, i, proto=17) for i in range(6)]
        self.assertEqual(self.run_on(pcap(frames))[1]["coalesced"], 0)
        self.assertEqual(self.run_on(pcap(frames), "--udp")[1]["coalesced"], 6)

    def test_rsc_with_updates(self):
        frames = [frame(0, i, window=500 + i) for i in range(6)]
        self.assertEqual(self.run_on(pcap(frames), "--rules", "rsc")[1]["coalesced"], 0)
        said = self.run_on(pcap(frames), "--rules", "rsc", "--updates")[1]
        self.assertEqual((said["coalesced"], said["inexact"]), (6, 1))

    def test_options(self):
        frames = [frame(i % 3, i // 3) for i in range(9)]
        self.assertEqual(self.run_on(pcap(frames), "--flows", "2")[1]["coalesced"], 0)
        self.assertEqual(self.run_on(pcap(frames), "--frames", "2")[1]["units_by_end"], {"frames": 3})
        wrong = [frame(0, i, bad=5) for i in range(3)]
        self.assertEqual(self.run_on(pcap(wrong))[1]["coalesced"], 0)
        self.assertEqual(self.run_on(pcap(wrong), "--trust")[1]["coalesced"], 3)
        ids = [frame(0, i, ident=(0x7ffe + i) & 0x7fff) for i in range(4)]
        self.assertEqual(self.run_on(pcap(ids))[1]["units"], 2)
        self.assertEqual(self.run_on(pcap(ids), "--ndis-ids")[1]["units"], 1)

    def test_no_longer_than_the_snap_length(self):
        out, _ = self.run_on(pcap([frame(0, i) for i in range(40)], snap=1000))
        self.assertTrue(all(len(r[2]) <= 1000 for r in records(out)))
        self.assertLess(len(records(out)), 10)

    def test_other_link_types(self):
        """Raw IP; Linux cooked, whose header tells flows apart; one without IP."""
        ip = [frame(0, i)[14:] for i in range(4)]
        out, said = self.run_on(pcap(ip, link=101))
        self.assertEqual(said["units_by_end"], {"flush": 1})
        self.assertEqual(len(records(out)[0][2]), 440)
        self.netcx("segment", "out.pcap", "again.pcap", "--mss", "100", "--ip-id", "linux")
        with open(self.path("again.pcap"), "rb") as file:
            self.assertEqual([r[2] for r in records(file.read())], ip)
        cooked = [struct.pack("!HHH8sH", i // 4, 1, 6, b"\2\0\0\0\0\1", 0x800) + ip[i % 4] for i in range(8)]
        out, said = self.run_on(pcap(cooked, link=113))
        self.assertEqual(said["units"], 2)
        self.assertEqual([r[2][:16] for r in records(out)], [cooked[0][:16], cooked[4][:16]])
        self.netcx("segment", "out.pcap", "again.pcap", "--mss", "100", "--ip-id", "linux")
        with open(self.path("again.pcap"), "rb") as file:
            self.assertEqual([r[2] for r in records(file.read())], cooked)
        out, said = self.run_on(pcap(ip, link=147))
        self.assertEqual([r[2] for r in records(out)], ip)
        self.assertEqual(said["untouched"], 4)

    def test_interfaces_and_comments(self):
        data = SECTION + INTERFACE + INTERFACE
        for i in range(3):
            data += enhanced(0, frame(0, i), b"a%d" % i) + enhanced(1, frame(0, i), b"b%d" % i)
        data += SECTION + INTERFACE + enhanced(0, frame(0, 3), b"c")
        with open(self.path("in.pcapng"), "wb") as file:
            file.write(data)
        self.netcx("coalesce", "in.pcapng", "out.pcapng")
        with open(self.path("out.pcapng"), "rb") as file:
            out = file.read()
        self.assertEqual([out.count(c) for c in (b"a0", b"b0", b"c\0", b"a1", b"b2")], [1, 1, 1, 0, 0])
        self.assertEqual(out.count(SECTION), 2)

    def test_pipes(self):
        done = subprocess.run("%s coalesce - - | cat" % NETCX, shell=True, capture_output=True, timeout=60, check=True,
                              input=pcap([frame(0, i) for i in range(3)]))
        self.assertEqual(len(records(done.stdout)), 1)
        self.assertIn(b"3 packets: 3 coalesced into 1, 0 alone; 1 packets written", done.stderr)

    def test_bad_input(self):
        good = pcap([frame(0, i) for i in range(3)])
        for arguments, said in ((("in.pcap",), b"IN OUT"), (("in.pcap", "in.pcap"), b"the same file"),
                                (("in.pcap", "x", "--flows", "0"), b"--flows 0: 1 to 65536"),
                                (("in.pcap", "x", "--age", "soon"), b"--age soon: 0 to"),
                                (("in.pcap", "x", "--rules", "bsd"), b"linux or rsc"),
                                (("in.pcap", "x", "--updates"), b"--rules rsc"),
                                (("in.pcap", "x", "--format", "zip"), b"pcap or pcapng")):
            with open(self.path("in.pcap"), "wb") as file:
                file.write(good)
            self.assertIn(said, self.netcx("coalesce", *arguments, code=2).stderr)
        self.assertIn(b"none.pcap", self.netcx("coalesce", "none.pcap", "x", code=1).stderr)
        self.assertIn(b"No space", self.netcx("coalesce", "in.pcap", "/dev/full", code=1).stderr)
        with open(self.path("in.pcap"), "wb") as file:
            file.write(good[:-10])
        self.assertIn(b"after 2 packets", self.netcx("coalesce", "in.pcap", "cut.pcap", code=1).stderr)
        with open(self.path("cut.pcap"), "rb") as file:
            self.assertEqual(len(records(file.read())), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
