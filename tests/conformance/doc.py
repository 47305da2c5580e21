#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
docs/conformance.md has the cases of `netcx test --list`, between two marks.

    doc.py ROOT NETCX            check
    doc.py ROOT NETCX --write    bring it up to date
"""
import json
import pathlib
import subprocess
import sys

BEGIN, END = "<!-- cases -->\n", "<!-- end of cases -->\n"


def table(cases):
    lines = []
    group = None
    for case in cases:
        if case["name"].split("/")[0] != group:
            group = case["name"].split("/")[0]
            lines += ["", f"### {group}", "", "| case | rule | source | on Windows you would see |", "|---|---|---|---|"]
        lines.append(f"| `{case['name']}` | {case['rule']} | {case['source']} | {case['windows']} |")
    return "\n".join(lines) + "\n\n"


def main():
    root, netcx = sys.argv[1:3]
    page = pathlib.Path(root, "docs", "conformance.md")
    cases = json.loads(subprocess.run([netcx, "test", "--list", "--json"], capture_output=True, check=True).stdout)
    text = page.read_text()
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    wanted = before + BEGIN + table(cases) + END + after
    if "--write" in sys.argv:
        page.write_text(wanted)
    elif text != wanted:
        sys.exit(f"{page} has not the cases of `netcx test --list`: {sys.argv[0]} ROOT NETCX --write brings it up to date")


main()
