/* SPDX-License-Identifier: MIT */
/* backward/auto_ptr.h - <memory> includes it; it wants shared_ptr, which is of the hosted library.
 */
