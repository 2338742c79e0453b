#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# run: the filter at work in this very kernel, by a tree of this machine from
# which a harmless syscall was taken out.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

if ! abi=$(machine_abi); then
	echo "1..0 # SKIP no name for the ABI of $(uname -m) in tap.sh"
	exit 0
fi
if ! "${CC:-cc}" -o "$tmp/probe" "$here/probe.c" 2>"$tmp/err"; then
	echo "1..0 # SKIP no C compiler for the probe: $(head -n 1 "$tmp/err")"
	exit 0
fi
machine_names >"$tmp/names"

number()
{
	awk -v name="$1" '$2 == name { print $1 }' "$tmp/names"
}

getcpu=$(number getcpu)
getpid=$(number getpid)
grep -v ' getcpu$' "$tmp/names" >"$tmp/without"
bits=$(($(tail -n 1 "$tmp/names" | cut -d ' ' -f 1) + 1))
# shellcheck disable=SC2086 # $abi is two words
make_abi "$tmp/whole" $abi 0x0 "$bits" <"$tmp/names"
# shellcheck disable=SC2086
make_abi "$tmp/less" $abi 0x0 "$bits" <"$tmp/without"

run "$tmp/probe" "$getcpu" "$getpid"
if ! prints "$getcpu 14"; then
	echo "1..0 # SKIP getcpu(-1) is not EFAULT here: another filter is in force, or an emulator; run it outside"
	exit 0
fi
exits "whole tree" 0 run --sysroot="$tmp/whole" -- "$tmp/probe" "$getcpu" "$getpid"
ok "whole tree: getcpu answers" prints "$getcpu 14"
exits "tree without getcpu" 0 run --sysroot="$tmp/less" -- "$tmp/probe" "$getcpu" "$getpid" 900
ok "tree without getcpu: ENOSYS" prints "$getcpu 38"
ok "tree without getcpu: getpid answers" prints "$getpid 0"
ok "beyond the table: ENOSYS" prints '900 38'
run "$KSYSCALLS" run --sysroot="$tmp/less" grep -E '^(Seccomp|NoNewPrivs):' /proc/self/status
ok "the filter is a seccomp filter" prints 'Seccomp:.*2'
ok "no_new_privs is set" prints 'NoNewPrivs:.*1'

if [ "${abi%% *}" = x86_64 ]; then
	# i386's 20 is getpid, 318 is getcpu.
	seq 0 400 | grep -vx 318 | sed 's/.*/& call_&/' |
		make_abi "$tmp/less" i386 0x40000003 0x0 401
	run "$tmp/probe" i386:20 i386:318
	if prints 'i386:20 0'; then
		exits "i386 by int 0x80" 0 run --sysroot="$tmp/less" "$tmp/probe" i386:20 i386:318
		ok "i386: getpid answers" prints 'i386:20 0'
		ok "i386: getcpu is ENOSYS" prints 'i386:318 38'
		exits "i386 not covered" 0 run --sysroot="$tmp/less" -a x86_64 "$tmp/probe" i386:318
		ok "i386 not covered: getcpu answers" prints 'i386:318 14'
	else
		skip "i386 by int 0x80" "needs a kernel that enters it: CONFIG_IA32_EMULATION"
	fi
fi

# An allowlist of everything but getcpu, with EPERM for the rest.
names=$(sed 's/.* /"/; s/$/",/' "$tmp/without" | tr -d '\n')
printf '{ "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 1, "syscalls": [
	{ "names": [%s], "action": "SCMP_ACT_ALLOW" } ] }\n' "${names%,}" >"$tmp/profile.json"
exits "a profile that does not allow getcpu" 0 run --sysroot="$tmp/whole" \
	-p "$tmp/profile.json" -- "$tmp/probe" "$getcpu" "$getpid"
ok "not allowed and implemented: EPERM" prints "$getcpu 1"
ok "allowed and implemented: answers" prints "$getpid 0"
exits "the same where getcpu is absent" 0 run --sysroot="$tmp/less" \
	-p "$tmp/profile.json" -- "$tmp/probe" "$getcpu" "$getpid"
ok "not allowed and absent: ENOSYS" prints "$getcpu 38"

exits "the command's own status" 7 run --sysroot="$tmp/less" -- sh -c 'exit 7'
exits "not found is 127" 127 run --sysroot="$tmp/less" -- "$tmp/nothing-there"
ok "not found is told" says 'cannot run .*nothing-there: No such file'
: >"$tmp/plain"
exits "not executable is 126" 126 run --sysroot="$tmp/less" -- "$tmp/plain"
exits "options behind the command are the command's" 0 run --sysroot="$tmp/less" echo --json -x
ok "options behind the command reach it" prints '--json -x'
refuses "no command" 2 'no command to run' run --sysroot="$tmp/less"
refuses "no command behind --" 2 'no command to run' run --sysroot="$tmp/less" --
case $abi in
s390x*)	echo "0 read" | make_abi "$tmp/other" arm64 0xc00000b7 0x0 4 ;;
*)	echo "3 read" | make_abi "$tmp/other" s390x 0x80000016 0x0 4 ;;
esac
refuses "a tree of another architecture" 2 'another architecture' \
	run --sysroot="$tmp/other" -- touch "$tmp/ran"
echo '{' >"$tmp/bad.json"
refuses "a broken profile" 2 'bad.json' \
	run --sysroot="$tmp/less" -p "$tmp/bad.json" -- touch "$tmp/ran"
ok "nothing was run" not test -e "$tmp/ran"
done_testing
