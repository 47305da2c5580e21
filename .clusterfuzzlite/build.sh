#!/bin/bash -eu
# SPDX-License-Identifier: MIT
# As OSS-Fuzz and ClusterFuzzLite call it: CC, CXX, CFLAGS, CXXFLAGS and LIB_FUZZING_ENGINE say what with, SRC where
# from, WORK where the build may be, OUT where programs and seeds go. NETCX_FUZZ_DRIVER is another driver for the target
# "driver", compiled with the same flags, NETCX_FUZZ_DEVICE its device.
source=${NETCX_SOURCE:-${SRC:-.}/netcx}
build=${WORK:-/work}/netcx-fuzz
mkdir -p "$OUT/lib"

# A compiler that is newer than ours may warn of more; the engine brings C++.
meson setup "$build" "$source" -Dfuzz=true -Dfuzz_engine="$LIB_FUZZING_ENGINE" -Dfuzz_device="${NETCX_FUZZ_DEVICE:-rtl8168-ext}" \
	-Dwerror=false -Db_lundef=false --buildtype=plain --reconfigure >"$OUT/meson.log" 2>&1 ||
	meson setup "$build" "$source" -Dfuzz=true -Dfuzz_engine="$LIB_FUZZING_ENGINE" \
		-Dfuzz_device="${NETCX_FUZZ_DEVICE:-rtl8168-ext}" -Dwerror=false -Db_lundef=false --buildtype=plain
rm -f "$OUT/meson.log"
ninja -C "$build" fuzz-targets

# The machines that run them have the C library and none of our others. An RPATH, unlike a RUNPATH, is for the libraries'
# own libraries, too.
keep_libraries()
{
	ldd "$1" | sed -nE 's/.*=> (\/[^ ]+) .*/\1/p' | { grep -vE '/lib(c|m|dl|rt|pthread|resolv)\.so' || true; } |
		while read -r library; do
			cp -L "$library" "$OUT/lib/"
		done
	# shellcheck disable=SC2016 # the loader's word
	patchelf --force-rpath --set-rpath '$ORIGIN/lib' "$1"
}

for program in "$build"/fuzz/fuzz-*; do
	if [ ! -f "$program" ] || [ ! -x "$program" ]; then continue; fi
	name=${program##*/fuzz-}
	cp "$program" "$OUT/$name"
	keep_libraries "$OUT/$name"
	if [ -d "$source/fuzz/seeds/$name" ]; then
		(cd "$source/fuzz/seeds/$name" && zip -q -r "$OUT/${name}_seed_corpus.zip" .)
	fi
done

cp "$build/fuzz/driver-fuzzer" "$OUT/driver"
keep_libraries "$OUT/driver"
driver=${NETCX_FUZZ_DRIVER:-$build/drivers/rtl8168/2.5/rtl8168.so}
cp "$driver" "$OUT/driver.so"
cp "${driver%.so}.inf" "$OUT/driver.inf"
printf '[libfuzzer]\nmax_len = 768\nlen_control = 0\n' >"$OUT/driver.options"
