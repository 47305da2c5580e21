#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Holds kit/*.txt: what the Windows kit and our headers both have is the same in both. The lists are facts
read with libclang from the kit's own headers (km, shared, wdf/kmdf/1.27), laid out for
x86_64-pc-windows-msvc; what the kit has and we have not is not in them.

kit.py SOURCE_ROOT
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HEADERS = ["ntddk.h", "ntintsafe.h", "ntstrsafe.h", "wdf.h", "wdmguid.h", "ndis.h", "netiodef.h", "evntrace.h",
           "TraceLoggingProvider.h"]
COMMON = ["-D_KERNEL_MODE", "-w", "-fms-extensions"]
WINDOWS = [*COMMON, "--target=x86_64-pc-windows-msvc", "-ffreestanding", "-nostdlibinc", "-std=gnu17"]
DRIVER = [*COMMON, "-fshort-wchar", "-mms-bitfields"]
# What is compiled how, and whether types are Windows' own there: here long long and long have one size.
VIEWS = [("clang", "c", WINDOWS, True), ("clang", "c", [*DRIVER, "-std=gnu17"], False),
         ("gcc", "c", [*DRIVER, "-std=gnu17"], False), ("clang++", "c++", [*DRIVER, "-std=c++17"], False),
         ("g++", "c++", [*DRIVER, "-std=c++17"], False)]
ASSERT = "#ifdef __cplusplus\n#define SAME static_assert\n#define ALIGNED alignof\n#else\n" \
         "#define SAME _Static_assert\n#define ALIGNED _Alignof\n#endif\n"


