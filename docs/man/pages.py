#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
The pages of netcx' commands, of what the commands themselves say with --help.

    pages.py NETCX VERSION FOLDER PAGE ...

A help text is Usage:, then blocks with blank lines between them: options (lines that begin with two spaces),
"Exit codes:", "Examples:", and paragraphs.
"""

import pathlib
import re
import subprocess
import sys

SEE = ".SH \"SEE ALSO\"\n%s\n"


def said(netcx, *words):
    return subprocess.run([netcx, *words], capture_output=True, text=True, check=True).stdout


def plain(text):
    """As roff wants it, wherever in a line it stands."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("~", "\\(ti").replace("^", "\\(ha")
    return re.sub(r"^(?=[.'])", "\\\\&", text)


def literal(lines):
    return [".nf", *(plain(line) or "" for line in lines), ".fi"]


def indent_of(line):
    return len(line) - len(line.lstrip())


def options(lines):
    """Tags with their text; what stands deeper than the text is a table, and stays as it is."""
    out, column, table = [], 0, []

    def end_of_table():
        if table:
            out.extend([".RS 4", *literal(table), ".RE"])
            table.clear()

    for line in lines:
        if indent_of(line) == 2:
            end_of_table()
            tag, _, text = line.strip().partition("  ")
            column = line.index(text.lstrip(), 2 + len(tag)) if text else 0
            out += [".TP", ".B " + plain(tag)]
            if text:
                out.append(plain(text.lstrip()))
        elif column and indent_of(line) > column:
            table.append(line[column:])
        else:
            end_of_table()
            column = column or indent_of(line)
            out.append(plain(line.strip()))
    end_of_table()
    return out


def sections(text):
    """Yields (heading, lines of roff)."""
    blocks = [block.split("\n") for block in re.split(r"\n\n+", text.strip("\n"))]
    usage = [line[7:] for line in blocks[0]]
    yield "SYNOPSIS", literal(usage)
    heading = "DESCRIPTION"
    for block in blocks[1:]:
        first = block[0]
        if first.startswith("Exit codes: "):
            lines = [plain(line) for line in [first[12:], *block[1:]]]
            lines[0] = lines[0][0].upper() + lines[0][1:]
            yield "EXIT STATUS", lines
        elif first.startswith("Bugs and questions: "):
            yield "REPORTING BUGS", [plain(first[20:])]
        elif re.match(r"Examples?:$", first):
            yield "EXAMPLES", literal([line[2:] for line in block[1:]])
        elif indent_of(first) == 2:
            yield "OPTIONS", options(block)
            heading = "NOTES"
        else:
            yield heading, [".PP", *(plain(line) for line in block)]


def page(name, summary, text, version, see):
    out = ['.\\" SPDX-License-Identifier: MIT', '.\\" Made by pages.py of what the command says with \\-\\-help.',
           f'.TH "{name.upper()}" 1 "" "netcx {version}" "netcx commands"', ".SH NAME",
           f"{plain(name)} \\- {plain(summary)}"]
    written = []
    parts = {}
    for heading, lines in sections(text):
        if heading not in parts:
            written.append(heading)
        parts.setdefault(heading, []).extend(lines)
    order = ["SYNOPSIS", "DESCRIPTION", "COMMANDS", "OPTIONS", "NOTES", "EXIT STATUS", "EXAMPLES", "REPORTING BUGS"]
    for heading in sorted(written, key=order.index):
        out += [f'.SH "{heading}"', *parts[heading]]
    return "\n".join(out) + "\n" + SEE % see


def main():
    netcx, version, folder, *wanted = sys.argv[1:]
    overview = said(netcx, "help")
    commands = re.findall(r"^  (\w+) +(.*)$", overview, re.M)
    names = ["netcx.1", *(f"netcx-{command}.1" for command, _ in commands if command != "help")]
    if sorted(names) != sorted(wanted):
        sys.exit(f"docs/man/meson.build: the pages are {' '.join(names)}")
    folder = pathlib.Path(folder)
    # The overview's own sentence comes first, and its list of commands is one of options.
    sentence, usage, rest = overview.split("\n\n", 2)
    see = ", ".join(f"netcx\\-{command} (1)" for command, _ in commands if command != "help")
    text = page("netcx", "runs NetAdapterCx drivers on Linux", "\n\n".join([usage, sentence, rest]), version, see)
    (folder / "netcx.1").write_text(text.replace('.SH "OPTIONS"', '.SH "COMMANDS"'), encoding="utf-8")
    for command, summary in commands:
        if command != "help":
            text = page(f"netcx-{command}", summary, said(netcx, command, "--help"), version, "netcx (1)")
            (folder / f"netcx-{command}.1").write_text(text, encoding="utf-8")


main()
