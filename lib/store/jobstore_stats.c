/*
 * The state of the queue, and statistics of exports that ended.
 */
#include "store/jobstore_stats.h"

static const int64_t microseconds_per_second = 1000000;
static const int64_t microseconds_per_hour = INT64_C(3600000000);
static const int64_t microseconds_per_week = INT64_C(604800000000);

enum { LATE_RUNS = 100 }; /* that speak for how long one takes */

/* Reads rows of numbers, the first of which says where a row belongs. */
typedef void (*take_row)(void *out, const ybb_cell *cells);

static ybb_status read_rows(ybb_store_tx *tx, const char *sql, const ybb_value *values,
                            uint32_t count, uint32_t columns, take_row take, void *out,
                            ybb_error *error)
{
    enum { MOST_COLUMNS = 8 };
    ybb_block rows = {0};
    ybb_cell cells[MOST_COLUMNS];
    ybb_status status = ybb__store_run(tx->store, sql, values, count, &rows, error);
    if (status == YBB_OK && (rows.columns != columns || columns > MOST_COLUMNS))
        status = ybb__fail(error, YBB_INTERNAL, "a statistic has %u columns", rows.columns);
    for (uint32_t i = 0; status == YBB_OK && i < rows.rows; i++) {
        ybb__block_row(&rows, i, cells);
        take(out, cells);
    }
    ybb__block_free(&rows);
    return status;
}

/* The class that a cell names; YBB_PRIORITIES for what is none. */
static unsigned class_in(ybb_cell cell)
{
    int64_t number = ybb__cell_number(cell);
    return number >= 0 && number < YBB_PRIORITIES ? (unsigned)number : YBB_PRIORITIES;
}

/* --- how long it takes --- */

typedef struct pace {
    double run_seconds[YBB_PRIORITIES]; /* of an export, on average; 0: none was seen */
    uint64_t queued[YBB_PRIORITIES], running[YBB_PRIORITIES];
} pace;

static void take_run_time(void *out, const ybb_cell *cells)
{
    enum { CLASS, RUNS, SUM };
    pace *p = out;
    unsigned class = class_in(cells[CLASS]);
    int64_t runs = ybb__cell_number(cells[RUNS]);
    if (class < YBB_PRIORITIES && runs > 0)
        p->run_seconds[class] =
            (double)ybb__cell_number(cells[SUM]) / (double)runs / (double)microseconds_per_second;
}

static void take_count(void *out, const ybb_cell *cells)
{
    enum { CLASS, STATE, COUNT };
    pace *p = out;
    unsigned class = class_in(cells[CLASS]);
    uint64_t count = (uint64_t)ybb__cell_number(cells[COUNT]);
    if (class == YBB_PRIORITIES)
        return;
    if (ybb__cell_number(cells[STATE]) == (int64_t)YBB_JOB_QUEUED)
        p->queued[class] = count;
    else
        p->running[class] = count;
}

static ybb_status read_pace(ybb_store_tx *tx, pace *out, ybb_error *error)
{
    static const char times[] =
        "SELECT r.priority, COUNT(*), SUM(r.processing) FROM (SELECT priority, processing"
        " FROM ybbexport_runs WHERE status = 0 ORDER BY number DESC LIMIT ?) r GROUP BY r.priority";
    static const char counts[] = "SELECT priority, state, COUNT(*) FROM ybbexport_jobs"
                                 " WHERE state = 1 OR (state = 0 AND on_demand = 0)"
                                 " GROUP BY priority, state";
    enum { COLUMNS = 3 };
    *out = (pace){0};
    ybb_status status = read_rows(tx, times, YBB_VALUES(ybb__value_number(LATE_RUNS)), COLUMNS,
                                  take_run_time, out, error);
    return status == YBB_OK ? read_rows(tx, counts, NULL, 0, COLUMNS, take_count, out, error)
                            : status;
}

