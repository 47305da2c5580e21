/* SPDX-License-Identifier: MIT */
/*
 * netconfiguration.h - the configuration of an adapter or device: keywords like *LsoV2IPv4, set by
 * the INF and the administrator. All DDIs at PASSIVE_LEVEL. Part of netadaptercx.h.
 */
#ifndef NETCX_NETCONFIGURATION_H
#define NETCX_NETCONFIGURATION_H

#include <parts/netcxnames.h>
#include <netadaptercxtypes.h>
#include <parts/netadapterlink.h>

typedef enum _NET_CONFIGURATION_QUERY_ULONG_FLAGS NETCX_INT_ENUM {
	NET_CONFIGURATION_QUERY_ULONG_NO_FLAGS = 0x00000000,
	NET_CONFIGURATION_QUERY_ULONG_MAY_BE_STORED_AS_HEX_STRING = 0x00000001
} NET_CONFIGURATION_QUERY_ULONG_FLAGS;
DEFINE_ENUM_FLAG_OPERATORS(NET_CONFIGURATION_QUERY_ULONG_FLAGS)

EXTERN_C_START

VOID NetConfigurationClose(NETCONFIGURATION Configuration);
NTSTATUS NetConfigurationOpenSubConfiguration(NETCONFIGURATION Configuration,
					      PCUNICODE_STRING SubConfigurationName,
					      PWDF_OBJECT_ATTRIBUTES SubConfigurationAttributes,
					      NETCONFIGURATION *SubConfiguration);

/* Numbers are usually stored as decimal strings; both forms are read. Fails when the value is not
 * there. */
NTSTATUS NetConfigurationQueryUlong(NETCONFIGURATION Configuration,
				    NET_CONFIGURATION_QUERY_ULONG_FLAGS Flags,
				    PCUNICODE_STRING ValueName, PULONG Value);
NTSTATUS NetConfigurationQueryString(NETCONFIGURATION Configuration, PCUNICODE_STRING ValueName,
				     PWDF_OBJECT_ATTRIBUTES StringAttributes, WDFSTRING *WdfString);
NTSTATUS NetConfigurationQueryMultiString(NETCONFIGURATION Configuration,
					  PCUNICODE_STRING ValueName,
					  PWDF_OBJECT_ATTRIBUTES StringsAttributes,
					  WDFCOLLECTION Collection);
NTSTATUS NetConfigurationQueryBinary(NETCONFIGURATION Configuration, PCUNICODE_STRING ValueName,
				     _Strict_type_match_ POOL_TYPE PoolType,
				     PWDF_OBJECT_ATTRIBUTES MemoryAttributes, WDFMEMORY *WdfMemory);

/* The keyword NetworkAddress: the address an administrator wants instead of the card's own. */
NTSTATUS NetConfigurationQueryLinkLayerAddress(NETCONFIGURATION Configuration,
					       PNET_ADAPTER_LINK_LAYER_ADDRESS LinkLayerAddress);

NTSTATUS NetConfigurationAssignUlong(NETCONFIGURATION Configuration, PCUNICODE_STRING ValueName,
				     ULONG Value);
NTSTATUS NetConfigurationAssignUnicodeString(NETCONFIGURATION Configuration,
					     PCUNICODE_STRING ValueName, PCUNICODE_STRING Value);
NTSTATUS NetConfigurationAssignMultiString(NETCONFIGURATION Configuration,
					   PCUNICODE_STRING ValueName,
					   WDFCOLLECTION StringsCollection);
NTSTATUS NetConfigurationAssignBinary(NETCONFIGURATION Configuration, PCUNICODE_STRING ValueName,
				      PVOID Buffer, ULONG BufferLength);

EXTERN_C_END

#endif
