# SPDX-License-Identifier: GPL-2.0-only
# The front door: each target hands over to the one script that does the job.

KDIR	?= /lib/modules/$(shell uname -r)/build

.PHONY: default modules modules_install userspace install dkms-source dkms-install dkms-remove deps demo check \
	check-mutants check-kernels check-dkms record table bench scoreboard style clean help

default: modules userspace

help:
	@echo 'make                  the module for KDIR, and userspace'
	@echo 'make modules          KDIR=<headers or kernel tree>, default: the running kernel'
	@echo 'make userspace        libraries and commands'
	@echo 'make install          userspace; PREFIX=, DESTDIR='
	@echo 'make modules_install  the module, for KDIR'
	@echo 'make dkms-install     hand the module to DKMS on this machine; dkms-remove takes it back'
	@echo 'make dkms-source      only put its sources into DESTDIR/usr/src'
	@echo 'make deps             install the Debian packages that the targets below need; root'
	@echo 'make demo             a container, broken and mended, on a Debian kernel in QEMU; root'
	@echo 'make check            all tests; root. MATRIX=quick: one kernel per architecture,'
	@echo '                      ROW=amd64-6.12: one kernel of selftests/qemu/matrix.tsv'
	@echo 'make check-mutants    break the code and demand that tests notice'
	@echo 'make check-kernels    kernels that nobody ships, which it builds first; not part of check;'
	@echo '                      KERNEL=odd: one kernel of selftests/kernels/matrix.tsv'
	@echo 'make check-dkms       build, install and load the module by DKMS, in a chroot and QEMU'
	@echo 'make record           keep what the last check saw as userspace/tests/trees'
	@echo 'make table            write what the last check measured into README.md'
	@echo 'make bench            the ratios'
	@echo 'make scoreboard       write the wrong answers of libseccomp, runc and ours into README.md'
	@echo 'make style            shellcheck, checkpatch, sparse and the like; part of check'

modules:
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

modules_install:
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules_install

userspace:
	$(MAKE) -C userspace

install:
	$(MAKE) -C userspace install

version = $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)

dkms-dir = $(DESTDIR)/usr/src/ksyscalls-$(version)

dkms-source:
	install -d $(dkms-dir)
	cp -r Kbuild dkms.conf LICENSES $(dkms-dir)/
	find module uapi -name '*.[ch]' -o -name '*.sh' -o -name '*.mk' -o -name Kbuild | \
		tar -cf - --files-from=- | tar -xf - -C $(dkms-dir)

dkms-install: dkms-source
	dkms install ksyscalls/$(version)

dkms-remove:
	dkms remove ksyscalls/$(version) --all
	$(RM) -r $(dkms-dir)

deps:
	selftests/deps

demo:
	selftests/demo/run

check:
	selftests/check

check-mutants:
	selftests/mutants/run

check-kernels:
	selftests/kernels/run

check-dkms:
	selftests/dkms/run

table:
	selftests/qemu/table README.md

record:
	selftests/qemu/record

bench:
	$(MAKE) -C userspace bench
	selftests/bench/run

scoreboard:
	userspace/tests/scoreboard/run README.md

style:
	selftests/style

clean:
	$(MAKE) -C userspace clean
	$(MAKE) -C selftests clean
	[ ! -d $(KDIR) ] || $(MAKE) -C $(KDIR) M=$(CURDIR) clean
