# SPDX-License-Identifier: GPL-2.0-only
# The part of the kernel's selftests lib.mk that the Makefile above uses.
OUTPUT ?= $(CURDIR)
here := $(CURDIR)/kselftest_install
INSTALL_PATH ?= $(here)

all: $(addprefix $(OUTPUT)/,$(TEST_GEN_PROGS) $(TEST_GEN_FILES))

install: all
	mkdir -p $(INSTALL_PATH)
	cp run $(TEST_PROGS) $(TEST_FILES) $(wildcard settings config) $(INSTALL_PATH)/
	cp $(addprefix $(OUTPUT)/,$(TEST_GEN_PROGS) $(TEST_GEN_FILES)) $(INSTALL_PATH)/

# One KTAP report over all programs, the way the kernel's run_kselftest.sh does.
run_tests: install
	$(INSTALL_PATH)/run

clean:
	rm -rf $(addprefix $(OUTPUT)/,$(TEST_GEN_PROGS) $(TEST_GEN_FILES)) $(OUTPUT)/library $(here)

.PHONY: all install run_tests clean
.DEFAULT_GOAL := all
