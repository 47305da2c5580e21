#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""netcx trace, events and run --trace, with a driver that traces all the time by WPP and by TraceLogging."""
import json
import os
import shutil
import subprocess
import time

from common import NETCX, TOP, Build, main

HELLO = os.path.join(TOP, "drivers", "hello")
LOGGING = "{7a1d2c3b-4e5f-4a6b-8c9d-0e1f2a3b4c5d}"
TRACING = "{00000001-0002-0003-0405-060708090a0b}"
BEFORE = """
#include <TraceLoggingProvider.h>
#include <evntrace.h>
#define WPP_CONTROL_GUIDS WPP_DEFINE_CONTROL_GUID(HelloTracing, (00000001,0002,0003,0405,060708090A0B), \\
	WPP_DEFINE_BIT(ONE) WPP_DEFINE_BIT(TWO))
#define WPP_LEVEL_FLAGS_LOGGER(level, flags) WPP_LEVEL_LOGGER(flags)
#define WPP_LEVEL_FLAGS_ENABLED(level, flags) (WPP_LEVEL_ENABLED(flags) && WPP_CONTROL(WPP_BIT_ ## flags).Level >= level)
// begin_wpp config
// FUNC TraceEvents(LEVEL, FLAGS, MSG, ...);
// end_wpp
#include "hello.tmh"
TRACELOGGING_DEFINE_PROVIDER(Logging, "Hello.Logging", (0x7a1d2c3b, 0x4e5f, 0x4a6b, 0x8c, 0x9d, 0x0e, 0x1f, 0x2a,
	0x3b, 0x4c, 0x5d));
static EVT_WDF_TIMER Tick;
static VOID Tick(WDFTIMER Timer)
{
	UNREFERENCED_PARAMETER(Timer);
	TraceEvents(TRACE_LEVEL_ERROR, ONE, "one error");
	TraceEvents(TRACE_LEVEL_INFORMATION, ONE, "one info");
	TraceEvents(TRACE_LEVEL_INFORMATION, TWO, "two info");
	TraceLoggingWrite(Logging, "Warned", TraceLoggingLevel(TRACE_LEVEL_WARNING), TraceLoggingKeyword(1));
	TraceLoggingWrite(Logging, "Chatted", TraceLoggingLevel(TRACE_LEVEL_VERBOSE), TraceLoggingKeyword(2));
}
"""
START = """	WPP_INIT_TRACING(DriverObject, RegistryPath);
	TraceLoggingRegister(Logging);
	TraceEvents(TRACE_LEVEL_ERROR, ONE, "while it starts");
	TraceEvents(TRACE_LEVEL_INFORMATION, ONE, "of no interest");
"""
TIMER = """
	{
		WDF_TIMER_CONFIG timing;
		WDF_OBJECT_ATTRIBUTES attributes;
		WDFTIMER timer;
		WDF_TIMER_CONFIG_INIT_PERIODIC(&timing, Tick, 20);
		WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
		attributes.ParentObject = Device;
		if (NT_SUCCESS(WdfTimerCreate(&timing, &attributes, &timer)))
			WdfTimerStart(timer, WDF_REL_TIMEOUT_IN_MS(20));
	}
"""


