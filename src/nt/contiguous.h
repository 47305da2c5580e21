/* SPDX-License-Identifier: MIT */
/*
 * Physical addresses. A device of the process reaches memory by the machine's DMA space, so what a
 * driver takes for a physical address is a logical one of that space (dma.h). Memory that is not
 * mapped there has an address which lies outside of it: a device that is given one reaches nothing,
 * and that is reported. A device that lives elsewhere has another space: it has common buffers
 * only.
 */
#ifndef NT_CONTIGUOUS_H
#define NT_CONTIGUOUS_H

#include <stdint.h>

struct nt_machine;

/* nt_physical() - the address by which devices know @memory. On a thread of the machine. */
uint64_t nt_physical(const void *memory);

/*
 * nt_contiguous_report() - the driver with code at @in_module is gone: log the contiguous memory
 * that it did not free, and free it Return: number of pieces.
 */
unsigned long nt_contiguous_report(struct nt_machine *machine, const char *driver,
				   const void *in_module);

/* nt_contiguous_destroy() - free what is left */
void nt_contiguous_destroy(struct nt_machine *machine);

#endif
