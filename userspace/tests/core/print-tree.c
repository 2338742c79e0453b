// SPDX-License-Identifier: GPL-2.0-only
/* What the library reads in a tree, as examples/tree.py prints what it reads itself. */
#include <stdio.h>

#include <ksyscalls.h>

int main(int argc, char **argv)
{
	const struct ksc_abi *abi;
	struct ksc *k;
	uint32_t nr;

	if (argc != 2 || ksc_open(&k, argv[1]))
		return 1;
	ksc_abi_foreach(abi, k) {
		printf("%s 0x%x 0x%x %u\n", ksc_abi_id(abi), ksc_abi_audit_arch(abi),
		       ksc_abi_base(abi), ksc_abi_nr_syscalls(abi));
		for (nr = 0; nr < ksc_abi_nr_syscalls(abi); nr++) {
			const char *name = ksc_abi_name(abi, nr);

			if (ksc_abi_implemented(abi, nr))
				printf("%s %u %s\n", ksc_abi_id(abi), nr, name ? name : "-");
		}
	}
	ksc_close(k);
	return 0;
}
