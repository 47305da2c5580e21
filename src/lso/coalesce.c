/* SPDX-License-Identifier: MIT */
/*
 * The public calls of the coalescer: its memory, its flows, and the way of a frame through it.
 */
#include "coalesce_private.h"

/* room_up() - a size of memory, up to the next multiple of the alignment */
static size_t room_up(size_t size)
{
	return (size + UNIT_ALIGNMENT - 1) & ~(size_t)(UNIT_ALIGNMENT - 1);
}

/* Where a unit's parts lie, from its beginning; the same of all units of a coalescer. */
struct plan {
	size_t iov;
	size_t cookies;
	size_t room;
	size_t stride;
};

static struct plan plan_of(const struct lso_coalesce_options *o)
{
	struct plan p = { .iov = room_up(sizeof(struct unit)) };
	size_t pieces = o->copy ? 0 : o->max_frames;

	p.cookies = p.iov + room_up((1 + pieces) * sizeof(struct iovec));
	p.room = p.cookies + room_up(o->max_frames * sizeof(void *));
	p.stride = p.room;
	if (o->copy) {
		p.room += LSO_MAX_HEADERS;
		p.stride = p.room + room_up(o->max_length);
	}
	return p;
}

static uint32_t buckets_for(uint32_t flows)
{
	uint32_t n = 4;

	while (n < 2 * flows)
		n *= 2;
	return n;
}

/* with_defaults() - false: something is out of range */
static bool with_defaults(const struct lso_coalesce_options *given, struct lso_coalesce_options *o)
{
	if (given->size != sizeof(*given))
		return false;
	*o = *given;
	if (!o->protocols)
		o->protocols = LSO_COALESCE_TCP4 | LSO_COALESCE_TCP6;
	if (!o->max_frames)
		o->max_frames = USUAL_FRAMES;
	if (!o->max_length)
		o->max_length = LONGEST_IP;
	if (o->rules != LSO_RULES_RSC && (o->updates || o->duplicate_acks || o->no_timestamps))
		return false;
	return o->emit && o->rules <= LSO_RULES_RSC && o->unit_sum <= LSO_UNIT_SUM_ZERO &&
	       o->protocols < 2 * LSO_COALESCE_UDP6 && o->flows >= 1 && o->flows <= 65536 &&
	       o->max_frames <= LONGEST_UNIT && o->max_length <= LONGEST_IP &&
	       (o->updates || !o->duplicate_acks);
}

static size_t size_of(const struct lso_coalesce_options *o)
{
	return room_up(sizeof(struct lso_coalescer)) +
	       room_up(buckets_for(o->flows) * sizeof(uint32_t)) + o->flows * plan_of(o).stride;
}

size_t lso_coalesce_size(const struct lso_coalesce_options *options)
{
	struct lso_coalesce_options o;

	return with_defaults(options, &o) ? size_of(&o) : 0;
}

static void make_units(struct lso_coalescer *c)
{
	const struct plan p = plan_of(&c->options);

	c->free = NO_UNIT;
	for (uint32_t k = c->options.flows; k-- > 0;) {
		uint32_t i = (uint32_t)(k * (p.stride / UNIT_ALIGNMENT));
		struct unit *u = unit_at(c, i);
		uint8_t *at = (uint8_t *)u;

		memset(u, 0, sizeof(*u));
		u->number = i;
		u->iov = (struct iovec *)(at + p.iov);
		u->cookies = (void **)(at + p.cookies);
		u->room = c->options.copy ? at + p.room : NULL;
		u->step.frames = 1;
		u->step.segments = 1;
		u->step.entries = !c->options.copy;
		u->next = c->free;
		c->free = i;
	}
}

