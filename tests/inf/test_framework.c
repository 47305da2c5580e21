/* SPDX-License-Identifier: MIT */
/*
 * [DDInstall.Wdf] of a user-mode driver, and what Windows wants of its INF beside it. Source:
 * "Specifying WDF directives in INF files"; Microsoft's netvadapterum.inf is the pattern.
 */
#include <stdio.h>
#include <string.h>
#include <wdm.h>

#include "base/array.h"
#include "inf/user_mode.h"
#include "test.h"

/* Whole: nothing is to be said of it. */
static const char whole[] =
	"[Manufacturer]\nM = S, " INF_ARCHITECTURE "\n[S." INF_ARCHITECTURE "]\nd = I, x\n"
	"[I]\nInclude = wudfrd.inf, netcxrd.inf\nNeeds = WUDFRD.NT, netcxrd_Filter.NT\n"
	"[I.HW]\nInclude = wudfrd.inf, netcxrd.inf\nNeeds = WUDFRD.NT.HW, netcxrd_Filter.NT.HW\n"
	"[I.Filters]\nInclude = netcxrd.inf\nNeeds = netcxrd_Filter.NT.Filters\n"
	"[I.Services]\nInclude = wudfrd.inf, netcxrd.inf\n"
	"Needs = WUDFRD.NT.Services, netcxrd_Filter.NT.Services\n"
	"[I.Wdf]\nUmdfService = Nic, Lib\nUmdfServiceOrder = nic\n"
	"UmdfKernelModeClientPolicy = AllowKernelModeClients\n"
	"[Lib]\nUmdfLibraryVersion = 2.33.0\nUmdfExtensions = NetAdapterCx0202\n"
	"ServiceBinary = %13%\\nic.dll\n";

/* The whole one with @old replaced by @new. */
static struct inf *parse_with(const char *old, const char *new)
{
	const char *at = strstr(whole, old);
	struct inf_error error;
	struct inf *inf;
	char text[2048];
	int n;

	assert_non_null(at);
	n = snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - whole), whole, new,
		     at + strlen(old));
	assert_true(n > 0 && n < (int)sizeof(text));
	inf = inf_parse(text, (size_t)n, &error);
	assert_non_null(inf);
	return inf;
}

static bool install(struct inf *inf, struct inf_install *to, struct inf_error *error)
{
	const struct inf_os os = inf_os_of_api(2, 5);

	return inf_install(inf, &os, NULL, to, error);
}

static void check_note_of(bool user_mode, const char *old, const char *new, const char *expected)
{
	struct inf *inf = parse_with(old, new);
	struct inf_install installed;
	struct inf_error error;
	char room[1024];
	struct text notes = text_in(room, sizeof(room));

	assert_true(install(inf, &installed, &error));
	inf_user_mode_notes(inf, &installed, user_mode, &notes);
	assert_string_equal(room, expected);
	inf_free(inf);
}

static void check_note(const char *old, const char *new, const char *expected)
{
	check_note_of(true, old, new, expected);
}

static void what_windows_would_miss_is_told(void **state)
{
	check_note("", "", "");
	check_note(
		"Needs = WUDFRD.NT, ", "Needs = ",
		"[I] has no Needs = WUDFRD.NT: on Windows it brings the reflector, which starts the driver's host process");
	check_note(
		"Needs = WUDFRD.NT.HW, ", "Needs = ",
		"[I.HW] has no Needs = WUDFRD.NT.HW: on Windows it brings the reflector, which starts the driver's host process");
	check_note(
		"Needs = WUDFRD.NT.Services, ", "Needs = ",
		"[I.Services] has no Needs = WUDFRD.NT.Services: on Windows it brings the reflector, which starts the driver's host process");
	check_note(
		"Needs = netcxrd_Filter.NT.Filters", "",
		"[I.Filters] has no Needs = netcxrd_Filter.NT.Filters: on Windows it brings the filter by which NetAdapterCx reaches user mode");
	check_note(
		"[I.HW]\nInclude = wudfrd.inf, netcxrd.inf", "[I.HW]\nInclude = netcxrd.inf",
		"[I.HW] needs WUDFRD.NT.HW and has no Include = wudfrd.inf: Windows' setup does not find it");
	check_note(
		"UmdfServiceOrder = nic\n", "",
		"[I.Wdf] has no UmdfServiceOrder: Windows installs no user-mode driver without it");
	check_note(
		"= AllowKernelModeClients", "= RejectKernelModeClients",
		"[I.Wdf] has no UmdfKernelModeClientPolicy = AllowKernelModeClients: on Windows NDIS, which is in the kernel, cannot be above the driver");
	check_note(
		"UmdfExtensions = NetAdapterCx0202\n", "",
		"[Lib] has no UmdfExtensions = NetAdapterCx0202: Windows does not load NetAdapterCx for the driver");
	check_note("ServiceBinary = %13%\\nic.dll\n", "",
		   "[Lib] has no ServiceBinary: Windows does not know the driver's DLL");
	/* As before there was wudfrd.inf. */
	check_note("Needs = WUDFRD.NT.Services, ",
		   "AddService = WUDFRd, 0x1fa, R\n[R]\n[I.Services]\nNeeds = ", "");
	/* As INF files of kernel mode are. */
	check_note_of(false, "[I.Wdf]\nUmdfService = Nic, Lib", "[I.Wdf]\n", "");
	check_note(
		"[I.Wdf]\nUmdfService = Nic, Lib", "[I.Wdf]\n",
		"[I.Wdf] has no UmdfService: Windows installs a kernel-mode driver by it, and this one is compiled for user mode");
}

