// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the table of all releases and the kernel's symbols to bitmaps. A wrong bit breaks
 * containers: an ABI about which anything does not add up is left out, and a note says why.
 */
#include <errno.h>
#include <linux/audit.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ksyscalls.h>

#include "../../lib/shared.h"
#include "survey.h"
#include "survey-table.h"

#define MAX_ROWS	2048	/* of one ABI */
#define MAX_NOTES	4	/* of one kind */

/* ---- this architecture's ABIs ------------------------------------------- */

/*
 * @table: its rows
 * @prefixes: what wrappers put before an entry, by age
 * @marker: an entry that a kernel has only if the ABI is built in; NULL: it always is,
 *	or @open tells
 * @open: whether this boot offers it; NULL: always
 * @shares: until 5.3 one table served this ABI, too, and the numbers of each reach the
 *	other's calls; names are of an ABI's own numbers
 */
struct desc {
	const char *name;
	uint32_t audit_arch;
	uint32_t base;
	unsigned int table;
	const char *prefixes[4];
	const char *marker;
	int (*open)(void);
	const char *what;
	const char *shares;
};

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define EITHER(arch)	((arch) | __AUDIT_ARCH_LE)
#else
#define EITHER(arch)	(arch)
#endif

#define ABI(name_, arch, base_, ...)	\
	.name = #name_, .audit_arch = (arch), .base = (base_), .prefixes = { __VA_ARGS__ }

static const struct desc descs[] = {
#if defined(__x86_64__)
	{ ABI(x86_64, AUDIT_ARCH_X86_64, 0, "__x64_"), .table = ABI_x86_64, .shares = "x32" },
	{ ABI(i386, AUDIT_ARCH_I386, 0, "__ia32_", ""), .table = ABI_i386_on_64,
	  .open = switch_i386, .what = "CONFIG_IA32_EMULATION, ia32_emulation=" },
	{ ABI(x32, AUDIT_ARCH_X86_64, 0x40000000, "__x64_", "__x32_", ""), .table = ABI_x32,
	  .open = switch_x32, .what = "CONFIG_X86_X32_ABI, syscall.x32=", .shares = "x86_64" },
#elif defined(__i386__)
	{ ABI(i386, AUDIT_ARCH_I386, 0, "__ia32_", ""), .table = ABI_i386 },
#elif defined(__aarch64__)
	{ ABI(arm64, AUDIT_ARCH_AARCH64, 0, "__arm64_", ""), .table = ABI_arm64 },
	{ ABI(arm, AUDIT_ARCH_ARM, 0, "__arm64_", ""), .table = ABI_arm_on_64,
	  .open = switch_arm, .what = "CONFIG_COMPAT, AArch32 at EL0" },
	{ ABI(arm_private, AUDIT_ARCH_ARM, 0xf0000, ""), .table = ABI_arm_private_on_64,
	  .open = switch_arm, .what = "CONFIG_COMPAT, AArch32 at EL0" },
#elif defined(__arm__)
	{ ABI(arm, AUDIT_ARCH_ARM, 0, ""), .table = ABI_arm },
	{ ABI(arm_private, AUDIT_ARCH_ARM, 0xf0000, ""), .table = ABI_arm_private },
#elif defined(__powerpc64__)
	{ ABI(ppc64, EITHER(AUDIT_ARCH_PPC64), 0, ""), .table = ABI_ppc64 },
	{ ABI(ppc, EITHER(AUDIT_ARCH_PPC), 0, ""), .table = ABI_ppc_on_64,
	  .marker = "compat_sys_execve" },
#elif defined(__powerpc__)
	{ ABI(ppc, EITHER(AUDIT_ARCH_PPC), 0, ""), .table = ABI_ppc },
#elif defined(__s390x__)
	{ ABI(s390x, AUDIT_ARCH_S390X, 0, "__s390x_", ""), .table = ABI_s390x },
	{ ABI(s390, AUDIT_ARCH_S390, 0, "__s390_", ""), .table = ABI_s390,
	  .marker = "compat_sys_execve" },
#elif defined(__riscv) && __riscv_xlen == 64
	{ ABI(riscv64, AUDIT_ARCH_RISCV64, 0, "__riscv_", ""), .table = ABI_riscv64 },
	{ ABI(riscv32, AUDIT_ARCH_RISCV32, 0, "__riscv_", ""), .table = ABI_riscv32_on_64,
	  .marker = "compat_sys_execve",
	  .open = switch_riscv32, .what = "32-bit programs on this CPU (UXL)" },
#elif defined(__riscv)
	{ ABI(riscv32, AUDIT_ARCH_RISCV32, 0, "__riscv_", ""), .table = ABI_riscv32 },
#elif defined(__mips64)
	{ ABI(mips64, EITHER(AUDIT_ARCH_MIPS64), 5000, ""), .table = ABI_mips64 },
	{ ABI(mipsn32, EITHER(AUDIT_ARCH_MIPS64N32), 6000, ""), .table = ABI_mipsn32,
	  .marker = "sysn32_rt_sigreturn" },
	{ ABI(mips, EITHER(AUDIT_ARCH_MIPS), 4000, ""), .table = ABI_mips_on_64,
	  .marker = "sys32_rt_sigreturn" },
#elif defined(__mips__)
	{ ABI(mips, EITHER(AUDIT_ARCH_MIPS), 4000, ""), .table = ABI_mips },
#elif defined(__loongarch__)
	{ ABI(loong64, AUDIT_ARCH_LOONGARCH64, 0, ""), .table = ABI_loong64 },
#endif
};

