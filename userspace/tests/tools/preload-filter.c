// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program that uses libseccomp and knows nothing of us. It allows the calls that are named
 * on stdin, answers EPERM for all others, and then
 *	load [ATTR=VALUE|notify|merge]... COMMAND	loads the filter, says with which flags and
 *		what an older thread gets of it, and becomes the command
 *	version	says which libseccomp it has
 *	export	writes the filter to stdout
 *	mem	does so by way of memory
 *	threads	exports two filters many times in threads, and counts what is not as it was
 *		when there was one thread
 * Before that --ask NAME asks for a name without a rule, --deny NAME adds a rule that says
 * what the default does, --before NAME allows a name and takes that back.
 */
#include <dlfcn.h>
#include <errno.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <seccomp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NAMES_MAX	1024
#define THREADS		8
#define ROUNDS		20

static char names[NAMES_MAX][64];
static size_t nr_names;

static void check(const char *what, int ret)
{
	if (ret >= 0)
		return;
	fprintf(stderr, "preload-filter: %s: %s\n", what, strerror(-ret));
	exit(1);
}

static void read_names(void)
{
	while (nr_names < NAMES_MAX && scanf("%63s", names[nr_names]) == 1)
		nr_names++;
}

/* By each of the four functions in turn. */
static int allow(scmp_filter_ctx ctx, const char *name, size_t i)
{
	int nr = seccomp_syscall_resolve_name(name);

	if (nr == __NR_SCMP_ERROR)
		return 0;
	switch (i % 4) {
	case 0:
		return seccomp_rule_add(ctx, SCMP_ACT_ALLOW, nr, 0);
	case 1:
		return seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, nr, 0, NULL);
	case 2:
		return seccomp_rule_add_exact(ctx, SCMP_ACT_ALLOW, nr, 0);
	}
	return seccomp_rule_add_exact_array(ctx, SCMP_ACT_ALLOW, nr, 0, NULL);
}

static void fill(scmp_filter_ctx ctx)
{
	size_t i;

	for (i = 0; i < nr_names; i++)
		check(names[i], allow(ctx, names[i], i));
	/* With arguments, by both variadic functions: nobody has such a domain. */
	check("socket", seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
					 SCMP_A0(SCMP_CMP_EQ, 4711)));
	check("socketpair", seccomp_rule_add_exact(ctx, SCMP_ACT_ALLOW, SCMP_SYS(socketpair), 2,
						   SCMP_A0(SCMP_CMP_EQ, 4711),
						   SCMP_A1(SCMP_CMP_EQ, 1)));
}

/*
 * libseccomp's and whoever else's calls of it come by here. As the real one it reads six
 * arguments, whether there are so many or not.
 */
static unsigned int load_flags;

