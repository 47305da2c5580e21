#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What happens to an adapter while TCP runs: restarts, sleep, the card pulled out; and which frames
it lets through, by the groups that programs join."""
import subprocess
import sys
import time
import unittest

from common import API, LabTest, NETCX, STACK4, WIRE4

SINK = """
import socket
s = socket.create_server(("", 5400))
print("ready", flush=True)
while True:
    c, _ = s.accept()
    while c.recv(1 << 20):
        pass
"""
SOURCE = """
import socket, sys
s = socket.create_connection((sys.argv[1], 5400), timeout=30)
while True:
    s.send(bytes(1 << 20))
"""
MEMBER = """
import socket, struct, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", 5500))
s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
             socket.inet_aton("239.1.2.3") + socket.inet_aton(sys.argv[1]))
print("joined", flush=True)
s.settimeout(20)
print(s.recv(100).decode(), flush=True)
"""
CALLER = """
import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(sys.argv[1]))
for _ in range(50):
    s.sendto(b"hello, group", ("239.1.2.3", 5500))
    time.sleep(0.1)
"""

DATAGRAMS = """
import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for _ in range(int(sys.argv[2])):
    try:
        s.sendto(b"x", (sys.argv[1], 5600))
    except ConnectionRefusedError:
        pass
    time.sleep(0.02)
"""


class Device(LabTest):
    def netcx(self, line, check=True):
        return self.lab.sh(None, "%s %s" % (NETCX, line), check=check)

    def stream(self, sender, receiver, address):
        """TCP that does not end by itself."""
        sink = self.lab.popen(receiver, [sys.executable, "-c", SINK], stdout=subprocess.PIPE,
                              text=True)
        self.addCleanup(sink.stdout.close)
        sink.stdout.readline()
        self.lab.popen(sender, [sys.executable, "-c", SOURCE, address],
                       stderr=subprocess.DEVNULL)

    def datagrams(self, sender, address, count):
        self.lab.popen(sender, [sys.executable, "-c", DATAGRAMS, address, str(count)]).wait(20)
        time.sleep(0.2)

    def wait_for_traffic(self, running, counter):
        """Until the counter moves."""
        first = running.show()["counters"][counter]
        end = time.monotonic() + 20
        while time.monotonic() < end:
            if running.show()["counters"][counter] > first + 100:
                return
            time.sleep(0.05)
        self.fail("%s stands still at %d: %s" % (counter, first, running.errors()))

    def test_restarts_with_traffic(self):
        running = self.bring_up()
        self.stream("stack", "wire", WIRE4)
        self.stream("wire", "stack", STACK4)
        for i in range(10):
            self.netcx("restart" if i % 2 else "restart --rebalance")
            self.wait_for_traffic(running, "tx_packets")
            self.wait_for_traffic(running, "rx_packets")
        self.assertEqual(running.count("EvtDriverDeviceAdd"), 6)
        self.assert_clean_end(running)

    def test_the_card_is_pulled_out(self):
        running = self.bring_up()
        self.stream("stack", "wire", WIRE4)
        self.stream("wire", "stack", STACK4)
        self.wait_for_traffic(running, "tx_packets")
        self.wait_for_traffic(running, "rx_packets")
        self.netcx("remove --surprise")
        self.assertEqual(running.process.wait(20), 0, running.errors())
        self.assertEqual(running.errors(), "")
        self.assertEqual(running.count("AdapterRemoved"), 1)
        self.assertEqual(running.count("DriverUnloaded"), 1)
        self.assertNotIn("nic0", self.lab.sh("stack", "ip -o link"))

    def test_the_cable_is_pulled_out(self):
        """The kernel sees it, and frames go on when it is back."""
        running = self.bring_up()
        for up in (0, 1):
            self.netcx("link " + ("up" if up else "down"))
            end = time.monotonic() + 10
            while self.lab.sh("stack", "cat /sys/class/net/nic0/carrier").strip() != str(up):
                self.assertLess(time.monotonic(), end)
                time.sleep(0.02)
            self.assertEqual(running.show()["link"]["up"], bool(up))
        self.stream("stack", "wire", WIRE4)
        self.wait_for_traffic(running, "tx_packets")
        # What the INF does not know is a typing error, unless it is meant.
        refused = self.netcx("set OurOwn 1 2>&1 || echo code $?", check=False)
        self.assertIn("OurOwn: the driver's INF does not know it", refused)
        self.assertIn("code 1", refused)
        self.assertIn("OurOwn is 1", self.netcx("set OurOwn 1 --force"))
        self.netcx("set OurOwn --default")
        self.assert_clean_end(running)

    def test_sleep_with_traffic(self):
        running = self.bring_up()
        self.stream("stack", "wire", WIRE4)
        for _ in range(3):
            self.netcx("sleep --wake")
            self.assertEqual(running.show()["state"], "asleep")
            self.netcx("wake --triggered")
            self.wait_for_traffic(running, "tx_packets")
        self.assert_clean_end(running)

    def test_a_group_reaches_who_joined_it(self):
        running = self.bring_up()
        time.sleep(0.5)
        filtered = running.show()["counters"]["device_rx_filtered"]
        caller = self.lab.popen("wire", [sys.executable, "-c", CALLER, WIRE4])
        # Nobody listens: the card drops them.
        running.wait_until(lambda: running.show()["counters"]["device_rx_filtered"] > filtered)
        member = self.lab.popen("stack", [sys.executable, "-c", MEMBER, STACK4],
                                stdout=subprocess.PIPE, text=True)
        self.assertEqual(member.communicate(timeout=25)[0], "joined\nhello, group\n")
        self.lab.kill(caller)
        self.assert_clean_end(running)

    def test_a_sniffer_sees_what_is_not_for_it(self):
        running = self.bring_up()
        self.lab.sh("stack", "ip link set nic0 promisc on")
        end = time.monotonic() + 10
        while time.monotonic() < end and not any(
                "promiscuous" in e.get("value", "") for e in running.events()
                if e.get("name") == "OID_GEN_CURRENT_PACKET_FILTER"):
            time.sleep(0.05)
        self.lab.sh("wire", "ip neigh replace 10.77.0.99 lladdr 02:00:00:00:00:99 dev wire0")
        before = running.show()["counters"]["rx_packets"]
        self.datagrams("wire", "10.77.0.99", 5)
        self.assertGreaterEqual(running.show()["counters"]["rx_packets"], before + 5)
        self.assert_clean_end(running)

    @unittest.skipIf(API != "1.3", "later frameworks count for themselves")
    def test_statistics_are_the_cards(self):
        running = self.bring_up()
        self.datagrams("stack", WIRE4, 20)
        self.datagrams("wire", STACK4, 20)
        statistics = running.show()["statistics"]
        self.assertGreaterEqual(statistics["ifHCInUcastPkts"], 20)
        self.assertGreaterEqual(statistics["ifHCOutUcastPkts"], 20)
        self.assertEqual(statistics["ifInErrors"], 0)
        self.assert_clean_end(running)


if __name__ == "__main__":
    unittest.main(verbosity=2)
