#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
The headers of NetAdapterCx 2.0 to 2.5 against netcx2.txt, which says what the Windows kit has: sizes, places,
values, prototypes of each version, in C and C++, for gcc, for clang with Microsoft's rules and for Windows
itself. What a version does not have must not be there.
"""

import concurrent.futures
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

PREVIEW = -1  # 2.0 with its preview headers
MINORS = range(PREVIEW, 6)
DRIVER = ["-fshort-wchar", "-fms-extensions", "-D_KERNEL_MODE", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]
COMPILERS = {
    "gcc": ["gcc", *DRIVER],
    "driver": ["clang", *DRIVER, "-fms-compatibility", "-mms-bitfields"],
    "windows": ["clang", *DRIVER, "--target=x86_64-pc-windows-msvc", "-ffreestanding", "-nostdlibinc"],
}
LANGUAGES = {"c": ["-x", "c", "-std=gnu17"], "c++17": ["-x", "c++", "-std=c++17", "-fno-exceptions"],
             "c++20": ["-x", "c++", "-std=c++20", "-fno-exceptions"]}
PREVIEWS = ["netadapter", "netadapteroffload", "netrequest", "netrequestqueue", "netfuncenum"]
EXTENSIONS = ["checksum", "gso", "lso", "rsc", "ieee8021q", "packethash", "logicaladdress", "virtualaddress", "mdl",
              "returncontext", "databuffer", "wifi/exemptionaction"]


def includes(minor=5):
    """Plain 2.0 is without the preview headers; they are there for later versions and declare nothing."""
    preview = "" if minor == 0 else "preview/"
    lines = ["#include <wdf.h>", f"#include <{preview}netadaptercx.h>"]
    lines += [f"#include <preview/{name}.h>" for name in PREVIEWS if preview]
    return lines + [f"#include <net/{name}.h>" for name in EXTENSIONS]


def table():
    """Yields words of each line with its first and last minor version; a field has those of its record."""
    first, last, record = 0, 5, None
    for line in (pathlib.Path(__file__).parent / "netcx2.txt").read_text(encoding="utf-8").splitlines():
        if not line or line[0] == "#":
            continue
        kind, *rest = line.split(None, 3)
        if kind == "field":
            yield first, last, kind, [record, *line.split()[1:]]
            continue
        if rest[0] == "preview":
            first = last = PREVIEW
        else:
            first, _, until = rest[0].partition("-")
            first, last = int(first), int(until or 5)
        if kind == "record":
            record = rest[1]
        yield first, last, kind, [rest[1], *(rest[2].split() if kind == "record" else rest[2:])]


def holds(first, last, minor):
    return first <= minor <= last or (minor == PREVIEW and first == 0)


def check(minor):
    """C and C++ that compiles when the headers are right for that version."""
    yield "C_ASSERT(NDIS685_MINIPORT == 1 && NDIS_MINIPORT_DRIVER == 1 && NDIS_WDF == 1 && NDIS_WDM == 1);"
    yield "C_ASSERT(NDIS_SUPPORT_NDIS685 && !NDIS_SUPPORT_NDIS686);"
    for number, (first, last, kind, words) in enumerate(table()):
        name = words[0]
        if not holds(first, last, minor):
            continue
        if kind == "record":
            yield f"C_ASSERT(sizeof({name}) == {words[1]} && __alignof__({name}) == {words[2]});"
        elif kind == "field" and len(words) == 3:
            yield f"C_ASSERT(offsetof({name}, {words[1]}) == {words[2]});"
        elif kind == "value":
            yield f"C_ASSERT((ULONG64)({name}) == (ULONG64)({words[1]}));"
            if re.search(r"_EXTENSION_\w+_VERSION_\d(_SIZE)?$", name):  # what it is compared with is unsigned
                yield f"C_ASSERT((__typeof__({name}))-1 > 0);"
        elif kind == "string":
            yield f"C_ASSERT(sizeof({name}) == {2 * (len(words[1]) + 1)});"
        elif kind == "function":
            result, parameters = words[1][:words[1].index("(")], words[1][words[1].index("("):]
            yield f"{result}(*check_{number}){parameters} = {name};"
        elif kind == "callback":
            result, parameters = words[1][:words[1].index("(")], words[1][words[1].index("("):]
            pointer = name.replace("EVT_", "PFN_", 1)
            yield f"extern {name} event_{number};"
            yield f"{result}(*check_{number}){parameters} = event_{number};"
            yield f"{pointer} pointer_{number} = event_{number};"


def absent(minor):
    """Names that this version must not have, as a driver's own: they clash when they are there."""
    gone = {}
    for first, last, kind, words in table():
        if kind in ("field",) or holds(first, last, minor):
            gone.setdefault(words[0], False)
            if holds(first, last, minor):
                gone[words[0]] = False
        elif kind != "field":
            gone.setdefault(words[0], True)
    for name, missing in gone.items():
        if missing:
            yield f"#ifdef {name}\n#error {name}\n#endif\nenum driver_{name} {{ {name} }};"


