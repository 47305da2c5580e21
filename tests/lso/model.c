/* SPDX-License-Identifier: MIT */
#include "model.h"

#include <netcx/lso.h>
#include <string.h>

#include "reference.h"

static unsigned int get16(const uint8_t *p)
{
	return p[0] * 256u + p[1];
}

static uint32_t get32(const uint8_t *p)
{
	return get16(p) * 65536u + get16(p + 2);
}

static void add_key(struct model_frame *f, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		f->key[f->key_length++] = bytes[i];
}

/* link_of() - Return: where IP begins, or 0; *@type: what it says it is */
static size_t link_of(struct model_frame *f, const uint8_t *p, size_t length, unsigned int *type)
{
	size_t at = 12;

	while (length >= at + 2 && (get16(p + at) == 0x8100 || get16(p + at) == 0x88a8))
		at += 4;
	if (length < at + 2) {
		f->alone = LSO_END_HEADERS;
		return 0;
	}
	*type = get16(p + at);
	at += 2;
	if (*type <= 1500) {
		if (length < at + 8 || memcmp(p + at, "\xaa\xaa\3\0\0\0", 6)) {
			f->alone = length < at + 8 ? LSO_END_HEADERS : LSO_END_PROTOCOL;
			return 0;
		}
		*type = get16(p + at + 6);
		f->alone = LSO_END_LLC;
		at += 8;
	}
	add_key(f, p, at);
	return at;
}

/* sums() - are they right? */
static bool right_sum(const uint8_t *addresses, size_t address_length, unsigned int protocol,
		      const uint8_t *l4, size_t length)
{
	uint8_t tail[8] = { (uint8_t)(length >> 24),
			    (uint8_t)(length >> 16),
			    (uint8_t)(length >> 8),
			    (uint8_t)length,
			    0,
			    0,
			    0,
			    (uint8_t)protocol };
	uint32_t sum = reference_sum(addresses, address_length, 0);

	return reference_sum(l4, length, reference_sum(tail, 8, sum)) == 65535;
}

static int tcp_alone(const struct model *m, const struct model_frame *f)
{
	static const struct {
		unsigned int flag;
		int end;
	} flags[] = { { 2, LSO_END_SYN }, { 4, LSO_END_RST }, { 32, LSO_END_URG } };

	for (int i = 0; i < 3; i++)
		if (f->flags & flags[i].flag)
			return flags[i].end;
	if (!m->rsc && f->flags & 128)
		return LSO_END_CWR;
	if (m->rsc && f->flags & 1)
		return LSO_END_FIN;
	if (m->rsc && (f->flags > 255 || !(f->flags & 16)))
		return LSO_END_FLAGS;
	for (size_t i = 0, seen = 0; m->rsc && i < f->option_length; i++) {
		if (f->options[i] < 2)
			continue;
		if (seen++ || f->options[i] != 8 || i + 10 > f->option_length ||
		    f->options[i + 1] != 10)
			return LSO_END_TCP_OPTIONS;
		i += 9;
	}
	return f->payload ? 0 : LSO_END_NO_PAYLOAD;
}

/* transport() - from the TCP or UDP header on. Return: why it stays alone, but for its checksum */
static int transport(const struct model *m, struct model_frame *f, const uint8_t *l4, size_t left)
{
	if (f->tcp) {
		f->sequence = get32(l4 + 4);
		f->ack = get32(l4 + 8);
		f->flags = get16(l4 + 12) % 4096;
		f->window = get16(l4 + 14);
		f->urgent = get16(l4 + 18);
		f->option_length = l4[12] / 16 * 4u - 20;
		memcpy(f->options, l4 + 20, f->option_length);
		f->payload = left - 20 - f->option_length;
		return tcp_alone(m, f);
	}
	f->payload = left - 8;
	f->no_sum = get16(l4 + 6) == 0;
	if (f->payload == 0)
		return LSO_END_NO_PAYLOAD;
	return f->no_sum && !m->rsc ? LSO_END_NO_SUM : 0;
}

