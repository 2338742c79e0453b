/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Runs the probes that lie beside a test, and gives what they found.
 */
#ifndef KSC_PROBES_H
#define KSC_PROBES_H

struct sock_fprog;

struct invoked {
	char abi[32];
	char *letters;	/* 'N' or another per number, see probe.c; NULL: cannot be entered */
};

/**
 * run_probes() - invoke every number of every ABI that a probe reaches
 * @found: receives what the probes print, one ABI after the other
 * @room: entries of @found
 * @filter: seccomp filter that the probes run under, or NULL
 *
 * Ends the test if anything goes wrong.
 *
 * Return: the number of ABIs, 0 if no probe is there.
 */
unsigned int run_probes(struct invoked *found, unsigned int room, const struct sock_fprog *filter);

#endif /* KSC_PROBES_H */
