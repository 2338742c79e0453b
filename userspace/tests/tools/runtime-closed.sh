#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# ksyscalls-runtime fails closed where it is told to, waits for nobody, and believes
# nothing that lies in a bundle.
# Conditions are evaluated by ok, once the start is over.
# shellcheck disable=SC2016,SC2034
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=stub.sh
. "$here/stub.sh"

# closed DESCRIPTION PATTERN: the container is not started, one line says why
closed()
{
	cause=$2
	start run -b ../b id
	ok "$1: not started" eval '[ "$status" = 1 ] && [ ! -e "$tmp/stub" ] &&
		[ -z "$(rewritten)" ] && warned_once "$cause"'
	start state id
	ok "$1: other commands go through" eval '[ "$status" = 42 ] && quiet'
}

conf "runtime = runc" "sysroot = $tmp/tree" "strict = ja"
closed "a bad value of strict" "conf:3: strict takes yes or no, not 'ja'.*strict=yes"
conf "runtime = runc" "sysroot = $tmp/tree" "strict ="
closed "an empty value of strict" "strict takes yes or no"
conf "runtime = runc" "sysroot = $tmp/tree" "strict = YES"
closed "strict in capitals" "strict takes yes or no"
for line in "strict yes" "strict: yes" strict "Strict = yes" '"strict" = "yes"' "$(printf '\302\240strict = yes')" \
	"set strict = yes" "mode = auto; strict = yes" "$(printf 'mode = auto\rstrict = yes')"; do
	conf "runtime = runc" "sysroot = $tmp/tree" "$line"
	closed "a line of '$line'" "conf:3: .*strict=yes"
done
printf '\357\273\277strict = yes\r\nruntime = runc\r\nsysroot = %s\r\nstore = no\r\n' \
	"$tmp/nowhere" >"$tmp/conf"
closed "a byte order mark and CRLF" "no $tmp/nowhere/sys/kernel/syscalls.*strict=yes"
conf "runtime = runc" "sysroot = $tmp/tree" "strictly" "strict = no"
start run -b ../b id
ok "a no where it belongs takes it back" eval '[ "$status" = 42 ] && warned_once "conf:3: .*keeps its own"'
conf "runtime = runc" "sysroot = $tmp/tree" "strict = no"
start run -b ../b id
ok "strict = no is taken" eval '[ "$status" = 42 ] && quiet && [ "$(rewritten)" = "b/config.json;" ]'

rm "$tmp/conf"
closed "no configuration where the environment says" "conf: No such file.*strict=yes"
mkdir "$tmp/conf"
closed "a directory for a configuration" "conf: Is a directory.*strict=yes"
rmdir "$tmp/conf"
mkfifo "$tmp/conf"
closed "a pipe for a configuration" "conf: not a regular file.*strict=yes"
rm "$tmp/conf"
ln -s /dev/zero "$tmp/conf"
closed "a device for a configuration" "conf: not a regular file.*strict=yes"
rm "$tmp/conf"
{ echo "runtime = runc"; head -c 100000 /dev/zero | tr '\0' '#'; } >"$tmp/conf"
closed "a configuration without end" "more than 64 KiB.*strict=yes"
printf 'runtime = runc\nsysroot = %s\n\0strict = no\n' "$tmp/tree" >"$tmp/conf"
closed "a configuration with a NUL" "NUL.*strict=yes"
printf 'runtime = runc\nsysroot = %s\nstrict = no\n\0\nstrict = yes\n' "$tmp/tree" >"$tmp/conf"
closed "a NUL behind a line that takes strict back" "NUL.*strict=yes"
if setpriv --reuid=65534 --clear-groups test ! -r /etc/shadow 2>/dev/null; then
	conf "runtime = runc" "sysroot = $tmp/tree" "strict = no"
	chmod 0 "$tmp/conf"
	chmod 755 "$tmp"
	chmod 777 "$tmp/cwd" "$tmp"
	fresh
	run setpriv --reuid=65534 --clear-groups "$wrapper" run -b "$tmp/b" id
	ok "a configuration that may not be read: not started" \
		eval '[ "$status" = 1 ] && [ ! -e "$tmp/stub" ] && warned_once "Permission denied.*strict=yes"'
	chmod 644 "$tmp/conf"
