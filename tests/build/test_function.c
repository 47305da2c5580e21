/* SPDX-License-Identifier: MIT */
/* MSBuild's property functions, from outside: what a text becomes. */
#include <unistd.h>

#include "build/path.h"
#include "build/properties.h"
#include "stage/files.h"
#include "test.h"

/* Properties, and a folder with a file in it. */
struct fixture {
	char folder[FOLDER_ROOM];
	struct properties properties;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	char *path;

	if (folder_make(f->folder))
		return -1;
	path = string_format("%s/Above.props", f->folder);
	file_put_text(path, "\xEF\xBB\xBFtext of it");
	free(path);
	path = string_format("%s/sub/deep", f->folder);
	path_make_folders(path);
	free(path);
	properties_set(&f->properties, "Name", "Net Adapter.Driver");
	properties_set(&f->properties, "Path", "C:\\src/driver\\net.adapter.vcxproj");
	properties_set(&f->properties, "Version", "10.0.17763.0");
	properties_set(&f->properties, "Number", "12");
	properties_set(&f->properties, "List", "one;two;;three");
	properties_set(&f->properties, "Escaped", "a%3Bb%24");
	properties_set(&f->properties, "Empty", "");
	properties_set(&f->properties, "Umlaut", "K\xC3\xA4se");
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	folder_remove(f->folder);
	properties_free(&f->properties);
	free(f);
	return 0;
}

struct expectation {
	const char *text, *result;
};

/* All of a table, so that one run shows all that is wrong. */
static void check(struct fixture *f, const struct expectation *table, size_t count)
{
	int bad = 0;

	for (size_t i = 0; i < count; i++) {
		struct strings notes = { 0 };
		char *error = NULL, *result;
		struct scope scope = { .properties = &f->properties,
				       .folder = f->folder,
				       .notes = &notes,
				       .error = &error };

		result = properties_expand(&scope, table[i].text);
		if (error || notes.count || strcmp(result, table[i].result) != 0) {
			print_error("%s: '%s', not '%s' (%s)\n", table[i].text, result,
				    table[i].result,
				    error         ? error
				    : notes.count ? notes.at[0]
						  : "no message");
			bad++;
		}
		strings_free(&notes);
		free(error);
		free(result);
	}
	assert_int_equal(bad, 0);
}

#define CHECK(table) check(*state, table, sizeof(table) / sizeof((table)[0]))

