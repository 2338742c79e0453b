// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <json-c/json.h>
#include <linux/audit.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixtures.h"

#ifndef AUDIT_ARCH_LOONGARCH64
#define AUDIT_ARCH_LOONGARCH64	(258 | __AUDIT_ARCH_64BIT | __AUDIT_ARCH_LE)
#endif

/* Numbers that libseccomp is asked about, from each base. */
#define SPAN	600
/* One name in so many is ours, which libseccomp cannot know. */
#define NOVEL	16

static const struct fixture_machine machines[] = {
	{ "x86_64", {
		{ "x86_64", AUDIT_ARCH_X86_64, 0, SCMP_ARCH_X86_64 },
		{ "i386", AUDIT_ARCH_I386, 0, SCMP_ARCH_X86 },
		{ "x32", AUDIT_ARCH_X86_64, 0x40000000, SCMP_ARCH_X32 } } },
	{ "aarch64", {
		{ "arm64", AUDIT_ARCH_AARCH64, 0, SCMP_ARCH_AARCH64 },
		{ "arm", AUDIT_ARCH_ARM, 0, SCMP_ARCH_ARM },
		{ "arm_private", AUDIT_ARCH_ARM, 0xf0000, SCMP_ARCH_ARM } } },
	{ "ppc64le", { { "ppc64", AUDIT_ARCH_PPC64LE, 0, SCMP_ARCH_PPC64LE } } },
	{ "s390x", {
		{ "s390x", AUDIT_ARCH_S390X, 0, SCMP_ARCH_S390X },
		{ "s390", AUDIT_ARCH_S390, 0, SCMP_ARCH_S390 } } },
	{ "riscv64", { { "riscv64", AUDIT_ARCH_RISCV64, 0, SCMP_ARCH_RISCV64 } } },
	{ "mips64el", {
		{ "mips64", AUDIT_ARCH_MIPSEL64, 5000, SCMP_ARCH_MIPSEL64 },
		{ "mipsn32", AUDIT_ARCH_MIPSEL64N32, 6000, SCMP_ARCH_MIPSEL64N32 },
		{ "mips", AUDIT_ARCH_MIPSEL, 4000, SCMP_ARCH_MIPSEL } } },
	{ "mipsel", { { "mips", AUDIT_ARCH_MIPSEL, 4000, SCMP_ARCH_MIPSEL } } },
	{ "i386", { { "i386", AUDIT_ARCH_I386, 0, SCMP_ARCH_X86 } } },
	{ "armhf", {
		{ "arm", AUDIT_ARCH_ARM, 0, SCMP_ARCH_ARM },
		{ "arm_private", AUDIT_ARCH_ARM, 0xf0000, SCMP_ARCH_ARM } } },
	/* Last, because not every libseccomp has it. */
	{ "loongarch64", { { "loong64", AUDIT_ARCH_LOONGARCH64, 0, AUDIT_ARCH_LOONGARCH64 } } },
};

static const struct {
	uint32_t token;
	const char *oci;
} oci_names[] = {
	{ SCMP_ARCH_X86_64, "SCMP_ARCH_X86_64" }, { SCMP_ARCH_X86, "SCMP_ARCH_X86" },
	{ SCMP_ARCH_X32, "SCMP_ARCH_X32" }, { SCMP_ARCH_AARCH64, "SCMP_ARCH_AARCH64" },
	{ SCMP_ARCH_ARM, "SCMP_ARCH_ARM" }, { SCMP_ARCH_PPC64LE, "SCMP_ARCH_PPC64LE" },
	{ SCMP_ARCH_S390X, "SCMP_ARCH_S390X" }, { SCMP_ARCH_S390, "SCMP_ARCH_S390" },
	{ SCMP_ARCH_RISCV64, "SCMP_ARCH_RISCV64" }, { SCMP_ARCH_MIPSEL64, "SCMP_ARCH_MIPSEL64" },
	{ SCMP_ARCH_MIPSEL64N32, "SCMP_ARCH_MIPSEL64N32" },
	{ SCMP_ARCH_MIPSEL, "SCMP_ARCH_MIPSEL" },
	{ AUDIT_ARCH_LOONGARCH64, "SCMP_ARCH_LOONGARCH64" },
};

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