enum lso_status lso_coalesce_begin(struct lso_coalescer **coalescer, void *memory, size_t size,
				   const struct lso_coalesce_options *options)
{
	struct lso_coalescer *c = memory;
	struct lso_coalesce_options o;
	uint32_t buckets;

	if (!with_defaults(options, &o))
		return LSO_BAD_OPTIONS;
	if (!memory || (uintptr_t)memory % UNIT_ALIGNMENT || size < size_of(&o))
		return LSO_BAD_MEMORY;

	buckets = buckets_for(o.flows);
	*c = (struct lso_coalescer){
		.options = o,
		.engine = lso_engine(),
		.hash_keys = { o.hash_seed ^ 0x9e3779b97f4a7c15u, 0xd6e8feb86659fd93u },
		.oldest = NO_UNIT,
		.newest = NO_UNIT,
		.bucket_mask = buckets - 1,
		.buckets = (uint32_t *)((uint8_t *)memory + room_up(sizeof(*c))),
	};
	c->units = (uint8_t *)c->buckets + room_up(buckets * sizeof(uint32_t));
	memset(c->buckets, 0xff, buckets * sizeof(uint32_t)); /* NO_UNIT */
	make_units(c);
	*coalescer = c;
	return LSO_OK;
}

static bool same_addresses(const struct unit *u, const struct frame *f)
{
	const uint8_t *unit_ip = u->header + u->layout.l3_offset;

	if (u->layout.ip_version != f->layout.ip_version ||
	    u->layout.l4_protocol != f->layout.l4_protocol)
		return false;
	if (f->layout.ip_version == 4)
		return load64(unit_ip + 12) == load64(ip_of(f) + 12);
	return !memcmp(unit_ip + 8, ip_of(f) + 8, 32);
}

static bool same_flow(const struct unit *u, const struct frame *f)
{
	return u->hash == f->hash && u->layout.l3_offset == f->layout.l3_offset &&
	       same_addresses(u, f) &&
	       load32(u->header + u->layout.l4_offset) == load32(l4_of(f)) &&
	       !memcmp(u->header, f->head, f->layout.l3_offset);
}

static struct unit *find(const struct lso_coalescer *c, const struct frame *f)
{
	uint32_t i = c->buckets[f->hash & c->bucket_mask];

	while (i != NO_UNIT && !same_flow(unit_at(c, i), f))
		i = unit_at(c, i)->next;
	return i == NO_UNIT ? NULL : unit_at(c, i);
}

static void delist(struct lso_coalescer *c, const struct unit *u)
{
	uint32_t i = u->number;
	uint32_t *link = &c->buckets[u->hash & c->bucket_mask];

	while (*link != i)
		link = &unit_at(c, *link)->next;
	*link = u->next;
	if (u->older == NO_UNIT)
		c->oldest = u->newer;
	else
		unit_at(c, u->older)->newer = u->newer;
	if (u->newer == NO_UNIT)
		c->newest = u->older;
	else
		unit_at(c, u->newer)->older = u->older;
	c->held--;
}

void lso_unit_end(struct lso_coalescer *c, struct unit *u, enum lso_end why)
{
	delist(c, u);
	lso_unit_emit(c, u, why);
	u->next = c->free;
	c->free = u->number;
}

/* end_addresses() - of a frame whose ports are not known: whatever may be its flow's */
static void end_addresses(struct lso_coalescer *c, const struct frame *f, enum lso_end why)
{
	uint32_t i = c->oldest;

	while (i != NO_UNIT) {
		struct unit *u = unit_at(c, i);

		i = u->newer;
		if (same_addresses(u, f))
			lso_unit_end(c, u, why);
	}
}

/*
 * check_sum() - is the frame's TCP or UDP checksum right? IPv4's was looked at before.
 * @payload: sum over its payload, if that is known, or NULL
 */
static enum lso_end check_sum(const struct lso_coalescer *c, const struct frame *f)
{
	uint32_t length = (uint32_t)(f->length - f->layout.l4_offset);
	bool tcp = is_tcp(&f->layout);
	uint16_t field = load16(l4_of(f) + (tcp ? TCP_CHECKSUM : UDP_CHECKSUM));
	struct cursor cursor;
	uint64_t sum;

