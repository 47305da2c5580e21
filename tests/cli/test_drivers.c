/* SPDX-License-Identifier: MIT */
/* Drivers that are none, and drivers that fail: one clear message each, and a clean end. */
#include <unistd.h>

#include "run.h"
#include "stage/files.h"

static void files_that_are_no_drivers(void **state)
{
	expect(RUN("run", "/nonexistent/x.so"), 1, "netcx: /nonexistent/x.so: no such file");
	expect(RUN("run", "/"), 1, "netcx: /: a directory, not a shared object");
	expect(RUN("run", "/dev/null"), 1, "not a regular file");
	expect(RUN("run", "/etc/passwd"), 1, "not a shared object");
	expect(RUN("run", "@noentry"), 1, "no DriverEntry in it: not a driver");
}

static void versions_and_functions_we_lack_are_named(void **state)
{
	struct command *c;

	expect(RUN("run", "@later"), 1,
	       "NetAdapterCx 2.6 is asked for; this build has 1.3, 2.0 to 2.5");
	expect(RUN("run", "@undeclared"), 1, "NetAdapterStart is called without its declaration");
	c = RUN("run", "@unknown");
	assert_non_null(strstr(c->stderr_text, "this build of netcx has no "));
	assert_non_null(strstr(c->stderr_text, "WdfIoQueueFlyToTheMoon"));
	assert_non_null(strstr(c->stderr_text, " NetAdapterFlyToTheMoon"));
	expect(c, 1, "cli_unknown.so: ");
}

/* Whichever comes first in the file. */
static void versions_are_not_mixed(void **state)
{
	struct command *c = RUN("run", "@mixed");

	assert_non_null(strstr(c->stderr_text, "1.3 (NetAdapterStart)"));
	assert_non_null(strstr(c->stderr_text, "2 (NetAdapterStop)"));
	expect(c, 1, "cli_mixed.so: it calls functions of NetAdapterCx ");
}

static void fail_at(const char *step, const char *status, const char *says)
{
	const struct surroundings around = { .step = step, .status = status };

	expect(RUN_IN(&around, "run", "@step"), 1, says);
}

static void each_step_that_fails_is_named(void **state)
{
	static const struct {
		const char *step, *callback;
	} steps[] = {
		{ "DriverEntryEarly", "DriverEntry" },
		{ "DriverEntry", "DriverEntry" },
		{ "DeviceAddEarly", "EvtDriverDeviceAdd" },
		{ "DeviceAdd", "EvtDriverDeviceAdd" },
		{ "PrepareHardware", "EvtDevicePrepareHardware" },
		{ "D0Entry", "EvtDeviceD0Entry" },
		{ "SelfManagedIoInit", "EvtDeviceSelfManagedIoInit" },
		{ "CreateTxQueue", "EvtAdapterCreateTxQueue" },
		{ "CreateRxQueue", "EvtAdapterCreateRxQueue" },
	};
	static const struct {
		const char *value, *name;
	} statuses[] = {
		{ "C000009A", "STATUS_INSUFFICIENT_RESOURCES (0xC000009A)" },
		{ "C0000001", "STATUS_UNSUCCESSFUL (0xC0000001)" },
		{ "E1234567", "NTSTATUS 0xE1234567" },
	};
	char says[256];

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		for (size_t j = 0; j < sizeof(statuses) / sizeof(statuses[0]); j++) {
			snprintf(says, sizeof(says), "cli_step.so: %s failed: %s",
				 steps[i].callback, statuses[j].name);
			fail_at(steps[i].step, statuses[j].value, says);
		}
	}
}

static void successes_that_made_nothing_fail(void **state)
{
	fail_at("NoDriver", NULL, "DriverEntry failed: STATUS_UNSUCCESSFUL");
	fail_at("NoDevice", NULL, "EvtDriverDeviceAdd failed: STATUS_UNSUCCESSFUL");
	fail_at("NoTxQueue", NULL, "failed: STATUS_UNSUCCESSFUL");
	fail_at("NoMtu", NULL, "EvtDevicePrepareHardware failed: STATUS_INVALID_PARAMETER");
}

static void a_failed_device_ends_or_is_started_again(void **state)
{
	const struct surroundings again = { .step = "SetFailedRestart" };
	struct command *c;
	const char *at;
	int restarts = 0;

	fail_at("SetFailed", NULL, "the driver called WdfDeviceSetFailed");
	c = RUN_IN(&again, "run", "@step");
	for (at = c->stdout_text; (at = strstr(at, "AdapterRestart")); at++)
		restarts++;
	assert_int_equal(restarts, 5);
	expect(c, 1, "starting it again did not help");
}

