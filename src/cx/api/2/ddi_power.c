/* SPDX-License-Identifier: MIT */
/*
 * Wake sources and power offloads, as NetAdapterCx 2.x exports them. All at PASSIVE_LEVEL. Source:
 * DDI pages of netadapter.h, netdevice.h, netwakesource.h, netwakesourcelist.h, netpoweroffload.h
 * and netpoweroffloadlist.h; "Configuring power management".
 */
#include "cx/api/2/adapter.h"
#include "cx/api/2/client.h"
#include "cx/api/2/device.h"
#include "cx/api/2/power.h"
#include "cx/api/2/verifier.h"
#include "nt/event.h"
#include "nt/export.h"
#include "nt/violation.h"

/* ---- what an adapter declares, also anew while it is started ---- */

static uint32_t with(uint32_t flags, uint32_t flag, BOOLEAN set)
{
	return set ? flags | flag : flags & ~flag;
}

static void edit_bitmap(struct cx_power_caps *caps, const void *from)
{
	const NET_ADAPTER_WAKE_BITMAP_CAPABILITIES *given = from;

	caps->wake_patterns =
		with(caps->wake_patterns, CX_WAKE_BITMAP_PATTERN, given->BitmapPattern);
	caps->patterns = given->MaximumPatternCount;
	caps->pattern_size = given->MaximumPatternSize;
}

/* NetAdapterWakeSetBitmapCapabilities (2.0) - packets that begin like a pattern of NDIS' */
NETCX_EXPORT void netcx_2_NetAdapterWakeSetBitmapCapabilities(
	NETADAPTER Adapter, const NET_ADAPTER_WAKE_BITMAP_CAPABILITIES *Capabilities)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);
	struct cx_power_caps caps;

	cx_verify_passive(at);
	cx_verify_size(at, Capabilities, NET_ADAPTER_WAKE_BITMAP_CAPABILITIES);
	cx_power_declare(a, edit_bitmap, Capabilities);
	caps = cx_power_declared(a);
	if (caps.wake_patterns & CX_WAKE_BITMAP_PATTERN && !caps.patterns)
		nt_log(a->name,
		       "%s: BitmapPattern is TRUE and MaximumPatternCount is 0: no pattern will fit",
		       at->call);
}

static void edit_magic_packet(struct cx_power_caps *caps, const void *from)
{
	const NET_ADAPTER_WAKE_MAGIC_PACKET_CAPABILITIES *given = from;

	caps->wake_patterns = with(caps->wake_patterns, CX_WAKE_MAGIC_PACKET, given->MagicPacket);
}

/* NetAdapterWakeSetMagicPacketCapabilities (2.0) */
NETCX_EXPORT void netcx_2_NetAdapterWakeSetMagicPacketCapabilities(
	NETADAPTER Adapter, const NET_ADAPTER_WAKE_MAGIC_PACKET_CAPABILITIES *Capabilities)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);

	cx_verify_passive(at);
	cx_verify_size(at, Capabilities, NET_ADAPTER_WAKE_MAGIC_PACKET_CAPABILITIES);
	cx_power_declare(a, edit_magic_packet, Capabilities);
}

static void edit_eapol_packet(struct cx_power_caps *caps, const void *from)
{
	const NET_ADAPTER_WAKE_EAPOL_PACKET_CAPABILITIES *given = from;

	caps->wake_patterns = with(caps->wake_patterns, CX_WAKE_EAPOL_PACKET, given->EapolPacket);
}

/* NetAdapterWakeSetEapolPacketCapabilities (2.1) - an 802.1X request for an identity */
NETCX_EXPORT void netcx_2_NetAdapterWakeSetEapolPacketCapabilities(
	NETADAPTER Adapter, const NET_ADAPTER_WAKE_EAPOL_PACKET_CAPABILITIES *Capabilities)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);

	cx_verify_passive(at);
	cx_verify_size(at, Capabilities, NET_ADAPTER_WAKE_EAPOL_PACKET_CAPABILITIES);
	cx_power_declare(a, edit_eapol_packet, Capabilities);
}

