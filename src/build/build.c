/* SPDX-License-Identifier: MIT */
#include "build/build.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build/command.h"
#include "build/compile_commands.h"
#include "build/findings.h"
#include "build/flavour.h"
#include "build/inline.h"
#include "build/jobs.h"
#include "build/kernel_cxx.h"
#include "build/library.h"
#include "build/long.h"
#include "build/net_names.h"
#include "build/net_version.h"
#include "build/overlay.h"
#include "build/packed_kit.h"
#include "build/path.h"
#include "build/project.h"
#include "build/submodule.h"
#include "build/symbols.h"
#include "build/user_mode_names.h"
#include "build/wpp/generate.h"

/* One build. */
struct state {
	const struct build_options *options;
	struct project project;
	struct compiler compiler;
	struct strings system_folders, library;
	struct toolset tools;
	struct findings findings;
	const struct net_version *version;
	struct net_names names; /* read when something has to be looked up */
	char *output;           /* the shared object */
	char *stem;             /* the same without ".so": what lies beside it is called so */
	char *temporary;        /* a folder, gone at the end */
	char *overlay;
	struct replacements longs;       /* sources with `long` as Windows has it */
	bool clashes;                    /* what was two functions may have become one by that */
	char *packed_kit;                /* NULL: no source needs it */
	struct strings objects, sources; /* in the same order */
};

static bool say(const char *form, ...) __attribute__((format(printf, 1, 2)));

static char last_message[512]; /* of the one build of this process, for JSON */

/* Return: false, for "return say(...)". */
static bool say(const char *form, ...)
{
	va_list list;

	va_start(list, form);
	vsnprintf(last_message, sizeof(last_message), form, list);
	va_end(list);

	fputs("netcx: build: ", stderr);
	va_start(list, form);
	vfprintf(stderr, form, list);
	va_end(list);
	fputc('\n', stderr);
	return false;
}

/* Takes @error over. */
static bool fail(char *error)
{
	if (!jobs_interrupted())
		say("%s", error ? error : "failed");
	free(error);
	return false;
}

static unsigned processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

static bool read_names(struct state *s)
{
	return net_names_read(&s->names, &s->compiler, s->options->include_root, s->temporary);
}

/* The project has not said it: its sources may. */
static void choose_version(struct state *s)
{
	struct version *net = &s->project.net;
	char *why = NULL;

	s->version = read_names(s) ? net_names_choose(&s->names, &s->project, &why)
				   : net_version_newest();
	*net = s->version->version;
	say("NetAdapterCx %u.%u: no version is named, and %s", net->major, net->minor,
	    why ? why : "the newest is taken");
	free(why);
}

/* From the properties, the definitions, the kit's folder, or the names in the sources. */
static bool settle_version(struct state *s)
{
	char *said, *error = NULL;

	if (!net_version_settle(&s->project, &said, &error)) {
		free(said);
		return fail(error);
	}
	if (said)
		say("%s", said);
	free(said);
	if (s->project.net.major == 0)
		choose_version(s);
	return true;
}

/* The version that the project asks for, and its headers. */
static bool find_headers(struct state *s)
{
	const char *root = s->options->include_root;
	struct version *net = &s->project.net;
	char *kit = string_format("%s/wdk", root), *um = string_format("%s/um", root);
	char *cx, *error = NULL;

	/* Win32 is user mode's alone. */
	if (s->project.user_mode && path_is_folder(um))
		strings_copy(&s->system_folders, um);
	free(um);
	strings_format(&s->system_folders, "%s/crt", root);
	strings_add(&s->system_folders, kit);
	if (!path_is_folder(kit))
		return say("%s: wdk/ and netadaptercx/ are expected in it (--include-root)", root);
	if (!settle_version(s))
		return false;
	s->version = net_version_find(net);
	if (!s->version) {
		char *versions = net_version_list();

		say("NetAdapterCx %u.%u is asked for; this netcx has %s", net->major, net->minor,
		    versions);
		free(versions);
		return false;
	}
	cx = string_format("%s/netadaptercx/%s", root, s->version->folder);
	strings_add(&s->system_folders, cx);
	if (!path_is_folder(cx))
		return say("%s: wdk/ and netadaptercx/ are expected in it (--include-root)", root);
	/* A version of the framework only adds to the one before: our headers go by its number. */
	if (!flavour_settle(&s->project, s->version->kmdf_minor, &error))
		return fail(error);
	return true;
}

static bool choose_names(struct state *s)
{
	const struct build_options *o = s->options;
	char *folder;
	int result;

	s->output =
		o->output ? string_copy(o->output) : string_format("out/%s.so", s->project.name);
	s->stem = string_copy_n(s->output, strlen(s->output) - strlen(path_extension(s->output)));
	if (path_is_folder(s->output))
		return say("%s: a folder; -o takes the file's name", s->output);
	folder = path_folder(s->output);
	result = path_make_folders(folder);
	if (result < 0)
		say("%s: %s", folder, strerror(-result));
	free(folder);
	return result == 0;
}

