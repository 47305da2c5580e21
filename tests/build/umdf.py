#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""netcx build and user-mode drivers: what makes a project one, what it sees, and what it must not mix."""
import os
import subprocess
import unittest

from common import NETCX, PROJECT, SANITIZED, SANITIZER, TOP, Build, main

UMDF = os.path.join(TOP, "tests", "drivers", "umdf")
NET = "<NETADAPTER_VERSION_MAJOR>2</NETADAPTER_VERSION_MAJOR><NETADAPTER_VERSION_MINOR>5</NETADAPTER_VERSION_MINOR>"
TOOLSET = "<PlatformToolset>WindowsUserModeDriver10.0</PlatformToolset>"
KERNEL_TOOLSET = "<PlatformToolset>WindowsKernelModeDriver10.0</PlatformToolset>"
VERSION = "<UMDF_VERSION_MAJOR>2</UMDF_VERSION_MAJOR><UMDF_VERSION_MINOR>%d</UMDF_VERSION_MINOR>"
SOURCE = "<ClCompile Include='a.c'/>"
DRIVER = """
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
FACTS = """
#ifdef _KERNEL_MODE
#error kernel mode
#endif
#ifdef KMDF_VERSION_MAJOR
#error KMDF
#endif
C_ASSERT(UMDF_VERSION_MAJOR == 2 && UMDF_VERSION_MINOR == %d);
C_ASSERT(UMDF_MINIMUM_VERSION_REQUIRED == %d);
"""


class Umdf(Build):
    properties = ()  # the project says it

    def project(self, properties, source, items=SOURCE, folder="drv"):
        self.put(f"{folder}/a.c", source)
        return self.put(f"{folder}/p.vcxproj", PROJECT % (properties, items))

    def test_what_makes_it_one(self):
        """The toolset, the kind of driver or the version's property, each alone."""
        for properties, minor, minimum in (
                (TOOLSET + VERSION % 33, 33, 33),
                (TOOLSET, 33, 33),
                ("<DriverType>UMDF</DriverType>", 33, 33),
                (VERSION % 33, 33, 33),
                (VERSION % 33 + "<UMDF_MINIMUM_VERSION_REQUIRED>31</UMDF_MINIMUM_VERSION_REQUIRED>", 33, 31),
                (TOOLSET + VERSION % 31, 31, 31)):
            with self.subTest(properties=properties):
                self.project(NET + properties, DRIVER % (FACTS % (minor, minimum), ""))
                self.assertEqual(self.build("drv").stderr, "")

    def test_win32(self):
        """windows.h and what it brings, in both languages; a name that is not offered is listed."""
        deeds = """HANDLE event = CreateEvent(NULL, TRUE, FALSE, TEXT("netcx"));
	SRWLOCK lock = SRWLOCK_INIT;
	AcquireSRWLockExclusive(&lock);
	ReleaseSRWLockExclusive(&lock);
	if (event == NULL || WaitForSingleObject(event, 0) != WAIT_TIMEOUT || !CloseHandle(event))
		return NTSTATUS_FROM_WIN32(GetLastError());"""
        include = "#include <Windows.h>\n#include <strsafe.h>\n#include <winternl.h>"
        self.project(NET + TOOLSET, DRIVER % (include, deeds))
        self.assertEqual(self.build("drv").stderr, "")
        self.put("cxx/a.cpp", include + (DRIVER % ("", deeds)).replace("DRIVER_INIT", 'extern "C" DRIVER_INIT'))
        self.put("cxx/p.vcxproj", PROJECT % (NET + TOOLSET, "<ClCompile Include='a.cpp'/>"))
        self.assertEqual(self.build("cxx").stderr, "")

    def test_by_the_command_line(self):
        """A folder without a project."""
        self.put("plain/a.c", DRIVER % (FACTS % (33, 33), ""))
        self.build("plain", "-p", "NETADAPTER_VERSION_MAJOR=2", "-p", "NETADAPTER_VERSION_MINOR=5",
                   "-p", "UMDF_VERSION_MAJOR=2", "-p", "UMDF_VERSION_MINOR=33")

    def test_the_other_properties_of_the_toolset(self):
        items = ("<PropertyGroup Condition=\"'$(TargetExt)' != '.dll'\">"
                 "<TargetName>/</TargetName></PropertyGroup><ItemGroup>" + SOURCE + "</ItemGroup>")
        self.put("drv/a.c", DRIVER % ("C_ASSERT(sizeof(L\"\") == 2);\n#if !defined(UNICODE) || !defined(_UNICODE)\n"
                                      "#error UNICODE\n#endif", ""))
        self.put("drv/p.vcxproj", "<Project xmlns='http://schemas.microsoft.com/developer/msbuild/2003'>"
                 "<PropertyGroup>" + NET + TOOLSET + "</PropertyGroup>"
                 "<Import Project='$(VCTargetsPath)\\Microsoft.Cpp.props'/>" + items + "</Project>")
        self.build("drv")

    def test_no_version_named(self):
        """What the sources would fit is not asked: there is one with user-mode drivers."""
        self.project(TOOLSET, DRIVER % ("C_ASSERT(NETADAPTER_VERSION_MINOR == 5);", ""))
        self.assertEqual(self.build("drv").stderr, "netcx: build: NetAdapterCx 2.5: no version is named, and the first "
                         "with user-mode drivers is taken\n")

    def test_contradictions(self):
        for properties, says in (
                (TOOLSET + "<DriverType>KMDF</DriverType>",
                 "p.vcxproj: PlatformToolset is WindowsUserModeDriver10.0, and DriverType KMDF: a driver is a "
                 "user-mode one (UMDF) or a kernel-mode one (KMDF)"),
                (KERNEL_TOOLSET + "<DriverType>UMDF</DriverType>",
                 "PlatformToolset is WindowsKernelModeDriver10.0, and DriverType UMDF"),
                (VERSION % 33 + "<KMDF_VERSION_MAJOR>1</KMDF_VERSION_MAJOR>",
                 "UMDF_VERSION_MAJOR is 2, and KMDF_VERSION_MAJOR 1"),
                (TOOLSET + VERSION % 35, "UMDF 2.35 is asked for; this netcx has 2.x up to 2.33"),
                (TOOLSET + (VERSION % 33).replace("R>2<", "R>3<"), "UMDF 3.33 is asked for"),
                (TOOLSET + (VERSION % 33).replace(">33<", ">new<"), "UMDF_VERSION_MINOR and "
                 "UMDF_MINIMUM_VERSION_REQUIRED are numbers"),
                (TOOLSET + VERSION % 31 + "<UMDF_MINIMUM_VERSION_REQUIRED>33</UMDF_MINIMUM_VERSION_REQUIRED>",
                 "UMDF_MINIMUM_VERSION_REQUIRED is 33, above UMDF_VERSION_MINOR, which is 31")):
            with self.subTest(says=says):
                self.project(NET + properties, DRIVER % ("", ""))
                self.assertEqual(self.fails("drv", says=says).stderr.count("\n"), 1)

    def test_versions_without_user_mode(self):
        for major, minor in ((1, 3), (2, 0), (2, 4)):
            net = NET.replace(">2<", f">{major}<").replace(">5<", f">{minor}<")
            self.project(net + TOOLSET, DRIVER % ("", ""))
            self.fails("drv", says=f"a UMDF driver for NetAdapterCx {major}.{minor}: the first version with "
                       "user-mode drivers is 2.5\n")

    def library(self, properties):
        self.put("lib/l.c", "#include <wdf.h>\nint Answer(void);\nint Answer(void)\n{\n\treturn 42;\n}\n")
        self.put("lib/l.vcxproj", PROJECT % (NET + "<ConfigurationType>StaticLibrary</ConfigurationType>" + properties,
                                             "<ClCompile Include='l.c'/>"))

    def test_a_library_of_another_version(self):
        items = SOURCE + r"<ProjectReference Include='..\lib\l.vcxproj'/>"
        source = DRIVER % ("int Answer(void);", "if (Answer() != 42)\n\t\treturn STATUS_UNSUCCESSFUL;")
        for driver, library, says in (
                (TOOLSET + VERSION % 33, TOOLSET + VERSION % 35,
                 "lib/l.vcxproj: a library for UMDF 2.35, and the driver that it is linked into is for 2.33: one file "
                 "has one version of the framework (-p UMDF_VERSION_MINOR=33 sets it for both)"),
                (KERNEL_TOOLSET + "<KMDF_VERSION_MAJOR>1</KMDF_VERSION_MAJOR><KMDF_VERSION_MINOR>33"
                 "</KMDF_VERSION_MINOR>", KERNEL_TOOLSET + "<KMDF_VERSION_MAJOR>1</KMDF_VERSION_MAJOR>"
                 "<KMDF_VERSION_MINOR>35</KMDF_VERSION_MINOR>",
                 "a library for KMDF 1.35, and the driver that it is linked into is for 1.33"),
                (TOOLSET + VERSION % 33, KERNEL_TOOLSET,
                 "lib/l.vcxproj: a library for KMDF (PlatformToolset is WindowsKernelModeDriver10.0), and the driver "
                 "that it is linked into is for UMDF"),
                (KERNEL_TOOLSET, TOOLSET, "a library for UMDF (PlatformToolset is WindowsUserModeDriver10.0), and the "
                 "driver that it is linked into is for KMDF")):
            with self.subTest(says=says):
                self.project(NET + driver, source, items)
                self.library(library)
                self.assertEqual(self.fails("drv", says=says).stderr.count("\n"), 1)
        # As the sample's own wrapper has it: one version for all.
        self.project(NET + TOOLSET + VERSION % 33, source, items)
        self.library(TOOLSET + VERSION % 35)
        self.build("drv", "-p", "UMDF_VERSION_MINOR=33")
        # A library that names none goes with any.
        self.library(TOOLSET)
        self.build("drv")

    def test_names_of_kernel_mode(self):
        """None compiles, and each is said to be one."""
        for source in ("PVOID p = ExAllocatePool2(0, 1, 0);\n\t(void)p;", "KIRQL irql = KeGetCurrentIrql();\n\t(void)irql;",
                       "WdfDriverWdmGetDriverObject(NULL);", "PAGED_CODE();",
                       "WdfDmaEnablerCreate(NULL, NULL, NULL, NULL);", "WdfDeviceWdmGetDeviceObject(NULL);",
                       "WdfDeviceInitSetPowerPageable(NULL);"):
            name = source.split("(", maxsplit=1)[0].split()[-1]
            for suffix, text in (("c", DRIVER), ("cpp", DRIVER.replace("DRIVER_INITIALIZE", 'extern "C" DRIVER_INITIALIZE'))):
                with self.subTest(name=name, suffix=suffix):
                    self.put(f"drv/a.{suffix}", text % ("", source))
                    self.put("drv/p.vcxproj", PROJECT % (NET + TOOLSET, f"<ClCompile Include='a.{suffix}'/>"))
                    done = self.fails("drv", says=name)
                    self.assertIn("of kernel mode, which a user-mode driver (UMDF) has not", done.stderr)

    def test_windows_h_is_user_mode_s(self):
        """windows.h is user mode's: what it declares is found, and kernel mode has no such header."""
        source = "#include <windows.h>\n" + DRIVER % ("C_ASSERT(PAGE_SIZE == 4096);", "HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);\n"
                                                     "\tif (WaitForSingleObject(event, 0) != WAIT_TIMEOUT)\n"
                                                     "\t\treturn STATUS_UNSUCCESSFUL;\n\tCloseHandle(event);\n"
                                                     "\treturn STATUS_RETRY;")
        self.project(NET + TOOLSET, source)
        self.assertEqual(self.build("drv").stderr, "")
        if not SANITIZED:
            _, errors = self.run_driver(self.path("out", "p.so"), code=1)
            self.assertIn("DriverEntry failed: STATUS_RETRY", errors)
        self.project(NET + KERNEL_TOOLSET, source)
        done = self.fails("drv", says="'windows.h' file not found")
        self.assertIn("of user mode, which a kernel-mode driver has not", done.stderr)

    def test_a_local_of_a_type_of_kernel_mode_is_the_driver_s(self):
        """Parameters and members of our headers have its name, too."""
        self.project(NET + TOOLSET, DRIVER % ("", "WDF_DMA_ENABLER_CONFIG config;\n\tWDF_DMA_ENABLER_CONFIG_INIT(&config, "
                                                  "WdfDmaProfileScatterGather64, 100);"))
        done = self.fails("drv", says="WDF_DMA_ENABLER_CONFIG_INIT")
        kernel = [line.split()[0] for line in done.stderr.splitlines() if "of kernel mode, which" in line]
        self.assertEqual(sorted(kernel), ["WDF_DMA_ENABLER_CONFIG", "WDF_DMA_ENABLER_CONFIG_INIT", "WdfDmaProfileScatterGather64"])

    def test_what_win32_leaves_out(self):
        source = "#include <windows.h>\n" + DRIVER % ("", "PTP_IO io = %s;\n\tCloseThreadpoolIo(io);")
        for io, name in (("CreateThreadpoolIo(NULL, NULL, NULL, NULL)", "CreateThreadpoolIo"), ("NULL", "CloseThreadpoolIo")):
            with self.subTest(name=name):
                self.project(NET + TOOLSET, source % io)
                done = self.fails("drv", says=name)
                self.assertIn("of Win32, and left out on purpose (docs/win32.md)", done.stderr)
                self.assertNotIn("tell us", done.stderr)

    def test_headers_of_kernel_mode(self):
        for header, says in (("ntddk.h", "a UMDF driver includes windows.h, then wdf.h"),
                             ("wdm.h", "a UMDF driver includes windows.h, then wdf.h"),
                             ("wdfdmaenabler.h", "UMDF has no DMA"),
                             ("net/mdl.h", "memory descriptor lists are not for user-mode drivers")):
            self.project(NET + TOOLSET, DRIVER % (f"#include <{header}>", ""))
            self.fails("drv", says=says)

    def test_exceptions(self):
        """Of C++, in user mode; a project may do without."""
        source = DRIVER.replace("DRIVER_INITIALIZE", 'extern "C" DRIVER_INITIALIZE') % (
            "struct A { virtual ~A() {} };\nstruct B : A {};\nstatic bool Is(A *a)\n{\n\treturn dynamic_cast<B *>(a);\n}",
            "B b;\n\ttry {\n\t\tif (Is(&b))\n\t\t\tthrow 5;\n\t\treturn STATUS_UNSUCCESSFUL;\n\t} catch (int i) {\n"
            "\t\tif (i != 5)\n\t\t\treturn STATUS_UNSUCCESSFUL;\n\t}\n\treturn STATUS_RETRY;")
        self.put("drv/a.cpp", source)
        for element in ("", "<ExceptionHandling>Sync</ExceptionHandling><RuntimeTypeInfo>true</RuntimeTypeInfo>"):
            self.put("drv/p.vcxproj", PROJECT % (NET + TOOLSET, f"<ClCompile Include='a.cpp'>{element}</ClCompile>"))
            self.assertEqual(self.build("drv").stderr, "")
            if not SANITIZED:
                _, errors = self.run_driver(self.path("out", "p.so"), code=1)
                self.assertIn("DriverEntry failed: STATUS_RETRY", errors)
        for element in ("<ExceptionHandling>false</ExceptionHandling>", "<AdditionalOptions>/EHs-c-</AdditionalOptions>"):
            self.put("drv/p.vcxproj", PROJECT % (NET + TOOLSET, f"<ClCompile Include='a.cpp'>{element}</ClCompile>"))
            self.fails("drv", says="exceptions disabled")
        self.put("drv/p.vcxproj", PROJECT % (NET + TOOLSET, "<ClCompile Include='a.cpp'><RuntimeTypeInfo>false"
                                             "</RuntimeTypeInfo></ClCompile>"))
        self.fails("drv", says="requires -frtti")
        # Kernel mode has none, whoever asks.
        self.put("drv/p.vcxproj", PROJECT % (NET, "<ClCompile Include='a.cpp'><ExceptionHandling>Sync"
                                             "</ExceptionHandling></ClCompile>"))
        self.fails("drv", says="the kernel has no C++ exceptions; it is left out")

    # A library's ways of telling of failures and of owning what it has for the process, as wil's.
    REPORTS = r"""
#include <exception>
#include <new.h>
#include <stdio.h>
#ifndef _CPPUNWIND
#error exceptions are asked for
#endif
class Failure : public std::exception {
public:
	Failure(HRESULT Result, const char *What) : m_Result(Result) { strcpy_s(m_What, sizeof(m_What), What); }
	const char *__CLR_OR_THIS_CALL what() const noexcept override { return m_What; }
	HRESULT m_Result;
private:
	char m_What[128];
};
static struct Owned {
	Owned() : m_Lock(CreateMutexExW(nullptr, L"local", 0, MUTEX_ALL_ACCESS)),
		m_Bytes(HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, 100)) { }
	~Owned()
	{
		WaitForSingleObjectEx(m_Lock, INFINITE, FALSE);
		HeapFree(GetProcessHeap(), 0, m_Bytes);
		ReleaseMutex(m_Lock);
		CloseHandle(m_Lock);
		OutputDebugStringA("detached");
	}
	HANDLE m_Lock;
	void *m_Bytes;
} Process;
static HRESULT Report(const char *How, int Line, HRESULT Result)
{
	WCHAR name[64], text[160];
	char bytes[160];

	FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, nullptr, (DWORD)Result, 0, name, 64, nullptr);
	swprintf_s(text, 160, L"%hs %d %08x %s", How, Line, (unsigned)Result, name);
	OutputDebugStringW(text);
	WideCharToMultiByte(CP_ACP, 0, text, -1, bytes, sizeof(bytes), nullptr, nullptr);
	if (!strcmp(How, "throw"))
		throw Failure(Result, bytes);
	return Result;
}
#define RETURN_IF_WRONG(result) do { HRESULT r = (result); if (FAILED(r)) return Report("return", __LINE__, r); } while (0)
#define LOG_IF_WRONG(result) (FAILED(result) ? Report("log", __LINE__, result) : S_OK)
#define THROW_IF_WRONG(result) (FAILED(result) ? Report("throw", __LINE__, result) : S_OK)
#line 1 "driver.cpp"
static HRESULT Returns() { RETURN_IF_WRONG(E_ACCESSDENIED); return S_OK; }
static HRESULT Throws() try { THROW_IF_WRONG(HRESULT_FROM_WIN32(ERROR_INVALID_STATE)); return S_OK; }
catch (const Failure &failure) { OutputDebugStringA(failure.what()); return failure.m_Result; }
"""

    def test_failures_that_are_reported(self):
        """They return, log and throw, and what they say is an event; what they own goes with the driver's file."""
        source = "#include <windows.h>\n" + DRIVER.replace("DRIVER_INITIALIZE", 'extern "C" DRIVER_INITIALIZE')
        self.put("drv/a.cpp", source % (
            self.REPORTS, "if (Returns() != E_ACCESSDENIED || LOG_IF_WRONG(E_OUTOFMEMORY) != E_OUTOFMEMORY ||\n"
            "\t    Throws() != HRESULT_FROM_WIN32(ERROR_INVALID_STATE) || IsDebuggerPresent())\n"
            "\t\treturn STATUS_UNSUCCESSFUL;\n\treturn STATUS_RETRY;"))
        self.put("drv/p.vcxproj", PROJECT % (NET + TOOLSET, "<ClCompile Include='a.cpp'><ExceptionHandling>Sync</ExceptionHandling>"
                                             "<LanguageStandard>stdcpp17</LanguageStandard></ClCompile>"))
        self.assertEqual(self.build("drv").stderr, "")
        if SANITIZED:
            return
        events, errors = self.run_driver(self.path("out", "p.so"), code=1)
        self.assertIn("DriverEntry failed: STATUS_RETRY", errors)
        said = [e["text"] for e in events if e["name"] in ("OutputDebugString", "Log")]
        self.assertEqual(said[0], "return 1 80070005 E_ACCESSDENIED")
        self.assertRegex(said[1], r"^log \d+ 8007000e E_OUTOFMEMORY$")
        self.assertEqual(said[2:], ["throw 2 8007139f ERROR_INVALID_STATE"] * 2 + ["detached"])

    def test_the_test_driver(self):
        for arguments in ((), ("--configuration", "Debug"), ("--sanitize", "address,undefined")):
            with self.subTest(arguments=arguments):
                done = self.build(UMDF, *arguments)
                self.assertEqual((done.stdout, done.stderr), ("out/umdf.so\n", ""))
                if not SANITIZED:
                    events, errors = self.run_driver(self.path("out", "umdf.so"))
                    self.assertEqual(errors, "")
                    self.assertIn("DeviceStarted", [e["name"] for e in events])
        if SANITIZER == "thread":
            self.build(UMDF, "--sanitize", "thread")
            self.run_driver(self.path("out", "umdf.so"))

    def test_kernel_names_with_declarations_of_ones_own(self):
        """No header stops these: what the linked file calls does."""
        self.project(NET + TOOLSET, DRIVER % ("extern unsigned char KeGetCurrentIrql(void);\n"
                                              "extern void *ExAllocatePool2(unsigned long long, unsigned long long, "
                                              "unsigned);", "if (KeGetCurrentIrql() && ExAllocatePool2(0, 1, 0))\n"
                                              "\t\treturn STATUS_UNSUCCESSFUL;"))
        self.fails("drv", says="a user-mode driver (UMDF), and it calls what kernel mode alone has: ")

    @unittest.skipIf(SANITIZED, "drivers by the C compiler have no sanitizer")
    def test_a_driver_built_by_hand(self):
        """The loader says what netcx build would have said."""
        root = os.path.join(TOP, "include")
        def compiled(source, *defines):
            file = self.put("hand/a.c", source)
            subprocess.run(["gcc", "-shared", "-fPIC", "-fshort-wchar", "-fms-extensions", "-Wno-implicit-function-"
                            "declaration", *defines, "-I", root + "/wdk", "-I", root + "/netadaptercx/2", "-o",
                            self.path("hand", "a.so"), file], check=True)
            done = subprocess.run([NETCX, "run", self.path("hand", "a.so"), "--stack", "null"], capture_output=True,
                                  text=True, check=False, timeout=60, env=self.environment)
            self.assertEqual(done.returncode, 1, done.stderr)
            return done.stderr
        user = ("-DUMDF_VERSION_MAJOR=2", "-DUMDF_VERSION_MINOR=33")
        says = compiled(DRIVER % ("void KeLowerIrql(UCHAR Irql);", "KeLowerIrql(0);"), *user)
        self.assertIn("a.so: a user-mode driver (UMDF), and it calls what kernel mode alone has: KeLowerIrql\n", says)


if __name__ == "__main__":
    main()
