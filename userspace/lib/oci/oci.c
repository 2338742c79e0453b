// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * An OCI config.json, rewritten for one kernel.
 *
 * The text is cut and spliced, not parsed and written again: whatever is not
 * the value of linux.seccomp or an annotation of ours stays byte for byte.
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ksyscalls-oci.h>

#include "profile.h"
#include "rules.h"

#define CRUN_ANNOTATION		"run.oci.seccomp_bpf_data"
#define CRUN_HANDLER		"run.oci.handler"
#define CONFIG_MAX		(32u << 20)
#define RUNTIME_MAX		(256u << 20)
#define DIGEST_LEN		32
#define TEMPORARY_TRIES		100

struct ksc_oci {
	const struct ksc *k;
	enum ksc_oci_mode mode;
	char runtime[64];		/* the last that was told; "": none */
	bool takes_program;		/* from an annotation, each of them */
	bool keeps_default;		/* whatever defaultErrnoRet says, some of them */
	unsigned int baseline;
	unsigned int flags;

	/* of the last rewriting */
	enum ksc_oci_mode used;
	unsigned int used_baseline;
	char baseline_name[64];
	bool changed;
	const char *why;		/* nothing was changed */
	size_t prefix_len, program_len;
	struct rules_notes notes;
	char error[320];
};

static const char *const mode_names[] = {
	[KSC_OCI_AUTO]		= "auto",
	[KSC_OCI_BPF]		= "bpf",
	[KSC_OCI_FLIP]		= "flip",
	[KSC_OCI_EXPLICIT]	= "explicit",
};

__attribute__((format(printf, 3, 4)))
static int fail(struct ksc_oci *o, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(o->error, sizeof(o->error), fmt, ap);
	va_end(ap);
	return err;
}

/* ---- set-up ----------------------------------------------------------- */

KSC_EXPORT int ksc_oci_new(struct ksc_oci **op, const struct ksc *k)
{
	struct ksc_oci *o = calloc(1, sizeof(*o));

	if (!o)
		return -ENOMEM;
	o->k = k;
	o->baseline = KSC_RELEASE_INFER;
	*op = o;
	return 0;
}

KSC_EXPORT void ksc_oci_free(struct ksc_oci *o)
{
	if (!o)
		return;
	rules_notes_free(&o->notes);
	free(o);
}

KSC_EXPORT const char *ksc_oci_error(const struct ksc_oci *o)
{
	return o->error;
}

KSC_EXPORT int ksc_oci_mode_parse(const char *text, enum ksc_oci_mode *mode)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mode_names); i++) {
		if (!strcmp(mode_names[i], text)) {
			*mode = (enum ksc_oci_mode)i;
			return 0;
		}
	}
	return -EINVAL;
}

KSC_EXPORT void ksc_oci_set_mode(struct ksc_oci *o, enum ksc_oci_mode mode)
{
	o->mode = mode;
}

/* Runtimes with a kernel of their own, to which nothing of this host's applies. */
static bool is_vm_runtime(const char *name)
{
	static const char *const words[] = { "kata", "runsc", "gvisor", "krun", "crun-vm",
					     "firecracker", "nabla" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (!strncasecmp(name, words[i], strlen(words[i])))
			return true;
	}
	return false;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Does a file contain the annotation's name? crun does since 0.18. */
static bool reads_annotation(const char *path)
{
	struct stat st;
	bool found = false;
	char *text;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return false;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || !st.st_size || st.st_size > RUNTIME_MAX)
		goto close_fd;
	text = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (text == MAP_FAILED)
		goto close_fd;
	found = memmem(text, (size_t)st.st_size, CRUN_ANNOTATION, strlen(CRUN_ANNOTATION));
	munmap(text, (size_t)st.st_size);
close_fd:
	close(fd);
	return found;
}

KSC_EXPORT int ksc_oci_set_runtime(struct ksc_oci *o, const char *path)
{
	const char *name = base_name(path);
	bool crun = !strncmp(name, "crun", 4), takes;

	if (is_vm_runtime(name))
		return fail(o, -EOPNOTSUPP, "%s runs containers under a kernel of their own: this "
			    "host's syscalls say nothing of it", name);
	takes = crun && (name == path || reads_annotation(path));
	o->takes_program = takes && (!*o->runtime || o->takes_program);
	/* flip rests on defaultErrnoRet, which crun 0.17 reads and does not use. */
	o->keeps_default |= crun && !takes;
	snprintf(o->runtime, sizeof(o->runtime), "%s", name);
	return 0;
}

KSC_EXPORT void ksc_oci_set_baseline(struct ksc_oci *o, unsigned int baseline)
{
	o->baseline = baseline;
}

