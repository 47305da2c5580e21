#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
docs/ddi.md against the headers, the program and the tests: each public name of NetAdapterCx 1.3 and 2.0 to 2.5 has
one row, with the versions whose headers have it; a function that netcx does not export says "not yet"; the tests
that a row names are there and use the name. Each export has a place in a sweep over IRQLs (irql_list.h).

    ddi.py ROOT NETCX            check
    ddi.py ROOT NETCX --write    bring the table up to date; remarks are kept, and tests that still use the name
"""

import pathlib
import re
import subprocess
import sys

PREVIEW = -1  # 2.0 with its preview headers
MINORS = [0, PREVIEW, 1, 2, 3, 4, 5]
KINDS = {"function": "Functions", "callback": "Callbacks", "inline": "Inline functions and macros"}
NOTHING = "–"
LATER = "not yet"
UNTESTED = "nothing yet"

# What the headers of 1.3 have to be included for, and those of 2.x besides netadaptercx.h.
HEADERS_1_3 = ["netadaptercx", "checksumtypes", "lsotypes", "rsctypes", "netadapteroffload"]
PREVIEWS = ["netadapter", "netadapteroffload", "netrequest", "netrequestqueue", "netfuncenum"]
EXTENSIONS = ["checksum", "gso", "lso", "rsc", "ieee8021q", "packethash", "logicaladdress", "virtualaddress", "mdl",
              "returncontext", "databuffer", "wifi/exemptionaction"]
# They call everything, in the wrong way: no test of a function by itself.
SWEEPS = ["irql_list.h", "rules_irql.c"]
# Ours, or what a driver does not use by itself.
PRIVATE = re.compile(r"NETCX_|^netcx_|_WORKER$|^NETEXPORT|^NET_FUNC")


def preprocessed(root, folder, major, minor, headers):
    """Yields (line, is it one of NetAdapterCx' headers)."""
    source = "#include <ntddk.h>\n#include <wdf.h>\n" + "".join(f"#include <{name}.h>\n" for name in headers)
    command = ["gcc", "-E", "-dD", "-x", "c", "-std=gnu17", "-fshort-wchar", "-fms-extensions", "-D_KERNEL_MODE",
               f"-DNETADAPTER_VERSION_MAJOR={major}", f"-DNETADAPTER_VERSION_MINOR={minor}",
               f"-I{root}/include/wdk", f"-I{root}/include/netadaptercx/{folder}", "-"]
    text = subprocess.run(command, input=source, capture_output=True, text=True, check=True).stdout
    ours = False
    for line in text.splitlines():
        marker = re.match(r'# \d+ "([^"]*)"', line)
        if marker:
            ours = "/netadaptercx/" in marker[1] or "/parts/netcx" in marker[1]
        elif ours:
            yield line


def names_of(lines):
    """What a version's headers declare: {name: kind}."""
    found = {}
    lines = list(lines)
    for line in lines:
        macro = re.match(r"#define (NET\w+|Net\w+)\(", line)
        if macro and not PRIVATE.search(macro[1]):
            found[macro[1]] = "inline"
    text = " ".join(line for line in lines if not line.startswith("#"))
    for name in re.findall(r'"netcx_2_" "(\w+)"|\bnetcx_1_3_(\w+)', text):
        found[name[0] or name[1]] = "function"
    for name in re.findall(r"\btypedef [^;{}]*?\b(EVT_\w+)\s*\(", text):
        found[name] = "callback"
    for name in re.findall(r"inline __attribute__\(\(always_inline\)\)[\w\s*]*?\b(\w+)\s*\(", text):
        if not PRIVATE.search(name):
            found[name] = "inline"
    return found


def public_names(root):
    """{name: [kind, is it in 1.3, first minor version of 2.x or None, last one]}"""
    names = {}
    for name, kind in names_of(preprocessed(root, "1.3", 1, 3, HEADERS_1_3)).items():
        names[name] = [kind, True, None, None]
    for minor in MINORS:
        preview = minor == PREVIEW
        headers = ["preview/netadaptercx" if preview else "netadaptercx"]
        headers += [f"preview/{name}" for name in PREVIEWS if preview] + [f"net/{name}" for name in EXTENSIONS]
        for name, kind in names_of(preprocessed(root, "2", 2, max(minor, 0), headers)).items():
            row = names.setdefault(name, [kind, False, None, None])
            if row[2] is None:
                row[2] = minor
            row[3] = max(minor, 0)
    return names


def exports_of(netcx):
    lines = subprocess.run(["nm", "-D", "--defined-only", netcx], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r" T (netcx_(?:1_3|2)_\w+)", lines))


def versions(name, row, exports):
    """The two columns of versions."""
    kind, old, first, last = row
    column = ["yes" if old else NOTHING, NOTHING]
    if first is not None:
        column[1] = "2.0 preview" if first == PREVIEW else f"2.{first}"
        if last < 5:
            column[1] += "" if first == PREVIEW else f" to 2.{last}"
    if kind == "function":
        if old and f"netcx_1_3_{name}" not in exports:
            column[0] = LATER
        if first is not None and f"netcx_2_{name}" not in exports:
            column[1] += f", {LATER}"
    return column


def members_of(root):
    """{EVT_X: {members of structures and parameters that are a PFN_X, in small letters}}"""
    members = {}
    for folder in ("include/netadaptercx", "include/wdk/parts"):
        for path in (root / folder).rglob("*.h"):
            for name, member in re.findall(r"\bPFN_(\w+)\s+(\w+)", path.read_text(encoding="utf-8")):
                members.setdefault(f"EVT_{name}", set()).add(member.lower())
    return members