static void edit_media_change(struct cx_power_caps *caps, const void *from)
{
	const NET_ADAPTER_WAKE_MEDIA_CHANGE_CAPABILITIES *given = from;

	caps->wake_up_events = with(caps->wake_up_events, CX_WAKE_ON_CONNECT, given->MediaConnect);
	caps->wake_up_events =
		with(caps->wake_up_events, CX_WAKE_ON_DISCONNECT, given->MediaDisconnect);
}

/* NetAdapterWakeSetMediaChangeCapabilities (2.0) - a cable that comes or goes */
NETCX_EXPORT void netcx_2_NetAdapterWakeSetMediaChangeCapabilities(
	NETADAPTER Adapter, const NET_ADAPTER_WAKE_MEDIA_CHANGE_CAPABILITIES *Capabilities)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);

	cx_verify_passive(at);
	cx_verify_size(at, Capabilities, NET_ADAPTER_WAKE_MEDIA_CHANGE_CAPABILITIES);
	cx_power_declare(a, edit_media_change, Capabilities);
}

static void edit_packet_filter(struct cx_power_caps *caps, const void *from)
{
	const NET_ADAPTER_WAKE_PACKET_FILTER_CAPABILITIES *given = from;

	caps->wake_up_events =
		with(caps->wake_up_events, CX_WAKE_ON_FILTER, given->PacketFilterMatch);
}

/* NetAdapterWakeSetPacketFilterCapabilities (2.0) - any packet that the receive filter takes */
NETCX_EXPORT void netcx_2_NetAdapterWakeSetPacketFilterCapabilities(
	NETADAPTER Adapter, const NET_ADAPTER_WAKE_PACKET_FILTER_CAPABILITIES *Capabilities)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);

	cx_verify_passive(at);
	cx_verify_size(at, Capabilities, NET_ADAPTER_WAKE_PACKET_FILTER_CAPABILITIES);
	cx_power_declare(a, edit_packet_filter, Capabilities);
}

static void edit_arp(struct cx_power_caps *caps, const void *from)
{
	const NET_ADAPTER_POWER_OFFLOAD_ARP_CAPABILITIES *given = from;

	caps->protocol_offloads = with(caps->protocol_offloads, CX_OFFLOAD_ARP, given->ArpOffload);
	caps->arp_offloads = given->MaximumOffloadCount;
}

/* NetAdapterPowerOffloadSetArpCapabilities (2.0) - addresses whose ARP requests are answered */
NETCX_EXPORT void netcx_2_NetAdapterPowerOffloadSetArpCapabilities(
	NETADAPTER Adapter, const NET_ADAPTER_POWER_OFFLOAD_ARP_CAPABILITIES *Capabilities)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);

	cx_verify_passive(at);
	cx_verify_size(at, Capabilities, NET_ADAPTER_POWER_OFFLOAD_ARP_CAPABILITIES);
	cx_power_declare(a, edit_arp, Capabilities);
}

static void edit_ns(struct cx_power_caps *caps, const void *from)
{
	const NET_ADAPTER_POWER_OFFLOAD_NS_CAPABILITIES *given = from;

	caps->protocol_offloads = with(caps->protocol_offloads, CX_OFFLOAD_NS, given->NSOffload);
	caps->ns_offloads = given->MaximumOffloadCount;
}

/* NetAdapterPowerOffloadSetNSCapabilities (2.0) - neighbour solicitations, likewise */
NETCX_EXPORT void netcx_2_NetAdapterPowerOffloadSetNSCapabilities(
	NETADAPTER Adapter, const NET_ADAPTER_POWER_OFFLOAD_NS_CAPABILITIES *Capabilities)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);

	cx_verify_passive(at);
	cx_verify_size(at, Capabilities, NET_ADAPTER_POWER_OFFLOAD_NS_CAPABILITIES);
	cx_power_declare(a, edit_ns, Capabilities);
}

