#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Captures of all kinds through `netcx segment`: what they hold stays, whatever it is. NETCX is the command."""
import json
import os
import shutil
import struct
import subprocess
import tempfile
import unittest

from files import (KUZNETZOV, MICRO, NANO, SECOND, Order, blocks, ethernet, ip_packet, pcap, pcap_records)

NETCX = os.environ["NETCX"]
BIG4, BIG6 = ip_packet(4, 5000), ip_packet(6, 5000)
SMALL = ethernet(ip_packet(4, 100))
NS = SECOND * 10**9 + 123456789


class Captures(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data)

    def segment(self, data, out, *options, code=0, pipe=False):
        """The output's bytes, and what was said."""
        if os.path.exists(self.path(out)):
            os.unlink(self.path(out))
        self.write("in", data)
        done = subprocess.run([NETCX, "segment", "-" if pipe else "in", out, *options], cwd=self.folder,
                              input=data if pipe else b"", capture_output=True, timeout=60)
        said = done.stderr.decode()
        self.assertEqual(done.returncode, code, said)
        self.printed = done.stdout.decode()
        return self.read(out) if os.path.exists(self.path(out)) else None, said

    def segments(self, frame):
        """What comes of an Ethernet frame alone."""
        return [data for _, _, data in pcap_records(self.segment(pcap([frame]), "alone.pcap")[0])[2]]

    def tshark(self, name, *fields):
        command = ["tshark", "-r", self.path(name), "-o", "ip.check_checksum:TRUE", "-o",
                   "tcp.check_checksum:TRUE", "-T", "fields"]
        for field in fields:
            command += ["-e", field]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        return [line.split("\t") for line in done.stdout.splitlines()]


class Pcap(Captures):
    def test_all_kinds_are_read(self):
        frames = [SMALL, ethernet(BIG4), ethernet(BIG6)]
        expected = pcap_records(self.segment(pcap(frames), "out.pcap")[0])
        self.assertEqual(len(expected[2]), 1 + 4 + 4)
        for order in "<>":
            for magic in (MICRO, NANO, KUZNETZOV):
                for version in ((2, 4), (2, 3), (2, 2)):
                    data, _ = self.segment(pcap(frames, order=order, magic=magic, version=version), "out.pcap")
                    link, unit, found = pcap_records(data)
                    self.assertEqual((link, unit), (1, 10**9 if magic == NANO else 10**6))
                    self.assertEqual([r[1:] for r in found], [r[1:] for r in expected[2]])
                    self.assertEqual({r[0] for r in found}, {(SECOND + i) * unit + 77 * i for i in range(3)})

    def test_records_longer_than_the_snap_length_are_whole(self):
        frames = [SMALL, ethernet(BIG4), ethernet(ip_packet(4, 65495))]
        expected, _ = self.segment(pcap(frames), "out.pcap")
        for snap in (0, 1, 64, 96, 1500, 65535, 0xFFFFFFFF):
            data, said = self.segment(pcap(frames, snap=snap), "out.pcap")
            self.assertEqual(pcap_records(data)[2], pcap_records(expected)[2])
            self.assertIn(" 0 left alone", said)

    def test_packets_that_were_cut_short_stay_so(self):
        frames = [ethernet(BIG4)[:96], SMALL]
        data, said = self.segment(pcap(frames, snap=96, lengths=[5054, len(SMALL)]), "out.pcap")
        self.assertEqual([r[1:] for r in pcap_records(data)[2]], [(5054, frames[0]), (len(SMALL), SMALL)])
        self.assertIn("left alone, not captured whole: 1\n", said)

    def test_other_files_are_named(self):
        for data, text in ((b"\x1f\x8b\x08\0rest", "gzip"), (b"\x28\xb5\x2f\xfdrest", "zstd"),
                           (b"\xfd7zXZ\0", "xz"), (b"snoop\0\0\0", "snoop"), (b"GMBU\1\1", "Network Monitor"),
                           (b"\xab\x01\x00\x1c" + bytes(30), "IXIA"), (b"nothing at all", "neither pcap nor pcapng"),
                           (pcap([], version=(3, 1)), "version 3.1"), (pcap([])[:23], "truncated at byte 23")):
            out, said = self.segment(data, "out.pcap", code=1)
            self.assertIn(text, said)
            self.assertEqual(said.count("\n"), 1)
            self.assertIsNone(out)

    def test_damage_is_said_with_its_place(self):
        good = pcap([SMALL, ethernet(BIG4)])
        second = 24 + 16 + len(SMALL)
        for size in range(second + 1, len(good), 97):
            data, said = self.segment(good[:size], "out.pcap", code=1)
            self.assertIn("after 1 packets: truncated at byte %d, within the record at byte %d" % (size, second), said)
            self.assertEqual([r[2] for r in pcap_records(data)[2]], [SMALL])
        for length in (0xFFFFFFFF, 0x7FFFFFFF, (128 << 20) + 1):
            bad = good[:second + 8] + struct.pack("<I", length) + good[second + 12:]
            data, said = self.segment(bad, "out.pcap", code=1)
            self.assertIn("the record at byte %d is damaged: it says to have %d bytes" % (second, length), said)
            self.assertEqual(len(pcap_records(data)[2]), 1)

    def test_no_more_memory_is_taken_than_is_there(self):
        self.write("in", pcap([SMALL]) + struct.pack("<IIII", 0, 0, 128 << 20, 128 << 20) + bytes(100))
        done = subprocess.run(["bash", "-c", "ulimit -v 60000; exec \"$0\" segment in out.pcap", NETCX], cwd=self.folder,
                              capture_output=True, timeout=60, env={**os.environ, "ASAN_OPTIONS": "", "MALLOC_PERTURB_": ""})
        if b"sanitizer" in done.stderr.lower():
            self.skipTest("a sanitizer needs the address space")
        self.assertIn(b"after 1 packets: truncated", done.stderr)

    def test_pcapng_when_asked_for(self):
        for magic, resolution in ((MICRO, 6), (NANO, 9)):
            frames = [SMALL, ethernet(BIG4)]
            for arguments in (("out.pcapng",), ("out", "--format", "pcapng")):
                data, _ = self.segment(pcap(frames, magic=magic, link=1), *arguments)
                found = blocks(data)
                unit = 10**resolution
                o = Order()
                expected = [o.section(), o.interface((9, bytes([resolution])))]
                expected += [o.packet(0, SECOND * unit, SMALL)]
                expected += [o.packet(0, (SECOND + 1) * unit + 77, part) for part in self.segments(frames[1])]
                self.assertEqual(found, expected)


