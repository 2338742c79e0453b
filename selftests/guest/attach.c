// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach fentry|fexit|fmod_ret|kprobe.multi FUNCTION... - have BPF sit there
 *
 * The programs do nothing. A process stays behind that keeps them attached; its id is
 * printed, and the functions that have one. Exit status 4, with the last reason, if this
 * kernel has no such thing, for none of them.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef ENOTSUPP
#define ENOTSUPP 524	/* of the kernel alone */
#endif

#define BTF_FILE "/sys/kernel/btf/vmlinux"

static const struct {
	const char *name;
	enum bpf_attach_type type;
} kinds[] = {
	{ "fentry", BPF_TRACE_FENTRY },
	{ "fexit", BPF_TRACE_FEXIT },
	{ "fmod_ret", BPF_MODIFY_RETURN },
	{ "kprobe.multi", BPF_TRACE_KPROBE_MULTI },
};

static void quit(int status, const char *what)
{
	fprintf(stderr, "attach: %s: %s\n", what,
		errno == ENOTSUPP ? "not supported" : strerror(errno));
	exit(status);
}

/* Of one function: the next may have what this one has not. */
static int fail(const char *what, const char *function)
{
	if (errno != ENOSYS && errno != ENOTSUPP && errno != EOPNOTSUPP)
		quit(1, what);
	fprintf(stderr, "attach: %s %s: not supported\n", what, function);
	return -1;
}

static int bpf(int cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

/* What follows a type, by its kind. */
static size_t extra(const struct btf_type *t)
{
	size_t n = BTF_INFO_VLEN(t->info);

	switch (BTF_INFO_KIND(t->info)) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return 4;
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return n * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
		return n * sizeof(struct btf_enum);
	case BTF_KIND_ENUM64:
		return n * 12;
	case BTF_KIND_FUNC_PROTO:
		return n * sizeof(struct btf_param);
	case BTF_KIND_DATASEC:
		return n * sizeof(struct btf_var_secinfo);
	}
	return 0;
}

/* The kernel's own types. */
static const char *read_types(void)
{
	int fd = open(BTF_FILE, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	struct stat st;
	ssize_t n;
	char *btf;

	if (fd < 0 || fstat(fd, &st))
		quit(4, "CONFIG_DEBUG_INFO_BTF: " BTF_FILE);
	btf = malloc(st.st_size);
	while (btf && (n = read(fd, btf + len, st.st_size - len)) > 0)
		len += n;
	if (!btf || len < sizeof(struct btf_header))
		quit(1, BTF_FILE);
	close(fd);
	return btf;
}

/* The id of a function among them, 0 if it has none. */
static unsigned int type_of(const char *btf, const char *function)
{
	const struct btf_header *h = (const void *)btf;
	const char *names = btf + h->hdr_len + h->str_off;
	const char *types = btf + h->hdr_len + h->type_off;
	const char *end = types + h->type_len;
	unsigned int id = 1;

	for (; types + sizeof(struct btf_type) <= end; id++) {
		const struct btf_type *t = (const void *)types;

		if (BTF_INFO_KIND(t->info) == BTF_KIND_FUNC &&
		    !strcmp(names + t->name_off, function))
			return id;
		types += sizeof(*t) + extra(t);
	}
	fprintf(stderr, "attach: " BTF_FILE " has no %s\n", function);
	return 0;
}

static int load(enum bpf_attach_type type, unsigned int btf_id, const char *function)
{
	/* r0 = 0; exit */
	static const struct bpf_insn program[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	static char log[8192];
	union bpf_attr attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = btf_id ? BPF_PROG_TYPE_TRACING : BPF_PROG_TYPE_KPROBE;
	attr.expected_attach_type = type;
	attr.attach_btf_id = btf_id;
	attr.insns = (unsigned long)program;
	attr.insn_cnt = sizeof(program) / sizeof(program[0]);
	attr.license = (unsigned long)"GPL";
	fd = bpf(BPF_PROG_LOAD, &attr);
	if (fd >= 0)
		return fd;

	attr.log_level = 1;
	attr.log_buf = (unsigned long)log;
	attr.log_size = sizeof(log);
	bpf(BPF_PROG_LOAD, &attr);
	fputs(log, stderr);
	return fail("BPF_PROG_LOAD for", function);
}

static int attach(enum bpf_attach_type type, int program, const char *function)
{
	const char *symbols[] = { function };
	union bpf_attr attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	if (type != BPF_TRACE_KPROBE_MULTI) {
		attr.raw_tracepoint.prog_fd = program;
		fd = bpf(BPF_RAW_TRACEPOINT_OPEN, &attr);
	} else {
		attr.link_create.prog_fd = program;
		attr.link_create.attach_type = type;
		attr.link_create.kprobe_multi.syms = (unsigned long)symbols;
		attr.link_create.kprobe_multi.cnt = 1;
		fd = bpf(BPF_LINK_CREATE, &attr);
	}
	return fd < 0 ? fail("cannot attach to", function) : fd;
}

/* Whether it is attached, and stays so until this process ends. */
static bool sit_in(enum bpf_attach_type type, const char *types, const char *function)
{
	unsigned int btf_id = types ? type_of(types, function) : 0;
	int program;

	if (types && !btf_id)
		return false;
	program = load(type, btf_id, function);
	return program >= 0 && attach(type, program, function) >= 0;
}

int main(int argc, char **argv)
{
	const char *types = NULL;
	int arg, attached = 0;
	size_t i;
	pid_t pid;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (argc > 2 && !strcmp(argv[1], kinds[i].name))
			break;
	if (i == sizeof(kinds) / sizeof(kinds[0])) {
		fputs("usage: attach fentry|fexit|fmod_ret|kprobe.multi FUNCTION...\n", stderr);
		return 2;
	}

	if (kinds[i].type != BPF_TRACE_KPROBE_MULTI)
		types = read_types();
	for (arg = 2; arg < argc; arg++) {
		if (sit_in(kinds[i].type, types, argv[arg]))
			argv[2 + attached++] = argv[arg];
	}
	if (!attached)
		return 4;

	pid = fork();
	if (pid < 0)
		quit(1, "fork");
	if (!pid) {
		/* Whoever waits for the end of our output waits for the parent alone. */
		close(0);
		close(1);
		close(2);
		for (;;)
			pause();
	}
	printf("%d", pid);
	for (arg = 2; arg < 2 + attached; arg++)
		printf(" %s", argv[arg]);
	putchar('\n');
	return 0;
}
