#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# --help, the manual page and the completion tell of the same commands and the
# same options; and this test notices if one of them forgets any.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

source=$here/../..
man=$source/man/ksyscalls.1
completion=$source/completions/ksyscalls

help_commands()
{
	"$KSYSCALLS" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p' | sort
}

help_options()	# COMMAND
{
	"$KSYSCALLS" "$1" --help | sed -n 's/^  \(-.,\|   \) \(--[a-z-]*\).*/\2/p' | sort -u
}

man_commands()	# PAGE
{
	sed -n '/^\.Sh COMMANDS/,/^\.Sh JSON/s/^\.Ss \([a-z-]*\).*/\1/p' "$1" | sort
}

# The options of all commands stand in the description.
man_options()	# PAGE COMMAND
{
	{
		awk -v name="$2" '/^\.S[sh]/ { on = $1 == ".Ss" && $2 == name } on' "$1"
		case $2 in
		survey | load | unload)	echo '.It Fl -help' ;;
		*)		sed -n '/^The options of every/,/^Without a command/p' "$1" ;;
		esac
	} | grep '^\.It' | grep -o 'Fl -[a-z-]*\|, Fl -[a-z-]*' | sed 's/.*Fl /-/' | sort -u
}

completed()	# SCRIPT WORD...: what the last word may become
{
	script=$1
	shift
	bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ksyscalls
		printf "%s\n" "${COMPREPLY[@]}"' bash "$script" ksyscalls "$@" | sort -u
}

same()	# TWO FILES
{
	diff "$1" "$2" | sed 's/^/# /'
	cmp -s "$1" "$2"
}

help_commands >"$tmp/help"
ok "--help has commands" [ "$(wc -l <"$tmp/help")" -ge 9 ]
man_commands "$man" >"$tmp/man"
ok "the manual has the commands of --help" same "$tmp/help" "$tmp/man"
completed "$completion" '' | grep -v '^-' >"$tmp/completion"
ok "the completion has the commands of --help" same "$tmp/help" "$tmp/completion"
commands=$(cat "$tmp/help")
for command in $commands; do
	help_options "$command" >"$tmp/help"
	ok "$command --help has options" grep -qx -e --help "$tmp/help"
	man_options "$man" "$command" >"$tmp/man"
	ok "$command: the manual has the options of --help" same "$tmp/help" "$tmp/man"
	completed "$completion" "$command" - >"$tmp/completion"
	ok "$command: the completion has the options of --help" same "$tmp/help" "$tmp/completion"
done

# The test's own test: take one away, and it has to show.
help_options list >"$tmp/help"
grep -v 'Fl -absent$' "$man" >"$tmp/page"
man_options "$tmp/page" list >"$tmp/man"
ok "an option gone from the manual is noticed" not cmp -s "$tmp/help" "$tmp/man"
sed '/\[list\]=/s/--absent//' "$completion" >"$tmp/script"
completed "$tmp/script" list - >"$tmp/completion"
ok "an option gone from the completion is noticed" not cmp -s "$tmp/help" "$tmp/completion"
help_commands >"$tmp/help"
sed '/^\.Ss list/d' "$man" >"$tmp/page"
man_commands "$tmp/page" >"$tmp/man"
ok "a command gone from the manual is noticed" not cmp -s "$tmp/help" "$tmp/man"
sed '/\[list\]=/d' "$completion" >"$tmp/script"
completed "$tmp/script" '' | grep -v '^-' >"$tmp/completion"
ok "a command gone from the completion is noticed" not cmp -s "$tmp/help" "$tmp/completion"

# What the completion reads from a tree.
tree=$tmp/small
make_small_tree "$tree"
completed "$completion" --sysroot "$tree" list --abi '' >"$tmp/completion"
printf '%s\n' i386 x32 x86_64 | sort >"$tmp/want"
ok "completion of --abi" same "$tmp/want" "$tmp/completion"
completed "$completion" check --sysroot = "$tree" ls >"$tmp/completion"
echo lstat >"$tmp/want"
ok "completion of a name" same "$tmp/want" "$tmp/completion"

for page in "$source"/man/*.[1-8]; do
	if command -v mandoc >/dev/null; then
		mandoc -Tlint -Wwarning "$page" >"$tmp/out" 2>&1
		ok "mandoc finds nothing in $(basename "$page")" [ ! -s "$tmp/out" ]
	else
		skip "mandoc on $(basename "$page")" "mandoc is not installed"
	fi
	if command -v man >/dev/null && command -v groff >/dev/null; then
		man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>"$tmp/err" >/dev/null
		ok "man finds nothing in $(basename "$page")" [ ! -s "$tmp/err" ]
	else
		skip "man on $(basename "$page")" "man or groff is not installed"
	fi
done

# The example of libksyscalls(3) is a program.
sed -n '/^\.Bd -literal$/,/^\.Ed/{/^\./d;s/\\e/\\/g;p}' \
	"$source/man/libksyscalls.3" >"$tmp/example.c"
if [ -e "${KSC_BUILD-}/libksyscalls.a" ] && command -v "${CC:-cc}" >/dev/null; then
	# A library built with sanitizers wants them in the program, too.
	for flags in '' -fsanitize=address,undefined; do
		# shellcheck disable=SC2086 # none or one word
		"${CC:-cc}" -Wall -Wextra -Werror $flags -I"$source/include" -o "$tmp/example" \
			"$tmp/example.c" "$KSC_BUILD/libksyscalls.a" 2>"$tmp/err" && break
	done
	ok "the example of libksyscalls(3) compiles" test -x "$tmp/example"
	run "$tmp/example"
	if [ -e /sys/kernel/syscalls ]; then
		ok "the example answers" [ "$status" = 0 ]
	else
		ok "the example misses the module" says 'the module is not loaded'
	fi
else
	skip "the example of libksyscalls(3)" "KSC_BUILD does not say where the library is"
fi
done_testing
