#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# ksyscalls profile: what it writes is a profile that says of each number what the
# policy says, by its own measure.
# Conditions are evaluated by ok, once the start is over.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"
source=$here/../..
tree=$source/tests/trees/amd64-6.1
moby=${KSC_PROFILES:?run me by make check}/moby-trixie.json

names()	# FILE ACTION ERRNO: the names of rules without arguments
{
	tr -d '\n\t ' <"$1" | sed 's/},{"names"/\n{"names"/g' | grep -v '"args"' |
		grep "\"action\":\"$2\",\"errnoRet\":$3" | sed 's/.*"names":\[\([^]]*\)\].*/\1/' |
		tr -d '"' | tr ',' '\n'
}

# Where a tree says nothing of its kernel's release, a rule of the profile asks in vain.
cp -r "$tree" "$tmp/nameless"
rm -f "$tmp/nameless/sys/kernel/syscalls/release"
run "$KSYSCALLS" profile --sysroot="$tmp/nameless" -p "$moby" -o "$tmp/flip"
ok "another machine's kernel has to be told" \
	eval '[ "$status" = 2 ] && [ ! -e "$tmp/flip" ] && grep -q -e "minKernel.*--kernel" "$tmp/err"'
run "$KSYSCALLS" profile --sysroot="$tree" -p "$moby" -o "$tmp/flip" --report="$tmp/report"
ok "a profile is compiled" eval '[ "$status" = 0 ] && [ ! -s "$tmp/out" ]'
ok "its default is ENOSYS" grep -q '"defaultErrnoRet": *38' "$tmp/flip"
ok "it has no condition left" not grep -q -e includes -e excludes -e archMap "$tmp/flip"
ok "the report is beside it" grep -q '"mode": *"flip"' "$tmp/report"
names "$tmp/flip" SCMP_ACT_ERRNO 1 >"$tmp/denied"
ok "chroot is denied without its capability" grep -qx chroot "$tmp/denied"
ok "keyctl is denied" grep -qx keyctl "$tmp/denied"
run "$KSYSCALLS" profile --sysroot="$tree" -p "$moby" --caps=CAP_SYS_CHROOT
cp "$tmp/out" "$tmp/caps"
names "$tmp/caps" SCMP_ACT_ERRNO 1 >"$tmp/denied"
ok "and not denied with it" not grep -qx chroot "$tmp/denied"
# The names of Linux's capabilities, as its headers have them, and no other.
caps=$(sed -n 's/^#define \(CAP_[A-Z_]*\)[[:space:]]*[0-9][0-9]*$/\1/p' /usr/include/linux/capability.h | paste -sd,)
ok "there are headers" eval 'case $caps in CAP_CHOWN,*,CAP_BPF,*) ;; *) false ;; esac'
exits "--caps with all that Linux has" 0 profile --sysroot="$tree" -p "$moby" --caps="$caps"
for cap in SYS_CHROOT cap_sys_chroot CAP_SYS_CHROOT,NOSUCH; do
	refuses "--caps=$cap" 2 "caps: '${cap##*,}': no such capability" \
		profile --sysroot="$tree" -p "$moby" --caps="$cap"
done
refuses "--caps with a comma too much" 2 "caps: '': no capability named" \
	profile --sysroot="$tree" -p "$moby" --caps=CAP_SYS_CHROOT,
with_last()	# NR CAPS: on a kernel whose last capability has that number
{
	echo "$1" >"$tmp/last"
	run unshare -rm sh -c 'mount --bind "$1" /proc/sys/kernel/cap_last_cap && shift && exec "$@"' sh "$tmp/last" \
		"$KSYSCALLS" profile --sysroot="$tree" -p "$moby" --caps="$2"
}
if unshare -rm true 2>/dev/null; then
	for cap in CAP_NOSUCH CAP_SYS_CHROOT,CAP_ CAP_SYS_CHROOT,CAP_SYS_; do
		with_last 40 "$cap"
		ok "--caps=$cap" refused 2 "caps: '${cap##*,}': no such capability"
	done
	with_last 41 CAP_NOSUCH
	ok "but on a kernel that has one more" [ "$status" = 0 ]
	with_last 41 NOSUCH
	ok "which is called CAP_ all the same" refused 2 "caps: 'NOSUCH': no such capability"