else
	skip "a configuration that may not be read" "needs root, to be somebody else"
fi

# What no rule can say, since libseccomp has no name for it, runc answers by itself.
make_small_tree "$tmp/newer"
make_abi "$tmp/newer" x86_64 0xc000003e 0x0 501 <<-NAMES
	0 read
	1 write
	500 newer_than_all
NAMES
echo '# default_errno_ret; cannot map architecture %v to AUDIT_ARCH_ constant' >>"$tmp/bin/runc"
conf "runtime = $tmp/bin/runc" "sysroot = $tmp/newer" "mode = explicit" "eperm = newer_than_all"
start run -b ../b id
ok "runc's own ENOSYS: started" eval '[ "$status" = 42 ] && [ "$(rewritten)" = "b/config.json;" ]'
conf "runtime = $tmp/bin/runc" "sysroot = $tmp/newer" "mode = explicit" "eperm = newer_than_all" \
	"strict = yes"
closed "runc's own ENOSYS" "runc itself would answer ENOSYS to 1 .*500 of X86_64; use mode auto"
cp "$tmp/bin/stub" "$tmp/bin/runc"

# Nothing that lies in the working directory, which is a bundle, is taken.
mkdir "$tmp/cwd/bin"
for dir in bin .; do
	cp "$tmp/bin/stub" "$tmp/cwd/$dir/only-here"
done
conf "runtime = only-here" "sysroot = $tmp/tree"
for path in bin . '' ':'; do
	status=0
	(cd "$tmp/cwd" && PATH="$path:$PATH" exec "$wrapper" state id) >"$tmp/out" 2>"$tmp/err" || status=$?
	ok "PATH=$path:... does not find a runtime in the bundle" \
		eval '[ "$status" = 127 ] && warned_once "no runtime .only-here."'
done
conf "runtime = bin/only-here" "sysroot = $tmp/tree" "strict = yes"
cp "$tmp/bin/stub" "$tmp/cwd/bin/runc"
start run -b ../b id
ok "a relative path of a runtime is refused" eval '[ "$status" = 1 ] && [ ! -e "$tmp/stub" ] &&
	warned_once "runtime takes the name or the absolute path"'
cp -r "$tmp/tree" "$tmp/cwd/tree"
conf "runtime = runc" "sysroot = tree" "strict = yes"
start run -b ../b id
ok "a relative sysroot is refused" eval '[ "$status" = 1 ] && [ ! -e "$tmp/stub" ] &&
	warned_once "sysroot takes the absolute path"'
rm -r "$tmp/cwd/tree" "$tmp/cwd/bin" "$tmp/cwd/only-here"

# Nobody reads what it says; the container starts all the same, and can be told so by SIGPIPE.
conf "runtime = runc" "sysroot = $tmp/nowhere" "mode = bpf"
cat >"$tmp/bin/runc" <<-'EOF2'
	#!/bin/sh
	grep SigIgn /proc/self/status >"$STUB_OUT"
	exit 42
EOF2
fresh
mkfifo "$tmp/pipe"
# shellcheck disable=SC2094
exec 3<>"$tmp/pipe" 4>"$tmp/pipe" 3>&-
run sh -c 'exec "$0" run -b "$1" id 2>&4' "$wrapper" "$tmp/b"
exec 4>&-
ok "a closed pipe for stderr: started all the same" [ "$status" = 42 ]
cp "$tmp/stub" "$tmp/ignored"
rm "$tmp/stub"
run "$tmp/bin/runc"
ok "and the runtime has the signals of a plain start" cmp "$tmp/ignored" "$tmp/stub"
cp "$tmp/bin/stub" "$tmp/bin/runc"
fresh
run sh -c 'exec "$0" run -b "$1" id 2>&-' "$wrapper" "$tmp/b"
ok "no stderr at all: started, and nothing written elsewhere" \
	eval '[ "$status" = 42 ] && [ -z "$(rewritten)" ] && not grep -q "^fd 2 " "$tmp/stub"'
