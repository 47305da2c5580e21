#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`netcx segment` against the kernel: what was captured on a sending host, with its super-packets,
becomes what was captured on the receiving host. Root, and network namespaces of its own."""
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from collections import Counter

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests", "system"))
sys.path.insert(0, os.path.join(TOP, "tools"))
from gso_oracle import kernels_segments  # noqa: E402
from lab import Lab, STACK4, STACK6, WIRE4, WIRE6  # noqa: E402
from packets import read_pcap, super_packets, write_pcap  # noqa: E402

NETCX = os.environ["NETCX"]
SEED, COUNT = int(os.environ.get("SEED", "7")), int(os.environ.get("COUNT", "300"))

# The sender has TSO. A bridge stands between, and the port behind it has no offload, so that the
# kernel cuts there.
HOSTS = """
ip link add nic0 netns {stack} type veth peer name left netns {wire}
ip -n {wire} link add right type veth peer name far0 netns {far}
"""
BRIDGE = """
ip link add bridge0 type bridge mcast_snooping 0
for port in left right; do ip link set $port master bridge0 up; done
ip link set bridge0 up
ethtool -K left gro off >/dev/null
ethtool -K right tx off sg off tso off gso off >/dev/null
"""
SEND = """
import socket, sys
target = (sys.argv[1], 5001)
with socket.create_connection(target, 10) as s:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 128 << 10)    # no queue is to overflow
    for size in (1, 100, 1448, 1449, 3000, 64000, 200000, 3000000):
        s.sendall(bytes(range(251)) * (size // 251) + bytes(size % 251))
"""
RECEIVE = """
import socket, sys
s = socket.create_server((sys.argv[1], 5001), family=socket.AF_INET6 if ":" in sys.argv[1]
                         else socket.AF_INET)
s.settimeout(30)
print("ready", flush=True)
c, _ = s.accept()
while c.recv(1 << 20):
    pass
"""
# Nobody listens any more: what is captured last.
KNOCK = """
import socket, sys
try:
    socket.create_connection((sys.argv[1], 5001), 10, ("", 5002))
except ConnectionRefusedError:
    sys.exit(0)
sys.exit("there is a listener still")
"""
PATIENCE = 60  # seconds


def tcp_of(frame):
    return 14 + (40 if frame[12:14] == b"\x86\xdd" else 20)


def frames_of(path):
    """Where a checksum comes out as 0, skb_checksum_help() writes 65535, for TCP too, and means the same: 0 for both"""
    frames = []
    for frame in read_pcap(path):
        tcp = tcp_of(frame)
        if frame[tcp + 16:tcp + 18] == b"\xff\xff":
            frame = frame[:tcp + 16] + bytes(2) + frame[tcp + 18:]
        frames.append(frame)
    return frames


def knocked(path):
    try:
        last = read_pcap(path)[-1]
    except (ValueError, IndexError):  # it is being written
        return False
    return last[tcp_of(last):][:2] == (5002).to_bytes(2, "big")


class SendingHost(unittest.TestCase):
    def segment(self, *arguments):
        done = subprocess.run([NETCX, "segment", *arguments], capture_output=True, text=True,
                              timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stderr

    def assert_same(self, ours, kernels):
        self.assertEqual(len(ours), len(kernels))
        for number, (our, kernel) in enumerate(zip(ours, kernels)):
            self.assertEqual(our, kernel, "frame %d" % number)

    def test_generated_super_packets(self):
        with Lab("segment") as lab, tempfile.TemporaryDirectory() as scratch:
            lab.make_namespaces("stack")
            expected, source, target = (os.path.join(scratch, name + ".pcap")
                                        for name in ("kernel", "in", "out"))
            kernels_segments(lab, SEED, COUNT, expected)
            write_pcap(source, [p.frame for p in super_packets(SEED, COUNT)])
            self.segment(source, target, "--ip-id", "linux")
            self.assertGreater(len(read_pcap(target)), COUNT)
            self.assert_same(read_pcap(target), read_pcap(expected))

    snap = 70000  # bytes: the longest packet there is

    def capture(self, lab, side, device, path, both):
        what = "tcp dst port 5001 or (ip6[6] = 0 and ip6[40] = 6)"
        if both:  # of the answers the handshake's: each packet takes a place of the snap length
            what += " or (tcp src port 5001 and (tcp[13] & 2 != 0 or ip6[53] & 2 != 0))"
        # The buffer has a place of the snap length for each packet: about 3,000 of them.
        child = lab.popen(side, ["tcpdump", "-U", "-B", "262144", "-s", str(self.snap), "-i", device,
                                 "-w", path, what],
                          stderr=subprocess.PIPE, text=True)
        self.addCleanup(child.stderr.close)
        while "listening" not in child.stderr.readline():
            self.assertIsNone(child.poll())
        return child

    def stream(self, lab, address, scratch, both=False):
        """One connection. Return: what the sender captured, what the receiver captured; with @both, the sender's
        capture has the whole handshake"""
        paths = [os.path.join(scratch, name) for name in ("sent.pcap", "received.pcap")]
        captures = [self.capture(lab, "stack", "nic0", paths[0], both),
                    self.capture(lab, "far", "far0", paths[1], False)]
        receiver = lab.popen("far", [sys.executable, "-c", RECEIVE, address],
                             stdout=subprocess.PIPE, text=True)
        self.addCleanup(receiver.stdout.close)
        self.assertEqual(receiver.stdout.readline(), "ready\n")
        lab.sh("stack", "exec %s -c '%s' %s" % (sys.executable, SEND, address))
        self.assertEqual(receiver.wait(30), 0)
        lab.sh("stack", "exec %s -c '%s' %s" % (sys.executable, KNOCK, address))
        for child, path in zip(captures, paths):
            self.end_capture(lab, child, path)
        return paths

    def end_capture(self, lab, child, path):
        """At its end tcpdump drops what it has not read, so that is awaited, however long it takes"""
        end = time.monotonic() + PATIENCE
        while not knocked(path):
            self.assertLess(time.monotonic(), end, path)
            time.sleep(0.1)
        lab.kill(child, signal.SIGINT)
        self.assertIn("\n0 packets dropped by kernel", child.stderr.read())

    def assert_cut_as_by_the_kernel(self, lab, address, longest):
        """One connection, whose sender has super-packets of more than so many bytes"""
        with tempfile.TemporaryDirectory() as scratch:
            sent, received = self.stream(lab, address, scratch)
            self.assertGreater(max(len(frame) for frame in read_pcap(sent)), longest)
            out = os.path.join(scratch, "out.pcap")
            said = self.segment(sent, out, "--ip-id", "linux")
            self.assertIn(" 0 left alone", said)
            # Two processors may change the order.
            self.assert_holds(Counter(frames_of(out)), Counter(frames_of(received)))

    def assert_follows_the_handshake(self, lab, address, mss):
        """The sender cut to another size than its capture's other packets tell, but for its handshake."""
        at = 14 + (40 if ":" in address else 20) + 2
        with tempfile.TemporaryDirectory() as scratch:
            sent, received = self.stream(lab, address, scratch, True)
            out = os.path.join(scratch, "out.pcap")
            said = self.segment(sent, out, "--ip-id", "linux")
            self.assertNotIn("guess", said)
            ours = Counter(frame for frame in frames_of(out) if frame[at:at + 2] == b"\x13\x89")
            kernels = Counter(frames_of(received))
            self.assertEqual(max(len(frame) for frame in kernels), at - 2 + 20 + mss)
            self.assert_holds(ours, kernels)

    def assert_holds(self, ours, kernels):
        """All that arrived is ours to the byte. What is lost on the way is hardly anything: a queue on a busy machine
        may overflow"""
        missing = [(len(f), f[:tcp_of(f) + 20].hex(" ")) for f in kernels - ours]
        self.assertEqual(sorted(missing), [])
        self.assertLess((ours - kernels).total(), ours.total() / 20)

    def make_hosts(self, lab):
        lab.make_namespaces("stack", "wire", "far")
        lab.sh(None, HOSTS.format(stack=lab.ns("stack"), wire=lab.ns("wire"), far=lab.ns("far")))
        lab.sh("wire", BRIDGE)
        lab.sh("far", "ethtool -K far0 gro off >/dev/null; ip addr add %s/24 dev far0; "
                      "ip addr add %s/64 dev far0 nodad; ip link set far0 up" % (WIRE4, WIRE6))
        lab.sh("stack", "ip addr add %s/24 dev nic0; ip addr add %s/64 dev nic0 nodad; "
                        "ip link set nic0 up" % (STACK4, STACK6))

    def test_a_real_sender(self):
        with Lab("sender") as lab:
            self.make_hosts(lab)
            for address in (WIRE4, WIRE6):
                self.assert_cut_as_by_the_kernel(lab, address, 1514)

    def test_sizes_of_handshakes(self):
        """A link that takes less than 1500 bytes: the receiver's, then the sender's."""
        with Lab("mss") as lab:
            self.make_hosts(lab)
            for side, device in (("far", "far0"), ("stack", "nic0")):
                lab.sh(side, "ip link set %s mtu 1300" % device)
                self.assert_follows_the_handshake(lab, WIRE4, 1260)
                self.assert_follows_the_handshake(lab, WIRE6, 1240)
                lab.sh(side, "ip link set %s mtu 1500" % device)

    def test_a_sender_of_jumbograms(self):
        self.snap = 210000
        with Lab("jumbo") as lab:
            self.make_hosts(lab)
            lab.sh("stack", "ip link set nic0 gso_max_size 200000")
            self.assert_cut_as_by_the_kernel(lab, WIRE6, 70000)


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("network namespaces need root")
        sys.exit(77)
    unittest.main(verbosity=2)
