/* SPDX-License-Identifier: ISC */
/*
 * A seccomp filter that allows by default and refuses what no helper needs.  A
 * helper that is taken over can then talk to its server and to us, and cannot
 * start a program, read another process or change the system.
 */
#include "wire/sandbox.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
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

static const int starting[] = {
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
	SCMP_SYS(fork),
	SCMP_SYS(vfork),
};

static const int refused_to_all[] = {
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

/* Binding is no part of this: asking the kernel for our addresses begins with it. */
static const int serving[] = {
	SCMP_SYS(listen),
	SCMP_SYS(accept),
	SCMP_SYS(accept4),
};

/* Beyond opening for it, which is a question of flags. */
static const int writing[] = {
	SCMP_SYS(creat),
	SCMP_SYS(truncate),
	SCMP_SYS(ftruncate),
	SCMP_SYS(fallocate),
	SCMP_SYS(rename),
	SCMP_SYS(renameat),
	SCMP_SYS(renameat2),
	SCMP_SYS(link),
	SCMP_SYS(linkat),
	SCMP_SYS(symlink),
	SCMP_SYS(symlinkat),
	SCMP_SYS(unlink),
	SCMP_SYS(unlinkat),
	SCMP_SYS(mkdir),
	SCMP_SYS(mkdirat),
	SCMP_SYS(rmdir),
	SCMP_SYS(mknod),
	SCMP_SYS(mknodat),
	SCMP_SYS(chmod),
	SCMP_SYS(fchmod),
	SCMP_SYS(fchmodat),
	SCMP_SYS(chown),
	SCMP_SYS(fchown),
	SCMP_SYS(lchown),
	SCMP_SYS(fchownat),
	SCMP_SYS(setxattr),
	SCMP_SYS(lsetxattr),
	SCMP_SYS(fsetxattr),
	SCMP_SYS(removexattr),
	SCMP_SYS(lremovexattr),
	SCMP_SYS(fremovexattr),
	SCMP_SYS(utime),
	SCMP_SYS(utimes),
	SCMP_SYS(futimesat),
	SCMP_SYS(utimensat),
};

/*
 * What each is refused beyond that.  libldap and libcurl read files (certificates, how to look up names) and call out;
 * our log goes over a socket.  A plugin's libraries are not ours to know.
 */
static const struct row {
	bool starting, serving, writing;
} rows[] = {
	[AU_SANDBOX_TARGET] = { .starting = true },
	[AU_SANDBOX_PROGRAMS] = { .starting = false },
	[AU_SANDBOX_SOURCE] = { .starting = true, .serving = true, .writing = true },
	[AU_SANDBOX_FETCH] = { .starting = true, .serving = true, .writing = true },
};

static int
refuse(scmp_filter_ctx filter, const int *calls, size_t count)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < count; i++)
		r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), calls[i], 0);
	return r;
}

/* Signals reach this process only: the daemon and the other workers run under the same user. */
static int
refuse_signals(scmp_filter_ctx filter)
{
	static const int others[] = { SCMP_SYS(kill), SCMP_SYS(tkill), SCMP_SYS(rt_sigqueueinfo),
		SCMP_SYS(pidfd_send_signal) };
	int r = seccomp_rule_add(
	    filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_NE, (scmp_datum_t)getpid()));

	return r == 0 ? refuse(filter, others, AU_COUNT(others)) : r;
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
	return r;
}

/* Whatever opens a file for more than reading it. */
static int
refuse_open_to_write(scmp_filter_ctx filter)
{
	static const struct {
		scmp_datum_t mask, value;
	} flags[] = {
		{ O_ACCMODE, O_WRONLY },
		{ O_ACCMODE, O_RDWR },
		{ O_ACCMODE, O_ACCMODE }, /* neither, and a descriptor for ioctl(2) all the same */
		{ O_CREAT, O_CREAT },
		{ O_TRUNC, O_TRUNC },
	};
	/* Its flags lie in memory, too. */
	int r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(openat2), 0);

	for (size_t i = 0; r == 0 && i < AU_COUNT(flags); i++) {
		r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(open), 1,
		    SCMP_A1(SCMP_CMP_MASKED_EQ, flags[i].mask, flags[i].value));
		if (r == 0)
			r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(openat), 1,
			    SCMP_A2(SCMP_CMP_MASKED_EQ, flags[i].mask, flags[i].value));
	}
	return r;
}

static int
refuse_starting(scmp_filter_ctx filter)
{
	int r = refuse(filter, starting, AU_COUNT(starting));

	if (r == 0)
		r = refuse_signals(filter);
	return r == 0 && !LEAK_CHECK_NEEDS_IT ? refuse_processes(filter) : r;
}

static int
refuse_more(scmp_filter_ctx filter, const struct row *row)
{
	int r = row->serving ? refuse(filter, serving, AU_COUNT(serving)) : 0;

	if (r == 0 && row->writing)
		r = refuse(filter, writing, AU_COUNT(writing));
	if (r == 0 && row->writing)
		r = refuse_open_to_write(filter);
	if (r == 0 && row->starting)
		r = refuse_starting(filter);
	if (r == 0 && !LEAK_CHECK_NEEDS_IT)
		r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ptrace), 0);
	return r;
}

int
au_sandbox_enter(enum au_sandbox whose, struct au_err *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int r = filter == NULL ? -ENOMEM : 0;

	if (r == 0)
		r = refuse(filter, refused_to_all, AU_COUNT(refused_to_all));
	if (r == 0)
		r = refuse_more(filter, &rows[whose]);
	if (r == 0)
		r = seccomp_load(filter);
	seccomp_release(filter);
	if (r != 0)
		return au_fail(err, AU_EIO, "system call filter: %s", strerror(-r));
	return 0;
}
