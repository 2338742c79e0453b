// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach fentry|fexit|fmod_ret|kprobe.multi FUNCTION - have BPF sit there
 *
 * The program does nothing. A process stays behind that keeps it attached; its
 * id is printed. Exit status 4, with a reason, if this kernel has no such thing.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <signal.h>
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

/* The id of a function in the kernel's own types, 0 if it has none. */
static unsigned int type_of(const char *function)
{
	int fd = open(BTF_FILE, O_RDONLY | O_CLOEXEC);
	const struct btf_header *h;
	unsigned int id = 1;
	const char *types, *end;
	size_t len = 0;
	struct stat st;
	ssize_t n;
	char *btf;

	if (fd < 0 || fstat(fd, &st))
		quit(4, "CONFIG_DEBUG_INFO_BTF: " BTF_FILE);
	btf = malloc(st.st_size);
	while (btf && (n = read(fd, btf + len, st.st_size - len)) > 0)
		len += n;
	if (!btf || len < sizeof(*h))
		quit(1, BTF_FILE);
	close(fd);

	h = (const void *)btf;
	types = btf + h->hdr_len + h->type_off;
	end = types + h->type_len;
	for (; types + sizeof(struct btf_type) <= end; id++) {
		const struct btf_type *t = (const void *)types;

		if (BTF_INFO_KIND(t->info) == BTF_KIND_FUNC &&
		    !strcmp(btf + h->hdr_len + h->str_off + t->name_off, function))
			return id;
		types += sizeof(*t) + extra(t);
	}
	return 0;
}

static int load(enum bpf_attach_type type, unsigned int btf_id)
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
	quit(errno == ENOSYS || errno == ENOTSUPP ? 4 : 1, "BPF_PROG_LOAD");
	return -1;
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
	if (fd < 0)
		quit(errno == ENOTSUPP || errno == EOPNOTSUPP ? 4 : 1, "cannot attach");
	return fd;
}

int main(int argc, char **argv)
{
	unsigned int btf_id = 0;
	size_t i;
	pid_t pid;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (argc == 3 && !strcmp(argv[1], kinds[i].name))
			break;
	if (i == sizeof(kinds) / sizeof(kinds[0])) {
		fputs("usage: attach fentry|fexit|fmod_ret|kprobe.multi FUNCTION\n", stderr);
		return 2;
	}

	if (kinds[i].type != BPF_TRACE_KPROBE_MULTI) {
		btf_id = type_of(argv[2]);
		if (!btf_id) {
			fprintf(stderr, "attach: " BTF_FILE " has no %s\n", argv[2]);
			return 4;
		}
	}
	attach(kinds[i].type, load(kinds[i].type, btf_id), argv[2]);

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
	printf("%d\n", pid);
	return 0;
}
