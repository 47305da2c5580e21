/* SPDX-License-Identifier: MIT */
/* The adapter's keywords: from its settings' file, from --set, --mac and --mtu, from `netcx set`.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "frame/frame.h"
#include "host/nic.h"
#include "inf/settings_file.h"

#define ETHERNET_MTU 1500

int nic_check_settings(const struct netcx_adapter_config *config, struct error *error)
{
	struct keyword_setting setting;
	struct error why;

	for (size_t i = 0; i < config->set_count; i++) {
		if (!keyword_split(config->set[i], &setting, &why))
			return error_number(error, NETCX_USAGE, "--set '%.200s': %s",
					    config->set[i], why.text);
	}
	return NETCX_OK;
}

bool nic_check_setting(const struct nic *nic, const struct keyword_setting *s, struct error *error)
{
	const struct inf_keyword *own = inf_find_keyword(&nic->install, s->name);
	const struct keyword *standard = keyword_standard(s->name);
	const char *nearest;

	if (own && keyword_check(&own->keyword, s->value, error))
		return true;
	/* Where both say no, the standard's words are the same for every driver. */
	if (own && (!standard || keyword_check(standard, s->value, NULL)))
		return false;
	if (standard)
		return keyword_check(standard, s->value, error);
	if (s->name[0] != '*')
		return true;
	nearest = keyword_nearest(s->name);
	if (nearest)
		error_set(error, "there is no standardized keyword %.60s; is it %s?", s->name,
			  nearest);
	else
		error_set(error, "there is no standardized keyword %.60s", s->name);
	return false;
}

static int put(struct nic *nic, const char *name, const char *value, struct error *error)
{
	if (NT_SUCCESS(nt_reg_set_string(nic->software, name, value)))
		return NETCX_OK;
	return error_number(error, NETCX_FAILED, "out of memory");
}

/*
 * Hardware has its address in its own memory. A driver without hardware can only be told by the
 * keyword that an administrator would use.
 */
static int put_mac(struct nic *nic, const struct netcx_adapter_config *config, struct error *error)
{
	const char *mac = config->mac;
	char digits[16];
	size_t n = 0;

	if (!mac || config->device)
		return NETCX_OK;
	for (; *mac && n < sizeof(digits) - 1; mac++) {
		if (*mac != ':')
			digits[n++] = *mac;
	}
	digits[n] = '\0';
	return put(nic, "NetworkAddress", digits, error);
}

/* What reading the file carries along. */
struct reading {
	struct nic *nic;
	struct error *error;
	int result;
};

/* As much of a line as a message has place for, on one line of a terminal. */
static const char *printable(const char *line, char *room, size_t size)
{
	size_t n = 0;

	for (; line[n] && n < size - 1; n++)
		room[n] = (unsigned char)line[n] < 0x20 || line[n] == 0x7F ? '?' : line[n];
	room[n] = '\0';
	return room;
}

static bool put_line(void *context, unsigned number, const char *line)
{
	struct reading *r = context;
	struct keyword_setting setting;
	char room[101];
	struct error why;

	if (!keyword_split(line, &setting, &why) || !nic_check_setting(r->nic, &setting, &why))
		r->result = error_number(
			r->error, NETCX_FAILED,
			"%.300s:%u: '%s': %s (--no-settings does without the file)",
			r->nic->settings, number, printable(line, room, sizeof(room)), why.text);
	else
		r->result = put(r->nic, setting.name, setting.value, r->error);
	return r->result == NETCX_OK;
}

static int put_file(struct nic *nic, struct error *error)
{
	struct reading r = { .nic = nic, .error = error };
	int result;

	if (nic->settings[0] == '\0')
		return NETCX_OK;
	result = settings_each(nic->settings, put_line, &r);
	if (result == 0 || result == -ECANCELED)
		return r.result;
	return error_number(error, NETCX_FAILED, "%.300s: %s (--no-settings does without the file)",
			    nic->settings, file_error(-result));
}

