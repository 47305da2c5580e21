/* SPDX-License-Identifier: MIT */
/*
 * winerror.h - Win32's error codes and HRESULTs. Values as in the public MS-ERREF document,
 * sections 2.1 and 2.2.
 */
#ifndef NETCX_WINERROR_H
#define NETCX_WINERROR_H

#include <ntdef.h>

#define ERROR_SUCCESS                 0
#define NO_ERROR                      0
#define ERROR_INVALID_FUNCTION        1
#define ERROR_FILE_NOT_FOUND          2
#define ERROR_PATH_NOT_FOUND          3
#define ERROR_TOO_MANY_OPEN_FILES     4
#define ERROR_ACCESS_DENIED           5
#define ERROR_INVALID_HANDLE          6
#define ERROR_NOT_ENOUGH_MEMORY       8
#define ERROR_INVALID_DATA            13
#define ERROR_OUTOFMEMORY             14
#define ERROR_INVALID_DRIVE           15
#define ERROR_NO_MORE_FILES           18
#define ERROR_WRITE_PROTECT           19
#define ERROR_NOT_READY               21
#define ERROR_BAD_COMMAND             22
#define ERROR_BAD_LENGTH              24
#define ERROR_GEN_FAILURE             31
#define ERROR_SHARING_VIOLATION       32
#define ERROR_HANDLE_EOF              38
#define ERROR_NOT_SUPPORTED           50
#define ERROR_DEV_NOT_EXIST           55
#define ERROR_FILE_EXISTS             80
#define ERROR_INVALID_PARAMETER       87
#define ERROR_BROKEN_PIPE             109
#define ERROR_OPEN_FAILED             110
#define ERROR_DISK_FULL               112
#define ERROR_CALL_NOT_IMPLEMENTED    120
#define ERROR_SEM_TIMEOUT             121
#define ERROR_INSUFFICIENT_BUFFER     122
#define ERROR_INVALID_NAME            123
#define ERROR_MOD_NOT_FOUND           126
#define ERROR_PROC_NOT_FOUND          127
#define ERROR_BUSY                    170
#define ERROR_ALREADY_EXISTS          183
#define ERROR_ENVVAR_NOT_FOUND        203
#define ERROR_MORE_DATA               234
#define WAIT_TIMEOUT                  258
#define ERROR_NO_MORE_ITEMS           259
#define ERROR_NOT_OWNER               288
#define ERROR_TOO_MANY_POSTS          298
#define ERROR_MR_MID_NOT_FOUND        317
#define ERROR_INVALID_ADDRESS         487
#define ERROR_ARITHMETIC_OVERFLOW     534
#define ERROR_OPERATION_ABORTED       995
#define ERROR_IO_INCOMPLETE           996
#define ERROR_IO_PENDING              997
#define ERROR_NOACCESS                998
#define ERROR_INVALID_FLAGS           1004
#define ERROR_DEVICE_NOT_CONNECTED    1167
#define ERROR_NOT_FOUND               1168
#define ERROR_NO_TOKEN                1008
#define ERROR_DEVICE_REMOVED          1617
#define ERROR_CANCELLED               1223
#define ERROR_RESOURCE_TYPE_NOT_FOUND 1813
#define ERROR_RESOURCE_LANG_NOT_FOUND 1815
#define ERROR_RETRY                   1237
#define ERROR_TIMEOUT                 1460
#define ERROR_NO_SYSTEM_RESOURCES     1450
#define ERROR_INTERNAL_ERROR          1359
#define ERROR_REVISION_MISMATCH       1306
#define ERROR_NO_UNICODE_TRANSLATION  1113
#define ERROR_INVALID_STATE           5023
#define ERROR_UNHANDLED_EXCEPTION     574
#define ERROR_DEVICE_NOT_AVAILABLE    4319
#define ERROR_ASSERTION_FAILURE       668
#define ERROR_ILLEGAL_CHARACTER       582
#define ERROR_UNDEFINED_CHARACTER     583
#define ERROR_NO_MORE_MATCHES         626
#define ERROR_ALERTED                 739
#define ERROR_OLD_WIN_VERSION         1150
#define ERROR_IMPLEMENTATION_LIMIT    1292
#define ERROR_XML_PARSE_ERROR         1465
#define ERROR_DEVICE_HARDWARE_ERROR   483
#define ERROR_DATATYPE_MISMATCH       1629
#define ERROR_ALREADY_INITIALIZED     1247
#define ERROR_CRC                     23
#define ERROR_LOCK_VIOLATION          33
#define ERROR_INVALID_OPERATION       4317
#define FACILITY_NULL                 0
#define FACILITY_ITF                  4
#define FACILITY_WIN32                7
#define FACILITY_WINDOWS              8
#define FACILITY_SSPI                 9
#define FACILITY_NT_BIT               0x10000000
#define SEVERITY_SUCCESS              0
#define SEVERITY_ERROR                1
#define S_OK                          ((HRESULT)0)
#define S_FALSE                       ((HRESULT)1)
#define E_NOTIMPL                     ((HRESULT)0x80004001)
#define E_OUTOFMEMORY                 ((HRESULT)0x8007000E)
#define E_INVALIDARG                  ((HRESULT)0x80070057)
#define E_NOINTERFACE                 ((HRESULT)0x80004002)
#define E_POINTER                     ((HRESULT)0x80004003)
#define E_HANDLE                      ((HRESULT)0x80070006)
#define E_ABORT                       ((HRESULT)0x80004004)
#define E_FAIL                        ((HRESULT)0x80004005)
#define E_ACCESSDENIED                ((HRESULT)0x80070005)
#define E_PENDING                     ((HRESULT)0x8000000A)
#define E_UNEXPECTED                  ((HRESULT)0x8000FFFF)
#define E_BOUNDS                      ((HRESULT)0x8000000B)
#define E_CHANGED_STATE               ((HRESULT)0x8000000C)
#define E_ILLEGAL_STATE_CHANGE        ((HRESULT)0x8000000D)
#define E_ILLEGAL_METHOD_CALL         ((HRESULT)0x8000000E)
#define E_NOT_SET                     HRESULT_FROM_WIN32(ERROR_NOT_FOUND)
#define E_NOT_VALID_STATE             HRESULT_FROM_WIN32(ERROR_INVALID_STATE)
#define E_NOT_SUFFICIENT_BUFFER       HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER)
#define CLASS_E_NOAGGREGATION         ((HRESULT)0x80040110)
#define CLASS_E_CLASSNOTAVAILABLE     ((HRESULT)0x80040111)
#define CO_E_NOTINITIALIZED           ((HRESULT)0x800401F0)
#define DISP_E_OVERFLOW               ((HRESULT)0x8002000A)
#define RO_E_CLOSED                   ((HRESULT)0x80000013)

