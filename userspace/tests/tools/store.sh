#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What the wrapper keeps of one container for the next: the same bytes, without json-c and
# libseccomp; nothing if anything that they depend on is another, or if somebody else may have
# put it there.
# shellcheck disable=SC2016,SC2034
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=stub.sh
. "$here/stub.sh"

store=$tmp/store
around=
# A program that starts no others, as a script would.
if ! echo 'int main(void) { return 0; }' | "${CC:-cc}" -x c -o "$tmp/nothing" - 2>"$tmp/err"; then
	echo "1..0 # SKIP no C compiler for the runtime: $(head -n 1 "$tmp/err")"
	exit 0
fi

# What is kept, and what is being written; not what those who write go by.
kept()		# STORE
{
	find "$1" -mindepth 1 ! -name .locks 2>/dev/null
}

entries()
{
	kept "$store" | grep -c '/[0-9a-f]*$'
}

# What the dynamic linker has opened for the wrapper, and by how many processes.
loads()		# PATTERN
{
	grep -q -e "calling init: .*$1" "$tmp/linked"
}

processes()
{
	sed -n 's/^ *\([0-9]*\):.*/\1/p' "$tmp/linked" | sort -u | wc -l
}

# once [BUNDLE]: one container of the original configuration, or of what $original names
once()
{
	rm -f "$tmp"/linked*
	cp "${original:-$tmp/original}" "$tmp/b/config.json"
	status=0
	# shellcheck disable=SC2086 # words, or none
	timeout 30 $around env LD_DEBUG=files LD_DEBUG_OUTPUT="$tmp/linked" "$wrapper" run -b "$tmp/b" \
		id >"$tmp/out" 2>"$tmp/err" || status=$?
	cat "$tmp"/linked.* >"$tmp/linked"
}

is_cold()
{
	[ "$status" = 0 ] && loads ksyscalls-rewrite.so && loads libjson-c && loads libseccomp
}

is_warm()
{
	[ "$status" = 0 ] && not loads ksyscalls-rewrite.so && not loads libjson-c &&
		not loads libseccomp
}

as_without()
{
	cmp -s "$tmp/b/config.json" "$tmp/without"
}

# without: what there is to come out, of a wrapper that keeps nothing
without()
{
	sed -i 's|^store = .*|store = no|' "$tmp/conf"
	once
	cp "$tmp/b/config.json" "$tmp/without"
	sed -i "s|^store = .*|store = $store|" "$tmp/conf"
}

for mode in flip explicit auto bpf; do
	for runtime in runc crun; do
		[ "$mode $runtime" != 'bpf runc' ] || continue
		rm -rf "$store" "$tmp/real"
		mkdir "$tmp/real"
		# Text that says what crun knows, behind a program that ends well.
		cat "$tmp/nothing" "$tmp/bin/$runtime" - >"$tmp/real/$runtime" <<-'WORDS'
			default_errno_ret
		WORDS
		chmod +x "$tmp/real/$runtime"
		conf "runtime = $tmp/real/$runtime" "mode = $mode" "sysroot = $tmp/tree"
		without
		ok "$mode, $runtime: without a store nothing is kept" [ ! -e "$store" ]
		ok "$mode, $runtime: it is rewritten" not cmp -s "$tmp/original" "$tmp/without"
		once
		ok "$mode, $runtime, cold: made by json-c and libseccomp, in a process of its own" \
			eval 'is_cold && [ "$(processes)" = 2 ] && quiet'
		ok "$mode, $runtime, cold: as without a store" as_without
		ok "$mode, $runtime, cold: one is kept" [ "$(entries)" = 1 ]
		once
		ok "$mode, $runtime, warm: neither is loaded, by one process" \
			eval 'is_warm && [ "$(processes)" = 1 ] && quiet'
		ok "$mode, $runtime, warm: as without a store" as_without
	done
done
ok "nobody else can read what is kept" [ "$(find "$store" -perm -077)" = '' ]

# ---- everything that it depends on ------------------------------------------

# misses DESCRIPTION: what was kept is for something else; the next is warm again
misses()
{
	once
	ok "$1: not what was kept" is_cold
	cp "$tmp/b/config.json" "$tmp/first"
	once
	ok "$1: kept again" eval 'is_warm && cmp -s "$tmp/b/config.json" "$tmp/first"'
	without
	ok "$1: as without a store" cmp -s "$tmp/first" "$tmp/without"
}

