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
from coalescing import DATAGRAMS, TAKE
from gso_oracle import kernels_segments
from packets import read_pcap
from several import SeveralRunning

# As the kernel-mode driver, or as the user-mode one of the same source.
VIRTUAL = os.path.join(DRIVERS, "virtual", *{"km": ["virtual.so"], "um": ["um", "virtualum.so"]}[os.environ.get("MODE", "km")])
RESTARTS = int(os.environ.get("RESTARTS", "25"))
CUT = "--rsc-v4 off --rsc-v6 off --udp-rsc off"
# So the stack sums for itself, and the TAP gets the bytes as the driver has left them.
UNCHECKED = "--rx-checksum-ipv4 off --rx-checksum-tcp-v4 off --rx-checksum-tcp-v6 off " \
            "--rx-checksum-udp-v4 off --rx-checksum-udp-v6 off"
PROMISCUOUS = 0x20
RECEIVE_KEYWORDS = ("*RscIPv4", "*RscIPv6", "*UdpRsc", "*IPChecksumOffloadIPv4", "*TCPChecksumOffloadIPv4",
                    "*TCPChecksumOffloadIPv6", "*UDPChecksumOffloadIPv4", "*UDPChecksumOffloadIPv6")
BOTH = (("stack", "wire", (WIRE4, WIRE6)), ("wire", "stack", (STACK4, STACK6)))


MULTICAST = """
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for _ in range(400):
    s.sendto(b"hello", ("239.1.2.3", 9))
    time.sleep(0.0005)
"""

JOIN = """
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton("239.1.2.3") + socket.inet_aton("10.77.0.2"))
time.sleep(60)
"""


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


class Datagrams(Pair):
    def send(self, running, address, sender="stack", receiver="wire"):
        """Of one flow, handed over 20 at a time; what comes of it at the receiver's adapter."""
        name = "right" if receiver == "wire" else "left"
        before = self.counters(running, name)
        taker = self.lab.popen(receiver, [sys.executable, "-c", TAKE], stdout=subprocess.PIPE, text=True)
        taker.stdout.readline()
        self.lab.sh(sender, "exec %s - %s <<'END'\n%s\nEND" % (sys.executable, address, DATAGRAMS))
        out, _ = taker.communicate(timeout=40)
        self.assertEqual(taker.returncode, 0)
        self.assertGreater(int(out), 3000)      # a socket's room is its own
        after = self.counters(running, name)
        return after["rx_coalesced"] - before["rx_coalesced"], after["rx_packets"] - before["rx_packets"]

    def test_udp_segmentation_reaches_the_other_side_as_super_packets(self):
        running = self.bring_up_pair()
        if "tx-udp-segmentation: on" not in self.lab.sh("stack", "ethtool -k nic0"):
            self.skipTest("a TAP has no USO before Linux 6.2")
        for sender, receiver, addresses in BOTH:
            for address in addresses:
                coalesced, packets = self.send(running, address, sender, receiver)
                self.assertGreater(coalesced, 100)
                self.assertLess(packets, 1000)
        self.assert_ended_well(running)

    def test_and_as_datagrams_where_it_does_not_coalesce(self):
        running = self.bring_up_pair()
        if "tx-udp-segmentation: on" not in self.lab.sh("stack", "ethtool -k nic0"):
            self.skipTest("a TAP has no USO before Linux 6.2")
        self.offload("right", "--udp-rsc off " + UNCHECKED)
        for address in (WIRE4, WIRE6):
            coalesced, packets = self.send(running, address)
            self.assertEqual(coalesced, 0)
            self.assertGreaterEqual(packets, 4000)
        self.assertGreater(self.counters(running, "left")["tx_lso_packets"], 200)
        self.assertEqual(self.bad_checksums("wire"), 0)
        self.assert_ended_well(running)


class Frames(Pair):
    def multicast(self, running):
        """How much reaches the right one of 400 datagrams to a group."""
        sent = self.counters(running, "left")["tx_packets"]
        before = self.counters(running, "right")["rx_packets"]
        self.lab.sh("stack", "exec %s - <<'END'\n%s\nEND" % (sys.executable, MULTICAST))
        running.wait_until(lambda: self.counters(running, "left")["tx_packets"] >= sent + 400)
        time.sleep(0.2)
        return self.counters(running, "right")["rx_packets"] - before

    def filters(self, running):
        return [e for e in running.events() if e["name"] == "EvtSetReceiveFilter" and e["adapter"] == "right"]

    def wait_for_filter(self, running, matches):
        running.wait_until(lambda: matches(self.filters(running)[-1]))

    def test_the_receiver_gets_what_it_asks_for(self):
        running = self.bring_up_pair()
        self.lab.sh("stack", "ip route add 239.0.0.0/8 dev nic0")
        self.assertLess(self.multicast(running), 100)
        addresses = self.filters(running)[-1]["multicast_addresses"]
        member = self.lab.popen("wire", [sys.executable, "-c", JOIN])
        self.wait_for_filter(running, lambda e: e["multicast_addresses"] > addresses)
        self.assertGreaterEqual(self.multicast(running), 400)
        self.lab.kill(member)
        self.wait_for_filter(running, lambda e: e["multicast_addresses"] == addresses)
        self.assertLess(self.multicast(running), 100)
        self.lab.sh("wire", "ip link set nic0 promisc on")
        self.wait_for_filter(running, lambda e: e["packet_filter"] & PROMISCUOUS)
        self.assertGreaterEqual(self.multicast(running), 400)
        self.assert_ended_well(running)

    def test_large_frames(self):
        running = self.bring_up_pair(*[("set=*JumboPacket=9014",)] * 2)
        self.assertIn("mtu 9000", self.lab.sh("stack", "ip link show nic0"))
        self.offload("right", CUT + " " + UNCHECKED)
        for address in (WIRE4, WIRE6):
            self.transfer("stack", "wire", address, 4)
        self.assertEqual(self.bad_checksums("wire"), 0)
        self.assert_ended_well(running)


