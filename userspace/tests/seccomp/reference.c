// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/elf-em.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../bpfsim.h"
#include "reference.h"

static const struct ref_cell fall = { .row = '5' };

static void die(const char *what, const char *detail)
{
	fprintf(stderr, "reference: %s: %s\n", what, detail);
	exit(1);
}

/* ---- the tree --------------------------------------------------------- */

static FILE *open_in(const char *root, const char *abi, const char *file)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/sys/kernel/syscalls/%s/%s", root, abi, file);
	f = fopen(path, "re");
	if (!f)
		die(path, strerror(errno));
	return f;
}

static uint32_t read_number(const char *root, const char *abi, const char *file)
{
	FILE *f = open_in(root, abi, file);
	unsigned int v;

	if (fscanf(f, "%i", (int *)&v) != 1)
		die(abi, file);
	fclose(f);
	return v;
}

/* Ranges such as 0-133,135; a disabled ABI has an empty line. */
static void read_list(struct ref_abi *a, const char *root)
{
	FILE *f = open_in(root, a->name, "list");
	unsigned int from, to, i;
	int c = ',';

	while (c == ',' && fscanf(f, "%u", &from) == 1) {
		to = from;
		c = fgetc(f);
		if (c == '-' && fscanf(f, "%u", &to) == 1)
			c = fgetc(f);
		if (to >= REF_NUMBERS)
			die(a->name, "list has a number that the reference has no room for");
		for (i = from; i <= to; i++)
			a->implemented[i] = true;
	}
	fclose(f);
}

static void read_names(struct ref_abi *a, const char *root)
{
	FILE *f = open_in(root, a->name, "names");
	unsigned int nr;
	char name[64];

	while (fscanf(f, "%u %63s", &nr, name) == 2) {
		if (nr >= REF_NUMBERS)
			die(a->name, "names has a number that the reference has no room for");
		strcpy(a->names[nr], name);
	}
	fclose(f);
}

void ref_read(struct ref *r, const char *root)
{
	char path[4096];
	struct dirent *d;
	struct ref_abi *a;
	DIR *dir;

	memset(r, 0, sizeof(*r));
	snprintf(path, sizeof(path), "%s/sys/kernel/syscalls", root);
	dir = opendir(path);
	if (!dir)
		die(path, strerror(errno));
	while ((d = readdir(dir))) {
		if (d->d_name[0] == '.' || d->d_type != DT_DIR)
			continue;
		if (r->nr_abis == REF_ABIS)
			die(path, "too many ABIs");
		a = &r->abis[r->nr_abis++];
		if (strlen(d->d_name) >= sizeof(a->name))
			die(d->d_name, "not the name of an ABI");
		strcpy(a->name, d->d_name);
		a->audit_arch = read_number(root, a->name, "audit_arch");
		a->base = read_number(root, a->name, "base");
		a->nr_syscalls = read_number(root, a->name, "nr_syscalls");
		read_list(a, root);
		read_names(a, root);
	}
	closedir(dir);
}

/* ---- what libseccomp does with a name ---------------------------------- */

/* Which numbers of an architecture a filter of one name touches. */
struct effect {
	struct effect *next;
	uint32_t token;
	char name[64];
	unsigned int n;
	uint32_t nrs[8];
};

/* More than socketcall and ipc have calls. */
#define FIRST_ARGS	32

static void probe_numbers(struct effect *e, const struct sock_filter *prog, uint32_t first,
			  uint32_t numbers)
{
	bool big = !(e->token & __AUDIT_ARCH_LE);
	uint32_t audit = e->token == SCMP_ARCH_X32 ? AUDIT_ARCH_X86_64 : e->token;
	unsigned int arg, hits;
	struct seccomp_data sd;
	uint32_t nr;

	for (nr = first; nr < first + numbers; nr++) {
		for (arg = 0, hits = 0; arg < FIRST_ARGS; arg++) {
			sd = (struct seccomp_data){ .nr = (int)nr, .arch = audit, .args = { arg } };
			hits += bpfsim_run(prog, &sd, big, NULL) == SECCOMP_RET_TRAP;
		}
		if (!hits)
			continue;
		if (e->n == 8)
			die(e->name, "libseccomp ties it to more numbers than expected");
		e->nrs[e->n++] = nr;
	}
}