static bool make_temporary(struct state *s)
{
	const char *where = getenv("TMPDIR");

	s->temporary = string_format("%s/netcx-build-XXXXXX", where && *where ? where : "/tmp");
	if (!mkdtemp(s->temporary)) {
		say("%s: %s", s->temporary, strerror(errno));
		free(s->temporary);
		s->temporary = NULL;
		return false;
	}
	return true;
}

/* clangd needs it after us; else it goes with the other temporary files. Absolute, the caller's. */
static char *lasting(const struct state *s, const char *name)
{
	char *path = s->options->compile_commands ? string_format("%s.%s", s->stem, name)
						  : string_format("%s/%s", s->temporary, name);
	char *absolute = path_absolute(path);

	free(path);
	return absolute;
}

static bool write_packed_kit(struct state *s)
{
	bool wanted = false;
	int result = 0;

	for (size_t i = 0; i < s->project.source_count; i++)
		wanted |= source_packs(&s->project.sources[i]);
	if (!wanted)
		return true;
	s->packed_kit = lasting(s, "kit");
	result = packed_kit_write(&s->system_folders, s->packed_kit);
	if (result < 0)
		say("%s: %s", s->packed_kit, strerror(-result));
	return result == 0;
}

static bool write_longs(struct state *s)
{
	char *into = s->options->wide_long ? NULL : lasting(s, "long");
	int result = into ? long_write(&s->longs, &s->project.folders, into) : 0;

	if (result < 0)
		say("%s: %s", into, strerror(-result));
	else if (s->options->verbose && s->longs.longs)
		say("long is int, as wide as on Windows, in %zu files (--long 64 leaves it)",
		    s->longs.longs);
	free(into);
	return result == 0;
}

static bool write_overlay(struct state *s)
{
	struct strings folders = { 0 };
	int result;

	if (!write_longs(s))
		return false;
	s->overlay = lasting(s, "vfs.json");
	strings_append(&folders, &s->project.folders);
	strings_append(&folders, &s->system_folders);
	if (s->packed_kit)
		strings_copy(&folders, s->packed_kit);
	result = overlay_write(&folders, &s->sources, &s->longs, s->overlay);
	if (result < 0)
		say("%s: %s", s->overlay, strerror(-result));
	strings_free(&folders);
	return result == 0;
}

/* The sources' .tmh. */
static bool write_traces(struct state *s)
{
	struct wpp_report report = { 0 };
	char *into = lasting(s, "wpp");
	int result = wpp_generate(&s->project, &s->system_folders, into, &report);
	bool ok = result == 0 && report.errors.count == 0;

	if (result < 0)
		say("%s: %s", into, strerror(-result));
	for (size_t i = 0; i < report.notes.count; i++)
		say("%s", report.notes.at[i]);
	for (size_t i = 0; i < report.errors.count; i++)
		say("%s", report.errors.at[i]);
	wpp_report_free(&report);
	free(into);
	return ok;
}

static bool prepare(struct state *s)
{
	const struct build_options *o = s->options;
	char *error = NULL;
	bool ok = project_read(&s->project, o->path, &o->properties, &error);

	/* Before the error: what was left out may be why. */
	for (size_t i = 0; i < s->project.warnings.count; i++)
		say("%s", s->project.warnings.at[i]);
	if (!ok)
		return fail(error);
	for (size_t i = 0; i < s->project.source_count; i++)
		strings_copy(&s->sources, s->project.sources[i].path);
	if (!compiler_find(&s->compiler, o->clang, &error) ||
	    (o->sanitizers.count && !strings_has(&o->sanitizers, "thread") &&
	     !compiler_find_sanitizers(&s->compiler, &o->sanitizers, &error)))
		return fail(error);
	library_find(&s->library, &s->compiler, &s->project);
	if (!make_temporary(s) || !find_headers(s) || !choose_names(s) || !write_packed_kit(s) ||
	    !write_traces(s) || !write_overlay(s))
		return false;
	s->tools = (struct toolset){ .compiler = &s->compiler,
				     .net = &s->project.net,
				     .net_minimum = s->project.net_minimum,
				     .user_mode = s->project.user_mode,
				     .wdf = &s->project.wdf,
				     .wdf_minimum = s->project.wdf_minimum,
				     .system_folders = &s->system_folders,
				     .library = &s->library,
				     .packed_kit = s->packed_kit,
				     .overlay = s->overlay,
				     .sanitizers = &o->sanitizers,
				     .coverage = o->coverage,
				     .colour = isatty(STDERR_FILENO) && !getenv("NO_COLOR") };
	if (o->verbose)
		say("%s is clang %u, headers of %s", s->compiler.path, s->compiler.major,
		    o->include_root);
	if (o->compile_commands) {
		int result = compile_commands_write(o->compile_commands, &s->tools, &s->project);

		if (result < 0)
			return say("%s: %s", o->compile_commands, strerror(-result));
	}
	return true;
}

