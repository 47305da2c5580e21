/* SPDX-License-Identifier: MIT */
#include "staged.h"

#include "build/path.h"
#include "test.h"

int staged_set_up(void **state)
{
	struct staged *s = calloc(1, sizeof(*s));

	*state = s;
	properties_set_global(&s->globals, "Configuration", "Release");
	properties_set_global(&s->globals, "Platform", "x64");
	return folder_make(s->folder);
}

int staged_tear_down(void **state)
{
	struct staged *s = *state;

	folder_remove(s->folder);
	properties_free(&s->globals);
	project_free(&s->project);
	msbuild_free(&s->msbuild);
	free(s->error);
	free(s);
	return 0;
}

void staged_put(struct staged *s, const char *name, const char *text)
{
	char *path = string_format("%s/%s", s->folder, name), *folder = path_folder(path);

	assert_int_equal(path_make_folders(folder), 0);
	file_put_text(path, text);
	free(folder);
	free(path);
}

bool staged_read(struct staged *s, const char *name)
{
	char *path = string_format("%s/%s", s->folder, name);
	bool ok;

	project_free(&s->project);
	free(s->error);
	ok = project_read(&s->project, path, &s->globals, &s->error);
	assert_int_equal(ok, !s->error);
	free(path);
	return ok;
}

bool staged_evaluate(struct staged *s, const char *name)
{
	char *path = string_format("%s/%s", s->folder, name);
	bool ok;

	msbuild_free(&s->msbuild);
	free(s->error);
	ok = msbuild_evaluate(&s->msbuild, path, &s->globals, &s->error);
	assert_int_equal(ok, !s->error);
	free(path);
	return ok;
}
