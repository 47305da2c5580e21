/* SPDX-License-Identifier: MIT */
/*
 * What the thread sanitizer cannot know: that a device is no thread. A driver shares descriptors
 * with it by plain stores and a barrier, as hardware wants it. In other builds all this is nothing.
 */
#ifndef NT_SANITIZER_H
#define NT_SANITIZER_H

#include <stddef.h>

#ifdef __SANITIZE_THREAD__
#define NT_HAS_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define NT_HAS_THREAD_SANITIZER 1
#endif
#endif

#ifdef NT_HAS_THREAD_SANITIZER
/*
 * nt_order_with_hardware() - what this thread has done is done for whoever calls it next
 * By a model that has seen a descriptor, or is about to give it back, and around the driver's work
 * on its rings.
 */
void nt_order_with_hardware(void);

/* nt_share_with_hardware() - memory for descriptors: accesses there are not reported */
void nt_share_with_hardware(void *memory, size_t length);
#else
static inline void nt_order_with_hardware(void)
{
}

static inline void nt_share_with_hardware(void *memory, size_t length)
{
}
#endif

#endif
