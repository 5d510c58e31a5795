#include "base/status.h"

#include <sysexits.h>

int status_exit_code(enum status s)
{
	static const int codes[] = {
	        [STATUS_OK] = EX_OK,
	        [STATUS_USAGE] = EX_USAGE,
	        [STATUS_NOT_MAIL] = EX_DATAERR,
	        [STATUS_NO_INPUT] = EX_NOINPUT,
	        [STATUS_IO] = EX_IOERR,
	        [STATUS_TRY_LATER] = EX_TEMPFAIL,
	        [STATUS_LOCKED] = EX_TEMPFAIL,
	        [STATUS_NOT_DELIVERED] = EX_TEMPFAIL,
	        [STATUS_DISK_FULL] = EX_TEMPFAIL,
	        [STATUS_BAD_RULES] = EX_CONFIG,
	        [STATUS_NOT_SENT] = EX_UNAVAILABLE,
	        [STATUS_REFUSED] = EX_NOPERM,
	};
	return codes[s];
}