static void probe(struct effect *e)
{
	struct sock_filter prog[BPF_MAXINSNS];
	int nr = seccomp_syscall_resolve_name(e->name);
	scmp_filter_ctx ctx;
	ssize_t len;
	bool foreign;
	int fd, first;
	size_t i;

	if (nr == __NR_SCMP_ERROR)
		return;
	ctx = seccomp_init(SCMP_ACT_ALLOW);
	if (e->token != seccomp_arch_native() &&
	    (seccomp_arch_remove(ctx, seccomp_arch_native()) || seccomp_arch_add(ctx, e->token)))
		die(e->name, "libseccomp does not take the architecture");
	/*
	 * Where a pseudo number comes first, 2.5.4 skips it together with the load
	 * of nr, and the rest compares the arch. So something real comes first.
	 */
	first = strcmp(e->name, "read") ? SCMP_SYS(read) : SCMP_SYS(write);
	if (seccomp_rule_add(ctx, SCMP_ACT_LOG, first, 0) ||
	    seccomp_syscall_priority(ctx, first, 255) ||
	    seccomp_rule_add(ctx, SCMP_ACT_TRAP, nr, 0))
		die(e->name, "libseccomp does not take the rule");
	fd = memfd_create("reference", MFD_CLOEXEC);
	if (fd < 0 || seccomp_export_bpf(ctx, fd))
		die(e->name, "libseccomp does not export");
	len = pread(fd, prog, sizeof(prog), 0);
	close(fd);
	seccomp_release(ctx);
	if (len <= 0)
		die(e->name, "libseccomp exported nothing");
	/* Exported in the architecture's byte order; the first instruction tells which. */
	foreign = prog[0].code != (BPF_LD | BPF_W | BPF_ABS);
	for (i = 0; foreign && i < (size_t)len / sizeof(*prog); i++) {
		prog[i].code = __builtin_bswap16(prog[i].code);
		prog[i].k = __builtin_bswap32(prog[i].k);
	}
	if (bpfsim_check(prog, (size_t)len / sizeof(*prog)))
		die(e->name, "the simulator does not take libseccomp's program");
	probe_numbers(e, prog, e->token == SCMP_ARCH_X32 ? 0x40000000 :
		      e->token == SCMP_ARCH_MIPS || e->token == SCMP_ARCH_MIPSEL ? 4000 :
		      e->token == SCMP_ARCH_MIPS64 || e->token == SCMP_ARCH_MIPSEL64 ? 5000 :
		      e->token == SCMP_ARCH_MIPS64N32 || e->token == SCMP_ARCH_MIPSEL64N32 ? 6000 :
		      0, REF_NUMBERS);
	if (e->token == SCMP_ARCH_ARM)
		probe_numbers(e, prog, 0xf0000, 256);
}

/* Probing is slow and its result does not depend on tree or profile. */
static const struct effect *effect_of(uint32_t token, const char *name)
{
	static struct effect *all[4096];
	struct effect *e, **bucket;
	unsigned int hash = token;
	const char *s;

	for (s = name; *s; s++)
		hash = hash * 31 + (unsigned char)*s;
	bucket = &all[hash % 4096];
	for (e = *bucket; e; e = e->next) {
		if (e->token == token && !strcmp(e->name, name))
			return e;
	}
	e = calloc(1, sizeof(*e));
	if (!e)
		die("effect", strerror(errno));
	e->token = token;
	snprintf(e->name, sizeof(e->name), "%s", name);
	probe(e);
	e->next = *bucket;
	*bucket = e;
	return e;
}

/* ---- painting ---------------------------------------------------------- */

static uint32_t kind_of(uint32_t action)
{
	return action & 0xffff0000u;
}

static bool is_denial_or_kill(uint32_t action)
{
	return kind_of(action) == SECCOMP_RET_ERRNO || kind_of(action) == SECCOMP_RET_TRAP ||
	       action == SECCOMP_RET_KILL_THREAD || action == SECCOMP_RET_KILL_PROCESS;
}

static bool is_special(uint32_t action)
{
	return kind_of(action) != SECCOMP_RET_ALLOW && kind_of(action) != SECCOMP_RET_ERRNO;
}

