# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# TAP for the tests that are scripts, and a directory for each, $tmp. Source it first; call
# done_testing last.

tmp=$(mktemp -d "${TMPDIR:-/tmp}/ksyscalls-test.XXXXXX") || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' INT TERM HUP
# Words of the C library are compared.
LC_ALL=C
export LC_ALL
tests=0
planned=
failed=0

# plan N: so many tests there have to be
plan()
{
	planned=$1
}

# ok DESCRIPTION COMMAND...: passes if COMMAND succeeds
ok()
{
	description=$1
	shift
	tests=$((tests + 1))
	if "$@"; then
		echo "ok $tests - $description"
	else
		echo "not ok $tests - $description"
		failed=$((failed + 1))
		[ ! -s "$tmp/out" ] ||
			head -n 5 "$tmp/out" | tr -c '[:print:]\n' . | sed 's/^/# out: /'
		[ ! -s "$tmp/err" ] || head -n 5 "$tmp/err" | sed 's/^/# err: /'
	fi
}

not()
{
	! "$@"
}

skip()
{
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

# run COMMAND...: leaves $status, $tmp/out and $tmp/err behind
# shellcheck disable=SC2034 # the first of them for the tests
run()
{
	status=0
	"$@" >"$tmp/out" 2>"$tmp/err" || status=$?
}

done_testing()
{
	echo "1..${planned:-$tests}"
	[ "$failed" = 0 ] || exit 1
}
