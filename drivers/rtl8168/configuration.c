/* SPDX-License-Identifier: MIT */
/*
 * configuration.c - the keywords of rtl8168.inf that are the driver's to read. Those of the
 * offloads are read by the framework.
 */
#include "adapter.h"

#define RT_STANDARD_FRAME   1514
#define RT_BUFFERS_MINIMUM  64
#define RT_BUFFERS_TRANSMIT 256
#define RT_BUFFERS_RECEIVE  512

/* A keyword that is missing or makes no sense has its default. */
static ULONG
RtConfigurationQuery(NETCONFIGURATION Configuration, PCUNICODE_STRING Name, ULONG Minimum,
		     ULONG Maximum, ULONG Default)
{
	ULONG value;
	NTSTATUS status;

	status = NetConfigurationQueryUlong(Configuration, NET_CONFIGURATION_QUERY_ULONG_NO_FLAGS,
					    Name, &value);
	if (!NT_SUCCESS(status) || value < Minimum || value > Maximum)
		return Default;
	return value;
}

/* The framework's rings have a power of two of elements. */
static ULONG
RtConfigurationPowerOfTwo(ULONG Value)
{
	ULONG power = RT_BUFFERS_MINIMUM;

	while (power < Value)
		power <<= 1;
	return power;
}

NTSTATUS
RtConfigurationRead(RT_ADAPTER *Adapter)
{
	DECLARE_CONST_UNICODE_STRING(jumboPacket, L"*JumboPacket");
	DECLARE_CONST_UNICODE_STRING(transmitBuffers, L"*TransmitBuffers");
	DECLARE_CONST_UNICODE_STRING(receiveBuffers, L"*ReceiveBuffers");
	DECLARE_CONST_UNICODE_STRING(interruptModeration, L"*InterruptModeration");
	DECLARE_CONST_UNICODE_STRING(priorityVlanTag, L"*PriorityVLANTag");
	DECLARE_CONST_UNICODE_STRING(rscDuplicateAcks, L"RscDuplicateAcks");
	RT_CONFIGURATION *values = &Adapter->Configuration;
	NETCONFIGURATION configuration;
	NTSTATUS status;

	PAGED_CODE();

	status = NetAdapterOpenConfiguration(Adapter->NetAdapter, WDF_NO_OBJECT_ATTRIBUTES,
					     &configuration);
	if (!NT_SUCCESS(status))
		return status;

	values->MaximumFrame = RtConfigurationQuery(configuration, &jumboPacket, RT_STANDARD_FRAME,
						    RT_MAXIMUM_JUMBO, RT_STANDARD_FRAME);
	values->TransmitBuffers = RtConfigurationPowerOfTwo(
		RtConfigurationQuery(configuration, &transmitBuffers, RT_BUFFERS_MINIMUM,
				     RT_RING_MAXIMUM, RT_BUFFERS_TRANSMIT));
	values->ReceiveBuffers = RtConfigurationPowerOfTwo(
		RtConfigurationQuery(configuration, &receiveBuffers, RT_BUFFERS_MINIMUM,
				     RT_RING_MAXIMUM, RT_BUFFERS_RECEIVE));
	values->InterruptModeration =
		RtConfigurationQuery(configuration, &interruptModeration, FALSE, TRUE, TRUE) != 0;
	values->PriorityVlanTag =
		RtConfigurationQuery(configuration, &priorityVlanTag, 0,
				     RT_TAG_PRIORITY | RT_TAG_VLAN, RT_TAG_PRIORITY | RT_TAG_VLAN);
	values->CountDuplicateAcks =
		RtConfigurationQuery(configuration, &rscDuplicateAcks, FALSE, TRUE, FALSE) != 0;

	NetConfigurationClose(configuration);
	return STATUS_SUCCESS;
}
