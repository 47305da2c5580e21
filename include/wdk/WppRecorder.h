/* SPDX-License-Identifier: MIT */
/*
 * WppRecorder.h - the in-flight recorder of WPP's traces, as drivers address it. It keeps nothing
 * here: what goes to a log is told when somebody listens. DDI pages of wpprecorder.h.
 */
#ifndef NETCX_WPPRECORDER_H
#define NETCX_WPPRECORDER_H

#include <ntdef.h>
#include <ntstatus.h>

#define RECORDER_LOG_IDENTIFIER_MAX_CHARS 16

typedef struct netcx_recorder_log *RECORDER_LOG;

typedef enum _WPP_RECORDER_TRI_STATE {
	WppRecorderFalse = 0,
	WppRecorderTrue = 1,
	WppRecorderDefault = 2,
} WPP_RECORDER_TRI_STATE;

typedef struct _RECORDER_CONFIGURE_PARAMS {
	ULONG Size;
	BOOLEAN CreateDefaultLog;
	WPP_RECORDER_TRI_STATE UseTimeStamp;
	WPP_RECORDER_TRI_STATE PreciseTimeStamp;
} RECORDER_CONFIGURE_PARAMS, *PRECORDER_CONFIGURE_PARAMS;

typedef struct _RECORDER_LOG_CREATE_PARAMS {
	ULONG Size;
	ULONG TotalBufferSize;
	ULONG ErrorPartitionSize;
	CHAR LogIdentifier[RECORDER_LOG_IDENTIFIER_MAX_CHARS];
} RECORDER_LOG_CREATE_PARAMS, *PRECORDER_LOG_CREATE_PARAMS;

FORCEINLINE VOID RECORDER_CONFIGURE_PARAMS_INIT(PRECORDER_CONFIGURE_PARAMS Params)
{
	memset(Params, 0, sizeof(*Params));
	Params->Size = sizeof(*Params);
	Params->CreateDefaultLog = TRUE;
	Params->UseTimeStamp = WppRecorderDefault;
	Params->PreciseTimeStamp = WppRecorderDefault;
}

/* What does not fit the identifier is cut; NULL is none. */
FORCEINLINE VOID RECORDER_LOG_CREATE_PARAMS_INIT(PRECORDER_LOG_CREATE_PARAMS Params,
						 const char *LogIdentifier)
{
	memset(Params, 0, sizeof(*Params));
	Params->Size = sizeof(*Params);
	for (ULONG i = 0;
	     LogIdentifier && LogIdentifier[i] && i < sizeof(Params->LogIdentifier) - 1; i++)
		Params->LogIdentifier[i] = LogIdentifier[i];
}

FORCEINLINE VOID WppRecorderConfigure(PRECORDER_CONFIGURE_PARAMS ConfigureParams)
{
	UNREFERENCED_PARAMETER(ConfigureParams);
}

/* There is nothing behind the handle; it is told apart from others by where it is kept. */
FORCEINLINE NTSTATUS WppRecorderLogCreate(PRECORDER_LOG_CREATE_PARAMS CreateParams,
					  RECORDER_LOG *RecorderLog)
{
	*RecorderLog = NULL;
	if (CreateParams->Size != sizeof(*CreateParams))
		return STATUS_INVALID_PARAMETER;
	*RecorderLog = (RECORDER_LOG)(PVOID)RecorderLog;
	return STATUS_SUCCESS;
}

FORCEINLINE VOID WppRecorderLogDelete(RECORDER_LOG RecorderLog)
{
	UNREFERENCED_PARAMETER(RecorderLog);
}

FORCEINLINE NTSTATUS WppRecorderLogSetIdentifier(RECORDER_LOG RecorderLog,
						 const char *LogIdentifier)
{
	return RecorderLog && LogIdentifier ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

FORCEINLINE BOOLEAN WppRecorderIsDefaultLogAvailable(VOID)
{
	return TRUE;
}

FORCEINLINE RECORDER_LOG WppRecorderLogGetDefault(VOID)
{
	return (RECORDER_LOG)(ULONG_PTR)0x1000;
}

#endif
