#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`netcx segment` follows connections: the MSS and Accurate ECN of their handshakes; sizes that nothing tells
are guessed, and that is said; what a sender left to its NIC in packets that need no cutting is finished."""
import os
import struct
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "system"))
from packets import ones_sum  # noqa: E402

NETCX = os.environ["NETCX"]
FIN, SYN, RST, PSH, ACK, URG, ECE, CWR, AE = (1 << n for n in range(9))
TAG = b"\x81\x00\x00\x07"
STAMPS = b"\1\1\x08\x0a" + bytes(8)
HOSTS = {4: (b"\x0a\0\0\1", b"\x0a\0\0\2"), 6: (bytes(15) + b"\1", bytes(15) + b"\2")}


def ip(family, protocol, body, back=False, tag=b"", ip_sum=None, length=None, extension=b""):
    source, target = HOSTS[family][::-1] if back else HOSTS[family]
    if family == 6:
        told = len(extension) + len(body) if length is None else length
        head = struct.pack("!IHBB", 6 << 28, told, 0 if extension else protocol, 64)
        return bytes(12) + tag + b"\x86\xdd" + head + source + target + extension + body
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body) if length is None else length, 9, 0x4000, 64, protocol, 0)
    if ip_sum is None:
        ip_sum = 0xFFFF ^ ones_sum(head + source + target)
    return bytes(12) + tag + b"\x08\0" + head[:10] + struct.pack("!H", ip_sum) + source + target + body


def transport(family, protocol, head, data, field, back=False):
    """@field: "right", "with" or "without" the length, "not with", "not without", or a number."""
    at = 16 if protocol == 6 else 6
    hosts = b"".join(HOSTS[family])
    whole = len(head) + len(data)
    with_length = ones_sum(hosts + struct.pack("!II", protocol, whole))
    without = ones_sum(hosts + struct.pack("!II", protocol, 0))
    values = {"right": (0xFFFF ^ ones_sum(struct.pack("!H", with_length) + head + data)) or 0xFFFF * (protocol == 17),
              "with": with_length, "without": without, "not with": 0xFFFF ^ with_length,
              "not without": 0xFFFF ^ without}
    return head[:at] + struct.pack("!H", values.get(field, field)) + head[at + 2:] + data


def tcp(family, size, flags=ACK, back=False, options=b"", sequence=1000, acknowledge=0, field="right", ports=(40000, 80), **kind):
    ports = ports[::-1] if back else ports
    options += bytes(-len(options) % 4)
    head = struct.pack("!HHIIBBHHH", *ports, sequence, acknowledge, (20 + len(options)) << 2 | flags >> 8, flags & 0xFF, 512,
                       0, 0) + options
    return ip(family, 6, transport(family, 6, head, bytes(i * 7 & 0xFF for i in range(size)), field), back, **kind)


def udp(family, size, field="right", ports=(40000, 443), udp_length=None, **kind):
    head = struct.pack("!HHHH", *ports, size + 8 if udp_length is None else udp_length, 0)
    return ip(family, 17, transport(family, 17, head, bytes(i * 7 & 0xFF for i in range(size)), field), **kind)


def source_routed(frame):
    """An IPv4 frame on its way to 10.0.0.9 first: a loose source route has the last address (RFC 791 3.1)."""
    length = struct.unpack_from("!H", frame, 16)[0] + 8
    head = b"\x47" + frame[15:16] + struct.pack("!H", length) + frame[18:24]
    behind = frame[26:30] + b"\x0a\0\0\x09" + b"\x83\7\4" + frame[30:34] + b"\0"
    return frame[:14] + head + struct.pack("!H", 0xFFFF ^ ones_sum(head + behind)) + behind + frame[34:]


def mss(value):
    return struct.pack("!BBH", 2, 4, value)


def handshake(family, client, server, asks=0, answers=0, **kind):
    """Each MSS is what that side announces; None: without the option."""
    return [tcp(family, 0, SYN | asks, options=b"" if client is None else mss(client), sequence=999, **kind),
            tcp(family, 0, SYN | ACK | answers, True, b"" if server is None else mss(server), 1999, 1000, **kind)]


def pcap(frames):
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1) + b"".join(
        struct.pack("<IIII", 1000 + i, 0, len(frame), len(frame)) + frame for i, frame in enumerate(frames))


class Flows(unittest.TestCase):
    def segment(self, frames, *arguments):
        """Return: what came of each frame, and what was said."""
        done = subprocess.run([NETCX, "segment", "-", "-", *arguments], input=pcap(frames), capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        parts, at = [[] for _ in frames], 24
        while at < len(done.stdout):
            second, _, kept, length = struct.unpack_from("<IIII", done.stdout, at)
            self.assertEqual(kept, length)
            parts[second - 1000].append(done.stdout[at + 16:at + 16 + kept])
            at += 16 + kept
        return parts, done.stderr.decode()

    def sizes(self, frames, *arguments, headers=None):
        """The payloads of what came of the last frame, and what was said."""
        parts, said = self.segment(frames, *arguments)
        if headers is None:
            offset = 14 if frames[-1][12:14] != TAG[:2] else 18
            start = offset + (20 if frames[-1][offset] >> 4 == 4 else 40)
            headers = start + (frames[-1][start + 12] >> 4) * 4
        return [len(frame) - headers for frame in parts[-1]], said

    # ---- MSS ----

    def test_segments_are_what_their_receiver_takes(self):
        for family, usual in ((4, 1460), (6, 1440)):
            for tag in (b"", TAG):
                for least in (1360, 536, 88):
                    for options in (b"", STAMPS):
                        whole = least - len(options)
                        there = handshake(family, usual, least, tag=tag)
                        frame = tcp(family, 5 * whole + 3, options=options, field="with", tag=tag)
                        self.assertEqual(self.sizes(there + [frame])[0], [whole] * 5 + [3])
                        back = handshake(family, least, usual, tag=tag)
                        frame = tcp(family, 5 * whole + 3, options=options, field="with", tag=tag, back=True)
                        sizes, said = self.sizes(back + [frame])
                        self.assertEqual(sizes, [whole] * 5 + [3])
                        self.assertNotIn("warning", said)

    def test_each_direction_has_its_own(self):
        there = handshake(4, 1400, 1200)
        self.assertEqual(self.sizes(there + [tcp(4, 12000)])[0], [1200] * 10)
        self.assertEqual(self.sizes(there + [tcp(4, 14000, back=True)])[0], [1400] * 10)

    def test_a_senders_own_announcement_tells_its_link(self):
        """By a tunnel of 1400 bytes the peer may take more than the link does."""
        there = handshake(4, 1360, 1460)
        self.assertEqual(self.sizes(there + [tcp(4, 13600)])[0], [1360] * 10)
        self.assertEqual(self.sizes(there + [tcp(4, 4000)])[0], [1360, 1360, 1280])
        self.assertEqual(self.sizes(handshake(4, 1460, 8960) + [tcp(4, 9000)])[0], [1460] * 6 + [240])
        self.assertEqual(self.sizes(handshake(6, 8940, 8940) + [tcp(6, 20000)])[0], [8940, 8940, 2120])
        self.assertEqual(self.sizes(handshake(4, 65495, 65495) + [tcp(4, 60000)])[0], [60000])

    def test_a_size_by_chance_decides_nothing(self):
        """What is left of a write may be a multiple of the size that it is not cut to: the others tell."""
        there = handshake(4, 1260, 1460)
        chance = tcp(4, 20 * 1460)
        self.assertEqual(self.sizes(there + [tcp(4, 10 * 1260), chance])[0], [1260] * 23 + [220])
        self.assertEqual(self.sizes(there + [tcp(4, 9 * 1460), tcp(4, 9 * 1460), tcp(4, 1260 * 10)])[0],
                         [1460] * 8 + [920])
        many = [tcp(4, 10 * 1260)] * 300
        self.assertEqual(self.sizes(there + many + [chance] * 8)[0], [1260] * 23 + [220])
        self.assertEqual(self.sizes(there + many + [chance] * 9)[0], [1460] * 20)

    def test_without_the_option_it_is_the_protocols_least(self):
        for family, least in ((4, 536), (6, 1220)):
            self.assertEqual(self.sizes(handshake(family, 1400, None) + [tcp(family, 3 * least)])[0], [least] * 3)
            zero = handshake(family, 1400, 0)
            self.assertEqual(self.sizes(zero + [tcp(family, 3 * least)])[0], [least] * 3)

    def test_one_side_of_the_handshake(self):
        for family, usual in ((4, 1460), (6, 1440)):
            client, server = handshake(family, usual, 1000)
            self.assertEqual(self.sizes([server, tcp(family, 3000)])[0], [1000] * 3)
            sizes, said = self.sizes([client, tcp(family, 3000)])
            self.assertEqual(sizes, [usual, usual, 3000 - 2 * usual])
            self.assertIn("warning: 1 TCP packets were cut by guess", said)

    def test_extension_headers_count_as_options(self):
        extension = b"\x06\x00\x01\x04\0\0\0\0"
        frame = tcp(6, 3 * 1192, extension=extension)
        self.assertEqual(self.sizes(handshake(6, 1440, 1200) + [frame], headers=14 + 48 + 20)[0], [1192] * 3)

    def test_ports_that_are_used_again(self):
        again = handshake(4, 1460, 900)
        again[0] = tcp(4, 0, SYN, options=mss(1460), sequence=70000)
        again[1] = tcp(4, 0, SYN | ACK, True, mss(900), 80000, 70001)
        self.assertEqual(self.sizes(handshake(4, 1460, 1300) + again + [tcp(4, 1800)])[0], [900, 900])
        # of the one before nothing holds any more
        _, said = self.sizes(handshake(4, 1460, 1300) + again[:1] + [tcp(4, 1800)])
        self.assertIn("by guess", said)
        other = handshake(4, 1460, 1300, ports=(40001, 80))
        self.assertEqual(self.sizes(other + [tcp(4, 3000)])[0], [1460, 1460, 80])

    def test_a_syn_that_is_sent_again_may_take_less(self):
        there = handshake(4, 1460, 1400) + handshake(4, 1460, 1000) + handshake(4, 1460, 1400)
        self.assertEqual(self.sizes(there + [tcp(4, 3000)])[0], [1000] * 3)

    def test_a_hostile_mss_leaves_some_payload(self):
        there = handshake(4, 1, 1)
        self.assertEqual(self.sizes(there + [tcp(4, 80)])[0], [8] * 10)
        for options in (b"\2\4\1", b"\2\0", b"\2", b"\xfe\xff", b"\2\3\1\0", b"\1\1\1\2\4\3"):
            syn = tcp(4, 0, SYN, True, options)
            self.segment([syn, tcp(4, 3000)])

    def test_more_connections_than_there_is_room_for(self):
        """The newest are known, and nothing of those that are not is made up."""
        frames = []
        for i in range(90000):
            frames.append(tcp(4, 0, SYN | ACK, True, mss(1000), ports=(i % 60000 + 1000, 80 + i // 60000)))
        frames.append(tcp(4, 2000, ports=(89999 % 60000 + 1000, 81)))
        self.assertEqual(self.sizes(frames)[0], [1000, 1000])

    def test_options_decide_first(self):
        there = handshake(4, 1460, 1000) + [tcp(4, 3000)]
        self.assertEqual(self.sizes(there, "--mtu", "1500")[0], [1460, 1460, 80])
        self.assertEqual(self.sizes(there, "--mss", "600")[0], [600] * 5)
        self.assertEqual(self.sizes(there, "--mss", "600", "--mss-from-handshake")[0], [1000] * 3)
        self.assertEqual(self.sizes(there, "--mtu", "540", "--mss-from-handshake")[0], [500] * 6)
        self.assertEqual(self.sizes([tcp(4, 3000)], "--mss", "600", "--mss-from-handshake")[0], [600] * 5)

    # ---- guesses ----

    def test_a_guess_is_said_once_for_each_kind(self):
        frames = [tcp(4, 3000), tcp(6, 3000), udp(4, 3000), udp(6, 3000), udp(4, 4000), tcp(4, 100), udp(4, 100)]
        _, said = self.segment(frames)
        self.assertEqual(said.count("warning: "), 2)
        self.assertIn("warning: 2 TCP packets", said)
        self.assertIn("warning: 3 UDP packets", said)
        _, said = self.segment(frames, "--mtu", "1500")
        self.assertNotIn("TCP", said)
        self.assertIn("warning: 3 UDP packets", said)
        for told in (("--mss", "1000"), ("--udp-mss", "1000", "--mtu", "1500")):
            self.assertNotIn("warning", self.segment(frames, *told)[1])
        self.assertNotIn("warning", self.segment(frames[-2:])[1])

    def test_datagrams_have_a_size_of_their_own(self):
        for family in (4, 6):
            headers = 14 + (20 if family == 4 else 40) + 8
            parts, _ = self.segment([udp(family, 6001), tcp(family, 2920)], "--udp-mss", "1200")
            self.assertEqual([len(frame) - headers for frame in parts[0]], [1200] * 5 + [1])
            self.assertEqual(len(parts[1][0]), 1514)
            parts, _ = self.segment([udp(family, 1200)], "--udp-mss", "1200", "--mss", "100")
            self.assertEqual(parts, [[udp(family, 1200)]])

    # ---- Accurate ECN ----

    def cwr(self, frames, *arguments):
        parts, said = self.segment(frames, *arguments)
        return [frame[14 + (20 if frame[14] >> 4 == 4 else 40) + 13] >> 6 for frame in parts[-1]], said

    def test_cwr_follows_the_handshake(self):
        asks = AE | CWR | ECE
        for family in (4, 6):
            frame = tcp(family, 3000, ACK | AE | CWR)
            for answers, accurate in ((CWR, True), (CWR | ECE, True), (AE, True), (AE | CWR, True), (ECE, False),
                                      (0, False), (AE | ECE, False), (AE | CWR | ECE, False)):
                found, said = self.cwr(handshake(family, 1000, 1000, asks, answers) + [frame], "--stats")
                self.assertEqual(found, [2, 2, 2] if accurate else [2, 0, 0], (family, answers))
                self.assertEqual("(Accurate ECN): 1" in said, accurate)
            there = handshake(family, 1000, 1000, asks, CWR)
            back = tcp(family, 3000, ACK | CWR | ECE, back=True)
            self.assertEqual(self.cwr(there + [back])[0], [3, 3, 3])
            self.assertEqual(self.cwr(there[:1] + [frame], "--mss", "1000")[0], [2, 2, 2])     # asked for
            self.assertEqual(self.cwr(there[1:] + [frame])[0], [2, 2, 2])
            classic = handshake(family, 1000, 1000, CWR | ECE, ECE)
            self.assertEqual(self.cwr(classic + [frame])[0], [2, 0, 0])
            self.assertEqual(self.cwr([frame], "--mss", "1000")[0], [2, 0, 0])
            self.assertEqual(self.cwr([frame], "--mss", "1000", "--ecn", "accurate")[0], [2, 2, 2])
            self.assertEqual(self.cwr(there + [frame], "--ecn", "classic")[0], [2, 0, 0])

    # ---- what was left to the NIC ----

    def test_small_packets_are_finished_whatever_the_way(self):
        for family in (4, 6):
            for make in (tcp, udp):
                for field in ("with", "without", "not with", "not without", 0):
                    right = make(family, 900, tag=TAG)
                    if make is udp and field == 0 and family == 4:
                        right = udp(4, 900, field=0, tag=TAG)       # there a checksum may be left out
                    kinds = [{}] + ([{"ip_sum": 0}] if family == 4 else [])
                    for kind in kinds:
                        frame = make(family, 900, field=field, tag=TAG, **kind)
                        parts, said = self.segment([frame], "--stats")
                        self.assertEqual(parts, [[right]], (family, make, field))
                        self.assertIn(" 1 passed, 0 left alone; ", said)
        tunnel = udp(6, 100, field=0, ports=(50000, 4789))
        self.assertEqual(self.segment([tunnel])[0], [[tunnel]])

    def test_a_udp_length_of_0_is_finished(self):
        for family in (4, 6):
            for length in (None, 0):
                parts, _ = self.segment([udp(family, 900, field="with", udp_length=0, length=length)])
                self.assertEqual(parts, [[udp(family, 900)]])
            longer = udp(family, 900, udp_length=2000)
            said = self.segment([longer])[1]
            self.assertIn("1 wrong; ", said)
            self.assertIn("wrong, a length of IP or UDP is not that of the packet: 1\n", said)
            self.assertNotIn("checksum", said)

    def test_headers_of_other_packets_are_finished(self):
        for protocol in (1, 47, 50, 132):
            right = ip(4, protocol, bytes(range(100)))
            self.assertEqual(self.segment([ip(4, protocol, bytes(range(100)), ip_sum=0)])[0], [[right]])

    def test_sctp_is_finished(self):
        """An INIT of RFC 9260."""
        def crc(data):
            value = 0xFFFFFFFF
            for byte in data:
                value ^= byte
                for _ in range(8):
                    value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
            return struct.pack("<I", value ^ 0xFFFFFFFF)

        self.assertEqual(crc(b"123456789"), bytes.fromhex("839206e3"))          # the check value of CRC-32C
        head, chunk = struct.pack("!HHI", 5000, 5001, 7), struct.pack("!BBHIIHHI", 1, 0, 20, 1, 2, 3, 4, 5)
        for family in (4, 6):
            right = ip(family, 132, head + crc(head + bytes(4) + chunk) + chunk)
            self.assertEqual(self.segment([ip(family, 132, head + bytes(4) + chunk), right])[0], [[right], [right]])

    def test_a_checksum_that_is_wrong_is_told_and_kept(self):
        for frame in (tcp(4, 900, field=0x1234), udp(6, 900, field=0x1234), tcp(4, 900, ip_sum=0x1234)):
            parts, said = self.segment([frame, frame])
            self.assertEqual(parts, [[frame], [frame]])
            self.assertIn(" 0 passed, 0 left alone, 2 wrong; ", said)
            self.assertIn("not as a sender leaves it: 2\n", said)
        self.assertEqual(self.segment([tcp(4, 900, field=0x1234, ip_sum=0x1234)], "--fix-checksums")[0], [[tcp(4, 900)]])

    def test_what_cannot_be_looked_at_has_its_name(self):
        fragment = bytearray(udp(4, 900))
        fragment[20:22] = b"\x20\x00"
        fragment[24:26] = bytes(2)
        fragment[24:26] = struct.pack("!H", 0xFFFF ^ ones_sum(bytes(fragment[14:34])))
        self.assertIn("passed, checksum not looked at, an IP fragment: 1\n", self.segment([bytes(fragment)])[1])
        said = self.segment([ip(4, 50, bytes(100)), ip(6, 50, bytes(100)), bytes(12) + b"\x08\x06" + bytes(28)], "--stats")[1]
        self.assertIn("passed, without a look inside, neither TCP nor UDP, or behind AH or ESP: 2\n", said)
        self.assertIn("passed, without a look inside, neither IPv4 nor IPv6: 1\n", said)
        longer = tcp(4, 900, length=2000)
        self.assertIn(" 0 passed, 0 left alone, 1 wrong; ", self.segment([longer])[1])

    def test_a_source_route_has_the_address_that_is_summed(self):
        for make in (tcp, udp):
            right = source_routed(make(4, 900))
            for field in ("right", "with", "without"):
                parts, said = self.segment([source_routed(make(4, 900, field=field))])
                self.assertEqual((parts, "1 passed, 0 left alone;" in said), ([[right]], True), said)
        direct = self.segment([tcp(4, 3000, field="with")], "--mss", "1000")[0][0]
        routed = self.segment([source_routed(tcp(4, 3000, field="with"))], "--mss", "1000")[0][0]
        self.assertEqual((len(routed), routed), (3, [source_routed(frame) for frame in direct]))

    def test_wrong_usage(self):
        for arguments in (("--udp-mss", "0"), ("--udp-mss", "x"), ("--ecn", "x"), ("--mss-list", "x", "--udp-mss", "9"),
                          ("--keep-small", "--fix-checksums"), ("--mss-list", "x", "--mss-from-handshake")):
            done = subprocess.run([NETCX, "segment", "-", "-", *arguments], capture_output=True, stdin=subprocess.DEVNULL)
            self.assertEqual((done.returncode, done.stdout), (2, b""), arguments)
            self.assertIn(b"netcx: segment: --", done.stderr)

    def test_what_is_not_there_is_not_made_up(self):
        """IP says more than the frame has, as after `editcap -L -s 3000`: nobody knows the rest of the packet."""
        for family in (4, 6):
            whole = tcp(family, 20000, field="with")
            for frame in (whole[:3000], whole[:-1]):
                parts, said = self.segment([frame])
                self.assertEqual(parts, [[frame]])
                self.assertIn("0 cut into 0, 0 passed, 1 left alone; ", said)
            self.assertEqual(len(self.segment([whole], "--mtu", "1500")[0][0]), 14)

    def test_what_is_behind_a_datagram_is_no_payload(self):
        """RFC 9868: options stand between the end of UDP and that of IP, and are not in its checksum."""
        for family in (4, 6):
            frame = udp(family, 3000)
            extent = len(frame) - 14 + 12
            frame = udp(family, 3000, length=extent - (40 if family == 6 else 0)) + b"\1" * 12
            parts, said = self.segment([frame], "--stats")
            self.assertEqual(parts, [[frame]])
            self.assertIn("left alone, UDP that ends before its IP packet (RFC 9868): 1", said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
