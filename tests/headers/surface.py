#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Holds surface.txt: every name in it is declared by our headers, in C and in C++, and is checked where
it says. A function of the host's that does nothing any more makes its test fail: each is tried.

surface.py SOURCE_ROOT BUILD_ROOT
"""

import concurrent.futures
import contextlib
import errno
import json
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
HEADERS = ["ntddk.h", "ntintsafe.h", "ntstrsafe.h", "wdf.h", "ndis.h", "netiodef.h", "netadaptercx.h", "evntrace.h",
           "TraceLoggingProvider.h"]
DRIVER = ["-fshort-wchar", "-fms-extensions", "-D_KERNEL_MODE", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]
COMPILERS = [("gcc", "c", "gnu17"), ("g++", "c++", "c++17"), ("clang", "c", "gnu17"), ("clang++", "c++", "c++17")]

TYPE = "extern {0} *netcx_probe_{0};"
MACRO = "#ifndef {0}\n#error {0} is not defined\n#endif"
# How a unit of one line says that a name is there, and is what it is said to be.
DECLARED = {
    "integer": "enum {{ netcx_probe_{0} = sizeof(({0})0 + ({0})1) }};",
    "enum": "enum {{ netcx_probe_{0} = sizeof(({0})0) }};",
    "record": "enum {{ netcx_probe_{0} = sizeof({0}) }};",
    "pointer": "enum {{ netcx_probe_{0} = sizeof(({0})0 == NULL) }};",
    "handle": "enum {{ netcx_probe_{0} = sizeof(({0})0 == NULL) }};",
    "opaque": TYPE,
    "callback": TYPE,
    "constant": "enum {{ netcx_probe_{0} = ({0}) != 12345 }};",
    "text": "enum {{ netcx_probe_{0} = sizeof({0}) }};",
    "word": MACRO,
    "macro": MACRO,
    "annotation": MACRO,
    "function": "enum {{ netcx_probe_{0} = sizeof(&{0}) }};",
}
# Where values.c states a name of these kinds; layout.py takes the records from surface.txt itself.
STATED = {
    "integer": r"INTEGER\({0},", "enum": r"INTEGER\({0},", "pointer": r"POINTER\({0},",
    "handle": r"POINTER\({0},", "opaque": r"SAME\({0},", "callback": r"(CALLBACK|POINTER)\({0},",
    "constant": r"(VALUE|STATUS)\({0},|C_ASSERT\({0} ==",
}
USED = {"macro": r"\b{0}\(", "function": r"\b{0}\(", "annotation": r"\b{0}\b", "word": r"\b{0}\b", "text": r"\b{0}\b"}


def read_names():
    """Yields kind, name, and where it is used and asserted."""
    for line in (HERE / "surface.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, name, *where = line.split()
            yield kind, name, where


def kit_names():
    """What kit.py compares with the kit's own headers."""
    for name in ("values", "records", "types", "functions"):
        text = (HERE / "kit" / f"{name}.txt").read_text(encoding="utf-8")
        yield from (line.split()[0] for line in text.splitlines() if not line.startswith("#"))


