// SPDX-License-Identifier: GPL-2.0-only
/*
 * record - write down the code of syscall entries of the running kernel
 *
 * Runs as root in a guest, reads /proc/kallsyms and /proc/kcore and prints what
 * test-stub.c replays. Whether an entry is a stub is told by its symbol being
 * weak, which the recogniser does not look at.
 *
 *	# comment
 *	bits 64
 *	ftrace 1
 *	thumb 0|1			(made by hand) the code is T32
 *	target ADDRESS NAME		a symbol that entries branch to; "-" if there is none
 *	code ADDRESS HEX		code elsewhere to which the next entry branches
 *	torn N ADDRESS HEX		(made by hand) what every other one of the first N
 *					readings of the next entry finds there
 *	entry stub|body|unknown ADDRESS NAME HEX
 */
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define CODE_BYTES	64
#define AWAY_BYTES	32
#define MAX_STUBS	6	/* of each prefix */
#define BODY_STEP	32	/* every so many-th body is recorded */

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && !strcmp(text + len - end_len, end);
}

static bool read_code(int kcore, uint64_t addr, unsigned char *code, size_t len)
{
	ElfW(Ehdr) ehdr;
	int i;

	if (pread(kcore, &ehdr, sizeof(ehdr), 0) != sizeof(ehdr))
		return false;

	for (i = 0; i < ehdr.e_phnum; i++) {
		ElfW(Phdr) phdr;

		if (pread(kcore, &phdr, sizeof(phdr), ehdr.e_phoff + i * sizeof(phdr)) !=
		    sizeof(phdr))
			return false;
		if (phdr.p_type != PT_LOAD || addr < phdr.p_vaddr ||
		    addr - phdr.p_vaddr + len > phdr.p_memsz)
			continue;
		return pread(kcore, code, len, phdr.p_offset + (addr - phdr.p_vaddr)) ==
		       (ssize_t)len;
	}
	return false;
}

static bool is_target(const char *name)
{
	static const char *const ends[] = { "sys_ni_syscall", "return_thunk" };
	static const char *const starts[] = {
		"__fentry__", "_mcount", "__gnu_mcount_nc", "ftrace_caller", "ftrace_regs_caller",
		"__s390_indirect_jump",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ends); i++)
		if (ends_with(name, ends[i]))
			return true;
	for (i = 0; i < ARRAY_SIZE(starts); i++)
		if (!strncmp(name, starts[i], strlen(starts[i])))
			return true;
	return false;
}

/* "__x64_sys_read" and "sys_read", but not "ksys_read" or "do_sys_open". */
static bool is_entry(const char *name)
{
	const char *sys = strstr(name, "sys_");

	if (!sys || strstr(name, "sys_ni_") || strstr(name, "_eil_addr"))
		return false;
	/* Padding before a function, and the type hash of kCFI. */
	if (!strncmp(name, "__pfx_", 6) || !strncmp(name, "__cfi_", 6))
		return false;
	if (sys == name || !strncmp(name, "compat_sys_", 11))
		return true;
	return !strncmp(name, "__", 2) && sys[-1] == '_' && strncmp(name, "__do_", 5) &&
	       strncmp(name, "__se_", 5);
}

/* A prefix may spell "__x64_sys_": stubs of each are wanted. */
static unsigned int seen_of(const char *name)
{
	static struct {
		char prefix[32];
		unsigned int n;
	} seen[16];
	size_t len = strstr(name, "sys_") - name, i;

	for (i = 0; i < 15 && seen[i].n; i++)
		if (strlen(seen[i].prefix) == len && !strncmp(seen[i].prefix, name, len))
			break;
	if (!seen[i].n)
		snprintf(seen[i].prefix, sizeof(seen[i].prefix), "%.*s", (int)len, name);
	return seen[i].n++;
}

/*
 * Where the entry branches to before it does anything: to the tracer by its first
 * instruction, if the tracer works like that, or behind the tracer's site.
 */
