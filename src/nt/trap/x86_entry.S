/* SPDX-License-Identifier: MIT */
/* What C cannot say of src/nt/trap/x86.c: all registers at once. */
#include "nt/trap/x86.h"

#define REGISTER(n) ((n) * 8)

/* DWARF: a register's value is at rbx + offset (DW_CFA_expression, DW_OP_breg3); offset < 8192. */
#define LEB(offset) ((offset) & 0x7f) | 0x80, (offset) >> 7
#define SAVED_IN_FRAME(register, offset) .cfi_escape 0x10, register, 3, 0x73, LEB(offset)

	.text

/*
 * Jumped to by sigreturn: rbx is the trap, rsp below it, aligned. All else is the driver's and goes
 * back to it. For debuggers and backtraces this is a function that the instruction has called.
 */
	.globl	nt_trap_x86_enter
	.hidden	nt_trap_x86_enter
	.type	nt_trap_x86_enter, @function
	.balign	16
	.cfi_startproc
	/* CFA: the driver's rsp (DW_CFA_def_cfa_expression, DW_OP_breg3, DW_OP_deref). */
	.cfi_escape 0x0f, 4, 0x73, LEB(TRAP_GPR + REGISTER(4)), 0x06
	SAVED_IN_FRAME(16, TRAP_NEXT)
	SAVED_IN_FRAME(3, TRAP_GPR + REGISTER(3))
	SAVED_IN_FRAME(6, TRAP_GPR + REGISTER(5))
	SAVED_IN_FRAME(12, TRAP_GPR + REGISTER(12))
	SAVED_IN_FRAME(13, TRAP_GPR + REGISTER(13))
	SAVED_IN_FRAME(14, TRAP_GPR + REGISTER(14))
	SAVED_IN_FRAME(15, TRAP_GPR + REGISTER(15))
	nop /* an unwinder looks at the byte before, when this was called for a signal */
nt_trap_x86_enter:
	movq	%rbx, %rdi
	call	nt_trap_run

	movq	TRAP_VECTOR(%rbx), %rcx
	movl	TRAP_FEATURES(%rbx), %eax
	movl	TRAP_FEATURES+4(%rbx), %edx
	testq	TRAP_FEATURES(%rbx), %rax
	jz	1f
	xrstor64 (%rcx)
	jmp	2f
1:	fxrstor64 (%rcx)
2:
	/* Below the red zone, where "ret $128" leaves rsp as it was. */
	movq	TRAP_GPR+REGISTER(4)(%rbx), %rdi
	subq	$144, %rdi
	movq	%rdi, TRAP_EXIT_STACK(%rbx)
	movq	TRAP_FLAGS(%rbx), %rax
	movq	%rax, (%rdi)
	movq	TRAP_NEXT(%rbx), %rax
	movq	%rax, 8(%rdi)

	movq	TRAP_GPR+REGISTER(0)(%rbx), %rax
	movq	TRAP_GPR+REGISTER(1)(%rbx), %rcx
	movq	TRAP_GPR+REGISTER(2)(%rbx), %rdx
	movq	TRAP_GPR+REGISTER(5)(%rbx), %rbp
	movq	TRAP_GPR+REGISTER(6)(%rbx), %rsi
	movq	TRAP_GPR+REGISTER(7)(%rbx), %rdi
	movq	TRAP_GPR+REGISTER(8)(%rbx), %r8
	movq	TRAP_GPR+REGISTER(9)(%rbx), %r9
	movq	TRAP_GPR+REGISTER(10)(%rbx), %r10
	movq	TRAP_GPR+REGISTER(11)(%rbx), %r11
	movq	TRAP_GPR+REGISTER(12)(%rbx), %r12
	movq	TRAP_GPR+REGISTER(13)(%rbx), %r13
	movq	TRAP_GPR+REGISTER(14)(%rbx), %r14
	movq	TRAP_GPR+REGISTER(15)(%rbx), %r15
	/* A signal in between must find everything above rsp. */
	movq	%rbx, %rsp
	movq	TRAP_GPR+REGISTER(3)(%rsp), %rbx
	movq	TRAP_EXIT_STACK(%rsp), %rsp
	.cfi_def_cfa %rsp, 144
	.cfi_offset %rip, -136
	.cfi_same_value %rbx
	.cfi_same_value %rbp
	.cfi_same_value %r12
	.cfi_same_value %r13
	.cfi_same_value %r14
	.cfi_same_value %r15
	popfq
	.cfi_def_cfa %rsp, 136
	ret	$128
	.cfi_endproc
	.size	nt_trap_x86_enter, .-nt_trap_x86_enter

/* nt_trap_x86_execute(trap rdi, stub rsi, vector edx): from work to work, but for rsp. */
	.globl	nt_trap_x86_execute
	.hidden	nt_trap_x86_execute
	.type	nt_trap_x86_execute, @function
	.balign	16
