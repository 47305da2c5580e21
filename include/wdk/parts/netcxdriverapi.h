/* SPDX-License-Identifier: MIT */
/*
 * netcxdriverapi.h - the note in a driver's file that says which versions it was compiled against,
 * so that a loader can refuse what it does not have before it runs any of it:
 * dlsym("netcx_driver_api"). The header of each version of NetAdapterCx sets NETADAPTER_VERSION_*
 * and brings this one.
 */
#ifndef NETCX_DRIVER_API_H
#define NETCX_DRIVER_API_H

#include <ntdef.h>
#include <parts/wdfversion.h>

#define NETCX_DRIVER_API_MAGIC 0x4e435849U /* "NCXI" */
#define NETCX_OBJECTS_SECTION  "netcx_objects"

struct netcx_driver_api {
	UINT32 magic;
	UINT32 size; /* bytes of this structure and of what lies behind it */
	UINT32 net_major, net_minor;
	UINT32 kmdf_major, kmdf_minor; /* 0.0: it is a user-mode driver */
	UINT32 umdf_major, umdf_minor; /* 0.0: it is a kernel-mode driver */
};

/* Weak, since every file of a driver has it; programs that are no drivers define NETCX_HOST. */
#if !defined(NETCX_HOST) && defined(NETADAPTER_VERSION_MAJOR)
#if NETCX_UMDF
#define NETCX_DRIVER_FRAMEWORK 0, 0, UMDF_VERSION_MAJOR, UMDF_VERSION_MINOR
#else
#define NETCX_DRIVER_FRAMEWORK KMDF_VERSION_MAJOR, KMDF_VERSION_MINOR, 0, 0
#endif
EXTERN_C const struct netcx_driver_api netcx_driver_api
	__attribute__((weak, visibility("default")));
__attribute__((used)) const struct netcx_driver_api netcx_driver_api = {
	NETCX_DRIVER_API_MAGIC, sizeof(struct netcx_driver_api), NETADAPTER_VERSION_MAJOR,
	NETADAPTER_VERSION_MINOR, NETCX_DRIVER_FRAMEWORK
};

/*
 * The same of each file of the driver, one behind the other in a section: of files for different
 * versions the linker would take any one's note above.
 */
#ifdef __ELF__
#if __has_attribute(retain)
#define NETCX_KEPT used, retain
#else
#define NETCX_KEPT used
#endif
static const struct {
	struct netcx_driver_api api;
	char file[sizeof(__BASE_FILE__)];
} netcx_object_api __attribute__((NETCX_KEPT, section(NETCX_OBJECTS_SECTION))) = {
	{ NETCX_DRIVER_API_MAGIC, sizeof(struct netcx_driver_api) + sizeof(__BASE_FILE__),
	  NETADAPTER_VERSION_MAJOR, NETADAPTER_VERSION_MINOR, NETCX_DRIVER_FRAMEWORK },
	__BASE_FILE__
};
#undef NETCX_KEPT
#endif
#undef NETCX_DRIVER_FRAMEWORK
#endif

#endif
