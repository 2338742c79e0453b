#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Neither module nor survey: what a profile's author can have known decides alone, in
# every command that weighs a profile, in the hook and in the wrapper, and a line says so.
# Conditions are evaluated by ok, once the start is over.
# shellcheck disable=SC2016,SC2034
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=stub.sh
. "$here/stub.sh"

# Where there is one, it is hidden.
if [ -e /sys/kernel/syscalls ] || [ -e /run/ksyscalls ]; then
	if [ -z "${KSC_HIDDEN-}" ] && unshare -rm true 2>/dev/null; then
		rm -rf "$tmp"
		KSC_HIDDEN=yes exec unshare -rm sh -c 'mount -t tmpfs none /sys && mount -t tmpfs none /run &&
			exec "$1"' sh "$here/no-view.sh"
	fi
fi
if [ -e /sys/kernel/syscalls ] || [ -e /run/ksyscalls ]; then
	echo "1..0 # SKIP there is a view, and unshare cannot hide it"
	exit 0
fi
case $(uname -m) in
x86_64)	arch=SCMP_ARCH_X86_64 ;;
aarch64) arch=SCMP_ARCH_AARCH64 ;;
s390x)	arch=SCMP_ARCH_S390X ;;
ppc64le) arch=SCMP_ARCH_PPC64LE ;;
*)	echo "1..0 # SKIP no name for $(uname -m) here"
	exit 0 ;;
esac

# getcpu is old and denied, openat2 is newer than the baseline, personality is watched.
cat >"$tmp/profile.json" <<JSON
{ "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 1, "architectures": ["$arch"],
  "syscalls": [ { "names": ["read", "write", "statx", "execve"], "action": "SCMP_ACT_ALLOW" },
		{ "names": ["personality"], "action": "SCMP_ACT_KILL" } ] }
JSON
note='note: neither module nor survey: .*the profile alone decides'
explain="explain -p $tmp/profile.json --baseline=5.0"

# shellcheck disable=SC2086 # words
{
exits "explain" 0 $explain openat2 getcpu personality read
ok "it says what is missing, in one line" eval '[ "$(wc -l <"$tmp/err")" = 1 ] && says "$note"'
ok "newer than the baseline: ENOSYS" prints "[a-z0-9_]* *437  ENOSYS *openat2: 5.6 > baseline 5.0.*"
ok "older: the profile's answer" prints "[a-z0-9_]* *[0-9]*  the profile's answer: EPERM *getcpu: .* <= baseline 5.0.*"
ok "watched: the profile's answer" prints "[a-z0-9_]* *[0-9]*  the profile's answer: KILL_THREAD *personality: .*kills.*"
ok "named: the profile's answer" prints "[a-z0-9_]* *[0-9]*  the profile's answer: ALLOW *read: the profile names it.*"
exits "all of it" 0 $explain
ok "nothing counts as absent" awk '/^ABI / { on = 1; next } on && NF != 12 { exit }
	on { lines++; bad += $5 } END { exit bad || !lines }' "$tmp/out"
}
# libseccomp may be too old to have the name.
exits "a new call" 0 explain -p "$tmp/profile.json" --baseline=5.0 mseal
ok "it has its number, and its release" prints "[a-z0-9_]* *462  ENOSYS *mseal: 6.10 > baseline 5.0.*"
exits "a site names it" 0 explain -p "$tmp/profile.json" --baseline=5.0 --eperm=mseal mseal
ok "and is heard" prints "[a-z0-9_]* *462  the profile's answer: EPERM *mseal: .*"
exits "bpf without that" 0 bpf -p "$tmp/profile.json" --baseline=5.0 -d -o "$tmp/new"
exits "bpf of that" 0 bpf -p "$tmp/profile.json" --baseline=5.0 --eperm=mseal -d -o "$tmp/old"
ok "are not the same" not cmp -s "$tmp/new" "$tmp/old"
exits "bpf" 0 bpf -p "$tmp/profile.json" --baseline=5.0 -d
ok "bpf says it, too" says "$note"
ok "and writes a filter" prints '.*ret  errno 38.; ENOSYS'
exits "profile" 0 profile -p "$tmp/profile.json" --baseline=5.0 -o "$tmp/compiled"
ok "profile says it, too" says "$note"
ok "and writes one" grep -q '"defaultErrnoRet": *38' "$tmp/compiled"
refuses "bpf without a profile has nothing to say" 3 'module is not loaded' bpf
refuses "nor has check" 3 'module is not loaded' check read
refuses "a tree that is named has to be there" 3 'no such tree' explain --sysroot="$tmp/none" \
	-p "$tmp/profile.json" read