static void take_ip4(const struct model *m, struct model_frame *f, const uint8_t *ip, size_t left)
{
	size_t header = ip[0] % 16 * 4u;
	const uint8_t *l4 = ip + header;
	int why;

	f->has_ip = true;
	f->four = true;
	f->tcp = ip[9] == 6;
	f->address_at = f->key_length;
	add_key(f, ip + 9, 1);
	add_key(f, ip + 12, 8);
	f->address_end = f->key_length;
	if (get16(ip + 6) % 0x4000) {
		f->alone = LSO_END_FRAGMENT;
		return;
	}
	f->has_ports = true;
	add_key(f, l4, 4);
	f->tos = ip[1];
	f->ttl = ip[8];
	f->id = get16(ip + 4);
	f->ip_flags = ip[6] / 64;
	f->headers = header + (f->tcp ? l4[12] / 16 * 4u : 8);
	why = transport(m, f, l4, left - header);
	if (f->alone)
		return;
	if (header > 20)
		f->alone = LSO_END_IP_OPTIONS;
	else if (get16(ip + 2) != left || (!f->tcp && get16(l4 + 4) != left - header))
		f->alone = LSO_END_IP_LENGTH;
	else if (left > m->max_length)
		f->alone = LSO_END_TOO_LONG;
	else if (ip[6] & 0x80)
		f->alone = LSO_END_IP_FLAGS;
	else if (reference_sum(ip, 20, 0) != 65535)
		f->alone = LSO_END_IP_SUM;
	else
		f->alone = why;
	f->bad_sum = !f->no_sum && !right_sum(ip + 12, 8, f->tcp ? 6 : 17, l4, left - header);
}

static void take_ip6(const struct model *m, struct model_frame *f, const uint8_t *ip, size_t left)
{
	unsigned int next = ip[6];
	size_t at = 40;
	const uint8_t *l4;
	int why;

	while (next == 60) { /* the only kind that the generator makes */
		next = ip[at];
		at += ip[at + 1] * 8u + 8;
	}
	l4 = ip + at;
	f->has_ip = f->has_ports = true;
	f->tcp = next == 6;
	f->address_at = f->key_length;
	add_key(f, (uint8_t[]){ (uint8_t)next }, 1);
	add_key(f, ip + 8, 32);
	f->address_end = f->key_length;
	add_key(f, l4, 4);
	f->tos = get32(ip);
	f->ttl = ip[7];
	f->between[0] = ip[6];
	memcpy(f->between + 1, ip + 40, at - 40);
	f->between_length = at - 40 + 1;
	f->headers = at + (f->tcp ? l4[12] / 16 * 4u : 8);
	why = transport(m, f, l4, left - at);
	if (f->alone)
		return;
	if (at > 40 && m->rsc)
		f->alone = LSO_END_IP_OPTIONS;
	else if (get16(ip + 4) + 40 != left || (!f->tcp && get16(l4 + 4) != left - at))
		f->alone = LSO_END_IP_LENGTH;
	else if (left > m->max_length)
		f->alone = LSO_END_TOO_LONG;
	else
		f->alone = why;
	f->bad_sum = !f->no_sum && !right_sum(ip + 8, 32, next, l4, left - at);
}

static struct model_frame take(const struct model *m, const uint8_t *p, size_t length)
{
	struct model_frame f = { .alone = 0 };
	unsigned int type = 0;
	size_t at = link_of(&f, p, length, &type);

	if (at && type == 0x0800)
		take_ip4(m, &f, p + at, length - at);
	else if (at && type == 0x86dd)
		take_ip6(m, &f, p + at, length - at);
	else if (at)
		f.alone = LSO_END_PROTOCOL;
	return f;
}

static void put(struct model *m, const struct model_unit *unit, int end)
{
	struct model_unit *ready = &m->ready[m->in++ % MODEL_READY];

	*ready = *unit;
	ready->end = end;
}

