/* SPDX-License-Identifier: MIT */
/* The INF reader: syntax, the way to the keywords, and files that mean harm. */
#include <ntddk.h>
#include <stdlib.h>
#include <strings.h>

#include "base/array.h"
#include "base/utf.h"
#include "inf/install.h"
#include "nt/registry.h"
#include "stage/random.h"
#include "test.h"

static const char sample[] =
	"; a network driver\r\n"
	"[Version]\r\n"
	"Signature = \"$WINDOWS NT$\"\r\n"
	"DriverVer = 11/20/2018,1.2.3.4\r\n"
	"[Manufacturer]\r\n"
	"%Maker% = Models, NTamd64, NTarm64\r\n"
	"[Models.NTamd64]\r\n"
	"%Other% = Other.ndi, PCI\\VEN_1234&DEV_0001\r\n"
	"%Nic%   = Nic.ndi, PCI\\VEN_10EC&DEV_8168&REV_03, PCI\\VEN_10EC&DEV_8168\r\n"
	"[Models.NTarm64]\r\n"
	"%Nic%   = Nic.ndi, PCI\\VEN_10EC&DEV_8168\r\n"
	"[Other.ndi]\r\n"
	"[Nic.ndi.NT]\r\n"
	"AddReg = Params, \\ ; goes on\r\n"
	"         More\r\n"
	"[Nic.ndi.NT.HW]\r\n"
	"AddReg = Hard\r\n"
	"[Nic.ndi.NT.Services]\r\n"
	"AddService = nic, 2, Service\r\n"
	"[Service]\r\n"
	"AddReg = ServiceReg\r\n"
	"[ServiceReg]\r\n"
	"HKR, Parameters, Verbose, 0x00010001, 7\r\n"
	"[Hard]\r\n"
	"HKR, , Slot, 0x00010001, 0x10\r\n"
	"HKR, Deep\\er, Blob, 1, 01, FF,7f\r\n"
	"[Params]\r\n"
	"HKR, Ndi\\params\\*LsoV2IPv4, ParamDesc, 0, %Lso%\r\n"
	"HKR, Ndi\\params\\*LsoV2IPv4, default, 0, \"1\"\r\n"
	"HKR, Ndi\\params\\*LsoV2IPv4, type, 0, \"enum\"\r\n"
	"HKR, Ndi\\params\\*LsoV2IPv4\\enum, \"0\", 0, %Off%\r\n"
	"HKR, Ndi\\params\\*LsoV2IPv4\\enum, \"1\", 0, %On%\r\n"
	"[More]\r\n"
	"HKR, Ndi\\params\\Ring, max, 0, \"1024\"\r\n"
	"HKR, Ndi\\params\\Ring, min, 0, \"64\"\r\n"
	"HKR, Ndi\\params\\Ring, step, 0, \"64\"\r\n"
	"HKR, Ndi\\params\\Ring, default, 0, \"256\"\r\n"
	"HKR, Ndi\\params\\Ring, type, 0, \"int\"\r\n"
	"HKR, Ndi\\params\\NetworkAddress, type, 0, \"edit\"\r\n"
	"HKR, Ndi\\params\\NetworkAddress, default, 0, \"\"\r\n"
	"HKR, Ndi\\params\\NetworkAddress, optional, 0, \"1\"\r\n"
	"HKR, , Quote, 0, \"a \"\"b\"\" 100%%\"\r\n"
	"HKR, , List, 0x00010000, one, \"two, three\"\r\n"
	"HKLM, Software\\Else, X, 0, \"not ours\"\r\n"
	"[Strings]\r\n"
	"Maker = \"Maker\"\r\n"
	"Nic = \"A \"\"fast\"\" NIC\"\r\n"
	"Other = \"Another\"\r\n"
	"Lso = \"Large Send\"\r\n"
	"Off = \"Disabled\"\r\n"
	"On = \"Enabled\"\r\n";

/* What a driver for NetAdapterCx 1.3 is installed on. */
static struct inf_os os_1_3;

static struct inf *parse(const char *text)
{
	struct inf_error error;
	struct inf *inf = inf_parse(text, strlen(text), &error);

	if (!inf)
		fail_msg("%u:%u: %s", error.line, error.column, error.text);
	return inf;
}

