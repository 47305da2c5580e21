#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""netcx build: long has 32 bits in a driver's own sources, as on Windows, and in nothing else."""
import os
import shutil
import subprocess
import unittest

from common import DRIVER, SANITIZED, Build, main

# What holds on Windows, in both languages.
FACTS = """
#include <stdint.h>
#include <ntstrsafe.h>
#include "uses.h"
C_ASSERT(sizeof(long) == 4 && sizeof(unsigned long) == 4 && sizeof(long int) == 4);
C_ASSERT(sizeof(long long) == 8 && sizeof(long double) >= 8);
C_ASSERT(sizeof(1L) == 4 && sizeof(1UL) == 4 && sizeof(1LL) == 8 && sizeof(0xFFFFFFFFUL) == 4);
C_ASSERT(~0UL == 0xFFFFFFFF && (1UL << 31) << 1 == 0);
C_ASSERT(sizeof(LONG) == 4 && sizeof(ULONG) == 4 && sizeof(OF_A_HEADER) == 4 && HIGHEST == 0x7fffffff);
C_ASSERT(sizeof(size_t) == 8 && sizeof(ULONG_PTR) == 8 && sizeof(int64_t) == 8 && sizeof(PVOID) == 8);
C_ASSERT(FIELD_OFFSET(PLAIN, After) == 4 && sizeof(PLAIN) == 8);
static LONG Both(long *Value, unsigned long Mask);
static LONG Both(LONG *Value, ULONG Mask) { return *Value & (LONG)Mask; }
"""
HEADER = """
#pragma once
typedef unsigned long OF_A_HEADER;
typedef struct { long Before; unsigned long After; } PLAIN;
#define HIGHEST ((long)0x7fffffffL)
"""
BODY = """
	volatile long count = 41;
	long value = -2;
	unsigned long mask = 0xfffffff0UL;
	char text[64];

	InterlockedIncrement(&count);
	RtlStringCbPrintfA(text, sizeof(text), "%ld %lu %08lx %d %lld", count, mask, Both(&value, mask), 7, 1LL << 40);
	if (RtlCompareMemory(text, "42 4294967280 fffffff0 7 1099511627776", 39) != 39)
		return STATUS_DATA_ERROR;
	return STATUS_RETRY;
"""


class Width(Build):
    def driver(self, name, body=BODY):
        self.put("drv/Uses.h", HEADER)
        return self.put("drv/" + name, DRIVER % (FACTS, body))

    def test_it_is_as_on_windows(self):
        """Types, literals, macros, structures of headers, what the kit takes; printed as on Windows."""
        for name in ("a.c", "a.cpp"):
            with self.subTest(name=name):
                shutil.rmtree(self.path("drv"), ignore_errors=True)
                self.driver(name)
                done = self.build("drv", "-v")
                self.assertIn("netcx: build: long is int, as wide as on Windows, in 2 files (--long 64 leaves it)\n",
                              done.stderr)
                self.assertNotIn("warning", done.stderr)
                if SANITIZED:
                    continue
                _, errors = self.run_driver(self.path("out", "drv.so"), code=1)
                self.assertIn("DriverEntry failed: STATUS_RETRY", errors)

    def test_it_can_be_left(self):
        self.put("drv/a.c", DRIVER % ("C_ASSERT(sizeof(long) == 8 && sizeof(1UL) == 8);", ""))
        self.assertEqual(self.build("drv", "--long", "64").stderr, "")
        self.fails("drv", "--long", "32", says="error: ")
        self.fails("drv", "--long", "48", says="--long 48: 32 or 64 is expected", code=2)

    def test_messages_have_the_places_and_names_of_the_source(self):
        """Columns behind a replaced word, and the file by its own name."""
        self.put("drv/uses.h", "#pragma once\nunsigned long int A = Nothing;\n")
        self.put("drv/a.c", "#include \"Uses.h\"\nunsigned long B(void) { long x = 1L; return x + Less; }\n")
        done = self.fails("drv", says="drv/a.c:2:49: error: use of undeclared identifier 'Less'")
        self.assertRegex(done.stderr, r"drv/[uU]ses\.h:2:23: error: use of undeclared identifier 'Nothing'")

    @unittest.skipUnless(shutil.which("readelf"), "no readelf")
    def test_a_debugger_finds_the_source(self):
        path = self.driver("a.c")
        self.build("drv")
        names = subprocess.run(["readelf", "--debug-dump=info", self.path("out", "drv.so")], capture_output=True,
                               text=True, check=True).stdout
        self.assertIn(os.path.basename(path), names)
        self.assertNotIn("/long/", names)

    def test_the_database_works_afterwards(self):
        """What clangd reads is there when the build has ended."""
        self.driver("a.c")
        self.build("drv", "--compile-commands")
        self.assertEqual(sorted(os.listdir(self.path("out"))), ["drv.long", "drv.so", "drv.vfs.json"])

    def test_an_overload_for_each(self):
        """In one file a long stays a type of its own; in two, int and long are one: said, and what helps."""
        self.put("drv/a.cpp", DRIVER % ("static int F(int) { return 1; }\nstatic int F(long) { return 2; }\n", "(void)F(1L);"))
        self.build("drv")
        self.put("drv/rest.h", "static int F(long) { return 2; }\n")
        self.put("drv/a.cpp", DRIVER % ("static int F(int) { return 1; }\n#include \"rest.h\"\n", "(void)F(1L);"))
        done = self.fails("drv", says="error: redefinition of 'F'")
        self.assertIn("netcx: build: long is int here, as wide as on Windows; --long 64 leaves it as it is\n", done.stderr)
        self.build("drv", "--long", "64")


main()
