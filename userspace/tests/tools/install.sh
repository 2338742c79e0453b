#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# make install, every piece of it used from where it was put, and make uninstall.
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname "$0")/tap.sh"

source=${KSC_SOURCE:-$here/../..}
root=$tmp/root
CC=${CC:-cc}

if [ -z "${KSC_BUILD-}" ]; then
	skip "make install" "KSC_BUILD does not say where everything is built"
	done_testing
	exit 0
fi

# The make that runs this test has no say in what this one builds.
make_()
{
	run env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
		make -C "$source" BUILD="$KSC_BUILD" PREFIX=/usr DESTDIR="$root" "$@"
}

left()
{
	find "$root" ! -type d | sed "s|^$root||" | sort
}

make_ install
ok "make install" [ "$status" = 0 ]
ok "no link leads nowhere" [ -z "$(find -L "$root" -type l)" ]
ok "everything can be read by all" [ -z "$(find "$root" ! -type l ! -perm -444)" ]

# libraries, from C
cat >"$tmp/consumer.c" <<-'EOF'
	#include <stdio.h>
	#include <ksyscalls.h>
	#include <ksyscalls-oci.h>
	#include <ksyscalls-seccomp.h>
	#include <linux/ksyscalls.h>

	int main(int argc, char **argv)
	{
		struct ksc_profile *profile;
		struct ksc *k;

		if (argc != 2 || ksc_open(&k, argv[1]) || ksc_profile_new(&profile))
			return 1;
		ksc_abi_known(ksc_abi_by_name(k, "x86_64"), "read");
		printf("%s %d\n", KSYSCALLS_SYSFS_DIR,
		       ksc_abi_implemented(ksc_abi_by_name(k, "x86_64"), 0));
		ksc_profile_free(profile);
		ksc_close(k);
		return 0;
	}
EOF
make_small_tree "$tmp/tree"

# The system's own libraries are named, too, below a root that does not have them.
flags() # LIBRARY [OPTION...]
{
	PKG_CONFIG_ALLOW_SYSTEM_LIBS=1 PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 \
		PKG_CONFIG_SYSROOT_DIR=$root PKG_CONFIG_PATH=$root/usr/lib/pkgconfig \
		pkg-config --cflags --libs "$@"
}

answers()
{
	run env LD_LIBRARY_PATH="$root/usr/lib" "$1" "$tmp/tree"
	[ "$status" = 0 ] && prints '/sys/kernel/syscalls 1'
}

# Libraries with sanitizers want them in the program, too, and not in a static one.
sanitized=
! ldd "$root/usr/lib/libksyscalls.so" | grep -q libasan || sanitized=-fsanitize=address,undefined
# shellcheck disable=SC2046,SC2086 # words
"$CC" -Wall -Werror $sanitized -o "$tmp/shared" "$tmp/consumer.c" $(flags libksyscalls-oci) 2>"$tmp/err"
ok "a program links with what pkg-config says" test -x "$tmp/shared"
ok "it runs with the shared libraries" answers "$tmp/shared"
ok "it asks for them by their sonames" [ "$(LD_LIBRARY_PATH=$root/usr/lib ldd "$tmp/shared" |
	grep -c "=> $root/usr/lib/libksyscalls.*\.so\.0 ")" = 3 ]
if [ -n "$sanitized" ]; then
	skip "a static program" "the libraries are built with sanitizers"
else
	# shellcheck disable=SC2046 # words
	"$CC" -Wall -Werror -static -o "$tmp/static" "$tmp/consumer.c" \
		$(flags --static libksyscalls-oci) 2>"$tmp/err"
	ok "a static program links with what pkg-config --static says" test -x "$tmp/static"
	ok "it runs" answers "$tmp/static"
fi
# Each library alone: its .pc names all that its functions need, and no more.
alone() # LIBRARY HEADER CALL NEEDED...
{
	lib=$1
	printf '#include <%s>\nint main(void) { return %s; }\n' "$2" "$3" >"$tmp/one.c"
	shift 3
	# shellcheck disable=SC2046,SC2086 # words
	ok "$lib links alone" "$CC" $sanitized -Wall -Werror -o "$tmp/one" "$tmp/one.c" $(flags "$lib")
	# The call leaves its filter behind, which is not what this is about.
	ok "it runs" env LD_LIBRARY_PATH="$root/usr/lib" ASAN_OPTIONS=detect_leaks=0 "$tmp/one"
	LD_LIBRARY_PATH="$root/usr/lib" ldd "$tmp/one" | sed -n 's/^\t\(lib\(ksy\|sec\|json\)[^ ]*\).*/\1/p' |
		LC_ALL=C sort >"$tmp/out"
	printf '%s\n' "$@" >"$tmp/want"
	ok "it needs $*" cmp -s "$tmp/want" "$tmp/out"
	if [ -n "$sanitized" ]; then
		skip "$lib links alone into a static program" "it is built with sanitizers"
	else
		# shellcheck disable=SC2046 # words
		ok "$lib links alone into a static program" "$CC" -Wall -Werror -static -o "$tmp/one" \
			"$tmp/one.c" $(flags --static "$lib")
	fi
}
alone libksyscalls ksyscalls.h 'ksc_version()[0] != 48' libksyscalls.so.0
alone libksyscalls-seccomp ksyscalls-seccomp.h \
	'ksc_seccomp_export(0, seccomp_init(SCMP_ACT_ALLOW), -1) + 9 + !ksc_version()' \
	libksyscalls-seccomp.so.0 libksyscalls.so.0 libseccomp.so.2
