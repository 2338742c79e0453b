// SPDX-License-Identifier: GPL-2.0-only
/*
 * Filters under construction, kept as libseccomp keeps them: each has its rules by
 * architecture.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <ksyscalls-seccomp.h>

#include "../../lib/shared.h"
#include "notes.h"

/* Whoever asks for more names than there are does not write a filter. */
#define ASKED_MAX	4096
#define NAME_ROOM	64

struct rule {
	int nr;			/* this machine's own; a pseudo number is negative */
	uint32_t action;
	bool args;
};

struct arch {
	struct arch *next;
	uint32_t token;
	struct rule *rules;
	size_t nr_rules, room;
};

struct asked {
	int nr;
	char name[NAME_ROOM];
};

struct names {
	struct asked *asked;
	size_t count, room;
};

struct filter {
	struct filter *next;
	scmp_filter_ctx ctx;	/* NULL: the thread's next one, whose names are asked for first */
	pthread_t thread;	/* that began it */
	bool doubtful;
	struct arch *archs;
	struct names names;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct filter *filters;
static const struct ksc_policy *knobs;	/* NULL: nothing is noted */

static void lock_all(void)
{
	pthread_mutex_lock(&lock);
}

static void unlock_all(void)
{
	pthread_mutex_unlock(&lock);
}

int notes_start(struct ksc_policy *p)
{
	/* A child may fork off while another thread notes something. */
	int ret = -pthread_atfork(lock_all, unlock_all, unlock_all);

	if (!ret)
		knobs = p;
	return ret;
}

/* ---- lists ---------------------------------------------------------------- */

static struct filter *find(const scmp_filter_ctx ctx)
{
	struct filter *f;

	for (f = ctx ? filters : NULL; f && f->ctx != ctx; f = f->next)
		;
	return f;
}

/* Room for one more, or false. */
static bool make_room(void *array, size_t count, size_t *room, size_t size)
{
	size_t wanted = *room ? *room * 2 : 64;
	void *grown;

	if (count < *room)
		return true;
	grown = realloc(*(void **)array, wanted * size);
	if (!grown)
		return false;
	*(void **)array = grown;
	*room = wanted;
	return true;
}

static struct arch **find_arch(struct filter *f, uint32_t token)
{
	struct arch **a;

	if (token == SCMP_ARCH_NATIVE)
		token = seccomp_arch_native();
	for (a = &f->archs; *a && (*a)->token != token; a = &(*a)->next)
		;
	return a;
}

static bool is_mine(const struct filter *f)
{
	return pthread_equal(f->thread, pthread_self());
}

/* The one that this thread has not begun yet. */
static struct filter *find_next(void)
{
	struct filter *f;