/* ENOSYS is not 38 everywhere, and the tree may be another machine's. */
static uint32_t enosys(const struct ref_abi *a)
{
	unsigned int machine = a->audit_arch & 0xffff;

	return SECCOMP_RET_ERRNO | (machine == EM_MIPS ? 89 : 38);
}

bool ref_called_by_the_kernel(const char *name)
{
	return !strcmp(name, "uretprobe") || !strcmp(name, "uprobe");
}

static uint32_t token_of(const struct ref_abi *a)
{
	return a->audit_arch == AUDIT_ARCH_X86_64 && a->base ? SCMP_ARCH_X32 : a->audit_arch;
}

/* Whether libseccomp would give the number to a rule of this name. */
static bool libseccomp_reaches(const struct ref_abi *a, const char *name, unsigned int rel)
{
	const struct effect *e = effect_of(token_of(a), name);
	unsigned int i;

	for (i = 0; i < e->n; i++) {
		if (e->nrs[i] == a->base + rel)
			return true;
	}
	return false;
}

/* A name that a filter has elsewhere on this ABI is not the number's, whatever a tree says. */
static bool is_misnamed(const struct ref_abi *a, const char *name, unsigned int rel)
{
	return seccomp_syscall_resolve_name_arch(token_of(a), name) >= 0 &&
	       !libseccomp_reaches(a, name, rel);
}

typedef void painter(struct ref_abi *a, const struct ksc_profile_rule *r, unsigned int rel,
		     unsigned int flags);

/* Asked some million times, and nearly always the first letters differ. */
static bool same(const char *a, const char *b)
{
	return *a == *b && !strcmp(a, b);
}

/* Every number that a rule's name stands for, by the kernel's names or libseccomp's. */
static void for_each_named(struct ref_abi *a, const struct ksc_profile *p, unsigned int flags,
			   painter *paint)
{
	const struct ksc_profile_rule *r;
	const struct effect *e;
	unsigned int rel, j;
	const char *name;

	ksc_profile_rule_foreach(r, p) {
		name = ksc_profile_rule_name(r);
		for (rel = 0; rel < REF_NUMBERS; rel++) {
			if (same(a->names[rel], name) && !is_misnamed(a, name, rel))
				paint(a, r, rel, flags);
		}
		e = effect_of(token_of(a), name);
		for (j = 0; j < e->n; j++) {
			rel = e->nrs[j] - a->base;
			if (rel < REF_NUMBERS && !same(a->names[rel], name))
				paint(a, r, rel, flags);
		}
	}
}

/*
 * "An ERRNO rule without arguments: that errno; an ALLOW rule without arguments:
 * ALLOW, only with the knob; else ENOSYS." Rules that disagree are an else.
 */
static void paint_unresolved(struct ref_abi *a, const struct ksc_profile_rule *r,
			     unsigned int rel, unsigned int flags)
{
	struct ref_cell *c = &a->cells[rel];
	uint32_t rule_action = ksc_profile_rule_action(r), kind = kind_of(rule_action);
	uint32_t action = enosys(a);
	bool unclear = c->row == 'u' && c->unclear;
	unsigned int args;

	if (libseccomp_reaches(a, ksc_profile_rule_name(r), rel) ||
	    ref_called_by_the_kernel(a->names[rel]))
		return;
	if (kind == SECCOMP_RET_ERRNO)
		action = rule_action;
	if (kind == SECCOMP_RET_ALLOW && flags & KSC_ALLOW_UNKNOWN)
		action = SECCOMP_RET_ALLOW;
	ksc_profile_rule_args(r, &args);
	if (args || (c->row == 'u' && c->rule_action != rule_action))
		unclear = true;
	*c = (struct ref_cell){
		.row = 'u', .action = unclear ? enosys(a) : action,
		.rule_action = rule_action, .unclear = unclear,
	};
}

static void paint_named(struct ref_abi *a, const struct ksc_profile_rule *r, unsigned int rel,
			unsigned int flags)
{
	(void)flags;
	if (libseccomp_reaches(a, ksc_profile_rule_name(r), rel))
		a->cells[rel] = (struct ref_cell){ .row = '3' };
}

