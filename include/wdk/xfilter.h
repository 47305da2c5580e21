/* SPDX-License-Identifier: MIT */
/* xfilter.h - what an Ethernet address is. */
#ifndef _X_FILTER_DEFS_
#define _X_FILTER_DEFS_

#define ETH_LENGTH_OF_ADDRESS                6
#define ETH_IS_LOCALLY_ADMINISTERED(address) ((BOOLEAN)((((PUCHAR)(address))[0] & 2) != 0))
#define ETH_IS_MULTICAST(address)            ((BOOLEAN)((((PUCHAR)(address))[0] & 1) != 0))
#define ETH_IS_BROADCAST(address)                                                    \
	((((PUCHAR)(address))[0] & ((PUCHAR)(address))[1] & ((PUCHAR)(address))[2] & \
	  ((PUCHAR)(address))[3] & ((PUCHAR)(address))[4] & ((PUCHAR)(address))[5]) == 0xff)
#define ETH_IS_EMPTY(address)                                                        \
	((((PUCHAR)(address))[0] | ((PUCHAR)(address))[1] | ((PUCHAR)(address))[2] | \
	  ((PUCHAR)(address))[3] | ((PUCHAR)(address))[4] | ((PUCHAR)(address))[5]) == 0)
#define ETH_COMPARE_NETWORK_ADDRESSES_EQ(a, b, result) \
	(*(result) = memcmp((a), (b), ETH_LENGTH_OF_ADDRESS) != 0)
#define ETH_COPY_NETWORK_ADDRESS(to, from) memcpy((to), (from), ETH_LENGTH_OF_ADDRESS)

#endif
