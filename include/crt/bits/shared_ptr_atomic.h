/* SPDX-License-Identifier: MIT */
/* bits/shared_ptr_atomic.h - <memory> includes it; shared_ptr is of the hosted library, unique_ptr
 * is not. */
