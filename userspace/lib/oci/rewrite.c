// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * An OCI config.json, rewritten for one kernel.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "oci.h"
#include "rules.h"

#define DIGEST_LEN	32

/* ---- what we find ----------------------------------------------------- */

static int parse(struct ksc_oci *o, const char *text, size_t len, struct json_object **root)
{
	char why[160];
	int ret = json_read(text, len, root, why, sizeof(why));

	return ret ? oci_fail(o, ret, "config: %s", why) : 0;
}

/* To every runtime they are strings, and none reads on where one is not. */
static int check_annotations(struct ksc_oci *o, struct json_object *root)
{
	struct json_object *annotations;

	if (!json_object_object_get_ex(root, "annotations", &annotations) || !annotations)
		return 0;
	if (!json_object_is_type(annotations, json_type_object))
		return oci_fail(o, -EINVAL, "config: \"annotations\" is not an object");
	json_object_object_foreach(annotations, key, v) {
		if (v && !json_object_is_type(v, json_type_string))
			return oci_fail(o, -EINVAL, "config: annotations: \"%.60s\" is no string",
					key);
	}
	return 0;
}

static const char *annotation(struct json_object *root, const char *key)
{
	struct json_object *annotations, *v;

	if (!json_object_object_get_ex(root, "annotations", &annotations) ||
	    !json_object_is_type(annotations, json_type_object) ||
	    !json_object_object_get_ex(annotations, key, &v) ||
	    !json_object_is_type(v, json_type_string))
		return NULL;
	return json_object_get_string(v);
}

static int refuse_vm(struct ksc_oci *o, struct json_object *root)
{
	const char *handler = annotation(root, OCI_CRUN_HANDLER);
	struct json_object *vm;

	if (handler && oci_is_vm_runtime(handler))
		return oci_fail(o, -EOPNOTSUPP, "config: the handler %s runs the container under a "
				"kernel of its own", handler);
	if (json_object_object_get_ex(root, "vm", &vm) && vm)
		return oci_fail(o, -EOPNOTSUPP,
				"config: \"vm\": the container gets a kernel of its own");
	return 0;
}

#define MARK_LEN	(32 + 2 * DIGEST_LEN)

