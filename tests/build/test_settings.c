/* SPDX-License-Identifier: MIT */
/* How a source is compiled: cl's options and the elements of <ClCompile>, in clang's words. */
#include "build/cl.h"
#include "build/net_version.h"
#include "build/path.h"
#include "staged.h"
#include "test.h"

static void put_project(struct staged *f, const char *name, const char *properties,
			const char *items)
{
	char *text = string_format(
		"<Project " XMLNS
		"><PropertyGroup>%s</PropertyGroup><ItemGroup>%s</ItemGroup></Project>",
		properties, items);

	staged_put(f, name, text);
	free(text);
}

/* One source of that name with these settings. */
static const struct source *read_source(struct staged *f, const char *name, const char *settings)
{
	char *items = string_format("<ClCompile Include='%s'>%s</ClCompile>", name, settings);

	staged_put(f, name, "");
	put_project(f, "p.vcxproj", "", items);
	free(items);
	if (!staged_read(f, "p.vcxproj"))
		fail_msg("%s: %s", settings, f->error);
	return &f->project.sources[0];
}

static char *in_a_row(const struct strings *list, size_t first)
{
	struct buffer text = { 0 };

	for (size_t i = first; i < list->count; i++)
		buffer_add_format(&text, "%s%s", i > first ? "|" : "", list->at[i]);
	return buffer_take(&text);
}

static void assert_list(const struct strings *list, size_t first, const char *expected)
{
	char *text = in_a_row(list, first);

	assert_string_equal(text, expected);
	free(text);
}

/* A list as a folder of the project is called in it. */
static void assert_folders(struct staged *f, const struct strings *list, const char *expected)
{
	struct buffer text = { 0 };

	for (size_t i = 0; i < list->count; i++) {
		assert_int_equal(strncmp(list->at[i], f->folder, strlen(f->folder)), 0);
		buffer_add_format(&text, "%s%s", i ? "|" : "", list->at[i] + strlen(f->folder) + 1);
	}
	assert_string_equal(text.at ? text.at : "", expected);
	buffer_free(&text);
}

#define SYSTEM_DEFINES 7 /* that the WDK's build passes before the project's own */

/* Words, quotes and backslashes as Microsoft's C runtime takes a command line apart. */
static void command_lines_are_split_as_cl_does(void **state)
{
	static const struct {
		const char *text, *words;
	} table[] = {
		{ "", "" },
		{ " /a\t/b\r\n/c ", "/a|/b|/c" },
		{ "\"/I a b\" c", "/I a b|c" },
		{ "/I\"a b\"\\c", "/Ia b\\c" },
		{ "/DA=\\\"x\\\"", "/DA=\"x\"" },
		{ "\"/DA=\\\"x y\\\"\"", "/DA=\"x y\"" },
		{ "a\\\\b c\\\\\\\"d", "a\\\\b|c\\\"d" },
		{ "\"a\\\\\" b", "a\\|b" },
		{ "\"a\"\"b\" c", "a\"b|c" },
		{ "\"\" x", "|x" },
		{ "\"open end", "open end" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct strings words = { 0 };

		cl_split(&words, table[i].text);
		assert_list(&words, 0, table[i].words);
		strings_free(&words);
	}
}

/* What decides how a file is compiled has clang's words. */
static void options_become_flags(void **state)
{
	static const struct {
		const char *options, *flags;
	} table[] = {
		{ "/J", "-funsigned-char|-D_CHAR_UNSIGNED" },
		{ "-fp:fast", "-ffast-math" },
		{ "/fp:strict /fp:except", "-ffp-model=strict|-ffp-exception-behavior=strict" },
		{ "/Zc:wchar_t-", "-Xclang|-fno-wchar|-Dwchar_t=unsigned short" },
		{ "/Zc:wchar_t /Zc:inline /Zc:forScope /Zc:rvalueCast-", "" },
		{ "/Zc:char8_t- /Zc:sizedDealloc-", "-fno-char8_t|-fno-sized-deallocation" },
		{ "/Zc:twoPhase- /Zc:trigraphs", "-fdelayed-template-parsing|-ftrigraphs" },
		{ "/Ob0", "-fno-inline" },
		/* Of several the last one counts. */
		{ "/fp:fast /fp:except /fp:precise /fp:except-", "-ffp-model=precise" },
		{ "/Zc:wchar_t- /Zc:alignedNew- /Zc:wchar_t /Zc:alignedNew", "" },
		{ "/Ob0 /Ob2", "" },
		{ "/Zc:twoPhase- /Zc:twoPhase",
		  "-fdelayed-template-parsing|-fno-delayed-template-parsing" },
#if defined(__x86_64__)
		{ "/arch:AVX2", "-march=x86-64-v3" },
		{ "/arch:AVX2 /arch:AVX", "-mavx" },
		{ "/arch:AVX512 /arch:SSE2", "" },
#endif
	};
	struct staged *f = *state;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char *settings = string_format("<AdditionalOptions>%s</AdditionalOptions>",
					       table[i].options);

		assert_list(&read_source(f, "a.cpp", settings)->flags, 0, table[i].flags);
		assert_int_equal(f->project.warnings.count, 0);
		free(settings);
	}
	/* wchar_t is no word of C's. */
	assert_int_equal(
		read_source(f, "a.c", "<AdditionalOptions>/Zc:wchar_t-</AdditionalOptions>")
			->flags.count,
		0);
	assert_list(
		&read_source(f, "a.c", "<AdditionalOptions>/Zc:wchar_t- /TP</AdditionalOptions>")
			 ->flags,
		0, "-Xclang|-fno-wchar|-Dwchar_t=unsigned short");
	/* An option counts more than the element. */
	read_source(
		f, "a.cpp",
		"<FloatingPointModel>Fast</FloatingPointModel><AdditionalOptions>/fp:strict</AdditionalOptions>");
	assert_list(&f->project.sources[0].flags, 0, "-ffp-model=strict");
}

