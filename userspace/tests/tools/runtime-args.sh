#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The wrapper reads a command line as the runtime behind it does. The judges are the
# real runtimes: each bundle's configuration is a word that is no JSON, and the
# runtime's complaint quotes it.
# Conditions are evaluated by ok, once the start is over.
# shellcheck disable=SC2016,SC2034,SC2046,SC2086
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=stub.sh
. "$here/stub.sh"

mkdir -p "$tmp/real/b" "$tmp/real/cwd"
echo BUNDLE >"$tmp/real/b/config.json"
echo OTHER >"$tmp/real/b/other.json"
echo WORKING >"$tmp/real/cwd/config.json"
echo LOCAL >"$tmp/real/cwd/other.json"

# judge PROGRAM WORD...: which file it read, as rewritten() tells it, or "refused"
judge()
{
	real=$1
	shift
	(cd "$tmp/real/cwd" && exec timeout 10 "$real" "$@") >"$tmp/said" 2>&1 </dev/null
	case $(tr -d '\n' <"$tmp/said") in
	*"character 'B'"* | *BUNDLE*)	echo 'b/config.json;' ;;
	*"character 'O'"* | *OTHER*)	echo 'b/other.json;' ;;
	*"character 'W'"* | *WORKING*)	echo 'cwd/config.json;' ;;
	*"character 'L'"* | *LOCAL*)	echo 'cwd/other.json;' ;;
	*)				echo refused ;;
	esac
}

agreed=0
# agrees RUNTIME WORD...: what the runtime refuses is its own affair
agrees()
{
	name=$1
	shift
	judged=$(judge "$real_dir/$name" "$@")
	[ "$judged" != refused ] || return 0
	agreed=$((agreed + 1))
	conf "runtime = $name" "sysroot = $tmp/tree"
	start "$@"
	ok "$name $*: $judged" [ "$(rewritten)" = "$judged" ]
}

# The options of PROGRAM [COMMAND] by its own help: "--name", "-n", "--name=" if it takes a word.
help_options()
{
	"$@" --help 2>&1 | sed -n 's/^ *\(-.*\)/\1/p' | while read -r line; do
		# runc: "--bundle value, -b value  path"; crun: "-b, --bundle=DIR  container"
		words=$(echo "$line" | sed 's/   *.*//; s/ value/=/g; s/=[A-Z][A-Z]*/=/g')
		case $words in
		*=*)	takes='=' ;;
		*)	takes='' ;;
		esac
		for word in $(echo "$words" | tr -d '=,'); do
			echo "$word$takes"
		done
	done | grep -v -x -e '--help' -e '-h' -e '-?' -e '--usage' -e '-v' -e '-V' -e '--version' \
		-e '--HANG=' | sort -u
}

# spelt OPTION VALUE: the option as words
spelt()
{
	case $1 in
	*=)	echo "${1%=} $2" ;;
	*)	echo "$1" ;;
	esac
}

for runtime in runc crun; do
	real_dir=$(dirname "$(PATH=${PATH#"$tmp/bin:"} command -v $runtime || echo none/none)")
	if [ "$real_dir" = none ]; then
		skip "$runtime's own reading" "$runtime is not installed: apt-get install $runtime"
		continue
	fi
	export XDG_RUNTIME_DIR="$tmp"
	agreed=0
	# crun create does not say what it has read; its options are those of run.
	[ $runtime = crun ] && commands=run || commands='create run'
	for command in $commands; do
		agrees $runtime $command id
		agrees $runtime $command -b ../b id
		agrees $runtime $command -b../b id
		agrees $runtime $command --bundle=../b id
		agrees $runtime -- $command -b ../b id
		agrees $runtime --root state -- $command -b ../b id
		agrees $runtime $command -b ../b -- id
		agrees $runtime $command -- -b ../b
		agrees $runtime $command id -b ../b
		agrees $runtime $command id -- -b ../b
		agrees $runtime $command -b ../b id -b ../cwd
		agrees $runtime $command - -b ../b
		agrees $runtime - $command -b ../b id
		agrees $runtime $command -b '' id
		agrees $runtime $command -f other.json -b ../b id
		agrees $runtime $command -f config.json -b ../b id
		agrees $runtime $command --b ../b id
		agrees $runtime $command -bundle ../b id
		agrees $runtime $command --no-pivot=true -b ../b id
		agrees $runtime --program-name run $command -b ../b id
		agrees $runtime --program-name=run $command -b ../b id
		agrees $runtime $command --program-name -b -b ../b id
		agrees $runtime --roo run $command -b ../b id
	done
	ok "$runtime itself has read some of these" [ "$agreed" -ge 14 ]

	# Each option that its help has, before the command and behind it.
	help_options "$real_dir/$runtime" >"$tmp/options"
	ok "$runtime --help has options" [ "$(wc -l <"$tmp/options")" -ge 6 ]
	agreed=0
	while read -r option; do
		for value in text run; do
			agrees $runtime $(spelt "$option" $value) run -b ../b id
			[ "${option%=}" != "$option" ] || break
		done
	done <"$tmp/options"
	ok "$runtime takes some of them" [ "$agreed" -ge 8 ]
	agreed=0
	for command in $commands; do
		help_options "$real_dir/$runtime" $command >"$tmp/options"
		ok "$runtime $command --help has options" [ "$(wc -l <"$tmp/options")" -ge 6 ]
		while read -r option; do
			case $option in
			-b= | --bundle= | -f= | --config=) continue ;;
			esac
			for value in 3 -b; do
				agrees $runtime $command $(spelt "$option" $value) -b ../b id
				[ "${option%=}" != "$option" ] || break
			done
		done <"$tmp/options"
	done
	ok "$runtime takes some of them, behind the command" [ "$agreed" -ge 8 ]
done

done_testing
