// SPDX-License-Identifier: GPL-2.0-only
/*
 * Invokes every syscall number of the ABIs that this binary can enter and
 * prints, per ABI, one line:
 *
 *	<abi> <letters>
 *
 * with one letter per number from 0: 'N' if each of several argument vectors
 * was answered with ENOSYS, 'P' if the first other answer was EPERM, 'I' for
 * anything else: another answer, a signal, an exit, or no answer in time.
 * "<abi> -" tells that the ABI cannot be entered at all: not even its getpid
 * works.
 *
 * For each ABI a worker process makes the calls and reports over a pipe; another
 * only watches. A worker that is lost (it called exit, or blocks in pause) is
 * replaced by a new one that goes on after the number that took it. Nothing
 * else is assumed to survive a call, the worker's memory included.
 *
 * The first vector is all ones, which no syscall accepts as a pointer, file
 * descriptor, size or set of flags: what exists mostly fails in its checks,
 * reboot, kill and munmap among it. The other vectors only ever reach numbers
 * that answered ENOSYS, to find those that do so for some arguments.
 */
#include "raw.h"

#define EPERM		1
#define EINTR		4
#define ENOSYS		38
#define SIGKILL		9
#define SIGCHLD		17
#define P_PID		1
#define WEXITED		4
#define O_NONBLOCK	04000
#if defined(__mips__)
#undef ENOSYS
#undef SIGCHLD
#undef O_NONBLOCK
#define ENOSYS		89
#define SIGCHLD		18
#define O_NONBLOCK	0200
#endif

/*
 * A worker that says nothing this often is lost. Emulated machines are slow, but an
 * idle one still answers within all of it. In pieces, because a machine that stands
 * still for a while, as a busy host makes it do, then uses up but one.
 */
#define WAITS		10
#define WAIT_MS		100

#define NR_NUMBERS	1024
/* The next ABI of MIPS has the next thousand, whichever program asks. */
#define NR_MIPS		1000
#define NR_PRIVATE	256
#define I386_GETPID	20
#define I386_BRK	45

struct abi {
	const char *name;
	long base;
	int numbers;
	long getpid;
	long (*call)(long nr, const long a[6]);
};

static const struct abi abis[] = {
#if defined(__x86_64__)
	{ "x86_64", 0, NR_NUMBERS, __NR_getpid, raw_syscall },
	{ "i386", 0, NR_NUMBERS, I386_GETPID, raw_int80 },
	{ "x32", 0x40000000, NR_NUMBERS, 0x40000000 + __NR_getpid, raw_syscall },
#elif defined(__i386__)
	{ "i386", 0, NR_NUMBERS, __NR_getpid, raw_syscall },
#elif defined(__aarch64__)
	{ "arm64", 0, NR_NUMBERS, __NR_getpid, raw_syscall },
#elif defined(__arm__)
	{ "arm", 0, NR_NUMBERS, __NR_getpid, raw_syscall },
	{ "arm_private", 0xf0000, NR_PRIVATE, __NR_getpid, raw_syscall },
#elif defined(__powerpc64__)
	{ "ppc64", 0, NR_NUMBERS, __NR_getpid, raw_syscall },
#elif defined(__powerpc__)
	{ "ppc", 0, NR_NUMBERS, __NR_getpid, raw_syscall },
#elif defined(__s390x__)
	{ "s390x", 0, NR_NUMBERS, __NR_getpid, raw_syscall },
#elif defined(__s390__)
	{ "s390", 0, NR_NUMBERS, __NR_getpid, raw_syscall },
#elif defined(__riscv) && __riscv_xlen == 64
	{ "riscv64", 0, NR_NUMBERS, __NR_getpid, raw_syscall },
#elif defined(__riscv)
	{ "riscv32", 0, NR_NUMBERS, __NR_getpid, raw_syscall },
#elif defined(__mips__) && _MIPS_SIM == _ABI64
	{ "mips64", 5000, NR_MIPS, __NR_getpid, raw_syscall },
#elif defined(__mips__) && _MIPS_SIM == _ABIN32
	{ "mipsn32", 6000, NR_MIPS, __NR_getpid, raw_syscall },
#elif defined(__mips__)
	{ "mips", 4000, NR_MIPS, __NR_getpid, raw_syscall },
#elif defined(__loongarch__)
	{ "loong64", 0, NR_NUMBERS, __NR_getpid, raw_syscall },
#endif
};

