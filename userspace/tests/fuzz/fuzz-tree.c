// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reader of trees. The input is a tree in one piece: "=PATH LENGTH\n" and
 * LENGTH bytes for each file. Whatever opens is asked everything that there is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

#include <ksyscalls.h>

#include "folder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add_files(const uint8_t *data, size_t size)
{
	char head[64], name[40];
	const uint8_t *end;
	unsigned int len;
	size_t n;

	while (size && (end = memchr(data, '\n', size))) {
		n = (size_t)(end - data);
		if (n >= sizeof(head))
			return;
		memcpy(head, data, n);
		head[n] = '\0';
		data += n + 1;
		size -= n + 1;
		if (sscanf(head, "=%39[a-z0-9_/] %u", name, &len) != 2 || *name == '/')
			return;
		if (len > size)
			len = (unsigned int)size;
		folder_add(name, data, len);
		data += len;
		size -= len;
	}
}

static void ask(struct ksc *k)
{
	const struct ksc_abi *abi;
	struct ksc_policy *p;
	uint8_t digest[32];
	size_t len = 0;
	uint32_t nr;

	ksc_digest(k, digest);
	ksc_abi_foreach(abi, k) {
		for (nr = 0; nr < ksc_abi_nr_syscalls(abi); nr++) {
			const char *name = ksc_abi_name(abi, nr);

			/* Only number 0 may be answered and have no name. */
			if ((ksc_abi_implemented(abi, nr) == 1) != (name != NULL) && (nr || name))
				abort();
			if (name && ksc_abi_nr(abi, name) != (int)nr)
				abort();
		}
	}
	if (ksc_policy_new(&p, k))
		return;
	ksc_policy_set_default(p, SECCOMP_RET_ERRNO | 1);
	ksc_policy_set_baseline(p, KSC_RELEASE(5, 0));
	ksc_bpf_prefix(p, NULL, &len);
	ksc_policy_free(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ksc *k;
	int top;

	folder_clear();
	add_files(data, size);
	top = folder_open();
	if (!ksc_open_at(&k, top))
		ask(k);
	else if (k && !*ksc_error(k))
		abort();
	ksc_close(k);
	if (folder_used() != 1)
		abort();
	return 0;
}
