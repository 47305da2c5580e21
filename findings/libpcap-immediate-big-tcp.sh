#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# libpcap 1.10.3 (Debian 12: libpcap0.8 1.10.3-1) in immediate mode cuts what it captures of a large
# TCP super-packet (BIG TCP, gso_max_size above 65536) whatever snap length was asked for: the ring
# it takes then, TPACKET_V2, has frames of a size that libpcap chooses by the largest packet it knows
# of. Without immediate mode (TPACKET_V3) the same packets are whole, so tcpdump keeps all of them and
# tcpdump --immediate-mode a third. Seen, over a veth pair of gso_max_size 185000, snap length 262144:
#   buffered: the largest packet has 184306 bytes, 184306 are captured
#   immediate: the largest packet has 184306 bytes, 65562 are captured
# Needs root, iproute2, util-linux and a kernel with BIG TCP for IPv6 (5.19); its traffic stays in two
# network namespaces of its own.
set -euo pipefail
if [ "${1-}" != inside ]; then
	script=$(readlink -f "$0")
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	cd "$work"
	apt-get -qq download 'libpcap0.8=1.10.3-1' 'libdbus-1-3=1.14.10-1~deb12u1' 2>/dev/null
	for package in ./*.deb; do
		dpkg -x "$package" root
	done
	LD_LIBRARY_PATH=$(dirname "$(find "$work/root" -name 'libdbus-1.so.3' | head -n 1)")
	export LD_LIBRARY_PATH
	unshare --net bash "$script" inside "$(find "$work/root" -name 'libpcap.so.0.8' | head -n 1)"
	exit
fi

# The other end's namespace lasts as long as the sleep in it.
unshare --net sleep 120 &
other=$!
trap 'kill "$other"' EXIT
until [ "$(readlink "/proc/$other/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.1; done
ip link add near type veth peer name far netns "$other"
there=(nsenter --net="/proc/$other/ns/net")
ip link set near up gso_max_size 185000 gro_max_size 185000
"${there[@]}" ip link set far up gso_max_size 185000 gro_max_size 185000
ip address add fd00::1/64 dev near nodad
"${there[@]}" ip address add fd00::2/64 dev far nodad
"${there[@]}" python3 -c '
import socket
server = socket.create_server(("fd00::2", 5001), family=socket.AF_INET6)
while True:
    with server.accept()[0] as taken:
        while taken.recv(1 << 20):
            pass' &
server=$!
trap 'kill "$server" "$other"' EXIT

python3 - "$2" <<'PY'
import ctypes
import socket
import sys
import threading
import time

pcap = ctypes.CDLL(sys.argv[1])
pcap.pcap_create.restype = ctypes.c_void_p
pcap.pcap_lib_version.restype = ctypes.c_char_p
print(pcap.pcap_lib_version().decode())


class Header(ctypes.Structure):
    _fields_ = [("time", ctypes.c_long * 2), ("captured", ctypes.c_uint32), ("length", ctypes.c_uint32)]


def connected():
    for _ in range(100):
        try:
            return socket.create_connection(("fd00::2", 5001))
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the other end does not answer")


def send():
    with connected() as connection:
        for _ in range(100):
            connection.sendall(bytes(1 << 20))


def largest(immediate):
    handle = ctypes.c_void_p(pcap.pcap_create(b"near", ctypes.create_string_buffer(256)))
    pcap.pcap_set_snaplen(handle, 262144)
    pcap.pcap_set_buffer_size(handle, 64 << 20)
    pcap.pcap_set_timeout(handle, 100)
    pcap.pcap_set_immediate_mode(handle, immediate)
    assert pcap.pcap_activate(handle) >= 0
    sender = threading.Thread(target=send)
    sender.start()
    header, data, most = ctypes.POINTER(Header)(), ctypes.c_void_p(), (0, 0)
    while sender.is_alive():
        while pcap.pcap_next_ex(handle, ctypes.byref(header), ctypes.byref(data)) == 1:
            most = max(most, (header.contents.length, header.contents.captured))
            if not sender.is_alive():
                break
    pcap.pcap_close(handle)
    return most


connected().close()
for name, immediate in (("buffered", 0), ("immediate", 1)):
    length, captured = largest(immediate)
    print(f"{name}: the largest packet has {length} bytes, {captured} are captured")
    assert length > 100000
    assert captured == 65562 if immediate else captured == length
PY