nt_trap_x86_execute:
	.cfi_startproc
#define SAVE(register) pushq %register; .cfi_adjust_cfa_offset 8; .cfi_rel_offset %register, 0
	SAVE(rbp)
	SAVE(rbx)
	SAVE(r12)
	SAVE(r13)
	SAVE(r14)
	SAVE(r15)
	pushq	%rdx
	.cfi_adjust_cfa_offset 8
	pushq	%rdi
	.cfi_adjust_cfa_offset 8
	pushq	%rsi
	.cfi_adjust_cfa_offset 8

	testl	%edx, %edx
	jz	2f
	movq	TRAP_VECTOR(%rdi), %rcx
	movl	TRAP_FEATURES(%rdi), %eax
	movl	TRAP_FEATURES+4(%rdi), %edx
	testq	TRAP_FEATURES(%rdi), %rax
	jz	1f
	xrstor64 (%rcx)
	jmp	2f
1:	fxrstor64 (%rcx)
2:
	pushq	TRAP_FLAGS(%rdi)
	.cfi_adjust_cfa_offset 8
	popfq
	.cfi_adjust_cfa_offset -8
	movq	TRAP_WORK+REGISTER(0)(%rdi), %rax
	movq	TRAP_WORK+REGISTER(1)(%rdi), %rcx
	movq	TRAP_WORK+REGISTER(2)(%rdi), %rdx
	movq	TRAP_WORK+REGISTER(3)(%rdi), %rbx
	movq	TRAP_WORK+REGISTER(5)(%rdi), %rbp
	movq	TRAP_WORK+REGISTER(6)(%rdi), %rsi
	movq	TRAP_WORK+REGISTER(8)(%rdi), %r8
	movq	TRAP_WORK+REGISTER(9)(%rdi), %r9
	movq	TRAP_WORK+REGISTER(10)(%rdi), %r10
	movq	TRAP_WORK+REGISTER(11)(%rdi), %r11
	movq	TRAP_WORK+REGISTER(12)(%rdi), %r12
	movq	TRAP_WORK+REGISTER(13)(%rdi), %r13
	movq	TRAP_WORK+REGISTER(14)(%rdi), %r14
	movq	TRAP_WORK+REGISTER(15)(%rdi), %r15
	movq	TRAP_WORK+REGISTER(7)(%rdi), %rdi
	call	*(%rsp)
	pushfq
	.cfi_adjust_cfa_offset 8
	pushq	%rbx
	.cfi_adjust_cfa_offset 8
	movq	24(%rsp), %rbx
	movq	%rax, TRAP_WORK+REGISTER(0)(%rbx)
	movq	%rcx, TRAP_WORK+REGISTER(1)(%rbx)
	movq	%rdx, TRAP_WORK+REGISTER(2)(%rbx)
	movq	%rbp, TRAP_WORK+REGISTER(5)(%rbx)
	movq	%rsi, TRAP_WORK+REGISTER(6)(%rbx)
	movq	%rdi, TRAP_WORK+REGISTER(7)(%rbx)
	movq	%r8, TRAP_WORK+REGISTER(8)(%rbx)
	movq	%r9, TRAP_WORK+REGISTER(9)(%rbx)
	movq	%r10, TRAP_WORK+REGISTER(10)(%rbx)
	movq	%r11, TRAP_WORK+REGISTER(11)(%rbx)
	movq	%r12, TRAP_WORK+REGISTER(12)(%rbx)
	movq	%r13, TRAP_WORK+REGISTER(13)(%rbx)
	movq	%r14, TRAP_WORK+REGISTER(14)(%rbx)
	movq	%r15, TRAP_WORK+REGISTER(15)(%rbx)
	popq	%rax
	.cfi_adjust_cfa_offset -8
	movq	%rax, TRAP_WORK+REGISTER(3)(%rbx)
	popq	%rax
	.cfi_adjust_cfa_offset -8
	movq	%rax, TRAP_FLAGS(%rbx)
	cld

	cmpl	$0, 16(%rsp)
	je	4f
	movq	TRAP_VECTOR(%rbx), %rcx
	movl	TRAP_FEATURES(%rbx), %eax
	movl	TRAP_FEATURES+4(%rbx), %edx
	testq	TRAP_FEATURES(%rbx), %rax
	jz	3f
	xsave64	(%rcx)
	jmp	4f
3:	fxsave64 (%rcx)
4:
	addq	$24, %rsp
	.cfi_adjust_cfa_offset -24
#define RESTORE(register) popq %register; .cfi_adjust_cfa_offset -8; .cfi_restore %register
	RESTORE(r15)
	RESTORE(r14)
	RESTORE(r13)
	RESTORE(r12)
	RESTORE(rbx)
	RESTORE(rbp)
	ret
	.cfi_endproc
	.size	nt_trap_x86_execute, .-nt_trap_x86_execute

	.section .note.GNU-stack, "", @progbits
