#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# explain: its counts against the tree's own files, and one syscall row by row.
# shellcheck source-path=SCRIPTDIR source=tap.sh disable=SC2086,SC2016
. "$(dirname "$0")/tap.sh"

tree=$here/../trees/amd64-6.12
files=$tree/sys/kernel/syscalls/x86_64
K="--sysroot=$tree"
# Those of Linux's newest release, of which this kernel has not all.
numbers=$(awk -F, '$6 ~ /(^| )x86_64( |$)/ && $4 != "" && $3 >= n { n = $3 + 1 } END { print n }' \
	"$here/../../data/syscalls.csv")
absent=$((numbers - $(wc -l <"$files/names")))

json_is()	# JSON_EXPRESSION: on the parsed output d
{
	python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
sys.exit(not ('"$1"'))' "$tmp/out"
}

cat >"$tmp/profile.json" <<'JSON'
{ "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 1,
  "architectures": ["SCMP_ARCH_X86_64"],
  "syscalls": [ { "names": ["read", "write", "statx"], "action": "SCMP_ACT_ALLOW" },
		{ "names": ["personality"], "action": "SCMP_ACT_KILL" } ] }
JSON
explain="explain $K --profile=$tmp/profile.json"

# columns: ABI NUMBERS UNCOVERED SPECIAL ABSENT NAMED UNRESOLVED SITE NEWER SUCCESSOR
# DENIED UNCHANGED
exits "the table" 0 $explain --baseline=5.0
ok "special, absent and named are counted" prints "x86_64 *$numbers *0 *1 *$absent *3 *0 .*"
ok "the columns add up, for every ABI" awk '
	/^ABI / { on = 1; next }
	on && $2 !~ /^[0-9]+$/ { exit }
	on { bad += NF != 12; sum = 0; for (i = 3; i <= 12; i++) sum += $i; bad += sum != $2; lines++ }
	END { exit bad || lines != 3 }' "$tmp/out"
ok "what is not covered is not changed" prints "i386 .* 0 *0 *0 *0 *0 *0 *0 *0 *0"
ok "changes are told for both runtimes" [ "$(grep -c '^  \(runc\|crun\): ' "$tmp/out")" -ge 2 ]

exits "the baseline is inferred" 0 $explain
ok "and it is said from what" \
	says "baseline 2.6, inferred from personality; held to be outliers: statx (4.11)"
# Back-ported together, and more than fit a line of a terminal.
times="clock_adjtime64 clock_getres_time64 clock_gettime64 clock_nanosleep_time64 clock_settime64
	futex_time64 io_pgetevents_time64 mq_timedreceive_time64 mq_timedsend_time64 ppoll_time64
	pselect6_time64 recvmmsg_time64 rt_sigtimedwait_time64 sched_rr_get_interval_time64
	semtimedop_time64 timer_gettime64 timer_settime64 timerfd_gettime64 timerfd_settime64
	utimensat_time64"
printf '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"%s],"action":"SCMP_ACT_ALLOW"}]}' \
	"$(printf ',"%s"' $times)" >"$tmp/times.json"
exits "many outliers" 0 explain "$K" -p "$tmp/times.json"
ok "are told, all of them" says "; held to be outliers:\( [a-z0-9_]* (5.1),\)\{19\} utimensat_time64 (5.1); --"
exits "--json" 0 $explain --baseline=5.0 --json
ok "--json: baseline" json_is 'd["baseline"] == "5.0"'
ok "--json: the rows add up" json_is \
	'len(d["abis"]) == 3 and all(sum(a["rows"].values()) == a["numbers"] for a in d["abis"])'
ok "--json: absent is what the tree lacks" json_is \
	'[a["rows"]["absent"] for a in d["abis"] if a["abi"] == "x86_64"] == ['"$absent"']'

ok "--json: a baseline that was set comes from no name" json_is 'd["baseline_from"] == d["outliers"] == []'
exits "--json, inferred" 0 $explain --json
ok "--json: what the baseline was inferred from" json_is '"read" in d["baseline_from"] and d["outliers"] == ["statx"]'

# Names in a profile are anybody's text.
printf '{ "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [ { "names": ["read", "a\\u001b[2Jb\\u009bc\\nd"],
	"action": "SCMP_ACT_ALLOW" } ] }' >"$tmp/strange.json"
exits "a profile with strange names" 0 explain "$K" -p "$tmp/strange.json"
ok "control characters in them are escaped" prints '.* a.x1b\[2Jb.xc2.x9bc.x0ad'

# openat2 of 5.6 is in this kernel and not in the profile: the baseline decides.
exits "openat2, newer" 0 $explain --baseline=5.0 openat2
ok "openat2, newer: ENOSYS" prints "x86_64 *437  ENOSYS *openat2: 5.6 > baseline 5.0;.*"
ok "openat2, newer: only where the profile reaches" prints "i386 *437  the profile's answer: KILL_THREAD  .*"
exits "openat2, known" 0 $explain --baseline=5.6 openat2
ok "openat2, known: left to the profile" \
	prints "x86_64 *437  the profile's answer: EPERM *openat2: 5.6 <= baseline 5.6.*"
