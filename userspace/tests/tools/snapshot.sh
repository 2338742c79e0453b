#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# snapshot: a copy that reads like the tree, or nothing.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

tree=$tmp/small
make_small_tree "$tree"
echo later >"$tree/sys/kernel/syscalls/x86_64/file_of_a_later_version"

exits "snapshot" 0 snapshot --sysroot="$tree" "$tmp/copy"
ok "the copy is the tree" diff -r "$tree" "$tmp/copy"
exits "the copy is read" 0 check --sysroot="$tmp/copy" -a x86_64 read
ok "nothing is left beside" [ "$(ls -A "$tmp/copy")" = sys ]
mkdir "$tmp/there"
exits "into a directory that is there" 0 snapshot --sysroot="$tree" "$tmp/there"
ok "the copy is the tree there, too" diff -r "$tree" "$tmp/there"
refuses "a second one" 2 'is there already' snapshot --sysroot="$tree" "$tmp/copy"
ok "the first one is as it was" diff -r "$tree" "$tmp/copy"
cp -r "$tree" "$tmp/cp"
exits "a copy by cp -r is read" 0 abis --sysroot="$tmp/cp"

refuses "no directory" 2 'no directory named' snapshot --sysroot="$tree"
refuses "two directories" 2 'more than one' snapshot --sysroot="$tree" "$tmp/a" "$tmp/b"
refuses "an empty name" 2 'empty' snapshot --sysroot="$tree" ''
: >"$tmp/file"
refuses "a file" 2 'Not a directory' snapshot --sysroot="$tree" "$tmp/file"
refuses "below what is not there" 2 'No such file' snapshot --sysroot="$tree" "$tmp/no/no"
mkdir -p "$tree/proc/sys/kernel"
echo 6.1.0-test >"$tree/proc/sys/kernel/osrelease"
exits "of a root that tells its release" 0 snapshot --sysroot="$tree" "$tmp/told"
ok "the copy tells it, too" diff -r "$tree" "$tmp/told"
rm "$tree/sys/kernel/syscalls/x86_64/list"
refuses "a tree that is broken" 3 'x86_64/list' snapshot --sysroot="$tree" "$tmp/broken"
ok "a tree that is broken: nothing made" not test -e "$tmp/broken"
done_testing