	if (f->sum == LSO_FRAME_PARTIAL || (!tcp && field == 0))
		return LSO_END_NONE;
	if (tcp && field == 0xffff)
		return LSO_END_SUM_FORM;
	if (f->sum == LSO_FRAME_TRUSTED)
		return LSO_END_NONE;
	if (f->count == 1) {
		sum = c->engine->sum(l4_of(f), length);
	} else {
		cursor = lso_iov_seek(f->iov, f->count, f->layout.l4_offset);
		sum = lso_sum_scattered(c->engine, &cursor, length);
	}
	sum += lso_pseudo(f->head, &f->layout, length);
	return fold16(sum) == 0xffff ? LSO_END_NONE : LSO_END_BAD_SUM;
}

static struct cursor payload_of(const struct frame *f)
{
	return lso_iov_seek(f->iov, f->count, f->layout.payload_offset);
}

/* pieces_of() - entries of an iovec that its payload takes */
static uint32_t pieces_of(const struct frame *f)
{
	struct cursor cursor = payload_of(f);
	uint32_t pieces = 0;
	size_t n;

	if (f->count == 1)
		return f->payload != 0;
	for (size_t left = f->payload; left; left -= n, pieces++)
		lso_cursor_take(&cursor, left, &n);
	return pieces;
}

static void refer_payload(struct unit *u, const struct frame *f)
{
	struct cursor cursor = payload_of(f);
	size_t n;

	for (size_t left = f->payload; left; left -= n) {
		const uint8_t *at = lso_cursor_take(&cursor, left, &n);

		u->iov[u->entries++] = (struct iovec){ (uint8_t *)(uintptr_t)at, n };
	}
}

/* payload_sum() - of a frame whose checksum is right, it follows from that, without a look at it */
static uint32_t payload_sum(const struct lso_coalescer *c, const struct frame *f)
{
	size_t header = f->layout.payload_offset - f->layout.l4_offset;
	struct cursor cursor;
	uint64_t sum;

	if (f->sum == LSO_FRAME_PARTIAL) {
		cursor = payload_of(f);
		return lso_sum_scattered(c->engine, &cursor, f->payload);
	}
	sum = lso_pseudo(f->head, &f->layout, (uint32_t)(header + f->payload));
	for (size_t i = 0; i < header; i += 4)
		sum += load32(l4_of(f) + i);
	return (uint16_t)~fold16(sum);
}

/* add_payload() - behind what the unit has */
static void add_payload(const struct lso_coalescer *c, struct unit *u, const struct frame *f)
{
	if (c->options.unit_sum == LSO_UNIT_SUM_FULL && !u->unsummed)
		u->sum = fold32(add_piece(u->sum, u->payload, payload_sum(c, f)));
	if (c->options.copy) {
		struct cursor cursor = payload_of(f);

		lso_copy_scattered(c->engine, u->room + u->payload, &cursor, f->payload);
	} else {
		refer_payload(u, f);
	}
	u->cookies[u->frames] = f->cookie;
	u->payload += f->payload;
}

struct unit *lso_unit_new(struct lso_coalescer *c)
{
	struct unit *u;

	if (c->free == NO_UNIT)
		lso_unit_end(c, unit_at(c, c->oldest), LSO_END_PLACE);
	u = unit_at(c, c->free);
	c->free = u->next;
	return u;
}

/* quick_kind() - which quick frames may join it? None, when things may change. */
static uint8_t quick_kind(const struct lso_coalescer *c, const struct lso_layout *layout)
{
	if (c->options.updates || !is_tcp(layout) || layout->l3_offset != 14)
		return 0;
	if (layout->ip_version == 4)
		return layout->l4_offset == 34 ? 4 : 0;
	return layout->l4_offset == 54 ? 6 : 0;
}

static uint64_t sum_words(const uint8_t *p, size_t length)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < length; i += 4)
		sum += load32(p + i);
	return sum;
}

