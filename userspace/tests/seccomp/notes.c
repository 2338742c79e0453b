// SPDX-License-Identifier: GPL-2.0-only
#include <json-c/json.h>
#include <linux/audit.h>
#include <linux/elf-em.h>
#include <seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "notes.h"

#ifndef EM_LOONGARCH
#define EM_LOONGARCH	258
#endif

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static const struct {
	uint32_t token;
	const char *name;
} arches[] = {
	{ SCMP_ARCH_X86_64, "X86_64" }, { SCMP_ARCH_X86, "X86" }, { SCMP_ARCH_X32, "X32" },
	{ SCMP_ARCH_AARCH64, "AARCH64" }, { SCMP_ARCH_ARM, "ARM" },
	{ SCMP_ARCH_PPC64LE, "PPC64LE" }, { SCMP_ARCH_S390X, "S390X" },
	{ SCMP_ARCH_S390, "S390" }, { SCMP_ARCH_RISCV64, "RISCV64" },
	{ SCMP_ARCH_MIPSEL64, "MIPSEL64" }, { SCMP_ARCH_MIPSEL64N32, "MIPSEL64N32" },
	{ SCMP_ARCH_MIPSEL, "MIPSEL" },
	{ EM_LOONGARCH | __AUDIT_ARCH_64BIT | __AUDIT_ARCH_LE, "LOONGARCH64" },
};

const char *notes_arch_name(uint32_t token)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(arches); i++) {
		if (arches[i].token == token)
			return arches[i].name;
	}
	return NULL;
}

static uint32_t arch_named(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(arches); i++) {
		if (!strcmp(arches[i].name, name))
			return arches[i].token;
	}
	fail_msg("no architecture is named %s", name);
	return 0;
}

static const char *text_of(struct json_object *obj, const char *key)
{
	struct json_object *v;

	return json_object_object_get_ex(obj, key, &v) ? json_object_get_string(v) : NULL;
}

static uint32_t number_of(struct json_object *obj, const char *key, uint32_t missing)
{
	struct json_object *v;

	return json_object_object_get_ex(obj, key, &v) ? (uint32_t)json_object_get_int64(v) :
							 missing;
}

void notes_read(struct notes *notes, struct json_object *report)
{
	struct json_object *array, *n;
	const char *of;
	size_t i;

	*notes = (struct notes){ 0 };
	if (!json_object_object_get_ex(report, "inexpressible", &array))
		return;
	notes->count = json_object_array_length(array);
	notes->list = calloc(notes->count + 1, sizeof(*notes->list));
	assert_non_null(notes->list);
	for (i = 0; i < notes->count; i++) {
		n = json_object_array_get_idx(array, i);
		of = text_of(n, "architecture");
		assert_true(*text_of(n, "what"));
		notes->list[i] = (struct note){
			.why = text_of(n, "why"), .name = text_of(n, "name"),
			.token = of ? arch_named(of) : 0, .first = number_of(n, "nr", 0),
		};
		notes->list[i].last = number_of(n, "last", notes->list[i].first);
	}
}

const char *notes_excuse(const struct notes *notes, uint32_t token, uint32_t nr, const char *name)
{
	const struct note *n;

	for (n = notes->list; n < notes->list + notes->count; n++) {
		if (n->token ? n->token == token && nr >= n->first && nr <= n->last :
			       name && n->name && !strcmp(n->name, name))
			return n->why;
	}
	return NULL;
}
