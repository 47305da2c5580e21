#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Several transmit queues, USO and RSC over a real TAP, by a card that is its own peer."""
import json
import os
import time
import unittest

from common import BUILD, LabTest, Running, netcx

ECHO = os.path.join(BUILD, "tests", "system", "echo.so")
BY_PRIORITY = os.path.join(BUILD, "tests", "system", "echo-by-priority.so")
KEYWORDS = ["--set", "*UsoIPv4=1", "--set", "*UsoIPv6=1", "--set", "*RscIPv4=1", "--set", "*RscIPv6=1",
            "--set", "*UdpRsc=1", "--set", "*UDPChecksumOffloadIPv4=3", "--set", "*UDPChecksumOffloadIPv6=3"]

# Sends what its arguments say to the echo, and waits for it: FAMILY FLOWS BYTES SEGMENT.
CLIENT = """
import socket, sys
family, flows, size, segment = sys.argv[1], *map(int, sys.argv[2:5])
kind, peer = ((socket.AF_INET, "10.5.0.2") if family == "4" else (socket.AF_INET6, "fd05::2"))
data = bytes(i * 7 %% 251 for i in range(size))
for i in range(flows):
    with socket.socket(kind, socket.SOCK_DGRAM) as s:
        s.settimeout(5)
        if segment:
            s.setsockopt(socket.IPPROTO_UDP, 103, segment)
        s.connect((peer, 2000 + i))
        s.send(data)
        back = [s.recv(65536) for _ in range(-(-size // segment) if segment else 1)]
        assert b"".join(back) == data, "flow %%d came back otherwise" %% i
        assert not segment or all(len(b) == segment for b in back[:-1])
""".replace("%%", "%")


# A UDP datagram for each 802.1p priority, in VLAN 5, through a packet socket.
TAGGED = """
import socket, struct
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(("nic0", 0))
ends = bytes.fromhex("020000000099") + bytes.fromhex("02005e000002")
for priority in range(8):
    for i in range(priority + 1):
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 228, i, 0, 64, 17, 0, bytes([10, 5, 0, 1]), bytes([10, 5, 0, 2]))
        udp = struct.pack(">HHHH", 1000, 2000, 208, 0)
        s.send(ends + struct.pack(">HHH", 0x8100, priority << 13 | 5, 0x800) + ip + udp + bytes(200))
"""


