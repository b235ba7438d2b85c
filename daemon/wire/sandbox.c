/* SPDX-License-Identifier: ISC */
/*
 * A seccomp filter that allows by default and refuses what no helper needs.  A
 * helper that is taken over can then talk to its server and to us, and cannot
 * start a program, read another process or change the system.
 */
#include "wire/sandbox.h"

#include "base/mem.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <unistd.h>

/* LeakSanitizer looks at the process from a helper process of its own. */
#ifdef __SANITIZE_ADDRESS__
#define LEAK_CHECK_NEEDS_IT true
#else
#define LEAK_CHECK_NEEDS_IT false
#endif

static const int refused[] = {
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
	SCMP_SYS(fork),
	SCMP_SYS(vfork),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(process_madvise),
	SCMP_SYS(pidfd_getfd),
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(io_uring_enter),
	SCMP_SYS(io_uring_register),
	SCMP_SYS(mount),
	SCMP_SYS(umount2),
	SCMP_SYS(pivot_root),
	SCMP_SYS(chroot),
	SCMP_SYS(setns),
	SCMP_SYS(unshare),
	SCMP_SYS(bpf),
	SCMP_SYS(perf_event_open),
	SCMP_SYS(userfaultfd),
	SCMP_SYS(add_key),
	SCMP_SYS(request_key),
	SCMP_SYS(keyctl),
	SCMP_SYS(init_module),
	SCMP_SYS(finit_module),
	SCMP_SYS(delete_module),
	SCMP_SYS(kexec_load),
	SCMP_SYS(kexec_file_load),
	SCMP_SYS(reboot),
	SCMP_SYS(swapon),
	SCMP_SYS(swapoff),
	SCMP_SYS(settimeofday),
	SCMP_SYS(clock_settime),
	SCMP_SYS(adjtimex),
	SCMP_SYS(open_by_handle_at),
};

/* Signals reach this process only: the daemon and the other workers run under the same user. */
static int
refuse_signals(scmp_filter_ctx filter)
{
	static const int others[] = { SCMP_SYS(kill), SCMP_SYS(tkill), SCMP_SYS(rt_sigqueueinfo),
		SCMP_SYS(pidfd_send_signal) };
	int r = seccomp_rule_add(
	    filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_NE, (scmp_datum_t)getpid()));

	for (size_t i = 0; r == 0 && i < AU_COUNT(others); i++)
		r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), others[i], 0);
	return r;
}

/* Threads stay possible (libcurl resolves names in one); processes do not. */
static int
refuse_processes(scmp_filter_ctx filter)
{
	int r = seccomp_rule_add(
	    filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));

	/* Its flags lie in memory, where a filter cannot look; the C library then falls back on clone. */
	if (r == 0)
		r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	if (r == 0)
		r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ptrace), 0);
	return r;
}

int
au_sandbox_enter(struct au_err *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int r = filter == NULL ? -ENOMEM : 0;

	for (size_t i = 0; r == 0 && i < AU_COUNT(refused); i++)
		r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), refused[i], 0);
	if (r == 0)
		r = refuse_signals(filter);
	if (r == 0 && !LEAK_CHECK_NEEDS_IT)
		r = refuse_processes(filter);
	if (r == 0)
		r = seccomp_load(filter);
	seccomp_release(filter);
	if (r != 0)
		return au_fail(err, AU_EIO, "system call filter: %s", strerror(-r));
	return 0;
}
