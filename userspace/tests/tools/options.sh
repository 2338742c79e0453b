#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# --help, the manual page and the completion tell of the same commands and the
# same options; and this test notices if one of them forgets any.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

source=$here/../..
man=$source/man/ksyscalls.1

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

completed()	# WORD...: what the last word may become, as the shells ask for it
{
	"$KSYSCALLS" --complete "$@" | cut -f 1 | sort -u
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
completed '' >"$tmp/completion"
ok "the completion has the commands of --help" same "$tmp/help" "$tmp/completion"
commands=$(cat "$tmp/help")
for command in $commands; do
	help_options "$command" >"$tmp/help"
	ok "$command --help has options" grep -qx -e --help "$tmp/help"
	man_options "$man" "$command" >"$tmp/man"
	ok "$command: the manual has the options of --help" same "$tmp/help" "$tmp/man"
	completed "$command" - >"$tmp/completion"
	ok "$command: the completion has the options of --help" same "$tmp/help" "$tmp/completion"
done

# --help of each command teaches it: what it does in a few lines, and one line to try,
# whose options are accepted.
for command in $commands; do
	"$KSYSCALLS" "$command" --help | sed '/^Options:/,$d' >"$tmp/lesson"
	ok "$command --help is short" [ "$(wc -l <"$tmp/lesson")" -le 10 ]
	example=$(sed -n '/^Example:/{n;s/^  *//p}' "$tmp/lesson")
	words=$(echo "$example" | sed 's/ [&|].*//; s/ -- .*//; s/^ksyscalls //')
	ok "$command --help has an example of $command" [ "${words%% *}" = "$command" ]
	# shellcheck disable=SC2086 # words
	run "$KSYSCALLS" $words --help
	ok "the options of '$example' are accepted" [ "$status" = 0 ]
	ok "'$example' fits a line" [ ${#example} -le 78 ]
done

# The test's own test: take one away, and it has to show.
help_options list >"$tmp/help"
grep -v 'Fl -absent$' "$man" >"$tmp/page"
man_options "$tmp/page" list >"$tmp/man"
ok "an option gone from the manual is noticed" not cmp -s "$tmp/help" "$tmp/man"
help_commands >"$tmp/help"
sed '/^\.Ss list/d' "$man" >"$tmp/page"
man_commands "$tmp/page" >"$tmp/man"
ok "a command gone from the manual is noticed" not cmp -s "$tmp/help" "$tmp/man"

# The knobs of the policy are known to every command that makes one, and to the wrapper.
knobs=$(help_options oci | grep -v -x -e --bundle -e --dry-run -e --mode -e --runtime -e --report -e --strict -e --store \
	-e --sysroot -e --help)
ok "there are knobs" [ "$(echo "$knobs" | wc -l)" -ge 4 ]
for knob in $knobs; do
	for command in bpf explain run profile; do
		# shellcheck disable=SC2016 # ok evaluates
		ok "$command takes $knob" eval 'help_options "$command" | grep -qx -e "$knob"'
	done
	ok "runtime.conf tells of ${knob#--}" grep -q "^#${knob#--} = " "$source/tools/etc/ksyscalls/runtime.conf"
	ok "ksyscalls-runtime(8) tells of ${knob#--}" grep -q -w -e "${knob#--}" "$source/man/ksyscalls-runtime.8"
done

# Whatever is offered is accepted: the option is read, alone or with a word that is
# offered for it. What a command then says of its operands is another matter.
accepted()	# WORD...: no complaint about the options
{
	run timeout 10 "$KSYSCALLS" "$@" --help
	[ "$status" = 0 ]
}

offered=0
for command in $commands; do
	for option in $(completed "$command" -); do
		completed "$command" "$option" '' | grep -v '^:' >"$tmp/words"
		case $("$KSYSCALLS" "$command" --help | grep -o -e " $option=[^ ]*") in
		'')		ok "$command $option is accepted" accepted "$command" "$option" ;;
		*=FILE | *=DIR | *=ABI | *=RUNTIME)
				ok "$command $option is accepted" accepted "$command" "$option" x ;;
		*X.Y*)		echo 6.1 >>"$tmp/words" ;;
		*=CAP*)		echo CAP_BPF >>"$tmp/words" ;;
		*=NAME*)	echo read >>"$tmp/words" ;;
		esac
		while read -r word; do
			offered=$((offered + 1))
			ok "$command $option $word is accepted" accepted "$command" "$option" "$word"
			ok "$command $option=$word is accepted" accepted "$command" "$option=$word"
		done <"$tmp/words"
	done
