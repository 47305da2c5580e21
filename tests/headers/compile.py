#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Each driver-facing header compiles alone, whoever includes it: host or driver, C or C++, gcc or clang.
The values of what is in them are right (values.c), and annotations are accepted where the documents
show them (annotations.c).
"""

import concurrent.futures
import pathlib
import shutil
import subprocess
import sys

WARNINGS = ["-Wall", "-Wextra", "-Werror", "-fsyntax-only"]
DRIVER = ["-fshort-wchar", "-fms-extensions", "-D_KERNEL_MODE"]
WINDOWS = DRIVER + ["-fms-compatibility", "-mms-bitfields"]

# What a unit is compiled as: compiler, language, flags.
KINDS = [
    ("gcc", "c", ["-std=gnu17"]),
    ("gcc", "c", ["-std=c17"]),
    ("gcc", "c", ["-std=gnu17", *DRIVER]),
    ("g++", "c++", ["-std=c++14"]),
    ("g++", "c++", ["-std=c++17", "-fshort-wchar"]),
    ("clang", "c", ["-std=gnu17"]),
    ("clang", "c", ["-std=gnu17", *WINDOWS]),
    ("clang++", "c++", ["-std=c++14", *WINDOWS]),
    ("clang++", "c++", ["-std=c++17", *DRIVER]),
]

# The two files hold on Windows itself, too: what they say is not ours to choose.
TARGET = ["--target=x86_64-pc-windows-msvc", "-ffreestanding", "-nostdlibinc", "-fms-extensions", "-D_KERNEL_MODE"]
FOR_WINDOWS = [("clang", "c", ["-std=gnu17", *TARGET]), ("clang++", "c++", ["-std=c++17", *TARGET])]
FILES = ["values.c", "annotations.c"]

# glibc's own headers come first in host code; what they declare must agree with ours.
SYSTEM = "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <errno.h>\n" \
         "#include <pthread.h>\n#include <unistd.h>\n#include <poll.h>\n#include <net/if.h>\n" \
         "#include <sys/queue.h>\n#include <sys/socket.h>\n#include <linux/if_ether.h>\n"


def compile_unit(include, kind, text):
    compiler, language, flags = kind
    command = [compiler, "-x", language, *flags, *WARNINGS, *include, "-"]
    result = subprocess.run(command, input=text, text=True, capture_output=True, check=False)
    return result.returncode, result.stderr


def jobs(headers):
    here = pathlib.Path(__file__).parent
    for kind in KINDS + FOR_WINDOWS:
        if shutil.which(kind[0]):
            for name in FILES:
                yield kind, f'#line 1 "{name}"\n' + (here / name).read_text(encoding="utf-8")
    for kind in KINDS:
        if not shutil.which(kind[0]):
            print(f"skipped: no {kind[0]}")
            continue
        for header in headers:
            yield kind, f"#include <{header}>\nextern int unit;\n"
        # -fms-compatibility hides __GNUC__, which glibc's headers do not survive.
        if "-fms-compatibility" not in kind[2]:
            yield kind, SYSTEM + "#include <netadaptercx.h>\n"
            yield kind, "#include <netadaptercx.h>\n#include <string.h>\n#include <stdio.h>\n"


def must_fail(include):
    """A version that is not there is refused, with a message that names the one that is."""
    for version in ("-DNETADAPTER_VERSION_MAJOR=2 -DNETADAPTER_VERSION_MINOR=0",
                    "-DNETADAPTER_VERSION_MAJOR=1 -DNETADAPTER_VERSION_MINOR=2"):
        kind = ("gcc", "c", version.split())
        code, errors = compile_unit(include, kind, "#include <netadaptercx.h>\n")
        if code == 0 or "NetAdapterCx 1.3" not in errors:
            return [f"{version}: not refused\n{errors}"]
    # A wrong value is one, in both languages.
    values = (pathlib.Path(__file__).parent / "values.c").read_text(encoding="utf-8")
    for kind in (("gcc", "c", ["-DWRONG"]), ("g++", "c++", ["-DWRONG"])):
        code, errors = compile_unit(include, kind, values)
        if code == 0 or "12345" not in errors:
            return [f"{kind[1]}: a wrong value is not refused\n{errors}"]
    return []


def main():
    root = pathlib.Path(sys.argv[1])
    folders = [root / "include/wdk", root / "include/netadaptercx/1.3"]
    include = [f"-I{folder}" for folder in folders]
    headers = [str(path.relative_to(folder)) for folder in folders for path in sorted(folder.rglob("*.h"))]
    failed = must_fail(include)
    count = 0

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        todo = list(jobs(headers))
        for (kind, text), (code, errors) in zip(todo, pool.map(
                lambda job: compile_unit(include, *job), todo)):
            count += 1
            if code:
                failed.append(f"{' '.join([kind[0], *kind[2]])}\n{text[:300]}\n{errors}")
    print(f"{count} units of {len(headers)} headers, {len(failed)} failed")
    print("\n".join(failed[:5]))
    return 1 if failed or not headers else 0


if __name__ == "__main__":
    sys.exit(main())
