/* SPDX-License-Identifier: MIT */
/*
 * configuration.c - the keywords of virtual.inf that are the driver's to read, and the addresses
 * that come of them. The keywords of the offloads are read by the framework.
 */
#include "virtual.h"

#define VIRT_BUFFERS_MINIMUM 16
#define VIRT_BUFFERS_MAXIMUM 512
#define VIRT_BUFFERS         64
#define VIRT_LINK_MAXIMUM    65535
#define VIRT_STATION_MAXIMUM 254

/* A keyword that is missing or makes no sense has its default. */
static ULONG VirtConfigurationQuery(NETCONFIGURATION Configuration, PCUNICODE_STRING Name,
				    ULONG Minimum, ULONG Maximum, ULONG Default)
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
static ULONG VirtConfigurationPowerOfTwo(ULONG Value)
{
	ULONG power = VIRT_BUFFERS_MINIMUM;

	while (power < Value)
		power <<= 1;
	return power;
}

/*
 * The permanent address is a locally administered one of link and station, the same at each start.
 * An administrator may choose another one.
 */
static VOID VirtConfigurationReadAddress(NETCONFIGURATION Configuration, VIRT_ADAPTER *Adapter)
{
	UCHAR *permanent = Adapter->PermanentAddress;
	NET_ADAPTER_LINK_LAYER_ADDRESS chosen;
	NTSTATUS status;

	permanent[0] = 0x02;
	permanent[1] = 0x56;
	permanent[2] = 0x4E;
	VirtStore16(&permanent[3], Adapter->Configuration.Link);
	permanent[5] = (UCHAR)Adapter->Configuration.Station;
	RtlCopyMemory(Adapter->CurrentAddress, permanent, VIRT_ADDRESS);

	status = NetConfigurationQueryLinkLayerAddress(Configuration, &chosen);
	if (NT_SUCCESS(status) && chosen.Length == VIRT_ADDRESS && (chosen.Address[0] & 1) == 0)
		RtlCopyMemory(Adapter->CurrentAddress, chosen.Address, VIRT_ADDRESS);
}

NTSTATUS
VirtConfigurationRead(VIRT_ADAPTER *Adapter)
{
	DECLARE_CONST_UNICODE_STRING(link, L"LinkNumber");
	DECLARE_CONST_UNICODE_STRING(station, L"Station");
	DECLARE_CONST_UNICODE_STRING(jumboPacket, L"*JumboPacket");
	DECLARE_CONST_UNICODE_STRING(receiveBuffers, L"*ReceiveBuffers");
	DECLARE_CONST_UNICODE_STRING(priorityVlanTag, L"*PriorityVLANTag");
	VIRT_CONFIGURATION *values = &Adapter->Configuration;
	NETCONFIGURATION configuration;
	NTSTATUS status;

	PAGED_CODE();

	status = NetAdapterOpenConfiguration(Adapter->NetAdapter, WDF_NO_OBJECT_ATTRIBUTES,
					     &configuration);
	if (!NT_SUCCESS(status))
		return status;

	values->Link = VirtConfigurationQuery(configuration, &link, 1, VIRT_LINK_MAXIMUM, 1);
	values->Station =
		VirtConfigurationQuery(configuration, &station, 1, VIRT_STATION_MAXIMUM, 1);
	values->MaximumFrame =
		VirtConfigurationQuery(configuration, &jumboPacket, VIRT_STANDARD_FRAME,
				       VIRT_MAXIMUM_JUMBO, VIRT_STANDARD_FRAME);
	values->ReceiveBuffers = VirtConfigurationPowerOfTwo(
		VirtConfigurationQuery(configuration, &receiveBuffers, VIRT_BUFFERS_MINIMUM,
				       VIRT_BUFFERS_MAXIMUM, VIRT_BUFFERS));
	values->BufferSize =
		values->MaximumFrame + VIRT_TAG <= VIRT_BUFFER ? VIRT_BUFFER : VIRT_JUMBO_BUFFER;
	values->PriorityVlanTag = VirtConfigurationQuery(configuration, &priorityVlanTag, 0,
							 VIRT_TAG_PRIORITY | VIRT_TAG_VLAN,
							 VIRT_TAG_PRIORITY | VIRT_TAG_VLAN);
	VirtConfigurationReadAddress(configuration, Adapter);

	NetConfigurationClose(configuration);
	return STATUS_SUCCESS;
}