alone libksyscalls-oci ksyscalls-oci.h 'ksc_oci_mode_parse("", &(enum ksc_oci_mode){ KSC_OCI_AUTO }) == 0' \
	libjson-c.so.5 libksyscalls-oci.so.0 libksyscalls-seccomp.so.0 libksyscalls.so.0 \
	libseccomp.so.2
for header in ksyscalls.h ksyscalls-seccomp.h ksyscalls-oci.h linux/ksyscalls.h; do
	echo "#include <$header>" >"$tmp/alone.c"
	ok "$header compiles alone" "$CC" -Wall -Wextra -Werror -I"$root/usr/include" \
		-fsyntax-only "$tmp/alone.c"
done

# commands
run "$root/usr/bin/ksyscalls" --version
ok "the command runs" [ "$status" = 0 ]
for name in ksyscalls-runc ksyscalls-crun; do
	ok "$name is the runtime" cmp -s "$root/usr/bin/$name" "$root/usr/bin/ksyscalls-runtime"
done

# manual pages
for page in ksyscalls.1 ksyscalls-runtime.8 libksyscalls.3 libksyscalls-seccomp.3 \
		libksyscalls-oci.3; do
	if command -v man >/dev/null; then
		run man -M "$root/usr/share/man" -w "${page##*.}" "${page%.*}"
		ok "man finds $page" [ "$status" = 0 ]
	else
		skip "man finds $page" "man is not installed"
	fi
done

# completion: as bash-completion does it, by the command's name
completes()
{
	bash -c '
		. "$1/usr/share/bash-completion/completions/ksyscalls" &&
		COMP_WORDS=("$1/usr/bin/ksyscalls" snap) COMP_CWORD=1 && _ksyscalls &&
		[ "${COMPREPLY[*]}" = snapshot ] && complete -p ksyscalls' bash "$root" >"$tmp/out"
}
ok "the completion loads and completes" completes
for file in zsh/site-functions/_ksyscalls fish/vendor_completions.d/ksyscalls.fish; do
	ok "/usr/share/$file is there" test -f "$root/usr/share/$file"
done

# configuration
ok "modules-load.d names the module alone" \
	[ "$(grep -v '^#' "$root/etc/modules-load.d/ksyscalls.conf")" = ksyscalls ]
hook=$root/usr/share/containers/oci/hooks.d/ksyscalls.json
ok "the hook names the installed command" \
	[ -x "$root$(sed -n 's/.*"path": "\(.*\)".*/\1/p' "$hook")" ]

# runtime_says CONF: what the wrapper has to say of it before it starts true.
runtime_says()
{
	mkdir -p "$tmp/bundle"
	echo '{}' >"$tmp/bundle/config.json"
	run env KSYSCALLS_RUNTIME_CONF="$1" "$root/usr/bin/ksyscalls-runtime" \
		run --bundle "$tmp/bundle" id
	[ "$status" = 0 ] && not says "$1"
}
conf=$root/etc/ksyscalls/runtime.conf
cp "$conf" "$tmp/conf"
{ cat "$conf"; echo "runtime = true"; echo "store = no"; } >"$tmp/as-is"
ok "runtime.conf is accepted" runtime_says "$tmp/as-is"
{ sed 's/^#\([a-z-]* = \)/\1/' "$conf"; echo "runtime = true"; echo "store = no"; } >"$tmp/all"
ok "runtime.conf sets something when its lines are uncommented" \
	[ "$(grep -c '^[a-z]' "$tmp/all")" -gt 4 ]
ok "they are all accepted" runtime_says "$tmp/all"

# Under another PREFIX the wrapper reads the configuration that is installed with it.
object=$tmp/build/obj/tools/conf.o
run env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -C "$source" BUILD="$tmp/build" PREFIX=/opt/ksyscalls \
	SANITIZE= "$object"
ok "a build for another PREFIX" [ "$status" = 0 ]
ok "it reads its own runtime.conf" grep -q /opt/ksyscalls/etc/ksyscalls/runtime.conf "$object"
run env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -C "$source" BUILD="$tmp/build" PREFIX=/usr SANITIZE= "$object"
# shellcheck disable=SC2016 # ok evaluates
ok "another PREFIX in the same place makes it anew" eval '[ "$status" = 0 ] &&
	not grep -q /opt/ksyscalls "$object" && grep -q /etc/ksyscalls/runtime.conf "$object"'

# again, and away
echo "mode = flip" >>"$conf"
make_ install
ok "make install over it" [ "$status" = 0 ]
ok "it keeps a changed runtime.conf" grep -qx "mode = flip" "$conf"
make_ uninstall
ok "make uninstall" [ "$status" = 0 ]
ok "it leaves a changed runtime.conf, and nothing else" [ "$(left)" = /etc/ksyscalls/runtime.conf ]
cp "$tmp/conf" "$conf"
make_ uninstall
ok "make uninstall again takes that, too" [ -z "$(left)" ]
ok "and no directory of its own stays" [ -z "$(find "$root" -name '*ksyscalls*')" ]
done_testing
