#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# ksyscalls oci against what is made to mislead it: whatever it does not take for
# certain stays as it was, with one line that says why.
# Conditions are evaluated by ok, once the start is over.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

make_small_tree "$tmp/tree"
seccomp='{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],'
seccomp=$seccomp'"action":"SCMP_ACT_ALLOW"}]}'

warned_once()	# PATTERN
{
	[ "$(wc -l <"$tmp/err")" = 1 ] && grep -q -e "$1" "$tmp/err"
}

# The text in $tmp/in, in each way.
stays()	# DESCRIPTION PATTERN [WORD...]
{
	# shellcheck disable=SC2034 # read by ok
	why=$2 what=$1
	shift 2
	run "$KSYSCALLS" oci --mode=flip --sysroot="$tmp/tree" "$@" <"$tmp/in"
	ok "$what: stays as it was, one warning" \
		eval '[ "$status" = 0 ] && cmp -s "$tmp/in" "$tmp/out" && warned_once "$why"'
	run "$KSYSCALLS" oci --mode=flip --strict --sysroot="$tmp/tree" "$@" <"$tmp/in"
	ok "$what: --strict fails and prints nothing" \
		eval '[ "$status" = 1 ] && [ ! -s "$tmp/out" ] && warned_once "$why"'
	rm -rf "$tmp/b"
	mkdir "$tmp/b"
	cp "$tmp/in" "$tmp/b/config.json"
	run "$KSYSCALLS" oci --mode=bpf --bundle="$tmp/b" --sysroot="$tmp/tree" "$@"
	ok "$what: the file is not touched, exit 1" \
		eval '[ "$status" = 1 ] && cmp -s "$tmp/in" "$tmp/b/config.json" && warned_once "$why" &&
			[ "$(ls -A "$tmp/b")" = config.json ]'
}

text()
{
	printf '%s\n' "$1" >"$tmp/in"
}

# Go's readers take the last of two keys, crun's the first, and Go does not mind case.
text "{\"linux\":{\"seccomp\":$seccomp},\"linux\":{}}"
stays "linux twice" '"linux" is there twice'
text "{\"linux\":{\"seccomp\":$seccomp,\"seccomp\":{}}}"
stays "seccomp twice" '"seccomp" is there twice'
text "{\"linux\":{\"seccomp\":$seccomp},\"Linux\":{\"seccomp\":{}}}"
stays "linux in another case" 'key "Linux"'
text "{\"linux\":{\"seccomp\":$seccomp,\"\\u0073eccomp\":null}}"
stays "seccomp written with escapes" 'u0073eccomp'
text "{\"linux\":{\"seccomp\":$seccomp,\"ſeccomp\":null}}"
stays "seccomp with a long s" 'to some readers "seccomp"'
text '{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ERRNO","defaultAction":"SCMP_ACT_ALLOW"}}}'
stays "defaultAction twice" '"defaultAction" is there twice'
text '{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ERRNO","Syscalls":[],"syscalls":[]}}}'
stays "syscalls in two cases" 'key "Syscalls"'
text '{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],
	"action":"SCMP_ACT_ALLOW","args":[{"index":0,"op":"SCMP_CMP_EQ","value":1,"value":2}]}]}}}'
stays "a value twice" '"value" is there twice'
text '{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],
	"Action":"SCMP_ACT_ALLOW"}]}}}'
stays "action in another case" 'key "Action"'

# Not JSON, or not what we can be sure of.
text "{\"linux\":{/* */\"seccomp\":$seccomp}}"
stays "a comment" 'not JSON\|config:'
printf '{"linux":{"seccomp":%s}}\0{}' "$seccomp" >"$tmp/in"
stays "a NUL character" 'NUL'
text "{\"linux\":{\"seccomp\":$seccomp}}{}"
stays "something behind it" 'config:'
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "["; }' >"$tmp/in"
stays "deep nesting" 'config:'
text '{"linux":{"seccomp":[]}}'
stays "seccomp is a list" 'not an object'
text "{\"annotations\":[],\"linux\":{\"seccomp\":$seccomp}}"
stays "annotations are a list" 'not an object'

# Annotations are not only the engine's: nothing that they say opens a profile.
text "{\"annotations\":{\"run.oci.seccomp_bpf_data\":\"BgAAAAAA/38=\"},
	\"linux\":{\"seccomp\":$seccomp}}"
