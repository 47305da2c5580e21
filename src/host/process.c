/* SPDX-License-Identifier: MIT */
#include "host/process.h"

#include <dlfcn.h>
#include <string.h>

#include "host/host.h"

/* The newest frameworks that are played. */
#define KMDF_NEWEST 33
#define UMDF_NEWEST 33
#define GROUP_UNITS 64 /* of a DeviceGroupId, with its terminator */

static int wrong(struct error *error, const char *path, const struct inf_entry *at,
		 const char *says, const char *installs, const struct loader_image *image,
		 const char *driver)
{
	return error_number(
		error, NETCX_FAILED,
		"%s:%u:%u: %s installs a %s driver, and %s is compiled for %s: build it for the other framework, or have the INF name the right one",
		path, at->line, at->column, says, installs, driver, image->framework);
}

int host_process_check(const struct nic *nic, const char *path, struct error *error)
{
	const struct inf_framework *f = &nic->install.framework;
	const struct loader_image *image = &nic->driver->image;
	bool user = f->kind == INF_FRAMEWORK_UMDF;
	unsigned major = user ? 2 : 1, newest = user ? UMDF_NEWEST : KMDF_NEWEST;

	if (f->kind == INF_FRAMEWORK_UNSAID)
		return NETCX_OK;
	if (image->framework[0] && user && !image->user_mode)
		return wrong(error, path, f->service, "UmdfService", "user-mode", image,
			     nic->driver->path);
	if (image->framework[0] && !user && image->user_mode)
		return wrong(error, path, f->service, "KmdfService", "kernel-mode", image,
			     nic->driver->path);
	if (f->major && (f->major != major || f->minor > newest))
		return error_number(error, NETCX_FAILED,
				    "%s:%u:%u: %s is %u.%u; this netcx has %u.x up to %u.%u", path,
				    f->version->line, f->version->column, f->version->key, f->major,
				    f->minor, major, major, newest);
	return NETCX_OK;
}

static const void *module_of(const void *address)
{
	Dl_info info;

	return dladdr(address, &info) ? info.dli_fbase : NULL;
}

/* The user-mode driver whose code is among the frames, the innermost; NULL: none. */
static const struct host_driver *driver_of(const struct netcx_host *host, void *const *frames,
					   int count)
{
	for (int i = 0; i < count; i++) {
		const void *module = module_of(frames[i]);

		for (const struct host_driver *d = host->drivers; d && module; d = d->next) {
			if (d->image.entry && module_of((const void *)d->image.entry) == module)
				return d->image.user_mode ? d : NULL;
		}
	}
	return NULL;
}

static bool utf16_equal(const uint16_t *a, const uint16_t *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

/* The group that an INF has put the device into, UTF-16; "": none. */
static void read_group(const struct nic *nic, uint16_t group[GROUP_UNITS])
{
	struct nt_reg_key *wudf = nt_reg_subkey(nic->hardware, "WUDF", false);
	enum nt_reg_type type;
	size_t length = 0;

	group[0] = 0;
	if (!wudf ||
	    nt_reg_query(wudf, "DeviceGroupId", &type, group, GROUP_UNITS * sizeof(*group),
			 &length) != STATUS_SUCCESS ||
	    type != NT_REG_SZ)
		group[0] = 0;
}

/* Two devices that share their processes: those of a group, or of a driver that names none. */
static bool are_pooled(const struct nic *one, const struct nic *other)
{
	uint16_t group[GROUP_UNITS], of_other[GROUP_UNITS];

	if (one->install.framework.alone || other->install.framework.alone)
		return false;
	read_group(one, group);
	read_group(other, of_other);
	if (!group[0] && !of_other[0])
		return one->driver == other->driver;
	return utf16_equal(group, of_other);
}

/* Is this device in the host process that ends? @adapter: whose code it was; NULL: not known */
static bool goes_down(const struct netcx_host *host, const struct nic *nic,
		      const struct host_driver *driver, const char *adapter)
{
	for (const struct nic *hit = host->nics; hit; hit = hit->next) {
		if (hit->driver == driver && (!adapter || strcmp(hit->name, adapter) == 0) &&
		    (hit == nic || are_pooled(hit, nic)))
			return true;
	}
	return false;
}

static void tell(const struct netcx_host *host, const struct host_driver *driver,
		 const char *adapter, struct text *text)
{
	unsigned others = 0, taken = 0;

	text_add(text,
		 "       On Windows the host process of %s (%s), WUDFHost.exe, ends, and with it ",
		 driver->name, driver->image.framework);
	for (const struct nic *nic = host->nics; nic; nic = nic->next) {
		if (goes_down(host, nic, driver, adapter))
			text_add(text, "%s\"%s\"", taken++ ? ", " : "", nic->name);
		else
			others++;
	}
	text_add(text, "%s; the system goes on.%s\n", taken ? "" : "no adapter",
		 others ? " Here all are in one process, and the others end, too." : "");
}

void host_process_tell(void *context, void *const *frames, int count, const char *adapter,
		       struct text *text)
{
	struct netcx_host *host = context;
	const struct host_driver *driver = driver_of(host, frames, count);

	if (!driver || !host_lock_for_report(host))
		return;
	tell(host, driver, adapter, text);
	pthread_mutex_unlock(&host->lock);
}

void host_process_tell_of(struct netcx_host *host, const char *adapter, struct text *text)
{
	const struct nic *nic;

	if (!host_lock_for_report(host))
		return;
	for (nic = host->nics; nic && strcmp(nic->name, adapter) != 0; nic = nic->next)
		;
	if (nic && nic->driver->image.user_mode)
		tell(host, nic->driver, adapter, text);
	pthread_mutex_unlock(&host->lock);
}
