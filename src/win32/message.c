/* SPDX-License-Identifier: MIT */
/*
 * FormatMessage. What the system says of an error is its name here. Messages in a driver's text
 * have inserts: %1 to %99, with a printf format behind it between exclamation marks, %n, %r, %t,
 * %0, %b and whatever else follows a percent sign for itself. Source: page FormatMessageW.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf.h"
#include "nt/format.h"
#include "win32/private.h"

#define INSERTS 99
#define LONGEST 32767 /* units of a message, with its end */
#define NAME(error)                    \
	{                              \
		(DWORD)(error), #error \
	}

static const struct {
	DWORD code;
	const char *name;
} names[] = {
	NAME(ERROR_SUCCESS),
	NAME(ERROR_INVALID_FUNCTION),
	NAME(ERROR_FILE_NOT_FOUND),
	NAME(ERROR_PATH_NOT_FOUND),
	NAME(ERROR_TOO_MANY_OPEN_FILES),
	NAME(ERROR_ACCESS_DENIED),
	NAME(ERROR_INVALID_HANDLE),
	NAME(ERROR_NOT_ENOUGH_MEMORY),
	NAME(ERROR_INVALID_DATA),
	NAME(ERROR_OUTOFMEMORY),
	NAME(ERROR_INVALID_DRIVE),
	NAME(ERROR_NO_MORE_FILES),
	NAME(ERROR_WRITE_PROTECT),
	NAME(ERROR_NOT_READY),
	NAME(ERROR_BAD_COMMAND),
	NAME(ERROR_CRC),
	NAME(ERROR_BAD_LENGTH),
	NAME(ERROR_GEN_FAILURE),
	NAME(ERROR_SHARING_VIOLATION),
	NAME(ERROR_LOCK_VIOLATION),
	NAME(ERROR_HANDLE_EOF),
	NAME(ERROR_NOT_SUPPORTED),
	NAME(ERROR_DEV_NOT_EXIST),
	NAME(ERROR_FILE_EXISTS),
	NAME(ERROR_INVALID_PARAMETER),
	NAME(ERROR_BROKEN_PIPE),
	NAME(ERROR_OPEN_FAILED),
	NAME(ERROR_DISK_FULL),
	NAME(ERROR_CALL_NOT_IMPLEMENTED),
	NAME(ERROR_SEM_TIMEOUT),
	NAME(ERROR_INSUFFICIENT_BUFFER),
	NAME(ERROR_INVALID_NAME),
	NAME(ERROR_MOD_NOT_FOUND),
	NAME(ERROR_PROC_NOT_FOUND),
	NAME(ERROR_BUSY),
	NAME(ERROR_ALREADY_EXISTS),
	NAME(ERROR_ENVVAR_NOT_FOUND),
	NAME(ERROR_MORE_DATA),
	NAME(WAIT_TIMEOUT),
	NAME(ERROR_NO_MORE_ITEMS),
	NAME(ERROR_NOT_OWNER),
	NAME(ERROR_TOO_MANY_POSTS),
	NAME(ERROR_MR_MID_NOT_FOUND),
	NAME(ERROR_DEVICE_HARDWARE_ERROR),
	NAME(ERROR_INVALID_ADDRESS),
	NAME(ERROR_ARITHMETIC_OVERFLOW),
	NAME(ERROR_UNHANDLED_EXCEPTION),
	NAME(ERROR_ASSERTION_FAILURE),
	NAME(ERROR_ILLEGAL_CHARACTER),
	NAME(ERROR_UNDEFINED_CHARACTER),
	NAME(ERROR_NO_MORE_MATCHES),
	NAME(ERROR_ALERTED),
	NAME(ERROR_OLD_WIN_VERSION),
	NAME(ERROR_IMPLEMENTATION_LIMIT),
	NAME(ERROR_XML_PARSE_ERROR),
	NAME(ERROR_OPERATION_ABORTED),
	NAME(ERROR_IO_INCOMPLETE),
	NAME(ERROR_IO_PENDING),
	NAME(ERROR_NOACCESS),
	NAME(ERROR_INVALID_FLAGS),
	NAME(ERROR_NO_TOKEN),
	NAME(ERROR_NO_UNICODE_TRANSLATION),
	NAME(ERROR_DEVICE_NOT_CONNECTED),
	NAME(ERROR_NOT_FOUND),
	NAME(ERROR_CANCELLED),
	NAME(ERROR_RETRY),
	NAME(ERROR_ALREADY_INITIALIZED),
	NAME(ERROR_REVISION_MISMATCH),
	NAME(ERROR_INTERNAL_ERROR),
	NAME(ERROR_NO_SYSTEM_RESOURCES),
	NAME(ERROR_TIMEOUT),
	NAME(ERROR_DEVICE_REMOVED),
	NAME(ERROR_DATATYPE_MISMATCH),
	NAME(ERROR_INVALID_OPERATION),
	NAME(ERROR_DEVICE_NOT_AVAILABLE),
	NAME(ERROR_RESOURCE_TYPE_NOT_FOUND),
	NAME(ERROR_RESOURCE_LANG_NOT_FOUND),
	NAME(ERROR_INVALID_STATE),
	NAME(E_PENDING),
	NAME(E_BOUNDS),
	NAME(E_CHANGED_STATE),
	NAME(E_ILLEGAL_STATE_CHANGE),
	NAME(E_ILLEGAL_METHOD_CALL),
	NAME(RO_E_CLOSED),
	NAME(E_NOTIMPL),
	NAME(E_NOINTERFACE),
	NAME(E_POINTER),
	NAME(E_ABORT),
	NAME(E_FAIL),
	NAME(E_UNEXPECTED),
	NAME(DISP_E_OVERFLOW),
	NAME(CLASS_E_NOAGGREGATION),
	NAME(CLASS_E_CLASSNOTAVAILABLE),
	NAME(CO_E_NOTINITIALIZED),
	NAME(E_ACCESSDENIED),
	NAME(E_HANDLE),
	NAME(E_OUTOFMEMORY),
	NAME(E_INVALIDARG),
};

