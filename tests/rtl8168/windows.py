#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Our drivers are Windows drivers: each of their files compiles for x86_64-pc-windows-msvc too, without a
warning, and takes nothing of NetAdapterCx but what the headers of its own version declare."""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

NETCX = sys.argv.pop(2)
TOP = pathlib.Path(sys.argv.pop(1))
DRIVERS = TOP / "drivers"
FLAGS = ["-fshort-wchar", "-fms-extensions", "-Wall", "-Wextra", "-Werror", "-Wno-multichar",
         "-std=gnu17", "-fsyntax-only", "-I%s" % (TOP / "include" / "wdk")]
COMPILERS = {"windows": ["clang", "--target=x86_64-pc-windows-msvc", "-ffreestanding", "-nostdlibinc",
                         "-isystem%s" % (TOP / "include" / "crt")],
             "netcx build": ["clang", "-fms-compatibility", "-mms-bitfields"]}
VERSIONS = {"1.3": ["-DNETADAPTER_VERSION_MAJOR=1", "-DNETADAPTER_VERSION_MINOR=3",
                    "-I%s" % (TOP / "include" / "netadaptercx" / "1.3")],
            "2.5": ["-DNETADAPTER_VERSION_MAJOR=2", "-DNETADAPTER_VERSION_MINOR=5",
                    "-I%s" % (TOP / "include" / "netadaptercx" / "2")]}


KERNEL, USER = ["-D_KERNEL_MODE"], ["-DUMDF_VERSION_MAJOR=2", "-DUMDF_VERSION_MINOR=33", "-I%s" % (TOP / "include" / "um")]


def sources(driver, version, mode="km"):
    """The driver's own files with those that its versions share."""
    folder = DRIVERS / driver
    own = folder / version if (folder / version).is_dir() else folder
    return sorted({*folder.glob("*.c"), *own.glob("*.c")}), ["-I%s" % folder, "-I%s" % own, "-I%s" % (folder / mode)]


class Windows(unittest.TestCase):
    def compile(self, driver, version, mode="km"):
        files, includes = sources(driver, version, mode)
        framework = USER if mode == "um" else KERNEL
        self.assertTrue(files)
        for name, compiler in COMPILERS.items():
            done = subprocess.run([*compiler, *FLAGS, *framework, *VERSIONS[version], *includes, *files],
                                  capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""), name)

    def test_rtl8168_1_3(self):
        self.compile("rtl8168", "1.3")

    def test_rtl8168_2_5(self):
        self.compile("rtl8168", "2.5")

    def test_hello_1_3(self):
        self.compile("hello-1.3", "1.3")

    def test_hello_2_5(self):
        self.compile("hello", "2.5")

    def test_virtual_2_5(self):
        self.compile("virtual", "2.5")

    def test_virtual_2_5_in_user_mode(self):
        self.compile("virtual", "2.5", "um")

    def test_virtual_has_the_same_keywords_in_both_modes(self):
        kernel, user = ((DRIVERS / "virtual" / name).read_text(encoding="utf-8").split("[Offload.Reg]")[1].split("[Strings]")[0]
                        for name in ("virtual.inf", "um/virtualum.inf"))
        self.assertEqual(kernel, user)

    def test_projects(self):
        """Each Visual Studio project has all files, and netcx build makes a driver and its INF of it."""
        for driver, version, project in (("rtl8168", "1.3", "1.3/rtl8168.vcxproj"),
                                         ("rtl8168", "2.5", "2.5/rtl8168.vcxproj"),
                                         ("virtual", "2.5", "km/virtual.vcxproj"),
                                         ("virtual", "2.5", "um/virtualum.vcxproj")):
            project = DRIVERS / driver / project
            text = project.read_text(encoding="utf-8")
            listed = [project.parent / name.replace("\\", "/")
                      for name in re.findall(r'ClCompile Include="([^"]*)"', text)]
            files, _ = sources(driver, version)
            self.assertEqual(sorted(p.resolve() for p in listed), sorted(p.resolve() for p in files))
            with tempfile.TemporaryDirectory() as scratch:
                made = pathlib.Path(scratch, driver + ".so")
                done = subprocess.run([NETCX, "build", project, "-o", made], capture_output=True, text=True,
                                      check=False)
                self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
                self.assertTrue(made.exists() and made.with_suffix(".inf").exists())

    def test_same_files(self):
        """What retargeting takes is seen by diff: a file of one version has its counterpart."""
        files = {version: {p.name for p in (DRIVERS / "rtl8168" / version).iterdir() if p.suffix in (".c", ".h", ".inf")}
                 for version in VERSIONS}
        self.assertEqual(files["1.3"] - files["2.5"], {"request.c", "statistics.c"})
        self.assertEqual(files["2.5"] - files["1.3"], {"receivefilter.c", "wake.c"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
