// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <json-c/json.h>
#include <linux/audit.h>
#include <linux/elf-em.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ksyscalls-oci.h>

#include "../bpfsim.h"
#include "json.h"
#include "samples.h"
#include "text.h"
#include "trial.h"

#define CRUN_PROGRAM	"run.oci.seccomp_bpf_data"
#define NUMBERS		1100	/* from each base */

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* Numbers beyond those that are asked one by one. */
static const uint32_t corners[] = {
	0x3fffffff, 0x40000000, 0x40000000 + 1100, 0x7fffffff, 0x80000000, 0xc0000000, 0xeffff,
	0xf0000, 0xf0005, 0xf0100, 0xf0800, 0xfffffffe, 0xffffffff, 3999, 4999, 5999,
};
bool way_is_crun(const struct way *way)
{
	return way->runtime == KSC_RUNTIME_CRUN || way->runtime == KSC_RUNTIME_CRUN_OLD;
}

/* cmocka's own messages are too short for a profile. */
__attribute__((format(printf, 2, 3)))
static void trial_fail(const struct trial *t, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	fprintf(stderr, "# %s\n# became %s\n", t->config, t->out);
	fail_msg("%s, %s: %s", t->root, t->way->name, text);
}

/* ---- answers ----------------------------------------------------------- */

static uint32_t enosys(uint32_t arch)
{
	return SECCOMP_RET_ERRNO | ((arch & 0xffff) == EM_MIPS ? 89 : 38);
}

/* What the caller sees: past ALLOW, the kernel has its say. */
static uint32_t seen(const struct trial *t, uint32_t arch, uint32_t nr, uint32_t ret)
{
	const struct ksc_abi *abi = ksc_abi_by_arch(t->k, arch, nr);

	if (ret == SECCOMP_RET_ALLOW && abi &&
	    ksc_abi_implemented(abi, nr - ksc_abi_base(abi)) != 1)
		return enosys(arch);
	return ret;
}

static bool is_denial(uint32_t ret)
{
	uint32_t kind = ret & SECCOMP_RET_ACTION_FULL;

	return kind == SECCOMP_RET_ERRNO || kind == SECCOMP_RET_TRAP ||
	       kind == SECCOMP_RET_KILL_THREAD || kind == SECCOMP_RET_KILL_PROCESS;
}

static bool is_fatal(uint32_t ret)
{
	uint32_t kind = ret & SECCOMP_RET_ACTION_FULL;

	return kind == SECCOMP_RET_TRAP || kind == SECCOMP_RET_KILL_THREAD ||
	       kind == SECCOMP_RET_KILL_PROCESS;
}

static bool is_special(uint32_t ret)
{
	ret &= SECCOMP_RET_ACTION_FULL;
	return ret != SECCOMP_RET_ALLOW && ret != SECCOMP_RET_ERRNO;
}

/* NULL where this boot offers nothing, so that no call is made. */
static const struct ksc_abi *offered(const struct trial *t, uint32_t arch, uint32_t nr)
{
	const struct ksc_abi *abi = ksc_abi_by_arch(t->k, arch, nr);

	return abi && ksc_abi_nr_implemented(abi) ? abi : NULL;
}

/*
 * It does not lean on the reference. @alone is what the profile itself says: runc
 * guesses ENOSYS above the largest number named, which is no denial of anybody's,
 * and rules that are added can move that limit.
 */