/*
 * NetDeviceInitSetPowerPolicyEventCallbacks (2.0) - the driver's say in what NDIS adds
 * @DeviceInit: after NetDeviceInitConfig, before WdfDeviceCreate
 * @Callbacks:  copied; each may be NULL
 */
NETCX_EXPORT void netcx_2_NetDeviceInitSetPowerPolicyEventCallbacks(
	PWDFDEVICE_INIT DeviceInit, const NET_DEVICE_POWER_POLICY_EVENT_CALLBACKS *Callbacks)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_size(at, Callbacks, NET_DEVICE_POWER_POLICY_EVENT_CALLBACKS);
	cx2_device_of_init(DeviceInit, at->call)->power_policy = *Callbacks;
}

/* ---- lists ---- */

/*
 * NetDeviceGetWakeSourceList (2.0) - all wake sources of the device's adapters
 * @List: filled; good until the callback that calls this returns. In a power transition it holds
 *        what is enabled, at other times everything.
 */
NETCX_EXPORT void netcx_2_NetDeviceGetWakeSourceList(WDFDEVICE Device, NET_WAKE_SOURCE_LIST *List)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_size(at, List, NET_WAKE_SOURCE_LIST);
	cx2_fill_power_list(CX2_WAKE_SOURCES, Device, cx2_device_of(Device, at->call),
			    List->Reserved);
}

/* NetWakeSourceListGetCount (2.0) */
NETCX_EXPORT SIZE_T netcx_2_NetWakeSourceListGetCount(const NET_WAKE_SOURCE_LIST *List)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_size(at, List, NET_WAKE_SOURCE_LIST);
	return cx2_power_list_count(at, CX2_WAKE_SOURCES, List->Reserved);
}

/* NetWakeSourceListGetElement (2.0). Return: NULL past the end. */
NETCX_EXPORT NETWAKESOURCE netcx_2_NetWakeSourceListGetElement(const NET_WAKE_SOURCE_LIST *List,
							       SIZE_T Index)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_size(at, List, NET_WAKE_SOURCE_LIST);
	return (NETWAKESOURCE)cx2_power_list_element(at, CX2_WAKE_SOURCES, List->Reserved, Index);
}

/* NetDeviceGetPowerOffloadList (2.0) - all power offloads, likewise. */
NETCX_EXPORT void netcx_2_NetDeviceGetPowerOffloadList(WDFDEVICE Device,
						       NET_POWER_OFFLOAD_LIST *List)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_size(at, List, NET_POWER_OFFLOAD_LIST);
	cx2_fill_power_list(CX2_POWER_OFFLOADS, Device, cx2_device_of(Device, at->call),
			    List->Reserved);
}

/* NetPowerOffloadListGetCount (2.0) */
NETCX_EXPORT SIZE_T netcx_2_NetPowerOffloadListGetCount(const NET_POWER_OFFLOAD_LIST *List)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_size(at, List, NET_POWER_OFFLOAD_LIST);
	return cx2_power_list_count(at, CX2_POWER_OFFLOADS, List->Reserved);
}

/* NetPowerOffloadListGetElement (2.0). Return: NULL past the end. */
NETCX_EXPORT NETPOWEROFFLOAD
netcx_2_NetPowerOffloadListGetElement(const NET_POWER_OFFLOAD_LIST *List, SIZE_T Index)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_size(at, List, NET_POWER_OFFLOAD_LIST);
	return (NETPOWEROFFLOAD)cx2_power_list_element(at, CX2_POWER_OFFLOADS, List->Reserved,
						       Index);
}

/* ---- their elements ---- */

/* NetWakeSourceGetType (2.0) */
NETCX_EXPORT NET_WAKE_SOURCE_TYPE netcx_2_NetWakeSourceGetType(NETWAKESOURCE WakeSource)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	return cx2_wake_source_type(cx2_wake_source_of(at, WakeSource, 0));
}

/* NetWakeSourceGetAdapter (2.0) - that is to wake */
NETCX_EXPORT NETADAPTER netcx_2_NetWakeSourceGetAdapter(NETWAKESOURCE WakeSource)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	return cx2_adapter_handle(cx2_wake_source_of(at, WakeSource, 0)->adapter);
}

