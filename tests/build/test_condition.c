/* SPDX-License-Identifier: MIT */
/* MSBuild conditions and references, from outside. */

#include "build/condition.h"
#include "test.h"

static struct properties properties;

static int set_up(void **state)
{
	properties_set(&properties, "Configuration", "Release");
	properties_set(&properties, "Platform", "x64");
	properties_set(&properties, "Kit", "10.0.17763.0");
	properties_set(&properties, "Yes", "true");
	properties_set(&properties, "Number", "12");
	properties_set(&properties, "Word", "and");
	properties_set(&properties, "Empty", "");
	return 0;
}

static int tear_down(void **state)
{
	properties_free(&properties);
	return 0;
}

enum outcome { HOLDS, FAILS, WRONG };

static void conditions(void **state)
{
	static const struct {
		const char *text;
		enum outcome outcome;
	} table[] = {
		{ "", HOLDS },
		{ "  ", HOLDS },
		{ "'$(Configuration)|$(Platform)'=='Release|x64'", HOLDS },
		{ "'$(Configuration)|$(Platform)'=='release|X64'", HOLDS },
		{ "'$(Configuration)|$(Platform)'=='Debug|x64'", FAILS },
		{ "'$(configuration)' != 'Debug'", HOLDS },
		{ "$(Configuration)==Release", HOLDS },
		{ "$(Configuration) == 'Debug' Or $(Platform) == 'x64'", HOLDS },
		{ "'a'=='b' and 'a'=='b' or 'c'=='c'", HOLDS },
		{ "'c'=='c' or 'a'=='b' and 'a'=='b'", HOLDS },
		{ "('c'=='c' or 'a'=='b') and 'a'=='b'", FAILS },
		{ "!('a'=='b')", HOLDS },
		{ "!$(Yes)", FAILS },
		{ "$(Yes)", HOLDS },
		{ "'$(Yes)' == 'on'", HOLDS },
		{ "true AND !false", HOLDS },
		{ "'$(Empty)' == ''", HOLDS },
		{ "'$(Never)' == ''", HOLDS },
		{ "$(Never) == ''", HOLDS },
		{ "'$(Word)' == 'and'", HOLDS },
		{ "$(Word) == and", WRONG },
		{ "$(Number) >= 12", HOLDS },
		{ "$(Number) > 12", FAILS },
		{ "0x0C == $(Number)", HOLDS },
		{ "'12.0' == $(Number)", HOLDS },
		{ "9 < $(Number) and $(Number) <= 13", HOLDS },
		{ "'$(Kit)' >= '10.0.9999.0'", HOLDS },
		{ "'$(Kit)' < '10.0.17763'", FAILS },
		{ "'x;y' == 'x%3By'", HOLDS },
		{ "HasTrailingSlash('a\\')", HOLDS },
		{ "hastrailingslash('a')", FAILS },
		{ "Exists('/')", HOLDS },
		{ "exists('$(Empty)')", FAILS },
		{ "Exists('/no/such/place')", FAILS },
		{ "!Exists('\\no\\such\\place') and $(Yes)", HOLDS },
		/* numbers: a sign, digits, a point; 0x and at most 32 bits, the highest of which is
		   the sign */
		{ "'2e3' == '2000'", FAILS },
		{ "'infinity' == 'inf'", FAILS },
		{ "'0x1p4' == '16'", FAILS },
		{ "' 1' == '1'", FAILS },
		{ "'1.' == '1' and '.5' == '0.50' and '+3' == '3' and '-0' == '0'", HOLDS },
		{ "'.' == '0'", FAILS },
		{ "'0xFFFFFFFF' == '-1' and '0X0a' == '10'", HOLDS },
		{ "'0x1FFFFFFFF' == '8589934591'", FAILS },
		{ "'-0x1' == '-1'", FAILS },
		{ "1e3 > 1", WRONG },
		{ "'0x10' > '9'", HOLDS },
		/* versions: 2 to 4 parts, one that is not written is less than 0 */
		{ "'10.0.19041.0' >= '10.0.17763.0'", HOLDS },
		{ "'10.0.9200.0' < '10.0.17763.0'", HOLDS },
		{ "'10.0.17763' < '10.0.17763.0'", HOLDS },
		{ "'10.0.17763' == '10.0.17763.0'", FAILS },
		{ "'1.10' > '1.9'", FAILS },
		{ "'1.10.0' > '1.9.0'", HOLDS },
		{ "'10' < '10.0.1' and '10.0.1' > '10' and '11' > '10.9.9'", HOLDS },
		{ "'9.9.9' < '10'", HOLDS },
		{ "'1.2.3.4.5' > '1.2.3'", WRONG },
		{ "'1.2.' > '1'", WRONG },
		{ "'1.2.x' > '1'", WRONG },
		{ "'$(Empty)' > '1'", WRONG },
		/* what the left side has decided is not looked at */
		{ "'$(Empty)' != '' and $(Empty) > 5", FAILS },
		{ "'$(Empty)' == '' or '$(Empty)' > '5'", HOLDS },
		{ "'$(Empty)' != '' and ('x' > 5 or !'y')", FAILS },
		{ "'$(Empty)' != '' and '$(Kit.Substring(99))' == ''", FAILS },
		{ "'a' == 'b' and 'a' = 'b'", WRONG },
		/* a comparison's side may be a function, a negation or a parenthesis */
		{ "Exists('/') == 'true'", HOLDS },
		{ "!Exists('/') == false", HOLDS },
		{ "('a' == 'a') != ('a' == 'b')", HOLDS },
		{ "!'a' == 'b'", WRONG },
		{ "Exists('/;/tmp') and !Exists('/;/no/such') and !Exists(';')", HOLDS },
		{ "HasTrailingSlash('a/')", HOLDS },
		/* property functions, with quotes of their own */
		{ "'$([MSBuild]::Add(1, 2))' == '3'", HOLDS },
		{ "$([MSBuild]::Add(1, 2)) == 3", HOLDS },
		{ "'$(Kit.Replace('.', '-'))' == '10-0-17763-0'", HOLDS },
		{ "'$(Kit.Split('.')[2])' >= '17763'", HOLDS },
		{ "$(Kit.StartsWith('10.'))", HOLDS },
		{ "!$(Kit.Contains('(')) and '$(Kit.Length)' == '12'", HOLDS },
		{ "'$([MSBuild]::ValueOrDefault('$(Empty)', 'x'))' == 'x'", HOLDS },
		{ "'$(Kit.Substring(99))' == ''", WRONG },
		{ "'$(Kit.Replace('.', '-))' == ''", WRONG },
		{ "'a' == ", WRONG },
		{ "'a'", WRONG },
		{ "'$(Empty)'", WRONG },
		{ "'a == 'a'", WRONG },
		{ "'a' = 'a'", WRONG },
		{ "('a' == 'a'", WRONG },
		{ "'a' == 'a')", WRONG },
		{ "Exists('a'", WRONG },
		{ "Exists(", WRONG },
		{ "Delete('a')", WRONG },
		{ "$(Number == 3", WRONG },
		{ "'a' < 'b'", WRONG },
		{ "and", WRONG },
		{ "== 'a'", WRONG },
		{ "#", WRONG },
		{ "true true", WRONG },
	};
	struct scope scope = { .properties = &properties };
	int bad = 0;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char *error;
		bool holds = condition_holds(&scope, "/", table[i].text, &error);
		enum outcome outcome = error ? WRONG : holds ? HOLDS : FAILS;

		if (outcome != table[i].outcome) {
			print_error("%s: %d, not %d (%s)\n", table[i].text, outcome,
				    table[i].outcome, error ? error : "no message");
			bad++;
		}
		free(error);
	}
	assert_int_equal(bad, 0);
}

