#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The directory that has what is kept: where it is, whether others may have put something
# there, and what if nothing can be written.
# shellcheck disable=SC2016,SC2034
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"
# shellcheck source=stub.sh
. "$here/stub.sh"
# shellcheck source=kept.sh
. "$here/kept.sh"

make_real crun
for value in perhaps store / "$tmp/store/"; do
	conf "runtime = $real" "sysroot = $tmp/tree" "store = $value"
	once
	ok "store = $value is refused" eval '[ "$status" = 0 ] &&
		warned_once "conf:3: store takes yes, no or the absolute path of a directory"'
done

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
done_testing
