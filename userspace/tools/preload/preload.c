// SPDX-License-Identifier: GPL-2.0-only
/*
 * libksyscalls-preload.so: libseccomp's functions once more, in front of libseccomp in a
 * program that an administrator starts with LD_PRELOAD. What the program tells of its
 * filters is noted and passed on, and what it gets of them has our prefix.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

#include <ksyscalls-seccomp.h>

#include "../../lib/core/private.h"
#include "../../lib/shared.h"
#include "../basis.h"
#include "../conf.h"
#include "../view.h"
#include "notes.h"

#define EXPORT		__attribute__((visibility("default")))
#define NEXT(function)	((__typeof__(&(function)))dlsym(RTLD_NEXT, #function))

#define ARGS_MAX	6

/* Since libseccomp 2.6, whose header we do not need. */
#define ATTR_WAITKILL	((enum scmp_filter_attr)10)
int seccomp_export_bpf_mem(const scmp_filter_ctx ctx, void *buf, size_t *len);
void seccomp_transaction_reject(const scmp_filter_ctx ctx);

/* Our own calls of libseccomp come by here, too, and those that it has of itself. */
static _Thread_local bool ours;

/* Ours and libseccomp's together; micro is 0 where filters stay as the program makes them. */
static struct scmp_version version;

/* ---- what there is -------------------------------------------------------- */

static const struct conf_key keys[] = {
	{ "runtime",	NULL,	NULL },
	{ "mode",	NULL,	NULL },
	{ "strict",	NULL,	NULL },
	{ "store",	NULL,	NULL },
	{ "sysroot",	"the absolute path of a copied tree",	conf_set_sysroot },
	{}
};

static void warn(const char *error)
{
	fprintf(stderr, "libksyscalls-preload: %s; filters stay as the program makes them\n",
		error);
}

/* Of the bytes that the kernel gives each program, which canaries are made of, nothing is told. */
static void make_random(uint8_t key[STORE_KEY_LEN])
{
	struct ksc_sha256 s;

	ksc_sha256_init(&s);
	ksc_sha256_update(&s, (const void *)getauxval(AT_RANDOM), 16);
	ksc_sha256_final(&s, key);
}

/*
 * A program that keeps filters for its next run keeps them by their profile and libseccomp's
 * version, as crun does. What was made without us, for another view or by other knobs has to
 * be another's for it.
 */
static void set_version(const struct conf *c)
{
	struct basis b = { .runtimes = { "", "" }, .sysroot = c->sysroot, .knobs = &c->knobs,
			   .profile = "" };
	Dl_info self = { .dli_fname = "" };
	uint8_t key[STORE_KEY_LEN];
	unsigned int micro;

	dladdr(&version, &self);
	b.maker = self.dli_fname;
	/* What cannot be told from another must not be found again. */
	if (!basis_key_without_libraries(&b, key))
		make_random(key);
	memcpy(&micro, key, sizeof(micro));
	version = *NEXT(seccomp_version)();
	/* Not older than libseccomp's, and positive for who takes it for an int. */
	version.micro += 1u << 30 | (micro & ((1u << 29) - 1));
}

/*
 * Now, since a program may have changed its root by the time that it makes a filter. Without
 * a view there is nothing to say; a mistake in the configuration is told of.
 */
static __attribute__((constructor)) void start(void)
{
	struct conf c = { .knobs = KNOBS_INIT };
	const char *off = getenv("KSYSCALLS_PRELOAD"), *error;
	struct ksc_policy *policy = NULL;
	char why[PATH_MAX + 320];
	struct ksc *k;

	if (off && !strcmp(off, "off"))
		return;
	conf_read(&c, keys);
	if (*c.error) {
		warn(c.error);
		return;
	}
	if (view_open(&k, c.sysroot, why, sizeof(why)))
		return;
	ours = true;
	error = ksc_policy_new(&policy, k) ? strerror(ENOMEM) : knobs_set(&c.knobs, policy);
	ours = false;
	ksc_close(k);
	if (!error && notes_start(policy))
		error = strerror(ENOMEM);
	if (!error) {
		set_version(&c);
		return;
	}
	warn(error);
	ksc_policy_free(policy);
}

EXPORT const struct scmp_version *seccomp_version(void)
{
	return version.micro ? &version : NEXT(seccomp_version)();
}

/* ---- filters -------------------------------------------------------------- */

EXPORT scmp_filter_ctx seccomp_init(uint32_t action)
{
	scmp_filter_ctx ctx = NEXT(seccomp_init)(action);

	notes_add(ctx);
	return ctx;
}

EXPORT int seccomp_reset(scmp_filter_ctx ctx, uint32_t action)
{
	int ret = NEXT(seccomp_reset)(ctx, action);

	if (!ret)
		notes_reset(ctx);
	return ret;
}

