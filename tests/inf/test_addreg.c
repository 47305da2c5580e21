/* SPDX-License-Identifier: MIT */
/*
 * AddReg and DelReg: what a file leaves in the registry. Source: "INF AddReg directive", "INF
 * DelReg directive"; unless said otherwise, Wine's SetupInstallFromInfSection() does the same.
 */
#include <ntddk.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "inf/addreg.h"
#include "inf/install.h"
#include "nt/registry.h"
#include "test.h"

#define HEAD                                                                                \
	"[Manufacturer]\nM = S, " INF_ARCHITECTURE "\n[S." INF_ARCHITECTURE "]\nd = I, x\n" \
	"[I]\nAddReg = R\nDelReg = D\n[R]\n"

/* An installed file; its keys are below root. */
struct installed {
	struct inf *inf;
	struct inf_install install;
	struct nt_reg_key *root, *software, *hardware, *service;
	struct inf_error error;
	bool ok;
};

static struct installed install(const char *lines)
{
	const struct inf_os os = inf_os_of_api(1, 3);
	struct installed i = { .root = nt_reg_create() };
	struct inf_keys keys = { .software = nt_reg_subkey(i.root, "s", true),
				 .hardware = nt_reg_subkey(i.root, "h", true),
				 .service = nt_reg_subkey(i.root, "d", true) };
	char text[4096];
	int n = snprintf(text, sizeof(text), HEAD "%s", lines);

	i.software = keys.software;
	i.hardware = keys.hardware;
	i.service = keys.service;
	i.inf = inf_parse(text, (size_t)n, &i.error);
	assert_non_null(i.inf);
	i.ok = inf_install(i.inf, &os, NULL, &i.install, &i.error) &&
	       inf_apply(i.inf, &i.install, &keys, &i.error);
	return i;
}

static void end(struct installed *i)
{
	nt_reg_destroy(i->root);
	inf_free(i->inf);
}

static void has(struct nt_reg_key *key, const char *name, unsigned type, const void *data,
		size_t length)
{
	enum nt_reg_type found;
	unsigned char bytes[256];
	size_t n = 0;

	if (nt_reg_query(key, name, &found, bytes, sizeof(bytes), &n) != STATUS_SUCCESS)
		fail_msg("there is no value \"%s\"", name);
	assert_int_equal(found, type);
	assert_int_equal(n, length);
	assert_memory_equal(bytes, data, length);
}

static void has_not(struct nt_reg_key *key, const char *name)
{
	assert_int_equal(nt_reg_query(key, name, NULL, NULL, 0, NULL),
			 STATUS_OBJECT_NAME_NOT_FOUND);
}

/* The values of @lines, when each is "HKR,,V,..." and the last one counts. */
static void gives(const char *lines, unsigned type, const void *data, size_t length)
{
	struct installed i = install(lines);

	if (!i.ok)
		fail_msg("%s: %s", lines, i.error.text);
	has(i.software, "V", type, data, length);
	end(&i);
}

static void each_type_has_its_form(void **state)
{
	gives("HKR,,V,,a\n[D]\n", 1, u"a", 4);
	gives("HKR,,V\n[D]\n", 1, u"", 2);
	gives("HKR,,V,0,a,b\n[D]\n", 1, u"a", 4);
	gives("HKR,,V,0x20000,%%a%%\n[D]\n", 2, u"%a%", 8);
	gives("HKR,,V,1,0A,ff, 7\n[D]\n", 3, "\x0A\xFF\x07", 3);
	gives("HKR,,V,1\n[D]\n", 3, "", 0);
	gives("HKR,,V,0x10001,0x10\n[D]\n", 4, "\x10\0\0\0", 4);
	gives("HKR,,V,65537,-1\n[D]\n", 4, "\xFF\xFF\xFF\xFF", 4);
	gives("HKR,,V,0x10001,\n[D]\n", 4, "\0\0\0\0", 4);
	gives("HKR,,V,0x10001,1,2,3,ff\n[D]\n", 4, "\1\2\3\xFF", 4);
	gives("HKR,,V,0x10000,a,\"b c\"\n[D]\n", 7, u"a\0b c\0", 14);
	gives("HKR,,V,0x10000,a,,b\n[D]\n", 7, u"a\0", 6);
	gives("HKR,,V,0x10000\n[D]\n", 7, u"", 2);
	gives("HKR,,V,0x20001,1,2\n[D]\n", 0, "\1\2", 2);
	gives("HKR,,V,0xb0001,1,0,0,0,0,0,0,2\n[D]\n", 11, "\1\0\0\0\0\0\0\2", 8);
	gives("HKR,,V,0x00380001,1,0,2\n[D]\n", 0x38, "\1\0\2", 3);
	gives("HKR,,V,0x00380000,ab\n[D]\n", 0x38, u"ab", 6);
	/* Wine's strtol() here knows no 0x */
	gives("HKR,,V,1,0x0A,0XFF\n[D]\n", 3, "\x0A\xFF", 2);
}

