// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Rules that look at arguments: what they take, and rules for what they leave.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "work.h"

static int take(struct taken *t, const struct arg_rule *r)
{
	struct arg_rule *v = reallocarray(t->v, t->n + 1, sizeof(*v));

	if (!v)
		return -ENOMEM;
	t->v = v;
	v[t->n++] = *r;
	return 0;
}

/* The conditions of a rule; @m: as the multiplexer sees them, or NULL. */
static int take_conditions(struct taken *t, const struct scmp_arg_cmp *args, unsigned int n,
			   const struct muxed *m)
{
	struct arg_rule r = {};
	unsigned int i;

	if (m)
		r.args[r.nr_args++] = (struct scmp_arg_cmp){ .op = SCMP_CMP_EQ,
							      .datum_a = m->call };
	for (i = 0; i < n; i++) {
		if (!m || args[i].arg)
			r.args[r.nr_args++] = args[i];
	}
	return take(t, &r);
}

static int take_rule(struct taken *t, const struct ksc_profile_rule *r, const struct muxed *m)
{
	unsigned int i;
	int ret = 0;

	if (!args_are_alternatives(r))
		return take_conditions(t, r->args, r->nr_args, m);
	for (i = 0; !ret && i < r->nr_args; i++)
		ret = take_conditions(t, &r->args[i], 1, m);
	return ret;
}

static int take_muxed(struct work *w, struct taken *t, const struct cell *mux)
{
	struct muxed m;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < w->nr_by_name; i++) {
		if (rules_find_muxed(mux->token, w->by_name[i]->name, &m) && m.mux == mux->nr)
			ret = take_rule(t, w->by_name[i], &m);
	}
	return ret;
}

/* Everything that the profile's rules take of a name's calls. */
int rules_take(struct work *w, struct taken *t, const struct cell *v, size_t n,
	       rule_list rules, size_t nr_rules)
{
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < nr_rules; i++)
		ret = take_rule(t, rules[i], NULL);
	for (i = 0; !ret && i < n && is_mux(v[i].name); i++)
		ret = take_muxed(w, t, &v[i]);
	return ret;
}

static bool looks_at_first(const struct taken *t)
{
	size_t i, j;

	for (i = 0; i < t->n; i++) {
		for (j = 0; j < t->v[i].nr_args; j++) {
			if (!t->v[i].args[j].arg)
				return true;
		}
	}
	return false;
}

static int note_lost(struct work *w, const char *name, const char *why)
{
	struct rules_note n = { .kind = RULES_ARGS, .name = (char *)name };

	return rules_note(w->notes, n, "%s: %s; what no rule takes of it gets the default "
			  "of who reads it", name, why);
}

/* What the profile denies of a name by default. */
int rules_emit_complement(struct work *w, const char *name, const struct taken *t)
{
	struct ksc_profile_rule r = { .name = name };
	struct arg_rule *args, **owned;
	size_t i, nr_args;
	int ret;

	/* The multiplexer has its call's number where the call has its first argument. */
	if (rules_reach_mux(w, name, false, !looks_at_first(t)))
		return note_lost(w, name, "a rule for it would contradict its multiplexer's");
	if (!t->n)
		return rules_emit_plain(w, name, w->p->def_action);
	ret = complement(t->v, t->n, &args, &nr_args);
	if (ret == -EOPNOTSUPP)
		return note_lost(w, name, "its arguments' complement is no list of rules");
	if (ret)
		return ret;
	owned = reallocarray(w->owned, w->nr_owned + 1, sizeof(*owned));
	if (!owned) {
		free(args);
		return -ENOMEM;
	}
	w->owned = owned;
	owned[w->nr_owned++] = args;
	for (i = 0; !ret && i < nr_args; i++) {
		r.args = args[i].args;
		r.nr_args = args[i].nr_args;
		ret = rules_emit(w, &r, ++w->next_entry, w->p->def_action);
	}
	return ret;
}