static void macros_come_from_everywhere(void **state)
{
	static const struct {
		const char *settings, *defines, *undefines;
	} table[] = {
		{ "<AdditionalOptions>/DA /D B=1 -DC#2 /DD#3=4 \"/DE=a b\" /DF(x)=x</AdditionalOptions>",
		  "A|B=1|C=2|D=3=4|E=a b|F(x)=x", "" },
		{ "<PreprocessorDefinitions>A=\\\"x\\\";B=\"y z\";C=%3B</PreprocessorDefinitions>",
		  "A=\"x\"|B=y z|C=;", "" },
		{ "<PreprocessorDefinitions>A=1;B</PreprocessorDefinitions><UndefinePreprocessorDefinitions>A</UndefinePreprocessorDefinitions>",
		  "B", "A" },
		{ "<UndefinePreprocessorDefinitions>A;B</UndefinePreprocessorDefinitions><AdditionalOptions>/DA=2 /U C</AdditionalOptions>",
		  "A=2", "B|C" },
		{ "<RuntimeLibrary>MultiThreadedDebugDLL</RuntimeLibrary>", "_MT|_DLL|_DEBUG", "" },
		{ "<AdditionalOptions>/MT</AdditionalOptions>", "_MT", "" },
		{ "<RuntimeLibrary>MultiThreadedDebugDLL</RuntimeLibrary><AdditionalOptions>/MT</AdditionalOptions>",
		  "_MT", "" },
		{ "<PreprocessorDefinitions>_DEBUG=2</PreprocessorDefinitions><AdditionalOptions>/MDd /U_DLL</AdditionalOptions>",
		  "_DEBUG=2|_MT", "_DLL" },
	};
	struct staged *f = *state;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const struct source *s = read_source(f, "a.c", table[i].settings);

		assert_list(&s->defines, SYSTEM_DEFINES, table[i].defines);
		assert_list(&s->undefines, 0, table[i].undefines);
	}
}

