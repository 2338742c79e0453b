// SPDX-License-Identifier: GPL-2.0-only
/*
 * explain for programs.
 */
#include <json-c/json.h>
#include <stdio.h>

#include <ksyscalls-seccomp.h>

#include "explain.h"

static struct json_object *json_changes(const struct question *q, size_t runtime,
					const struct ksc_abi *abi)
{
	struct json_object *list = json_object_new_array(), *obj;
	char buf[24], why[KSC_EXPLAIN_MAX];
	uint32_t arch = ksc_abi_audit_arch(abi), end = explain_numbers(abi), nr, from, to;

	for (nr = 0; nr < end; nr++) {
		if (!explain_change(q, runtime, abi, nr, &from, &to))
			continue;
		obj = json_object_new_object();
		json_object_object_add(obj, "nr", json_object_new_int64(nr));
		tool_json_text(obj, "name", explain_name(q, abi, nr));
		tool_json_text(obj, "from", explain_action(arch, from, buf, sizeof(buf)));
		tool_json_text(obj, "to", explain_action(arch, to, buf, sizeof(buf)));
		tool_json_text(obj, "reason", explain_reason(q, abi, nr, why));
		json_object_array_add(list, obj);
	}
	return list;
}

static struct json_object *json_count(const struct question *q, size_t runtime,
				      const struct ksc_abi *abi)
{
	struct json_object *obj = json_object_new_object();
	struct explain_count n;

	explain_count(q, runtime, abi, &n);
	json_object_object_add(obj, "reachable", json_object_new_int64(n.reachable));
	json_object_object_add(obj, "reachable_of", json_object_new_int64(n.reachable_of));
	json_object_object_add(obj, "all", json_object_new_int64(n.all));
	json_object_object_add(obj, "all_of", json_object_new_int64(n.all_of));
	return obj;
}

static struct json_object *json_abi(const struct question *q, const struct ksc_abi *abi)
{
	struct json_object *obj = json_object_new_object();
	struct json_object *rows = json_object_new_object();
	struct json_object *changes = json_object_new_object();
	struct json_object *counted = json_object_new_object();
	unsigned int counts[EXPLAIN_COLUMNS];
	size_t i;

	explain_rows(q, abi, counts);
	tool_json_text(obj, "abi", ksc_abi_id(abi));
	json_object_object_add(obj, "numbers", json_object_new_int64(explain_numbers(abi)));
	for (i = 0; i < EXPLAIN_COLUMNS; i++)
		json_object_object_add(rows, explain_columns[i].key,
				       json_object_new_int64(counts[i]));
	json_object_object_add(obj, "rows", rows);
	for (i = 0; q->filter.profile && i < EXPLAIN_RUNTIMES; i++) {
		json_object_object_add(changes, explain_runtimes[i].name, json_changes(q, i, abi));
		json_object_object_add(counted, explain_runtimes[i].name, json_count(q, i, abi));
	}
	json_object_object_add(obj, "changes", changes);
	json_object_object_add(obj, "changed", counted);
	return obj;
}

static struct json_object *json_unknown(const struct question *q)
{
	struct json_object *list = json_object_new_array();
	const struct ksc_profile_rule *r;

	if (!q->filter.profile)
		return list;
	ksc_profile_rule_foreach(r, q->filter.profile) {
		if (ksc_profile_rule_nr(r) == __NR_SCMP_ERROR)
			json_object_array_add(list,
					      json_object_new_string(ksc_profile_rule_name(r)));
	}
	return list;
}

/* The names that the baseline was inferred from, or those held to be outliers. */
static struct json_object *json_names(const struct question *q,
				      const char *(*next)(const struct ksc_policy *p, size_t i))
{
	struct json_object *list = json_object_new_array();
	const char *name;
	size_t i;

	for (i = 0; (name = next(q->filter.policy, i)); i++)
		json_object_array_add(list, json_object_new_string(name));
	return list;
}

int explain_json(const struct question *q)
{
	struct json_object *obj = json_object_new_object();
	struct json_object *list = json_object_new_array();
	const struct ksc_abi *abi;

	tool_json_release(obj, "baseline", ksc_policy_baseline(q->filter.policy));
	json_object_object_add(obj, "baseline_from", json_names(q, ksc_policy_witness));
	json_object_object_add(obj, "outliers", json_names(q, ksc_policy_outlier));
	ksc_abi_foreach(abi, q->k)
		json_object_array_add(list, json_abi(q, abi));
	json_object_object_add(obj, "abis", list);
	json_object_object_add(obj, "unknown_to_libseccomp", json_unknown(q));
	return tool_print_json(q->t, obj);
}

static struct json_object *json_call(const struct question *q, const struct explain_call *call)
{
	const struct ksc_abi *abi = call->abi;
	enum ksc_row row = explain_row(q, abi, call->nr);
	uint32_t action = explain_verdict(q, abi, call->nr);
	struct json_object *obj = json_object_new_object();
	char buf[24], why[KSC_EXPLAIN_MAX];
	size_t i;

	tool_json_text(obj, "asked", call->word);
	tool_json_text(obj, "abi", ksc_abi_id(abi));
	json_object_object_add(obj, "nr", json_object_new_int64(call->nr));
	tool_json_text(obj, "name", explain_name(q, abi, call->nr));
	for (i = 0; i < EXPLAIN_COLUMNS; i++) {
		if (explain_columns[i].row == row)
			tool_json_text(obj, "row", explain_columns[i].key);
	}
	/* null: the profile's own filter answers. */
	tool_json_text(obj, "answer", !action ? NULL :
		   explain_action(ksc_abi_audit_arch(abi), action, buf, sizeof(buf)));
	tool_json_text(obj, "profile", action || !q->filter.profile ? NULL :
		       explain_own_text(q, abi, call->nr, buf, sizeof(buf)));
	tool_json_text(obj, "reason", explain_reason(q, abi, call->nr, why));
	return obj;
}

int explain_json_some(const struct question *q, const struct explain_call *calls, size_t n)
{
	struct json_object *list = json_object_new_array();
	size_t i;

	for (i = 0; i < n; i++)
		json_object_array_add(list, json_call(q, &calls[i]));
	return tool_print_json(q->t, list);
}
