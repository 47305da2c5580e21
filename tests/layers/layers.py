#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Who may include whom: the flags each layer is compiled with let it see what the table says, and
docs/architecture.md says the same. Arguments: a line of the table each, "cx: wdf nt ..."."""
import glob
import json
import os
import re
import shlex
import subprocess
import sys
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ["NETCX_BUILD"]
TABLE = {line.split(":")[0]: set(line.split(":")[1].split()) for line in sys.argv[1:]}
# What drivers include comes by its own names.
OUTSIDE = {"netcx": "netcx/lso.h", "wdk": "ntddk.h", "um": "windows.h", "netadaptercx/1.3": "netrequest.h",
           "netadaptercx/2": "netadaptertxdemux.h"}


def flags_of_layers():
    """The folder and the include flags of one file of each layer."""
    flags = {}
    with open(os.path.join(BUILD, "compile_commands.json"), encoding="utf-8") as file:
        commands = json.load(file)
    for command in commands:
        path = os.path.relpath(os.path.join(command["directory"], command["file"]), TOP)
        if path.startswith("src/cli/") and "-Inetcx-build.p" in command["command"]:
            path = "src/cli/build/main.c"
        layer = re.match(r"src/(cx/api/[^/]+|cli/build|[^/]+)/", path)
        if layer and path.endswith(".c") and "-Isrc/layers/" in command["command"]:
            words = shlex.split(command["command"])
            flags.setdefault(layer.group(1), (command["directory"], [
                word for word in words if re.match(r"-[ID]", word)]))
    return flags


def header_of(layer):
    return OUTSIDE.get(layer) or os.path.relpath(
        sorted(glob.glob(os.path.join(TOP, "src", layer, "*.h")))[0], os.path.join(TOP, "src"))


class Layers(unittest.TestCase):
    def compile(self, layer, text, *options):
        directory, flags = FLAGS[layer]
        return subprocess.run(["cc", "-x", "c", *flags, *options, "-o", "-", "-"], input=text,
                              capture_output=True, text=True, cwd=directory, check=False)

    def test_the_compiler_keeps_the_table(self):
        others = {seen for sees in TABLE.values() for seen in sees}
        self.assertGreater(len(others), 15)
        for layer, sees in TABLE.items():
            text = "".join('#if __has_include("%s") || __has_include(<%s>)\n@%s\n#endif\n' % (
                header_of(other), header_of(other), other) for other in sorted(others))
            done = self.compile(layer, text, "-E", "-P")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual({line[1:] for line in done.stdout.splitlines() if line}, sees, layer)

    def test_a_wrong_include_does_not_compile(self):
        for layer, header in (("nt", "wdf/driver.h"), ("edge", "nt/event.h"), ("control", "ntddk.h"),
                              ("cx", "netadaptercx.h"), ("lso", "base/utf.h"), ("cli", "host/host.h")):
            done = self.compile(layer, '#include "%s"\n' % header, "-fsyntax-only")
            self.assertNotEqual(done.returncode, 0, (layer, header))
            self.assertIn(header + ": No such file or directory", done.stderr)

    def test_nothing_is_included_from_the_top(self):
        """Neither from the root of the sources nor from that of the build."""
        for layer in TABLE:
            text = '#if __has_include("src/nt/event.h") || __has_include("include/wdk/ntddk.h")\n@\n#endif\n'
            self.assertEqual(self.compile(layer, text, "-E", "-P").stdout.strip(), "", layer)

    def test_the_documentation_says_the_same(self):
        with open(os.path.join(TOP, "docs", "architecture.md"), encoding="utf-8") as file:
            rows = dict(re.findall(r"^\| `src/([^`]+)` \|.*\| ([^|]*)\|$", file.read(), re.M))
        for layer, sees in TABLE.items():
            expected = sees - {"base", layer.split("/")[0]}
            if "/" in layer:
                expected |= {layer.split("/")[0]}
            self.assertIn(layer, rows)
            self.assertEqual(set(re.split(r",? +", rows[layer].strip())) - {""}, expected, layer)


FLAGS = flags_of_layers()
if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
