/* SPDX-License-Identifier: MIT */
/* Projects as they are written, and what is to be compiled. */
#include "build/path.h"
#include "staged.h"
#include "test.h"

#define PROJECT  "<?xml version='1.0' encoding='utf-8'?><Project " XMLNS ">"
#define A_SOURCE "<ItemGroup><ClCompile Include='a.c'/></ItemGroup>"

/* One project with a.c beside it. */
static bool read_body(struct staged *b, const char *body)
{
	char *text = string_format(PROJECT "%s</Project>", body);

	staged_put(b, "p.vcxproj", text);
	staged_put(b, "a.c", "int a;\n");
	free(text);
	return staged_read(b, "p.vcxproj");
}

static const struct source *source(struct staged *b, const char *name)
{
	for (size_t i = 0; i < b->project.source_count; i++) {
		if (strcmp(path_name(b->project.sources[i].path), name) == 0)
			return &b->project.sources[i];
	}
	return NULL;
}

static void assert_names(struct staged *b, const char *expected)
{
	struct buffer names = { 0 };

	for (size_t i = 0; i < b->project.source_count; i++)
		buffer_add_format(&names, "%s%s", i ? " " : "",
				  path_name(b->project.sources[i].path));
	assert_string_equal(names.at ? names.at : "", expected);
	buffer_free(&names);
}

static void assert_says(struct staged *b, const char *text)
{
	assert_non_null(b->error);
	if (!strstr(b->error, text))
		fail_msg("'%s' is not in '%s'", text, b->error);
}

static void assert_defines(struct staged *b, const char *name, const char *define)
{
	const struct source *s = source(b, name);

	assert_non_null(s);
	if (!strings_has(&s->defines, define))
		fail_msg("%s is not defined for %s", define, name);
}

static void items_and_conditions(void **state)
{
	struct staged *b = *state;

	staged_put(b, "b.cpp", "");
	staged_put(b, "debug.c", "");
	staged_put(b, "sub/c.cc", "");
	staged_put(b, "sub/deep/d.CPP", "");
	staged_put(b, "x.txt", "");
	assert_true(read_body(
		b,
		"<ItemGroup><ClCompile Include='A.C;b.cpp'/><ClCompile Include='debug.c' Condition=\"'$(Configuration)'=='Debug'\"/><ClCompile Include='Sub\\**\\*.*'/><ClInclude Include='missing.h'/></ItemGroup><ItemGroup Condition=\"'$(Platform)'=='Win32'\"><ClCompile Include='no.c'/></ItemGroup>"));
	assert_names(b, "a.c b.cpp c.cc d.CPP");
	assert_int_equal(source(b, "a.c")->language, LANGUAGE_C);
	assert_int_equal(source(b, "d.CPP")->language, LANGUAGE_CXX);
	assert_string_equal(b->project.name, "p");

	properties_set_global(&b->globals, "Configuration", "Debug");
	assert_true(staged_read(b, "p.vcxproj"));
	assert_non_null(source(b, "debug.c"));
}

static void items_change(void **state)
{
	struct staged *b = *state;

	staged_put(b, "b.c", "");
	staged_put(b, "c.c", "");
	assert_true(read_body(
		b,
		"<ItemGroup><ClCompile Include='*.c' Exclude='C.c'/><ClCompile Update='b.c'><PreprocessorDefinitions>UPDATED</PreprocessorDefinitions></ClCompile><ClCompile Remove='A.c'/><ClCompile Include='c.c' PreprocessorDefinitions='ATTRIBUTE'/></ItemGroup>"));
	assert_names(b, "b.c c.c");
	assert_defines(b, "b.c", "UPDATED");
	assert_defines(b, "c.c", "ATTRIBUTE");
}

