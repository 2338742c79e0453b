#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# abis, list, check and releases on a small tree: answers, JSON, exit statuses.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

json_is()	# JSON_EXPRESSION: on the parsed output d
{
	python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
sys.exit(not eval(sys.argv[2]))' "$tmp/out" "$1"
}

tree=$tmp/small
make_small_tree "$tree"
K="--sysroot=$tree"

exits "abis succeeds" 0 "$K" abis
ok "abis: implemented of known" prints 'x86_64  *0xc000003e  *0x00000000  *6/9'
ok "abis: i386" prints 'i386  *0x40000003  *0x00000000  *3/5'
ok "abis: a disabled ABI is told" \
	prints 'x32  *0xc000003e  *0x40000000  *0/9  *disabled on this boot'
ok "abis: where the tree is from" prints 'source: snapshot, Linux unknown'
ok "abis: a heading, three lines and the source" [ "$(wc -l <"$tmp/out")" = 5 ]
exits "--sysroot behind the command" 0 abis "$K"
exits "--sysroot as two words" 0 abis --sysroot "$tree"
exits "the last --sysroot counts" 3 --sysroot="$tree" abis --sysroot="$tmp/none"

exits "list succeeds" 0 list "$K" --abi x86_64
ok "list is the names file" cmp -s "$tmp/out" "$tree/sys/kernel/syscalls/x86_64/names"
exits "list --absent succeeds" 0 list "$K" --abi=x86_64 --absent
printf '3 close\n7 poll\n8 lseek\n' >"$tmp/want"
ok "list --absent: the rest, named by libseccomp" cmp -s "$tmp/out" "$tmp/want"
exits "list of a disabled ABI" 0 list "$K" -a x32
ok "list of a disabled ABI is empty" [ ! -s "$tmp/out" ]
ok "list of a disabled ABI says so" says 'x32 is disabled'
exits "list -n of a disabled ABI" 0 list "$K" -a x32 -n
ok "list -n of a disabled ABI has them all" [ "$(wc -l <"$tmp/out")" = 9 ]
refuses "list: an ABI that is not published" 2 'does not publish.*arm64' list "$K" -a arm64
ok "list: the published ones are told" says 'It publishes: .*i386'
refuses "list takes no operand" 2 "unexpected operand 'read'" list "$K" read

check="check $K --abi=x86_64"
# shellcheck disable=SC2086 # $check is words
{
exits "check: all implemented" 0 $check read 1 0x4
ok "check: by name" prints 'x86_64 0 read implemented'
ok "check: by number" prints 'x86_64 1 write implemented'
ok "check: by hexadecimal number" prints 'x86_64 4 stat implemented'
exits "check: one not implemented" 1 $check read close
ok "check: the answer for the implemented one" prints 'x86_64 0 read implemented'
ok "check: the answer for the other" prints 'x86_64 3 close not implemented'
exits "check: a number in a hole" 1 $check 3
ok "check: its name" prints 'x86_64 3 close not implemented'
exits "check: beyond the last number" 1 $check 9
ok "check: beyond the last number, told" prints 'x86_64 9 mmap not implemented: beyond the last.*'
refuses "check: a name nobody knows" 2 'frobnicate: no syscall of that name is known' $check frobnicate
refuses "check: among others, too" 2 'opneat2: no syscall of that name' $check read opneat2
refuses "check --quiet: a misspelt name is not the answer no" 2 'opneat2: no syscall' $check -q opneat2
exits "check: a name newer than this tree and libseccomp" 1 $check listmount
ok "check: its number is known" prints 'x86_64 458 listmount not implemented: in Linux since 6.8'
exits "check: a name that other ABIs have" 1 $check socketcall
ok "check: a name that other ABIs have, told" \
	prints 'x86_64 - socketcall not implemented: a known name.*'
exits "check --quiet: yes" 0 $check -q read
ok "check --quiet prints nothing" [ ! -s "$tmp/out" ]
exits "check --quiet: no" 1 $check --quiet close
ok "check --quiet prints nothing for no, either" [ ! -s "$tmp/out" ]
ok "check --quiet is quiet on stderr" [ ! -s "$tmp/err" ]
refuses "check: nothing asked" 2 'no syscall named' $check
refuses "check: number out of range" 2 '2147483648: out of range' $check read 2147483648
refuses "check: number beyond 64 bits" 2 'out of range' $check 99999999999999999999
refuses "check: hexadecimal out of range" 2 'out of range' $check 0xffffffff
refuses "check: half a number" 2 'neither a name nor a number' $check 0x
refuses "check: digits and letters" 2 'neither a name nor a number' $check 12ab
refuses "check: a space" 2 'neither a name nor a number' $check 'read '
refuses "check: a path" 2 'neither a name nor a number' $check ../read
refuses "check: an empty word" 2 'neither a name nor a number' $check ''
refuses "check: a negative number" 2 'neither a name nor a number' $check -- -1
refuses "check: a negative number is no option" 2 "unknown option '-1'" $check -1
refuses "check: an x32 number is not x86_64's" 2 'say --abi x32' $check 0x40000001
refuses "check: --quiet and --json" 2 'exclude each other' $check -q -j read
}
exits "check: the largest number" 1 check "$K" -a i386 2147483647
exits "check: x32 by relative number" 1 check "$K" -a x32 1
exits "check: x32 by seccomp's number" 1 check "$K" -a x32 0x40000001
ok "check: both are the same" prints 'x32 1 .*not implemented.*'
exits "check: a name on a disabled ABI" 1 check "$K" -a x32 read
ok "check: disabled is the reason" prints 'x32 .*disabled on this boot'