EXPORT void seccomp_release(scmp_filter_ctx ctx)
{
	/* First, for another thread may get the same address. */
	notes_drop(ctx);
	NEXT(seccomp_release)(ctx);
}

EXPORT int seccomp_merge(scmp_filter_ctx dst, scmp_filter_ctx src)
{
	int ret = NEXT(seccomp_merge)(dst, src);

	if (!ret)
		notes_merge(dst, src);
	return ret;
}

EXPORT void seccomp_transaction_reject(const scmp_filter_ctx ctx)
{
	__typeof__(&seccomp_transaction_reject) next = NEXT(seccomp_transaction_reject);

	notes_doubt(ctx);
	if (next)
		next(ctx);
}

EXPORT int seccomp_arch_add(scmp_filter_ctx ctx, uint32_t arch)
{
	int ret = NEXT(seccomp_arch_add)(ctx, arch);

	if (!ret)
		notes_add_arch(ctx, arch);
	return ret;
}

EXPORT int seccomp_arch_remove(scmp_filter_ctx ctx, uint32_t arch)
{
	int ret = NEXT(seccomp_arch_remove)(ctx, arch);

	if (!ret)
		notes_remove_arch(ctx, arch);
	return ret;
}

/* ---- rules ---------------------------------------------------------------- */

typedef int rule_add(scmp_filter_ctx ctx, uint32_t action, int nr, unsigned int n,
		     const struct scmp_arg_cmp *args);

/* -EACCES: it says what the default does. Else an error leaves the filter as it was. */
static int add_rule(rule_add *next, scmp_filter_ctx ctx, uint32_t action, int nr, unsigned int n,
		    const struct scmp_arg_cmp *args)
{
	int ret = next(ctx, action, nr, n, args);

	if (!ret || ret == -EACCES)
		notes_add_rule(ctx, action, nr, n);
	return ret;
}

static int add_rule_va(rule_add *next, scmp_filter_ctx ctx, uint32_t action, int nr,
		       unsigned int n, va_list ap)
{
	struct scmp_arg_cmp args[ARGS_MAX];
	unsigned int i;

	if (n > ARGS_MAX)
		return -EINVAL;
	for (i = 0; i < n; i++)
		args[i] = va_arg(ap, struct scmp_arg_cmp);
	return add_rule(next, ctx, action, nr, n, args);
}

EXPORT int seccomp_rule_add_array(scmp_filter_ctx ctx, uint32_t action, int nr, unsigned int n,
				  const struct scmp_arg_cmp *args)
{
	return add_rule(NEXT(seccomp_rule_add_array), ctx, action, nr, n, args);
}

EXPORT int seccomp_rule_add_exact_array(scmp_filter_ctx ctx, uint32_t action, int nr,
					unsigned int n, const struct scmp_arg_cmp *args)
{
	return add_rule(NEXT(seccomp_rule_add_exact_array), ctx, action, nr, n, args);
}

EXPORT int seccomp_rule_add(scmp_filter_ctx ctx, uint32_t action, int nr, unsigned int n, ...)
{
	va_list ap;
	int ret;

	va_start(ap, n);
	ret = add_rule_va(NEXT(seccomp_rule_add_array), ctx, action, nr, n, ap);
	va_end(ap);
	return ret;
}

EXPORT int seccomp_rule_add_exact(scmp_filter_ctx ctx, uint32_t action, int nr, unsigned int n, ...)
{
	va_list ap;
	int ret;

	va_start(ap, n);
	ret = add_rule_va(NEXT(seccomp_rule_add_exact_array), ctx, action, nr, n, ap);
	va_end(ap);
	return ret;
}

/* ---- names ---------------------------------------------------------------- */

/* Whatever the architecture: rules are added by this machine's own number. */
static void note_name(const char *name)
{
	if (ours)
		return;
	ours = true;
	notes_ask(name, NEXT(seccomp_syscall_resolve_name)(name));
	ours = false;
}

EXPORT int seccomp_syscall_resolve_name(const char *name)
{
	note_name(name);
	return NEXT(seccomp_syscall_resolve_name)(name);
}

EXPORT int seccomp_syscall_resolve_name_arch(uint32_t arch, const char *name)
{
	note_name(name);
	return NEXT(seccomp_syscall_resolve_name_arch)(arch, name);
}

EXPORT int seccomp_syscall_resolve_name_rewrite(uint32_t arch, const char *name)
{
	note_name(name);
	return NEXT(seccomp_syscall_resolve_name_rewrite)(arch, name);
}

/* ---- programs ------------------------------------------------------------- */

static uint32_t attribute(const scmp_filter_ctx ctx, enum scmp_filter_attr attr)
{
	uint32_t value = 0;

	return seccomp_attr_get(ctx, attr, &value) ? 0 : value;
}

/* What libseccomp says of a system call that failed. */
static int system_error(const scmp_filter_ctx ctx, int error)
{
	return attribute(ctx, SCMP_FLTATR_API_SYSRAWRC) ? error : -ECANCELED;
}

