/* What the parts of the shim share. */

#ifndef ACRN_DRY_SHIM_H
#define ACRN_DRY_SHIM_H

/* Tell the harness of an event. */
__attribute__((format(printf, 1, 2), visibility("hidden"))) void tell(const char *format, ...);

#endif
