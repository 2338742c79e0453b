// SPDX-License-Identifier: GPL-2.0-only
/*
 * What LXC adds to hand its rules to libksyscalls-seccomp and to load its filter with
 * the policy in front; native applies it to the source of Debian's lxc.
 *
 * A rule is told where the filter has got it. What the filter got nothing of, since there
 * is no such call on an architecture, is the default's there; and a name that libseccomp
 * does not know is told for all. The policy is made before the container is cloned, from
 * which nobody sees /sys.
 */

@@
@@
  struct lxc_seccomp {
    char *seccomp;
+   struct ksc_policy *policy;
    ...
  };

@ includes @
@@
  #include <seccomp.h>
+ #include <linux/filter.h>
+ #include <ksyscalls-seccomp.h>

@ depends on includes @
typedef FILE, uint32_t, scmp_filter_ctx, bool;
identifier f, line, size, conf;
@@
+ /* Filters of other architectures join the one that is loaded later. */
+ static int open_policy(struct lxc_conf *conf, const uint32_t *archs, size_t n)
+ {
+ 	struct ksc *view;
+ 	int ret;
+
+ 	ksc_policy_free(conf->seccomp.policy);
+ 	conf->seccomp.policy = NULL;
+ 	ret = ksc_open(&view, NULL);
+ 	if (ret < 0) {
+ 		WARN("%s", ksc_error(view));
+ 		ksc_close(view);
+ 		ret = ksc_seccomp_names(&view, archs, n);
+ 	}
+ 	if (!ret)
+ 		ret = ksc_seccomp_policy(&conf->seccomp.policy, view, conf->seccomp.seccomp_ctx);
+ 	ksc_close(view);
+ 	for (size_t i = 0; !ret && i < n; i++)
+ 		if (ksc_seccomp_cover(conf->seccomp.policy, archs[i]))
+ 			WARN("The kernel's view has no architecture %#x", archs[i]);
+ 	return ret;
+ }
+
  static int parse_config_v1(FILE *f, char *line, size_t *size, struct lxc_conf *conf)
  {
- 	int ret = 0;
+ 	const uint32_t native = SCMP_ARCH_NATIVE;
+ 	int ret = open_policy(conf, &native, 1);
  	...
- 	while (getline(&line, size, f) != -1) {
+ 	while (!ret && getline(&line, size, f) != -1) {
  		...
  	}
  	...
  }

@ depends on includes @
expression filter, nr;
identifier ret;
@@
  ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, nr, 0);
+ if (!ret)
+ 	ret = ksc_seccomp_rule_added(conf->seccomp.policy, SCMP_ARCH_NATIVE, nr, SCMP_ACT_ALLOW, 0);

@ told @
typedef FILE, uint32_t, scmp_filter_ctx;
identifier f, line, size, conf;
@@
+ static int tell_rule(struct lxc_conf *conf, uint32_t arch, char *line, scmp_filter_ctx ctx,
+ 		     struct seccomp_v2_rule *rule)
+ {
+ 	int status = do_resolve_add_rule(arch, line, ctx, rule);
+ 	unsigned int flags = rule->args_num ? KSC_RULE_ARGS : 0;
+ 	uint32_t action = rule->action;
+ 	const char *name = line;
+ 	int err;
+
+ 	if (status == lxc_seccomp_rule_err)
+ 		return status;
+ 	if (strnequal(line, "reject_force_umount", 19)) {
+ 		name = "umount2";
+ 		action = SCMP_ACT_ERRNO(EACCES);
+ 		flags = KSC_RULE_ARGS;
+ 	} else if (status == lxc_seccomp_rule_undefined_syscall) {
+ 		arch = KSC_SCMP_ARCH_ALL;
+ 	} else if (status == lxc_seccomp_rule_unsupported_arch) {
+ 		seccomp_attr_get(ctx, SCMP_FLTATR_ACT_DEFAULT, &action);
+ 		flags = 0;
+ 	}
+ 	err = ksc_seccomp_rule(conf->seccomp.policy, arch, name, action, flags);
+ 	return err && err != -ENOENT ? lxc_seccomp_rule_err : status;
+ }
+
  static int parse_config_v2(FILE *f, char *line, size_t *size, struct lxc_conf *conf)
  {
  	...
  }

@ depends on told @
expression arch, line, filter, rule;
@@
- do_resolve_add_rule(arch, line, filter, &rule)
+ tell_rule(conf, arch, line, filter, &rule)

@ depends on told @
identifier action, conf;
statement S;
@@
  parse_config_v2(..., struct lxc_conf *conf)
  {
    ...
    if (action != SCMP_ACT_KILL) S
+   if (open_policy(conf, ctx.architectures, ARRAY_SIZE(ctx.architectures)))
+   	goto bad;
    while (...) { ... }
    ...
  }

@ loaded @
identifier conf;
@@
+ static int load_program(struct lxc_conf *conf)
+ {
+ 	bool notifies = conf->seccomp.notifier.wants_supervision;
+ 	struct sock_filter *prog;
+ 	struct sock_fprog fprog;
+ 	size_t len;
+ 	int ret;
+
+ 	ret = ksc_seccomp_program(conf->seccomp.policy, conf->seccomp.seccomp_ctx, &prog, &len);
+ 	if (ret)
+ 		return ret;
+ 	fprog.len = len;
+ 	fprog.filter = prog;
+ 	ret = __seccomp(SECCOMP_SET_MODE_FILTER,
+ 			notifies ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0, &fprog);
+ 	if (ret < 0)
+ 		ret = -errno;
+ 	else if (notifies)
+ 		conf->seccomp.notifier.notify_fd = ret;
+ 	free(prog);
+ 	return ret;
+ }
+
  int lxc_seccomp_load(struct lxc_conf *conf)
  {
  	int ret;
  	...
  }

@ depends on loaded @
expression ctx;
@@
(
- seccomp_load(ctx)
+ load_program(conf)
|
- seccomp_notify_fd(ctx)
+ conf->seccomp.notifier.notify_fd
)

@@
@@
  seccomp_release(seccomp->seccomp_ctx);
+ ksc_policy_free(seccomp->policy);
+ seccomp->policy = NULL;
