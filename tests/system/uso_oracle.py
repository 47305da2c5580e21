#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Datagrams that an application sends with UDP_SEGMENT: what hardware cuts, or software in its place,
is byte for byte what the kernel cuts itself when the offload is off."""
import sys
import tempfile
import unittest

from common import LabTest, Running
from packets import read_pcap

PORT = 7777
MARK = 7778

# Sockets that are not connected, and DF: each super-packet's IPv4 identification begins with 0,
# where it would be random else. What is sent is the same each time.
SENDER = """
import os, random, socket, sys, time
UDP_SEGMENT, IP_OPTIONS, IPV6_DSTOPTS = 103, 4, 59
rng = random.Random({seed})
for _ in range({count}):
    family = rng.choice((socket.AF_INET, socket.AF_INET6))
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.bind(("", 6000))
    options = 0
    if family == socket.AF_INET:
        s.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, rng.choice((0, 0x28, 0xb9)))
        s.setsockopt(socket.IPPROTO_IP, 10, 2)      # IP_MTU_DISCOVER, IP_PMTUDISC_DO
        if rng.random() < 0.3:
            options = 4 * rng.choice((1, 2, 5))
            s.setsockopt(socket.IPPROTO_IP, IP_OPTIONS, bytes([1]) * options)
    elif rng.random() < 0.3:
        options = 8
        s.setsockopt(socket.IPPROTO_IPV6, IPV6_DSTOPTS, bytes([0, 0, 1, 4, 0, 0, 0, 0]))
    largest = 1500 - (20 if family == socket.AF_INET else 40) - options - 8
    size = rng.choice((largest, 1200, rng.randrange(200, largest)))
    s.setsockopt(socket.SOL_UDP, UDP_SEGMENT, size)
    length = rng.choice((2 * size, size + 1, 5 * size - 1, rng.randrange(size + 1, min(60 * size, 60000))))
    written = os.path.getsize({wire!r})
    s.sendto(rng.randbytes(length), ("10.77.0.2" if family == socket.AF_INET else "fd77::2", {port}))
    s.close()
    end = time.monotonic() + 10     # a TAP holds nobody back: the next when this one is out
    while os.path.getsize({wire!r}) < written + length and time.monotonic() < end:
        time.sleep(0.001)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(b"all", ("10.77.0.2", {mark}))
"""


def port_of(frame):
    """Where a UDP datagram of a frame goes; 0: it is none."""
    kind = frame[12:14]
    if kind == b"\x08\x00" and frame[23] == 17:
        at = 14 + (frame[14] & 15) * 4
    elif kind == b"\x86\xdd" and frame[20] in (17, 60):
        at = 54 + (8 if frame[20] == 60 else 0)
    else:
        return 0
    return int.from_bytes(frame[at + 2:at + 4], "big")


class UsoOracle(LabTest):
    SEED, COUNT = 1, 150

    def send(self, running, wire, before):
        """The frames of it on the wire, until the mark has come."""
        self.lab.sh("stack", "exec %s - <<'END'\n%s\nEND" % (
            sys.executable, SENDER.format(seed=self.SEED, count=self.COUNT, port=PORT, mark=MARK, wire=wire)), timeout=60)
        running.wait_until(lambda: self.marks(wire) == before + 1)

    def marks(self, wire):
        try:
            return sum(port_of(f) == MARK for f in read_pcap(wire))
        except ValueError:      # it is being written
            return -1

    def test_hardware_cuts_as_the_kernel(self):
        self.compare("rtl8168-ext", "device_tx_super_packets")

    def test_software_in_its_place_cuts_as_the_kernel(self):
        self.compare("rtl8168", "tx_software_segmented")

    def compare(self, device, counter):
        with tempfile.TemporaryDirectory() as scratch:
            wire = scratch + "/wire.pcap"
            running = Running(self.lab, device=device, wire="pcap:" + wire)
            self.addCleanup(running.log.close)
            self.addCleanup(running.err.close)
            running.wait_for("EvtAdapterCreateRxQueue")
            self.lab.sh("stack", "ip addr add 10.77.0.1/24 dev nic0; ip -6 addr add fd77::1/64 dev nic0 nodad; "
                                 "ip link set nic0 up; ip neigh add 10.77.0.2 lladdr 02:00:00:00:00:02 dev nic0; "
                                 "ip -6 neigh add fd77::2 lladdr 02:00:00:00:00:02 dev nic0")
            if "tx-udp-segmentation: on" not in self.lab.sh("stack", "ethtool -k nic0"):
                self.skipTest("a TAP has no USO before Linux 6.2")
            self.lab.sh("stack", "until [ $(cat /sys/class/net/nic0/carrier) = 1 ]; do sleep 0.05; done")
            self.send(running, wire, 0)
            cut = running.show()["counters"][counter]
            self.assertGreater(cut, self.COUNT // 2)
            self.lab.sh("stack", "ethtool -K nic0 tx-udp-segmentation off")
            self.send(running, wire, 1)
            self.assertEqual(running.show()["counters"][counter], cut)
            self.assertEqual(running.stop(), 0, running.errors())
            frames = [f for f in read_pcap(wire) if port_of(f) in (PORT, MARK)]
        at = [port_of(f) for f in frames].index(MARK)
        ours, kernels = frames[:at], frames[at + 1:-1]
        self.assertGreater(len(kernels), 2 * self.COUNT)
        self.assertEqual(len(ours), len(kernels))
        for number, (our, kernel) in enumerate(zip(ours, kernels)):
            self.assertEqual(our, kernel, "frame %d" % number)


if __name__ == "__main__":
    unittest.main(verbosity=2)