done
ok "words were offered" [ "$offered" -gt 20 ]

# complements DESCRIPTION WANTED WORD...: what is offered for the last word, in a line
tree=$tmp/small
make_small_tree "$tree"
complements()
{
	echo "$2" >"$tmp/want"
	what=$1
	shift 2
	completed "$@" | tr '\n' ' ' | sed 's/ $//' >"$tmp/completion"
	echo >>"$tmp/completion"
	ok "completion: $what" same "$tmp/want" "$tmp/completion"
}

complements "ABIs" "i386 x32 x86_64" --sysroot "$tree" list --abi ''
complements "ABIs behind a =" "--abi=i386" --sysroot="$tree" list --abi=i
complements "a name" "lstat" check --sysroot="$tree" ls
complements "a name of the ABI that is named" "exit" check --sysroot="$tree" -a i386 e
complements "no name of another" "" check --sysroot="$tree" -a i386 ls
complements "no command for another tree that acts on the kernel" "list" --sysroot="$tree" l
complements "no option that excludes another" "--quiet" check --quiet --q
complements "no option that another excludes" "" check --quiet --j
complements "no option behind --" "" check --sysroot="$tree" -- --
complements "no operand where none is taken" "" list ''
complements "a directory" ":dirs" snapshot ''
complements "one directory" "" snapshot x ''
complements "two directories" ":dirs" diff x ''
complements "a command line" ":command" run --abi x86_64 l
complements "options before it" "--explicit" run --ex
complements "options behind it are its own" ":command" run ls --ex
complements "modes" "auto bpf explicit flip" oci --mode ''
complements "modes of a profile" "explicit flip" profile --mode ''
complements "no command of nobody" "" nosuch ''

# What each shell makes of it: the line with its last word completed, where there is
# one way to do so.
bin=$(dirname "$KSYSCALLS")
bash_completes()	# LINE
{
	PATH=$bin:$PATH bash -c '. "$1"
		# As readline has it: "=" is a word of its own.
		read -r -a COMP_WORDS <<<"${2//=/ = }"
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_ksyscalls
		[ ${#COMPREPLY[@]} = 1 ] && line=${2% *} last=${2##* } && [ "$line" != "$last" ] &&
		case $last in
		*=*) printf "%s %s=%s\n" "$line" "${last%%=*}" "${COMPREPLY[0]}" ;;
		*) printf "%s %s\n" "$line" "${COMPREPLY[0]}" ;;
		esac' bash "$source/completions/bash/ksyscalls" "$1"
}

fish_completes()	# LINE
{
	# shellcheck disable=SC2016 # fish expands
	PATH=$bin:$PATH HOME=$tmp fish -N -c 'source $argv[1]; complete -C "$argv[2]"' \
		"$source/completions/fish/ksyscalls.fish" "$1" | cut -f 1 | sed "s|^|${1% *} |"
}

zsh_completes()	# LINE
{
	rm -f "$tmp/buffer"
	# shellcheck disable=SC2016 # zsh expands
	PATH=$bin:$PATH HOME=$tmp OUT=$tmp/buffer TERM=dumb timeout 120 zsh -f -c '
		zmodload zsh/zpty
		zpty z zsh -f -i
		zpty -w z "fpath=(${(q)1} \$fpath); autoload -U compinit; compinit -D -u"
		zpty -w z "tell() { zle complete-word; print -r -- \$BUFFER >\$OUT; exit }"
		zpty -w z "zle -N tell; bindkey ^I tell"
		# What is typed before the prompt is there may get lost; it is not what is echoed.
		zpty -w z "PS1=at\${:-your}service"
		zpty -r z line "*atyourservice*"
		zpty -w -n z "$2"$'"'\\t'"'
		while zpty -r z line; do :; done' zsh "$source/completions/zsh" "$1" >/dev/null 2>&1
	sed 's/ $//' "$tmp/buffer"
}

