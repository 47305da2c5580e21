/* SPDX-License-Identifier: MIT */
/* bits/ostream_insert.h - <string_view> includes it; there are no streams for it to work on. */
