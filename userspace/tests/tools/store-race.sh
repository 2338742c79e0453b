#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A store that many use at once, and that some leave killed.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=stub.sh
. "$here/stub.sh"
# shellcheck source=kept.sh
. "$here/kept.sh"

make_real crun

# One that takes long, so that they all come before the first has made it.
awk 'BEGIN {
	printf "{\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
	for (i = 0; i < 400; i++)
		printf "%s{\"names\":[\"write\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[" \
			"{\"index\":0,\"value\":%d,\"op\":\"SCMP_CMP_EQ\"}]}", i ? "," : "", i
	print "]}}}"
}' >"$tmp/long"
conf "runtime = $real" "sysroot = $tmp/tree" "mode = flip"
original=$tmp/long
without
original=
rm -rf "$store" "$tmp/many"
n=0
while [ $n -lt 50 ]; do
	n=$((n + 1))
	mkdir -p "$tmp/many/$n"
	cp "$tmp/long" "$tmp/many/$n/config.json"
done
for bundle in "$tmp"/many/*; do
	LD_DEBUG=files LD_DEBUG_OUTPUT="$tmp/many.linked" "$wrapper" run -b "$bundle" id 2>>"$tmp/many.err" &
done
wait
same=0
for bundle in "$tmp"/many/*; do
	cmp -s "$bundle/config.json" "$tmp/without" && same=$((same + 1))
done
ok "50 at once on a cold store: the same right result, and nothing said" \
	eval '[ "$same" = 50 ] && [ ! -s "$tmp/many.err" ]'
ok "one of them made it, for all" [ "$(grep -l 'calling init: .*ksyscalls-rewrite.so' "$tmp"/many.linked.* | wc -l)" = 1 ]
ok "one is kept, and nothing else is left" eval '[ "$(entries)" = 1 ] &&
	[ "$(kept "$store" | wc -l)" = 1 ]'

conf "runtime = $real" "sysroot = $tmp/tree"
without
rm -rf "$store"
# killed N: a wrapper on a cold store, killed with its child after a moment; what it has left
# is used by nobody unless it is whole.
odd=0
seen=0
killed=0
n=0
while [ $n -lt 200 ]; do
	n=$((n + 1))
	[ $((n % 4)) != 1 ] || rm -rf "$store"
	cp "$tmp/original" "$tmp/b/config.json"
	timeout -s KILL "$(printf '0.%06d' $((n * 79 % 13000 + 1000)))" "$wrapper" run -b "$tmp/b" id \
		2>>"$tmp/kill.err" || killed=$((killed + 1))
	# Once, for the child may be about to end what it has begun.
	cp "$tmp/b/config.json" "$tmp/found"
	cmp -s "$tmp/found" "$tmp/without" || cmp -s "$tmp/found" "$tmp/original" || odd=$((odd + 1))
	seen=$((seen + $(find "$store" -name '.new*' 2>/dev/null | wc -l)))
done
echo "# $killed of 200 were killed before they had ended, $seen times a file was being written"
ok "200 killed: each configuration is the old one or the new, whole" \
	eval '[ "$odd" = 0 ] && [ "$killed" -gt 5 ]'
once
ok "what they left is nothing, or right" eval '[ "$status" = 0 ] && quiet && as_without'
find "$store" -name '[0-9a-f]*' -type f -delete
once
ok "the next that is kept takes away what they were writing" eval '[ "$(entries)" = 1 ] &&
	[ "$(kept "$store" | wc -l)" = 1 ]'
done_testing
