#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# libksyscalls-preload.so in front of libseccomp, in a program that knows nothing of us and
# gets its filters from libseccomp itself.
# Conditions are evaluated by ok, once the start is over.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"
build=${KSC_BUILD:?run me by make check}
program=$build/tests/tools/preload-filter
probe=$build/tests/tools/probe
preload=$build/libksyscalls-preload.so

if [ "$(uname -m)" != x86_64 ]; then
	skip "libksyscalls-preload.so" "its tree is made for x86_64"
	done_testing
	exit 0
fi
# What is built with sanitizers wants theirs first.
! ldd "$preload" | grep -q libasan || preload=$("${CC:-cc}" -print-file-name=libasan.so):$preload
ASAN_OPTIONS=detect_leaks=0
KSYSCALLS_RUNTIME_CONF=$tmp/conf
export ASAN_OPTIONS KSYSCALLS_RUNTIME_CONF

# Linux 6.1's tree, of no kernel in particular, with a name for getrlimit() that no libseccomp
# knows.
cp -r "$here/../trees/amd64-6.1" "$tmp/tree"
view=$tmp/tree/sys/kernel/syscalls
rm "$view/release"
sed 's/^97 getrlimit$/97 brand_new/' "$view/x86_64/names" >"$tmp/names"
cp "$tmp/names" "$view/x86_64/names"
echo "sysroot = $tmp/tree" >"$tmp/conf"
# clone and openat are allowed, their successors not; keyctl is meant.
awk '$2 !~ /^(clone3|openat2|keyctl|add_key|swapon|socket|socketpair|brand_new)$/ { print $2 }' \
	"$tmp/names" >"$tmp/allowed"

plain() { run "$program" "$@" <"$tmp/allowed"; }
ahead() { run env LD_PRELOAD="$preload" "$program" "$@" <"$tmp/allowed"; }

# answers WORD...: "NR ERRNO" or what else it says
answers()
{
	for word; do
		grep -qx "$(echo "$word" | tr '=' ' ')" "$tmp/out" || return 1
	done
	[ "$status" = 0 ]
}

numbers="435 437 250 110 1000"
# shellcheck disable=SC2086 # words
load() { by=$1; shift; "$by" "$@" "$probe" $numbers; }

load plain load
ok "libseccomp alone: EPERM for all that is not allowed" answers 435=1 437=1 250=1 110=0 1000=1
load ahead load
ok "with it: ENOSYS for what has a way round, and for what no kernel has" answers 435=38 437=38 1000=38
ok "what is meant stays EPERM, what is allowed stays allowed" answers 250=1 110=0
ok "nothing is said" [ ! -s "$tmp/err" ]
KSYSCALLS_PRELOAD=off
export KSYSCALLS_PRELOAD
load ahead load
ok "KSYSCALLS_PRELOAD=off: as without it" answers 435=1 437=1 250=1 110=0 1000=1
unset KSYSCALLS_PRELOAD

# What the program has told libseccomp counts.
load ahead --ask openat2 load
ok "a name that got no rule is one that the author knew" answers 435=38 437=1
load ahead --deny openat2 load
ok "so is one whose rule says what the default does" answers 435=38 437=1
load ahead --before openat2 load
ok "seccomp_reset() takes rules and names back" answers 435=38 437=38
printf 'sysroot = %s\nbaseline = none\n' "$tmp/tree" >"$tmp/conf"
numbers="97 1000"
load ahead load
ok "without a baseline what nobody has named is EPERM" answers 97=1 1000=38
load ahead --ask brand_new load
ok "a name that libseccomp does not know is ENOSYS" answers 97=38
printf 'sysroot = %s\nbaseline = none\nallow-unknown-to-libseccomp = yes\n' "$tmp/tree" >"$tmp/conf"
load ahead --ask brand_new load
ok "and never allowed, for nobody can tell that it was meant to be" answers 97=38
printf 'runtime = crun\nmode = flip\nstrict = yes\nsysroot = %s\nsuccessors = eperm\n' "$tmp/tree" >"$tmp/conf"
numbers="435 437 250 110 1000"
load ahead load
ok "the policy's knobs are those of runtime.conf" answers 435=1 437=1 250=1 1000=38
echo "sysroot = $tmp/tree" >"$tmp/conf"

# An attribute is the filter's, whoever loads it.
for attribute in tsync=1 log=1 ssb=1 "tsync=1 log=1"; do
	# shellcheck disable=SC2086 # words
	load plain load $attribute
	grep -e flags -e elder "$tmp/out" >"$tmp/want"
	# shellcheck disable=SC2086 # words
	load ahead load $attribute
	grep -e flags -e elder "$tmp/out" >"$tmp/got"
	ok "it is loaded with $attribute" eval 'grep -q "flags [1-9]" "$tmp/want" &&
		cmp -s "$tmp/want" "$tmp/got" && answers 435=38 250=1'
