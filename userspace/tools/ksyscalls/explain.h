/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of explain know of each other.
 */
#ifndef KSYSCALLS_EXPLAIN_H
#define KSYSCALLS_EXPLAIN_H

#include <ksyscalls-oci.h>

#include "tool.h"

/* A column of the table, in the order of the rows that decide. */
struct explain_column {
	enum ksc_row row;
	const char *key;	/* in JSON */
	const char *title;
};

#define EXPLAIN_COLUMNS		10
#define EXPLAIN_RUNTIMES	2

extern const struct explain_column explain_columns[EXPLAIN_COLUMNS];

/* The runtimes as they are; the last one runs libseccomp's program and nothing more. */
struct explain_runtime {
	enum ksc_runtime runtime;
	const char *name;
};

extern const struct explain_runtime explain_runtimes[EXPLAIN_RUNTIMES];

/* Everything that an answer needs. */
struct question {
	const struct tool *t;
	const struct ksc *k;		/* the policy's */
	struct tool_filter filter;
	struct tool_prog progs[EXPLAIN_RUNTIMES];
};

/* An operand on an ABI that has it. */
struct explain_call {
	const char *word;
	const struct ksc_abi *abi;
	uint32_t nr;
	unsigned int known;		/* KSC_KNOWN_*; 0 for a number */
};

/* How many answers change against a runtime, and of how many. */
struct explain_count {
	unsigned int all, all_of;
	unsigned int reachable, reachable_of;	/* of numbers that Linux has assigned */
};

/* explain.c: one number */
int explain_load(struct question *q, const struct ksc *k, const struct tool_filter_args *args);
void explain_free(struct question *q);
uint32_t explain_verdict(const struct question *q, const struct ksc_abi *abi, uint32_t nr);
enum ksc_row explain_row(const struct question *q, const struct ksc_abi *abi, uint32_t nr);
const char *explain_name(const struct question *q, const struct ksc_abi *abi, uint32_t nr);
uint32_t explain_numbers(const struct ksc_abi *abi);
char *explain_any_name(const struct question *q, const struct ksc_abi *abi, uint32_t nr);
const char *explain_reason(const struct question *q, const struct ksc_abi *abi, uint32_t nr,
			   char buf[KSC_EXPLAIN_MAX]);
uint32_t explain_answer(const struct question *q, const struct ksc_abi *abi, uint32_t nr);
const char *explain_own_text(const struct question *q, const struct ksc_abi *abi, uint32_t nr,
			     char *buf, size_t room);
bool explain_change(const struct question *q, size_t runtime, const struct ksc_abi *abi,
		    uint32_t nr, uint32_t *from, uint32_t *to);
const char *explain_action(uint32_t arch, uint32_t action, char *buf, size_t room);
int explain_number(const struct question *q, const struct ksc_abi *abi, const char *word,
		   unsigned int *known);
int explain_find(const struct question *q, const char *word, struct explain_call *calls,
		 size_t *n);
void explain_rows(const struct question *q, const struct ksc_abi *abi,
		  unsigned int counts[EXPLAIN_COLUMNS]);
void explain_count(const struct question *q, size_t runtime, const struct ksc_abi *abi,
		   struct explain_count *n);

/* explain-text.c, explain-json.c: all of it, or the operands */
int explain_text(const struct question *q);
int explain_text_some(const struct question *q, const struct explain_call *calls, size_t n);
int explain_json(const struct question *q);
int explain_json_some(const struct question *q, const struct explain_call *calls, size_t n);

/* explain-runtime.c: what a runtime itself calls behind the filter */
int explain_runtime_calls(const struct question *q, const char *path);

#endif
