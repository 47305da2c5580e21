#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
The headers of user mode (include/um): each compiles alone, in both languages, by both compilers, and
what the Windows kit and ours both have is the same in both. um/*.txt are facts read from the kit's
own headers (um, shared), laid out for x86_64-pc-windows-msvc. Every function of ours is in them or
in OURS, the host exports each, tests/win32 calls it, and docs/win32.md lists it; --write brings that
list up to date.

um.py SOURCE_ROOT NETCX [--write]
"""

import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
FLAGS = ["-fshort-wchar", "-fms-extensions", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]
# Prototypes and signs are compared where types are Windows' own.
WINDOWS = ("clang", "c", "gnu17")
TARGET = ["--target=x86_64-pc-windows-msvc", "-ffreestanding", "-nostdlibinc"]
COMPILERS = [("gcc", "c", "gnu17"), ("g++", "c++", "c++17"), ("clang", "c", "gnu17"), ("clang++", "c++", "c++17")]
# Not in the kit's headers: exported by ntdll, and declared by who uses it.
OURS = {"RtlNtStatusToDosErrorNoTeb"}
# Declared, since wil's types name them, and not there: what they are for is not.
NAMED = set("""CancelThreadpoolIo ClosePrivateNamespace CloseThreadpoolIo DeleteBoundaryDescriptor DestroyPrivateObjectSecurity
FindClose FindCloseChangeNotification FreeSid UnmapViewOfFile WaitForThreadpoolIoCallbacks""".split())
SAME = "#ifdef __cplusplus\n#define SAME static_assert\n#define ALIGNED alignof\n#else\n" \
       "#define SAME _Static_assert\n#define ALIGNED _Alignof\n#endif\n"
DECLARED = re.compile(r"^(?!typedef|FORCEINLINE|static|inline|return)(?:DECLSPEC_NORETURN )?[A-Za-z]\w*(?: \w+)*[ *]+"
                      r"(?:WINAPI )?\*?(\w+)\(", re.M)


def facts(name):
    for line in (HERE / "um" / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split(" ")


def checks():
    """Name and condition, which holds in the kit."""
    for name, *words in facts("functions"):
        yield name, f"__builtin_types_compatible_p(__typeof__({name}), {' '.join(words)})", True
    for name, kind, value in facts("values"):
        sign, size = kind[0], int(kind[1:]) // 8
        text = f"{value}ull" if sign == "u" else f"({value}ll)"
        yield name, f"sizeof({name}) == {size} && (unsigned long long)({name}) == (unsigned long long){text}", False
        if size > 1:
            yield name, f"((__typeof__(({name}) + 0))-1 {'>' if sign == 'u' else '<'} 0)", True
    for name, size, alignment, *members in facts("records"):
        yield name, f"sizeof({name}) == {size} && ALIGNED({name}) == {alignment}", False
        for member, place in (text.split("=") for text in members):
            yield f"{name}.{member}", f"offsetof({name}, {member}) == {place}", False


def compile_text(include, compiler, text, flags=()):
    name, language, standard = compiler
    return subprocess.run([name, "-x", language, f"-std={standard}", *FLAGS, *flags, *include, "-"], input=text, text=True,
                          capture_output=True, check=False)


def wrong(include, compiler, headers, flags=()):
    """Yields what is not as in the kit."""
    mine = [(name, condition) for name, condition, target in checks() if flags or not target]
    text = "".join(f"#include <{header}>\n" for header in headers) + SAME + '#line 1 "um"\n'
    text += "\n".join(f'SAME({condition}, "{name}");' for name, condition in mine) + "\n"
    limit = "-ferror-limit=0" if "clang" in compiler[0] else "-fmax-errors=0"
    run = compile_text(include, compiler, text, [limit, "-w", *flags])
    for number in sorted({int(n) for n in re.findall(r"^um:(\d+):\d+: error", run.stderr, re.M)}):
        yield f"{compiler[0]}: {mine[number - 1][0]}: not {mine[number - 1][1]}"
    if run.returncode and "um:" not in run.stderr:
        yield run.stderr


def table(folder, headers):
    """The list in docs/win32.md, a row for each header."""
    yield "| header | functions |"
    yield "|---|---|"
    for header in headers:
        names = set(DECLARED.findall((folder / header).read_text(encoding="utf-8"))) - NAMED
        if names:
            yield f"| `{header}` | {', '.join(f'`{name}`' for name in sorted(names))} |"


def documented(root, folder, headers, write):
    page = root / "docs/win32.md"
    text = page.read_text(encoding="utf-8")
    expected = re.sub(r"\n\| header \|.*\Z", "", text, flags=re.S) + "\n" + "\n".join(table(folder, headers)) + "\n"
    if write:
        page.write_text(expected, encoding="utf-8")
    elif text != expected:
        yield "docs/win32.md: the list is not that of include/um: um.py --write"
    yield from (f"docs/win32.md does not say that {name} is not there" for name in sorted(NAMED) if f"`{name}`" not in text)


def main():
    root, netcx = map(pathlib.Path, sys.argv[1:3])
    folder = root / "include/um"
    include = [f"-I{folder}", f"-I{root}/include/wdk"]
    headers = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.h"))
    declared = {name for header in headers
                for name in DECLARED.findall((folder / header).read_text(encoding="utf-8"))}
    known = {name for name, *_ in facts("functions")} | OURS
    exported = set(re.findall(r" T (\w+)", subprocess.run(
        ["nm", "-D", "--defined-only", netcx], capture_output=True, text=True, check=True).stdout))
    failed = [f"{name} is not of the kit" for name in sorted(declared - known)]
    failed += [f"{name} is not declared" for name in sorted(known - declared)]
    failed += [f"{name} is not exported" for name in sorted(declared - NAMED - exported)]
    failed += [f"{name} is exported: it is none that is only named" for name in sorted(NAMED & exported)]
    tests = "".join(path.read_text(encoding="utf-8") for path in sorted((root / "tests/win32").glob("*.c")))
    failed += [f"{name} is called by no test in tests/win32" for name in sorted(declared - NAMED)
               if not re.search(rf"\b{name}\(", tests)]
    messages = (root / "src/win32/message.c").read_text(encoding="utf-8")
    failed += [f"FormatMessage has no name for {name}"
               for name in re.findall(r"^#define (ERROR_\w+) ", (folder / "winerror.h").read_text(encoding="utf-8"), re.M)
               if not re.search(rf"\({name}\)", messages)]
    failed += documented(root, folder, headers, "--write" in sys.argv)

    if shutil.which(WINDOWS[0]):
        failed += wrong([*include, f"-I{root}/include/crt"], WINDOWS, headers, TARGET)
    for compiler in COMPILERS:
        if not shutil.which(compiler[0]):
            print(f"skipped: no {compiler[0]}")
            continue
        failed += wrong(include, compiler, headers)
        for header in headers:
            run = compile_text(include, compiler, f"#include <{header}>\nextern int unit;\n")
            failed += [f"{compiler[0]} {header}: {run.stderr}"] if run.returncode else []
    print(f"{len(headers)} headers, {len(declared)} functions, {sum(1 for _ in checks())} facts, {len(failed)} wrong")
    print("\n".join(failed[:40]))
    return 1 if failed or len(declared) < 40 else 0


if __name__ == "__main__":
    sys.exit(main())