static void a_value_that_is_there_may_stay(void **state)
{
	gives("HKR,,V,0,first\nHKR,,v,2,second\n[D]\n", 1, u"first", 12);
	gives("HKR,,V,2,first\nHKR,,V,0x10003,2\n[D]\n", 1, u"first", 12);
	gives("HKR,,V,0x10001,1\nHKR,,V,0x10001,2\n[D]\n", 4, "\2\0\0\0", 4);
	gives("HKR,,V,0,first\nHKR,,V,0x20,second\n[D]\n", 1, u"second", 14);
}

static void overwriting_makes_nothing(void **state)
{
	struct installed i = install("HKR,,V,0x20,a\nHKR,Sub,V,0x20,a\n[D]\n");

	assert_true(i.ok);
	has_not(i.software, "V");
	assert_null(nt_reg_subkey(i.software, "Sub", false));
	end(&i);
}

static void lists_grow_by_what_they_lack(void **state)
{
	gives("HKR,,V,0x10000,a,b\nHKR,,V,0x10008,c\n[D]\n", 7, u"a\0b\0c\0", 14);
	gives("HKR,,V,0x10000,a,b\nHKR,,V,0x10008,B,A,d\n[D]\n", 7, u"a\0b\0d\0", 14);
	gives("HKR,,V,0x10000,ab\nHKR,,V,0x10008,a\nHKR,,V,0x10008,b\n[D]\n", 7, u"ab\0a\0b\0", 16);
	gives("HKR,,V,0x10000,a\nHKR,,V,0x10008\n[D]\n", 7, u"a\0", 6);
	gives("HKR,,V,0,text\nHKR,,V,0x10008,a\n[D]\n", 1, u"text", 10);
	gives("HKR,,V,0x10000\nHKR,,V,0x10008,a\n[D]\n", 7, u"a\0", 6);
	/* as files do it that add a filter to a device without one; Wine makes none */
	gives("HKR,,V,0x10008,a\n[D]\n", 7, u"a\0", 6);
}

static void keys_come_and_go(void **state)
{
	struct installed i = install("HKR,A\\B,,0x10,ignored\nHKR,C,x,0,1\nHKR,C,y,0,1\nHKR,C,x,4\n"
				     "HKR,E\\F,x,0,1\nHKR,E,,4\nHKR,G,x,0,1\nHKR,G,x,0x2004\n"
				     "HKR,H,x,0,1\nHKR,H,x,0x8000,2\nHKLM,Elsewhere,x,0,1\n[D]\n");

	assert_true(i.ok);
	assert_non_null(nt_reg_subkey(nt_reg_subkey(i.software, "A", false), "B", false));
	has_not(nt_reg_subkey(i.software, "C", false), "x");
	has(nt_reg_subkey(i.software, "C", false), "y", 1, u"1", 4);
	assert_null(nt_reg_subkey(i.software, "E", false));
	assert_null(nt_reg_subkey(i.software, "G", false));
	has(nt_reg_subkey(i.software, "H", false), "x", 1, u"1", 4);
	assert_null(nt_reg_subkey(i.software, "Elsewhere", false));
	end(&i);
}

