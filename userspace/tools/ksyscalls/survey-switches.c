// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is switched off at boot although its code is there, what says -ENOSYS in so many
 * words, and what has its code in kernels whose table lacks it: asked by calls that
 * change nothing, in a child that may die of them.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../lib/shared.h"
#include "survey.h"

#define PATIENCE	10	/* seconds; what is asked answers at once */

/* How a child ends; any other end tells nothing. */
enum {
	OFF = 70,
	ON,
	UNTOLD,
};

/*
 * Run @ask in a child. It returns OFF or ON, or a negative errno if it cannot tell.
 * @fatal: the signal by which a kernel refuses what it does not have, or 0.
 */
static int ask_child(int (*ask)(long arg), long arg, int fatal)
{
	static const struct rlimit no_core;
	int status, ret;
	pid_t pid;

	pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid) {
		setrlimit(RLIMIT_CORE, &no_core);
		prctl(PR_SET_DUMPABLE, 0);
		if (fatal)
			signal(fatal, SIG_DFL);
		signal(SIGALRM, SIG_DFL);
		alarm(PATIENCE);
		ret = ask(arg);
		_exit(ret < 0 ? UNTOLD : ret);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (WIFSIGNALED(status))
		return fatal && WTERMSIG(status) == fatal ? 0 : -EIO;
	if (WEXITSTATUS(status) == ON)
		return 1;
	return WEXITSTATUS(status) == OFF ? 0 : -EIO;
}

/* ---- ABIs --------------------------------------------------------------- */

#if defined(__x86_64__) && !defined(__ILP32__)
static int ask_int80(long nr)
{
	int ret;

	asm volatile("int $0x80" : "=a" (ret) : "0" ((int)nr)
		     : "r8", "r9", "r10", "r11", "memory");
	return ret == getpid() ? ON : OFF;
}

/* getpid, which kernels without it answer with SIGSEGV. */
int switch_i386(void)
{
	return ask_child(ask_int80, 20, SIGSEGV);
}

static int ask_getpid(long nr)
{
	return syscall(nr) == getpid() ? ON : OFF;
}

int switch_x32(void)
{
	return ask_child(ask_getpid, 0x40000000 | SYS_getpid, 0);
}
#endif

#if defined(__aarch64__) || (defined(__riscv) && __riscv_xlen == 64)

#define LOAD_ADDR	0x10000

/* A whole program of 32 bits, which says exit(ON). */
struct program {
	Elf32_Ehdr ehdr;
	Elf32_Phdr phdr;
	uint32_t code[3];
};

static const struct program program = {
	.ehdr = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB,
			     EV_CURRENT },
		.e_type = ET_EXEC,
#ifdef __aarch64__
		.e_machine = EM_ARM,
		.e_flags = 0x05000000,	/* EABI version 5 */
#else
		.e_machine = EM_RISCV,
#endif
		.e_version = EV_CURRENT,
		.e_entry = LOAD_ADDR + offsetof(struct program, code),
		.e_phoff = offsetof(struct program, phdr),
		.e_ehsize = sizeof(Elf32_Ehdr),
		.e_phentsize = sizeof(Elf32_Phdr),
		.e_phnum = 1,
	},
	.phdr = {
		.p_type = PT_LOAD,
		.p_vaddr = LOAD_ADDR,
		.p_paddr = LOAD_ADDR,
		.p_filesz = sizeof(struct program),
		.p_memsz = sizeof(struct program),
		.p_flags = PF_R | PF_X,
		.p_align = 0x10000,
	},
	.code = {
#ifdef __aarch64__
		0xe3a07001,		/* mov r7, #1 (exit) */
		0xe3a00000 | ON,	/* mov r0, #ON */
		0xef000000,		/* svc #0 */
#else
		0x05d00893,		/* li a7, 93 (exit) */
		0x00000513 | ON << 20,	/* li a0, ON */
		0x00000073,		/* ecall */
#endif
	},
};

#ifndef MFD_EXEC
#define MFD_EXEC	0x0010u
#endif

/* @flag: kernels before 6.3 do not know it, and later ones may insist on it. */
static int ask_program(long flag)
{
	static char *const empty[] = { NULL };
	char path[32];
	int fd = memfd_create("ksyscalls-survey", MFD_CLOEXEC | (unsigned int)flag);

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("ksyscalls-survey", MFD_CLOEXEC);
	if (fd < 0 || write(fd, &program, sizeof(program)) != sizeof(program))
		return -errno;
	fexecve(fd, empty, empty);
	/* TOMOYO looks for /dev/fd/N then, which a machine need not have. */
	if (errno == ENOENT) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		execve(path, empty, empty);
	}
	return errno == ENOEXEC ? OFF : -errno;
}

static int ask_elf32(void)
{
	return ask_child(ask_program, MFD_EXEC, 0);
}
#endif

#ifdef __aarch64__
int switch_arm(void)
{
	return ask_elf32();
}
#endif

#if defined(__riscv) && __riscv_xlen == 64
int switch_riscv32(void)
{
	return ask_elf32();
}
#endif

/* ---- syscalls ----------------------------------------------------------- */

/* All ones, which each of them rejects before it does anything. */
static int ask_syscall(long nr)
{
	return syscall(nr, -1L, -1L, -1L, -1L, -1L, -1L) < 0 && errno == ENOSYS ? OFF : ON;
}

static const struct {
	const char *name;
	long nr;
} switched[] = {
	/* One number wherever there is one, and older headers do not have it. */
	{ "memfd_secret", 447 },
#ifdef SYS_iopl
	{ "iopl", SYS_iopl },
#endif
#ifdef SYS_ioperm
	{ "ioperm", SYS_ioperm },
#endif
#ifdef SYS_cachectl
	{ "cachectl", SYS_cachectl },
#endif
#ifdef __loongarch__
	/* 6.1 has the functions; its stable series came to have them in the table, too. */
	{ "newfstatat", 79 },
	{ "fstat", 80 },
#endif
};

int switch_syscall(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(switched); i++)
		if (!strcmp(switched[i].name, name))
			return ask_child(ask_syscall, switched[i].nr, 0);
	return -ENOENT;
}
