# Sieve, for Dovecot's Pigeonhole: deliver into notmuch, bounces with their tags and tied to the mail they are about. Last in your
# own script, or as the only one. In the configuration of Dovecot 2.4:
#
#     sieve_plugins {
#       sieve_extprograms = yes
#     }
#     sieve_extensions {
#       vnd.dovecot.pipe = yes
#     }
#     sieve_pipe_bin_dir = /usr/local/lib/sieve-pipe
#     sieve_pipe_input_eol = lf
#     sieve_pipe_exec_timeout = 60s
#
# of Dovecot 2.3:
#
#     plugin {
#       sieve_plugins = sieve_extprograms
#       sieve_extensions = +vnd.dovecot.pipe
#       sieve_pipe_bin_dir = /usr/local/lib/sieve-pipe
#       sieve_pipe_input_eol = lf
#       sieve_pipe_exec_timeout = 60s
#     }
#
# The timeout has to be longer than bounce.lock_timeout, for so long a delivery waits while another notmuch writes. The folder sieve-pipe is
# yours to make. Programs get no PATH here, so it holds a script notmuch-bounce (chmod +x) instead of a link:
#
#     #!/bin/sh
#     PATH=/usr/local/bin:/usr/bin:/bin
#     export PATH
#     exec notmuch-bounce "$@"
#
# Delivers all mail that gets here. If that fails, the mail goes to INBOX, untagged and unharmed.
require "vnd.dovecot.pipe";

# Not with :try, which calls a failed delivery done: the mail would be lost.
pipe "notmuch-bounce" "insert";