KSC_EXPORT void ksc_oci_set_flags(struct ksc_oci *o, unsigned int flags)
{
	o->flags = flags;
}

static enum ksc_oci_mode effective_mode(const struct ksc_oci *o)
{
	if (o->mode != KSC_OCI_AUTO)
		return o->mode;
	if (o->takes_program)
		return KSC_OCI_BPF;
	return o->keeps_default ? KSC_OCI_EXPLICIT : KSC_OCI_FLIP;
}

/* ---- places in the text ----------------------------------------------- */

/* Bytes [start, end) of the text. */
struct span {
	size_t start, end;
};

/* json-c has found the text valid before, so that nothing here can run off. */
static size_t skip_space(const char *s, size_t at)
{
	return at + strspn(s + at, " \t\r\n");
}

static size_t skip_string(const char *s, size_t at)
{
	for (at++; s[at] && s[at] != '"'; at++) {
		if (s[at] == '\\' && s[at + 1])
			at++;
	}
	return s[at] ? at + 1 : at;
}

static size_t skip_value(const char *s, size_t at)
{
	unsigned int depth = 0;

	do {
		if (s[at] == '"') {
			at = skip_string(s, at);
			continue;
		}
		if (s[at] == '{' || s[at] == '[')
			depth++;
		else if (s[at] == '}' || s[at] == ']')
			depth--;
		else if (!depth)
			return at + strcspn(s + at, ",]} \t\r\n");
		at++;
	} while (depth && s[at]);
	return at;
}

struct member {
	struct span key, value;		/* the key with its quotes */
};

/* Members of the object at @*at, one per call; @*at starts at the brace. */
static bool next_member(const char *s, size_t *at, struct member *m)
{
	size_t i = skip_space(s, *at);

	if (s[i] != '{' && s[i] != ',')
		return false;
	i = skip_space(s, i + 1);
	if (s[i] != '"')
		return false;
	m->key.start = i;
	m->key.end = skip_string(s, i);
	i = skip_space(s, skip_space(s, m->key.end) + 1);
	m->value.start = i;
	m->value.end = skip_value(s, i);
	*at = m->value.end;
	return true;
}

static bool key_is(const char *s, const struct member *m, const char *key)
{
	size_t len = strlen(key);

	return m->key.end - m->key.start == len + 2 && !memcmp(s + m->key.start + 1, key, len);
}

static int check_values(struct ksc_oci *o, const char *s, size_t at, size_t end);

/*
 * What a key says without its escapes. Go's readers take a key for one that
 * differs in case alone, by its own idea of case; crun's take the first of two
 * equal ones, Go's and json-c the last.
 */
static bool key_resembles(const char *s, const struct member *m, const char *key)
{
	struct json_object *v;
	const char *text;
	char *quoted;
	bool same;

	quoted = strndup(s + m->key.start, m->key.end - m->key.start);
	v = quoted ? json_tokener_parse(quoted) : NULL;
	text = v ? json_object_get_string(v) : NULL;
	/* The long s and the sign of the Kelvin are letters to Go, as s and k are. */
	same = !text || !strcasecmp(text, key) || strstr(text, "\u017f") || strstr(text, "\u212a");
	json_object_put(v);
	free(quoted);
	return same;
}

static bool is_plain_ascii(const char *s, const struct member *m)
{
	size_t i;

	for (i = m->key.start; i < m->key.end; i++) {
		if (s[i] == '\\' || s[i] & 0x80)
			return false;
	}
	return true;
}

static int fail_twice(struct ksc_oci *o, const char *key)
{
	return fail(o, -EINVAL, "config: \"%s\" is there twice", key);
}

static int fail_resembling(struct ksc_oci *o, const char *s, const struct member *m,
			   const char *key)
{
	return fail(o, -EINVAL, "config: the key %.*s is to some readers \"%s\"",
		    (int)(m->key.end - m->key.start), s + m->key.start, key);
}

/* The member @key of the object at @obj; no second one that some reader takes for it. */
static int find_member(struct ksc_oci *o, const char *s, size_t obj, const char *key,
		       struct member *found, bool *present)
{
	struct member m;
	size_t at = obj;

	*present = false;
	while (next_member(s, &at, &m)) {
		if (key_is(s, &m, key)) {
			if (*present)
				return fail_twice(o, key);
			*found = m;
			*present = true;
		} else if ((m.key.end - m.key.start == strlen(key) + 2 || !is_plain_ascii(s, &m)) &&
			   key_resembles(s, &m, key)) {
			return fail_resembling(o, s, &m, key);
		}
	}
	return 0;
}

