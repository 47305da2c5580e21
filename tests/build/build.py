#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""netcx build from outside: projects are compiled, run and interrupted."""
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import time
import unittest

from common import DRIVER, HABITS, HELLO, NETCX, PROJECT, SANITIZED, SANITIZER, TOP, Build, main


class Habits(Build):
    """The driver with all the habits of Windows source."""

    def check(self, driver, *arguments, more=0):
        events, _ = self.run_driver(driver, *arguments)
        habits = {e["What"]: e["Holds"] for e in events if e["name"] == "Habit"}
        self.assertEqual([w for w, holds in habits.items() if not holds], [])
        self.assertEqual(len(habits), 27 + more, habits)
        return events

    def test_release(self):
        done = self.build(HABITS)
        self.assertEqual(done.stdout, "out/habits.so\n")
        # Of all its habits one is none for Windows' kernel.
        self.assertRegex(done.stderr, r"^netcx: build: warning: C\+\+ that works here .*\n"
                         r"  static with a first use +Language\.cpp:31: .*\n$")
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

    @unittest.skipIf(SANITIZED, "the driver brings its sanitizer")
    def test_a_sanitizers_report_stands_behind_what_led_to_it(self):
        for kind, code, body, report in (
                ("address", 1, "volatile char *pool = ExAllocatePoolWithTag(NonPagedPoolNx, 4, 'ab'); pool[5] = 1;",
                 "ERROR: AddressSanitizer: heap-buffer-overflow"),
                ("undefined", 1, "volatile int big = 0x7fffffff; big += 1; return STATUS_RETRY;",
                 "runtime error: signed integer overflow")):
            self.put("drv/a.c", DRIVER % ("", 'DbgPrint("led to it");' + body))
            self.build("drv", "--sanitize", kind, "-o", "a.so")
            self.assertRegex(self.in_one_file(self.path("a.so"), code), r"(?s)led to it.*" + re.escape(report))

    def test_thread(self):
        """Run by who has that sanitizer, too: this netcx, or netcx-thread, which takes over."""
        self.build(HABITS, "--sanitize", "thread", "-o", "t.so")
        if SANITIZER == "thread":
            self.check(self.path("t.so"))
        elif not SANITIZED:
            self.assertIn(" U __tsan_func_entry", subprocess.run(
                ["nm", "-D", self.path("t.so")], capture_output=True, text=True, check=True).stdout)

    @unittest.skipIf(SANITIZED, "a copy of netcx is one that has no sanitizer")
    def test_who_runs_a_driver_with_the_thread_sanitizer(self):
        self.build(HABITS, "--sanitize", "thread", "-o", "t.so")
        alone = self.path("alone", "netcx")
        os.mkdir(self.path("alone"))
        shutil.copy(NETCX, alone)
        done = subprocess.run([alone, "run", "t.so", "--stack", "null"], capture_output=True, text=True,
                              env=self.environment, cwd=self.scratch, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn("t.so: a driver with the thread sanitizer is run by a netcx that has it, too, netcx-thread",
                      done.stderr)
        self.assertIn("ninja -C %s netcx-thread" % self.path("alone"), done.stderr)
        done = subprocess.run([alone, "test", "t.so"], capture_output=True, text=True,
                              env=self.environment, cwd=self.scratch, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stderr.startswith("netcx: test: t.so: ")), (1, True), done.stderr)
        # That one gets the command line as it is; one that has no sanitizer is not started again.
        self.put("alone/netcx-thread", '#!/bin/sh\necho "$*"\n')
        os.chmod(self.path("alone/netcx-thread"), 0o755)
        done = subprocess.run([alone, "run", "t.so", "--stack", "null"], capture_output=True, text=True,
                              env=self.environment, cwd=self.scratch, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, "run --stack null t.so\n"))
        shutil.copy(NETCX, self.path("alone/netcx-thread"))
        done = subprocess.run([alone, "run", "t.so", "--stack", "null"], capture_output=True, text=True,
                              env=self.environment, cwd=self.scratch, timeout=60, check=False)
        self.assertEqual(done.returncode, 1)

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

    def test_sources_of_one_name(self):
        """Each has its object, whatever the names of the others."""
        self.put("drv/a-2.c", "int one(void) { return 1; }")
        self.put("drv/a.c", DRIVER % ("int one(void), two(void);",
                                      "if (one() + two() != 3) return STATUS_UNSUCCESSFUL;"))
        self.put("drv/sub/a.c", "int two(void) { return 2; }")
        self.put("drv/drv.vcxproj",
                 PROJECT % ("", "<ClCompile Include='a-2.c;a.c;sub\\a.c'/>"))
        self.build("drv")

    def test_headers_of_this_system_are_not_taken(self):
        self.put("drv/a.c", DRIVER % ("#include <unistd.h>", ""))
        done = self.fails("drv", says="'unistd.h' file not found")
        self.assertIn("headers that are not found:\n  unistd.h ", done.stderr)

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

    @unittest.skipUnless(SANITIZER == "thread", "the host has the thread sanitizer, too")
    def test_a_race_is_found_by_the_sanitizer(self):
        """A timer's DPC and the driver's thread; what a lock of the host's orders is no race."""
        self.put("drv/a.c", DRIVER % ("""
static KTIMER Timer;
static KDPC Dpc;
static KSPIN_LOCK Lock;
static LONG Done;
static int Ordered, Raced;
static KDEFERRED_ROUTINE Body;
static void Body(PKDPC Self, PVOID Context, PVOID One, PVOID Two)
{
	(void)Self, (void)Context, (void)One, (void)Two;
	KeAcquireSpinLockAtDpcLevel(&Lock);
	Ordered++;
	KeReleaseSpinLockFromDpcLevel(&Lock);
	Raced++; /* here */
	WriteNoFence(&Done, 1);
}""", """
	LARGE_INTEGER now = { .QuadPart = -1 };
	KIRQL irql;
	KeInitializeSpinLock(&Lock);
	KeInitializeDpc(&Dpc, Body, NULL);
	KeInitializeTimer(&Timer);
	KeSetTimer(&Timer, now, &Dpc);
	while (!ReadNoFence(&Done))
		KeStallExecutionProcessor(10);
	DbgPrint("led to it");
	Raced += 2;
	KeAcquireSpinLock(&Lock, &irql);
	Ordered += 2;
	KeReleaseSpinLock(&Lock, irql);"""))
        self.build("drv", "--sanitize", "thread")
        self.environment["TSAN_OPTIONS"] = "halt_on_error=1"
        _, errors = self.run_driver(self.path("out/drv.so"), code=66)
        self.assertIn("ThreadSanitizer: data race", errors)
        self.assertRegex(errors, r"#0 DriverEntry .*a\.c:")
        self.assertRegex(self.in_one_file(self.path("out/drv.so"), 66), "(?s)led to it.*ThreadSanitizer: data race")
        self.assertRegex(errors, r"#0 Body .*a\.c:18")

    @unittest.skipUnless(SANITIZER == "thread", "the host has the thread sanitizer, too")
    def test_volatile_is_no_race(self):
        """As MSVC has it: what was stored before a volatile is there after it. In C and in C++."""
        body = """
static KTIMER Timer;
static KDPC Dpc;
static volatile LONG Flag;
static LONG Told;
static KDEFERRED_ROUTINE Body;
static void Body(PKDPC Self, PVOID Context, PVOID One, PVOID Two)
{
	(void)Self, (void)Context, (void)One, (void)Two;
	Told = 1;
	Flag = 1;
}"""
        entry = """
	LARGE_INTEGER now;
	now.QuadPart = -1;
	KeInitializeDpc(&Dpc, Body, NULL);
	KeInitializeTimer(&Timer);
	KeSetTimer(&Timer, now, &Dpc);
	while (!Flag)
		KeStallExecutionProcessor(10);
	KeStallExecutionProcessor(100);
	if (Flag + Told == 2)
		return STATUS_RETRY;"""
        self.environment["TSAN_OPTIONS"] = "halt_on_error=1"
        for name, words in ("c.c", ""), ("cxx.cpp", 'extern "C" DRIVER_INITIALIZE DriverEntry;'):
            with self.subTest(name):
                self.put("%s/%s" % (name, name), DRIVER % (words + body, entry))
                self.build(name, "--sanitize", "thread", "-o", "v.so")
                _, errors = self.run_driver(self.path("v.so"), code=1)
                self.assertIn("DriverEntry failed: STATUS_RETRY", errors)
                self.assertNotIn("ThreadSanitizer", errors)

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
        process = subprocess.Popen([NETCX, "build", "drv", "-j2", *self.properties, "--clang", clang],
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
            # The thread sanitizer has a file for a moment, before main().
            left = [n for n in os.listdir(self.temporary) if not n.startswith("tsan.rodata.")]
            self.assertEqual(left, [], delay)
            left = [n for n in glob.glob(self.path("out", "*")) if n[-3:] not in (".so", "inf")]
            self.assertEqual(left, [], delay)


if __name__ == "__main__":
    main()
