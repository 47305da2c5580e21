/* SPDX-License-Identifier: MIT */
/*
 * The standardized INF keywords of network adapters and the values each takes.
 * Source: "Standardized INF Keywords for Network Devices" and the pages it leads to, Windows
 * driver documentation. Numbers that the pages leave to the driver are bounded only by sense.
 */
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "inf/keyword.h"

static const struct keyword_option off_on[] = { { 0, "off" }, { 1, "on" } };
static const struct keyword_option directions[] = {
	{ 0, "off" }, { 1, "transmit" }, { 2, "receive" }, { 3, "both" }
};
static const struct keyword_option flow_control[] = {
	{ 0, "off" }, { 1, "transmit" }, { 2, "receive" }, { 3, "both" }, { 4, "negotiated" }
};
static const struct keyword_option priority_vlan[] = {
	{ 0, "off" }, { 1, "priority" }, { 2, "VLAN" }, { 3, "both" }
};
static const struct keyword_option speed_duplex[] = {
	{ 0, "negotiated" },    { 1, "10 Mbit half" },  { 2, "10 Mbit full" },
	{ 3, "100 Mbit half" }, { 4, "100 Mbit full" }, { 5, "1 Gbit half" },
	{ 6, "1 Gbit full" },   { 7, "10 Gbit full" },  { 8, "20 Gbit full" },
	{ 9, "40 Gbit full" },  { 10, "100 Gbit full" }
};
static const struct keyword_option profile[] = { { 1, "closest" },
						 { 2, "closest static" },
						 { 3, "NUMA" },
						 { 4, "NUMA static" },
						 { 5, "conservative" } };

#define ENUM(n, o)                                                                                \
	{                                                                                         \
		.name = (n), .type = KEYWORD_ENUM, .options = (o), .option_count = ARRAY_COUNT(o) \
	}
#define NUMBER(n, low, high)                                                              \
	{                                                                                 \
		.name = (n), .type = KEYWORD_NUMBER, .minimum = (low), .maximum = (high), \
		.base = 10                                                                \
	}

static const struct keyword standard[] = {
	/* offloads: what the offload manager reads */
	ENUM("*LsoV1IPv4", off_on),
	ENUM("*LsoV2IPv4", off_on),
	ENUM("*LsoV2IPv6", off_on),
	ENUM("*IPChecksumOffloadIPv4", directions),
	ENUM("*TCPChecksumOffloadIPv4", directions),
	ENUM("*TCPChecksumOffloadIPv6", directions),
	ENUM("*UDPChecksumOffloadIPv4", directions),
	ENUM("*UDPChecksumOffloadIPv6", directions),
	ENUM("*TCPUDPChecksumOffloadIPv4", directions),
	ENUM("*TCPUDPChecksumOffloadIPv6", directions),
	ENUM("*UsoIPv4", off_on),
	ENUM("*UsoIPv6", off_on),
	ENUM("*RscIPv4", off_on),
	ENUM("*RscIPv6", off_on),
	ENUM("*RscTimestamp", off_on),
	ENUM("*UdpRsc", off_on),
	ENUM("*EncapsulatedPacketTaskOffload", off_on),
	ENUM("*EncapsulatedPacketTaskOffloadNvgre", off_on),
	ENUM("*EncapsulatedPacketTaskOffloadVxlan", off_on),
	/* the link and the wire */
	ENUM("*SpeedDuplex", speed_duplex),
	ENUM("*FlowControl", flow_control),
	ENUM("*PriorityVLANTag", priority_vlan),
	NUMBER("*JumboPacket", 590, 65535),
	NUMBER("VlanID", 0, 4094),
	{ .name = "NetworkAddress", .type = KEYWORD_ADDRESS },
	/* buffers and interrupts */
	ENUM("*InterruptModeration", off_on),
	NUMBER("*ReceiveBuffers", 1, 65536),
	NUMBER("*TransmitBuffers", 1, 65536),
	ENUM("*HeaderDataSplit", off_on),
	/* receive side scaling */
	ENUM("*RSS", off_on),
	ENUM("*RSSProfile", profile),
	NUMBER("*NumRssQueues", 1, 256),
	NUMBER("*RssBaseProcNumber", 0, 1023),
	NUMBER("*RssBaseProcGroup", 0, 31),
	NUMBER("*RssMaxProcNumber", 0, 1023),
	NUMBER("*RssMaxProcGroup", 0, 31),
	NUMBER("*MaxRssProcessors", 1, 1024),
	NUMBER("*NumaNodeId", 0, 65535),
	/* power */
	ENUM("*WakeOnPattern", off_on),
	ENUM("*WakeOnMagicPacket", off_on),
	ENUM("*ModernStandbyWoLMagicPacket", off_on),
	ENUM("*PMARPOffload", off_on),
	ENUM("*PMNSOffload", off_on),
	ENUM("*PMWiFiRekeyOffload", off_on),
	ENUM("*DeviceSleepOnDisconnect", off_on),
	ENUM("*SelectiveSuspend", off_on),
	ENUM("*EEE", off_on),
	NUMBER("*SSIdleTimeout", 1, 3600),
	/* what else carries a star */
	ENUM("*PacketDirect", off_on),
	ENUM("*NetworkDirect", off_on),
	ENUM("*QOS", off_on),
	ENUM("*VMQ", off_on),
	ENUM("*VMQVlanFiltering", off_on),
	ENUM("*RssOrVmqPreference", off_on),
	ENUM("*SRIOV", off_on),
	ENUM("*PtpHardwareTimestamp", off_on),
	NUMBER("*SoftwareTimestamp", 0, 5),
};

const struct keyword *keyword_standard(const char *name)
{
	for (size_t i = 0; i < ARRAY_COUNT(standard); i++) {
		if (strcasecmp(standard[i].name, name) == 0)
			return &standard[i];
	}
	return NULL;
}

/* Letters to insert, delete or replace between two names, without case; more than 3 is 4. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[64];
	size_t columns = strlen(b);

	if (columns >= ARRAY_COUNT(row) || strlen(a) >= ARRAY_COUNT(row))
		return 4;
	for (unsigned j = 0; j <= columns; j++)
		row[j] = j;
	for (unsigned i = 1; a[i - 1]; i++) {
		unsigned corner = row[0];

		row[0] = i;
		for (unsigned j = 1; j <= columns; j++) {
			unsigned above = row[j];
			unsigned best = corner + (strncasecmp(&a[i - 1], &b[j - 1], 1) != 0);

			best = above + 1 < best ? above + 1 : best;
			best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
			row[j] = best;
			corner = above;
		}
	}
	return row[columns] > 3 ? 4 : row[columns];
}

const char *keyword_nearest(const char *name)
{
	const char *nearest = NULL;
	unsigned best = 4;

	for (size_t i = 0; i < ARRAY_COUNT(standard); i++) {
		unsigned d = distance(name, standard[i].name);

		if (d < best) {
			best = d;
			nearest = standard[i].name;
		}
	}
	return nearest;
}
