// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the modes are called. The runtime wrapper has this file without the rest of the library.
 */
#include <errno.h>
#include <string.h>

#include "oci.h"

const char *const oci_mode_names[] = {
	[KSC_OCI_AUTO]		= "auto",
	[KSC_OCI_BPF]		= "bpf",
	[KSC_OCI_FLIP]		= "flip",
	[KSC_OCI_EXPLICIT]	= "explicit",
};

KSC_PUBLIC int ksc_oci_mode_parse(const char *text, enum ksc_oci_mode *mode)
{
	size_t i;

	*mode = KSC_OCI_AUTO;
	for (i = 0; i < ARRAY_SIZE(oci_mode_names); i++) {
		if (!strcmp(oci_mode_names[i], text)) {
			*mode = (enum ksc_oci_mode)i;
			return 0;
		}
	}
	return -EINVAL;
}
