/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Runs the invokers that lie beside a test, and gives what they found.
 */
#ifndef KSC_INVOKERS_H
#define KSC_INVOKERS_H

struct sock_fprog;

struct invoked {
	char abi[32];
	char *letters;	/* 'N' or another per number, see invoke.c; NULL: cannot be entered */
};

/**
 * run_invokers() - invoke every number of every ABI that an invoker reaches
 * @found: receives what the invokers print, one ABI after the other
 * @room: entries of @found
 * @filter: seccomp filter that the invokers run under, or NULL
 *
 * Ends the test if anything goes wrong.
 *
 * Return: the number of ABIs, 0 if no invoker is there.
 */
unsigned int run_invokers(struct invoked *found, unsigned int room,
			  const struct sock_fprog *filter);

#endif /* KSC_INVOKERS_H */
