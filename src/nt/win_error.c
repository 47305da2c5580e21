/* SPDX-License-Identifier: MIT */
/* Source: "System Error Codes" and "Common HRESULT values" in Microsoft's documentation. */
#include "nt/win_error.h"

#include <stddef.h>

#include "base/array.h"
#include "nt/status.h"

struct name {
	uint32_t number;
	const char *text;
};

static const struct name errors[] = {
	{ 0, "ERROR_SUCCESS" },
	{ 1, "ERROR_INVALID_FUNCTION" },
	{ 2, "ERROR_FILE_NOT_FOUND" },
	{ 3, "ERROR_PATH_NOT_FOUND" },
	{ 4, "ERROR_TOO_MANY_OPEN_FILES" },
	{ 5, "ERROR_ACCESS_DENIED" },
	{ 6, "ERROR_INVALID_HANDLE" },
	{ 8, "ERROR_NOT_ENOUGH_MEMORY" },
	{ 13, "ERROR_INVALID_DATA" },
	{ 14, "ERROR_OUTOFMEMORY" },
	{ 15, "ERROR_INVALID_DRIVE" },
	{ 18, "ERROR_NO_MORE_FILES" },
	{ 19, "ERROR_WRITE_PROTECT" },
	{ 20, "ERROR_BAD_UNIT" },
	{ 21, "ERROR_NOT_READY" },
	{ 22, "ERROR_BAD_COMMAND" },
	{ 23, "ERROR_CRC" },
	{ 24, "ERROR_BAD_LENGTH" },
	{ 31, "ERROR_GEN_FAILURE" },
	{ 32, "ERROR_SHARING_VIOLATION" },
	{ 33, "ERROR_LOCK_VIOLATION" },
	{ 38, "ERROR_HANDLE_EOF" },
	{ 50, "ERROR_NOT_SUPPORTED" },
	{ 55, "ERROR_DEV_NOT_EXIST" },
	{ 87, "ERROR_INVALID_PARAMETER" },
	{ 110, "ERROR_OPEN_FAILED" },
	{ 111, "ERROR_BUFFER_OVERFLOW" },
	{ 112, "ERROR_DISK_FULL" },
	{ 120, "ERROR_CALL_NOT_IMPLEMENTED" },
	{ 121, "ERROR_SEM_TIMEOUT" },
	{ 122, "ERROR_INSUFFICIENT_BUFFER" },
	{ 123, "ERROR_INVALID_NAME" },
	{ 126, "ERROR_MOD_NOT_FOUND" },
	{ 127, "ERROR_PROC_NOT_FOUND" },
	{ 170, "ERROR_BUSY" },
	{ 183, "ERROR_ALREADY_EXISTS" },
	{ 230, "ERROR_BAD_PIPE" },
	{ 234, "ERROR_MORE_DATA" },
	{ 258, "WAIT_TIMEOUT" },
	{ 259, "ERROR_NO_MORE_ITEMS" },
	{ 487, "ERROR_INVALID_ADDRESS" },
	{ 995, "ERROR_OPERATION_ABORTED" },
	{ 996, "ERROR_IO_INCOMPLETE" },
	{ 997, "ERROR_IO_PENDING" },
	{ 998, "ERROR_NOACCESS" },
	{ 1004, "ERROR_INVALID_FLAGS" },
	{ 1117, "ERROR_IO_DEVICE" },
	{ 1167, "ERROR_DEVICE_NOT_CONNECTED" },
	{ 1168, "ERROR_NOT_FOUND" },
	{ 1223, "ERROR_CANCELLED" },
	{ 1450, "ERROR_NO_SYSTEM_RESOURCES" },
	{ 1460, "ERROR_TIMEOUT" },
	{ 5023, "ERROR_INVALID_STATE" },
};

static const struct name results[] = {
	{ 0x00000000, "S_OK" },           { 0x00000001, "S_FALSE" },
	{ 0x80004001, "E_NOTIMPL" },      { 0x80004002, "E_NOINTERFACE" },
	{ 0x80004003, "E_POINTER" },      { 0x80004004, "E_ABORT" },
	{ 0x80004005, "E_FAIL" },         { 0x8000000a, "E_PENDING" },
	{ 0x8000000b, "E_BOUNDS" },       { 0x8000ffff, "E_UNEXPECTED" },
	{ 0x80070005, "E_ACCESSDENIED" }, { 0x80070006, "E_HANDLE" },
	{ 0x8007000e, "E_OUTOFMEMORY" },  { 0x80070057, "E_INVALIDARG" },
};

#define FACILITY_WIN32 0x80070000u
#define FACILITY_NT    0x10000000u /* a bit: the rest is an NTSTATUS */

static const char *find(const struct name *names, size_t count, uint32_t number)
{
	for (size_t i = 0; i < count; i++) {
		if (names[i].number == number)
			return names[i].text;
	}
	return NULL;
}

const char *win_error_name(uint32_t error)
{
	return find(errors, ARRAY_COUNT(errors), error);
}

const char *win_hresult_name(uint32_t hresult)
{
	const char *name = find(results, ARRAY_COUNT(results), hresult);

	if (!name && (hresult & 0xffff0000) == FACILITY_WIN32)
		name = win_error_name(hresult & 0xffff);
	if (!name && (hresult & FACILITY_NT))
		name = status_name(hresult & ~FACILITY_NT);
	return name;
}