/* Inside linux.seccomp any two keys of an object have to differ for every reader. */
static int check_keys(struct ksc_oci *o, const char *s, size_t obj)
{
	static const char *const known[] = {
		"defaultAction", "defaultErrnoRet", "architectures", "flags", "listenerPath",
		"listenerMetadata", "syscalls", "names", "action", "errnoRet", "args", "index",
		"value", "valueTwo", "op",
	};
	bool seen[ARRAY_SIZE(known)] = { false };
	struct member m;
	size_t at = obj, i, len;
	int ret = 0;

	while (!ret && next_member(s, &at, &m)) {
		len = m.key.end - m.key.start - 2;
		if (!is_plain_ascii(s, &m))
			return fail(o, -EINVAL, "linux.seccomp: the key %.*s is not plain ASCII",
				    (int)len + 2, s + m.key.start);
		for (i = 0; i < ARRAY_SIZE(known); i++) {
			if (strlen(known[i]) != len ||
			    strncasecmp(known[i], s + m.key.start + 1, len))
				continue;
			if (!key_is(s, &m, known[i]))
				return fail_resembling(o, s, &m, known[i]);
			if (seen[i])
				return fail_twice(o, known[i]);
			seen[i] = true;
		}
		ret = check_values(o, s, m.value.start, m.value.end);
	}
	return ret;
}

/* Objects in a value, which is one itself or has them in arrays. */
static int check_values(struct ksc_oci *o, const char *s, size_t at, size_t end)
{
	int ret = 0;

	while (!ret && at < end) {
		if (s[at] == '{') {
			ret = check_keys(o, s, at);
			at = skip_value(s, at);
		} else if (s[at] == '"') {
			at = skip_string(s, at);
		} else {
			at++;
		}
	}
	return ret;
}

static int find_object(struct ksc_oci *o, const char *s, size_t obj, const char *key,
		       struct member *m, bool *present)
{
	int ret = find_member(o, s, obj, key, m, present);

	if (ret || !*present)
		return ret;
	if (!strncmp(s + m->value.start, "null", 4))
		*present = false;
	else if (s[m->value.start] != '{')
		return fail(o, -EINVAL, "config: \"%s\" is not an object", key);
	return 0;
}

/* ---- edits ------------------------------------------------------------ */

static int replace(char **text, struct span at, const char *with, size_t with_len)
{
	size_t len = strlen(*text);
	char *out = malloc(len - (at.end - at.start) + with_len + 1);

	if (!out)
		return -ENOMEM;
	memcpy(out, *text, at.start);
	memcpy(out + at.start, with, with_len);
	memcpy(out + at.start + with_len, *text + at.end, len - at.end + 1);
	free(*text);
	*text = out;
	return 0;
}

static int root_object(const char *s, size_t *root)
{
	*root = skip_space(s, 0);
	return s[*root] == '{' ? 0 : -EINVAL;
}

/* "key":"value", in front of what an object has. */
static char *print_member(const char *key, const char *value, bool last)
{
	struct json_object *v = json_object_new_string(value);
	char *text = NULL;

	if (v && asprintf(&text, "\"%s\":%s%s", key, json_object_to_json_string_ext(v,
			  JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE),
			  last ? "" : ",") < 0)
		text = NULL;
	json_object_put(v);
	return text;
}

static bool is_empty_object(const char *s, size_t obj)
{
	return s[skip_space(s, obj + 1)] == '}';
}

static int add_member(char **text, size_t obj, const char *member)
{
	struct span at = { obj + 1, obj + 1 };

	return replace(text, at, member, strlen(member));
}

static int add_annotation(struct ksc_oci *o, char **text, const char *key, const char *value)
{
	struct member annotations;
	char *member, *whole;
	bool present;
	size_t root;
	int ret;

	ret = root_object(*text, &root);
	if (!ret)
		ret = find_member(o, *text, root, "annotations", &annotations, &present);
	if (ret)
		return ret;
	if (present && (*text)[annotations.value.start] != '{' &&
	    strncmp(*text + annotations.value.start, "null", 4))
		return fail(o, -EINVAL, "config: \"annotations\" is not an object");
	if (present && (*text)[annotations.value.start] == '{') {
		member = print_member(key, value,
				      is_empty_object(*text, annotations.value.start));
		ret = member ? add_member(text, annotations.value.start, member) : -ENOMEM;
		free(member);
		return ret;
	}
	member = print_member(key, value, true);
	if (!member || asprintf(&whole, present ? "{%s}" : "\"annotations\":{%s},", member) < 0) {
		free(member);
		return -ENOMEM;
	}
	ret = present ? replace(text, annotations.value, whole, strlen(whole)) :
			add_member(text, root, whole);
	free(whole);
	free(member);
	return ret;
}