warm_up()
{
	once
	once
}

real=$tmp/real/crun
conf "runtime = $real" "sysroot = $tmp/tree"
warm_up
touch "$real"
misses "another time of the runtime"
echo >>"$real"
touch -r "$tmp/original" "$real"
misses "another runtime with an old time"
conf "runtime = $real" "sysroot = $tmp/tree" "mode = flip"
misses "another mode"
for knob in 'baseline = 5.4' 'explicit = respect' 'allow-unknown-to-libseccomp = yes' \
		'keep-fatal = yes' 'successors = eperm' 'enosys = mount' 'eperm = mount' 'strict = yes'; do
	conf "runtime = $real" "sysroot = $tmp/tree" "$knob"
	misses "$knob"
done
conf "runtime = $real" "sysroot = $tmp/tree"
once
ok "as it was first: warm" is_warm
# As after a boot, which makes /sys and /run anew.
cp -r "$tmp/tree" "$tmp/tree2"
rm -r "$tmp/tree"
mv "$tmp/tree2" "$tmp/tree"
without
once
ok "a view that was made anew and says the same: warm" eval 'is_warm && as_without'
cp -r "$tmp/tree" "$tmp/tree2"
conf "runtime = $real" "sysroot = $tmp/tree2"
misses "another place of the view"
sed -i '/lstat/d' "$tmp/tree2/sys/kernel/syscalls/x86_64/names"
misses "a view that cannot be read any more"
echo 2 >"$tmp/tree2/sys/kernel/syscalls/version"
misses "a view that cannot be read for another reason"
rm -rf "$tmp/tree2"
make_small_tree "$tmp/tree2"
make_abi "$tmp/tree2" x86_64 0xc000003e 0x0 9 <<-NAMES
	0 read
	1 write
	2 open
NAMES
misses "a view with less in it"
conf "runtime = $real" "sysroot = $tmp/tree"
sed 's/openat2/openat3/' "$tmp/original" >"$tmp/o3"
original=$tmp/o3
misses "another byte of the profile"
sed 's/"seccomp":{/"seccomp": {/' "$tmp/original" >"$tmp/o3"
original=
once
original=$tmp/o3
without
once
ok "another space in front of the profile: warm" eval 'is_warm && as_without'
sed 's|"/x"|"/y"|' "$tmp/original" >"$tmp/o3"
without
once
ok "another container with that profile: warm" eval 'is_warm && as_without'
original=
LD_BIND_NOW=1
export LD_BIND_NOW
misses "another word to the dynamic linker"
unset LD_BIND_NOW

# ---- which libraries the dynamic linker takes -------------------------------

# keeps_none DESCRIPTION
keeps_none()
{
	before=$(entries)
	once
	once
	ok "$1: made anew each time, nothing kept" eval 'is_cold && quiet && [ "$(entries)" = "$before" ]'
}

library=$(sed -n 's/.*calling init: \(.*libseccomp[^ ]*\)$/\1/p' "$tmp/linked" | head -n 1)
mkdir "$tmp/lib" "$tmp/lib1"
cp "$library" "$tmp/lib/libseccomp.so.2"
# None is there yet.
export LD_LIBRARY_PATH="$tmp/lib1"
keeps_none "libraries from elsewhere"
cp "$library" "$tmp/lib1/libseccomp.so.2"
once
ok "a library that appears in front of another is taken" loads "$tmp/lib1/libseccomp"
export LD_LIBRARY_PATH=
misses "an empty list of places for libraries"
unset LD_LIBRARY_PATH
LD_PRELOAD=$library
# The sanitizer's library wants to be first.
! ldd "$wrapper" | grep -q libasan || LD_PRELOAD=$("${CC:-cc}" -print-file-name=libasan.so):$LD_PRELOAD
export LD_PRELOAD
keeps_none "a library that is loaded before others"
unset LD_PRELOAD
# A file by the side of the wrapper that brings a search path of its own.
mkdir "$tmp/w" "$tmp/w/real"
cp "$wrapper" "$tmp/w"
cp "${wrapper%/*}/ksyscalls-rewrite.so" "$tmp/w/real"
here_wrapper=$wrapper
for tags in disable enable; do
	"${CC:-cc}" -shared -o "$tmp/w/ksyscalls-rewrite.so" -Wl,--$tags-new-dtags,--no-as-needed \
		-Wl,-rpath,"$tmp/none:$tmp/w/real" "$tmp/w/real/ksyscalls-rewrite.so"
	wrapper=$tmp/w/ksyscalls-runtime
	keeps_none "a search path in a library, $tags-new-dtags"
	wrapper=$here_wrapper
