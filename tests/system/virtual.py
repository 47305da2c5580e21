#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The pair of virtual adapters (drivers/virtual) in one process, each with a TAP in a namespace of its
own: what one sends the other receives, whole or in segments."""
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from common import LabTest, NETCX, DRIVERS, STACK4, STACK6, WIRE4, WIRE6
from gso_oracle import kernels_segments
from packets import read_pcap
from several import SeveralRunning

VIRTUAL = os.path.join(DRIVERS, "virtual", "virtual.so")
RESTARTS = int(os.environ.get("RESTARTS", "25"))
CUT = "--rsc-v4 off --rsc-v6 off --udp-rsc off"
# So the stack sums for itself, and the TAP gets the bytes as the driver has left them.
UNCHECKED = "--rx-checksum-ipv4 off --rx-checksum-tcp-v4 off --rx-checksum-tcp-v6 off " \
            "--rx-checksum-udp-v4 off --rx-checksum-udp-v6 off"
RECEIVE_KEYWORDS = ("*RscIPv4", "*RscIPv6", "*UdpRsc", "*IPChecksumOffloadIPv4", "*TCPChecksumOffloadIPv4",
                    "*TCPChecksumOffloadIPv6", "*UDPChecksumOffloadIPv4", "*UDPChecksumOffloadIPv6")
BOTH = (("stack", "wire", (WIRE4, WIRE6)), ("wire", "stack", (STACK4, STACK6)))


class Pair(LabTest):
    def start(self, *adapters, extra=()):
        running = SeveralRunning(self.lab, ["%s,driver=%s" % (a, VIRTUAL) for a in adapters], extra, "wire")
        self.addCleanup(running.log.close)
        self.addCleanup(running.err.close)
        return running

    def end(self, name, side, station, *more):
        return ",".join(["%s,stack=tap:nic0,netns=%s,set=Station=%d" % (name, self.lab.ns(side), station), *more])

    def bring_up_pair(self, left=(), right=()):
        running = self.start(self.end("left", "stack", 1, *left), self.end("right", "wire", 2, *right))
        for name in ("left", "right"):
            running.wait_for("DeviceStarted", lambda e: True, name)
        self.lab.addresses(wire="nic0")
        for side in ("stack", "wire"):
            self.wait_for_carrier(side, True)
        return running

    def carrier(self, side):
        return "LOWER_UP" in self.lab.sh(side, "ip link show nic0")

    def wait_for_carrier(self, side, up, seconds=20):
        end = time.monotonic() + seconds
        while self.carrier(side) != up:
            self.assertLess(time.monotonic(), end, "carrier of %s" % side)
            time.sleep(0.02)

    def offload(self, name, arguments):
        self.lab.sh(None, "%s offload %s %s" % (NETCX, name, arguments))

    def counters(self, running, name):
        return running.show(name)["counters"]

    def bad_checksums(self, side):
        return sum(int(line.split()[1]) for line in self.lab.sh(side, "nstat -asz").splitlines()
                   if "CsumErr" in line)

    def assert_ended_well(self, running):
        self.assertEqual(running.stop(), 0, running.errors())
        self.assertEqual(running.errors(), "")
        for side in ("stack", "wire"):
            self.assertNotIn("nic0", self.lab.sh(side, "ip -o link"))


class Traffic(Pair):
    def test_super_packets_arrive_whole(self):
        running = self.bring_up_pair()
        for sender, receiver, addresses in BOTH:
            for address in addresses:
                self.transfer(sender, receiver, address, 8)
        for name, other in (("left", "right"), ("right", "left")):
            mine, others = self.counters(running, name), self.counters(running, other)
            self.assertGreater(mine["tx_lso_packets"], 0)
            self.assertEqual(mine["tx_software_segmented"], 0)
            self.assertGreater(others["rx_coalesced"], mine["tx_lso_packets"] // 2)
            self.assertEqual(mine["rx_bad"], 0)
        self.assert_ended_well(running)

    def test_segments_where_the_receiver_does_not_coalesce(self):
        """With receive checksums off, the receiving kernel looks at each checksum that was made here."""
        running = self.bring_up_pair()
        self.offload("right", CUT)
        for address in (WIRE4, WIRE6):
            self.transfer("stack", "wire", address, 4)
        self.assertEqual(self.counters(running, "right")["rx_coalesced"], 0)
        self.assertGreater(self.counters(running, "right")["rx_checksum_valid"], 0)
        self.offload("right", UNCHECKED)
        before = self.counters(running, "right")
        for address in (WIRE4, WIRE6):
            self.transfer("stack", "wire", address, 4)
        after = self.counters(running, "right")
        self.assertEqual(after["rx_checksum_valid"], before["rx_checksum_valid"])
        self.assertGreater(after["rx_packets"] - before["rx_packets"], 8 << 20 >> 11)
        self.assertEqual(self.bad_checksums("wire"), 0)
        # The other way they are still whole.
        self.transfer("wire", "stack", STACK4, 4)
        self.assertGreater(self.counters(running, "left")["rx_coalesced"], 0)
        self.assert_ended_well(running)

    def test_offloads_are_switched_under_traffic(self):
        running = self.bring_up_pair()
        done = threading.Event()

        def switch():
            while not done.is_set():
                for arguments in (CUT, "--rsc-v4 on --rsc-v6 on --udp-rsc on"):
                    self.offload("right", arguments)
                for feature in ("tso off", "tso on", "rx off", "rx on"):
                    self.lab.sh("stack", "ethtool -K nic0 %s" % feature, check=False)
        worker = threading.Thread(target=switch)
        worker.start()
        try:
            for address in (WIRE4, WIRE6):
                self.transfer("stack", "wire", address, 24)
        finally:
            done.set()
            worker.join()
        self.assertEqual(self.bad_checksums("wire"), 0)
        self.assert_ended_well(running)

    def test_a_small_ring_holds_the_sender_back(self):
        running = self.bring_up_pair(right=("set=*ReceiveBuffers=16",))
        self.offload("right", CUT)
        self.transfer("stack", "wire", WIRE4, 8)
        self.assertEqual(self.counters(running, "left")["tx_dropped"], 0)
        self.assert_ended_well(running)


# Super-packets, each with its virtio_net_hdr, to the left one's TAP.
SENDER = """
import socket, sys, time
sys.path.insert(0, {here!r})
from packets import super_packets
sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
sender.setsockopt(263, 15, 1)       # SOL_PACKET, PACKET_VNET_HDR
sender.bind(("nic0", 0))
for packet in super_packets({seed}, {count}):
    sender.send(packet.virtio_header() + packet.frame)
    time.sleep(0.002)
