#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real TCP through the several transmit rings of rtl8168-ext, by the driver for NetAdapterCx 2.5."""
import os
import subprocess
import sys
import time
import unittest

from common import LabTest, NETCX, STACK4, WIRE4, WIRE6, expected_digest

FLOWS = 12

# Takes FLOWS connections at once, and prints the digest of each.
RECEIVER = """
import hashlib, socket, sys, threading
s = socket.create_server(("::", 5300), family=socket.AF_INET6, dualstack_ipv6=True, backlog=64)
print("ready", flush=True)
lock = threading.Lock()
def take(c):
    h = hashlib.sha256()
    while (d := c.recv(1 << 20)):
        h.update(d)
    with lock:
        print(h.hexdigest(), flush=True)
threads = [threading.Thread(target=take, args=(s.accept()[0],)) for _ in range(int(sys.argv[1]))]
for t in threads:
    t.start()
for t in threads:
    t.join()
"""
SENDER = """
import random, socket, sys, threading
def send():
    s = socket.create_connection((sys.argv[1], 5300), timeout=60)
    r = random.Random(7)
    for _ in range(int(sys.argv[3])):
        s.sendall(r.randbytes(1 << 20))
    s.shutdown(socket.SHUT_WR)
    s.recv(1)
threads = [threading.Thread(target=send) for _ in range(int(sys.argv[2]))]
for t in threads:
    t.start()
for t in threads:
    t.join()
"""

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


