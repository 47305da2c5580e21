/* SPDX-License-Identifier: MIT */
/*
 * netconfiguration.h - the configuration of an adapter or device: keywords like *LsoV2IPv4, set by
 * the INF and the administrator. All DDIs at PASSIVE_LEVEL. Part of netadaptercx.h.
 */
#ifndef NETCX_NETCONFIGURATION_2_H
#define NETCX_NETCONFIGURATION_2_H

#include <netadapter.h>

EXTERN_C_START

typedef enum _NET_CONFIGURATION_QUERY_ULONG_FLAGS NETCX_INT_ENUM {
	NET_CONFIGURATION_QUERY_ULONG_NO_FLAGS = 0,
	NET_CONFIGURATION_QUERY_ULONG_MAY_BE_STORED_AS_HEX_STRING = 1
} NET_CONFIGURATION_QUERY_ULONG_FLAGS;

void NetConfigurationClose(NETCONFIGURATION Configuration) NETCX_SYMBOL(NetConfigurationClose);
NTSTATUS NetConfigurationOpenSubConfiguration(NETCONFIGURATION Configuration,
					      PCUNICODE_STRING SubConfigurationName,
					      WDF_OBJECT_ATTRIBUTES *SubConfigurationAttributes,
					      NETCONFIGURATION *SubConfiguration)
	NETCX_SYMBOL(NetConfigurationOpenSubConfiguration);

/* Numbers are usually stored as decimal strings; both forms are read. Fails when the value is not
 * there. */
NTSTATUS NetConfigurationQueryUlong(NETCONFIGURATION Configuration,
				    NET_CONFIGURATION_QUERY_ULONG_FLAGS Flags,
				    PCUNICODE_STRING ValueName, ULONG *Value)
	NETCX_SYMBOL(NetConfigurationQueryUlong);
NTSTATUS NetConfigurationQueryString(NETCONFIGURATION Configuration, PCUNICODE_STRING ValueName,
				     WDF_OBJECT_ATTRIBUTES *StringAttributes, WDFSTRING *WdfString)
	NETCX_SYMBOL(NetConfigurationQueryString);
NTSTATUS NetConfigurationQueryMultiString(NETCONFIGURATION Configuration,
					  PCUNICODE_STRING ValueName,
					  WDF_OBJECT_ATTRIBUTES *StringsAttributes,
					  WDFCOLLECTION Collection)
	NETCX_SYMBOL(NetConfigurationQueryMultiString);
NTSTATUS NetConfigurationQueryBinary(NETCONFIGURATION Configuration, PCUNICODE_STRING ValueName,
				     _Strict_type_match_ POOL_TYPE PoolType,
				     WDF_OBJECT_ATTRIBUTES *MemoryAttributes, WDFMEMORY *Memory)
	NETCX_SYMBOL(NetConfigurationQueryBinary);

/* The keyword NetworkAddress: the address an administrator wants instead of the card's own. */
NTSTATUS NetConfigurationQueryLinkLayerAddress(NETCONFIGURATION Configuration,
					       NET_ADAPTER_LINK_LAYER_ADDRESS *LinkLayerAddress)
	NETCX_SYMBOL(NetConfigurationQueryLinkLayerAddress);

NTSTATUS NetConfigurationAssignUlong(NETCONFIGURATION Configuration, PCUNICODE_STRING ValueName,
				     ULONG Value) NETCX_SYMBOL(NetConfigurationAssignUlong);
NTSTATUS NetConfigurationAssignUnicodeString(NETCONFIGURATION Configuration,
					     PCUNICODE_STRING ValueName, PCUNICODE_STRING Value)
	NETCX_SYMBOL(NetConfigurationAssignUnicodeString);
NTSTATUS NetConfigurationAssignMultiString(NETCONFIGURATION Configuration,
					   PCUNICODE_STRING ValueName, WDFCOLLECTION Collection)
	NETCX_SYMBOL(NetConfigurationAssignMultiString);
NTSTATUS NetConfigurationAssignBinary(NETCONFIGURATION Configuration, PCUNICODE_STRING ValueName,
				      void *Buffer, ULONG BufferLength)
	NETCX_SYMBOL(NetConfigurationAssignBinary);

EXTERN_C_END

#endif