for shell in bash fish zsh; do
	if ! command -v $shell >/dev/null; then
		skip "completion in $shell" "$shell is not installed: apt-get install $shell"
		continue
	fi
	for pair in "ksyscalls sna|ksyscalls snapshot" \
		"ksyscalls check --qui|ksyscalls check --quiet" \
		"ksyscalls oci --mode fl|ksyscalls oci --mode flip" \
		"ksyscalls oci --mode=fl|ksyscalls oci --mode=flip" \
		"ksyscalls --sysroot=$tree list --abi=i|ksyscalls --sysroot=$tree list --abi=i386" \
		"ksyscalls check --sysroot $tree ls|ksyscalls check --sysroot $tree lstat" \
		"ksyscalls explain --profile=$tree/sys/kernel/sysc|ksyscalls explain --profile=$tree/sys/kernel/syscalls"; do
		${shell}_completes "${pair%%|*}" | sed 's|/$||' >"$tmp/completion"
		echo "${pair#*|}" >"$tmp/want"
		ok "$shell completes '$(echo "${pair%%|*}" | sed "s|$tree|TREE|g")'" same "$tmp/want" "$tmp/completion"
	done
done

for page in "$source"/man/*.[1-8] "${KSC_BUILD:-$source/build}"/man/*.3; do
	if command -v mandoc >/dev/null; then
		mandoc -Tlint -Wwarning "$page" >"$tmp/out" 2>&1
		ok "mandoc finds nothing in $(basename "$page")" [ ! -s "$tmp/out" ]
	else
		skip "mandoc on $(basename "$page")" "mandoc is not installed: apt-get install mandoc"
	fi
	if command -v man >/dev/null && command -v groff >/dev/null; then
		man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>"$tmp/err" >/dev/null
		ok "man finds nothing in $(basename "$page")" [ ! -s "$tmp/err" ]
	else
		skip "man on $(basename "$page")" "man or groff is missing: install man-db and groff-base"
	fi
done

# The examples of section 3 are programs.
# example PAGE LIBRARY...
example()
{
	page=$1
	shift
	sed -n '/^\.Bd -literal$/,/^\.Ed/{/^\./d;s/\\e/\\/g;p}' "$source/man/$page.3.in" >"$tmp/example.c"
	rm -f "$tmp/example"
	# A library built with sanitizers wants them in the program, too.
	for flags in '' -fsanitize=address,undefined; do
		# shellcheck disable=SC2086 # none or one word
		"${CC:-cc}" -Wall -Wextra -Werror $flags -I"$source/include" -o "$tmp/example" \
			"$tmp/example.c" "$@" 2>"$tmp/err" && break
	done
	ok "the example of $page(3) compiles" test -x "$tmp/example"
	run "$tmp/example"
}
if [ -e "${KSC_BUILD-}/libksyscalls.a" ] && command -v "${CC:-cc}" >/dev/null; then
	example libksyscalls "$KSC_BUILD/libksyscalls.a"
	if [ -e /sys/kernel/syscalls ]; then
		ok "the example answers" [ "$status" = 0 ]
	else
		ok "the example misses the module" says 'is the ksyscalls module loaded'
	fi
	example libksyscalls-seccomp "$KSC_BUILD/libksyscalls-seccomp.a" "$KSC_BUILD/libksyscalls.a" \
		-lseccomp
	size=$(wc -c <"$tmp/out")
	ok "the example writes a program" [ "$status.$((size > 80)).$((size % 8))" = 0.1.0 ]
else
	skip "the examples of section 3" "KSC_BUILD does not say where the library is"
fi
done_testing
