/*
 * run/link: signatures of links.
 */
#ifndef YBB_RUN_LINK_H
#define YBB_RUN_LINK_H

#include "model/config.h"

/* As ybb_link_sign(), with the configuration's secret. */
ybb_status ybb__link_sign(char **signature, const struct ybb_config *config, const char *id,
                          int number, int64_t seconds, ybb_error *error);
/* The most seconds that one can hold. */
int64_t ybb__link_most_seconds(void);

#endif
