# SPDX-License-Identifier: GPL-2.0-only
# The front door: each target hands over to the one script that does the job.

KVER	?= $(shell uname -r)
KDIR	?= /lib/modules/$(KVER)/build

.PHONY: default modules modules_install userspace install uninstall dkms-source dkms-ready \
	dkms-install dkms-remove deps demo check check-fresh check-mutants check-kernels check-dkms \
	check-runtimes check-packages dist deb rpm record table bench scoreboard field style clean help

default: modules userspace

help:
	@echo 'make                  the module for KDIR, and userspace'
	@echo 'make modules          KVER=<release>, default: the running kernel; or KDIR=<its headers>'
	@echo 'make userspace        libraries and commands'
	@echo 'make install          userspace; PREFIX=, DESTDIR=; uninstall removes its files'
	@echo 'make modules_install  the module, for KDIR'
	@echo 'make dkms-install     hand the module to DKMS, for KVER and kernels to come; root.'
	@echo '                      dkms-remove takes it back'
	@echo 'make dkms-source      only put its sources into DESTDIR/usr/src'
	@echo 'make deps             install the Debian packages that the targets below need; root'
	@echo 'make demo             a container, broken and mended, on a Debian kernel in QEMU; root'
	@echo 'make check            all tests; root. MATRIX=quick: one kernel per architecture,'
	@echo '                      ROW=amd64-6.12: one kernel of selftests/qemu/matrix.tsv'
	@echo 'make field            what people reported as broken; KSC_FIELD=DIR: more of it'
	@echo 'make check-fresh      demo and check in a bare Debian 12 and 13, with nothing installed'
	@echo 'make check-mutants    break the code and demand that tests notice'
	@echo 'make check-kernels    kernels that nobody ships, which it builds first; not part of check;'
	@echo '                      KERNEL=odd: one kernel of selftests/kernels/matrix.tsv;'
	@echo '                      LINUX=DIR: a source tree, from 4.18 on, also CROSS=arm64;'
	@echo '                      SOAK=1000: so many reloads instead of 50'
	@echo 'make check-dkms       build, install and load the module by DKMS, in a chroot and QEMU'
	@echo 'make check-runtimes   new containers on old hosts in QEMU, with runc, crun and the engines'
	@echo 'make record           keep what the last check saw as userspace/tests/trees'
	@echo 'make table            write what the last checks measured into selftests/RESULTS.md'
	@echo 'make bench            what the filter and loading the module cost, as ratios'
	@echo 'make scoreboard       write the wrong answers of libseccomp, runc and ours there'
	@echo 'make dist             the release archive of what is committed, the same bytes each time'
	@echo 'make deb              Debian packages of it, in ./deb; needs debhelper and dh-dkms'
	@echo 'make rpm              RPM packages of it, in ./rpm; needs rpmbuild'
	@echo 'make check-packages   build, install, upgrade and purge them, in chroots and QEMU; root'
	@echo 'make style            shellcheck, checkpatch, sparse and the like; part of check'

modules:
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

modules_install:
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules_install

userspace:
	$(MAKE) -C userspace

install uninstall:
	$(MAKE) -C userspace $@

version = $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)

dkms-dir = $(DESTDIR)/usr/src/ksyscalls-$(version)

dkms-ready:
	@[ "$$(id -u)" = 0 ] || { echo 'DKMS needs root' >&2; exit 1; }
	@[ -z '$(DESTDIR)' ] || { \
		echo 'DKMS works on this machine: DESTDIR= goes with make dkms-source' >&2; exit 1; }
	@command -v dkms >/dev/null || { \
		echo 'dkms is missing: install the package of that name' >&2; exit 1; }

dkms-source:
	install -d $(dkms-dir)
	cp -r Kbuild dkms.conf LICENSES $(dkms-dir)/
	find module uapi \( -name '*.[ch]' -o -name '*.sh' -o -name '*.mk' -o -name Kbuild \) \
		! -name '*.mod.c' ! -name 'names_*.h' | \
		tar -cf - --files-from=- | tar -xf - -C $(dkms-dir)

# A version that is there already gives way, so that this also brings changed sources in.
dkms-install: dkms-ready
	@[ -e $(KDIR)/Makefile ] || { \
		echo 'no $(KDIR): install the headers of $(KVER)' \
		     '(linux-headers-$(KVER) on Debian and Ubuntu, kernel-devel on Fedora)' >&2; exit 1; }
	[ ! -e /var/lib/dkms/ksyscalls/$(version) ] || dkms remove -m ksyscalls -v $(version) --all
	$(MAKE) dkms-source
	dkms install -m ksyscalls -v $(version) -k $(KVER)
	@echo 'ksyscalls $(version) is installed for $(KVER); load it with: modprobe ksyscalls'

dkms-remove: dkms-ready
	[ ! -e /var/lib/dkms/ksyscalls/$(version) ] || dkms remove -m ksyscalls -v $(version) --all
	$(RM) -r $(dkms-dir)

deps:
	selftests/deps

demo:
	@selftests/demo/run

check:
	selftests/check

check-fresh:
	selftests/fresh

check-mutants:
	selftests/mutants/run

check-kernels:
	selftests/kernels/run

check-dkms:
	selftests/dkms/run

check-runtimes:
	selftests/runtimes/native
	selftests/runtimes/run
	selftests/runtimes/run -e
	selftests/runtimes/run -b
	selftests/runtimes/run -n
	selftests/runtimes/run -f

table:
	selftests/qemu/table selftests/RESULTS.md
	KSC_MATRIX_DIR=$(CURDIR)/selftests/kernels selftests/qemu/table selftests/RESULTS.md

record:
	selftests/qemu/record

bench:
	$(MAKE) -C userspace bench
	selftests/bench/run

field:
	$(MAKE) -C userspace field

scoreboard:
	userspace/tests/scoreboard/run selftests/RESULTS.md

dist:
	@userspace/packaging/dist

deb:
	@userspace/packaging/deb

rpm:
	@userspace/packaging/rpm/build

check-packages:
	selftests/packages/run

style:
	selftests/style

clean:
	$(MAKE) -C userspace clean
	$(MAKE) -C selftests/guest clean
	[ ! -d $(KDIR) ] || $(MAKE) -C $(KDIR) M=$(CURDIR) clean
