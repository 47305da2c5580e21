/* SPDX-License-Identifier: MIT */
/* wdmpower.h - power states and actions. Part of wdm.h. */
#ifndef NETCX_WDMPOWER_H
#define NETCX_WDMPOWER_H

#include <ntdef.h>

typedef enum _SYSTEM_POWER_STATE NETCX_INT_ENUM {
	PowerSystemUnspecified,
	PowerSystemWorking,
	PowerSystemSleeping1,
	PowerSystemSleeping2,
	PowerSystemSleeping3,
	PowerSystemHibernate,
	PowerSystemShutdown,
	PowerSystemMaximum
} SYSTEM_POWER_STATE,
	*PSYSTEM_POWER_STATE;

typedef enum _DEVICE_POWER_STATE NETCX_INT_ENUM {
	PowerDeviceUnspecified,
	PowerDeviceD0,
	PowerDeviceD1,
	PowerDeviceD2,
	PowerDeviceD3,
	PowerDeviceMaximum
} DEVICE_POWER_STATE,
	*PDEVICE_POWER_STATE;

typedef enum NETCX_INT_ENUM {
	PowerActionNone,
	PowerActionReserved,
	PowerActionSleep,
	PowerActionHibernate,
	PowerActionShutdown,
	PowerActionShutdownReset,
	PowerActionShutdownOff,
	PowerActionWarmEject,
	PowerActionDisplayOff
} POWER_ACTION,
	*PPOWER_ACTION;

typedef enum _DEVICE_RELATION_TYPE NETCX_INT_ENUM {
	BusRelations,
	EjectionRelations,
	PowerRelations,
	RemovalRelations,
	TargetDeviceRelation,
	SingleBusRelations,
	TransportRelations
} DEVICE_RELATION_TYPE;

#endif
