/*
 * report/catalog_answer: what can be exported, for a page that offers it.
 */
#ifndef YBB_REPORT_CATALOG_ANSWER_H
#define YBB_REPORT_CATALOG_ANSWER_H

#include "model/catalog.h"
#include "model/config.h"

/* All types with their templates, fields, filters and options. @sends_mail: whether mail about an
 * export can be sent. An owned text; NULL without memory. */
char *ybb__answer_templates(const ybb_catalog *catalog, const struct ybb_config *config,
                            bool sends_mail);

#endif