/* NULL where the policy has nothing to say, and libseccomp's own program is to stay. */
static struct ksc_policy *policy_of(const scmp_filter_ctx ctx, bool *notifies)
{
	struct ksc_policy *policy;
	size_t len = 0;

	ours = true;
	policy = notes_policy(ctx, notifies);
	if (policy && (ksc_bpf_prefix(policy, NULL, &len) || !len)) {
		ksc_policy_free(policy);
		policy = NULL;
	}
	ours = false;
	return policy;
}

/* Nothing is written, and the program may do without us. */
static bool is_too_much(int ret)
{
	return ret == -E2BIG || ret == -ENOMEM;
}

static int export_with(const struct ksc_policy *policy, const scmp_filter_ctx ctx, int fd)
{
	int ret;

	ours = true;
	ret = ksc_seccomp_export(policy, ctx, fd);
	ours = false;
	return ret;
}

EXPORT int seccomp_export_bpf(const scmp_filter_ctx ctx, int fd)
{
	bool notifies;
	struct ksc_policy *policy = ours ? NULL : policy_of(ctx, &notifies);
	int ret = policy ? export_with(policy, ctx, fd) : -E2BIG;

	ksc_policy_free(policy);
	if (is_too_much(ret))
		return NEXT(seccomp_export_bpf)(ctx, fd);
	return ret ? system_error(ctx, ret) : 0;
}

/* In the filter's own byte order, hence by way of a file. */
static int export_mem(const struct ksc_policy *policy, const scmp_filter_ctx ctx, void *buf,
		      size_t *len)
{
	struct stat st;
	int fd, ret;

	fd = memfd_create("ksyscalls-preload", MFD_CLOEXEC);
	if (fd < 0)
		return -ENOMEM;
	ret = export_with(policy, ctx, fd);
	if (!ret && fstat(fd, &st))
		ret = -ENOMEM;
	if (!ret && buf && *len < (size_t)st.st_size)
		ret = -ERANGE;
	else if (!ret && buf && pread(fd, buf, (size_t)st.st_size, 0) != st.st_size)
		ret = -ENOMEM;
	if (!ret || ret == -ERANGE)
		*len = (size_t)st.st_size;
	close(fd);
	return ret;
}

EXPORT int seccomp_export_bpf_mem(const scmp_filter_ctx ctx, void *buf, size_t *len)
{
	__typeof__(&seccomp_export_bpf_mem) next = NEXT(seccomp_export_bpf_mem);
	bool notifies;
	struct ksc_policy *policy;
	int ret;

	if (!next)
		return -EOPNOTSUPP;
	policy = len ? policy_of(ctx, &notifies) : NULL;
	ret = policy ? export_mem(policy, ctx, buf, len) : -E2BIG;
	ksc_policy_free(policy);
	return is_too_much(ret) ? next(ctx, buf, len) : ret;
}

static const struct {
	enum scmp_filter_attr attr;
	unsigned int flag;
} flags[] = {
	{ SCMP_FLTATR_CTL_TSYNC,	SECCOMP_FILTER_FLAG_TSYNC },
	{ SCMP_FLTATR_CTL_LOG,		SECCOMP_FILTER_FLAG_LOG },
	{ SCMP_FLTATR_CTL_SSB,		SECCOMP_FILTER_FLAG_SPEC_ALLOW },
};

/* With the filter's own attributes, as libseccomp would have. */
static int load(const scmp_filter_ctx ctx, struct sock_filter *prog, size_t len)
{
	struct sock_fprog fprog = { .len = (unsigned short)len, .filter = prog };
	unsigned int i, set = 0;
	long ret;

	if (attribute(ctx, SCMP_FLTATR_CTL_NNP) && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return system_error(ctx, -errno);
	for (i = 0; i < ARRAY_SIZE(flags); i++)
		if (attribute(ctx, flags[i].attr))
			set |= flags[i].flag;
	ret = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, set, &fprog);
	if (ret < 0)
		return system_error(ctx, -errno);
	/* A thread that has another filter. */
	return ret ? -ESRCH : 0;
}

/* A listener is libseccomp's to keep, and so is what came after 2.5. */
EXPORT int seccomp_load(const scmp_filter_ctx ctx)
{
	struct sock_filter *prog = NULL;
	struct ksc_policy *policy;
	bool notifies;
	size_t len;
	int ret = -E2BIG;

	policy = policy_of(ctx, &notifies);
	if (policy && !notifies && !attribute(ctx, ATTR_WAITKILL)) {
		ours = true;
		ret = ksc_seccomp_program(policy, ctx, &prog, &len);
		ours = false;
	}
	ksc_policy_free(policy);
	if (ret)
		return NEXT(seccomp_load)(ctx);
	ret = load(ctx, prog, len);
	free(prog);
	return ret;
}
