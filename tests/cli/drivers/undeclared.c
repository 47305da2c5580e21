/* SPDX-License-Identifier: MIT */
/* As C compiles a call without the header that declares the function. */
int NetAdapterStart(void *adapter);
int DriverEntry(void *driver, void *path);

int DriverEntry(void *driver, void *path)
{
	(void)path;
	return NetAdapterStart(driver);
}
