;;; The searches of `searches', which has to have been run, in the hello screen of notmuch for Emacs and under `j'.
;;; In ~/.emacs.d/notmuch-config.el, or in your init file:
;;;
;;;     (load "/usr/local/share/notmuch-bounce/recipes/searches.el")

(with-eval-after-load 'notmuch
  (dolist (search '((:name "undelivered" :query "query:undelivered" :key "n")
                    (:name "bounces" :query "query:bounces-open" :key "b")
                    (:name "bounces: mine to fix" :query "query:bounces-mine-to-fix" :key "m")
                    (:name "bounces: a server's to fix" :query "query:bounces-servers-to-fix")
                    (:name "bounces: theirs to fix" :query "query:bounces-theirs-to-fix")
                    (:name "bounces: to wait for" :query "query:bounces-to-wait-for")))
    (add-to-list 'notmuch-saved-searches search t)))
