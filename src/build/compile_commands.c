/* SPDX-License-Identifier: MIT */
#include "build/compile_commands.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

static json_t *arguments_of(const struct toolset *tools, const struct source *source)
{
	struct strings command = { 0 };
	json_t *list = json_array();

	command_compile(&command, tools, source, NULL);
	for (size_t i = 0; i < command.count; i++)
		json_array_append_new(list, json_string(command.at[i]));
	strings_free(&command);
	return list;
}

int compile_commands_write(const char *file, const struct toolset *tools,
			   const struct project *project)
{
	char *here = getcwd(NULL, 0);
	struct toolset plain = *tools;
	json_t *all = json_array();
	int result = 0;

	plain.colour = false;
	for (size_t i = 0; here && i < project->source_count; i++) {
		const struct source *s = &project->sources[i];

		json_array_append_new(all,
				      json_pack("{s:s, s:s, s:o}", "directory", here, "file",
						s->path, "arguments", arguments_of(&plain, s)));
	}
	errno = 0;
	if (json_dump_file(all, file, JSON_INDENT(1)) < 0)
		result = errno ? -errno : -EIO;
	json_decref(all);
	free(here);
	return result;
}