_Static_assert(ARRAY_SIZE(descs) && ARRAY_SIZE(descs) <= SURVEY_MAX_ABIS,
	       "no ABI is known of this architecture");

/* What every kernel has. */
static const char *const present[] = { "read", "write", "close", "getpid", "exit_group" };

/*
 * Entries of other architectures, of which the kernel has stubs of just the kind that an
 * absent call has here. No architecture has two of them.
 */
static const char *const absent[] = {
	"sys_spu_run", "sys_rtas", "sys_subpage_prot", "sys_s390_pci_mmio_read",
	"sys_s390_pci_mmio_write", "sys_vm86", "sys_vm86old",
};

/* ---- notes -------------------------------------------------------------- */

__attribute__((format(printf, 2, 3)))
static void note(struct survey *v, const char *fmt, ...)
{
	char *line = NULL, *all;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&line, fmt, ap) < 0)
		line = NULL;
	va_end(ap);
	if (line && asprintf(&all, "%s%s\n", v->notes ? v->notes : "", line) >= 0) {
		free(v->notes);
		v->notes = all;
	}
	free(line);
}

/* ---- one number --------------------------------------------------------- */

/* What one survey knows of one ABI. */
struct context {
	struct survey *v;
	const struct symbols *s;
	unsigned int release;
	const struct desc *desc;
	const struct desc *twin;		/* whose table is the same; NULL: none's */
	const struct row *rows[MAX_ROWS];	/* by number, name and release */
	size_t nr_rows;
};

static int cmp_row(const void *a, const void *b)
{
	const struct row *x = *(const struct row *const *)a, *y = *(const struct row *const *)b;
	int order;

	if (x->nr != y->nr)
		return x->nr < y->nr ? -1 : 1;
	order = strcmp(x->name ? x->name : "", y->name ? y->name : "");
	return order ? order : x < y ? -1 : x > y;
}

static bool same_call(const struct row *a, const struct row *b)
{
	return a->nr == b->nr && (a->name == b->name || (a->name && b->name &&
							 !strcmp(a->name, b->name)));
}

static bool is_removal(const struct row *row)
{
	return !strcmp(row->entry, "sys_ni_syscall");
}