stays "a program of others" 'not ours'
text "{\"annotations\":{\"org.ksyscalls.seccomp\":\"mode=flip tree=00\"},
	\"linux\":{\"seccomp\":$seccomp}}"
stays "a mark of another kernel" 'another kernel'
text "{\"annotations\":{\"org.ksyscalls.seccomp\":\"x\",\"org.ksyscalls.seccomp.original\":
	\"{\\\"defaultAction\\\":\\\"SCMP_ACT_ALLOW\\\"}\"},\"linux\":{\"seccomp\":$seccomp}}"
stays "a forged original" 'another kernel'
text "{\"annotations\":{\"a&b\":\"1\",\"\\u0061\\u003cb\":\"2\",\"ſ\":\"3\"},
	\"linux\":{\"seccomp\":$seccomp}}"
run "$KSYSCALLS" oci --mode=flip --sysroot="$tmp/tree" <"$tmp/in"
ok "other annotations may have any key" \
	eval '[ "$status" = 0 ] && grep -q "mode=flip" "$tmp/out" && grep -q u003cb "$tmp/out"'
cp "$tmp/out" "$tmp/once"
for mode in flip bpf explicit; do
	run "$KSYSCALLS" oci --mode=$mode --report="$tmp/report" --sysroot="$tmp/tree" <"$tmp/once"
	ok "what was rewritten stays, in mode $mode" \
		eval '[ "$status" = 0 ] && cmp -s "$tmp/once" "$tmp/out" &&
			grep -q "rewritten before" "$tmp/report"'
done

# A runtime reads config.json, and the engines' own keys are nothing to it.
rule='"action":"SCMP_ACT_ALLOW"}'
text "{\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[
	{\"names\":[\"read\"],$rule,{\"names\":[],$rule]}}}"
run "$KSYSCALLS" oci --mode=flip --sysroot="$tmp/tree" <"$tmp/in"
ok "a profile for the runtime" grep -q 'mode=flip' "$tmp/out"
cp "$tmp/out" "$tmp/plain"
text "{\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[
	{\"includes\":{\"caps\":[\"CAP_BPF\"]},\"excludes\":{\"minKernel\":\"2.6\"},\"errno\":7,
	\"names\":[\"read\"],$rule,{\"name\":\"write\",\"names\":[],$rule],
	\"defaultErrno\":\"ENOENT\",\"archMap\":[{\"architecture\":\"SCMP_ARCH_X86_64\",
	\"subArchitectures\":[\"SCMP_ARCH_X86\"]}]}}}"
run "$KSYSCALLS" oci --mode=flip --sysroot="$tmp/tree" <"$tmp/in"
# They stay, as whatever we do not know, and what we write is the same without them.
sed -e 's/,"includes":{"caps":\["CAP_BPF"\]},"excludes":{"minKernel":"2.6"},"errno":7//' \
	-e 's/"defaultErrno":"ENOENT","archMap":\[[^]]*\]}\],//' "$tmp/out" >"$tmp/stripped"
ok "the engines' own keys change nothing" cmp "$tmp/plain" "$tmp/stripped"
ok "and are not taken away" eval '! cmp -s "$tmp/out" "$tmp/stripped"'

# crun knows this word, runc does not and has to say so.
text "{\"linux\":{\"seccomp\":{\"architectures\":[\"SCMP_ARCH_NATIVE\",\"SCMP_ARCH_X86\"],
	\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],$rule]}}}"
for mode in flip explicit; do
	run "$KSYSCALLS" oci --mode=$mode --sysroot="$tmp/tree" <"$tmp/in"
	ok "architectures are as they were, in mode $mode" eval 'grep -q "mode=$mode" "$tmp/out" &&
		grep -q "\"architectures\":\[\"SCMP_ARCH_NATIVE\",\"SCMP_ARCH_X86\"\]" "$tmp/out"'
done
printf '{"defaultAction":"SCMP_ACT_ERRNO","architectures":null,"archMap":[{"architecture":"SCMP_ARCH_X86_64",
	"subArchitectures":["SCMP_ARCH_X86"]}],"syscalls":[{"names":["read"],%s]}' "$rule" >"$tmp/map.json"
