#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What README.md's "your own driver in five minutes" shows works as pasted: into a shell, in a
folder where drivers/, include/ and build/ are."""
import os
import re
import subprocess
import tempfile
import unittest

from common import BUILD, TOP

HEADING = "## Your own driver in five minutes"


def block():
    """The first indented block below the heading, as somebody copies it."""
    with open(os.path.join(TOP, "README.md"), encoding="utf-8") as readme:
        text = readme.read()
    lines = re.search(r"\n\n((?:    .*\n)+)", text[text.index(HEADING):]).group(1)
    return re.sub(r"^    ", "", lines, flags=re.M)


class Readme(unittest.TestCase):
    def test_five_minutes(self):
        # A name of our own for the namespace, and nothing but that.
        name = "netcx-readme-%d" % os.getpid()
        script = block()
        self.assertEqual(script.count("try"), 4, script)
        script = script.replace("try", name)
        self.addCleanup(subprocess.run, ["ip", "netns", "del", name], capture_output=True, check=False)
        with tempfile.TemporaryDirectory(prefix="netcx-readme-") as scratch:
            for folder, target in (("build", BUILD), ("drivers", os.path.join(TOP, "drivers")),
                                   ("include", os.path.join(TOP, "include"))):
                os.symlink(target, os.path.join(scratch, folder))
            done = subprocess.run(["bash", "-ec", script + "sleep 0.5\nkill %1\nwait %1\n"], cwd=scratch,
                                  env=dict(os.environ, XDG_CONFIG_HOME=scratch, XDG_RUNTIME_DIR=scratch),
                                  capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        promised = re.search(r"tso off +# (hello: .*)", script).group(1)
        said = re.findall(r"DbgPrint +(hello: LSO .*)", done.stdout)
        self.assertEqual(len(said), 2, done.stdout)
        self.assertEqual(said[1], promised)


if __name__ == "__main__":
    unittest.main(verbosity=2)
