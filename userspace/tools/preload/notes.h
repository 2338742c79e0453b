/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a program has told libseccomp of each of its filters, as far as a policy asks for it.
 *
 * Any thread may call any of these. What cannot be noted, for want of memory, makes the
 * filter one that notes_policy() knows nothing of.
 */
#ifndef KSYSCALLS_NOTES_H
#define KSYSCALLS_NOTES_H

#include <stdbool.h>
#include <stdint.h>

#include <seccomp.h>

struct ksc_policy;

/* Nothing is noted before; @knobs has the view and the knobs of all policies. */
int notes_start(struct ksc_policy *knobs);

void notes_add(const scmp_filter_ctx ctx);
void notes_drop(const scmp_filter_ctx ctx);
/* As it was when it was new. */
void notes_reset(const scmp_filter_ctx ctx);
/* @src is no more. */
void notes_merge(const scmp_filter_ctx dst, const scmp_filter_ctx src);
/* It has less than what was noted. */
void notes_doubt(const scmp_filter_ctx ctx);

/* SCMP_ARCH_*, 0 for this machine's own. */
void notes_add_arch(const scmp_filter_ctx ctx, uint32_t arch);
void notes_remove_arch(const scmp_filter_ctx ctx, uint32_t arch);

/* libseccomp has it for each architecture that the filter has now. */
void notes_add_rule(const scmp_filter_ctx ctx, uint32_t action, int nr, bool args);

/*
 * The program asked for a name, and was told @nr, __NR_SCMP_ERROR for a name that
 * libseccomp does not know. It is of every filter that the thread has; if it has none, of
 * its next.
 */
void notes_ask(const char *name, int nr);

/*
 * Returns NULL for what is to stay as libseccomp makes it; else what ksc_policy_free()
 * ends. @notifies tells whether a rule asks another process.
 */
struct ksc_policy *notes_policy(const scmp_filter_ctx ctx, bool *notifies);

#endif