/* Coverage's notes lie beside the objects and are wanted after us: so those stay, too. */
static bool name_objects(struct state *s)
{
	char *folder = s->options->coverage ? string_format("%s.objects", s->stem)
					    : string_copy(s->temporary);
	char *absolute = path_absolute(folder);
	int result = path_make_folders(absolute);

	for (size_t i = 0; i < s->project.source_count; i++) {
		char *stem = path_stem(s->project.sources[i].path);
		char *name = string_format("%s/%s.o", absolute, stem);

		for (size_t n = 2; strings_has(&s->objects, name); n++) {
			free(name);
			name = string_format("%s/%s-%zu.o", absolute, stem, n);
		}
		strings_add(&s->objects, name);
		free(stem);
	}
	if (result < 0)
		say("%s: %s", folder, strerror(-result));
	free(absolute);
	free(folder);
	return result == 0;
}

static void compiled(void *context, struct job *job)
{
	struct state *s = context;
	char *shown;

	if (s->options->verbose)
		command_show(&job->command);
	shown = findings_shown(job->output);
	fputs(shown, stderr);
	free(shown);
	findings_read(&s->findings, job->output);
	s->clashes |= job_failed(job) && (strstr(job->output, "error: redefinition of ") ||
					  strstr(job->output, "error: class member cannot be"));
}

/* Run all of @jobs, which are freed. */
static bool run_jobs(struct state *s, struct job *jobs, size_t count)
{
	unsigned parallel = s->options->parallel ? s->options->parallel : processors();
	size_t failed, ran = 0, bad = 0;

	failed = jobs_run(jobs, count, parallel, s->options->keep_going, compiled, s);
	for (size_t i = 0; i < count; i++) {
		ran += jobs[i].ran;
		bad += job_failed(&jobs[i]);
		job_free(&jobs[i]);
	}
	free(jobs);
	if (failed == 0 || jobs_interrupted())
		return failed == 0;
	if (ran < count)
		say("%zu of %zu files failed, %zu were not compiled (--keep-going compiles all)",
		    bad, count, count - ran);
	else
		say("%zu of %zu files failed", bad, count);
	return false;
}

/* A file in C goes by way of LLVM's text, which lies beside its object. See inline.h. */
static char *text_of(const struct state *s, size_t i)
{
	return s->project.sources[i].language == LANGUAGE_C
		       ? string_format("%.*s.ll", (int)strlen(s->objects.at[i]) - 2,
				       s->objects.at[i])
		       : NULL;
}

/* From the texts to objects. */
static bool assemble(struct state *s)
{
	struct job *jobs = array_new(s->project.source_count, sizeof(*jobs));
	size_t count = 0;
	bool ok = true;

	for (size_t i = 0; i < s->project.source_count && ok; i++) {
		char *text = text_of(s, i);
		int result = text ? inline_link_once_file(text) : 0;

		if (result < 0)
			ok = say("%s: %s", text, strerror(-result));
		if (ok && text) {
			jobs[count].name = path_name(s->sources.at[i]);
			command_assemble(&jobs[count++].command, &s->tools, &s->project.sources[i],
					 text, s->objects.at[i]);
		}
		free(text);
	}
	if (ok)
		return run_jobs(s, jobs, count);
	for (size_t i = 0; i < count; i++)
		job_free(&jobs[i]);
	free(jobs);
	return false;
}

/* Coverage keeps the objects' folder; what is only ours does not stay there. */
static void remove_texts(const struct state *s)
{
	for (size_t i = 0; i < s->project.source_count; i++) {
		char *text = text_of(s, i);

		if (text)
			unlink(text);
		free(text);
	}
}

static bool compile(struct state *s)
{
	size_t count = s->project.source_count;
	struct job *jobs = array_new(count, sizeof(*jobs));
	bool ok;

	for (size_t i = 0; i < count; i++) {
		const struct source *source = &s->project.sources[i];
		char *text = text_of(s, i);

		jobs[i].name = path_name(s->sources.at[i]);
		if (text)
			command_compile_to_text(&jobs[i].command, &s->tools, source, text);
		else
			command_compile(&jobs[i].command, &s->tools, source, s->objects.at[i]);
		free(text);
	}
	ok = run_jobs(s, jobs, count) && assemble(s);
	remove_texts(s);
	if (ok && !s->project.user_mode)
		kernel_cxx_search(&s->objects, &s->sources, &s->findings);
	if (s->clashes && s->longs.longs)
		say("long is int here, as wide as on Windows; --long 64 leaves it as it is");
	return ok;
}

