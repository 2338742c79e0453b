// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/seccomp.h>

#include "model.h"

#ifndef SECCOMP_RET_USER_NOTIF
#define SECCOMP_RET_USER_NOTIF	0x7fc00000u
#endif

static uint64_t random_state = 1;

void model_seed(uint64_t seed)
{
	random_state = seed * 2 + 1;
}

uint32_t model_random(uint32_t below)
{
	random_state = random_state * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)((random_state >> 33) % below);
}

static void die(const char *what, const char *path)
{
	fprintf(stderr, "%s %s: %s\n", what, path, strerror(errno));
	exit(99);
}

/* ---- kernels ---------------------------------------------------------- */

struct model_abi *model_add(struct model *m, const char *name, uint32_t audit_arch, uint32_t base,
			    unsigned int nr_syscalls)
{
	struct model_abi *abi = &m->abis[m->nr_abis++];

	snprintf(abi->name, sizeof(abi->name), "%s", name);
	abi->audit_arch = audit_arch;
	abi->base = base;
	abi->nr_syscalls = nr_syscalls;
	abi->implemented = calloc(nr_syscalls, sizeof(*abi->implemented));
	abi->names = calloc(nr_syscalls, sizeof(*abi->names));
	abi->unknown = calloc(nr_syscalls + 1, sizeof(*abi->unknown));
	if (!abi->implemented || !abi->names || !abi->unknown)
		die("no memory for", name);
	return abi;
}

void model_set(struct model_abi *abi, uint32_t nr, const char *name)
{
	abi->implemented[nr] = true;
	if (!*abi->names[nr])
		snprintf(abi->names[nr], sizeof(abi->names[nr]), "%s", name);
}

void model_clear(struct model_abi *abi, uint32_t nr, uint32_t last)
{
	for (; nr <= last; nr++) {
		abi->implemented[nr] = false;
		*abi->names[nr] = '\0';
	}
}

void model_fill(struct model_abi *abi, unsigned int percent)
{
	unsigned int release;
	const char *name;
	size_t i = model_random(30);
	uint32_t nr;
	char made_up[64];

	for (nr = 0; nr < abi->nr_syscalls; nr++) {
		if (model_random(100) >= percent)
			continue;
		if (model_random(20) && !ksc_release_next(i++, &name, &release)) {
			model_set(abi, nr, name);
		} else {
			snprintf(made_up, sizeof(made_up), "made_up_%u", nr);
			model_set(abi, nr, made_up);
		}
	}
}

void model_free(struct model *m)
{
	while (m->nr_abis) {
		free(m->abis[--m->nr_abis].names);
		free(m->abis[m->nr_abis].implemented);
		free(m->abis[m->nr_abis].unknown);
	}
}

void write_file(const char *root, const char *path, const void *data, size_t len)
{
	char full[4096], *slash;
	int fd;

	if (mkdir(root, 0755) && errno != EEXIST)
		die("cannot make", root);
	snprintf(full, sizeof(full), "%s/%s", root, path);
	for (slash = strchr(full + strlen(root) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(full, 0755) && errno != EEXIST)
			die("cannot make", full);
		*slash = '/';
	}
	fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || write(fd, data, len) != (ssize_t)len || close(fd))
		die("cannot write", full);
}

void model_set_unknown(struct model_abi *abi, uint32_t nr, uint32_t last)
{
	for (; nr <= last && nr <= abi->nr_syscalls; nr++)
		abi->unknown[nr] = nr == abi->nr_syscalls || !abi->implemented[nr];
}

bool model_unknown(const struct model_abi *abi, uint32_t nr)
{
	return abi->unknown[nr < abi->nr_syscalls ? nr : abi->nr_syscalls];
}

static void write_text(const char *root, const char *abi, const char *file, const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), "sys/kernel/syscalls/%s%s%s", abi, *abi ? "/" : "", file);
	write_file(root, path, text, strlen(text));
}

