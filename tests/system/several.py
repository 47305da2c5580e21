#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Two cards in one process, one with its driver for NetAdapterCx 1.3 and one with that for 2.5, joined
by a cable; a third adapter beside them. TCP between the two namespaces behind the cards."""
import json
import os
import threading
import time
import unittest

from common import HELLO, LabTest, NETCX, DRIVERS, STACK4, STACK6, WIRE4, WIRE6, Running

CARDS = {"old": os.path.join(DRIVERS, "rtl8168", "rtl8168"),
         "new": os.path.join(DRIVERS, "rtl8168", "2.5", "rtl8168")}


class Several(LabTest):
    def drivers(self):
        """Each under a name of its own, as a host wants them."""
        for name, path in CARDS.items():
            for ending in (".so", ".inf"):
                os.symlink(path + ending, os.path.join(self.lab.runtime, name + ending))

    def bring_up_all(self, *extra):
        """left on one end of the cable, right on the other, and idle with no hardware at all."""
        self.lab.make_namespaces("cable")
        self.lab.sh("cable", "sysctl -qw net.ipv6.conf.default.disable_ipv6=1")
        self.drivers()
        common = "device=rtl8168,stack=tap:nic0"
        adapters = ["left,driver=%s/old.so,%s,netns=%s,wire=tap:cable0,mac=02:00:00:00:00:01"
                    % (self.lab.runtime, common, self.lab.ns("stack")),
                    "right,driver=%s/new.so,%s,netns=%s,wire=packet:cable0,mac=02:00:00:00:00:02"
                    % (self.lab.runtime, common, self.lab.ns("wire")),
                    "idle,driver=%s" % HELLO]
        running = SeveralRunning(self.lab, adapters, extra)
        self.addCleanup(running.log.close)
        self.addCleanup(running.err.close)
        for name in ("left", "right", "idle"):
            running.wait_for_state(name, "DeviceStarted")
        self.lab.sh("cable", "ip link set cable0 up")
        self.lab.addresses(wire="nic0")
        self.lab.wait_for_link(20)
        self.lab.sh("wire", "for i in $(seq 500); do ip link show nic0 | grep -q LOWER_UP && exit 0; "
                            "sleep 0.02; done; exit 1")
        return running

    def test_traffic_between_two_versions(self):
        running = self.bring_up_all()
        for sender, receiver, addresses in (("stack", "wire", (WIRE4, WIRE6)),
                                            ("wire", "stack", (STACK4, STACK6))):
            for address in addresses:
                self.transfer(sender, receiver, address, 4)
        for name, version in (("left", "1.3"), ("right", "2.5")):
            adapter = running.show(name)
            self.assertEqual(adapter["driver"]["netadaptercx"], version)
            self.assertGreater(adapter["counters"]["tx_lso_packets"], 0)
            self.assertEqual(adapter["counters"]["rx_bad"], 0)
        self.assertEqual(running.show("idle")["counters"]["tx_packets"], 0)
        # Offloads of one, by its own stack.
        self.lab.sh("wire", "ethtool -K nic0 tso off")
        running.wait_for("EvtNetAdapterOffloadSetGso", lambda e: not e.get("lso_ipv4", True), "right")
        self.assertTrue(running.show("left")["offloads"]["active"]["lso"]["ipv4"])
        self.assertFalse(running.show("right")["offloads"]["active"]["lso"]["ipv4"])
        self.transfer("wire", "stack", STACK4, 2)
        self.assertEqual(running.stop(), 0, running.errors())
        self.assertEqual(running.errors(), "")

    def test_a_restart_beside_traffic(self):
        running = self.bring_up_all()

        def restart():
            for _ in range(30):
                self.lab.sh(None, "%s restart idle" % NETCX)
        worker = threading.Thread(target=restart)
        self.transfer("stack", "wire", WIRE4, 30, during=worker.start)
        worker.join()
        self.assertEqual(running.count_of("idle", "DeviceStarted"), 31)
        self.assertEqual(running.count_of("left", "DeviceStarted"), 1)
        self.assertEqual(running.count_of("right", "DeviceStarted"), 1)
        # One end of the cable: TCP goes on when it is back.
        self.transfer("wire", "stack", STACK4, 30,
                      during=lambda: self.lab.sh(None, "%s restart right" % NETCX))
        self.assertEqual(running.count_of("right", "DeviceStarted"), 2)
        self.assertEqual(running.count_of("left", "DeviceStarted"), 1)
        self.assertEqual(running.stop(), 0, running.errors())

    def test_one_is_pulled_out(self):
        running = self.bring_up_all()
        self.transfer("stack", "wire", WIRE4, 2)
        self.lab.sh(None, "%s remove left --surprise" % NETCX)
        names = [a["name"] for a in json.loads(self.lab.sh(None, "%s show --json" % NETCX))["adapters"]]
        self.assertEqual(sorted(names), ["idle", "right"])
        # Its end of the cable is gone with it: that is the other's failure, and nobody else's.
        running.wait_for("AdapterFailed", lambda e: "cable0" in e["text"], "right")
        self.lab.sh(None, "%s remove idle" % NETCX)
        self.assertEqual(running.process.wait(20), 1)
        self.assertIn('adapter "right": packet:cable0', running.errors())


class SeveralRunning(Running):
    """The same for a command line of our own."""

    def __init__(self, lab, adapters, extra, side="cable"):
        command = [NETCX, "run", "--log", "json", *extra]
        for adapter in adapters:
            command += ["--adapter", adapter]
        self.begin(lab, side, command)

    def wait_for_state(self, adapter, name):
        return self.wait_for(name, lambda e: True, adapter)

    def wait_for(self, name, matches, adapter):
        end = time.monotonic() + 30
        while time.monotonic() < end:
            for event in self.events():
                if event.get("name") == name and event.get("adapter") == adapter and matches(event):
                    return event
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError("no %s of %s: %s" % (name, adapter, self.errors()))

    def count_of(self, adapter, name):
        return sum(e.get("name") == name and e.get("adapter") == adapter for e in self.events())

    def show(self, name):
        return json.loads(self.lab.sh(None, "%s show --json %s" % (NETCX, name)))["adapters"][0]


if __name__ == "__main__":
    unittest.main()
