#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# syscalls.csv against the recorded trees, and that the check would see a mistake.

source=${KSC_SOURCE:?run me by make check}
check=$source/data/check-syscalls.sh
work=$(mktemp -d "${TMPDIR:-/tmp}/syscalls.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
failed=0
n=0

result()
{
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		sed 's/^/# /' "$work/out"
		failed=1
	fi
}

# wrong DESCRIPTION SED-SCRIPT: the check of a table that is changed so must fail.
wrong()
{
	sed "$2" "$source/data/syscalls.csv" >"$work/syscalls.csv"
	cp "$check" "$work/"
	! "$work/check-syscalls.sh" "$source"/tests/trees/amd64-6.12 >"$work/out" 2>&1
	result $? "$1"
}

echo 1..5
"$check" "$source"/tests/trees/* >"$work/out" 2>&1
result $? "agrees with every recorded tree: $(tail -n 1 "$work/out")"
wrong "a wrong number is seen" 's/,437,openat2,/,438,openat2,/'
wrong "a wrong name is seen" 's/,437,openat2,/,437,openat3,/'
wrong "a release that is too late is seen" 's/^6.10,,462,mseal,/6.13,,462,mseal,/'
wrong "a release that is too early is seen" 's/^6.13,,466,removexattrat,/6.12,,466,removexattrat,/'
exit "$failed"
