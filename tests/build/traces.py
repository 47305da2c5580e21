#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""netcx build's .tmh: a driver with every habit of WPP, what its traces say, and what is refused."""
import json
import os
import subprocess

from common import DRIVER, NETCX, SANITIZED, TOP, Build, main

TRACES = os.path.join(TOP, "tests", "drivers", "traces")

GUIDS = """
#define WPP_CONTROL_GUIDS WPP_DEFINE_CONTROL_GUID(Some, (00000001,0002,0003,0405,060708090A0B), WPP_DEFINE_BIT(ANY))
#define WPP_LEVEL_FLAGS_LOGGER(level, flags) WPP_LEVEL_LOGGER(flags)
#define WPP_LEVEL_FLAGS_ENABLED(level, flags) (WPP_LEVEL_ENABLED(flags) && WPP_CONTROL(WPP_BIT_ ## flags).Level >= level)
"""
EVENTS = "// begin_wpp config\n// FUNC TraceEvents(LEVEL, FLAGS, MSG, ...);\n// end_wpp\n"

POINTER = "0x%016X"
# What printf says of the same, and of Windows' types what the documentation does.
EXPECTED = (
    ("TracesDriver", "warning", "TRACE_INIT", "TraceForms", "nested %d %d" % (1, 2)),
    ("TracesDriver", "warning", "TRACE_INIT", "TraceForms", "nested, without values"),
    ("TracesDriver", "warning", "TRACE_INIT", "TraceForms", "inner %d %d" % (3, 4)),
    ("TracesDriver", "warning", "TRACE_INIT", "TraceForms", "inner, without values"),
    ("TracesDriver", "verbose", "TRACE_INIT", "TraceForms", "--> TraceForms"),
    ("TracesDriver", "verbose", "TRACE_INIT", "TraceForms", "--> TraceForms with %d" % 7),
    ("TracesDriver", "error", "TRACE_DATA", "TraceForms",
     "[TraceForms] an error of 12\n (Driver.c, TRACE_LEVEL_ERROR, TRACE_DATA)"),
    ("TracesDriver", "always", "TRACE_INIT", "TraceForms", "by default macro"),
    ("TracesOther", "warning", "OTHER_ALL", "TraceForms", "of the other provider"),
    ("TracesDriver", "warning", "TRACE_INIT", "TraceToLog", "to a log a name that is , 1"),
    ("TracesDriver", "error", "TRACE_DATA", "TraceForms",
     "[TraceForms] in an else (Driver.c, TRACE_LEVEL_ERROR, TRACE_DATA)"),
    ("TracesDriver", "info", "TRACE_DATA", "TraceNumbers",
     "d %d u %u x %08x X %#X o %o" % (-1, 42, 0xbeef, 0xbeef, 8)),
    ("TracesDriver", "info", "TRACE_DATA", "TraceNumbers",
     "I64 %d ll %d I %d hd %d hhu %d l %d lx %x" % (-5, 2 ** 64 - 1, 77, -1, 1, -3, 2 ** 32 - 1)),
    ("TracesDriver", "info", "TRACE_DATA", "TraceNumbers",
     "[%5d] [%-5d] [%05d] [%+d] [%*d] [%.3f] [%e]" % (1, 2, 3, 4, 6, 5, 3.14159, 1500.0)),
    ("TracesDriver", "info", "TRACE_DATA", "TraceNumbers", "100 %% %c %c %s" % ("c", "w", POINTER % 0x1000)),
    ("TracesDriver", "info", "TRACE_DATA", "TraceTexts", "narrow wide w\u20ac ls unicode ansi"),
    ("TracesDriver", "info", "TRACE_DATA", "TraceTexts",
     "[%8s] [%-8s] [%.2s] [%.*s] %s" % ("right", "left", "cut", 3, "abc", "NULL")),
    ("TracesDriver", "info", "TRACE_DATA", "TraceTexts", "a wide message of text in two parts"),
    ("TracesDriver", "info", "TRACE_DATA", "TraceTypes",
     "0x00000000(STATUS_SUCCESS) 0xc0000017(STATUS_NO_MEMORY) 0x80070057(E_INVALIDARG) "
     "0x00000005(ERROR_ACCESS_DENIED)"),
    ("TracesDriver", "info", "TRACE_DATA", "TraceTypes",
     "{00000001-0002-0003-0405-060708090a0b} S-1-5-32-544 TRUE FALSE PASSIVE_LEVEL"),
    ("TracesDriver", "info", "TRACE_DATA", "TraceTypes", "127.0.0.1 80 fe80::1 FE-80-00-00-00-00"),
    ("TracesDriver", "info", "TRACE_DATA", "TraceTypes", "2021-03-03 12:31:07.123 1~2:3:4"),
    ("TracesDriver", "info", "TRACE_DATA", "TraceTypes", "ColourGreen 9 Gone 1 Never Read|Execute WdfPowerDeviceD0"),
    ("TracesDriver", "info", "TRACE_DATA", "TraceTypes", "01 ff 10 ff s 8"),
    ("TracesDriver", "error", "TRACE_INIT", "Fails", "0xc000000e(STATUS_NO_SUCH_DEVICE) Status"),
    ("TracesDriver", "info", "TRACE_INIT", "Fails", "nothing failed"),
    ("TracesDriver", "info", "TRACE_INIT", "Run", "Run in a class 3 " + POINTER % 0),
    ("TracesDriver", "info", "TRACE_INIT", "TraceInHeader", "in a header 4"),
    ("TracesOther", "verbose", "OTHER_ALL", "TraceInCxx", "a level that varies"),
)