static int find_seccomp(struct ksc_oci *o, const char *s, struct member *m, bool *present)
{
	struct member linux_obj;
	size_t root;
	int ret;

	ret = root_object(s, &root);
	if (!ret)
		ret = find_object(o, s, root, "linux", &linux_obj, present);
	if (ret || !*present)
		return ret;
	return find_object(o, s, linux_obj.value.start, "seccomp", m, present);
}

/* ---- what we find ----------------------------------------------------- */

static int parse(struct ksc_oci *o, const char *text, size_t len, struct json_object **root)
{
	struct json_tokener *tok;
	enum json_tokener_error err;

	if (len > CONFIG_MAX)
		return fail(o, -EFBIG, "config: more than %u bytes", CONFIG_MAX);
	if (memchr(text, '\0', len))
		return fail(o, -EINVAL, "config: not JSON: it has a NUL character");
	tok = json_tokener_new();
	if (!tok)
		return -ENOMEM;
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	*root = json_tokener_parse_ex(tok, text, (int)len);
	err = json_tokener_get_error(tok);
	json_tokener_free(tok);
	if (err == json_tokener_success && json_object_is_type(*root, json_type_object))
		return 0;
	json_object_put(*root);
	*root = NULL;
	return fail(o, -EINVAL, "config: %s", err == json_tokener_success ? "not an object" :
		    err == json_tokener_continue ? "not JSON: it ends too early" :
		    json_tokener_error_desc(err));
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
	const char *handler = annotation(root, CRUN_HANDLER);
	struct json_object *vm;

	if (handler && is_vm_runtime(handler))
		return fail(o, -EOPNOTSUPP, "config: the handler %s runs the container under a "
			    "kernel of its own", handler);
	if (json_object_object_get_ex(root, "vm", &vm) && vm)
		return fail(o, -EOPNOTSUPP,
			    "config: \"vm\": the container gets a kernel of its own");
	return 0;
}

#define MARK_LEN	(32 + 2 * DIGEST_LEN)

/* The mark that we were here: equal configurations and kernels make equal marks. */
static int print_mark(struct ksc_oci *o, char value[MARK_LEN])
{
	char hex[2 * DIGEST_LEN + 1];
	uint8_t digest[DIGEST_LEN];
	size_t i;
	int ret;

	ret = ksc_digest(o->k, digest);
	if (ret)
		return fail(o, ret, "the tree has no digest: %s", strerror(-ret));
	for (i = 0; i < DIGEST_LEN; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	snprintf(value, MARK_LEN, "mode=%s tree=%s", mode_names[o->used], hex);
	return 0;
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
	int ret;

	*ours = mark;
	if (!mark) {
		if (annotation(root, CRUN_ANNOTATION))
			return fail(o, -EEXIST, "config: it has a %s that is not ours",
				    CRUN_ANNOTATION);
		return 0;
	}
	ret = print_mark(o, current);
	if (ret)
		return ret;
	if (!strstr(mark, " tree=") || strcmp(strstr(mark, " tree="), strstr(current, " tree=")))
		return fail(o, -ESTALE, "config: it was rewritten for another kernel; make the "
			    "bundle anew");
	o->why = "it has been rewritten before";
	return 0;
}

/* ---- what we write ---------------------------------------------------- */

static char *base64(const void *data, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const uint8_t *in = data;
	char *out = malloc((len + 2) / 3 * 4 + 1);
	char *at = out;
	uint32_t v;
	size_t i;

	if (!out)
		return NULL;
	for (i = 0; i < len; i += 3) {
		v = (uint32_t)in[i] << 16;
		if (i + 1 < len)
			v |= (uint32_t)in[i + 1] << 8;
		if (i + 2 < len)
			v |= in[i + 2];
		*at++ = digits[v >> 18];
		*at++ = digits[v >> 12 & 63];
		*at++ = i + 1 < len ? digits[v >> 6 & 63] : '=';
		*at++ = i + 2 < len ? digits[v & 63] : '=';
	}
	*at = '\0';
	return out;
}

/* All of what was written to @fd. */
static int read_back(int fd, void **data, size_t *len)
{
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st))
		return -errno;
	*data = malloc((size_t)st.st_size);
	if (!*data)
		return -ENOMEM;
	*len = (size_t)st.st_size;
	n = pread(fd, *data, *len, 0);
	if (n == st.st_size)
		return 0;
	free(*data);
	return n < 0 ? -errno : -EIO;
}

