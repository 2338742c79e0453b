// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a runtime adds to hand its rules to libksyscalls-seccomp and to export its
 * filter through it; native applies it to the source of Debian's crun.
 *
 * All rules are told, those too of which libseccomp hears nothing: that a rule says
 * what the default says, or that there is no number for a name, does not take the
 * name from what the profile's author knew. They are told before libseccomp gets the
 * first, so that it makes none for an architecture that this boot does not offer.
 */

@ includes @
@@
  #include <seccomp.h>
+ #include <ksyscalls-seccomp.h>

@ added @
typedef runtime_spec_schema_config_linux_seccomp, scmp_filter_ctx, libcrun_error_t, uint32_t;
@@
+ static void
+ free_policy (struct ksc_policy **policy)
+ {
+   ksc_policy_free (*policy);
+ }
+
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
+       if (UNLIKELY (err && *err != NULL))
+         return crun_make_error (err, 0, "invalid seccomp action");
+       for (j = 0; j < seccomp->syscalls[i]->names_len; j++)
+         {
+           ret = ksc_seccomp_rule (policy, KSC_SCMP_ARCH_ALL, seccomp->syscalls[i]->names[j],
+                                   action, seccomp->syscalls[i]->args ? KSC_RULE_ARGS : 0);
+           if (UNLIKELY (ret < 0))
+             return crun_make_error (err, -ret, "ksc_seccomp_rule");
+         }
+     }
+   return 0;
+ }
+
+ static int
+ make_policy (struct ksc_policy **policy, scmp_filter_ctx ctx,
+              runtime_spec_schema_config_linux_seccomp *seccomp, libcrun_error_t *err)
+ {
+   struct ksc *view;
+   int ret;
+
+   ret = ksc_open (&view, NULL);
+   if (ret < 0)
+     libcrun_warning ("%s", ksc_error (view));
+   ret = ksc_seccomp_policy (policy, ret < 0 ? NULL : view, ctx);
+   ksc_close (view);
+   if (UNLIKELY (ret < 0))
+     return crun_make_error (err, -ret, "ksc_seccomp_policy");
+   ret = tell_rules (*policy, seccomp, err);
+   if (UNLIKELY (ret < 0))
+     return ret;
+   if (! ksc_seccomp_needs (*policy, SCMP_ARCH_X32))
+     seccomp_arch_remove (ctx, SCMP_ARCH_X32);
+   return 0;
+ }
+
  libcrun_generate_seccomp (...)
  {
    ...
  }

@ depends on added @
symbol ctx, err, policy, ret, seccomp;
expression fd;
identifier i;
statement loop;
@@
  libcrun_generate_seccomp (...)
  {
+   struct ksc_policy *policy __attribute__ ((cleanup (free_policy))) = NULL;
    <...
(
+   ret = make_policy (&policy, ctx, seccomp, err);
+   if (UNLIKELY (ret < 0))
+     return ret;
    for (i = 0; i < seccomp->syscalls_len; i++) loop
|
-   seccomp_export_bpf (ctx, fd)
+   ksc_seccomp_export (policy, ctx, fd)
)
    ...>
  }
