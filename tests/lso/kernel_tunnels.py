#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`netcx segment` against the kernel's segmentation of tunnels, byte for byte. Super-packets go into a VXLAN device, or
get their outer headers from a BPF program on the sending device (IPIP, SIT, GRE, NVGRE, FOU, GUE, Geneve over both
families), cross a cable whole, where they are captured, and are cut by the kernel in front of the next one. Root, and a
network namespace of its own; what this kernel lacks is said, and is not compared."""
import contextlib
import ctypes
import os
import platform
import socket
import struct
import subprocess
import sys
import tempfile
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests", "system"))
sys.path.insert(0, os.path.join(TOP, "tools"))
from lab import Lab  # noqa: E402
from packets import read_pcap, super_packets, write_pcap  # noqa: E402

NETCX = os.environ.get("NETCX")
SEED, COUNT = int(os.environ.get("SEED", "7")), int(os.environ.get("COUNT", "40"))
SOL_PACKET, PACKET_VNET_HDR, PACKET_IGNORE_OUTGOING, ETH_P_ALL, SO_RCVBUFFORCE = 263, 15, 23, 3, 33
MARKER = b"\x02\0\0\0\0\x01" + b"\x02\0\0\0\0\x02" + b"\x88\xb5" + b"marker".ljust(46, b"\0")

# Sender, then a bridge, then a port without offloads: the kernel cuts there.
CABLES = """
for cable in "sender left" "right receiver"; do set -- $cable
    ip link add $1 mtu 9000 type veth peer name $2 mtu 9000; done
for device in left right receiver; do sysctl -qw net.ipv6.conf.$device.disable_ipv6=1; done
ip link add bridge0 mtu 9000 type bridge mcast_snooping 0; sysctl -qw net.ipv6.conf.bridge0.disable_ipv6=1
for tables in ip ip6; do sysctl -qw net.bridge.bridge-nf-call-${tables}tables=0 2>/dev/null || true; done
for port in left right; do ip link set $port master bridge0 up; ip link set $port type bridge_slave learning off; done
ip link set receiver up; ip link set bridge0 up
sysctl -qw net.ipv6.conf.sender.router_solicitations=0
ip link set sender up; ip addr add 10.1.0.1/24 dev sender; ip addr add fd01::1/64 dev sender nodad
ip neigh add 10.1.0.2 lladdr 02:00:00:00:00:02 dev sender; ip neigh add fd01::2 lladdr 02:00:00:00:00:02 dev sender
ethtool -K left gro off rxvlan off >/dev/null
ethtool -K receiver gro off rxvlan off >/dev/null
for feature in tx sg tso gso txvlan tx-udp_tnl-segmentation tx-udp_tnl-csum-segmentation tx-gre-segmentation \
        tx-gre-csum-segmentation tx-ipxip4-segmentation tx-ipxip6-segmentation tx-gso-list; do
    ethtool -K right $feature off >/dev/null 2>&1 || true
