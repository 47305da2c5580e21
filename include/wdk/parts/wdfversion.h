/* SPDX-License-Identifier: MIT */
/*
 * wdfversion.h - which version of the framework a unit is for: what `netcx build` or the compiler's
 * command line says, else the one that came with NetAdapterCx 1.3. Part of wdf.h.
 */
#ifndef NETCX_WDFVERSION_H
#define NETCX_WDFVERSION_H

#ifndef KMDF_VERSION_MAJOR
#define KMDF_VERSION_MAJOR 1
#endif
#ifndef KMDF_VERSION_MINOR
#define KMDF_VERSION_MINOR 27
#endif

#endif
