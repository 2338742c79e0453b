#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# check --each: which hosts of a folder of snapshots lack a syscall.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

trees=$here/../trees

# Kernels of several releases and machines: who has a call tells its names file.
mseal_without=$(grep -Lw mseal "$trees"/*/sys/kernel/syscalls/*/names | sed "s|^$trees/||")
native()	# TREE: its machine's own ABI
{
	for abi in x86_64 arm64 s390x ppc64 riscv64 loong64 mips64 arm i386 mips; do
		[ ! -e "$trees/$1/sys/kernel/syscalls/$abi" ] || { echo $abi; return; }
	done
}
for host in "$trees"/*; do
	abi=$(native "$(basename "$host")")
	! echo "$mseal_without" | grep -qx "$(basename "$host")/sys/kernel/syscalls/$abi/names" ||
		echo "$(basename "$host") $abi mseal"
done | sort >"$tmp/want"
exits "hosts that lack a call" 1 check --each="$trees" mseal
sort "$tmp/out" >"$tmp/got"
ok "are the ones whose files do not name it" cmp "$tmp/want" "$tmp/got"
ok "some of $(find "$trees" -mindepth 1 -maxdepth 1 | wc -l)" [ "$(wc -l <"$tmp/got")" -gt 3 ]
exits "a call that none lacks" 0 check --each="$trees" openat
ok "no host is named" [ ! -s "$tmp/out" ]
exits "quiet" 1 check --quiet --each="$trees" mseal
ok "says nothing" [ ! -s "$tmp/out$tmp/err" ]

mkdir "$tmp/fleet"
make_small_tree "$tmp/fleet/a"
make_small_tree "$tmp/fleet/b"
echo survey >"$tmp/fleet/b/sys/kernel/syscalls/source"
echo 3 >"$tmp/fleet/b/sys/kernel/syscalls/x86_64/unknown"
exits "what cannot be told" 1 check --each="$tmp/fleet" read close lstat
ok "is no" prints 'a x86_64 close'
ok "nor yes" prints 'b x86_64 close?'
exits "another ABI" 1 check --each="$tmp/fleet" --abi=i386 exit lstat
ok "is asked" prints 'a i386 lstat'
if command -v jq >/dev/null; then
	exits "--json" 1 check --json --each="$tmp/fleet" close lstat
	ok "has the same" [ "$(jq -c '[.[] | [.host, .abi, .lacks, .cannot_tell]]' "$tmp/out")" = \
		'[["a","x86_64",["close"],[]],["b","x86_64",[],["close"]]]' ]
else
	skip "--json" "jq is not installed: apt-get install jq"
fi
rm "$tmp/fleet/a/sys/kernel/syscalls/x86_64/list"
exits "a host that cannot be asked" 3 check --each="$tmp/fleet" close
ok "is told of" says 'fleet/a/.*x86_64/list'
ok "and hides no other" prints 'b x86_64 close?'
refuses "a misspelt name" 2 'openatt: no syscall of that name is known' check --each="$trees" openatt
refuses "a number" 2 'takes names' check --each="$trees" 437
refuses "a folder where one tree is wanted" 3 "folder of trees.*'ksyscalls check --each=DIR NAME'" \
	explain --sysroot="$trees" mseal
refuses "--sysroot, too" 2 'no place here' check --sysroot="$tmp" --each="$trees" read
refuses "no such folder" 2 'No such file' check --each="$tmp/nowhere" read

# As many as a site has, in a second: of the processor, for others use this machine, too.
mkdir "$tmp/many"
for i in $(seq 1000); do
	ln -s "$tmp/fleet/b" "$tmp/many/$i"
done
# shellcheck disable=SC2016 # for eval
ok "1000 hosts in a second" eval '
	(ulimit -t 1; exec "$KSYSCALLS" check --each="$tmp/many" close) >"$tmp/out"; [ $? = 1 ]'
ok "all of them asked" [ "$(grep -c ' x86_64 close?$' "$tmp/out")" = 1000 ]
mkdir "$tmp/empty"
refuses "no host at all" 3 'no host in it' check --each="$tmp/empty" read
done_testing