done
run env LD_PRELOAD="$preload" "$program" load /bin/grep NoNewPrivs /proc/self/status <"$tmp/allowed"
ok "it sets no_new_privs" grep -q "NoNewPrivs:.1" "$tmp/out"
if [ "$(id -u)" = 0 ]; then
	run env LD_PRELOAD="$preload" "$program" load nnp=0 /bin/grep NoNewPrivs /proc/self/status <"$tmp/allowed"
	ok "it does not where the filter is not to" grep -q "NoNewPrivs:.0" "$tmp/out"
else
	skip "it does not where the filter is not to" "only root loads a filter without"
fi
load ahead load notify
ok "a filter with a listener is left to libseccomp" answers listener=yes 435=1 1000=1

# Another architecture's filter, merged.
run "$program" load merge "$probe" i386:1000 <"$tmp/allowed"
if answers i386:1000=1; then
	run env LD_PRELOAD="$preload" "$program" load merge "$probe" 435 250 i386:435 i386:288 i386:1000 \
		<"$tmp/allowed"
	ok "a merged filter has its own rules" answers 435=38 250=1 i386:435=38 i386:288=1 i386:1000=38
else
	skip "a merged filter has its own rules" "needs a kernel that runs i386"
fi

# Programs, from the same filter.
plain export
cp "$tmp/out" "$tmp/plain"
ahead export
cp "$tmp/out" "$tmp/ahead"
tail -c "$(wc -c <"$tmp/plain")" "$tmp/ahead" >"$tmp/tail"
ok "an exported program is libseccomp's with more before it" \
	eval '[ "$status" = 0 ] && cmp -s "$tmp/plain" "$tmp/tail" && not cmp -s "$tmp/plain" "$tmp/ahead"'
plain mem
if grep -q "not supported" "$tmp/err"; then
	ahead mem
	ok "seccomp_export_bpf_mem() is not there where libseccomp does not have it" \
		grep -q "not supported" "$tmp/err"
	skip "a program in memory is the same" "needs libseccomp 2.6"
else
	ok "libseccomp's program in memory is what it writes" cmp -s "$tmp/out" "$tmp/plain"
	ahead mem
	ok "a program in memory is the same" cmp -s "$tmp/out" "$tmp/ahead"
fi
ahead threads
ok "threads do not meddle with each other" grep -qx "0 of 160 differ" "$tmp/out"

# A program that keeps filters keeps them by this, and each of these is another one's.
version() { ahead version; cat "$tmp/out" >>"$tmp/versions"; }

plain version
cp "$tmp/out" "$tmp/versions"
version
ok "libseccomp's version is another one, and no older" eval '[ "$status" = 0 ] &&
	sort -V "$tmp/versions" | cmp -s - "$tmp/versions" && [ "$(uniq "$tmp/versions" | wc -l)" = 2 ] &&
	[ "$(cut -d. -f1,2 "$tmp/versions" | uniq | wc -l)" = 1 ]'
ahead version
ok "the next time it is the same" eval '[ "$(tail -n 1 "$tmp/versions")" = "$(cat "$tmp/out")" ]'
for knob in "baseline = 5.4" "successors = eperm" "enosys = keyctl"; do
	printf 'sysroot = %s\n%s\n' "$tmp/tree" "$knob" >"$tmp/conf"
	version
done
echo "sysroot = $tmp/tree" >"$tmp/conf"
sed 's/brand_new/brand_newer/' "$tmp/names" >"$view/x86_64/names"
version
cp "$tmp/names" "$view/x86_64/names"
ok "with other knobs or for another view it is yet another" \
	eval '[ "$(sort -u "$tmp/versions" | wc -l)" = 6 ]'

# Nobody knows this kernel.
echo "sysroot = $tmp/none" >"$tmp/conf"
ahead export
ok "without a view it is libseccomp's program, byte by byte" cmp -s "$tmp/out" "$tmp/plain"
ok "and nothing is said" [ ! -s "$tmp/err" ]
ahead version
ok "and libseccomp's own version" eval '[ "$(head -n 1 "$tmp/versions")" = "$(cat "$tmp/out")" ]'
echo 5.10.0 >"$view/release"
echo "sysroot = $tmp/tree" >"$tmp/conf"
ahead export
ok "a view of another kernel is none" cmp -s "$tmp/out" "$tmp/plain"
rm "$view/release"
for mistake in "sucessors = eperm" "sysroot = tree" "enosys = no_such_call"; do
	printf 'sysroot = %s\n%s\n' "$tmp/tree" "$mistake" >"$tmp/conf"
	ahead export
	ok "'$mistake' is told of, and filters stay as they are" \
		eval 'cmp -s "$tmp/out" "$tmp/plain" && says "libksyscalls-preload: .*conf:2: .*${mistake%% *}.*filters stay"'
done
done_testing