/* take_base() - of one that is quick */
static void take_base(struct unit *u, const struct frame *f)
{
	const uint8_t *tcp = l4_of(f);

	u->l4_base = lso_pseudo(f->head, &f->layout, 0) +
		     sum_words(tcp, f->layout.payload_offset - f->layout.l4_offset) -
		     load32(tcp + TCP_SEQUENCE) - load16(tcp + TCP_FLAGS) -
		     load16(tcp + TCP_CHECKSUM);
}

/* hold() - a new unit of one frame */
static void hold(struct lso_coalescer *c, const struct frame *f)
{
	bool tcp = is_tcp(&f->layout);
	struct unit *u = lso_unit_new(c);

	u->hash = f->hash;
	u->layout = f->layout;
	u->frames = 0;
	u->segments = f->payload != 0;
	u->payload = 0;
	u->mss = f->payload;
	u->longest = f->payload;
	u->sequence = tcp ? load_be32(l4_of(f) + TCP_SEQUENCE) + f->payload : 0;
	u->entries = 1;
	u->stamp = f->stamp;
	u->stamp_first = f->stamp ? load_be32(f->head + f->stamp) : 0;
	u->ids = load_be16(ip_of(f) + IPV4_ID);
	u->id_way = ID_UNKNOWN;
	u->flags = f->flags;
	u->duplicate_acks = 0;
	u->partial = f->sum == LSO_FRAME_PARTIAL;
	u->unsummed = !tcp && load16(l4_of(f) + UDP_CHECKSUM) == 0;
	u->lossy = false;
	u->quick = quick_kind(c, &f->layout);
	u->plain = 0;
	u->stamped = f->layout.payload_offset - f->layout.l4_offset == 32;
	u->frame_length = 0;
	u->sum = 0;
	u->begun = c->now;
	if (u->quick)
		take_base(u, f);
	memcpy(u->header, f->head, f->layout.payload_offset);
	add_payload(c, u, f);
	u->frames = 1;
	lso_unit_enlist(c, u);
}

/* begin_or_pass() - a frame of whose flow nothing is held */
static void begin_or_pass(struct lso_coalescer *c, const struct frame *f)
{
	enum lso_end why = lso_frame_closes(c, NULL, f);

	if (!why)
		why = check_sum(c, f);
	if (!why && !c->options.copy && pieces_of(f) > c->options.max_frames)
		why = LSO_END_PIECES;
	if (!why && c->options.max_frames == 1)
		why = LSO_END_FRAMES;
	if (why)
		lso_frame_emit(c, f, why);
	else
		hold(c, f);
}

/* join() - a frame that its flow's unit has a place for, if its checksum is right */
static void join(struct lso_coalescer *c, struct unit *u, const struct frame *f)
{
	enum lso_end why = check_sum(c, f);

	if (why) {
		lso_unit_end(c, u, why);
		lso_frame_emit(c, f, why);
		return;
	}
	add_payload(c, u, f);
	lso_unit_take(c, u, f);
	u->frame_length = 0;
	why = lso_frame_closes(c, u, f);
	if (why)
		lso_unit_end(c, u, why);
}

static void take_holdable(struct lso_coalescer *c, const struct frame *f)
{
	struct unit *u = find(c, f);
	enum lso_end why = u ? lso_frame_joins(c, u, f) : LSO_END_NONE;

	if (u && !why && !c->options.copy && u->entries - 1 + pieces_of(f) > c->options.max_frames)
		why = LSO_END_FRAMES;
	if (u && !why) {
		join(c, u, f);
		return;
	}
	if (u)
		lso_unit_end(c, u, why);
	begin_or_pass(c, f);
}

/* take_alone() - a frame that joins nothing: out behind what is held of its flow */
static void take_alone(struct lso_coalescer *c, const struct frame *f, enum lso_end why)
{
	struct unit *u;

	if (f->layout.payload_offset) {
		u = find(c, f);
		if (u)
			lso_unit_end(c, u, why);
	} else if (f->layout.ip_version) {
		end_addresses(c, f, why);
	}
	lso_frame_emit(c, f, why);
}