done
"""
VXLAN = {
    "VXLAN": "local 10.1.0.1 remote 10.1.0.2 noudpcsum",
    "VXLAN, summed": "local 10.1.0.1 remote 10.1.0.2 udpcsum df set",
    "VXLAN over IPv6": "local fd01::1 remote fd01::2 udp6zerocsumtx udp6zerocsumrx",
    "VXLAN over IPv6, summed": "local fd01::1 remote fd01::2",
}

# ---- outer headers by BPF: bpf_skb_adjust_room() makes the room and says what kind of tunnel it is ----

FIXED_GSO, L3_IPV4, L3_IPV6, L4_GRE, L4_UDP, L2_ETHERNET = 1, 2, 4, 8, 16, 64
ADDRESSES = {4: bytes([10, 1, 0, 1, 10, 1, 0, 2]), 6: b"\xfd\x01" + bytes(13) + b"\1\xfd\x01" + bytes(13) + b"\2"}
INNER_MAC = b"\2\0\0\0\0\4\2\0\0\0\0\3"


def outer(family, protocol, body):
    """From the EtherType on. What is left out is what the kernel fills in each segment: lengths, sums."""
    if family == 4:
        return b"\x08\0" + struct.pack("!BBHHHBBH", 0x45, 4, 0, 0xFFF0, 0, 64, protocol, 0) + ADDRESSES[4] + body
    return b"\x86\xdd" + struct.pack("!IHBB", 0x60012345, 0, protocol, 64) + ADDRESSES[6] + body


def by_bpf(family, inner):
    """name, flags, outer headers"""
    flags = FIXED_GSO | (L3_IPV4 if family == 4 else L3_IPV6)
    number = b"\x08\0" if inner == 4 else b"\x86\xdd"
    udp = lambda port: struct.pack("!HHHH", 50000, port, 0, 0)
    frame = INNER_MAC + number
    in_frame = flags | L2_ETHERNET | 14 << 56
    yield "IP", flags, outer(family, 4 if inner == 4 else 41, b"")
    yield "GRE", flags | L4_GRE, outer(family, 47, b"\0\0" + number)
    yield "GRE with a key", flags | L4_GRE, outer(family, 47, b"\x20\0" + number + b"\0\0\0\7")
    yield "NVGRE", in_frame | L4_GRE, outer(family, 47, b"\x20\0\x65\x58\0\0\7\1" + frame)
    yield "FOU", flags | L4_UDP, outer(family, 17, udp(5555))
    yield "GUE", flags | L4_UDP, outer(family, 17, udp(6080) + bytes([0, 4 if inner == 4 else 41, 0, 0]))
    yield "Geneve", in_frame | L4_UDP, outer(family, 17, udp(6081) + bytes.fromhex("0240655800000700000102030000000a") + frame)


def instruction(code, to=0, source=0, offset=0, value=0):
    return struct.pack("<BBhI", code, source << 4 | to, offset, value & 0xFFFFFFFF)


def program(flags, headers):
    """adjust_room(skb, size, MAC, flags); then the headers from the stack into the frame, EtherType first."""
    size = len(headers) - 2
    stack = -(-len(headers) // 8) * 8
    code = instruction(0xBF, 6, 1)                                          # r6 = r1, the packet
    code += instruction(0xB7, 2, value=size) + instruction(0xB7, 3, value=1)
    code += instruction(0x18, 4, value=flags) + instruction(0, value=flags >> 32)    # 64 bits
    code += instruction(0x85, value=50)                                     # bpf_skb_adjust_room
    code += instruction(0x55, 0, offset=len(headers) + 8)                   # not 0: drop it
    for at, byte in enumerate(headers):
        code += instruction(0x72, 10, offset=at - stack, value=byte)        # *(u8 *)(r10 + ...) = byte
    code += instruction(0xBF, 1, 6) + instruction(0xB7, 2, value=12) + instruction(0xBF, 3, 10)
    code += instruction(0x07, 3, value=-stack) + instruction(0xB7, 4, value=len(headers)) + instruction(0xB7, 5, value=0)
    code += instruction(0x85, value=9)                                      # bpf_skb_store_bytes
    return code + instruction(0x95) + instruction(0xB7, 0, value=2) + instruction(0x95)


def bpf(command, attributes):
    number = {"x86_64": 321, "aarch64": 280}[platform.machine()]
    room = ctypes.create_string_buffer(attributes.ljust(128, b"\0"), 128)
    libc = ctypes.CDLL(None, use_errno=True)
    result = libc.syscall(number, command, room, 128)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


@contextlib.contextmanager
def attached(device, code):
    """A program at a device's egress (TCX, Linux 6.6)."""
    buffer, licence = ctypes.create_string_buffer(code, len(code)), ctypes.create_string_buffer(b"GPL")
    log = ctypes.create_string_buffer(1 << 16)
    load = struct.pack("<IIQQIIQII", 3, len(code) // 8, ctypes.addressof(buffer), ctypes.addressof(licence), 1, len(log),
                       ctypes.addressof(log), 0, 0)
    try:
        loaded = bpf(5, load)
    except OSError as error:
        raise OSError(error.errno, "%s: %s" % (error.strerror, log.value.decode()[-200:])) from error
    try:
        link = bpf(28, struct.pack("<IIII", loaded, socket.if_nametoindex(device), 47, 0))
    finally:
        os.close(loaded)
    yield
    os.close(link)


# ---- inside the namespace ----