static void of_texts(void **state)
{
	static const struct expectation table[] = {
		{ "$(Name.Length)", "18" },
		{ "$(Name.Replace(' ', ''))", "NetAdapter.Driver" },
		{ "$(Name.Replace('Net', `my`).Replace(\"Driver\", 'x'))", "my Adapter.x" },
		{ "$(Name.Substring(4))", "Adapter.Driver" },
		{ "$(Name.Substring(4, 7))", "Adapter" },
		{ "$(Name.Substring(0, $(Name.IndexOf('.'))))", "Net Adapter" },
		{ "$(Name.ToUpper())|$(Name.ToLowerInvariant())",
		  "NET ADAPTER.DRIVER|net adapter.driver" },
		{ "$(Name.StartsWith('Net'))$(Name.StartsWith('net'))", "TrueFalse" },
		{ "$(Name.StartsWith('net', StringComparison.OrdinalIgnoreCase))", "True" },
		{ "$(Name.EndsWith('Driver'))$(Name.EndsWith('Drive'))", "TrueFalse" },
		{ "$(Name.Contains('Adapter'))$(Empty.Contains('A'))", "TrueFalse" },
		{ "$(Name.IndexOf('t'))$(Name.IndexOf('t', 3))$(Name.IndexOf('z'))", "28-1" },
		{ "$(Name.LastIndexOf('r'))$(Name.IndexOfAny('.A'))", "174" },
		{ "$(Name.Insert(3, '-').Remove(5, 8))", "Net- Driver" },
		{ "$(Name.Remove(3))", "Net" },
		{ "$(Name.Split('.')[1])", "Driver" },
		{ "$(Name.Split(' .')[1])", "Adapter" },
		{ "$(Name.Split('.').Length)", "2" },
		{ "$(Name.Split('e', 2)[1])", "t Adapter.Driver" },
		{ "$(Name.Split('e', 1))", "Net Adapter.Driver" },
		{ "$(List.Split(';').Length)", "4" },
		{ "$(List.Split(';', StringSplitOptions.RemoveEmptyEntries).Length)", "3" },
		{ "$(Name.Split('.'))", "Net Adapter;Driver" },
		{ "$(Name[0])$(Name.Chars(4))", "NA" },
		{ "$(Number.PadLeft(5, '0'))$(Number.PadRight(4, `x`))", "0001212xx" },
		{ "[$(Number.PadLeft(4))]", "[  12]" },
		{ "$(Path.TrimEnd('proj'))", "C:\\src/driver\\net.adapter.vcx" },
		{ "[$([System.String]::Copy('  a ').Trim())]", "[a]" },
		{ "$([System.String]::new('xxaxx').Trim('x'))", "a" },
		{ "$([System.String]::Copy('xxaxx').TrimStart('x'))", "axx" },
		{ "$(Number.Equals('12.0'))$(Name.Equals('net adapter.driver'))", "TrueFalse" },
		{ "$(Number.CompareTo('9'))", "1" },
		{ "$(Umlaut.Length)$(Umlaut.Substring(2))$(Umlaut.PadLeft(5, '.'))",
		  "4se.K\xC3\xA4se" },
		{ "$( Name.Replace( ' ' , '_' ) )", "Net_Adapter.Driver" },
		{ "$(name.LENGTH)", "18" },
		{ "a$(Empty.Length)b$(NotSet.Length)", "a0b0" },
		{ "$([System.String]::IsNullOrEmpty('$(Empty)'))", "True" },
		{ "$([System.String]::IsNullOrWhiteSpace(' x'))", "False" },
		{ "$([System.String]::Concat('a', $(Number), `c`))", "a12c" },
		{ "$([System.String]::Join('+', 'a', 'b', 'c'))", "a+b+c" },
		{ "$([System.String]::Format('{0}-{1:D4}-{0}', 'a', $([MSBuild]::Add(40, 2))))",
		  "a-0042-a" },
		{ "$([System.String]::Format('{{{0,4}}}', 'a'))", "{   a}" },
		{ "$([System.String]::Compare('a', 'B'))", "-1" },
		{ "$([System.Char]::IsDigit('1'))$([System.Char]::IsDigit('x1', 1))", "TrueTrue" },
	};

	CHECK(table);
}

/* Arguments are unescaped; what comes out is escaped, so that it is one item. */
static void escapes(void **state)
{
	static const struct expectation table[] = {
		{ "$(Escaped)", "a%3Bb%24" },
		{ "$(Escaped.Length)", "4" },
		{ "$(Escaped.Replace(';', ','))", "a,b%24" },
		{ "$(Name.Replace(' ', ';'))", "Net%3bAdapter.Driver" },
		{ "$(Name.Replace(' ', '%3B').Length)", "18" },
		{ "$([MSBuild]::Escape('a;b*'))", "a%3bb%2a" },
		{ "$([MSBuild]::Unescape('a%3Bb'))", "a;b" },
		{ "$([MSBuild]::Escape('a;b').Length)", "3" },
		{ "$(Name.Replace(')', '('))", "Net Adapter.Driver" },
		{ "$(Name.Replace('.', ')'))", "Net Adapter%29Driver" },
	};

	CHECK(table);
}

