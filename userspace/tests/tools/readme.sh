#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# README.md: short, and what it names is there. Each command in it is one that is
# accepted, each file in the tree or installed, each target a Makefile's, and what it
# shows of the command's output is what the command prints.
# What stands between backticks is searched for as it is.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

userspace=$here/../..
top=$userspace/..
readme=$top/README.md
build=${KSC_BUILD:-$(dirname "$KSYSCALLS")}

# The make that runs this test has no say in what these do.
make_()
{
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make "$@"
}

# commands NAME: what follows it, in the indented lines and between backticks
commands()
{
	{
		sed -n 's/^    \(\$ \)*//p' "$readme" | sed 's/ *# .*//'
		grep -o '`[^`]*`' "$readme" | tr -d '`'
	} | sed -n "s/^$1 \([^|<>&]*\).*/\1/p" | sort -u
}

# some FILE N: so many were found that the pattern still fits the text
some()
{
	[ "$(wc -l <"$1")" -ge "$2" ]
}

ok "README has at most 150 lines" [ "$(wc -l <"$readme")" -le 150 ]

# ---- commands ----------------------------------------------------------------

commands ksyscalls | sed 's/ -- .*//; s/\.ko.*//' >"$tmp/commands"
ok "it has commands" some "$tmp/commands" 9
while read -r words; do
	# shellcheck disable=SC2086 # words
	run "$KSYSCALLS" $words --help
	ok "'ksyscalls $words' is accepted" [ "$status" = 0 ]
done <"$tmp/commands"

"$KSYSCALLS" oci --help | grep -o -e '--[a-z-]*' >"$tmp/options"
grep -o '`--[a-z-]*\(=[a-z]*\)\?`' "$readme" | grep -o -e '--[a-z-]*' | sort -u >"$tmp/named"
ok "it has options" some "$tmp/named" 5
while read -r option; do
	ok "$option is an option" grep -qx -e "$option" "$tmp/options"
done <"$tmp/named"

commands make >"$tmp/makes"
ok "it has makes" some "$tmp/makes" 9
# has_targets DIR WORD...: in one go, and without fetching the profiles
has_targets()
{
	dir=$1
	shift
	run make_ -C "$top/$dir" -n profiles=none "$@"
	ok "make has in $dir: $*" [ "$status" = 0 ]
}

# shellcheck disable=SC2046 # words
has_targets . $(sed '/^-C/d' "$tmp/makes")
# shellcheck disable=SC2046 # words
has_targets userspace $(sed -n 's/^-C userspace //p' "$tmp/makes")

# ---- files -------------------------------------------------------------------

grep -o '](\(https:\)\?[^)]*)' "$readme" | sed -n '/https:/!s/](\(.*\))/\1/p' >"$tmp/links"
grep -oE '`(module|uapi|userspace|selftests)/[^`]*`' "$readme" | tr -d '`' >>"$tmp/links"
ok "it has links" some "$tmp/links" 9
while read -r link; do
	ok "$link is in the tree" test -e "$top/$link"
done <"$tmp/links"

make_ -C "$userspace" -s -n BUILD="$build" install >"$tmp/install" 2>"$tmp/err"
grep -o '/usr/local/[a-z./-]*[a-z]' "$readme" | sort -u >"$tmp/paths"
ok "it has installed files" some "$tmp/paths" 3
while read -r path; do
	ok "$path is installed" grep -q "=${path}[ /;]" "$tmp/install"
done <"$tmp/paths"
unit=$(commands 'systemctl enable' | sed 's/.* //')
ok "the unit $unit is installed" grep -q "/$unit\.service[ ;]" "$tmp/install"

# ---- what is shown -----------------------------------------------------------

# What decides of the profile that is named there, which is not in this tree.
make_abi "$tmp/tree" x86_64 0xc000003e 0x0 441 <<-NAMES
	56 clone
	435 clone3
NAMES
cat >"$tmp/config.json" <<-JSON
	{ "linux": { "seccomp": { "defaultAction": "SCMP_ACT_ERRNO",
		"architectures": [ "SCMP_ARCH_X86_64" ], "syscalls": [ { "action": "SCMP_ACT_ALLOW",
			"names": [ "clone", "close_range", "faccessat2", "process_madvise" ] } ] } } }
JSON
sed -n '/ksyscalls explain/{n;s/^ *//p}' "$readme" | tr -s ' ' >"$tmp/shown"
run "$KSYSCALLS" --sysroot="$tmp/tree" explain -p "$tmp/config.json" clone3
tr -s ' ' <"$tmp/out" >"$tmp/printed"
ok "explain prints what is shown" cmp -s "$tmp/shown" "$tmp/printed"

# The line that finds it in the containers that run.
mark=$(sed -n 's/.* grep -l \([a-z.]*\) .*/\1/p' "$readme")
run "$KSYSCALLS" --sysroot="$tmp/tree" oci --runtime=crun <"$tmp/config.json"
ok "what was rewritten bears that mark" grep -q "\"$mark\"" "$tmp/out"

cat >"$tmp/lines.c" <<-CODE
	#include <stdio.h>
	#include <ksyscalls.h>

	int main(void)
	{
		struct ksc *k;

		$(sed -n '/^From C/,/^A /s/^    //p' "$readme")
		ksc_close(k);
		return 0;
	}
CODE
# A library built with sanitizers wants them in the program, too.
for flags in '' -fsanitize=address,undefined; do
	# shellcheck disable=SC2086 # none or one word
	"${CC:-cc}" -Wall -Wextra -Werror $flags -I"$userspace/include" -o "$tmp/lines" \
		"$tmp/lines.c" "$build/libksyscalls.a" 2>"$tmp/err" && break
done
ok "its lines of C compile" test -x "$tmp/lines"
run "$tmp/lines"
ok "they run" [ "$status" = 0 ]
done_testing