/* The prefix and what crun would have built, as crun takes it. */
static int make_program(struct ksc_oci *o, const struct ksc_policy *policy,
			struct ksc_profile *p, char **b64)
{
	scmp_filter_ctx ctx;
	void *prog = NULL;
	size_t len = 0;
	int fd, ret;

	ret = ksc_profile_filter(p, KSC_RUNTIME_CRUN, &ctx);
	if (ret)
		return fail(o, ret, "%s", ksc_profile_error(p));
	fd = memfd_create("ksyscalls-oci", MFD_CLOEXEC);
	if (fd < 0) {
		ret = -errno;
		goto release;
	}
	ret = ksc_seccomp_export(policy, ctx, fd);
	if (!ret)
		ret = ksc_bpf_prefix(policy, NULL, &o->prefix_len);
	if (!ret)
		ret = read_back(fd, &prog, &len);
	if (ret) {
		fail(o, ret, "the filter cannot be compiled: %s", ret == -E2BIG ?
		     "it would be longer than the kernel takes" : strerror(-ret));
		goto close_fd;
	}
	o->program_len = len / sizeof(struct sock_filter);
	*b64 = base64(prog, len);
	ret = *b64 ? 0 : -ENOMEM;
	free(prog);
close_fd:
	close(fd);
release:
	seccomp_release(ctx);
	return ret;
}

static int make_policy(struct ksc_oci *o, struct ksc_profile *p, struct ksc_policy **policy)
{
	const char *name = NULL;
	int ret;

	ret = ksc_policy_from_profile(policy, o->k, p, o->baseline);
	if (ret)
		return fail(o, ret, "%s", *ksc_profile_error(p) ? ksc_profile_error(p) :
			    strerror(-ret));
	o->used_baseline = ksc_policy_baseline(*policy);
	ksc_profile_newest(p, &name);
	snprintf(o->baseline_name, sizeof(o->baseline_name), "%s",
		 o->baseline == KSC_RELEASE_INFER && name ? name : "");
	ret = ksc_policy_set_flags(*policy, o->flags);
	if (ret)
		ksc_policy_free(*policy);
	return ret;
}

static bool default_asks_for_nothing(uint32_t action)
{
	uint32_t kind = action & SECCOMP_RET_ACTION_FULL;

	return kind == SCMP_ACT_ALLOW || kind == SCMP_ACT_LOG || kind == SCMP_ACT_NOTIFY ||
	       kind == SCMP_ACT_TRACE(0);
}

static int mark(struct ksc_oci *o, char **text)
{
	char value[MARK_LEN];
	int ret = print_mark(o, value);

	return ret ? ret : add_annotation(o, text, KSC_OCI_ANNOTATION, value);
}

static bool is_muxed(const struct ksc_profile *p, const char *name)
{
	uint32_t token;
	size_t i;
	int nr;

	for (i = 0; (token = ksc_profile_arch(p, i)); i++) {
		nr = seccomp_syscall_resolve_name_arch(token, name);
		if (is_muxed_nr(nr) || is_mux(name))
			return true;
	}
	return false;
}

/* Names of rules with arguments, each once if its rules follow each other. */
static size_t find_argued(const struct ksc_profile *p, const char **names)
{
	const struct ksc_profile_rule *r;
	size_t i, n = 0;

	for (i = 0; i < p->nr_rules; i++) {
		r = &p->rules[i].pub;
		if (r->nr_args && (!n || strcmp(names[n - 1], r->name)))
			names[n++] = r->name;
	}
	return n;
}

static bool is_among(const char *name, const char *const *names, size_t n)
{
	while (n && strcmp(names[n - 1], name))
		n--;
	return n;
}

/* Leave the rules that can contradict each other; tells how many are gone. */
static int drop_plain_rules(struct ksc_profile *p, size_t *dropped)
{
	const char **argued = calloc(p->nr_rules + 1, sizeof(*argued));
	size_t i, n, kept = 0;

	if (!argued)
		return -ENOMEM;
	n = find_argued(p, argued);
	for (i = 0; i < p->nr_rules; i++) {
		if (is_among(p->rules[i].pub.name, argued, n) || is_muxed(p, p->rules[i].pub.name))
			p->rules[kept++] = p->rules[i];
	}
	free(argued);
	*dropped = p->nr_rules - kept;
	p->nr_rules = kept;
	return 0;
}

static int build(struct ksc_oci *o, struct ksc_profile *p, size_t *len)
{
	struct sock_filter *prog;
	int ret = ksc_profile_program(p, KSC_RUNTIME_RUNC, &prog, len);

	if (ret)
		return fail(o, ret, "the rules for this kernel do not work: %s",
			    ksc_profile_error(p));
	free(prog);
	return 0;
}

