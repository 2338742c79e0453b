#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# ksyscalls-runtime in front of a stub: what reaches it, and which configuration is rewritten.
# Conditions are evaluated by ok, once the start is over.
# shellcheck disable=SC2016,SC2034
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=stub.sh
. "$here/stub.sh"

# rewrites RUNTIME WANTED WORD...: WANTED is rewritten, the stub sees WORD... and ends it
rewrites()
{
	runtime=$1
	wanted=$2
	shift 2
	conf "runtime = $runtime" "sysroot = $tmp/tree"
	for word; do
		echo "word <$word>"
	done >"$tmp/words"
	start "$@"
	ok "$runtime $* -> ${wanted:-nothing}" \
		eval '[ "$status" = 42 ] && quiet && same_words && [ "$(rewritten)" = "$wanted" ]'
}

for runtime in runc crun; do
	for command in create run; do
		rewrites "$runtime" 'cwd/config.json;' $command id
		rewrites "$runtime" 'b/config.json;' $command --bundle ../b id
		rewrites "$runtime" 'b/config.json;' $command --bundle=../b id
		rewrites "$runtime" 'b/config.json;' $command -b ../b id
		rewrites "$runtime" 'b/config.json;' $command -b../b id
		rewrites "$runtime" 'b/config.json;' $command --bundle ../cwd --bundle "$tmp/b" id
		rewrites "$runtime" 'a dir=1/config.json;' $command --bundle="$tmp/a dir=1" id
		rewrites "$runtime" 'b/config.json;' --root state --log state --log-format=json \
			--systemd-cgroup --rootless state --log-format state --debug $command --pid-file -b \
			--console-socket run --preserve-fds 3 --no-pivot -b ../b id
	done
	for command in features exec state --version start delete checkpoint restore list kill spec; do
		rewrites "$runtime" '' --root create $command --bundle ../b run
	done
	rewrites "$runtime" ''
	rewrites "$runtime" '' --log run
	rewrites "$runtime" '' --root
	rewrites "$runtime" '' --root run -- state create
done
rewrites runc 'b/config.json;' -root state --criu state run -bundle ../b id
rewrites runc 'b/config.json;' -root=run run -b=../b id
rewrites runc 'b/config.json;' run id --bundle ../b
rewrites runc 'cwd/config.json;' run -no-subreaper id
rewrites runc 'b/other.json;' run --config other.json -b ../b id
rewrites runc 'b/config.json;' run --bundle= --bundle ../b id
rewrites runc 'cwd/config.json;' run --bundle= id
rewrites crun 'b/config.json;' --cgroup-manager state --log-level state run --bun ../b id
rewrites crun 'b/config.json;' --cgroup state run -db../b id
rewrites crun 'b/config.json;' run -d -b ../b -f config.json id
rewrites crun 'cwd/other.json;' run -b ../b -f other.json id
rewrites crun 'b/other.json;' run --config="$tmp/b/other.json" -b ../cwd id

# environment and descriptors are those of a start without the wrapper
conf "runtime = stub" "sysroot = $tmp/tree"
fresh
(cd "$tmp/cwd" && KEEP='a b' exec stub run -b ../b id 3<"$tmp/original" 7>/dev/null) || :
mv "$tmp/stub" "$tmp/plain"
(cd "$tmp/cwd" && KEEP='a b' exec "$wrapper" run -b ../b id 3<"$tmp/original" 7>/dev/null) || :
ok "environment, descriptors and words are those of a plain start" cmp "$tmp/plain" "$tmp/stub"
ok "and the configuration is rewritten" [ "$(rewritten)" = 'b/config.json;' ]

