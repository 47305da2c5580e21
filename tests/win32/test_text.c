/* SPDX-License-Identifier: MIT */
/* Messages, text for a debugger, breakpoints, bounded strings. */
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <strsafe.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <windows.h>

#include "nt/event.h"
#include "stage/machine.h"
#include "win32.h"

static void text_becomes_an_event(void **state)
{
	struct test_machine *m = *state;

	OutputDebugStringA("hello %s\n");
	OutputDebugStringW(u"gr\u00fc\u00df\n");
	OutputDebugStringA(NULL);
	OutputDebugStringW(NULL);
	assert_true(journal_tells(&m->journal, "hello %s"));
	assert_true(journal_tells(&m->journal, "gr\u00fc\u00df"));
	assert_false(IsDebuggerPresent());
}

static void keep_length(void *context, const struct nt_event *event)
{
	*(size_t *)context = strlen(event->fields[0].text);
}

/* The end of it counts: where wil has the message. */
static void long_text_is_whole(void **state)
{
	struct test_machine *m = *state;
	const struct nt_event_sink sink = m->machine.sink;
	WCHAR text[2100];
	size_t length = 0;

	for (int i = 0; i < 2098; i++)
		text[i] = 0xfc;
	memcpy(text + 2098, u"\n", 2 * sizeof(*text));
	m->machine.sink = (struct nt_event_sink){ keep_length, &length };
	OutputDebugStringW(text);
	m->machine.sink = sink;
	assert_int_equal(length, 2 * 2098);
}

static DWORD format(DWORD flags, const WCHAR *source, WCHAR *to, DWORD size, ...)
{
	va_list arguments;
	DWORD length;

	va_start(arguments, size);
	length = FormatMessageW(flags, source, 0, 0, to, size, &arguments);
	va_end(arguments);
	return length;
}

static DWORD format_narrow(DWORD flags, const char *source, char *to, DWORD size, ...)
{
	va_list arguments;
	DWORD length;

	va_start(arguments, size);
	length = FormatMessageA(flags, source, 0, 0, to, size, &arguments);
	va_end(arguments);
	return length;
}