class Queues(LabTest):
    def start(self, *extra, driver=ECHO):
        running = Running(self.lab, driver=driver, extra=[*KEYWORDS, *extra])
        self.addCleanup(running.log.close)
        self.addCleanup(running.err.close)
        running.wait_for("EvtAdapterCreateRxQueue")
        self.lab.sh("stack", "ip addr add 10.5.0.1/24 dev nic0; ip addr add fd05::1/64 dev nic0 nodad; "
                             "ip link set nic0 up")
        for peer in ("10.5.0.2", "fd05::2"):
            self.lab.sh("stack", "ip neigh add %s lladdr 02:00:00:00:00:99 dev nic0" % peer)
        return running

    def echo(self, family, flows, size, segment=0):
        self.lab.sh("stack", "python3 -c '%s' %s %d %d %d" % (CLIENT.replace("'", '"'), family, flows, size,
                                                              segment))

    def test_flows_are_spread_over_the_queues(self):
        running = self.start("--tx-queues", "3")
        queues = [q["id"] for q in running.show()["queues"] if q["kind"] == "tx"]
        self.assertEqual(queues, [0, 1, 2])
        self.echo("4", 60, 800)
        self.echo("6", 60, 800)
        counters = running.show()["counters"]
        sent = [counters["tx_queue_%d_packets" % i] for i in range(3)]
        self.assertGreaterEqual(sum(sent), 120)
        self.assertEqual(sum(sent), counters["tx_packets"])
        for one in sent:
            self.assertGreater(one, 5)
        self.assertEqual(running.stop(), 0, running.errors())

    def test_a_device_of_one_queue_feeds_the_first(self):
        self.lab.sh("stack", "ip tuntap add nic0 mode tap")
        running = self.start("--tx-queues", "2")
        said = [e["text"] for e in running.events() if "transmit queues" in e.get("text", "")]
        self.assertEqual(len(said), 1)
        self.assertIn("tap:nic0 feeds 1 of 2 transmit queues", said[0])
        self.assertIn("multi_queue", said[0])
        self.echo("4", 10, 800)
        self.assertEqual(running.show()["counters"]["tx_queue_1_packets"], 0)
        self.assertEqual(running.stop(), 0, running.errors())

    def test_one_queue_is_one(self):
        running = self.start("--tx-queues", "1")
        self.assertEqual(len([q for q in running.show()["queues"] if q["kind"] == "tx"]), 1)
        self.echo("4", 10, 800)
        self.assertEqual(running.stop(), 0, running.errors())

    def test_priorities_have_their_queues(self):
        """As many as there are, whatever --tx-queues says: the queue's id is its priority."""
        running = self.start("--tx-queues", "2", driver=BY_PRIORITY)
        self.assertEqual(len([q for q in running.show()["queues"] if q["kind"] == "tx"]), 8)
        told = [e["text"] for e in running.events() if "of priority" in e.get("text", "")]
        self.assertEqual([t.split()[-1] for t in told], [str(i) for i in range(8)])
        self.lab.sh("stack", "python3 -c '%s'" % TAGGED.replace("'", '"'))
        end = time.monotonic() + 10
        while running.show()["counters"]["rx_packets"] < 36 and time.monotonic() < end:
            time.sleep(0.05)
        counters = running.show()["counters"]
        self.assertGreaterEqual(counters["rx_packets"], 36)
        for priority in range(1, 8):
            self.assertEqual(counters["tx_queue_%d_packets" % priority], priority + 1)
        self.assertEqual(counters["tx_dropped"], 0)
        self.assertEqual(running.stop(), 0, running.errors())

    def test_datagrams_travel_whole_both_ways(self):
        running = self.start("--tx-queues", "2")
        if "tx-udp-segmentation: on" not in self.lab.sh("stack", "ethtool -k nic0"):
            self.skipTest("the kernel's TAP has no USO")
        for family in "46":
            before = running.show()["counters"]
            self.echo(family, 10, 12 * 1200 + 300, 1200)
            after = running.show()["counters"]
            self.assertEqual(after["tx_lso_packets"] - before["tx_lso_packets"], 10)
            self.assertEqual(after["rx_coalesced"] - before["rx_coalesced"], 10)
            self.assertEqual(after["rx_coalesced_segments"] - before["rx_coalesced_segments"], 130)
            self.assertEqual(after["rx_bad"], 0)

        # Off, the kernel cuts, and the driver hears of it.
        calls = running.count("EvtNetAdapterOffloadSetGso")
        self.lab.sh("stack", "ethtool -K nic0 tx-udp-segmentation off")
        running.wait_for("EvtNetAdapterOffloadSetGso", calls + 1)
        before = running.show()["counters"]
        self.echo("4", 10, 12 * 1200 + 300, 1200)
        after = running.show()["counters"]
        self.assertEqual(after["tx_lso_packets"], before["tx_lso_packets"])
        self.assertGreaterEqual(after["tx_packets"] - before["tx_packets"], 130)
        self.assertFalse(running.show()["stack"]["offloads"]["uso"])
        self.assertEqual(running.stop(), 0, running.errors())

    def received(self, running, family):
        """What ten sends of 13 datagrams each bring back: packets, of these coalesced, their segments."""
        names = ("rx_packets", "rx_coalesced", "rx_coalesced_segments", "rx_bad")
        before = running.show()["counters"]
        self.echo(family, 10, 12 * 1200 + 300, 1200)
        after = running.show()["counters"]
        return [after[name] - before[name] for name in names]

    def test_udp_coalescing_is_switched_while_it_runs(self):
        running = self.start("--tx-queues", "1")
        if "tx-udp-segmentation: on" not in self.lab.sh("stack", "ethtool -k nic0"):
            self.skipTest("the kernel's TAP has no USO")
        self.assertTrue(running.wait_for("EvtNetAdapterOffloadSetRsc")["udp"])
        for round, switch in enumerate(("on", "off", "on"), start=1):
            answer = json.loads(running.offload("--udp-rsc", switch, "--json"))
            self.assertEqual(answer["active"]["rsc"]["udp"], switch == "on")
            told = running.wait_for("EvtNetAdapterOffloadSetRsc", 1 + round)
            self.assertEqual(told["udp"], switch == "on")
            self.assertTrue(told["tcp_ipv4"])
            for family in "46":
                packets, coalesced, segments, bad = self.received(running, family)
                self.assertEqual((coalesced, segments, bad), (10, 130, 0) if switch == "on" else (0, 0, 0))
                self.assertGreaterEqual(packets, 10 if switch == "on" else 130)
        self.assertEqual(running.stop(), 0, running.errors())

    def test_a_number_that_makes_no_sense_is_refused(self):
        for number in ("0", "65", "two", "-1", "4x"):
            done = netcx("run", ECHO, "--tx-queues", number)
            self.assertEqual(done.returncode, 2)
            self.assertIn("--tx-queues %s: 1 to 64 is expected" % number, done.stderr)
        old = os.path.join(BUILD, "drivers", "hello-1.3", "hello.so")
        done = netcx("run", old, "--tx-queues", "2")
        self.assertEqual(done.returncode, 2)
        self.assertIn("NetAdapterCx 1.3 has one", done.stderr)


if __name__ == "__main__":
    unittest.main()