# Some users of sync_file_range go on without it.
exits "a successor" 0 $explain --baseline=5.0 sync_file_range
ok "sync_file_range: ENOSYS" prints "x86_64 *277  ENOSYS *sync_file_range: programs go on .*"
exits "another" 0 $explain --baseline=5.16 futex_waitv
ok "futex_waitv: ENOSYS" prints "x86_64 *449  ENOSYS *futex_waitv: programs go on .*"
sed 's/"read"/"clone", "clock_gettime", "read"/' "$tmp/profile.json" >"$tmp/clone.json"
exits "clone3 where clone is allowed" 0 explain $K --profile=$tmp/clone.json --baseline=5.10 clone3
ok "clone3: ENOSYS" prints "x86_64 *435  ENOSYS *clone3: successor of clone, which .* allows;.*"
sed 's/"read"/"openat", "read"/' "$tmp/clone.json" >"$tmp/openat.json"
of_openat="explain $K --profile=$tmp/openat.json --baseline=5.10"
exits "--successors=eperm" 0 $of_openat --successors=eperm clone3
ok "--successors=eperm: left to the profile" prints "x86_64 *435  the profile's answer: EPERM *clone3: 5.3 .*"
exits "--successors=allow" 0 $of_openat --successors=allow clone3 openat2
ok "--successors=allow: not clone3" prints "x86_64 *435  ENOSYS *clone3: successor of clone.*"
ok "--successors=allow: openat2" \
	prints "x86_64 *437  ALLOW *openat2: successor of openat, .* for all arguments;.*"
exits "--enosys, --eperm" 0 $of_openat --enosys=mount,swapoff --enosys=bpf --eperm=clone3 \
	mount swapoff bpf clone3 keyctl
ok "--enosys: the first" prints "x86_64 *165  ENOSYS *mount: this site has decided on ENOSYS.*"
ok "--enosys: the second" prints "x86_64 *168  ENOSYS *swapoff: this site .*"
ok "--enosys: one more" prints "x86_64 *321  ENOSYS *bpf: this site .*"
ok "--eperm, over a successor" prints "x86_64 *435  the profile's answer: EPERM *clone3: this site .* EPERM.*"
ok "neither" prints "x86_64 *250  the profile's answer: EPERM *keyctl: 2.6 <= baseline 5.10.*"
refuses "a name of nobody in --enosys" 2 "--enosys: 'clone4': no kernel known here" \
	$of_openat --enosys=clone4 read
refuses "a name in both lists" 2 "--eperm: 'mount': it is among those of the other answer" \
	$of_openat --enosys=mount --eperm=bpf,mount read
refuses "an empty name" 2 "--enosys: '': no kernel" $of_openat --enosys=mount,,bpf read
refuses "no name" 2 "'--enosys=' needs an argument" $of_openat --enosys= read
refuses "a call of the kernel's own" 2 "--enosys: 'uretprobe': the kernel itself issues it" \
	$of_openat --enosys=uretprobe read
refuses "no answer" 2 "--successors takes enosys, eperm or allow" $of_openat --successors=no read
exits "personality" 0 $explain --baseline=5.0 personality
ok "personality: KILL stays" prints "x86_64 *135  the profile's answer: KILL_[A-Z]* *personality: .* kills.*"
exits "uselib" 0 $explain --baseline=5.0 uselib
ok "uselib: absent" prints "x86_64 *134  ENOSYS *uselib, 134: .* does not implement it.*"
exits "openat2 --json" 0 $explain --baseline=5.0 --json openat2
ok "openat2 --json: the same" json_is '[(a["nr"], a["row"], a["answer"], a["reason"])
	for a in d if a["abi"] == "x86_64"] ==
	[(437, "newer", "ENOSYS", "openat2: 5.6 > baseline 5.0")]'
exits "personality --json" 0 $explain --baseline=5.0 --json personality read openat2
ok "--json: what the profile has, where it answers" json_is '[(a["asked"], a["answer"], a["profile"])
	for a in d if a["abi"] == "x86_64"] == [("personality", None, "KILL_THREAD"),
	("read", None, "ALLOW"), ("openat2", "ENOSYS", None)]'
sed 's/"action": "SCMP_ACT_KILL"/"action": "SCMP_ACT_ALLOW", "args": [ { "index": 0, "value": 8, "op": "SCMP_CMP_EQ" } ]/' \
	"$tmp/profile.json" >"$tmp/args.json"
exits "a rule with arguments" 0 explain $K --profile=$tmp/args.json --baseline=5.0 personality mount
ok "by arguments" prints "x86_64 *135  the profile's answer: by arguments *personality: the profile names it.*"
ok "and not where none is looked at" prints "x86_64 *165  the profile's answer: EPERM *mount: 2.6 <= baseline.*"
exits "without a profile" 0 explain $K -a x86_64 read
ok "without a profile: allowed" prints "x86_64 *0  allowed *implemented; no profile was given.*"
refuses "a number that no syscall can have" 2 "out of range" $explain 99999999999
refuses "neither name nor number" 2 "neither a name" $explain open.at
refuses "a broken number" 2 "neither a name" $explain 0x
refuses "a name of nobody" 2 "nonsense: no syscall of that name is known" $explain nonsense
refuses "one behind a good one" 2 "nonsense: no syscall" $explain read nonsense
refuses "the same, --json" 2 "nonsense: no syscall" $explain --json read nonsense
refuses "a name of another machine's" 1 "no ABI of this tree has it" $explain riscv_flush_icache

