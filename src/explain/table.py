#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
The facts that netcx explain has, from text to a table in C.

    table.py OUTPUT FACTS.txt ...

A fact begins with its kind and name; its lines follow, a tab, a key and the rest. A key that may come again makes
a list. What one names, "rules" and "see", another fact has to be.
"""

import re
import sys

LISTS = ["also", "cause", "where", "note"]
TEXTS = ["type", "versions", "irql", "what", "values", "read-by", "use", "since"]
NAMES = ["rules", "see", "for"]
# What a kind has to have, and what it may have besides.
KINDS = {
    "rule": (["what"], ["number", "parameter", "cause", "where", "note"]),
    "function": (["versions", "irql", "what"], ["cause", "where", "rules"]),
    "wdf": (["what"], ["cause", "where"]),
    "structure": (["what", "for"], ["versions", "cause", "where"]),
    "callback": (["type", "versions", "irql", "what", "see"], ["also", "cause", "where"]),
    "keyword": (["values", "read-by", "what"], ["cause", "where"]),
    "oid": (["value", "use", "since", "what"], ["cause", "where"]),
    "status": (["value", "what"], ["cause", "where"]),
    "indication": (["since", "what"], ["value", "cause", "where"]),
    "bugcheck": (["value", "what"], ["parameter", "cause", "where"]),
}


def fail(path, number, message):
    sys.exit(f"{path}:{number}: {message}")


def read(path):
    """Yields (kind, name, {key: [texts]}, where it stands)."""
    fact = None
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.rstrip("\n")
        if not line or line.startswith("#"):
            continue
        words = line.split(" ", 1)
        if line.startswith("\t"):
            key, _, rest = line[1:].partition(" ")
            if not fact or not rest:
                fail(path, number, "a line that belongs to nothing, or a key without text")
            if key not in sum(KINDS[fact[0]], []):
                fail(path, number, f"a {fact[0]} has no {key}")
            if key in fact[2] and key not in LISTS + ["number", "parameter"]:
                fail(path, number, f"{key} stands there twice")
            fact[2].setdefault(key, []).append(rest)
        elif len(words) == 2 and words[0] in KINDS:
            if fact:
                yield fact
            fact = (words[0], words[1], {}, (path, number))
        else:
            fail(path, number, f"{words[0]}: no kind of fact; {', '.join(KINDS)} are expected")
    if fact:
        yield fact


def check(facts):
    names = {}
    for kind, name, keys, place in facts:
        plain = name.lower().replace("_", "")
        if plain in names:
            fail(*place, f"{name} stands there twice")
        names[plain] = name
        for key in KINDS[kind][0]:
            if key not in keys:
                fail(*place, f"{name} has no {key}")
        for text in keys["what"]:
            if not re.match(r'[A-Z0-9"*].*\.$', text):
                fail(*place, f"{name}: what it is is a sentence, or several")
    known = {(kind, name) for kind, name, _, _ in facts}
    for kind, name, keys, place in facts:
        for key, of in (("rules", ["rule"]), ("see", ["function"]), ("for", ["function", "wdf"])):
            for word in " ".join(keys.get(key, [])).split():
                if not any((one, word) in known for one in of):
                    fail(*place, f"{name}: {word} is no {of[0]}")


def text(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def words(values):
    return "(const char *const[]){ " + ", ".join([*map(text, values), "0"]) + " }"


def numbers(values):
    rows = ["{ " + ", ".join([text(version), number]) + " }" for version, number in (v.split() for v in values)]
    return "(const struct explain_number[]){ " + ", ".join([*rows, "{ 0 }"]) + " }"


def parameters(values):
    rows = []
    for value in values:
        which, of, meaning = value.split(" ", 2)
        rows.append(f"{{ {which}, {'false, 0' if of == '-' else f'true, {of}'}, {text(meaning)} }}")
    return "(const struct explain_parameter[]){ " + ", ".join([*rows, "{ 0 }"]) + " }"


def row(kind, name, keys):
    fields = [f".kind = EXPLAIN_{kind.upper()}", f".name = {text(name)}"]
    if "value" in keys:
        fields.append(f".has_value = true, .value = {keys['value'][0]}")
    for key, values in keys.items():
        member = {"for": "see"}.get(key, key.replace("-", "_"))
        if key in TEXTS:
            fields.append(f".{member} = {text(values[0])}")
        elif key in LISTS:
            fields.append(f".{member} = {words(values)}")
        elif key in NAMES:
            fields.append(f".{member} = {words(values[0].split())}")
        elif key == "number":
            fields.append(f".numbers = {numbers(values)}")
        elif key == "parameter":
            fields.append(f".parameters = {parameters(values)}")
    return "\t{ " + ", ".join(fields) + " },"


def main():
    facts = [fact for path in sys.argv[2:] for fact in read(path)]
    check(facts)
    with open(sys.argv[1], "w", encoding="utf-8") as out:
        out.write('#include "explain/explain.h"\n\nconst struct explain_fact explain_facts[] = {\n')
        for kind, name, keys, _ in facts:
            out.write(row(kind, name, keys) + "\n")
        out.write("};\n\nconst size_t explain_count = sizeof(explain_facts) / sizeof(explain_facts[0]);\n")


main()
