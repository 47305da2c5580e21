/* SPDX-License-Identifier: MIT */
#include "ring_deed.h"

static const uint8_t frame[200] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xB5 };

/* The child's. */
struct rings *deed_rings;
static const struct deed *deed;
static unsigned calls;

NET_RING *packet_ring(struct rings_event *event)
{
	return NetRingCollectionGetPacketRing(event->rings);
}

NET_RING *fragment_ring(struct rings_event *event)
{
	return NetRingCollectionGetFragmentRing(event->rings);
}

NET_RING *buffer_ring(struct rings_event *event)
{
	return NetRingCollectionGetDataBufferRing(event->rings);
}

NET_PACKET *packet_of(struct rings_event *event)
{
	return NetRingGetPacketAtIndex(packet_ring(event), event->packet);
}

NET_FRAGMENT *fragment_of(struct rings_event *event)
{
	return NetRingGetFragmentAtIndex(fragment_ring(event), packet_of(event)->FragmentIndex);
}

static void do_deed(struct rings_event *event)
{
	unsigned before;

	if (event->place != deed->place || event->transmit != deed->transmit)
		return;
	before = calls++;
	if (before == deed->after || (deed->stays && before > deed->after))
		deed->act(event);
}

void deed_run(void *context)
{
	const struct deed_child *child = context;
	struct stage *s = rings_open(child->minor, &deed_rings);

	deed = child->deed;
	calls = 0;
	deed_rings->deed = do_deed;
	deed_rings->buffers = deed->buffers;
	deed_rings->pieces = deed->pieces;
	rings_up(s, NULL);
	for (unsigned i = 0; i < 600; i++) {
		rings_send(s, deed_rings, frame, sizeof(frame), i + 1);
		rings_receive(deed_rings, frame, sizeof(frame));
	}
	stage_stop(s);
	stage_start(s);
	stage_free(s);
}

void deed_breaks(const struct deed *d, unsigned number, const char *rule, const char *callback,
		 const char *text)
{
	static const unsigned minors[] = { 0, 5 };
	char name[96], number_text[128], version[32];

	for (size_t i = 0; i < 2; i++) {
		struct deed_child child = { d, minors[i] };

		snprintf(version, sizeof(version), "NetAdapterCx 2.%u", child.minor);
		snprintf(number_text, sizeof(number_text), "violation %u %s",
			 child.minor ? number : number - 1, rule);
		snprintf(name, sizeof(name), "in %s (", callback);
		child_violates(deed_run, &child, number_text, version, name, text, NULL);
	}
}

void deed_is_noted(const struct deed *d, const char *rule, const char *text)
{
	struct deed_child child = { d, 5 };
	struct child_end end;
	const char *note;

	child_run(&end, deed_run, &child);
	assert_int_equal(end.exit_code, 0);
	note = strstr(end.text, rule);
	assert_non_null(note);
	assert_non_null(strstr(note, text));
	assert_null(strstr(note + 1, rule));
}