else
	skip "--caps=CAP_NOSUCH" "no mount namespace: run it as root, or allow user namespaces"
fi
run "$KSYSCALLS" profile --sysroot="$tree" -p "$moby" --mode=explicit
cp "$tmp/out" "$tmp/explicit"
ok "explicit keeps the default" grep -q '"defaultErrnoRet": *1' "$tmp/explicit"
names "$tmp/explicit" SCMP_ACT_ERRNO 38 >"$tmp/enosys"
ok "and names what is absent" grep -qx cachestat "$tmp/enosys"
# What was compiled is read again, and says the same to the policy.
run "$KSYSCALLS" explain --sysroot="$tree" -p "$tmp/flip" --baseline=none keyctl
ok "what it wrote can be read" eval '[ "$status" = 0 ] && grep -q "the profile names it" "$tmp/out"'

# For a unit: what it is to be denied still; the rest is its own list's, or ENOSYS.
filter_of() { sed -n 's/^SystemCallFilter=~//p' "$tmp/out" | tr ' ' '\n'; }
denied_in_unit() { filter_of | grep -qx "$1:${2:-EPERM}"; }
cat >"$tmp/unit.json" <<-'EOF'
	{ "defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
	  "syscalls": [{ "action": "SCMP_ACT_ALLOW",
		"names": ["clone", "openat", "statx", "cachestat", "nfsservctl", "close_range"] },
		{ "action": "SCMP_ACT_ALLOW", "names": ["personality"],
		  "args": [{ "index": 0, "value": 8, "op": "SCMP_CMP_EQ" }] }] }
EOF
run "$KSYSCALLS" profile --sysroot="$tree" -p "$tmp/unit.json" --format=systemd --baseline=6.10
cp "$tmp/out" "$tmp/unit"
ok "a drop-in for a unit is two words a name" eval '[ "$status" = 0 ] &&
	head -n 2 "$tmp/out" | paste -sd" " | grep -qx "\[Service\] SystemCallErrorNumber=ENOSYS" &&
	! sed 1,3d "$tmp/out" | grep -qvE "^SystemCallFilter=~([a-z0-9_]+:EPERM ?)+$"'
ok "it is of what is allowed, whatever is read first" \
	eval 'sed -n 3p "$tmp/out" | grep -qx SystemCallFilter=execve'
ok "it has what is meant to be denied" eval 'denied_in_unit keyctl && denied_in_unit socket'
ok "and what only one of the architectures lacks" denied_in_unit uselib
ok "not what has a way round" eval 'not denied_in_unit clone3 && not denied_in_unit openat2'
ok "nor what is absent" eval 'not denied_in_unit query_module && not denied_in_unit map_shadow_stack'
ok "nor what is allowed, there or not" eval 'not denied_in_unit cachestat && not denied_in_unit openat'
ok "nor what is allowed with some arguments" not denied_in_unit personality
ok "nor what systemd allows in any service" eval 'not denied_in_unit brk &&
	not denied_in_unit rt_sigreturn && not denied_in_unit seccomp'
ok "nor what comes after that" not denied_in_unit execveat
ok "nor what systemd needs itself" not denied_in_unit write
ok "a multiplexer none of whose parts is allowed is denied" denied_in_unit socketcall
sed 's/"clone"/&, "socket", "shmat"/' "$tmp/unit.json" >"$tmp/parts.json"
run "$KSYSCALLS" profile --sysroot="$tree" -p "$tmp/parts.json" --format=systemd --baseline=6.10
ok "one with an allowed part is not, but the others are" \
	eval 'not denied_in_unit socketcall && not denied_in_unit ipc &&
	denied_in_unit bind && denied_in_unit msgget'
by_name() { printf '{ "action": "SCMP_ACT_ERRNO", "errnoRet": %s, "names": [%s] }, ' "$1" "$2"; }
rules="$(by_name 38 '"time", "syslog"')$(by_name 0 '"sync"')$(by_name 1 '"brk", "write", "socketcall"')"
sed "s/\"syscalls\": \[/&$rules/" "$tmp/parts.json" >"$tmp/named.json"
run "$KSYSCALLS" profile --sysroot="$tree" -p "$tmp/named.json" --format=systemd --baseline=6.10
ok "what is denied by name is, whoever allows it" \
	eval 'denied_in_unit brk && denied_in_unit socketcall && denied_in_unit sync 0'