uint32_t fixture_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

const struct fixture_machine *fixture_machine(unsigned int i)
{
	return i < ARRAY_SIZE(machines) ? &machines[i] : NULL;
}

const struct fixture_machine *fixture_machine_in_turn(unsigned int i)
{
	unsigned int n = ARRAY_SIZE(machines);

	while (seccomp_syscall_resolve_name_arch(machines[n - 1].abis[0].token, "read") ==
	       __NR_SCMP_ERROR)
		n--;
	return &machines[i % n];
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* ---- trees ------------------------------------------------------------ */

static FILE *create(const char *dir, const char *file)
{
	char *path;
	FILE *f;

	if (asprintf(&path, "%s/%s", dir, file) < 0)
		die("asprintf");
	f = fopen(path, "wxe");
	if (!f)
		die(path);
	free(path);
	return f;
}

static void write_number(const char *dir, const char *file, const char *fmt, uint32_t v)
{
	FILE *f = create(dir, file);

	fprintf(f, fmt, v);
	fclose(f);
}

/* As the kernel prints %*pb: words of 32 bits in hex, the highest first. */
static void write_bitmap(const char *dir, const uint8_t *bits, unsigned int nr)
{
	unsigned int words = (nr + 31) / 32, i, w;
	FILE *f = create(dir, "bitmap");
	uint32_t word;

	for (w = words; w-- > 0;) {
		for (i = 0, word = 0; i < 32; i++)
			word |= 32 * w + i < nr && bits[32 * w + i] ? 1u << i : 0;
		if (w == words - 1)
			fprintf(f, "%0*x", nr % 32 ? (int)(nr % 32 + 3) / 4 : 8, word);
		else
			fprintf(f, ",%08x", word);
	}
	fprintf(f, "\n");
	fclose(f);
}

static void write_list(const char *dir, const uint8_t *bits, unsigned int nr)
{
	FILE *f = create(dir, "list");
	const char *comma = "";
	unsigned int i, from;

	for (i = 0; i < nr; i++) {
		if (!bits[i])
			continue;
		for (from = i; i + 1 < nr && bits[i + 1]; i++)
			;
		fprintf(f, from == i ? "%s%u" : "%s%u-%u", comma, from, i);
		comma = ",";
	}
	fprintf(f, "\n");
	fclose(f);
}

static void write_names(const char *dir, const struct fixture_abi *a, const uint8_t *bits,
			unsigned int nr)
{
	FILE *f = create(dir, "names");
	unsigned int i;
	char *name;

	for (i = 0; i < nr; i++) {
		if (!bits[i])
			continue;
		name = i % NOVEL ? seccomp_syscall_resolve_num_arch(a->token, (int)(a->base + i)) :
				   NULL;
		if (name)
			fprintf(f, "%u %s\n", i, name);
		else
			fprintf(f, "%u novel_%u\n", i, i);
		free(name);
	}
	fclose(f);
}

static void write_abi(const char *top, const struct fixture_abi *a, uint32_t *seed)
{
	unsigned int nr = SPAN - fixture_random(seed) % 150, i;
	unsigned int density = fixture_random(seed) % 9;
	uint8_t bits[SPAN] = { 0 };
	char *dir;

	/* A disabled ABI is published empty, so density 0 is a case too. */
	for (i = 0; i < nr; i++)
		bits[i] = fixture_random(seed) % 8 < density;
	if (asprintf(&dir, "%s/%s", top, a->name) < 0 || mkdir(dir, 0755))
		die(a->name);
	write_number(dir, "audit_arch", "0x%x\n", a->audit_arch);
	write_number(dir, "base", "0x%x\n", a->base);
	write_number(dir, "nr_syscalls", "%u\n", nr);
	write_bitmap(dir, bits, nr);
	write_list(dir, bits, nr);
	write_names(dir, a, bits, nr);
	free(dir);
}

void fixture_tree(const char *dir, const struct fixture_machine *m, uint32_t *seed)
{
	static const char *const parts[] = { "/sys", "/sys/kernel", "/sys/kernel/syscalls" };
	const struct fixture_abi *a;
	char *top = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		free(top);
		if (asprintf(&top, "%s%s", dir, parts[i]) < 0 || mkdir(top, 0755))
			die(dir);
	}
	write_number(top, "version", "%u\n", 1);
	for (a = m->abis; a->name; a++)
		write_abi(top, a, seed);
	free(top);
}

