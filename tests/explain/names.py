#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
docs/names.md says what this netcx has, and the project's pages name one address.

    names.py ROOT NETCX [--write]
"""

import json
import pathlib
import re
import subprocess
import sys
import unittest

ROOT, NETCX, *rest = sys.argv[1:]
ROOT = pathlib.Path(ROOT)
HEAD = """# Names

Made by `tests/explain/names.py ROOT NETCX --write`, and held against the command by a test. NetAdapterCx' functions are in
[ddi.md](ddi.md); `netcx explain NAME` says more of each.

"""


def facts():
    said = subprocess.run([NETCX, "explain", "--list", "--json"], capture_output=True, text=True, check=True).stdout
    return json.loads(said)


def exported():
    """The WDF functions that a driver finds in netcx."""
    said = subprocess.run(["nm", "-D", "--defined-only", NETCX], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r" T (Wdf\w+)$", said, re.M))


def structures(version, preview=False):
    """Those that the headers of a version have, by the compiler's own preprocessor."""
    folder = ROOT / "include/netadaptercx" / ("1.3" if version == "1.3" else "2")
    names = [path.relative_to(folder) for path in sorted(folder.rglob("*.h"))]
    text = "#include <ntddk.h>\n#include <wdf.h>\n#include <netadaptercx.h>\n" + "".join(
        f"#include <{name}>\n" for name in names if "parts" not in name.parts and (preview or "preview" not in name.parts))
    major, minor = version.split(".")
    seen = subprocess.run(["gcc", "-E", "-P", "-fshort-wchar", "-fms-extensions", "-D_KERNEL_MODE",
                           f"-DNETADAPTER_VERSION_MAJOR={major}", f"-DNETADAPTER_VERSION_MINOR={minor}", f"-I{ROOT}/include/wdk",
                           f"-I{folder}", "-xc", "-"], input=text, text=True, capture_output=True, check=True).stdout
    return set(re.findall(r"(?:\}\s*|struct _|union _|typedef[^;{}]*?\b)(NET[A-Z_]\w+)", seen))


def versions_of_structures():
    """What a fact's "versions" are to be, by name."""
    versions = {}
    for version in ("1.3", "2.0", "2.1", "2.2", "2.3", "2.4", "2.5"):
        for name in structures(version):
            versions.setdefault(name, []).append(version)
        if version == "2.0":
            for name in structures(version, preview=True) - structures(version):
                versions.setdefault(name, []).append("2.0-preview")
    return versions


def page():
    known = facts()
    lines = [HEAD, "## OIDs\n\n`netcx oid query NAME` sends one; a number may stand in place of a name.\n\n",
             "| OID | number | use | since | what |\n|---|---|---|---|---|\n"]
    for fact in known:
        if fact["kind"] == "OID":
            lines.append(f"| `{fact['name']}` | 0x{fact['value']:08X} | {fact['use']} | {fact['since']} | {fact['what']} |\n")
    lines.append("\n## WDF functions\n\n| function | what |\n|---|---|\n")
    for fact in known:
        if fact["kind"] == "wdf":
            lines.append(f"| `{fact['name']}` | {fact['what']} |\n")
    return "".join(lines)


class Names(unittest.TestCase):
    def test_the_page_is_up_to_date(self):
        self.assertEqual((ROOT / "docs/names.md").read_text(encoding="utf-8"), page(),
                         "tests/explain/names.py ROOT NETCX --write brings it up to date")

    def test_every_wdf_function_is_explained(self):
        self.assertEqual({fact["name"] for fact in facts() if fact["kind"] == "wdf"}, exported())

    def test_structures_are_the_headers(self):
        text = "".join(path.read_text(encoding="utf-8") for folder in ("include/wdk", "include/netadaptercx")
                       for path in (ROOT / folder).rglob("*.h"))
        for fact in facts():
            if fact["kind"] == "structure":
                self.assertRegex(text, r"(typedef|\}|struct)[^;{}]*\b_?" + fact["name"] + r"\b", fact["name"])

    def test_every_structure_of_the_framework_is_explained(self):
        text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "include/netadaptercx").rglob("*.h"))
        # Of those that have members. No driver names these three, its macros do.
        named = set(re.findall(r"struct _(NET[A-Z_]\w+)\s*\{", text)) - {"NET_DRIVER_GLOBALS", "NET_CONTEXT_TYPE_INFO", "NET_PACKET_CONTEXT_TOKEN"}
        self.assertGreater(len(named), 50)
        self.assertEqual(named - {fact["name"] for fact in facts() if fact["kind"] == "structure"}, set())

    def test_structures_have_the_versions_of_the_headers(self):
        versions = versions_of_structures()
        for fact in facts():
            if fact["kind"] == "structure" and fact["name"].startswith("NET"):
                self.assertEqual(fact["versions"], " ".join(versions[fact["name"]]), fact["name"])

    def test_there_is_one_address(self):
        address = re.search(r'PROJECT_ISSUES "(.*)"', (ROOT / "src/base/project.h").read_text())[1]
        for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", *(f"docs/man/{page}.3" for page in (
                "lso", "lso_checksum", "lso_coalesce"))):
            self.assertEqual(set(re.findall(r"https://\S*/issues", (ROOT / name).read_text())), {address}, name)


if rest == ["--write"]:
    (ROOT / "docs/names.md").write_text(page(), encoding="utf-8")
else:
    unittest.main(argv=["names"])
