#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""debian/: what is installed is in one package each, versions agree, and liblso's symbols are all written down. That the
packages can be used is shown by the test "fresh", that they can be compiled by `./run package --check`."""
import fnmatch
import json
import os
import pathlib
import re
import subprocess
import unittest

BUILD = pathlib.Path(os.environ["NETCX_BUILD"])
DEBIAN = pathlib.Path(__file__).resolve().parents[2] / "debian"


def installed():
    """What meson installs, as Debian's packages have it: below /usr."""
    plan = subprocess.run([os.environ["MESON"], "introspect", "--installed", str(BUILD)], capture_output=True, text=True,
                          check=True)
    prefix = next(option["value"] for option in json.loads((BUILD / "meson-info/intro-buildoptions.json").read_text())
                  if option["name"] == "prefix")
    return {os.path.join("usr", os.path.relpath(path, prefix)) for path in json.loads(plan.stdout).values()}


class Packages(unittest.TestCase):
    control = (DEBIAN / "control").read_text(encoding="utf-8")

    def test_each_file_is_in_one_package(self):
        files = installed()
        self.assertGreater(len(files), 50)
        found = {path: [] for path in files}
        for listed in DEBIAN.glob("*.install"):
            self.assertIn("\nPackage: %s\n" % listed.stem, self.control)
            for pattern in listed.read_text(encoding="utf-8").split():
                owned = [path for path in files if fnmatch.fnmatch(path, pattern) or path.startswith(pattern + "/")]
                self.assertTrue(owned, "%s: %s is not installed" % (listed.name, pattern))
                for path in owned:
                    found[path].append(listed.stem)
        self.assertEqual({path: owners for path, owners in found.items() if len(owners) != 1}, {})

    def test_the_packages_that_there_are(self):
        self.assertEqual(set(re.findall(r"^Package: (.*)", self.control, re.M)),
                         {"netcx", "netcx-dev", "libnetcxhost0", "liblso0", "liblso-dev"})

    def test_one_version(self):
        changelog = (DEBIAN / "changelog").read_text(encoding="utf-8")
        self.assertEqual(re.match(r"netcx \(([^)-]*)\)", changelog).group(1), os.environ["NETCX_VERSION"])

    def test_symbols(self):
        """A new one is added with the version that it came in."""
        library, *lines = (DEBIAN / "liblso0.symbols").read_text(encoding="utf-8").splitlines()
        self.assertEqual(library, "liblso.so.0 liblso0 #MINVER#")
        listed = {line.split("@")[0].strip() for line in lines if line.startswith(" ")}
        table = subprocess.run(["nm", "-D", "--defined-only", "--format=posix", str(BUILD / "liblso.so")],
                               capture_output=True, text=True, check=True).stdout
        self.assertEqual(listed, {line.split()[0] for line in table.splitlines()})


if __name__ == "__main__":
    unittest.main(verbosity=2)