ok "and taken off the list where that is by ENOSYS" \
	eval 'filter_of | grep -qx time && filter_of | grep -qx syslog'
ok "but for what systemd would not start without" eval '[ "$status" = 0 ] && ! filter_of | grep -qE "^write(:|$)"'
for knob in --keep-fatal --successors=allow --allow-unknown-to-libseccomp; do
	run "$KSYSCALLS" profile --sysroot="$tree" -p "$tmp/unit.json" --format=systemd "$knob"
	ok "a unit cannot be told $knob" \
		eval '[ "$status" = 2 ] && [ ! -s "$tmp/out" ] && grep -q "no words for" "$tmp/err"'
done
sed 's/"SCMP_ACT_ERRNO"/"SCMP_ACT_KILL_PROCESS"/' "$tmp/unit.json" >"$tmp/kills.json"
run "$KSYSCALLS" profile --sysroot="$tree" -p "$tmp/kills.json" --format=systemd --baseline=6.10
ok "what kills still does" denied_in_unit keyctl kill
sed 's/"SCMP_ACT_ERRNO"/"SCMP_ACT_LOG"/' "$tmp/unit.json" >"$tmp/logs.json"
run "$KSYSCALLS" profile --sysroot="$tree" -p "$tmp/logs.json" --format=systemd
ok "a list of what is denied is none of what is allowed" \
	eval '[ "$status" = 2 ] && [ ! -s "$tmp/out" ] && grep -q "denies nothing" "$tmp/err"'
run "$KSYSCALLS" profile --sysroot="$tree" -p "$tmp/unit.json" --format=systemd --mode=flip
ok "a drop-in has no mode" eval '[ "$status" = 2 ] && grep -q -e "--mode" "$tmp/err"'
run "$KSYSCALLS" profile --sysroot="$tree" -p "$tmp/unit.json" --format=json
ok "a format is one of two" eval '[ "$status" = 2 ] && grep -q "oci or systemd" "$tmp/err"'

run "$KSYSCALLS" profile --sysroot="$tree"
ok "a profile has to be given" eval '[ "$status" = 2 ] && grep -q -e --profile "$tmp/err"'
run "$KSYSCALLS" profile --sysroot="$tree" -p "$moby" --mode=bpf
ok "mode bpf is for configurations" eval '[ "$status" = 2 ] && grep -q "flip or explicit" "$tmp/err"'
run "$KSYSCALLS" profile --sysroot="$tree" -p "$moby" --report=-
ok "two documents do not share standard output" \
	eval '[ "$status" = 2 ] && [ ! -s "$tmp/out" ] && grep -q "a file of its own" "$tmp/err"'
run "$KSYSCALLS" profile --sysroot="$tree" -p "$moby" -o "$tmp/one" --report="$tmp/one"
ok "nor a file" eval '[ "$status" = 2 ] && [ ! -e "$tmp/one" ] && grep -q "a file of its own" "$tmp/err"'
run "$KSYSCALLS" profile --sysroot="$tree" -p "$moby" -o "$tmp/one" --report="$tmp/none/report"
ok "a report that cannot be written: the profile is not written, either" \
	eval '[ "$status" = 2 ] && [ ! -e "$tmp/one" ] && [ ! -e "$tmp/.one.ksyscalls" ]'
if [ -w /dev/full ]; then
	echo before >"$tmp/one"
	run "$KSYSCALLS" profile --sysroot="$tree" -p "$moby" -o "$tmp/one" --report=/dev/full
	ok "nor where its disk is full" \
		eval '[ "$status" = 2 ] && [ "$(cat "$tmp/one")" = before ] && [ ! -e "$tmp/.one.ksyscalls" ]'
	ok "which is told" says 'cannot write /dev/full: No space left'
	status=0
	"$KSYSCALLS" profile --sysroot="$tree" -p "$moby" --report="$tmp/one" >/dev/full 2>"$tmp/err" || status=$?
	ok "no report of a profile that was not written" \
		eval '[ "$status" = 2 ] && [ "$(cat "$tmp/one")" = before ] && [ ! -e "$tmp/.one.ksyscalls" ]'
	ok "which is told once" [ "$(grep -c 'cannot write the output: No space left' "$tmp/err")" = 1 ]
else
	skip "a report where the disk is full" "needs /dev/full"
fi
done_testing
