/* SPDX-License-Identifier: MIT */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifndef NETCX_HOST
#define NETCX_HOST
#endif
#include <parts/netcxdriverapi.h>

#include "base/array.h"
#include "base/text.h"
#include "cx/client.h"
#include "load/elf.h"
#include "load/loader.h"
#include "load/names.h"
#include "load/objects.h"
#include "load/shapes.h"
#include "load/user_mode.h"

/* The user-mode framework that is played. */
#define UMDF_MAJOR 2
#define UMDF_MINOR 33
/* The first minor version of NetAdapterCx 2 that has user-mode drivers. */
#define FIRST_WITH_UMDF 5

#define NAMED           8 /* missing functions that are named before "and N more" */

struct missing {
	struct text names;
	unsigned count;
	bool sanitizer;      /* of a sanitizer's runtime is one of them */
	char undeclared[80]; /* a function that is called by its public name; "": none */
};

/* C calls what is not declared by the name in the source; headers say which version's it is. */
static bool is_undeclared(const char *name)
{
	static const char *const shapes[] = { "netcx_1_3_%s", "netcx_2_%s" };
	char symbol[128];

	for (size_t i = 0; i < ARRAY_COUNT(shapes); i++) {
		snprintf(symbol, sizeof(symbol), shapes[i], name);
		if (dlsym(RTLD_DEFAULT, symbol))
			return true;
	}
	return false;
}

static void note_missing(void *context, const char *name)
{
	struct missing *m = context;

	if (dlsym(RTLD_DEFAULT, name))
		return;
	m->sanitizer |= strncmp(name, "__asan_", 7) == 0 || strncmp(name, "__ubsan_", 8) == 0;
	if (!m->undeclared[0] && is_undeclared(name))
		snprintf(m->undeclared, sizeof(m->undeclared), "%s", name);
	if (m->count++ >= NAMED)
		return;
	text_add(&m->names, "%s%.60s", m->count > 1 ? ", " : "", load_public_name(name));
}

/* Bytes of the note before it told of UMDF: such a file's is about KMDF. */
#define NOTE_KMDF offsetof(struct netcx_driver_api, umdf_major)

/* The framework that it was compiled against. A later minor version only adds functions: what is
 * missing is named when loading. */
static bool check_framework(const struct netcx_driver_api *api, const char *path,
			    struct error *error)
{
	if (api->umdf_major && (api->umdf_major != UMDF_MAJOR || api->umdf_minor > UMDF_MINOR))
		return error_set(error, "%s: UMDF %u.%u is asked for; this build has %d.%d", path,
				 api->umdf_major, api->umdf_minor, UMDF_MAJOR, UMDF_MINOR);
	if (api->umdf_major && (api->net_major != 2 || api->net_minor < FIRST_WITH_UMDF))
		return error_set(
			error,
			"%s: a UMDF driver for NetAdapterCx %u.%u: the first version with such drivers is 2.%d",
			path, api->net_major, api->net_minor, FIRST_WITH_UMDF);
	if (!api->umdf_major && api->kmdf_major != KMDF_VERSION_MAJOR)
		return error_set(error, "%s: KMDF %u.%u is asked for; this build has %u.%u", path,
				 api->kmdf_major, api->kmdf_minor, KMDF_VERSION_MAJOR,
				 KMDF_VERSION_MINOR);
	return true;
}

static bool check_version(const struct elf_file *elf, struct loader_image *image, const char *path,
			  struct error *error)
{
	struct netcx_driver_api api = { 0 };
	char versions[64];
	const void *data = elf_find(elf, "netcx_driver_api", NOTE_KMDF);

	/* A file without the note was not built with our headers; its symbols will tell. */
	if (!data)
		return true;
	memcpy(&api, data, NOTE_KMDF);
	/* A sanitizer lets the symbol be larger than what it says of itself. */
	if (api.size >= sizeof(api)) {
		data = elf_find(elf, "netcx_driver_api", sizeof(api));
		if (data)
			memcpy(&api, data, sizeof(api));
	}
	if (!data || api.magic != NETCX_DRIVER_API_MAGIC || api.size < NOTE_KMDF)
		return error_set(error, "%s: its netcx_driver_api is damaged: build it again",
				 path);
	image->major = api.net_major;
	image->minor = api.net_minor;
	if (!cx_client_find(api.net_major, api.net_minor)) {
		error_set(error, "%s: NetAdapterCx %u.%u is asked for; this build has %s", path,
			  api.net_major, api.net_minor,
			  cx_client_versions(versions, sizeof(versions)));
		return false;
	}
	image->user_mode = api.umdf_major != 0;
	snprintf(image->framework, sizeof(image->framework), "%s %u.%u",
		 image->user_mode ? "UMDF" : "KMDF",
		 image->user_mode ? api.umdf_major : api.kmdf_major,
		 image->user_mode ? api.umdf_minor : api.kmdf_minor);
	return check_framework(&api, path, error);
}

