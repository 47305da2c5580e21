#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An installed tree in a folder of its own: programs are built against it with pkg-config alone."""
import glob
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

BUILD = os.environ["NETCX_BUILD"]
VERSION = os.environ["NETCX_VERSION"]
HELLO = os.environ["NETCX_HELLO"]
HERE = os.path.dirname(os.path.abspath(__file__))


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tree = tempfile.mkdtemp(prefix="netcx-test-install-")
        cls.addClassCleanup(shutil.rmtree, cls.tree, True)
        subprocess.run([os.environ["MESON"], "install", "-C", BUILD, "--no-rebuild",
                        "--destdir", cls.tree], check=True, stdout=subprocess.DEVNULL)
        cls.pkgconfig = cls.find("netcxhost.pc")
        cls.libraries = os.path.dirname(cls.find("libnetcxhost.so"))
        cls.netcx = cls.find("bin/netcx")
        # What the host stands on is the system's.
        system = subprocess.run(["pkg-config", "--variable", "pc_path", "pkg-config"], capture_output=True, text=True,
                                check=True)
        cls.environment = dict(os.environ, PKG_CONFIG_SYSROOT_DIR=cls.tree,
                               PKG_CONFIG_LIBDIR=os.path.dirname(cls.pkgconfig) + ":" + system.stdout.strip(),
                               PKG_CONFIG_ALLOW_SYSTEM_CFLAGS="1", PKG_CONFIG_ALLOW_SYSTEM_LIBS="1",
                               LD_LIBRARY_PATH=cls.libraries)

    @classmethod
    def find(cls, name):
        found = glob.glob(os.path.join(cls.tree, "**", name), recursive=True)
        assert len(found) == 1, (name, found)
        return found[0]

    def output(self, *command):
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False,
                              env=self.environment, cwd=self.tree)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_a_program_runs_a_driver(self):
        for package, library in (("netcxhost", "-lnetcxhost"), ("netcxhost-static", "-l:libnetcxhost.a")):
            flags = self.output("pkg-config", "--cflags", "--libs", package).split()
            self.assertIn(library, flags)
            for compiler in (["cc"], ["c++", "-x", "c++"]):
                self.output(*compiler, "-Wall", "-Werror", self.find("netcx/examples/host.c"), "-x", "none",
                            "-o", "host", *flags)
                *events, version = self.output("./host", HELLO).splitlines()
                names = [json.loads(event)["name"] for event in events]
                self.assertIn("EvtNetAdapterOffloadSetLso", names)
                self.assertEqual(names[-1], "DriverUnloaded")
                self.assertEqual(version, "version " + VERSION)
                needed = self.output("readelf", "-d", "host")
                self.assertEqual("libnetcxhost.so" in needed, package == "netcxhost", needed)

    def test_liblso_alone(self):
        """Its examples are compiled as they say, also as C++, and it exports what its headers declare."""
        flags = self.output("pkg-config", "--cflags", "--libs", "liblso").split()
        examples = os.path.join(HERE, "..", "..", "examples")
        capture = os.path.join(HERE, "..", "..", "fuzz", "seeds", "capture", "micro")
        self.output("cc", "-Wall", "-Werror", os.path.join(examples, "coalesce.c"), "-o", "coalesce", *flags)
        self.assertRegex(self.output("./coalesce", capture), r"[0-9]+ packets\n$")
        with open(os.path.join(self.tree, "lso.cpp"), "w", encoding="ascii") as file:
            file.write("#include <netcx/lso_coalesce.h>\nint main() { return lso_end_reason(LSO_END_PSH) == nullptr; }\n")
        self.output("c++", "-Wall", "-Werror", "lso.cpp", "-o", "lso", *flags)
        self.output("./lso")
        declared = set()
        for name in ("lso.h", "lso_coalesce.h"):
            with open(self.find("netcx/" + name), encoding="ascii") as file:
                declared |= set(re.findall(r"^[a-z].*?\b(lso_[a-z0-9_]+)\(", file.read(), re.MULTILINE))
        symbols = self.output("nm", "-D", "--defined-only", "--format=posix",
                              os.path.join(self.libraries, "liblso.so"))
        self.assertEqual({line.split()[0] for line in symbols.splitlines()}, declared)

    def test_one_version(self):
        for package in ("netcxhost", "liblso"):
            self.assertEqual(self.output("pkg-config", "--modversion", package), VERSION + "\n")
        self.assertTrue(self.output(self.netcx, "version").startswith("netcx %s," % VERSION))

    def test_the_command(self):
        """It finds its other half and its headers, wherever the tree lies."""
        self.assertIn("Usage: netcx build", self.output(self.netcx, "build", "--help"))
        os.mkdir(os.path.join(self.tree, "drv"))
        with open(os.path.join(self.tree, "drv", "a.c"), "w", encoding="ascii") as file:
            file.write("#include <ntddk.h>\nDRIVER_INITIALIZE DriverEntry;\n"
                       "NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING p)\n"
                       "{ DbgPrint(\"%p %p\", d, p); return STATUS_SUCCESS; }\n")
        self.output(self.netcx, "build", "drv", "-o", "a.so")
        with open(os.path.join(self.tree, "drv", "b.c"), "w", encoding="ascii") as file:
            file.write("#include <ntddk.h>\n#include <wdf.h>\n#include <netadaptercx.h>\n"
                       "#if NETADAPTER_VERSION_MAJOR == 2\n#include <net/gso.h>\n"
                       "#include <preview/netadapteroffload.h>\n#endif\n")
        for version in ((1, 3), (2, 0), (2, 5)):
            self.output(self.netcx, "build", "drv", "-o", "a.so", "-p", "NETADAPTER_VERSION_MAJOR=%d" % version[0],
                        "-p", "NETADAPTER_VERSION_MINOR=%d" % version[1])

    def test_nothing_else_is_exported(self):
        """A program may use liblso beside it: the engine inside is not seen."""
        symbols = self.output("nm", "-D", "--defined-only", "--format=posix",
                              os.path.join(self.libraries, "libnetcxhost.so"))
        names = [line.split()[0] for line in symbols.splitlines()]
        self.assertIn("netcx_host_create", names)
        self.assertIn("netcx_1_3_NetAdapterStart", names)
        self.assertEqual([n for n in names if n.startswith(("lso_", "nt_", "cx_", "edge_"))], [])
        archive = self.output("nm", "-g", "--defined-only", "--format=posix",
                              os.path.join(self.libraries, "libnetcxhost.a"))
        symbols = {line.split()[0] for line in archive.splitlines() if len(line.split()) > 1}
        # A section's bounds are the linker's.
        self.assertEqual(symbols, {n for n in names if not n.startswith(("__start_", "__stop_"))})


if __name__ == "__main__":
    unittest.main(verbosity=2)
