#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`netcx segment` and packets in tunnels: the innermost packet is cut or finished, what is not cut is left alone
and counted by its name. That each byte around is right, tests/lso holds against a model and the kernel."""
import json
import os
import struct
import subprocess
import unittest

from flows import ACK, PSH, STAMPS, handshake, ip, ones_sum, pcap, tcp, transport, udp

NETCX = os.environ["NETCX"]
SIZE = 14000


def inside(frame, at=14):
    """The IP packet in a frame."""
    return frame[at:]


def in_udp(family, port, body, field=0):
    head = struct.pack("!HHHH", 50000, port, 8 + len(body), 0)
    return ip(family, 17, transport(family, 17, head, body, field))


def ethernet(family, packet):
    return b"\2\0\0\0\0\4\2\0\0\0\0\3" + (b"\x08\0" if family == 4 else b"\x86\xdd") + packet


def tunnels(family, inner):
    """(name, what is around an inner packet of a family)"""
    packet = lambda frame: inside(frame)
    number = b"\x08\0" if inner == 4 else b"\x86\xdd"
    yield "VXLAN", lambda f: in_udp(family, 4789, bytes.fromhex("0800000000002a00") + ethernet(inner, packet(f)))
    yield "VXLAN, summed", lambda f: in_udp(family, 8472, bytes.fromhex("0800000000002a00") + ethernet(inner, packet(f)), "with")
    yield "Geneve", lambda f: in_udp(family, 6081, b"\0\0\x65\x58\0\0\1\0" + ethernet(inner, packet(f)))
    yield "GTP-U", lambda f: in_udp(family, 2152, struct.pack("!BBHI", 0x30, 255, len(packet(f)), 7) + packet(f))
    yield "GUE", lambda f: in_udp(family, 6080, bytes([0, 4 if inner == 4 else 41, 0, 0]) + packet(f))
    yield "GRE", lambda f: ip(family, 47, b"\0\0" + number + packet(f))
    yield "NVGRE", lambda f: ip(family, 47, b"\x20\0\x65\x58\0\0\1\0" + ethernet(inner, packet(f)))
    yield "IP", lambda f: ip(family, 4 if inner == 4 else 41, packet(f))
    if family == 4:     # no IP around
        yield "MPLS", lambda f: bytes(12) + b"\x88\x47\0\1\1\x40" + packet(f)
        yield "PPPoE", lambda f: bytes(12) + b"\x88\x64" + struct.pack(
            "!BBHHH", 0x11, 0, 1, len(packet(f)) + 2, 0x21 if inner == 4 else 0x57) + packet(f)
        yield "QinQ", lambda f: bytes(12) + b"\x88\xa8\0\1\x91\0\0\2\x81\0\0\3" + number + packet(f)


def summed(family, packet):
    """An IP packet's checksums are right."""
    at = 20 if family == 4 else 40
    protocol = packet[9] if family == 4 else packet[6]
    hosts = packet[12:20] if family == 4 else packet[8:40]
    pseudo = hosts + struct.pack("!II", protocol, len(packet) - at)
    return ones_sum(pseudo + packet[at:]) == 0xFFFF and (family == 6 or ones_sum(packet[:20]) == 0xFFFF)


