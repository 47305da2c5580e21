#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Real TCP through the rtl8168 driver: the Linux stack above the adapter, another one at the other
end of the wire."""
import json
import os
import time
import unittest

from common import (API, LSO_CALLBACK, LSO_FIELDS, LabTest, NETCX, OFFLOAD_CALLBACKS, STACK4, STACK6,
                    WIRE4, WIRE6)


class Tcp(LabTest):
    def test_both_families_both_directions(self):
        running = self.bring_up()
        for sender, receiver, addresses in (("stack", "wire", (WIRE4, WIRE6)),
                                            ("wire", "stack", (STACK4, STACK6))):
            for address in addresses:
                self.transfer(sender, receiver, address)
        counters = running.show()["counters"]
        self.assertGreater(counters["tx_lso_packets"], 0)
        self.assertGreater(counters["tx_lso_segments"], 2 * counters["tx_lso_packets"] - 1)
        self.assertEqual(counters["rx_bad"], 0)
        self.assert_clean_end(running)

    def test_gso_wire(self):
        running = self.bring_up(wire="tap:wire0,gso")
        self.transfer("stack", "wire", WIRE4)
        self.transfer("stack", "wire", WIRE6)
        self.transfer("wire", "stack", STACK4)
        self.assert_clean_end(running)

    def test_packet_socket_wire(self):
        self.lab.sh("wire", "ip link add wire0 type veth peer name wire1; ip link set wire1 up; "
                            "ip link set wire0 up; ethtool -K wire0 tx off tso off gso off "
                            ">/dev/null; ethtool -K wire1 gro off >/dev/null")
        running = self.bring_up(wire="packet:wire1")
        self.transfer("stack", "wire", WIRE4, megabytes=2)
        self.transfer("wire", "stack", STACK4, megabytes=2)
        self.assertEqual(running.stop(), 0)

    def test_start_is_in_the_contracts_order(self):
        running = self.bring_up()
        names = [e["name"] for e in running.events() if e.get("kind") in ("callback", "lifecycle")]
        order = ["DriverEntry", "EvtDriverDeviceAdd", *OFFLOAD_CALLBACKS, "EvtDeviceD0Entry",
                 "EvtAdapterCreateTxQueue", "EvtAdapterCreateRxQueue"]
        self.assertEqual([n for n in names if n in order], order)
        first = next(e for e in running.events() if e["name"] == LSO_CALLBACK)
        self.assertEqual([first[field] for field in LSO_FIELDS], [True, True])
        lso = running.show()["offloads"]["active"]["lso"]
        self.assertEqual((lso["maximum_offload_size"], lso["minimum_segment_count"]), (64000, 2))
        if API == "1.3":    # later drivers are not told
            self.assertEqual((first["maximum_offload_size"], first["minimum_segment_count"]),
                             (64000, 2))
        self.assert_clean_end(running)

    def last_lso(self, running):
        found = [e for e in running.events() if e["name"] == LSO_CALLBACK]
        return len(found), *(found[-1][field] for field in LSO_FIELDS)

    def ethtool(self, running, arguments):
        count = running.count("NDIS_STATUS_TASK_OFFLOAD_CURRENT_CONFIG")
        self.lab.sh("stack", "ethtool -K nic0 %s" % arguments)
        running.wait_for("NDIS_STATUS_TASK_OFFLOAD_CURRENT_CONFIG", count + 1)
        return self.last_lso(running)[1:]

    def lso_packets_of(self, running, address):
        before = running.show()["counters"]["tx_lso_packets"]
        self.transfer("stack", "wire", address, megabytes=4)
        return running.show()["counters"]["tx_lso_packets"] - before

    def test_ethtool_reaches_the_callback_and_the_packets(self):
        running = self.bring_up()
        self.assertEqual(self.ethtool(running, "tso off"), (False, False))
        self.assertEqual(self.lso_packets_of(running, WIRE4), 0)
        self.assertEqual(self.lso_packets_of(running, WIRE6), 0)
        self.assertEqual(self.ethtool(running, "tx-tcp6-segmentation on"), (False, True))
        self.assertEqual(self.lso_packets_of(running, WIRE4), 0)
        self.assertGreater(self.lso_packets_of(running, WIRE6), 0)
        self.assertEqual(self.ethtool(running, "tso on"), (True, True))
        self.assertGreater(self.lso_packets_of(running, WIRE4), 0)
        self.assert_clean_end(running)

    def test_ethtool_while_tcp_runs_loses_nothing(self):
        running = self.bring_up()

        def toggle():
            for _ in range(4):
                for arguments in ("tso off", "tx-tcp6-segmentation on", "tso on"):
                    self.lab.sh("stack", "ethtool -K nic0 %s" % arguments)
                    time.sleep(0.05)

        before = self.losses(running)
        self.transfer("stack", "wire", WIRE4, megabytes=48, during=toggle)
        time.sleep(0.3)
        self.assertEqual(self.losses(running), before)
        counters = running.show()["counters"]
        # What was handed to the driver is on the wire, whole or as its segments.
        self.assertEqual(counters["device_tx_frames"],
                         counters["tx_plain_packets"] + counters["tx_lso_segments"])
        self.assertEqual(self.last_lso(running)[1:], (True, True))
        self.assert_clean_end(running)

    def losses(self, running):
        """Everywhere a packet can be lost. (Retransmissions say less: a machine that is busy
        elsewhere for some milliseconds makes TCP probe for a loss that is none.)"""
        counters = running.show()["counters"]
        link = json.loads(self.lab.sh("stack", "ip -s -j link show nic0"))[0]["stats64"]["tx"]
        return [link["dropped"]] + [counters[name] for name in (
            "tx_dropped", "tx_ignored", "device_tx_errors", "wire_tx_dropped", "rx_bad",
            "device_rx_missed", "device_rx_errors", "stack_tx_dropped")]

    def test_netcx_offload_reaches_the_stack(self):
        running = self.bring_up()
        running.offload("--lso-v4", "off", "--lso-v6", "off")
        self.assertEqual(self.last_lso(running)[1:], (False, False))
        features = self.lab.sh("stack", "ethtool -k nic0")
        self.assertIn("tx-tcp-segmentation: off", features)
        self.assertEqual(self.lso_packets_of(running, WIRE4), 0)
        running.offload("--lso-v4", "on", "--lso-v6", "on")
        self.assertIn("tx-tcp-segmentation: on", self.lab.sh("stack", "ethtool -k nic0"))
        self.assertGreater(self.lso_packets_of(running, WIRE4), 0)
        count = self.last_lso(running)[0]
        time.sleep(0.3)     # our own change is not taken for the user's
        self.assertEqual(self.last_lso(running)[0], count)
        self.assert_clean_end(running)

    def test_keywords_set_the_defaults(self):
        running = self.bring_up(extra=("--set", "*LsoV1IPv4=0", "--set", "*LsoV2IPv4=0"))
        self.assertEqual(self.last_lso(running), (1, False, True))
        state = running.show()["offloads"]
        self.assertTrue(state["hardware"]["lso"]["ipv4"])
        self.assertFalse(state["default"]["lso"]["ipv4"])
        self.assertEqual(self.lso_packets_of(running, WIRE4), 0)
        self.assertGreater(self.lso_packets_of(running, WIRE6), 0)
        self.assert_clean_end(running)

    def test_one_keyword_of_two(self):
        """LSO for IPv4 has two: both have to be 0 for 1.3, either for later versions."""
        running = self.bring_up(extra=("--set", "*LsoV1IPv4=0"))
        self.assertEqual(self.last_lso(running)[1], API == "1.3")
        self.assertEqual(self.lso_packets_of(running, WIRE4) > 0, API == "1.3")
        self.assert_clean_end(running)

    def test_receive_scaling(self):
        """Four receive queues; restarts and the table's changes lose no byte."""
        running = self.bring_up(extra=("--set", "*RSS=1", "--set", "*NumRssQueues=4"))
        self.assertEqual(running.count("EvtAdapterCreateRxQueue"), 4)
        running.wait_for("ReceiveScaling")
        for address in (STACK4, STACK6):
            self.transfer("wire", "stack", address)
        self.transfer("stack", "wire", WIRE4)

        def restart():
            for _ in range(3):
                self.lab.sh(None, "%s restart" % NETCX)
                self.lab.wait_for_link(20)

        self.transfer("wire", "stack", STACK4, megabytes=24, during=restart)
        counters = running.show()["counters"]
        self.assertEqual((counters["rx_bad"], counters["device_rx_errors"]), (0, 0))
        self.lab.sh(None, "%s set '*RSS' 0; %s restart" % (NETCX, NETCX))
        self.lab.wait_for_link(20)
        self.assertEqual(running.count("EvtAdapterCreateRxQueue"), 17)
        self.transfer("wire", "stack", STACK4)
        self.assert_clean_end(running)

    def test_jumbo_mtu_and_mac_reach_the_adapter(self):
        running = self.bring_up()
        self.lab.sh("wire", "ip link set wire0 mtu 4000")
        self.lab.sh("stack", "ip link set nic0 mtu 4000")
        running.wait_for("EvtAdapterCreateRxQueue", 2)
        self.lab.wait_for_link()
        self.assertEqual(running.show()["mtu"], 4000)
        counters = running.show()["counters"]
        before = counters["wire_tx_bytes"], counters["wire_tx_frames"]
        self.transfer("stack", "wire", WIRE4, megabytes=2)
        counters = running.show()["counters"]
        self.assertGreater((counters["wire_tx_bytes"] - before[0]) /
                           (counters["wire_tx_frames"] - before[1]), 2500)
        self.lab.sh("stack", "ip link set nic0 address 02:00:5e:10:20:30")
        running.wait_for("EvtAdapterCreateRxQueue", 3)
        self.lab.wait_for_link()
        self.assertEqual(running.show()["mac"].lower(), "02:00:5e:10:20:30")
        self.transfer("stack", "wire", WIRE4, megabytes=2)
        self.assert_clean_end(running)

    def test_at_rest(self):
        """No CPU while nothing happens: no thread is switched to; and a small footprint."""
        running = self.bring_up()
        self.transfer("stack", "wire", WIRE4)
        self.lab.sh("wire", "ip link set wire0 arp off")
        time.sleep(3)

        def switches():
            total = 0
            for task in os.listdir("/proc/%d/task" % running.process.pid):
                with open("/proc/%d/task/%s/status" % (running.process.pid, task)) as status:
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
            with open("/proc/%d/status" % running.process.pid) as status:
                resident = next(int(l.split()[1]) for l in status if l.startswith("VmRSS:"))
            self.assertLess(resident, 64 * 1024)
        self.assert_clean_end(running)

    def test_device_deleted_under_it(self):
        running = self.bring_up()
        self.lab.sh("stack", "ip link del nic0")
        self.assertEqual(running.process.wait(20), 1)
        self.assertIn("nic0", running.errors())


if __name__ == "__main__":
    unittest.main(verbosity=2)