exits "null beside an archMap" 0 profile --profile="$tmp/map.json" --abi=x86_64 --sysroot="$tmp/tree"
ok "is what the archMap says" grep -q SCMP_ARCH_X86_64 "$tmp/out"

# A live tree that lacks the machine's own ABI makes no other one the machine's own: the
# profile alone decides.
case $(uname -m) in
x86_64) set -- i386 0x40000003 ;;
aarch64) set -- arm 0x40000028 ;;
s390x) set -- s390 0x16 ;;
*) set -- other 0x1 ;;
esac
make_abi "$tmp/lone" "$1" "$2" 0x0 4 <<EOF
0 zero
EOF
text "{\"linux\":{\"seccomp\":$seccomp}}"
if unshare -rm mount --bind "$tmp/lone/sys" /sys 2>"$tmp/err"; then
	run unshare -rm sh -c 'mount --bind "$1" /sys && exec "$2" oci --mode=bpf --strict' \
		sh "$tmp/lone/sys" "$KSYSCALLS" <"$tmp/in"
	ok "a live tree without the machine's own ABI is not another machine's" \
		eval '[ "$status" = 0 ] && warned_once "does not tell of this machine.*the profile alone decides" &&
			grep -q run.oci.seccomp_bpf_data "$tmp/out"'
else
	skip "a live tree without the machine's own ABI" "$(head -n 1 "$tmp/err")"
fi

# The knobs reach the policy.
text '{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["openat2"],
	"action":"SCMP_ACT_ERRNO","errnoRet":13}]}}}'
run "$KSYSCALLS" oci --mode=flip --sysroot="$tmp/tree" <"$tmp/in"
ok "an absent syscall outranks the errno of a rule" not grep -q '"errnoRet":13' "$tmp/out"
run "$KSYSCALLS" oci --mode=flip --explicit=respect --sysroot="$tmp/tree" <"$tmp/in"
ok "unless it is to be respected" grep -q '"errnoRet":13' "$tmp/out"

