#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# survey: the tree of this kernel without the module, held against the invocation of
# every number; whole or not at all; and what it cannot tell is said, not guessed.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

refuses "two directories" 2 'more than one' survey "$tmp/a" "$tmp/b"
refuses "an empty name" 2 'empty' survey ''
refuses "another root" 2 'no place here' --sysroot="$tmp" survey
if [ "$(id -u)" != 0 ] || ! unshare -m true 2>/dev/null; then
	skip "surveys of this kernel" "needs root and mount namespaces"
	done_testing
	exit
fi

made=$tmp/made/sys/kernel/syscalls
exits "survey" 0 survey "$tmp/made"
ok "it is a tree" "$KSYSCALLS" abis --sysroot="$tmp/made"
ok "which tells where it is from" [ "$(cat "$made/source" "$made/release")" = "survey
$(uname -r)" ]
ok "nothing is left beside" [ "$(ls -A "$tmp/made")" = sys ]
cp -r "$tmp/made" "$tmp/first"
for native in x86_64 arm64 s390x riscv64 ppc64 loong64; do
	[ ! -d "$made/$native" ] || break
done
exits "once more" 0 survey "$tmp/made"
ok "the same comes out" diff -r "$tmp/first" "$tmp/made"
rm "$made/version"
exits "over one that is broken" 0 survey "$tmp/made"
ok "it is whole again" diff -r "$tmp/first" "$tmp/made"
run "$KSYSCALLS" run --sysroot="$tmp/made" -- "$KSYSCALLS" survey "$tmp/filtered"
ok "under a filter" [ "$status" = 1 ]
ok "which would answer for the kernel, it is refused" says 'a seccomp filter is on this process'
ok "and nothing is made there" not test -e "$tmp/filtered"
if unshare -rm true 2>/dev/null; then
	run unshare -rm sh -c 'mount -t tmpfs none /proc && exec "$@"' sh "$KSYSCALLS" survey "$tmp/filtered"
	ok "where that cannot be told" [ "$status" = 1 ]
	ok "it is refused, too" says '/proc/self/status: No such file'
else
	skip "where that cannot be told" "unshare -rm is not permitted here"
fi
: >"$tmp/file"
refuses "a file" 2 'Not a directory' survey "$tmp/file"
refuses "below what is not there" 2 'No such file' survey "$tmp/no/no"
umask 077
exits "with a mask that hides" 0 survey "$tmp/masked"
umask 022
ok "everybody may read it" [ -z "$(find "$tmp/masked/sys/kernel/syscalls" \
	\( -type f ! -perm 444 \) -o \( -type d ! -perm 755 \))" ]

# Every number, by nobody, in namespaces of its own: what all-ones arguments could do
# there is nothing. Whoever answers other than ENOSYS is implemented.
invoke=$here/../../../selftests/guest/invoke.c
cat >"$tmp/compare.awk" <<'EOF'
FILENAME ~ /names$/ { published[$1] = $2; next }
$1 == abi && $2 == "-" { probed = 1; next }
$1 == abi {
	probed = 1
	for (nr = 0; nr < length($2); nr++) {
		found = substr($2, nr + 1, 1) != "N"
		count += found
		if (found != (nr in published))
			print "# " abi " " nr " " published[nr] ": invoked " found
	}
}
END { print (probed ? "" : "# not probed ") abi ": " count + 0 " numbers" }
EOF
if ! "${CC:-cc}" -O2 -ffreestanding -fno-pic -fno-stack-protector -nostdlib -static -no-pie \
	-fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns \
	-o "$tmp/invoke" "$invoke" 2>"$tmp/err"; then
	skip "invocation of every number" "selftests/guest/invoke.c does not build here; needs a C compiler for this machine"
elif grep -q '^Seccomp:[[:space:]]*[1-9]' /proc/self/status; then
	skip "invocation of every number" "a seccomp filter answers in the kernel's place; run it outside of a container"
else
	chmod 755 "$tmp" "$tmp/invoke"
	timeout 300 unshare -pfinmu --mount-proc setpriv --reuid=65534 --regid=65534 \
		--clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
		"$tmp/invoke" >"$tmp/invoked" 2>"$tmp/err"
	cut -d' ' -f1 "$tmp/invoked" >"$tmp/abis"
	while read -r abi; do
		awk -v abi="$abi" -f "$tmp/compare.awk" "$made/$abi/names" "$tmp/invoked" \
			>"$tmp/out" 2>&1 || echo "# not surveyed: $abi" >>"$tmp/out"
		ok "invocation agrees, $(tail -n 1 "$tmp/out")" not grep -q '^#' "$tmp/out"
	done <"$tmp/abis"
	ok "something was invoked" test -s "$tmp/invoked"
fi

# with FILE-FOR-KALLSYMS ARGUMENT...: the command, for which /proc/kallsyms is that.
cat >"$tmp/with" <<'EOF'
#!/bin/sh
mount --bind "$1" /proc/kallsyms || exit 99
shift
exec "$@"
EOF
chmod +x "$tmp/with"
real=$KSYSCALLS
cat >"$tmp/faked" <<-EOF
	#!/bin/sh
	exec unshare -m "$tmp/with" "$tmp/kallsyms" "$real" "\$@"
EOF
chmod +x "$tmp/faked"
KSYSCALLS=$tmp/faked
prefix=$(sed -n 's/.* T \(__[a-z0-9]*_\)sys_getpid$/\1/p' /proc/kallsyms | grep -v ia32 | head -n 1)

grep ' [tTwW] .*sys' /proc/kallsyms >"$tmp/kallsyms"
exits "of what it needs of the symbols" 0 survey "$tmp/needed"
ok "the same comes out of it" diff -r "$tmp/first" "$tmp/needed"
sed 's/^[0-9a-f]*/0000000000000000/' /proc/kallsyms >"$tmp/kallsyms"
refuses "addresses that are hidden" 1 'kptr_restrict' survey "$tmp/none"
: >"$tmp/kallsyms"
refuses "no symbols" 1 'not as a kernel writes it' survey "$tmp/none"
head -c 5000 /dev/urandom >"$tmp/kallsyms"
refuses "no text" 1 'not as a kernel writes it' survey "$tmp/none"
tr -d '\n' </proc/kallsyms | head -c 100000 >"$tmp/kallsyms"
refuses "a line without an end" 1 'not as a kernel writes it' survey "$tmp/none"
sed 's/^[0-9a-f]\{8\}//' /proc/kallsyms >"$tmp/kallsyms"
refuses "a kernel of other words" 1 'of 32 bits' survey "$tmp/none"
grep ' [tTwW] .*sys' /proc/kallsyms | sed 's/ [wW] / t /' >"$tmp/kallsyms"
sed -i 's/ T / t /' "$tmp/kallsyms"
refuses "weak symbols that became local ones" 1 'unknown: its symbol does not tell' survey "$tmp/none"
grep ' [tTwW] .*sys' /proc/kallsyms | sed 's/ [wW] / T /' >"$tmp/kallsyms"
refuses "weak symbols that became strong ones" 1 'do not tell' survey "$tmp/none"
grep -v "sys_getpid\$" /proc/kallsyms >"$tmp/kallsyms"
refuses "an entry without a symbol, of what every kernel has" 1 'no symbol for it' \
	survey "$tmp/none"
sed "s/ T \(.*sys_getpid\)\$/ W \1/" /proc/kallsyms >"$tmp/kallsyms"
refuses "what every kernel has, and seems absent" 1 'does not look so' survey "$tmp/none"
ok "nothing was made" not test -e "$tmp/none"
if [ -n "$prefix" ]; then
	{ cat /proc/kallsyms; echo "ffffffff81000010 T ${prefix}sys_of_tomorrow"; } >"$tmp/kallsyms"
	exits "a syscall that no table has" 0 survey "$tmp/tomorrow"
	ok "is told of" says "${prefix}sys_of_tomorrow is of a syscall whose number is not known"
	ok "what is beyond the table is unknown" grep -q "$(cat "$made/$native/nr_syscalls")-\$" \
		"$tmp/tomorrow/sys/kernel/syscalls/$native/unknown"
	rm "$tmp/tomorrow/sys/kernel/syscalls"/*/unknown
	ok "the rest is as it was" diff -r "$tmp/first" "$tmp/tomorrow"
	grep -v "sys_fchmodat2\$" /proc/kallsyms >"$tmp/kallsyms"
	exits "an entry without a symbol" 0 survey "$tmp/without"
	ok "is unknown" [ "$(cat "$tmp/without/sys/kernel/syscalls/$native/unknown")" = 452 ]
	KSYSCALLS=$real
	exits "nor does check say no for certain" 1 check --sysroot="$tmp/without" 452
	ok "but that nobody knows" prints ".* 452 fchmodat2 not implemented: perhaps: .*"
	KSYSCALLS=$tmp/faked
fi
KSYSCALLS=$real

if setarch "$(uname -m)" --uname-2.6 true 2>/dev/null; then
	run setarch "$(uname -m)" --uname-2.6 "$KSYSCALLS" survey "$tmp/old"
	ok "a kernel older than the table" [ "$status" = 1 ]
	ok "is told of" says 'its numbers are known from Linux'
	ok "and nothing is made" not test -e "$tmp/old"
else
	skip "a kernel older than the table" "needs setarch --uname-2.6, of util-linux"
fi

# A kernel newer than the table: one of Linux 6.9.
newer=$(uname -r | awk -F. '{ print ($1 * 100 + $2 >= 610) }')
guest=$here/../../../selftests/guest
if [ "$newer" = 1 ] && [ -e "$guest/survey.c" ]; then
	sed -E '/^(6\.[1-9][0-9]|7)/d; /^# Read:/s/ 6\.10 .*//' "$here/../../data/syscalls.csv" |
		awk -f "$here/../../data/syscall-table.awk" >"$tmp/syscall-table.h"
	tool=$here/../../tools/ksyscalls
	sanitizers=
	! grep -q __asan_init "$KSC_BUILD/libksyscalls.a" || sanitizers=-fsanitize=address,undefined
	# shellcheck disable=SC2086 # none, or one
	ok "a table that ends with 6.9" "${CC:-cc}" $sanitizers -std=gnu11 -D_GNU_SOURCE -I"$tmp" -I"$tool" \
		-I"$here/../../include" -I"$here/../../../uapi" -o "$tmp/survey-6.9" "$guest/survey.c" \
		"$tool"/survey-*.c "$tool/cmd-survey.c" "$tool/dirs.c" "$KSC_BUILD/libksyscalls.a"
	run "$tmp/survey-6.9" "$tmp/newer"
	ok "a newer kernel than the table" [ "$status" = 0 ]
	ok "is told of" says 'the table of syscalls ends with Linux 6.9'
	[ -z "$prefix" ] || ok "with what is not known" \
		says "${prefix}sys_[a-z_]* is of a syscall whose number is not known"
	end=$(cat "$tmp/newer/sys/kernel/syscalls/$native/nr_syscalls")
	# The numbers that it does not know take the place of those that it does not have.
	awk -v end="$end" -v unknown="$(cat "$tmp/newer/sys/kernel/syscalls/$native/unknown")" '
		BEGIN {
			n = split(unknown, range, ",")
			for (i = 1; i <= n; i++) {
				m = split(range[i], f, "-")
				for (nr = f[1] + 0; nr <= (m < 2 ? f[1] : f[2] == "" ? end : f[2]); nr++)
					skip[nr] = 1
			}
		}
		$1 < end && !($1 in skip)' "$made/$native/names" >"$tmp/want"
	ok "what it knows is as it is by the whole table" \
		cmp -s "$tmp/want" "$tmp/newer/sys/kernel/syscalls/$native/names"
	ok "and $end and what is beyond it is unknown" \
		grep -q -- "-\$" "$tmp/newer/sys/kernel/syscalls/$native/unknown"
else
	skip "a kernel newer than the table" "needs a kernel newer than 6.9"
fi

# The view of this machine, in a /run of its own.
cat >"$tmp/inside" <<'EOF'
#!/bin/sh
mount -t tmpfs tmpfs /run || exit 99
KSYSCALLS=$1
"$KSYSCALLS" survey >/dev/null || exit 98
"$KSYSCALLS" abis || exit 97
echo 6.99.0-other >/run/ksyscalls/sys/kernel/syscalls/release
"$KSYSCALLS" abis
EOF
chmod +x "$tmp/inside"
if [ -e /sys/kernel/syscalls ]; then
	skip "the survey is taken where there is no module" "the module is loaded: 'rmmod ksyscalls' first"
else
	run unshare -m "$tmp/inside" "$KSYSCALLS"
	ok "the survey is taken where there is no module" prints "source: survey, Linux $(uname -r)"
	ok "not that of another kernel" says "release: 6.99.0-other, and $(uname -r) is running"
	ok "which is no usable tree" [ "$status" = 3 ]
fi

unit=$KSC_BUILD/systemd/ksyscalls-survey.service
if command -v systemd-analyze >/dev/null; then
	sed "s|^ExecStart=[^ ]*|ExecStart=$KSYSCALLS|" "$unit" >"$tmp/ksyscalls-survey.service"
	run systemd-analyze verify --man=no "$tmp/ksyscalls-survey.service"
	ok "systemd understands the unit" [ "$status:$(cat "$tmp/err")" = 0: ]
else
	skip "systemd understands the unit" "no systemd-analyze: install the package systemd"
fi
done_testing