def uses(root):
    """{word: files of tests and of our drivers that have it}; a callback also by its member's name."""
    words = {}
    for folder in ("tests", "drivers"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in (".c", ".h", ".cpp", ".inc") or path.name in SWEEPS:
                continue
            for word in set(re.findall(r"\b(?:Net|NET|EVT_|Evt|Wifi)\w+", path.read_text(encoding="utf-8"))):
                word = word.lower() if word.startswith("Evt") else word
                words.setdefault(word, []).append(str(path.relative_to(root)))
    return words


def files_of(name, words, members):
    """By its name, and a callback also by the member that has it."""
    return sorted({f for word in (name, *members.get(name, ())) for f in words.get(word, [])})


def preference(path, old, new):
    """Tests of the shape first, then their drivers, then what else runs under a test."""
    ours = [("tests/cx2/", new), ("tests/cx/", old)]
    for number, (folder, wanted) in enumerate(ours):
        if path.startswith(folder):
            return (0 if wanted else 3, number, "/drivers/" in path, path)
    return (2 if path.startswith("tests/headers/") else 1 if path.startswith("tests/") else 4, 9, False, path)


def tests_for(name, row, files, before):
    """One file for 1.3 and one for 2.x, where there are."""
    chosen = []
    for old, new in ((True, False), (False, True)):
        if (old and not row[1]) or (new and row[2] is None):
            continue
        best = sorted(files, key=lambda path: preference(path, old, new))
        kept = [path for path in before if path in files and path in best[:1]]
        chosen += [path for path in (kept or best[:1]) if path not in chosen]
    return chosen


def read_table(path):
    """{name: (kind, cells)} of docs/ddi.md, in order."""
    rows, kind = {}, None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("## "):
            kind = next((k for k, title in KINDS.items() if line == f"## {title}"), None)
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not kind or not line.startswith("| ") or cells[0] == "name":
            continue
        name = cells[0].strip("`")
        if len(cells) != 5 or name in rows:
            sys.exit(f"{path}:{number}: {name}: five cells, once, are expected")
        rows[name] = (kind, cells)
    return rows


def write(path, names, exports, files, before):
    text = path.read_text(encoding="utf-8")
    for kind, title in KINDS.items():
        lines = ["| name | 1.3 | 2.x | tested by | remarks |", "|---|---|---|---|---|"]
        for name in sorted(n for n in names if names[n][0] == kind):
            old, new = versions(name, names[name], exports)
            cells = before.get(name, (kind, ["", "", "", "", ""]))[1]
            found = tests_for(name, names[name], files(name), cells[3].replace("`", "").split(", "))
            missing = LATER in old or (LATER in new and old == NOTHING)
            tested = ", ".join(f"`{file}`" for file in found) if found and not missing else \
                NOTHING if missing else UNTESTED
            lines.append(f"| `{name}` | {old} | {new} | {tested} | {cells[4]} |")
        text = re.sub(rf"(## {re.escape(title)}\n).*?(?=\n## |\Z)",
                      lambda match, rows=lines: match[1] + "\n" + "\n".join(rows) + "\n", text, flags=re.S)
    path.write_text(text, encoding="utf-8")


def check(names, exports, files, table):
    wrong = []
    for name in sorted(set(names) - set(table)):
        wrong.append(f"{name} ({names[name][0]}) is declared and has no row")
    for name in sorted(set(table) - set(names)):
        wrong.append(f"{name} has a row and is declared in no version")
    for name, (kind, cells) in table.items():
        if name not in names:
            continue
        if kind != names[name][0]:
            wrong.append(f"{name} is among the {kind}s and is declared as {names[name][0]}")
        expected = versions(name, names[name], exports)
        if cells[1:3] != expected:
            wrong.append(f"{name} says {cells[1:3]}, headers and exports say {expected}")
        for test in cells[3].replace("`", "").split(", "):
            if test not in (NOTHING, UNTESTED) and test not in files(name):
                wrong.append(f"{name} is tested by {test}, which does not use it or is not there")
    declared = {f"netcx_1_3_{n}" for n in names if names[n][1]} | \
               {f"netcx_2_{n}" for n in names if names[n][2] is not None}
    for export in sorted(exports - declared):
        wrong.append(f"{export} is exported and declared in no header")
    return wrong


def not_swept(root, exports):
    """Exports that the sweeps of tests/cx and tests/cx2 do not call at an IRQL that is too high."""
    for prefix, path in (("netcx_1_3_", "tests/cx/drivers/irql_list.h"), ("netcx_2_", "tests/cx2/drivers/irql_list.h")):
        text = (root / path).read_text(encoding="utf-8")
        # In small letters, since 1809 exports a name in another case than its page has it.
        swept = {(prefix + name).lower() for name in re.findall(r"^[A-Z_0-9]+\((\w+),", text, re.MULTILINE)}
        for export in sorted(name for name in exports if name.startswith(prefix)):
            if export.lower() not in swept:
                yield f"{export} is not in {path}"


def main():
    root, netcx = pathlib.Path(sys.argv[1]), sys.argv[2]
    path = root / "docs" / "ddi.md"
    names, exports, words = public_names(root), exports_of(netcx), uses(root)
    table, members = read_table(path), members_of(root)

    def files(name):
        return files_of(name, words, members)

    if sys.argv[3:] == ["--write"]:
        write(path, names, exports, files, table)
        return
    wrong = check(names, exports, files, table) + list(not_swept(root, exports))
    for line in wrong:
        print(line)
    if wrong:
        sys.exit("docs/ddi.md: tests/headers/ddi.py ROOT NETCX --write brings it up to date; then read the difference")
    print(f"{len(table)} names agree")


if __name__ == "__main__":
    main()