__attribute__((visibility("default"), no_sanitize("address"))) long syscall(long nr, ...)
{
	long (*next)(long nr, ...) = (__typeof__(next))dlsym(RTLD_NEXT, "syscall");
	long a[6];
	va_list ap;
	size_t i;

	va_start(ap, nr);
	for (i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	if (nr == SYS_seccomp && a[0] == SECCOMP_SET_MODE_FILTER && a[2])
		load_flags = (unsigned int)a[1];
	return next(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* Attributes by libseccomp's numbers for them. */
static const struct {
	const char *word;
	enum scmp_filter_attr attr;
} attrs[] = {
	{ "nnp", SCMP_FLTATR_CTL_NNP },
	{ "tsync", SCMP_FLTATR_CTL_TSYNC },
	{ "log", SCMP_FLTATR_CTL_LOG },
	{ "ssb", SCMP_FLTATR_CTL_SSB },
};

static void set(scmp_filter_ctx ctx, const char *word)
{
	size_t i, len;

	if (!strcmp(word, "notify")) {
		check(word, seccomp_rule_add(ctx, SCMP_ACT_NOTIFY, SCMP_SYS(swapon), 0));
		return;
	}
	for (i = 0; i < sizeof(attrs) / sizeof(attrs[0]); i++) {
		len = strlen(attrs[i].word);
		if (!strncmp(word, attrs[i].word, len) && word[len] == '=')
			check(word, seccomp_attr_set(ctx, attrs[i].attr,
						     (uint32_t)atoi(word + len + 1)));
	}
}

/* The other one's rules, for i386. */
static void merge(scmp_filter_ctx ctx)
{
	scmp_filter_ctx other = seccomp_init(SCMP_ACT_ERRNO(EPERM));

	check("seccomp_arch_remove", seccomp_arch_remove(other, SCMP_ARCH_NATIVE));
	check("seccomp_arch_add", seccomp_arch_add(other, SCMP_ARCH_X86));
	/* What probe needs to say what it has got. */
	check("clone", seccomp_rule_add(other, SCMP_ACT_ALLOW, SCMP_SYS(clone), 0));
	check("seccomp_merge", seccomp_merge(ctx, other));
}

static int turn[2];

/* Is there before the filter is, and asks after it. */
static void *elder(void *arg)
{
	char c;

	(void)arg;
	if (read(turn[0], &c, 1) == 1)
		printf("elder %d\n", syscall(SYS_keyctl, -1L) ? errno : 0);
	return NULL;
}

static int load(scmp_filter_ctx ctx, char **words)
{
	bool notify = false;
	pthread_t thread;

	for (; *words && **words != '/'; words++) {
		if (!strcmp(*words, "merge"))
			merge(ctx);
		else
			set(ctx, *words);
		notify |= !strcmp(*words, "notify");
	}
	if (pipe(turn) || pthread_create(&thread, NULL, elder, NULL))
		return 1;
	check("seccomp_load", seccomp_load(ctx));
	/* That one is about how a failure is told. */
	printf("flags %lu\n", load_flags & ~SECCOMP_FILTER_FLAG_TSYNC_ESRCH);
	if (write(turn[1], "", 1) != 1 || pthread_join(thread, NULL))
		return 1;
	if (notify)
		printf("listener %s\n", seccomp_notify_fd(ctx) >= 0 ? "yes" : "no");
	fflush(stdout);
	execv(words[0], words);
	return 127;
}

static void export_mem(scmp_filter_ctx ctx)
{
	int (*function)(const scmp_filter_ctx ctx, void *buf, size_t *len) =
		(__typeof__(function))dlsym(RTLD_DEFAULT, "seccomp_export_bpf_mem");
	size_t len = 0, little = 8;
	char *buf;

	check("seccomp_export_bpf_mem", function ? function(ctx, NULL, &len) : -EOPNOTSUPP);
	buf = malloc(len);
	if (function(ctx, buf, &little) != -ERANGE)
		check("seccomp_export_bpf_mem with too little room", -EPROTO);
	check("seccomp_export_bpf_mem", function(ctx, buf, &len));
	if (fwrite(buf, 1, len, stdout) != len)
		exit(1);
	free(buf);
}

/* Every second one has every second name. */
static scmp_filter_ctx make_half(size_t parity)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	size_t i;

	for (i = parity; i < nr_names; i += 2)
		check(names[i], allow(ctx, names[i], 0));
	return ctx;
}

struct program {
	char *text;
	size_t len;
};

static struct program export_half(size_t parity)
{
	scmp_filter_ctx ctx = make_half(parity);
	int fd = memfd_create("filter", MFD_CLOEXEC);
	struct program p;
	struct stat st;

	check("seccomp_export_bpf", seccomp_export_bpf(ctx, fd));
	seccomp_release(ctx);
	if (fstat(fd, &st))
		exit(1);
	p.len = (size_t)st.st_size;
	p.text = malloc(p.len);
	if (pread(fd, p.text, p.len, 0) != st.st_size)
		exit(1);
	close(fd);
	return p;
}

static struct program wanted[2];

static void *export_often(void *arg)
{
	size_t parity = (size_t)arg % 2, differ = 0, i;

	for (i = 0; i < ROUNDS; i++) {
		struct program p = export_half(parity);

		differ += p.len != wanted[parity].len || memcmp(p.text, wanted[parity].text, p.len);
		free(p.text);
	}
	return (void *)differ;
}

static void run_threads(void)
{
	pthread_t threads[THREADS];
	size_t i, differ = 0;
	void *ret;

	for (i = 0; i < 2; i++)
		wanted[i] = export_half(i);
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, export_often, (void *)i))
			exit(1);
	for (i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &ret);
		differ += (size_t)ret;
	}
	printf("%zu of %d differ\n", differ, THREADS * ROUNDS);
}

int main(int argc, char **argv)
{
	scmp_filter_ctx ctx;

	read_names();
	/* One that is none any more has nothing to do with the next. */
	seccomp_release(seccomp_init(SCMP_ACT_ALLOW));
	ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (!ctx || argc < 2)
		return 2;
	for (argv++; argv[0] && argv[1] && !strncmp(argv[0], "--", 2); argv += 2) {
		if (!strcmp(argv[0], "--ask"))
			seccomp_syscall_resolve_name(argv[1]);
		else if (!strcmp(argv[0], "--deny") &&
			 !seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM),
					   seccomp_syscall_resolve_name(argv[1]), 0))
			return 2;
		else if (!strcmp(argv[0], "--before")) {
			check(argv[1], allow(ctx, argv[1], 0));
			check("seccomp_reset", seccomp_reset(ctx, SCMP_ACT_ERRNO(EPERM)));
		}
	}
	fill(ctx);
	if (!strcmp(argv[0], "load"))
		return load(ctx, argv + 1);
	else if (!strcmp(argv[0], "version"))
		printf("%u.%u.%u\n", seccomp_version()->major, seccomp_version()->minor,
		       seccomp_version()->micro);
	else if (!strcmp(argv[0], "export"))
		check("seccomp_export_bpf", seccomp_export_bpf(ctx, STDOUT_FILENO));
	else if (!strcmp(argv[0], "mem"))
		export_mem(ctx);
	else if (!strcmp(argv[0], "threads")) {
		seccomp_release(ctx);
		run_threads();
	}
	return 0;
}
