/* SPDX-License-Identifier: MIT */
/* The processors of a machine: the CPUs that the process may use, as those of one group. */
#ifndef NT_PROCESSOR_H
#define NT_PROCESSOR_H

#define NT_PROCESSORS 64

/* Constant once it is made. */
struct nt_processors {
	unsigned count;
	int cpu[NT_PROCESSORS]; /* Linux' number of each */
};

/* nt_processors_init() - what the calling thread may use now */
void nt_processors_init(struct nt_processors *processors);

#endif
