#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
One layout for every record: as host code sees it, as a driver compiled with Microsoft's bit-field rules
sees it, and as clang lays it out for Windows itself. The same for size, alignment and sign of every type
in surface.txt.
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
HEADERS = ["ntddk.h", "ntintsafe.h", "ntstrsafe.h", "wdf.h", "ndis.h", "netiodef.h", "netadaptercx.h",
           "TraceLoggingProvider.h"]
# The compiler's own.
FOREIGN = {"__va_list_tag", "max_align_t"}


def surface(kinds):
    lines = (pathlib.Path(__file__).parent / "surface.txt").read_text(encoding="utf-8").splitlines()
    words = [line.split() for line in lines if line and line[0] != "#"]
    return [name for kind, name, *_ in words if kind in kinds]


def probes():
    """Records made of each type: clang says where a member lies, and how long an array is."""
    for name in surface({"integer", "enum", "pointer", "handle", "record"}):
        yield f"struct probe_{name} {{ char before; {name} value; }};"
    for name in surface({"integer", "enum"}):
        yield f"struct sign_{name} {{ char bytes[({name})-1 < ({name})0 ? 2 : 1]; }};"


def layouts(include, flags):
    """Name of a record -> its lines of "offset | field", as clang prints them."""
    command = ["clang", "-x", "c", "-std=gnu17", *DUMP, *flags, *include, "-"]
    source = [f"#include <{header}>" for header in HEADERS] + list(probes())
    text = subprocess.run(command, input="\n".join(source) + "\n", text=True,
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


def different(views):
    """Yields each record that two views do not agree on."""
    for name in views["windows"].keys() | views["driver"].keys() | views["host"].keys():
        # C without Microsoft's extensions, which the host is, has no enumerations of a type.
        sides = ["driver"] if name.startswith("sign_") else ["driver", "host"]
        for side in sides:
            if name not in FOREIGN and views[side].get(name) != views["windows"].get(name):
                yield name, side


def main():
    root = pathlib.Path(sys.argv[1])
    include = [f"-I{root}/include/wdk", f"-I{root}/include/netadaptercx/1.3"]
    failed = 0

    if not shutil.which("clang"):
        print("skipped: no clang")
        return 77
    views = {name: layouts(include, flags) for name, flags in VIEWS.items()}
    for name, side in different(views):
        failed += 1
        print(f"{name}: {side} differs from windows")
        for view in (side, "windows"):
            print("--", view, *views[view].get(name, ["not there"]), sep="\n")
    count = len(views["windows"])
    ours = sum(not re.match("probe_|sign_", name) for name in views["windows"])
    print(f"{ours} records, {count - ours} probes, {failed} differ")
    return 1 if failed or ours < 100 or count - ours < 90 else 0


if __name__ == "__main__":
    sys.exit(main())
