/* SPDX-License-Identifier: MIT */
/* A driver of the tiny shape: what is sent comes back. One at a time, linked into the test. */
#ifndef TESTS_SHAPE_DRIVER_H
#define TESTS_SHAPE_DRIVER_H

#include <ntddk.h>

NTSTATUS TinyDriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath);

/* What it was given; read when nothing runs. */
extern struct tiny_seen {
	ULONG packets, large; /* transmitted, and those to be cut in segments */
	ULONG tagged;         /* with a tag beside the frame */
	ULONG offloads;       /* calls of Offload */
	BOOLEAN ipv4, ipv6;   /* of the last one */
} tiny_seen;

/* What was one packet to be cut comes back as the segments that hardware has made one again. */
extern BOOLEAN tiny_coalesces;

#endif