exits "releases succeeds" 0 releases
ok "releases: openat2" prints 'openat2 5.6 open,openat'
ok "releases: read, which follows nothing" prints 'read 2.6'
ok "releases: listmount, which programs do without" prints 'listmount 6.8 -'
exits "releases --json succeeds" 0 releases -j
ok "releases --json: openat2" json_is '(d["openat2"] == {"release": "5.6", "predecessors": ["open", "openat"]} and
	d["fsopen"] == {"release": "5.2", "predecessors": ["mount"], "family": "mount"} and
	d["read"] == {"release": "2.6"} and d["statmount"]["predecessors"] == [])'

exits "abis --json" 0 abis "$K" --json
ok "abis --json: the documented keys" json_is '
[sorted(a) for a in d] == 3 * [["abi", "audit_arch", "base", "disabled", "implemented", "known",
	"release", "source"]]'
ok "abis --json: x32" json_is '
[a for a in d if a["abi"] == "x32"] == [{"abi": "x32", "audit_arch": "0xc000003e",
	"base": "0x40000000", "implemented": 0, "known": 9, "disabled": True,
	"source": "snapshot", "release": None}]'
exits "list --json" 0 list "$K" --json -a i386
ok "list --json: numbers and names" json_is '
[(s["nr"], s["name"]) for s in d["syscalls"]] == [(1, "exit"), (3, "read"), (4, "write")]'
exits "list --json --absent" 0 list "$K" -jna i386
ok "list --json --absent: numbers" json_is '[s["nr"] for s in d["absent"]] == [0, 2]'
exits "check --json" 1 check "$K" -a x86_64 -j read 8 socketcall
ok "check --json: answers" json_is '
[(a["query"], a["nr"], a["name"], a["implemented"]) for a in d["answers"]] == [
	("read", 0, "read", True), ("8", 8, "lseek", False),
	("socketcall", None, "socketcall", False)]'

# A tree of an architecture that this machine is not.
other=$tmp/other
case $(uname -m) in
s390x)	foreign="arm64 0xc00000b7" ;;
*)	foreign="s390x 0x80000016" ;;
esac
# shellcheck disable=SC2086 # two words
echo "3 read" | make_abi "$other" $foreign 0x0 4
refuses "another architecture: the ABI has to be named" 2 'choose an ABI with --abi' \
	list --sysroot="$other"
ok "another architecture: the choice is told" says 'It publishes: [as]'
exits "another architecture: named" 0 list --sysroot="$other" \
	--abi="${foreign%% *}"

refuses "no command" 2 'no command given'
refuses "an unknown command" 2 "unknown command 'frob'" frob
refuses "an unknown option" 2 "unknown option '--frob'" --frob
refuses "an unknown option of a command" 2 "unknown option '--frob'" list --frob
refuses "an unknown letter" 2 "unknown option '-x'" list -jx
refuses "an option without its argument" 2 'needs an argument' list --abi
refuses "an argument too much" 2 "option '--json' takes no argument" list --json=1
refuses "an empty --sysroot" 2 "'--sysroot=' needs an argument" --sysroot= abis

exits "--version" 0 --version
ok "--version: the name and a number" prints 'ksyscalls [0-9][0-9.]*'

if [ -w /dev/full ]; then
	status=0
	"$KSYSCALLS" list "$K" -a x86_64 >/dev/full 2>"$tmp/err" || status=$?
	ok "a full disk is an error" [ "$status" = 2 ]
	ok "a full disk is told" says 'cannot write the output: No space left'
	status=0
	"$KSYSCALLS" list --json --sysroot="$here/../trees/amd64-6.1" >/dev/full 2>"$tmp/err" || status=$?
	ok "a full disk is an error where there is more than a buffer" [ "$status" = 2 ]
	ok "a full disk is told then, too" says 'cannot write the output: No space left'
	status=0
	"$KSYSCALLS" --help >/dev/full 2>"$tmp/err" || status=$?
	ok "a full disk is an error for --help" [ "$status" = 2 ]
else
	skip "a full disk is an error" "needs /dev/full"
fi
status=0
"$KSYSCALLS" list "$K" -a x86_64 >&- 2>"$tmp/err" || status=$?
ok "a closed stdout is an error" [ "$status" = 2 ]
status=0
"$KSYSCALLS" check -q "$K" -a x86_64 read >&- 2>"$tmp/err" || status=$?
ok "a closed stdout is none if there is no output" [ "$status" = 0 ]
# A pipe whose reader is gone: opened for both, then left with the writing end.
mkfifo "$tmp/pipe"
# shellcheck disable=SC2094
exec 3<>"$tmp/pipe" 4>"$tmp/pipe" 3>&-
status=0
(trap '' PIPE; exec "$KSYSCALLS" list "$K" -a x86_64) >&4 2>"$tmp/err" || status=$?
exec 4>&-
ok "a closed pipe is an error" [ "$status" = 2 ]
ok "a closed pipe is told" says 'cannot write the output: Broken pipe'
done_testing