/* What is written to, and what is put in. */
struct message {
	WCHAR *text; /* LONGEST units */
	size_t length;
	bool full;
	bool one_line;
	bool narrow; /* inserts without a format are UTF-8 */
	DWORD_PTR inserts[INSERTS];
	unsigned fetched;
	DWORD_PTR *array; /* NULL: from the list */
	va_list *list;
};

static const char *name_of(DWORD code)
{
	for (size_t i = 0; i < RTL_NUMBER_OF(names); i++)
		if (names[i].code == code)
			return names[i].name;
	if (code >> 16 == 0x8000 + FACILITY_WIN32 && code & 0xFFFF)
		return name_of(code & 0xFFFF);
	return NULL;
}

static void add(struct message *message, const WCHAR *text, size_t units)
{
	message->full |= units > LONGEST - 1 - message->length;
	if (message->full)
		return;
	memcpy(message->text + message->length, text, units * sizeof(*text));
	message->length += units;
}

static void add_character(struct message *message, WCHAR character)
{
	add(message, &character, 1);
}

static void end_line(struct message *message)
{
	add(message, u"\r\n", 2);
}

/* A line break of the text itself: \r\n, or \n alone. Return: its units. */
static size_t add_break(struct message *message, const WCHAR *at)
{
	if (message->one_line)
		add_character(message, ' ');
	else
		end_line(message);
	return at[0] == '\r' && at[1] == '\n' ? 2 : 1;
}

/* They are looked at in their order, one after another. */
static DWORD_PTR insert(struct message *message, unsigned number)
{
	while (!message->array && message->fetched < number)
		message->inserts[message->fetched++] = va_arg(*message->list, DWORD_PTR);
	return message->array ? message->array[number - 1] : message->inserts[number - 1];
}

static void print(struct message *message, const WCHAR *format, ...)
{
	size_t room = LONGEST - message->length, units;
	va_list arguments;

	va_start(arguments, format);
	units = nt_format_wide(message->text + message->length, room, format, arguments);
	va_end(arguments);
	if (units >= room)
		message->full = true;
	else
		message->length += units;
}

/* @at: behind the percent sign, a digit. Return: units, or 0: it is none. */
static size_t add_insert(struct message *message, const WCHAR *at)
{
	WCHAR format[32] = { '%' };
	unsigned number = at[0] - '0';
	size_t units = 1, length = 0;

	if (at[1] >= '0' && at[1] <= '9')
		number = number * 10 + at[units++] - '0';
	if (at[units] == '!') {
		while (at[units + 1 + length] && at[units + 1 + length] != '!' && length < 30) {
			format[1 + length] = at[units + 1 + length];
			length++;
		}
		if (at[units + 1 + length] != '!')
			return 0;
		units += length + 2;
	} else {
		memcpy(format + 1, message->narrow ? u"hs" : u"ls", 2 * sizeof(*format));
	}
	print(message, format, insert(message, number));
	return units;
}

/* @at: behind the percent sign. Return: units, or 0: it ends the message or is none. */
static size_t add_escape(struct message *message, const WCHAR *at)
{
	if (*at >= '1' && *at <= '9')
		return add_insert(message, at);
	if (*at == 'n')
		end_line(message);
	else if (*at == 'r')
		add_character(message, '\r');
	else if (*at == 't')
		add_character(message, '\t');
	else if (*at == 'b')
		add_character(message, ' ');
	else if (*at)
		add_character(message, *at);
	return !!*at;
}

/* Return: false: an insert is none. */
static bool expand(struct message *message, const WCHAR *at, bool inserts)
{
	while (*at && !message->full) {
		if (*at == '\r' || *at == '\n') {
			at += add_break(message, at);
		} else if (*at == '%' && inserts) {
			size_t units = at[1] == '0' ? 0 : add_escape(message, at + 1);

			if (!units)
				return at[1] == '0';
			at += 1 + units;
		} else {
			add_character(message, *at++);
		}
	}
	return true;
}

