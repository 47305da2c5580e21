/* SPDX-License-Identifier: MIT */
/*
 * Instructions with memory operands, for test_trap_instructions.c: up to three a line. rdi and rsi point into
 * 256 bytes (at 40 and 80), r8 to ordinary memory; all else is random.
 */
.macro snippet first, second, third
	.section .rodata
1:	.asciz "\first \second \third"
	.text
2:	\first
	\second
	\third
	ret
	.section .data.rel.ro, "aw"
	.quad 1b, 2b
.endm

	.section .data.rel.ro, "aw"
	.balign 8
	.globl	snippets
	.hidden	snippets
snippets:

/* Loads at every width, into every kind of register, by every form of address. */
	snippet "movb (%rdi), %al"
	snippet "movb (%rdi), %ah"
	snippet "movb 1(%rdi), %bh"
	snippet "movb (%rdi), %sil"
	snippet "movb (%rdi), %r9b"
	snippet "movw 2(%rdi), %cx"
	snippet "movw 2(%rdi), %r15w"
	snippet "movl 4(%rdi), %ebx"
	snippet "movl -4(%rdi), %r12d"
	snippet "movq 8(%rdi), %rbp"
	snippet "movq 8(%rdi), %r13"
	snippet "movl (%rdi), %esi"
	snippet "movl (%rdi), %edi"
	snippet "movl 3(%rdi), %eax"
	snippet "andl $63, %ecx", "movl (%rdi, %rcx), %eax"
	snippet "andl $15, %ecx", "movl 4(%rdi, %rcx, 4), %eax"
	snippet "andl $15, %ecx", "movzwl -0x40(%rdi, %rcx, 2), %eax"
	snippet "andl $7, %r9d", "movq (%rdi, %r9, 8), %r10"
	snippet "movq %rdi, %r13", "movl (%r13), %eax"
	snippet "movq %rdi, %r12", "movl (%r12), %eax"
	snippet "movq %rdi, %r12", "movl 0x10(%r12), %eax"
	snippet "movq %rdi, %rbp", "movb (%rbp), %al"
	snippet "movq %rdi, %rbp", "andl $7, %r13d", "movl (%rbp, %r13, 4), %r13d"
	snippet "movq %rdi, %r14", "xorl %r11d, %r11d", "movl 0x20(%r11, %r14), %r14d"
	snippet "leaq -0x100(%rdi), %rax", "movl 0x100(%rax), %eax"
	snippet "movq %rdi, %rax", "shrq $1, %rax", "movl (, %rax, 2), %eax"
	snippet "movzbl (%rdi), %eax"
	snippet "movzbw (%rdi), %r9w"
	snippet "movzwl (%rdi), %r9d"
	snippet "movzbq (%rdi), %rax"
	snippet "movzwq (%rdi), %rax"
	snippet "movsbl (%rdi), %eax"
	snippet "movsbw (%rdi), %ax"
	snippet "movsbq (%rdi), %r9"
	snippet "movswl (%rdi), %eax"
	snippet "movswq (%rdi), %rax"
	snippet "movslq (%rdi), %rax"
	snippet "cmovnel (%rdi), %eax"
	snippet "cmovcq (%rdi), %r9"
	snippet "cmovsw (%rdi), %dx"

/* Stores. */
	snippet "movb %al, (%rdi)"
	snippet "movb %dh, (%rdi)"
	snippet "movb %bh, (%rdi)"
	snippet "movb %bpl, (%rdi)"
	snippet "movb %r15b, (%rdi)"
	snippet "movw %ax, (%rdi)"
	snippet "movl %r9d, (%rdi)"
	snippet "movq %rdx, (%rdi)"
	snippet "movb $0x5a, (%rdi)"
	snippet "movw $0x1234, 0x22(%rdi)"
	snippet "movl $0x12345678, 0x22(%rdi)"
	snippet "movq $-2, (%rdi)"
	snippet "andl $15, %ecx", "movl $-1, 4(%rdi, %rcx, 4)"
	snippet "movntil %eax, (%rdi)"
	snippet "movntiq %rax, (%rdi)"
	snippet "setc (%rdi)"
	snippet "setg 1(%rdi)"
	snippet "setnp 2(%rdi)"

/* Compare and test. */
	snippet "cmpb %al, (%rdi)"
	snippet "cmpw $0x1234, (%rdi)"
	snippet "cmpl $-1, (%rdi)"
	snippet "cmpq (%rdi), %rcx"
	snippet "cmpb $5, (%rdi)"
	snippet "testb $0x20, (%rdi)"
	snippet "testw $0x4000, (%rdi)"
	snippet "testl %ecx, (%rdi)"
	snippet "testq $0x7fff, (%rdi)"