static void end(struct model *m, struct model_flow *flow, int why)
{
	flow->used = false;
	put(m, &flow->unit, why);
}

static struct model_flow *oldest(struct model *m)
{
	struct model_flow *found = NULL;

	for (int i = 0; i < MODEL_FLOWS; i++)
		if (m->flow[i].used && (!found || m->flow[i].age < found->age))
			found = &m->flow[i];
	return found;
}

static struct model_flow *of(struct model *m, const struct model_frame *f)
{
	for (int i = 0; i < MODEL_FLOWS; i++)
		if (m->flow[i].used && f->has_ports &&
		    m->flow[i].first.key_length == f->key_length &&
		    !memcmp(m->flow[i].first.key, f->key, f->key_length))
			return &m->flow[i];
	return NULL;
}

/* ids_go_on() - all of them so far, and one more */
static bool ids_go_on(const struct model *m, const struct model_flow *flow, unsigned int id)
{
	uint32_t n = flow->unit.count;
	bool fixed = true;
	bool counts = true;
	bool wraps = m->ndis_id && flow->first.tcp;

	for (uint32_t i = 1; i <= n; i++) {
		uint32_t before = flow->ids[i - 1];
		uint32_t now = i == n ? id : flow->ids[i];

		fixed &= now == before;
		counts &= now == (before + 1) % 65536;
		wraps &= now == before / 32768 * 32768 + (before + 1) % 32768;
	}
	return fixed || counts || wraps;
}

static int tcp_ends(const struct model_flow *flow, const struct model_frame *f)
{
	const struct model_frame *first = &flow->first;
	unsigned int changed = (first->flags ^ f->flags) & ~9u;

	if (changed)
		return changed & 0xc0 ? LSO_END_ECN : LSO_END_FLAGS;
	if (f->sequence != (uint32_t)(first->sequence + flow->payload))
		return LSO_END_SEQUENCE;
	if (f->ack != first->ack)
		return LSO_END_ACK;
	if (f->window != first->window)
		return LSO_END_WINDOW;
	return f->urgent != first->urgent ? LSO_END_URGENT : 0;
}

static int options_end(const struct model *m, const struct model_flow *flow,
		       const struct model_frame *f)
{
	const struct model_frame *first = &flow->first;
	size_t n = f->option_length;
	uint8_t kinds[2][40];

	if (n != first->option_length)
		return LSO_END_TCP_OPTIONS;
	if (!memcmp(f->options, first->options, n))
		return 0;
	if (!m->rsc)
		return LSO_END_TCP_OPTIONS;
	/* Is it the stamps alone? */
	memcpy(kinds[0], first->options, n);
	memcpy(kinds[1], f->options, n);
	for (int k = 0; k < 2; k++)
		for (size_t i = 0; i + 10 <= n; i++)
			if (kinds[k][i] == 8 && kinds[k][i + 1] == 10) {
				memset(kinds[k] + i + 2, 0, 8);
				break;
			}
	return memcmp(kinds[0], kinds[1], n) ? LSO_END_TCP_OPTIONS : LSO_END_TIMESTAMP;
}

static int ends(const struct model *m, const struct model_flow *flow, const struct model_frame *f)
{
	const struct model_frame *first = &flow->first;
	int why = 0;

	if (f->tcp) {
		why = tcp_ends(flow, f);
		if (!why)
			why = options_end(m, flow, f);
	} else if (f->no_sum != first->no_sum) {
		why = LSO_END_NO_SUM;
	}
	if (why)
		return why;
	if (f->tos != first->tos)
		return LSO_END_TOS;
	if (f->ttl != first->ttl)
		return LSO_END_TTL;
	if (f->ip_flags != first->ip_flags)
		return LSO_END_DF;
	if (f->between_length != first->between_length ||
	    memcmp(f->between, first->between, f->between_length))
		return LSO_END_EXTENSION;
	if (f->payload > first->payload)
		return LSO_END_LONGER;
	if (f->four && !ids_go_on(m, flow, f->id))
		return LSO_END_ID;
	if (first->headers + flow->payload + f->payload > m->max_length)
		return LSO_END_LENGTH;
	return 0;
}