"""


class Oracle(Pair):
    SEED, COUNT = int(os.environ.get("SEED", "1")), 300

    def capture(self, path):
        """What comes to the right one's TAP, which is there before it."""
        self.lab.sh("wire", "ip tuntap add nic0 mode tap vnet_hdr; sysctl -qw net.ipv6.conf.nic0.disable_ipv6=1; "
                            "ethtool -K nic0 gro off rxvlan off; ip link set nic0 promisc on up")
        dump = self.lab.popen("wire", ["tcpdump", "-i", "nic0", "-U", "-B", "65536", "--immediate-mode", "-Q", "in", "-Z", "root", "-w", path],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        dump.stderr.readline()
        return dump

    def captured(self, path):
        try:
            return len(read_pcap(path))
        except ValueError:      # it is being written
            return 0

    def test_segments_are_the_kernels(self):
        """Byte for byte what the kernel itself makes of the super-packets, tags among them."""
        with tempfile.TemporaryDirectory() as scratch:
            expected, target = scratch + "/kernel.pcap", scratch + "/out.pcap"
            kernels_segments(self.lab, self.SEED, self.COUNT, expected)
            kernels = read_pcap(expected)
            dump = self.capture(target)
            running = self.start(self.end("left", "stack", 1),
                                 self.end("right", "wire", 2, *("set=%s=0" % k for k in RECEIVE_KEYWORDS)))
            self.lab.sh("wire", "until [ $(cat /sys/class/net/nic0/carrier) = 1 ]; do sleep 0.05; done")
            self.lab.sh("stack", "sysctl -qw net.ipv6.conf.nic0.disable_ipv6=1; ip link set nic0 up")
            self.wait_for_carrier("stack", True)
            self.lab.sh("stack", "exec %s - <<'END'\n%s\nEND" % (
                sys.executable, SENDER.format(here=os.path.dirname(__file__), seed=self.SEED, count=self.COUNT)))
            running.wait_until(lambda: self.counters(running, "right")["rx_packets"] >= len(kernels))
            self.assertGreater(self.counters(running, "left")["tx_lso_packets"], self.COUNT // 2)
            running.wait_until(lambda: self.captured(target) >= len(kernels))
            self.assertEqual(running.stop(), 0, running.errors())
            self.lab.kill(dump, signal.SIGINT)
            ours = read_pcap(target)
        self.assertEqual(len(ours), len(kernels))
        for number, (our, kernel) in enumerate(zip(ours, kernels)):
            self.assertEqual(our, kernel, "frame %d, seed %d" % (number, self.SEED))


if __name__ == "__main__":
    unittest.main()