# Which mode auto is: crun knows the annotation since 0.18 and heeds defaultErrnoRet since
# 0.19, and these are how it is told.
# Where a profile lists no architecture, not every runc answers ENOSYS by itself.
text "{\"linux\":{\"seccomp\":$seccomp}}"
mkdir "$tmp/old" "$tmp/new" "$tmp/between"
echo 'crun 0.17' >"$tmp/old/crun"
echo 'run.oci.seccomp_bpf_data' >"$tmp/between/crun"
# shellcheck disable=SC2016 # as it is
{ cat "$tmp/between/crun"; echo 'errno value specified for action `%s`'; } >"$tmp/new/crun"
echo 'default_errno_ret, cannot map architecture %v to AUDIT_ARCH_ constant' >"$tmp/old/runc"
{ cat "$tmp/old/runc"; echo 'seccomp: adding implied native architecture %v to config set'; } >"$tmp/new/runc"
chmod +x "$tmp"/old/* "$tmp"/new/* "$tmp"/between/*

chooses()	# MODE DIR OPTION...
{
	mode=$1
	first=$2
	shift 2
	run env PATH="$tmp/$first:$PATH" "$KSYSCALLS" oci --report="$tmp/report" \
		--sysroot="$tmp/tree" "$@" <"$tmp/in"
	told=$(echo "${*:-no runtime told}" | sed "s|$tmp/||")
	ok "with a crun that is $first, $told: mode $mode" \
		eval '[ "$status" = 0 ] && grep -q "mode=$mode " "$tmp/out" &&
			grep -q "\"mode\": *\"$mode\"" "$tmp/report"'
}

chooses bpf new --runtime=crun
chooses explicit old --runtime=crun
chooses bpf old --runtime="$tmp/new/crun"
chooses explicit new --runtime="$tmp/old/crun"
chooses bpf old --runtime=crun-that-is-nowhere
chooses flip old --runtime=runc
chooses explicit new --runtime=runc
chooses flip new
chooses explicit old
chooses bpf between --runtime=crun
chooses explicit between
chooses flip old --mode=flip
chooses bpf old --mode=bpf

stays "a runtime that is nowhere" 'runtime.*No such file' --runtime="$tmp/nowhere/crun"
mkdir "$tmp/runc"
stays "a runtime that is a directory" 'runtime.*Is a directory' --runtime="$tmp/runc"

# Too large to be read is not too large to be passed on.
{
	printf '{"linux":{"seccomp":%s},"x":"' "$seccomp"
	head -c 70000000 /dev/zero | tr '\0' x
	printf '"}\n'
} >"$tmp/in"
stays "70 MB" 'more than'

# Files that are not a bundle's own.
mkdir "$tmp/c"
text "{\"linux\":{\"seccomp\":$seccomp}}"
cp "$tmp/in" "$tmp/victim"
ln -s ../victim "$tmp/c/config.json"
run "$KSYSCALLS" oci --bundle="$tmp/c" --sysroot="$tmp/tree"
ok "a symbolic link is not followed" \
	eval '[ "$status" = 2 ] && cmp -s "$tmp/in" "$tmp/victim" &&
		[ -L "$tmp/c/config.json" ] && warned_once symbolic'
rm "$tmp/c/config.json"
mkfifo "$tmp/c/config.json"
run timeout 10 "$KSYSCALLS" oci --bundle="$tmp/c" --sysroot="$tmp/tree"
ok "a pipe is not waited for" eval '[ "$status" = 1 ] && warned_once "not a regular file"'
rm "$tmp/c/config.json"
cp "$tmp/in" "$tmp/c/config.json"
chmod 4640 "$tmp/c/config.json"
ln "$tmp/c/config.json" "$tmp/link"
ln -s c "$tmp/d"
run "$KSYSCALLS" oci --mode=flip --bundle="$tmp/d" --sysroot="$tmp/tree"
ok "the file gets its permissions back, without set-user-ID" \
	eval '[ "$status" = 0 ] && [ "$(stat -c %a "$tmp/c/config.json")" = 640 ] &&
		grep -q "mode=flip" "$tmp/c/config.json"'
ok "another link to it keeps the old text" cmp "$tmp/in" "$tmp/link"
ok "nothing else is left in the bundle" [ "$(ls -A "$tmp/c")" = config.json ]

# Leniency is the hook's: who names a bundle is told by the exit status.
refuses "no bundle there" 2 'nowhere/config.json: No such file' oci --bundle="$tmp/nowhere" \
	--sysroot="$tmp/tree"
refuses "no tree, and a bundle" 3 'no such tree' oci --bundle="$tmp/c" --sysroot="$tmp/nowhere"
refuses "an empty name for a bundle" 2 "'--bundle=' needs an argument" oci --bundle= --sysroot="$tmp/tree"
refuses "an empty word for a bundle" 2 "'--bundle' needs an argument" oci --bundle '' \
	--sysroot="$tmp/tree"

# A knob that is wrong is the command line's mistake, which a hook tells of, too.
refuses "a name that nobody knows" 2 "enosys: 'opneat2'" oci --enosys=opneat2 --sysroot="$tmp/tree" <"$tmp/in"
refuses "a name with both answers" 2 "eperm: 'statx': .*the other answer" oci --enosys=statx --eperm=statx \
	--sysroot="$tmp/tree" <"$tmp/in"
cp "$tmp/in" "$tmp/c/config.json"
refuses "the same for a bundle" 2 "enosys: 'opneat2'" oci --enosys=opneat2 --bundle="$tmp/c" \
	--sysroot="$tmp/tree"
ok "the bundle is as it was" cmp "$tmp/in" "$tmp/c/config.json"

# A tree that the configuration's runtime does not run on, whatever the profile covers.
case $(uname -m) in
s390x)	other=amd64-6.1 ;;
*)	other=s390x-6.1 ;;
esac
for arch in '' ',"architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_S390X"]'; do
	echo "{\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ERRNO\"$arch,\"syscalls\":[]}}}" >"$tmp/other"
	run "$KSYSCALLS" oci --sysroot="$here/../trees/$other" <"$tmp/other"
	ok "a tree of another architecture: stays as it was${arch:+, with architectures}" \
		eval '[ "$status" = 0 ] && cmp -s "$tmp/other" "$tmp/out" && warned_once "of another architecture"'
	cp "$tmp/other" "$tmp/c/config.json"
	refuses "the same for a bundle" 2 'the tree is of another architecture' oci --bundle="$tmp/c" \
		--sysroot="$here/../trees/$other"
	ok "which is as it was" cmp "$tmp/other" "$tmp/c/config.json"
done

# Nobody reads what it says: the configuration passes all the same.
mkfifo "$tmp/pipe"
# shellcheck disable=SC2094
exec 3<>"$tmp/pipe" 4>"$tmp/pipe" 3>&-
printf '{"linux":{"seccomp":[]}}' >"$tmp/bad.json"
run sh -c 'exec "$0" oci --sysroot="$1" <"$2" 2>&4' "$KSYSCALLS" "$tmp/tree" "$tmp/bad.json"
exec 4>&-
ok "a closed pipe for stderr" eval '[ "$status" = 0 ] && cmp -s "$tmp/bad.json" "$tmp/out"'

# Two documents never share a place, and what is refused has changed nothing.
refuses "--report to standard output, where the configuration goes" 2 'a file of its own' \
	oci --report=- --sysroot="$tmp/tree"
status=0
"$KSYSCALLS" oci --report=/dev/stdout --sysroot="$tmp/tree" <"$tmp/in" >"$tmp/out" 2>"$tmp/err" || status=$?
ok "the same by another name" refused 2 'a file of its own'
cp "$tmp/in" "$tmp/c/config.json"
refuses "--report over the configuration" 2 'replace the configuration' oci --bundle="$tmp/c" \
	--report="$tmp/d/config.json" --sysroot="$tmp/tree"
ok "the configuration is as it was" cmp "$tmp/in" "$tmp/c/config.json"
refuses "--report over what takes its place" 2 'replace the configuration' oci --bundle="$tmp/c" \
	--report="$tmp/c/.config.json.ksyscalls0" --sysroot="$tmp/tree"
refuses "--report where nothing can be written" 2 'cannot write .*none/report' oci --bundle="$tmp/c" \
	--report="$tmp/none/report" --sysroot="$tmp/tree"
ok "the configuration is as it was, again" cmp "$tmp/in" "$tmp/c/config.json"
exits "--report to standard output beside a bundle" 0 oci --mode=flip --bundle="$tmp/c" --report=- \
	--sysroot="$tmp/tree"
ok "it is the report alone" eval 'head -n 1 "$tmp/out" | grep -qx "{" && grep -q "\"mode\": *\"flip\"" "$tmp/out"'
echo before >"$tmp/report"
refuses "a report of nothing" 2 "enosys: 'opneat2'" oci --enosys=opneat2 --report="$tmp/report" \
	--sysroot="$tmp/tree" <"$tmp/in"
ok "leaves the one that was there" [ "$(cat "$tmp/report")" = before ]
# A file system of two pages, which the reports, but not the configuration, have room in.
if run unshare -rm sh -c 'mount -t tmpfs -o size=8k none "$2" && cp "$3" "$2/config.json" && echo before >"$4" &&
		"$1" oci --mode=bpf --bundle="$2" --report="$4" --sysroot="$5"; status=$?
		cmp "$3" "$2/config.json" && ls -A "$2"; exit $status' \
		sh "$KSYSCALLS" "$tmp/c" "$tmp/in" "$tmp/report" "$here/../trees/amd64-6.1"; [ "$status" = 2 ]; then
	ok "a bundle without room: no report" eval '[ "$(cat "$tmp/report")" = before ] &&
		[ "$(cat "$tmp/out")" = config.json ] && says "cannot be replaced: No space left"'
else
	skip "a bundle without room" "$(head -n 1 "$tmp/err")"
fi
if [ -w /dev/full ]; then
	refuses "--report on a full disk: no configuration, either" 2 'cannot write /dev/full: No space left' \
		oci --mode=flip --report=/dev/full --sysroot="$tmp/tree" <"$tmp/in"
	cp "$tmp/in" "$tmp/c/config.json"
	run "$KSYSCALLS" oci --mode=flip --bundle="$tmp/c" --report=/dev/full --sysroot="$tmp/tree"
	ok "a bundle is as it was, with nothing beside it" \
		eval '[ "$status" = 2 ] && cmp -s "$tmp/in" "$tmp/c/config.json" &&
			[ "$(ls -A "$tmp/c")" = config.json ]'
	status=0
	"$KSYSCALLS" oci --mode=flip --bundle="$tmp/c" --report=- --sysroot="$tmp/tree" >/dev/full \
		2>"$tmp/err" || status=$?
	ok "so it is where standard output has the report" \
		eval '[ "$status" = 2 ] && cmp -s "$tmp/in" "$tmp/c/config.json" &&
			[ "$(ls -A "$tmp/c")" = config.json ]'
	rm -f "$tmp/report"
	status=0
	"$KSYSCALLS" oci --mode=flip --report="$tmp/report" --sysroot="$tmp/tree" <"$tmp/in" >/dev/full 2>"$tmp/err" ||
		status=$?
	ok "no report of a configuration that was not written" eval '[ "$status" = 2 ] && [ ! -e "$tmp/report" ]'
else
	skip "--report on a full disk" "needs /dev/full"
fi

# x32 is off in this tree: what a rule by name allows there, the kernel answers by ENOSYS.
text '{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X86_64",
"SCMP_ARCH_X86","SCMP_ARCH_X32"],"syscalls":[{"names":["stat","lstat","fstat","newfstatat",
"stat64","lstat64","fstat64","fstatat64"],"action":"SCMP_ACT_ALLOW"}]}}}'
for mode in flip explicit; do
	for knob in allow:0 enosys:1; do
		run "$KSYSCALLS" oci --mode=$mode --baseline=4.10 --successors=${knob%:*} \
			--sysroot="$here/../trees/amd64-7.3" --runtime=runc <"$tmp/in"
		ok "$mode, --successors=${knob%:*}: statx for all of amd64, or for none" eval '
			grep -q "\"statx\"\],\"action\":\"SCMP_ACT_ALLOW\"" "$tmp/out"
			[ $? = "${knob#*:}" ]'
	done
done

# Of an ABI that this kernel has not, libseccomp is asked for nothing, if the profile does not kill.
# instructions TREE ARCHITECTURES [RULE]: of mode bpf
instructions()
{
	printf '{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ERRNO","architectures":[%s],"syscalls":[%s
		{"names":["read","write","stat"],"action":"SCMP_ACT_ALLOW"}]}}}' "$2" "${3:+$3,}" >"$tmp/in"
	"$KSYSCALLS" oci --mode=bpf --sysroot="$tmp/$1" --report="$tmp/report" <"$tmp/in" >"$tmp/out" 2>"$tmp/err"
	sed -n 's/.*"instructions": *\([0-9]*\).*/\1/p' "$tmp/report"
}