#define NR_ABIS ((int)(sizeof(abis) / sizeof(*abis)))

/*
 * Arguments that point somewhere point here; in the low 2 GiB, for 32-bit ABIs.
 * Not in .bss, which alone makes a segment that takes no bytes of the file:
 * Linux 5.10 kills a program with such a one.
 */
static char scratch[4096] __attribute__((section(".data")));

#define SCRATCH ((long)scratch)

static const long vectors[][6] = {
	{ -1, -1, -1, -1, -1, -1 },	/* first: see the top of this file */
	{ 0, 0, 0, 0, 0, 0 },
	{ 1, 1, 1, 1, 1, 1 },
	{ 8, 8, 8, 8, 8, 8 },
	{ 0, -1, -1, -1, -1, -1 },
	{ 1, -1, 0, -1, 0, -1 },
	{ 2, 3, 4, 5, 6, 7 },
	{ -100, 0, 0, 0, 0, 0 },	/* AT_FDCWD */
	{ __NR_getpid, 0, 0, 0, 0, 0 },	/* for the indirect syscall of MIPS */
	{ SCRATCH, SCRATCH, SCRATCH, SCRATCH, SCRATCH, SCRATCH },
};

#define NR_VECTORS ((int)(sizeof(vectors) / sizeof(*vectors)))

#define CALL(nr, ...) raw_syscall(nr, (const long[6]){ __VA_ARGS__ })

static void print(int fd, const char *s, long len)
{
	while (len > 0) {
		long n = CALL(__NR_write, fd, (long)s, len);

		if (n <= 0)
			CALL(__NR_exit_group, 1);
		s += n;
		len -= n;
	}
}

static long length(const char *s)
{
	long n = 0;

	while (s[n])
		n++;
	return n;
}

static long self(void)
{
	return CALL(__NR_getpid);
}

static long fork_process(void)
{
#if defined(__s390__)
	return CALL(__NR_clone, 0, SIGCHLD);
#else
	return CALL(__NR_clone, SIGCHLD);
#endif
}

/* By waitid, because the newest ABIs have no other. */
static void await(long pid)
{
	CALL(__NR_waitid, P_PID, pid, 0, WEXITED);
}

static void reap(long pid)
{
	CALL(__NR_kill, pid, SIGKILL);
	await(pid);
}

static int open_pipe(int fds[2], long flags)
{
	return CALL(__NR_pipe2, (long)fds, flags);
}

/* Whether @fd has something to read, or its end, within @ms. */
static int readable(int fd, int ms)
{
	struct {
		int fd;
		short events, revents;
	} p = { fd, 1, 0 };
#if defined(__NR_ppoll_time64)
	long long timeout[2] = { ms / 1000, ms % 1000 * 1000000LL };
	long nr = __NR_ppoll_time64;
#else
	long timeout[2] = { ms / 1000, ms % 1000 * 1000000L };
	long nr = __NR_ppoll;
#endif
	long n;

	do
		n = CALL(nr, (long)&p, 1, (long)timeout, 0, 8);
	while (n == -EINTR);
	return n == 1;
}

/* Whether a worker has something to say, its end included. */
static int answers(int fd)
{
	for (int i = 0; i < WAITS; i++)
		if (readable(fd, WAIT_MS))
			return 1;
	return 0;
}

/*
 * A call may return twice (fork, vfork, clone): only @owner goes on. The copy
 * must not report, and must not run on with the owner's stack under vfork.
 */
static long call_once(const struct abi *abi, long nr, const long *vector, long owner)
{
	long ret = abi->call(nr, vector);

	if (self() != owner)
		CALL(__NR_exit, 0);
	return ret;
}

static char letter_of(const struct abi *abi, long nr, long ret)
{
	if (ret == -ENOSYS)
		return 'N';
	/* An address, which all ones are: a 64-bit program's heap has room up to there. */
	if (abi->getpid == I386_GETPID && nr == I386_BRK)
		return 'I';
	return ret == -EPERM ? 'P' : 'I';
}

