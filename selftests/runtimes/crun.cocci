// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a runtime adds to hand its rules to libksyscalls-seccomp and to export its
 * filter through it; native applies it to the source of Debian's crun.
 *
 * All rules are told, those too of which libseccomp hears nothing: that a rule says
 * what the default says, or that there is no number for a name, does not take the
 * name from what the profile's author knew.
 */

@ includes @
@@
  #include <seccomp.h>
+ #include <ksyscalls-seccomp.h>

@ added @
typedef runtime_spec_schema_config_linux_seccomp, scmp_filter_ctx, libcrun_error_t, uint32_t;
@@
+ static int
+ tell_rules (struct ksc_policy *policy, runtime_spec_schema_config_linux_seccomp *seccomp,
+             libcrun_error_t *err)
+ {
+   uint32_t action;
+   size_t i, j;
+   int ret;
+
+   for (i = 0; i < seccomp->syscalls_len; i++)
+     {
+       action = get_seccomp_action (seccomp->syscalls[i]->action,
+                                    seccomp->syscalls[i]->errno_ret_present
+                                        ? seccomp->syscalls[i]->errno_ret : EPERM, err);
+       for (j = 0; j < seccomp->syscalls[i]->names_len; j++)
+         {
+           ret = ksc_seccomp_rule (policy, KSC_SCMP_ARCH_ALL, seccomp->syscalls[i]->names[j],
+                                   action, seccomp->syscalls[i]->args ? KSC_RULE_ARGS : 0);
+           if (ret < 0)
+             return ret;
+         }
+     }
+   return 0;
+ }
+
+ static int
+ export_filter (scmp_filter_ctx ctx, int fd,
+                runtime_spec_schema_config_linux_seccomp *seccomp, libcrun_error_t *err)
+ {
+   struct ksc_policy *policy;
+   struct ksc *view;
+   int ret;
+
+   ret = ksc_open (&view, NULL);
+   if (ret < 0)
+     libcrun_warning ("%s", ksc_error (view));
+   ret = ksc_seccomp_policy (&policy, ret < 0 ? NULL : view, ctx);
+   ksc_close (view);
+   if (ret < 0)
+     return ret;
+   ret = tell_rules (policy, seccomp, err);
+   if (ret == 0)
+     ret = ksc_seccomp_export (policy, ctx, fd);
+   ksc_policy_free (policy);
+   return ret;
+ }
+
  libcrun_generate_seccomp (...)
  {
    ...
  }

@ depends on added @
expression ctx, fd;
@@
- seccomp_export_bpf (ctx, fd)
+ export_filter (ctx, fd, seccomp, err)
