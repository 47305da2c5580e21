#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
One layout for every record: as host code sees it, as a driver compiled with Microsoft's bit-field rules
sees it, and as clang lays it out for Windows itself.
"""

import pathlib
import re
import shutil
import subprocess
import sys

DUMP = ["-fsyntax-only", "-DNETCX_HOST", "-Xclang", "-fdump-record-layouts-complete"]
MICROSOFT = ["-fshort-wchar", "-fms-extensions", "-fms-compatibility", "-mms-bitfields"]
VIEWS = {
    "host": [],
    "driver": MICROSOFT,
    "windows": ["--target=x86_64-pc-windows-msvc", "-ffreestanding", "-nostdlibinc", "-fms-extensions"],
}


def layouts(include, flags):
    """Name of a record -> its lines of "offset | field", as clang prints them."""
    command = ["clang", "-x", "c", "-std=gnu17", *DUMP, *flags, *include, "-"]
    text = subprocess.run(command, input="#include <netadaptercx.h>\n", text=True,
                          capture_output=True, check=True).stdout
    found = {}
    for block in text.split("*** Dumping AST Record Layout")[1:]:
        lines = [line.rstrip() for line in block.splitlines() if "|" in line]
        # Names of unnamed records have their place in the file in them; preferred alignment may differ.
        lines = [re.sub(r"\(unnamed [^)]*\)|\(anonymous [^)]*\)", "(unnamed)", line) for line in lines]
        lines = [re.sub(r", preferredalign=\d+", "", line) for line in lines]
        lines = [re.sub(r"wchar_t|WCHAR", "unsigned short", line) for line in lines]
        name = re.search(r"\|\s+(?:struct|union)\s+(\S+)", lines[0])
        if name and "(unnamed)" not in lines[0]:
            # Types are spelled as in the source, so only places and names are compared.
            found[name.group(1)] = lines
    return found


def main():
    root = pathlib.Path(sys.argv[1])
    include = [f"-I{root}/include/wdk", f"-I{root}/include/netadaptercx/1.3"]
    failed = 0

    if not shutil.which("clang"):
        print("skipped: no clang")
        return 77
    views = {name: layouts(include, flags) for name, flags in VIEWS.items()}
    host = views.pop("host")
    ours = [name for name in host if re.match(r"_?(NET|NDIS|WDF|CM|K|UNI|LARGE|MDL|LIST)", name)]
    for name in ours:
        for view, records in views.items():
            if records.get(name) != host[name]:
                failed += 1
                print(f"{name}: {view} differs from host")
                print("\n".join(host[name]), "\n--", *(records.get(name) or ["not there"]), sep="\n")
    print(f"{len(ours)} records, {failed} differ")
    return 1 if failed or len(ours) < 60 else 0


if __name__ == "__main__":
    sys.exit(main())