class Tracing(Build):
    properties = ("-p", "NETADAPTER_VERSION_MAJOR=2", "-p", "NETADAPTER_VERSION_MINOR=5")

    def setUp(self):
        super().setUp()
        self.environment["XDG_RUNTIME_DIR"] = self.path("run")
        os.makedirs(self.path("run"), mode=0o700)
        with open(os.path.join(HELLO, "hello.c"), encoding="utf-8") as file:
            text = file.read()
        # Before the first function, at the beginning of DriverEntry, and when the device is there.
        head, rest = text.split("\nstatic ", 1)
        text = head + BEFORE + "\nstatic " + rest
        entry = text.index("WDF_DRIVER_CONFIG config;") + len("WDF_DRIVER_CONFIG config;\n")
        text = text[:entry] + START + text[entry:]
        made = text.index("WdfDeviceCreate(")
        made = text.index("return", made)
        made = text.index("\n", made) + 1
        device = text[text.index("WdfDeviceCreate("):text.index(";", text.index("WdfDeviceCreate("))]
        name = device.split("&")[-1].rstrip(")")
        text = text[:made] + TIMER.replace("Device;", name + ";") + text[made:]
        self.put("drv/hello.c", text)
        shutil.copy(os.path.join(HELLO, "hello.inf"), self.path("drv"))
        self.build("drv", "-o", "hello.so")

    def start(self, *arguments):
        with open(self.path("log"), "w", encoding="utf-8") as log:
            process = subprocess.Popen([NETCX, "run", self.path("hello.so"), "--stack", "null", "--log", "json",
                                        "--name", "Nic", *arguments], stdout=log, stderr=subprocess.PIPE, text=True,
                                       env=self.environment)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        self.until(lambda: any(e["name"] == "DeviceStarted" for e in self.log()))
        return process

    def until(self, holds):
        late = time.monotonic() + 30
        while not holds():
            self.assertLess(time.monotonic(), late)
            time.sleep(0.02)

    def log(self):
        with open(self.path("log"), encoding="utf-8") as file:
            return [json.loads(line) for line in file.read().split("\n")[:-1]]

    @staticmethod
    def traces(events):
        return [e.get("text", e["name"]) for e in events if "provider" in e]

    def netcx(self, *arguments, code=0):
        done = subprocess.run([NETCX, *arguments], capture_output=True, text=True, timeout=30, env=self.environment,
                              check=False)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def follow(self, seconds=0.6, *arguments):
        """What a follower hears in some time."""
        process = subprocess.Popen([NETCX, "events", "--json", *arguments], stdout=subprocess.PIPE, text=True,
                                   env=self.environment)
        time.sleep(seconds)
        process.terminate()
        out, _ = process.communicate()
        return {t for t in self.traces([json.loads(line) for line in out.splitlines()])}

    def level(self, name):
        listed = json.loads(self.netcx("trace", "--json").stdout)["providers"]
        return next(p["level"] for p in listed if p["name"] == name)

    def test_nobody_listens(self):
        """Errors of the start alone; then all is off until somebody follows, and afterwards again."""
        self.start()
        time.sleep(0.3)
        self.assertIn("while it starts", self.traces(self.log()))
        self.assertNotIn("of no interest", self.traces(self.log()))
        self.until(lambda: self.level("HelloTracing") == "off" and self.level("Hello.Logging") == "off")
        self.assertEqual(self.follow(), {"one error", "one info", "two info", "Warned", "Chatted"})
        self.until(lambda: self.level("HelloTracing") == "off")
        self.assertNotIn("one info", self.traces(self.log()))

    def test_filters(self):
        self.start()
        self.netcx("trace", "--provider", "HelloTracing", "--level", "error")
        self.assertEqual(self.follow(), {"one error", "Warned", "Chatted"})
        self.netcx("trace", "--provider", TRACING.upper(), "--level", "info", "--flags", "TWO")
        self.assertEqual(self.follow(), {"two info", "Warned", "Chatted"})
        self.netcx("trace", "--provider", "helloTRACING", "--off")
        self.netcx("trace", "--provider", LOGGING[1:-1], "--level", "warning")
        self.assertEqual(self.follow(), {"Warned"})
        self.netcx("trace", "--provider", "Hello.Logging", "--level", "verbose", "--flags", "2")
        self.assertEqual(self.follow(), {"Chatted"})
        self.netcx("trace", "--provider", "HelloTracing", "--default")
        self.netcx("trace", "--provider", "Hello.Logging", "--default")
        self.assertEqual(self.follow(), {"one error", "one info", "two info", "Warned", "Chatted"})

    def test_what_was_asked_for_is_kept(self):
        """Also while nobody follows: netcx events --history has it. And run goes on to print none."""
        self.start()
        self.netcx("trace", "--provider", "HelloTracing", "--level", "info", "--flags", "TWO")
        time.sleep(0.3)
        self.netcx("trace", "--provider", "HelloTracing", "--off")
        self.netcx("trace", "--provider", "Hello.Logging", "--off")
        self.assertLessEqual({"two info"}, self.follow(0.3, "--history"))
        self.assertNotIn("two info", self.traces(self.log()))

    def test_run_prints_when_asked(self):
        self.start("--trace", "info")
        self.until(lambda: {"one error", "two info", "Warned"} <= set(self.traces(self.log())))
        self.assertNotIn("Chatted", self.traces(self.log()))

    def test_list(self):
        self.start()
        done = self.netcx("trace", "Nic", "--provider", "HelloTracing", "--level", "warning", "--flags", "ONE")
        self.assertRegex(done.stdout, r"HelloTracing +\{00000001-0002-0003-0405-060708090a0b\}  wpp +warning +only ONE"
                         r"  of ONE,TWO\n")
        self.assertRegex(done.stdout, r"Hello\.Logging +\{7a1d2c3b-.*  tracelogging +off")
        listed = json.loads(self.netcx("trace", "--json").stdout)["providers"]
        self.assertEqual(listed[0], {"name": "HelloTracing", "guid": TRACING, "kind": "wpp", "level": "warning",
                                     "flags": ["ONE", "TWO"], "listened": ["ONE"]})

    def test_refused(self):
        self.start()
        for code, says, *arguments in (
                (1, "there is no trace provider \"Gone\": there is HelloTracing, Hello.Logging",
                 "--provider", "Gone", "--level", "info"),
                (1, "HelloTracing has no flag \"THREE\": there is ONE, TWO",
                 "--provider", "HelloTracing", "--level", "info", "--flags", "ONE,THREE"),
                (1, "Hello.Logging has no flag \"A\": only numbers, its keywords, are known",
                 "--provider", "Hello.Logging", "--level", "info", "--flags", "A"),
                (2, "--level loud: critical, error, warning, info or verbose is expected",
                 "--provider", "HelloTracing", "--level", "loud"),
                (2, "--provider wants one of --level, --off and --default with it", "--provider", "HelloTracing"),
                (2, "which one? --provider NAME is expected", "--level", "info"),
                (2, "one of --level, --off and --default is expected, not more",
                 "--provider", "HelloTracing", "--off", "--default"),
                (2, "--flags goes with --level", "--provider", "HelloTracing", "--off", "--flags", "ONE"),
                (1, "no adapter \"Other\"", "Other")):
            with self.subTest(arguments=arguments):
                self.assertIn(says, self.netcx("trace", *arguments, code=code).stderr)
        self.assertIn("--trace loud: critical,", self.netcx("run", "x.so", "--trace", "loud", code=2).stderr)


if __name__ == "__main__":
    main()
