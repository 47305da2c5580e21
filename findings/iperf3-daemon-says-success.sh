#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# iperf3 3.12 (Debian 12: iperf3 3.12-1+deb12u2) -s -D leaves its caller before it has a socket: the
# parent of the daemon exits 0, and only then does the child bind and listen. So a server whose port is
# taken is a success as well, without a word on either stream and without a server; and a client that
# stands in the line behind it can be refused. Seen, for a port that another server has:
#   in the foreground: exit code 1, "unable to start listener"
#   with -D:           exit code 0, nothing said, no process left
# A script that starts one by -D has to look at the port itself (ss -Hltn sport = :5201).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -qq download 'iperf3=3.12-1+deb12u2' 'libiperf0=3.12-1+deb12u2' 2>/dev/null
for package in ./*.deb; do dpkg -x "$package" root; done
library=$(find "$work/root" -name 'libiperf.so.0' | head -n 1)

# In a network of its own, whose processes all end with it.
unshare -r -n -p -f --mount-proc env LD_LIBRARY_PATH="${library%/*}" bash -euo pipefail -s "$work/root/usr/bin/iperf3" <<'SH'
iperf3=$1
ip link set lo up
"$iperf3" --version | head -n 1
"$iperf3" -s > /dev/null &
until ss -Hltn sport = :5201 | grep -q .; do sleep .05; done

status=0
said=$("$iperf3" -s 2>&1) || status=$?
echo "in the foreground: exit code $status, ${#said} bytes said"
[ "$status" = 1 ] && grep -q "unable to start listener" <<< "$said"

status=0
"$iperf3" -s -D > said 2>&1 || status=$?
sleep 1
echo "with -D: exit code $status, $(wc -c < said) bytes said, $(pgrep -cx iperf3) server left"
[ "$status" = 0 ] && [ ! -s said ] && [ "$(pgrep -cx iperf3)" = 1 ]
SH