static void excluded(void **state)
{
	struct staged *b = *state;

	assert_true(read_body(
		b, A_SOURCE
		"<ItemGroup><ClCompile Include='gone.c'><ExcludedFromBuild Condition=\"'$(Configuration)|$(Platform)'=='Release|x64'\">true</ExcludedFromBuild></ClCompile></ItemGroup>"));
	assert_names(b, "a.c");
	properties_set_global(&b->globals, "Configuration", "Debug");
	assert_false(staged_read(b, "p.vcxproj"));
	assert_says(b, "p.vcxproj:1: the file 'gone.c' is not there");
}

static void definitions_and_settings(void **state)
{
	struct staged *b = *state;
	const struct source *s;

	staged_put(b, "inc/x.h", "");
	assert_true(read_body(
		b,
		"<PropertyGroup><UseDebugLibraries>false</UseDebugLibraries><WindowsTargetPlatformVersion>10.0.18362.0</WindowsTargetPlatformVersion></PropertyGroup><ItemDefinitionGroup><ClCompile><PreprocessorDefinitions>A=1;%(PreprocessorDefinitions)</PreprocessorDefinitions><PreprocessorDefinitions>B;%(PreprocessorDefinitions)</PreprocessorDefinitions><AdditionalIncludeDirectories>$(ProjectDir)INC;..\\gone;$(NONE)</AdditionalIncludeDirectories><ForcedIncludeFiles>f.h</ForcedIncludeFiles><UndefinePreprocessorDefinitions>U</UndefinePreprocessorDefinitions></ClCompile></ItemDefinitionGroup><ItemDefinitionGroup Condition=\"'$(Configuration)'=='Debug'\"><ClCompile><PreprocessorDefinitions>WRONG</PreprocessorDefinitions></ClCompile></ItemDefinitionGroup><ItemGroup><ClCompile Include='a.c'><PreprocessorDefinitions>TEXT=\\\"a b\\\";%(PreprocessorDefinitions);S=%3B</PreprocessorDefinitions><CompileAs>CompileAsCpp</CompileAs><LanguageStandard>stdcpp17</LanguageStandard><AdditionalOptions>/Zc:x- /D OPT=2 /DOPT3 /Wv:18 /FI g.h %(AdditionalOptions)</AdditionalOptions></ClCompile></ItemGroup>"));
	s = source(b, "a.c");
	for (size_t i = 0; i < 9; i++) {
		static const char *const defines[] = {
			"A=1",    "B",     "TEXT=\"a b\"",
			"S=;",    "OPT=2", "OPT3",
			"_WIN64", "AMD64", "NTDDI_VERSION=0x0A000007"
		};

		assert_defines(b, "a.c", defines[i]);
	}
	assert_false(strings_has(&s->defines, "WRONG"));
	assert_false(strings_has(&s->defines, "DBG=1"));
	assert_true(strings_has(&s->undefines, "U"));
	assert_int_equal(s->forced_includes.count, 2);
	assert_string_equal(s->forced_includes.at[1], "g.h");
	assert_int_equal(s->include_folders.count, 2);
	assert_string_equal(path_name(s->include_folders.at[0]), "inc");
	assert_int_equal(s->language, LANGUAGE_CXX);
	assert_string_equal(s->standard, "c++17");
	assert_true(s->optimize);
}

static void standards(void **state)
{
	static const struct {
		const char *settings, *standard;
	} table[] = {
		{ "", "c++14" },
		{ "<LanguageStandard>Default</LanguageStandard>", "c++14" },
		{ "<LanguageStandard>stdcpp20</LanguageStandard>", "c++20" },
		{ "<LanguageStandard>stdcpplatest</LanguageStandard>", "c++2b" },
		{ "<AdditionalOptions>/std:c++17 /W4</AdditionalOptions>", "c++17" },
		{ "<CompileAs>CompileAsC</CompileAs>", "gnu17" },
		{ "<CompileAs>CompileAsC</CompileAs><LanguageStandard_C>stdc11</LanguageStandard_C>",
		  "gnu11" },
	};
	struct staged *b = *state;

	staged_put(b, "b.cpp", "");
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char *body = string_format(
			"<ItemGroup><ClCompile Include='b.cpp'>%s</ClCompile></ItemGroup>",
			table[i].settings);

		assert_true(read_body(b, body));
		assert_string_equal(source(b, "b.cpp")->standard, table[i].standard);
		free(body);
	}
}

