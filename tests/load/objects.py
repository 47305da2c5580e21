#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Drivers that a compiler is called for by hand: of one version they load, however they are linked; of two they are
refused, and both are named with a file of each."""
import os
import shutil
import subprocess
import tempfile
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NETCX = os.environ.get("NETCX", os.path.join(TOP, "build", "netcx"))

# As README has it, but for the version.
FLAGS = ("-shared", "-fPIC", "-g", "-fshort-wchar", "-fms-extensions", "-D_KERNEL_MODE")
INCLUDES = "#include <ntddk.h>\n#include <wdf.h>\n#include <netadaptercx.h>\n"
ENTRY = INCLUDES + """
EXTERN_C NTSTATUS Status(void);
EXTERN_C DRIVER_INITIALIZE DriverEntry;
NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	UNREFERENCED_PARAMETER(DriverObject);
	UNREFERENCED_PARAMETER(RegistryPath);
	return Status();
}
"""
STATUS = INCLUDES + """
EXTERN_C NTSTATUS Status(void);
NTSTATUS Status(void)
{
	return STATUS_RETRY;
}
"""
WITHOUT = """
int Status(void);
int Status(void)
{
	return (int)0xC000022DU;
}
"""
WAYS = {
    "plain": (("gcc", "clang"), ()),
    "optimized": (("gcc", "clang"), ("-O2", "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections")),
    "lto": (("gcc",), ("-O2", "-flto")),
    "lto, lld": (("clang",), ("-O2", "-flto", "-fuse-ld=lld")),
    "gc, lld": (("clang",), ("-ffunction-sections", "-fdata-sections", "-fuse-ld=lld", "-Wl,--gc-sections")),
    "stripped": (("gcc", "clang"), ("-s",)),
}


class Objects(unittest.TestCase):
    def put(self, name, text):
        with open(os.path.join(self.scratch, name), "w", encoding="ascii") as file:
            file.write(text)

    def setUp(self):
        self.scratch = tempfile.mkdtemp(prefix="netcx-test-objects-")
        self.addCleanup(shutil.rmtree, self.scratch, True)
        for name, text in (("entry", ENTRY), ("status", STATUS), ("without", WITHOUT)):
            for ending in ("c", "cpp"):
                self.put(f"{name}.{ending}", text)

    def shell(self, *command):
        return subprocess.run(command, cwd=self.scratch, capture_output=True, text=True, timeout=60, check=False)

    def link(self, compiler, options, *files):
        """Each of files is (name, version); one of version None is compiled without our headers."""
        headers = lambda major: ("-I", f"{TOP}/include/wdk", "-I",
                                 f"{TOP}/include/netadaptercx/{'1.3' if major == 1 else major}")
        objects = []
        for name, version in files:
            major, minor = version or (2, 5)
            done = self.shell(compiler, *FLAGS[1:], *headers(major), f"-DNETADAPTER_VERSION_MAJOR={major}",
                              f"-DNETADAPTER_VERSION_MINOR={minor}",
                              *(o for o in options if not o.startswith(("-Wl", "-fuse", "-s"))), "-c", name)
            self.assertEqual(done.returncode, 0, done.stderr)
            objects.append(os.path.splitext(name)[0] + ".o")
        done = self.shell(compiler, *FLAGS, *options, "-o", "driver.so", *objects)
        self.assertEqual(done.returncode, 0, done.stderr)

    def run_driver(self, says):
        done = self.shell(NETCX, "run", "driver.so", "--stack", "null", "--wire", "null")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(says, done.stderr)

    def ways(self):
        for way, (compilers, options) in WAYS.items():
            for compiler in compilers:
                linker = next((o.removeprefix("-fuse-ld=") for o in options if o.startswith("-fuse-ld=")), None)
                if shutil.which(compiler) and (not linker or shutil.which(f"ld.{linker}")):
                    with self.subTest(way=way, compiler=compiler):
                        yield compiler, options

    def test_files_of_one_version_load(self):
        for compiler, options in self.ways():
            self.link(compiler, options, ("entry.c", (2, 3)), ("status.c", (2, 3)))
            self.run_driver("DriverEntry failed: STATUS_RETRY")

    def test_files_of_two_versions_are_refused(self):
        for compiler, options in self.ways():
            self.link(compiler, options, ("entry.c", (2, 5)), ("status.c", (2, 1)))
            self.run_driver("netcx: driver.so: entry.c is compiled for NetAdapterCx 2.5 and status.c for 2.1: "
                            "all files of a driver are compiled for one version\n")

    def test_cxx_too(self):
        for compiler, options in (("g++", ()), ("clang++", ("-O2",))):
            if not shutil.which(compiler):
                continue
            with self.subTest(compiler=compiler):
                self.link(compiler, options, ("entry.cpp", (2, 4)), ("status.cpp", (2, 4)))
                self.run_driver("DriverEntry failed: STATUS_RETRY")
                self.link(compiler, options, ("entry.cpp", (2, 4)), ("status.cpp", (2, 0)))
                self.run_driver("entry.cpp is compiled for NetAdapterCx 2.4 and status.cpp for 2.0: ")

    @unittest.skipUnless(shutil.which("clang") and os.environ.get("NETCX_SANITIZE", "none") == "none", "no clang")
    def test_a_sanitizers_runtime_is_missed_by_name(self):
        for sanitizer in ("address", "undefined"):
            with self.subTest(sanitizer=sanitizer):
                # The shift is for the undefined sanitizer, which leaves no trace in code that cannot be.
                self.put("shift.c", "int Status(void);\nint Status(void)\n{\n\tstatic volatile int i = 1;\n"
                         "\tstatic volatile int a[4];\n\treturn a[i] ? 1 << i : (int)0xC000022D;\n}\n")
                self.link("clang", (f"-fsanitize={sanitizer}",), ("entry.c", (2, 5)), ("shift.c", None))
                self.run_driver("driver.so: compiled with a sanitizer, whose runtime clang puts into programs alone: "
                                "link it with -shared-libsan -Wl,-rpath,$(clang -print-runtime-dir)\n")
                folder = self.shell("clang", "-print-runtime-dir").stdout.strip()
                self.link("clang", (f"-fsanitize={sanitizer}", "-shared-libsan", f"-Wl,-rpath,{folder}"),
                          ("entry.c", (2, 5)), ("shift.c", None))
                self.run_driver("DriverEntry failed: STATUS_RETRY")

    @unittest.skipUnless(shutil.which("cmake"), "no cmake")
    def test_cmake_makes_one(self):
        """Its own flags for a module, and what README has."""
        self.put("CMakeLists.txt", "cmake_minimum_required(VERSION 3.13)\nproject(driver C)\n"
                 "add_library(driver MODULE entry.c status.c)\nset_target_properties(driver PROPERTIES PREFIX \"\")\n"
                 f"target_include_directories(driver PRIVATE {TOP}/include/wdk {TOP}/include/netadaptercx/2)\n"
                 "target_compile_options(driver PRIVATE -fshort-wchar -fms-extensions)\n"
                 "target_compile_definitions(driver PRIVATE _KERNEL_MODE)\n")
        for command in (("cmake", "-B", "out", "-DCMAKE_BUILD_TYPE=Release",
                         f"-DCMAKE_LIBRARY_OUTPUT_DIRECTORY={self.scratch}"), ("cmake", "--build", "out")):
            done = self.shell(*command)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.run_driver("DriverEntry failed: STATUS_RETRY")

    def test_majors_that_call_nothing(self):
        """What they call would tell, had they called anything."""
        self.link("gcc", (), ("entry.c", (1, 3)), ("status.c", (2, 0)))
        self.run_driver("entry.c is compiled for NetAdapterCx 1.3 and status.c for 2.0: ")

    def test_two_frameworks(self):
        """A file for UMDF beside one for KMDF."""
        user = "-I", f"{TOP}/include/wdk", "-I", f"{TOP}/include/netadaptercx/2", "-DUMDF_VERSION_MAJOR=2"
        with open(os.path.join(self.scratch, "user.c"), "w", encoding="ascii") as file:
            file.write(STATUS.replace("#include <ntddk.h>\n", ""))
        done = self.shell("gcc", *(f for f in FLAGS[1:] if f != "-D_KERNEL_MODE"), *user, "-c", "user.c")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.link("gcc", ("user.o",), ("entry.c", (2, 5)))
        self.run_driver("is compiled for UMDF 2.33 and entry.c for KMDF 1.27: "
                        "all files of a driver are compiled for one framework\n")

    def test_files_without_the_headers_do_not_matter(self):
        self.link("gcc", (), ("entry.c", (2, 2)), ("without.c", None))
        self.run_driver("DriverEntry failed: STATUS_RETRY")


if __name__ == "__main__":
    unittest.main(verbosity=2)