static void languages(void **state)
{
	static const struct {
		const char *file, *settings, *standard;
	} table[] = {
		{ "a.c", "/std:c++20 /std:c11", "gnu11" },
		{ "a.cpp", "/std:c11 /std:c++17", "c++17" },
		{ "a.c", "/TP /std:c++20", "c++20" },
		{ "a.c", "/std:c++20 /TP", "c++20" },
		{ "a.cpp", "/std:c++20 /std:c11 /TC", "gnu11" },
		{ "a.cpp", "/TC", "gnu17" },
		{ "a.cpp", "/std:c++23preview", "c++2b" },
		{ "a.cpp", "/std:c++98", "c++14" },
	};
	struct staged *f = *state;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char *settings = string_format("<AdditionalOptions>%s</AdditionalOptions>",
					       table[i].settings);
		const struct source *s = read_source(f, table[i].file, settings);

		assert_string_equal(s->standard, table[i].standard);
		assert_int_equal(s->language, strchr(s->standard, '+') ? LANGUAGE_CXX : LANGUAGE_C);
		free(settings);
	}
	assert_int_equal(f->project.warnings.count, 1);
	assert_non_null(
		strstr(f->project.warnings.at[0], "/std:c++98 is no language that is known"));
}

static void layout_and_speed(void **state)
{
	struct staged *f = *state;

	assert_int_equal(read_source(f, "a.c", "")->pack, 0);
	assert_int_equal(
		read_source(f, "a.c", "<StructMemberAlignment>2Bytes</StructMemberAlignment>")
			->pack,
		2);
	assert_int_equal(read_source(f, "a.c", "<AdditionalOptions>/Zp</AdditionalOptions>")->pack,
			 1);
	assert_int_equal(read_source(f, "a.c", "<AdditionalOptions>/Zp3</AdditionalOptions>")->pack,
			 0);
	assert_non_null(strstr(f->project.warnings.at[0], "/Zp3 is left out; 1, 2, 4, 8 and 16"));
	assert_true(read_source(f, "a.c", "")->optimize);
	assert_false(read_source(f, "a.c", "<Optimization>Disabled</Optimization>")->optimize);
	assert_true(
		read_source(
			f, "a.c",
			"<Optimization>Disabled</Optimization><AdditionalOptions>/O2</AdditionalOptions>")
			->optimize);
	assert_true(read_source(f, "a.c", "<AdditionalOptions>/X</AdditionalOptions>")
			    ->no_standard_includes);
}

/* Those that only MSVC's own tools heed, and those that decide nothing: no word. */
static void harmless_options_pass(void **state)
{
	struct staged *f = *state;
	const struct source *s = read_source(
		f, "a.cpp",
		"<AdditionalOptions>/kernel /nologo /W4 /w14265 /WX- /wd4201 /wd 4996 /we4013 /wo4100 /Wv:18 /GS /GS- /Gs /guard:cf /Gy /Gm- /GF /GL /Gz /Gd /Gr /GR- /EHs-c- /Oi /Oy- /Zi /Z7 /Zl /FS /FC /Fdx.pdb /Fpx.pch /Yuprecomp.h /Ycprecomp.h /Y- /MP /MP4 /Qspectre /permissive- /utf-8 /source-charset:utf-8 /volatile:ms /vmg /bigobj /sdl /RTC1 /analyze- /errorReport:none /Zc:__cplusplus /Zc:preprocessor /external:W0 /external:anglebrackets /diagnostics:caret /d1nodatetime /d2Zi+ -cbstring /hotpatch /experimental:deterministic /Brepro /showIncludes /openmp- /link /whatever x.lib</AdditionalOptions><WarningLevel>Level4</WarningLevel><ExceptionHandling>\n  </ExceptionHandling><PrecompiledHeader>Use</PrecompiledHeader><CallingConvention>StdCall</CallingConvention><CompileAs>Default</CompileAs><RuntimeTypeInfo>false</RuntimeTypeInfo><WppEnabled>true</WppEnabled>");

	for (size_t i = 0; i < f->project.warnings.count; i++)
		print_error("%s\n", f->project.warnings.at[i]);
	assert_int_equal(f->project.warnings.count, 0);
	assert_int_equal(s->flags.count, 0);
	assert_int_equal(s->defines.count, SYSTEM_DEFINES);
}