int nic_put_settings(struct nic *nic, const struct netcx_adapter_config *config,
		     struct error *error)
{
	struct keyword_setting setting;
	struct error why;
	char text[16];
	int r = put_file(nic, error);

	if (r == NETCX_OK)
		r = put_mac(nic, config, error);
	/* Below Ethernet's own MTU only the stack needs to know. */
	if (r == NETCX_OK && config->mtu > ETHERNET_MTU) {
		snprintf(text, sizeof(text), "%u", config->mtu + FRAME_ETHERNET_HEADER);
		r = put(nic, "*JumboPacket", text, error);
	}
	for (size_t i = 0; r == NETCX_OK && i < config->set_count; i++) {
		keyword_split(config->set[i], &setting, &why);
		if (!nic_check_setting(nic, &setting, &why))
			return error_number(error, NETCX_USAGE, "--set '%.200s': %s",
					    config->set[i], why.text);
		r = put(nic, setting.name, setting.value, error);
	}
	return r;
}

/* What one value of the software key is, as text. */
struct present {
	const char *name;
	char *text;
	size_t size;
	bool found;
};

static void look_at(void *context, const char *name, const struct nt_reg_value *value)
{
	struct present *present = context;
	uint32_t number;

	if (strcasecmp(name, present->name) != 0)
		return;
	present->found = true;
	if (value->type == NT_REG_SZ || value->type == NT_REG_EXPAND_SZ) {
		snprintf(present->text, present->size, "%s", (const char *)value->data);
	} else if (value->type == NT_REG_DWORD && value->length == sizeof(number)) {
		memcpy(&number, value->data, sizeof(number));
		snprintf(present->text, present->size, "%u", number);
	}
}

/* Return: the key has it. */
static bool text_of(struct nt_reg_key *key, const char *name, char *text, size_t size)
{
	struct present present = { name, text, size, false };

	text[0] = '\0';
	if (key)
		nt_reg_each(key, look_at, &present);
	return present.found;
}

/* @before: what the driver runs with, unless that is noted already. After the value has changed. */
static void note_pending(struct nic *nic, const char *name, const char *before)
{
	char running[256], now[256];

	pthread_mutex_lock(&nic->lock);
	if (!nic->pending)
		nic->pending = nt_reg_subkey(nic->registry, "Pending", true);
	if (!text_of(nic->pending, name, running, sizeof(running)))
		snprintf(running, sizeof(running), "%s", before);
	text_of(nic->software, name, now, sizeof(now));
	if (nic->pending && strcmp(running, now) == 0)
		nt_reg_delete(nic->pending, name);
	else if (nic->pending)
		nt_reg_set_string(nic->pending, name, running);
	pthread_mutex_unlock(&nic->lock);
}

void nic_nothing_pending(struct nic *nic)
{
	pthread_mutex_lock(&nic->lock);
	if (nic->pending)
		nt_reg_remove_subkey(nic->registry, "Pending");
	nic->pending = NULL;
	pthread_mutex_unlock(&nic->lock);
}

NTSTATUS nic_set(struct nic *nic, const char *name, const char *value, struct error *error)
{
	const struct inf_keyword *own = inf_find_keyword(&nic->install, name);
	const char *known = inf_initial_value(own);
	char before[256];
	NTSTATUS status = STATUS_SUCCESS;
	int result = 0;

	if (nic->settings[0])
		result = settings_put(nic->settings, name, value);
	if (result < 0) {
		error_set(error, "%.300s: %s", nic->settings, file_error(-result));
		return STATUS_UNSUCCESSFUL;
	}
	text_of(nic->software, name, before, sizeof(before));
	if (value || known)
		status = nt_reg_set_string(nic->software, name, value ? value : known);
	else
		nt_reg_delete(nic->software, name);
	if (!NT_SUCCESS(status))
		error_set(error, "out of memory");
	else
		note_pending(nic, name, before);
	return status;
}