/* What is a bug check on Windows is exit code 158 here, and nothing stays behind. */
static void a_violation_has_its_own_exit_code(void **state)
{
	const struct surroundings around = { .step = "Violation" };
	struct command *c = RUN_IN(&around, "run", "@step", "--log", "json");
	char path[256];

	assert_int_equal(c->code, 158);
	assert_non_null(strstr(c->stderr_text, "InvalidLsoCapabilities"));
	assert_non_null(strstr(c->stderr_text, "NetAdapterOffloadSetLsoCapabilities"));
	assert_non_null(strstr(c->stderr_text, "step.c:"));
	assert_non_null(strstr(c->stdout_text, "\"kind\":\"violation\""));
	socket_path(c, path, sizeof(path));
	assert_int_equal(access(path, F_OK), -1);
	release(c);
}

static void infs_are_checked(void **state)
{
	char path[256], says[600];

	snprintf(path, sizeof(path), "%s/x.inf", scratch());
	expect(RUN("run", "@step", "--inf", "/nonexistent.inf"), 1,
	       "netcx: run: --inf /nonexistent.inf: No such file or directory");
	file_put_text(path, "[Version]\nSignature = \"$Chicago$\n[Manufacturer\n");
	snprintf(says, sizeof(says),
		 "netcx: run: --inf %s:3:14: a section name without its closing", path);
	expect(RUN("run", "@step", "--inf", path), 1, says);
	file_put_text(path, "[Manufacturer]\nA=B\n[B]\nC=D,id\n[D]\nAddReg=E\n[E]\n"
			    "HKR,Ndi\\params\\Depth,type,0,int\nHKR,Ndi\\params\\Depth,min,0,4\n"
			    "HKR,Ndi\\params\\Depth,max,0,8\n");
	expect(RUN("run", "@step", "--inf", path, "--set", "Depth=9"), 2,
	       "--set 'Depth=9': the keyword takes a number from 4 to 8");
}

/* Which section of an INF counts follows the driver's API, or what the user asks for. */
static void an_inf_is_read_for_a_windows(void **state)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/x.inf", scratch());
	file_put_text(path, "[Manufacturer]\nA=B,NT.10.0...17763,NT.10.0...22000,NT.6.1.3\n"
			    "[B.NT.10.0...17763]\nC=D1,id\n[B.NT.10.0...22000]\nC=D2,id\n"
			    "[B.NT.6.1.3]\n[D1]\nAddReg=E1\n[D2]\nAddReg=E2\n"
			    "[E1]\nHKR,Ndi\\params\\Old,type,0,dword\n"
			    "HKR,Ndi\\params\\Old,max,0,8\n"
			    "[E2]\nHKR,Ndi\\params\\New,type,0,dword\n"
			    "HKR,Ndi\\params\\New,max,0,8\n");
	expect(RUN("run", "@step", "--inf", path, "--set", "Old=9"), 2,
	       "--set 'Old=9': the keyword");
	expect(RUN("run", "@step", "--inf", path, "--os", "10.0.22621", "--set", "New=9"), 2,
	       "--set 'New=9': the keyword");
	expect(RUN("run", "@step", "--inf", path, "--os", "6.3.9600,server"), 1,
	       "x.inf:2:1: [Manufacturer] leads to no device");
	expect(RUN("run", "@step", "--inf", path, "--os", "6.3.9600"), 1,
	       "[B] is for NT.10.0...17763, NT.10.0...22000");
	expect(RUN("run", "@step", "--codepage", "UTF-8"), 2,
	       "netcx: run: --codepage UTF-8: a number is expected, such as 1252");
	expect(RUN("run", "@step", "--codepage", "4711"), 2,
	       "netcx: run: --codepage 4711: no code page that iconv(3) knows");
	expect(RUN("run", "@step", "--os", "11"), 2,
	       "netcx: run: --os 11: a version of Windows is expected, such as 10.0.17763");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_that_are_no_drivers),
		cmocka_unit_test(versions_and_functions_we_lack_are_named),
		cmocka_unit_test(versions_are_not_mixed),
		cmocka_unit_test(each_step_that_fails_is_named),
		cmocka_unit_test(successes_that_made_nothing_fail),
		cmocka_unit_test(a_failed_device_ends_or_is_started_again),
		cmocka_unit_test(a_violation_has_its_own_exit_code),
		cmocka_unit_test(infs_are_checked),
		cmocka_unit_test(an_inf_is_read_for_a_windows),
	};

	return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
