/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The sysfs view of the syscalls that the running kernel implements.
 * uapi/ABI/sysfs-kernel-syscalls describes every file named here.
 */
#ifndef _UAPI_LINUX_KSYSCALLS_H
#define _UAPI_LINUX_KSYSCALLS_H

/* Version of the sysfs ABI, the content of KSYSCALLS_FILE_VERSION. */
#define KSYSCALLS_ABI_VERSION		1

#define KSYSCALLS_SYSFS_NAME		"syscalls"
#define KSYSCALLS_SYSFS_DIR		"/sys/kernel/" KSYSCALLS_SYSFS_NAME

#define KSYSCALLS_FILE_VERSION		"version"

/* One directory per syscall ABI below KSYSCALLS_SYSFS_DIR holds these. */
#define KSYSCALLS_FILE_AUDIT_ARCH	"audit_arch"
#define KSYSCALLS_FILE_BASE		"base"
#define KSYSCALLS_FILE_NR_SYSCALLS	"nr_syscalls"
#define KSYSCALLS_FILE_BITMAP		"bitmap"
#define KSYSCALLS_FILE_LIST		"list"
#define KSYSCALLS_FILE_NAMES		"names"

#endif /* _UAPI_LINUX_KSYSCALLS_H */