/* What a rule without arguments, and its share of a search tree, can take. */
#define PLAIN_RULE_LEN	2

/*
 * No container starts with rules that libseccomp refuses, or with too many of
 * them. Rules without arguments contradict none, and building them would cost
 * each container as much as its runtime's own building, so they are estimated
 * first.
 */
static int check_rules(struct ksc_oci *o, uint32_t arch, struct json_object *obj)
{
	struct ksc_profile *p;
	size_t len, arches, dropped;
	int ret;

	ret = ksc_profile_new(&p);
	if (ret)
		return ret;
	ret = ksc_profile_set_arch(p, arch);
	if (!ret)
		ret = profile_load_json(p, obj);
	if (ret) {
		fail(o, ret, "the rules for this kernel do not work: %s", ksc_profile_error(p));
		goto free_profile;
	}
	for (arches = 0; ksc_profile_arch(p, arches); arches++)
		;
	ret = drop_plain_rules(p, &dropped);
	if (!ret)
		ret = build(o, p, &len);
	if (ret || len + dropped * arches * PLAIN_RULE_LEN <= BPF_MAXINSNS)
		goto free_profile;
	ret = profile_load_json(p, obj);
	if (!ret)
		ret = build(o, p, &len);
	if (!ret && len > BPF_MAXINSNS)
		ret = fail(o, -E2BIG, "the rules for this kernel would make a filter of %zu "
			   "instructions, the kernel takes %d", len, BPF_MAXINSNS);
free_profile:
	ksc_profile_free(p);
	return ret;
}

static int make_rules(struct ksc_oci *o, const struct ksc_policy *policy,
		      const struct ksc_profile *p, struct json_object **obj)
{
	uint32_t def = ksc_profile_default(p);
	int ret;

	if (o->used == KSC_OCI_FLIP)
		def = ksc_ret_enosys(p->native);
	else if (o->keeps_default)
		def = without_errno(def);
	ret = rules_from_policy(policy, p, def, obj, &o->notes);
	if (ret)
		return ret;
	ret = check_rules(o, ksc_profile_arch(p, 0), *obj);
	if (ret)
		json_object_put(*obj);
	return ret;
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
	ret = json ? replace(text, seccomp.value, json, strlen(json)) : -ENOMEM;
	free(json);
	return ret;
}

static int splice_program(struct ksc_oci *o, const struct ksc_policy *policy,
			  struct ksc_profile *p, char **text)
{
	char *b64 = NULL;
	int ret;

	ret = make_program(o, policy, p, &b64);
	if (ret)
		return ret;
	ret = add_annotation(o, text, CRUN_ANNOTATION, b64);
	free(b64);
	return ret;
}

/*
 * The runtime's own, which is ours, unless the tree is another machine's. This
 * one's may lack it, which makes it unknown, and no other ABI the machine's own.
 */
static int set_native_arch(struct ksc_oci *o, struct ksc_profile *p)
{
	const struct ksc_abi *abi;
	int ret;

	if (!strcmp(ksc_root(o->k), "/"))
		return 0;
	ksc_abi_foreach(abi, o->k) {
		if (ksc_abi_scmp_arch(abi) == seccomp_arch_native())
			return 0;
	}
	abi = ksc_abi_native(o->k);
	if (!abi)
		return fail(o, -ENOENT, "the tree has no ABI that is a machine's own");
	ret = ksc_profile_set_arch(p, ksc_abi_scmp_arch(abi));
	return ret ? fail(o, ret, "%s", ksc_profile_error(p)) : 0;
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
		fail(o, ret, "%s", ksc_profile_error(p));
		goto free_profile;
	}
	if (default_asks_for_nothing(ksc_profile_default(p))) {
		o->why = "the profile's default refuses nothing";
		goto free_profile;
	}
	ret = make_policy(o, p, &policy);
	if (ret)
		goto free_profile;
	ret = o->used == KSC_OCI_BPF ? splice_program(o, policy, p, text) :
				       splice_rules(o, policy, p, text, seccomp);
	if (!ret)
		ret = mark(o, text);
	if (!ret)
		o->changed = true;
	ksc_policy_free(policy);
free_profile:
	ksc_profile_free(p);
	return ret;
}

static void start_afresh(struct ksc_oci *o)
{
	rules_notes_free(&o->notes);
	o->used = effective_mode(o);
	o->used_baseline = KSC_RELEASE_NONE;
	o->baseline_name[0] = '\0';
	o->changed = false;
	o->why = NULL;
	o->prefix_len = o->program_len = 0;
	o->error[0] = '\0';
}