	for (f = filters; f && (f->ctx || !is_mine(f)); f = f->next)
		;
	return f;
}

static struct filter *add_filter(const scmp_filter_ctx ctx)
{
	struct filter *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->ctx = ctx;
	f->thread = pthread_self();
	f->next = filters;
	filters = f;
	return f;
}

static void add_arch(struct filter *f, uint32_t token)
{
	struct arch **a = find_arch(f, token);

	if (*a)
		return;
	*a = calloc(1, sizeof(**a));
	if (!*a)
		f->doubtful = true;
	else
		(*a)->token = token == SCMP_ARCH_NATIVE ? seccomp_arch_native() : token;
}

static void remove_arch(struct arch **at)
{
	struct arch *a = *at;

	*at = a->next;
	free(a->rules);
	free(a);
}

static void empty(struct filter *f)
{
	while (f->archs)
		remove_arch(&f->archs);
	free(f->names.asked);
	f->names = (struct names) {};
}

static void drop(const scmp_filter_ctx ctx)
{
	struct filter **at, *f = find(ctx);

	if (!f)
		return;
	for (at = &filters; *at != f; at = &(*at)->next)
		;
	*at = f->next;
	empty(f);
	free(f);
}

static bool add_name(struct names *names, const char *name, int nr)
{
	struct asked *asked;
	size_t i;

	for (i = 0; i < names->count; i++)
		if (!strcmp(names->asked[i].name, name))
			return true;
	if (names->count == ASKED_MAX ||
	    !make_room(&names->asked, names->count, &names->room, sizeof(*asked)))
		return false;
	asked = &names->asked[names->count++];
	asked->nr = nr;
	strcpy(asked->name, name);
	return true;
}

/* ---- notes ---------------------------------------------------------------- */

void notes_add(const scmp_filter_ctx ctx)
{
	struct filter *f;

	if (!knobs || !ctx)
		return;
	lock_all();
	/* Released by what we do not see. */
	drop(ctx);
	f = find_next() ?: add_filter(ctx);
	if (f) {
		f->ctx = ctx;
		add_arch(f, SCMP_ARCH_NATIVE);
	}
	unlock_all();
}

void notes_drop(const scmp_filter_ctx ctx)
{
	lock_all();
	drop(ctx);
	unlock_all();
}

void notes_reset(const scmp_filter_ctx ctx)
{
	struct filter *f;

	lock_all();
	f = find(ctx);
	if (f) {
		empty(f);
		f->doubtful = false;
		add_arch(f, SCMP_ARCH_NATIVE);
	}
	unlock_all();
}

static void move_all(struct filter *to, struct filter *from)
{
	struct arch **end;
	size_t i;

	for (end = &to->archs; *end; end = &(*end)->next)
		;
	*end = from->archs;
	from->archs = NULL;
	to->doubtful |= from->doubtful;
	for (i = 0; i < from->names.count; i++)
		if (!add_name(&to->names, from->names.asked[i].name, from->names.asked[i].nr))
			to->doubtful = true;
}

void notes_merge(const scmp_filter_ctx dst, const scmp_filter_ctx src)
{
	struct filter *to, *from;

	lock_all();
	to = find(dst);
	from = find(src);
	if (to && from)
		move_all(to, from);
	else if (to)
		to->doubtful = true;
	drop(src);
	unlock_all();
}

void notes_doubt(const scmp_filter_ctx ctx)
{
	struct filter *f;

	lock_all();
	f = find(ctx);
	if (f)
		f->doubtful = true;
	unlock_all();
}

void notes_add_arch(const scmp_filter_ctx ctx, uint32_t token)
{
	struct filter *f;

	lock_all();
	f = find(ctx);
	if (f)
		add_arch(f, token);
	unlock_all();
}

void notes_remove_arch(const scmp_filter_ctx ctx, uint32_t token)
{
	struct arch **a;
	struct filter *f;

	lock_all();
	f = find(ctx);
	a = f ? find_arch(f, token) : NULL;
	if (a && *a)
		remove_arch(a);
	unlock_all();
}

void notes_add_rule(const scmp_filter_ctx ctx, uint32_t action, int nr, bool args)
{
	struct filter *f;
	struct arch *a;

	lock_all();
	f = find(ctx);
	for (a = f ? f->archs : NULL; a; a = a->next) {
		if (make_room(&a->rules, a->nr_rules, &a->room, sizeof(*a->rules)))
			a->rules[a->nr_rules++] = (struct rule) { nr, action, args };
		else
			f->doubtful = true;
	}
	unlock_all();
}

/* Threads that build filters at the same time have nothing to do with each other. */
void notes_ask(const char *name, int nr)
{
	bool found = false;
	struct filter *f;

	if (!knobs || !name || !*name || strlen(name) >= NAME_ROOM)
		return;
	lock_all();
	for (f = filters; f; f = f->next) {
		if (!is_mine(f))
			continue;
		f->doubtful |= !add_name(&f->names, name, nr);
		found = true;
	}
	if (!found) {
		f = add_filter(NULL);
		if (f)
			add_name(&f->names, name, nr);
	}
	unlock_all();
}

/* ---- the policy ----------------------------------------------------------- */

static int tell_rule(struct ksc_policy *p, uint32_t token, int nr, uint32_t action, bool args)
{
	int ret = ksc_seccomp_rule_added(p, token, nr, action, args ? KSC_RULE_ARGS : 0);

	/* An architecture that the view does not have. */
	return ret == -ENOENT ? 0 : ret;
}

static bool has_rule(const struct arch *a, int nr)
{
	size_t i;

	for (i = 0; i < a->nr_rules; i++)
		if (a->rules[i].nr == nr)
			return true;
	return false;
}

/*
 * The program named it, and what came of it is the default. If libseccomp does not know the
 * name, nobody but the program knows what it wanted: not clear, which allows nothing.
 */
static int tell_asked(struct ksc_policy *p, const struct arch *a, const struct asked *asked,
		      uint32_t action)
{
	int ret;

	if (asked->nr != __NR_SCMP_ERROR && has_rule(a, asked->nr))
		return 0;
	if (asked->nr != __NR_SCMP_ERROR)
		return tell_rule(p, a->token, asked->nr, action, false);
	ret = ksc_seccomp_rule(p, a->token, asked->name, SCMP_ACT_ALLOW, KSC_RULE_ARGS);
	return ret == -ENOENT ? 0 : ret;
}

static int tell_all(struct ksc_policy *p, const struct filter *f, bool *notifies)
{
	const struct arch *a;
	uint32_t action;
	size_t i;
	int ret;

	ret = seccomp_attr_get(f->ctx, SCMP_FLTATR_ACT_DEFAULT, &action);
	*notifies = action == SCMP_ACT_NOTIFY;
	for (a = f->archs; a; a = a->next) {
		for (i = 0; !ret && i < a->nr_rules; i++) {
			*notifies |= a->rules[i].action == SCMP_ACT_NOTIFY;
			ret = tell_rule(p, a->token, a->rules[i].nr, a->rules[i].action,
					a->rules[i].args);
		}
		for (i = 0; !ret && i < f->names.count; i++)
			ret = tell_asked(p, a, &f->names.asked[i], action);
	}
	return ret;
}

struct ksc_policy *notes_policy(const scmp_filter_ctx ctx, bool *notifies)
{
	struct ksc_policy *p = NULL;
	const struct filter *f;
	int ret;

	*notifies = false;
	if (!knobs)
		return NULL;
	lock_all();
	f = find(ctx);
	ret = f && !f->doubtful ? ksc_seccomp_policy(&p, ksc_policy_view(knobs), ctx) : -ENOENT;
	if (!ret)
		ret = ksc_policy_take_knobs(p, knobs);
	if (!ret)
		ret = tell_all(p, f, notifies);
	unlock_all();
	if (!ret)
		return p;
	ksc_policy_free(p);
	return NULL;
}