static enum entry look(const struct context *c, const struct row *row)
{
	const struct desc *desc = row->abis & c->desc->table ? c->desc : c->twin;

	return symbols_entry(c->s, desc->prefixes, row->entry);
}

/*
 * One call through the releases: the row that holds for this one, and those that may.
 * What is of a later release holds if this kernel has a function that its own release
 * did not know: a vendor or a stable series took both.
 */
static enum entry judge(const struct context *c, const struct row *const *row, size_t n,
			bool *in_table)
{
	const struct row *current = NULL;
	enum entry verdict = ENTRY_STUB, other;
	size_t i;

	for (i = 0; i < n; i++)
		if (row[i]->since <= c->release)
			current = row[i];
	if (current)
		verdict = look(c, current);
	*in_table = current && !is_removal(current);

	for (i = 0; i < n; i++) {
		bool new_function = !is_removal(row[i]) &&
				    survey_first_seen(row[i]->entry) > c->release;

		if (row[i]->since <= c->release || (row[i]->maybe > c->release && !new_function))
			continue;
		other = look(c, row[i]);
		if (other == ENTRY_MISSING)
			continue;
		*in_table |= !is_removal(row[i]);
		if (verdict == ENTRY_MISSING || (!current && new_function))
			verdict = other;
		else if (other != verdict)
			verdict = ENTRY_UNCLEAR;
	}
	return verdict;
}

/* ---- one ABI ------------------------------------------------------------ */

/* What only a kernel has that has x32. */
#define X32_MARKER	"sys32_x32_rt_sigreturn"

static void find_twin(struct context *c)
{
	static const char *const plain[] = { "", NULL };
	size_t i;

	if (!c->desc->shares || c->release >= KSC_RELEASE(5, 4))
		return;
	for (i = 0; i < ARRAY_SIZE(descs); i++) {
		if (!strcmp(descs[i].name, c->desc->shares) &&
		    symbols_entry(c->s, plain, X32_MARKER) == ENTRY_CODE)
			c->twin = &descs[i];
	}
}

static void gather(struct context *c)
{
	unsigned int tables = c->desc->table | (c->twin ? c->twin->table : 0);

	c->nr_rows = survey_rows(tables, c->rows, MAX_ROWS);
	qsort(c->rows, c->nr_rows, sizeof(*c->rows), cmp_row);
}

static bool is_known_yet(const struct context *c)
{
	unsigned int first = KSC_RELEASE_UNKNOWN;
	size_t i;

	for (i = 0; i < c->nr_rows; i++)
		if (c->rows[i]->since < first)
			first = c->rows[i]->since;
	if (first <= c->release)
		return true;
	note(c->v, "%s: left out: its numbers are known from Linux %u.%u on", c->desc->name,
	     first >> 16, first & 0xffff);
	return false;
}

static bool is_named(const char *const *list, size_t n, const char *name)
{
	while (n)
		if (!strcmp(list[--n], name))
			return true;
	return false;
}

/* Replace @verdict by the call's own answer, where there is one; -ENODATA after a note. */
static int ask(const struct context *c, const struct row *row, enum entry *verdict)
{
	int on = row->name ? switch_syscall(row->name) : -ENOENT;

	if (on == -ENOENT)
		return 0;
	if (on < 0) {
		note(c->v, "%s: left out: cannot tell whether %s is switched off", c->desc->name,
		     row->name);
		return -ENODATA;
	}
	*verdict = on ? ENTRY_CODE : ENTRY_STUB;
	return 0;
}

static void note_untold(const struct context *c, const struct row *row, enum entry verdict,
			unsigned int count)
{
	if (count < MAX_NOTES)
		note(c->v, verdict == ENTRY_MISSING ?
		     "%s: number %u, %s, is left unknown: the kernel has no symbol for it" :
		     "%s: number %u, %s, is left unknown: its symbol does not tell", c->desc->name,
		     row->nr, row->name ? row->name : row->entry);
}