static bool check_symbols(const struct elf_file *elf, const char *path, struct error *error)
{
	char room[640];
	struct missing m = { .names = text_in(room, sizeof(room)) };

	elf_each_undefined(elf, note_missing, &m);
	if (m.count == 0)
		return true;
	if (m.undeclared[0])
		error_set(
			error,
			"%s: %s is called without its declaration: a header is not included where it is called",
			path, m.undeclared);
	else if (m.sanitizer)
		error_set(
			error,
			"%s: compiled with a sanitizer, whose runtime clang puts into programs alone: link it with -shared-libsan -Wl,-rpath,$(clang -print-runtime-dir)",
			path);
	else if (m.count > NAMED)
		error_set(error, "%s: this build of netcx has no %s and %u more", path, room,
			  m.count - NAMED);
	else
		error_set(error, "%s: this build of netcx has no %s", path, room);
	return false;
}

bool loader_open(struct loader_image *image, const char *path, struct error *error)
{
	struct elf_file elf;
	char *real;
	bool ok, needs_libraries;

	*image = (struct loader_image){ 0 };
	if (!elf_open(&elf, path, error)) {
		error_prefix(error, "%s: ", path);
		return false;
	}
	if (!elf_is_shared(&elf, error)) {
		error_prefix(error, "%s: ", path);
		elf_close(&elf);
		return false;
	}
	ok = check_version(&elf, image, path, error);
	if (ok && elf.symbols && !elf_defines(&elf, "DriverEntry")) {
		error_set(error, "%s: no DriverEntry in it: not a driver", path);
		ok = false;
	}
	if (ok && !((!image->user_mode || user_mode_check(&elf, error)) &&
		    shapes_check(&elf, error) && objects_check(&elf, error))) {
		error_prefix(error, "%s: ", path);
		ok = false;
	}
	/* With a slash in it, or dlopen() would search the library path. */
	real = ok ? realpath(path, NULL) : NULL;
	if (ok && real)
		image->handle = dlopen(real, RTLD_NOW | RTLD_LOCAL);
	if (ok && !image->handle) {
		const char *reason = dlerror();

		/* Libraries of its own may be what is missing: then only the loader knows. */
		needs_libraries = reason && strstr(reason, "cannot open shared object file");
		if (needs_libraries || check_symbols(&elf, path, error))
			error_set(error, "%s: %s", path, reason ? reason : "cannot be loaded");
		ok = false;
	}
	free(real);
	elf_close(&elf);
	if (!ok)
		return false;

	/* POSIX: an object pointer from dlsym() is a function's. */
	*(void **)&image->entry = dlsym(image->handle, "DriverEntry");
	if (!image->entry) {
		error_set(error, "%s: no DriverEntry in it: not a driver", path);
		loader_close(image);
		return false;
	}
	return true;
}

/* What looking for a symbol that is in both images carries along. */
struct shared {
	void *image, *other; /* handles */
	char name[160];      /* the first one; "": none */
};

static void note_shared(void *context, const char *name)
{
	struct shared *s = context;
	void *at;

	if (s->name[0])
		return;
	at = dlsym(s->image, name);
	if (at && at == dlsym(s->other, name))
		snprintf(s->name, sizeof(s->name), "%s", name);
}

bool loader_check_apart(const struct loader_image *image, const char *path,
			const struct loader_image *other, const char *other_path,
			struct error *error)
{
	struct shared shared = { image->handle, other->handle, "" };
	struct elf_file elf;

	if (!elf_open(&elf, path, error)) {
		error_prefix(error, "%s: ", path);
		return false;
	}
	elf_each_defined(&elf, note_shared, &shared);
	elf_close(&elf);
	if (!shared.name[0])
		return true;
	return error_set(
		error,
		"%s: it would share the variable %s with %s: compile drivers in C++ by clang, or by g++ with -fno-gnu-unique",
		path, shared.name, other_path);
}

void loader_close(struct loader_image *image)
{
	if (image->handle)
		dlclose(image->handle);
	*image = (struct loader_image){ 0 };
}
