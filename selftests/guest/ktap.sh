# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Sourced by the tests: KTAP and the module.
#
# KSC_MODULE names the module's file; without it modprobe finds ksyscalls.
# KSC_BRIEF is set where another kernel of this architecture does the whole of a test.
#
# On a machine with other work the tests skip what they could not put back as it was.

sysfs=/sys/kernel/syscalls
# shellcheck disable=SC2034 # for the tests
here=$(cd "$(dirname "$0")" && pwd)
tmp=
ktap_n=0 ktap_failed=0 log_marks=0

ktap_plan()
{
	echo "TAP version 13"
	echo "1..$1"
	ktap_planned=$1
}

# ktap STATUS DESCRIPTION: 0 is a pass.
ktap()
{
	ktap_n=$((ktap_n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $ktap_n $2"
	else
		echo "not ok $ktap_n $2"
		ktap_failed=$((ktap_failed + 1))
	fi
}

ktap_skip()
{
	ktap_n=$((ktap_n + 1))
	echo "ok $ktap_n # SKIP $1"
}

ktap_end()
{
	[ "$ktap_n" = "$ktap_planned" ] || echo "# planned $ktap_planned tests, ran $ktap_n"
	[ "$ktap_n" = "$ktap_planned" ] && [ "$ktap_failed" = 0 ]
	exit
}

skip_all()
{
	echo "TAP version 13"
	echo "1..0 # SKIP $1"
	exit 4
}

fail_all()
{
	ktap_plan 1
	ktap 1 "$1"
	ktap_end
}

# log_mark: from here on the kernel's words are log_since's. The log itself is never
# cleared, for it is judged whole in the end.
log_mark()
{
	log_marks=$((log_marks + 1))
	echo "test $$: mark $log_marks" >/dev/kmsg
}

log_since()
{
	dmesg | sed "1,/test $$: mark $log_marks\$/d"
}

load()
{
	if [ -n "$KSC_MODULE" ]; then
		insmod "$KSC_MODULE"
	else
		modprobe ksyscalls
	fi
}

unload()
{
	rmmod ksyscalls
}

loaded()
{
	[ -e "$sysfs/version" ]
}

# restore: what a test has changed of this machine, and calls whatever way it ends.
restore() { :; }

# shellcheck disable=SC2317 # by trap
clean_up()
{
	restore
	rm -rf "$tmp"
	! loaded || unload
}

# Every test starts without the module and leaves none behind. There may be no
# module to test; but one that is there and refuses has failed. One that somebody has
# loaded is not the tests' to remove.
need_module()
{
	[ "$(id -u)" = 0 ] || skip_all "loading a module needs root"
	[ -n "$KSC_MODULE" ] || modprobe -n -q ksyscalls ||
		skip_all "no module: set KSC_MODULE to the file ksyscalls.ko, or install it"
	! loaded || skip_all "ksyscalls is loaded, and perhaps in use: unload it with 'rmmod ksyscalls'"
	why=$(load 2>&1) || fail_all "ksyscalls does not load: $why: $(dmesg | tail -n1)"
	tmp=$(mktemp -d)
	trap clean_up EXIT
	trap 'exit 1' HUP INT TERM
}

# published: the ABIs.
published()
{
	(cd "$sysfs" && find . -mindepth 1 -maxdepth 1 -type d | sed 's|^\./||' | sort)
}

# ranges: the numbers of a "%*pbl" text on stdin, one a line.
ranges()
{
	tr ',' '\n' | awk -F- 'NF { last = NF > 1 ? $2 : $1; for (i = $1; i <= last; i++) print i }'
}

# Some of these have a stub in every kernel. Rather those that a table here has: only such a
# bit can go wrong.
# shellcheck disable=SC2034 # for the tests
often_absent="lookup_dcookie pkey_mprotect map_shadow_stack uselib memfd_secret spu_run rtas"

# symbol TYPE NAME...: the first of these system calls whose entry is of that type.
symbol()
{
	type=$1
	shift
	[ -e "$tmp/symbols" ] || grep -F sys_ /proc/kallsyms >"$tmp/symbols"
	for name; do
		awk -v type="$type" -v name="sys_$name\$" '
			$2 == type && NF == 3 && $3 ~ name && $3 !~ /^(__(pfx|cfi|se|do)|compat)_/ {
				print $3; found = 1; exit }
			END { exit !found }' "$tmp/symbols" && return
	done
	return 1
}
