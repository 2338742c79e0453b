#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# syscalls.csv against the recorded trees, and that the check would see a mistake.

source=${KSC_SOURCE:?run me by make check}
check=$source/data/check-syscalls.sh
# shellcheck source-path=SCRIPTDIR source=../tap.sh
. "$(dirname "$0")/../tap.sh"

# wrong DESCRIPTION SED-SCRIPT: the check of a table that is changed so must fail.
wrong()
{
	sed "$2" "$source/data/syscalls.csv" >"$tmp/syscalls.csv"
	cp "$check" "$tmp/"
	run "$tmp/check-syscalls.sh" "$source"/tests/trees/amd64-6.12
	ok "$1" [ "$status" != 0 ]
}

plan 5
run "$check" "$source"/tests/trees/*
ok "agrees with every recorded tree: $(tail -n 1 "$tmp/out")" [ "$status" = 0 ]
wrong "a wrong number is seen" 's/,437,openat2,/,438,openat2,/'
wrong "a wrong name is seen" 's/,437,openat2,/,437,openat3,/'
wrong "a release that is too late is seen" 's/^6.10,,462,mseal,/6.13,,462,mseal,/'
wrong "a release that is too early is seen" 's/^6.13,,466,removexattrat,/6.12,,466,removexattrat,/'
done_testing