class Rings(LabTest):
    def up(self, *extra, device="rtl8168-ext", **options):
        running = self.bring_up(device=device, extra=extra, **options)
        # What the kernel says by itself while the other end is not up yet is lost.
        self.early = running.show()["counters"]["wire_tx_dropped"]
        return running

    def transfer(self, sender, receiver, address, flows=FLOWS, megabytes=2, during=None):
        """So many flows at once; each arrives as it was sent."""
        sink = self.lab.popen(receiver, [sys.executable, "-c", RECEIVER, str(flows)], stdout=subprocess.PIPE,
                              text=True)
        sink.stdout.readline()
        source = self.lab.popen(sender, [sys.executable, "-c", SENDER, address, str(flows), str(megabytes)])
        if during:
            during()
        out, _ = sink.communicate(timeout=150)
        source.wait(60)
        self.assertEqual(out.split(), [expected_digest(megabytes)] * flows)

    def sent(self, running, queues, counters=None):
        counters = counters or running.show()["counters"]
        if queues == 1:
            return [counters["tx_packets"]]
        return [counters["tx_queue_%d_packets" % i] for i in range(queues)]

    def queues_of(self, running):
        return [q["id"] for q in running.show()["queues"] if q["kind"] == "tx"]

    def assert_nothing_lost(self, running):
        counters = running.show()["counters"]
        for name in ("tx_dropped", "tx_ignored", "device_tx_errors", "rx_bad", "device_rx_errors"):
            self.assertEqual(counters[name], 0, name)
        self.assertEqual(counters["wire_tx_dropped"], self.early)
        self.assertEqual(counters["device_tx_frames"], counters["tx_plain_packets"] + counters["tx_lso_segments"])

    def test_flows_are_spread_over_the_rings(self):
        running = self.up("--tx-queues", "4")
        self.assertEqual(self.queues_of(running), [0, 1, 2, 3])
        self.transfer("stack", "wire", WIRE4)
        self.transfer("stack", "wire", WIRE6)
        self.transfer("wire", "stack", STACK4, flows=4)
        counters = running.show()["counters"]
        sent = self.sent(running, 4, counters)
        self.assertGreater(min(sent), 5, sent)
        self.assertEqual(sum(sent), counters["tx_packets"])
        self.assert_nothing_lost(running)
        self.assert_clean_end(running)

    def test_received_frames_come_with_their_hash(self):
        """Of the extended model; the chip hashes too, but does not say what it found."""
        for device in ("rtl8168-ext", "rtl8168"):
            running = self.up("--set", "*RSS=1", "--set", "*NumRssQueues=4", device=device)
            running.wait_for("ReceiveScaling")
            self.transfer("wire", "stack", STACK4, flows=4)
            counters = running.show()["counters"]
            if device == "rtl8168":
                self.assertEqual(counters["rx_hashed"], 0)
            else:
                self.assertGreater(counters["rx_hashed"], counters["rx_packets"] / 2)
                self.assertLessEqual(counters["rx_hashed"], counters["rx_packets"])
            self.assert_clean_end(running)

    def test_a_gso_wire_takes_them_from_all(self):
        running = self.up("--tx-queues", "2", wire="tap:wire0,gso")
        self.transfer("stack", "wire", WIRE4, megabytes=4)
        self.assertGreater(min(self.sent(running, 2)), 5)
        self.assert_nothing_lost(running)
        self.assert_clean_end(running)

    def test_offloads_change_under_all_of_them(self):
        running = self.up("--tx-queues", "3", "--set", "*RSS=1")

        def toggle():
            for _ in range(3):
                for arguments in ("tso off", "tx-tcp6-segmentation on", "tso on"):
                    self.lab.sh("stack", "ethtool -K nic0 %s" % arguments)
                    time.sleep(0.05)

        self.transfer("stack", "wire", WIRE4, megabytes=8, during=toggle)
        self.assert_nothing_lost(running)
        self.assert_clean_end(running)

    def test_restarts_lose_no_byte(self):
        running = self.up("--tx-queues", "3", "--set", "*RSS=1", "--set", "*NumRssQueues=2")

        def restart():
            for _ in range(3):
                self.lab.sh(None, "%s restart" % NETCX)
                self.lab.wait_for_link(20)

        self.transfer("stack", "wire", WIRE4, flows=6, megabytes=4, during=restart)
        # What is sent while the card has no link again is lost on the chip, too, and TCP sends it
        # once more; but no descriptor was refused.
        self.assertNotIn("the packet is not sent", running.errors())
        self.assert_clean_end(running)

    def test_the_real_chip_has_one(self):
        running = self.up("--tx-queues", "4", device="rtl8168")
        self.assertEqual(self.queues_of(running), [0])
        self.transfer("stack", "wire", WIRE4, flows=3)
        self.assert_nothing_lost(running)
        self.assert_clean_end(running)

    def test_by_priority_when_the_keyword_says_so(self):
        running = self.up("--tx-queues", "1", "--set", "TxPriorityQueues=1")
        self.assertEqual(self.queues_of(running), [0, 1, 2, 3])
        before = self.sent(running, 4)
        self.lab.sh("stack", "python3 -c '%s'" % TAGGED.replace("'", '"'))
        end = time.monotonic() + 10
        while self.sent(running, 4)[3] < before[3] + 4 and time.monotonic() < end:
            time.sleep(0.05)
        # Priorities without a ring of their own are queue 0's, where other traffic is as well.
        grown = [now - was for now, was in zip(self.sent(running, 4), before)]
        self.assertEqual(grown[1:], [2, 3, 4])
        self.transfer("stack", "wire", WIRE4, flows=2)
        self.assert_clean_end(running)

    def test_two_of_each_kind_are_small_and_rest(self):
        running = self.up("--tx-queues", "2", "--set", "*RSS=1", "--set", "*NumRssQueues=2")
        self.assertEqual(len(running.show()["queues"]), 4)
        self.transfer("stack", "wire", WIRE4)
        self.transfer("wire", "stack", STACK4)
        self.lab.sh("wire", "ip link set wire0 arp off")
        time.sleep(3)

        def switches():
            total = 0
            for task in os.listdir("/proc/%d/task" % running.process.pid):
                with open("/proc/%d/task/%s/status" % (running.process.pid, task), encoding="ascii") as status:
                    total += sum(int(l.split()[1]) for l in status if "ctxt_switches" in l)
            return total

        quiet = []
        for _ in range(5):      # a stray neighbour discovery may wake it once
            before = switches()
            time.sleep(1)
            quiet.append(switches() - before)
        sanitizer = os.environ.get("NETCX_SANITIZE", "none")
        if sanitizer != "thread":       # which has a thread of its own that wakes
            self.assertLessEqual(min(quiet), 0, quiet)
        if sanitizer == "none":
            with open("/proc/%d/status" % running.process.pid, encoding="ascii") as status:
                resident = next(int(l.split()[1]) for l in status if l.startswith("VmRSS:"))
            self.assertLess(resident, 64 * 1024)
        self.assert_clean_end(running)


if __name__ == "__main__":
    unittest.main(verbosity=2)
