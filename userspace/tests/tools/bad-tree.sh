#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Trees that cannot be trusted: exit 3, the file named, nothing written.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

good=$tmp/good
make_small_tree "$good"
exits "the tree is good before it is broken" 0 abis --sysroot="$good"

# broken DESCRIPTION FILE COMMAND...: COMMAND breaks FILE, its last argument
broken()
{
	what=$1
	file=$2
	shift 2
	rm -rf "$tmp/bad"
	cp -r "$good" "$tmp/bad"
	"$@" "$tmp/bad/sys/kernel/syscalls/$file"
	refuses "$what: exit 3, $file named" 3 "syscalls/$file" \
		check --sysroot="$tmp/bad" -a x86_64 read
	rm -f "$tmp/filter"
	run "$KSYSCALLS" bpf --sysroot="$tmp/bad" -o "$tmp/filter"
	ok "$what: no filter" [ "$status" = 3 ]
	ok "$what: no file either" not test -e "$tmp/filter"
}

put()	# TEXT FILE
{
	printf '%b' "$1" >"$2"
}

cut_short()	# BYTES FILE
{
	head -c "$1" "$2" >"$2.new" && mv "$2.new" "$2"
}

oversize()	# FILE
{
	head -c 8388608 /dev/zero | tr '\0' '0' >"$1"
}

replace_by_dir()
{
	rm "$1" && mkdir "$1"
}

replace_by_fifo()
{
	rm "$1" && mkfifo "$1"
}

broken "empty version" version put ''
broken "foreign version" version put '2\n'
broken "no version" version rm
broken "version is words" version put 'one\n'
broken "truncated names" x86_64/names cut_short 20
broken "names out of order" x86_64/names put '1 write\n0 read\n2 open\n4 stat\n5 fstat\n6 lstat\n'
broken "a name twice" x86_64/names put '0 read\n1 read\n2 open\n4 stat\n5 fstat\n6 lstat\n'
broken "a name missing" x86_64/names put '0 read\n1 write\n2 open\n4 stat\n5 fstat\n'
broken "a name too many" x86_64/names \
	put '0 read\n1 write\n2 open\n3 close\n4 stat\n5 fstat\n6 lstat\n'
broken "a nameless number" x86_64/names put '0 read\n1 \n2 open\n4 stat\n5 fstat\n6 lstat\n'
broken "names with a NUL" x86_64/names put '0 read\n1 wr\0te\n2 open\n4 stat\n5 fstat\n6 lstat\n'
broken "truncated bitmap" x86_64/bitmap cut_short 1
broken "bitmap with a stranger" x86_64/bitmap put '0x7\n'
broken "bitmap wider than nr_syscalls" x86_64/bitmap put 'fff,00000077\n'
broken "a bit beyond nr_syscalls" x86_64/bitmap put 'e77\n'
broken "list reversed" x86_64/list put '4-6,0-2\n'
broken "list with an open range" x86_64/list put '0-2,4-\n'
broken "no list" x86_64/list rm
broken "oversized names" x86_64/names oversize
broken "oversized bitmap" x86_64/bitmap oversize
broken "oversized version" version oversize
broken "nr_syscalls is negative" x86_64/nr_syscalls put '-1\n'
broken "nr_syscalls is huge" x86_64/nr_syscalls put '4294967295\n'
broken "audit_arch is empty" x86_64/audit_arch put ''
broken "audit_arch without 0x" x86_64/audit_arch put 'c000003e\n'
broken "base beyond 32 bits" x86_64/base put '0x100000000\n'
broken "names is a directory" x86_64/names replace_by_dir
broken "bitmap is a pipe" x86_64/bitmap replace_by_fifo

# Each is well-formed, together they lie; either file may be named.
rm -rf "$tmp/bad"
cp -r "$good" "$tmp/bad"
echo 0-6 >"$tmp/bad/sys/kernel/syscalls/x86_64/list"
refuses "bitmap and list disagree" 3 'syscalls/x86_64/' list --sysroot="$tmp/bad"
rm -rf "$tmp/bad"
cp -r "$good" "$tmp/bad"
cp -r "$tmp/bad/sys/kernel/syscalls/x86_64" "$tmp/bad/sys/kernel/syscalls/x86_64_too"
refuses "two ABIs in one place" 3 'syscalls/x86_64' list --sysroot="$tmp/bad"

if [ "$(id -u)" != 0 ]; then
	broken "names unreadable" x86_64/names chmod 0
elif setpriv --reuid=65534 --clear-groups true 2>/dev/null; then
	chmod 755 "$tmp"
	rm -rf "$tmp/bad"
	cp -r "$good" "$tmp/bad"
	chmod 0 "$tmp/bad/sys/kernel/syscalls/x86_64/names"
	run setpriv --reuid=65534 --clear-groups "$KSYSCALLS" list --sysroot="$tmp/bad"
	if [ "$status" = 126 ] || [ "$status" = 127 ]; then
		skip "names unreadable" "user 65534 cannot run $KSYSCALLS"
	else
		ok "names unreadable" refused 3 'x86_64/names: may not be read'
	fi
else
	skip "names unreadable" "root reads everything; needs setpriv and a machine where it works"
fi

mkdir "$tmp/empty"
refuses "an empty root" 3 'no such tree' abis --sysroot="$tmp/empty"
refuses "no root" 3 'no such tree' abis --sysroot="$tmp/none"
: >"$tmp/file"
refuses "a file for a root" 3 . abis --sysroot="$tmp/file"
mkdir -p "$tmp/bare/sys/kernel/syscalls"
echo 1 >"$tmp/bare/sys/kernel/syscalls/version"
refuses "a tree without an ABI" 3 'publishes no ABI' check --sysroot="$tmp/bare" read
if [ ! -e /sys/kernel/syscalls ]; then
	refuses "no module" 3 'the module is not loaded' check read
	run "$KSYSCALLS" run touch "$tmp/ran"
	ok "run without the module runs nothing" refused 3 'the module is not loaded'
	ok "run without the module ran nothing" not test -e "$tmp/ran"
else
	skip "no module" "the module is loaded here: 'rmmod ksyscalls' first"
fi
done_testing
