# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by lib.sh: results are lines "ok WHAT", "not ok WHAT" and "skip WHAT" until
# numbered makes TAP of them.

# numbered <RESULTS: numbers them, and has the plan at the end; notes pass. Fails if a
# result did, or if there is none.
numbered()
{
	awk '
	BEGIN { print "TAP version 13" }
	/^not ok / { sub(/^not ok/, "not ok " ++n); failed = 1 }
	/^ok / { sub(/^ok/, "ok " ++n) }
	/^skip / { sub(/^skip/, "ok " ++n); $0 = $0 " # SKIP" }
	{ print; fflush() }
	END { print "1.." n + 0; exit failed || !n }'
}

# result WHAT COMMAND...: whether it succeeds; what a command said that failed are notes.
result()
{
	local said status=0

	say "$1"
	said=$("${@:2}" 2>&1) || status=$?
	if [ $status = 0 ]; then
		echo "ok $1"
		return
	fi
	echo "not ok $1"
	printf '%s\n' "${said:-it ended with status $status and said nothing}" | tail -n 40 | sed 's/^/# /'
}

# counted FILE: how many of its TAP results passed, failed and were skipped.
counted()
{
	awk '
	/^(not )?ok .*# *SKIP/ { s++; next }
	/^ok / { p++ }
	/^not ok / { f++ }
	END { print p + 0, f + 0, s + 0 }' "$1"
}
