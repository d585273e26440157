#include "report/queue_answer.h"

/* A class's own limit, and for the two large ones the one that they share. */
static uint64_t limit_of(const ybb_queue_state *queue, ybb_priority priority)
{
    uint64_t limit = queue->classes[priority].limit;
    if (priority >= YBB_NORMAL && queue->large.limit < limit)
        limit = queue->large.limit;
    return limit;
}

static uint64_t less(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

static uint64_t free_places(const ybb_queue_state *queue, ybb_priority priority)
{
    const ybb_queue_class *class = &queue->classes[priority];
    uint64_t own = less(class->limit, class->running);
    uint64_t shared = less(queue->large.limit, queue->large.running);
    return priority >= YBB_NORMAL && shared < own ? shared : own;
}

/* Behind @ahead others of its class. Those that find a place begin now; the others each when as
 * many as run at once have had their average time. */
static double wait_behind(const ybb_queue_state *queue, const ybb_store_stats *stats,
                          ybb_priority priority, uint64_t ahead)
{
    uint64_t limit = limit_of(queue, priority), places = free_places(queue, priority);
    const ybb_run_stats *runs = stats == NULL ? NULL : &stats->by_class[priority];
    if (ahead < places)
        return 0;
    if (runs == NULL || runs->done == 0 || limit == 0)
        return -1;
    double average = runs->seconds / (double)runs->done;
    return average * ((double)ahead + 1 - (double)places) / (double)limit;
}

double ybb__queue_wait(const ybb_queue_state *queue, const ybb_store_stats *stats,
                       ybb_priority priority)
{
    return wait_behind(queue, stats, priority, queue->classes[priority].queued);
}

double ybb__queue_wait_of(const ybb_queue_state *queue, const ybb_store_stats *stats,
                          const ybb_job *job)
{
    uint64_t alive = 0;
    if (job->state != YBB_JOB_QUEUED || job->queue_position == 0)
        return 0;
    for (int i = 0; i < YBB_OWNER_KINDS; i++)
        alive += queue->owners_alive[i];
    if (alive == 0)
        return -1;
    /* Before it are all of the classes before its own. */
    uint64_t ahead = job->queue_position - 1;
    for (int i = 0; i < (int)job->priority; i++)
        ahead = less(ahead, queue->classes[i].queued);
    return wait_behind(queue, stats, job->priority, ahead);
}

static void put_wait(ybb_answer answer, double seconds)
{
    if (seconds < 0)
        ybb__answer_text(answer, "estimated_wait_seconds", NULL);
    else
        ybb__answer_double(answer, "estimated_wait_seconds", seconds);
}

static ybb_answer put_class(ybb_answer parent, const char *key, const ybb_queue_class *class)
{
    ybb_answer object = ybb__answer_object(parent, key);
    ybb__answer_u64(object, "queued", class->queued);
    ybb__answer_u64(object, "running", class->running);
    ybb__answer_u64(object, "limit", class->limit);
    return object;
}

void ybb__put_queue(ybb_answer data, const ybb_queue_state *queue, const ybb_store_stats *stats)
{
    uint64_t running = 0;
    for (int i = 0; i < YBB_PRIORITIES; i++)
        running += queue->classes[i].running;
    ybb_answer object = ybb__answer_object(data, "queue");
    ybb__answer_u64(object, "queued", queue->queued);
    ybb__answer_u64(object, "running", running);
    ybb__answer_u64(object, "max_queue_size", queue->max_queue_size);
    ybb__answer_bool(object, "full", queue->queued >= queue->max_queue_size);
    ybb__answer_u64(object, "retry_after_seconds", queue->retry_seconds);
    ybb__answer_double(object, "oldest_wait_seconds",
                       queue->oldest_seconds > 0 ? queue->oldest_seconds : 0);
    ybb_answer classes = ybb__answer_object(object, "classes");
    for (int i = 0; i < YBB_PRIORITIES; i++)
        put_wait(put_class(classes, ybb__priority_name((ybb_priority)i), &queue->classes[i]),
                 ybb__queue_wait(queue, stats, (ybb_priority)i));
    put_class(object, "large_exports", &queue->large);
    ybb_answer owners = ybb__answer_object(object, "owners_alive");
    ybb__answer_u64(owners, "inproc", queue->owners_alive[YBB_OWNER_INPROC]);
    ybb__answer_u64(owners, "worker", queue->owners_alive[YBB_OWNER_WORKER]);
}

char *ybb__answer_queue(const ybb_queue_state *queue, const ybb_store_stats *stats,
                        const ybb_job *job)
{
    bool failed;
    ybb_answer answer = ybb__answer_begin(&failed);
    ybb__answer_text(answer, "status", "success");
    ybb_answer data = ybb__answer_object(answer, "data");
    if (job != NULL) {
        bool queued = job->state == YBB_JOB_QUEUED;
        ybb__answer_text(data, "export_id", job->id);
        ybb__answer_u64(data, "queue_position", queued ? job->queue_position : 0);
        ybb__answer_text(data, "priority", ybb__priority_name(job->priority));
        put_wait(data, ybb__queue_wait_of(queue, stats, job));
    }
    ybb__put_queue(data, queue, stats);
    return ybb__answer_end(answer);
}