/* What cannot be done, and what is not known, is named; the rest is compiled. */
static void other_options_are_named(void **state)
{
	static const struct {
		const char *settings, *says;
	} table[] = {
		{ "<AdditionalOptions>/frobnicate</AdditionalOptions>",
		  "p.vcxproj: AdditionalOptions: /frobnicate is no option of cl that is known" },
		{ "<AdditionalOptions>/Zc:frobnicate</AdditionalOptions>",
		  "/Zc:frobnicate is no option" },
		{ "<AdditionalOptions>/zp1</AdditionalOptions>", "/zp1 is no option" },
		{ "<AdditionalOptions>/W5</AdditionalOptions>", "/W5 is no option" },
		{ "<AdditionalOptions>b.c</AdditionalOptions>", "'b.c' is no option" },
		{ "<AdditionalOptions>/Tc b.c</AdditionalOptions>", "/Tcb.c: a file is listed as" },
		{ "<AdditionalOptions>/D</AdditionalOptions>",
		  "/D: something is expected behind it" },
		{ "<AdditionalOptions>/D=1</AdditionalOptions>", "'=1' has no name" },
		{ "<AdditionalOptions>/EHsc</AdditionalOptions>",
		  "/EHsc: the kernel has no C++ exc" },
		{ "<ExceptionHandling>Async</ExceptionHandling>",
		  "ExceptionHandling: /EHa: the ker" },
		{ "<RuntimeTypeInfo>true</RuntimeTypeInfo>", "no run-time type information" },
		{ "<AdditionalOptions>/clr:pure</AdditionalOptions>", "/clr:pure: managed code" },
		{ "<AdditionalOptions>/openmp:llvm</AdditionalOptions>", "OpenMP needs a library" },
		{ "<AdditionalOptions>/source-charset:.1252</AdditionalOptions>", "UTF-8 only" },
		{ "<AdditionalOptions>/arch:armv8.2</AdditionalOptions>", "another processor" },
		{ "<AdditionalOptions>/Gv</AdditionalOptions>", "usual convention" },
		{ "<AdditionalOptions>/Gh</AdditionalOptions>", "each function's start and end" },
		{ "<AdditionalOptions>/P</AdditionalOptions>", "no object would come of it" },
		{ "<PreprocessToFile>true</PreprocessToFile>", "no object would come of it" },
		{ "<AdditionalOptions>/interface</AdditionalOptions>", "C++ modules" },
		{ "<AdditionalOptions>/fsanitize=address</AdditionalOptions>",
		  "--sanitize address" },
		{ "<StructMemberAlignment>3Bytes</StructMemberAlignment>",
		  "<StructMemberAlignment> '3Bytes' is left out; known are Default, 1Byte, 2Bytes" },
	};
	struct staged *f = *state;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		read_source(f, "a.cpp", table[i].settings);
		if (f->project.warnings.count != 1 ||
		    !strstr(f->project.warnings.at[0], table[i].says))
			fail_msg("'%s' is not in '%s'", table[i].says,
				 f->project.warnings.count ? f->project.warnings.at[0] : "");
	}
}

static void a_response_file_is_more_options(void **state)
{
	static char large[1024 * 1024 + 1];
	struct staged *f = *state;
	char *path;

	staged_put(f, "more.rsp", "\xEF\xBB\xBF/DA=1\r\n\"/DB=x y\" /FI forced.h\r\n");
	assert_list(&read_source(f, "a.c", "<AdditionalOptions>@more.rsp /DC</AdditionalOptions>")
			     ->defines,
		    SYSTEM_DEFINES, "A=1|B=x y|C");
	assert_list(&f->project.sources[0].forced_includes, 0, "forced.h");
	staged_put(f, "more.rsp", "@more.rsp");
	assert_false(staged_read(f, "p.vcxproj"));
	assert_non_null(strstr(f->error, "response file 'more.rsp' is named in another one"));
	path = string_format("%s/more.rsp", f->folder);
	file_put(path, u"\xFEFF/DA", 4 * sizeof(u' '));
	assert_false(staged_read(f, "p.vcxproj"));
	assert_non_null(strstr(f->error, "response file 'more.rsp' is not in UTF-8"));
	/* Options behind the end of what is read would be lost. */
	memset(large, ' ', sizeof(large));
	file_put(path, large, sizeof(large));
	assert_false(staged_read(f, "p.vcxproj"));
	assert_non_null(strstr(f->error, "response file 'more.rsp' is longer than 1 MB"));
	free(path);
	put_project(
		f, "p.vcxproj", "",
		"<ClCompile Include='a.c'><AdditionalOptions>@none</AdditionalOptions></ClCompile>");
	assert_false(staged_read(f, "p.vcxproj"));
	assert_non_null(
		strstr(f->error, "p.vcxproj:1: AdditionalOptions: the response file 'none'"));
}