class Pcapng(Captures):
    def test_each_interface_has_its_own_times(self):
        o = Order()
        cases = ((b"", 0, SECOND * 10**6 + 5, SECOND * 10**9 + 5000),
                 (b"\x09", 0, NS, NS), (b"\x03", 0, SECOND * 1000 + 7, SECOND * 10**9 + 7 * 10**6),
                 (b"\x00", 0, SECOND, SECOND * 10**9), (b"\x8a", 0, (SECOND << 10) + 512, SECOND * 10**9 + 5 * 10**8),
                 (b"\xa0", 0, (SECOND << 32) + (1 << 30), SECOND * 10**9 + 25 * 10**7),
                 (b"\x0a", 0, NS * 10 + 9, NS), (b"\x06", 3600, (SECOND - 3600) * 10**6, SECOND * 10**9),
                 (b"\x09", -60, NS + 60 * 10**9, NS), (b"\xbf", 100, 1 << 62, 100 * 10**9 + 5 * 10**8),
                 (b"\xff", 0, 1 << 63, 0), (b"\x7f", 0, 1 << 63, 0), (b"\x13", 1, 10**19 + 5 * 10**18, 2 * 10**9 + 5 * 10**8))
        data = o.section()
        for resolution, offset, _, _ in cases:
            options = [(9, resolution)] if resolution else []
            data += o.interface(*options, *([(14, o.pack("q", offset))] if offset else []))
        for number, case in enumerate(cases):
            data += o.packet(number, case[2], ethernet(BIG4))
        out, _ = self.segment(data, "out.pcap")
        self.assertEqual([t for t, _, _ in pcap_records(out)[2]], [c[3] for c in cases for _ in range(4)])
        out, _ = self.segment(data, "out.pcapng")
        self.assertEqual([b[8:20] for b in blocks(out)[len(cases) + 1:]], [
            struct.pack("<III", i, c[2] >> 32, c[2] & 0xFFFFFFFF) for i, c in enumerate(cases) for _ in range(4)])

    def test_times_that_pcap_does_not_have_are_counted(self):
        o = Order()
        data = o.section() + o.interface((14, o.pack("q", -2 * SECOND))) + o.interface((14, o.pack("q", 2**63 - 1)))
        data += o.packet(0, SECOND * 10**6, SMALL) + o.packet(1, SECOND * 10**6, SMALL)
        out, said = self.segment(data, "out.pcap")
        self.assertEqual([t for t, _, _ in pcap_records(out)[2]], [0, 0xFFFFFFFF * 10**9 + 999999999])
        self.assertIn("times that pcap cannot express, of frames: 2\n", said)
        self.assertNotIn("times", self.segment(data, "out.pcapng")[1])

    def section(self, o, in_file):
        """One with all that there is, as it is read or as it is written."""
        def only(*pairs):
            return pairs if in_file else ()
        parts, flags = self.segments(ethernet(BIG4)), 9
        comment, number = (1, b"said of it"), (5, o.pack("Q", 77))
        yield o.section((2, b"machine"), *only((19373, b"\1\2\3\4private")), (4, b"tool"), length=999 if in_file else -1)
        yield o.interface((2, b"eth0"), *only((13, b"\4")), (9, b"\6"), (1, b"an interface"))
        yield o.interface(link=101, snap=0)
        yield o.block(4, o.pack("HH", 1, 7) + b"\x0a\0\0\1ab\0\0" + bytes(4))
        yield o.block(10, o.pack("II", 0x544C534B, 6) + b"secret\0\0")
        yield o.packet(0, 5, SMALL + b"\xee" * 4, comment, (2, o.pack("I", flags | 4 << 5)), (3, b"\2\1\1\1\1"), (4, o.pack("Q", 3)))
        if in_file:
            yield o.packet(0, 6, ethernet(BIG4), comment, (2, o.pack("I", flags | 4 << 5)), (3, b"\2\1\1\1\1"),
                           (4, o.pack("Q", 3)), (19372, b"\1\2\3\4no"), number)
            yield o.packet(1, 7, BIG4)
            yield o.simple(ethernet(BIG4))
            yield o.obsolete(0, 9, 8, ethernet(BIG4), (2, o.pack("I", flags)))
            yield o.block(0x40000BAD, o.pack("I", 7) + b"not to be copied")
        else:
            for i, part in enumerate(parts):
                drops = () if i else ((4, o.pack("Q", 3)),)
                yield o.packet(0, 6, part, comment, (2, o.pack("I", flags)), *drops, number)
            yield from (o.packet(1, 7, part[14:]) for part in parts)
            yield from (o.simple(part) for part in parts)
            yield from (o.obsolete(0, 0 if i else 9, 8, part, (2, o.pack("I", flags))) for i, part in enumerate(parts))
        yield o.block(0xBAD, o.pack("I", 7) + b"to be copied")
        yield o.block(5, o.pack("III", 0, 1, 2) + o.options((4, o.pack("Q", 12))))
        yield o.block(0x80001234, b"of somebody's own")

    def test_all_that_is_still_true_is_kept(self):
        data, expected = b"", []
        for order in "<>><":
            data += b"".join(self.section(Order(order), True))
            expected += list(self.section(Order(order), False))
        for pipe in (False, True):
            out, said = self.segment(data, "out.pcapng", "--stats", pipe=pipe)
            self.assertEqual(blocks(out), expected)
            self.assertIn("20 packets: 16 cut into 64, 4 passed, 0 left alone; 68 frames\n", said)
            self.assertIn("blocks left out that are not to be copied: 4\n", said)
        # and what is written is read again, by us as by others
        self.assertEqual(self.segment(out, "again.pcapng")[0], out)
        rows = [row for row in self.tshark("out.pcapng", "frame.interface_id", "tcp.len", "tcp.checksum.status") if row[1]]
        self.assertEqual(len(rows), 68)     # others are custom blocks, of which it shows some
        self.assertEqual({row[2] for row in rows}, {"1"})

    def test_what_nothing_happens_to_is_the_same(self):
        o = Order(">")
        data = (o.section((1, b"c")) + o.interface((2, b"x"), link=189) + o.interface(snap=10) +
                o.packet(0, 5, bytes(77), (1, b"usb")) + o.packet(1, 6, SMALL, (1, b"eth"), (2988, b"\0\0\0\1own")) +
                o.packet(1, 7, SMALL[:50], length=len(SMALL)) + o.simple(SMALL[:30], length=99) + o.block(77, b""))
        for arguments in (("out.pcapng",), ("out",), ("out.pcap", "--format", "pcapng")):
            out, said = self.segment(data, *arguments)
            self.assertEqual(out, data)
        self.assertIn("left alone, link type USB_LINUX: 2\n", said)
        self.assertIn("left alone, not captured whole: 1\n", said)

    def test_lists_of_options_without_an_end(self):
        o = Order()
        body = o.pack("IIIII", 0, 0, 5, len(SMALL), len(SMALL)) + SMALL + bytes(-len(SMALL) % 4)
        for options in (o.options((1, b"one"), end=False), o.options((1, b"one"), (3, b"\0\1"), end=False)):
            data = o.section() + o.interface() + o.block(6, body + options)
            self.assertEqual(self.segment(data, "out.pcapng")[0], data)
        data = o.section() + o.interface() + o.block(6, body + b"\1\0\xff\xff")
        self.assertEqual(self.segment(data, "out.pcapng")[0], data[:-8] + bytes(4) + data[-4:])

    def test_simple_packets_end_with_the_snap_length(self):
        o = Order()
        data = o.section() + o.interface(snap=50) + o.simple(SMALL[:52], length=len(SMALL)) + o.simple(SMALL)
        out, _ = self.segment(data, "out.pcap")
        self.assertEqual([r[1:] for r in pcap_records(out)[2]], [(len(SMALL), SMALL[:50]), (len(SMALL), SMALL)])

    def test_a_pcap_file_gets_one_link_type(self):
        o = Order()
        cooked = struct.pack("!HHHQH", 4, 1, 6, 0, 0x800) + BIG4
        start = o.section() + o.interface(link=113) + o.interface() + o.interface(link=189)
        data = start + o.packet(0, 1, cooked) + o.packet(1, 2, ethernet(BIG4)) + o.packet(2, 3, bytes(64)) + o.packet(0, 4, cooked)
        out, said = self.segment(data, "out.pcap")
        self.assertEqual([r[2] for r in pcap_records(out)[2]], self.segments(ethernet(BIG4)))
        self.assertIn("4 packets: 1 cut into 4, 0 passed, 0 left alone; 4 frames\n", said)
        self.assertIn("left out, link type LINUX_SLL (a pcap file holds one, pcapng all): 2\n", said)
        self.assertIn("left out, link type USB_LINUX (a pcap file holds one, pcapng all): 1\n", said)
        out, said = self.segment(data, "out.pcap", pipe=True)
        self.assertEqual((pcap_records(out)[0], len(pcap_records(out)[2])), (113, 8))
        self.assertIn("left out, link type EN10MB", said)
        out, said = self.segment(data, "out.pcapng")
        self.assertIn("4 packets: 3 cut into 12, 0 passed, 1 left alone; 13 frames\n", said)
        self.assertNotIn("left out", said)
        # of cooked packets alone, though an interface has Ethernet
        out, said = self.segment(start + o.packet(0, 1, cooked), "out.pcap")
        self.assertEqual((pcap_records(out)[0], len(pcap_records(out)[2])), (113, 4))

    def test_the_check_sequence_that_an_interface_tells_of(self):
        """It says where a packet without a length ends; as bytes or as bits, and of each packet."""
        o = Order()
        frame = ethernet(b"\x45\0\0\0" + BIG4[4:])
        for told in (b"\4", b"\x20"):
            for options in ((), ((2, o.pack("I", 1)),)):
                data = o.section() + o.interface((13, told)) + o.packet(0, 1, frame + b"\xee" * 4, *options)
                out, said = self.segment(data, "out.pcapng")
                self.assertEqual([b[28:-4 - len(o.options(*options))].rstrip(b"\0") for b in blocks(out)[2:]],
                                 [part.rstrip(b"\0") for part in self.segments(frame)])
                self.assertIn("cut off behind the IP packet: 4 bytes of 1 packets\n", said)
        data = o.section() + o.interface() + o.packet(0, 1, frame + b"\xee" * 6, (2, o.pack("I", 6 << 5)))
        self.assertIn("cut off behind the IP packet: 6 bytes of 1 packets\n", self.segment(data, "out.pcapng")[1])

    def test_damage_is_said_with_its_place(self):
        o = Order()
        head = o.section() + o.interface() + o.packet(0, 5, SMALL)
        good = head + o.packet(0, 6, ethernet(BIG4))
        for size in range(len(head) + 1, len(good), 131):
            out, said = self.segment(good[:size], "out.pcapng", code=1)
            self.assertIn("after 1 packets: truncated at byte %d, within the block at byte %d" % (size, len(head)), said)
            self.assertEqual(out, head)
        at = " at byte %d" % len(head)
        for bad, text in ((o.packet(1, 5, SMALL), "the section has not described the packet's interface, 1"),
                          (o.pack("II", 6, 13) + bytes(20), "multiples of 4, this one's is 13"),
                          (o.pack("II", 6, 8) + bytes(20), "this one's is 8"),
                          (o.pack("II", 6, 0xFFFFFFFC) + bytes(20), "4294967292"),
                          (o.block(6, bytes(12)), "32 bytes or more, not 24"), (o.block(1, b""), "20 bytes or more"),
                          (o.block(3, b""), "16 bytes or more"), (o.block(0x0A0D0D0A, o.pack("I", 0x1A2B3C4D)), "28 bytes or more"),
                          (o.block(6, o.pack("IIIII", 0, 0, 0, 9, 9) + bytes(8)), "whose bytes are 9"),
                          (o.packet(0, 5, SMALL)[:-4] + bytes(4), "length at its end"),
                          (o.block(0x0A0D0D0A, bytes(16)), "has no byte order"),
                          (o.block(0x0A0D0D0A, o.pack("IHHq", 0x1A2B3C4D, 9, 0, -1)), "pcapng of version 9")):
            out, said = self.segment(head + bad, "out.pcapng", code=1)
            self.assertIn("after 1 packets: ", said)
            self.assertIn(text, said)
            self.assertIn(at, said)
            self.assertEqual(out, head)
        self.assertIn("not described the packet's interface", self.segment(o.section() + o.simple(SMALL), "out.pcap", code=1)[1])

    @unittest.skipUnless(shutil.which("mergecap") and shutil.which("editcap"), "Wireshark's tools are missing")
    def test_files_of_wireshark(self):
        self.write("a.pcap", pcap([ethernet(BIG4), SMALL]))
        self.write("b.pcap", pcap([BIG6, BIG4], link=101, magic=NANO))
        subprocess.run(["mergecap", "-w", self.path("both"), self.path("a.pcap"), self.path("b.pcap")], check=True)
        out, said = self.segment(self.read("both"), "out.pcapng")
        self.assertIn("4 packets: 3 cut into 12, 1 passed, 0 left alone; 13 frames\n", said)
        rows = self.tshark("out.pcapng", "frame.interface_id", "tcp.len", "tcp.checksum.status", "frame.time_epoch")
        before = {(row[3], row[0]): row for row in self.tshark("both", "frame.interface_id", "tcp.len", "tcp.checksum.status", "frame.time_epoch")}
        totals = dict.fromkeys(before, 0)
        for number, length, status, time in rows:
            self.assertEqual(status, "1")
            totals[time, number] += int(length)
        self.assertEqual(totals, {key: int(row[1]) for key, row in before.items()})
        subprocess.run(["editcap", "-F", "pcapng", "-a", "2:hello", self.path("a.pcap"), self.path("said")], check=True)
        self.segment(self.read("said"), "out.pcapng")
        self.assertEqual([row[0] for row in self.tshark("out.pcapng", "frame.comment")], [""] * 4 + ["hello"])


