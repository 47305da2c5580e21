/* SPDX-License-Identifier: MIT */
#include "nt/fault.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "nt/callback.h"
#include "nt/event.h"
#include "nt/fault_plan.h"
#include "nt/symbols.h"
#include "nt/thread.h"

#define FRAMES 48

/* A call stack that was seen. Owned by the plan; the counts are under its lock. */
struct site {
	struct site *next;
	uint32_t number; /* of the call stack */
	struct nt_fault_site told;
	char id[96], where[128], stack[1024];
};

struct nt_faults {
	pthread_mutex_t lock; /* lines' counts, sites, what follows them */
	struct fault_line *lines;
	struct site *sites, **last_site;
	bool failed;           /* on purpose, since the last start began */
	bool running;          /* all-once need not wait for another start */
	bool all_once, listed; /* constant once filled, as the next */
	bool by_function; /* a line is about a function of the driver: sites need their names */
	void (*remove)(void *context, const char *adapter);
	void *context;
};

struct nt_faults *nt_faults_create(void)
{
	struct nt_faults *faults = calloc(1, sizeof(*faults));

	if (!faults)
		return NULL;
	pthread_mutex_init(&faults->lock, NULL);
	faults->last_site = &faults->sites;
	return faults;
}

void nt_faults_destroy(struct nt_faults *faults)
{
	if (!faults)
		return;
	while (faults->lines) {
		struct fault_line *line = faults->lines;

		faults->lines = line->next;
		fault_line_free(line);
	}
	while (faults->sites) {
		struct site *site = faults->sites;

		faults->sites = site->next;
		free(site);
	}
	pthread_mutex_destroy(&faults->lock);
	free(faults);
}

bool nt_faults_add(struct nt_faults *faults, const char *text, struct error *error)
{
	struct fault_line **end = &faults->lines, *line = fault_line_read(text, error);

	if (!line)
		return false;
	while (*end)
		end = &(*end)->next;
	*end = line;
	faults->all_once |= line->kind == FAULT_ALL_ONCE;
	faults->listed |= line->kind == FAULT_LIST;
	faults->by_function |= line->kind == FAULT_CALL && line->function;
	return true;
}

void nt_faults_on_removal(struct nt_faults *faults,
			  void (*remove)(void *context, const char *adapter), void *context)
{
	faults->remove = remove;
	faults->context = context;
}

bool nt_faults_listed(const struct nt_faults *faults)
{
	return faults->listed;
}

bool nt_faults_again(struct nt_faults *faults)
{
	bool again;

	pthread_mutex_lock(&faults->lock);
	again = faults->all_once && faults->failed;
	faults->failed = faults->running = false;
	pthread_mutex_unlock(&faults->lock);
	return again;
}

void nt_faults_run(struct nt_faults *faults)
{
	pthread_mutex_lock(&faults->lock);
	faults->running = true;
	pthread_mutex_unlock(&faults->lock);
}

/* The driver's frames of this thread, innermost first. Return: how many. */
static int driver_frames(void *frames[FRAMES])
{
	int count = backtrace(frames, FRAMES), kept = 0;

	for (int i = 0; i < count; i++)
		if (nt_symbol_is_driver((char *)frames[i] - 1))
			frames[kept++] = frames[i];
	return kept;
}

/* The same in each run of the same driver: wherever it is loaded to. */
static uint32_t number_of(const char *name, void *const *frames, int count)
{
	uint32_t sum = hash_text(HASH_START, name);

	for (int i = 0; i < count; i++) {
		Dl_info info;
		uintptr_t offset;
		const char *file;

		if (!dladdr(frames[i], &info))
			continue;
		offset = (uintptr_t)frames[i] - (uintptr_t)info.dli_fbase;
		file = strrchr(info.dli_fname, '/');
		sum = hash_text(sum, file ? file + 1 : info.dli_fname);
		sum = hash_bytes(sum, &offset, sizeof(offset));
	}
	return sum;
}

/* "#0 Foo a.c:1\n#1 Bar b.c:2\n" as one line: "Foo a.c:1 < Bar b.c:2". */
static void join(char *line, size_t size, const char *lines)
{
	struct text text = text_in(line, size);

	while (*lines) {
		size_t skip = strcspn(lines, " ") + 1, length = strcspn(lines, "\n");

		text_add(&text, "%s%.*s", text.length ? " < " : "", (int)(length - skip),
			 lines + skip);
		lines += length + (lines[length] == '\n');
	}
}

/* Reading debug information takes milliseconds: only when the names are looked at. */
static void name_frames(struct site *site, void *const *frames, int count)
{
	char lines[1024] = "";

	if (!count || site->where[0])
		return;
	nt_symbol_offset(frames[0], site->where, sizeof(site->where));
	nt_frames(frames, count, -1, lines, sizeof(lines));
	join(site->stack, sizeof(site->stack), lines);
}

static struct site *make_site(struct nt_faults *faults, const char *name, uint32_t number,
			      bool by_stack)
{
	struct site *site = calloc(1, sizeof(*site));

	if (!site)
		return NULL;
	site->number = number;
	snprintf(site->id, sizeof(site->id), by_stack ? "%s#%08X" : "%s", name, number);
	site->told = (struct nt_fault_site){
		.name = name, .id = site->id, .where = site->where, .stack = site->stack
	};
	*faults->last_site = site;
	faults->last_site = &site->next;
	return site;
}

