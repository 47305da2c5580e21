/* SPDX-License-Identifier: MIT */
/* A driver in the process: DriverEntry, WDFDRIVER, its devices. */
#ifndef WDF_DRIVER_H
#define WDF_DRIVER_H

#include "nt/registry.h"
#include "wdf/object.h"

struct wdf_device;

typedef NTSTATUS wdf_driver_entry(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path);

/* Owned by the host; the object part is the WDFDRIVER (made by WdfDriverCreate). */
struct wdf_driver;

/*
 * wdf_driver_load() - run DriverEntry
 * @name:       for messages and the registry path
 * @parameters: the service's Parameters key; must outlive the driver
 *
 * On the machine's PASSIVE thread. On failure *driver is NULL and everything DriverEntry made is
 * gone. A DriverEntry that succeeds without WdfDriverCreate is STATUS_DRIVER_ENTRYPOINT_NOT_FOUND's
 * case: STATUS_UNSUCCESSFUL with a log event saying so.
 */
NTSTATUS wdf_driver_load(struct nt_machine *machine, const char *name, wdf_driver_entry *entry,
			 struct nt_reg_key *parameters, struct wdf_driver **driver);

/* wdf_driver_unload() - EvtDriverUnload, then all its objects. Its devices must be gone. */
void wdf_driver_unload(struct wdf_driver *driver);

const char *wdf_driver_name(const struct wdf_driver *driver);

/* wdf_driver_net_version() - of NetAdapterCx, as the driver was compiled; 0.0: it does not say */
void wdf_driver_net_version(const struct wdf_driver *driver, unsigned *major, unsigned *minor);

/* wdf_driver_is_user_mode() - it was compiled for UMDF: all of it runs at PASSIVE_LEVEL, no DMA */
bool wdf_driver_is_user_mode(const struct wdf_driver *driver);

/*
 * wdf_driver_calling() - the driver with code at @return_address
 * Return: never NULL: a caller that is no driver is a violation against @call.
 */
struct wdf_driver *wdf_driver_calling(const void *return_address, const char *call);

#endif