#define SUCCEEDED(hr)                 (((HRESULT)(hr)) >= 0)
#define FAILED(hr)                    (((HRESULT)(hr)) < 0)
#define IS_ERROR(status)              (((unsigned int)(status)) >> 31 == SEVERITY_ERROR)
#define HRESULT_CODE(hr)              ((hr)&0xFFFF)
#define HRESULT_FACILITY(hr)          (((hr) >> 16) & 0x1fff)
#define HRESULT_SEVERITY(hr)          (((hr) >> 31) & 0x1)
#define SCODE_CODE(sc)                HRESULT_CODE(sc)
#define SCODE_FACILITY(sc)            HRESULT_FACILITY(sc)
#define MAKE_HRESULT(severity, facility, code)                                           \
	((HRESULT)(((unsigned int)(severity) << 31) | ((unsigned int)(facility) << 16) | \
		   ((unsigned int)(code))))
#define HRESULT_FROM_NT(status) ((HRESULT)((status) | FACILITY_NT_BIT))
#define __HRESULT_FROM_WIN32(error)   \
	((HRESULT)(error) <= 0        \
		 ? ((HRESULT)(error)) \
		 : ((HRESULT)(((error)&0x0000FFFF) | (FACILITY_WIN32 << 16) | 0x80000000)))

/* A function, so that its argument is looked at once. */
FORCEINLINE HRESULT HRESULT_FROM_WIN32(unsigned int x)
{
	return __HRESULT_FROM_WIN32(x);
}

#endif