conf "runtime = runc" "sysroot = $tmp/tree"
start run -b ../b id
cp "$tmp/b/config.json" "$tmp/once"
(cd "$tmp/cwd" && "$wrapper" run -b ../b id) || :
ok "a second start changes nothing" cmp "$tmp/once" "$tmp/b/config.json"
ok "nothing is left in the bundle" [ "$(ls -A "$tmp/b")" = "config.json
other.json" ]

# The knobs reach the policy: personality is denied by name and absent in this tree.
sed 's/}\]}}}/},{"names":["personality"],"action":"SCMP_ACT_ERRNO","errnoRet":13}]}}}/' \
	"$tmp/original" >"$tmp/knob.json"
for explicit in '' 'explicit = respect'; do
	conf "runtime = runc" "sysroot = $tmp/tree" "$explicit"
	cp "$tmp/knob.json" "$tmp/b/config.json"
	(cd "$tmp/cwd" && "$wrapper" run -b ../b id) || :
	ok "personality, ${explicit:-by default}: $([ "$explicit" ] && echo kept || echo ENOSYS)" \
		eval 'grep -q "\"errnoRet\":13" "$tmp/b/config.json" && [ "$explicit" ] ||
			{ not grep -q "\"errnoRet\":13" "$tmp/b/config.json" && [ -z "$explicit" ]; }'
done

# its own name
ln -s "$wrapper" "$tmp/bin/ksyscalls-crun"
conf "runtime = runc" "sysroot = $tmp/tree"
fresh
run ksyscalls-crun run -b "$tmp/b" id
ok "the name ksyscalls-crun outranks runtime=" \
	eval '[ "$status" = 42 ] && grep -q "^name crun$" "$tmp/stub"'
ok "and crun gets a program" grep -q run.oci.seccomp_bpf_data "$tmp/b/config.json"

# Debian 11's crun is too old to know the annotation, and to use defaultErrnoRet.
mkdir "$tmp/old"
cp "$tmp/bin/stub" "$tmp/old/crun"
conf "runtime = $tmp/old/crun" "sysroot = $tmp/tree"
start run -b ../b id
ok "a crun that reads no program gets rules" eval '[ "$status" = 42 ] && quiet &&
	grep -q "mode=explicit" "$tmp/b/config.json" && not grep -q seccomp_bpf_data "$tmp/b/config.json"'

# it never starts itself
mkdir "$tmp/first"
ln -s "$wrapper" "$tmp/first/runc"
conf "sysroot = $tmp/tree"
fresh
run env PATH="$tmp/first:$PATH" timeout 10 runc run -b "$tmp/b" id
ok "a link named runc in front of runc finds the other runc" [ "$status" = 42 ]
conf "runtime = $tmp/first/runc"
start run -b ../b id
ok "itself as runtime: refused" eval '[ "$status" = 126 ] && warned_once "this very program"'
# Nor does it start another file of its own kind: two that were built apart, a link to each.
for build in built1 built2 linked; do
	mkdir "$tmp/$build"
	cp "$wrapper" "${wrapper%/*}/ksyscalls-rewrite.so" "$tmp/$build"
	echo $build >>"$tmp/$build/ksyscalls-runtime"
done
strip "$tmp/built2/ksyscalls-runtime"
mv "$tmp/built1/ksyscalls-runtime" "$tmp/built1/runc"
ln "$tmp/built2/ksyscalls-runtime" "$tmp/built2/runc"
ln -s ksyscalls-runtime "$tmp/linked/runc"
conf "sysroot = $tmp/tree"
for command in state 'run -b ../b'; do
	for build in built1 built2 linked; do
		fresh
		# shellcheck disable=SC2086 # words
		(cd "$tmp/cwd" && exec env PATH="$tmp/built2:$tmp/linked:$tmp/built1:$tmp/first:$PATH" \
			timeout 10 "$tmp/$build/runc" $command id) >"$tmp/out" 2>"$tmp/err" && status=0 || status=$?
		ok "$command: the file of $build passes over its copies to the other runc" \
			eval '[ "$status" = 42 ] && quiet && grep -q "^name runc$" "$tmp/stub"'
	done
done
ok "and has rewritten the bundle" [ "$(rewritten)" = 'b/config.json;' ]
for build in built1 built2 linked; do
	conf "runtime = $tmp/$build/runc"
	start run -b ../b id
	ok "the file of $build as runtime: refused" \
		eval '[ "$status" = 126 ] && [ -z "$(rewritten)" ] && warned_once "or a copy of it"'
done
if setpriv --reuid=65534 --clear-groups test ! -r /etc/shadow 2>/dev/null; then
	chmod 711 "$tmp/built1/runc"
	chmod 755 "$tmp"
	conf "runtime = $tmp/built1/runc"
	run setpriv --reuid=65534 --clear-groups timeout 10 "$tmp/built1/runc" state id
	ok "itself as runtime, which may not be read: refused" \
		eval '[ "$status" = 126 ] && warned_once "this very program"'
else
	skip "itself as runtime, which may not be read" "needs root, to be somebody else"
fi
conf "runtime = no-such-runtime"
start state id
ok "no such runtime: 127" eval '[ "$status" = 127 ] && warned_once "no runtime .no-such-runtime."'

# degrades PATTERN DESCRIPTION: starts all the same, warned once; strict refuses
degrades()
{
	cause=$1
	start run -b ../b id
	ok "$2: starts with its profile, one warning" \
		eval '[ "$status" = 42 ] && [ -z "$(rewritten)" ] && warned_once "$cause"'
	start state id
	ok "$2: other commands say nothing" eval '[ "$status" = 42 ] && quiet'
	echo "strict = yes" >>"$tmp/conf"
	start run -b ../b id
	ok "$2: strict refuses" \
		eval '[ "$status" = 1 ] && [ ! -e "$tmp/stub" ] && [ -z "$(rewritten)" ] && warned_once "$cause"'
}

# makes_do PATTERN DESCRIPTION: without a view of the kernel the profile alone decides,
# one line says so; strict wants the view
makes_do()
{
	cause=$1
	start run -b ../b id
	ok "$2: rewritten by the profile alone, one line" eval '[ "$status" = 42 ] &&
		[ "$(rewritten)" = "b/config.json;" ] && warned_once "$cause.*the profile alone decides"'
	start state id
	ok "$2: other commands say nothing" eval '[ "$status" = 42 ] && quiet'
	echo "strict = yes" >>"$tmp/conf"
	start run -b ../b id
	ok "$2: strict refuses" eval '[ "$status" = 1 ] && [ ! -e "$tmp/stub" ] &&
		[ -z "$(rewritten)" ] && warned_once "$cause.*strict=yes"'
}

conf "runtime = runc" "sysroot = $tmp/nowhere"
makes_do 'no .*/sys/kernel/syscalls' "no tree"
cp -r "$tmp/tree" "$tmp/bad"
echo 2 >"$tmp/bad/sys/kernel/syscalls/version"
conf "runtime = runc" "sysroot = $tmp/bad"
makes_do 'syscalls/version' "a tree of another version"
cp -r "$tmp/tree" "$tmp/stale"
mkdir -p "$tmp/stale/proc/sys/kernel"
echo 2.6.32-stale >"$tmp/stale/proc/sys/kernel/osrelease"
conf "runtime = runc" "sysroot = $tmp/stale"
makes_do 'stale is of Linux 2.6.32-stale' "a copy from another kernel"
uname -r >"$tmp/stale/proc/sys/kernel/osrelease"
conf "runtime = runc" "sysroot = $tmp/stale"
start run -b ../b id
ok "a copy from this kernel: rewritten" eval '[ "$(rewritten)" = "b/config.json;" ] && quiet'
conf "mode = fast" "runtime = runc" "sysroot = $tmp/tree"
degrades 'conf:1: mode takes' "a wrong mode"
conf "mode = bpf" "runtime = runc" "sysroot = $tmp/tree"
degrades "only crun" "a program for runc, which reads none"
conf "mode = bpf" "runtime = $tmp/old/crun" "sysroot = $tmp/tree"
degrades "since 0.18" "a program for a crun that reads none"
conf "keep-fatal = perhaps" "runtime = runc" "sysroot = $tmp/tree"
degrades 'conf:1: keep-fatal takes yes or no' "a switch that is neither on nor off"
conf "successors = never" "runtime = runc" "sysroot = $tmp/tree"
degrades 'conf:1: successors takes enosys, eperm or allow' "an answer for successors that is none"
conf "enosys = mount,clone4" "runtime = runc" "sysroot = $tmp/tree"
degrades "conf:1: enosys: 'clone4': no kernel known here" "a site's name that nobody knows"
conf "runtime = runc" "eperm = mount" "sysroot = $tmp/tree" "eperm = bpf,keyctl,clone4" "eperm = chroot"
degrades "conf:4: eperm: 'clone4': no kernel known here" "the same on another of the lines"
conf "enosys = mount,bpf" "eperm = bpf" "runtime = runc" "sysroot = $tmp/tree"
degrades "conf:2: eperm: 'bpf': it is among those of the other answer" "a name with two answers"
conf "explicit = ignore" "runtime = runc" "sysroot = $tmp/tree"
degrades "conf:1: explicit takes 'respect', not 'ignore'" "a knob with a word that it does not have"
conf "runtime = runc" "color = red" "sysroot = $tmp/tree"
degrades 'conf:2: unknown key' "an unknown key"
cp "$tmp/bin/stub" "$tmp/bin/kata-runtime"
conf "runtime = kata-runtime" "sysroot = $tmp/tree"
degrades 'kernel of their own' "a runtime with a kernel of its own"
conf "runtime = runc" "sysroot = $tmp/tree"
start run -b ../nowhere id
ok "no configuration: the runtime tells" eval '[ "$status" = 42 ] && warned_once "config.json"'

# The hook is fed the configuration and asked for another, as Podman does it.
hook=$(dirname "$KSYSCALLS")/hooks.d/ksyscalls.json
args=$(sed -n 's/.*"args": \["ksyscalls", "\(.*\)"\].*/\1/p' "$hook" |
	sed "s/\", \"/ /g; s|--store=yes|--store=$tmp/hook|")
ok "the hook is for the precreate stage" grep -q '"stages": \["precreate"\]' "$hook"
# shellcheck disable=SC2086 # words
run "$KSYSCALLS" $args --sysroot="$tmp/tree" <"$tmp/original"
ok "the hook gives another configuration" \
	eval '[ "$status" = 0 ] && quiet && grep -q ociVersion "$tmp/out" &&
		not cmp -s "$tmp/original" "$tmp/out"'
ok "and keeps it" [ "$(find "$tmp/hook" -name '[0-9a-f]*' -type f | wc -l)" = 1 ]
# shellcheck disable=SC2086 # words
run "$KSYSCALLS" $args --sysroot="$tmp/nowhere" <"$tmp/original"
ok "without the tree that it is told of the hook gives the same one, one warning" \
	eval '[ "$status" = 0 ] && warned_once "no such tree" && cmp -s "$tmp/original" "$tmp/out"'

done_testing
