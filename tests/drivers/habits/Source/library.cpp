/* SPDX-License-Identifier: MIT */
//
// library.cpp - helpers that drivers take from the kit's headers.
//
#include <initguid.h>
#include "precomp.h"
#include <wdmguid.h>

#include "trace.h"
#include "adapter.h"

// {6C1A7C52-1B5E-4E0E-9D0C-6B1B4C0E2A11}
DEFINE_GUID(GUID_HABITS, 0x6c1a7c52, 0x1b5e, 0x4e0e, 0x9d, 0x0c, 0x6b, 0x1b, 0x4c, 0x0e, 0x2a,
	    0x11);

static bool CheckHeaders(VOID)
{
	static UCHAR const frame[] = { 0x02, 0, 0,    0, 0, 1,  0x02, 0, 0,    0, 0,  2,
				       0x08, 0, 0x45, 0, 0, 40, 0,    1, 0x40, 0, 64, 6,
				       0,    0, 10,   0, 0, 1,  10,   0, 0,    2 };
	auto ethernet = reinterpret_cast<ETHERNET_HEADER const *>(frame);
	auto ip = reinterpret_cast<IPV4_HEADER UNALIGNED const *>(ethernet + 1);

	return RtlUshortByteSwap(ethernet->Type) == ETHERNET_TYPE_IPV4 && ip->Version == 4 &&
	       ip->HeaderLength == 5 && ip->DontFragment == 1 && ip->Protocol == 6 &&
	       ethernet->Destination.Byte[5] == 1;
}

VOID HabitsCheckLibrary(VOID)
{
	static UCHAR const bytes[] = { 0x45, 0x00, 0x00, 0x1C, 0xAB };
	ULONG product, index = 99;
	WCHAR text[16];

	HABIT("ntintsafe", NT_SUCCESS(RtlULongMult(3, 5, &product)) && product == 15 &&
				   RtlULongMult(MAXULONG, 2, &product) == STATUS_INTEGER_OVERFLOW);
	HABIT("USHORT_MAX", USHORT_MAX == 0xFFFF);
	HABIT("ntstrsafe", NT_SUCCESS(RtlStringCchCopyW(text, ARRAYSIZE(text), L"habit")) &&
				   RtlStringCchCatW(text, ARRAYSIZE(text), L"-and-much-more") ==
					   STATUS_BUFFER_OVERFLOW &&
				   text[14] == L'-' && text[15] == 0);
	HABIT("intrinsics",
	      _BitScanForward(&index, 0x50) && index == 4 && _byteswap_ushort(0x1234) == 0x3412);
	HABIT("guid", GUID_HABITS.Data1 == 0x6c1a7c52 && GUID_HABITS.Data4[7] == 0x11 &&
			      GUID_BUS_INTERFACE_STANDARD.Data2 == 0x6f25);
	HABIT("headers of packets", CheckHeaders());
	HABIT("a file in C", HabitsChecksum(bytes, sizeof(bytes)) == 0x0FE3);

	// An entry in the event log needs no adapter here.
	NdisWriteErrorLogEntry(NULL, NDIS_ERROR_CODE_NETWORK_ADDRESS, 2, 5, 0x1000);

	TraceLoggingWrite(HabitsTraceProvider, "Fields", TraceLoggingLevel(TRACE_LEVEL_WARNING),
			  TraceLoggingKeyword(0x10), TraceLoggingInt32(-5, "Negative"),
			  TraceLoggingUInt64(1ULL << 40, "Large"),
			  TraceLoggingBinary(bytes, sizeof(bytes), "Bytes"),
			  TraceLoggingGuid(GUID_HABITS, "Guid"),
			  TraceLoggingWChar(L'\x20AC', "Euro"),
			  TraceLoggingString("a \"quoted\" text", "Text", "a description"),
			  TraceLoggingUInt8(product));
}
