/* SPDX-License-Identifier: MIT */
/*
 * wdfversion.h - which version of the framework a unit is for: what `netcx build` or the compiler's
 * command line says, else the one that came with NetAdapterCx 1.3. KMDF 1.33 and UMDF 2.33 are two
 * builds of one framework, so its minor version counts in both. Part of wdf.h.
 */
#ifndef NETCX_WDFVERSION_H
#define NETCX_WDFVERSION_H

#include <parts/umdf.h>

#if NETCX_UMDF
#define NETCX_WDF_MINOR UMDF_VERSION_MINOR
#else
#ifndef KMDF_VERSION_MAJOR
#define KMDF_VERSION_MAJOR 1
#endif
#ifndef KMDF_VERSION_MINOR
#define KMDF_VERSION_MINOR 27
#endif
#define NETCX_WDF_MINOR KMDF_VERSION_MINOR
#endif

#endif
