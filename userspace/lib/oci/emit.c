// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The rules of the new profile, one after the other.
 */
#include <errno.h>

#include "work.h"

int rules_append(struct work *w, const struct ksc_profile_rule *r, unsigned int entry,
		 uint32_t action)
{
	struct rule *out = rules_grow(w->out, w->nr_out);

	if (!out)
		return -ENOMEM;
	w->out = out;
	out[w->nr_out] = (struct rule){ .pub = *r };
	out[w->nr_out].pub.entry = entry;
	out[w->nr_out++].pub.action = action;
	return 0;
}

int rules_emit(struct work *w, const struct ksc_profile_rule *r, unsigned int entry,
	       uint32_t action)
{
	/* What all readers skip, and what runc before 1.1 refused. */
	if (rules_skip(w->readers, w->def_action, action))
		return 0;
	return rules_append(w, r, entry, action);
}

int rules_emit_plain(struct work *w, const char *name, uint32_t action)
{
	struct ksc_profile_rule r = { .name = name, .nrs = profile_numbers(w->p, name) };
	uint32_t enosys = ksc_ret_enosys(w->p->native);
	uint32_t usual = w->def_action == enosys ? w->p->def_action : enosys;

	/* One entry has one action. */
	return rules_emit(w, &r, action == usual ? ENTRY_ADDED : ++w->next_entry, action);
}