static void versions(void **state)
{
	struct staged *b = *state;

	assert_true(read_body(b, A_SOURCE));
	assert_int_equal(b->project.net.major, 0);
	assert_true(read_body(
		b,
		"<PropertyGroup><KMDF_VERSION_MAJOR>1</KMDF_VERSION_MAJOR><KMDF_VERSION_MINOR>27</KMDF_VERSION_MINOR><NETADAPTER_VERSION_MAJOR>2</NETADAPTER_VERSION_MAJOR><NETADAPTER_VERSION_MINOR>1</NETADAPTER_VERSION_MINOR><TargetName>mine</TargetName></PropertyGroup>" A_SOURCE));
	assert_int_equal(b->project.wdf.minor, 27);
	assert_int_equal(b->project.net.major, 2);
	assert_int_equal(b->project.net.minor, 1);
	assert_string_equal(b->project.name, "mine");
	assert_false(read_body(
		b,
		"<PropertyGroup><KMDF_VERSION_MAJOR>one</KMDF_VERSION_MAJOR></PropertyGroup>" A_SOURCE));
	assert_says(b, "are numbers");
}

static void imports(void **state)
{
	struct staged *b = *state;

	staged_put(
		b, "props/one.props",
		PROJECT
		"<PropertyGroup><One>1</One><Here>$(MSBuildThisFileName)</Here></PropertyGroup><Import Project='Two.props'/></Project>");
	staged_put(
		b, "props/two.props",
		PROJECT
		"<ItemDefinitionGroup><ClCompile><PreprocessorDefinitions>ONE=$(One);FILE=$(MSBuildThisFile);LATE=$(Late)</PreprocessorDefinitions></ClCompile></ItemDefinitionGroup></Project>");
	staged_put(b, "Directory.Build.props",
		   PROJECT "<PropertyGroup><Above>yes</Above></PropertyGroup></Project>");
	assert_true(read_body(
		b,
		"<Import Project='$(VCTargetsPath)\\Microsoft.Cpp.Default.props'/><ImportGroup Label='PropertySheets'><Import Project='$(UserRootDir)\\x.props' Condition=\"exists('$(UserRootDir)\\x.props')\"/><Import Project='PROPS\\one.props' Condition=\"'$(Above)'=='yes'\"/><Import Project='not-there.props'/></ImportGroup><PropertyGroup><Late>3</Late></PropertyGroup><ItemGroup><ClCompile Include='a.c'><PreprocessorDefinitions>%(PreprocessorDefinitions);WHERE=$(MSBuildThisFileName);FROM=$(Here)</PreprocessorDefinitions></ClCompile></ItemGroup>"));
	assert_defines(b, "a.c", "ONE=1");
	assert_defines(b, "a.c", "FILE=two.props");
	assert_defines(b, "a.c", "LATE=3");
	assert_defines(b, "a.c", "WHERE=p");
	assert_defines(b, "a.c", "FROM=one");
	assert_int_equal(b->project.warnings.count, 1);
	assert_non_null(strstr(b->project.warnings.at[0], "'not-there.props' is not there"));
}

static void choose(void **state)
{
	struct staged *b = *state;

	staged_put(b, "b.c", "");
	assert_true(read_body(
		b,
		"<Choose><When Condition=\"'$(Configuration)'=='Debug'\"><ItemGroup><ClCompile Include='a.c'/></ItemGroup></When><Otherwise><ItemGroup><ClCompile Include='b.c'/></ItemGroup></Otherwise></Choose>"));
	assert_names(b, "b.c");
}

