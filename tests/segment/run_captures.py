#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`netcx run --stack pcap:IN --wire pcap:OUT` with a driver and its hardware beside `netcx segment IN OUT`: the same frames.
Each packet is sent or told of; IN is never harmed, and OUT only by a whole new one."""
import os
import resource
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
os.environ.setdefault("NETCX", "netcx")
from flows import ACK, AE, CWR, ECE, TAG, STAMPS, handshake, ip, pcap, tcp, udp  # noqa: E402
from packets import read_pcap  # noqa: E402
from tunnels import tunnels  # noqa: E402

NETCX, DRIVER = os.environ["NETCX"], os.environ["NETCX_RTL8168"]
JUMBO = struct.pack("!BBBBI", 6, 0, 0xC2, 4, 0)


def jumbogram(size):
    frame = bytearray(tcp(6, size, field="with", length=0, extension=JUMBO))
    struct.pack_into("!I", frame, 14 + 44, len(frame) - 14 - 40)
    return bytes(frame)


class RunCaptures(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.environment = dict(os.environ, XDG_RUNTIME_DIR=self.folder)

    def path(self, name, data=None):
        path = os.path.join(self.folder, name)
        if data is not None:
            with open(path, "wb") as out:
                out.write(data)
        return path

    def start(self, stack, wire, *arguments, **kind):
        return subprocess.Popen([NETCX, "run", DRIVER, "--device", "rtl8168", "--no-settings", "--stack", stack, "--wire",
                                 wire, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.folder,
                                env=self.environment, text=True, **kind)

    def run_it(self, *arguments, stack="pcap:in.pcap", wire="pcap:out.pcap", code=0, **kind):
        child = self.start(stack, wire, *arguments, **kind)
        out, err = child.communicate(timeout=60)
        self.assertEqual(child.returncode, code, out[-600:] + err)
        return "".join(line for line in out.splitlines() if " Finished " in line), err

    def segment(self, *arguments):
        done = subprocess.run([NETCX, "segment", "in.pcap", "segment.pcap", *arguments], cwd=self.folder, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return read_pcap(self.path("segment.pcap"))

    def assert_same_as_segment(self, frames, *arguments, said=""):
        self.path("in.pcap", pcap(frames))
        expected = self.segment(*[word for word in arguments if word not in ("--set",) and "=" not in word])
        finished, err = self.run_it(*arguments)
        self.assertEqual(err, "")
        self.assertIn(" stack_dropped=0 ", finished)
        self.assertIn(said, finished)
        got = read_pcap(self.path("out.pcap"))
        self.assertEqual(len(got), len(expected))
        for number, frame in enumerate(expected):
            self.assertEqual(got[number], frame.ljust(60, b"\0"), number)      # the NIC pads

    def test_the_same_frames_as_segment(self):
        frames = []
        for family in (4, 6):
            for tag in (b"", TAG):
                for field in ("with", "without", "not with", 0):
                    frames += [tcp(family, size, field=field, tag=tag) for size in (1, 1000, 1461, 20000, 64000)]
                    frames.append(tcp(family, 30000, field=field, tag=tag, length=0, options=STAMPS))
                    frames.append(tcp(family, 1400, field=field, tag=tag, length=0))
                frames += [udp(family, size, field="with", tag=tag) for size in (1, 1400, 5000, 60000)]
                if family == 4:
                    frames += [tcp(4, 500, ip_sum=0, tag=tag), udp(4, 500, field=0, tag=tag)]
        frames += [tcp(4, 200000, field="with", length=0), jumbogram(150000), ip(4, 47, bytes(100)), ip(4, 1, bytes(64), ip_sum=0)]
        self.assert_same_as_segment(frames, said=" lso_refused=")
        off = [word for key in ("*LsoV2IPv4", "*LsoV2IPv6", "*IPChecksumOffloadIPv4", "*TCPChecksumOffloadIPv4",
                                "*TCPChecksumOffloadIPv6", "*UDPChecksumOffloadIPv4", "*UDPChecksumOffloadIPv6")
               for word in ("--set", key + "=0")]
        # In software the identification goes as Linux has it.
        small = [frame for frame in frames if len(frame) < 1400]
        self.assert_same_as_segment(small, *off)

    def test_tunnels_are_cut_in_front_of_the_nic(self):
        frames = [around(tcp(inner, size, field="with")) for family in (4, 6) for inner in (4, 6)
                  for _, around in tunnels(family, inner) for size in (100, 14000)]
        self.assert_same_as_segment(frames, said=" lso_refused=%d " % (len(frames) // 2))

    def test_connections_are_followed(self):
        frames = handshake(4, 1460, 1000) + [tcp(4, 30000, field="with"), tcp(4, 30000, back=True, field="with")]
        frames += handshake(6, 1440, 1200, AE | CWR | ECE, CWR, ports=(7, 80))
        frames.append(tcp(6, 9000, ACK | CWR, field="with", ports=(7, 80)))
        self.assert_same_as_segment(frames)
        flags = [frame[14 + 40 + 13] for frame in read_pcap(self.path("out.pcap"))[-8:]]
        self.assertEqual(flags, [ACK | CWR] * 8)

    def test_an_mtu_bounds_handshakes(self):
        self.path("in.pcap", pcap(handshake(4, 8960, 8960) + [tcp(4, 20000, field="with")]))
        self.run_it()
        self.assertLessEqual(max(len(frame) for frame in read_pcap(self.path("out.pcap"))), 1514)

    def test_what_is_lost_is_told(self):
        whole = tcp(4, 5000, field="with")
        snapped = struct.pack("<IIII", 2000, 0, 96, len(whole)) + whole[:96]
        for data, why in ((pcap([whole]) + 3 * snapped, "3 not captured whole"),
                          (pcap([whole, ip(4, 47, bytes(5000))]), "1 too long and GRE, neither IPv4 nor IPv6"),
                          (pcap([whole, bytes(9)]), "1 shorter than an Ethernet header")):
            self.path("in.pcap", data)
            finished, err = self.run_it(code=1)
            count = why.split()[0]
            self.assertIn(" stack_dropped=%s " % count, finished)
            self.assertIn('stack_why="%s' % why[:20], finished)
            self.assertEqual(err.count("\n"), 1)
            self.assertRegex(err, r"^netcx: pcap:in\.pcap: of \d packets not all were sent: " + why[:20])
            self.assertEqual(len(read_pcap(self.path("out.pcap"))), 4)

    def test_a_wrong_checksum_is_sent_as_it_is(self):
        frame = tcp(4, 900, field=0x1234)
        self.path("in.pcap", pcap([frame]))
        finished, _ = self.run_it()
        self.assertIn('stack_notes="1 with a wrong checksum', finished)
        self.assertEqual(read_pcap(self.path("out.pcap")), [frame])

    def test_a_wrong_length_is_sent_as_it_is(self):
        frame = udp(4, 900, udp_length=2000)
        self.path("in.pcap", pcap([frame]))
        finished, _ = self.run_it()
        self.assertIn('stack_notes="1 with a wrong length of IP or UDP', finished)
        self.assertEqual(read_pcap(self.path("out.pcap")), [frame])

    def test_one_file_is_not_both(self):
        data = pcap([tcp(4, 60000, field="with")] * 20)
        path = self.path("in.pcap", data)
        os.link(path, self.path("hard.pcap"))
        os.symlink("in.pcap", self.path("soft.pcap"))
        for stack, wire in (("in.pcap", "in.pcap"), ("in.pcap", path), ("soft.pcap", "in.pcap"), ("hard.pcap", "soft.pcap")):
            _, err = self.run_it(stack="pcap:" + stack, wire="pcap:" + wire, code=2)
            self.assertIn("input and output are the same file", err)
            with open(path, "rb") as file:
                self.assertEqual(file.read(), data)
        with open(path, "rb") as file:
            _, err = self.run_it(stack="pcap:-", wire="pcap:hard.pcap", code=2, stdin=file)
        with open(path, "rb") as file:
            self.assertEqual(file.read(), data)

    def test_a_good_file_is_replaced_by_a_whole_one_only(self):
        good = pcap([tcp(4, 100)])
        self.path("out.pcap", good)
        data = pcap([tcp(4, 60000, field="with")] * 20)
        self.path("in.pcap", data[:-1000])
        self.run_it(code=1)                                     # the capture breaks off
        self.run_it("--set", "nonsense", code=2)
        self.path("in.pcap", data)

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))

        _, err = self.run_it(code=1, preexec_fn=limit)          # the disk is full
        self.assertEqual(err, "netcx: pcap:out.pcap: cannot write: File too large\n")
        with open(self.path("out.pcap"), "rb") as file:
            self.assertEqual(file.read(), good)
        self.assertEqual(sorted(name for name in os.listdir(self.folder) if "pcap" in name), ["in.pcap", "out.pcap"])
        self.run_it()
        self.assertEqual(len(read_pcap(self.path("out.pcap"))), 20 * 42)
        # Where nothing was, whole frames stay.
        self.run_it(wire="pcap:new.pcap", code=1, preexec_fn=limit)
        part = read_pcap(self.path("new.pcap"))
        self.assertEqual(part, read_pcap(self.path("out.pcap"))[:len(part)])
        self.assertGreater(len(part), 10)

    def test_a_pipe_whose_other_side_does_not_come(self):
        os.mkfifo(self.path("fifo"))
        self.path("in.pcap", pcap([tcp(4, 100)]))
        for stack, wire in (("pcap:fifo", "null"), ("pcap:in.pcap", "pcap:fifo")):
            for number in (signal.SIGINT, signal.SIGTERM):
                child = self.start(stack, wire)
                time.sleep(0.3)
                self.assertIsNone(child.poll())
                child.send_signal(number)
                child.communicate(timeout=5)

    def test_a_pipe_whose_other_side_stops(self):
        data = pcap([tcp(4, 60000, field="with")] * 40)
        os.mkfifo(self.path("fifo"))
        child = self.start("pcap:fifo", "null")
        with open(self.path("fifo"), "wb") as fifo:
            fifo.write(data[:-7])
            fifo.flush()
            time.sleep(0.3)
            child.send_signal(signal.SIGINT)
            _, err = child.communicate(timeout=5)
        self.assertEqual((child.returncode, err), (0, ""))
        self.path("in.pcap", data)
        child = self.start("pcap:in.pcap", "pcap:fifo")
        with open(self.path("fifo"), "rb"):
            time.sleep(0.5)
            child.send_signal(signal.SIGINT)
            _, err = child.communicate(timeout=5)
        self.assertEqual(child.returncode, 1)
        self.assertIn("cannot write", err)

    # ---- netcx segment's files ----

    def cut(self, *arguments, code=0, **kind):
        done = subprocess.run([NETCX, "segment", *arguments], cwd=self.folder, capture_output=True, text=True, **kind)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stderr

    def test_segment_does_not_read_what_it_writes(self):
        data = pcap([tcp(4, 60000, field="with")] * 20)
        path = self.path("in.pcap", data)
        os.link(path, self.path("hard.pcap"))
        os.symlink("in.pcap", self.path("soft.pcap"))
        for source, target in (("in.pcap", path), ("in.pcap", "hard.pcap"), ("soft.pcap", "in.pcap"), ("-", "in.pcap"),
                               ("-", "hard.pcap"), ("-", "soft.pcap")):
            with open(path, "rb") as file:
                said = self.cut(source, target, code=2, stdin=file)
            self.assertIn("input and output are the same file", said)
            with open(path, "rb") as file:
                self.assertEqual(file.read(), data)
        with open(path, "rb") as source, open(path, "ab") as target:
            done = subprocess.run([NETCX, "segment", "-", "-"], stdin=source, stdout=target, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(os.path.getsize(path), len(data))

    def test_segment_replaces_a_good_file_by_a_whole_one_only(self):
        good = pcap([tcp(4, 100)])
        data = pcap([tcp(4, 60000, field="with")] * 20)
        self.path("out.pcap", good)
        self.path("in.pcap", data[:-1000])
        self.assertIn("; out.pcap is left as it was", self.cut("in.pcap", "out.pcap", code=1))
        self.path("in.pcap", data)
        self.path("list", b"1000\n")
        self.cut("in.pcap", "out.pcap", "--mss-list", "list", code=1)

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))

        self.assertIn("out.pcap: File too large", self.cut("in.pcap", "out.pcap", code=1, preexec_fn=limit))
        child = subprocess.Popen([NETCX, "segment", "-", "out.pcap"], cwd=self.folder, stdin=subprocess.PIPE,
                                 stderr=subprocess.PIPE)
        child.stdin.write(data[:-10])
        child.stdin.flush()
        time.sleep(0.3)
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=5)
        self.assertIn(b"interrupted: out.pcap is left as it was", err)
        with open(self.path("out.pcap"), "rb") as file:
            self.assertEqual(file.read(), good)
        self.assertEqual(sorted(os.listdir(self.folder)), ["in.pcap", "list", "out.pcap"])
        self.cut("in.pcap", "new.pcap", code=1, preexec_fn=limit)
        self.assertFalse(os.path.exists(self.path("new.pcap")))
        self.cut("in.pcap", "out.pcap")
        self.assertEqual(len(read_pcap(self.path("out.pcap"))), 20 * 42)

    def test_one_that_is_killed_leaves_nothing_behind(self):
        good = pcap([tcp(4, 100)])
        self.path("out.pcap", good)
        child = subprocess.Popen([NETCX, "segment", "-", "out.pcap"], cwd=self.folder, stdin=subprocess.PIPE)
        child.stdin.write(pcap([tcp(4, 60000, field="with")] * 20)[:-10])
        child.stdin.flush()
        time.sleep(0.3)
        child.kill()
        child.communicate()
        self.assertEqual(os.listdir(self.folder), ["out.pcap"])
        with open(self.path("out.pcap"), "rb") as file:
            self.assertEqual(file.read(), good)

    def test_segment_into_a_pipe_that_nobody_empties(self):
        os.mkfifo(self.path("fifo"))
        self.path("in.pcap", pcap([tcp(4, 60000, field="with")] * 40))
        child = subprocess.Popen([NETCX, "segment", "in.pcap", "fifo"], cwd=self.folder, stderr=subprocess.PIPE)
        with open(self.path("fifo"), "rb"):
            time.sleep(0.3)
            child.send_signal(signal.SIGINT)
            child.communicate(timeout=5)
        self.assertEqual(child.returncode, -signal.SIGINT)


if __name__ == "__main__":
    unittest.main(verbosity=2)