static void check_safety(const struct trial *t, const struct seccomp_data *sd, bool named,
			 uint32_t row, uint32_t alone, uint32_t before, uint32_t after)
{
	/* Past an ALLOW of an ABI that this boot does not offer is the kernel's own ENOSYS. */
	bool idle = after == SECCOMP_RET_ALLOW && row == enosys(sd->arch) &&
		    !offered(t, sd->arch, (uint32_t)sd->nr);
	bool weaker = is_denial(alone) && !is_denial(after) && !idle;
	bool other = is_special(alone) && alone != ksc_profile_default(t->profile) &&
		     after != alone && after != before;
	/* Nor does a program survive what it should not, but where a row says ENOSYS. */
	bool survived = is_fatal(alone) && is_fatal(before) && !is_fatal(after) && after != row;

	/* runc's stub, which it has once the rules name a call of the architecture. */
	if (!named && !way_is_crun(t->way) && after == enosys(sd->arch))
		other = survived = false;
	if (weaker || other || survived)
		trial_fail(t, "arch %#x nr %#x (%#llx %#llx %#llx %#llx %#llx %#llx): "
			   "%#x became %#x",
			   sd->arch, (uint32_t)sd->nr, (unsigned long long)sd->args[0],
			   (unsigned long long)sd->args[1], (unsigned long long)sd->args[2],
			   (unsigned long long)sd->args[3], (unsigned long long)sd->args[4],
			   (unsigned long long)sd->args[5], alone, after);
}

/* ---- excuses ------------------------------------------------------------- */

static uint32_t token_of(uint32_t arch, uint32_t nr, const struct trial *t)
{
	uint32_t token;
	size_t i;

	for (i = 0; arch == AUDIT_ARCH_X86_64 && nr >= 0x40000000 && nr != 0xffffffff &&
	     (token = ksc_profile_arch(t->profile, i)); i++) {
		if (token == SCMP_ARCH_X32)
			return token;
	}
	return arch;
}

static void count_excused(struct count *c, const char *why)
{
	if (!strcmp(why, "no name"))
		c->no_name++;
	else if (!strcmp(why, "architectures differ"))
		c->abis_differ++;
	else if (!strcmp(why, "runtime"))
		c->guessed++;
	else
		c->args++;
}

/*
 * libseccomp goes through this machine's numbers, where 2.5.4 has one pseudo
 * number for two names of ppc. A ppc machine needs no such detour.
 */
static bool is_lost_in_translation(const struct trial *t, const char *name)
{
	return t->native != seccomp_arch_native() &&
	       seccomp_syscall_resolve_name(name) ==
	       seccomp_syscall_resolve_name("sys_debug_setcontext");
}

/*
 * libseccomp's filter of the profile itself is not always what its rules say: of some
 * comparisons of one argument it loses the last. Then there is no answer to compare
 * with, but that a denial stays one.
 */