static void write_abi(const struct model_abi *abi, const char *root)
{
	size_t room = (size_t)abi->nr_syscalls * 80 + 64;	/* the names, the longest */
	char *text = malloc(room), *at;
	uint32_t nr, end;
	int digit;

	if (!text)
		die("no memory for", abi->name);
	sprintf(text, "0x%x\n", abi->audit_arch);
	write_text(root, abi->name, "audit_arch", text);
	sprintf(text, "0x%x\n", abi->base);
	write_text(root, abi->name, "base", text);
	sprintf(text, "%u\n", abi->nr_syscalls);
	write_text(root, abi->name, "nr_syscalls", text);

	/* Digit by digit from the highest, a comma after each multiple of 32 bits. */
	at = text;
	for (nr = (abi->nr_syscalls + 3) / 4; nr--; ) {
		for (digit = 0, end = 0; end < 4; end++)
			if (nr * 4 + end < abi->nr_syscalls && abi->implemented[nr * 4 + end])
				digit |= 1 << end;
		at += sprintf(at, "%x%s", (unsigned int)digit, nr && nr % 8 == 0 ? "," : "");
	}
	strcpy(at, "\n");
	write_text(root, abi->name, "bitmap", text);

	at = text;
	for (nr = 0; nr < abi->nr_syscalls; nr = end + 1) {
		for (end = nr; end < abi->nr_syscalls && abi->implemented[end]; end++)
			;
		if (end > nr)
			at += sprintf(at, "%s%u", at == text ? "" : ",", nr);
		if (end > nr + 1)
			at += sprintf(at, "-%u", end - 1);
	}
	strcpy(at, "\n");
	write_text(root, abi->name, "list", text);

	at = text;
	*at = '\0';
	for (nr = 0; nr < abi->nr_syscalls; nr++)
		if (*abi->names[nr])
			at += sprintf(at, "%u %s\n", nr, abi->names[nr]);
	write_text(root, abi->name, "names", text);

	at = text;
	for (nr = 0; nr < abi->nr_syscalls; nr = end + 1) {
		for (end = nr; end < abi->nr_syscalls && abi->unknown[end]; end++)
			;
		if (end > nr)
			at += sprintf(at, "%s%u-", at == text ? "" : ",", nr);
		if (end > nr && (end < abi->nr_syscalls || !abi->unknown[end]))
			at += sprintf(at, "%u", end - 1);
	}
	if (abi->unknown[abi->nr_syscalls] && !abi->unknown[abi->nr_syscalls - 1])
		at += sprintf(at, "%s%u-", at == text ? "" : ",", abi->nr_syscalls);
	strcpy(at, "\n");
	if (at > text)
		write_text(root, abi->name, "unknown", text);
	free(text);
}

void model_write(const struct model *m, const char *root)
{
	unsigned int i;

	write_text(root, "", "version", "1\n");
	for (i = 0; i < m->nr_abis; i++)
		write_abi(&m->abis[i], root);
}

static FILE *open_abi(const char *root, const char *abi, const char *file)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/sys/kernel/syscalls/%s/%s", root, abi, file);
	f = fopen(path, "re");
	if (!f)
		die("cannot read", path);
	return f;
}

static unsigned int read_number(const char *root, const char *abi, const char *file)
{
	FILE *f = open_abi(root, abi, file);
	char text[32];

	if (!fgets(text, sizeof(text), f))
		die("nothing to read in", file);
	fclose(f);
	return (unsigned int)strtoul(text, NULL, 0);
}