/* Under the lock. NULL: no memory for a new one. */
static struct site *site_of(struct nt_faults *faults, const char *name, void *const *frames,
			    int count)
{
	uint32_t number = number_of(name, frames, count);
	struct site *site = faults->sites;

	while (site && (site->number != number || strcmp(site->told.name, name) != 0))
		site = site->next;
	if (!site)
		site = make_site(faults, name, number, count > 0);
	if (site && (faults->listed || faults->by_function))
		name_frames(site, frames, count);
	return site;
}

/* Under the lock: the line that has it fail; NULL: none does. */
static const struct fault_line *decide(struct nt_faults *faults, struct site *site)
{
	struct fault_line *found = NULL;

	for (struct fault_line *line = faults->lines; line; line = line->next) {
		bool once = line->kind == FAULT_ALL_ONCE && !site->told.failed &&
			    (faults->running || !faults->failed);

		if (!once && !fault_line_is_for(line, site->told.name, site->number, site->where,
						site->stack))
			continue;
		line->came++;
		if (!found && (!line->nth || line->nth == line->came))
			found = line;
	}
	if (found)
		found->failed++;
	return found;
}

/* Whose callback the thread is in: an adapter's or the driver's name. */
static const char *object_of_thread(void)
{
	const struct nt_callback *callback =
		atomic_load_explicit(&nt_self.callback, memory_order_relaxed);

	return callback ? callback->object : NULL;
}

static void tell(const struct site *site, const struct fault_line *line)
{
	NT_EMIT(NT_EVENT_LIFECYCLE, object_of_thread(), "FailedOnPurpose",
		NT_TEXT("call", site->told.name), NT_TEXT("in", site->where),
		NT_TEXT("stack", site->stack), NT_TEXT("site", site->id),
		NT_TEXT("fail", line->text));
}

static bool ask(struct nt_faults *faults, const char *name, void *const *frames, int count)
{
	const struct fault_line *line = NULL;
	struct site *site;

	pthread_mutex_lock(&faults->lock);
	site = site_of(faults, name, frames, count);
	if (site) {
		site->told.passed++;
		line = decide(faults, site);
		site->told.failed += !!line;
		if (line)
			name_frames(site, frames, count);
		faults->failed |= !!line;
	}
	pthread_mutex_unlock(&faults->lock);
	if (line)
		tell(site, line);
	return line;
}

bool nt_faults_ask(struct nt_faults *faults, const char *name)
{
	void *frames[FRAMES];
	int count = driver_frames(frames);

	return ask(faults, name, frames, count);
}

bool nt_faults_ask_callback(struct nt_faults *faults, const char *name)
{
	return nt_fault_known(name) && ask(faults, name, NULL, 0);
}

/* Under the lock: among what has failed. */
static void note_removal(struct nt_faults *faults, const struct fault_line *line)
{
	struct site *site = site_of(faults, line->text, NULL, 0);

	if (site)
		site->told.passed = site->told.failed = 1;
}

void nt_faults_callback(struct nt_faults *faults, const char *name, bool begins)
{
	enum fault_kind kind = begins ? FAULT_REMOVAL : FAULT_REMOVAL_AFTER;
	struct fault_line *found = NULL;

	if (!faults->remove)
		return;
	pthread_mutex_lock(&faults->lock);
	for (struct fault_line *line = faults->lines; line; line = line->next) {
		if (line->kind != kind || strcmp(line->name, name) != 0)
			continue;
		line->came++;
		if (line->nth ? line->nth == line->came : line->came == 1)
			found = line;
	}
	if (found) {
		found->failed++;
		note_removal(faults, found);
	}
	pthread_mutex_unlock(&faults->lock);
	if (!found)
		return;
	NT_EMIT(NT_EVENT_LIFECYCLE, object_of_thread(), "RemovedOnPurpose",
		NT_TEXT("callback", name), NT_TEXT("fail", found->text));
	faults->remove(faults->context, nt_callback_adapter());
}

void nt_faults_each(struct nt_faults *faults,
		    void (*visit)(void *context, const struct nt_fault_site *site), void *context)
{
	pthread_mutex_lock(&faults->lock);
	for (struct site *site = faults->sites; site; site = site->next)
		visit(context, &site->told);
	pthread_mutex_unlock(&faults->lock);
}

void nt_faults_lines(struct nt_faults *faults,
		     void (*visit)(void *context, const char *line, unsigned long came,
				   unsigned long failed),
		     void *context)
{
	pthread_mutex_lock(&faults->lock);
	for (const struct fault_line *line = faults->lines; line; line = line->next)
		visit(context, line->text, line->came, line->failed);
	pthread_mutex_unlock(&faults->lock);
}

const char *nt_faults_unmatched(struct nt_faults *faults, unsigned number)
{
	const char *found = NULL;

	pthread_mutex_lock(&faults->lock);
	for (struct fault_line *line = faults->lines; line && !found; line = line->next)
		if (line->kind != FAULT_LIST && line->kind != FAULT_ALL_ONCE &&
		    line->came < (line->nth ? line->nth : 1) && number-- == 0)
			found = line->text;
	pthread_mutex_unlock(&faults->lock);
	return found;
}