/* ---- profiles --------------------------------------------------------- */

static const char *pick(const char *const *words, size_t n, uint32_t *seed)
{
	return words[fixture_random(seed) % n];
}

static void add_string(struct json_object *obj, const char *key, const char *s)
{
	json_object_object_add(obj, key, json_object_new_string(s));
}

static struct json_object *random_args(uint32_t *seed)
{
	static const char *const ops[] = {
		"SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE", "SCMP_CMP_EQ", "SCMP_CMP_GE",
		"SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ",
	};
	struct json_object *args = json_object_new_array(), *arg;
	unsigned int n = 1 + fixture_random(seed) % 2, i;
	uint64_t value;

	for (i = 0; i < n; i++) {
		arg = json_object_new_object();
		value = fixture_random(seed) % 4 ? fixture_random(seed) % 64 :
			(uint64_t)fixture_random(seed) << 32 | fixture_random(seed);
		json_object_object_add(arg, "index", json_object_new_int(
				       (int)(fixture_random(seed) % 6)));
		json_object_object_add(arg, "value", json_object_new_uint64(value));
		json_object_object_add(arg, "valueTwo", json_object_new_uint64(
				       value & fixture_random(seed)));
		add_string(arg, "op", pick(ops, ARRAY_SIZE(ops), seed));
		json_object_array_add(args, arg);
	}
	return args;
}

/*
 * libseccomp goes through the running machine's numbers, and in 2.5.4 the pseudo
 * number of sys_debug_setcontext is switch_endian's too: from here its filter for
 * ppc is not the one that a ppc machine gets.
 */
static bool survives_translation(const char *name)
{
	int nr = seccomp_syscall_resolve_name(name);
	char *back = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, nr);
	bool same = back && !strcmp(back, name);

	free(back);
	return same;
}

static struct json_object *random_name(const struct fixture_machine *m, uint32_t *seed)
{
	unsigned int nr = fixture_random(seed) % SPAN, n = 0;
	struct json_object *obj;
	char text[32], *name;

	while (m->abis[n].name)
		n++;
	n = fixture_random(seed) % n;
	name = fixture_random(seed) % 8 ?
		seccomp_syscall_resolve_num_arch(m->abis[n].token, (int)(m->abis[n].base + nr)) :
		NULL;
	obj = name && survives_translation(name) ? json_object_new_string(name) : NULL;
	free(name);
	if (obj)
		return obj;
	snprintf(text, sizeof(text), "novel_%u", nr / NOVEL * NOVEL);
	return json_object_new_string(text);
}

static struct json_object *random_entry(const struct fixture_machine *m, uint32_t *seed)
{
	static const char *const actions[] = {
		"SCMP_ACT_ALLOW", "SCMP_ACT_ALLOW", "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO",
		"SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_TRAP",
		"SCMP_ACT_TRACE", "SCMP_ACT_LOG", "SCMP_ACT_NOTIFY",
	};
	struct json_object *entry = json_object_new_object();
	struct json_object *names = json_object_new_array();
	const char *action = pick(actions, ARRAY_SIZE(actions), seed);