/* A static library that the driver is linked with is compiled into it, with its own settings. */
static void references(void **state)
{
	struct staged *b = *state;

	staged_put(b, "lib/l.cpp", "");
	staged_put(
		b, "lib/lib.vcxproj",
		PROJECT
		"<PropertyGroup><ConfigurationType>StaticLibrary</ConfigurationType></PropertyGroup><ItemGroup><ClCompile Include='l.cpp'><PreprocessorDefinitions>LIB</PreprocessorDefinitions></ClCompile></ItemGroup></Project>");
	staged_put(
		b, "tool/tool.vcxproj",
		PROJECT
		"<PropertyGroup><ConfigurationType>Application</ConfigurationType></PropertyGroup><ItemGroup><ClCompile Include='no.cpp'/></ItemGroup></Project>");
	assert_true(read_body(
		b, A_SOURCE
		"<ItemGroup><ProjectReference Include='lib\\lib.vcxproj'/><ProjectReference Include='tool\\tool.vcxproj'/></ItemGroup>"));
	assert_names(b, "a.c l.cpp");
	assert_defines(b, "l.cpp", "LIB");
	assert_string_equal(b->project.name, "p");
	assert_false(read_body(
		b, A_SOURCE "<ItemGroup><ProjectReference Include='gone.vcxproj'/></ItemGroup>"));
	assert_says(b, "the project 'gone.vcxproj' is not there");
}

static void infs(void **state)
{
	struct staged *b = *state;

	staged_put(b, "Driver.inx", "");
	assert_true(read_body(b, A_SOURCE "<ItemGroup><Inf Include='driver.INX'/></ItemGroup>"));
	assert_string_equal(path_name(b->project.inf), "Driver.inx");
	assert_true(read_body(b, A_SOURCE));
	assert_null(b->project.inf);
}

static void configurations(void **state)
{
	struct staged *b = *state;

	assert_false(read_body(
		b, A_SOURCE
		"<ItemGroup><ProjectConfiguration Include='Debug|x64'/><ProjectConfiguration Include='Release|ARM64'/></ItemGroup>"));
	assert_says(b, "no configuration Release|x64; it has Debug|x64, Release|ARM64");
	properties_set_global(&b->globals, "Platform", "arm64");
	assert_true(staged_read(b, "p.vcxproj"));
	/* The platform selects; the processor is the one that the code is for. */
#if defined(__aarch64__)
	assert_defines(b, "a.c", "_ARM64_");
#else
	assert_defines(b, "a.c", "_AMD64_");
#endif
}

/* Nothing is asked for: the nearest, of referred projects, too. */
static void other_configurations(void **state)
{
	struct staged *b = *state;

	properties_free(&b->globals);
	b->globals = (struct properties){ 0 };
	staged_put(b, "lib/b.c", "");
	staged_put(
		b, "lib/lib.vcxproj",
		PROJECT
		"<PropertyGroup><ConfigurationType>StaticLibrary</ConfigurationType></PropertyGroup><ItemGroup><ProjectConfiguration Include='Ship|x64'/><ClCompile Include='b.c'><PreprocessorDefinitions>LIB=$(Configuration)</PreprocessorDefinitions></ClCompile></ItemGroup></Project>");
	assert_true(read_body(
		b,
		"<ItemGroup><ProjectConfiguration Include='Debug|ARM64'/><ProjectConfiguration Include='Free Release|ARM64'/><ClCompile Include='a.c'><PreprocessorDefinitions>MINE=$(Configuration)-$(Platform)</PreprocessorDefinitions></ClCompile><ProjectReference Include='lib\\lib.vcxproj'/></ItemGroup>"));
	assert_defines(b, "a.c", "MINE=Free Release-ARM64");
	assert_defines(b, "b.c", "LIB=Ship");
	assert_int_equal(b->project.warnings.count, 2);
	properties_set_global(&b->globals, "Configuration", "Debug");
	assert_false(staged_read(b, "p.vcxproj"));
	assert_says(b, "lib.vcxproj: no configuration Debug|x64; it has Ship|x64");
}

