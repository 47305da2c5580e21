# SPDX-License-Identifier: MIT
"""Capture files by hand, as draft-ietf-opsawg-pcap and -pcapng describe them, and packets for them."""
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "system"))
from packets import ones_sum  # noqa: E402

MICRO, NANO, KUZNETZOV = 0xA1B2C3D4, 0xA1B23C4D, 0xA1B2CD34
SECOND = 1700000000


def ip_packet(family, size, protocol=6):
    """TCP or UDP, all checksums right."""
    hosts = bytes(range(8)) if family == 4 else bytes(range(32))
    data = bytes(i * 7 & 0xFF for i in range(size))
    if protocol == 6:
        header = struct.pack("!HHIIBBHHH", 4000, 80, 7, 8, 0x50, 0x18, 512, 0, 0)
    else:
        header = struct.pack("!HHHH", 4000, 53, size + 8, 0)
    whole = header + data
    field = 0xFFFF ^ ones_sum(struct.pack("!H", ones_sum(hosts + struct.pack("!II", protocol, len(whole)))) + whole)
    at = 16 if protocol == 6 else 6
    whole = whole[:at] + struct.pack("!H", field) + whole[at + 2:]
    if family == 4:
        ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(whole), 9, 0x4000, 64, protocol, 0)
        return ip[:10] + struct.pack("!H", 0xFFFF ^ ones_sum(ip + hosts)) + hosts + whole
    return struct.pack("!IHBB", 6 << 28, len(whole), protocol, 64) + hosts + whole


def ethernet(packet):
    return bytes(range(12)) + (b"\x08\x00" if packet[0] >> 4 == 4 else b"\x86\xdd") + packet


def pcap(frames, link=1, order="<", magic=MICRO, version=(2, 4), snap=262144, lengths=None):
    """Packet i is of second SECOND + i, 77 * i units later. lengths: what they are said to have had."""
    data = struct.pack(order + "IHHiIII", magic, *version, 0, 0, snap, link)
    for i, frame in enumerate(frames):
        had = lengths[i] if lengths else len(frame)
        sizes = (had, len(frame)) if version < (2, 3) else (len(frame), had)
        data += struct.pack(order + "IIII", SECOND + i, 77 * i, *sizes)
        data += (bytes(8) if magic == KUZNETZOV else b"") + frame
    return data


def pcap_records(data):
    """(link type, units of a second, [(units since 1970, length, bytes)])"""
    magic, major, minor, _, _, _, link = struct.unpack_from("=IHHiIII", data)
    unit = {MICRO: 10**6, NANO: 10**9}[magic]
    assert (major, minor) == (2, 4)
    found, at = [], 24
    while at < len(data):
        seconds, fraction, kept, length = struct.unpack_from("=IIII", data, at)
        assert at + 16 + kept <= len(data) and fraction < unit
        found.append((seconds * unit + fraction, length, data[at + 16:at + 16 + kept]))
        at += 16 + kept
    return link, unit, found


class Order:
    """Blocks of a section in one byte order."""

    def __init__(self, order="<"):
        self.order = order

    def pack(self, form, *values):
        return struct.pack(self.order + form, *values)

    def block(self, kind, body):
        body += bytes(-len(body) % 4)
        length = self.pack("I", 12 + len(body))
        return self.pack("I", kind) + length + body + length

    def options(self, *pairs, end=True):
        data = b"".join(self.pack("HH", code, len(value)) + value + bytes(-len(value) % 4)
                        for code, value in pairs)
        return data + (bytes(4) if pairs and end else b"")

    def section(self, *options, length=-1):
        return self.block(0x0A0D0D0A, self.pack("IHHq", 0x1A2B3C4D, 1, 0, length) + self.options(*options))

    def interface(self, *options, link=1, snap=262144):
        return self.block(1, self.pack("HHI", link, 0, snap) + self.options(*options))

    def packet(self, interface, time, data, *options, length=None):
        had = len(data) if length is None else length
        return self.block(6, self.pack("IIIII", interface, time >> 32, time & 0xFFFFFFFF, len(data), had) +
                          data + bytes(-len(data) % 4) + self.options(*options))

    def obsolete(self, interface, drops, time, data, *options):
        return self.block(2, self.pack("HHIIII", interface, drops, time >> 32, time & 0xFFFFFFFF, len(data),
                                       len(data)) + data + bytes(-len(data) % 4) + self.options(*options))

    def simple(self, data, length=None):
        return self.block(3, self.pack("I", len(data) if length is None else length) + data)


def blocks(data):
    """[bytes], cut by their lengths, each in its section's byte order."""
    found, at, order = [], 0, "<"
    while at < len(data):
        if data[at:at + 4] == b"\n\r\r\n":
            order = "<" if data[at + 8:at + 12] == struct.pack("<I", 0x1A2B3C4D) else ">"
        (length,) = struct.unpack_from(order + "I", data, at + 4)
        assert length % 4 == 0 and length >= 12 and at + length <= len(data), (at, length)
        assert data[at + 4:at + 8] == data[at + length - 4:at + length]
        found.append(data[at:at + length])
        at += length
    return found