# check and explain take a number alike.
exits "a number with x32's base" 0 explain "$K" 0x40000001
ok "it is x32's alone" eval '[ "$(wc -l <"$tmp/out")" = 1 ] && prints "x32 *1 .*"'
exits "a number beyond the last" 0 explain "$K" 600
ok "it is asked of each ABI" [ "$(grep -c "^[a-z0-9_]* *600 *ENOSYS" "$tmp/out")" = 3 ]

# Against the runtimes as they are: what programs can reach, and all numbers, apart.
exits "changes" 0 $explain --baseline=5.0 --json
ok "reachable numbers are those that Linux has assigned" json_is \
	'all(0 < c["reachable_of"] < c["all_of"] == a["numbers"] and
	(c["reachable"] < c["all"] if r == "crun" else c["reachable"] <= c["all"])
	for a in d["abis"] if a["abi"] == "x86_64" for r, c in a["changed"].items())'
ok "the lists have as many" json_is \
	'all(len(a["changes"][r]) == a["changed"][r]["all"] for a in d["abis"] for r in a["changed"])'
ok "nothing is reachable where the ABI is off" json_is \
	'all(c["reachable_of"] == 0 for a in d["abis"] if a["abi"] == "x32" for c in a["changed"].values())'
ok "also above the kernel's last" [ "$numbers" -gt "$(cat "$files/nr_syscalls")" ]
run "$KSYSCALLS" explain --sysroot="$here/../trees/amd64-5.10" --profile="$tmp/profile.json" -a x86_64
ok "which newer programs call" prints ".* fchmodat2 .*"
run "$KSYSCALLS" $explain --baseline=5.0
ok "they are told" prints "  runc: reachable: [0-9]* of [0-9]* numbers that Linux has assigned; of all .*"
# lists ABI: how many lists of changes it has
lists()
{
	sed -n "/^$1, changes/,/^\$/p" "$tmp/out" | grep -c ' becomes '
}
sed 's/"SCMP_ARCH_X86_64"/&, "SCMP_ARCH_X32"/' "$tmp/profile.json" >"$tmp/x32.json"
exits "changes, and an ABI that is off" 0 explain "$K" --profile="$tmp/x32.json" --baseline=5.0
ok "they are listed" [ "$(lists x86_64)" -gt 0 ]
ok "but not where the ABI is off" [ "$(lists x32)" = 0 ]
ok "where they are counted" eval 'sed -n "/^x32, changes/,\$p" "$tmp/out" | grep -q "of all numbers: [1-9]"'

# MIPS says ENOSYS with another number, 89.
exits "a tree of another machine" 0 explain --sysroot="$here/../trees/mips64el-6.1" statmount
ok "its ENOSYS is called so" prints "mips64 .* ENOSYS .*"
ok "and no number" not grep -q "errno" "$tmp/out"

# What a runtime calls behind the filter, by its own word of who it is.
for version in 1.1.15 1.2.7 1.2.8 1.3.0 1.3.3 1.4.0; do
	printf '#!/bin/sh\necho "runc version %s"\n' $version >"$tmp/runc"
	chmod +x "$tmp/runc"
	run "$KSYSCALLS" $explain --baseline=5.0 --runtime="$tmp/runc"
	case $version in
	1.2.8 | 1.3.3 | 1.4.0) ok "runc $version is denied openat2" eval '[ "$status" = 1 ] &&
		prints "  openat2  *ENOSYS; with ksyscalls ENOSYS" && prints "  futex  *EPERM; with ksyscalls EPERM"' ;;
	*) ok "runc $version makes no use of it" eval '[ "$status" = 1 ] && not prints "  openat2 .*" &&
		prints "  futex .*"' ;;
	esac
done
cat >"$tmp/all.json" <<'JSON'
{ "defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [ { "names": [
	"capset", "close", "execve", "prctl", "rt_sigaction", "rt_sigprocmask", "setresgid", "setresuid",
	"write" ], "action": "SCMP_ACT_ALLOW" } ] }
JSON
printf '#!/bin/sh\necho "crun version 1.8.1"\n' >"$tmp/crun"
chmod +x "$tmp/crun"
exits "a profile that allows what crun calls" 0 explain "$K" -p "$tmp/all.json" --runtime="$tmp/crun"
ok "none is denied" prints '  none'
printf '#!/bin/sh\necho "strange"\n' >"$tmp/crun"
refuses "a runtime that does not say who it is" 2 'does not say which runtime' $explain --runtime="$tmp/crun"
refuses "a runtime that is not there" 2 'No such file' $explain --runtime="$tmp/none"
refuses "--runtime without a profile" 2 'needs --profile' explain "$K" --runtime=runc
refuses "no such profile" 2 "$tmp/none.json" explain "$K" --profile="$tmp/none.json"

done_testing