KSC_EXPORT int ksc_oci_rewrite(struct ksc_oci *o, const char *text, size_t len, char **out,
			       size_t *out_len)
{
	struct json_object *root;
	struct member seccomp;
	char *copy;
	bool present, ours;
	int ret;

	start_afresh(o);
	ret = parse(o, text, len, &root);
	if (ret)
		return ret;
	copy = strndup(text, len);
	if (!copy) {
		ret = -ENOMEM;
		goto put_root;
	}
	ret = refuse_vm(o, root);
	if (!ret && o->used == KSC_OCI_BPF && *o->runtime && !o->takes_program)
		ret = fail(o, -EOPNOTSUPP, "mode bpf: %s reads no program from an annotation, as "
			   "crun does since 0.18; use mode auto", o->runtime);
	if (!ret)
		ret = find_seccomp(o, copy, &seccomp, &present);
	if (ret)
		goto free_copy;
	if (!present) {
		o->why = "there is no linux.seccomp";
		goto done;
	}
	ret = recognise(o, root, &ours);
	if (ret || ours)
		goto done;
	ret = check_keys(o, copy, seccomp.value.start);
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
		fail(o, ret, "%s", strerror(-ret));
	return ret;
}

/* ---- files ------------------------------------------------------------ */

static int read_all(struct ksc_oci *o, int fd, const char *path, size_t size, char **text,
		    size_t *len)
{
	size_t at = 0;
	ssize_t n;
	char *buf;

	if (size > CONFIG_MAX)
		return fail(o, -EFBIG, "%s: more than %u bytes", path, CONFIG_MAX);
	buf = malloc(size + 1);
	if (!buf)
		return -ENOMEM;
	while (at < size) {
		n = read(fd, buf + at, size - at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			n = n ? -errno : -EIO;
			free(buf);
			return fail(o, (int)n, "%s: %s", path, strerror((int)-n));
		}
		at += (size_t)n;
	}
	*text = buf;
	*len = at;
	return 0;
}

static int write_all(int fd, const char *text, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(fd, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		len -= (size_t)n;
	}
	return 0;
}

