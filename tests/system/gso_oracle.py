#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Super-packets through the whole stack - stack edge, datapath, driver, device model, wire edge -
compared byte for byte with what the kernel's own segmentation makes of them."""
import os
import subprocess
import sys
import tempfile
import unittest

from common import Lab, NETCX, RTL8168
from packets import read_pcap, super_packets, write_pcap

SEED = int(os.environ.get("SEED", "1"))
COUNT = int(os.environ.get("COUNT", "400"))
MARKER = b"\x02\0\0\0\0\x01" + b"\x02\0\0\0\0\x02" + b"\x88\xb5" + b"marker".ljust(46, b"\0")

# Runs inside the namespace: each super-packet into veth with its virtio_net_hdr, the frames out of
# the other end, as a capture.
ORACLE = """
import socket, sys
sys.path.insert(0, {here!r})
from packets import super_packets, write_pcap
MARKER = {marker!r}
SOL_PACKET, PACKET_VNET_HDR, PACKET_IGNORE_OUTGOING, ETH_P_ALL = 263, 15, 23, 3
sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
sender.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
sender.bind(("out0", 0))
reader = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
reader.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
reader.setsockopt(SOL_PACKET, 8, 1)     # PACKET_AUXDATA: a tag that was taken out of the frame
reader.setsockopt(socket.SOL_SOCKET, 33, 64 << 20)      # SO_RCVBUFFORCE
reader.bind(("in0", 0))
reader.settimeout(10)
frames = []
def receive():
    data, control, _, _ = reader.recvmsg(65536, 256)
    for level, kind, value in control:
        if level == SOL_PACKET and kind == 8:
            status = int.from_bytes(value[0:4], sys.byteorder)
            tci = int.from_bytes(value[16:18], sys.byteorder)
            tpid = int.from_bytes(value[18:20], sys.byteorder)
            if status & 0x10:           # TP_STATUS_VLAN_VALID
                data = data[:12] + tpid.to_bytes(2, "big") + tci.to_bytes(2, "big") + data[12:]
    return data
for packet in super_packets({seed}, {count}):
    sender.send(packet.virtio_header() + packet.frame)
    sender.send(bytes(10) + MARKER)
    while (frame := receive()) != MARKER:
        frames.append(frame)
write_pcap({path!r}, frames)
"""


def kernels_segments(lab, seed, count, path):
    """What the kernel makes of super_packets(seed, count), as a capture; in the lab's "stack"."""
    lab.sh("stack", "ip link add out0 type veth peer name in0; "
                    "sysctl -qw net.ipv6.conf.out0.disable_ipv6=1 "
                    "net.ipv6.conf.in0.disable_ipv6=1; "
                    "ethtool -K out0 tx off sg off tso off gso off txvlan off >/dev/null; "
                    "ethtool -K in0 gro off rxvlan off >/dev/null; "
                    "ip link set out0 up; ip link set in0 up")
    script = ORACLE.format(here=os.path.dirname(os.path.abspath(__file__)), marker=MARKER,
                           seed=seed, count=count, path=path)
    lab.sh("stack", "exec %s - <<'END'\n%s\nEND" % (sys.executable, script), timeout=120)


class GsoOracle(unittest.TestCase):
    def test_wire_equals_the_kernels_own_segmentation(self):
        with Lab("oracle") as lab, tempfile.TemporaryDirectory() as scratch:
            lab.make_namespaces("stack")
            expected = os.path.join(scratch, "kernel.pcap")
            kernels_segments(lab, SEED, COUNT, expected)

            packets = super_packets(SEED, COUNT)
            source, target = os.path.join(scratch, "in.pcap"), os.path.join(scratch, "out.pcap")
            write_pcap(source, [p.frame for p in packets])
            done = subprocess.run([NETCX, "run", RTL8168, "--device", "rtl8168", "--stack",
                                   "pcap:" + source, "--wire", "pcap:" + target],
                                  capture_output=True, text=True, timeout=120)
            self.assertEqual(done.returncode, 0, done.stderr)

            ours, kernels = read_pcap(target), read_pcap(expected)
            self.assertGreater(len(kernels), COUNT)
            self.assertEqual(len(ours), len(kernels))
            for number, (our, kernel) in enumerate(zip(ours, kernels)):
                self.assertEqual(our, kernel.ljust(60, b"\0"), "frame %d, seed %d" % (number, SEED))


if __name__ == "__main__":
    unittest.main(verbosity=2)