class Habits(Build):
    properties = ()

    def test_every_habit(self):
        done = self.build(os.path.join(TRACES, "traces.vcxproj"))
        self.assertEqual((done.stdout, done.stderr), ("out/traces.so\n", ""))
        self.assertFalse([name for name in os.listdir(TRACES) if name.endswith(".tmh")])
        if SANITIZED:
            return
        done = subprocess.run([NETCX, "run", self.path("out", "traces.so"), "--stack", "null", "--log", "json",
                               "--trace", "verbose"],
                              capture_output=True, text=True, timeout=60, env=self.environment, check=False)
        events = [json.loads(line) for line in done.stdout.splitlines()]
        traces = [e for e in events if "provider" in e]
        said = tuple((e["provider"], e["level"], e["flags"], e["function"], e["text"]) for e in traces)
        for got, wanted in zip(said, EXPECTED):
            self.assertEqual(got, wanted)
        self.assertEqual(len(said), len(EXPECTED))
        for e in traces:
            with open(os.path.join(TRACES, e["file"]), encoding="utf-8") as source:
                line = source.read().splitlines()[e["line"] - 1]
            self.assertRegex(line, r"Trace|Log|RETURN_IF")

    def test_what_was_made_stays_for_editors(self):
        self.build(TRACES, "--compile-commands=commands.json")
        self.assertTrue(os.path.exists(self.path("out", "traces.wpp", "1", "Inline.h.tmh")))
        with open(self.path("commands.json"), encoding="utf-8") as file:
            for entry in json.load(file):
                self.assertIn(".wpp/", " ".join(entry["arguments"]))

    def test_user_mode(self):
        """WPP_INIT_TRACING with an application's name, and with a driver's arguments."""
        self.put("drv/a.c", (DRIVER % (
            GUIDS + EVENTS + '#include "a.tmh"', 'WPP_INIT_TRACING(L"application");'
            '\n\tTraceEvents(2, ANY, "in user mode %S", L"wide");\n\tWPP_CLEANUP();'
            "\n\tWPP_INIT_TRACING(DriverObject, RegistryPath);"
            '\n\tTraceEvents(2, ANY, "again %!STATUS!", STATUS_SUCCESS);\n\tWPP_CLEANUP(DriverObject);'
            '\n\tTraceEvents(2, ANY, "never");')).replace("#include <ntddk.h>", ""))
        self.put("drv/a.vcxproj", """<?xml version="1.0"?>
<Project xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
<PropertyGroup><PlatformToolset>WindowsUserModeDriver10.0</PlatformToolset>
<NETADAPTER_VERSION_MAJOR>2</NETADAPTER_VERSION_MAJOR><NETADAPTER_VERSION_MINOR>5</NETADAPTER_VERSION_MINOR></PropertyGroup>
<ItemGroup><ClCompile Include="a.c"><WppEnabled>true</WppEnabled></ClCompile></ItemGroup></Project>""")
        self.assertEqual(self.build("drv", "-o", "a.so").stderr, "")
        if not SANITIZED:
            self.assertEqual(self.start_traces("a.so"), ["in user mode wide", "again 0x00000000(STATUS_SUCCESS)"])

    def start_traces(self, driver):
        """Errors while it starts are told in any case."""
        done = subprocess.run([NETCX, "run", self.path(driver), "--stack", "null", "--log", "json"],
                              capture_output=True, text=True, timeout=60, env=self.environment, check=False)
        return [e["text"] for e in map(json.loads, done.stdout.splitlines()) if "provider" in e]

    def test_inside_of_a_macro(self):
        """Its line is then the one where the macro's arguments end; a call in a #define is left out, and said."""
        self.properties = ("-p", "NETADAPTER_VERSION_MAJOR=2", "-p", "NETADAPTER_VERSION_MINOR=5")
        self.put("drv/a.c", DRIVER % (
            GUIDS + EVENTS + '#include "a.tmh"\n#define BOTH(x) x\n#define SOME TraceEvents(2, ANY, "of a macro")',
            "WPP_INIT_TRACING(DriverObject, RegistryPath);"
            '\n\tBOTH(\n\t\tTraceEvents(2, ANY, "inside %d",\n\t\t\t1)\n\t);\n\tTraceEvents(2, ANY, "behind");'))
        self.assertEqual(self.build("drv", "-o", "a.so").stderr,
                         "netcx: build: a.c:14: TraceEvents in a #define is left out: a FUNC with USEPREFIX can do "
                         "what the macro does\n")
        if not SANITIZED:
            self.assertEqual(self.start_traces("a.so"), ["inside 1", "behind"])

    def test_what_stands_beside_literals(self):
        """Macros between the parts of a message, a percent sign before an escape, and a declaration that is none."""
        self.put("drv/a.c", DRIVER % (
            GUIDS + EVENTS + "#ifndef EVENT_TRACING_OFF\n#include \"a.tmh\"\n#else\n"
            "VOID TraceEvents(IN ULONG Level, IN ULONG Flags, IN const char *Message, ...);\n#endif",
            "WPP_INIT_TRACING(DriverObject, RegistryPath);"
            '\n\tTraceEvents(2, ANY, "of " __DATE__ ", %d", 1);\n\tTraceEvents(2, ANY, __FUNCTION__ ": 50%\\n");'))
        self.properties = ("-p", "NETADAPTER_VERSION_MAJOR=2", "-p", "NETADAPTER_VERSION_MINOR=5")
        self.assertEqual(self.build("drv", "-o", "a.so").stderr, "")
        if SANITIZED:
            return
        traces = self.start_traces("a.so")
        self.assertEqual(len(traces), 2)
        self.assertRegex(traces[0], r"^of [A-Z][a-z]{2} [ 0-9]{2} 20[0-9]{2}, 1$")
        self.assertEqual(traces[1], "DriverEntry: 50%")

    def test_a_folder_without_a_project(self):
        self.put("drv/Trace.h", GUIDS + EVENTS)
        self.put("drv/a.c", DRIVER % ('#include "Trace.h"\n#include "a.tmh"',
                                      'WPP_INIT_TRACING(DriverObject, RegistryPath);'
                                      '\n\tTraceEvents(4, ANY, "%d", 1);'))
        self.properties = ("-p", "NETADAPTER_VERSION_MAJOR=2", "-p", "NETADAPTER_VERSION_MINOR=5")
        self.assertEqual(self.build("drv").stderr, "")