/* Arithmetic with the operand as source. */
	snippet "addl (%rdi), %eax"
	snippet "adcq (%rdi), %r9"
	snippet "subw (%rdi), %cx"
	snippet "sbbb (%rdi), %dl"
	snippet "andl (%rdi), %ebp"
	snippet "orl (%rdi), %r10d"
	snippet "xorq (%rdi), %rax"
	snippet "imull (%rdi), %eax"
	snippet "imulq $77, (%rdi), %rcx"
	snippet "imulw $7, (%rdi), %cx"
	snippet "imull (%rdi)"
	snippet "mulb (%rdi)"
	snippet "mulw (%rdi)"
	snippet "mulq (%rdi)"
	snippet "orl $1, (%rdi)", "xorl %edx, %edx", "divl (%rdi)"
	snippet "orb $0x80, (%rdi)", "movzbl %al, %eax", "divb (%rdi)"
	snippet "orq $0x10000, (%rdi)", "movl $9, %eax", "cqto; idivq (%rdi)"
	snippet "bsfl (%rdi), %eax"
	snippet "bsrq (%rdi), %rax"
	snippet "btl $7, (%rdi)"
	snippet "movsbl %al, %eax", "btl %eax, (%rdi)"
	snippet "movsbq %al, %rax", "btq %rax, (%rdi)"
	snippet "movsbw %al, %ax", "btw %ax, (%rdi)"
	snippet "pushq (%rdi)", "popq %rax"
	snippet "pushw (%rdi)", "popw %ax"

/* Read, modify, write. */
	snippet "addb $5, (%rdi)"
	snippet "addl %eax, (%rdi)"
	snippet "adcl %eax, (%rdi)"
	snippet "adcq $3, (%rdi)"
	snippet "subw %ax, (%rdi)"
	snippet "sbbq $1, (%rdi)"
	snippet "andl $~8, (%rdi)"
	snippet "andb %cl, (%rdi)"
	snippet "orb $1, 0x51(%rdi)"
	snippet "orl %r9d, (%rdi)"
	snippet "xorw $0x55aa, (%rdi)"
	snippet "xorq %rax, (%rdi)"
	snippet "incb (%rdi)"
	snippet "incl (%rdi)"
	snippet "decw (%rdi)"
	snippet "decq (%rdi)"
	snippet "notb (%rdi)"
	snippet "notl (%rdi)"
	snippet "negw (%rdi)"
	snippet "negq (%rdi)"
	snippet "shll (%rdi)"
	snippet "shll $3, (%rdi)"
	snippet "shlq %cl, (%rdi)"
	snippet "shrb $1, (%rdi)"
	snippet "shrl %cl, (%rdi)"
	snippet "sarw $5, (%rdi)"
	snippet "sarb %cl, (%rdi)"
	snippet "roll $3, (%rdi)"
	snippet "rolw (%rdi)"
	snippet "rorq %cl, (%rdi)"
	snippet "rclb $1, (%rdi)"
	snippet "rcll $3, (%rdi)"
	snippet "rcrw %cl, (%rdi)"
	snippet "shldl $3, %eax, (%rdi)"
	snippet "shldq %cl, %rax, (%rdi)"
	snippet "shrdw $5, %ax, (%rdi)"
	snippet "btsl $3, (%rdi)"
	snippet "btrq $33, (%rdi)"
	snippet "btcw $3, (%rdi)"
	snippet "movsbl %al, %eax", "btsl %eax, (%rdi)"
	snippet "movsbq %al, %rax", "btrq %rax, (%rdi)"
	snippet "movsbw %al, %ax", "btcw %ax, (%rdi)"
	snippet "xchgb %al, (%rdi)"
	snippet "xchgb %bh, (%rdi)"
	snippet "xchgw %cx, (%rdi)"
	snippet "xchgl %eax, (%rdi)"
	snippet "xchgq %r9, (%rdi)"
	snippet "xaddb %al, (%rdi)"
	snippet "xaddl %ecx, (%rdi)"
	snippet "xaddq %r9, (%rdi)"
	snippet "cmpxchgb %cl, (%rdi)"
	snippet "movl (%rdi), %eax", "cmpxchgl %ecx, (%rdi)"
	snippet "cmpxchgl %ecx, (%rdi)"
	snippet "movq (%rdi), %rax", "cmpxchgq %r9, (%rdi)"
	snippet "cmpxchg8b (%rdi)"
	snippet "movl (%rdi), %eax", "movl 4(%rdi), %edx", "cmpxchg8b (%rdi)"
	snippet "cmpxchg16b (%rdi)"
	snippet "lock addl %eax, (%rdi)"
	snippet "lock incw (%rdi)"
	snippet "lock orb $4, (%rdi)"
	snippet "lock btsl $5, (%rdi)"
	snippet "lock xaddl %eax, (%rdi)"
	snippet "lock cmpxchgl %ecx, (%rdi)"
	snippet "lock cmpxchg16b (%rdi)"