static void of_numbers_and_versions(void **state)
{
	static const struct expectation table[] = {
		{ "$([MSBuild]::Add(1, 2))$([MSBuild]::Add($(Number), '0.5'))", "312.5" },
		{ "$([MSBuild]::Subtract(1, 3))$([MSBuild]::Multiply(4, 1.5))", "-26" },
		{ "$([MSBuild]::Divide(7, 2))|$([MSBuild]::Divide(7, 2.0))", "3|3.5" },
		{ "$([MSBuild]::Modulo(7, 4))$([MSBuild]::Modulo(-7, 4))", "3-3" },
		{ "$([MSBuild]::Add(9223372036854775807, 1))", "-9223372036854775808" },
		{ "$([MSBuild]::BitwiseOr(12, 3))$([MSBuild]::BitwiseAnd(12, 6))", "154" },
		{ "$([MSBuild]::BitwiseXor(5, 1))$([MSBuild]::BitwiseNot(0))", "4-1" },
		{ "$([MSBuild]::LeftShift(1, 4))$([MSBuild]::RightShift(-8, 1))", "16-4" },
		{ "$([MSBuild]::RightShiftUnsigned(-1, 28))", "15" },
		{ "$([MSBuild]::Add($([MSBuild]::Add(1, 1)), $(Number)).ToString('D4'))", "0014" },
		{ "$([System.Convert]::ToInt32('ff', 16))$([System.Convert]::ToString(255, 16))",
		  "255ff" },
		{ "$([System.Convert]::ToInt32(12))$([System.Int32]::Parse('7'))", "127" },
		{ "$([System.Convert]::ToInt32('0x1F', 16).ToString('X8'))", "0000001F" },
		{ "$([System.Math]::Max(3, 12))$([System.Math]::Abs(-2))", "122" },
		{ "$([System.Math]::Floor(2.7))$([System.Math]::Round(2.5))$([System.Math]::Pow(2, 10))",
		  "221024" },
		{ "$([System.Version]::Parse('$(Version)').Build)", "17763" },
		{ "$([System.Version]::Parse('10.2').Build)", "-1" },
		{ "$([System.Version]::new('$(Version)').ToString(2))", "10.0" },
		{ "$([System.Version]::new(1, 2, 3))", "1.2.3" },
		{ "$([System.Version]::Parse('1.10').CompareTo($([System.Version]::Parse('1.9'))))",
		  "1" },
		{ "$([MSBuild]::VersionGreaterThan('$(Version)', '10.0.9999'))", "True" },
		{ "$([MSBuild]::VersionGreaterThanOrEquals('10', '10.0.0.0'))", "True" },
		{ "$([MSBuild]::VersionEquals('v1.2-beta+7', '1.2.0'))", "True" },
		{ "$([MSBuild]::VersionLessThan('1.10', '1.9'))", "False" },
		{ "$([MSBuild]::VersionLessThanOrEquals('1.9', '1.10'))", "True" },
		{ "$([MSBuild]::VersionNotEquals('1', '2'))", "True" },
		{ "$([MSBuild]::ValueOrDefault('$(Empty)', 'x'))$([MSBuild]::ValueOrDefault('y', 'x'))",
		  "xy" },
	};

	CHECK(table);
}

/* Windows' rules: both slashes separate, the backslash is written. */
static void of_paths(void **state)
{
	static const struct expectation table[] = {
		{ "$([System.IO.Path]::Combine('a', 'b\\', 'c.h'))", "a\\b\\c.h" },
		{ "$([System.IO.Path]::Combine('a', '\\b'))", "\\b" },
		{ "$([System.IO.Path]::Combine('a', 'C:\\b'))", "C:\\b" },
		{ "$([System.IO.Path]::Combine('', 'b'))", "b" },
		{ "$([System.IO.Path]::GetFileName('$(Path)'))", "net.adapter.vcxproj" },
		{ "$([System.IO.Path]::GetFileNameWithoutExtension($(Path)))", "net.adapter" },
		{ "$([System.IO.Path]::GetExtension($(Path)))", ".vcxproj" },
		{ "[$([System.IO.Path]::GetExtension('a.b\\c'))$([System.IO.Path]::GetExtension('a.'))]",
		  "[]" },
		{ "$([System.IO.Path]::GetDirectoryName($(Path)))", "C:\\src\\driver" },
		{ "[$([System.IO.Path]::GetDirectoryName('a.c'))]", "[]" },
		{ "[$([System.IO.Path]::GetDirectoryName('C:\\'))]", "[]" },
		{ "$([System.IO.Path]::GetDirectoryName('a\\b\\'))", "a\\b" },
		{ "$([System.IO.Path]::ChangeExtension('a\\b.inx', 'inf'))", "a\\b.inf" },
		{ "$([System.IO.Path]::ChangeExtension('a.x\\b', '.inf'))", "a.x\\b.inf" },
		{ "$([System.IO.Path]::ChangeExtension('a.b', null))", "a" },
		{ "$([System.IO.Path]::HasExtension('a.b'))", "True" },
		{ "$([System.IO.Path]::IsPathRooted('\\a'))$([System.IO.Path]::IsPathRooted('a'))",
		  "TrueFalse" },
		{ "$([System.IO.Path]::GetPathRoot($(Path)))", "C:\\" },
		{ "$([System.IO.Path]::GetFullPath('C:\\a\\..\\.\\b//c\\'))", "C:\\b\\c\\" },
		{ "$([System.IO.Path]::DirectorySeparatorChar)", "\\" },
		{ "$([MSBuild]::EnsureTrailingSlash('a'))$([MSBuild]::EnsureTrailingSlash('b/'))",
		  "a\\b/" },
		{ "$([MSBuild]::NormalizePath('C:\\a', '..', 'b'))", "C:\\b" },
		{ "$([MSBuild]::NormalizeDirectory('C:/a'))", "C:\\a\\" },
		{ "$([MSBuild]::MakeRelative('C:\\a\\b', 'C:\\a\\c\\d.h'))", "..\\c\\d.h" },
		{ "$([MSBuild]::MakeRelative('C:\\a', 'C:\\a\\c\\'))", "c\\" },
		{ "$([MSBuild]::MakeRelative('C:\\a', 'D:\\a'))", "D:\\a" },
		{ "$([MSBuild]::IsOSPlatform('windows'))$([MSBuild]::IsOsUnixLike())",
		  "TrueFalse" },
		{ "$([System.Runtime.InteropServices.RuntimeInformation]::IsOSPlatform($([System.Runtime.InteropServices.OSPlatform]::Windows)))",
		  "True" },
		{ "$([System.OperatingSystem]::IsWindows())", "True" },
	};

	CHECK(table);
}

