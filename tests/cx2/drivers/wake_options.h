/* SPDX-License-Identifier: MIT */
/*
 * What a test asks of the 2.x driver "wake". Seen by both sides: no type of NetAdapterCx. The
 * driver exports it as WakeOptions; everything is declared unless it says otherwise.
 */
#ifndef TESTS_CX2_WAKE_OPTIONS_H
#define TESTS_CX2_WAKE_OPTIONS_H

#include <ntddk.h>

/* What the driver reports when its signal has woken the system. */
enum WAKE_REPORT {
	ReportPattern, /* the first bitmap pattern's id, with a packet of 60 bytes */
	ReportMagic,
	ReportFilter,
	ReportEapol,
	ReportConnect,
	ReportDisconnect,
	ReportNoPacket, /* a pattern, without the packet */
	ReportNothing
};

/* What a thread of the driver's own does, from its start until its hardware is released. */
enum WAKE_WALK {
	WalkNot,
	WalkLists,        /* fills lists */
	WalkDeclarations, /* and declares anew what can wake the adapter */
	WalkElements,     /* reads a list that it has filled */
	WalkAdapters      /* two of them: make and delete adapters, start some of the first */
};

typedef struct _WAKE_OPTIONS {
	SIZE_T Patterns, PatternSize, Arp, Ns; /* at most; 0: not declared */
	BOOLEAN Magic, Eapol, Connect, Disconnect, Filter;
	BOOLEAN OneDatapath;    /* of several adapters only the first makes queues */
	BOOLEAN NoPreview;      /* no NET_DEVICE_POWER_POLICY_EVENT_CALLBACKS */
	NTSTATUS PreviewStatus; /* of each preview callback */
	enum WAKE_REPORT Report;
	enum WAKE_WALK Walk;
	LONG StopWalking;
	const char *Break; /* the rule to break: see wake_rules.c */

	/* filled in by the driver */
	PVOID Device, Adapter;
	LONG Walked;         /* rounds; -1: the thread is at its end */
	ULONG QueriedReason; /* NET_WAKE_REASON_TYPE after the report; of 2.4 and later */
} WAKE_OPTIONS;

#endif
