#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the driver receives goes up the TAP as super-packets: bytes, order, the switch, and what of it
may not be coalesced."""
import json
import subprocess
import sys
import tempfile
import time
import unittest

from common import HELLO, LabTest, LabError, NETCX, Running, STACK4, STACK6, WIRE4, WIRE6, netcx

# The longest frame that a packet socket sees, how many are super-packets of TCP, and how many say
# that their checksum is still to be completed; of all that has come when its input ends.
WATCH = """
import select, socket, struct, sys
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
s.setsockopt(263, 15, 1)    # PACKET_VNET_HDR
s.setsockopt(263, 23, 1)    # PACKET_IGNORE_OUTGOING
s.setsockopt(socket.SOL_SOCKET, 33, 64 << 20)   # SO_RCVBUFFORCE
s.bind(("nic0", 3))
print("ready", flush=True)
s.setblocking(False)
longest = super_packets = open_sums = 0
ended = False
while True:
    try:
        d = s.recv(1 << 17)
    except BlockingIOError:
        if ended:
            break
        ended = sys.stdin in select.select([s, sys.stdin], [], [])[0]
        continue
    flags, kind, header, size, start, offset = struct.unpack("=BBHHHH", d[:10])
    frame = d[10:]
    longest = max(longest, len(frame))
    if kind & 0x7f in (1, 4):
        assert flags & 1 and start + offset + 2 <= header and 0 < size < len(frame) - start, d[:80]
        super_packets += 1
    elif kind:
        raise SystemExit("gso_type %d" % kind)
    open_sums += flags & 1
print(longest, super_packets, open_sums, flush=True)
"""

# A cable that loses, repeats and reorders frames: from an interface to a TAP of its own and back.
CABLE = """
import fcntl, os, random, select, socket, struct, sys
tap = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tap, 0x400454CA, struct.pack("16sH22x", b"far0", 0x1002))   # TUNSETIFF: IFF_TAP, IFF_NO_PI
near = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
near.setsockopt(263, 23, 1)
near.setsockopt(socket.SOL_SOCKET, 33, 64 << 20)
near.bind(("wire0", 3))
print("ready", flush=True)
r = random.Random(11)
late = []
def give(to, frame):
    try:
        near.send(frame) if to else os.write(tap, frame)
    except OSError:
        pass    # the device is not up yet
while True:
    ready, _, _ = select.select([tap, near], [], [], 0.001 if late else None)
    if not ready:
        for to, frame in late:
            give(to, frame)
        late.clear()
    for fd in ready:
        to = fd is tap or fd == tap
        try:
            frame = os.read(tap, 1 << 16) if to else near.recv(1 << 16)
        except OSError:
            continue    # nor this
        luck = r.random()
        if luck < 0.01:
            continue
        if luck < 0.03:
            late.append((to, frame))
            continue
        give(to, frame)
        if luck < 0.04:
            give(to, frame)
        if late and r.random() < 0.3:
            give(*late.pop(0))
