#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mutate.py DRIVER SOURCE... FOLDER: the sources with all mutants of the driver in them (mutants.py), as DRIVER-NAME."""
import pathlib
import sys

from mutants import ROWS


def split(old):
    """What is replaced, and what stands in front of it and behind."""
    if "[[" not in old:
        return "", old, "", False
    before, rest = old.split("[[", 1)
    text, after = rest.rsplit("]]", 1)
    return before, text, after, True


def place_of(source, row):
    before, text, after, expression = split(row.old)
    if source.count(before + text + after) != 1:
        sys.exit(f"mutants.py: \"{row.name}\": \"{before + text + after}\" does not stand once in {row.file} of {row.driver}")
    start = source.index(before + text + after) + len(before)
    return start, start + len(text), expression


def chosen(text, rows, expression):
    for row in rows:
        if expression:
            text = f"(NetcxMutant == {row.number} ? ({row.new}) : ({text}))"
        else:
            text = f"{{ if (NetcxMutant == {row.number}) {{ {row.new} }} else {{ {text} }} }}"
    return text


def mutate(path, rows):
    source = path.read_text()
    places = {}
    for row in rows:
        places.setdefault(place_of(source, row), []).append(row)
    for (start, end, expression), there in sorted(places.items(), reverse=True):
        source = source[:start] + chosen(source[start:end], there, expression) + source[end:]
    return f'extern int NetcxMutant;\n#line 1 "{path}"\n' + source


def main():
    driver, sources, folder = sys.argv[1], sys.argv[2:-1], sys.argv[-1]
    paths = {pathlib.Path(s).name: pathlib.Path(s) for s in sources}
    for row in ROWS:
        if row.driver == driver and row.file not in paths:
            sys.exit(f"mutants.py: \"{row.name}\": {row.file} is not among the sources of {driver}")
    for name, path in paths.items():
        text = mutate(path, [r for r in ROWS if (r.driver, r.file) == (driver, name)])
        pathlib.Path(folder, f"{driver}-{name}").write_text(text)


main()
