#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Receive segment coalescing by rtl8168-ext and the driver for NetAdapterCx 2.5: what the other side
sends comes up as super-packets, and as it was sent."""
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from common import LabTest, NETCX, STACK4, STACK6, WIRE4

CALLBACK = "EvtNetAdapterOffloadSetRsc"
COALESCED = ("rx_coalesced", "rx_coalesced_segments", "device_rx_coalesced", "device_rx_coalesced_segments")

# Datagrams of one flow, numbered, in bursts. The other side sees each as it was sent, in order; what
# has no room in a socket is lost, as UDP's is.
DATAGRAMS = """
import socket, sys, time
s = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_UDP, 103, 1000)
s.connect((sys.argv[1], 5302))
for i in range(0, 4000, 20):
    s.send(b"".join(n.to_bytes(4, "big") * 250 for n in range(i, i + 20)))
    time.sleep(0.0005)
"""
TAKE = """
import socket
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
s.setsockopt(socket.SOL_SOCKET, 33, 64 << 20)  # SO_RCVBUFFORCE
s.bind(("::", 5302))
print("ready", flush=True)
s.settimeout(20)
taken, last = 0, -1
while last < 3999:
    d = s.recv(65536)
    n = int.from_bytes(d[:4], "big")
    assert d == n.to_bytes(4, "big") * 250 and n > last, (n, last, len(d))
    taken, last = taken + 1, n
