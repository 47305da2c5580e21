/* SPDX-License-Identifier: MIT */
/* A module's objects of static storage, whose destructors run when its file is closed. */
#ifndef NT_STATICS_H
#define NT_STATICS_H

/*
 * nt_statics_end() - run the destructors of a module's objects now, on this thread
 * @module: where its file is mapped
 *
 * As when Windows detaches a DLL: afterwards what they have left can be told. dlclose() does not
 * run them again.
 */
void nt_statics_end(const void *module);

#endif
