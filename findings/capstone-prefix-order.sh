#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Capstone 4.0.2 (Debian 12: capstone-tool, libcapstone4 4.0.2-5) reads the size of a string
# instruction from the order of its prefixes. The processor does not (Intel SDM volume 2, 2.1.1:
# prefixes of different groups may come in any order): both 66 F3 A5 and F3 66 A5 move words. Seen:
#   66 f3 a5   rep movsd   four bytes a time: wrong, and it is the order that GNU as writes
#   f3 66 a5   rep movsw   two bytes a time: right
# Whoever emulates memory by Capstone's operands (a register window behind a page fault) accesses
# twice the bytes. The bytes after 66 and F3 have to be looked at oneself.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -qq download capstone-tool=4.0.2-5 libcapstone4=4.0.2-5 2>/dev/null
for package in *.deb; do dpkg -x "$package" root; done
library=$(dirname "$(find root -name 'libcapstone.so.4' | head -n 1)")

decode()
{
	LD_LIBRARY_PATH=$library root/usr/bin/cstool x64 "$1" | sed -E 's/^ *0 +([0-9a-f]{2} )+ *//; s/[[:space:]]+/ /g'
}

first=$(decode 66f3a5)
second=$(decode f366a5)
echo "66 f3 a5: $first"
echo "f3 66 a5: $second"
[ "$first" = "rep movsd dword ptr [rdi], dword ptr [rsi]" ]
[ "$second" = "rep movsw word ptr [rdi], word ptr [rsi]" ]