/* What nests for ever is refused, not followed. */
static void deep_conditions_end(void **state)
{
	struct scope scope = { .properties = &properties };
	size_t depth = 100000;
	char *text = malloc(depth + 1), *error;

	memset(text, '!', depth);
	text[depth] = '\0';
	assert_false(condition_holds(&scope, "/", text, &error));
	assert_non_null(error);
	free(error);
	memset(text, '(', depth);
	assert_false(condition_holds(&scope, "/", text, &error));
	assert_non_null(error);
	free(error);
	free(text);
}

/* Since Visual Studio 2019 it is a word; as a number it is Visual Studio's version. */
static void the_tools_version_is_comparable(void **state)
{
	struct properties p = { 0 };
	struct scope scope = { .properties = &p };
	char *error;

	properties_set(&p, "MSBuildToolsVersion", "Current");
	properties_set(&p, "VisualStudioVersion", "17.0");
	assert_true(condition_holds(&scope, "/", "'$(MSBuildToolsVersion)' >= '15.0'", &error));
	assert_true(condition_holds(&scope, "/", "'$(msbuildtoolsversion)' == 17", &error));
	assert_true(condition_holds(&scope, "/", "'$(MSBuildToolsVersion)' == 'current'", &error));
	assert_false(condition_holds(&scope, "/", "'Current' >= '15.0'", &error));
	assert_non_null(
		strstr(error, "numbers or versions are compared by order, and Current is "));
	free(error);
	properties_free(&p);
}