/* The mark that we were here: equal configurations and kernels make equal marks. */
static void print_mark(struct ksc_oci *o, char value[MARK_LEN])
{
	char hex[2 * DIGEST_LEN + 1];
	uint8_t digest[DIGEST_LEN];
	size_t i;

	ksc_digest(o->k, digest);
	for (i = 0; i < DIGEST_LEN; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	snprintf(value, MARK_LEN, "mode=%s tree=%s", oci_mode_names[o->used], hex);
}

/*
 * Annotations come from whoever starts the container, who need not be the one that
 * chose its profile. So ours is never followed, only recognised: what it claims
 * to have rewritten is left alone.
 */
static int recognise(struct ksc_oci *o, struct json_object *root, bool *ours)
{
	const char *mark = annotation(root, KSC_OCI_ANNOTATION);
	char current[MARK_LEN];

	*ours = mark;
	if (!mark) {
		if (annotation(root, OCI_CRUN_PROGRAM))
			return oci_fail(o, -EEXIST, "config: it has a %s that is not ours",
					OCI_CRUN_PROGRAM);
		return 0;
	}
	print_mark(o, current);
	if (!strstr(mark, " tree=") || strcmp(strstr(mark, " tree="), strstr(current, " tree=")))
		return oci_fail(o, -ESTALE, "config: it was rewritten for another kernel; make the "
				"bundle anew");
	o->why = "it has been rewritten before";
	return 0;
}

static int make_policy(struct ksc_oci *o, struct ksc_profile *p, struct ksc_policy **policy)
{
	const char *name;
	int ret;

	ret = ksc_policy_from_profile(policy, o->k, p, KSC_RELEASE_INFER);
	if (ret)
		return oci_fail(o, ret, "%s", *ksc_profile_error(p) ? ksc_profile_error(p) :
				strerror(-ret));
	ret = ksc_policy_take_knobs(*policy, o->knobs);
	if (ret) {
		ksc_policy_free(*policy);
		return ret;
	}
	o->used_baseline = ksc_policy_baseline(*policy);
	name = ksc_policy_witness(*policy, 0);
	snprintf(o->baseline_name, sizeof(o->baseline_name), "%s", name ?: "");
	return 0;
}

static int mark(struct ksc_oci *o, char **text)
{
	char value[MARK_LEN];

	print_mark(o, value);
	return splice_annotation(o, text, KSC_OCI_ANNOTATION, value);
}

/* Whoever may read it is to get what the policy says. */
static struct rules_aim aim_of(const struct ksc_oci *o, const struct ksc_profile *p)
{
	struct rules_aim aim = {
		.def_action = o->used == KSC_OCI_FLIP ? ksc_ret_enosys(p->native) : p->def_action,
		.readers = RULES_FOR_HEEDING, .possible = RULES_FOR_HEEDING,
	};

	if (*o->runtime)
		aim.possible = aim.readers = (o->heeds_default ? RULES_FOR_HEEDING : 0) |
					     (o->keeps_default ? RULES_FOR_OTHERS : 0);
	else if (o->used != KSC_OCI_FLIP)
		aim.possible |= RULES_FOR_OTHERS;
	return aim;
}

static int make_rules(struct ksc_oci *o, const struct ksc_policy *policy,
		      const struct ksc_profile *p, struct json_object **obj)
{
	struct rules_aim aim = aim_of(o, p);

	if (o->used == KSC_OCI_FLIP && o->keeps_default)
		return oci_fail(o, -EOPNOTSUPP, "mode flip: %s does not heed defaultErrnoRet; use "
				"mode auto", o->runtime);
	/* There are always numbers that no rule reaches, -1 for one. */
	if (o->used == KSC_OCI_FLIP && action_is_fatal(p->def_action))
		return oci_fail(o, -EOPNOTSUPP, "mode flip: what no rule reaches would get ENOSYS, "
				"and the profile kills there; use mode auto or explicit");
	return rules_from_policy(policy, p, &aim, oci_check_rules, o, obj, &o->notes);
}

/*
 * Left to choose, take flip where explicit does not say enough, and explicit, which costs
 * less and says less, rather than nothing.
 */
static bool pass_over(struct ksc_oci *o, int err)
{
	bool settled = o->used == KSC_OCI_EXPLICIT && !o->weighed;

	if (o->mode != KSC_OCI_AUTO || settled ||
	    (err != -E2BIG && err != -EOPNOTSUPP && err != -EEXIST))
		return false;
	o->passed_over = o->used;
	memcpy(o->passed_over_why, o->error, sizeof(o->passed_over_why));
	o->weighed = o->used == KSC_OCI_EXPLICIT;
	o->used = o->weighed ? KSC_OCI_FLIP : KSC_OCI_EXPLICIT;
	o->error[0] = '\0';
	rules_notes_free(&o->notes);
	o->prefix_len = o->program_len = 0;
	return true;
}

static int splice_rules(struct ksc_oci *o, const struct ksc_policy *policy,
			const struct ksc_profile *p, char **text, struct member seccomp)
{
	struct json_object *obj;
	char *json;
	int ret;

	ret = make_rules(o, policy, p, &obj);
	if (ret)
		return ret;
	json = json_text(obj, JSON_C_TO_STRING_PLAIN);
	ret = json ? splice_replace(text, seccomp.value, json, strlen(json)) : -ENOMEM;
	free(json);
	return ret;
}

/* Given a program crun looks at no name, and this annotation asks it to. */
static int check_unknown(struct ksc_oci *o, const struct ksc_profile *p, struct json_object *root)
{
	const char *asked = annotation(root, OCI_CRUN_FAIL_UNKNOWN);
	const struct ksc_profile_rule *r;

	if (!asked || !strcmp(asked, "0"))
		return 0;
	ksc_profile_rule_foreach(r, p) {
		if (r->native_nr == __NR_SCMP_ERROR && r->action != p->def_action)
			return oci_fail(o, -EINVAL, "config: libseccomp does not know %s, and %s "
					"asks crun to refuse that", r->name, OCI_CRUN_FAIL_UNKNOWN);
	}
	return 0;
}

static int splice_program(struct ksc_oci *o, const struct ksc_policy *policy,
			  struct ksc_profile *p, struct json_object *root, char **text)
{
	char *b64 = NULL;
	int ret;

	ret = check_unknown(o, p, root);
	if (!ret)
		ret = oci_make_program(o, policy, p, &b64);
	if (ret)
		return ret;
	ret = splice_annotation(o, text, OCI_CRUN_PROGRAM, b64);
	free(b64);
	return ret;
}

/*
 * The runtime's own, which is ours, unless the tree is another machine's. This
 * one's may lack it, which makes it unknown, and no other ABI the machine's own.
 */
static int set_native_arch(struct ksc_oci *o, struct ksc_profile *p)
{
	const char *root = ksc_root(o->k);
	const struct ksc_abi *abi;
	int ret;

	/* Names alone have no root. */
	if (!root || !strcmp(root, "/") || !strcmp(root, KSC_SURVEY_ROOT))
		return 0;
	ksc_abi_foreach(abi, o->k) {
		if (ksc_abi_scmp_arch(abi) == seccomp_arch_native())
			return 0;
	}
	abi = ksc_abi_native(o->k);
	if (!abi)
		return oci_fail(o, -ENOENT, "the tree has no ABI that is a machine's own");
	ret = ksc_profile_set_arch(p, ksc_abi_scmp_arch(abi));
	return ret ? oci_fail(o, ret, "%s", ksc_profile_error(p)) : 0;
}

static int rewrite_seccomp(struct ksc_oci *o, struct json_object *root, char **text,
			   struct member seccomp)
{
	struct ksc_policy *policy;
	struct ksc_profile *p;
	int ret;

	ret = ksc_profile_new(&p);
	if (ret)
		return ret;
	ret = set_native_arch(o, p);
	if (ret)
		goto free_profile;
	/* The whole of it tells that a runtime reads this, no engine. */
	ret = profile_load_json(p, root);
	if (ret == -ENODATA) {
		o->why = "linux.seccomp has neither defaultAction nor syscalls";
		ret = 0;
		goto free_profile;
	}
	if (ret) {
		oci_fail(o, ret, "%s", ksc_profile_error(p));
		goto free_profile;
	}
	if (action_is_silent(ksc_profile_default(p))) {
		o->why = "the profile's default refuses nothing";
		goto free_profile;
	}
	ret = make_policy(o, p, &policy);
	if (ret)
		goto free_profile;
	do {
		ret = o->used == KSC_OCI_BPF ? splice_program(o, policy, p, root, text) :
					       splice_rules(o, policy, p, text, seccomp);
	} while (ret && pass_over(o, ret));
	if (!ret)
		ret = mark(o, text);
	if (!ret)
		o->changed = true;
	ksc_policy_free(policy);
free_profile:
	ksc_profile_free(p);
	return ret;
}

/*
 * ksyscalls-runtime keeps what comes out for other configurations with the same linux.seccomp.
 * What else of them has a say here is known to its place.c, which leaves such ones to us.
 */
KSC_PUBLIC int ksc_oci_rewrite(struct ksc_oci *o, const char *text, size_t len, char **out,
			       size_t *out_len)
{
	struct json_object *root;
	struct member seccomp;
	char *copy;
	bool present, ours;
	int ret;

	*out = NULL;
	*out_len = 0;
	oci_start_afresh(o);
	ret = parse(o, text, len, &root);
	if (ret)
		return ret;
	copy = strndup(text, len);
	if (!copy) {
		ret = -ENOMEM;
		goto put_root;
	}
	ret = check_annotations(o, root);
	if (!ret)
		ret = refuse_vm(o, root);
	if (!ret && o->used == KSC_OCI_BPF && *o->runtime && !o->takes_program)
		ret = oci_fail(o, -EOPNOTSUPP, "mode bpf: %s reads no program from an annotation, "
			       "as crun does since 0.18; use mode auto", o->runtime);
	if (!ret)
		ret = splice_find_seccomp(o, copy, &seccomp, &present);
	if (ret)
		goto free_copy;
	if (!present) {
		o->why = "there is no linux.seccomp";
		goto done;
	}
	ret = recognise(o, root, &ours);
	if (ret || ours)
		goto done;
	ret = splice_check_keys(o, copy, seccomp.value.start);
	if (!ret)
		ret = rewrite_seccomp(o, root, &copy, seccomp);
done:
	if (ret)
		goto free_copy;
	*out = copy;
	*out_len = strlen(copy);
	json_object_put(root);
	return 0;

free_copy:
	free(copy);
put_root:
	json_object_put(root);
	if (!*o->error)
		oci_fail(o, ret, "%s", strerror(-ret));
	return ret;
}

KSC_PUBLIC int ksc_oci_profile(struct ksc_oci *o, struct ksc_profile *p, char **text)
{
	struct json_object *obj;
	struct ksc_policy *policy;
	int ret;

	*text = NULL;
	oci_start_afresh(o);
	if (o->used == KSC_OCI_BPF)
		o->used = KSC_OCI_FLIP;
	if (action_is_silent(ksc_profile_default(p))) {
		o->why = "the profile's default refuses nothing";
		ret = ksc_profile_to_oci(p, text);
		return ret ? oci_fail(o, ret, "%s", ret == -EINVAL ? "no profile is loaded" :
				      strerror(-ret)) : 0;
	}
	ret = make_policy(o, p, &policy);
	if (ret)
		return ret;
	do {
		ret = make_rules(o, policy, p, &obj);
	} while (ret && pass_over(o, ret));
	ksc_policy_free(policy);
	if (ret)
		return *o->error ? ret : oci_fail(o, ret, "%s", strerror(-ret));
	*text = json_text(obj, JSON_C_TO_STRING_PRETTY);
	o->changed = *text;
	return *text ? 0 : -ENOMEM;
}