print(taken, flush=True)
"""


# A datagram whose checksum is wrong, and one with a tag of VLAN 5, priority 3.
ODD = """
import socket
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(("wire0", 0))
ip = bytes.fromhex("4500002000010000401166ca0a0000020a000001")
addresses = b"\\xff" * 6 + bytes.fromhex("020000000002")
s.send(addresses + b"\\x08\\x00" + ip + bytes.fromhex("13881389000c1234") + bytes(4) + bytes(14))
s.send(addresses + bytes.fromhex("810060050800") + ip + bytes.fromhex("13881389000c0000") + bytes(4) + bytes(14))
"""


class Coalescing(LabTest):
    def up(self, *extra, **options):
        return self.bring_up(device="rtl8168-ext", extra=extra, **options)

    def coalesced_of(self, running, address, **options):
        before = running.show()["counters"]
        self.transfer("wire", "stack", address, **options)
        after = running.show()["counters"]
        self.assertEqual((after["rx_bad"], after["device_rx_errors"], after["stack_tx_dropped"]), (0, 0, 0))
        grown = [after[name] - before[name] for name in COALESCED]
        self.assertEqual(grown[:2], grown[2:])      # what the card says, the driver has handed on
        return grown[0], grown[1]

    def told(self, running):
        return [(e["tcp_ipv4"], e["tcp_ipv6"]) for e in running.events() if e["name"] == CALLBACK]

    def switch(self, running, *arguments):
        count = running.count(CALLBACK)
        running.offload(*arguments)
        running.wait_for(CALLBACK, count + 1)
        return self.told(running)[-1]

    def test_segments_come_up_as_super_packets(self):
        running = self.up()
        self.assertEqual(self.told(running), [(True, True)])
        for address in (STACK4, STACK6):
            packets, segments = self.coalesced_of(running, address)
            self.assertGreater(packets, 0)
            self.assertGreater(segments, 2 * packets)
        rsc = running.show()["offloads"]["active"]["rsc"]
        self.assertEqual((rsc["ipv4"], rsc["ipv6"]), (True, True))
        self.assert_clean_end(running)

    def test_a_capture_tells_what_was_received(self):
        """netcx capture, read by tshark: what came coalesced and of how many, which checksum was good, the tag beside."""
        running = self.up()
        with tempfile.NamedTemporaryFile(suffix=".pcapng") as file:
            capture = self.lab.popen(None, [NETCX, "capture", "--snaplen", "100", file.name], stderr=subprocess.PIPE, text=True)
            self.addCleanup(capture.stderr.close)
            self.assertIn("SIGINT ends it", capture.stderr.readline())
            packets, segments = self.coalesced_of(running, STACK4, megabytes=2)
            self.assertEqual(self.lab.popen("wire", [sys.executable, "-c", ODD]).wait(30), 0)
            time.sleep(0.5)
            capture.send_signal(signal.SIGINT)
            self.assertEqual(capture.wait(30), 0)
            fields = [f for name in ("interface_name", "p2p_dir", "len", "comment") for f in ("-e", "frame." + name)]
            rows = subprocess.run(["tshark", "-r", file.name, "-T", "fields", "-E", "separator=|", *fields], check=True,
                                  capture_output=True, text=True).stdout
        self.assertIn("(0 lost)", capture.stderr.read())
        rows = [row.split("|") for row in rows.splitlines()]
        up = {point: [(int(length), comment) for name, direction, length, comment in rows if (name, direction) == (point, "1")]
              for point in ("stack", "ring", "wire")}
        rsc = [int(n) for _, comment in up["ring"] for n in re.findall(r"^RSC, (\d+) segments; checksum good$", comment)]
        self.assertEqual((len(rsc), sum(rsc)), (packets, segments))
        merged = [int(n) for _, comment in up["stack"] for n in re.findall(r"^coalesced, MSS \d+, (\d+) segments", comment)]
        self.assertEqual(sum(merged) >= segments, True, (merged, rsc))
        self.assertLessEqual(max(length for length, _ in up["wire"]), 1518)
        comments = [comment for _, comment in up["ring"]]
        self.assertEqual([c for c in comments if "bad" in c], ["checksum bad"])
        self.assertEqual([c for c in comments if "beside" in c], ["VLAN 5 beside the frame; priority 3 beside the frame"])
        self.assert_clean_end(running)

    def test_a_gso_wires_super_packets_too(self):
        running = self.up(wire="tap:wire0,gso")
        packets, segments = self.coalesced_of(running, STACK4)
        self.assertGreater(segments, 4 * packets)
        self.transfer("stack", "wire", WIRE4)
        self.assert_clean_end(running)

    def test_it_is_switched_by_family(self):
        running = self.up()
        self.assertEqual(self.switch(running, "--rsc-v4", "off"), (False, True))
        self.assertEqual(self.coalesced_of(running, STACK4), (0, 0))
        self.assertGreater(self.coalesced_of(running, STACK6)[0], 0)
        self.assertEqual(self.switch(running, "--rsc-v6", "off"), (False, False))
        self.assertEqual(self.coalesced_of(running, STACK6), (0, 0))
        self.assertEqual(self.switch(running, "--rsc-v4", "on"), (True, False))
        self.assertGreater(self.coalesced_of(running, STACK4)[0], 0)
        self.assert_clean_end(running)

    def test_switching_under_traffic_loses_nothing(self):
        running = self.up("--set", "*RSS=1", "--set", "*NumRssQueues=2", "--tx-queues", "2")

        def toggle():
            for _ in range(8):
                for arguments in (("--rsc-v4", "off"), ("--rsc-v4", "on"), ("--rsc-v6", "off", "--rsc-v4", "off"),
                                  ("--rsc-v4", "on", "--rsc-v6", "on")):
                    running.offload(*arguments)
                    time.sleep(0.01)

        for address in (STACK4, STACK6):
            self.assertGreater(self.coalesced_of(running, address, megabytes=24, during=toggle)[0], 0)
        self.transfer("stack", "wire", WIRE4, megabytes=24, during=toggle)
        self.assertGreaterEqual(running.count(CALLBACK), 1 + 3 * 32)
        self.assert_clean_end(running)

    def test_keywords_decide(self):
        running = self.up("--set", "*RscIPv4=0", "--set", "*UdpRsc=0")
        self.assertEqual(self.told(running), [(False, True)])
        self.assertEqual(self.coalesced_of(running, STACK4), (0, 0))
        self.assertGreater(self.coalesced_of(running, STACK6)[0], 0)
        self.assert_clean_end(running)

    def test_the_real_chip_coalesces_nothing(self):
        running = self.bring_up()
        self.assertEqual(running.count(CALLBACK), 0)
        self.assertEqual(self.coalesced_of(running, STACK4), (0, 0))
        self.assert_clean_end(running)

    def know_the_way(self, address):
        """Datagrams that wait for ARP are sent beside those that come later, which Linux lets overtake them."""
        mac = self.lab.sh("stack", "ip -o link show nic0").split("link/ether ")[1].split()[0]
        self.lab.sh("wire", f"ip neigh replace {address} lladdr {mac} dev wire0 nud permanent")

    def test_datagrams_of_one_size(self):
        running = self.up()
        before = running.show()["counters"]
        for address in (STACK4, STACK6):
            sink = self.lab.popen("stack", [sys.executable, "-c", TAKE], stdout=subprocess.PIPE, text=True)
            sink.stdout.readline()
            self.know_the_way(address)
            self.lab.sh("wire", "python3 -c '%s' %s" % (DATAGRAMS.replace("'", '"'), address))
            out, _ = sink.communicate(timeout=60)
            self.assertGreater(int(out), 1000)
        after = running.show()["counters"]
        self.assertGreater(after["rx_coalesced"], before["rx_coalesced"])
        self.assertEqual(after["rx_bad"], 0)
        self.assert_clean_end(running)


if __name__ == "__main__":
    unittest.main(verbosity=2)