static void add(struct model_flow *flow, const struct model_frame *f, uint32_t number)
{
	flow->ids[flow->unit.count] = f->id;
	flow->unit.frames[flow->unit.count++] = number;
	flow->payload += f->payload;
}

static void alone(struct model *m, uint32_t number, int why)
{
	struct model_unit unit = { .frames = { number }, .count = 1 };

	put(m, &unit, why);
}

/* closes() - PSH and FIN, of a frame that could be held */
static int closes(const struct model_frame *f)
{
	if (f->tcp && f->flags & 1)
		return LSO_END_FIN;
	return f->tcp && f->flags & 8 ? LSO_END_PSH : 0;
}

static void begin(struct model *m, const struct model_frame *f, uint32_t number)
{
	struct model_flow *flow = NULL;
	uint32_t used = 0;

	if (closes(f) || f->bad_sum) {
		alone(m, number, closes(f) ? closes(f) : LSO_END_BAD_SUM);
		return;
	}
	for (uint32_t i = 0; i < MODEL_FLOWS; i++)
		used += m->flow[i].used;
	if (used == m->flows)
		end(m, oldest(m), LSO_END_PLACE);
	for (uint32_t i = 0; i < MODEL_FLOWS && !flow; i++)
		if (!m->flow[i].used)
			flow = &m->flow[i];
	memset(flow, 0, sizeof(*flow));
	flow->used = true;
	flow->age = ++m->clock;
	flow->first = *f;
	add(flow, f, number);
}

static void join(struct model *m, struct model_flow *flow, const struct model_frame *f,
		 uint32_t number)
{
	uint32_t most = m->max_frames;

	if (f->bad_sum) {
		end(m, flow, LSO_END_BAD_SUM);
		alone(m, number, LSO_END_BAD_SUM);
		return;
	}
	add(flow, f, number);
	if (!f->tcp && !m->rsc && most > 64)
		most = 64;
	if (closes(f))
		end(m, flow, closes(f));
	else if (f->payload < flow->first.payload)
		end(m, flow, LSO_END_SHORT);
	else if (flow->unit.count == most)
		end(m, flow, LSO_END_FRAMES);
}

/* like_the_addresses() - of a fragment: whose flow it may be */
static bool like_the_addresses(const struct model_frame *a, const struct model_frame *b)
{
	size_t n = b->address_end - b->address_at;

	return a->four == b->four && a->address_end - a->address_at == n &&
	       !memcmp(a->key + a->address_at, b->key + b->address_at, n);
}

static struct model_flow *oldest_like(struct model *m, const struct model_frame *f)
{
	struct model_flow *found = NULL;

	for (int i = 0; i < MODEL_FLOWS; i++)
		if (m->flow[i].used && like_the_addresses(&m->flow[i].first, f) &&
		    (!found || m->flow[i].age < found->age))
			found = &m->flow[i];
	return found;
}

void model_frame(struct model *m, const uint8_t *frame, size_t length, uint32_t number)
{
	struct model_frame f = take(m, frame, length);
	struct model_flow *flow = of(m, &f);

	if (!f.alone && flow) {
		int why = ends(m, flow, &f);

		if (!why) {
			join(m, flow, &f, number);
			return;
		}
		end(m, flow, why);
	} else if (flow) {
		end(m, flow, f.alone);
	}
	while (f.has_ip && !f.has_ports && (flow = oldest_like(m, &f)))
		end(m, flow, f.alone);
	if (f.alone)
		alone(m, number, f.alone);
	else
		begin(m, &f, number);
}

void model_flush(struct model *m, uint32_t count)
{
	while (count-- && oldest(m))
		end(m, oldest(m), LSO_END_FLUSH);
}

const struct model_unit *model_next(struct model *m)
{
	return m->out == m->in ? NULL : &m->ready[m->out++ % MODEL_READY];
}
