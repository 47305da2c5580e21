/* SPDX-License-Identifier: MIT */
/* bits/streambuf_iterator.h - <iterator> includes it; there are no streams for it to work on. */