/* A folder of this machine as functions write it. */
static char *in_folder(struct fixture *f, const char *after)
{
	char *path = string_format("%s%s", f->folder, after);

	for (char *c = path; *c; c++)
		*c = *c == '/' ? '\\' : *c;
	return path;
}

static void of_the_disk(void **state)
{
	struct fixture *f = *state;
	char *folder = in_folder(f, ""), *props = in_folder(f, "/Above.props"),
	     *deep = in_folder(f, "/sub/deep");
	const struct expectation table[] = {
		{ "$([System.IO.File]::Exists('above.PROPS'))$([System.IO.File]::Exists('sub'))",
		  "TrueFalse" },
		{ "$([System.IO.Directory]::Exists('sub\\deep'))", "True" },
		{ "$([System.IO.File]::ReadAllText('Above.props').Length)", "10" },
		{ "$([System.IO.Path]::GetFullPath('sub\\..\\sub\\deep'))", deep },
		{ "$([System.IO.Directory]::GetParent('sub'))", folder },
		{ "$([System.IO.Directory]::GetFiles('.', '*.props'))", props },
		{ "$([MSBuild]::GetDirectoryNameOfFileAbove('sub\\deep', 'Above.props'))", folder },
		{ "$([MSBuild]::GetPathOfFileAbove('Above.props', 'sub\\deep'))", props },
		{ "[$([MSBuild]::GetPathOfFileAbove('not-there', 'sub'))]", "[]" },
		{ "$([MSBuild]::FileExists('Above.props'))$([MSBuild]::DirectoryExists('sub'))",
		  "TrueTrue" },
		{ "$([MSBuild]::FileExists(''))$([MSBuild]::DirectoryExists(''))", "FalseFalse" },
		{ "$([System.Environment]::GetEnvironmentVariable('NETCX_TEST_VARIABLE'))", "set" },
		{ "[$([System.Environment]::GetEnvironmentVariable('NETCX_NOT_SET'))]", "[]" },
		{ "$([MSBuild]::GetRegistryValueFromView('HKEY_X', 'Y', 'else', RegistryView.Registry64))",
		  "else" },
	};

	setenv("NETCX_TEST_VARIABLE", "set", 1);
	CHECK(table);
	free(deep);
	free(props);
	free(folder);
}