/* What an INF deletes is what other sections made: the values of a section that it needs. */
static void deleting_comes_before_adding(void **state)
{
	struct installed i = install("HKR,,V,0,mine\n"
				     "[D]\nHKR,,V\nHKR,,W\nHKR,Key\nHKR,,L,0x18002,B\n"
				     "HKR,,X,0x10001,5\n"
				     "[I]\nNeeds = Base\n[Base]\nAddReg = Base.R\n[Base.R]\n"
				     "HKR,,V,0,base\nHKR,,W,0,base\nHKR,Key,x,0,base\n"
				     "HKR,,L,0x10000,a,b,c,B\nHKR,,X,0,base\n");

	assert_true(i.ok);
	has(i.software, "V", 1, u"mine", 10);
	has_not(i.software, "W");
	assert_null(nt_reg_subkey(i.software, "Key", false));
	has(i.software, "L", 7, u"a\0c\0", 10);
	has(i.software, "X", 1, u"base", 10);
	end(&i);
}

static void needed_sections_are_followed_everywhere(void **state)
{
	struct installed i =
		install("[D]\n[I.HW]\nNeeds = B.HW\n[B.HW]\nAddReg = H\n"
			"[H]\nHKR,,V,0,h\n"
			"[I.Services]\nInclude = b.inf\nNeeds = B.Services, Elsewhere\n"
			"[B.Services]\nAddService = svc, 2, Svc\n"
			"[Svc]\nAddReg = P\n[P]\nHKR,,V,0,p\n");
	char room[128];
	struct text notes = text_in(room, sizeof(room));

	assert_true(i.ok);
	has(i.hardware, "V", 1, u"h", 4);
	has(i.service, "V", 1, u"p", 4);
	assert_string_equal(i.install.service, "svc");
	inf_notes(i.inf, i.install.section, &notes);
	assert_string_equal(room, "[I.Services] needs Elsewhere, which is in another INF");
	end(&i);
}

/* As in Microsoft's netvadapterum.inf, whose [Strings] has no REG_SZ. */
static void flags_without_a_meaning_count_as_none(void **state)
{
	struct installed i = install("HKR,,V,%REG_SZ%,a\nHKR,,W,%REG_DWORD%,7\n"
				     "[D]\n[Strings]\nREG_DWORD = 0x10001\n");
	char room[128];
	struct text notes = text_in(room, sizeof(room));

	assert_true(i.ok);
	has(i.software, "V", 1, u"a", 4);
	has(i.software, "W", 4, "\7\0\0\0", 4);
	inf_notes(i.inf, i.install.section, &notes);
	assert_string_equal(room, "line 9: the flags %REG_SZ% are not in [Strings] and count as 0");
	end(&i);
}

static void what_a_type_does_not_take_is_told(void **state)
{
	static const struct {
		const char *lines;
		unsigned line;
		const char *says;
	} cases[] = {
		{ "HKR,,V,1,100\n[D]\n", 9, "V: a byte is a hexadecimal number up to FF, not 100" },
		{ "HKR,,V,1,xy\n[D]\n", 9, "not xy" },
		{ "HKR,,V,1,-1\n[D]\n", 9, "not -1" },
		{ "HKR,,V,0x10001,5x\n[D]\n", 9, "a number of 32 bits is expected" },
		{ "\nHKR,,V,0x10001,0x100000000\n[D]\n", 10, "not 0x100000000" },
		{ "HKR,,V,0x10001,1,2,3\n[D]\n", 9, "four bytes, not 3" },
		{ "HKR,,V,0x1FFFFFFFF,1\n[D]\n", 9, "flags" },
		{ "HKX,,V,0,1\n[D]\n", 9, "not HKX" },
		{ "[D]\n[I]\nAddReg = Nowhere\n", 11, "[Nowhere]" },
		{ "[D]\n[I]\nDelReg = Nowhere\n", 11, "DelReg: there is no section" },
		{ "[D]\n[I]\nNeeds = I\n", 11, "in a circle" },
		{ "[D]\n[I.Services]\nAddService = s,2,Nowhere\n", 11, "[Nowhere]" },
	};

	for (size_t c = 0; c < ARRAY_COUNT(cases); c++) {
		struct installed i = install(cases[c].lines);

		assert_false(i.ok);
		if (i.error.line != cases[c].line || !strstr(i.error.text, cases[c].says))
			fail_msg("%u: \"%s\" does not say \"%s\"", i.error.line, i.error.text,
				 cases[c].says);
		end(&i);
	}
}

