# SPDX-License-Identifier: MIT
"""Which rules a function is held to, read from src/cx: the rules that its body names, and those of the functions it calls."""

import re

FUNCTION = re.compile(r"^(?!#)([A-Za-z_][\w \t\*\n]*?)\b(\w+)\(((?:[^{};])*?)\)\s*\n?\{(.*?)^\}", re.S | re.M)
MACRO = re.compile(r"#define (\w+)\((?:[^)]*)\)((?:[^\n]*\\\n)*[^\n]*)")
NAMED = re.compile(r"\bCX_([A-Z0-9_]+)\b|\b(\w+)\s*\(")
DEPTH = 6
SHAPES = {"1.3": "netcx_1_3_", "2": "netcx_2_"}


def rule_names(root):
    """{constant: name} of verifier.h"""
    text = (root / "src/cx/verifier.h").read_text(encoding="utf-8")
    names = dict(re.findall(r"X\((\w+),\s*(?:\\\s*)?(\w+)\)", text))
    names.pop("constant", None)
    return names


def rule_book(root, path, array):
    """The names of an array of rules, in their order: their numbers."""
    text = (root / path).read_text(encoding="utf-8")
    body = re.search(array + r"\[\] = \{(.*?)\};", text, re.S)[1]
    return [rule_names(root)[constant] for constant in re.findall(r"CX_(\w+)", body)]


class Code:
    """The functions and macros of some files; what is static, or a macro of a C file, is its file's own."""

    def __init__(self, paths):
        self.own, self.shared = {}, {}
        for path in paths:
            text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
            mine = self.own.setdefault(path, {})
            for before, name, _, body in FUNCTION.findall(text):
                mine[name] = body
                if "static" not in before.split() or path.suffix == ".h":
                    self.shared[name] = (path, body)
            for name, body in MACRO.findall(text):
                mine[name] = body
                if path.suffix == ".h":
                    self.shared[name] = (path, body)

    def find(self, path, name):
        if name in self.own[path]:
            return path, self.own[path][name]
        return self.shared.get(name, (None, None))

    def rules(self, path, body, constants, seen, depth=DEPTH):
        found = set()
        for constant, called in NAMED.findall(body):
            if constant in constants:
                found.add(constants[constant])
                continue
            where, inner = self.find(path, called)
            if inner is None or (where, called) in seen or not depth or called.startswith("netcx_"):
                continue
            seen.add((where, called))
            found |= self.rules(where, inner, constants, seen, depth - 1)
        return found


def rules_of_functions(root):
    """{function: rules}, as far as the function stands there by name: some are made by a macro."""
    constants, found = rule_names(root), {}
    for shape, prefix in SHAPES.items():
        folders = [root / "src/cx", root / "src/cx/api", root / "src/cx/api" / shape]
        code = Code([path for folder in folders for path in folder.glob("*.[ch]")])
        for path, functions in code.own.items():
            for name, body in functions.items():
                if name.startswith(prefix):
                    rules = code.rules(path, body, constants, set())
                    found.setdefault(name[len(prefix):], set()).update(rules)
    return found
