/* SPDX-License-Identifier: MIT */
/* wpp.h - what the trace message headers that `netcx build` makes stand on. Not for drivers. */
#ifndef NETCX_WPP_H
#define NETCX_WPP_H

#include <evntrace.h>
#include <ntdef.h>

/* What a value is. Numbers are in @number, or @size bytes at @data when that is not NULL. */
enum {
	NETCX_WPP_NOTHING,
	NETCX_WPP_FUNCTION, /* the name of the function that traces; takes no value */
	NETCX_WPP_NUMBER,   /* @form is printf's, of a long long */
	NETCX_WPP_SIGNED,
	NETCX_WPP_UNSIGNED,
	NETCX_WPP_HEX,
	NETCX_WPP_REAL, /* a double's bits; @form is printf's */
	/* Of all others @form is printf's, of a string, for a width and a precision. */
	NETCX_WPP_POINTER, /* @data itself */
	NETCX_WPP_CHARACTER,
	NETCX_WPP_WIDE_CHARACTER,
	NETCX_WPP_STRING,
	NETCX_WPP_WIDE_STRING,
	NETCX_WPP_ANSI_STRING, /* a STRING; from WPP_LOGPAIR two values: its length and its bytes */
	NETCX_WPP_UNICODE_STRING,
	NETCX_WPP_DUMP, /* bytes; two values, as above */
	NETCX_WPP_BOOL,
	NETCX_WPP_IRQL,
	NETCX_WPP_STATUS,
	NETCX_WPP_HRESULT,
	NETCX_WPP_WINERROR,
	NETCX_WPP_OID,
	NETCX_WPP_GUID,
	NETCX_WPP_SID,
	NETCX_WPP_IPV4, /* as it lies in a packet */
	NETCX_WPP_IPV6,
	NETCX_WPP_MAC,
	NETCX_WPP_PORT,  /* as it lies in a packet */
	NETCX_WPP_TIME,  /* 100 ns since 1601 */
	NETCX_WPP_DELTA, /* ms */
	NETCX_WPP_LIST,  /* @form: "0First,1Second" */
	NETCX_WPP_SET,   /* the same of bits */
	NETCX_WPP_ENUM,  /* @data: its name; NULL: it has none */
};

/* Text, and a value behind it. */
struct netcx_wpp_piece {
	const char *text, *form;
	ULONG kind;
	ULONG stars; /* width and precision that are values of their own, before it */
	ULONG slots; /* values that it is made of */
};

struct netcx_wpp_value {
	ULONG64 number;
	const volatile void *data;
	SIZE_T size;
};

/* One trace call. */
struct netcx_wpp_site {
	const char *file, *flags;
	const struct netcx_wpp_piece *pieces;
	ULONG line, count;
};

#define NETCX_WPP_FLAG_WORDS 8 /* 256 flags of one provider */

/*
 * A provider, in the driver's memory. Level and Flags are 0 while nobody listens; they are written
 * by the host, at any time.
 */
typedef struct _WPP_TRACE_CONTROL_BLOCK {
	TRACEHANDLE Logger; /* this block's address, once it is registered */
	const char *name, *guid, *bits;
	volatile ULONG Flags[NETCX_WPP_FLAG_WORDS];
	volatile UCHAR Level;
	UCHAR AutoLogVerboseEnabled; /* nothing is recorded but by who listens */
	UCHAR AutoLogAttachToMiniDump;
	UCHAR registered;
	PVOID AutoLogContext;
} WPP_TRACE_CONTROL_BLOCK, *PWPP_TRACE_CONTROL_BLOCK;

typedef struct _WPP_CB_TYPE {
	WPP_TRACE_CONTROL_BLOCK Control;
} WPP_CB_TYPE, *PWPP_CB_TYPE;

EXTERN_C_START

VOID netcx_wpp_register(WPP_CB_TYPE *Controls, ULONG Count);
VOID netcx_wpp_unregister(WPP_CB_TYPE *Controls, ULONG Count);
VOID netcx_wpp_write(TRACEHANDLE Logger, const struct netcx_wpp_site *Site, LONG Level,
		     const char *Function, const struct netcx_wpp_value *Values, SIZE_T Count);

EXTERN_C_END

FORCEINLINE struct netcx_wpp_value netcx_wpp_real(double Value)
{
	struct netcx_wpp_value value = { 0, 0, 0 };

	memcpy(&value.number, &Value, sizeof(Value));
	return value;
}

#endif