void model_read(struct model *m, const char *root)
{
	char path[4096], name[64];
	struct model_abi *abi;
	struct dirent *d;
	unsigned int nr, last;
	int c;
	FILE *f;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/sys/kernel/syscalls", root);
	dir = opendir(path);
	if (!dir)
		die("cannot read", path);
	while ((d = readdir(dir))) {
		if (d->d_name[0] == '.' || d->d_type != DT_DIR)
			continue;
		abi = model_add(m, d->d_name, read_number(root, d->d_name, "audit_arch"),
				read_number(root, d->d_name, "base"),
				read_number(root, d->d_name, "nr_syscalls"));
		f = open_abi(root, d->d_name, "list");
		while (fscanf(f, "%u", &nr) == 1) {
			last = nr;
			c = fgetc(f);
			if (c == '-' && fscanf(f, "%u", &last) == 1)
				c = fgetc(f);
			while (nr <= last)
				model_set(abi, nr++, "");
		}
		fclose(f);
		snprintf(path, sizeof(path), "%s/sys/kernel/syscalls/%s/unknown", root, d->d_name);
		f = fopen(path, "re");
		while (f && fscanf(f, "%u", &nr) == 1) {
			last = nr;
			c = fgetc(f);
			if (c == '-' && fscanf(f, "%u", &last) != 1)
				last = abi->nr_syscalls;
			else if (c == '-')
				c = fgetc(f);
			model_set_unknown(abi, nr, last);
		}
		if (f)
			fclose(f);
		f = open_abi(root, d->d_name, "names");
		while (fscanf(f, "%u %63s", &nr, name) == 2)
			model_set(abi, nr, name);
		fclose(f);
	}
	closedir(dir);
}

