#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""netcx build from outside: what is missing, what is left out, and what it is called with wrongly."""
import glob
import os
import re
import shutil

from common import DRIVER, HELLO, PROJECT, Build, main


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
        self.assertRegex(done.stderr, r"please tell us,\nhttps://\S+/issues\n")

    def test_a_submodule_that_was_not_fetched(self):
        """A clone has its folder, and nothing in it; an archive of the sources cannot fetch it itself."""
        self.put("top/.gitmodules", '[submodule "other"]\n\tpath = other\n\turl = git://127.0.0.1/other\n'
                 '[submodule "wil"]\n  url = git://127.0.0.1/wil\n  path = "lib/wil"\n')
        self.put("top/net/drv/a.cpp", "#include <wil/resource.h>\n")
        self.put("top/net/drv/drv.vcxproj", PROJECT % (
            "", r'<ClCompile Include="a.cpp"><AdditionalIncludeDirectories>..\..\lib\wil\include'
            "</AdditionalIncludeDirectories></ClCompile>"))
        top = os.path.realpath(self.path("top"))
        missing = r"\n  wil/resource\.h +\S*a\.cpp:1: submodule lib/wil is not there: "
        for repository, command in ((False, f"git clone git://127.0.0.1/wil {top}/lib/wil"),
                                    (True, f"git -C {top} submodule update --init lib/wil")):
            os.makedirs(self.path("top/.git" if repository else "top/lib/wil"))
            done = self.fails("top/net/drv", says="headers that are not found:")
            self.assertRegex(done.stderr, missing + re.escape(command) + r"\n")
            self.assertNotIn("please tell us", done.stderr)
        self.put("top/lib/wil/README", "it is there, and lacks the header\n")
        self.assertNotIn("submodule", self.fails("top/net/drv", says="headers that are not found:").stderr)

    def test_preview_names(self):
        """Of 2.0 they want their header; a later version has none of them."""
        lso = "NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES"
        uses = f"\t{lso} lso;\n\tUNREFERENCED_PARAMETER(lso);\n\t(void)NetRequestGetId(NULL);"
        self.put("drv/a.c", DRIVER % ("", uses))
        as_version = ("drv", "-p", "NETADAPTER_VERSION_MAJOR=2", "-p")
        done = self.fails(*as_version, "NETADAPTER_VERSION_MINOR=0", says="names that no header declares:")
        for name, header in ((lso, "netadapteroffload"), ("NetRequestGetId", "netrequest")):
            self.assertRegex(done.stderr, rf"\n  {name} +drv/a\.c:\d+: declared in preview/{header}\.h, "
                             "which has to be included")
        done = self.fails(*as_version, "NETADAPTER_VERSION_MINOR=5", says="names that no header declares:")
        for name in (lso, "NetRequestGetId"):
            self.assertRegex(done.stderr, rf"\n  {name} +drv/a\.c:\d+: of NetAdapterCx 1\.3, 2\.0 \(preview\)\n")
        self.put("drv/a.c", DRIVER % ("#include <preview/netadapteroffload.h>\n#include <preview/netrequest.h>", uses))
        self.build(*as_version, "NETADAPTER_VERSION_MINOR=0")

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
            "<KMDF_VERSION_MAJOR>2</KMDF_VERSION_MAJOR><KMDF_VERSION_MINOR>0</KMDF_VERSION_MINOR>",
            "<ClCompile Include='a.c'/>"))
        self.fails("drv", says="KMDF 2.0 is asked for; this netcx has 1.x up to 1.33")
        self.put("drv/p.vcxproj", PROJECT % ("<KMDF_VERSION_MINOR>35</KMDF_VERSION_MINOR>",
                                             "<ClCompile Include='a.c'/>"))
        self.fails("drv", says="KMDF 1.35 is asked for; this netcx has 1.x up to 1.33")

    def test_versions_are_not_mixed(self):
        """A file that declares another version's functions itself: no header refuses that."""
        self.put("drv/a.c", DRIVER % ("void F(void);", "F();\n\t(void)NetAdapterStart(NULL);"))
        self.put("drv/b.c", "void netcx_2_NetAdapterStop(void *);\nvoid F(void);\n"
                 "void F(void) { netcx_2_NetAdapterStop(0); }\n")
        done = self.fails("drv", says="netcx: build: it calls functions of NetAdapterCx ")
        self.assertIn("1.3 (NetAdapterStart)", done.stderr)
        self.assertIn("2 (NetAdapterStop)", done.stderr)

    def test_names_are_public_ones(self):
        """A symbol is called by its name in the source, whatever version it is of."""
        self.put("drv/a.c", DRIVER % ("void Moon(void *) __asm__(\"netcx_%s_NetAdapterFlyToTheMoon\");",
                                      "Moon(NULL);") % "1_3")
        self.assertRegex(self.fails("drv", says="that this netcx does not have").stderr,
                         r"\n  NetAdapterFlyToTheMoon +a\.c:10\n")
        self.put("drv/a.c", DRIVER % ("void Moon(void *) __asm__(\"netcx_%s_NetAdapterFlyToTheMoon\");",
                                      "Moon(NULL);") % "2")
        self.assertRegex(self.fails("drv", says="that this netcx does not have").stderr,
                         r"\n  NetAdapterFlyToTheMoon +a\.c:10\n")

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
            "WdfPdoInitRemovePowerDependencyOnParent(NULL);")))
        done = self.fails("drv", says="names that no header declares:")
        self.assertRegex(done.stderr, r"\n  WdfPdoInitRemovePowerDependencyOnParent +drv/a\.cpp:10\n")


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
        self.compiles("/DNTDDI_VERSION=0x0A000008 /D WINVER=0x0A01 /DWINVER=0x0A02",
                      "C_ASSERT(NTDDI_VERSION == 0x0A000008 && WINVER == 0x0A02);")
        self.compiles("/Zc:wchar_t-", "void F(wchar_t *); void F(unsigned short *p) { (void)p; }\n"
                      'const WCHAR *Text = L"x"; const unsigned short *Same() { return Text; }', "a.cpp")
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

    def test_what_was_left_out_is_said_before_what_failed(self):
        self.put("drv/a.rc", "")
        self.put("drv/p.vcxproj", PROJECT % ("", "<ClCompile Include='a.rc'/>"))
        lines = self.fails("drv", says="no <ClCompile> file").stderr.splitlines()
        self.assertEqual(len(lines), 2, lines)
        self.assertIn("'a.rc' is no C or C++ and left out", lines[0])

    def test_options(self):
        self.one_line("-j", "0", says="-j 0: a number", code=2)
        self.one_line("-j", "x", says="-j x: a number", code=2)
        self.one_line("-p", "x", says="NAME=VALUE is expected", code=2)
        self.one_line("--sanitize", "memory", says="address, undefined, fuzzer and thread are known",
                      code=2)
        self.one_line("--sanitize", "thread,undefined", says="thread goes alone", code=2)
        self.one_line("--sanitize", ",", says="address, undefined, fuzzer or thread is expected", code=2)
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


if __name__ == "__main__":
    main()
