// SPDX-License-Identifier: GPL-2.0-only
/*
 * explain: what the policy makes of a profile, per ABI or for single syscalls,
 * and what that changes against the runtimes as they are.
 */
#include <getopt.h>
#include <stdlib.h>

#include "explain.h"

enum {
	OPT_RUNTIME = 0x100,
};

struct explain_args {
	struct tool_filter_args filter;
	const char *runtime;
	bool json;
};

/* Nothing is told of any operand if one is a mistake. */
static int answer_some(const struct question *q, bool json, char **words, int n)
{
	const struct ksc_abi *abi;
	struct explain_call *calls;
	size_t abis = 0, found = 0;
	int i, ret, status = TOOL_OK;

	ksc_abi_foreach(abi, q->k)
		abis++;
	calls = calloc((size_t)n, (abis + 1) * sizeof(*calls));
	if (!calls) {
		tool_error(q->t, "out of memory");
		return TOOL_USAGE;
	}
	for (i = 0; i < n; i++) {
		ret = explain_find(q, words[i], calls, &found);
		if (ret == TOOL_USAGE)
			goto free_calls;
		status = ret > status ? ret : status;
	}
	ret = json ? explain_json_some(q, calls, found) : explain_text_some(q, calls, found);
	ret = ret ?: status;
free_calls:
	free(calls);
	return ret;
}

static int answer(const struct question *q, const struct explain_args *args, char **words, int n)
{
	if (args->runtime)
		return explain_runtime_calls(q, args->runtime);
	if (n)
		return answer_some(q, args->json, words, n);
	return args->json ? explain_json(q) : explain_text(q);
}

static int run_explain(struct tool *t, int argc, char **argv)
{
	struct explain_args args = {};
	struct question q = { .t = t };
	struct ksc *k = NULL;
	size_t i;
	int c, ret;

	while ((c = tool_getopt(t, argc, argv)) != -1) {
		switch (c) {
		case 'j':
			args.json = true;
			break;
		case OPT_RUNTIME:
			args.runtime = optarg;
			break;
		default:
			tool_filter_opt(t, &args.filter, c);
		}
	}
	if (args.runtime && optind != argc)
		return tool_usage(t, "--runtime takes no operand");
	if (args.runtime && !args.filter.profile)
		return tool_usage(t, "--runtime needs --profile");
	for (i = (size_t)optind, ret = TOOL_OK; !ret && i < (size_t)argc; i++)
		ret = tool_check_word(t, argv[i]);
	if (!ret)
		ret = args.filter.profile ? tool_open_or_names(t, &k) : tool_open(t, &k);
	if (ret)
		goto free_args;
	ret = explain_load(&q, k, &args.filter);
	if (!ret)
		ret = answer(&q, &args, argv + optind, argc - optind);
	explain_free(&q);
	ksc_close(k);
free_args:
	tool_filter_args_free(&args.filter);
	return ret;
}

static const struct tool_opt explain_opts[] = {
	{ "runtime", OPT_RUNTIME, "RUNTIME", "what the runtime itself calls behind the filter" },
	TOOL_OPT_JSON,
	{}
};

const struct tool_cmd cmd_explain = {
	.name = "explain",
	.operands = "[NAME|NR]...",
	.brief = "tell which answer each syscall gets, why, and what changes by it",
	.about = "Without operands: how many numbers get which verdict, and what changes against\n"
		 "plain runc and crun. With operands: the verdict on each, and its reason.\n",
	.example = "ksyscalls explain --profile=profile.json clone3",
	.opts = explain_opts,
	.alternatives = { "runtime", "json" },
	.flags = TOOL_PROFILE | TOOL_KNOBS,
	.run = run_explain,
};