/* A place in the queue is free when a job begins to run, so as often as one ends: each class that
 * runs or waits ends as many in its average time as it runs at once. */
static uint64_t seconds_to_place(const pace *p)
{
    enum { UNKNOWN = 10, MOST = 3600 };
    static const double least_seconds = 0.1;
    double ends_a_second = 0;
    for (unsigned i = 0; i < YBB_PRIORITIES; i++) {
        double seconds = p->run_seconds[i] > 0 ? p->run_seconds[i] : UNKNOWN;
        uint64_t at_once = p->running[i] > 0 ? p->running[i] : p->queued[i] > 0;
        ends_a_second += (double)at_once / (seconds > least_seconds ? seconds : least_seconds);
    }
    double wait = ends_a_second > 0 ? 1 / ends_a_second : UNKNOWN;
    return wait < 1 ? 1 : wait > MOST ? MOST : (uint64_t)(wait + 0.5);
}

ybb_status ybb__store_retry_seconds(ybb_store_tx *tx, uint64_t *seconds, ybb_error *error)
{
    pace p;
    ybb_status status = read_pace(tx, &p, error);
    *seconds = seconds_to_place(&p);
    return status;
}

/* --- the queue --- */

static void take_oldest(void *out, const ybb_cell *cells)
{
    int64_t *oldest = out;
    *oldest = ybb__cell_number(cells[0]);
}

static void take_alive(void *out, const ybb_cell *cells)
{
    enum { KIND, COUNT };
    ybb_queue_state *state = out;
    int64_t kind = ybb__cell_number(cells[KIND]);
    if (kind >= 0 && kind < YBB_OWNER_KINDS)
        state->owners_alive[kind] = (uint64_t)ybb__cell_number(cells[COUNT]);
}

static void fill_classes(ybb_queue_state *out, const pace *p, const ybb_jobstore_settings *settings)
{
    for (unsigned i = 0; i < YBB_PRIORITIES; i++) {
        out->classes[i] =
            (ybb_queue_class){p->queued[i], p->running[i], settings->queue->concurrent[i]};
        out->queued += p->queued[i];
    }
    out->large = (ybb_queue_class){p->queued[YBB_NORMAL] + p->queued[YBB_LOW],
                                   p->running[YBB_NORMAL] + p->running[YBB_LOW],
                                   settings->max_concurrent_large};
    out->max_queue_size = settings->queue->max_queue_size;
    out->retry_seconds = out->queued >= out->max_queue_size ? seconds_to_place(p) : 0;
}

static ybb_status read_queue(ybb_store_tx *tx, void *context, ybb_error *error)
{
    static const char oldest_sql[] = "SELECT MIN(created_at) FROM ybbexport_jobs"
                                     " WHERE state = 0 AND on_demand = 0";
    static const char alive_sql[] =
        "SELECT kind, COUNT(*) FROM ybbexport_owners WHERE lease_until >= ? GROUP BY kind";
    ybb_queue_state *out = context;
    int64_t oldest = 0;
    pace p;
    *out = (ybb_queue_state){0};
    ybb_status status = ybb__store_clock(tx, error);
    if (status == YBB_OK)
        status = read_pace(tx, &p, error);
    if (status == YBB_OK)
        status = read_rows(tx, oldest_sql, NULL, 0, 1, take_oldest, &oldest, error);
    if (status == YBB_OK && tx->same_boot)
        status = read_rows(tx, alive_sql, YBB_VALUES(ybb__value_number(tx->now)), 2, take_alive,
                           out, error);
    if (status != YBB_OK)
        return status;
    fill_classes(out, &p, &tx->store->settings);
    if (oldest != 0 && oldest < tx->time)
        out->oldest_seconds = (double)(tx->time - oldest) / (double)microseconds_per_second;
    return YBB_OK;
}

ybb_status ybb__jobstore_queue(ybb_jobstore *store, ybb_queue_state *out, ybb_error *error)
{
    return ybb__store_read(store, read_queue, out, error);
}

