/* SPDX-License-Identifier: MIT */
/* bits/shared_ptr.h - <memory> includes it; shared_ptr is of the hosted library, unique_ptr is not.
 */