/* NetWakeSourceGetBitmapParameters (2.0) - what it points to is the framework's */
NETCX_EXPORT void netcx_2_NetWakeSourceGetBitmapParameters(
	NETWAKESOURCE WakeSource, NET_WAKE_SOURCE_BITMAP_PARAMETERS *Parameters)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_size(at, Parameters, NET_WAKE_SOURCE_BITMAP_PARAMETERS);
	cx2_bitmap_parameters(
		at, cx2_wake_source_of(at, WakeSource, NetWakeSourceTypeBitmapPattern), Parameters);
}

/* NetWakeSourceGetMediaChangeParameters (2.0) - what of it is enabled */
NETCX_EXPORT void netcx_2_NetWakeSourceGetMediaChangeParameters(
	NETWAKESOURCE WakeSource, NET_WAKE_SOURCE_MEDIA_CHANGE_PARAMETERS *Parameters)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_size(at, Parameters, NET_WAKE_SOURCE_MEDIA_CHANGE_PARAMETERS);
	cx2_media_change_parameters(
		at, cx2_wake_source_of(at, WakeSource, NetWakeSourceTypeMediaChange), Parameters);
}

/* NetPowerOffloadGetType (2.0) */
NETCX_EXPORT NET_POWER_OFFLOAD_TYPE netcx_2_NetPowerOffloadGetType(NETPOWEROFFLOAD PowerOffload)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	return cx2_power_offload_type(cx2_power_offload_of(at, PowerOffload, 0));
}

/* NetPowerOffloadGetAdapter (2.1) - that is to answer */
NETCX_EXPORT NETADAPTER netcx_2_NetPowerOffloadGetAdapter(NETPOWEROFFLOAD PowerOffload)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	return cx2_adapter_handle(cx2_power_offload_of(at, PowerOffload, 0)->adapter);
}

/* NetPowerOffloadGetArpParameters (2.0) */
NETCX_EXPORT void netcx_2_NetPowerOffloadGetArpParameters(
	NETPOWEROFFLOAD PowerOffload, NET_POWER_OFFLOAD_ARP_PARAMETERS *Parameters)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_size(at, Parameters, NET_POWER_OFFLOAD_ARP_PARAMETERS);
	cx2_arp_parameters(at, cx2_power_offload_of(at, PowerOffload, NetPowerOffloadTypeArp),
			   Parameters);
}

/* NetPowerOffloadGetNSParameters (2.0) */
NETCX_EXPORT void netcx_2_NetPowerOffloadGetNSParameters(
	NETPOWEROFFLOAD PowerOffload, NET_POWER_OFFLOAD_NS_PARAMETERS *Parameters)
{
	const struct cx_site *at = CX_SITE(NULL);

	cx_verify_passive(at);
	cx_verify_size(at, Parameters, NET_POWER_OFFLOAD_NS_PARAMETERS);
	cx2_ns_parameters(at, cx2_power_offload_of(at, PowerOffload, NetPowerOffloadTypeNS),
			  Parameters);
}

/* ---- why it was woken ---- */

/* From the device's wake signal until wake is disarmed: no other time has a reason. */
static void verify_waking(const struct cx_site *at, struct cx_adapter *a)
{
	bool of_2004 = cx2_minor(a->object.driver) == 0;

	if (!a->owner->waking)
		cx_violation(
			at, of_2004 ? CX_DISARM_NOT_IN_PROGRESS : CX_WAKE_NOT_IN_PROGRESS, 0, 0,
			"A wake reason is reported from EvtDeviceWakeFromSxTriggered (or ...S0...) on, until wake is disarmed.",
			"The device is not being woken by its own signal.");
}

static enum cx_wake_cause cause_of(ULONG pattern_id)
{
	switch (pattern_id) {
	case NetAdapterWakeFilterPatternId:
		return CX_WOKEN_BY_FILTER;
	case NetAdapterWakeEapolPatternId:
		return CX_WOKEN_BY_EAPOL_PACKET;
	case NetAdapterWakeMagicPatternId:
		return CX_WOKEN_BY_MAGIC_PACKET;
	default:
		return CX_WOKEN_BY_PATTERN;
	}
}