static enum lso_end end_of_status(enum lso_status status, const struct lso_layout *layout)
{
	if (layout->ip_fragment)
		return LSO_END_FRAGMENT;
	if (status == LSO_JUMBOGRAM)
		return LSO_END_JUMBOGRAM;
	return status == LSO_NOT_IP || status == LSO_NOT_TCP_UDP ? LSO_END_PROTOCOL
								 : LSO_END_HEADERS;
}

static void take(struct lso_coalescer *c, struct frame *f)
{
	uint8_t gathered[LSO_MAX_HEADERS];
	enum lso_status status = lso_parse(f->iov, f->count, &f->layout);
	enum lso_end why;

	f->head = f->count > 0 ? f->iov[0].iov_base : NULL;
	if (f->count > 1) {
		lso_iov_read(f->iov, f->count, gathered, sizeof(gathered));
		f->head = gathered;
	}
	if (f->layout.payload_offset)
		f->hash = flow_hash(c, ip_of(f), l4_of(f), f->layout.ip_version == 4);
	why = status ? end_of_status(status, &f->layout) : lso_frame_holdable(c, f);
	if (why)
		take_alone(c, f, why);
	else
		take_holdable(c, f);
}

/* take_frame() - the long way */
static void take_frame(struct lso_coalescer *c, const struct iovec *iov, int count,
		       enum lso_frame_sum sum, void *cookie)
{
	struct frame f = {
		.iov = iov,
		.count = count,
		.length = lso_iov_length(iov, count),
		.sum = (uint8_t)sum,
		.cookie = cookie,
	};

	take(c, &f);
}

/*
 * take_quick() - frames of the usual kind: TCP in Ethernet without tags, nothing unusual, that join
 * their unit or of whose flow nothing is held: coalesce_quick.h
 * @cookies: or NULL
 * Return: how many were taken. The next one is not of that kind: nothing has happened to it.
 */
static uint32_t take_quick(struct lso_coalescer *c, const struct iovec *frames, uint32_t count,
			   enum lso_frame_sum sum, void *const *cookies)
{
	if (sum > LSO_FRAME_TRUSTED || c->options.updates)
		return 0;
	return c->engine->coalesce(c, frames, count, sum == LSO_FRAME_VERIFY, cookies);
}

void lso_coalesce_frame(struct lso_coalescer *c, const struct iovec *iov, int count,
			enum lso_frame_sum sum, void *cookie)
{
	if (count != 1 || !take_quick(c, iov, 1, sum, &cookie))
		take_frame(c, iov, count, sum, cookie);
}

void lso_coalesce_frames(struct lso_coalescer *c, const struct iovec *frames, uint32_t count,
			 enum lso_frame_sum sum, void *const *cookies)
{
	uint32_t i = 0;

	while (i < count) {
		i += take_quick(c, frames + i, count - i, sum, cookies ? cookies + i : NULL);
		if (i == count)
			break;
		take_frame(c, &frames[i], 1, sum, cookies ? cookies[i] : NULL);
		i++;
	}
}

uint32_t lso_coalesce_flush(struct lso_coalescer *c, uint32_t count)
{
	uint32_t n = 0;

	for (; n < count && c->oldest != NO_UNIT; n++)
		lso_unit_end(c, unit_at(c, c->oldest), LSO_END_FLUSH);
	return n;
}

uint32_t lso_coalesce_expire(struct lso_coalescer *c, uint64_t now)
{
	uint32_t n = 0;

	if (now > c->now)
		c->now = now;
	for (; lso_coalesce_due(c) <= c->now && c->held; n++)
		lso_unit_end(c, unit_at(c, c->oldest), LSO_END_AGE);
	return n;
}

uint64_t lso_coalesce_due(const struct lso_coalescer *c)
{
	uint64_t begun;

	if (c->oldest == NO_UNIT)
		return UINT64_MAX;
	begun = unit_at(c, c->oldest)->begun;
	return begun > UINT64_MAX - c->options.max_age ? UINT64_MAX : begun + c->options.max_age;
}

uint32_t lso_coalesce_held(const struct lso_coalescer *c)
{
	return c->held;
}
