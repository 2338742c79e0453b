/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tree of this kernel, and what stands in for it where there is none.
 */
#ifndef KSYSCALLS_VIEW_H
#define KSYSCALLS_VIEW_H

#include <stdbool.h>
#include <stddef.h>

struct ksc;
struct ksc_abi;

/* For what this is said after, in one line. */
#define VIEW_NAMES_ALONE	"what this kernel lacks is not known, and the profile alone decides"
/* The same of some ABIs, whose names are in between. */
#define VIEW_LACKS	"the view does not tell of "
#define VIEW_LACKS_ALONE	\
	": what the kernel lacks there is not known, and the profile alone decides"

/*
 * The ABI that this process runs by, which belongs to @k; NULL if the tree does not tell of it,
 * as one of another architecture. ksc_abi_native() is the tree's own, of whatever machine.
 */
const struct ksc_abi *view_native(const struct ksc *k);

/*
 * The tree below @sysroot, "" for this machine's, if it is of the kernel that runs. Returns
 * NULL; or, with *@kp NULL, why there is none, in words that are in @text.
 */
const char *view_open(struct ksc **kp, const char *sysroot, char *text, size_t size);

/*
 * A tree of libseccomp's names for the ABIs that a kernel of this machine can have; it
 * claims nothing of what is implemented. Returns 0, -EINVAL if libseccomp does not know
 * this machine, or -ENOMEM; *@kp is NULL then.
 */
int view_names(struct ksc **kp);

/* Does nobody know what is implemented of it? */
bool view_has_names_alone(const struct ksc_abi *abi);

/*
 * Gives the tree names for the ABIs that it does not tell of and that a kernel of its
 * machine can have. *@text is one line about them, or empty. Returns 0 or -ENOMEM.
 */
int view_complete(struct ksc *k, char *text, size_t size);

#endif