static DWORD add_name(struct message *message, DWORD code)
{
	const char *name = name_of(code);

	if (!name)
		return ERROR_MR_MID_NOT_FOUND;
	while (*name)
		add_character(message, (WCHAR)*name++);
	add_break(message, u"\n");
	return ERROR_SUCCESS;
}

static bool is_our_language(DWORD language)
{
	return PRIMARYLANGID(language) == LANG_NEUTRAL ||
	       language == MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US);
}

/* @source: of the string. Return: an error. */
static DWORD make(struct message *message, DWORD flags, const WCHAR *source, DWORD code,
		  DWORD language)
{
	if (flags & FORMAT_MESSAGE_FROM_STRING) {
		if (!source)
			return ERROR_INVALID_PARAMETER;
		if (!expand(message, source, !(flags & FORMAT_MESSAGE_IGNORE_INSERTS)))
			return ERROR_INVALID_PARAMETER;
	} else if (flags & FORMAT_MESSAGE_FROM_SYSTEM) {
		DWORD error = is_our_language(language) ? add_name(message, code)
							: ERROR_RESOURCE_LANG_NOT_FOUND;

		if (error)
			return error;
	} else {
		return flags & FORMAT_MESSAGE_FROM_HMODULE ? ERROR_RESOURCE_TYPE_NOT_FOUND
							   : ERROR_INVALID_PARAMETER;
	}
	message->text[message->length] = 0;
	return message->full ? ERROR_MORE_DATA : ERROR_SUCCESS;
}

/* @units: of @size bytes, with the end. Return: where the text goes; NULL with the last error. */
static void *room(DWORD flags, void *buffer, DWORD most, size_t units, size_t size)
{
	void *made;

	if (!(flags & FORMAT_MESSAGE_ALLOCATE_BUFFER)) {
		if (units <= most)
			return buffer;
		w32_fail(ERROR_INSUFFICIENT_BUFFER);
		return NULL;
	}
	made = LocalAlloc(LPTR, (units > most ? units : most) * size);
	*(void **)buffer = made;
	return made;
}

/* @source: as UTF-16. Return: the message's text, from malloc(); NULL with the last error. */
static WCHAR *format(struct message *message, DWORD flags, const WCHAR *source, DWORD code,
		     DWORD language, va_list *arguments)
{
	DWORD error = ERROR_NOT_ENOUGH_MEMORY;

	message->text = malloc(LONGEST * sizeof(*message->text));
	message->one_line = flags & FORMAT_MESSAGE_MAX_WIDTH_MASK;
	message->list = arguments;
	if (flags & FORMAT_MESSAGE_ARGUMENT_ARRAY)
		message->array = (DWORD_PTR *)arguments;
	if (!arguments)
		flags |= FORMAT_MESSAGE_IGNORE_INSERTS;
	if (message->text)
		error = make(message, flags, source, code, language);
	if (!error)
		return message->text;
	free(message->text);
	w32_fail(error);
	return NULL;
}

NETCX_EXPORT DWORD WINAPI FormatMessageW(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId,
					 DWORD dwLanguageId, LPWSTR lpBuffer, DWORD nSize,
					 va_list *Arguments)
{
	struct message message = { .length = 0 };
	WCHAR *text, *to;

	text = format(&message, dwFlags, lpSource, dwMessageId, dwLanguageId, Arguments);
	if (!text)
		return 0;
	to = room(dwFlags, lpBuffer, nSize, message.length + 1, sizeof(*to));
	if (to)
		memcpy(to, text, (message.length + 1) * sizeof(*to));
	free(text);
	return to ? (DWORD)message.length : 0;
}

/* Text of eight bits is UTF-8 here. */
NETCX_EXPORT DWORD WINAPI FormatMessageA(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId,
					 DWORD dwLanguageId, LPSTR lpBuffer, DWORD nSize,
					 va_list *Arguments)
{
	struct message message = { .narrow = true };
	WCHAR *source = dwFlags & FORMAT_MESSAGE_FROM_STRING ? w32_wide(lpSource) : NULL, *text;
	char *narrow, *to = NULL;
	size_t length = 0;

	text = format(&message, dwFlags, source, dwMessageId, dwLanguageId, Arguments);
	free(source);
	if (!text)
		return 0;
	/* A unit is three bytes at most. */
	narrow = malloc(message.length * 3 + 1);
	if (narrow) {
		length = utf8_from_utf16(narrow, message.length * 3 + 1, text, message.length);
		to = room(dwFlags, lpBuffer, nSize, length + 1, 1);
	}
	if (to)
		memcpy(to, narrow, length + 1);
	free(narrow);
	free(text);
	return to ? (DWORD)length : 0;
}
