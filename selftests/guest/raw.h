/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bare system call instruction of each architecture. No libc: a 32-bit
 * invoker must build where only the 64-bit libc is installed, and a libc wrapper
 * would hide what the kernel answers.
 *
 * raw_syscall(nr, a): the kernel's answer, -4095..-1 being an errno.
 */
#ifndef KSC_RAW_H
#define KSC_RAW_H

#include <asm/unistd.h>

#if defined(__x86_64__) && !defined(__ILP32__)

static inline long raw_syscall(long nr, const long a[6])
{
	register long r10 asm("r10") = a[3];
	register long r8 asm("r8") = a[4];
	register long r9 asm("r9") = a[5];
	long ret;

	asm volatile("syscall"
		     : "=a" (ret)
		     : "0" (nr), "D" (a[0]), "S" (a[1]), "d" (a[2]), "r" (r10), "r" (r8), "r" (r9)
		     : "rcx", "r11", "memory");
	return ret;
}

/* i386 by its own gate, which a 64-bit process may use too. */
static inline long raw_int80(long nr, const long a[6])
{
	register const long *r12 asm("r12") = a;
	long ret = nr;

	/* No push: the red zone below the stack pointer may be in use. */
	asm volatile("mov %%rbp, %%r13\n\t"
		     "mov 40(%%r12), %%rbp\n\t"
		     "mov (%%r12), %%rbx\n\t"
		     "int $0x80\n\t"
		     "mov %%r13, %%rbp"
		     : "+a" (ret)
		     : "r" (r12), "c" (a[1]), "d" (a[2]), "S" (a[3]), "D" (a[4])
		     : "rbx", "r8", "r9", "r10", "r11", "r13", "memory");
	return (int)ret;
}

#elif defined(__i386__)

static inline long raw_syscall(long nr, const long a[6])
{
	long ret;

	/* %ebp is the sixth argument and %ebx the first: both are the compiler's. */
	asm volatile("push %%ebp\n\t"
		     "push %%ebx\n\t"
		     "mov (%%edi), %%ebx\n\t"
		     "mov 20(%%edi), %%ebp\n\t"
		     "mov 16(%%edi), %%edi\n\t"
		     "int $0x80\n\t"
		     "pop %%ebx\n\t"
		     "pop %%ebp"
		     : "=a" (ret), "+D" (a)
		     : "0" (nr), "c" (a[1]), "d" (a[2]), "S" (a[3])
		     : "memory");
	return ret;
}

#elif defined(__aarch64__)

static inline long raw_syscall(long nr, const long a[6])
{
	register long x8 asm("x8") = nr;
	register long x0 asm("x0") = a[0];
	register long x1 asm("x1") = a[1];
	register long x2 asm("x2") = a[2];
	register long x3 asm("x3") = a[3];
	register long x4 asm("x4") = a[4];
	register long x5 asm("x5") = a[5];

	asm volatile("svc #0"
		     : "+r" (x0)
		     : "r" (x8), "r" (x1), "r" (x2), "r" (x3), "r" (x4), "r" (x5)
		     : "memory", "cc");
	return x0;
}

#elif defined(__arm__)

static inline long raw_syscall(long nr, const long a[6])
{
	register long r0 asm("r0") = a[0];
	register long r1 asm("r1") = a[1];
	register long r2 asm("r2") = a[2];
	register long r3 asm("r3") = a[3];
	register long r4 asm("r4") = a[4];
	register long r5 asm("r5") = a[5];

	/* %r7 takes the number and is Thumb's frame pointer. */
	asm volatile("push {r7}\n\t"
		     "mov r7, %[nr]\n\t"
		     "svc #0\n\t"
		     "pop {r7}"
		     : "+r" (r0)
		     : [nr] "r" (nr), "r" (r1), "r" (r2), "r" (r3), "r" (r4), "r" (r5)
		     : "memory", "cc");
	return r0;
}

#elif defined(__powerpc__)