x86_64='"SCMP_ARCH_X86_64"' x32='"SCMP_ARCH_X32"'
x86=$x86_64,'"SCMP_ARCH_X86"'
cp -r "$tmp/tree" "$tmp/with-x32"
make_abi "$tmp/with-x32" x32 0xc000003e 0x40000000 9 <<EOF
0 read
EOF
few=$(instructions tree "$x86")
ok "no rules for an x32 that is not there" [ "$(instructions tree "$x86,$x32")" = "$few" ]
ok "rules for one that is there" [ "$(instructions with-x32 "$x86,$x32")" -gt "$few" ]
kill='{"names":["stat"],"action":"SCMP_ACT_KILL"}'
few=$(instructions tree "$x86" "$kill")
ok "rules if one of them kills" [ "$(instructions tree "$x86,$x32" "$kill")" -gt "$few" ]
# Of one architecture alone libseccomp takes what it refuses of two.
ok "rules where x86_64 would be alone" \
	[ "$(instructions tree "$x86_64,$x32")" -gt "$(instructions tree "$x86_64")" ]

# Where numbers are of 32 bits, a mask of the high half alone is no condition, and its rule decides.
cat >"$tmp/in" <<'EOF'
{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_TRAP","architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_X32"],
	"syscalls":[{"names":["exit_group"],"action":"SCMP_ACT_ERRNO","errnoRet":1,"args":[
		{"index":2,"value":18446744069414584320,"valueTwo":0,"op":"SCMP_CMP_MASKED_EQ"}]},
	{"names":["exit_group","read"],"action":"SCMP_ACT_ALLOW"}]}}}
EOF
"$KSYSCALLS" oci --mode=explicit --runtime=crun --sysroot="$here/../trees/amd64-6.12" \
	--report="$tmp/report" <"$tmp/in" >"$tmp/out" 2>"$tmp/err"
ok "a mask of no bit that x32 has: told" grep -q ' exit_group: should be ENOSYS, but' "$tmp/report"
done_testing