static void paint_respected(struct ref_abi *a, const struct ksc_profile_rule *r,
			    unsigned int rel, unsigned int flags)
{
	if (flags & KSC_EXPLICIT_RESPECT && !a->implemented[rel] &&
	    kind_of(ksc_profile_rule_action(r)) == SECCOMP_RET_ERRNO)
		a->cells[rel] = (struct ref_cell){ .row = '3' };
}

static void paint_special(struct ref_abi *a, const struct ksc_profile_rule *r, unsigned int rel,
			  unsigned int flags)
{
	(void)flags;
	if (is_special(ksc_profile_rule_action(r)))
		a->cells[rel] = (struct ref_cell){ .row = '1' };
}

/* ---- rows 4 to 5 ------------------------------------------------------ */

static bool is_in_profile(const struct ksc_profile *p, const char *wanted)
{
	const char *name;
	size_t i;

	for (i = 0; (name = ksc_profile_name(p, i)); i++)
		if (same(name, wanted))
			return true;
	return false;
}

/*
 * "nr is newer than the baseline, or its release is unknown." Where the baseline is
 * inferred, names of rules that do not apply are known to the author.
 */
static void paint_newer(struct ref_abi *a, const struct ksc_profile *p,
			const struct ref_knobs *knobs)
{
	unsigned int rel, release;

	for (rel = 0; rel < REF_NUMBERS; rel++) {
		release = *a->names[rel] ? ksc_release_of(a->names[rel]) : KSC_RELEASE_UNKNOWN;
		if (release <= knobs->baseline || ref_called_by_the_kernel(a->names[rel]))
			continue;
		if (knobs->inferred && release != KSC_RELEASE_UNKNOWN &&
		    is_in_profile(p, a->names[rel]))
			continue;
		a->cells[rel] = (struct ref_cell){ .row = '4', .action = enosys(a) };
	}
}

/* Does libseccomp have a number of its own for the name, or only a multiplexer's? */
static bool is_muxed(const struct ref_abi *a, const char *name)
{
	return seccomp_syscall_resolve_name_arch(token_of(a), name) < 0;
}

/* "The profile lets it through on this ABI (ALLOW or LOG, with or without arguments)." */
static bool lets_through(const struct ref_abi *a, const struct ksc_profile *p, const char *name,
			 bool always)
{
	const struct ksc_profile_rule *r;
	const struct effect *e = effect_of(token_of(a), name);
	unsigned int i, args, reached = 0, through = 0;
	uint32_t action;

	for (i = 0; i < e->n; i++)
		reached += e->nrs[i] - a->base < REF_NUMBERS;
	if (!reached)
		return false;
	ksc_profile_rule_foreach(r, p) {
		if (!same(ksc_profile_rule_name(r), name))
			continue;
		action = ksc_profile_rule_action(r);
		ksc_profile_rule_args(r, &args);
		if (always && (args || action != SECCOMP_RET_ALLOW || is_muxed(a, name)))
			return false;
		through += action == SECCOMP_RET_ALLOW || action == SCMP_ACT_LOG;
	}
	return through;
}

/* Any line of the table that holds here and matches, and whose older call is let through? */
static bool has_way_round(const struct ref_abi *a, const struct ksc_profile *p, const char *name,
			  const char *family, bool equal)
{
	const struct ksc_successor *s = NULL;
	const char *older, *of;

	while ((s = ksc_successor_next(s))) {
		of = ksc_successor_family(s);
		if (!(name && same(ksc_successor_name(s), name)) &&
		    !(family && of && !strcmp(of, family)))
			continue;
		if (!ksc_successor_on(s, a->name) || (equal && !ksc_successor_equal(s)))
			continue;
		older = ksc_successor_predecessor(s);
		if (!older || lets_through(a, p, older, equal))
			return true;
	}
	return false;
}

static const char *family_of(const char *name)
{
	const struct ksc_successor *s = NULL;

	while ((s = ksc_successor_next(s)))
		if (same(ksc_successor_name(s), name))
			return ksc_successor_family(s);
	return NULL;
}

static void paint_successors(struct ref_abi *a, const struct ksc_profile *p)
{
	unsigned int rel;

	for (rel = 0; rel < REF_NUMBERS; rel++)
		if (*a->names[rel] &&
		    has_way_round(a, p, a->names[rel], family_of(a->names[rel]), false))
			a->cells[rel] = (struct ref_cell){ .row = 's', .action = enosys(a) };
}