class Json(Captures):
    def test_the_summary_has_all_counts(self):
        o = Order()
        data = (o.section() + o.interface() + o.interface(link=189) + o.packet(0, 1, ethernet(BIG4) + bytes(9)) +
                o.packet(0, 2, SMALL) + o.packet(0, 3, SMALL[:60], length=len(SMALL)) + o.packet(1, 4, b"usb"))
        self.segment(data, "out.pcapng", "--json")
        found = json.loads(self.printed)
        self.assertEqual({key: found[key] for key in ("format", "packets", "cut", "segments", "passed", "left_alone", "frames")},
                         {"format": "pcapng", "packets": 4, "cut": 1, "segments": 4, "passed": 1, "left_alone": 2, "frames": 7})
        self.assertEqual(found["of_left_alone"]["link_types"], {"USB_LINUX": 1})
        self.assertEqual(found["of_left_alone"]["not_captured_whole"], 1)
        self.assertEqual(found["cut_off_behind"], {"packets": 1, "bytes": 9})
        _, said = self.segment(data, "out.pcap", "--json")
        self.assertEqual(said, "")
        found = json.loads(self.printed)
        self.assertEqual((found["format"], found["left_out"], found["left_out_link_types"]), ("pcap", 1, {"USB_LINUX": 1}))
        done = subprocess.run([NETCX, "segment", "-", "-", "--json"], input=data, capture_output=True, timeout=60, check=True)
        self.assertEqual(json.loads(done.stderr)["packets"], 4)
        self.assertEqual(len(pcap_records(done.stdout)[2]), 6)
        self.segment(data[:-5], "out.pcap", "--json", code=1)
        self.assertEqual(json.loads(self.printed)["packets"], 3)
        self.segment(data, "out.pcap", "--format", "snoop", code=2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
