/* SPDX-License-Identifier: MIT */
/* Items, imports and properties of projects, as MSBuild gives them. */
#include "build/macros.h"
#include "build/path.h"
#include "staged.h"
#include "test.h"

#define PROJECT(body) "<Project " XMLNS ">" body "</Project>"

static bool evaluate(struct staged *f, const char *text)
{
	staged_put(f, "p.vcxproj", text);
	return staged_evaluate(f, "p.vcxproj");
}

/* The identities of the items "I", with blanks between. */
static void assert_items(struct staged *f, const char *text, const char *expected)
{
	struct buffer names = { 0 };

	if (!evaluate(f, text))
		fail_msg("%s", f->error);
	for (size_t i = 0; i < f->msbuild.item_count; i++) {
		if (string_same(f->msbuild.items[i].type, "I"))
			buffer_add_format(&names, "%s%s", names.length ? " " : "",
					  f->msbuild.items[i].identity);
	}
	assert_string_equal(names.at ? names.at : "", expected);
	buffer_free(&names);
}

static void assert_property(struct staged *f, const char *name, const char *expected)
{
	assert_string_equal(msbuild_get(&f->msbuild, name), expected);
}

static void wildcards(void **state)
{
	static const struct {
		const char *include, *finds;
	} table[] = {
		{ "*.c", ".hidden.c a.c" },
		{ "**\\*.c", ".hidden.c a.c .made\\m.c sub\\b.c sub\\deep\\c.c sub\\deep\\x[1].c" },
		{ "**\\**\\*.c",
		  ".hidden.c a.c .made\\m.c sub\\b.c sub\\deep\\c.c sub\\deep\\x[1].c" },
		{ "**\\*b*\\**\\?.c", "sub\\b.c sub\\deep\\c.c" },
		{ ".\\SUB\\*.C", ".\\SUB\\b.c" },
		{ "sub\\deep\\*", "sub\\deep\\c.c sub\\deep\\noending sub\\deep\\x[1].c" },
		{ "sub\\deep\\*.*", "sub\\deep\\c.c sub\\deep\\noending sub\\deep\\x[1].c" },
		{ "sub\\deep\\x[1]*", "sub\\deep\\x[1].c" },
		{ "sub\\**", "sub\\b.c sub\\deep\\c.c sub\\deep\\noending sub\\deep\\x[1].c" },
		{ "*.none", "" },
		{ "none.c;%2A.c", "none.c *.c" },
		{ "a.c;*.h;a.c", "a.c a.c" },
	};
	struct staged *f = *state;

	staged_put(f, "a.c", "");
	staged_put(f, ".hidden.c", "");
	staged_put(f, ".made/m.c", "");
	staged_put(f, "sub/b.c", "");
	staged_put(f, "sub/deep/c.c", "");
	staged_put(f, "sub/deep/x[1].c", "");
	staged_put(f, "sub/deep/noending", "");
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char *text = string_format(PROJECT("<ItemGroup><I Include='%s'/></ItemGroup>"),
					   table[i].include);

		assert_items(f, text, table[i].finds);
		free(text);
	}
}

static void lists_change(void **state)
{
	static const struct {
		const char *group, *items;
	} table[] = {
		{ "<I Include='a;b;c' Exclude='B'/>", "a c" },
		{ "<I Include='a;b;c'/><I Remove='.\\b'/><I Include='b'/>", "a c b" },
		{ "<J Include='x;y'/><I Include='@(J)'/>", "x y" },
		{ "<J Include='x;y'/><I Include=\"@(J->'%(Identity).o')\"/>", "x.o y.o" },
		{ "<J Include='s\\x.c;y.c'/><I Include=\"@(J->'%(RelativeDir)%(Filename).h')\"/>",
		  "s\\x.h y.h" },
		{ "<J Include='x;y'/><I Include=\"@(J, '+')\"/>", "x+y" },
		{ "<J Include='x;y;x'/><I Include='@(J->Distinct());@(J->Count())'/>", "x y 3" },
		{ "<J Include='x;y'/><I Include='@(J->Reverse())'/>", "y x" },
		{ "<J Include='x'><M>1</M></J><J Include='y'/><I Include=\"@(J->HasMetadata('M'))\"/>",
		  "x" },
		{ "<J Include='x;y'/><I Include=\"@(J->Replace('x', 'z'))\"/>", "z y" },
		{ "<J Include='xa;yb'/><I Include='@(J->Substring(1));@(J->Substring(0, 1))'/>",
		  "a b x y" },
		{ "<J Include='xa;y'/><I Include='@(J->get_Length())'/>", "2 1" },
		{ "<J Include='x;y'/><I Include='a;@(J);b' Exclude='@(J)'/>", "a b" },
		{ "<J Include='x'/><I Include='yes' Condition=\"'@(J)' == 'x'\"/>", "yes" },
		{ "<I Include='yes' Condition=\"'@(J)' == ''\"/>", "yes" },
		{ "<I Include=\"$([System.String]::Copy('a;b').Replace(';', '-'));c\"/>", "a-b c" },
		{ "<I Include=' a ; ;b '/>", "a b" },
	};
	struct staged *f = *state;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char *text = string_format(PROJECT("<ItemGroup>%s</ItemGroup>"), table[i].group);

		assert_items(f, text, table[i].items);
		free(text);
	}
}

