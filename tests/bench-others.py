#!/usr/bin/env python3
"""bench-others.py [--each] FILE|FOLDER...: what flufl.bounce makes of mails, as its manual says to use it. Lines as bench-others.pl writes
them; it knows no reasons. --each: every mail in a process of its own, which is killed after five seconds of computing."""
import os
import signal
import sys
from email import message_from_binary_file

from flufl.bounce import all_failures


def judge(path):
    with open(path, "rb") as file:
        message = message_from_binary_file(file)
    try:
        temporary, permanent = all_failures(message)
    except Exception:  # some mails it can't stand
        return
    for address in sorted(set(temporary) | set(permanent), key=str):
        if isinstance(address, bytes):
            address = address.decode("utf-8", "replace")
        print(path, " ".join(address.split()) or "-", "-", sep="\t")


def judge_apart(path):
    sys.stdout.flush()
    child = os.fork()
    if not child:
        signal.setitimer(signal.ITIMER_VIRTUAL, 5)
        judge(path)
        sys.stdout.flush()
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGVTALRM:
        print(path, "hangs", sep="\t")


def files(path):
    if os.path.isfile(path):
        return [path]
    return sorted(os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names)


def main():
    sys.stdout.reconfigure(errors="replace")
    apart = "--each" in sys.argv
    for argument in sys.argv[1:]:
        if argument != "--each":
            for path in files(argument):
                judge_apart(path) if apart else judge(path)


main()