class Refused(Build):
    """One message for each: file, line, what would be right."""

    def refused(self, call, *says, config=EVENTS):
        self.put("drv/a.c", DRIVER % (GUIDS + config + '#include "a.tmh"', call))
        done = self.build("drv", code=1)
        for text in says:
            self.assertIn(text, done.stderr)
        self.assertNotIn("error:", done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)

    def test_messages(self):
        for call, *says in (
                ('TraceEvents(4, ANY, "%!NOSUCH!", 1);',
                 "a.c:17: TraceEvents: '%!NOSUCH!' is no type that is known", "CUSTOM_TYPE(NOSUCH, ItemListLong"),
                ('TraceEvents(4, ANY, "%d %d", 1);',
                 "a.c:17: TraceEvents: its message wants 2 values and 1 is given"),
                ('TraceEvents(4, ANY, "%d", 1, 2);', "its message wants 1 value and 2 are given"),
                ('TraceEvents(4, ANY, "%*d", 1);', "wants 2 values and 1 is given"),
                ('TraceEvents(4, ANY, "50 %");', "'%' ends in the middle of a value", "is written %%"),
                ('TraceEvents(4, ANY, "%y", 1);', "'%y' is no conversion; there are d i u"),
                ('TraceEvents(4, ANY, "%!STATUS", 1);', "'%!STATUS' has no second '!'"),
                ('TraceEvents(4, ANY, Text);', "its message is 'Text'; a string literal is expected"),
                ('TraceEvents(4);', "it has 1 arguments; declared is TraceEvents(LEVEL, FLAGS, MSG, ...)"),
                ('TraceEvents(4, ANY, "a"); TraceEvents(4, ANY, "b");',
                 "a.c:17: TraceEvents: a second trace call in one line")):
            with self.subTest(call=call):
                self.refused(call, *says)

    def test_blocks(self):
        for config, *says in (
                ("// begin_wpp config\n// FUNC TraceEvents(LEVEL, MSG, ...);\n",
                 "a.c:9: begin_wpp without an end_wpp"),
                ("// begin_wpp config\n// FUNC T(LEVEL, FLAGS, 5);\n// end_wpp\n",
                 "a.c:10: T: '5' is no parameter's name"),
                ("// begin_wpp config\n// FUNC T{LEVEL}(MSG, ...);\n// end_wpp\n",
                 "a.c:10: T: {NAME=VALUE, ...} is expected behind its name"),
                ("// begin_wpp config\n// FUNC T(MSG, ...)\n// FUNC U(MSG, ...);\n// end_wpp\n",
                 "a.c:11: ';' is expected and not 'FUNC'"),
                ("// begin_wpp config\n// USEPREFIX(T, 5);\n// end_wpp\n",
                 'a.c:10: USEPREFIX: (FUNCTION, "format", values ...) is expected'),
                ("// begin_wpp config\n// CUSTOM_TYPE(T, ItemOfMine(a));\n// end_wpp\n",
                 "a.c:10: CUSTOM_TYPE(T): 'ItemOfMine' is no item that is known: ItemListLong"),
                ("// begin_wpp config\n// CUSTOM_TYPE(T, ItemListLong);\n// end_wpp\n",
                 "ItemListLong wants names behind it in parentheses"),
                ("// begin_wpp config\n// CUSTOM_TYPE(T, ItemListLong(a=0xffffffff, b));\n// end_wpp\n",
                 "a.c:10: CUSTOM_TYPE(T): 'b' in its list is 4294967296: ItemListLong takes -2147483648 to 4294967295"),
                ("// begin_wpp config\n// CUSTOM_TYPE(T, ItemListByte(a=-1));\n// end_wpp\n",
                 "'a=-1' in its list is -1: ItemListByte takes 0 to 255"),
                ("// begin_wpp config\n// CUSTOM_TYPE(T, ItemSetShort(a=15, b));\n// end_wpp\n",
                 "'b' in its list is 16: ItemSetShort takes 0 to 15"),
                ("// begin_wpp config\n// DEFINE_CPLX_TYPE(T, M);\n// end_wpp\n",
                 "DEFINE_CPLX_TYPE: (NAME, MACRO, C TYPE, ITEM"),
                ("// begin_wpp config\n// = 5;\n// end_wpp\n", "a.c:10: '=': FUNC, USEPREFIX"),
                ("// begin_wpp other\n// end_wpp\n", "a.c:9: begin_wpp 'other': begin_wpp config is expected")):
            with self.subTest(config=config):
                self.refused("(void)config;", *says, config=config)

    def test_a_function_without_a_message(self):
        self.refused("T(4, ANY);", "T: it has no message: a.c:10 declares no MSG, and there is no USEPREFIX",
                     config="// begin_wpp config\n// FUNC T(LEVEL, FLAGS);\n// end_wpp\n")
        self.refused("T(4, ANY);", 'T: its prefix "%d" wants 1 values and has 0',
                     config='// begin_wpp config\n// FUNC T(LEVEL, FLAGS);\n// USEPREFIX(T, "%d");\n// end_wpp\n')

    def test_a_driver_without_providers(self):
        self.put("drv/a.c", DRIVER % (EVENTS + '#include "a.tmh"', 'TraceEvents(4, ANY, "x");'))
        self.fails("drv", says="WPP_CONTROL_GUIDS is not defined before this: WPP_DEFINE_CONTROL_GUID(Name,")

    def test_a_file_that_is_not_there(self):
        self.put("drv/a.c", DRIVER % ("", ""))
        self.put("drv/a.vcxproj", """<?xml version="1.0"?>
<Project xmlns="http://schemas.microsoft.com/developer/msbuild/2003"><ItemGroup><ClCompile Include="a.c">
<WppEnabled>true</WppEnabled><WppScanConfigurationData>gone.h</WppScanConfigurationData>
</ClCompile></ItemGroup></Project>""")
        self.fails("drv", says="WppScanConfigurationData: the file 'gone.h' is not there")