conf "runtime = runc"
start run -b ../b id
ok "the wrapper rewrites, one line" eval '[ "$status" = 42 ] && [ "$(rewritten)" = "b/config.json;" ] &&
	warned_once "module is not loaded.*the profile alone decides"'
run "$KSYSCALLS" oci <"$tmp/original"
ok "the hook does, one line" eval '[ "$status" = 0 ] && warned_once "$note" &&
	grep -q "\"org.ksyscalls.seccomp\"" "$tmp/out"'
# A view that lacks one ABI tells of the others; of that one the profile alone decides.
lacks=$tmp/lacks/sys/kernel/syscalls
mkdir -p "${lacks%/*}"
cp -r "$KSC_SOURCE/tests/trees/amd64-6.12/sys/kernel/syscalls" "$lacks"
rm -rf "$lacks/i386" "$lacks/release"
cat >"$tmp/both.json" <<JSON
{ "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 1,
  "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
  "syscalls": [ { "names": ["read", "clone"], "action": "SCMP_ACT_ALLOW" } ] }
JSON
both="-p $tmp/both.json --baseline=5.0"
note='note: the view does not tell of i386: .*the profile alone decides'
# shellcheck disable=SC2086 # words
{
exits "a view that lacks an ABI" 0 explain --sysroot="$tmp/lacks" $both openat2 clone3 getcpu
ok "it says which, in one line" eval '[ "$(wc -l <"$tmp/err")" = 1 ] && says "$note"'
ok "row 4 holds for it" prints 'i386 *437  ENOSYS *openat2: 5.6 > baseline 5.0.*'
ok "and for its kin" prints 'i386 *435  ENOSYS *clone3: .*'
ok "and row 5" prints "i386 *318  the profile's answer: EPERM *getcpu: .* <= baseline 5.0.*"
exits "bpf" 0 bpf --sysroot="$tmp/lacks" $both -d
ok "bpf says it, too" says "$note"
ok "and has the ABI" prints '.*0x40000003.*'
}
if [ "$(uname -m)" = x86_64 ]; then
	conf "runtime = runc" "sysroot = $tmp/lacks" "strict = yes"
	start run -b ../b id
	ok "the wrapper rewrites, one line" eval '[ "$status" = 42 ] &&
		[ "$(rewritten)" = "b/config.json;" ] && warned_once "does not tell of i386"'
else
	skip "the wrapper" "the view is x86_64's"
fi
if [ "$(uname -m)" = x86_64 ] && "${CC:-cc}" -o "$tmp/probe" "$here/probe.c" 2>/dev/null; then
	names=$(machine_names | sed 's/.* /"/; s/$/",/' | grep -v -e '"getcpu"' -e '"openat2"' | tr -d '\n')
	printf '{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [ { "names": [%s], "action":
		"SCMP_ACT_ALLOW" } ] }\n' "${names%,}" >"$tmp/all.json"
	exits "run" 0 run -p "$tmp/all.json" --baseline=5.0 "$tmp/probe" 309 437
	ok "run: getcpu is EPERM" prints '309 1'
	ok "run: openat2 is ENOSYS" prints '437 38'
else
	skip "run" "the numbers here are x86_64's, and a C compiler is wanted"
fi
done_testing