static bool check_symbols(struct state *s, const char *file)
{
	struct strings missing = { 0 };
	struct program program = { 0 };
	bool entry = false, ok;
	char *error = NULL;

	ok = program_open(&program, s->options->netcx, &error);
	if (ok && (s->project.user_mode || s->compiler.fuzzer))
		program_add_cxx(&program);
	ok = ok && symbols_missing(file, &program, &missing, &entry, &error);
	if (!ok) {
		fail(error);
	} else if (missing.count) {
		symbols_locate(&s->objects, &s->sources, &missing, &s->findings);
		ok = say("compiled, but not all that it calls is there");
	} else if (s->project.user_mode && !symbols_check_user_mode(file, &error)) {
		ok = fail(error);
	} else if (!entry) {
		ok = say("no DriverEntry in it: not a driver (in C++ it is extern \"C\")");
	}
	strings_free(&missing);
	program_close(&program);
	return ok;
}

static bool link_driver(struct state *s)
{
	char *file = string_format("%s.%ld", s->output, (long)getpid());
	struct job job = { .name = "link" };
	bool ok;

	command_link(&job.command, &s->tools, &s->objects, file);
	ok = jobs_run(&job, 1, 1, true, compiled, s) == 0;
	if (!ok && !jobs_interrupted())
		say("linking failed");
	job_free(&job);
	ok = ok && check_symbols(s, file);
	if (ok && rename(file, s->output) < 0)
		ok = say("%s: %s", s->output, strerror(errno));
	if (!ok)
		unlink(file);
	free(file);
	return ok;
}

/* `netcx run` looks for the INF beside the driver. An .inx is one before StampInf. */
static bool copy_inf(struct state *s)
{
	char *target;
	int result;

	if (!s->project.inf)
		return true;
	target = string_format("%s.inf", s->stem);
	result = path_copy_file(s->project.inf, target);
	if (result < 0)
		say("%s: %s", target, strerror(-result));
	free(target);
	return result == 0;
}

static void clean_up(struct state *s)
{
	if (s->temporary)
		path_remove_tree(s->temporary);
	project_free(&s->project);
	compiler_free(&s->compiler);
	findings_free(&s->findings);
	net_names_free(&s->names);
	replacements_free(&s->longs);
	strings_free(&s->system_folders);
	strings_free(&s->library);
	strings_free(&s->objects);
	strings_free(&s->sources);
	free(s->output);
	free(s->stem);
	free(s->temporary);
	free(s->overlay);
	free(s->packed_kit);
}

/* Headers that are not found: a version of NetAdapterCx has them, or a submodule would. */
static void note_headers(struct state *s)
{
	struct findings *f = &s->findings;
	char *missing = findings_of_kind(f, FINDING_HEADER) ? submodule_missing(&s->project) : NULL;

	for (size_t i = 0; i < f->count; i++) {
		const char *name = f->at[i].name;
		char *note;

		if (f->at[i].kind != FINDING_HEADER)
			continue;
		note = net_version_with_header(s->options->include_root, name);
		findings_note(f, FINDING_HEADER, name,
			      note || !missing ? note : string_copy(missing));
	}
	free(missing);
}

/* The same of names. */
static void note_names(struct state *s)
{
	const struct findings *f = &s->findings;

	if (findings_of_kind(f, FINDING_NAME) == 0 || !s->version || !read_names(s))
		return;
	for (size_t i = 0; i < f->count; i++) {
		if (f->at[i].kind == FINDING_NAME)
			findings_note(&s->findings, FINDING_NAME, f->at[i].name,
				      net_names_where(&s->names, s->version, f->at[i].name));
	}
}

int build(const struct build_options *options, int *signal)
{
	struct state s = { .options = options };
	bool ok;

	jobs_begin();
	ok = prepare(&s) && name_objects(&s) && compile(&s) && link_driver(&s) && copy_inf(&s);
	*signal = jobs_interrupted();
	if (*signal == 0) {
		note_headers(&s);
		note_names(&s);
		kernel_cxx_note(&s.findings);
		if (s.project.user_mode)
			user_mode_names_note(&s.findings, &s.compiler, options->include_root,
					     s.temporary);
	}
	if (*signal == 0)
		findings_print(&s.findings, stderr);
	if (*signal == 0 && options->json)
		findings_answer(&s.findings, ok ? s.output : NULL, last_message);
	else if (ok && *signal == 0)
		printf("%s\n", s.output);
	clean_up(&s);
	jobs_end();
	return *signal ? BUILD_INTERRUPTED : ok ? BUILD_OK : BUILD_FAILED;
}
