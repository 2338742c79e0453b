// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A profile's architectures, and libseccomp's numbers there of the names that we know. It is
 * asked for them once: most rules name one of those, and each number is wanted time and again.
 */
#include "profile.h"

KSC_PUBLIC uint32_t ksc_profile_arch(const struct ksc_profile *p, size_t i)
{
	size_t j;

	if (!i)
		return p->native;
	for (j = 0; j < p->nr_arches; j++) {
		if (p->arches[j] != p->native && !--i)
			return p->arches[j];
	}
	return 0;
}

static size_t count_arches(const struct ksc_profile *p)
{
	size_t n = 0;

	while (ksc_profile_arch(p, n))
		n++;
	return n;
}

int profile_ask_numbers(struct ksc_profile *p)
{
	size_t arches = count_arches(p), lines = 0, i;
	unsigned int release;
	const char *name;
	int *nrs;

	while (!ksc_release_next(lines, &name, &release))
		lines++;
	p->numbers = calloc(lines * arches, sizeof(*p->numbers));
	if (!p->numbers)
		return -ENOMEM;
	p->nr_numbers = arches;
	for (nrs = p->numbers, lines = 0; !ksc_release_next(lines, &name, &release); lines++) {
		for (i = 0; i < arches; i++)
			*nrs++ = seccomp_syscall_resolve_name_arch(ksc_profile_arch(p, i), name);
	}
	return 0;
}

const int *profile_numbers(const struct ksc_profile *p, const char *name)
{
	int line = ksc_release_line(name);

	return line < 0 ? NULL : &p->numbers[(size_t)line * p->nr_numbers];
}

int profile_rule_nr(const struct ksc_profile *p, const struct ksc_profile_rule *r, size_t i)
{
	return r->nrs ? r->nrs[i] :
			seccomp_syscall_resolve_name_arch(ksc_profile_arch(p, i), r->name);
}

int profile_largest(const struct ksc_profile *p, const struct rule *rules, size_t n,
		    uint32_t token)
{
	int nr, max = 0;
	size_t i, arch;
	uint32_t have;

	for (arch = 0; (have = ksc_profile_arch(p, arch)) && have != token; arch++)
		;
	for (i = 0; have && i < n; i++) {
		nr = profile_rule_nr(p, &rules[i].pub, arch);
		max = nr > max ? nr : max;
	}
	return max;
}