/* What MSBuild refuses is refused, with the reason. */
static void mistakes(void **state)
{
	static const struct expectation table[] = {
		{ "$(Name.Substring(40))", "Substring: 40 is not within the 18 characters" },
		{ "$(Name.Substring(0, 40))", "Substring: 0, 40 is not within" },
		{ "$(Name.Substring('x'))", "'x' is not a whole number" },
		{ "$(Name.Substring())", "Substring takes 1 to 2 arguments, not 0" },
		{ "$(Name.Split('.')[2])", "2 is beyond the 2 parts" },
		{ "$(Name[99])", "99 is beyond the text" },
		{ "$(Name.PadLeft(99999999))", "99999999 is no width" },
		{ "$([MSBuild]::Divide(1, 0))", "1 cannot be divided by 0" },
		{ "$([MSBuild]::Add(1, x))", "'x' is no number" },
		{ "$([MSBuild]::Add(1))", "Add takes 2 to 2 arguments, not 1" },
		{ "$([MSBuild]::VersionLessThan('a', '1'))", "'a' is no version" },
		{ "$([System.Version]::Parse('10'))", "'10' is no version" },
		{ "$([System.Convert]::ToInt32('12q'))", "'12q' is no whole number" },
		{ "$([System.Convert]::ToInt32('9', 8))", "'9' is no number of base 8" },
		{ "$([System.IO.File]::ReadAllText('gone'))", "'gone' cannot be read" },
		{ "$([System.IO.Path]::GetFullPath(''))", "the path is empty" },
		{ "$([MSBuild]Add(1, 2))", "[Type]::Name is expected" },
		{ "$(Name.)", "a function's name is expected" },
		{ "$(Name x)", "not understood at 'x'" },
		{ "$(Name.StartsWith('a', Loudly))", "'Loudly' is no System.StringComparison" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char *error = NULL, *result;
		struct scope scope = { .properties = &f->properties,
				       .folder = f->folder,
				       .error = &error };

		result = properties_expand(&scope, table[i].text);
		if (!error || !strstr(error, table[i].result) || strncmp(error, "$(", 2) != 0)
			fail_msg("%s: '%s' is not in '%s'", table[i].text, table[i].result,
				 error ? error : "no message");
		free(error);
		free(result);
	}
}

/* What exists in MSBuild and not here is said once, and the text goes on without it. */
static void what_is_not_here_is_said(void **state)
{
	static const struct expectation table[] = {
		{ "[$([System.DateTime]::Now.Year)]",
		  "$([System.DateTime]::Now.Year) is not known" },
		{ "[$([System.Guid]::NewGuid())]", "$([System.Guid]::NewGuid()) is not known" },
		{ "[$(Name.Frobnicate(1))]", "$(Name.Frobnicate(1)) is not known" },
		{ "[$([MSBuild]::GetRegistryValue('HKEY_LOCAL_MACHINE\\X', 'Y'))]",
		  "there is no registry" },
		{ "[$(Registry:HKEY_LOCAL_MACHINE\\X@Y)]", "there is no registry" },
		{ "[$([MSBuild]::GetVsInstallRoot())]", "there is no Visual Studio" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct strings notes = { 0 };
		struct scope scope = { .properties = &f->properties, .notes = &notes };
		char *twice = string_format("%s%s", table[i].text, table[i].text);
		char *result = properties_expand(&scope, twice);

		assert_string_equal(result, "[][]");
		assert_int_equal(notes.count, 1);
		if (!strstr(notes.at[0], table[i].result))
			fail_msg("'%s' is not in '%s'", table[i].result, notes.at[0]);
		strings_free(&notes);
		free(twice);
		free(result);
	}
}

/* What nests for ever or grows for ever is refused. */
static void deep_and_long_ones_end(void **state)
{
	struct fixture *f = *state;
	struct buffer text = { 0 };
	char *error = NULL, *result;
	struct scope scope = { .properties = &f->properties, .error = &error };
	static char filling[20000];

	for (int i = 0; i < 1000; i++)
		buffer_add(&text, "$([MSBuild]::Add(1, ");
	for (int i = 0; i < 1000; i++)
		buffer_add(&text, "))");
	result = properties_expand(&scope, text.at);
	assert_non_null(strstr(error, "nested too deep"));
	buffer_free(&text);
	free(result);
	free(error);
	error = NULL;

	buffer_add(&text, "$(Name");
	/* Few and long: the sanitizer looks at all that is behind each one that is found. */
	memset(filling, 'x', sizeof(filling) - 1);
	for (int i = 0; i < 10; i++) {
		buffer_add(&text, ".Replace('e', 'ee");
		buffer_add(&text, filling);
		buffer_add(&text, "')");
	}
	buffer_add(&text, ")");
	result = properties_expand(&scope, text.at);
	assert_non_null(strstr(error, "Replace: the result is longer than 1 MB"));
	buffer_free(&text);
	free(result);
	free(error);
	error = NULL;

	properties_set(&f->properties, "Long", "0123456789abcdef");
	for (int i = 0; i < 40 && !error; i++) {
		result = properties_expand(&scope, "$(Long)$(Long)");
		properties_set(&f->properties, "Long", result);
		free(result);
	}
	assert_non_null(strstr(error, "longer than 1 MB"));
	free(error);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(of_texts),
		TEST(escapes),
		TEST(of_numbers_and_versions),
		TEST(of_paths),
		TEST(of_the_disk),
		TEST(mistakes),
		TEST(what_is_not_here_is_said),
		TEST(deep_and_long_ones_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
