#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# diff: two views compared, as diff(1) compares files.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

trees=$here/../trees
make_small_tree "$tmp/a"
make_small_tree "$tmp/b"

same_lines()	# compares $tmp/out with stdin
{
	cat >"$tmp/want"
	sed '/^---/d; /^+++/d' "$tmp/out" | diff "$tmp/want" - | sed 's/^/# /' >"$tmp/difference"
	cat "$tmp/difference"
	[ ! -s "$tmp/difference" ]
}

exits "equal views" 0 diff "$tmp/a" "$tmp/b"
ok "nothing is said of them" [ ! -s "$tmp/out" ]
exits "a view and itself, by --sysroot" 0 --sysroot="$tmp/a" diff "$tmp/a"
exits "the other way round" 0 --sysroot="$tmp/a" diff - "$tmp/a"

# 3 is new and stat gone, x32 is on, i386 is not published; 6 has another name.
rm -r "$tmp/b/sys/kernel/syscalls/x86_64" "$tmp/b/sys/kernel/syscalls/i386" \
	"$tmp/b/sys/kernel/syscalls/x32"
make_abi "$tmp/b" x86_64 0xc000003e 0x0 12 <<NAMES
0 read
1 write
2 open
3 close
5 fstat
6 llstat
11 munmap
NAMES
make_abi "$tmp/b" x32 0xc000003e 0x40000000 9 <<NAMES
0 read
NAMES
echo 6.1.0-test >"$tmp/b/sys/kernel/syscalls/release"
exits "views that differ" 1 diff "$tmp/a" "$tmp/b"
ok "a line for each difference" same_lines <<WANT
+x86_64 3 close
-x86_64 4 stat
-x86_64 6 lstat
+x86_64 6 llstat
+x86_64 11 munmap
+x32: disabled on the boot of the first
-i386: not published by the second
WANT
ok "each view by its name, source and kernel" grep -q "^+++ $tmp/b	.*, Linux 6.1.0-test$" "$tmp/out"
exits "the other way round, they differ, too" 1 diff "$tmp/b" "$tmp/a"
ok "and the signs are turned" [ "$(grep -c '^+x86_64 4 stat$\|^-x86_64 3 close$' "$tmp/out")" = 2 ]
exits "by --sysroot and -" 1 --sysroot="$tmp/a" diff - "$tmp/b"
ok "it is the second that has close" prints '+x86_64 3 close'

# A survey that cannot tell is not taken for either.
make_small_tree "$tmp/c"
echo survey >"$tmp/c/sys/kernel/syscalls/source"
echo 3 >"$tmp/c/sys/kernel/syscalls/x86_64/unknown"
exits "a view that cannot tell" 1 diff "$tmp/a" "$tmp/c"
ok "is told with a question mark" same_lines <<WANT
?x86_64 3 close
WANT

if command -v jq >/dev/null; then
	exits "--json, and they differ" 1 diff --json "$tmp/a" "$tmp/b"
	ok "it has what the lines have" [ "$(jq -c '[.differences, .second.release,
		(.abis[] | [.abi, .note, [.only_first[].nr], [.only_second[].name]])]' "$tmp/out")" = \
		'[6,"6.1.0-test",["x86_64",null,[4,6],["close","llstat","munmap"]],["x32","disabled on the boot of the first",[],[]],["i386","not published by the second",[],[]]]' ]
	exits "--json, and they are the same" 0 diff --json "$tmp/a" "$tmp/a"
	ok "no difference is counted" [ "$(jq .differences "$tmp/out")" = 0 ]
	exits "--json of what cannot be told" 1 diff --json "$tmp/a" "$tmp/c"
	ok "it has a list of its own" [ "$(jq -c '[.abis[0].cannot_tell[].nr]' "$tmp/out")" = '[3]' ]
else
	skip "--json" "jq is not installed: apt-get install jq"
fi

# Real kernels: a back-port or a new call shows by its name.
exits "two kernels" 1 diff "$trees/amd64-6.1" "$trees/amd64-6.12"
for abi in x86_64 i386; do
	ok "$abi: mseal is new in 6.12" prints "+$abi 462 mseal"
	ok "$abi: openat2 is in both" not grep -q "$abi .* openat2$" "$tmp/out"
done
sed -n 's/^[-+]x86_64 \([0-9]* .*\)/\1/p' "$tmp/out" | sort >"$tmp/ours"
sort "$trees/amd64-6.1/sys/kernel/syscalls/x86_64/names" >"$tmp/1"
sort "$trees/amd64-6.12/sys/kernel/syscalls/x86_64/names" | comm -3 "$tmp/1" - | tr -d '\t' |
	sort >"$tmp/theirs"
ok "x86_64: it is the names files' difference" cmp "$tmp/ours" "$tmp/theirs"

refuses "no view" 2 'name one view, or two' diff
refuses "three views" 2 'name one view, or two' diff "$tmp/a" "$tmp/b" "$tmp/c"
refuses "a view that is none" 3 'no such tree' diff "$tmp/a" "$tmp/nowhere"
rm "$tmp/b/sys/kernel/syscalls/x86_64/list"
refuses "a view that is broken" 3 'x86_64/list' diff "$tmp/a" "$tmp/b"
done_testing