done
cat >"$tmp/within" <<-'WITHIN'
	#!/bin/sh
	eval "$BEFORE" && exec "$@"
WITHIN
chmod +x "$tmp/within"
if unshare -rm true 2>/dev/null; then
	around="unshare -rm $tmp/within"
	mkdir "$tmp/etc"
	cp /etc/ld.so.cache "$tmp/etc"
	export BEFORE="mount --bind '$tmp/etc' /etc"
	misses "another cache of the dynamic linker"
	: >"$tmp/etc/ld.so.preload"
	keeps_none "a list of libraries that are loaded before others"
	rm "$tmp/etc/ld.so.preload"
	once
	ok "without that list: warm" is_warm
	rm "$tmp/etc/ld.so.cache"
	keeps_none "no cache of the dynamic linker"
	cp "$wrapper" "$tmp/etc/ld.so.cache"
	keeps_none "a cache that does not have the library"
	BEFORE="mount --bind '$tmp/lib/libseccomp.so.2' '$library'"
	misses "another libseccomp in the same place"
	around=
else
	skip "another libseccomp in the same place" "unshare -rm is not permitted here"
fi

for value in perhaps store / "$tmp/store/"; do
	conf "runtime = $real" "sysroot = $tmp/tree" "store = $value"
	once
	ok "store = $value is refused" eval '[ "$status" = 0 ] &&
		warned_once "conf:3: store takes yes, no or the absolute path of a directory"'
done

# ---- what is not kept -------------------------------------------------------

rm -rf "$store"
conf "runtime = $real" "sysroot = $tmp/nowhere"
once
ok "without a view: one line" eval 'is_cold && warned_once "the profile alone decides"'
cp "$tmp/err" "$tmp/said"
once
ok "without a view, warm: the same line" eval 'is_warm && cmp -s "$tmp/err" "$tmp/said"'
rm -rf "$store"
conf "runtime = $real" "sysroot = $tmp/nowhere" "strict = yes"
once
once
ok "what strict refuses is not kept" eval '[ "$status" = 1 ] && [ "$(entries)" = 0 ]'
conf "runtime = $real" "sysroot = $tmp/tree"
printf '{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ERRNO","defaultAction":"SCMP_ACT_ALLOW"}}}' \
	>"$tmp/twice"
original=$tmp/twice
once
once
ok "what is not rewritten for an error is not kept" \
	eval '[ "$status" = 0 ] && warned_once twice && [ "$(entries)" = 0 ]'
for text in '{"linux":{"seccomp":null}}' '{"ociVersion":"1.0.2"}' \
		'{"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ALLOW"}}}'; do
	echo "$text" >"$tmp/nought"
	original=$tmp/nought
	once
	once
	ok "$text: nothing to do, warm" eval 'is_warm && quiet && cmp -s "$tmp/nought" "$tmp/b/config.json"'
done
original=
for word in '"annotations":{"run.oci.systemd.subgroup":""},' '"annotations":{"a\u0026b":"\u003c"},'; do
	rm -rf "$store"
	sed "s/^{/{$(printf '%s' "$word" | sed 's/\\/\\\\/g')/" "$tmp/original" >"$tmp/common"
	original=$tmp/common
	without
	once
	once
	ok "$word: of no concern, warm" eval 'is_warm && quiet && as_without'
done
for word in '"annotations":{"run.oci.handler":"wasm"},' '"l\u0069nux2":{},' '"x":1.5,'; do
	rm -rf "$store"
	sed "s/^{/{$(printf '%s' "$word" | sed 's/\\/\\\\/g')/" "$tmp/original" >"$tmp/rare"
	original=$tmp/rare
	once
	once
	ok "$word: rare, so made anew" eval 'is_cold && [ "$(entries)" = 0 ] && quiet'
