/* SPDX-License-Identifier: MIT */
/* Driver.c - a driver that does nothing but trace, when it is loaded and when a device comes. */
#include <ntddk.h>
#include <wdf.h>
#include <netadaptercx.h>

#include "Trace.h"
#include "Driver.tmh"

DRIVER_INITIALIZE DriverEntry;
void TraceInCxx(void);

static NTSTATUS Fails(NTSTATUS Status)
{
	RETURN_IF_FAILED(Status);
	TraceEvents(TRACE_LEVEL_INFORMATION, TRACE_INIT, "nothing failed");
	return STATUS_SUCCESS;
}

static void TraceNumbers(void)
{
	LONG64 Big = -5;

	TraceEvents(TRACE_LEVEL_INFORMATION, TRACE_DATA, "d %d u %u x %08x X %#X o %o", -1, 42u,
		    0xbeef, 0xBEEF, 8);
	TraceEvents(TRACE_LEVEL_INFORMATION, TRACE_DATA,
		    "I64 %I64d ll %llu I %Iu hd %hd hhu %hhu l %ld lx %lx", Big,
		    18446744073709551615ull, (SIZE_T)77, (SHORT)-1, (UCHAR)257, -3, 0xfffffffful);
	TraceEvents(TRACE_LEVEL_INFORMATION, TRACE_DATA,
		    "[%5d] [%-5d] [%05d] [%+d] [%*d] [%.3f] [%e]", 1, 2, 3, 4, 6, 5, 3.14159,
		    1500.0);
	TraceEvents(TRACE_LEVEL_INFORMATION, TRACE_DATA, "100 %% %c %C %p", 'c', L'w',
		    (void *)0x1000);
}

static void TraceTexts(void)
{
	DECLARE_CONST_UNICODE_STRING(Unicode, L"unicode");
	ANSI_STRING Ansi = { 4, 5, "ansi!" };
	char Unended[3] = { 'a', 'b', 'c' };

	TraceEvents(TRACE_LEVEL_INFORMATION, TRACE_DATA, "%s %S %ws %ls %wZ %Z", "narrow", L"wide",
		    L"w\x20ac", L"ls", &Unicode, &Ansi);
	TraceEvents(TRACE_LEVEL_INFORMATION, TRACE_DATA, "[%8s] [%-8s] [%.2s] [%.*s] %s", "right",
		    "left", "cut", 3, Unended, (char *)NULL);
	TraceEvents(TRACE_LEVEL_INFORMATION, TRACE_DATA,
		    L"a wide message of %s "
		    L"in two parts\n",
		    "text");
}

static void TraceTypes(void)
{
	static const GUID Guid = { 1, 2, 3, { 4, 5, 6, 7, 8, 9, 10, 11 } };
	static const UCHAR Sid[] = { 1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0 };
	static const UCHAR V6[16] = { 0xfe, 0x80, [15] = 1 };

	TraceEvents(TRACE_LEVEL_INFORMATION, TRACE_DATA,
		    "%!STATUS! %!STATUS! %!HRESULT! %!WINERROR!", STATUS_SUCCESS, STATUS_NO_MEMORY,
		    0x80070057, 5);
	TraceEvents(TRACE_LEVEL_INFORMATION, TRACE_DATA, "%!GUID! %!sid! %!bool! %!bool! %!irql!",
		    &Guid, Sid, TRUE, FALSE, KeGetCurrentIrql());
	TraceEvents(TRACE_LEVEL_INFORMATION, TRACE_DATA, "%!IPADDR! %!PORT! %!V6! %!MACADDR!",
		    0x0100007f, 0x5000, V6, V6);
	TraceEvents(TRACE_LEVEL_INFORMATION, TRACE_DATA, "%!TIMESTAMP! %!delta!",
		    132592482671230000ll, 93784000ll);
	TraceEvents(TRACE_LEVEL_INFORMATION, TRACE_DATA,
		    "%!COLOUR! %!COLOUR! %!STATE! %!STATE! %!STATE! %!SET! %!POWER!", ColourGreen,
		    9, 5, 1, -1, 5, WdfPowerDeviceD0);
	TraceEvents(TRACE_LEVEL_INFORMATION, TRACE_DATA, "%!BYTES! %!x! %!s! %d",
		    TraceBytes("\x01\xff\x10", 3), 255, "s", TRACE_SEVEN(1));
}

static void TraceToLog(void)
{
	RECORDER_CONFIGURE_PARAMS Configure;
	RECORDER_LOG_CREATE_PARAMS Create;
	RECORDER_LOG Log, Other;

	RECORDER_CONFIGURE_PARAMS_INIT(&Configure);
	WppRecorderConfigure(&Configure);
	RECORDER_LOG_CREATE_PARAMS_INIT(&Create, "a name that is too long for it");
	WppRecorderLogCreate(&Create, &Log);
	WppRecorderLogCreate(&Create, &Other);
	TraceLog(Log, "to a log %s, %d", Create.LogIdentifier, Log != Other);
	WppRecorderLogDelete(Other);
	WppRecorderLogDelete(Log);
}

static void TraceForms(void)
{
	TraceNested((TRACE_LEVEL_WARNING, TRACE_INIT, "nested %d %d", 1, 2));
	TraceNested((TRACE_LEVEL_WARNING, TRACE_INIT, "nested, without values"));
	TraceInner(TRACE_LEVEL_WARNING, TRACE_INIT, ("inner %d %d", 3, 4));
	TraceInner(TRACE_LEVEL_WARNING, TRACE_INIT, ("inner, without values"));
	TraceEnter(TRACE_INIT);
	TraceEnter(TRACE_INIT, " with %d", 7);
	TraceError("an error of %d\n", 12);
	DoTraceMessage(TRACE_INIT, "by default %s", "macro");
	LogOther("of the other provider");
	TraceToLog();
	if (KeGetCurrentIrql() > HIGH_LEVEL)
		TraceError("never");
	else
		TraceError("in an else");
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	WDF_DRIVER_CONFIG Config;

	TraceError("before anything is begun: nobody hears it");
	WPP_INIT_TRACING(DriverObject, RegistryPath);
	TraceForms();
	TraceNumbers();
	TraceTexts();
	TraceTypes();
	Fails(STATUS_NO_SUCH_DEVICE);
	Fails(STATUS_SUCCESS);
	TraceInCxx();
	WPP_CLEANUP(DriverObject);
	TraceError("after the end: nobody hears it");
	WDF_DRIVER_CONFIG_INIT(&Config, NULL);
	return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &Config, NULL);
}
