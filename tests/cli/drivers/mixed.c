/* SPDX-License-Identifier: MIT */
/* A driver put together from files for two versions of NetAdapterCx. */
int netcx_1_3_NetAdapterStart(void *adapter);
void netcx_2_NetAdapterStop(void *adapter);
int DriverEntry(void *driver, void *path);

int DriverEntry(void *driver, void *path)
{
	netcx_2_NetAdapterStop(path);
	return netcx_1_3_NetAdapterStart(driver);
}