static bool is_misbuilt(const struct trial *t, uint32_t token, const char *name,
			const uint64_t args[6], uint32_t alone)
{
	uint32_t def = ksc_profile_default(t->profile);

	if (!name || !strcmp(name, "socketcall") || !strcmp(name, "ipc"))
		return false;
	if (t->way->runtime == KSC_RUNTIME_CRUN_OLD &&
	    (def & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO)
		def = SECCOMP_RET_ERRNO | EPERM;
	return !text_allows(t->profile, name, token, def, args, alone);
}

/*
 * crun before 0.18 does not heed an errno of the default. Where that is ENOSYS, by which
 * programs go on, it gets it all the same; @alone is its answer, @heeding another one's.
 */
static uint32_t as_written(const struct trial *t, uint32_t alone, uint32_t heeding)
{
	uint32_t def = ksc_profile_default(t->profile);

	return t->way->runtime == KSC_RUNTIME_CRUN_OLD && def == enosys(t->native) &&
	       alone == (SECCOMP_RET_ERRNO | EPERM) && heeding == def ? def : alone;
}

/* ---- one number -------------------------------------------------------- */

static bool is_in_use(const struct trial *t, uint32_t arch, uint32_t nr)
{
	const struct ksc_abi *abi = offered(t, arch, nr);

	return t->is_in_use && abi && t->is_in_use(abi, nr - ksc_abi_base(abi));
}

/* Whoever was told of the runtime tells of its guesses, if a kernel has the number. */
static bool is_known_guess(const struct trial *t, uint32_t arch, uint32_t nr, const char *name)
{
	return t->way->told && name && offered(t, arch, nr);
}

static void check_number(struct trial *t, uint32_t arch, uint32_t nr)
{
	uint32_t token = token_of(arch, nr, t);
	char *name = seccomp_syscall_resolve_num_arch(token, (int)nr);
	struct ref_cell cell = ref_verdict(t->ref, arch, nr);
	uint32_t heeding, alone, before, after, expected, got = 0, wanted = 0;
	enum ksc_runtime runtime = t->way->runtime;
	bool big = !(arch & __AUDIT_ARCH_LE), wrong = false, guessed = true;
	const char *why = notes_excuse(&t->notes, token, nr, name);
	struct samples s;
	size_t i;

	if (name && is_lost_in_translation(t, name)) {
		free(name);
		return;
	}
	samples_make(t->profile, name, &s);
	for (i = 0; i < s.n; i++) {
		struct seccomp_data sd = { .nr = (int)nr, .arch = arch };

		memcpy(sd.args, s.v[i], sizeof(sd.args));
		heeding = bpfsim_run(t->before[KSC_RUNTIME_CRUN], &sd, big, NULL);
		before = runtime == KSC_RUNTIME_CRUN ? heeding :
			 bpfsim_run(t->before[runtime], &sd, big, NULL);
		alone = way_is_crun(t->way) ? before : heeding;
		after = bpfsim_run(t->after, &sd, big, NULL);
		/* What libseccomp cannot name is allowed if that was asked for. */
		if (cell.action != SECCOMP_RET_ALLOW)
			check_safety(t, &sd, name, cell.action, alone, before, after);
		expected = cell.action ? cell.action : as_written(t, alone, heeding);
		t->count->answers++;
		/* No excuse for this one: what the profile allows and the kernel has. */
		if (!cell.action && alone == SECCOMP_RET_ALLOW && after != alone &&
		    way_is_crun(t->way))
			trial_fail(t, "arch %#x nr %#x (%s): ALLOW became %#x", arch, nr,
				   name ? name : "-", after);
		if (seen(t, arch, nr, after) == seen(t, arch, nr, expected))
			continue;
		if (!cell.action && is_denial(alone) && is_denial(after) &&
		    is_misbuilt(t, token, name, s.v[i], alone)) {
			t->count->misbuilt++;
			continue;
		}
		wrong = true;
		guessed &= !way_is_crun(t->way) && after == enosys(arch) &&
			   (after == before || is_denial(expected));
		got = after;
		wanted = expected;
	}
	t->count->numbers++;
	if (wrong && is_in_use(t, arch, nr)) {
		t->count->in_use++;
		t->count->untold += !why;
	}
	if (wrong && why)
		count_excused(t->count, why);
	else if (wrong && guessed && !is_known_guess(t, arch, nr, name))
		t->count->guessed++;
	else if (wrong)
		trial_fail(t, "arch %#x nr %#x (%s): %#x, the text says %#x (row %c), and the "
			   "report nothing", arch, nr, name ? name : "-", got, wanted, cell.row);
	else if (why)
		t->count->over++;
	free(name);
}

/* Is it worth a look? What no rule names is like its neighbours. */
static bool is_looked_at(const struct trial *t, uint32_t token, uint32_t nr, uint32_t rel)
{
	const struct ksc_profile_rule *r;
	bool named = false;
	char *name;

	if (!t->brief || rel % 64 == 63)
		return true;
	name = seccomp_syscall_resolve_num_arch(token, (int)nr);
	if (!name)
		return false;
	if (!strcmp(name, "socketcall") || !strcmp(name, "ipc"))
		named = true;
	ksc_profile_rule_foreach(r, t->profile)
		named |= !strcmp(ksc_profile_rule_name(r), name);
	free(name);
	return named;
}

static void check_numbers(struct trial *t)
{
	const struct ksc_abi *abi;
	uint32_t arch, base, nr;
	size_t i;

	ksc_abi_foreach(abi, t->k) {
		arch = ksc_abi_audit_arch(abi);
		base = ksc_abi_base(abi);
		/* Where the profile does not reach, libseccomp has one answer for everything. */
		for (i = 0; ksc_profile_arch(t->profile, i) &&
		     ksc_profile_arch(t->profile, i) != ksc_abi_scmp_arch(abi); i++)
			;
		for (nr = base; ksc_profile_arch(t->profile, i) && nr <= base + NUMBERS; nr++) {
			if (is_looked_at(t, ksc_abi_scmp_arch(abi), nr, nr - base))
				check_number(t, arch, nr);
		}
		if (base)
			check_number(t, arch, base - 1);
		for (i = 0; i < ARRAY_SIZE(corners); i++)
			check_number(t, arch, corners[i]);
	}
	check_number(t, AUDIT_ARCH_ALPHA, 1);
}

/* ---- one configuration ------------------------------------------------- */

static char *make_config(const struct ksc_profile *p)
{
	struct json_object *oci;
	char *text;

	oci = json_profile(p);
	assert_non_null(oci);
	assert_true(asprintf(&text, "{\"ociVersion\":\"1.0.2\",\"linux\":{\"seccomp\":%s}}",
			     json_object_to_json_string(oci)) > 0);
	json_object_put(oci);
	return text;
}

static struct json_object *path_of(struct json_object *obj, const char *a, const char *b)
{
	struct json_object *v;

	if (!json_object_object_get_ex(obj, a, &v) || !json_object_object_get_ex(v, b, &v))
		return NULL;
	return v;
}

static int digit(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = strchr(digits, c);

	assert_true(c && at);
	return (int)(at - digits);
}

/* As crun reads it. */
static struct sock_filter *decode(const struct trial *t, const char *text)
{
	size_t len = strlen(text), i, n = 0;
	bool foreign = !!(t->native & __AUDIT_ARCH_LE) != (__BYTE_ORDER == __LITTLE_ENDIAN);
	uint8_t *out = calloc(len + 1, 1);
	struct sock_filter *prog = (struct sock_filter *)(void *)out;
	uint32_t v;

	assert_non_null(out);
	assert_int_equal(len % 4, 0);
	for (i = 0; i < len; i += 4) {
		v = (uint32_t)(digit(text[i]) << 18 | digit(text[i + 1]) << 12);
		out[n++] = (uint8_t)(v >> 16);
		if (text[i + 2] == '=')
			break;
		v |= (uint32_t)digit(text[i + 2]) << 6;
		out[n++] = (uint8_t)(v >> 8);
		if (text[i + 3] == '=')
			break;
		v |= (uint32_t)digit(text[i + 3]);
		out[n++] = (uint8_t)v;
	}
	assert_int_equal(n % sizeof(*prog), 0);
	for (i = 0; foreign && i < n / sizeof(*prog); i++) {
		prog[i].code = __builtin_bswap16(prog[i].code);
		prog[i].k = __builtin_bswap32(prog[i].k);
	}
	assert_int_equal(bpfsim_check(prog, n / sizeof(*prog)), 0);
	return prog;
}

static struct sock_filter *build(const struct trial *t, struct json_object *seccomp)
{
	struct ksc_profile *p;
	struct sock_filter *prog;
	size_t len;

	assert_int_equal(ksc_profile_new(&p), 0);
	assert_int_equal(ksc_profile_set_arch(p, t->native), 0);
	if (json_load(p, seccomp) ||
	    ksc_profile_program(p, t->way->runtime, &prog, &len))
		trial_fail(t, "%s", ksc_profile_error(p));
	assert_true(len <= BPF_MAXINSNS);
	assert_int_equal(bpfsim_check(prog, len), 0);
	ksc_profile_free(p);
	return prog;
}
static unsigned int inferred(struct trial *t)
{
	struct ksc_policy *policy;
	unsigned int baseline;

	assert_int_equal(ksc_policy_from_profile(&policy, t->k, t->profile, KSC_RELEASE_INFER), 0);
	baseline = ksc_policy_baseline(policy);
	ksc_policy_free(policy);
	return baseline;
}

/* What is right does not depend on the way. */
static void paint(struct trial *t, unsigned int baseline)
{
	if (t->is_painted && t->baseline == baseline)
		return;
	t->knobs.inferred = baseline == KSC_RELEASE_INFER;
	t->knobs.baseline = t->knobs.inferred ? inferred(t) : baseline;
	ref_paint(t->ref, t->profile, &t->knobs);
	t->baseline = baseline;
	t->is_painted = true;
}

/* A name that neither a tree nor the table has is no site's to decide about. */
static void set_knobs(struct ksc_policy *policy, const struct ref_knobs *knobs)
{
	size_t i;

	assert_int_equal(ksc_policy_set_flags(policy, knobs->flags), 0);
	assert_int_equal(ksc_policy_set_successors(policy, knobs->successors), 0);
	for (i = 0; knobs->enosys[i]; i++)
		assert_int_equal(ksc_policy_set_site(policy, knobs->enosys[i], KSC_SITE_ENOSYS), 0);
	for (i = 0; knobs->eperm[i]; i++)
		assert_int_equal(ksc_policy_set_site(policy, knobs->eperm[i], KSC_SITE_EPERM), 0);
}

/* A rewriting that fails leaves the container its own profile, so it is right by design. */
void trial_run(struct trial *t, const struct way *way, unsigned int baseline,
	       struct count *count)
{
	struct json_object *root, *report, *changed;
	const char *program;
	struct ksc_oci *o;
	char *out;
	size_t len;

	t->way = way;
	t->count = count;
	assert_int_equal(ksc_oci_new(&o, t->k), 0);
	ksc_oci_set_mode(o, t->way->mode);
	ksc_oci_set_baseline(o, baseline);
	set_knobs(ksc_oci_knobs(o), &t->knobs);
	if (way->told)
		assert_int_equal(ksc_oci_set_runtime(o, way->told), 0);
	if (ksc_oci_rewrite(o, t->config, strlen(t->config), &out, &len)) {
		/* A mode whose default is an errno is not for a profile whose default kills. */
		if (t->way->mode != KSC_OCI_FLIP || !is_fatal(ksc_profile_default(t->profile))) {
			count->refused++;
			print_message("%s, %s: %s\n", t->root, t->way->name, ksc_oci_error(o));
		}
		ksc_oci_free(o);
		return;
	}
	report = json_report(o);
	assert_non_null(report);
	assert_true(json_object_object_get_ex(report, "changed", &changed));
	root = json_tokener_parse(out);
	assert_non_null(root);
	t->out = out;
	if (json_object_get_boolean(changed)) {
		notes_read(&t->notes, report);
		program = json_object_get_string(path_of(root, "annotations", CRUN_PROGRAM));
		t->after = program ? decode(t, program) :
				     build(t, path_of(root, "linux", "seccomp"));
		paint(t, baseline);
		check_numbers(t);
		free(t->notes.list);
		free(t->after);
		t->out = NULL;
		count->trials++;
	} else {
		assert_string_equal(out, t->config);
	}
	json_object_put(root);
	json_object_put(report);
	free(out);
	ksc_oci_free(o);
}

bool trial_open(struct trial *t, const char *root, const char *path, struct json_object *json)
{
	size_t i, len;

	t->root = root;
	assert_int_equal(ksc_open(&t->k, root), 0);
	t->ref = malloc(sizeof(*t->ref));
	assert_non_null(t->ref);
	ref_read(t->ref, root);
	assert_non_null(ksc_abi_native(t->k));
	t->native = ksc_abi_scmp_arch(ksc_abi_native(t->k));
	assert_int_equal(ksc_profile_new(&t->profile), 0);
	if (ksc_profile_set_arch(t->profile, t->native)) {
		print_message("%s: %s\n", root, ksc_profile_error(t->profile));
		return false;
	}
	if (json ? json_load(t->profile, json) : ksc_profile_load_file(t->profile, path))
		fail_msg("%s", ksc_profile_error(t->profile));
	for (i = 0; i < RUNTIMES; i++) {
		if (ksc_profile_program(t->profile, (enum ksc_runtime)i, &t->before[i], &len))
			return false;
	}
	t->config = make_config(t->profile);
	return true;
}

void trial_close(struct trial *t)
{
	size_t i;

	for (i = 0; i < RUNTIMES; i++)
		free(t->before[i]);
	free(t->config);
	ksc_profile_free(t->profile);
	free(t->ref);
	ksc_close(t->k);
	*t = (struct trial){ 0 };
}