static void check_string(struct nt_reg_key *key, const char *name, const char *expected)
{
	enum nt_reg_type type;
	WCHAR data[128];
	char text[128];
	size_t length;

	assert_int_equal(nt_reg_query(key, name, &type, data, sizeof(data), &length), 0);
	assert_int_equal(type, NT_REG_SZ);
	utf8_from_utf16(text, sizeof(text), data, length / 2);
	assert_string_equal(text, expected);
}

static void check_dword(struct nt_reg_key *key, const char *name, uint32_t expected)
{
	enum nt_reg_type type;
	uint32_t data;
	size_t length;

	assert_int_equal(nt_reg_query(key, name, &type, &data, sizeof(data), &length), 0);
	assert_int_equal(type, NT_REG_DWORD);
	assert_int_equal(data, expected);
}

static void keywords_come_from_the_devices_own_section(void **state)
{
	struct inf *inf = parse(sample);
	struct inf_install install;
	struct inf_error error;
	const struct inf_keyword *k;

	assert_true(inf_install(inf, &os_1_3, "PCI\\VEN_10EC&DEV_8168", &install, &error));
	assert_string_equal(install.section, "Nic.ndi.NT");
	assert_string_equal(install.description, "A \"fast\" NIC");
	assert_string_equal(inf_driver_version(inf), "1.2.3.4");

	k = inf_find_keyword(&install, "*lsov2ipv4");
	assert_non_null(k);
	assert_string_equal(k->description, "Large Send");
	assert_string_equal(k->default_value, "1");
	assert_int_equal(k->keyword.type, KEYWORD_ENUM);
	assert_int_equal(k->keyword.option_count, 2);
	assert_string_equal(k->keyword.options[1].text, "Enabled");

	k = inf_find_keyword(&install, "Ring");
	assert_int_equal(k->keyword.minimum, 64);
	assert_int_equal(k->keyword.maximum, 1024);
	assert_int_equal(k->keyword.step, 64);
	inf_free(inf);
}

static void another_device_gets_another_section(void **state)
{
	struct inf *inf = parse(sample);
	struct inf_install install;
	struct inf_error error;

	assert_true(inf_install(inf, &os_1_3, NULL, &install, &error));
#ifdef __x86_64__
	assert_string_equal(install.section, "Other.ndi");
	assert_null(install.keywords);
#endif
	inf_free(inf);
}

static void installing_fills_the_registry(void **state)
{
	struct inf *inf = parse(sample);
	struct nt_reg_key *root = nt_reg_create();
	const struct inf_keys keys = { .software = nt_reg_subkey(root, "s", true),
				       .hardware = nt_reg_subkey(root, "h", true),
				       .service = nt_reg_subkey(root, "d", true) };
	struct inf_install install;
	struct inf_error error;
	enum nt_reg_type type;
	unsigned char bytes[64];
	size_t length;

	assert_true(inf_install(inf, &os_1_3, "PCI\\VEN_10EC&DEV_8168", &install, &error));
	assert_true(inf_apply(inf, &install, &keys, &error));
	check_string(keys.software, "*LsoV2IPv4", "1");
	check_string(keys.software, "Ring", "256");
	check_string(keys.software, "Quote", "a \"b\" 100%");
	check_dword(keys.hardware, "Slot", 0x10);
	check_dword(nt_reg_subkey(keys.service, "Parameters", false), "Verbose", 7);

	/* optional: absent until someone sets it */
	assert_int_not_equal(
		nt_reg_query(keys.software, "NetworkAddress", &type, bytes, sizeof(bytes), &length),
		0);
	assert_int_equal(nt_reg_query(nt_reg_subkey(nt_reg_subkey(keys.hardware, "Deep", false),
						    "er", false),
				      "Blob", &type, bytes, sizeof(bytes), &length),
			 0);
	assert_int_equal(type, NT_REG_BINARY);
	assert_int_equal(length, 3);
	assert_memory_equal(bytes, "\x01\xFF\x7F", 3);
	assert_int_equal(nt_reg_query(keys.software, "List", &type, bytes, sizeof(bytes), &length),
			 0);
	assert_int_equal(type, NT_REG_MULTI_SZ);
	assert_int_equal(length, 2 * (4 + 11 + 1));
	nt_reg_destroy(root);
	inf_free(inf);
}

