# SPDX-License-Identifier: MIT
"""Super-packets of every shape, made from a seed, and captures to hold them. Shares no code with
liblso."""
import ipaddress
import random
import struct

MTU = 1500
FIN, SYN, RST, PSH, ACK, URG, ECE, CWR = (1 << n for n in range(8))


def ones_sum(data):
    total = sum(struct.unpack("!%dH" % ((len(data) + 1) // 2), data + bytes(len(data) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


class SuperPacket:
    """One TCP packet as a sending host with TSO on hands it to its NIC. At most one VLAN tag: a
    packet socket tells the kernel of no more."""

    def __init__(self, rng, payload=None):
        self.family = rng.choice((4, 6))
        self.tags = [rng.choice((0x8100, 0x88A8)) for _ in range(rng.choice((0, 0, 1)))]
        tcp_options = b"\x01" * (4 * rng.choice((0, 0, 3, 5, 10)))
        ip_options = b"\x01" * (4 * rng.choice((0, 0, 0, 1, 3))) if self.family == 4 else b""
        extensions = rng.choice((0, 0, 0, 1, 2)) if self.family == 6 else 0
        l3_length = 20 + len(ip_options) if self.family == 4 else 40 + 8 * extensions
        l4_length = 20 + len(tcp_options)
        self.mss = MTU - l3_length - l4_length
        size = payload or rng.choice((self.mss + 1, 2 * self.mss, 10 * self.mss,
                                      rng.randrange(self.mss + 1, 60000)))
        data = rng.randbytes(size)
        flags = ACK | rng.choice((0, PSH, PSH | FIN)) | rng.choice((0, 0, CWR, ECE, ECE | CWR))
        segments = -(-size // self.mss)

        ethernet = b"\x02\x00\x5e\x00\x00\x02" + b"\x02\x00\x5e\x00\x00\x01"
        for tag in self.tags:
            ethernet += struct.pack("!HH", tag, rng.randrange(1, 4095))
        ethernet += struct.pack("!H", 0x0800 if self.family == 4 else 0x86DD)
        if self.family == 4:
            source, target = rng.randbytes(4), rng.randbytes(4)
            identification = rng.randrange(0, 0x7FFF - segments)
            ip = struct.pack("!BBHHHBBH", 0x45 + len(ip_options) // 4, rng.choice((0, 2, 0x28)),
                             l3_length + l4_length + size, identification,
                             rng.choice((0, 0x4000)), 64, 6, 0) + source + target + ip_options
            ip = ip[:10] + struct.pack("!H", 0xFFFF ^ ones_sum(ip)) + ip[12:]
        else:
            source = ipaddress.ip_address("fd77::1").packed[:14] + rng.randbytes(2)
            target = ipaddress.ip_address("fd77::2").packed[:14] + rng.randbytes(2)
            chain = b""
            kinds = [0, 60][:extensions]        # hop-by-hop, destination options
            for index in range(extensions):
                following = kinds[index + 1] if index + 1 < extensions else 6
                chain += struct.pack("!BBBB4s", following, 0, 1, 4, bytes(4))   # PadN
            ip = struct.pack("!IHBB", 0x60000000 | rng.randrange(1 << 20),
                             8 * extensions + l4_length + size, kinds[0] if kinds else 6,
                             64) + source + target + chain
        seed = ones_sum(source + target + struct.pack("!II", 6, l4_length + size))
        tcp = struct.pack("!HHIIBBHHH", 1024, 5001, rng.randrange(1 << 32), rng.randrange(1 << 32),
                          (l4_length // 4) << 4, flags, 512, seed, 0) + tcp_options
        self.l4_offset = len(ethernet) + l3_length
        self.frame = ethernet + ip + tcp + data
        self.headers = self.l4_offset + l4_length

    def virtio_header(self):
        """struct virtio_net_hdr: NEEDS_CSUM, TCPV4 or TCPV6, ECN when CWR is set."""
        kind = 1 if self.family == 4 else 4
        if self.frame[self.l4_offset + 13] & CWR:
            kind |= 0x80
        return struct.pack("<BBHHHH", 1, kind, self.headers, self.mss, self.l4_offset, 16)


def super_packets(seed, count):
    rng = random.Random(seed)
    return [SuperPacket(rng) for _ in range(count)]


def write_pcap(path, frames):
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for number, frame in enumerate(frames):
            out.write(struct.pack("<IIII", number, 0, len(frame), len(frame)) + frame)


def read_pcap(path):
    with open(path, "rb") as source:
        data = source.read()
    if len(data) < 24:
        raise ValueError("a cut file header")
    magic = struct.unpack("<I", data[:4])[0]
    if magic not in (0xA1B2C3D4, 0xA1B23C4D):
        raise ValueError("not a capture of this machine's byte order: %08x" % magic)
    frames, at = [], 24
    while at < len(data):
        _, _, kept, length = struct.unpack("<IIII", data[at:at + 16].ljust(16, b"\0"))
        if kept != length or at + 16 + kept > len(data):
            raise ValueError("a cut packet")
        frames.append(data[at + 16:at + 16 + kept])
        at += 16 + kept
    return frames