static void worker(const struct abi *abi, int first, int fd)
{
	long pid = self();

	for (int nr = first; nr < abi->numbers; nr++) {
		char letter = 'N';

		for (int v = 0; v < NR_VECTORS && letter == 'N'; v++)
			letter = letter_of(abi, nr, call_once(abi, abi->base + nr, vectors[v],
							      pid));
		CALL(__NR_write, fd, (long)&letter, 1);
	}
	CALL(__NR_exit_group, 0);
}

/* getpid through the ABI itself, in a process that may die of it. */
static int enterable(const struct abi *abi)
{
	static const long none[6];
	int fds[2];
	char ok = 0;
	long pid;

	if (open_pipe(fds, 0))
		CALL(__NR_exit_group, 1);
	pid = fork_process();
	if (!pid) {
		ok = abi->call(abi->getpid, none) == self();
		CALL(__NR_write, fds[1], (long)&ok, 1);
		CALL(__NR_exit_group, 0);
	}
	CALL(__NR_close, fds[1]);
	if (answers(fds[0]))
		CALL(__NR_read, fds[0], (long)&ok, 1);
	CALL(__NR_close, fds[0]);
	reap(pid);
	return ok;
}

/* Runs one worker from @done on; returns how many numbers are known then. */
static int watch(const struct abi *abi, char *letters, int done)
{
	int fds[2];
	long pid, n = 0;

	if (open_pipe(fds, 0))
		CALL(__NR_exit_group, 1);
	pid = fork_process();
	if (pid < 0)
		CALL(__NR_exit_group, 1);
	if (!pid) {
		CALL(__NR_close, fds[0]);
		worker(abi, done, fds[1]);
	}
	CALL(__NR_close, fds[1]);
	while (done < abi->numbers && answers(fds[0])) {
		n = CALL(__NR_read, fds[0], (long)(letters + done), abi->numbers - done);
		if (n <= 0)
			break;
		done += n;
	}
	CALL(__NR_close, fds[0]);
	reap(pid);
	/* The worker was lost in the call after the last one that it reported. */
	if (done < abi->numbers)
		letters[done++] = 'I';
	return done;
}

/* One ABI's line, to @fd. */
static void invoke_all(const struct abi *abi, int fd)
{
	static char letters[NR_NUMBERS];
	int done = 0;

	print(fd, abi->name, length(abi->name));
	if (!enterable(abi)) {
		print(fd, " -\n", 3);
		return;
	}
	while (done < abi->numbers)
		done = watch(abi, letters, done);
	print(fd, " ", 1);
	print(fd, letters, done);
	print(fd, "\n", 1);
}

/*
 * Hands on the line that is in @fd, whole since a pipe holds more. What a lost
 * worker started may have the pipe open still, so its end is not waited for. Nor
 * is it polled: under a filter that may be what this ABI cannot do.
 */
static void hand_on(int fd)
{
	static char line[NR_NUMBERS + 64];
	long n = CALL(__NR_read, fd, (long)line, sizeof(line));

	if (n <= 0 || line[n - 1] != '\n')
		CALL(__NR_exit_group, 1);
	print(1, line, n);
}

/* Entered by the kernel, not by a call: on x86 the stack is not as a callee expects it. */
#if defined(__x86_64__) || defined(__i386__)
__attribute__((force_align_arg_pointer))
#endif
void _start(void);

void _start(void)
{
	int fds[NR_ABIS][2];
	long pids[NR_ABIS];

	/* All at once: most of the time goes by in waiting for what does not return. */
	for (int i = 0; i < NR_ABIS; i++) {
		if (open_pipe(fds[i], O_NONBLOCK))
			CALL(__NR_exit_group, 1);
		pids[i] = fork_process();
		if (pids[i] < 0)
			CALL(__NR_exit_group, 1);
		if (!pids[i]) {
			invoke_all(&abis[i], fds[i][1]);
			CALL(__NR_exit_group, 0);
		}
	}
	for (int i = 0; i < NR_ABIS; i++) {
		await(pids[i]);
		hand_on(fds[i][0]);
	}
	CALL(__NR_exit_group, 0);
}