def bare(path):
    """A source without its comments and texts: what is in those is not checked."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.S)
    return re.sub(r'"(\\.|[^"\\\n])*"', '""', text)


def undeclared(root, names):
    """Compiler and name of what is not there."""
    include = [f"-I{root}/include/wdk", f"-I{root}/include/netadaptercx/1.3"]
    start = "".join(f"#include <{header}>\n" for header in HEADERS)
    for compiler, language, standard in COMPILERS:
        if not shutil.which(compiler):
            print(f"skipped: no {compiler}")
            continue
        source = start
        for number, (kind, name, _) in enumerate(names, 1):
            line = f'#line {number} "surface"\n'
            source += line + DECLARED[kind].format(name).replace("#error", line + "#error") + "\n"
        run = subprocess.run([compiler, "-x", language, f"-std={standard}", *DRIVER, *include, "-"],
                             input=source, text=True, capture_output=True, check=False,
                             env={**os.environ, "LC_ALL": "C"})
        for number in sorted({int(n) for n in re.findall(r"^surface:(\d+)(?::\d+)?: error", run.stderr, re.M)}):
            yield compiler, names[number - 1][1]
        if run.returncode and "surface:" not in run.stderr:
            yield compiler, run.stderr


def unchecked(root, names):
    """What is not used where surface.txt says, or is stated neither in values.c nor of the kit."""
    values = bare(HERE / "values.c")
    kit = set(kit_names())
    sources = {}
    for kind, name, where in names:
        if kind in STATED:
            if where or not (name in kit or re.search(STATED[kind].format(name), values)):
                yield f"{kind} {name} is stated neither in values.c nor of the kit"
        elif kind in USED:
            if not where or not all((root / "tests" / path).is_file() for path in where):
                yield f"{kind} {name} says nowhere where it is checked"
                continue
            if where[0] not in sources:
                sources[where[0]] = bare(root / "tests" / where[0])
            if not re.search(USED[kind].format(name), sources[where[0]]):
                yield f"{kind} {name} is not used in {where[0]}"
            if not re.search(r"/test_\w+\.c$|\.py$|headers/", where[-1]):
                yield f"{kind} {name}: {where[-1]} is no test"


# ---- the host's functions: one that does nothing must be missed ----
RETURN_ZERO = b"\x31\xc0\xc3"  # xor eax, eax; ret
FAILED = b"[  FAILED  ]"  # what cmocka says as a test fails


def place_of(program, symbols):
    """Symbol -> offset in the file, for what the program defines."""
    table = subprocess.run(["nm", "--defined-only", program], capture_output=True, text=True, check=True).stdout
    address = {words[2]: int(words[0], 16) for words in map(str.split, table.splitlines()) if len(words) == 3}
    data = pathlib.Path(program).read_bytes()
    offset, size, count = (struct.unpack_from(form, data, at)[0] for form, at in (("<Q", 32), ("<H", 54), ("<H", 56)))
    segments = [struct.unpack_from("<IIQQQQ", data, offset + i * size) for i in range(count)]
    for symbol in symbols & address.keys():
        for kind, _, at, virtual, _, length in segments:
            if kind == 1 and virtual <= address[symbol] < virtual + length:
                yield symbol, address[symbol] - virtual + at


def start(command, environment, errors):
    """A copy as the leader of a group, so that what it leaves behind can be ended with it."""
    while True:
        try:
            return subprocess.Popen(command, env={**os.environ, **environment}, start_new_session=True,
                                    stdout=subprocess.DEVNULL, stderr=errors)
        except OSError as error:
            # The other thread forked while the copy was open for writing; its child is gone soon.
            if error.errno != errno.ETXTBSY:
                raise
            time.sleep(0.02)


def survives(command, environment, folder, offset):
    """Whether a copy of the test program still passes with that function gone."""
    program = pathlib.Path(folder) / f"{pathlib.Path(command[0]).name}_{offset:x}"
    data = bytearray(pathlib.Path(command[0]).read_bytes())
    data[offset:offset + len(RETURN_ZERO)] = RETURN_ZERO
    program.write_bytes(data)
    program.chmod(0o755)
    said = program.with_suffix(".said")
    with said.open("wb") as errors:
        process = start([program, *command[1:]], environment, errors)
    end = time.monotonic() + 10
    try:
        # One test that failed is enough: the others need not end.
        while process.poll() is None and time.monotonic() < end and FAILED not in said.read_bytes():
            time.sleep(0.05)
        return process.poll() == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        program.unlink()
        said.unlink()


def unmissed(build, names):
    """Names of functions whose test passes without them, and how many were tried."""
    tests = {pathlib.Path(test["cmd"][0]).name: test
             for test in json.loads((build / "meson-info/intro-tests.json").read_text(encoding="utf-8"))}
    wanted = {}
    for kind, name, where in names:
        found = re.fullmatch(r"(\w+)/test_(\w+)\.c", where[-1]) if where else None
        if kind == "function" and found and found[1] != "headers":
            wanted.setdefault(f"test_{found[1]}_{found[2]}", []).append(name)
    jobs = []
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(6) as pool:
        # Most of the time is that of programs which hang without the function, and wait.
        for test, functions in wanted.items():
            command, environment = tests[test]["cmd"], tests[test]["env"]
            symbols = {symbol: name for name in functions for symbol in (name, f"netcx_1_3_{name}")}
            for symbol, offset in place_of(command[0], symbols.keys()):
                jobs.append((f"{symbols[symbol]} ({test})",
                             pool.submit(survives, command, environment, folder, offset)))
        return [name for name, job in jobs if job.result()], len(jobs)


def main():
    root, build = map(pathlib.Path, sys.argv[1:3])
    names = list(read_names())
    failed = [f"{name} is there twice" for name in {n for _, n, _ in names if [m for _, m, _ in names].count(n) > 1}]
    failed += [f"{name} is not declared ({compiler})" for compiler, name in undeclared(root, names)]
    failed += unchecked(root, names)
    # This can fail: a name that is not there, of each kind.
    missing = [(kind, f"netcx_missing_{kind}", ["headers/values.c"]) for kind in DECLARED]
    seen = list(undeclared(root, missing))
    present = sum(bool(shutil.which(compiler)) for compiler, _, _ in COMPILERS)
    if len(seen) != len(missing) * present:
        failed.append(f"of {len(missing)} missing names only these were missed: {seen}")
    if len(list(unchecked(root, missing))) < len(missing) - 1:
        failed.append("names that nobody checks were not missed")
    tried = 0
    if os.uname().machine == "x86_64":
        left, tried = unmissed(build, names)
        failed += [f"{name} can do nothing and its test passes" for name in left]
    print(f"{len(names)} names, {tried} functions taken away, {len(failed)} failures")
    print("\n".join(failed))
    return 1 if failed or len(names) < 400 else 0


if __name__ == "__main__":
    sys.exit(main())