class Settings(Build):
    """What a project says in the place of blocks."""
    properties = ("-p", "NETADAPTER_VERSION_MAJOR=2", "-p", "NETADAPTER_VERSION_MINOR=5")

    def project(self, settings, call, guids=GUIDS):
        self.put("drv/a.c", DRIVER % (guids + '#include "a.tmh"', call))
        self.put("drv/a.vcxproj", f"""<?xml version="1.0"?>
<Project xmlns="http://schemas.microsoft.com/developer/msbuild/2003"><ItemGroup><ClCompile Include="a.c">
<WppEnabled>true</WppEnabled>{settings}</ClCompile></ItemGroup></Project>""")
        self.assertEqual(self.build("drv").stderr, "")

    def test_functions(self):
        self.project("<WppTraceFunction>TraceEvents(LEVEL,FLAGS,MSG,...);Dump((LEVEL,FLAGS,MSG,...))</WppTraceFunction>",
                     'TraceEvents(4, ANY, "%s", "x");\n\tDump((4, ANY, "%d", 5));')
        self.project("<WppAdditionalOptions>-km -func:TraceEvents(LEVEL,FLAGS,MSG,...) -p:name</WppAdditionalOptions>",
                     'TraceEvents(4, ANY, "%s", "x");')

    def test_scanned_files(self):
        self.put("drv/conf.h", EVENTS)
        self.put("drv/own.ini", "FUNC Own{LEVEL=4,FLAGS=ANY}(MSG, ...);\nCUSTOM_TYPE(ONE, ItemListLong(Zero, One));\n")
        self.project("<WppAdditionalOptions>-scan:conf.h -ini:own.ini</WppAdditionalOptions>",
                     'TraceEvents(4, ANY, "%s", "x");\n\tOwn("%!ONE!", 1);')

    def test_definitions(self):
        self.project("<WppAddControlGuid>53504657-6D61-6C70-6572-5F496E746572</WppAddControlGuid>"
                     "<WppPreprocessorDefinitions>SEEN=1</WppPreprocessorDefinitions>",
                     'DoTraceMessage(Unusual, "x %d", SEEN);', guids="")


if __name__ == "__main__":
    main()