static char *list_of(const struct scope *scope, const char *type)
{
	return strdup(strcmp(type, "Inf") == 0 ? "a.inf;b.inf" : "");
}

static void references(void **state)
{
	struct properties metadata = { 0 };
	struct strings notes = { 0 };
	struct scope scope = {
		.properties = &properties, .metadata = &metadata, .items = list_of, .notes = &notes
	};
	static const struct {
		const char *text, *result;
	} table[] = {
		{ "$(Platform)\\$(CONFIGURATION)\\", "x64\\Release\\" },
		{ "A;%(Defines)", "A;X;Y" },
		{ "%(ClCompile.Defines)", "X;Y" },
		{ "%(Other)-", "-" },
		{ "@(Inf)", "a.inf;b.inf" },
		{ "$( Platform )", "x64" },
		{ "$(Never)", "" },
		{ "$(Platform", "$(Platform" },
		{ "100%", "100%" },
		{ "$$(Platform)", "$x64" },
		{ "$([System.DateTime]::Now.ToString('yyyy'))", "" },
		{ "$(NETCX_TEST_VARIABLE)", "from outside" },
	};

	setenv("NETCX_TEST_VARIABLE", "from outside", 1);
	properties_set(&metadata, "Defines", "X;Y");
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char *result = properties_expand(&scope, table[i].text);

		assert_string_equal(result, table[i].result);
		free(result);
	}
	assert_int_equal(notes.count, 1);
	assert_string_equal(
		notes.at[0],
		"$([System.DateTime]::Now.ToString('yyyy')) is not known and taken as empty");
	strings_free(&notes);
	properties_free(&metadata);
}

static void escapes(void **state)
{
	char text[] = "a%3Bb%20c%zz%4%00%";

	properties_unescape(text);
	assert_string_equal(text, "a;b c%zz%4%00%");
}

/* The command line's properties are the last word. */
static void globals_stay(void **state)
{
	struct properties p = { 0 };

	properties_set_global(&p, "Configuration", "Debug");
	properties_set(&p, "CONFIGURATION", "Release");
	assert_string_equal(properties_get(&p, "configuration"), "Debug");
	properties_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions),   cmocka_unit_test(deep_conditions_end),
		cmocka_unit_test(references),   cmocka_unit_test(escapes),
		cmocka_unit_test(globals_stay), cmocka_unit_test(the_tools_version_is_comparable),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
