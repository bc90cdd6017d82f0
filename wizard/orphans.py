"""No orphans: on Linux a process of ours ends when its parent does, however the parent ended.

An orphan would keep its port, and its end of the pipe by which `manage.py start` notices a death. See prctl(2),
PR_SET_PDEATHSIG; the setting survives exec and is lost at fork. Elsewhere than on Linux these functions do nothing.
"""

import ctypes
import multiprocessing
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
ON_LINUX = sys.platform == "linux"
_libc = ctypes.CDLL(None, use_errno=True) if ON_LINUX else None
_forking = 0


def end_with_parent(parent: int) -> None:
    """Has the kernel kill this process when the process that forked it, of the given id, ends."""
    if _libc is None:
        return
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the line above
        os._exit(1)


def forks_end_with_us(*, own_session: bool = False) -> None:
    """Every process that this one forks from now on, and their forks in turn, end with their parent.

    In a session of its own a fork is not reached by a signal to our process group: only its parent tells it to stop.
    """
    if ON_LINUX:
        # Python 3.14 would rather have a server process fork for us, where no hook of ours runs.
        multiprocessing.set_start_method("fork", force=True)
        os.register_at_fork(before=_remember_parent, after_in_child=follow_parent)
        if own_session:
            os.register_at_fork(after_in_child=os.setsid)


def follow_parent() -> None:
    """For a fresh fork. subprocess runs fork hooks only where it also gets a preexec_fn: this is the one to give."""
    end_with_parent(_forking)


def _remember_parent() -> None:
    global _forking
    _forking = os.getpid()
