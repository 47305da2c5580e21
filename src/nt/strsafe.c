/* SPDX-License-Identifier: MIT */
/* What ntstrsafe.h does not do in line: printf as Windows has it. */
#include <ntstrsafe.h>
#include <stdint.h>

#include "nt/export.h"
#include "nt/format.h"

/* DDI page RtlStringCchVPrintfA. The largest size is the header's. */
NETCX_EXPORT NTSTATUS netcx_vprintf(PSTR Destination, size_t Size, PCSTR Format, va_list Arguments)
{
	if (Size > NTSTRSAFE_MAX_CCH)
		Destination[0] = 0;
	if (Size == 0 || Size > NTSTRSAFE_MAX_CCH)
		return STATUS_INVALID_PARAMETER;
	return nt_format(Destination, Size, Format, Arguments) < Size ? STATUS_SUCCESS
								      : STATUS_BUFFER_OVERFLOW;
}

/* DDI page RtlStringCchVPrintfW. */
NETCX_EXPORT NTSTATUS netcx_vprintf_wide(PWSTR Destination, size_t Units, PCWSTR Format,
					 va_list Arguments)
{
	size_t whole;

	if (Units > NTSTRSAFE_MAX_CCH)
		Destination[0] = 0;
	if (Units == 0 || Units > NTSTRSAFE_MAX_CCH)
		return STATUS_INVALID_PARAMETER;
	whole = nt_format_wide(Destination, Units, Format, Arguments);
	if (whole != SIZE_MAX)
		return whole < Units ? STATUS_SUCCESS : STATUS_BUFFER_OVERFLOW;
	Destination[0] = 0;
	return STATUS_INSUFFICIENT_RESOURCES;
}
