/*
 * php_quit: has PHP-FPM's SIGQUIT close its listening socket once.
 *
 * At SIGQUIT a worker closes the number that its listening socket has, and opens another socket so
 * that the number stays taken (sig_soft_quit() in sapi/fpm/fpm/fpm_signals.c). It is not, where
 * a lower number is free: then it goes to the next file that is opened, and a second SIGQUIT closes
 * that. Of the library's files one may be the job store, where closing drops SQLite's locks.
 */
#ifndef PHP_QUIT_H
#define PHP_QUIT_H

/* To be called when a request begins: PHP sets its handlers anew with each. */
void php_ybb_quit_guard(void);

#endif
