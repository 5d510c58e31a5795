# Sieve, for Dovecot's Pigeonhole: mark bounces and file them. In the configuration of Dovecot 2.4:
#
#     sieve_plugins {
#       sieve_extprograms = yes
#     }
#     sieve_global_extensions {
#       vnd.dovecot.filter = yes
#     }
#     sieve_filter_bin_dir = /usr/local/lib/sieve-filter
#     sieve_script bounces {
#       type = before
#       path = /etc/dovecot/bounces.sieve
#     }
#
# of Dovecot 2.3:
#
#     plugin {
#       sieve_plugins = sieve_extprograms
#       sieve_global_extensions = +vnd.dovecot.filter
#       sieve_filter_bin_dir = /usr/local/lib/sieve-filter
#       sieve_before = /etc/dovecot/bounces.sieve
#     }
#
# The folder sieve-filter is yours to make; scripts can run whatever stands in it, so let it be only this:
#
#     mkdir /usr/local/lib/sieve-filter
#     ln -s /usr/local/bin/notmuch-bounce /usr/local/lib/sieve-filter/notmuch-bounce
#     cp /usr/local/share/notmuch-bounce/recipes/bounces.sieve /etc/dovecot/
#     sievec /etc/dovecot/bounces.sieve
#
# It runs before every user's own script. To have it in one user's script, name the extension in sieve_extensions instead.
# Nothing here can lose a mail: if notmuch-bounce fails or is missing, the mail goes on as it came.
require ["vnd.dovecot.filter", "fileinto", "mailbox"];

# Only if the filter ran are the fields ours and not the sender's.
if filter "notmuch-bounce" "filter" {
	# Put what you like here. Without these lines bounces are only marked, and a user's own script can look at the fields.
	if header :is "X-Bounce-Reason" ["user-unknown", "host-unknown", "no-mail-service"] {
		fileinto :create "Bounces-gone";
	} elsif exists "X-Bounce-Reason" {
		fileinto :create "Bounces";
	}
}

# Straight into notmuch with tags: bounces-notmuch.sieve instead.