static uint64_t away_of(uint64_t addr, const unsigned char *code)
{
#if defined(__s390__)
	if (code[0] == 0xc0 && code[1] == 0xf4)
		return addr + 2 * (int64_t)(int32_t)((uint32_t)code[2] << 24 | code[3] << 16 |
						     code[4] << 8 | code[5]);
#elif defined(__powerpc__)
	uint32_t insn;
	size_t i;

	/* At the local entry point, which may be behind the two instructions of the global one. */
	for (i = 0; i <= 8; i += 8) {
		memcpy(&insn, code + i, sizeof(insn));
		if ((insn & 0xfc000003) == 0x48000000)
			return addr + i + ((int32_t)(insn << 6) >> 6);
	}
#elif defined(__arm__) || defined(__loongarch__)
	uint32_t insn;
	size_t i;

	for (i = 8; i < CODE_BYTES; i += sizeof(insn)) {
		memcpy(&insn, code + i, sizeof(insn));
#if defined(__arm__)
		if ((insn & 0xfe000000) == 0xea000000)
			return (uint32_t)(addr + i + 8 + ((int32_t)(insn << 8) >> 6));
#else
		if ((insn & 0xf8000000) == 0x50000000)
			return addr + i + ((int32_t)(((insn & 0x3ff) << 16 | (insn >> 10 & 0xffff))
						     << 6) >> 4);
#endif
	}
#elif defined(__x86_64__) || defined(__i386__)
	static const struct {
		size_t len;
		const char *bytes;
	} before[] = {
		{ 4, "\xf3\x0f\x1e\xfa" }, { 4, "\x66\x0f\x1f\x00" }, { 4, "\x0f\x1f\x40\xd6" },
		{ 5, "\x0f\x1f\x44\x00\x00" }, { 5, "\x3e\x8d\x44\x20\x00" },
		{ 5, "\x3e\x8d\x74\x26\x00" }, { 1, "\x55" }, { 3, "\x48\x89\xe5" },
		{ 2, "\x89\xe5" },
	};
	bool sited = false;
	size_t at = 0, i;
	int32_t offset;

	while (at < CODE_BYTES / 2) {
		for (i = 0; i < ARRAY_SIZE(before); i++)
			if (!memcmp(code + at, before[i].bytes, before[i].len))
				break;
		if (i == ARRAY_SIZE(before) && (sited || code[at] != 0xe8))
			break;
		at += i < ARRAY_SIZE(before) ? before[i].len : 5;
		sited |= i == ARRAY_SIZE(before) || before[i].len == 5;
	}
	memcpy(&offset, code + at + 1, sizeof(offset));
	if (code[at] == 0xe8 || code[at] == 0xe9)
		return (unsigned long)(addr + at + 5 + offset);
#else
	(void)addr;
	(void)code;
#endif
	return 0;
}

static void print_hex(const unsigned char *code, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		printf("%02x", code[i]);
	putchar('\n');
}

static void print_entry(int kcore, const char *what, uint64_t addr, const char *name)
{
	unsigned char code[CODE_BYTES], away[AWAY_BYTES];
	uint64_t to;

	if (!read_code(kcore, addr, code, sizeof(code))) {
		fprintf(stderr, "record: cannot read the code of %s\n", name);
		exit(1);
	}

	to = away_of(addr, code);
	if (to && read_code(kcore, to, away, sizeof(away))) {
		printf("code %llx ", (unsigned long long)to);
		print_hex(away, sizeof(away));
	}

	printf("entry %s %llx %s ", what, (unsigned long long)addr, name);
	print_hex(code, sizeof(code));
}

int main(int argc, char **argv)
{
	unsigned int stubs = 0, bodies = 0;
	unsigned long long addr;
	struct utsname uts;
	char line[512], name[256], type;
	FILE *kallsyms;
	int kcore;

	kallsyms = fopen("/proc/kallsyms", "r");
	kcore = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
	if (!kallsyms || kcore < 0) {
		fputs("record: needs root, /proc/kallsyms and /proc/kcore\n", stderr);
		return 1;
	}

	uname(&uts);
	printf("# %s %s, %s\n", uts.machine, uts.release, argc > 1 ? argv[1] : "tracer off");
	printf("bits %zu\n", 8 * sizeof(long));
	printf("ftrace %d\n", !access("/sys/kernel/tracing/available_filter_functions", F_OK));

	while (fgets(line, sizeof(line), kallsyms)) {
		/* Lines of modules have a fourth word. */
		if (sscanf(line, "%llx %c %255s", &addr, &type, name) != 3 || strchr(line, '['))
			continue;
		if (is_target(name) && (type == 'T' || type == 't' || type == 'W'))
			printf("target %llx %s\n", addr, name);
		if (!strcmp(name, "sys_ni_syscall"))
			print_entry(kcore, "stub", addr, name);
		if (!is_entry(name))
			continue;
		if (type == 'W' && seen_of(name) < MAX_STUBS) {
			print_entry(kcore, "stub", addr, name);
			stubs++;
		}
		if (type == 'T' && bodies++ % BODY_STEP == 0)
			print_entry(kcore, "body", addr, name);
	}

	if (!stubs || !bodies || !addr) {
		fprintf(stderr, "record: %u stubs and %u bodies: kptr_restrict?\n", stubs, bodies);
		return 1;
	}
	return 0;
}
