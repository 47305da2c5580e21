/* SPDX-License-Identifier: MIT */
/* Bytes as two hexadecimal digits each. */
#ifndef BASE_HEX_H
#define BASE_HEX_H

#include <stddef.h>
#include <stdint.h>

/* hex_digit() - 0 to 15 of a digit of either case, a byte or a UTF-16 unit; 16: it is none. */
static inline unsigned hex_digit(unsigned c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : 16;
}

/* hex_put() - the bytes in lower case and a terminator. @text: room for 2 * @size + 1 */
void hex_put(char *text, const void *bytes, size_t size);

#define HEX_MAC 18 /* bytes that hex_put_mac() writes */

/* hex_put_mac() - an Ethernet address as Linux writes it: "02:00:5e:10:00:01", and a terminator. */
void hex_put_mac(char text[HEX_MAC], const uint8_t mac[6]);

#endif
