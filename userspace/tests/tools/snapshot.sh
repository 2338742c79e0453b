#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# snapshot: a copy that reads like the tree, or nothing.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

tree=$tmp/small
make_small_tree "$tree"
echo later >"$tree/sys/kernel/syscalls/x86_64/file_of_a_later_version"

# same_but COPY TREE NAME...: the copy has these files more, at the top
same_but()
{
	diff -r "$2" "$1" >"$tmp/diff"
	files=$1/sys/kernel/syscalls
	shift 2
	for name; do
		echo "Only in $files: $name"
	done | cmp -s - "$tmp/diff"
}

exits "snapshot" 0 snapshot --sysroot="$tree" "$tmp/copy"
ok "the copy is the tree, and says what it is" same_but "$tmp/copy" "$tree" source
ok "it is a snapshot" [ "$(cat "$tmp/copy/sys/kernel/syscalls/source")" = snapshot ]
exits "the copy is read" 0 check --sysroot="$tmp/copy" -a x86_64 read
ok "nothing is left beside" [ "$(ls -A "$tmp/copy")" = sys ]
mkdir "$tmp/there"
exits "into a directory that is there" 0 snapshot --sysroot="$tree" "$tmp/there"
ok "the copy is the tree there, too" same_but "$tmp/there" "$tree" source
refuses "a second one" 2 'is there already' snapshot --sysroot="$tree" "$tmp/copy"
ok "the first one is as it was" same_but "$tmp/copy" "$tree" source
exits "a copy of a copy" 0 snapshot --sysroot="$tmp/copy" "$tmp/again"
ok "is the same" diff -r "$tmp/copy" "$tmp/again"
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
ok "the copy tells it, too" [ "$(cat "$tmp/told/sys/kernel/syscalls/release")" = 6.1.0-test ]
exits "and is read so" 0 abis --sysroot="$tmp/told"
ok "of that release" prints 'source: snapshot, Linux 6.1.0-test'
exits "a copy of that" 0 snapshot --sysroot="$tmp/told" "$tmp/retold"
ok "is the same, too" diff -r "$tmp/told" "$tmp/retold"

# What lies in a tree is copied if it is a file, and what lies in the way is not followed.
hostile()	# DESCRIPTION PATTERN COMMAND...: COMMAND breaks $tmp/bad
{
	what=$1
	pattern_of_it=$2
	shift 2
	rm -rf "$tmp/bad" "$tmp/out-dir"
	cp -r "$tree" "$tmp/bad"
	"$@"
	run timeout 20 "$KSYSCALLS" snapshot --sysroot="$tmp/bad" "$tmp/out-dir"
	ok "$what: refused" refused 2 "$pattern_of_it"
	ok "$what: nothing is left" [ ! -e "$tmp/out-dir" ]
}
top=$tmp/bad/sys/kernel/syscalls
hostile "a pipe" "cannot copy later: not a regular file" mkfifo "$top/later"
hostile "a pipe in an ABI" "cannot copy later: not a regular file" mkfifo "$top/i386/later"
hostile "a link" "cannot copy later: Too many levels" ln -s /etc/passwd "$top/later"
deep()
{
	mkdir -p "$top/a/b/c/d/e/f"
}
hostile "directories without end" "cannot copy [a-f]: Too many levels" deep
mkdir "$tmp/elsewhere" "$tmp/linked"
ln -s ../elsewhere "$tmp/linked/sys"
refuses "a link in the way" 2 'cannot make .*linked/sys/kernel/syscalls: Not a directory' \
	snapshot --sysroot="$tree" "$tmp/linked"
ok "a link in the way is not followed" [ -z "$(ls -A "$tmp/elsewhere")" ]
ok "nothing is left beside it" [ "$(ls -A "$tmp/linked")" = sys ]

# A run that was killed leaves one directory, which the next one removes.
mkdir -p "$tmp/killed/.ksyscalls-snapshot/sys/kernel"
exits "where a killed run was at work" 0 snapshot --sysroot="$tree" "$tmp/killed"
ok "what it left is gone" [ "$(ls -A "$tmp/killed")" = sys ]
mkdir "$tmp/busy"
run flock "$tmp/busy" "$KSYSCALLS" snapshot --sysroot="$tree" "$tmp/busy"
ok "where another run is at work" refused 2 'another run is writing there'

rm "$tree/sys/kernel/syscalls/x86_64/list"
refuses "a tree that is broken" 3 'x86_64/list' snapshot --sysroot="$tree" "$tmp/broken"
ok "a tree that is broken: nothing made" not test -e "$tmp/broken"
done_testing
