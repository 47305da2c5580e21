/* SPDX-License-Identifier: MIT */
/* A driver of 1.3 that calls what this build does not have. */
#include <parts/netcxdriverapi.h>

int WdfIoQueueFlyToTheMoon(void);
int netcx_1_3_NetAdapterFlyToTheMoon(void);
int DriverEntry(void *driver, void *path);

int DriverEntry(void *driver, void *path)
{
	(void)driver;
	(void)path;
	return WdfIoQueueFlyToTheMoon() + netcx_1_3_NetAdapterFlyToTheMoon();
}
