/* SPDX-License-Identifier: MIT */
/* By the names of their control sockets, which the kernel lists for everyone. */
#include "cli/others.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/client.h"

/* ".../netcx/PID.sock" or "/tmp/netcx-UID/PID.sock". Return: the PID, 0: it is none of ours. */
static long pid_of(const char *path)
{
	const char *name = strrchr(path, '/'), *folder = strstr(path, "/netcx");
	char *end;
	long pid;

	if (!name || !folder)
		return 0;
	while (strstr(folder + 1, "/netcx"))
		folder = strstr(folder + 1, "/netcx");
	if (folder[6] != '/' && folder[6] != '-')
		return 0;
	if (strchr(folder + 1, '/') != name)
		return 0;
	pid = strtol(name + 1, &end, 10);
	return strcmp(end, ".sock") == 0 ? pid : 0;
}

static void add(json_t *others, long pid)
{
	char path[32], number[32];
	struct passwd *user;
	struct stat st;
	json_t *other;
	size_t i;

	json_array_foreach(others, i, other)
	{
		if (json_integer_value(json_object_get(other, "pid")) == pid)
			return;
	}
	snprintf(path, sizeof(path), "/proc/%ld", pid);
	if (stat(path, &st) < 0 || st.st_uid == geteuid())
		return;
	user = getpwuid(st.st_uid);
	snprintf(number, sizeof(number), "%u", (unsigned)st.st_uid);
	json_array_append_new(others, json_pack("{s:I,s:s}", "pid", (json_int_t)pid, "user",
						user ? user->pw_name : number));
}

json_t *others_find(void)
{
	FILE *file = fopen("/proc/net/unix", "re");
	json_t *others = json_array();
	char line[512];

	while (file && fgets(line, sizeof(line), file)) {
		char *path = strchr(line, '/');
		long pid;

		if (!path)
			continue;
		path[strcspn(path, "\n")] = '\0';
		pid = pid_of(path);
		if (pid > 0)
			add(others, pid);
	}
	if (file)
		fclose(file);
	return others;
}

void others_print(FILE *to, const char *command)
{
	json_t *others = others_find(), *other;
	size_t i;

	json_array_foreach(others, i, other)
	{
		const char *user = json_text(other, "user");
		bool root = strcmp(user, "root") == 0;

		fprintf(to, "%s's runs (pid %" JSON_INTEGER_FORMAT "): sudo %s%s%snetcx %s\n", user,
			json_integer_value(json_object_get(other, "pid")), root ? "" : "-u ",
			root ? "" : user, root ? "" : " ", command);
	}
	json_decref(others);
}