char *make_root(void)
{
	const char *tmp = getenv("TMPDIR");
	char *root = malloc(256);

	if (!root)
		die("no memory for", "a path");
	snprintf(root, 256, "%s/ksyscalls-test.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(root))
		die("cannot make", root);
	return root;
}

void remove_tree(const char *root)
{
	char path[4096];
	struct dirent *d;
	DIR *dir;

	if (unlink(root) && (errno == EISDIR || errno == EPERM)) {
		dir = opendir(root);
		while (dir && (d = readdir(dir))) {
			if (!strcmp(d->d_name, ".") || !strcmp(d->d_name, ".."))
				continue;
			snprintf(path, sizeof(path), "%s/%s", root, d->d_name);
			remove_tree(path);
		}
		if (dir)
			closedir(dir);
		rmdir(root);
	}
}

/* ---- profiles --------------------------------------------------------- */

static const uint32_t some_actions[] = {
	SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW,
	SECCOMP_RET_ERRNO | 38, SECCOMP_RET_ERRNO | 1, SECCOMP_RET_ERRNO | 22,
	SECCOMP_RET_ERRNO | 89, SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD,
	SECCOMP_RET_TRAP, SECCOMP_RET_USER_NOTIF, SECCOMP_RET_TRACE | 7, SECCOMP_RET_LOG,
};

static const uint32_t some_defaults[] = {
	SECCOMP_RET_ERRNO | 1, SECCOMP_RET_ERRNO | 1, SECCOMP_RET_ERRNO | 38,
	SECCOMP_RET_ERRNO | 89, SECCOMP_RET_ERRNO | 13, SECCOMP_RET_KILL_PROCESS,
	SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP, SECCOMP_RET_ALLOW, SECCOMP_RET_LOG,
	SECCOMP_RET_TRACE | 3, SECCOMP_RET_USER_NOTIF,
};

static const unsigned int some_baselines[] = {
	KSC_RELEASE_NONE, KSC_RELEASE(3, 0), KSC_RELEASE(5, 0), KSC_RELEASE(6, 10),
	KSC_RELEASE(99, 0), KSC_RELEASE_INFER,
};

#define PICK(a)	((a)[model_random(sizeof(a) / sizeof((a)[0]))])

static void random_rule(struct model_profile *p, const struct model *m)
{
	struct model_rule *rule = &p->rules[p->nr_rules++];
	const struct model_abi *abi;

	rule->abi = model_random(m->nr_abis);
	abi = &m->abis[rule->abi];
	/* Some are for numbers that only newer kernels have. */
	rule->nr = model_random(abi->nr_syscalls + 20);
	if (rule->nr < abi->nr_syscalls && *abi->names[rule->nr])
		snprintf(rule->name, sizeof(rule->name), "%s", abi->names[rule->nr]);
	else
		snprintf(rule->name, sizeof(rule->name), "absent_%u", rule->nr);
	rule->action = PICK(some_actions);
	rule->flags = model_random(6) ? 0 : KSC_RULE_ARGS;
	if (!model_random(8))
		rule->flags |= KSC_RULE_UNRESOLVED;
}

/* Names that matter: of the table of successors, and of this kernel. */
static void random_site(struct model_profile *p, const struct model *m)
{
	const struct ksc_successor *s = NULL;
	const struct model_abi *abi = &m->abis[model_random(m->nr_abis)];
	const char *name = abi->names[model_random(abi->nr_syscalls)];
	uint32_t skip = model_random(100);
	unsigned int i;

	if (model_random(2)) {
		do
			s = ksc_successor_next(s);
		while (skip--);
		name = ksc_successor_name(s);
	}
	for (i = 0; i < p->nr_sites; i++)
		if (!strcmp(p->sites[i].name, name))
			return;
	if (!*name || !strcmp(name, "uprobe") || !strcmp(name, "uretprobe"))
		return;
	snprintf(p->sites[i].name, sizeof(p->sites[i].name), "%s", name);
	p->sites[i].answer = model_random(2) ? KSC_SITE_ENOSYS : KSC_SITE_EPERM;
	p->nr_sites++;
}

void model_random_profile(struct model_profile *p, const struct model *m)
{
	unsigned int sites = model_random(2) ? 0 : model_random(MODEL_SITES);

	unsigned int rules = model_random(3) ? model_random(MODEL_RULES) : model_random(20);

	p->has_default = model_random(12);
	p->default_action = PICK(some_defaults);
	p->baseline = PICK(some_baselines);
	p->flags = model_random(3) ? 0 : model_random(8);
	p->covered = model_random(3) ? 0 : model_random(1u << m->nr_abis);
	p->successors = model_random(2) ? KSC_SUCCESSORS_ENOSYS : model_random(3);
	p->nr_sites = 0;
	while (m->nr_abis && sites--)
		random_site(p, m);
	p->nr_rules = 0;
	while (m->nr_abis && p->nr_rules < rules)
		random_rule(p, m);
}

struct ksc_policy *model_policy(struct model_profile *p, const struct ksc *k)
{
	const struct ksc_abi *abi;
	struct ksc_policy *policy;
	struct model m = { 0 };
	unsigned int i;
	int err;

	/* The library orders its ABIs as it likes, names are the common ground. */
	model_read(&m, ksc_root(k));
	err = ksc_policy_new(&policy, k);
	if (!err && p->has_default)
		err = ksc_policy_set_default(policy, p->default_action);
	if (!err)
		err = ksc_policy_set_baseline(policy, p->baseline);
	if (!err)
		err = ksc_policy_set_flags(policy, p->flags);
	if (!err)
		err = ksc_policy_set_successors(policy, p->successors);
	for (i = 0; !err && i < p->nr_sites; i++)
		err = ksc_policy_set_site(policy, p->sites[i].name, p->sites[i].answer);
	for (i = 0; !err && i < m.nr_abis; i++)
		if (p->covered >> i & 1)
			err = ksc_policy_cover(policy, ksc_abi_by_name(k, m.abis[i].name));
	for (i = 0; !err && i < p->nr_rules; i++) {
		const struct model_rule *rule = &p->rules[i];

		abi = ksc_abi_by_name(k, m.abis[rule->abi].name);
		if (ksc_abi_nr(abi, rule->name) >= 0)
			err = ksc_policy_rule(policy, abi, rule->name, rule->action, rule->flags);
		else
			err = ksc_policy_rule_nr(policy, abi, rule->nr, rule->name, rule->action,
						 rule->flags);
	}
	model_free(&m);
	if (err) {
		fprintf(stderr, "the library refuses a profile: %s\n", strerror(-err));
		exit(99);
	}
	p->inferred = ksc_policy_baseline(policy);
	return policy;
}