/* Strings: from registers, to registers, within, across their end, backward. */
	snippet "movsb"
	snippet "movsq"
	snippet "movq %r8, %rdi", "movsl"
	snippet "movl $9, %ecx", "movq %r8, %rdi", "rep movsb"
	snippet "movl $9, %ecx", "movq %r8, %rsi", "rep movsl"
	snippet "movl $7, %ecx", "rep movsw"
	snippet "movl $7, %ecx", "std; rep movsw; cld"
	snippet "xorl %ecx, %ecx", "rep movsb"
	snippet "stosb"
	snippet "stosq"
	snippet "movl $5, %ecx", "rep stosl"
	snippet "movl $5, %ecx", "std; rep stosb; cld"
	snippet "lodsb"
	snippet "lodsl"
	snippet "lodsq"
	snippet "movl $3, %ecx", "rep lodsw"
	snippet "cmpsb"
	snippet "cmpsl"
	snippet "movl $20, %ecx", "repe cmpsb"
	snippet "movl $20, %ecx", "repne cmpsb"
	snippet "movl $20, %ecx", "movq %r8, %rsi", "repne cmpsw"
	snippet "scasb"
	snippet "scasw"
	snippet "scasq"
	snippet "movl $20, %ecx", "repne scasb"
	snippet "movl $0x60, %ecx", "movb 0x11(%rdi), %al", "repne scasb"
	snippet "movl $8, %ecx", "repe scasl"

/* SSE2, as every x86-64 has it. */
	snippet "movd (%rdi), %xmm3"
	snippet "movd %xmm3, (%rdi)"
	snippet "movq (%rdi), %xmm9"
	snippet "movq %xmm9, (%rdi)"
	snippet "movq (%rdi), %mm2"
	snippet "movss (%rdi), %xmm1"
	snippet "movss %xmm1, (%rdi)"
	snippet "movsd (%rdi), %xmm1"
	snippet "movsd %xmm1, (%rdi)"
	snippet "movups (%rdi), %xmm1"
	snippet "movups %xmm8, 1(%rdi)"
	snippet "movupd (%rdi), %xmm15"
	snippet "movaps (%rdi), %xmm1"
	snippet "movaps %xmm1, (%rdi)"
	snippet "movapd (%rdi), %xmm1"
	snippet "movdqu (%rdi), %xmm1"
	snippet "movdqu %xmm1, 3(%rdi)"
	snippet "movdqa (%rdi), %xmm1"
	snippet "movdqa %xmm1, (%rdi)"
	snippet "movlps (%rdi), %xmm1"
	snippet "movhps (%rdi), %xmm1"
	snippet "movlps %xmm1, (%rdi)"
	snippet "movhps %xmm1, (%rdi)"
	snippet "movlpd (%rdi), %xmm1"
	snippet "movhpd %xmm1, (%rdi)"
	snippet "movntdq %xmm1, (%rdi)"
	snippet "movntps %xmm1, (%rdi)"
	snippet "pinsrw $3, (%rdi), %xmm1"
	snippet "pand (%rdi), %xmm1"
	snippet "pandn (%rdi), %xmm1"
	snippet "por (%rdi), %xmm1"
	snippet "pxor (%rdi), %xmm12"
	snippet "xorps (%rdi), %xmm1"
	snippet "paddd (%rdi), %xmm1"
	snippet "psubw (%rdi), %xmm1"
	snippet "pcmpeqb (%rdi), %xmm1"
	snippet "pminub (%rdi), %xmm1"
	snippet "pshufd $0x1b, (%rdi), %xmm1"
	.quad 0, 0

	.globl	snippets_avx
	.hidden	snippets_avx