def facts(name):
    """Yields the words of each line."""
    text = (pathlib.Path(__file__).parent / "kit" / f"{name}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            yield line.split(" ")


# What is otherwise for who asks for it.
LATER = {
    "-DNDIS683_MINIPORT": [
        ("NDIS_OFFLOAD", "sizeof(NDIS_OFFLOAD) == 216 && offsetof(NDIS_OFFLOAD, UdpSegmentation) == 188"),
        ("NDIS_OFFLOAD_REVISION_6", "NDIS_OFFLOAD_REVISION_6 == 6 && NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_6 == 216"),
        ("NDIS_OFFLOAD_PARAMETERS",
         "sizeof(NDIS_OFFLOAD_PARAMETERS) == 36 && offsetof(NDIS_OFFLOAD_PARAMETERS, UdpSegmentation.IPv6) == 33"),
        ("NDIS_OFFLOAD_PARAMETERS_REVISION_5",
         "NDIS_OFFLOAD_PARAMETERS_REVISION_5 == 5 && NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_5 == 34"),
        ("NdisPMProtocolOffloadIdMaximum", "NdisPMProtocolOffloadIdMaximum == 4")],
    "-DNDIS_MINIPORT_MAJOR_VERSION=6 -DNDIS_MINIPORT_MINOR_VERSION=85": [
        ("NdisPMProtocolOffloadIdMaximum", "NdisPMProtocolOffloadIdMaximum == 5"),
        ("NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_7", "NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_7 == 216")],
    "-DNDIS60_MINIPORT": [
        ("NDIS_SUPPORT_NDIS61", "NDIS_SUPPORT_NDIS61 == 0 && NDIS_SUPPORT_NDIS6 == 1"),
        ("NDIS_OFFLOAD", "sizeof(NDIS_OFFLOAD) == 112"),
        ("NDIS_OFFLOAD_PARAMETERS", "sizeof(NDIS_OFFLOAD_PARAMETERS) == 20")],
    "-DNDIS620_MINIPORT": [
        ("NDIS_SUPPORT_NDIS620", "NDIS_SUPPORT_NDIS620 == 1 && NDIS_SUPPORT_NDIS630 == 0"),
        ("NDIS_OFFLOAD", "sizeof(NDIS_OFFLOAD) == 144"),
        ("NDIS_OFFLOAD_PARAMETERS", "sizeof(NDIS_OFFLOAD_PARAMETERS) == 24")],
    "-DNDIS_MINIPORT_MAJOR_VERSION=6 -DNDIS_MINIPORT_MINOR_VERSION=30": [
        ("NDIS_SUPPORT_NDIS630", "NDIS_SUPPORT_NDIS630 == 1 && NDIS_SUPPORT_NDIS640 == 0"),
        ("NDIS_OFFLOAD", "sizeof(NDIS_OFFLOAD) == 156"),
        ("NDIS_OFFLOAD_PARAMETERS", "sizeof(NDIS_OFFLOAD_PARAMETERS) == 28")],
    "-DNDIS650_MINIPORT": [
        ("NDIS_SUPPORT_NDIS650", "NDIS_SUPPORT_NDIS650 == 1 && NDIS_SUPPORT_NDIS651 == 0"),
        ("NDIS_OFFLOAD", "sizeof(NDIS_OFFLOAD) == 180"),
        ("NDIS_OFFLOAD_PARAMETERS", "sizeof(NDIS_OFFLOAD_PARAMETERS) == 32")],
    "-DNDIS680_MINIPORT": [
        ("NDIS_SUPPORT_NDIS680", "NDIS_SUPPORT_NDIS680 == 1 && NDIS_SUPPORT_NDIS681 == 0"),
        ("NDIS_OFFLOAD", "sizeof(NDIS_OFFLOAD) == 188")],
    "-DNDIS684_MINIPORT": [
        ("NDIS_PM_PROTOCOL_OFFLOAD", "sizeof(NDIS_PM_PROTOCOL_OFFLOAD) == 256"),
        ("NDIS_PM_PROTOCOL_OFFLOAD.V2",
         "offsetof(NDIS_PM_PROTOCOL_OFFLOAD, ProtocolOffloadParameters.Dot11RSNRekeyParametersV2.KEK) == 220"),
        ("NDIS_PM_PROTOCOL_OFFLOAD_REVISION_2",
         "NDIS_PM_PROTOCOL_OFFLOAD_REVISION_2 == 2 && NDIS_SIZEOF_NDIS_PM_PROTOCOL_OFFLOAD_REVISION_1 == 240 && "
         "NDIS_SIZEOF_NDIS_PM_PROTOCOL_OFFLOAD_REVISION_2 == 256")],
    "-DKMDF_VERSION_MINOR=25": [("WdfSpecialFileMax", "WdfSpecialFileMax == 5")],
    "-DKMDF_VERSION_MINOR=31": [("WdfSpecialFileMax", "WdfSpecialFileMax == 7")],
    "-DNT_PROCESSOR_GROUPS": [
        ("CM_PARTIAL_RESOURCE_DESCRIPTOR",
         "offsetof(CM_PARTIAL_RESOURCE_DESCRIPTOR, u.Interrupt.Group) == 6 && "
         "offsetof(CM_PARTIAL_RESOURCE_DESCRIPTOR, u.MessageInterrupt.Raw.Group) == 4 && "
         "offsetof(CM_PARTIAL_RESOURCE_DESCRIPTOR, u.MessageInterrupt.Translated.Group) == 6")],
}


def values(language):
    for name, kind, value in facts("values"):
        sign, size = kind[0], int(kind[1:]) // 8
        yield name, f"(unsigned long long)({name}) == (unsigned long long)({value}{'ull' if sign == 'u' else 'll'})"
        if language == "c":
            yield name, f"sizeof({name}) == {size} && ((__typeof__({name}))-1 {'>' if sign == 'u' else '<'} 0)"


def records():
    for name, size, alignment, *members in facts("records"):
        yield name, f"sizeof({name}) == {size} && ALIGNED({name}) == {alignment}"
        for member, place in (member.split("=") for member in members):
            if ":" not in place:
                yield f"{name}.{member}", f"offsetof({name}, {member}) == {place}"


def prototypes():
    for kind in ("functions", "types"):
        for name, *words in facts(kind):
            yield name, f"__builtin_types_compatible_p(__typeof__({name}), {' '.join(words)})"


def integers():
    """Where a pointer's size has another name, an integer's is still the same."""
    sizes = {"char": 1, "short": 2, "int": 4, "long long": 8}
    for name, *words in facts("types"):
        found = re.fullmatch(r"(unsigned |signed )?(char|short|int|long long)", " ".join(words))
        if found:
            sign = ">" if found[1] == "unsigned " else "<"
            yield name, f"sizeof({name}) == {sizes[found[2]]} && ({name})-1 {sign} ({name})0"
        elif re.fullmatch(r"[\w ]+\*+", " ".join(words)):
            yield name, f"sizeof({name}) == 8"


def source(checks):
    """A unit whose line numbers are the checks', from 1."""
    lines = [f"#include <{header}>" for header in HEADERS]
    lines += [ASSERT, '#line 1 "kit"']
    lines += [f'SAME({condition}, "{name}");' for name, condition in checks]
    return "\n".join(lines) + "\n"


def all_facts(view):
    _, language, _, windows = view
    return [*values(language), *records(), *(prototypes() if windows else integers())]


def wrong(include, view, checks):
    """Yields each name that is something else."""
    compiler, language, flags, _ = view
    limit = "-ferror-limit=0" if "clang" in compiler else "-fmax-errors=0"
    run = subprocess.run([compiler, "-x", language, "-fsyntax-only", limit, *flags, *include, "-"], input=source(checks),
                         text=True, capture_output=True, check=False)
    for number in sorted({int(n) for n in re.findall(r"^kit:(\d+):\d+: error", run.stderr, re.M)}):
        yield f"{checks[number - 1][0]}: not {checks[number - 1][1]}"
    if run.returncode and "kit:" not in run.stderr:
        yield run.stderr


def bit_fields():
    """A program that fails for the first bit-field that lies elsewhere."""
    body = []
    for name, _, _, *members in facts("records"):
        for member, place in (member.split("=") for member in members):
            if ":" in place:
                first, width = map(int, place.split(":"))
                body.append(f'\t{{ {name} one; memset(&one, 0, sizeof(one)); one.{member} = ~0;\n'
                            f'\t  if (!lies(&one, sizeof(one), {first}, {width})) bad("{name}.{member}"); }}')
    return "\n".join([
        *(f"#include <{header}>" for header in HEADERS),
        "int printf(const char *, ...);",
        "static int wrong;",
        'static void bad(const char *name) { printf("%s: another bit\\n", name); wrong = 1; }',
        "static int lies(const void *at, unsigned size, unsigned first, unsigned width)",
        "{\n\tfor (unsigned i = 0; i < size * 8; i++)",
        "\t\tif (((((const unsigned char *)at)[i / 8] >> i % 8) & 1) != (i >= first && i < first + width))",
        "\t\t\treturn 0;\n\treturn 1;\n}",
        "int main(void)\n{", *body, "\treturn wrong;\n}", ""]), len(body)


def misplaced(include, compiler):
    text, count = bit_fields()
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "bits"
        subprocess.run([compiler, "-x", "c", *DRIVER, "-std=gnu17", *include, "-o", program, "-",
                        "-Wl,--unresolved-symbols=ignore-all"],
                       input=text, text=True, check=True)
        run = subprocess.run([program], text=True, capture_output=True, check=False)
    yield from run.stdout.splitlines()
    if run.returncode < 0 or count < 40:
        yield f"{count} bit-fields, {run.returncode}"


def main():
    root = pathlib.Path(sys.argv[1])
    include = [f"-I{root}/include/wdk"]
    failed = []

    for view in VIEWS:
        if shutil.which(view[0]):
            failed += [f"{view[0]}{' for Windows' if view[3] else ''}: {text}" for text in wrong(include, view, all_facts(view))]
            failed += [f"{view[0]} {flags}: {text}" for flags, checks in LATER.items()
                       for text in wrong([*include, *flags.split()], view, checks)]
        else:
            print(f"skipped: no {view[0]}")
    for compiler in filter(shutil.which, ("clang", "gcc")):
        failed += [f"{compiler}: {text}" for text in misplaced(include, compiler)]
    count = sum(1 for name in ("values", "records", "functions", "types") for _ in facts(name))
    print(f"{count} facts, {len(failed)} wrong")
    print("\n".join(failed[:40]))
    return 1 if failed or count < 1300 else 0


if __name__ == "__main__":
    sys.exit(main())
