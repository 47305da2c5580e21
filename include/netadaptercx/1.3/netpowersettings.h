/* SPDX-License-Identifier: MIT */
/*
 * netpowersettings.h - what is enabled for the coming sleep. Asked in the callbacks that arm and
 * disarm wake, and nowhere else. PASSIVE_LEVEL. Part of netadaptercx.h.
 */
#ifndef NETCX_NETPOWERSETTINGS_H
#define NETCX_NETPOWERSETTINGS_H

#include <parts/netcxnames.h>
#include <netadaptercxtypes.h>
#include <ndis.h>

EXTERN_C_START

ULONG NetPowerSettingsGetEnabledWakePatternFlags(NETPOWERSETTINGS NetPowerSettings);
ULONG NetPowerSettingsGetEnabledProtocolOffloadFlags(NETPOWERSETTINGS NetPowerSettings);
ULONG NetPowerSettingsGetEnabledWakeUpFlags(NETPOWERSETTINGS NetPowerSettings);
ULONG NetPowerSettingsGetEnabledMediaSpecificWakeUpEvents(NETPOWERSETTINGS NetPowerSettings);

ULONG NetPowerSettingsGetWakePatternCount(NETPOWERSETTINGS NetPowerSettings);
ULONG NetPowerSettingsGetWakePatternCountForType(NETPOWERSETTINGS NetPowerSettings,
						 NDIS_PM_WOL_PACKET WakePatternType);
PNDIS_PM_WOL_PATTERN NetPowerSettingsGetWakePattern(NETPOWERSETTINGS NetPowerSettings, ULONG Index);
BOOLEAN NetPowerSettingsIsWakePatternEnabled(NETPOWERSETTINGS NetPowerSettings,
					     PNDIS_PM_WOL_PATTERN NdisPmWolPattern);

ULONG NetPowerSettingsGetProtocolOffloadCount(NETPOWERSETTINGS NetPowerSettings);
ULONG NetPowerSettingsGetProtocolOffloadCountForType(
	NETPOWERSETTINGS NetPowerSettings, NDIS_PM_PROTOCOL_OFFLOAD_TYPE ProtocolOffloadType);
PNDIS_PM_PROTOCOL_OFFLOAD NetPowerSettingsGetProtocolOffload(NETPOWERSETTINGS NetPowerSettings,
							     ULONG Index);
BOOLEAN NetPowerSettingsIsProtocolOffloadEnabled(NETPOWERSETTINGS NetPowerSettings,
						 PNDIS_PM_PROTOCOL_OFFLOAD ProtocolOffload);

EXTERN_C_END

#endif