/* --- statistics --- */

#define RUN_SUMS                                                                                   \
    "SUM(CASE WHEN status = 0 THEN 1 ELSE 0 END),"                                                 \
    " SUM(CASE WHEN status NOT IN (0, 302) THEN 1 ELSE 0 END),"                                    \
    " SUM(CASE WHEN status = 302 THEN 1 ELSE 0 END),"                                              \
    " SUM(CASE WHEN status = 0 THEN records ELSE 0 END),"                                          \
    " SUM(CASE WHEN status = 0 THEN bytes ELSE 0 END),"                                            \
    " SUM(CASE WHEN status = 0 THEN processing ELSE 0 END)"

_Static_assert(YBB_OK == 0 && YBB_CANCELLED == 302, "the sums above name them by their numbers");

static void take_sums(ybb_run_stats *out, const ybb_cell *cells)
{
    enum { DONE, FAILED, CANCELLED, RECORDS, BYTES, PROCESSING };
    out->done = (uint64_t)ybb__cell_number(cells[DONE]);
    out->failed = (uint64_t)ybb__cell_number(cells[FAILED]);
    out->cancelled = (uint64_t)ybb__cell_number(cells[CANCELLED]);
    out->records = (uint64_t)ybb__cell_number(cells[RECORDS]);
    out->bytes = (uint64_t)ybb__cell_number(cells[BYTES]);
    out->seconds = (double)ybb__cell_number(cells[PROCESSING]) / (double)microseconds_per_second;
}

static void take_class(void *out, const ybb_cell *cells)
{
    ybb_store_stats *stats = out;
    unsigned class = class_in(cells[0]);
    if (class == YBB_PRIORITIES)
        return;
    ybb_run_stats *one = &stats->by_class[class];
    take_sums(one, cells + 1);
    stats->lately.done += one->done;
    stats->lately.failed += one->failed;
    stats->lately.cancelled += one->cancelled;
    stats->lately.records += one->records;
    stats->lately.bytes += one->bytes;
    stats->lately.seconds += one->seconds;
}

static void take_type(void *out, const ybb_cell *cells)
{
    ybb_store_stats *stats = out;
    if (stats->type_count == YBB_STATS_TYPES)
        return;
    ybb__cell_copy(stats->by_type[stats->type_count].name, YBB_STATS_NAME, cells[0]);
    take_sums(&stats->by_type[stats->type_count++].stats, cells + 1);
}

static void take_state(void *out, const ybb_cell *cells)
{
    enum { STATE, STATUS, COUNT };
    ybb_store_stats *stats = out;
    int64_t state = ybb__cell_number(cells[STATE]), status = ybb__cell_number(cells[STATUS]);
    uint64_t count = (uint64_t)ybb__cell_number(cells[COUNT]);
    if (state == (int64_t)YBB_JOB_QUEUED)
        stats->queued += count;
    else if (state == (int64_t)YBB_JOB_RUNNING)
        stats->running += count;
    else if (state == (int64_t)YBB_JOB_DONE)
        stats->done += count;
    else if (status == (int64_t)YBB_CANCELLED)
        stats->cancelled += count;
    else if (status == (int64_t)YBB_EXPIRED)
        stats->expired += count;
    else
        stats->failed += count;
}

