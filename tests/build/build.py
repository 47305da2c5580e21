#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""netcx build from outside: projects are compiled, run, broken and interrupted."""
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NETCX = os.environ.get("NETCX", os.path.join(TOP, "build", "netcx"))
HABITS = os.path.join(TOP, "tests", "drivers", "habits")
HELLO = os.path.join(TOP, "drivers", "hello")
# A sanitized netcx has a runtime in it already; drivers with another one cannot be loaded.
SANITIZED = os.environ.get("NETCX_SANITIZE", "none") != "none"

DRIVER = """
#include <ntddk.h>
#include <wdf.h>
#include <netadaptercx.h>
%s
DRIVER_INITIALIZE DriverEntry;
NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	WDF_DRIVER_CONFIG config;
	%s
	WDF_DRIVER_CONFIG_INIT(&config, NULL);
	return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config, NULL);
}
"""

PROJECT = """<?xml version="1.0" encoding="utf-8"?>
<Project xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
<PropertyGroup>%s</PropertyGroup>
<ItemGroup>%s</ItemGroup>
</Project>
"""


class Build(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.mkdtemp(prefix="netcx-test-build-")
        self.addCleanup(shutil.rmtree, self.scratch, True)
        self.temporary = os.path.join(self.scratch, "tmp")
        os.mkdir(self.temporary)
        self.environment = dict(os.environ, TMPDIR=self.temporary, LC_ALL="C.UTF-8")
        self.environment.pop("NETCX_INCLUDE_ROOT", None)

    def path(self, *parts):
        return os.path.join(self.scratch, *parts)

    def put(self, name, text, mode="w"):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, mode, **({} if "b" in mode else {"encoding": "utf-8"})) as file:
            file.write(text)
        return path

    def build(self, *arguments, code=0, cwd=None, program=NETCX):
        done = subprocess.run([program, "build", "-j", "2", *arguments], capture_output=True,
                              text=True, timeout=120, env=self.environment,
                              cwd=cwd or self.scratch, check=False)
        self.assertEqual(done.returncode, code, done.stderr)
        # Nothing temporary stays, however it ended.
        self.assertEqual(os.listdir(self.temporary), [])
        return done

    def fails(self, *arguments, says, code=1, **options):
        """One message that names what is wrong."""
        done = self.build(*arguments, code=code, **options)
        self.assertIn(says, done.stderr)
        self.assertEqual(done.stdout, "")
        return done

    def run_driver(self, driver, *arguments, code=0, stop="DeviceStarted"):
        """Its events, until the named one has come; then it is stopped."""
        process = subprocess.Popen([NETCX, "run", driver, "--stack", "null", "--log", "json",
                                    *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True, env=self.environment)
        events = []
        for line in process.stdout:
            events.append(json.loads(line))
            if events[-1]["name"] == stop:
                process.send_signal(signal.SIGTERM)
        errors = process.stderr.read()
        process.stdout.close()
        process.stderr.close()
        self.assertEqual(process.wait(30), code, errors)
        return events, errors

    def fake_clang(self, body):
        path = self.put("fake/clang", "#!/bin/sh\n" + body)
        os.chmod(path, 0o755)
        return path


class Habits(Build):
    """The driver with all the habits of Windows source."""

    def check(self, driver, *arguments, more=0):
        events, _ = self.run_driver(driver, *arguments)
        habits = {e["What"]: e["Holds"] for e in events if e["name"] == "Habit"}
        self.assertEqual([w for w, holds in habits.items() if not holds], [])
        self.assertEqual(len(habits), 26 + more, habits)
        return events

    def test_release(self):
        done = self.build(HABITS)
        self.assertEqual(done.stdout, "out/habits.so\n")
        self.assertEqual(done.stderr, "")
        self.assertEqual(sorted(os.listdir(self.path("out"))), ["habits.inf", "habits.so"])
        events = self.check(self.path("out", "habits.so"))
        fields = next(e for e in events if e["name"] == "Fields")
        self.assertEqual({k: fields[k] for k in fields if k not in ("time_ms", "kind", "adapter")},
                         {"name": "Fields", "provider": "Netcx.Habits", "level": "warning",
                          "Negative": "-5", "Large": 1 << 40, "Bytes": "4500001cab",
                          "Guid": "{6c1a7c52-1b5e-4e0e-9d0c-6b1b4c0e2a11}", "Euro": "€",
                          "Text": 'a "quoted" text', "product": 255})
        entry = next(e for e in events if e["name"] == "NdisWriteErrorLogEntry")
        self.assertEqual((entry["code"], entry["values"]),
                         ("NDIS_ERROR_CODE_NETWORK_ADDRESS", "0x5 0x1000"))
        # The defaults of the .inx, which lies beside the driver now.
        flavour = next(e for e in events if e["name"] == "Flavour")
        self.assertEqual((flavour["Value"], flavour["Adapter->ReceiveBuffers"]), (2, 256))

    @unittest.skipUnless(os.uname().machine == "x86_64", "registers are emulated on x86-64")
    def test_registers(self):
        """Plain dereferences of the BAR, with and without a sanitizer."""
        self.build(HABITS, "-o", "r.so")
        self.check(self.path("r.so"), "--device", "rtl8168", more=4)
        self.build(HABITS, "-o", "r.so", "--sanitize", "address,undefined")
        if not SANITIZED:
            self.check(self.path("r.so"), "--device", "rtl8168", more=4)

    def test_debug(self):
        self.build(HABITS, "--configuration", "Debug", "-o", "d.so")
        self.check(self.path("d.so"))
        symbols = subprocess.run(["readelf", "-Ws", self.path("d.so")], capture_output=True,
                                 text=True, check=True).stdout
        self.assertIn("HabitsDebug", symbols)

    def test_sanitizers(self):
        self.build(HABITS, "--sanitize", "address,undefined", "-o", "s.so")
        if not SANITIZED:
            self.check(self.path("s.so"))

    def test_only_undefined(self):
        self.build(HABITS, "--sanitize", "undefined", "-o", "u.so")
        if not SANITIZED:
            self.check(self.path("u.so"))

    def test_as_windows_keeps_files(self):
        """A byte order mark, CR LF, a folder with blanks and letters beyond ASCII."""
        target = self.path("Söurce of mine", "habits")
        shutil.copytree(HABITS, target)
        for folder, _, names in os.walk(target):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    text = file.read()
                with open(os.path.join(folder, name), "wb") as file:
                    file.write(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
        before = sorted(glob.glob(target + "/**", recursive=True))
        self.build(os.path.join(target, "habits.vcxproj"), "-o", "out put/w.so")
        self.check(self.path("out put", "w.so"))
        self.assertEqual(sorted(glob.glob(target + "/**", recursive=True)), before)

    def test_a_property_of_the_command_line(self):
        self.build(HABITS, "-p", "HabitsLevel=4", "-o", "p.so")
        events, _ = self.run_driver(self.path("p.so"))
        holds = {e["What"]: e["Holds"] for e in events if e["name"] == "Habit"}
        self.assertFalse(holds["definition from the props"])

    def test_compile_commands(self):
        self.build(HABITS, "--compile-commands")
        with open(self.path("compile_commands.json"), encoding="utf-8") as file:
            commands = json.load(file)
        self.assertEqual(len(commands), 8)
        for command in commands:
            done = subprocess.run([*command["arguments"], "-fsyntax-only"], text=True,
                                  cwd=command["directory"], capture_output=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
        for tool in (["clang-tidy", "--quiet", "-p", ".", "--checks=-*,bugprone-infinite-loop",
                      "--vfsoverlay=out/habits.vfs.json", os.path.join(HABITS, "queue.cpp")],
                     ["clangd", "--compile-commands-dir=.",
                      "--check=" + os.path.join(HABITS, "queue.cpp")]):
            if shutil.which(tool[0]):
                done = subprocess.run(tool, cwd=self.scratch, capture_output=True, text=True,
                                      check=False)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        # clangd finds the database in a folder above the source only, or where it is told to.
        self.build(HABITS, "--compile-commands=out/here.json")
        self.assertTrue(os.path.isfile(self.path("out", "here.json")))

    def test_coverage(self):
        self.build(HABITS, "--coverage", "-o", "c.so")
        self.check(self.path("c.so"))
        for ending in ("gcno", "gcda"):
            found = glob.glob(self.path("c.objects", "*." + ending))
            self.assertEqual(len(found), 8, (ending, found))

    def test_flags(self):
        done = self.build(HABITS, "-v")
        lines = [line for line in done.stderr.splitlines() if " -c -x " in line]
        self.assertEqual(len(lines), 8)
        for line in lines:
            for flag in ("-fms-extensions", "-fms-compatibility", "-mms-bitfields", "-fshort-wchar",
                         "-D_KERNEL_MODE", "-DNETADAPTER_VERSION_MAJOR=1",
                         "-DNETADAPTER_VERSION_MINOR=3", "-DKMDF_VERSION_MAJOR=1",
                         "-DKMDF_VERSION_MINOR=27", "-D_WIN64", "-DNTDDI_VERSION=0x0A000006"):
                self.assertIn(" %s " % flag, line)
            cxx = " -x c++ " in line
            for flag in ("-fno-exceptions", "-fno-rtti", "-std=c++14"):
                self.assertEqual(" %s " % flag in line, cxx, line)
        # What is shown can be pasted into a shell.
        shown = next(line for line in lines if "-x c++" in line)
        shown = re.sub(r" -ivfsoverlay \S+| -o \S+", "", shown) + " -fsyntax-only"
        subprocess.run(shown, shell=True, cwd=self.scratch, check=False, capture_output=True)


class Sources(Build):
    def test_a_folder(self):
        self.build(HELLO, "-o", "hello.so")
        events, _ = self.run_driver(self.path("hello.so"))
        self.assertIn("NetAdapterStart", [e["name"] for e in events])

    def test_the_current_folder(self):
        self.put("drv/a.c", DRIVER % ("", ""))
        self.build(cwd=self.path("drv"))
        self.assertTrue(os.path.isfile(self.path("drv", "out", "drv.so")))

    def test_letter_case_and_backslashes(self):
        self.put("Inc/Deep/Thing.H", "#define THING 1\n")
        self.put("drv/Sub/Other.h", '#include "THIRD.h"\n')
        self.put("drv/sub2/unused.h", "")
        self.put("drv/Sub/third.h", "#define THIRD 1\n")
        self.put("drv/Twin.h", "#define TWIN 1\n")
        self.put("drv/twin.h", "#define TWIN 2\n")
        self.put("drv/a.c", DRIVER % (
            '#include <deep\\thing.h>\n#include "SUB\\other.H"\n#include "twin.h"\n',
            "C_ASSERT(THING && THIRD && TWIN == 2);"))
        self.put("drv/p.vcxproj", PROJECT % ("", (
            "<ClCompile Include='A.c'><AdditionalIncludeDirectories>..\\INC"
            "</AdditionalIncludeDirectories></ClCompile>")))
        self.build("drv")

    def test_headers_of_this_system_are_not_taken(self):
        self.put("drv/a.c", DRIVER % ("#include <stdio.h>", ""))
        done = self.fails("drv", says="'stdio.h' file not found")
        self.assertIn("headers that are not found:\n  stdio.h ", done.stderr)

    def test_installed(self):
        """The headers are found from where the program is."""
        os.makedirs(self.path("usr/bin"))
        os.makedirs(self.path("usr/share/netcx"))
        shutil.copy(NETCX, self.path("usr/bin/netcx"))
        self.fails(HELLO, program=self.path("usr/bin/netcx"), says="netcx-build is missing: ")
        os.makedirs(self.path("usr/libexec/netcx"))
        shutil.copy(NETCX + "-build", self.path("usr/libexec/netcx/netcx-build"))
        os.symlink(os.path.join(TOP, "include"), self.path("usr/share/netcx/include"))
        self.build(HELLO, program=self.path("usr/bin/netcx"))
        os.unlink(self.path("usr/share/netcx/include"))
        self.fails(HELLO, program=self.path("usr/bin/netcx"), says="--include-root or "
                   "NETCX_INCLUDE_ROOT says where they are")
        self.build(HELLO, "--include-root", os.path.join(TOP, "include"),
                   program=self.path("usr/bin/netcx"))
        self.environment["NETCX_INCLUDE_ROOT"] = os.path.join(TOP, "include")
        self.build(HELLO, program=self.path("usr/bin/netcx"))

    def test_a_program_of_its_own(self):
        """What reads projects is no part of the process that runs a driver."""
        for program, has in ((NETCX, False), (NETCX + "-build", True)):
            libraries = subprocess.run(["ldd", program], capture_output=True, text=True,
                                       check=True).stdout
            self.assertEqual("libxml2" in libraries, has, libraries)
            if not has:
                self.assertNotRegex(libraries, "libicu|libstdc")
        usage = subprocess.run([NETCX, "help", "build"], capture_output=True, text=True, check=True)
        self.assertEqual(self.build("--help").stdout, usage.stdout)
        self.assertTrue(usage.stdout.startswith("Usage: netcx build [PATH] [OPTIONS]\n"))
        # Called by itself it looks at the netcx beside it.
        subprocess.run([NETCX + "-build", HELLO], cwd=self.scratch, check=True,
                       stdout=subprocess.DEVNULL, env=self.environment)

    def test_an_abstract_class(self):
        """Its table of functions has a place for one that is not there."""
        self.put("drv/a.cpp", DRIVER % (
            'extern "C" DRIVER_INITIALIZE DriverEntry;\nstruct Shape { virtual int Sides() = 0; };\n'
            'struct Square : Shape { int Sides() override; };\n'
            'int Square::Sides() { return 4; }\n'
            'int Count(Shape &shape);\nint Count(Shape &shape) { return shape.Sides(); }\n'
            'struct Line : Shape { Line(); };\nLine::Line() { Count(*this); }',
            "Square square;\n\treturn Count(square) == 4 ? STATUS_RETRY : STATUS_UNSUCCESSFUL;"))
        self.build("drv", "-o", "a.so")
        _, errors = self.run_driver(self.path("a.so"), code=1)
        self.assertIn("DriverEntry failed: STATUS_RETRY", errors)

    def test_a_mistake_is_found_by_the_sanitizer(self):
        self.put("drv/a.c", DRIVER % ("", """
	volatile UCHAR *block = ExAllocatePoolWithTag(NonPagedPoolNx, 16, 'abcd');
	block[16] = 1; /* here */
	ExFreePoolWithTag((PVOID)block, 'abcd');"""))
        self.build("drv", "--sanitize", "address")
        if SANITIZED:
            return
        _, errors = self.run_driver(self.path("out/drv.so"), code=1)
        self.assertIn("heap-buffer-overflow", errors)
        self.assertRegex(errors, r"in DriverEntry .*drv/a\.c:12")


SHARED = """
#pragma once
%(word)s int Twice(int Value) { return Value + Value; }
%(word)s int Sum(int Count) { return Count ? Count + Sum(Count - 1) : 0; }
int Declared(int Value);
%(word)s int Declared(int Value) { return Twice(Value) + 1; }
extern %(word)s int Forced(int Value) { return Value * 5; }
%(word)s int Next(void) { static int Last = 10; return ++Last; }
static %(word)s int Own(void) { static int Last = 20; return ++Last; }
int NobodyHasIt(int Value);
%(word)s int Unused(int Value) { return NobodyHasIt(Value); }
typedef int FUNCTION(int);
"""


class Inline(Build):
    """In C, as MSVC has it: what is inline and not static is in each object that uses it, and linked once."""

    def files(self, word):
        self.put("drv/shared.h", SHARED % {"word": word})
        for name in "bc":
            self.put("drv/%s.c" % name, '#include <ntddk.h>\n#include "shared.h"\n' + """
FUNCTION *Pick_%(n)s(int Which);
FUNCTION *Pick_%(n)s(int Which)
{
	return Which == 0 ? Twice : Which == 1 ? Sum : Which == 2 ? Declared : Forced;
}
int Count_%(n)s(void);
int Count_%(n)s(void) { return Next() + Own() * 1000; }
""" % {"n": name})
        # Only in one file, used by a declaration in another.
        self.put("drv/d.c", "#include <ntddk.h>\n%s int Lonely(int Value) { return Value - 3; }\n"
                 "int UseLonely(int Value);\nint UseLonely(int Value) { return Lonely(Value); }\n" % word)
        self.put("drv/a.c", DRIVER % ("""#include "shared.h"
FUNCTION *Pick_b(int Which);
FUNCTION *Pick_c(int Which);
FUNCTION UseLonely;
int Count_b(void);
int Count_c(void);
extern int Lonely(int Value);""", """
	FUNCTION *Own[] = { Twice, Sum, Declared, Forced };
	static const int Expected[] = { 8, 10, 9, 20 };
	for (int i = 0; i < 4; i++)
		if (Pick_b(i) != Own[i] || Pick_c(i) != Own[i] || Own[i](4) != Expected[i])
			return STATUS_INVALID_PARAMETER;
	if (Twice(2) != 4 || Sum(3) != 6 || Declared(1) != 3 || Forced(2) != 10)
		return STATUS_UNSUCCESSFUL;
	if (Lonely(9) != 6 || UseLonely(8) != 5)
		return STATUS_NOT_FOUND;
	/* One counter of Next()'s, one in each file of Own()'s. */
	if (Count_b() != 21011 || Count_c() != 21012 || Count_b() != 22013 || Next() != 14)
		return STATUS_DATA_ERROR;
	if (DriverObject)
		return STATUS_RETRY;"""))

    def holds(self, *arguments):
        self.build("drv", "-o", "i.so", *arguments)
        if not SANITIZED or "--sanitize" not in arguments:
            _, errors = self.run_driver(self.path("i.so"), code=1)
            self.assertIn("DriverEntry failed: STATUS_RETRY", errors)
        symbols = subprocess.run(["nm", self.path("i.so")], capture_output=True, text=True,
                                 check=True).stdout
        self.assertRegex(symbols, r" W Twice\n")
        self.assertNotIn("Unused", symbols)

    def test_words(self):
        for word in ("inline", "__inline", "_inline", "__forceinline", "FORCEINLINE"):
            self.files(word)
            for configuration in ("Debug", "Release"):
                with self.subTest(word, configuration=configuration):
                    self.holds("--configuration", configuration)

    def test_where_nothing_is_inlined(self):
        """cl /Ob0"""
        self.files("__inline")
        self.put("drv/i.vcxproj", PROJECT % ("", "".join(
            "<ClCompile Include='%s.c'><AdditionalOptions>/Ob0</AdditionalOptions></ClCompile>" % name
            for name in "abcd")))
        self.holds()

    def test_with_sanitizers_and_coverage(self):
        self.files("inline")
        self.holds("--sanitize", "address,undefined")
        self.holds("--coverage")
        kept = sorted(os.path.splitext(name)[1] for name in os.listdir(self.path("i.objects")))
        self.assertEqual({".o", ".gcno", ".gcda"}, set(kept))

    def test_in_cxx_nothing_changes(self):
        self.files("inline")
        for name in "abcd":
            os.rename(self.path("drv/%s.c" % name), self.path("drv/%s.cpp" % name))
        with open(self.path("drv/a.cpp"), encoding="utf-8") as file:
            text = file.read()
        self.put("drv/a.cpp", text.replace("extern int Lonely", "static int Lonely(int Value) "
                 "{ return Value - 3; }\nint OfOne").replace("DRIVER_INIT", 'extern "C" DRIVER_INIT'))
        self.build("drv", "-o", "i.so")
        _, errors = self.run_driver(self.path("i.so"), code=1)
        self.assertIn("DriverEntry failed: STATUS_RETRY", errors)

    def test_a_mistake_stays_one(self):
        """Two definitions that are not inline."""
        self.put("drv/a.c", DRIVER % ("int F(void);\nint F(void) { return 1; }", "F();"))
        self.put("drv/b.c", "inline int F(void) { return 1; }\nint G(void);\nint G(void) { return F(); }\n")
        self.build("drv")
        self.put("drv/c.c", "int F(void);\nint F(void) { return 1; }\n")
        done = self.fails("drv", says="linking failed")
        self.assertIn("multiple definition of `F'", done.stderr)


class Missing(Build):
    """What is missing is ours: it is listed with where it is used."""

    def test_functions(self):
        self.put("drv/a.c", DRIVER % ("void NdisOfTomorrow(void);\nvoid ZwOfTomorrow(void);",
                                      "NdisOfTomorrow();\n\tZwOfTomorrow();\n\tNdisOfTomorrow();"))
        self.put("drv/b.c", "void NdisOfTomorrow(void);\nvoid (*Table)(void) = NdisOfTomorrow;\n"
                 "void Use(void);\nvoid Use(void) { NdisOfTomorrow(); }\n")
        done = self.fails("drv", says="functions that this netcx does not have:")
        self.assertRegex(done.stderr, r"\n  NdisOfTomorrow +a\.c:11, a\.c:13, b\.c:4, b\.c\n"
                         r"  ZwOfTomorrow +a\.c:12\n")
        self.assertFalse(glob.glob(self.path("out", "*")))

    def test_headers_and_names(self):
        self.put("drv/a.c", "#include <wsk.h>\n")
        self.put("drv/b.cpp", "#include <ntddk.h>\nVOID F() { NdisUnheardOf(1); }\n")
        self.put("drv/c.c", DRIVER % ("", "UNHEARD_OF_TYPE x;"))
        done = self.fails("drv", "--keep-going", says="3 of 3 files failed")
        self.assertRegex(done.stderr, r"headers that are not found:\n  wsk\.h +drv/a\.c:1\n")
        self.assertRegex(done.stderr, r"  NdisUnheardOf +drv/b\.cpp:2\n")
        self.assertIn("drv/b.cpp:2:12: error: use of undeclared identifier", done.stderr)
        self.assertIn("please tell us", done.stderr)

    def test_structured_exceptions(self):
        """Said once, with the places, and nothing else is said of them."""
        body = """
	__try {
		if (RegistryPath->Length == 3)
			__leave;
	} __except (Filter(GetExceptionInformation(), GetExceptionCode()), EXCEPTION_EXECUTE_HANDLER) {
		return STATUS_UNSUCCESSFUL;
	}
	while (DriverObject) {
		__try {
			if (RegistryPath->Length == 2)
				break;
			else if (RegistryPath->Length == 4)
				return STATUS_UNSUCCESSFUL;
		}
		__finally {
			if (AbnormalTermination())
				DriverObject = NULL;
		}
	}"""
        filters = ("static int Filter(PEXCEPTION_POINTERS Exception, ULONG Code)\n"
                   "{ return Exception->ExceptionRecord->ExceptionCode == (NTSTATUS)Code; }")
        # The places are those of the lines behind the function's first ones.
        for name in ("a.c", "b.cpp"):
            entry = '\nextern "C" DRIVER_INITIALIZE DriverEntry;' if name == "b.cpp" else "\n"
            self.put("drv/" + name, DRIVER % (filters + entry, body))
        done = self.fails("drv", "--keep-going", says="2 of 2 files failed")
        self.assertRegex(done.stderr, r"structured exception handling, which there is not on Linux:\n"
                         r"  __try +drv/a\.c:13, drv/a\.c:20, drv/b\.cpp:13, drv/b\.cpp:20\n"
                         r"Instead of __try: ")
        self.assertNotIn("error:", done.stderr)
        self.assertNotIn("note:", done.stderr)
        self.assertNotIn("please tell us", done.stderr)
        # Other mistakes beside it are shown.
        self.put("drv/b.cpp", '#include <ntddk.h>\nvoid F() { __try { int x = "text"; } __finally { } }\n')
        done = self.fails("drv", "--keep-going", says="drv/b.cpp:2")
        self.assertRegex(done.stderr, r"drv/b\.cpp:2:\d+: error: cannot initialize")

    def test_the_first_failure_ends_it(self):
        for name in "abcdef":
            self.put("drv/%s.c" % name, "#error no\n")
        done = self.fails("drv", says="were not compiled (--keep-going compiles all)")
        self.assertNotIn("f.c:1", done.stderr)
        done = self.fails("drv", "--keep-going", says="6 of 6 files failed")
        self.assertIn("f.c:1", done.stderr)

    def test_no_entry(self):
        self.put("drv/a.c", "int unit;\n")
        self.fails("drv", says="no DriverEntry in it")
        self.put("drv/b.cpp", "#include <ntddk.h>\nNTSTATUS DriverEntry(int);\n"
                 "NTSTATUS DriverEntry(int) { return 0; }\n")
        self.fails("drv", says="no DriverEntry in it")

    def test_two_definitions(self):
        self.put("drv/a.c", "int unit;\n")
        self.put("drv/b.c", "int unit = 3;\nint F(void) { return 1; }\n")
        self.put("drv/c.c", "int F(void) { return 2; }\n")
        done = self.fails("drv", says="linking failed")
        self.assertIn("multiple definition of `F'", done.stderr)

    def test_other_versions(self):
        self.put("drv/a.c", "")
        self.put("drv/p.vcxproj", PROJECT % (
            "<NETADAPTER_VERSION_MAJOR>2</NETADAPTER_VERSION_MAJOR>"
            "<NETADAPTER_VERSION_MINOR>1</NETADAPTER_VERSION_MINOR>",
            "<ClCompile Include='a.c'/>"))
        self.fails("drv", says="NetAdapterCx 2.1 is asked for; this netcx has 1.3")
        self.put("drv/p.vcxproj", PROJECT % (
            "<KMDF_VERSION_MAJOR>2</KMDF_VERSION_MAJOR><KMDF_VERSION_MINOR>0</KMDF_VERSION_MINOR>",
            "<ClCompile Include='a.c'/>"))
        self.fails("drv", says="KMDF 2.0 is asked for; this netcx has 1.x up to 1.33")
        self.put("drv/p.vcxproj", PROJECT % ("<KMDF_VERSION_MINOR>35</KMDF_VERSION_MINOR>",
                                             "<ClCompile Include='a.c'/>"))
        self.fails("drv", says="KMDF 1.35 is asked for; this netcx has 1.x up to 1.33")

    def test_later_versions_of_kmdf(self):
        """They add: a driver of theirs is built and runs, and what we lack of them is named."""
        facts = """
C_ASSERT(KMDF_VERSION_MAJOR == 1 && KMDF_VERSION_MINOR == %(minor)d);
C_ASSERT(WdfSpecialFileMax == %(files)d);
#if KMDF_VERSION_MINOR >= 31
C_ASSERT(WdfSpecialFilePostDisplay == 5 && WdfSpecialFileGuestAssigned == 6);
static PFN_WDF_DEVICE_D0_ENTRY_POST_HARDWARE_ENABLED Enabled = WDF_NO_EVENT_CALLBACK;
static PFN_WDF_DEVICE_D0_EXIT_PRE_HARDWARE_DISABLED Disabled = WDF_NO_EVENT_CALLBACK;
#endif
C_ASSERT(sizeof(WDF_DRIVER_CONFIG) == 32 && sizeof(WDF_PNPPOWER_EVENT_CALLBACKS) == 144);
#ifdef __cplusplus
template <typename T> struct Is { enum { Null = 0 }; };
template <> struct Is<decltype(nullptr)> { enum { Null = 1 }; };
C_ASSERT(Is<decltype(WDF_NO_HANDLE)>::Null == (KMDF_VERSION_MINOR >= 33));
extern "C" DRIVER_INITIALIZE DriverEntry;
#endif
"""
        uses = ("#if KMDF_VERSION_MINOR >= 31\n\tif (Enabled || Disabled)\n\t\treturn STATUS_UNSUCCESSFUL;\n"
                "#endif\n\tif (DriverObject)\n\t\treturn STATUS_RETRY;")
        for minor, files in ((15, 5), (27, 5), (31, 7), (33, 7)):
            for name in ("a.c", "a.cpp"):
                with self.subTest(minor, name=name):
                    shutil.rmtree(self.path("drv"), True)
                    self.put("drv/" + name, DRIVER % (facts % {"minor": minor, "files": files}, uses))
                    major = "<KMDF_VERSION_MAJOR>1</KMDF_VERSION_MAJOR>" if name == "a.c" else ""
                    self.put("drv/p.vcxproj", PROJECT % (
                        "%s<KMDF_VERSION_MINOR>%d</KMDF_VERSION_MINOR>" % (major, minor),
                        "<ClCompile Include='%s'/>" % name))
                    self.build("drv", "-o", "k.so")
                    _, errors = self.run_driver(self.path("k.so"), code=1)
                    self.assertIn("DriverEntry failed: STATUS_RETRY", errors)
        self.put("drv/a.cpp", DRIVER % ('extern "C" DRIVER_INITIALIZE DriverEntry;', (
            "WdfDeviceSetDeviceInterfaceStateEx(NULL, NULL, NULL, TRUE);")))
        done = self.fails("drv", says="names that no header declares:")
        self.assertRegex(done.stderr, r"\n  WdfDeviceSetDeviceInterfaceStateEx +drv/a\.cpp:10\n")


class Options(Build):
    """What a project says of cl counts for the code that comes out."""

    SETTINGS = "<ClCompile Include='%s'>%s</ClCompile>"

    def compiles(self, options, check, name="a.c", elements="", properties="", says=""):
        code = DRIVER % (check, "")
        if name.endswith("cpp"):
            code = code.replace("DRIVER_INITIALIZE", 'extern "C" DRIVER_INITIALIZE')
        self.put("drv/" + name, code)
        options = "<AdditionalOptions>%s %%(AdditionalOptions)</AdditionalOptions>" % options
        self.put("drv/p.vcxproj", PROJECT % (properties, self.SETTINGS % (name, elements + options)))
        done = self.build("drv", "-o", "o.so")
        self.assertIn(says, done.stderr)
        if not says:
            self.assertEqual(done.stderr, "")

    def test_packing(self):
        """Of the project's structures; the kit asserts the sizes of its own."""
        check = ("struct Odd { char a; __int64 b; };\nC_ASSERT(sizeof(struct Odd) == %d);\n"
                 "C_ASSERT(sizeof(LIST_ENTRY) == 16 && sizeof(UNICODE_STRING) == 16);")
        self.compiles("/Zp1", check % 9)
        self.compiles("/Zp1", check % 9, "a.cpp")
        self.compiles("", check % 12, elements="<StructMemberAlignment>4Bytes"
                      "</StructMemberAlignment>")
        self.compiles("/Zp8", check % 16)
        # Headers in another letter case and by their own path are the same headers.
        self.compiles("/Zp2", "#include <NTDDK.H>\n#include <Ndis.h>\n" + check % 10)

    def test_types(self):
        self.compiles("/J", "C_ASSERT((char)-1 > 0);")
        self.compiles("/Zc:wchar_t-", "void F(wchar_t *); void F(unsigned short *p) { (void)p; }\n"
                      'const WCHAR *Text = L"x"; const unsigned short *Same = Text;', "a.cpp")
        self.compiles("", "void F(wchar_t *); void F(unsigned short *);", "a.cpp")
        self.compiles("/TP /std:c++17", "static_assert(__cplusplus == 201703L);\nextern \"C\"")
        self.compiles("/fp:fast /Ob0 /Zc:twoPhase-", "", "a.cpp")

    def test_quotes(self):
        self.compiles(r"&quot;/DTEXT=\&quot;a b\&quot;&quot; /DNUMBER#3 /D OTHER=4 /DNOT /UNOT",
                      "C_ASSERT(sizeof(TEXT) == 4 && NUMBER == 3 && OTHER == 4);\n"
                      "#ifdef NOT\n#error it is undefined again\n#endif")
        self.put("drv/all.rsp", '/DFROM=7\r\n/I "an inc"\r\n/FI given.h')
        self.put("drv/an inc/Given.h", "#define GIVEN 1\n")
        self.compiles("@all.rsp", "C_ASSERT(FROM == 7 && GIVEN);")

    def test_folders(self):
        """A header of the project's own search path, before and behind the kit's."""
        self.put("drv/first/ntstrsafe.h", "#define MINE 1\n")
        self.put("drv/first/more.h", "#define MORE 1\n")
        for path, mine in (("first;$(IncludePath)", 1), ("$(IncludePath);first", 0)):
            self.compiles("", "#include <ntstrsafe.h>\n#include <more.h>\n#ifndef MINE\n"
                          "#define MINE 0\n#endif\nC_ASSERT(MINE == %d && MORE);" % mine,
                          properties="<IncludePath>%s</IncludePath>" % path)

    def test_what_is_left_out_is_named(self):
        self.compiles("/frobnicate", "", says="netcx: build: p.vcxproj: AdditionalOptions: "
                      "/frobnicate is no option of cl that is known, and is left out\n")
        self.compiles("/openmp", "", says="OpenMP needs a library that drivers have not")
        self.compiles("", "", properties="<Now>$([System.DateTime]::Now)</Now>",
                      says="p.vcxproj:3: $([System.DateTime]::Now) is not known and taken as empty")

    def test_versions_are_those_that_run_has(self):
        self.put("drv/a.c", "")
        self.put("drv/p.vcxproj", PROJECT % (
            "<NETADAPTER_VERSION_MAJOR>99</NETADAPTER_VERSION_MAJOR>"
            "<NETADAPTER_VERSION_MINOR>9</NETADAPTER_VERSION_MINOR>", "<ClCompile Include='a.c'/>"))
        done = self.fails("drv", says="NetAdapterCx 99.9 is asked for; this netcx has ")
        built = re.search(r"this netcx has (.*)", done.stderr).group(1).split(", ")
        shown = subprocess.run([NETCX, "version"], capture_output=True, text=True, check=True)
        played = re.search(r"NetAdapterCx ([\d., to]+)", shown.stdout).group(1)
        numbers = re.findall(r"[\d.]+\d", played)
        self.assertEqual([v for v in built if v in numbers], numbers, shown.stdout)
        for version in built:
            self.assertTrue(os.path.isdir(os.path.join(TOP, "include", "netadaptercx", version)))


class Usage(Build):
    def one_line(self, *arguments, says, code=1, **options):
        done = self.fails(*arguments, says=says, code=code, **options)
        self.assertEqual(len(done.stderr.strip().splitlines()), 2 if "Try:" in done.stderr else 1,
                         done.stderr)

    def test_paths(self):
        self.one_line("gone", says="netcx: build: gone: no such file or folder")
        self.put("drv/p.vcxproj", "this is no XML")
        self.one_line("drv", says="p.vcxproj:1: not XML")
        self.put("drv/p.vcxproj", PROJECT % ("", "<ClCompile Include='a.c'/>"))
        self.one_line("drv", says="p.vcxproj:4: the file 'a.c' is not there")
        self.put("drv/a.c", DRIVER % ("", ""))
        self.one_line("drv", "--configuration", "Checked", "--clang", "no-clang",
                      says="no-clang: no clang that runs")
        self.put("drv/q.vcxproj", "")
        self.one_line("drv", says="more than one project: p.vcxproj and q.vcxproj")
        self.one_line("drv/a.c", says="one source; a .vcxproj or a folder is expected")

    def test_options(self):
        self.one_line("-j", "0", says="-j 0: a number", code=2)
        self.one_line("-j", "x", says="-j x: a number", code=2)
        self.one_line("-p", "x", says="NAME=VALUE is expected", code=2)
        self.one_line("--sanitize", "memory", says="address and undefined are known", code=2)
        self.one_line("--nothing", says="--nothing: no such option", code=2)
        self.one_line("--clang", says="--clang: a value is expected", code=2)
        self.one_line("a", "b", says="b: one path is expected", code=2)
        self.one_line(HELLO, "--include-root", "gone", says="--include-root gone: no such folder")
        self.one_line(HELLO, "--include-root", ".", says="wdk/ and netadaptercx/ are expected")
        self.one_line(HELLO, "-o", ".", says=".: a folder; -o takes the file's name")
        self.one_line(HELLO, "-o", "/proc/x/y.so", says="/proc/x: ")
        self.environment["TMPDIR"] = self.path("gone")
        self.one_line(HELLO, says="/gone/netcx-build-")

    def test_compilers(self):
        self.put("drv/a.c", DRIVER % ("", ""))
        old = self.fake_clang("echo clang version 11.0.1-2\n")
        self.one_line("drv", "--clang", old, says="is clang 11; 14 or newer is needed")
        self.environment["PATH"] = os.path.dirname(old)
        self.one_line("drv", says="clang is version 11; 14 or newer is needed (Debian: apt-get")
        self.environment["PATH"] = self.temporary
        self.one_line("drv", says="no clang is found; install version 14 or newer")
        gcc = self.fake_clang("echo 'gcc (Debian 12) 12.2.0'\n")
        self.one_line("drv", "--clang", gcc, says="no clang that runs")

    def test_no_sanitizer_libraries(self):
        self.put("drv/a.c", DRIVER % ("", ""))
        clang = self.fake_clang('case $1 in --version) echo clang version 16.0.6;; '
                                '-print-file-name=*) echo "${1#*=}";; *) exit 1;; esac\n')
        self.one_line("drv", "--clang", clang, "--sanitize", "address",
                      says="clang 16 has no sanitizer libraries (Debian: apt-get install "
                      "libclang-rt-16-dev)")

    def test_newest_clang(self):
        """clang-NN when clang itself is too old; the newest of them."""
        self.put("drv/a.c", DRIVER % ("", ""))
        self.fake_clang("echo clang version 13.0.0\n")
        for number in (15, 17):
            path = self.put("fake/clang-%d" % number,
                            "#!/bin/sh\n[ $1 = --version ] && exec echo clang version %d.0\n"
                            "echo I am %d\nexit 1\n" % (number, number))
            os.chmod(path, 0o755)
        self.environment["PATH"] = self.path("fake") + ":/usr/bin:/bin"
        done = self.build("drv", code=1)
        self.assertIn("I am 17", done.stderr)


class Interrupted(Build):
    def gone(self, pid):
        for _ in range(100):
            try:
                with open("/proc/%d/stat" % pid, encoding="utf-8") as stat:
                    if stat.read().rsplit(")", 1)[1].split()[0] == "Z":
                        return True
            except OSError:
                return True
            time.sleep(0.05)
        return False

    def interrupt(self, number):
        for name in "abc":
            self.put("drv/%s.c" % name, "")
        pids = self.path("pids")
        clang = self.fake_clang('[ "$1" = --version ] && { echo clang version 16.0; exit; }\n'
                                'sleep 1000 &\necho $$ $! >>%s\nwait\n' % pids)
        process = subprocess.Popen([NETCX, "build", "drv", "-j2", "--clang", clang],
                                   cwd=self.scratch, env=self.environment,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(200):
            if os.path.exists(pids):
                with open(pids, encoding="utf-8") as file:
                    if len(file.readlines()) == 2:
                        break
            time.sleep(0.05)
        process.send_signal(number)
        out, errors = process.communicate(timeout=20)
        self.assertEqual(process.returncode, -number)
        self.assertEqual((out, errors), ("", ""))
        self.assertEqual(os.listdir(self.temporary), [])
        self.assertFalse(glob.glob(self.path("out", "*")))
        with open(pids, encoding="utf-8") as file:
            for pid in file.read().split():
                self.assertTrue(self.gone(int(pid)), pid)

    def test_sigint(self):
        self.interrupt(signal.SIGINT)

    def test_sigterm(self):
        self.interrupt(signal.SIGTERM)

    def test_at_any_moment(self):
        for delay in (0.01, 0.03, 0.1, 0.2, 0.4):
            process = subprocess.Popen([NETCX, "build", HABITS, "-j2"], cwd=self.scratch,
                                       env=self.environment, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            time.sleep(delay)
            process.send_signal(signal.SIGINT)
            self.assertIn(process.wait(20), (-signal.SIGINT, 0), delay)
            self.assertEqual(os.listdir(self.temporary), [], delay)
            left = [n for n in glob.glob(self.path("out", "*")) if n[-3:] not in (".so", "inf")]
            self.assertEqual(left, [], delay)


if __name__ == "__main__":
    if not shutil.which("clang"):
        print("skipped: no clang")
        sys.exit(77)
    unittest.main(verbosity=2)
