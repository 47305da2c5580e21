#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What people do with `netcx segment`: pcapng, pipes, a terminal, Ctrl-C, files that are no captures."""
import os
import pty
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests", "system"))
from packets import ones_sum, super_packets  # noqa: E402

NETCX = os.environ["NETCX"]
PACKETS = super_packets(3, 40)


def pcap(frames, nanoseconds=False, order="<", link=1):
    data = struct.pack(order + "IHHiIII", 0xA1B23C4D if nanoseconds else 0xA1B2C3D4, 2, 4, 0, 0,
                       262144, link)
    for number, frame in enumerate(frames):
        data += struct.pack(order + "IIII", 1000 + number, 77 * number, len(frame),
                            len(frame)) + frame
    return data


def pcapng(frames, order="<", links=(1,)):
    """Nanoseconds, a comment, a block of a kind that nobody knows; frame i is from interface i mod
    len(links)."""
    def block(kind, body):
        body += bytes(-len(body) % 4)
        return struct.pack(order + "II", kind, 12 + len(body)) + body + struct.pack(
            order + "I", 12 + len(body))

    resolution = struct.pack(order + "HHB3xHH", 9, 1, 9, 0, 0)
    comment = struct.pack(order + "HH4sHH", 1, 4, b"kept", 0, 0)
    data = block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))
    for link in links:
        data += block(1, struct.pack(order + "HHI", link, 0, 0) + resolution)
    data += block(0x40000BAD, b"private")
    for number, frame in enumerate(frames):
        when = (1000 + number) * 10**9 + 77 * number
        padded = frame + bytes(-len(frame) % 4)
        data += block(6, struct.pack(order + "IIIII", number % len(links), when >> 32, when & 0xFFFFFFFF, len(frame),
                                     len(frame)) + padded + comment)
    return data


def records(data):
    """A capture's (seconds, fraction, frame)."""
    found, at = [], 24
    while at < len(data):
        seconds, fraction, kept, length = struct.unpack_from("<IIII", data, at)
        assert kept == length and at + 16 + kept <= len(data), "a cut packet"
        found.append((seconds, fraction, data[at + 16:at + 16 + kept]))
        at += 16 + kept
    return found


def packet(family, protocol, size, tag=b"", length=None, seed=None):
    """A frame whose checksums are right, but for a @seed in TCP's or UDP's: "with" the length or
    "without". @length: what the IP header says; it goes into its checksum."""
    hosts = bytes(range(8)) if family == 4 else bytes(range(32))
    data = bytes(i * 13 & 0xFF for i in range(size))
    if protocol == 6:
        header = struct.pack("!HHIIBBHHH", 1000, 80, 7, 8, 0x50, 0x18, 512, 0, 0)
    else:
        header = struct.pack("!HHHH", 1000, 53, size + 8, 0)
    whole = len(header) + size
    pseudo = ones_sum(hosts + struct.pack("!II", protocol, 0 if seed == "without" else whole))
    field = pseudo if seed else 0xFFFF ^ ones_sum(struct.pack("!H", pseudo) + header + data)
    at = 16 if protocol == 6 else 6
    header = header[:at] + struct.pack("!H", field) + header[at + 2:]
    if family == 4:
        ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + whole if length is None else length, 9, 0x4000, 64, protocol, 0)
        ip = ip[:10] + struct.pack("!H", 0xFFFF ^ ones_sum(ip + hosts)) + hosts
    else:
        ip = struct.pack("!IHBB", 6 << 28, whole if length is None else length, protocol, 64) + hosts
    return bytes(12) + tag + (b"\x08\x00" if family == 4 else b"\x86\xdd") + ip + header + data