/* Own folders, then what others make public, then the search path; the kit's place is in it. */
static void folders_are_searched_in_order(void **state)
{
	struct staged *f = *state;
	const struct source *s;

	for (size_t i = 0; i < 9; i++) {
		static const char *const folders[] = { "own",     "opt",    "ext",
						       "before",  "after",  "pub",
						       "headers", "shared", "e2" };
		char *name = string_format("%s/x.h", folders[i]);

		staged_put(f, name, "");
		free(name);
	}
	staged_put(f, "a.c", "");
	put_project(
		f, "lib.vcxproj",
		"<ConfigurationType>Application</ConfigurationType><PublicIncludeDirectories>shared;gone</PublicIncludeDirectories><AllProjectIncludesArePublic>true</AllProjectIncludesArePublic>",
		"<ClInclude Include='headers\\x.h'/>");
	put_project(
		f, "p.vcxproj",
		"<IncludePath>before;$(IncludePath);after</IncludePath><ExternalIncludePath>e2;$(ExternalIncludePath)</ExternalIncludePath><PublicIncludeDirectories>pub</PublicIncludeDirectories>",
		"<ClCompile Include='a.c'><AdditionalIncludeDirectories>OWN</AdditionalIncludeDirectories><AdditionalOptions>/Iopt /external:I ext</AdditionalOptions></ClCompile><ProjectReference Include='lib.vcxproj'/>");
	assert_true(staged_read(f, "p.vcxproj"));
	s = &f->project.sources[0];
	assert_folders(f, &s->include_folders, "own|opt|ext|shared|headers|pub|before|e2");
	assert_folders(f, &s->late_folders, "after");
}

/* cl writes one object twice, and the linker takes it once (LNK4042): the last settings stay. */
static void a_file_listed_twice_is_compiled_once(void **state)
{
	struct staged *f = *state;

	staged_put(f, "a.c", "");
	staged_put(f, "sub/a.c", "");
	put_project(
		f, "p.vcxproj", "",
		"<ClCompile Include='a.c'><PreprocessorDefinitions>FIRST</PreprocessorDefinitions></ClCompile><ClCompile Include='sub\\a.c'/>\n<ClCompile Include='.\\A.C'><PreprocessorDefinitions>LAST</PreprocessorDefinitions></ClCompile><ClCompile Include='sub\\..\\a.c'><ExcludedFromBuild>true</ExcludedFromBuild></ClCompile>");
	assert_true(staged_read(f, "p.vcxproj"));
	assert_int_equal(f->project.source_count, 2);
	assert_true(strings_has(&f->project.sources[0].defines, "LAST"));
	assert_false(strings_has(&f->project.sources[0].defines, "FIRST"));
	assert_int_equal(f->project.warnings.count, 1);
	assert_non_null(strstr(f->project.warnings.at[0],
			       "p.vcxproj:2: '.\\A.C' is listed more than once and compiled once"));
	/* For two objects it is two sources. */
	put_project(
		f, "p.vcxproj", "",
		"<ClCompile Include='a.c'><ObjectFileName>$(IntDir)one.obj</ObjectFileName></ClCompile><ClCompile Include='a.c'><AdditionalOptions>/Fotwo</AdditionalOptions></ClCompile><ClCompile Include='a.c'/>");
	assert_true(staged_read(f, "p.vcxproj"));
	assert_int_equal(f->project.source_count, 3);
	assert_int_equal(f->project.warnings.count, 0);
}

