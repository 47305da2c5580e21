/* SPDX-License-Identifier: MIT */
/* bits/stream_iterator.h - <iterator> includes it; there are no streams for it to work on. */
