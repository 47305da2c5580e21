/* SPDX-License-Identifier: MIT */
/* A driver compiled for a later NetAdapterCx, as its own headers would mark it. */
struct netcx_driver_api {
	unsigned magic, size, net_major, net_minor, kmdf_major, kmdf_minor;
};

const struct netcx_driver_api netcx_driver_api = { 0x4e435849u, sizeof(struct netcx_driver_api),
						   2,           6,
						   1,           33 };

int netcx_3_NetDeviceInitConfig(void *init);
int DriverEntry(void *driver, void *path);

int DriverEntry(void *driver, void *path)
{
	(void)driver;
	return netcx_3_NetDeviceInitConfig(path);
}