static void bad_projects(void **state)
{
	static const struct {
		const char *text, *says;
	} table[] = {
		{ "no xml", "p.vcxproj:1: not XML" },
		{ "", "p.vcxproj" },
		{ PROJECT "<ItemGroup></Project>", "not XML" },
		{ PROJECT "\n<ItemGroup>", "p.vcxproj:2: not XML" },
		{ "<html/>", "<Project> is expected, not <html>" },
		{ PROJECT "</Project>", "no <ClCompile> file to compile in Release|x64" },
		{ PROJECT "<ItemGroup><ClCompile Include='x.c'/></ItemGroup></Project>",
		  "p.vcxproj:1: the file 'x.c' is not there" },
		{ PROJECT "\n\n<PropertyGroup Condition=\"'a' = 'b'\"/></Project>",
		  "p.vcxproj:3: Condition=\"'a' = 'b'\": not understood" },
		{ PROJECT "<Import/></Project>", "<Import> without a Project" },
		{ PROJECT "<PropertyGroups/></Project>",
		  "<PropertyGroups> is no element of <Project>" },
		{ PROJECT "<Choose><Wen Condition='true'/></Choose></Project>",
		  "<Wen> is no element of <Choose>" },
		{ PROJECT "<Import Project='p.vcxproj'/></Project>", "leads back to itself" },
		{ PROJECT "<PropertyGroup><TargetName>a/b</TargetName></PropertyGroup>" A_SOURCE
			  "</Project>",
		  "TargetName 'a/b' is not a file's name" },
		{ "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" PROJECT "</Project>",
		  "p.vcxproj" },
	};
	struct staged *b = *state;

	staged_put(b, "a.c", "");
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		staged_put(b, "p.vcxproj", table[i].text);
		assert_false(staged_read(b, "p.vcxproj"));
		assert_says(b, table[i].says);
		assert_null(strchr(b->error, '\n'));
	}
}

static void references_in_a_circle_end(void **state)
{
	struct staged *b = *state;

	staged_put(
		b, "l.vcxproj",
		PROJECT
		"<PropertyGroup><ConfigurationType>StaticLibrary</ConfigurationType></PropertyGroup><ItemGroup><ProjectReference Include='l.vcxproj'/></ItemGroup></Project>");
	assert_false(read_body(b, A_SOURCE
			       "<ItemGroup><ProjectReference Include='l.vcxproj'/></ItemGroup>"));
	assert_says(b, "in a circle");
}

static void paths(void **state)
{
	struct staged *b = *state;

	assert_false(staged_read(b, "gone"));
	assert_says(b, "no such file or folder");
	assert_false(staged_read(b, ""));
	assert_says(b, "no .vcxproj in it and no .c or .cpp file");
	staged_put(b, "b.cpp", "");
	staged_put(b, "a.c", "");
	staged_put(b, "n.txt", "");
	staged_put(b, "d.inx", "");
	assert_true(staged_read(b, ""));
	assert_names(b, "a.c b.cpp");
	assert_string_equal(path_name(b->project.inf), "d.inx");
	assert_false(staged_read(b, "n.txt"));
	assert_says(b, "a .vcxproj or a folder is expected");
	assert_false(staged_read(b, "a.c"));
	assert_says(b, "one source");
	staged_put(b, "one.vcxproj", PROJECT A_SOURCE "</Project>");
	assert_true(staged_read(b, ""));
	assert_string_equal(b->project.name, "one");
	staged_put(b, "two.vcxproj", PROJECT A_SOURCE "</Project>");
	assert_false(staged_read(b, ""));
	assert_says(b, "more than one project: one.vcxproj and two.vcxproj");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, staged_set_up, staged_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(items_and_conditions),
		TEST(items_change),
		TEST(excluded),
		TEST(definitions_and_settings),
		TEST(standards),
		TEST(versions),
		TEST(imports),
		TEST(choose),
		TEST(references),
		TEST(infs),
		TEST(configurations),
		TEST(other_configurations),
		TEST(bad_projects),
		TEST(references_in_a_circle_end),
		TEST(paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