static ybb_status read_stats(ybb_store_tx *tx, void *context, ybb_error *error)
{
    enum { SUM_COLUMNS = 7, STATE_COLUMNS = 3 };
    static const char states[] = "SELECT state, outcome_status, COUNT(*) FROM ybbexport_jobs"
                                 " GROUP BY state, outcome_status";
    static const char classes[] = "SELECT priority, " RUN_SUMS " FROM ybbexport_runs WHERE utc >= ?"
                                  " GROUP BY priority";
    static const char types[] =
        "SELECT export_type, " RUN_SUMS " FROM ybbexport_runs WHERE utc >= ?"
        " GROUP BY export_type ORDER BY COUNT(*) DESC, export_type LIMIT ?";
    static const char failures[] =
        "SELECT COUNT(*) FROM ybbexport_runs WHERE utc >= ? AND status NOT IN (0, 302)";
    ybb_store_stats *out = context;
    int64_t failed;
    *out = (ybb_store_stats){0};
    ybb_status status = ybb__store_clock(tx, error);
    ybb_value since = ybb__value_number(tx->time - microseconds_per_week);
    if (status == YBB_OK)
        status = read_rows(tx, states, NULL, 0, STATE_COLUMNS, take_state, out, error);
    if (status == YBB_OK)
        status = read_rows(tx, classes, YBB_VALUES(since), SUM_COLUMNS, take_class, out, error);
    if (status == YBB_OK)
        status = read_rows(tx, types, YBB_VALUES(since, ybb__value_number(YBB_STATS_TYPES)),
                           SUM_COLUMNS, take_type, out, error);
    if (status == YBB_OK)
        status = ybb__store_number(tx->store, failures,
                                   YBB_VALUES(ybb__value_number(tx->time - microseconds_per_hour)),
                                   &failed, error);
    if (status == YBB_OK)
        out->failures_last_hour = (uint64_t)failed;
    return status;
}

ybb_status ybb__jobstore_stats(ybb_jobstore *store, ybb_store_stats *out, ybb_error *error)
{
    return ybb__store_read(store, read_stats, out, error);
}

/* --- speed --- */

typedef struct speed_wish {
    const char *type, *format, *template_name;
    double *out;
    double records, seconds;
} speed_wish;

static void take_speed(void *out, const ybb_cell *cells)
{
    enum { RECORDS, PROCESSING };
    speed_wish *wish = out;
    wish->records = (double)ybb__cell_number(cells[RECORDS]);
    wish->seconds = (double)ybb__cell_number(cells[PROCESSING]) / (double)microseconds_per_second;
}

/* The time of smaller exports is mostly that of their begin and end. */
#define SPEED_OF(where)                                                                            \
    "SELECT SUM(r.records), SUM(r.processing) FROM (SELECT records, processing FROM "              \
    "ybbexport_runs"                                                                               \
    " WHERE status = 0 AND processing > 0 AND records >= 500" where                                \
    " ORDER BY number DESC LIMIT 20) r"

static ybb_status read_speed(ybb_store_tx *tx, void *context, ybb_error *error)
{
    static const char of_all_three[] =
        SPEED_OF(" AND export_type = ? AND format = ? AND template_name = ?");
    static const char of_type[] = SPEED_OF(" AND export_type = ?");
    static const char of_any[] = SPEED_OF("");
    speed_wish *wish = context;
    wish->records = wish->seconds = 0;
    ybb_value type = ybb__value_text(wish->type);
    ybb_status status = read_rows(
        tx, of_all_three,
        YBB_VALUES(type, ybb__value_text(wish->format), ybb__value_text(wish->template_name)), 2,
        take_speed, wish, error);
    if (status == YBB_OK && wish->records == 0)
        status = read_rows(tx, of_type, YBB_VALUES(type), 2, take_speed, wish, error);
    if (status == YBB_OK && wish->records == 0)
        status = read_rows(tx, of_any, NULL, 0, 2, take_speed, wish, error);
    *wish->out = wish->seconds > 0 ? wish->records / wish->seconds : 0;
    return status;
}

ybb_status ybb__jobstore_speed(ybb_jobstore *store, const char *type, const char *format,
                               const char *template_name, double *records_a_second,
                               ybb_error *error)
{
    speed_wish wish = {
        .type = type, .format = format, .template_name = template_name, .out = records_a_second};
    *records_a_second = 0;
    return ybb__store_read(store, read_speed, &wish, error);
}
