#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
The page of liblso's types, of what its headers say of each member and constant.

    types.py VERSION ISSUES OUTPUT HEADER ...
"""

import pathlib
import re
import sys

COMMENT = re.compile(r"/\*(.*?)\*/", re.S)
BLOCK = re.compile(r"((?:/\*(?:(?!\*/).)*\*/\n)?)^(enum|struct) ?(\w*) \{((?:(?!^(?:enum|struct)\b).)*?)\}[^;{}]*;", re.S | re.M)
MACRO = re.compile(r"^#define (LSO_\w+)\s+(\S+)(?:\s*/\*(.*?)\*/)?", re.M)


def words(comment):
    text = " ".join(line.strip(" \t*") for line in comment.split("\n"))
    return re.sub(r"\s+", " ", text).strip()


def plain(text):
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("^", "\\(ha")
    return re.sub(r"^(?=[.'])", "\\\\&", text)


def members(kind, body):
    """Yields (names, what is said of them)."""
    # A comment of several lines is one; it is behind a declaration on its line, or stands before one.
    body = COMMENT.sub(lambda m: "/*" + words(m[1]) + "*/", body)
    before = ""
    out = []
    for line in body.split("\n"):
        comment = " ".join(c.strip() for c in COMMENT.findall(line))
        code = COMMENT.sub("", line).strip()
        if not code:
            if comment:
                before = (before + " " + comment).strip()
            continue
        type_of = ""
        if kind == "enum":
            names = re.findall(r"\b(LSO_\w+)\b(?=\s*(?:=[^,]*)?(?:,|$))", code)
        else:
            call = re.search(r"\(\*(\w+)\)", code)
            type_of = "A function." if call else re.sub(r"\s*\*?\w+(\[|,|;).*", "", code) + "."
            names = [call[1]] if call else re.findall(r"(\w+)(?:\[[^\]]*\])?(?=\s*[,;])", code.split("__attribute__")[0] + ";")
        if names:
            out.append((names, (before + " " + comment).strip() or type_of))
            before = ""
        elif comment and out:
            out[-1] = (out[-1][0], (out[-1][1] + " " + comment).strip())
    return out


def main():
    version, issues, output, *headers = sys.argv[1:]
    roff = ['.\\" SPDX-License-Identifier: MIT', '.\\" Made by types.py of the headers.',
            f'.TH LSO_TYPES 3 "" "liblso {version}" "netcx"', ".SH NAME",
            "lso_types \\- structures, enumerations and constants of liblso", ".SH SYNOPSIS", ".nf",
            ".B #include <netcx/lso.h>", ".fi", ".SH DESCRIPTION"]
    for header in headers:
        text = pathlib.Path(header).read_text(encoding="utf-8")
        for comment, kind, name, body in BLOCK.findall(text):
            if "(" in name:
                continue
            found = members(kind, body)
            if not found:
                continue
            roff += [f".SS {kind} {name}".rstrip(), plain(words(comment.strip()[2:-2])) or "What follows."]
            for names, said in found:
                roff += [".TP", ".BR " + ' ", " '.join(names) if len(names) > 1 else ".B " + names[0],
                         plain(said) or "See above."]
        for name, value, said in MACRO.findall(text):
            roff += [".TP", f".B {name}", plain(f"{value}. {words(said)}".strip())]
    roff += [".SH REPORTING BUGS", plain(issues)]
    roff += [".SH SEE ALSO", ".BR lso (3),", ".BR lso_checksum (3),", ".BR lso_coalesce (3)"]
    pathlib.Path(output).write_text("\n".join(roff) + "\n", encoding="utf-8")


main()