class Cable:
    def __init__(self):
        self.whole, self.cut = self.listen("left"), self.listen("receiver")

    def listen(self, device):
        reader = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        reader.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
        reader.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 256 << 20)
        reader.bind((device, 0))
        reader.settimeout(10)
        return reader

    def until_marker(self, reader):
        frames = []
        while (frame := reader.recv(1 << 18)) != MARKER:
            if frame[:6] == b"\2\0\0\0\0\2":    # not the stack's own
                frames.append(frame)
        return frames

    def send(self, device, packets):
        """Return: what was whole, what it was cut into"""
        sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        sender.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
        sender.bind((device, 0))
        end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        end.bind(("sender", 0))
        whole, cut = [], []
        for packet in packets:      # one by one, so that no queue overflows
            sender.send(packet.virtio_header() + b"\2\0\0\0\0\2" + packet.frame[6:])
            with contextlib.suppress(OSError):
                end.send(MARKER)
            whole += self.until_marker(self.whole)
            cut += self.until_marker(self.cut)
        return whole, cut


def sh(line):
    subprocess.run(["/bin/bash", "-ec", line], check=True, stdout=subprocess.DEVNULL)


def save(folder, name, packets, cable, device):
    whole, cut = cable.send(device, packets)
    if len(whole) != len(packets) or len(cut) <= len(packets):
        raise SystemExit("%s: %d of %d packets were seen whole, %d cut" % (name, len(whole), len(packets), len(cut)))
    write_pcap(os.path.join(folder, name + " whole.pcap"), whole)
    write_pcap(os.path.join(folder, name + " cut.pcap"), cut)
    with open(os.path.join(folder, name + " mss"), "w", encoding="ascii") as sizes:
        sizes.writelines("%d\n" % packet.mss for packet in packets)


def lacking(name, error):
    print("this kernel has not: %s (%s)" % (name, error), flush=True)


def inside(folder):
    sh(CABLES)
    cable = Cable()
    packets = [p for p in super_packets(SEED, 4 * COUNT) if not p.tags][:COUNT]
    for name, how in VXLAN.items():
        try:
            sh("ip link add tunnel type vxlan id 42 dstport 4789 dev sender %s; "
               "sysctl -qw net.ipv6.conf.tunnel.disable_ipv6=1; ip link set tunnel up" % how)
        except subprocess.CalledProcessError as error:
            lacking(name, error)
            continue
        save(folder, name, packets, cable, "tunnel")
        sh("ip link del tunnel")
    for family in (4, 6):
        for inner in (4, 6):
            chosen = [p for p in packets if p.family == inner]
            for name, flags, headers in by_bpf(family, inner):
                name = "%s, IPv%d in IPv%d" % (name, inner, family)
                try:
                    with attached("sender", but_for_the_marker() + program(flags, headers)):
                        save(folder, name, chosen, cable, "sender")
                except OSError as error:
                    lacking(name, error)


def but_for_the_marker():
    """That is let through: its EtherType is 0x88b5."""
    code = instruction(0xBF, 6, 1)
    code += instruction(0x28, value=12)                                     # r0 = the EtherType, host order
    code += instruction(0x55, 0, offset=2, value=0x88B5)
    code += instruction(0xB7, 0, value=0) + instruction(0x95)
    return code + instruction(0xBF, 1, 6)


class KernelTunnels(unittest.TestCase):
    def test_segments_are_the_kernels(self):
        with Lab("tunnels") as lab, tempfile.TemporaryDirectory() as folder:
            lab.make_namespaces("stack")
            child = lab.popen("stack", [sys.executable, os.path.abspath(__file__), "--inside", folder],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            said, _ = child.communicate(timeout=100)
            print(said, end="")
            self.assertEqual(child.returncode, 0, said)
            names = sorted(name[:-4] for name in os.listdir(folder) if name.endswith(" mss"))
            self.assertTrue(names or "this kernel has not" in said)
            print("compared: " + ("; ".join(names) or "nothing"))
            for name in names:
                with self.subTest(name):
                    self.compare(os.path.join(folder, name))

    def compare(self, path):
        done = subprocess.run([NETCX, "segment", path + " whole.pcap", path + " out.pcap", "--mss-list", path + " mss",
                               "--ip-id", "linux", "--tunnel", "fou:5555", "--stats"],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        ours, kernels = read_pcap(path + " out.pcap"), read_pcap(path + " cut.pcap")
        for number, (our, kernel) in enumerate(zip(ours, kernels)):
            self.assertEqual(our.hex(), kernel.hex(), "frame %d" % number)
        self.assertEqual(len(ours), len(kernels), done.stderr)
        self.assertIn("cut, in a tunnel: %d\n" % len(read_pcap(path + " whole.pcap")), done.stderr)


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--inside":
        inside(sys.argv[2])
        sys.exit(0)
    if os.geteuid() != 0:
        print("network namespaces need root")
        sys.exit(77)
    unittest.main(verbosity=2)