conf "runtime = runc" "sysroot = $tmp/tree"
fresh
run sh -c 'trap "" CHLD; exec "$0" run -b "$1" id' "$wrapper" "$tmp/b"
ok "SIGCHLD ignored: rewritten and started" \
	eval '[ "$status" = 42 ] && quiet && [ "$(rewritten)" = "b/config.json;" ]'

# Files that may be no larger, as a limit of the shell's has it: 512 or 1024 bytes.
cat >"$tmp/bin/runc" <<-'EOF2'
	#!/bin/sh
	exit 42
EOF2
head -c 2048 /dev/zero >"$tmp/log"
limited()	# PATTERN
{
	fresh
	head -c 2048 /dev/zero | tr '\0' ' ' >>"$tmp/b/config.json"
	cp "$tmp/b/config.json" "$tmp/large.json"
	run sh -c 'ulimit -f 2; exec "$0" --log "$2" run -b "$1" id' "$wrapper" "$tmp/b" "$tmp/log"
	ok "$1" eval '[ "$status" = 42 ] && warned_once "cannot be replaced: File too large; .*keeps its own" &&
		cmp -s "$tmp/large.json" "$tmp/b/config.json" && [ "$(ls "$tmp/b")" = "config.json
other.json" ]'
}
conf "runtime = runc" "sysroot = $tmp/tree"
limited "no larger files: started, with one line"
fresh
run "$wrapper" run -b "$tmp/b" id
limited "also where what was kept is known"
fresh
run sh -c 'ulimit -s 128; exec "$0" run -b "$1" id' "$wrapper" "$tmp/b"
ok "little stack: rewritten as before and started" \
	eval '[ "$status" = 42 ] && quiet && [ "$(rewritten)" = "b/config.json;" ]'
cp "$tmp/bin/stub" "$tmp/bin/runc"

# What others wrote is printed, and not obeyed.
escape=$(printf '\033')
fresh
printf '{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ERRNO","\302\233\033[2Jx\177":1}}}' >"$tmp/b/config.json"
run "$wrapper" run -b "$tmp/b" id
ok "control characters of a configuration are escaped" eval '[ "$status" = 42 ] &&
	not grep -q -e "$escape" -e "$(printf "\177")" "$tmp/err" && warned_once "keeps its own"'
conf "runtime = runc" "sysroot = $tmp/tree" "color${escape}[2J = red"
start run -b ../b id
ok "and those of runtime.conf" eval '[ "$status" = 42 ] && warned_once "unknown key .color.x1b"'

# Pipes and endless files in a tree and in a bundle: nobody is waited for.
waits_not()	# DESCRIPTION PATTERN
{
	cause=$2
	fresh
	started=$(date +%s)
	run timeout 30 "$wrapper" run -b "$tmp/b" id
	took=$(($(date +%s) - started))
	ok "$1: started at once, one line" \
		eval '[ "$status" = 42 ] && warned_once "$cause" && [ "$took" -lt 20 ]'
}

for file in version x86_64/names x86_64/bitmap i386/audit_arch; do
	rm -rf "$tmp/bad"
	cp -r "$tmp/tree" "$tmp/bad"
	rm "$tmp/bad/sys/kernel/syscalls/$file"
	mkfifo "$tmp/bad/sys/kernel/syscalls/$file"
	conf "runtime = runc" "sysroot = $tmp/bad"
	waits_not "a pipe for $file" "syscalls/$file"
done
rm -rf "$tmp/bad"
cp -r "$tmp/tree" "$tmp/bad"
mkdir -p "$tmp/bad/proc/sys/kernel"
mkfifo "$tmp/bad/proc/sys/kernel/osrelease"
conf "runtime = runc" "sysroot = $tmp/bad"
fresh
run timeout 30 "$wrapper" run -b "$tmp/b" id
ok "a pipe for a copy's release: not waited for" [ "$status" = 42 ]

done_testing
