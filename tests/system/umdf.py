#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A user-mode driver, in C and C++: two adapters of it and TCP between them; what it must not do, and what on Windows
would end with it. Beside it a driver of kernel mode in the same process."""
import json
import os
import subprocess
import unittest

from common import BUILD, HELLO, LabTest, NETCX, STACK4, STACK6, TOP, WIRE4, WIRE6, Running

DRIVER = os.path.join(BUILD, "tests", "system", "umdf.so")
INF = os.path.join(TOP, "tests", "drivers", "umdf", "umdf.inf")
VIRTUAL = os.path.join(BUILD, "drivers", "virtual", "um", "virtualum.so")
SANITIZED = os.environ.get("NETCX_SANITIZE", "none") != "none"
(NONE, DMA_TX, DMA_RX, OWN_BUFFERS, CRASH, PASSIVE, THROW_AND_CATCH, THROW, WAIT_FOR_ITSELF, TAKE_TWICE, INTERRUPT,
 NEVER_RETURN, REGISTERS, BEYOND, PORT, ALLOCATE) = range(16)


class Umdf(LabTest):
    def pair(self, *extra):
        adapters = ["left,driver=%s,inf=%s,stack=tap:nic0,netns=%s" % (DRIVER, INF, self.lab.ns("stack")),
                    "right,driver=%s,inf=%s,stack=tap:nic0,netns=%s" % (DRIVER, INF, self.lab.ns("wire")), *extra]
        command = [NETCX, "run", "--log", "json"]
        for adapter in adapters:
            command += ["--adapter", adapter]
        running = Running.__new__(Running)
        running.begin(self.lab, None, command)
        self.addCleanup(running.log.close)
        self.addCleanup(running.err.close)
        running.wait_for("DeviceStarted", count=len(adapters))
        self.lab.addresses(wire="nic0")
        self.lab.wait_for_link(20)
        self.lab.sh("wire", "for i in $(seq 500); do ip link show nic0 | grep -q LOWER_UP && exit 0; sleep 0.02; done; "
                            "exit 1")
        return running

    def test_traffic(self):
        running = self.pair("kernel,driver=%s" % HELLO)
        for sender, receiver, addresses in (("stack", "wire", (WIRE4, WIRE6)), ("wire", "stack", (STACK4, STACK6))):
            for address in addresses:
                self.transfer(sender, receiver, address, 2 if SANITIZED else 8)
        shown = {a["name"]: a for a in json.loads(self.lab.sh(None, "%s show --json" % NETCX))["adapters"]}
        self.assertEqual(shown["left"]["driver"]["framework"], "UMDF 2.33")
        self.assertEqual(shown["kernel"]["driver"]["framework"], "KMDF 1.33")
        self.assertIn(", UMDF 2.33, ", self.lab.sh(None, "%s show left" % NETCX))
        for name in ("left", "right"):
            self.assertGreater(shown[name]["counters"]["rx_packets"], 100)
            self.assertEqual(shown[name]["counters"]["rx_bad"], 0)
        self.assertEqual(running.stop(), 0, running.errors())
        self.assertEqual(running.errors(), "")

    def test_restarts(self):
        """Of one, and the other is left alone; they find each other again."""
        running = self.pair()
        for _ in range(10):
            self.lab.sh(None, "%s restart right" % NETCX)
        self.transfer("stack", "wire", WIRE4, 2)
        started = [e["adapter"] for e in running.events() if e["name"] == "DeviceStarted"]
        self.assertEqual((started.count("left"), started.count("right")), (1, 11))
        self.assertEqual(running.stop(), 0, running.errors())


class Deeds(unittest.TestCase):
    """Each in a process of its own, without a stack."""

    def run_deed(self, deed, code, *extra, driver=DRIVER, inf=INF, stop=None):
        process = subprocess.Popen([NETCX, "run", driver, "--inf", inf, "--stack", "null", "--no-settings", "--log", "json",
                                    "--set", "Deed=%d" % deed, *extra], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True)
        events = []
        for line in process.stdout:
            events.append(json.loads(line))
            if stop and stop in (events[-1]["name"], events[-1].get("text")):
                process.terminate()
        errors = process.stderr.read()
        process.stdout.close()
        process.stderr.close()
        self.assertEqual(process.wait(60), code, errors)
        return events, errors

    def violates(self, deed, *says):
        _, errors = self.run_deed(deed, 158)
        for text in (*says, "On Windows the host process of umdf (UMDF 2.33), WUDFHost.exe, ends, and with it "
                     '"Ethernet"; the system goes on.\n'):
            self.assertIn(text, errors)
        self.assertNotIn("bug check", errors)

    def test_dma(self):
        for deed, says in ((DMA_TX, ("InvalidAdapterTxCapabilities", "NET_ADAPTER_TX_CAPABILITIES is DmaMapped")),
                           (DMA_RX, ("InvalidAdapterRxCapabilities", "NET_ADAPTER_RX_CAPABILITIES is DmaMapped")),
                           (OWN_BUFFERS, ("InvalidAdapterRxCapabilities", "is Driver."))):
            with self.subTest(deed=deed):
                self.violates(deed, "in NetAdapterSetDataPathCapabilities", "A user-mode driver (UMDF) has no DMA", *says)

    def test_waiting(self):
        self.violates(WAIT_FOR_ITSELF, "violation 0x10D WDF_VERIFIER_FATAL_ERROR in WdfTimerStop",
                      "it was called inside EvtTimerFunc of the same WDFTIMER")
        self.violates(TAKE_TWICE, "violation 0x10D WDF_RECURSIVE_LOCK in WdfSpinLockAcquire")

    def test_all_is_passive(self):
        """Also a periodic timer, and what holds a spin lock."""
        events, errors = self.run_deed(PASSIVE, 0, stop="umdf: a periodic timer waits at its ease")
        self.assertEqual(errors, "")
        self.assertIn("umdf: a periodic timer waits at its ease", [e.get("text") for e in events])
        self.assertEqual([e["text"] for e in events if e["name"] == "Warning"], [])    # its INF has what Windows wants

    def inf_with(self, *lines):
        with open(INF, encoding="ascii") as file:
            text = file.read()
        inf = "/tmp/netcx-test-umdf-%d.inf" % os.getpid()
        with open(inf, "w", encoding="ascii") as file:
            file.write(text.replace("UmdfServiceOrder ", "".join(line + "\n" for line in lines) + "UmdfServiceOrder "))
        self.addCleanup(lambda: os.path.exists(inf) and os.unlink(inf))
        return inf

    def test_registers(self):
        """Of a device, when the INF allows it; by the framework's calls and, mapped, by plain accesses."""
        allowed = "UmdfDirectHardwareAccess = AllowDirectHardwareAccess"
        both = self.inf_with(allowed, "UmdfRegisterAccessMode = RegisterAccessUsingUserModeMapping")
        device = ("--device", "rtl8168", "--mac", "02:11:22:33:44:55")
        events, errors = self.run_deed(REGISTERS, 0, *device, inf=both, stop="DeviceStarted")
        self.assertEqual(errors, "")
        said = [e.get("text") for e in events]
        self.assertIn("umdf: 02:11:22:33:44:55 33221102 5544 55 c0", said)
        self.assertIn("umdf: then c0", said)
        for deed, inf, says in ((REGISTERS, INF, "in WdfDeviceMapIoSpace: the INF does not say so.\n       Its INF lets a user-mode "
                                 "driver reach hardware: UmdfDirectHardwareAccess = AllowDirectHardwareAccess in [DDInstall.Wdf]."),
                                (BEYOND, both, "1 byte at "), (PORT, both, "the device has none, and 0x60 was accessed.")):
            _, errors = self.run_deed(deed, 158, *device, inf=inf)
            self.assertIn(says, errors)
        _, errors = self.run_deed(REGISTERS, 158, *device, inf=self.inf_with(allowed))
        self.assertIn("UmdfRegisterAccessMode = RegisterAccessUsingUserModeMapping in [DDInstall.Wdf].", errors)
        _, errors = self.run_deed(NONE, 1, inf=self.inf_with("UmdfDirectHardwareAccess = Yes"))
        self.assertIn("UmdfDirectHardwareAccess 'Yes': RejectDirectHardwareAccess, AllowDirectHardwareAccess or", errors)

    def test_no_interrupts(self):
        events, errors = self.run_deed(INTERRUPT, 0, stop="DeviceStarted")
        self.assertEqual(errors, "")
        self.assertIn("umdf: no interrupt", [e.get("text") for e in events])

    @unittest.skipIf(SANITIZED, "a sanitizer in a C program finds no __cxa_throw that comes with a driver")
    def test_an_exception_that_is_caught(self):
        _, errors = self.run_deed(THROW_AND_CATCH, 1)
        self.assertIn("EvtDevicePrepareHardware failed: STATUS_DEVICE_CONFIGURATION_ERROR", errors)

    def test_allocations_of_the_libraries_fail_on_purpose(self):
        """malloc, calloc, realloc, strdup; new, new that throws nothing, new[], a vector's, one that is aligned."""
        for fail, got in ((None, "111111111"), ("malloc", "010111111"), ("malloc:2", "110111111"), ("calloc", "101111111"),
                          ("realloc", "110111111"), ("strdup", "111011111"), ("operator new", "1111X01XX"),
                          ("operator new[]", "111111X11"), ("operator new@Allocate:2", "111110111")):
            if SANITIZED and "X" in got:
                continue  # as with an exception that is caught, below
            with self.subTest(fail=fail):
                events, errors = self.run_deed(ALLOCATE, 0, *(("--fail", fail) if fail else ()), stop="DeviceStarted")
                self.assertEqual(errors, "")
                self.assertIn("umdf: allocated " + got, [e.get("text") for e in events])
        events, errors = self.run_deed(ALLOCATE, 0, "--fail", "list", "--fail", "malloc:1", stop="DeviceStarted")
        sites = [e for e in events if e["name"] == "FailSite"]
        self.assertEqual([s["failed"] for s in sites if s["site"].startswith("malloc#")], [1, 0])
        self.assertEqual(sum(s["site"].startswith("operator new#") for s in sites), 4)
        _, errors = self.run_deed(ALLOCATE, 2, "--fail", "mallok")
        self.assertIn("no call that can fail has the name mallok; malloc is one", errors)

    @unittest.skipIf(SANITIZED, "the report is the sanitizer's")
    def test_what_ends_the_host_process(self):
        for deed, says in ((CRASH, "netcx: crash: SIGSEGV (bad address)"), (THROW, "netcx: crash: SIGABRT")):
            with self.subTest(deed=deed):
                _, errors = self.run_deed(deed, -11 if deed == CRASH else -6)
                self.assertIn(says, errors)
                self.assertIn('of "Ethernet"', errors)
                self.assertIn("On Windows the host process of umdf (UMDF 2.33), WUDFHost.exe, ends, and with it "
                              '"Ethernet"; the system goes on.\n', errors)

    def test_a_callback_that_never_returns(self):
        _, errors = self.run_deed(NEVER_RETURN, 1, "--watchdog", "1")
        self.assertIn("the driver hangs\n       On Windows the host process of umdf", errors)

    @unittest.skipIf(SANITIZED, "the report is the sanitizer's")
    def test_how_many_adapters_it_takes(self):
        """By the INF all devices of the driver share a host process, or each has its own."""
        with open(INF, encoding="ascii") as file:
            text = file.read()
        alone = "/tmp/netcx-test-umdf-%d.inf" % os.getpid()
        with open(alone, "w", encoding="ascii") as file:
            file.write(text.replace("ProcessSharingEnabled", "ProcessSharingDisabled"))
        self.addCleanup(os.unlink, alone)
        for inf, taken in ((INF, '"one", "two"; the system goes on. Here all are in one process, and the others end, too.'),
                           (alone, '"two"; the system goes on. Here all are in one process, and the others end, too.')):
            done = subprocess.run([NETCX, "run", "--no-settings", "--adapter", "one,driver=%s,inf=%s" % (DRIVER, inf), "--adapter",
                                   "two,driver=%s,inf=%s,set=Deed=%d" % (DRIVER, inf, CRASH), "--adapter",
                                   "kernel,driver=%s" % HELLO], capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, -11, done.stderr)
            self.assertIn("WUDFHost.exe, ends, and with it " + taken, done.stderr)

    @unittest.skipIf(SANITIZED, "the report is the sanitizer's")
    def test_a_group_of_two_drivers(self):
        """DeviceGroupId has them share a host process, or keeps them apart."""
        with open(os.path.join(TOP, "drivers", "virtual", "um", "virtualum.inf"), encoding="ascii") as file:
            text = file.read()
        inf = "/tmp/netcx-test-umdf-group-%d.inf" % os.getpid()
        self.addCleanup(os.unlink, inf)
        for group, taken in (("netcxumdf_group", '"other", "one"; the system goes on.\n'), ("else", '"one"; the system goes on. Here')):
            with open(inf, "w", encoding="ascii") as file:
                file.write(text.replace("netcxvirtualum_group", group))
            done = subprocess.run([NETCX, "run", "--no-settings", "--adapter", "other,driver=%s,inf=%s" % (VIRTUAL, inf), "--adapter",
                                   "one,driver=%s,inf=%s,set=Deed=%d" % (DRIVER, INF, CRASH)], capture_output=True, text=True,
                                  timeout=60, check=False)
            self.assertEqual(done.returncode, -11, done.stderr)
            self.assertIn("WUDFHost.exe, ends, and with it " + taken, done.stderr)

    def test_an_inf_that_does_not_say(self):
        """It is the kernel's then, for Windows; here it does."""
        with open(INF, encoding="ascii") as file:
            text = file.read()
        silent = "/tmp/netcx-test-umdf-%d.inf" % os.getpid()
        self.addCleanup(os.unlink, silent)
        with open(silent, "w", encoding="ascii") as file:
            file.write(text.replace("[Umdf.ndi.Wdf]", "[Umdf.ndi.Nothing]"))
        events, errors = self.run_deed(NONE, 0, inf=silent, stop="DeviceStarted")
        self.assertEqual(errors, "")
        self.assertEqual([e["text"] for e in events if e["name"] == "Warning"],
                         [silent + ": [Umdf.ndi.Wdf] has no UmdfService: Windows installs a kernel-mode driver by it, and this one is "
                          "compiled for user mode"])

    def test_kernel_and_user_mode(self):
        """The INF says which it installs."""
        with open(INF, encoding="ascii") as file:
            text = file.read()
        wrong = "/tmp/netcx-test-umdf-%d.inf" % os.getpid()
        self.addCleanup(os.unlink, wrong)
        for changes, driver, says in (
                ((("UmdfService  ", "KmdfService  "), ("UmdfLibraryVersion = 2.33.0", "KmdfLibraryVersion = 1.33")), DRIVER,
                 "KmdfService installs a kernel-mode driver, and %s is compiled for UMDF 2.33" % DRIVER),
                ((), HELLO, "UmdfService installs a user-mode driver, and %s is compiled for KMDF 1." % HELLO),
                ((("umdf, Umdf.Wdf", "umdf, Else"),), DRIVER, "UmdfService: there is no section [Else]"),
                ((("2.33.0", "2.35.0"),), DRIVER, "UmdfLibraryVersion is 2.35; this netcx has 2.x up to 2.33"),
                ((("2.33.0", "new"),), DRIVER, "UmdfLibraryVersion 'new' is no version: 2.33.0, for example"),
                ((("UmdfServiceOrder         = umdf", "KmdfService = umdf, Umdf.Wdf"),), DRIVER,
                 "has UmdfService and KmdfService: a driver is for one of the two")):
            with self.subTest(says=says), open(wrong, "w", encoding="ascii") as file:
                changed = text
                for old, new in changes:
                    self.assertIn(old, changed)
                    changed = changed.replace(old, new)
                file.write(changed)
                file.flush()
                _, errors = self.run_deed(NONE, 1, driver=driver, inf=wrong)
                self.assertEqual(errors.count("\n"), 1, errors)
                self.assertIn(says, errors)
                self.assertIn("netcx: run: --inf %s:" % wrong, errors)


if __name__ == "__main__":
    unittest.main()
