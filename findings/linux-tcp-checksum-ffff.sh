#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Where a TCP checksum comes out as 0, Linux (6.18; skb_checksum_help()) writes 0xffff into a packet whose
# checksum was left to the device and has to be finished in software, as UDP wants it (RFC 768); RFC 9293
# knows no such exception, and both sum to the same. Of one such packet tcpdump 4.99.3 (Debian 12:
# 4.99.3-1) says "correct", tshark 4.0.17 (4.0.17-0+deb12u3) with tcp.check_checksum "Bad" (RFC 1624). Seen:
#   Linux wrote ffff
#   tcpdump: cksum 0xffff (correct)
#   tshark: Checksum Status: Bad
# Needs root, iproute2, util-linux and /dev/net/tun; its traffic stays in a network namespace of its own.
set -euo pipefail
if [ "${1-}" != inside ]; then
	script=$(readlink -f "$0")
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	cd "$work"
	# With all that they need, but the C library.
	apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
		--no-enhances --no-pre-depends tshark tcpdump | grep -E '^lib' |
		grep -vE '^(libc6|libc-bin|libgcc-s1|libcrypt1)$' | sort -u | xargs apt-get -qq download \
		'tshark=4.0.17-0+deb12u3' 'tcpdump=4.99.3-1' 2>/dev/null
	for package in ./*.deb; do
		dpkg -x "$package" root
	done
	export HOME=$work LD_LIBRARY_PATH=$work/root/usr/lib/x86_64-linux-gnu:$work/root/lib/x86_64-linux-gnu
	unshare --net bash "$script" inside "$work/root/usr/bin"
	exit
fi

ip link add bridge0 type bridge mcast_snooping 0
ip link set bridge0 up
python3 - packet.pcap <<'PY'
import fcntl
import os
import struct
import subprocess
import sys
import time

TUNSETIFF, IFF_TAP, IFF_NO_PI, IFF_VNET_HDR, NEEDS_CSUM = 0x400454CA, 2, 0x1000, 0x4000, 1


def tap(name, flags):
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name, IFF_TAP | IFF_NO_PI | flags))
    subprocess.run(["ip", "link", "set", "dev", name, "master", "bridge0", "up"], check=True)
    return device


def total(data):
    value = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while value >> 16:
        value = (value & 0xFFFF) + (value >> 16)
    return value


def received(device):
    for _ in range(100):
        try:
            frame = os.read(device, 2000)
        except BlockingIOError:
            time.sleep(0.1)
            continue
        if frame[12:14] == b"\x08\x00":
            return frame
    raise SystemExit("nothing came out of the bridge")


# Into the one with its checksum left to the device, out of the other, which has no offload.
offloads, plain = tap(b"offloads", IFF_VNET_HDR), tap(b"plain", 0)
time.sleep(1)
addresses = bytes([192, 0, 2, 1, 192, 0, 2, 2])
pseudo = addresses + struct.pack("!BBH", 0, 6, 22)
tcp = struct.pack("!HHIIBBH", 1000, 2000, 1, 1, 0x50, 0x10, 512)
payload = struct.pack("!H", 0xFFFF - total(pseudo + tcp))
ip = struct.pack("!BBHHHBBH", 0x45, 0, 42, 1, 0, 64, 6, 0) + addresses
ip = ip[:10] + struct.pack("!H", 0xFFFF - total(ip)) + ip[12:]
frame = bytes.fromhex("0200000000020200000000010800") + ip + tcp + struct.pack("!HH", total(pseudo), 0) + payload
os.write(offloads, struct.pack("<BBHHHH", NEEDS_CSUM, 0, 0, 0, 34, 16) + frame)
frame = received(plain)
print("Linux wrote", frame[50:52].hex())
assert frame[50:52] == b"\xff\xff"
with open(sys.argv[1], "wb") as file:
    file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
    file.write(struct.pack("<IIII", 0, 0, len(frame), len(frame)) + frame)
PY
said=$("$2/tcpdump" -nvvr packet.pcap 2>/dev/null | grep -o 'cksum 0xffff ([a-z]*)')
echo "tcpdump: $said"
[ "$said" = 'cksum 0xffff (correct)' ]
said=$("$2/tshark" -o tcp.check_checksum:TRUE -Vr packet.pcap 2>/dev/null | grep -oE 'Checksum Status: (Good|Bad)')
echo "tshark: $said"
[ "$said" = 'Checksum Status: Bad' ]
