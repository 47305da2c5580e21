/* SPDX-License-Identifier: MIT */
#include "cli/beside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"

bool cli_find_place(struct cli_place *place)
{
	char *slash;

	if (!realpath("/proc/self/exe", place->program))
		return false;
	strcpy(place->folder, place->program);
	slash = strrchr(place->folder, '/');
	*slash = '\0';
	return true;
}

/* NETCX_LIBEXEC is meson's: absolute, or seen from the folder with netcx. */
bool cli_find_beside(const struct cli_place *place, const char *name, char path[PATH_MAX])
{
	const char *const folders[] = { "", NETCX_LIBEXEC "/" };

	for (size_t i = 0; i < ARRAY_COUNT(folders); i++) {
		int n = folders[i][0] == '/' ? snprintf(path, PATH_MAX, "%s%s", folders[i], name)
					     : snprintf(path, PATH_MAX, "%s/%s%s", place->folder,
							folders[i], name);

		if (n > 0 && n < PATH_MAX && access(path, F_OK) == 0)
			return true;
	}
	return false;
}