done
original=

# ---- whom it believes -------------------------------------------------------

conf "runtime = $real" "sysroot = $tmp/tree"
without
# says_so PATTERN DESCRIPTION: not used, one line, and made as it should be
says_so()
{
	cause=$1
	once
	ok "$2: not used, one line" eval 'is_cold && warned_once "$cause.*is not used" && as_without'
}

fresh_store()
{
	rm -rf "$store"
	once
	entry=$(kept "$store")
}

mended()
{
	once
	ok "$1: mended" eval 'is_warm && quiet && as_without'
}

fresh_store
printf '\377' | dd of="$entry" bs=1 seek=200 conv=notrunc 2>/dev/null
says_so damaged "a damaged one"
mended "a damaged one"
fresh_store
chmod g+w "$entry"
says_so 'others may write' "one that a group may write"
mended "one that a group may write"
fresh_store
mv "$entry" "$tmp/elsewhere"
ln -s "$tmp/elsewhere" "$entry"
says_so 'symbolic link' "a symbolic link"
mended "a symbolic link"
fresh_store
rm "$entry"
mkdir "$entry"
says_so 'a directory' "an empty directory"
mended "an empty directory"
rm "$entry"
mkdir -p "$entry/x"
says_so 'a directory.*remove it' "a directory with something in it"
says_so 'a directory.*remove it' "a directory with something in it, again"
rmdir "$entry/x"
says_so 'a directory' "the directory without it"
mended "the directory without it"
if [ "$(id -u)" = 0 ]; then
	fresh_store
	chown 1 "$entry"
	says_so 'another user' "one of somebody else"
	mended "one of somebody else"
	fresh_store
	chown 1 "$store"
	says_so 'another user' "a directory of somebody else"
	chown 0 "$store"
else
	skip "one of somebody else" "only root can give files away"
fi
fresh_store
chmod g+w "$store"
says_so 'others may write' "a directory that a group may write"
chmod 0700 "$store"
once
ok "a directory as it was: warm" eval 'is_warm && quiet'
mv "$store" "$tmp/elsewhere.d"
ln -s "$tmp/elsewhere.d" "$store"
says_so 'no directory' "a symbolic link for a directory"
rm "$store"
echo >"$store"
says_so 'no directory' "a file for a directory"
rm "$store"

# ---- where nothing can be written -------------------------------------------

# in_mount OPTIONS COMMAND: the store's place is a small file system of its own
in_mount()
{
	mkdir -p "$tmp/mnt"
	sed -i "s|^store = .*|store = $tmp/mnt/store|" "$tmp/conf"
	unshare -rm sh -c 'mount -t tmpfs -o "$1" none "$2" && eval "$3" && "$4" run -b "$5" id &&
		"$4" run -b "$6" id; s=$?; ls -A "$2/store" >"$7" 2>&1
		sed -i "/^[.]locks$/d" "$7"; exit $s' \
		sh "$1" "$tmp/mnt" "$2" "$wrapper" "$tmp/b" "$tmp/cwd" "$tmp/kept" >"$tmp/out" 2>"$tmp/err"
	in_mount=$?
	sed -i "s|^store = .*|store = $store|" "$tmp/conf"
}

both_rewritten()
{
	[ "$in_mount" = 0 ] && cmp -s "$tmp/b/config.json" "$tmp/without" &&
		cmp -s "$tmp/cwd/config.json" "$tmp/without"
}