/* A library that two others refer to is there once. */
static void a_library_is_compiled_once(void **state)
{
	static const char library[] = "<ConfigurationType>StaticLibrary</ConfigurationType>";
	struct staged *f = *state;

	for (size_t i = 0; i < 4; i++)
		staged_put(f, (const char *[]){ "a.c", "b.c", "c.c", "d.c" }[i], "");
	put_project(f, "d.vcxproj", library, "<ClCompile Include='d.c'/>");
	put_project(f, "b.vcxproj", library,
		    "<ClCompile Include='b.c'/><ProjectReference Include='d.vcxproj'/>");
	put_project(f, "c.vcxproj", library,
		    "<ClCompile Include='c.c'/><ProjectReference Include='D.vcxproj'/>");
	put_project(
		f, "p.vcxproj", "",
		"<ClCompile Include='a.c'/><ProjectReference Include='b.vcxproj'/><ProjectReference Include='c.vcxproj'/>");
	assert_true(staged_read(f, "p.vcxproj"));
	assert_int_equal(f->project.source_count, 4);
	/* A file that the driver has itself is the driver's. */
	put_project(
		f, "d.vcxproj", library,
		"<ClCompile Include='a.c'><PreprocessorDefinitions>LIBRARY</PreprocessorDefinitions></ClCompile><ClCompile Include='d.c'/>");
	assert_true(staged_read(f, "p.vcxproj"));
	assert_int_equal(f->project.source_count, 4);
	assert_int_equal(f->project.warnings.count, 0);
	assert_false(strings_has(&f->project.sources[0].defines, "LIBRARY"));
}

/* What a project may ask of the Visual Studio that is played. */
static void macros_of_visual_studio(void **state)
{
	static const char *const conditions[] = {
		"'$(OS)' == 'Windows_NT'",
		"'$(VisualStudioVersion)' >= '15.0'",
		"'$(MSBuildToolsVersion)' > '14.0'",
		"'$(MSBuildVersion)' >= '17.0'",
		"'$(LatestTargetPlatformVersion)' >= '10.0.17763.0'",
		"$(ProjectDir.EndsWith('\\')) and HasTrailingSlash('$(ProjectDir)')",
		"'$(MSBuildProjectDirectory)\\' == '$(MSBuildThisFileDirectory)'",
		"'$(MSBuildProjectDirectory)\\p.vcxproj' == '$(MSBuildProjectFullPath)'",
		"'$(ProjectPath)' == '$([System.IO.Path]::GetFullPath('p.vcxproj'))'",
		"'$(ProjectDir)$(ProjectName)$(ProjectExt)' == '$(ProjectPath)'",
		"Exists('$(ProjectPath)') and Exists('$(ProjectDir.Replace('\\', '/'))a.c')",
		"'$(MSBuildThisFile)' == 'p.vcxproj' and '$(MSBuildThisFileExtension)' == '.vcxproj'",
		"'$(IntDir)' == 'x64\\Release\\' and '$(TargetExt)' == '.sys'",
		"'$(PlatformShortName)$(PlatformArchitecture)' == 'x6464'",
		"'$(VCTargetsPath)' == ''",
	};
	struct staged *f = *state;

	staged_put(f, "a.c", "");
	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++) {
		char *items =
			string_format("<ClCompile Include='a.c' Condition=\"%s\"/>", conditions[i]);
		struct buffer escaped = { 0 };

		for (const char *c = items; *c; c++) {
			if (*c == '>' && c[1] == '=')
				buffer_add(&escaped, "&gt;");
			else
				buffer_add_n(&escaped, c, 1);
		}
		put_project(f, "p.vcxproj", "", escaped.at);
		if (!staged_read(f, "p.vcxproj"))
			fail_msg("%s: %s", conditions[i], f->error);
		buffer_free(&escaped);
		free(items);
	}
}

static void versions_of_netadaptercx(void **state)
{
	struct version none = { 9, 9 };
	char *list = net_version_list();

	assert_null(net_version_find(&none));
	assert_ptr_equal(net_version_find(&net_version_newest()->version), net_version_newest());
	assert_non_null(strstr(list, "1.3"));
	free(list);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, staged_set_up, staged_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(command_lines_are_split_as_cl_does),
		TEST(options_become_flags),
		TEST(macros_come_from_everywhere),
		TEST(languages),
		TEST(layout_and_speed),
		TEST(harmless_options_pass),
		TEST(other_options_are_named),
		TEST(a_response_file_is_more_options),
		TEST(folders_are_searched_in_order),
		TEST(a_file_listed_twice_is_compiled_once),
		TEST(a_library_is_compiled_once),
		TEST(macros_of_visual_studio),
		TEST(versions_of_netadaptercx),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