static void paint_allowed(struct ref_abi *a, const struct ksc_profile *p)
{
	unsigned int rel;

	for (rel = 0; rel < REF_NUMBERS; rel++)
		if (*a->names[rel] && has_way_round(a, p, a->names[rel], NULL, true))
			a->cells[rel] = (struct ref_cell){
				.row = 's', .action = SECCOMP_RET_ALLOW };
}

static void paint_site(struct ref_abi *a, const char *const *names, uint32_t action, uint32_t def)
{
	unsigned int rel, i;

	for (i = 0; names[i]; i++)
		for (rel = 0; rel < REF_NUMBERS; rel++)
			if (same(a->names[rel], names[i]))
				a->cells[rel] = (struct ref_cell){
					.row = 'd', .action = action == def ? 0 : action };
}

static void paint_denied(struct ref_abi *a, const struct ksc_profile *p,
			 const struct ref_knobs *knobs)
{
	uint32_t def = ksc_profile_default(p);
	bool fatal = kind_of(def) != SECCOMP_RET_ERRNO && knobs->flags & KSC_KEEP_FATAL;

	/* "ERRNO(38): rows 0 to 3' only." */
	if (def != enosys(a)) {
		if (knobs->successors != KSC_SUCCESSORS_EPERM && !fatal)
			paint_successors(a, p);
		if (knobs->baseline != KSC_RELEASE_NONE && !fatal)
			paint_newer(a, p, knobs);
		if (knobs->successors == KSC_SUCCESSORS_ALLOW)
			paint_allowed(a, p);
	}
	paint_site(a, knobs->enosys, enosys(a), 0);
	paint_site(a, knobs->eperm, SCMP_ACT_ERRNO(EPERM), def);
}

/* ---- all of them ------------------------------------------------------ */

static void paint_absent(struct ref_abi *a)
{
	unsigned int rel;

	a->beyond = (struct ref_cell){ .row = '2', .action = enosys(a) };
	for (rel = 0; rel < REF_NUMBERS; rel++) {
		if (!a->implemented[rel])
			a->cells[rel] = a->beyond;
	}
}

static void paint_abi(struct ref_abi *a, const struct ksc_profile *p,
		      const struct ref_knobs *knobs)
{
	unsigned int flags = knobs->flags, rel;
	uint32_t arch;
	size_t i;

	a->beyond = fall;
	for (rel = 0; rel < REF_NUMBERS; rel++)
		a->cells[rel] = fall;
	a->covered = false;
	for (i = 0; (arch = ksc_profile_arch(p, i)); i++)
		a->covered |= arch == token_of(a);
	if (!a->covered || !is_denial_or_kill(ksc_profile_default(p)))
		return;
	paint_denied(a, p, knobs);
	for_each_named(a, p, flags, paint_unresolved);
	for_each_named(a, p, flags, paint_named);
	paint_absent(a);
	for_each_named(a, p, flags, paint_respected);
	for_each_named(a, p, flags, paint_special);
}

void ref_paint(struct ref *r, const struct ksc_profile *p, const struct ref_knobs *knobs)
{
	unsigned int i;

	for (i = 0; i < r->nr_abis; i++)
		paint_abi(&r->abis[i], p, knobs);
}

struct ref_cell ref_verdict(const struct ref *r, uint32_t audit_arch, uint32_t nr)
{
	const struct ref_abi *a;
	uint32_t base = 0;
	unsigned int i;

	if (nr == 0xffffffff)
		return (struct ref_cell){ .row = '0' };
	/* Shared audit architectures: a number belongs to the upper base, published or not. */
	if (audit_arch == AUDIT_ARCH_X86_64 && nr >= 0x40000000)
		base = 0x40000000;
	else if (audit_arch == AUDIT_ARCH_ARM && nr >= 0xf0000)
		base = 0xf0000;
	for (i = 0; i < r->nr_abis; i++) {
		a = &r->abis[i];
		if (a->audit_arch != audit_arch || nr < a->base || (base && a->base != base))
			continue;
		return nr - a->base < REF_NUMBERS ? a->cells[nr - a->base] : a->beyond;
	}
	return (struct ref_cell){ .row = '0' };
}