	json_object_array_add(names, random_name(m, seed));
	json_object_object_add(entry, "names", names);
	add_string(entry, "action", action);
	if (!strcmp(action, "SCMP_ACT_ERRNO"))
		json_object_object_add(entry, "errnoRet", json_object_new_int(
				       fixture_random(seed) % 3 ? (int)(fixture_random(seed) % 133)
								: ENOSYS));
	if (!(fixture_random(seed) % 4))
		json_object_object_add(entry, "args", random_args(seed));
	return entry;
}

struct json_object *fixture_profile(const struct fixture_machine *m, unsigned int rules,
				    uint32_t *seed)
{
	static const char *const defaults[] = {
		"SCMP_ACT_ERRNO", "SCMP_ACT_ERRNO", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL",
		"SCMP_ACT_KILL_PROCESS", "SCMP_ACT_TRAP", "SCMP_ACT_ALLOW", "SCMP_ACT_LOG",
		"SCMP_ACT_TRACE",
	};
	struct json_object *obj = json_object_new_object();
	struct json_object *arches = json_object_new_array();
	struct json_object *entries = json_object_new_array();
	const char *def = pick(defaults, ARRAY_SIZE(defaults), seed);
	const struct fixture_abi *a;
	unsigned int i;

	add_string(obj, "defaultAction", def);
	if (!strcmp(def, "SCMP_ACT_ERRNO") && fixture_random(seed) % 2)
		json_object_object_add(obj, "defaultErrnoRet", json_object_new_int(
				       fixture_random(seed) % 2 ? ENOSYS : EACCES));
	/* The native architecture is covered whether listed or not. */
	for (a = m->abis; a->name; a++) {
		if (!(fixture_random(seed) % 4))
			continue;
		for (i = 0; i < ARRAY_SIZE(oci_names); i++) {
			if (oci_names[i].token == a->token)
				json_object_array_add(arches,
						      json_object_new_string(oci_names[i].oci));
		}
	}
	json_object_object_add(obj, "architectures", arches);
	for (i = 0; i < rules; i++)
		json_object_array_add(entries, random_entry(m, seed));
	json_object_object_add(obj, "syscalls", entries);
	return obj;
}

/* ---- directories ------------------------------------------------------ */

char *fixture_mkdir(void)
{
	const char *tmp = getenv("TMPDIR");
	char *dir;

	if (asprintf(&dir, "%s/ksyscalls.XXXXXX", tmp ? tmp : "/tmp") < 0 || !mkdtemp(dir))
		die("mkdtemp");
	return dir;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void fixture_rmdir(char *dir)
{
	if (nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS))
		die(dir);
	free(dir);
}

unsigned int fixture_count_files(const char *path)
{
	const struct dirent *d;
	DIR *dir = opendir(path);
	unsigned int n = 0;

	if (!dir)
		die(path);
	while ((d = readdir(dir)))
		n += strcmp(d->d_name, ".") && strcmp(d->d_name, "..");
	closedir(dir);
	return n;
}

char *fixture_profile_path(const char *name)
{
	const char *dir = getenv("KSC_PROFILES");
	char *path;

	if (!dir || asprintf(&path, "%s/%s.json", dir, name) < 0) {
		fputs("KSC_PROFILES has to name what selftests/profiles prints\n", stderr);
		exit(1);
	}
	return path;
}

char fixture_runc[4096], fixture_old_crun[4096];

static int make_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f)
		return -1;
	fputs(text, f);
	return fclose(f);
}

int fixture_make_runtimes(void **state)
{
	char *dir = fixture_mkdir();

	*state = dir;
	snprintf(fixture_runc, sizeof(fixture_runc), "%s/runc", dir);
	snprintf(fixture_old_crun, sizeof(fixture_old_crun), "%s/crun", dir);
	return make_file(fixture_runc,
			 "default_errno_ret, cannot map architecture %v to AUDIT_ARCH_ constant, "
			 "seccomp: adding implied native architecture %v to config set") ||
	       make_file(fixture_old_crun, "run.oci.handler") ? -1 : 0;
}

int fixture_remove_runtimes(void **state)
{
	fixture_rmdir(*state);
	return 0;
}
