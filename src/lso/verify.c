/* SPDX-License-Identifier: MIT */
/*
 * Check the checksums of a frame as a receiver does.
 */
#include <netinet/in.h>

#include "bytes.h"
#include "private.h"

/* A frame to be checked: its first bytes contiguous, all of it scattered. */
struct subject {
	const uint8_t *head;
	const struct iovec *iov;
	int count;
	size_t length;
	struct lso_layout layout;
};

/* l4_length() - what the IP header says, false when that is impossible */
static bool l4_length(const struct subject *s, size_t *length)
{
	const uint8_t *ip = s->head + s->layout.l3_offset;
	size_t l3_header = s->layout.l4_offset - s->layout.l3_offset;
	size_t room = s->length - s->layout.l3_offset;
	size_t total;

	if (s->layout.ip_version == 4) {
		total = load_be16(ip + 2);
	} else {
		total = load_be16(ip + 4) + 40u;
		if (total == 40) /* RFC 2675 3 */
			total = room;
	}
	if (total < l3_header || total > room)
		return false;
	*length = total - l3_header;
	return true;
}

static enum lso_verdict verify_l4(const struct subject *s)
{
	const struct lso_layout *layout = &s->layout;
	bool udp = layout->l4_protocol == IPPROTO_UDP;
	struct cursor c;
	size_t length;
	uint64_t sum;

	if (udp && load16(s->head + layout->l4_offset + 6) == 0)
		return LSO_SUM_ABSENT;
	if (!l4_length(s, &length) || length < (size_t)layout->payload_offset - layout->l4_offset)
		return LSO_SUM_BAD;
	if (udp) {
		size_t said = load_be16(s->head + layout->l4_offset + 4);

		if (said == 0) /* RFC 2675 4 */
			said = length;
		if (said < 8 || said > length)
			return LSO_SUM_BAD;
		length = said;
	}

	c = lso_iov_seek(s->iov, s->count, layout->l4_offset);
	sum = lso_sum_scattered(lso_engine(), &c, length);
	sum += lso_pseudo(s->head, layout, (uint32_t)length);
	return fold16(sum) == 0xffff ? LSO_SUM_GOOD : LSO_SUM_BAD;
}

struct lso_verdicts lso_verify_iov(const struct iovec *iov, int count)
{
	struct lso_verdicts verdicts = { LSO_SUM_ABSENT, LSO_SUM_ABSENT };
	struct subject s = { .iov = iov, .count = count };
	uint8_t gathered[LSO_MAX_HEADERS];
	enum lso_status status;

	status = lso_parse(iov, count, &s.layout);
	if (s.layout.ip_version == 0)
		return verdicts;
	s.length = lso_iov_length(iov, count);
	s.head = iov[0].iov_base;
	if (count > 1) {
		lso_iov_read(iov, count, gathered, sizeof(gathered));
		s.head = gathered;
	}

	if (s.layout.ip_version == 4) {
		const uint8_t *ip = s.head + s.layout.l3_offset;

		verdicts.ipv4 = LSO_SUM_BAD;
		if (fold16(lso_engine()->sum(ip, (ip[0] & 0x0f) * 4u)) == 0xffff)
			verdicts.ipv4 = LSO_SUM_GOOD;
	}
	if (status == LSO_OK || (status == LSO_JUMBOGRAM && s.layout.payload_offset))
		verdicts.l4 = verify_l4(&s);
	return verdicts;
}

struct lso_verdicts lso_verify(const uint8_t *frame, size_t length)
{
	struct iovec iov = { .iov_base = (uint8_t *)(uintptr_t)frame, .iov_len = length };

	return lso_verify_iov(&iov, 1);
}