/* The flags hold for the lines that define keywords, too. */
static void keywords_follow_the_flags(void **state)
{
	struct installed i =
		install("HKR,Ndi\\params\\K,type,0,enum\n"
			"HKR,Ndi\\params\\K,default,0,1\nHKR,Ndi\\params\\K,default,2,7\n"
			"HKR,Ndi\\params\\K,ParamDesc,0x20,no\n"
			"HKR,Ndi\\params\\K\\enum,1,0,one\nHKR,Ndi\\params\\K\\enum,1,2,uno\n"
			"HKR,Ndi\\params\\K\\enum,3,0,three\nHKR,Ndi\\params\\K\\enum,3,4\n"
			"HKR,Ndi\\params\\K\\enum,2,0,two\nHKR,Ndi\\params\\K\\enum,2,0,deux\n"
			"HKR,Ndi\\params\\K,max,0,5\nHKR,Ndi\\params\\K,max,4\n"
			"HKR,Ndi\\params\\Gone,type,0,int\nHKR,Ndi\\params\\Gone,,4\n"
			"HKR,Ndi\\params\\Never,type,0x20,int\n[D]\n");
	const struct inf_keyword *k;

	if (!i.ok)
		fail_msg("%u: %s", i.error.line, i.error.text);
	assert_null(inf_find_keyword(&i.install, "Gone"));
	assert_null(inf_find_keyword(&i.install, "Never"));
	k = inf_find_keyword(&i.install, "K");
	assert_string_equal(k->default_value, "1");
	assert_null(k->description);
	assert_int_equal(k->keyword.option_count, 2);
	assert_string_equal(k->keyword.options[0].text, "one");
	assert_int_equal(k->keyword.options[1].value, 2);
	assert_string_equal(k->keyword.options[1].text, "deux");
	has(i.software, "K", 1, u"1", 4);
	end(&i);
}

/* As in Realtek's rt640x64.inf: the value that AddReg gives a keyword goes before its default. */
static void a_keywords_own_value_goes_before_its_default(void **state)
{
	struct installed i =
		install("HKR,Ndi\\params\\K,type,0,enum\n"
			"HKR,Ndi\\params\\K,default,0,0\nHKR,,K,0,4\n"
			"HKR,Ndi\\params\\K\\enum,4,0,four\n"
			"HKR,Ndi\\params\\N,type,0,int\n"
			"HKR,Ndi\\params\\N,default,0,1\nHKR,,n,0x10001,0x10\n"
			"HKR,Ndi\\params\\O,type,0,int\nHKR,Ndi\\params\\O,optional,0,1\n"
			"HKR,Ndi\\params\\O,default,0,1\n[D]\n");

	if (!i.ok)
		fail_msg("%u: %s", i.error.line, i.error.text);
	has(i.software, "K", 1, u"4", 4);
	has(i.software, "N", 4, "\x10\0\0\0", 4);
	has_not(i.software, "O");
	assert_string_equal(inf_initial_value(inf_find_keyword(&i.install, "K")), "4");
	assert_string_equal(inf_initial_value(inf_find_keyword(&i.install, "N")), "16");
	assert_null(inf_initial_value(inf_find_keyword(&i.install, "O")));
	assert_null(inf_initial_value(NULL));
	end(&i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_type_has_its_form),
		cmocka_unit_test(a_value_that_is_there_may_stay),
		cmocka_unit_test(overwriting_makes_nothing),
		cmocka_unit_test(lists_grow_by_what_they_lack),
		cmocka_unit_test(keys_come_and_go),
		cmocka_unit_test(deleting_comes_before_adding),
		cmocka_unit_test(needed_sections_are_followed_everywhere),
		cmocka_unit_test(flags_without_a_meaning_count_as_none),
		cmocka_unit_test(what_a_type_does_not_take_is_told),
		cmocka_unit_test(keywords_follow_the_flags),
		cmocka_unit_test(a_keywords_own_value_goes_before_its_default),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
