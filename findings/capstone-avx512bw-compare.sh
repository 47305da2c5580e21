#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Capstone 4.0.2 (Debian 12: capstone-tool, libcapstone4 4.0.2-5) knows the comparisons of AVX-512F
# into opmasks (doublewords), and calls those of AVX-512BW (bytes, words) invalid code. glibc's
# memcmp(), memchr() and strlen() are made of them on processors that have AVX-512BW and AVX-512VL,
# so a handler that asks Capstone what a faulting memcmp() reads gets no answer there. Seen:
#   vpcmpeqd (%rdi), %ymm16, %k0       decoded
#   vpcmpeqb (%rdi), %ymm16, %k0       invalid
#   vpcmpnequd (%rdi), %ymm16, %k1     decoded
#   vpcmpnequb (%rdi), %ymm16, %k1     invalid
#   vptestnmd (%rdi), %zmm16, %k0      decoded
#   vptestnmb (%rdi), %zmm16, %k0      invalid
# Source of the encodings: Intel SDM volume 2, VPCMPEQB, VPCMPUB, VPTESTNMB.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -qq download capstone-tool=4.0.2-5 libcapstone4=4.0.2-5 2>/dev/null
for package in *.deb; do dpkg -x "$package" root; done
library=$(dirname "$(find root -name 'libcapstone.so.4' | head -n 1)")

# expect ANSWER BYTES NAME
expect()
{
	local output
	output=$(LD_LIBRARY_PATH=$library root/usr/bin/cstool x64 "$2" 2>&1 || true)
	printf '%-12s %s: %s\n' "$3" "$2" "$output"
	case $1 in
	decoded) [[ $output == *"$3"* ]] ;;
	invalid) [[ $output == *"invalid assembly code"* ]] ;;
	esac
}

expect decoded 62f17d207607 vpcmpeqd
expect invalid 62f17d207407 vpcmpeqb
expect decoded 62f37d201e0f04 vpcmpnequd
expect invalid 62f37d203e0f04 vpcmpnequb
expect decoded 62f27e402707 vptestnmd
expect invalid 62f27e402607 vptestnmb