if unshare -rm true 2>/dev/null; then
	fresh
	in_mount size=16k "cat /dev/zero >'$tmp/mnt/full' 2>/dev/null || :"
	ok "a full file system: no error, nothing said" eval 'both_rewritten && quiet'
	ok "and nothing is left of it" [ ! -s "$tmp/kept" ]
	fresh
	in_mount size=1m "mount -o remount,ro '$tmp/mnt'"
	ok "a read-only file system: no error, nothing said" eval 'both_rewritten && quiet'
	fresh
	in_mount size=1m "mkdir -m 700 '$tmp/mnt/store'; mount -o remount,ro '$tmp/mnt'"
	ok "a read-only store: no error, nothing said" eval 'both_rewritten && quiet'
	fresh
	in_mount size=1m :
	ok "where there is room one is kept" [ "$(wc -l <"$tmp/kept")" = 1 ]
	# Where it is if nobody says: of root, and of a user, whose /run is another's.
	sed -i '/^store/d' "$tmp/conf"
	fresh
	run unshare -rm sh -c 'mount -t tmpfs none /run && umask 077 && "$1" run -b "$2" id &&
		stat -c "%a %n" /run/ksyscalls /run/ksyscalls/store && ls /run/ksyscalls/store' \
		sh "$wrapper" "$tmp/b"
	ok "by default it is below /run, and nobody else's" eval '[ "$status" = 0 ] &&
		prints "755 /run/ksyscalls" && prints "700 /run/ksyscalls/store" && [ "$(wc -l <"$tmp/out")" = 3 ]'
	fresh
	run unshare -rm sh -c 'mount -t tmpfs -o ro none /run && "$1" run -b "$2" id' \
		sh "$wrapper" "$tmp/b"
	ok "a /run that cannot be written is no error" eval '[ "$status" = 0 ] && quiet &&
		cmp -s "$tmp/b/config.json" "$tmp/without"'
else
	skip "where nothing can be written" "unshare -rm is not permitted here"