/* One of several names may be known; and a newer kernel may have anything in a hole. */
static void settle_unknown(const struct context *c, struct survey_abi *abi,
			   const uint32_t *in_tables, bool private)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(abi->bits); i++) {
		if (c->v->newer && !private && i * 32 < abi->nr)
			abi->unknown[i] |= ~in_tables[i];
		abi->unknown[i] &= ~abi->bits[i];
	}
	abi->unknown_beyond = c->v->newer && !private;
}

static int fill(struct context *c, struct survey_abi *abi, FILE *names)
{
	bool private = c->desc->table & (ABI_arm_private | ABI_arm_private_on_64);
	uint32_t in_tables[SURVEY_MAX_NR / 32] = {};
	unsigned int found = 0, untold = 0;
	size_t i, n;
	int ret;

	for (i = 0; i < c->nr_rows; i += n) {
		const struct row *row = c->rows[i];
		enum entry verdict;
		bool in_table;

		for (n = 1; i + n < c->nr_rows && same_call(row, c->rows[i + n]); n++)
			;
		verdict = judge(c, &c->rows[i], n, &in_table);
		if (in_table && abi->nr <= row->nr)
			abi->nr = row->nr + 1;
		in_tables[row->nr / 32] |= in_table ? 1u << row->nr % 32 : 0;
		if (verdict == ENTRY_CODE || verdict == ENTRY_UNCLEAR) {
			ret = ask(c, row, &verdict);
			if (ret)
				return ret;
		}
		if (verdict == ENTRY_MISSING || verdict == ENTRY_UNCLEAR) {
			abi->unknown[row->nr / 32] |= 1u << row->nr % 32;
			note_untold(c, row, verdict, untold++);
		}
		if (verdict != ENTRY_CODE)
			continue;
		abi->bits[row->nr / 32] |= 1u << row->nr % 32;
		if (row->name && row->abis & c->desc->table)
			fprintf(names, "%u %s\n", row->nr, row->name);
		found += row->name && is_named(present, ARRAY_SIZE(present), row->name);
	}
	settle_unknown(c, abi, in_tables, private);
	if (untold > MAX_NOTES)
		note(c->v, "%s: and so it is with %u more", c->desc->name, untold - MAX_NOTES);
	if (found == ARRAY_SIZE(present) || private)
		return 0;
	note(c->v, "%s: left out: what every kernel has does not look so", c->desc->name);
	return -ENODATA;
}

/* What it would have; nobody can ask for it. */
static void empty(const struct context *c, struct survey_abi *abi)
{
	size_t i;

	for (i = 0; i < c->nr_rows; i++)
		if (c->rows[i]->since <= c->release && !is_removal(c->rows[i]) &&
		    abi->nr <= c->rows[i]->nr)
			abi->nr = c->rows[i]->nr + 1;
}

/* 1 open, 0 closed, -ENOENT not there at all, -ENODATA after a note. */
static int is_open(const struct context *c)
{
	const struct desc *desc = c->desc;
	int open;

	if (desc->marker && symbols_entry(c->s, desc->prefixes, desc->marker) == ENTRY_MISSING)
		return -ENOENT;
	if (!desc->open)
		return 1;
	open = desc->open();
	if (open >= 0)
		return open;
	note(c->v, "%s: left out: cannot tell the state of %s", desc->name, desc->what);
	return -ENODATA;
}

static int survey_abi(struct context *c, struct survey_abi *abi)
{
	size_t size;
	FILE *names;
	int ret;

	find_twin(c);
	gather(c);
	if (!is_known_yet(c))
		return -ENODATA;
	ret = is_open(c);
	if (ret < 0)
		return ret;
	*abi = (struct survey_abi) {
		.name = c->desc->name,
		.audit_arch = c->desc->audit_arch,
		.base = c->desc->base,
	};
	names = open_memstream(&abi->names, &size);
	if (!names)
		return -ENOMEM;
	if (ret)
		ret = fill(c, abi, names);
	else
		empty(c, abi);
	if (fclose(names) && !ret)
		ret = -ENOMEM;
	if (ret)
		free(abi->names);
	return ret;
}