snippets_avx:
/* AVX2 and BMI: run where the processor has them. */
	snippet "vmovd (%rdi), %xmm3"
	snippet "vmovq (%rdi), %xmm3"
	snippet "vmovd %xmm3, (%rdi)"
	snippet "vmovq %xmm11, (%rdi)"
	snippet "vmovss (%rdi), %xmm3"
	snippet "vmovsd %xmm3, (%rdi)"
	snippet "vmovups (%rdi), %ymm3"
	snippet "vmovups %ymm3, (%rdi)"
	snippet "vmovdqu (%rdi), %xmm3"
	snippet "vmovdqu (%rdi), %ymm13"
	snippet "vmovdqu %ymm13, 1(%rdi)"
	snippet "vmovdqa (%rdi), %ymm3"
	snippet "vmovdqa %xmm3, (%rdi)"
	snippet "movq %rdi, %r9", "andl $7, %r10d", "vmovdqu 3(%r9, %r10, 2), %ymm12"
	snippet "vmovntdq %ymm3, (%rdi)"
	snippet "vpxor (%rdi), %ymm1, %ymm2"
	snippet "vpcmpeqb (%rdi), %ymm1, %ymm2"
	snippet "vpminub (%rdi), %ymm1, %ymm2"
	snippet "vptest (%rdi), %ymm1"
	snippet "vbroadcastss (%rdi), %ymm1"
	snippet "vbroadcastsd (%rdi), %ymm1"
	snippet "vinsertf128 $1, (%rdi), %ymm1, %ymm2"
	snippet "vextracti128 $1, %ymm1, (%rdi)"
	snippet "vpinsrd $1, (%rdi), %xmm0, %xmm1"
	snippet "vpextrw $3, %xmm0, (%rdi)"
	snippet "pmovzxbd (%rdi), %xmm1"
	snippet "pmovsxwq (%rdi), %xmm1"
	snippet "pinsrb $3, (%rdi), %xmm1"
	snippet "pextrd $2, %xmm1, (%rdi)"
	snippet "ptest (%rdi), %xmm1"
	snippet "lddqu 1(%rdi), %xmm1"
	snippet "movddup (%rdi), %xmm1"
	snippet "movntdqa (%rdi), %xmm1"
	snippet "movbel (%rdi), %eax"
	snippet "movbew %ax, (%rdi)"
	snippet "popcntl (%rdi), %eax"
	snippet "popcntw (%rdi), %ax"
	snippet "tzcntq (%rdi), %rax"
	snippet "lzcntl (%rdi), %eax"
	snippet "crc32b (%rdi), %eax"
	snippet "crc32q (%rdi), %rax"
	snippet "movl %eax, %esi", "andnl (%rdi), %esi, %ecx"
	snippet "andnq (%rdi), %rbx, %rdi"
	snippet "bextrl %eax, (%rdi), %ecx"
	snippet "blsil (%rdi), %ebx"
	snippet "blsrq (%rdi), %rsi"
	snippet "bzhil %eax, (%rdi), %ecx"
	snippet "movl %eax, %esi", "shlxl %esi, (%rdi), %ebx"
	snippet "sarxq %rax, (%rdi), %rcx"
	snippet "rorxl $3, (%rdi), %ecx"
	snippet "mulxl (%rdi), %eax, %ecx"
	snippet "pdepl (%rdi), %eax, %ecx"
	snippet "pextq (%rdi), %rax, %rcx"
	.quad 0, 0

	.globl	snippets_avx512
	.hidden	snippets_avx512