"""


class Received(LabTest):
    def counters(self, running):
        return running.show()["counters"]

    def from_wire(self, running, address, **options):
        """What a transfer to the stack adds to the counters."""
        before = self.counters(running)
        self.transfer("wire", "stack", address, **options)
        after = self.counters(running)
        self.assertEqual((after["rx_bad"], after["device_rx_errors"], after["stack_tx_dropped"]), (0, 0, 0))
        return {name: after[name] - before.get(name, 0) for name in after}

    def script(self, side, text):
        child = self.lab.popen(side, [sys.executable, "-c", text], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               text=True)
        self.addCleanup(child.stdin.close)
        self.addCleanup(child.stdout.close)
        child.stdout.readline()
        return child

    def assert_merged(self, grown):
        self.assertGreater(grown["rx_gro_packets"], 0)
        self.assertGreater(grown["rx_gro_frames"], 2 * grown["rx_gro_packets"])
        self.assertGreater(grown["stack_tx_super"], 0)
        self.assertLess(grown["stack_tx_frames"], grown["rx_packets"])
        ends = sum(grown[name] for name in grown if name.startswith("rx_gro_end_"))
        self.assertEqual(ends, grown["rx_packets"] - grown["rx_gro_frames"] + grown["rx_gro_packets"])

    def test_a_tap_is_given_super_packets(self):
        for wire in ("tap:wire0", "tap:wire0,gso"):
            with self.subTest(wire=wire):
                running = self.bring_up(wire=wire)
                self.assertTrue(running.show()["stack"]["coalesce"])
                for address in (STACK4, STACK6):
                    watch = self.script("stack", WATCH)
                    self.assert_merged(self.from_wire(running, address))
                    longest, super_packets, open_sums = map(int, watch.communicate(timeout=30)[0].split())
                    self.assertGreater(longest, 1600)
                    self.assertGreater(super_packets, 0)
                    # The driver's verdict on single frames is handed on, too.
                    self.assertGreater(open_sums, 0)
                self.transfer("stack", "wire", WIRE4)
                self.assert_clean_end(running)

    def test_over_a_packet_socket(self):
        self.lab.sh("wire", "ip link add wire0 type veth peer name wire1; ip link set wire1 up; "
                            "ip link set wire0 up")
        running = self.bring_up(wire="packet:wire1")
        for address in (STACK4, STACK6):
            self.assert_merged(self.from_wire(running, address))
        self.assertEqual(running.stop(), 0)

    def test_switched_off_frames_go_up_one_by_one(self):
        running = self.bring_up(extra=["--no-coalesce"])
        self.assertFalse(running.show()["stack"]["coalesce"])
        watch = self.script("stack", WATCH)
        grown = self.from_wire(running, STACK4)
        self.assertEqual((grown["rx_gro_packets"], grown["stack_tx_super"]), (0, 0))
        self.assertEqual(grown["stack_tx_frames"], grown["rx_packets"])
        longest, super_packets, _ = map(int, watch.communicate(timeout=30)[0].split())
        self.assertEqual((longest, super_packets), (1514, 0))
        told = len(running.events())
        self.assertIn("coalesce     on", running.offload("--coalesce", "on"))
        self.assertEqual([e for e in running.events()[told:] if e.get("kind") == "callback"], [])
        self.assert_merged(self.from_wire(running, STACK4))
        self.assertIn("coalesce     off", running.offload("--coalesce", "off"))
        self.assertEqual(self.from_wire(running, STACK4)["rx_gro_packets"], 0)
        # What was asked for outlasts a restart of the adapter.
        self.lab.sh(None, "%s restart" % NETCX)
        self.assertFalse(running.show()["stack"]["coalesce"])
        self.assert_clean_end(running)

    def test_one_of_several_is_told_by_its_key(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump({"adapters": [{"name": "one", "driver": HELLO, "stack": "tap:one", "coalesce": False},
                                    {"name": "other", "driver": HELLO, "stack": "tap:other",
                                     "coalesce": "on"}]}, file)
            file.flush()
            running = Running.__new__(Running)
            running.begin(self.lab, "stack", [NETCX, "run", "--config", file.name, "--adapter",
                                              "third,driver=%s,stack=tap:third,coalesce=off" % HELLO,
                                              "--log", "json"])
            running.wait_for("EvtAdapterCreateRxQueue", 3)
        for name, on in (("one", False), ("other", True), ("third", False)):
            shown = json.loads(self.lab.sh(None, "%s show %s --json" % (NETCX, name)))["adapters"][0]
            self.assertEqual(shown["stack"]["coalesce"], on)
        running.log.close()
        running.err.close()

    def test_switching_under_traffic_loses_nothing(self):
        running = self.bring_up(wire="tap:wire0,gso")

        def toggle():
            for i in range(20):
                running.offload("--coalesce", "on" if i % 2 else "off")
                time.sleep(0.01)

        for address in (STACK4, STACK6):
            self.assert_some_merged(self.from_wire(running, address, megabytes=32, during=toggle))
        self.assert_clean_end(running)

    def assert_some_merged(self, grown):
        self.assertGreater(grown["rx_gro_packets"], 0)

    def test_only_a_tap_is_given_any(self):
        running = self.bring_up()
        with self.assertRaisesRegex(LabError, "on, off or same is expected"):
            running.offload("--coalesce", "perhaps")
        self.assert_clean_end(running)
        running = self.begin(stack="null")
        with self.assertRaisesRegex(LabError, "null takes no super-packets"):
            running.offload("--coalesce", "on")
        self.assertFalse(running.show()["stack"]["coalesce"])
        self.assertEqual(running.stop(), 0)
        refused = netcx("run", "--adapter", "a,driver=x.so,coalesce=maybe")
        self.assertEqual(refused.returncode, 2)
        self.assertIn("--coalesce maybe: on or off is expected", refused.stderr)

    def begin(self, **options):
        running = Running(self.lab, **options)
        self.addCleanup(running.log.close)
        self.addCleanup(running.err.close)
        running.wait_for("EvtAdapterCreateRxQueue")
        return running

    def test_over_a_cable_that_loses_and_reorders(self):
        running = self.bring_up_far()
        for address in (STACK4, STACK6):
            self.assert_some_merged(self.from_wire(running, address, megabytes=4))
        for address in (WIRE4, WIRE6):
            self.transfer("stack", "wire", address, megabytes=4)
        ends = self.counters(running)
        self.assertGreater(ends["rx_gro_end_sequence"], 0)
        self.assertEqual(running.stop(), 0)

    def bring_up_far(self):
        """The other end is behind a cable of the test's."""
        running = self.begin()
        self.lab.sh("wire", "sysctl -qw net.ipv6.conf.wire0.disable_ipv6=1; ip link set wire0 arp off up")
        self.script("wire", CABLE)
        # The cable carries finished frames.
        self.lab.sh("wire", "ethtool -K far0 tx off tso off gso off >/dev/null 2>&1; true")
        self.lab.addresses(wire="far0")
        self.lab.wait_for_link(20)
        return running


if __name__ == "__main__":
    unittest.main(verbosity=2)
