/* SPDX-License-Identifier: MIT */
/*
 * netcxversion.h - which of 2.0 to 2.5 a driver is compiled against. One set of headers serves them
 * all: what a version does not have is left out of them. Part of netadaptercx.h.
 */
#ifndef NETCX_VERSION_2_H
#define NETCX_VERSION_2_H

#if !defined(NETADAPTER_VERSION_MAJOR) && !defined(NETADAPTER_VERSION_MINOR)
#define NETADAPTER_VERSION_MAJOR 2
#define NETADAPTER_VERSION_MINOR 5
#elif !defined(NETADAPTER_VERSION_MAJOR) || !defined(NETADAPTER_VERSION_MINOR)
#error NETADAPTER_VERSION_MAJOR and NETADAPTER_VERSION_MINOR go together: one of them is not set
#elif NETADAPTER_VERSION_MAJOR != 2 || NETADAPTER_VERSION_MINOR < 0 || NETADAPTER_VERSION_MINOR > 5
#error NETADAPTER_VERSION_MAJOR and NETADAPTER_VERSION_MINOR: these headers have 2.0, 2.1, 2.2, 2.3, 2.4 and 2.5
#endif

#include <parts/umdf.h>
#if NETCX_UMDF && NETADAPTER_VERSION_MINOR < 5
#error NETADAPTER_VERSION_MINOR: user-mode drivers (UMDF) exist from NetAdapterCx 2.5 on
#endif

/*
 * The oldest version that a driver may meet at run time, from 2.4 on. What came later it asks for
 * with NET_IS_..._AVAILABLE; the framework here has all of it.
 */
#ifndef NETADAPTER_MINIMUM_VERSION_REQUIRED
#define NETADAPTER_MINIMUM_VERSION_REQUIRED NETADAPTER_VERSION_MINOR
#elif NETADAPTER_MINIMUM_VERSION_REQUIRED < 4
#error NETADAPTER_MINIMUM_VERSION_REQUIRED: the oldest minimum is 4, that is NetAdapterCx 2.4
#elif NETADAPTER_MINIMUM_VERSION_REQUIRED > NETADAPTER_VERSION_MINOR
#error NETADAPTER_MINIMUM_VERSION_REQUIRED is above NETADAPTER_VERSION_MINOR
#endif

#define NET_VERSION_MAJOR            NETADAPTER_VERSION_MAJOR
#define NET_VERSION_MINOR            NETADAPTER_VERSION_MINOR
#define NET_MINIMUM_VERSION_REQUIRED NETADAPTER_MINIMUM_VERSION_REQUIRED

#define NETCX_SINCE(minor)           (NETADAPTER_VERSION_MINOR >= (minor))
#define NETCX_UNTIL(minor)           (NETADAPTER_VERSION_MINOR <= (minor))

/*
 * What only the preview headers of 2.0 declare. The host, which plays every version, sees it as
 * well.
 */
#ifdef NETCX_HOST
#define NETCX_PREVIEW_2_0 1
#else
#define NETCX_PREVIEW_2_0 NETCX_UNTIL(0)
#endif

/*
 * A name can have another shape in another major version, and both may be in one process, so each
 * has symbols of its own. The compiler puts them into the driver; its source and a debugger's
 * command line know the public name.
 */
#define NETCX_SYMBOL(name) __asm__("netcx_2_" #name)

#if NETCX_SINCE(4)
/* TRUE or the size: the framework that loads the driver has everything up to 2.5. */
#define NET_IS_FUNCTION_AVAILABLE(Name)       ((void)(Name), TRUE)
#define NET_IS_STRUCTURE_AVAILABLE(Struct)    ((void)sizeof(Struct), TRUE)
#define NET_IS_FIELD_AVAILABLE(Struct, Field) ((void)offsetof(Struct, Field), TRUE)
#define NET_STRUCTURE_SIZE(Struct)            (sizeof(Struct))
#endif

#endif