snippets_avx512:
/* AVX-512VL, as the C library's memcpy has it. */
	snippet "vmovdqu64 (%rdi), %ymm16"
	snippet "vmovdqu64 0x20(%rdi), %ymm31"
	snippet "vmovdqu64 %ymm16, 0x20(%rdi)"
	snippet "vmovdqu64 (%rdi), %zmm1"
	snippet "vmovdqu64 0x40(%rdi), %zmm16"
	snippet "vmovdqu64 %zmm20, 0x40(%rdi)"
	snippet "vmovdqu8 0x10(%rdi), %xmm16"
	snippet "vmovups 0x10(%rdi), %xmm17"
	snippet "movq %rdi, %r9", "andl $7, %edx", "vmovdqu32 0x20(%r9, %rdx, 4), %ymm19"
	snippet "vmovdqa64 (%rdi), %zmm1"
	snippet "kmovq %rax, %k1", "vmovdqu8 %zmm20, (%rdi){%k1}"
	snippet "kmovq %rax, %k2", "vmovdqu8 (%rdi), %ymm20{%k2}"
	snippet "kmovq %rax, %k2", "vmovdqu8 (%rdi), %ymm20{%k2}{z}"
	snippet "kmovq %rax, %k2", "vmovdqu16 %ymm3, (%rdi){%k2}"
	snippet "kmovq %rax, %k2", "vmovups (%rdi), %zmm3{%k2}"
	snippet "kmovq %rax, %k2", "vmovdqu64 %zmm3, 0x40(%rdi){%k2}"
	snippet "kxorq %k1, %k1, %k1", "vmovdqu8 %zmm20, (%rdi){%k1}"
	snippet "vpcmpub $4, 0x20(%rdi), %ymm17, %k1"
	snippet "kmovq %rax, %k2", "vpcmpuw $4, (%rdi), %ymm17, %k1{%k2}"
	snippet "vpcmpeqb -0x40(%rdi), %zmm17, %k1"
	snippet "vpcmpeqw (%rsi), %xmm17, %k1"
	snippet "movq %rdi, %r9", "movl $16, %r10d", "vptestnmb 0x10(%r9, %r10, 2), %xmm3, %k3"
	snippet "vptestmw (%rdi), %ymm3, %k3"
	snippet "vpternlogd $0xde, (%rdi), %ymm1, %ymm17"
	snippet "vpternlogq $0x9e, 0x44(%rdi), %zmm1, %zmm2"
	.quad 0, 0

	.text
/* snippet_run(registers rdi, code rsi, XSAVE area or NULL rdx, its features ecx) */
	.globl	snippet_run
	.hidden	snippet_run
	.type	snippet_run, @function
snippet_run:
	.cfi_startproc
	.irp	register, rbp, rbx, r12, r13, r14, r15
	pushq	%\register
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset \register, 0
	.endr
	pushq	%rcx
	pushq	%rdx
	pushq	%rsi
	pushq	%rdi
	.cfi_adjust_cfa_offset 32
	movl	%ecx, %eax
	movq	%rdx, %rcx
	xorl	%edx, %edx
	testq	%rcx, %rcx
	jz	1f
	xrstor64 (%rcx)
1:	pushq	0x80(%rdi)
	.cfi_adjust_cfa_offset 8
	popfq
	.cfi_adjust_cfa_offset -8
	movq	0x00(%rdi), %rax
	movq	0x08(%rdi), %rcx
	movq	0x10(%rdi), %rdx
	movq	0x18(%rdi), %rbx
	movq	0x28(%rdi), %rbp
	movq	0x30(%rdi), %rsi
	movq	0x40(%rdi), %r8
	movq	0x48(%rdi), %r9
	movq	0x50(%rdi), %r10
	movq	0x58(%rdi), %r11
	movq	0x60(%rdi), %r12
	movq	0x68(%rdi), %r13
	movq	0x70(%rdi), %r14
	movq	0x78(%rdi), %r15
	movq	0x38(%rdi), %rdi
	call	*8(%rsp)
	pushfq
	.cfi_adjust_cfa_offset 8
	pushq	%rdi
	.cfi_adjust_cfa_offset 8
	movq	16(%rsp), %rdi
	movq	%rax, 0x00(%rdi)
	movq	%rcx, 0x08(%rdi)
	movq	%rdx, 0x10(%rdi)
	movq	%rbx, 0x18(%rdi)
	movq	%rbp, 0x28(%rdi)
	movq	%rsi, 0x30(%rdi)
	movq	%r8, 0x40(%rdi)
	movq	%r9, 0x48(%rdi)
	movq	%r10, 0x50(%rdi)
	movq	%r11, 0x58(%rdi)
	movq	%r12, 0x60(%rdi)
	movq	%r13, 0x68(%rdi)
	movq	%r14, 0x70(%rdi)
	movq	%r15, 0x78(%rdi)
	popq	0x38(%rdi)
	.cfi_adjust_cfa_offset -8
	popq	0x80(%rdi)
	.cfi_adjust_cfa_offset -8
	cld
	movq	16(%rsp), %rcx
	movl	24(%rsp), %eax
	xorl	%edx, %edx
	testq	%rcx, %rcx
	jz	2f
	xsave64	(%rcx)
2:	addq	$32, %rsp
	.cfi_adjust_cfa_offset -32
	emms
	.irp	register, r15, r14, r13, r12, rbx, rbp
	popq	%\register
	.cfi_adjust_cfa_offset -8
	.cfi_restore \register
	.endr
	ret
	.cfi_endproc
	.size	snippet_run, .-snippet_run

	.section .note.GNU-stack, "", @progbits
