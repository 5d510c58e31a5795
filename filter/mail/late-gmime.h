/* What we call of GMime and GObject. They are loaded by the first mail that has to be taken apart (message_library_open()), or has words encoded in its header:
 * most mail has not, and loading them takes longer than to see that. */
#ifndef LATE_GMIME_H
#define LATE_GMIME_H

#include <stdbool.h>

/* Casts that look at nothing: what a part is was asked before. */
#define G_DISABLE_CAST_CHECKS
#include <gmime/gmime.h>

#include "base/late.h"

#define LATE_GMIME(X)                                                                                                            \
	X(g_mime_content_disposition_get_parameter)                                                                              \
	X(g_mime_content_disposition_parse)                                                                                      \
	X(g_mime_content_encoding_from_string)                                                                                   \
	X(g_mime_content_type_get_parameter)                                                                                     \
	X(g_mime_content_type_is_type)                                                                                           \
	X(g_mime_content_type_parse)                                                                                             \
	X(g_mime_data_wrapper_get_encoding)                                                                                      \
	X(g_mime_data_wrapper_get_stream)                                                                                        \
	X(g_mime_data_wrapper_write_to_stream)                                                                                   \
	X(g_mime_encoding_init_decode)                                                                                           \
	X(g_mime_encoding_outlen)                                                                                                \
	X(g_mime_encoding_step)                                                                                                  \
	X(g_mime_init)                                                                                                           \
	X(g_mime_message_get_mime_part)                                                                                          \
	X(g_mime_message_part_get_message)                                                                                       \
	X(g_mime_message_part_get_type)                                                                                          \
	X(g_mime_multipart_get_count)                                                                                            \
	X(g_mime_multipart_get_part)                                                                                             \
	X(g_mime_multipart_get_type)                                                                                             \
	X(g_mime_object_get_content_type)                                                                                        \
	X(g_mime_object_get_content_type_parameter)                                                                              \
	X(g_mime_object_get_headers)                                                                                             \
	X(g_mime_parser_construct_part)                                                                                          \
	X(g_mime_parser_new_with_stream)                                                                                         \
	X(g_mime_part_get_content)                                                                                               \
	X(g_mime_part_get_type)                                                                                                  \
	X(g_mime_stream_mem_get_byte_array)                                                                                      \
	X(g_mime_stream_mem_get_type)                                                                                            \
	X(g_mime_stream_mem_new)                                                                                                 \
	X(g_mime_stream_mem_new_with_byte_array)                                                                                 \
	X(g_mime_stream_mem_set_owner)                                                                                           \
	X(g_mime_utils_header_decode_text)                                                                                       \
	X(g_object_unref)                                                                                                        \
	X(g_type_check_instance_is_a)

LATE_GMIME(LATE_DECLARE)

#ifndef LATE_GMIME_ITSELF
/* These stand in macros of GMime's own. */
#define g_object_unref late_g_object_unref
#define g_type_check_instance_is_a late_g_type_check_instance_is_a
#define g_mime_message_part_get_type late_g_mime_message_part_get_type
#define g_mime_multipart_get_type late_g_mime_multipart_get_type
#define g_mime_part_get_type late_g_mime_part_get_type
#define g_mime_stream_mem_get_type late_g_mime_stream_mem_get_type
#endif

/* Load them. False: they can't be loaded. */
bool late_gmime_load(void);

#endif
