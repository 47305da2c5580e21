#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# libpcap 1.10.3 (Debian 12: libpcap0.8 1.10.3-1) cuts a record of a pcap file that is longer than the
# snap length in the file's header, and says so nowhere: the program gets fewer bytes than lie in the
# file, as if they had never been captured, and no error. Test captures of tcpdump and of zeek have
# such records; with 65535 in the header the largest IPv4 packet, in an Ethernet frame of 65549 bytes,
# loses its last 14 bytes. Seen:
#   a record of 65549 bytes, snap length 65535: libpcap hands out 65535 of 65549 bytes, result 1
#   the same, snap length 262144: libpcap hands out 65549 of 65549 bytes, result 1
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -qq download 'libpcap0.8=1.10.3-1' 'libdbus-1-3=1.14.10-1~deb12u1' 2>/dev/null
for package in ./*.deb; do
	dpkg -x "$package" root
done
LD_LIBRARY_PATH=$(dirname "$(find "$work/root" -name 'libdbus-1.so.3' | head -n 1)")
export LD_LIBRARY_PATH
library=$(find "$work/root" -name 'libpcap.so.0.8' | head -n 1)

python3 - "$library" <<'PY'
import ctypes
import struct
import sys

pcap = ctypes.CDLL(sys.argv[1])
pcap.pcap_open_offline.restype = ctypes.c_void_p
pcap.pcap_lib_version.restype = ctypes.c_char_p
print(pcap.pcap_lib_version().decode())


class Header(ctypes.Structure):
    _fields_ = [("time", ctypes.c_long * 2), ("captured", ctypes.c_uint32), ("length", ctypes.c_uint32)]


def handed_out(snap):
    frame = bytes(12) + b"\x08\x00" + bytes(65535)
    with open("file.pcap", "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, snap, 1))
        file.write(struct.pack("<IIII", 1700000000, 0, len(frame), len(frame)) + frame)
    error = ctypes.create_string_buffer(256)
    handle = ctypes.c_void_p(pcap.pcap_open_offline(b"file.pcap", error))
    header, data = ctypes.POINTER(Header)(), ctypes.c_void_p()
    result = pcap.pcap_next_ex(handle, ctypes.byref(header), ctypes.byref(data))
    captured = header.contents.captured
    print(f"a record of {len(frame)} bytes, snap length {snap}: libpcap hands out {captured} of "
          f"{header.contents.length} bytes, result {result}")
    return result, captured


assert handed_out(65535) == (1, 65535)
assert handed_out(262144) == (1, 65549)
PY