static inline long raw_syscall(long nr, const long a[6])
{
	register long r0 asm("r0") = nr;
	register long r3 asm("r3") = a[0];
	register long r4 asm("r4") = a[1];
	register long r5 asm("r5") = a[2];
	register long r6 asm("r6") = a[3];
	register long r7 asm("r7") = a[4];
	register long r8 asm("r8") = a[5];

	/* An error is the errno itself, told by the summary overflow bit. */
	asm volatile("sc\n\t"
		     "bns+ 1f\n\t"
		     "neg 3, 3\n"
		     "1:"
		     : "+r" (r3), "+r" (r0), "+r" (r4), "+r" (r5), "+r" (r6), "+r" (r7), "+r" (r8)
		     :
		     : "memory", "cr0", "ctr", "r9", "r10", "r11", "r12");
	return r3;
}

#elif defined(__s390__)

static inline long raw_syscall(long nr, const long a[6])
{
	register long r1 asm("1") = nr;
	register long r2 asm("2") = a[0];
	register long r3 asm("3") = a[1];
	register long r4 asm("4") = a[2];
	register long r5 asm("5") = a[3];
	register long r6 asm("6") = a[4];
	register long r7 asm("7") = a[5];

	asm volatile("svc 0"
		     : "+d" (r2)
		     : "d" (r1), "d" (r3), "d" (r4), "d" (r5), "d" (r6), "d" (r7)
		     : "memory", "cc");
	return r2;
}

#elif defined(__riscv)

static inline long raw_syscall(long nr, const long a[6])
{
	register long a7 asm("a7") = nr;
	register long a0 asm("a0") = a[0];
	register long a1 asm("a1") = a[1];
	register long a2 asm("a2") = a[2];
	register long a3 asm("a3") = a[3];
	register long a4 asm("a4") = a[4];
	register long a5 asm("a5") = a[5];

	asm volatile("ecall"
		     : "+r" (a0)
		     : "r" (a7), "r" (a1), "r" (a2), "r" (a3), "r" (a4), "r" (a5)
		     : "memory");
	return a0;
}

#elif defined(__mips__)

static inline long raw_syscall(long nr, const long a[6])
{
	register long v0 asm("$2") = nr;
	register long a0 asm("$4") = a[0];
	register long a1 asm("$5") = a[1];
	register long a2 asm("$6") = a[2];
	register long a3 asm("$7") = a[3];
#if _MIPS_SIM == _ABIO32
	/* o32 passes the fifth and sixth on the stack, above four words of room. */
	asm volatile(".set noreorder\n\t"
		     "subu $29, 32\n\t"
		     "sw %[a4], 16($29)\n\t"
		     "sw %[a5], 20($29)\n\t"
		     "syscall\n\t"
		     "addiu $29, 32\n\t"
		     ".set reorder"
		     : "+r" (v0), "+r" (a3)
		     : "r" (a0), "r" (a1), "r" (a2), [a4] "r" (a[4]), [a5] "r" (a[5])
		     : "memory", "hi", "lo", "$1", "$3", "$8", "$9", "$10", "$11", "$12", "$13",
		       "$14", "$15", "$24", "$25");
#else
	register long a4 asm("$8") = a[4];
	register long a5 asm("$9") = a[5];

	asm volatile("syscall"
		     : "+r" (v0), "+r" (a3), "+r" (a4), "+r" (a5)
		     : "r" (a0), "r" (a1), "r" (a2)
		     : "memory", "hi", "lo", "$1", "$3", "$10", "$11", "$12", "$13", "$14", "$15",
		       "$24", "$25");
#endif
	/* An error is the errno itself, told by the fourth argument's register. */
	return a3 ? -v0 : v0;
}

#elif defined(__loongarch__)

static inline long raw_syscall(long nr, const long a[6])
{
	register long a7 asm("$a7") = nr;
	register long a0 asm("$a0") = a[0];
	register long a1 asm("$a1") = a[1];
	register long a2 asm("$a2") = a[2];
	register long a3 asm("$a3") = a[3];
	register long a4 asm("$a4") = a[4];
	register long a5 asm("$a5") = a[5];

	asm volatile("syscall 0"
		     : "+r" (a0)
		     : "r" (a7), "r" (a1), "r" (a2), "r" (a3), "r" (a4), "r" (a5)
		     : "memory", "$t0", "$t1", "$t2", "$t3", "$t4", "$t5", "$t6", "$t7", "$t8");
	return a0;
}

#else
#error "no system call instruction for this architecture; add it here"
#endif

#endif /* KSC_RAW_H */
