/* SPDX-License-Identifier: MIT */
/* Questions about what is no NETOFFLOAD, and about the NETOFFLOAD of another offload. */
#include "rules.h"

#if NETADAPTER_VERSION_MINOR == 0
#include <preview/netadapteroffload.h>
#endif

#if NETADAPTER_VERSION_MINOR == 0 || NETADAPTER_VERSION_MINOR == 5

static UINT64 Nothing[16];

#if NETADAPTER_VERSION_MINOR == 0
#define ASKED_20 ASKED
#define ASKED_25(name, other)
#else
#define ASKED_20(name, other)
#define ASKED_25 ASKED
#endif

#define ASKED(name, other)                                   \
	static void None##name(const RECORDER_PLACE *Place)  \
	{                                                    \
		UNREFERENCED_PARAMETER(Place);               \
		(void)name((NETOFFLOAD)Nothing);             \
	}                                                    \
	static void Null##name(const RECORDER_PLACE *Place)  \
	{                                                    \
		UNREFERENCED_PARAMETER(Place);               \
		(void)name(NULL);                            \
	}                                                    \
	static void Other##name(const RECORDER_PLACE *Place) \
	{                                                    \
		(void)name(Place->Offload);                  \
	}
#define ASKED_OLD ASKED
#include "asked_list.h"
#undef ASKED

const RULE AskedRules[] = {
#define ASKED(name, other)                                       \
	{ "none " #name, PointBeforeStart, None##name },         \
		{ "null " #name, PointBeforeStart, Null##name }, \
		{ "other " #name, other, Other##name },
#include "asked_list.h"
	{ NULL, PointStarted, NULL },
};

#else

const RULE AskedRules[] = {
	{ NULL, PointStarted, NULL },
};

#endif