class Segment(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name, data=None):
        path = os.path.join(self.folder, name)
        if data is not None:
            with open(path, "wb") as out:
                out.write(data)
        return path

    def read(self, name):
        with open(self.path(name), "rb") as source:
            return source.read()

    def segment(self, *arguments, code=0, data=b""):
        done = subprocess.run([NETCX, "segment", *arguments], input=data, capture_output=True,
                              timeout=60, cwd=self.folder)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout, done.stderr.decode()

    def assert_one_message(self, said, expected):
        lines = [line for line in said.splitlines() if line.startswith("netcx: ")]
        self.assertEqual(len(lines), 1, said)
        self.assertIn(expected, lines[0])

    def cut(self, order="<", nanoseconds=False):
        """What comes of PACKETS, from a pcap file: (seconds, fraction, frame)."""
        out, _ = self.segment("-", "-", data=pcap([p.frame for p in PACKETS], nanoseconds, order))
        return out

    def test_times_are_kept(self):
        for nanoseconds, magic in ((False, 0xA1B2C3D4), (True, 0xA1B23C4D)):
            out = self.cut(nanoseconds=nanoseconds)
            self.assertEqual(struct.unpack_from("<I", out)[0], magic)
            expected = [(1000 + number, 77 * number) for number, packet in enumerate(PACKETS)
                        for _ in range(-(-(len(packet.frame) - packet.headers) // packet.mss))]
            self.assertEqual([r[:2] for r in records(out)], expected)

    def test_every_format_gives_the_same(self):
        frames = [p.frame for p in PACKETS]
        expected = self.cut(nanoseconds=True)
        for order in "<>":
            self.assertEqual(records(self.cut(order, True)), records(expected))
            self.path("in.pcapng", pcapng(frames, order))
            self.segment("in.pcapng", "file.pcap")
            self.assertEqual(self.read("file.pcap"), expected)
            out, _ = self.segment("-", "-", data=pcapng(frames, order))
            self.assertEqual(out, expected)
            self.segment("-", "half.pcap", data=pcapng(frames, order, links=(1, 1)))
            self.assertEqual(self.read("half.pcap"), expected)

    def test_reads_a_pipe_that_drips(self):
        data = pcapng([p.frame for p in PACKETS[:2]])
        child = subprocess.Popen([NETCX, "segment", "-", "-"], stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        written = 0
        for at in (1, 3, 9, 40, 200, 5000):
            child.stdin.write(data[written:at])
            child.stdin.flush()
            written = at
            time.sleep(0.02)
        out, _ = child.communicate(data[written:], timeout=30)
        self.assertEqual(child.returncode, 0)
        frames = [frame for _, _, frame in records(out)]
        whole = [frame for _, _, frame in records(self.cut())]
        self.assertEqual(frames, whole[:len(frames)])

    def test_summary_and_reasons(self):
        fragment = bytearray(PACKETS[0].frame)
        while not (fragment[12:14] == b"\x08\x00"):
            fragment = bytearray(super_packets(len(fragment), 1)[0].frame)
        fragment[20:22] = b"\x20\x00"       # more fragments follow
        arp = b"\xff" * 12 + b"\x08\x06" + bytes(46)
        data = pcap([PACKETS[0].frame, bytes(fragment), arp])
        out, said = self.segment("-", "-", "--stats", data=data)
        self.assertIn("3 packets: 1 cut into ", said)
        self.assertIn(", 1 passed, 1 left alone; ", said)
        self.assertRegex(said, "left alone, .*fragment.*: 1\n")
        frames = [frame for _, _, frame in records(out)]
        self.assertEqual(frames[-2:], [bytes(fragment), arp])
        self.assertNotIn("\r", said)

    def test_jumbograms_lose_their_header(self):
        def frame(following, options, size):
            tcp = struct.pack("!HHIIBBHHH", 1000, 80, 1, 2, 0x50, 0x18, 512, 0, 0)
            return (bytes(12) + b"\x86\xdd\x60\0\0\0\0\0" + bytes([following, 64]) + b"\xfd" +
                    bytes(14) + b"\1\xfd" + bytes(14) + b"\2" + options + tcp +
                    (bytes(range(250)) * 400)[:size])

        for size in (1000, 1440, 1441, 100000):     # the shorter ones nobody should have made
            option = struct.pack("!BBI", 0xC2, 4, size + 28)
            out, said = self.segment("-", "-", data=pcap([frame(0, b"\6\0" + option, size)]))
            frames = [frame for _, _, frame in records(out)]
            self.assertIn("1 cut into %d" % -(-size // 1440), said)
            if size > 1440:
                expected, _ = self.segment("-", "-", data=pcap([frame(6, b"", size)]))
                self.assertEqual(frames, [frame for _, _, frame in records(expected)])
            else:
                self.assertEqual([len(frame) for frame in frames], [74 + size])
                self.assertEqual(frames[0][18:21], struct.pack("!HB", 20 + size, 6))
            more = frame(0, b"\6\1" + bytes(8) + option, size)
            out, said = self.segment("-", "-", data=pcap([more]))
            self.assertIn("left alone, an IPv6 jumbogram: 1\n", said)
            self.assertEqual([frame for _, _, frame in records(out)], [more])

    def frames_of(self, frames, *arguments, link=1):
        out, said = self.segment("-", "-", *arguments, data=pcap(frames, link=link))
        return [frame for _, _, frame in records(out)], said

    def test_what_is_behind_a_packet_is_no_payload(self):
        tag = b"\x81\x00\x00\x05"
        for behind in (b"\x9a\xbc\xde\xf0", bytes(range(16)), bytes(100)):
            for family, protocol, size in ((4, 6, 1), (4, 6, 1460), (6, 6, 1440), (4, 17, 1472), (6, 17, 1452), (4, 6, 9)):
                for tags in (b"", tag, tag * 2):
                    frame = packet(family, protocol, size, tags)
                    self.assertEqual(self.frames_of([frame + behind])[0], [frame + behind])
                    unfinished = packet(family, protocol, size, tags, seed="with")
                    frames, said = self.frames_of([unfinished + behind], "--stats")
                    self.assertEqual(frames, [frame + behind])
                    self.assertIn("checksums filled in: 1\n", said)
                    self.assertNotIn("behind", said)
            for family, protocol, size in ((4, 6, 1461), (6, 6, 20000), (4, 17, 5000), (4, 6, 64000)):
                frame = packet(family, protocol, size, tag, seed="with")
                expected, _ = self.frames_of([frame])
                frames, said = self.frames_of([frame + behind] * 2)
                self.assertEqual(frames, expected * 2)
                self.assertIn("cut off behind the IP packet: %d bytes of 2 packets\n" % (2 * len(behind)), said)

    def test_what_is_behind_a_packet_makes_it_no_longer(self):
        fragment = bytearray(packet(4, 17, 1472))
        fragment[20:22] = b"\x20\x00"
        echo = bytearray(packet(4, 17, 1472))
        echo[23] = 1
        for frame in (fragment, echo):
            frame[24:26] = bytes(2)
            frame[24:26] = struct.pack("!H", 0xFFFF ^ ones_sum(bytes(frame[14:34])))
            frames, said = self.frames_of([bytes(frame) + b"\1\2\3\4"])
            self.assertEqual(frames, [bytes(frame) + b"\1\2\3\4"])
            self.assertIn(", 1 passed, 0 left alone", said)

    def test_a_packet_that_is_there_whole_is_whole(self):
        """Though the capture has not all that was behind it."""
        for size, count in ((1460, 1), (5000, 4)):
            frame = packet(4, 6, size)
            data = bytearray(pcap([frame + b"\1\2"]))
            struct.pack_into("<I", data, 36, len(frame) + 4)
            self.path("in.pcap", data)
            _, said = self.segment("in.pcap", "out.pcap")
            self.assertIn(" %d frames\n" % count, said)
            self.assertIn(" 0 left alone", said)

    def test_a_length_that_nothing_can_have_ends_nothing(self):
        for length in (1, 39, 3041, 65535):
            frames, _ = self.frames_of([packet(4, 6, 3000, length=length)])
            self.assertEqual(sum(len(frame) - 54 for frame in frames), 3000)

    def test_the_check_sequence_that_a_capture_tells_of(self):
        for fcs in (2, 4):
            link = 1 | 1 << 26 | fcs // 2 << 28
            for family in (4, 6):
                # Nothing else tells where a super-packet with a length of 0 ends.
                frame = packet(family, 6, 9000, length=0, seed="without")
                expected, _ = self.frames_of([frame])
                frames, said = self.frames_of([frame + bytes(fcs)], link=link)
                self.assertEqual(frames, expected)
                self.assertIn("behind the IP packet: %d bytes of 1 packets\n" % fcs, said)
                # One that was sent has none, whatever the file says.
                frame = packet(family, 6, 1440)
                self.assertEqual(self.frames_of([frame, frame + bytes(fcs)], link=link)[0],
                                 [frame, frame + bytes(fcs)])
                # It would not be that of the frame with its checksum.
                frames, said = self.frames_of([packet(family, 6, 1440, seed="with") + bytes(fcs)], link=link)
                self.assertEqual(frames, [frame])
                self.assertIn("behind the IP packet: %d bytes of 1 packets\n" % fcs, said)

    def test_a_jumbogram_ends_where_its_option_says(self):
        tcp = struct.pack("!HHIIBBHHH", 1000, 80, 1, 2, 0x50, 0x18, 512, 0, 0)
        option = b"\6\0" + struct.pack("!BBI", 0xC2, 4, 70000 + 28)
        frame = bytes(12) + b"\x86\xdd\x60\0\0\0\0\0\0\x40" + bytes(32) + option + tcp + bytes(70000)
        expected, _ = self.frames_of([frame])
        self.assertEqual(self.frames_of([frame + bytes(4)])[0], expected)

    def test_an_ip_length_of_0_is_filled_in(self):
        for family, protocol, size in ((4, 6, 1460), (4, 6, 100), (4, 6, 6), (6, 6, 1440), (6, 6, 1), (4, 17, 1472), (6, 17, 7)):
            for tag in (b"", b"\x81\x00\x00\x05"):
                expected = packet(family, protocol, size, tag)
                for seed in (None, "with", "without"):
                    frame = packet(family, protocol, size, tag, length=0, seed=seed)
                    frames, said = self.frames_of([frame], "--stats")
                    self.assertEqual(frames, [expected], (family, protocol, size, seed))
                    self.assertIn("passed, IP length filled in: 1\n", said)
                    self.assertEqual(self.frames_of([frame], "--keep-small")[0], [frame])
        unknown = packet(4, 6, 0, length=0) + bytes(6)      # padding or payload: nobody can tell
        frames, said = self.frames_of([unknown], "--stats")
        self.assertEqual(frames, [unknown])
        self.assertNotIn("IP length", said)

    def test_list_shorter_and_longer(self):
        data = pcap([p.frame for p in PACKETS[:3]])
        self.path("list", b"0\n1000\r\n0\n")
        out, said = self.segment("-", "-", "--mss-list", "list", data=data)
        frames = [frame for _, _, frame in records(out)]
        self.assertEqual((frames[0], frames[-1]), (PACKETS[0].frame, PACKETS[2].frame))
        self.assertTrue(all(len(f) <= PACKETS[1].headers + 1000 for f in frames[1:-1]))
        self.assertIn("2 left alone", said)
        self.path("list", b"1000\n" * 4)
        _, said = self.segment("-", "-", "--mss-list", "list", data=data)
        self.assertIn("the MSS list goes on after the last packet", said)
        self.path("list", b"1000\n" * 2)
        _, said = self.segment("-", "-", "--mss-list", "list", data=data, code=1)
        self.assert_one_message(said, "the MSS list ends after 2 packets")

    def test_foreign_input(self):
        frames = [p.frame for p in PACKETS]
        whole, whole_ng = pcap(frames), pcapng(frames)
        for data, text in ((b"", "it is empty"),
                           (b"hello", "unknown file format"),
                           (b"\x7fELF" + bytes(1000), "unknown file format"),
                           (whole[:3], "truncated"),
                           (whole[:20], "truncated"),
                           (whole_ng[:20], "truncated"),
                           (whole[:-1], "after 39 packets: truncated"),
                           (whole_ng[:-1], "after 39 packets: truncated")):
            _, said = self.segment("-", "out.pcap", data=data, code=1)
            self.assert_one_message(said, text)
            self.assertEqual(os.path.exists(self.path("out.pcap")), "after" in text)
            if "after" in text:
                records(self.read("out.pcap"))
                os.unlink(self.path("out.pcap"))
        self.assert_one_message(self.segment("/", "out.pcap", code=1)[1], "Is a directory")
        _, said = self.segment("-", "out.pcap", data=whole_ng + b"rubbish" * 9, code=1)
        self.assert_one_message(said, "after 40 packets: ")

    def test_progress_is_for_a_terminal(self):
        self.path("in.pcap", pcap([PACKETS[0].frame[:60]] * 3000))
        main, terminal = pty.openpty()
        done = subprocess.run([NETCX, "segment", "in.pcap", "out.pcap"], stderr=terminal,
                              stdin=subprocess.DEVNULL, cwd=self.folder, timeout=60)
        os.close(terminal)
        said = os.read(main, 65536)
        os.close(main)
        self.assertEqual(done.returncode, 0)
        self.assertRegex(said, rb"\r1024 packets, \d+ %")
        self.assertIn(b"\r\x1b[K3000 packets: ", said)
        self.assertNotIn("\r", self.segment("in.pcap", "out.pcap")[1])

    def test_a_capture_is_not_for_a_terminal(self):
        self.path("in.pcap", pcap([PACKETS[0].frame]))
        main, terminal = pty.openpty()
        done = subprocess.run([NETCX, "segment", "in.pcap", "-"], stdout=terminal,
                              stderr=subprocess.PIPE, cwd=self.folder, timeout=60)
        os.close(terminal)
        os.close(main)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"not for a terminal", done.stderr)

    def test_a_file_reads_as_a_pipe_does(self):
        """A file is read in chunks, with records of any size across their ends and one larger than a chunk."""
        other = bytes(12) + b"\x88\xb5"          # an EtherType for experiments: it stays as it is
        frames = [frame for n, p in enumerate(PACKETS * 8) for frame in
                  (p.frame, other + bytes([n % 256]) * (7 * n % 1400))]
        frames.insert(100, other + bytes(range(256)) * 3000)
        for make in (pcap, pcapng):
            whole = make(frames)
            self.assertGreater(len(whole), 4 << 20)
            for part in (whole, whole[:-5], whole[:1000000]):
                self.path("in", part)
                code = int(part is not whole)
                piped, told = self.segment("-", "-", code=code, data=part)
                again, said = self.segment("in", "-", code=code)
                self.assertEqual(again, piped)
                self.assertEqual(said.replace("in:", "standard input:"), told)

    def test_a_signal_leaves_whole_packets_and_says_so(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            child = subprocess.Popen([NETCX, "segment", "-", "out.pcap"], cwd=self.folder,
                                     stdin=subprocess.PIPE, stderr=subprocess.PIPE)
            child.stdin.write(pcap([p.frame for p in PACKETS])[:-10])
            child.stdin.flush()
            status = "/proc/%d/syscall" % child.pid
            end = time.monotonic() + 20         # until it waits for the rest: read(2) of 0
            while time.monotonic() < end and not self.waits(status):
                time.sleep(0.02)
            child.send_signal(number)
            child.wait(20)
            said = child.stderr.read().decode()
            child.stdin.close()
            child.stderr.close()
            self.assertEqual(child.returncode, -number, said)
            self.assert_one_message(said, "interrupted: out.pcap holds the frames of the first 39 "
                                          "packets only")
            whole = records(self.cut())
            got = records(self.read("out.pcap"))
            os.unlink(self.path("out.pcap"))        # one that is there would stay as it is
            self.assertEqual(got, whole[:len(got)])
            last = -(-(len(PACKETS[-1].frame) - PACKETS[-1].headers) // PACKETS[-1].mss)
            self.assertEqual(len(got), len(whole) - last)

    def waits(self, status):
        time.sleep(0.2)
        try:
            with open(status, encoding="ascii") as text:
                return text.read().split()[:2] == ["0", "0x0"]
        except OSError:
            return True


if __name__ == "__main__":
    unittest.main(verbosity=2)