class Life(Pair):
    def test_the_link_follows_the_other_end(self):
        running = self.bring_up_pair()
        self.lab.sh(None, "%s sleep right" % NETCX)
        self.wait_for_carrier("stack", False)
        running.wait_for("LinkDown", lambda e: True, "left")
        self.lab.sh(None, "%s wake right" % NETCX)
        self.wait_for_carrier("stack", True)
        self.transfer("stack", "wire", WIRE4, 2)

        def nap():
            for name in ("right", "left"):
                self.lab.sh(None, "%s sleep %s; sleep 0.3; %s wake %s" % (NETCX, name, NETCX, name))
        self.transfer("stack", "wire", WIRE4, 24, during=nap)
        self.lab.sh(None, "%s remove right" % NETCX)
        self.wait_for_carrier("stack", False)
        self.assertEqual(running.show("left")["link"]["up"], False)
        self.assertEqual(running.stop(), 0, running.errors())

    def pull(self, victim, side):
        running = self.bring_up_pair()
        self.lab.iperf_server()
        flow = self.lab.popen("stack", ["iperf3", "-c", WIRE4, "-t", "60", "--bidir"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(1)
        self.lab.sh(None, "%s remove %s --surprise" % (NETCX, victim))
        self.wait_for_carrier(side, False)
        self.lab.kill(flow)
        self.assertEqual(running.stop(), 0, running.errors())

    def test_one_is_pulled_out_under_traffic(self):
        self.pull("right", "stack")

    def test_and_so_is_the_other(self):
        self.pull("left", "wire")

    def test_restarts_under_traffic(self):
        running = self.bring_up_pair()

        def restart():
            for number in range(RESTARTS):
                self.lab.sh(None, "%s restart %s" % (NETCX, ("left", "right")[number % 2]))
        self.transfer("stack", "wire", WIRE4, 8, during=restart)
        for name in ("left", "right"):
            self.assertGreaterEqual(running.count_of(name, "DeviceStarted"), RESTARTS // 2)
        for side in ("stack", "wire"):
            self.wait_for_carrier(side, True)
        self.transfer("wire", "stack", STACK6, 4)
        self.assert_ended_well(running)

    def test_a_tap_is_deleted(self):
        running = self.bring_up_pair()
        self.transfer("stack", "wire", WIRE4, 2)
        self.lab.sh("wire", "ip link del nic0")
        running.wait_for("AdapterFailed", lambda e: "nic0" in e["text"], "right")
        self.wait_for_carrier("stack", False)
        self.assertEqual(running.show("left")["name"], "left")
        self.assertEqual(running.stop(), 1)
        self.assertIn('adapter "right"', running.errors())

    def failed(self, running):
        return [e["adapter"] for e in running.events() if e.get("name") == "AdapterFailed"]

    def trace(self, running, text):
        running.wait_until(lambda: any(text in e.get("text", "") for e in running.events()))

    def test_a_third_one_does_not_start(self):
        running = self.start(self.end("left", "stack", 1), self.end("right", "wire", 2), "third,set=Station=3")
        self.trace(running, "link 1 has two ends already")
        running.wait_until(lambda: self.failed(running))
        self.assertEqual(len(self.failed(running)), 1)
        self.assertEqual(running.stop(), 1)

    def test_two_with_one_address(self):
        running = self.start(self.end("left", "stack", 1), self.end("right", "wire", 1))
        self.trace(running, "both ends of link 1 have the address 02-56-4e-00-01-01: set Station")
        running.wait_until(lambda: self.failed(running))
        failed, = self.failed(running)
        self.lab.sh(None, "%s set %s Station 2 && %s restart %s" % (NETCX, failed, NETCX, failed))
        self.lab.addresses(wire="nic0")
        for side in ("stack", "wire"):
            self.wait_for_carrier(side, True)
        self.transfer("stack", "wire", WIRE4, 1)
        running.stop()


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
        """Byte for byte what the kernel itself makes of the super-packets, tags beside them."""
        self.compare("3")

    def test_and_so_are_those_with_tags_in_the_frame(self):
        self.compare("0")

    def compare(self, tags_of_the_right_one):
        with tempfile.TemporaryDirectory() as scratch:
            expected, target = scratch + "/kernel.pcap", scratch + "/out.pcap"
            kernels_segments(self.lab, self.SEED, self.COUNT, expected)
            kernels = read_pcap(expected)
            dump = self.capture(target)
            running = self.start(self.end("left", "stack", 1),
                                 self.end("right", "wire", 2, "coalesce=off", "set=*PriorityVLANTag=" + tags_of_the_right_one,
                                          *("set=%s=0" % k for k in RECEIVE_KEYWORDS)))
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