/* ---- all of them -------------------------------------------------------- */

/*
 * A kernel whose weak symbols are not told apart would seem to have everything. So look
 * at what it cannot have. Link time optimisation makes weak symbols local ones.
 */
static int check_absent(struct survey *v, struct symbols *s)
{
	unsigned int stubs = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(absent); i++) {
		enum entry entry = symbols_entry(s, descs[0].prefixes, absent[i]);

		if (entry == ENTRY_CODE && !s->local_unclear) {
			s->local_unclear = true;
			entry = symbols_entry(s, descs[0].prefixes, absent[i]);
			s->local_unclear = entry == ENTRY_UNCLEAR;
		}
		stubs += entry == ENTRY_STUB;
	}
	if (stubs > 1 || s->local_unclear)
		return 0;
	note(v, "this kernel's symbols do not tell which of its calls are absent");
	return -ENODATA;
}

/* Of architectures without an ABI here, but every kernel has the function. */
static const char *const foreign[] = { "sys_gethostname" };

/*
 * A kernel newer than the table has calls that the table has no number for, if it has
 * entries that are in no table. Where entries have no prefix, who could tell?
 */
static void note_newer(struct survey *v, const struct symbols *s, unsigned int release)
{
	const char *prefix = descs[0].prefixes[0];
	size_t len = strlen(prefix), i;
	unsigned int count = 0;

	v->newer = release > survey_newest && !len;
	for (i = 0; len && i < s->count; i++) {
		const char *entry = s->list[i].name + len;

		if (s->list[i].type != 'T' || strncmp(s->list[i].name, prefix, len) ||
		    strncmp(entry, "sys_", 4) || survey_first_seen(entry) != KSC_RELEASE_UNKNOWN ||
		    is_named(foreign, ARRAY_SIZE(foreign), entry) || strstr(entry, "sys_ni_"))
			continue;
		v->newer = true;
		if (count++ < MAX_NOTES)
			note(v, "%s is of a syscall whose number is not known", s->list[i].name);
	}
	if (count > MAX_NOTES)
		note(v, "and so are %u more", count - MAX_NOTES);
	if (v->newer)
		note(v, "the table of syscalls ends with Linux %u.%u: numbers that it does not "
		     "have are left unknown; install a newer ksyscalls", survey_newest >> 16,
		     survey_newest & 0xffff);
}

/**
 * survey_kernel() - what the running kernel implements
 * @v: receives the ABIs, and notes; for survey_free()
 * @s: the kernel's symbols
 * @release: its release, a KSC_RELEASE()
 *
 * Return: 0, though there may be no ABI; -ENOMEM.
 */
int survey_kernel(struct survey *v, struct symbols *s, unsigned int release)
{
	struct context *c;
	size_t i;
	int ret;

	*v = (struct survey) {};
	if (check_absent(v, s))
		return 0;
	note_newer(v, s, release);
	for (i = 0; i < ARRAY_SIZE(descs); i++) {
		c = calloc(1, sizeof(*c));
		if (!c)
			return -ENOMEM;
		*c = (struct context) { .v = v, .s = s, .release = release, .desc = &descs[i] };
		ret = survey_abi(c, &v->abis[v->count]);
		free(c);
		if (ret == -ENOMEM)
			return ret;
		v->count += !ret;
		/* Without the machine's own ABI there is nothing to know of it. */
		if (!v->count)
			return 0;
	}
	return 0;
}

void survey_free(struct survey *v)
{
	while (v->count)
		free(v->abis[--v->count].names);
	free(v->notes);
	v->notes = NULL;
}