/* Of the packet NDIS is told that much; Windows cuts it, too. */
#define SAVED_BYTES 1514

/*
 * NetAdapterReportWakeReasonPacket (2.0) - the packet that has woken the system
 * @Reason: PatternId of the pattern, or one of NET_ADAPTER_WAKE_PATTERN_ID; WakePacket may be NULL,
 *          then NDIS is told nothing
 */
NETCX_EXPORT void netcx_2_NetAdapterReportWakeReasonPacket(
	NETADAPTER Adapter, const NET_ADAPTER_WAKE_REASON_PACKET *Reason)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);
	NET_ADAPTER_WAKE_REASON_PACKET given;
	struct cx_wake_reason reason;
	const void *packet = NULL;
	size_t size = 0;

	cx_verify_passive(at);
	cx_verify_not_null(at, Reason, "Reason");
	verify_waking(at, a);
	given = *Reason;
	reason = (struct cx_wake_reason){
		.cause = cause_of(given.PatternId),
		.pattern_id = given.PatternId,
		.original_size = given.OriginalPacketSize,
	};
	if (given.WakePacket)
		packet = WdfMemoryGetBuffer(given.WakePacket, &size);
	reason.saved_size = (uint32_t)(size < SAVED_BYTES ? size : SAVED_BYTES);
	cx_power_woken(a, &reason, packet);
}

/* NetAdapterReportWakeReasonMediaChange (2.0) - the link came up, or went down */
NETCX_EXPORT void netcx_2_NetAdapterReportWakeReasonMediaChange(NETADAPTER Adapter,
								NET_IF_MEDIA_CONNECT_STATE Reason)
{
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);
	const struct cx_site *at = CX_SITE(a->name);
	struct cx_wake_reason reason = { .cause = CX_WOKEN_BY_MEDIA_CHANGE };

	cx_verify_passive(at);
	verify_waking(at, a);
	if (Reason != MediaConnectStateConnected && Reason != MediaConnectStateDisconnected)
		cx_violation(
			at, CX_INVALID_NET_ADAPTER_WAKE_REASON_MEDIA_CHANGE, 0, 0,
			"The reason is MediaConnectStateConnected (1) or MediaConnectStateDisconnected (2).",
			"Reason is %d.", (int)Reason);
	reason.connected = Reason == MediaConnectStateConnected;
	cx_power_woken(a, &reason, NULL);
}

/*
 * NetAdapterQueryWakeReason (2.4) - why the last sleep ended, as it was reported
 * Return: ...Device when the device gave its wake signal and no reason yet; ...None when somebody
 * else has ended the sleep, or there was none.
 */
NETCX_EXPORT NET_WAKE_REASON_TYPE netcx_2_NetAdapterQueryWakeReason(NETADAPTER Adapter)
{
	static const NET_WAKE_REASON_TYPE types[] = {
		[CX_WOKEN_BY_OTHERS] = NetWakeReasonTypeNone,
		[CX_WOKEN_BY_PATTERN] = NetWakeReasonTypeBitmapPattern,
		[CX_WOKEN_BY_MAGIC_PACKET] = NetWakeReasonTypeMagicPacket,
		[CX_WOKEN_BY_MEDIA_CHANGE] = NetWakeReasonTypeMediaChange,
		[CX_WOKEN_BY_FILTER] = NetWakeReasonTypePacketFilterMatch,
		[CX_WOKEN_BY_EAPOL_PACKET] = NetWakeReasonTypeEapolPacket,
		[CX_WOKEN_BY_DEVICE] = NetWakeReasonTypeDevice,
	};
	struct cx_adapter *a = cx2_adapter_of(Adapter, CX_CALL);

	cx_verify_passive(CX_SITE(a->name));
	return types[cx_power_reason(a).cause];
}
