/*
 * php_exporters: the exporters of this process, one for each set of settings in use.
 *
 * The first call that needs one opens it: nothing of the library is there while a module starts, so
 * that a master process may fork. In a forked child those of the parent are forgotten, and it opens
 * its own. They end with the module.
 */
#ifndef PHP_EXPORTERS_H
#define PHP_EXPORTERS_H

#include "php_ybb_export.h"

typedef struct php_ybb_exporter php_ybb_exporter;

void php_ybb_exporters_startup(void);
/* Gives what runs here back to the queue and waits a little for it, however much there is. Does
 * nothing in a process that has opened none. */
void php_ybb_exporters_shutdown(void);

/* The exporter of the settings of now. To be given back. */
ybb_status php_ybb_exporter_take(php_ybb_exporter **out, ybb_error *error);
void php_ybb_exporter_give_back(php_ybb_exporter *exporter);
ybb_exporter *php_ybb_exporter_of(const php_ybb_exporter *exporter);

/* Has this process help with exports that wait, now and then: the one that asked for them may have
 * ended, and this one may do nothing but ask how far they are. */
void php_ybb_exporter_assist(php_ybb_exporter *exporter);

/* How many exports run in this process, for phpinfo(). */
unsigned php_ybb_exporters_running(void);

#endif