/* A list that cannot be made is no empty one. */
static void mistakes_in_references(void **state)
{
	static const struct {
		const char *item, *error;
	} table[] = {
		{ "<I Include='@(J->Substring(9))'/>",
		  "@(J->Substring(9)): Substring: 9 is not within the 2 characters of 'xa'" },
		{ "<I Include='a' Condition=\"'@(J->PadLeft())' == ''\"/>",
		  "PadLeft takes 1 to 2 arguments, not 0" },
		{ "<I Include=\"@(J->'$(Configuration.Substring(9))')\"/>",
		  "9 is not within the 7 characters of 'Release'" },
		{ "<I Include='b;c@(J->Remove(9))'/>", "Remove: 9 is not within" },
	};
	struct staged *f = *state;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char *text = string_format(PROJECT("<ItemGroup><J Include='xa'/>%s</ItemGroup>"),
					   table[i].item);

		assert_false(evaluate(f, text));
		assert_non_null(strstr(f->error, table[i].error));
		assert_non_null(strstr(f->error, "p.vcxproj:1: "));
		free(text);
	}
}

/* An item taken from another list keeps what it has, and says more. */
static void metadata_goes_along(void **state)
{
	struct staged *f = *state;
	const struct item *item;

	staged_put(f, "s/t/x.c", "");
	assert_items(
		f,
		PROJECT("<ItemDefinitionGroup><I><D>def</D></I></ItemDefinitionGroup><ItemGroup><J Include='s\\**\\*.c'><M>1</M><D>own</D></J><I Include='@(J)'><N>%(M)%(Filename)</N></I><I Include='y' P='attribute'/><I Update='Y'><Q>%(P)!</Q></I></ItemGroup>"),
		"s\\t\\x.c y");
	item = &f->msbuild.items[1];
	assert_string_equal(item_get(item, "M"), "1");
	assert_string_equal(item_get(item, "N"), "1x");
	assert_string_equal(item_get(item, "D"), "own");
	assert_string_equal(item_get(&f->msbuild.items[0], "RecursiveDir"), "t\\");
	assert_string_equal(item_get(item, "Extension"), ".c");
	assert_string_equal(item_get(item, "RelativeDir"), "s\\t\\");
	item = &f->msbuild.items[2];
	assert_string_equal(item_get(item, "D"), "def");
	assert_string_equal(item_get(item, "Q"), "attribute!");
}

/* Definitions build on what stands before them; a condition may ask for it. */
static void definitions_inherit(void **state)
{
	struct staged *f = *state;
	const struct item *item;

	assert_items(
		f,
		PROJECT("<ItemDefinitionGroup><I><L>a</L></I></ItemDefinitionGroup><ItemDefinitionGroup Condition=\"'$(Configuration)'=='Release'\"><I><L>%(L);b</L><L Condition=\"'%(L)' == 'a;b'\">%(I.L);c</L></I></ItemDefinitionGroup><ItemGroup><I Include='x'><L>0;%(L)</L><L Condition=\"'%(Filename)' == 'y'\">no</L></I></ItemGroup>"),
		"x");
	item = &f->msbuild.items[0];
	assert_string_equal(item_get(item, "L"), "0;a;b;c");
}

static void imports_by_wildcard_and_function(void **state)
{
	struct staged *f = *state;

	staged_put(f, "p/one.props", PROJECT("<PropertyGroup><A>1$(A)</A></PropertyGroup>"));
	staged_put(
		f, "p/two.props",
		PROJECT("<PropertyGroup Condition=\"Exists('one.props')\"><B>2</B></PropertyGroup><ImportGroup Condition=\"Exists('three.targets')\"><Import Project='three.targets'/></ImportGroup>"));
	staged_put(f, "p/three.targets",
		   PROJECT("<PropertyGroup><C>$(MSBuildThisFile)</C></PropertyGroup>"));
	staged_put(f, "p/deep/x.txt", "");
	assert_true(evaluate(f, PROJECT("<Import Project='p\\*.props'/>")));
	assert_property(f, "A", "1");
	assert_property(f, "B", "2");
	assert_property(f, "C", "three.targets");
	assert_true(evaluate(
		f,
		PROJECT("<Import Project=\"$([MSBuild]::GetPathOfFileAbove('two.props', 'p\\deep'))\"/>")));
	assert_property(f, "B", "2");
	assert_true(evaluate(
		f,
		PROJECT("<Import Project=\"$([MSBuild]::GetDirectoryNameOfFileAbove($(MSBuildThisFileDirectory)p\\deep, two.props))\\two.props\"/>")));
	assert_property(f, "B", "2");
	assert_int_equal(f->msbuild.warnings.count, 0);
}