class Tunnels(unittest.TestCase):
    def segment(self, frames, *arguments, code=0):
        done = subprocess.run([NETCX, "segment", "-", "-", *arguments], input=pcap(frames), capture_output=True, timeout=60)
        self.assertEqual(done.returncode, code, done.stderr)
        out, at, parts = done.stdout, 24, []
        while at < len(out):
            kept = struct.unpack_from("<I", out, at + 8)[0]
            parts.append(out[at + 16:at + 16 + kept])
            at += 16 + kept
        return parts, done.stderr.decode()

    def all(self):
        for family in (4, 6):
            for inner in (4, 6):
                for name, around in tunnels(family, inner):
                    yield "%s, IPv%d in IPv%d" % (name, inner, family), family, inner, around

    def test_the_inner_packet_is_cut(self):
        for name, family, inner, around in self.all():
            with self.subTest(name):
                whole = around(tcp(inner, SIZE, ACK | PSH, options=STAMPS, field="with"))
                bare = whole[:len(whole) - SIZE]
                parts, said = self.segment([whole], "--mtu", "1500")
                self.assertIn("1 packets: 1 cut into %d, 0 passed" % len(parts), said)
                tags = 12 if name.startswith("QinQ") else 0
                self.assertEqual(max(map(len, parts)), 1514 + tags)
                self.assertEqual(b"".join(part[len(bare):] for part in parts), whole[len(bare):])
                at = len(bare) - 32 - (20 if inner == 4 else 40)
                for part in parts:
                    self.assertTrue(summed(inner, part[at:]))
                    if "summed" in name:
                        self.assertTrue(summed(family, part[14:]))

    def test_small_ones_are_finished_inside(self):
        for name, family, inner, around in self.all():
            with self.subTest(name):
                whole = around(tcp(inner, 100, field="with"))
                at = len(whole) - 100 - 20 - (20 if inner == 4 else 40)
                right = around(tcp(inner, 100))
                parts, said = self.segment([whole], "--stats")
                self.assertIn(" 1 passed, 0 left alone; ", said)
                self.assertIn("passed, checksums filled in: 1\n", said)
                self.assertEqual(len(parts), 1)
                self.assertEqual(parts[0][at:], right[at:])
                self.assertTrue(summed(inner, parts[0][at:]))
                if "summed" in name:
                    self.assertTrue(summed(family, parts[0][14:]))
                self.assertEqual(self.segment(parts, "--stats")[0], parts)
                self.assertEqual(self.segment([whole], "--keep-small")[0], [whole])

    def test_sums_around_follow_what_is_finished_inside(self):
        """Linux leaves a GRE header's checksum of a packet that is not cut to the NIC as 0, or finishes it for what
        the NIC makes of the inner one; one that is right for the bytes as they are stays right."""
        left, right = inside(tcp(4, 100, field="with")), inside(tcp(4, 100))

        def gre(body, over):
            """@over: what the field is right for, or what it is"""
            head, key = b"\xa0\0\x08\0", b"\0\0\0\7"
            field = over if isinstance(over, int) else 0xFFFF ^ ones_sum(head + b"\0\0\0\0" + key + over)
            return ip(4, 47, head + struct.pack("!HH", field, 0) + key + body)

        good = gre(right, right)
        for over in (right, left, 0):
            parts, said = self.segment([gre(left, over)], "--stats")
            self.assertEqual(parts, [good])
            self.assertIn(" 1 passed, 0 left alone; ", said)
        self.assertEqual(self.segment([gre(right, 0)])[0], [good])
        self.assertEqual(self.segment([good], "--stats")[0], [good])
        parts, said = self.segment([gre(left, 0x1234)])
        self.assertEqual(parts, [gre(right, 0x1234)])
        self.assertIn(" 0 passed, 0 left alone, 1 wrong; ", said)
        self.assertEqual(self.segment([gre(left, 0x1234)], "--fix-checksums")[0], [good])
        vxlan = lambda body: in_udp(4, 4789, bytes.fromhex("0800000000002a00") + ethernet(4, body), "right")
        parts, said = self.segment([vxlan(left)], "--stats")
        self.assertEqual(parts, [vxlan(right)])
        self.assertIn(" 1 passed, 0 left alone; ", said)

    def test_small_ones_that_are_not_followed_are_finished_around(self):
        right = in_udp(4, 4789, b"not VXLAN" * 9, "right")
        parts, said = self.segment([in_udp(4, 4789, b"not VXLAN" * 9, "with")], "--stats")
        self.assertEqual(parts, [right])
        self.assertIn("passed, checksums filled in: 1\n", said)
        self.assertNotIn("not looked at", said)

    def test_what_is_behind_the_inner_packet_is_no_payload(self):
        frame = tcp(4, SIZE, field="with")
        whole = in_udp(4, 4789, bytes.fromhex("0800000000002a00") + ethernet(4, inside(frame)) + bytes(6))
        parts, said = self.segment([whole])
        bare = len(whole) - 6 - SIZE
        self.assertEqual(b"".join(part[bare:] for part in parts), frame[-SIZE:])
        self.assertIn("cut off behind the IP packet: 6 bytes of 1 packets\n", said)

    def test_big_tcp(self):
        """Lengths of 0 and jumbo options, outside and inside."""
        for family in (4, 6):
            for inner in (4, 6):
                for port in (4789, 6081):
                    head = bytes.fromhex("0800000000002a00") if port == 4789 else b"\0\0\x65\x58\0\0\1\0"
                    extension = struct.pack("!BBBBI", 6, 0, 0xC2, 4, 90028) if inner == 6 else b""
                    frame = tcp(inner, 90000, length=0, extension=extension, field="with")
                    body = head + ethernet(inner, inside(frame))
                    body = struct.pack("!HHHH", 50000, port, 0, 0) + body
                    whole = ip(family, 17, body, length=0)
                    parts, said = self.segment([whole], "--mss", "1400")
                    self.assertEqual(len(parts), 65, said)
                    payload = len(parts[0]) - 1400
                    self.assertEqual(b"".join(part[payload:] for part in parts), whole[-90000:])
                    self.assertEqual(payload, len(whole) - 90000 - len(extension))

    def test_a_handshake_in_a_tunnel_tells_the_size(self):
        for name, _, inner, around in self.all():
            there = [around(frame) for frame in handshake(inner, 1300, 1200)]
            parts, said = self.segment(there + [around(tcp(inner, 12000, field="with"))])
            whole = len(around(tcp(inner, 12000))) - 12000
            self.assertEqual([len(part) - whole for part in parts[2:]], [1200] * 10, name)
            self.assertNotIn("warning", said)

    def test_inner_datagrams(self):
        for name, _, inner, around in self.all():
            whole = around(udp(inner, 12000, "with"))
            parts, _ = self.segment([whole], "--udp-mss", "1200")
            self.assertEqual([len(part) - len(whole) + 12000 for part in parts], [1200] * 10, name)

    def test_what_is_not_cut_is_named(self):
        inner = inside(tcp(4, SIZE))
        vxlan = bytes.fromhex("0800000000002a00") + ethernet(4, inner)
        for frame, name in ((ip(4, 47, b"\x10\0\x08\0\0\0\0\1" + inner), "GRE, a tunnel that numbers its packets"),
                            (ip(4, 47, b"\x10\0\x88\xbe\0\0\0\1" + inner), "GRE, a tunnel that numbers its packets"),
                            (in_udp(4, 2152, b"\x32\xff\0\0\0\0\0\1\0\1\0\0" + inner), "GTP-U, a tunnel that numbers its packets"),
                            (in_udp(4, 4789, bytes(8) + inner), "VXLAN, a tunnel's header of unknown kind"),
                            (in_udp(4, 6081, b"\0\x80\x08\0\0\0\1\0" + inner), "Geneve, a tunnel's header of unknown kind"),
                            (in_udp(4, 4500, b"\0\0\1\1\0\0\0\2" + bytes(SIZE)), "ESP in UDP"),
                            (in_udp(6, 1701, b"\0\2\0\1\0\1" + bytes(SIZE)), "L2TP"),
                            (in_udp(4, 51820, b"\4\0\0\0\1\2\3\4" + bytes(SIZE)), "WireGuard"),
                            (in_udp(4, 5247, bytes(SIZE)), "CAPWAP"),
                            (in_udp(4, 5555, inner), "UDP that looks like IP in it, FOU (--tunnel fou:PORT)"),
                            (in_udp(4, 5555, vxlan), "UDP that looks like VXLAN (--tunnel vxlan:PORT)"),
                            (ip(4, 50, bytes(SIZE)), "ESP"), (ip(6, 50, bytes(SIZE)), "ESP"),
                            (ip(4, 132, bytes(SIZE)), "SCTP"), (ip(6, 115, bytes(SIZE)), "L2TP in IP"),
                            (bytes(12) + b"\x88\xe5" + bytes(SIZE), "MACsec"),
                            (bytes(12) + b"\x08\x06" + bytes(SIZE), "neither IPv4 nor IPv6")):
            with self.subTest(name):
                parts, said = self.segment([frame])
                self.assertEqual(parts, [frame])
                self.assertIn("1 packets: 0 cut into 0, 0 passed, 1 left alone; 1 frames\n", said)
                self.assertIn("left alone, %s: 1\n" % name, said)

    def test_names_and_tunnels_in_json(self):
        frames = [ip(4, 50, bytes(SIZE)), in_udp(4, 4500, bytes(4) + bytes(SIZE)), ip(4, 4, inside(tcp(4, SIZE)))]
        _, said = self.segment(frames, "--json")
        summary = json.loads(said)
        self.assertEqual(summary["of_left_alone"]["protocols"], {"ESP": 1, "ESP in UDP": 1})
        self.assertEqual(summary["of_left_alone"]["reasons"], {"neither TCP nor UDP, or behind AH or ESP": 1})
        self.assertEqual(summary["of_cut"]["tunnelled"], 1)

    def test_ports_are_told(self):
        inner = inside(tcp(4, SIZE))
        vxlan = bytes.fromhex("0800000000002a00") + ethernet(4, inner)
        for kind, body in (("fou", inner), ("vxlan", vxlan), ("gre", b"\0\0\x08\0" + inner), ("mpls", b"\0\1\1\x40" + inner),
                           ("gtpu", b"\x30\xff\0\0\0\0\0\1" + inner), ("gue", b"\0\4\0\0" + inner),
                           ("geneve", b"\0\0\x08\0\0\0\1\0" + inner), ("vxlan-gpe", b"\x0c\0\0\1\0\0\1\0" + inner)):
            whole = in_udp(4, 7000, body)
            parts, said = self.segment([whole], "--tunnel", kind + ":7000", "--stats", "--mss", "1000")
            self.assertEqual(len(parts), 14, kind)
            self.assertIn("cut, in a tunnel: 1\n", said)
        for plain in (("--tunnel", "udp:4789"), ("--tunnel", "none")):
            parts, said = self.segment([in_udp(4, 4789, vxlan)], *plain, "--udp-mss", "1000", "--stats")
            self.assertEqual(len(parts), -(-len(vxlan) // 1000))
            self.assertNotIn("in a tunnel", said)
        parts, said = self.segment([ip(4, 4, inner)], "--tunnel", "none")
        self.assertIn("left alone, neither TCP nor UDP, or behind AH or ESP: 1\n", said)

    def test_wrong_ports_are_said(self):
        for wrong, text in ((["foo:1"], "none or KIND:PORT"), (["vxlan"], "a UDP port"), (["vxlan:"], "a UDP port"),
                            (["vxlan:0"], "a UDP port"), (["fou:65536"], "a UDP port"), (["fou:1x"], "a UDP port"),
                            (["fou:5", "gue:5"], "told before"), (["none", "fou:5"], "none beside"), ([":5"], "KIND")):
            options = [part for value in wrong for part in ("--tunnel", value)]
            _, said = self.segment([], *options, code=2)
            self.assertEqual(said.count("\n"), 1, said)
            self.assertIn(text if text != "none beside" else "looks for none", said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