/* A name that nobody has yet; whoever else writes there cannot have us follow a link. */
static int open_temporary(int dir, const char *name, char *tmp, size_t room)
{
	unsigned int i;
	int fd = -1;

	for (i = 0; fd < 0 && i < TEMPORARY_TRIES; i++) {
		if (snprintf(tmp, room, ".%.200s.%ld.%u", name, (long)getpid(), i) >= (int)room)
			return -ENAMETOOLONG;
		fd = openat(dir, tmp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	return fd < 0 ? -errno : fd;
}

/* A bundle lives as long as its container, so there is no fsync to wait for. */
static int replace_file(int dir, const char *name, const struct stat *st, const char *text,
			size_t len)
{
	char tmp[NAME_MAX + 1];
	int fd, ret = 0;

	fd = open_temporary(dir, name, tmp, sizeof(tmp));
	if (fd < 0)
		return fd;
	if (fchown(fd, st->st_uid, st->st_gid) || fchmod(fd, st->st_mode & 0777))
		ret = -errno;
	if (!ret)
		ret = write_all(fd, text, len);
	if (close(fd) && !ret)
		ret = -errno;
	if (!ret && renameat(dir, tmp, dir, name))
		ret = -errno;
	if (ret)
		unlinkat(dir, tmp, 0);
	return ret;
}

static int rewrite_at(struct ksc_oci *o, int dir, const char *name, const char *path)
{
	char *text = NULL, *out;
	size_t len = 0, out_len;
	struct stat st;
	int fd, ret;

	fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0) {
		ret = -errno;
		return fail(o, ret, "%s: %s", path, ret == -ELOOP ?
			    "a symbolic link, which others may share" : strerror(-ret));
	}
	if (fstat(fd, &st))
		ret = fail(o, -errno, "%s: %s", path, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		ret = fail(o, -EINVAL, "%s: not a regular file", path);
	else
		ret = read_all(o, fd, path, (size_t)st.st_size, &text, &len);
	close(fd);
	if (ret)
		return ret;
	ret = ksc_oci_rewrite(o, text, len, &out, &out_len);
	if (ret)
		goto free_text;
	if (out_len != len || memcmp(out, text, len))
		ret = replace_file(dir, name, &st, out, out_len);
	if (ret) {
		o->changed = false;
		fail(o, ret, "%s: cannot be replaced: %s", path, strerror(-ret));
	}
	free(out);
free_text:
	free(text);
	return ret;
}

KSC_EXPORT int ksc_oci_rewrite_file(struct ksc_oci *o, const char *path)
{
	const char *name = base_name(path);
	char *parent;
	int dir, ret;

	start_afresh(o);
	parent = name == path ? strdup(".") : strndup(path, (size_t)(name - path));
	if (!parent)
		return -ENOMEM;
	dir = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ret = -errno;
	free(parent);
	if (dir < 0)
		return fail(o, ret, "%s: %s", path, strerror(-ret));
	ret = rewrite_at(o, dir, name, path);
	close(dir);
	return ret;
}

KSC_EXPORT int ksc_oci_profile(struct ksc_oci *o, struct ksc_profile *p, char **text)
{
	struct json_object *obj;
	struct ksc_policy *policy;
	int ret;

	*text = NULL;
	start_afresh(o);
	if (o->used == KSC_OCI_BPF)
		o->used = KSC_OCI_FLIP;
	if (default_asks_for_nothing(ksc_profile_default(p))) {
		o->why = "the profile's default refuses nothing";
		return ksc_profile_to_oci(p, text);
	}
	ret = make_policy(o, p, &policy);
	if (ret)
		return ret;
	ret = make_rules(o, policy, p, &obj);
	ksc_policy_free(policy);
	if (ret)
		return ret;
	*text = json_text(obj, JSON_C_TO_STRING_PRETTY);
	o->changed = *text;
	return *text ? 0 : -ENOMEM;
}

/* ---- report ----------------------------------------------------------- */

static int put(struct json_object *obj, const char *key, struct json_object *v)
{
	if (v && !json_object_object_add(obj, key, v))
		return 0;
	json_object_put(v);
	return -ENOMEM;
}

static int put_notes(const struct ksc_oci *o, struct json_object *obj)
{
	static const char *const kinds[] = {
		[RULES_NO_NAME]		= "no name",
		[RULES_ABIS_DIFFER]	= "architectures differ",
		[RULES_ARGS]		= "arguments",
	};
	struct json_object *array = json_object_new_array();
	const struct rules_note *n;
	struct json_object *row;
	size_t i;
	int ret = put(obj, "inexpressible", array);

	for (i = 0; !ret && i < o->notes.n; i++) {
		n = &o->notes.v[i];
		row = json_object_new_object();
		ret = row && !json_object_array_add(array, row) ? 0 : -ENOMEM;
		if (!ret)
			ret = put(row, "why", json_object_new_string(kinds[n->kind]));
		if (!ret && n->token)
			ret = put(row, "architecture",
				  json_object_new_string(arch_to_oci(n->token)));
		if (!ret && n->token)
			ret = put(row, "nr", json_object_new_int64(n->nr));
		if (!ret && n->token && n->last != n->nr)
			ret = put(row, "last", json_object_new_int64(n->last));
		if (!ret && n->name)
			ret = put(row, "name", json_object_new_string(n->name));
		if (!ret)
			ret = put(row, "what", json_object_new_string(n->text));
	}
	return ret;
}

KSC_EXPORT int ksc_oci_report(const struct ksc_oci *o, char **text)
{
	struct json_object *r = json_object_new_object();
	char release[32] = "none";
	int ret;

	*text = NULL;
	if (!r)
		return -ENOMEM;
	if (o->used_baseline != KSC_RELEASE_NONE)
		snprintf(release, sizeof(release), "%u.%u", o->used_baseline >> 16,
			 o->used_baseline & 0xffff);
	ret = put(r, "changed", json_object_new_boolean(o->changed));
	if (!ret)
		ret = put(r, "mode", json_object_new_string(mode_names[o->used]));
	if (!ret && o->why)
		ret = put(r, "reason", json_object_new_string(o->why));
	if (!ret && *o->error)
		ret = put(r, "error", json_object_new_string(o->error));
	if (!ret && o->changed)
		ret = put(r, "baseline", json_object_new_string(release));
	if (!ret && *o->baseline_name)
		ret = put(r, "baselineFrom", json_object_new_string(o->baseline_name));
	if (!ret && o->program_len) {
		ret = put(r, "prefixInstructions", json_object_new_int64((int64_t)o->prefix_len));
		if (!ret)
			ret = put(r, "instructions",
				  json_object_new_int64((int64_t)o->program_len));
	}
	if (!ret && o->changed && !o->program_len) {
		ret = put(r, "rulesBefore",
			  json_object_new_int64((int64_t)o->notes.rules_before));
		if (!ret)
			ret = put(r, "rulesAfter",
				  json_object_new_int64((int64_t)o->notes.rules_after));
		if (!ret)
			ret = put_notes(o, r);
	}
	if (ret) {
		json_object_put(r);
		return ret;
	}
	*text = json_text(r, JSON_C_TO_STRING_PRETTY);
	return *text ? 0 : -ENOMEM;
}