static void errors_name_the_place(void **state)
{
	static const struct {
		const char *text;
		unsigned line, column;
		const char *says;
	} cases[] = {
		{ "", 1, 1, "no [section]" },
		{ "hello\n", 1, 1, "no [section]" },
		{ "; c\n[a\n", 2, 3, "closing bracket" },
		{ "[]\n", 1, 2, "0 characters" },
		{ "[a] b\n", 1, 5, "after a section name" },
		{ "text\n\n[a]\n\xC3\xA4\xC3\xB6 = y\n[b\n", 5, 3, "closing bracket" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct inf_error error;

		assert_null(inf_parse(cases[i].text, strlen(cases[i].text), &error));
		assert_int_equal(error.line, cases[i].line);
		assert_int_equal(error.column, cases[i].column);
		if (!strstr(error.text, cases[i].says))
			fail_msg("\"%s\" does not say \"%s\"", error.text, cases[i].says);
	}
}

static void a_nul_is_no_text(void **state)
{
	struct inf_error error;

	assert_null(inf_parse("[a]\nx=\0", 7, &error));
	assert_int_equal(error.line, 2);
	assert_int_equal(error.column, 3);
	assert_null(inf_parse("\xEF\xBB\xBF[a]\n\xC3\xA4\xC3\xB6=\0", 13, &error));
	assert_int_equal(error.line, 2);
	assert_int_equal(error.column, 4);
}

/* What the file says must fit together: each is refused with the entry's line. */
static void bad_installs_are_told(void **state)
{
	static const struct {
		const char *text;
		unsigned line;
		const char *says;
	} cases[] = {
		{ "[x]\n", 0, "[Manufacturer]" },
		{ "[Manufacturer]\n", 0, "no device" },
		{ "[Manufacturer]\nA = B\n", 2, "no device" },
		{ "[Manufacturer]\nA = B\n[B]\nC = D, id\n", 4, "[D]" },
		{ "[Manufacturer]\nA=B\n[B]\nC=D,id\n[D]\nAddReg=E\n", 6, "[E]" },
		{ "[Manufacturer]\nA=B\n[B]\nC=D,id\n[D]\nAddReg=E\n[E]\nHKR,,x,zz,1\n", 8,
		  "flags" },
		{ "[Manufacturer]\nA=B\n[B]\nC=D,id\n[D]\nAddReg=E\n[E]\n"
		  "HKR,Ndi\\params\\k,type,0,float\n",
		  8, "no such type" },
		{ "[Manufacturer]\nA=B\n[B]\nC=D,id\n[D]\nAddReg=E\n[E]\n"
		  "HKR,Ndi\\params\\k,type,0,int\nHKR,Ndi\\params\\k,max,0,ten\n",
		  9, "not a number" },
		{ "[Manufacturer]\nA=B\n[B]\nC=D,id\n[D]\nAddReg=E\n[E]\n"
		  "HKR,Ndi\\params\\k,type,0,int\nHKR,Ndi\\params\\k,max,0,10\n"
		  "HKR,Ndi\\params\\k,default,0,11\n",
		  8, "its default" },
		{ "[Manufacturer]\nA=B\n[B]\nC=D,id\n[D]\nAddReg=E\n[E]\n"
		  "HKR,Ndi\\params\\k,type,0,enum\n",
		  8, "without values" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct inf *inf = parse(cases[i].text);
		struct inf_install install;
		struct inf_error error;

		assert_false(inf_install(inf, &os_1_3, NULL, &install, &error));
		assert_int_equal(error.line, cases[i].line);
		if (!strstr(error.text, cases[i].says))
			fail_msg("\"%s\" does not say \"%s\"", error.text, cases[i].says);
		inf_free(inf);
	}
}

static void an_entry_is_where_its_text_starts(void **state)
{
	struct inf *inf = parse("[Manufacturer]\n\t A=B\n[B]\nC=D,id\n[D]\n  \\\n  AddReg=E\n");
	struct inf_install install;
	struct inf_error error;

	assert_false(inf_install(inf, &os_1_3, NULL, &install, &error));
	assert_int_equal(error.line, 7);
	assert_int_equal(error.column, 3);
	inf_free(inf);
}

static void a_string_that_is_not_there_stays(void **state)
{
	struct inf *inf = parse("[a]\nx = %d%b%, %b%, 5%, %%\n[Strings]\nB = \"%c%\"\n");
	const struct inf_entry *e = inf_section(inf, "A")->entries;

	/* signs are taken in pairs, from the left */
	assert_string_equal(inf_value(e, 0), "%d%b%");
	assert_string_equal(inf_value(e, 1), "%c%");
	assert_string_equal(inf_value(e, 2), "5%");
	assert_string_equal(inf_value(e, 3), "%");
	inf_free(inf);
}

static void a_field_that_grows_too_long_is_refused(void **state)
{
	struct inf_error error;
	static char text[3 * INF_MAX_VALUE];
	int n = sprintf(text, "[a]\nx = ");
	memset(text + n, '%', 2);
	memset(text + n + 2, 'y', INF_MAX_VALUE);
	text[n + 2 + INF_MAX_VALUE] = '\0';
	assert_null(inf_parse(text, strlen(text), &error));
	assert_int_equal(error.line, 2);
}

/* Checked with Wine's setupapi: SetupGetStringField() gives the same fields. */
static void quotation_marks_end_with_the_line(void **state)
{
	struct inf *inf = parse("[a]\r\nx = \"y ; , \r\nz = w\"\r\nu = \"1\"2\" 3\r\n");
	const struct inf_entry *e = inf_section(inf, "a")->entries;

	assert_string_equal(inf_value(e, 0), "y ; , ");
	assert_string_equal(inf_value(e->next, 0), "w");
	assert_string_equal(inf_value(e->next->next, 0), "12 3");
	assert_null(e->next->next->next);
	inf_free(inf);
}

/* The same. A comment block that C programmers put there is in many files of Microsoft's. */
static void what_stands_before_the_first_section_is_no_entry(void **state)
{
	struct inf *inf = parse("/*++\n;c\nAbstract: a = \"b\n--*/\n\n[a]\nx = y\n");

	assert_string_equal(inf_value(inf_section(inf, "a")->entries, 0), "y");
	assert_null(inf_section(inf, "a")->entries->next);
	inf_free(inf);
}

/* The same. Of backslashes at a line's end the last one continues, those before it are dropped. */
static void lines_go_on_behind_a_backslash(void **state)
{
	struct inf *inf =
		parse("[a]\r\nx = one \\ ; c\r\n  two, \\\\\\\r\n three\\\\four\\ \t\r\n,\r\n");
	const struct inf_entry *e = inf_section(inf, "a")->entries;

	assert_int_equal(e->count, 3);
	assert_string_equal(inf_value(e, 0), "onetwo");
	assert_string_equal(inf_value(e, 1), "three\\\\four");
	assert_string_equal(inf_value(e, 2), "");
	inf_free(inf);
}

static void control_z_ends_the_text(void **state)
{
	struct inf *inf = parse("[a]\nx = y\n\x1A[b\nz");

	assert_non_null(inf_section(inf, "a"));
	assert_null(inf_section(inf, "b"));
	inf_free(inf);
}

static void directories_have_numbers(void **state)
{
	static const char *const expected[] = {
		"C:\\Windows",
		"C:\\Windows\\System32\\x.dll",
		"C:\\x",
		"C:\\",
		"C:\\Windows\\System32\\drivers\\y.sys",
		"z",
		"%99%",
		"%11",
		"Windows",
	};
	struct inf *inf =
		parse("[a]\nx = %10%, %11%\\x.dll, %24%\\x, %30%, %12%\\y.sys, %-1%z, %99%, "
		      "%11, %17%\n[Strings]\n17 = Windows\n");
	const struct inf_entry *e = inf_section(inf, "a")->entries;

	for (unsigned i = 0; i < ARRAY_COUNT(expected); i++)
		assert_string_equal(inf_value(e, i), expected[i]);
	inf_free(inf);
}

/* 13 is the folder of the driver store that a driver's own files are in. */
static void a_package_has_a_folder(void **state)
{
	struct inf *inf = parse("[a]\nx = %13%\\x.sys, %01%\\x.sys\n");
	const struct inf_entry *e = inf_section(inf, "a")->entries;
	static const char store[] =
		"C:\\Windows\\System32\\DriverStore\\FileRepository\\driver.inf_";

	assert_memory_equal(inf_value(e, 0), store, sizeof(store) - 1);
	assert_string_equal(strrchr(inf_value(e, 0), '\\'), "\\x.sys");
	assert_string_equal(inf_value(e, 0), inf_value(e, 1));
	inf_free(inf);
}

/*
 * Windows speaks American English: of 0409, 0009, another English and the one without a language
 * the first that is there has all the strings.
 */
static void strings_come_from_one_language(void **state)
{
	static const struct {
		const char *sections, *a, *b;
	} cases[] = {
		{ "[Strings]\nA = n\nB = n\n[Strings.0409]\nA = us\n", "us", "%B%" },
		{ "[Strings.0009]\nA = en\n[strings.0409]\nA = us\n[Strings]\nA = n\n", "us",
		  "%B%" },
		{ "[Strings.0809]\nA = uk\n[Strings.0009]\nA = en\n[Strings]\nA = n\n", "en",
		  "%B%" },
		{ "[Strings.0407]\nA = de\n[Strings.0809]\nA = uk\nB = uk\n[Strings]\nA = n\n",
		  "uk", "uk" },
		{ "[Strings.0407]\nA = de\n[Strings]\nA = n\n[Strings]\nB = n\n", "n", "n" },
		{ "[Strings.0407]\nA = de\n", "%A%", "%B%" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		char text[256];
		struct inf *inf;

		snprintf(text, sizeof(text), "[a]\nx = %%A%%, %%b%%\n%s", cases[i].sections);
		inf = parse(text);
		assert_string_equal(inf_value(inf_section(inf, "a")->entries, 0), cases[i].a);
		assert_int_equal(
			strcasecmp(inf_value(inf_section(inf, "a")->entries, 1), cases[i].b), 0);
		inf_free(inf);
	}
}

static void any_bytes_end(void **state)
{
	char noise[512];
	struct random r = { 1 };

	for (int round = 0; round < 20000; round++) {
		struct inf_install install;
		struct inf_error error;
		struct inf *inf;
		size_t n = sizeof(sample) - 1;
		char *text = malloc(n);

		memcpy(text, sample, n);
		for (int i = 0; i < 4; i++) {
			text[random_below(&r, (uint32_t)n)] = (char)random_next(&r);
		}
		inf = inf_parse(text, n, &error);
		if (inf && inf_install(inf, &os_1_3, NULL, &install, &error))
			inf_find_keyword(&install, "x");
		inf_free(inf);
		free(text);
	}
	for (int round = 0; round < 20000; round++) {
		struct inf_error error;

		for (size_t i = 0; i < sizeof(noise); i++) {
			noise[i] = "[]=,%\"\\;\n ab\xC3\xFF"[random_below(&r, 14)];
		}
		inf_free(inf_parse(noise, sizeof(noise), &error));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keywords_come_from_the_devices_own_section),
		cmocka_unit_test(another_device_gets_another_section),
		cmocka_unit_test(installing_fills_the_registry),
		cmocka_unit_test(errors_name_the_place),
		cmocka_unit_test(a_nul_is_no_text),
		cmocka_unit_test(bad_installs_are_told),
		cmocka_unit_test(an_entry_is_where_its_text_starts),
		cmocka_unit_test(a_string_that_is_not_there_stays),
		cmocka_unit_test(a_field_that_grows_too_long_is_refused),
		cmocka_unit_test(quotation_marks_end_with_the_line),
		cmocka_unit_test(what_stands_before_the_first_section_is_no_entry),
		cmocka_unit_test(lines_go_on_behind_a_backslash),
		cmocka_unit_test(control_z_ends_the_text),
		cmocka_unit_test(directories_have_numbers),
		cmocka_unit_test(a_package_has_a_folder),
		cmocka_unit_test(strings_come_from_one_language),
		cmocka_unit_test(any_bytes_end),
	};

	os_1_3 = inf_os_of_api(1, 3);

	return cmocka_run_group_tests(tests, NULL, NULL);
}
