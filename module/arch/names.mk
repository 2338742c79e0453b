# SPDX-License-Identifier: GPL-2.0-only
# Per architecture: <abi>=<header>[,compiler flag...], the header in the target
# kernel's tree that gives the ABI's syscalls their UAPI names (__NR_<name>).
#
# headers-<arch>: headers of which only some kernels have one; see KSC_HAVE_*.
# words-<arch>: <header>=<word> that only some kernels have in it; see KSC_KNOWS_*.
headers-x86 := asm/syscalls_x32.h
words-x86 := asm/syscalls_64.h=__SYSCALL_X32 asm/ia32.h=__ia32_enabled \
	asm/syscall.h=x32_enabled_skey
names-x86 := x86_64=asm/unistd_64.h i386=asm/unistd_32.h x32=asm/unistd_x32.h$(comma)-D__X32_SYSCALL_BIT=0

headers-arm64 := asm/syscall_table_64.h
words-arm64 := asm/cpufeature.h=system_32bit_el0_cpumask
names-arm64 := arm64=uapi/asm/unistd.h $(if $(CONFIG_COMPAT),arm=asm/unistd32.h)
names-arm := arm=asm/unistd.h

headers-powerpc := asm/syscall_table_c32.h
names-powerpc := $(if $(CONFIG_PPC64),ppc64=asm/unistd_64.h) \
	$(if $(and $(CONFIG_PPC64),$(if $(CONFIG_COMPAT),,y)),,ppc=asm/unistd_32.h)

names-s390 := s390x=asm/unistd_64.h $(if $(CONFIG_COMPAT),s390=asm/unistd_32.h)

# Until 6.10 one header had the calls of either size, and some more for 32-bit programs
# of a 64-bit kernel than for those of a 32-bit one.
headers-riscv := asm/syscall_table_64.h asm/syscall_table_32.h
unistd-64 := $(if $(call ksyscalls-have,asm/syscall_table_64.h),asm/unistd_64.h,uapi/asm/unistd.h)
unistd-32 := $(if $(call ksyscalls-have,asm/syscall_table_32.h),asm/unistd_32.h,uapi/asm/unistd.h$(comma)-D__SYSCALL_COMPAT)
names-riscv := $(if $(CONFIG_64BIT),riscv64=$(unistd-64)) \
	$(if $(and $(CONFIG_64BIT),$(if $(CONFIG_COMPAT),,y)),,riscv32=$(unistd-32))

names-mips := $(if $(CONFIG_64BIT),mips64=asm/unistd_n64.h$(comma)-D__NR_Linux=0) \
	$(if $(CONFIG_MIPS32_N32),mipsn32=asm/unistd_n32.h$(comma)-D__NR_Linux=0) \
	$(if $(CONFIG_32BIT)$(CONFIG_MIPS32_O32),mips=asm/unistd_o32.h$(comma)-D__NR_Linux=0)

headers-loongarch := asm/syscall_table_64.h
names-loongarch := loong64=$(unistd-64)