fi
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	conf "runtime = $real" "sysroot = $tmp/tree"
	sed -i '/^store/d' "$tmp/conf"
	rm -rf "$tmp/user"
	mkdir "$tmp/user" "$tmp/user/b"
	cp "$tmp/original" "$tmp/user/b/config.json"
	mkdir -m 700 "$tmp/user/run"
	# Where it is built is perhaps not for everybody to see.
	cp "$wrapper" "${wrapper%/*}/ksyscalls-rewrite.so" "$tmp/user"
	chown -R 65534:65534 "$tmp/user"
	chmod 755 "$tmp"
	run env XDG_RUNTIME_DIR="$tmp/user/run" setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$tmp/user/ksyscalls-runtime" run -b "$tmp/user/b" id
	ok "a user's is below XDG_RUNTIME_DIR" eval '[ "$status" = 0 ] && quiet &&
		[ "$(kept "$tmp/user/run/ksyscalls/store" | wc -l)" = 1 ]'
	# One whose path leaves no room for what is below it, for any of it.
	long=$tmp/user
	while [ ${#long} -lt 4080 ]; do
		long=$long/$(printf '%.*d' $((4080 - ${#long} < 200 ? 4080 - ${#long} : 200)) 0)
	done
	mkdir -p "$long"
	chown 65534:65534 "$long"
	cp "$tmp/original" "$tmp/user/b/config.json"
	run env XDG_RUNTIME_DIR="$long" setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$tmp/user/ksyscalls-runtime" run -b "$tmp/user/b" id
	ok "nothing is kept where its path is too long" eval '[ "$status" = 0 ] && quiet && [ -d "$long" ] &&
		[ -z "$(ls -A "$long")" ] && not cmp -s "$tmp/original" "$tmp/user/b/config.json"'
	# A program that its user may start, and not read.
	conf "runtime = $tmp/user/runc" "sysroot = $tmp/tree"
	sed -i '/^store/d' "$tmp/conf"
	cp "$tmp/nothing" "$tmp/user/runc"
	chmod 711 "$tmp/user/runc"
	cp "$tmp/original" "$tmp/user/b/config.json"
	rm -r "$tmp/user/run/ksyscalls"
	for _ in 1 2; do
		run env XDG_RUNTIME_DIR="$tmp/user/run" setpriv --reuid=65534 --regid=65534 --clear-groups \
			"$tmp/user/ksyscalls-runtime" run -b "$tmp/user/b" id
		ok "a runtime that cannot be read: started with its own profile, one line, nothing kept" \
			eval '[ "$status" = 0 ] && cmp -s "$tmp/original" "$tmp/user/b/config.json" &&
			warned_once "Permission denied.*keeps its own seccomp profile" &&
			[ -z "$(kept "$tmp/user/run/ksyscalls/store")" ]'
	done
	echo 'strict = yes' >>"$tmp/conf"
	run env XDG_RUNTIME_DIR="$tmp/user/run" setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$tmp/user/ksyscalls-runtime" run -b "$tmp/user/b" id
	ok "a runtime that cannot be read: not started where strict" eval '[ "$status" = 1 ] &&
		warned_once "Permission denied.*strict=yes"'
	conf "runtime = $real" "sysroot = $tmp/tree"
	sed -i '/^store/d' "$tmp/conf"
	chmod 777 "$tmp/user/run"
	rm -r "$tmp/user/run/ksyscalls"
	run env XDG_RUNTIME_DIR="$tmp/user/run" setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$tmp/user/ksyscalls-runtime" run -b "$tmp/user/b" id
	ok "not if others may write there" eval '[ "$status" = 0 ] && [ ! -e "$tmp/user/run/ksyscalls" ]'
else
	skip "a user's is below XDG_RUNTIME_DIR" "needs root, and setpriv of util-linux"
fi

# ---- the command, as a hook -------------------------------------------------

# hook WORD...: what it makes of the original is in $tmp/out
hook()
{
	run timeout 30 "$KSYSCALLS" oci --store="$store" "$@" <"$tmp/original"
}

hook_as_without()
{
	[ "$status" = 0 ] && quiet && cmp -s "$tmp/out" "$tmp/hooked"
}

rm -rf "$store"
"$KSYSCALLS" oci --sysroot="$tmp/tree" --mode=flip <"$tmp/original" >"$tmp/hooked"
hook --sysroot="$tmp/tree" --mode=flip
ok "oci, cold: as without a store, and kept" eval 'hook_as_without && [ "$(entries)" = 1 ]'
entry=$(kept "$store")
made=$(stat -c %i "$entry")
hook --sysroot="$tmp/tree" --mode=flip
ok "oci, warm: the same, and not made anew" eval 'hook_as_without && [ "$(stat -c %i "$entry")" = "$made" ]'
for words in --mode=explicit '--mode=flip --runtime=crun' '--mode=explicit --runtime=runc' --strict \
		'--mode=flip --keep-fatal' "--mode=flip --sysroot=$tmp/tree2"; do
	before=$(entries)
	# shellcheck disable=SC2086 # words
	hook --sysroot="$tmp/tree" $words
	# shellcheck disable=SC2086 # words
	"$KSYSCALLS" oci --sysroot="$tmp/tree" $words <"$tmp/original" >"$tmp/hooked"
	ok "oci $words: another one is kept" eval 'hook_as_without && [ "$(entries)" = $((before + 1)) ]'
	# shellcheck disable=SC2086 # words
	hook --sysroot="$tmp/tree" $words
	ok "oci $words: and used" eval 'hook_as_without && [ "$(entries)" = $((before + 1)) ]'
done
printf '\377' | dd of="$entry" bs=1 seek=200 conv=notrunc 2>/dev/null
"$KSYSCALLS" oci --sysroot="$tmp/tree" --mode=flip <"$tmp/original" >"$tmp/hooked"
hook --sysroot="$tmp/tree" --mode=flip
ok "oci, a damaged one: not used, one line" \
	eval 'warned_once damaged && cmp -s "$tmp/out" "$tmp/hooked"'
hook --sysroot="$tmp/tree" --mode=flip
ok "oci, a damaged one: mended" hook_as_without
for words in "--bundle=$tmp/b" "--report=$tmp/report" --dry-run; do
	run "$KSYSCALLS" oci --store="$store" "$words" <"$tmp/original"
	ok "oci --store ${words%%=*}: refused" eval '[ "$status" = 2 ] && says "for standard input"'
done
if unshare -rm true 2>/dev/null; then
	before=$(entries)
	for _ in 1 2; do
		run unshare -rm sh -c 'mount -t tmpfs none /sys/kernel && mount -t tmpfs none /run &&
			exec "$1" oci --store="$2"' sh "$KSYSCALLS" "$store" <"$tmp/original"
	done
	ok "oci without a view: told of each time, so not kept" eval '[ "$status" = 0 ] &&
		warned_once "the profile alone decides" && [ "$(entries)" = "$before" ]'
else
	skip "oci without a view" "unshare -rm is not permitted here"
fi
cp -r "$tmp/tree" "$tmp/part"
rm -r "$tmp/part/sys/kernel/syscalls/i386"
before=$(entries)
hook --sysroot="$tmp/part"
hook --sysroot="$tmp/part"
ok "oci with a part of a view: told of each time, so not kept" eval '[ "$status" = 0 ] &&
	warned_once "does not tell of" && [ "$(entries)" = "$before" ]'
conf "runtime = $real" "sysroot = $tmp/part"
once
cp "$tmp/err" "$tmp/said"
once
ok "a part of a view, warm: the same line from the wrapper" \
	eval 'is_warm && warned_once "does not tell of" && cmp -s "$tmp/err" "$tmp/said"'
conf "runtime = $real" "sysroot = $tmp/tree"
run "$KSYSCALLS" oci --store=perhaps <"$tmp/original"
ok "oci --store=perhaps: refused" eval '[ "$status" = 2 ] && says "takes yes, no or"'

# ---- many at once, and those that are killed ---------------------------------

# One that takes long, so that they all come before the first has made it.
awk 'BEGIN {
	printf "{\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["
	for (i = 0; i < 400; i++)
		printf "%s{\"names\":[\"write\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[" \
			"{\"index\":0,\"value\":%d,\"op\":\"SCMP_CMP_EQ\"}]}", i ? "," : "", i
	print "]}}}"
}' >"$tmp/long"
conf "runtime = $real" "sysroot = $tmp/tree" "mode = flip"
original=$tmp/long
without
original=
rm -rf "$store" "$tmp/many"
n=0
while [ $n -lt 50 ]; do
	n=$((n + 1))
	mkdir -p "$tmp/many/$n"
	cp "$tmp/long" "$tmp/many/$n/config.json"
done
for bundle in "$tmp"/many/*; do
	LD_DEBUG=files LD_DEBUG_OUTPUT="$tmp/many.linked" "$wrapper" run -b "$bundle" id 2>>"$tmp/many.err" &
done
wait
same=0
for bundle in "$tmp"/many/*; do
	cmp -s "$bundle/config.json" "$tmp/without" && same=$((same + 1))
done
ok "50 at once on a cold store: the same right result, and nothing said" \
	eval '[ "$same" = 50 ] && [ ! -s "$tmp/many.err" ]'
ok "one of them made it, for all" [ "$(grep -l 'calling init: .*ksyscalls-rewrite.so' "$tmp"/many.linked.* | wc -l)" = 1 ]
ok "one is kept, and nothing else is left" eval '[ "$(entries)" = 1 ] &&
	[ "$(kept "$store" | wc -l)" = 1 ]'

conf "runtime = $real" "sysroot = $tmp/tree"
without
rm -rf "$store"
# killed N: a wrapper on a cold store, killed with its child after a moment; what it has left
# is used by nobody unless it is whole.
odd=0
seen=0
killed=0
n=0
while [ $n -lt 200 ]; do
	n=$((n + 1))
	[ $((n % 4)) != 1 ] || rm -rf "$store"
	cp "$tmp/original" "$tmp/b/config.json"
	timeout -s KILL "$(printf '0.%06d' $((n * 79 % 13000 + 1000)))" "$wrapper" run -b "$tmp/b" id \
		2>>"$tmp/kill.err" || killed=$((killed + 1))
	# Once, for the child may be about to end what it has begun.
	cp "$tmp/b/config.json" "$tmp/found"
	cmp -s "$tmp/found" "$tmp/without" || cmp -s "$tmp/found" "$tmp/original" || odd=$((odd + 1))
	seen=$((seen + $(find "$store" -name '.new*' 2>/dev/null | wc -l)))
done
echo "# $killed of 200 were killed before they had ended, $seen times a file was being written"
ok "200 killed: each configuration is the old one or the new, whole" \
	eval '[ "$odd" = 0 ] && [ "$killed" -gt 5 ]'
once
ok "what they left is nothing, or right" eval '[ "$status" = 0 ] && quiet && as_without'
find "$store" -name '[0-9a-f]*' -type f -delete
once
ok "the next that is kept takes away what they were writing" eval '[ "$(entries)" = 1 ] &&
	[ "$(kept "$store" | wc -l)" = 1 ]'
done_testing
