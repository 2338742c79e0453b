// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A profile out of a file, of text, or of JSON that is parsed already.
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "read.h"

int profile_load_json(struct ksc_profile *p, struct json_object *root)
{
	struct at at_linux = { NULL, "linux", 0 };
	struct at at_seccomp = { &at_linux, "seccomp", 0 };
	struct json_object *v;
	int ret;

	profile_drop(p);
	ret = read_value(p, NULL, root, json_type_object);
	if (ret)
		return profile_fail(p, ret, "the file is JSON, but not an object");
	if (json_object_object_get_ex(root, "linux", &v)) {
		ret = read_value(p, &at_linux, v, json_type_object);
		if (ret)
			return ret;
		ret = read_key(p, &at_seccomp, v, json_type_object, &root);
		if (ret)
			return ret;
		if (!root)
			return profile_fail(p, -ENODATA, "linux.seccomp: is absent");
		p->prefix = "linux.seccomp";
	}
	p->root = json_object_get(root);
	ret = profile_read(p, root);
	if (!ret)
		return 0;
	profile_drop(p);
	return ret == -ENOMEM ? profile_fail(p, ret, "%s", strerror(-ret)) : ret;
}

KSC_PUBLIC int ksc_profile_load_mem(struct ksc_profile *p, const char *text, size_t len)
{
	struct json_object *root;
	char why[160];
	int ret;

	profile_drop(p);
	ret = json_read(text, len, &root, why, sizeof(why));
	if (ret)
		return profile_fail(p, ret, "%s", why);
	ret = profile_load_json(p, root);
	json_object_put(root);
	return ret;
}

KSC_PUBLIC int ksc_profile_load_file(struct ksc_profile *p, const char *path)
{
	size_t len;
	char *text;
	int fd, ret;

	profile_drop(p);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		ret = -errno;
		return profile_fail(p, ret, "%s: %s", path, strerror(-ret));
	}
	/* One byte more tells that it is too much. */
	text = malloc(JSON_TEXT_MAX + 1);
	ret = text ? ksc_read_all(fd, text, JSON_TEXT_MAX + 1, &len) : -ENOMEM;
	if (ret)
		profile_fail(p, ret, "%s: %s", path, strerror(-ret));
	else
		ret = ksc_profile_load_mem(p, text, len);
	free(text);
	close(fd);
	return ret;
}
