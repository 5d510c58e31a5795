/* What we call of libnotmuch. It is loaded when an index is opened (index_open()): classify and filter never do, and loading it, with all
 * that it needs itself, takes longer than judging a mail. */
#ifndef LATE_NOTMUCH_H
#define LATE_NOTMUCH_H

#include <notmuch.h>
#include <stdbool.h>

#include "base/late.h"

#define LATE_NOTMUCH(X)                                                                                                          \
	X(notmuch_config_get)                                                                                                    \
	X(notmuch_config_get_pairs)                                                                                              \
	X(notmuch_config_get_values)                                                                                             \
	X(notmuch_config_pairs_destroy)                                                                                          \
	X(notmuch_config_pairs_key)                                                                                              \
	X(notmuch_config_pairs_move_to_next)                                                                                     \
	X(notmuch_config_pairs_valid)                                                                                            \
	X(notmuch_config_pairs_value)                                                                                            \
	X(notmuch_config_path)                                                                                                   \
	X(notmuch_config_values_destroy)                                                                                         \
	X(notmuch_config_values_get)                                                                                             \
	X(notmuch_config_values_move_to_next)                                                                                    \
	X(notmuch_config_values_valid)                                                                                           \
	X(notmuch_database_begin_atomic)                                                                                         \
	X(notmuch_database_close)                                                                                                \
	X(notmuch_database_destroy)                                                                                              \
	X(notmuch_database_end_atomic)                                                                                           \
	X(notmuch_database_find_message)                                                                                         \
	X(notmuch_database_get_path)                                                                                             \
	X(notmuch_database_open_with_config)                                                                                     \
	X(notmuch_database_reopen)                                                                                               \
	X(notmuch_filenames_destroy)                                                                                             \
	X(notmuch_filenames_get)                                                                                                 \
	X(notmuch_filenames_move_to_next)                                                                                        \
	X(notmuch_filenames_valid)                                                                                               \
	X(notmuch_message_add_property)                                                                                          \
	X(notmuch_message_add_tag)                                                                                               \
	X(notmuch_message_destroy)                                                                                               \
	X(notmuch_message_freeze)                                                                                                \
	X(notmuch_message_get_date)                                                                                              \
	X(notmuch_message_get_filenames)                                                                                         \
	X(notmuch_message_get_header)                                                                                            \
	X(notmuch_message_get_message_id)                                                                                        \
	X(notmuch_message_get_properties)                                                                                        \
	X(notmuch_message_get_tags)                                                                                              \
	X(notmuch_message_get_thread_id)                                                                                         \
	X(notmuch_message_properties_destroy)                                                                                    \
	X(notmuch_message_properties_move_to_next)                                                                               \
	X(notmuch_message_properties_valid)                                                                                      \
	X(notmuch_message_properties_value)                                                                                      \
	X(notmuch_message_remove_property)                                                                                       \
	X(notmuch_message_remove_tag)                                                                                            \
	X(notmuch_message_thaw)                                                                                                  \
	X(notmuch_messages_get)                                                                                                  \
	X(notmuch_messages_move_to_next)                                                                                         \
	X(notmuch_messages_valid)                                                                                                \
	X(notmuch_query_count_messages)                                                                                          \
	X(notmuch_query_create)                                                                                                  \
	X(notmuch_query_destroy)                                                                                                 \
	X(notmuch_query_search_messages)                                                                                         \
	X(notmuch_query_set_omit_excluded)                                                                                       \
	X(notmuch_query_set_sort)                                                                                                \
	X(notmuch_status_to_string)                                                                                              \
	X(notmuch_tags_destroy)                                                                                                  \
	X(notmuch_tags_get)                                                                                                      \
	X(notmuch_tags_move_to_next)                                                                                             \
	X(notmuch_tags_valid)

LATE_NOTMUCH(LATE_DECLARE)

/* Load it, if it is not there yet. False: it can't be loaded. */
bool late_notmuch_load(void);

#endif