def bits(minor):
    """A program that fills each bit-field and looks where its ones are."""
    yield "#include <stdio.h>\n#include <string.h>\nint main(void)\n{\n\tint failed = 0;"
    for first, last, kind, words in table():
        if kind != "field" or len(words) != 5 or not holds(first, last, minor):
            continue
        record, field, offset, bit, width = words[0], words[1], *map(int, words[2:])
        mask = ((1 << width) - 1) << (offset * 8 + bit)
        size = (mask.bit_length() + 7) // 8
        expected = ", ".join(f"{byte:#x}" for byte in mask.to_bytes(size, "little"))
        yield f"""\t{{
		{record} r; static const unsigned char want[sizeof(r)] = {{ {expected} }};
		memset(&r, 0, sizeof(r)); r.{field} = ({hex((1 << width) - 1)}ull);
		if (memcmp(&r, want, sizeof(r))) {{ failed = 1; printf("{record}.{field}\\n"); }}
	}}"""
    yield "\treturn failed;\n}"


def compile_unit(compiler, language, minor, text, include):
    command = [*COMPILERS[compiler], *LANGUAGES[language], "-DNETADAPTER_VERSION_MAJOR=2",
               f"-DNETADAPTER_VERSION_MINOR={max(minor, 0)}", *include, "-"]
    done = subprocess.run(command, input=text, text=True, capture_output=True, check=False)
    return done.returncode, done.stderr


def run_bits(compiler, minor, include, folder):
    flags = [flag for flag in COMPILERS[compiler] if flag not in ("-fsyntax-only", "-fms-compatibility")]
    program = pathlib.Path(folder) / compiler
    text = "\n".join(["#define NETCX_HOST", *includes(minor), *bits(minor)])
    done = subprocess.run([*flags, *LANGUAGES["c"], "-DNETADAPTER_VERSION_MAJOR=2",
                           f"-DNETADAPTER_VERSION_MINOR={max(minor, 0)}", *include, "-o", program, "-"], input=text, text=True,
                          capture_output=True, check=False)
    if done.returncode:
        return done.stderr
    return subprocess.run([program], capture_output=True, text=True, check=False).stdout


def must_fail(include):
    """Each use that is refused, and what the message has to name."""
    cases = [
        (["-DNETADAPTER_VERSION_MAJOR=2", "-DNETADAPTER_VERSION_MINOR=6"], includes(), "2.5"),
        (["-DNETADAPTER_VERSION_MAJOR=3", "-DNETADAPTER_VERSION_MINOR=0"], includes(), "2.5"),
        (["-DNETADAPTER_VERSION_MAJOR=2"], includes(), "NETADAPTER_VERSION_MINOR"),
        (["-DNETADAPTER_VERSION_MAJOR=2", "-DNETADAPTER_VERSION_MINOR=5",
          "-DNETADAPTER_MINIMUM_VERSION_REQUIRED=3"], includes(), "2.4"),
        (["-DNETADAPTER_VERSION_MAJOR=2", "-DNETADAPTER_VERSION_MINOR=4",
          "-DNETADAPTER_MINIMUM_VERSION_REQUIRED=5"], includes(), "NETADAPTER_VERSION_MINOR"),
        (["-DNETCX_ADAPTER_2"], includes(), "NETCX_ADAPTER_2"),
        (["-DNDIS650_MINIPORT=1"], includes(), "NDISxxx_MINIPORT"),
        (["-DNDIS685_MINIPORT"], includes(), "NDISxxx_MINIPORT"),
        (["-DNDIS_MINIPORT_DRIVER"], includes(), "NDIS_MINIPORT_DRIVER"),
        (["-DNDIS_WDF=1"], includes(), "NDIS_WDF"),
        ([], includes()[1:], "wdf.h"),
        ([], ["#include <net/ring.h>"], "netadaptercx.h"),
    ]
    for flags, lines, word in cases:
        command = [*COMPILERS["gcc"], *LANGUAGES["c"], *flags, *include, "-"]
        done = subprocess.run(command, input="\n".join(lines) + "\nint unit;\n", text=True, capture_output=True,
                              check=False)
        if done.returncode == 0 or word not in done.stderr:
            yield f"{flags} {lines[0]}: not refused with '{word}'\n{done.stderr[:500]}"


def main():
    root = pathlib.Path(sys.argv[1])
    include = [f"-I{root}/include/wdk", f"-I{root}/include/netadaptercx/2"]
    jobs = [(compiler, language, minor, "\n".join([*includes(minor), *lines(minor), ""]))
            for compiler in COMPILERS for language in LANGUAGES for minor in MINORS
            for lines in (check, absent) if not (lines is absent and (compiler, language) != ("gcc", "c"))]

    if not shutil.which("clang"):
        print("skipped: no clang")
        return 77
    failed = list(must_fail(include))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for job, (code, errors) in zip(jobs, pool.map(lambda job: compile_unit(*job, include), jobs)):
            if code:
                failed.append(f"{job[0]} {job[1]} 2.{job[2]}\n" + "\n".join(errors.splitlines()[:12]))
    with tempfile.TemporaryDirectory() as folder:
        for compiler, minor in ((compiler, minor) for compiler in ("gcc", "driver") for minor in (PREVIEW, 5)):
            wrong = run_bits(compiler, minor, include, folder)
            if wrong:
                failed.append(f"{compiler} 2.{minor}: bit-fields: {wrong}")
    print(f"{len(jobs)} units, {sum(1 for _ in table())} facts, {len(failed)} failed")
    print("\n".join(failed[:5]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
