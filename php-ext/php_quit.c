#include "php_quit.h"

#include "php.h"
#include "SAPI.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    LAST_LOOKED_AT = 255, /* a worker's listening socket is among its first descriptors */
    MOST_SOCKETS = 8
};

/* Of this process, whose signals come on the thread of its requests alone. */
static struct {
    pid_t process;
    int sockets[MOST_SOCKETS]; /* that listen, from the begin of its first request on */
    unsigned count;
    struct sigaction before; /* PHP's */
    volatile sig_atomic_t quitting;
} worker;

static bool listens(int descriptor)
{
    int is_listening = 0;
    socklen_t size = sizeof(is_listening);
    return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &size) == 0 &&
           is_listening != 0;
}

static bool all_listen(void)
{
    for (unsigned i = 0; i < worker.count; i++)
        if (!listens(worker.sockets[i]))
            return false;
    return true;
}

/* Where one listens no more, it was closed by a signal that came between two handlers. */
static void quit_once(int number, siginfo_t *info, void *context)
{
    int before = errno;
    bool again = worker.quitting != 0 || !all_listen();
    worker.quitting = 1;
    errno = before;
    if (again)
        return;
    if ((worker.before.sa_flags & SA_SIGINFO) != 0)
        worker.before.sa_sigaction(number, info, context);
    else
        worker.before.sa_handler(number);
}

static void look_at_sockets(void)
{
    memset(&worker, 0, sizeof(worker));
    worker.process = getpid();
    for (int i = 0; i <= LAST_LOOKED_AT && worker.count < MOST_SOCKETS; i++)
        if (listens(i))
            worker.sockets[worker.count++] = i;
}

static bool is_handled(const struct sigaction *action)
{
    if ((action->sa_flags & SA_SIGINFO) != 0)
        return action->sa_sigaction != quit_once;
    return action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN;
}

void php_ybb_quit_guard(void)
{
    struct sigaction action;
    if (strcmp(sapi_module.name, "fpm-fcgi") != 0)
        return;
    if (worker.process != getpid())
        look_at_sockets();
    if (sigaction(SIGQUIT, NULL, &action) != 0 || !is_handled(&action))
        return;
    worker.before = action;
    action.sa_flags |= SA_SIGINFO;
    action.sa_sigaction = quit_once;
    (void)sigaction(SIGQUIT, &action, NULL);
}