static void what_contradicts_itself_is_refused(void **state)
{
	static const struct {
		const char *old, *new, *says;
	} cases[] = {
		{ "Nic, Lib", "Nic, Else", "UmdfService: there is no section [Else]" },
		{ "Nic, Lib", "AnyNameOfThirtyTwoCharacters0032, Lib",
		  "UmdfService 'AnyNameOfThirtyTwoCharacters0032': a name has at most 31 characters" },
		{ "= nic\n", "= nic, Other\n",
		  "UmdfServiceOrder names 'Other', which no UmdfService has" },
		{ "= nic\n", "= nic\nUmdfServiceOrder = nic\n",
		  "UmdfServiceOrder is there already, in line 19" },
		{ "UmdfLibraryVersion = 2.33.0\n", "",
		  "[Lib] has no UmdfLibraryVersion: Windows does not know which framework to load" },
		{ "= AllowKernelModeClients", "= Yes",
		  "UmdfKernelModeClientPolicy 'Yes': RejectKernelModeClients or AllowKernelModeClients is expected" },
		{ "= nic\n", "= nic\nUmdfDispatcher = Fast\n",
		  "UmdfDispatcher 'Fast': FileHandle, WinUsb or NativeUSB is expected" },
		{ "= nic\n", "= nic\nUmdfHostPriority = Low\n",
		  "UmdfHostPriority 'Low': PriorityHigh is expected" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		struct inf *inf = parse_with(cases[i].old, cases[i].new);
		struct inf_install installed;
		struct inf_error error;

		assert_false(install(inf, &installed, &error));
		assert_string_equal(error.text, cases[i].says);
		assert_int_not_equal(error.line, 0);
		inf_free(inf);
	}
}

/* The last word is none of the documented ones; Microsoft's wificxsampleclientum.inf has it. */
static void directives_are_read(void **state)
{
	static const struct {
		const char *line;
		bool alone, hardware, mapped;
	} cases[] = {
		{ "", false, false, false },
		{ "UmdfHostProcessSharing = ProcessSharingEnabled\n", false, false, false },
		{ "UmdfHostProcessSharing = ProcessSharingDisabled\n", true, false, false },
		{ "umdfdirecthardwareaccess = allowdirecthardwareaccess\n", false, true, false },
		{ "UmdfDirectHardwareAccess = AllowDirectHardwareAccessAndDma\n", false, true,
		  false },
		{ "UmdfRegisterAccessMode = RegisterAccessUsingUserModeMapping\n", false, false,
		  true },
		{ "UmdfFsContextUsePolicy = CanUseFsContext2\n", false, false, false },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		char lines[128];
		struct inf_install installed;
		struct inf_error error;
		struct inf *inf;

		snprintf(lines, sizeof(lines), "= nic\n%s", cases[i].line);
		inf = parse_with("= nic\n", lines);
		assert_true(install(inf, &installed, &error));
		assert_int_equal(installed.framework.kind, INF_FRAMEWORK_UMDF);
		assert_int_equal(installed.framework.alone, cases[i].alone);
		assert_int_equal(installed.framework.hardware_access, cases[i].hardware);
		assert_int_equal(installed.framework.registers_mapped, cases[i].mapped);
		inf_free(inf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_windows_would_miss_is_told),
		cmocka_unit_test(what_contradicts_itself_is_refused),
		cmocka_unit_test(directives_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
