/* SPDX-License-Identifier: MIT */
/* Counted strings. DDI pages Rtl*UnicodeString*: lengths in bytes, without terminators. */
#include <ntddk.h>
#include <stdbool.h>
#include <string.h>

#include "base/hex.h"
#include "nt/export.h"

NETCX_EXPORT SIZE_T RtlCompareMemory(const VOID *Source1, const VOID *Source2, SIZE_T Length)
{
	const UCHAR *a = Source1, *b = Source2;
	SIZE_T same = 0;

	while (same < Length && a[same] == b[same])
		same++;
	return same;
}

/* The simple one-to-one mappings of the alphabets that case differs in, below U+0460. */
NETCX_EXPORT WCHAR RtlUpcaseUnicodeChar(WCHAR Character)
{
	WCHAR c = Character;

	if (c < 0x80)
		return c >= 'a' && c <= 'z' ? (WCHAR)(c - 0x20) : c;
	if (c >= 0xE0 && c <= 0xFE && c != 0xF7)
		return (WCHAR)(c - 0x20);
	if (c == 0xFF)
		return 0x178;
	/* Latin Extended-A: pairs, the capital first, at even or at odd places. */
	if ((c >= 0x100 && c <= 0x137 && c != 0x131) || (c >= 0x14A && c <= 0x177))
		return (WCHAR)(c & ~1u);
	if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E))
		return c & 1 ? c : (WCHAR)(c - 1);
	if (c >= 0x3B1 && c <= 0x3C9 && c != 0x3C2)
		return (WCHAR)(c - 0x20);
	if (c >= 0x430 && c <= 0x44F)
		return (WCHAR)(c - 0x20);
	if (c >= 0x450 && c <= 0x45F)
		return (WCHAR)(c - 0x50);
	return c;
}

/* DDI page: a source too long for the structure is cut to what it can count. */
NETCX_EXPORT void RtlInitUnicodeString(PUNICODE_STRING Destination, PCWSTR Source)
{
	size_t units = 0;

	*Destination = (UNICODE_STRING){ .Buffer = (PWCH)(ULONG_PTR)Source };
	if (!Source)
		return;
	while (Source[units] && units < UNICODE_STRING_MAX_CHARS - 1)
		units++;
	Destination->Length = (USHORT)(units * sizeof(WCHAR));
	Destination->MaximumLength = (USHORT)(Destination->Length + sizeof(WCHAR));
}

NETCX_EXPORT LONG RtlCompareUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2,
					  BOOLEAN CaseInSensitive)
{
	size_t a = String1->Length / sizeof(WCHAR), b = String2->Length / sizeof(WCHAR);

	for (size_t i = 0; i < a && i < b; i++) {
		WCHAR x = String1->Buffer[i], y = String2->Buffer[i];

		if (CaseInSensitive) {
			x = RtlUpcaseUnicodeChar(x);
			y = RtlUpcaseUnicodeChar(y);
		}
		if (x != y)
			return (LONG)x - (LONG)y;
	}
	return (LONG)a - (LONG)b;
}

NETCX_EXPORT BOOLEAN RtlEqualUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2,
					   BOOLEAN CaseInSensitive)
{
	return String1->Length == String2->Length &&
	       RtlCompareUnicodeString(String1, String2, CaseInSensitive) == 0;
}

/* A terminator where there is room for one, as Windows does. */
static void terminate(PUNICODE_STRING string)
{
	if ((size_t)string->Length + sizeof(WCHAR) <= string->MaximumLength)
		string->Buffer[string->Length / sizeof(WCHAR)] = 0;
}

NETCX_EXPORT void RtlCopyUnicodeString(PUNICODE_STRING Destination, PCUNICODE_STRING Source)
{
	USHORT length = Source ? Source->Length : 0;

	if (length > Destination->MaximumLength)
		length = Destination->MaximumLength;
	if (length)
		memmove(Destination->Buffer, Source->Buffer, length);
	Destination->Length = length;
	terminate(Destination);
}

NETCX_EXPORT NTSTATUS RtlAppendUnicodeStringToString(PUNICODE_STRING Destination,
						     PCUNICODE_STRING Source)
{
	size_t length = (size_t)Destination->Length + Source->Length;

	if (length > Destination->MaximumLength)
		return STATUS_BUFFER_TOO_SMALL;
	if (Source->Length)
		memmove((char *)Destination->Buffer + Destination->Length, Source->Buffer,
			Source->Length);
	Destination->Length = (USHORT)length;
	terminate(Destination);
	return STATUS_SUCCESS;
}

NETCX_EXPORT NTSTATUS RtlAppendUnicodeToString(PUNICODE_STRING Destination, PCWSTR Source)
{
	UNICODE_STRING source;

	RtlInitUnicodeString(&source, Source);
	return RtlAppendUnicodeStringToString(Destination, &source);
}

static bool valid_base(ULONG base)
{
	return base == 2 || base == 8 || base == 10 || base == 16;
}

/* Blanks, a sign, a prefix when no base is given, digits; what follows is not looked at. */
NETCX_EXPORT NTSTATUS RtlUnicodeStringToInteger(PCUNICODE_STRING String, ULONG Base, PULONG Value)
{
	const WCHAR *at = String->Buffer, *end = at + String->Length / sizeof(WCHAR);
	bool negative = false;
	ULONG value = 0;

	while (at < end && *at <= ' ')
		at++;
	if (at < end && (*at == '-' || *at == '+'))
		negative = *at++ == '-';
	if (!Base) {
		WCHAR prefix = end - at >= 2 && at[0] == '0' ? at[1] : 0;

		Base = prefix == 'x' ? 16 : prefix == 'o' ? 8 : prefix == 'b' ? 2 : 10;
		at += Base == 10 ? 0 : 2;
	}
	if (!valid_base(Base))
		return STATUS_INVALID_PARAMETER;
	for (; at < end && hex_digit(*at) < Base; at++)
		value = value * Base + hex_digit(*at);
	*Value = negative ? 0 - value : value;
	return STATUS_SUCCESS;
}

NETCX_EXPORT NTSTATUS RtlIntegerToUnicodeString(ULONG Value, ULONG Base, PUNICODE_STRING String)
{
	WCHAR digits[32];
	unsigned count = 0;

	Base = Base ? Base : 10;
	if (!valid_base(Base))
		return STATUS_INVALID_PARAMETER;
	do {
		digits[count++] = (WCHAR)u"0123456789ABCDEF"[Value % Base];
		Value /= Base;
	} while (Value);
	if (count * sizeof(WCHAR) > String->MaximumLength)
		return STATUS_BUFFER_OVERFLOW;
	for (unsigned i = 0; i < count; i++)
		String->Buffer[i] = digits[count - 1 - i];
	String->Length = (USHORT)(count * sizeof(WCHAR));
	terminate(String);
	return STATUS_SUCCESS;
}