/* The second import of a file is left out, and said: MSB4011. */
static void a_file_is_imported_once(void **state)
{
	struct staged *f = *state;

	staged_put(f, "one.props", PROJECT("<PropertyGroup><A>1$(A)</A></PropertyGroup>"));
	assert_true(evaluate(
		f, PROJECT("<Import Project='one.props'/>\n<Import Project='ONE.props'/>")));
	assert_property(f, "A", "1");
	assert_int_equal(f->msbuild.warnings.count, 1);
	assert_non_null(strstr(f->msbuild.warnings.at[0], "p.vcxproj:2: the import '"));
	assert_non_null(strstr(f->msbuild.warnings.at[0], "was read before"));
}

/* Visual Studio reads it where its first property file is imported: after the project's globals. */
static void directory_props_come_with_the_default_props(void **state)
{
	struct staged *f = *state;

	staged_put(f, "Directory.Build.props",
		   PROJECT("<PropertyGroup><A>$(A)+dir</A></PropertyGroup>"));
	assert_true(evaluate(
		f,
		PROJECT("<PropertyGroup><A>globals</A></PropertyGroup><Import Project='$(VCTargetsPath)\\Microsoft.Cpp.Default.props'/><PropertyGroup><A>$(A)+own</A></PropertyGroup>")));
	assert_property(f, "A", "globals+dir+own");
	assert_true(evaluate(f, PROJECT("<PropertyGroup><A>$(A)+own</A></PropertyGroup>")));
	assert_property(f, "A", "+dir+own");
}

static void choices(void **state)
{
	struct staged *f = *state;

	assert_true(evaluate(
		f,
		PROJECT("<Choose><When Condition=\"'$(X)'=='1'\"><PropertyGroup><A>one</A></PropertyGroup></When><When Condition=\"'$(Configuration)'=='release'\"><PropertyGroup><A>two</A></PropertyGroup><Choose><When Condition='false'/><Otherwise><PropertyGroup><B>in</B></PropertyGroup></Otherwise></Choose></When><Otherwise><PropertyGroup><A>three</A></PropertyGroup></Otherwise></Choose>")));
	assert_property(f, "A", "two");
	assert_property(f, "B", "in");
}

/* A function that fails ends it with file, line and reason; one that is not known does not. */
static void functions_that_fail_are_named(void **state)
{
	struct staged *f = *state;

	assert_false(evaluate(f, PROJECT("\n<PropertyGroup><A>abc</A>\n<B>$(A.Substring(9))</B>"
					 "</PropertyGroup>")));
	assert_non_null(strstr(f->error, "p.vcxproj:3: $(A.Substring(9)): Substring: 9 is not"));
	assert_true(evaluate(
		f, PROJECT("<PropertyGroup>\n<B>[$([System.DateTime]::Now)]</B></PropertyGroup>")));
	assert_property(f, "B", "[]");
	assert_int_equal(f->msbuild.warnings.count, 1);
	assert_non_null(strstr(f->msbuild.warnings.at[0],
			       "p.vcxproj:2: $([System.DateTime]::Now) is not "));
}

static void conditions_of_items_know_no_metadata(void **state)
{
	struct staged *f = *state;

	assert_false(evaluate(
		f,
		PROJECT("<ItemGroup><I Include='a' Condition=\"'%(Filename)' == 'a'\"/></ItemGroup>")));
	assert_non_null(strstr(f->error, "%(...) has no meaning here"));
	assert_items(
		f,
		PROJECT("<ItemGroup><J Include='x.c'/><I Include='a' Condition=\"'@(J->'%(Filename)')' == 'x'\"/></ItemGroup>"),
		"a");
}

/* What the WDK's files set when they are imported, unless the project has. */
static void imports_of_the_kit_set_its_versions(void **state)
{
	struct staged *f = *state;

#define KIT(name) "<Import Project='$(VCTargetsPath)\\Microsoft.Cpp." name "props'/>"
	assert_true(evaluate(
		f,
		PROJECT("<PropertyGroup><A>[$(WindowsTargetPlatformVersion)]</A></PropertyGroup>" KIT(
			"Default.") "<PropertyGroup><TargetVersion>Windows8</TargetVersion></PropertyGroup>" KIT(""))));
	assert_property(f, "A", "[]");
	assert_property(f, "WindowsTargetPlatformVersion", "");
	properties_set(&f->msbuild.properties, "LatestTargetPlatformVersion", "10.0.1.0");
	macros_imported(&f->msbuild.properties, "Microsoft.Cpp.props");
	assert_property(f, "WindowsTargetPlatformVersion", "10.0.1.0");
	assert_property(f, "_NT_TARGET_VERSION", "0x602");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, staged_set_up, staged_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(wildcards),
		TEST(lists_change),
		TEST(mistakes_in_references),
		TEST(metadata_goes_along),
		TEST(definitions_inherit),
		TEST(imports_by_wildcard_and_function),
		TEST(a_file_is_imported_once),
		TEST(directory_props_come_with_the_default_props),
		TEST(choices),
		TEST(functions_that_fail_are_named),
		TEST(conditions_of_items_know_no_metadata),
		TEST(imports_of_the_kit_set_its_versions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
