#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is in front of an IP packet by the capture's link type, each as https://www.tcpdump.org/linktypes.html
describes it: the packet behind is cut, each part has the header again. tshark judges the parts. NETCX is the command."""
import os
import struct
import subprocess
import tempfile
import unittest

from files import Order, ethernet, ip_packet, pcap, pcap_records

NETCX = os.environ["NETCX"]
PACKETS = {4: ip_packet(4, 5000), 6: ip_packet(6, 5000)}
TYPES = {4: b"\x08\x00", 6: b"\x86\xdd"}
PPP = {4: b"\x00\x21", 6: b"\x00\x57"}
SNAP = b"\xaa\xaa\x03\0\0\0"
DATA = b"\x08\x01\0\0" + bytes(range(18)) + b"\0\0"      # 802.11, to the access point
QOS = b"\x88\x03\0\0" + bytes(range(18)) + b"\0\0" + bytes(6) + b"\0\0"


def plain(header):
    """The same bytes before each part; header: by family."""
    return lambda family, size: header[family] if isinstance(header, dict) else header


def families(form, v4, *v6):
    return [{4: struct.pack(form, v4), 6: struct.pack(form, each)} for each in v6]


# (link type, header, does tshark see through it)
KINDS = [(link, plain(header), True) for link, headers in {
    0: families("<I", 2, 24, 28, 30) + families(">I", 2, 24, 28, 30),
    108: families(">I", 2, 24, 28, 30),
    9: [{f: b"\xff\x03" + PPP[f] for f in PPP}, PPP, {f: PPP[f][1:] for f in PPP}],
    50: [{f: b"\xff\x03" + PPP[f] for f in PPP}, {f: b"\x0f\0" + TYPES[f] for f in TYPES}],
    104: [{f: b"\x0f\0" + TYPES[f] for f in TYPES}, {f: b"\x8f\0" + TYPES[f] for f in TYPES}],
    204: [{f: b"\1\xff\x03" + PPP[f] for f in PPP}],
    12: [b""], 14: [b""], 101: [b""],
    113: [{f: struct.pack("!HHHQ", 4, 1, 6, 0x20000000001) + TYPES[f] for f in TYPES},
          {f: struct.pack("!HHHQ", 4, 512, 0, 0) + TYPES[f] for f in TYPES},
          {f: struct.pack("!HHHQ", 0, 1, 6, 0) + b"\x81\0\0\5" + TYPES[f] for f in TYPES},
          {f: struct.pack("!HHHQH", 0, 1, 6, 0, 4) + SNAP + TYPES[f] for f in TYPES}],
    276: [{f: TYPES[f] + struct.pack("!HIHBBQ", 0, 3, 1, 4, 6, 0x20000000001) for f in TYPES}],
    107: [{4: b"\x18\x41\x03\xcc", 6: b"\x18\x41\x03\x8e"}],
    100: [{f: SNAP + TYPES[f] for f in TYPES}],
    10: [{f: b"\x50" + bytes(range(12)) + SNAP + TYPES[f] for f in TYPES}],
    6: [{f: b"\x10\x40" + bytes(range(12)) + SNAP + TYPES[f] for f in TYPES},
        {f: b"\x10\x40" + bytes(6) + b"\x80" + bytes(5) + b"\x06\x30\0\x11\0\x20" + SNAP + TYPES[f] for f in TYPES}],
    122: [{f: bytes(range(16)) + SNAP + TYPES[f] for f in TYPES}],
    138: [{f: bytes(range(16)) + TYPES[f] for f in TYPES}],
    105: [{f: DATA + SNAP + TYPES[f] for f in TYPES}, {f: QOS + SNAP + TYPES[f] for f in TYPES}],
    127: [{f: b"\0\0\x08\0\0\0\0\0" + DATA + SNAP + TYPES[f] for f in TYPES},
          {f: b"\0\0\x11\0\x03\0\0\0" + bytes(8) + b"\0" + DATA + SNAP + TYPES[f] for f in TYPES},
          {f: b"\0\0\x0d\0\x02\0\0\x80\0\0\0\0\x20" + QOS + SNAP + TYPES[f] for f in TYPES}],
    192: [{f: b"\0\0\x08\0\x69\0\0\0" + DATA + SNAP + TYPES[f] for f in TYPES},
          {f: b"\0\0\x08\0\1\0\0\0" + bytes(12) + TYPES[f] for f in TYPES}],
    109: [{4: struct.pack("<III", 2, 5, 1), 6: struct.pack("<III", 24, 5, 1)}],
    178: [{f: b"MGC\1" + bytes(range(12)) + TYPES[f] for f in TYPES},
          {f: b"MGC\x81\0\6\1\4\0\1\2\3" + bytes(range(12)) + TYPES[f] for f in TYPES}],
    179: [{f: b"MGC\1\xff\x03" + PPP[f] for f in PPP}],
    181: [{f: b"MGC\1\x0f\0" + TYPES[f] for f in TYPES}],
    129: [{4: b"\1\2\0\0\xd4\0\0\5", 6: b"\1\2\0\0\xc4\0\0\5"}],
    117: [{4: b"\x3d\2" + bytes(62), 6: b"\x3d\x18" + bytes(62)}],
}.items() for header in headers]
KINDS += [(link, plain(header), False) for link, header in (
    (0, families("<I", 2, 10)[0]), (0, families(">I", 2, 23)[0]), (108, families("<I", 2, 10)[0]), (123, {f: b"\2\0\0\5" + SNAP + TYPES[f] for f in TYPES}), (8, bytes(16)),
    (166, {f: b"\1\3" + PPP[f] for f in PPP}), (205, {f: b"\0\x0f\0" + TYPES[f] for f in TYPES}),
    (206, {4: b"\0\x18\x41\x03\xcc", 6: b"\0\x18\x41\x03\x80\0\0\0\x86\xdd"}), (107, {f: b"\x18\x41" + TYPES[f] for f in TYPES}),
    (163, {f: struct.pack(">II", 0x80211001, 64) + bytes(56) + DATA + SNAP + TYPES[f] for f in TYPES}),
    (119, {f: bytes(144) + DATA + SNAP + TYPES[f] for f in TYPES}), (242, {f: bytes(40) + TYPES[f] + b"\0\0" for f in TYPES}),
    (240, {f: bytes(4 + 12) + TYPES[f] for f in TYPES}), (274, {f: bytes(8 + 12) + TYPES[f] for f in TYPES}),
    (282, {f: b"\x20\0\0\5" + bytes(range(12)) + TYPES[f] for f in TYPES}), (284, {f: bytes(range(12)) + b"\xc0\1\x05\x39" + TYPES[f] for f in TYPES}), (285, {f: bytes(range(12)) + b"\xda\xda\0\0\xc0\1\x05\x39" + TYPES[f] for f in TYPES}),
    (281, {f: bytes(range(12)) + b"\x20\0\0\5" + TYPES[f] for f in TYPES}),
    (149, {f: struct.pack("<III", 108, 1, 12) + bytes(96) for f in TYPES}), (180, {4: b"MGC\0\x18\x41\x03\xcc", 6: b"MGC\0\x18\x41\x03\x8e"}),
    (258, {f: struct.pack("<III", 108, 1, 12) + bytes(96) for f in TYPES}),
    (258, {f: struct.pack("<III", 108, 1, 1) + bytes(96 + 12) + TYPES[f] for f in TYPES}))]
# Headers that tell how long the packet behind them is.
KINDS += [(51, lambda family, size: struct.pack("!BBHH", 0x11, 0, 7, size + 2) + PPP[family], True)]
KINDS += [(226, lambda family, size: struct.pack("!BBHIIIII", 1, 2 if family == 4 else 26, 1, size, 3, 0, 0, 0), True)]
KINDS += [(239, lambda family, size, form=form: struct.pack(form + "BBHHHIHH", {4: 2, 6: 10}[family], 0, 0, 8, 5, 1, size + 4, 9), form == "<")
          for form in "<>"]


class Links(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def segment(self, data, *options):
        with open(os.path.join(self.folder, "in.pcap"), "wb") as file:
            file.write(data)
        done = subprocess.run([NETCX, "segment", "in.pcap", "out.pcap", *options], cwd=self.folder,
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(os.path.join(self.folder, "out.pcap"), "rb") as file:
            link, _, records = pcap_records(file.read())
        return link, [data for _, length, data in records if length == len(data)], done.stderr

    def tshark(self, name="out.pcap"):
        done = subprocess.run(["tshark", "-r", os.path.join(self.folder, name), "-o", "tcp.check_checksum:TRUE",
                               "-T", "fields", "-e", "tcp.len", "-e", "tcp.checksum.status", "-e", "frame.interface_id"],
                              capture_output=True, text=True, check=True, timeout=60)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def test_each_is_cut_behind_its_header(self):
        parts = {f: [part[14:] for part in self.segment(pcap([ethernet(packet)]))[1]] for f, packet in PACKETS.items()}
        for number, (link, header, _) in enumerate(KINDS):
            for family, packet in PACKETS.items():
                with self.subTest(number=number, link=link, family=family):
                    frame = header(family, len(packet)) + packet
                    out, found, said = self.segment(pcap([frame], link=link))
                    self.assertEqual(out, link)
                    self.assertIn("1 cut into 4, ", said)
                    self.assertEqual(found, [header(family, len(part)) + part for part in parts[family]])

    def test_tshark_sees_good_parts_behind_each(self):
        o = Order()
        seen = [(link, header) for link, header, seen in KINDS if seen]
        data = o.section() + b"".join(o.interface(link=link) for link, _ in seen)
        data += b"".join(o.packet(number, 5, header(family, len(packet)) + packet)
                         for number, (_, header) in enumerate(seen) for family, packet in PACKETS.items())
        with open(os.path.join(self.folder, "in"), "wb") as file:
            file.write(data)
        subprocess.run([NETCX, "segment", "in", "out"], cwd=self.folder, check=True, timeout=60, stderr=subprocess.DEVNULL)
        self.assertEqual(self.tshark("out"), [[length, "1", str(number)] for number in range(len(seen)) for length in
                                              ["1460"] * 3 + ["620"] + ["1440"] * 3 + ["680"]])

    def test_of_one_family(self):
        for link, family in ((228, 4), (229, 6)):
            _, found, _ = self.segment(pcap([PACKETS[family]], link=link))
            self.assertEqual(len(found), 4)
            self.assertEqual({row[1] for row in self.tshark()}, {"1"})

    def test_a_radio_header_no_longer_tells_of_a_check_sequence(self):
        header = b"\0\0\x09\0\x02\0\0\0%c" + DATA + SNAP + TYPES[4]
        packet = PACKETS[4][:2] + b"\0\0" + PACKETS[4][4:]         # its end is told by nothing else
        _, found, _ = self.segment(pcap([header % 0x10 + packet + b"\xee" * 4], link=127))
        self.assertEqual([data[:len(header) - 1] for data in found], [header % 0] * 4)
        self.assertEqual([row[1] for row in self.tshark()], ["1"] * 4)
        small = ip_packet(4, 100)
        self.assertEqual(self.segment(pcap([header % 0x10 + small + b"\xee" * 4], link=127))[1], [header % 0x10 + small + b"\xee" * 4])

    def test_what_holds_no_ip_goes_on_as_it_is(self):
        frames = {113: struct.pack("!HHHQH", 0, 824, 0, 0, 0x800) + PACKETS[4][:1000], 9: b"\xff\x03\xc0\x21" + bytes(40),
                  0: struct.pack("<I", 7) + bytes(40), 101: bytes(40), 51: b"\x11\x09" + bytes(40), 105: b"\x80\0" + bytes(40),
                  127: b"\0\0\x08\0\0\0\0\0" + b"\x08\x41\0\0" + bytes(90), 276: bytes(10), 239: bytes(3), 258: bytes(30)}
        for link, frame in frames.items():
            out, found, said = self.segment(pcap([frame], link=link))
            self.assertEqual((out, found), (link, [frame]))
            self.assertIn(" 1 passed, 0 left alone", said)
        for link in (147, 189, 195, 250, 65535, 3):
            out, found, said = self.segment(pcap([PACKETS[4]], link=link))
            self.assertEqual((out, found), (link, [PACKETS[4]]))
            self.assertRegex(said, r"left alone, link type (%d|[A-Z0-9_]+): 1\n" % link)

    def test_checksums_are_filled_in_behind_each(self):
        small = ip_packet(4, 100)
        seed = bytearray(small)
        pseudo = sum(struct.unpack("!4H", small[12:20])) + 6 + len(small) - 20
        seed[36:38] = struct.pack("!H", (pseudo & 0xFFFF) + (pseudo >> 16))
        for link, header, _ in KINDS:
            front = header(4, len(small))
            _, found, said = self.segment(pcap([front + seed], link=link), "--stats")
            self.assertIn("passed, checksums filled in: 1\n", said, link)
            self.assertEqual(found, [front + small])


if __name__ == "__main__":
    unittest.main(verbosity=2)