static void errors_have_names(void **state)
{
	const DWORD flags = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS;
	char text[64], *made;

	assert_int_equal(FormatMessageA(flags, NULL, ERROR_ACCESS_DENIED, 0, text, 64, NULL), 21);
	assert_string_equal(text, "ERROR_ACCESS_DENIED\r\n");
	assert_true(FormatMessageA(flags | 0xFF, NULL, (DWORD)E_INVALIDARG, 0x409, text, 64, NULL));
	assert_string_equal(text, "E_INVALIDARG ");
	/* An HRESULT without a name of its own is the error that is in it. */
	FormatMessageA(flags, NULL, (DWORD)HRESULT_FROM_WIN32(ERROR_TIMEOUT), 0, text, 64, NULL);
	assert_string_equal(text, "ERROR_TIMEOUT\r\n");
	assert_int_equal(FormatMessageA(flags, NULL, 0x12345, 0, text, 64, NULL), 0);
	assert_int_equal(GetLastError(), ERROR_MR_MID_NOT_FOUND);
	assert_int_equal(FormatMessageA(flags, NULL, 5, 0x407, text, 64, NULL), 0);
	assert_int_equal(GetLastError(), ERROR_RESOURCE_LANG_NOT_FOUND);
	assert_int_equal(FormatMessageA(flags, NULL, 5, 0, text, 21, NULL), 0);
	assert_int_equal(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
	assert_int_equal(FormatMessageA(FORMAT_MESSAGE_FROM_HMODULE, NULL, 5, 0, text, 64, NULL),
			 0);
	assert_int_equal(GetLastError(), ERROR_RESOURCE_TYPE_NOT_FOUND);
	assert_int_equal(FormatMessageA(0, NULL, 5, 0, text, 64, NULL), 0);
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	assert_int_equal(FormatMessageA(flags | FORMAT_MESSAGE_ALLOCATE_BUFFER, NULL, 5, 0,
					(LPSTR)&made, 0, NULL),
			 21);
	assert_string_equal(made, "ERROR_ACCESS_DENIED\r\n");
	LocalFree(made);
}

static void texts_have_inserts(void **state)
{
	const DWORD flags = FORMAT_MESSAGE_FROM_STRING;
	const DWORD_PTR array[] = { 7, (DWORD_PTR)u"seven" };
	WCHAR wide[64], endless[32769] = { 0 };
	char text[64];

	assert_true(format_narrow(flags, "%2 is %1!04X!%%%n%t%!gr\u00fc\u00df%0 never", text, 64,
				  0x2aULL, "it"));
	assert_string_equal(text, "it is 002A%\r\n\t!gr\u00fc\u00df");
	assert_int_equal(format(flags, u"%1!hs!\n%1!hs!", wide, 64, "ab"), 6);
	assert_memory_equal(wide, u"ab\r\nab", 14);
	assert_int_equal(format(flags | 0xFF, u"a\r\nb", wide, 64), 3);
	assert_memory_equal(wide, u"a b", 8);
	assert_int_equal(FormatMessageW(flags | FORMAT_MESSAGE_ARGUMENT_ARRAY, u"%2-%1!u!", 0, 0,
					wide, 64, (va_list *)(ULONG_PTR)array),
			 7);
	assert_memory_equal(wide, u"seven-7", 16);
	assert_int_equal(FormatMessageW(flags, u"%1 %z", 0, 0, wide, 64, NULL), 5);
	assert_memory_equal(wide, u"%1 %z", 12);
	assert_int_equal(format(flags, u"%1!u", wide, 64, 1), 0);
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	assert_int_equal(format(flags, u"end%", wide, 64), 0);
	assert_int_equal(format(flags, NULL, wide, 64), 0);
	for (size_t i = 0; i < RTL_NUMBER_OF(endless) - 1; i++)
		endless[i] = 'x';
	assert_int_equal(format(flags, endless, wide, 64), 0);
	assert_int_equal(GetLastError(), ERROR_MORE_DATA);
}

static void breaks(void *context)
{
	DebugBreak();
}

/* A debugger sees the signal, and the driver goes on. */
static void a_breakpoint_stops_in_a_debugger(void **state)
{
	pid_t child;
	int status;

	child_violates(breaks, NULL, "0x80000003 BREAKPOINT in DebugBreak", NULL);
	child = fork();
	if (!child) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		DebugBreak();
		_exit(IsDebuggerPresent() ? 42 : 41);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP);
	assert_int_equal(ptrace(PTRACE_CONT, child, NULL, NULL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 42);
}

static void strings_are_bounded(void **state)
{
	char text[6];
	WCHAR wide[6];
	size_t length;

	assert_int_equal(StringCchCopyA(text, 6, "hello"), S_OK);
	assert_int_equal(StringCchCatA(text, 6, "!"), STRSAFE_E_INSUFFICIENT_BUFFER);
	assert_int_equal(StringCchPrintfA(text, 6, "%d-%s", 12, "abcd"),
			 STRSAFE_E_INSUFFICIENT_BUFFER);
	assert_string_equal(text, "12-ab");
	assert_int_equal(StringCbLengthA(text, 6, &length), S_OK);
	assert_int_equal(length, 5);
	assert_int_equal(StringCchCopyA(text, 0, "x"), STRSAFE_E_INVALID_PARAMETER);
	assert_int_equal(StringCbPrintfW(wide, sizeof(wide), u"%u", 7), S_OK);
	assert_int_equal(wide[0], '7');
	assert_int_equal(StringCchCopyNW(wide, 6, u"abcdef", 3), S_OK);
	assert_int_equal(wide[3], 0);
	assert_int_equal(StringCchCopyNW(wide, 3, u"abcdef", 6), STRSAFE_E_INSUFFICIENT_BUFFER);
}

static int narrow(UINT page, DWORD flags, const WCHAR *from, int count, char *to, int size)
{
	SetLastError(ERROR_SUCCESS);
	return WideCharToMultiByte(page, flags, from, count, to, size, NULL, NULL);
}

static int widen(UINT page, DWORD flags, const char *from, int count, WCHAR *to, int size)
{
	SetLastError(ERROR_SUCCESS);
	return MultiByteToWideChar(page, flags, from, count, to, size);
}

static void text_gets_eight_bits_and_sixteen(void **state)
{
	static const WCHAR wide[] = u"g\u00e4\u20ac\U0001F600";
	static const char bytes[] = "g\u00e4\u20ac\U0001F600";
	WCHAR units[16];
	char text[16];

	/* What is needed, with and without the terminator; a zero inside counts as others. */
	assert_int_equal(narrow(CP_UTF8, 0, wide, -1, NULL, 0), sizeof(bytes));
	assert_int_equal(narrow(CP_UTF8, 0, wide, 3, NULL, 0), 6);
	assert_int_equal(narrow(CP_ACP, WC_COMPOSITECHECK, wide, -1, text, 16), sizeof(bytes));
	assert_string_equal(text, bytes);
	assert_int_equal(narrow(CP_UTF8, 0, u"a\0b", 3, text, 3), 3);
	assert_memory_equal(text, "a\0b", 3);
	assert_int_equal(widen(CP_UTF8, 0, bytes, -1, NULL, 0), 6);
	assert_int_equal(widen(CP_THREAD_ACP, MB_PRECOMPOSED, bytes, -1, units, 6), 6);
	assert_memory_equal(units, wide, sizeof(wide));
	assert_int_equal(widen(CP_UTF8, 0, "a\0b", 3, units, 16), 3);
	assert_int_equal(units[2], 'b');
	/* Half a surrogate and a byte that begins nothing. */
	assert_int_equal(narrow(CP_UTF8, 0, u"\xD83Dx", -1, text, 16), 5);
	assert_string_equal(text, "\uFFFDx");
	assert_int_equal(widen(CP_UTF8, 0, "\xFFx", -1, units, 16), 3);
	assert_int_equal(units[0], 0xFFFD);
}

static void text_that_is_none_is_refused(void **state)
{
	WCHAR units[4];
	char text[4];
	BOOL used = TRUE;

	assert_int_equal(narrow(CP_UTF8, WC_ERR_INVALID_CHARS, u"\xDE00", -1, text, 4), 0);
	assert_int_equal(GetLastError(), ERROR_NO_UNICODE_TRANSLATION);
	assert_int_equal(widen(CP_UTF8, MB_ERR_INVALID_CHARS, "\xC3", -1, units, 4), 0);
	assert_int_equal(GetLastError(), ERROR_NO_UNICODE_TRANSLATION);
	assert_int_equal(narrow(CP_UTF8, 0, u"abcd", -1, text, 4), 0);
	assert_int_equal(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
	assert_int_equal(widen(CP_UTF8, 0, "abcd", -1, units, 4), 0);
	assert_int_equal(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
	assert_int_equal(narrow(CP_UTF8, 0, u"a", 0, text, 4), 0);
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	assert_int_equal(widen(1252, 0, "a", -1, units, 4), 0);
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	assert_int_equal(widen(CP_UTF8, 0, text, 1, (WCHAR *)(void *)text, 1), 0);
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	assert_int_equal(widen(CP_UTF8, MB_PRECOMPOSED, "a", -1, units, 4), 0);
	assert_int_equal(GetLastError(), ERROR_INVALID_FLAGS);
	assert_int_equal(narrow(CP_ACP, WC_ERR_INVALID_CHARS, u"a", -1, text, 4), 0);
	assert_int_equal(GetLastError(), ERROR_INVALID_FLAGS);
	/* A character in place of what a page lacks: nothing lacks in UTF-8, and there it is none.
	 */
	assert_int_equal(WideCharToMultiByte(CP_UTF8, 0, u"a", -1, text, 4, NULL, &used), 0);
	assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
	assert_int_equal(WideCharToMultiByte(CP_ACP, 0, u"a", -1, text, 4, "?", &used), 2);
	assert_false(used);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(text_becomes_an_event),
		TEST(long_text_is_whole),
		TEST(errors_have_names),
		TEST(texts_have_inserts),
		TEST(text_gets_eight_bits_and_sixteen),
		TEST(text_that_is_none_is_refused),
		TEST(strings_are_bounded),
		TEST(a_breakpoint_stops_in_a_debugger),
	};

	return cmocka_run_group_tests_name("win32: text", tests, NULL, NULL);
}
