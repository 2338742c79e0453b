// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>

#include "fixtures.h"
#include "grammar.h"
#include "trial.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define PICK(words, seed)	((words)[fixture_random(seed) % ARRAY_SIZE(words)])
/* Once in @n. */
#define ONCE_IN(n, seed)	(!(fixture_random(seed) % (n)))

/* Multiplexed and not, 64-bit and 32-bit alone, new ones, and some that nobody has. */
static const char *const names[] = {
	"read", "write", "clone", "clone3", "prctl", "personality", "ioctl", "socket", "bind",
	"accept", "accept4", "socketcall", "ipc", "semop", "shmat", "msgget", "openat2",
	"faccessat2", "mseal", "cachestat", "mount", "ptrace", "keyctl", "clock_gettime64",
	"semtimedop_time64", "stat64", "arch_prctl", "uretprobe", "no_such_call", "another_one",
	"novel_0", "novel_16", "exit_group", "sendmsg", "futex_time64", "map_shadow_stack",
};

static const char *const actions[] = {
	"ALLOW", "ALLOW", "ALLOW", "ALLOW", "ERRNO", "ERRNO", "ERRNO", "KILL", "KILL_THREAD",
	"KILL_PROCESS", "TRAP", "TRACE", "LOG", "NOTIFY",
};

static const char *const defaults[] = {
	"ERRNO", "ERRNO", "ERRNO", "ERRNO", "ERRNO", "KILL", "KILL_PROCESS", "TRAP", "ALLOW",
	"LOG", "TRACE",
};

static const int errnos[] = { EPERM, EPERM, ENOSYS, ENOSYS, EACCES, EINVAL, 89, 0, 4095 };

static const char *const operators[] = {
	"NE", "LT", "LE", "EQ", "EQ", "GE", "GT", "MASKED_EQ", "MASKED_EQ",
};

/* Where comparisons of halves go wrong. */
static const uint64_t values[] = {
	0, 1, 2, 5, 7, 8, 9, 16, 40, 0x7e020000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
	0x100000000, 0x100000001, 0x100000007, 0x7fffffffffffffff, 0x8000000000000000,
	0xffffffff00000000, 0xfffffffffffffffe, 0xffffffffffffffff,
};

static void add_word(struct json_object *obj, const char *key, const char *prefix,
		     const char *word)
{
	char text[64];

	snprintf(text, sizeof(text), "%s%s", prefix, word);
	json_object_object_add(obj, key, json_object_new_string(text));
}

static bool takes_errno(const char *action)
{
	return (action[0] == 'E' && action[1] == 'R') || (action[0] == 'T' && action[3] == 'C');
}

static uint64_t random_value(uint32_t *seed)
{
	if (ONCE_IN(8, seed))
		return (uint64_t)fixture_random(seed) << 32 | fixture_random(seed);
	return PICK(values, seed);
}

static struct json_object *random_args(uint32_t *seed)
{
	struct json_object *args = json_object_new_array(), *arg;
	unsigned int n = 1 + ONCE_IN(3, seed) + ONCE_IN(8, seed), i;

	for (i = 0; i < n; i++) {
		arg = json_object_new_object();
		/* On few arguments, so that rules meet. */
		json_object_object_add(arg, "index", json_object_new_int(
				       (int)(fixture_random(seed) % (ONCE_IN(4, seed) ? 6 : 3))));
		json_object_object_add(arg, "value",
				       json_object_new_uint64(random_value(seed)));
		if (ONCE_IN(2, seed))
			json_object_object_add(arg, "valueTwo",
					       json_object_new_uint64(random_value(seed)));
		add_word(arg, "op", "SCMP_CMP_", PICK(operators, seed));
		json_object_array_add(args, arg);
	}
	return args;
}

static struct json_object *random_entry(const char *const *few, unsigned int nr_few,
					uint32_t *seed)
{
	struct json_object *entry = json_object_new_object();
	struct json_object *list = json_object_new_array();
	unsigned int n = ONCE_IN(3, seed) ? 1 + fixture_random(seed) % 4 : 1, i;
	const char *action = PICK(actions, seed);

	for (i = 0; i < n; i++)
		json_object_array_add(list, json_object_new_string(
				      few[fixture_random(seed) % nr_few]));
	json_object_object_add(entry, "names", list);
	add_word(entry, "action", "SCMP_ACT_", action);
	if (takes_errno(action) && !ONCE_IN(3, seed))
		json_object_object_add(entry, "errnoRet", json_object_new_int(PICK(errnos, seed)));
	if (!ONCE_IN(3, seed))
		json_object_object_add(entry, "args", random_args(seed));
	return entry;
}

struct json_object *grammar_profile(const struct fixture_machine *m, uint32_t *seed)
{
	struct json_object *obj = json_object_new_object();
	struct json_object *arches = json_object_new_array();
	struct json_object *entries = json_object_new_array();
	unsigned int n = 1 + fixture_random(seed) % 12, nr_few = 1 + fixture_random(seed) % 5, i;
	const char *def = PICK(defaults, seed), *few[5], *arch;
	const struct fixture_abi *a;

	add_word(obj, "defaultAction", "SCMP_ACT_", def);
	if (takes_errno(def) && !ONCE_IN(3, seed))
		json_object_object_add(obj, "defaultErrnoRet",
				       json_object_new_int(PICK(errnos, seed)));
	for (a = m->abis; a->name; a++) {
		arch = notes_arch_name(a->token);
		if (arch && !ONCE_IN(4, seed)) {
			char text[64];

			snprintf(text, sizeof(text), "SCMP_ARCH_%s", arch);
			json_object_array_add(arches, json_object_new_string(text));
		}
	}
	json_object_object_add(obj, "architectures", arches);
	for (i = 0; i < nr_few; i++)
		few[i] = PICK(names, seed);
	for (i = 0; i < n; i++)
		json_object_array_add(entries, random_entry(few, nr_few, seed));
	json_object_object_add(obj, "syscalls", entries);
	return obj;
}
