/* The job store for those who ask for exports: records, whose they are, the queue. */
#include "store_bed.h"

/* ---- records ---- */

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void a_record_is_read_back_as_it_was_inserted_on(bed *b)
{
    enum { LONG = 300000 };
    char *request = malloc(LONG + 1);
    ybb_admission admission;
    CU_ASSERT_PTR_NOT_NULL_FATAL(request);
    memset(request, 'x', LONG);
    request[LONG] = '\0';
    ybb_job job = {.priority = YBB_NORMAL,
                   .owner = "admin \xf0\x9f\x98\x80 '; --",
                   .idempotency_key = "key 1",
                   .request_json = request,
                   .export_type = "participants",
                   .format = "excel",
                   .template_name = "",
                   .filters_json = "{\"a\":\"\xc3\xa9\"}",
                   .warnings_json = "[1]",
                   .estimated_records = 12345678901,
                   .retention_days = 9,
                   .created_at = 1700000000123456};
    id_of(7, job.id);
    WELL(ybb__jobstore_insert(b->store, &job, false, &admission, &error_));
    CU_ASSERT_EQUAL(admission.queue_position, 1);
    ybb_job read = load_job(b, 7);
    CU_ASSERT_STRING_EQUAL(read.id, job.id);
    CU_ASSERT_TRUE(same_text(read.owner, job.owner));
    CU_ASSERT_TRUE(same_text(read.idempotency_key, job.idempotency_key));
    CU_ASSERT_TRUE(same_text(read.request_json, request));
    CU_ASSERT_TRUE(same_text(read.export_type, "participants"));
    CU_ASSERT_TRUE(same_text(read.format, "excel"));
    CU_ASSERT_TRUE(same_text(read.template_name, ""));
    CU_ASSERT_TRUE(same_text(read.filters_json, job.filters_json));
    CU_ASSERT_TRUE(same_text(read.warnings_json, "[1]"));
    CU_ASSERT_PTR_NULL(read.consistency);
    CU_ASSERT_EQUAL(read.state, YBB_JOB_QUEUED);
    CU_ASSERT_EQUAL(read.priority, YBB_NORMAL);
    CU_ASSERT_EQUAL(read.estimated_records, 12345678901);
    CU_ASSERT_EQUAL(read.retention_days, 9);
    CU_ASSERT_EQUAL(read.created_at, 1700000000123456);
    CU_ASSERT_EQUAL(read.outcome.status, YBB_OK);
    CU_ASSERT_FALSE(read.planned);
    CU_ASSERT_EQUAL(read.attempts, 0);
    CU_ASSERT_EQUAL(read.queue_position, 1);
    CU_ASSERT_EQUAL(read.started_at, 0);
    ybb__job_release(&read);
    free(request);
}

static void a_record_is_read_back_as_it_was_inserted(void)
{
    each_store(a_record_is_read_back_as_it_was_inserted_on);
}

static void what_the_owner_tells_is_shown_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease;
    ybb_job_progress progress = {.stage = YBB_STAGE_COMPRESSION,
                                 .records_processed = 150,
                                 .current_chunk = 2,
                                 .archive_part = 0.25,
                                 .memory_peak = UINT64_C(5000000000)};
    ybb_delivery delivery = {.records = 200,
                             .priority = YBB_HIGH,
                             .strategy = YBB_MULTI_FILE,
                             .compression = YBB_COMPRESSION_ZIP,
                             .archive = true,
                             .chunk_size = 100,
                             .files = 2,
                             .rows_per_sheet = UINT64_MAX,
                             .timeout_seconds = 900,
                             .long_sheet = true,
                             .grouped = true};
    bool cancel = true;
    insert_job(b, 1, YBB_HIGH);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    WELL(ybb__jobstore_planned(w.store, &lease, &delivery, "snapshot", 0, &error_));
    WELL(ybb__jobstore_progress(w.store, &lease, &progress, &cancel, &error_));
    CU_ASSERT_FALSE(cancel);
    WELL(tell_file(&w, &lease, 2, &error_));
    WELL(tell_file(&w, &lease, 1, &error_));
    ybb_job_file archive = new_file(0, 0);
    archive.name = "all.zip";
    archive.last_key = NULL;
    WELL(ybb__jobstore_file(w.store, &lease, &archive, &error_));
    ybb_job job = load_job(b, 1);
    CU_ASSERT_EQUAL(job.state, YBB_JOB_RUNNING);
    CU_ASSERT_TRUE(job.planned);
    CU_ASSERT_EQUAL(job.delivery.records, 200);
    CU_ASSERT_EQUAL(job.delivery.priority, YBB_HIGH);
    CU_ASSERT_EQUAL(job.delivery.strategy, YBB_MULTI_FILE);
    CU_ASSERT_EQUAL(job.delivery.compression, YBB_COMPRESSION_ZIP);
    CU_ASSERT_TRUE(job.delivery.archive);
    CU_ASSERT_EQUAL(job.delivery.chunk_size, 100);
    CU_ASSERT_EQUAL(job.delivery.files, 2);
    CU_ASSERT_EQUAL(job.delivery.rows_per_sheet, UINT64_MAX);
    CU_ASSERT_EQUAL(job.delivery.timeout_seconds, 900);
    CU_ASSERT_TRUE(job.delivery.long_sheet);
    CU_ASSERT_TRUE(job.delivery.grouped);
    CU_ASSERT_TRUE(same_text(job.consistency, "snapshot"));
    CU_ASSERT_EQUAL(job.stage, YBB_STAGE_COMPRESSION);
    CU_ASSERT_EQUAL(job.records_processed, 150);
    CU_ASSERT_EQUAL(job.current_chunk, 2);
    CU_ASSERT_EQUAL(job.archive_part, 0.25);
    CU_ASSERT_EQUAL(job.memory_peak, UINT64_C(5000000000));
    CU_ASSERT_EQUAL(job.attempts, 1);
    CU_ASSERT_NOT_EQUAL(job.started_at, 0);
    CU_ASSERT_EQUAL_FATAL(job.file_count, 2);
    for (uint32_t i = 0; i < 2; i++) {
        CU_ASSERT_EQUAL(job.files[i].number, i + 1);
        CU_ASSERT_TRUE(same_text(job.files[i].name, "a file.xlsx"));
        CU_ASSERT_TRUE(same_text(job.files[i].last_key, "17"));
        CU_ASSERT_EQUAL(job.files[i].bytes, 100000);
        CU_ASSERT_EQUAL(job.files[i].content_bytes, 200000);
        CU_ASSERT_EQUAL(job.files[i].first_record, 1);
        CU_ASSERT_EQUAL(job.files[i].records, 100);
        CU_ASSERT_EQUAL(job.files[i].crc32, 0xfedcba98);
        CU_ASSERT_EQUAL(strspn(job.files[i].sha256, "a"), 64);
    }
    CU_ASSERT_TRUE(same_text(job.archive.name, "all.zip"));
    CU_ASSERT_PTR_NULL(job.archive.last_key);
    ybb__job_release(&job);
    ybb_error outcome = {0};
    (void)ybb__fail(&outcome, YBB_SOURCE_LOST, "the database \xc3\xa9 went away");
    ybb__error_blame(&outcome, "filters.limit", "\"x\"", "a number", "limit");
    WELL(ybb__jobstore_end(w.store, &lease, &outcome, 12.5, 1800000000000000, "[2]", &error_));
    job = load_job(b, 1);
    CU_ASSERT_EQUAL(job.state, YBB_JOB_FAILED);
    CU_ASSERT_EQUAL(job.outcome.status, YBB_SOURCE_LOST);
    CU_ASSERT_STRING_EQUAL(job.outcome.message, "the database \xc3\xa9 went away");
    CU_ASSERT_STRING_EQUAL(job.outcome.field, "filters.limit");
    CU_ASSERT_STRING_EQUAL(job.outcome.value, "\"x\"");
    CU_ASSERT_STRING_EQUAL(job.outcome.allowed, "a number");
    CU_ASSERT_STRING_EQUAL(job.outcome.suggestion, "limit");
    CU_ASSERT_EQUAL(job.processing_seconds, 12.5);
    CU_ASSERT_EQUAL(job.expires_at, 1800000000000000);
    CU_ASSERT_NOT_EQUAL(job.ended_at, 0);
    CU_ASSERT_TRUE(same_text(job.warnings_json, "[2]"));
    CU_ASSERT_EQUAL(job.file_count, 2); /* for a resume */
    ybb__job_release(&job);
    end_worker(&w);
}

static void what_the_owner_tells_is_shown(void)
{
    each_store(what_the_owner_tells_is_shown_on);
}

static void a_claim_brings_the_record_with_its_files_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease;
    ybb_job job = {0};
    bool none;
    insert_job(b, 1, YBB_LOW);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    WELL(tell_plan(&w, &lease, 1000, &error_));
    WELL(tell_file(&w, &lease, 1, &error_));
    WELL(ybb__jobstore_release(w.store, &lease, 0, NULL, NULL, &error_));
    WELL(ybb__jobstore_claim(w.store, w.token, NULL, &lease, &job, &none, &error_));
    CU_ASSERT_FALSE(none);
    CU_ASSERT_EQUAL(job.state, YBB_JOB_RUNNING);
    CU_ASSERT_TRUE(job.planned);
    CU_ASSERT_EQUAL(job.attempts, 2);
    CU_ASSERT_EQUAL(job.file_count, 1);
    CU_ASSERT_PTR_NOT_NULL(job.request_json);
    ybb__job_release(&job);
    end_worker(&w);
}

static void a_claim_brings_the_record_with_its_files(void)
{
    each_store(a_claim_brings_the_record_with_its_files_on);
}

static void a_file_told_again_takes_the_place_of_the_first_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease;
    insert_job(b, 1, YBB_HIGH);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    ybb_job_file file = new_file(1, 100);
    WELL(ybb__jobstore_file(w.store, &lease, &file, &error_));
    WELL(ybb__jobstore_file(w.store, &lease, &file, &error_));
    file.records = 50;
    file.name = "b.xlsx";
    WELL(ybb__jobstore_file(w.store, &lease, &file, &error_));
    ybb_job job = load_job(b, 1);
    CU_ASSERT_EQUAL_FATAL(job.file_count, 1);
    CU_ASSERT_EQUAL(job.files[0].records, 50);
    CU_ASSERT_STRING_EQUAL(job.files[0].name, "b.xlsx");
    ybb__job_release(&job);
    end_worker(&w);
}

static void a_file_told_again_takes_the_place_of_the_first(void)
{
    each_store(a_file_told_again_takes_the_place_of_the_first_on);
}

static void what_is_damaged_is_an_error_on(bed *b)
{
    ybb_job job = {0};
    insert_job(b, 1, YBB_HIGH);
    do_sql(b, "UPDATE ybbexport_jobs SET state = 4");
    GIVES(YBB_STORE_ERROR, ybb__jobstore_load(b->store, ID(1), NULL, &job, &error_));
    CU_ASSERT_PTR_NULL(job.request_json);
    do_sql(b, "UPDATE ybbexport_jobs SET state = 0, priority = -1");
    GIVES(YBB_STORE_ERROR, ybb__jobstore_load(b->store, ID(1), NULL, &job, &error_));
    do_sql(b, "DELETE FROM ybbexport_store");
    GIVES(YBB_STORE_ERROR, ybb__jobstore_check(b->store, &error_));
}

static void what_is_damaged_is_an_error(void)
{
    each_store(what_is_damaged_is_an_error_on);
}

/* ---- whose export it is ---- */

static void another_owners_export_does_not_exist_on(bed *b)
{
    static const char *const others[] = {"bob", "Ann", "ann ", "", "an"};
    ybb_job job = {0};
    worker w = begin_worker(b);
    ybb_lease lease;
    insert_owned(b, 1, "ann");
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        GIVES(YBB_NOT_FOUND, ybb__jobstore_load(b->store, ID(1), others[i], &job, &error_));
        GIVES(YBB_NOT_FOUND, ybb__jobstore_cancel(b->store, ID(1), others[i], &error_));
        GIVES(YBB_NOT_FOUND, ybb__jobstore_remove(b->store, ID(1), others[i], &error_));
        GIVES(YBB_NOT_FOUND, ybb__jobstore_resume(b->store, ID(1), others[i], NULL, &error_));
    }
    CU_ASSERT_EQUAL(state_of(b, 1), YBB_JOB_QUEUED);
    CU_ASSERT_TRUE(claim_job(&w, 1, &lease));
    GIVES(YBB_NOT_FOUND, ybb__jobstore_cancel(b->store, ID(1), "bob", &error_));
    GIVES(YBB_NOT_FOUND, ybb__jobstore_remove(b->store, ID(1), "bob", &error_));
    job = load_job(b, 1);
    CU_ASSERT_FALSE(job.cancel_wanted);
    ybb__job_release(&job);
    WELL(ybb__jobstore_load(b->store, ID(1), "ann", &job, &error_));
    CU_ASSERT_STRING_EQUAL(job.owner, "ann");
    ybb__job_release(&job);
    WELL(ybb__jobstore_cancel(b->store, ID(1), "ann", &error_));
    end_worker(&w);
    WELL(ybb__jobstore_remove(b->store, ID(1), "ann", &error_));
    GIVES(YBB_NOT_FOUND, ybb__jobstore_load(b->store, ID(1), "ann", &job, &error_));
}

static void another_owners_export_does_not_exist(void)
{
    each_store(another_owners_export_does_not_exist_on);
}

static void what_is_unknown_is_not_found_on(bed *b)
{
    char id[2 * YBB_ID_TEXT];
    ybb_job job = {0};
    static const char *const strange[] = {"", "exp_", "x' OR '1'='1", "%"};
    for (size_t i = 0; i < sizeof(strange) / sizeof(strange[0]); i++)
        GIVES(YBB_NOT_FOUND, ybb__jobstore_load(b->store, strange[i], NULL, &job, &error_));
    insert_job(b, 1, YBB_HIGH);
    snprintf(id, sizeof(id), "%s ", ID(1)); /* some databases compare texts without such blanks */
    GIVES(YBB_NOT_FOUND, ybb__jobstore_load(b->store, id, NULL, &job, &error_));
    GIVES(YBB_NOT_FOUND, ybb__jobstore_remove(b->store, id, NULL, &error_));
    WELL(ybb__jobstore_load(b->store, ID(1), NULL, &job, &error_));
    ybb__job_release(&job);
}

static void what_is_unknown_is_not_found(void)
{
    each_store(what_is_unknown_is_not_found_on);
}

/* ---- asking twice ---- */

static void insert_as(bed *b, ybb_job *job, unsigned number, const char *joined)
{
    ybb_admission admission;
    id_of(number, job->id);
    WELL(ybb__jobstore_insert(b->store, job, false, &admission, &error_));
    CU_ASSERT_STRING_EQUAL(admission.joined, joined);
}

static void the_same_request_joins_the_one_that_runs_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease;
    ybb_job job = {.owner = "ann", .request_json = "{\"a\":1}"};
    insert_as(b, &job, 1, "");
    insert_as(b, &job, 2, ID(1));
    job.request_json = "{\"a\":2}";
    insert_as(b, &job, 3, "");
    job.request_json = "{\"a\":1}";
    job.owner = "ann ";
    insert_as(b, &job, 4, "");
    job.owner = NULL;
    insert_as(b, &job, 5, "");
    job.owner = "";
    insert_as(b, &job, 6, ID(5));
    job.owner = "ann";
    CU_ASSERT_TRUE(claim_job(&w, 1, &lease));
    insert_as(b, &job, 7, ID(1));
    WELL(ybb__jobstore_cancel(b->store, ID(1), NULL, &error_));
    insert_as(b, &job, 8, ""); /* nobody wants to join what is being cancelled */
    insert_as(b, &job, 9, ID(8));
    CU_ASSERT_TRUE(claim_job(&w, 8, &lease));
    end_job(&w, &lease);
    insert_as(b, &job, 10, "");
    job.on_demand = true; /* a stream is read by one alone */
    job.request_json = "{\"stream\":1}";
    insert_as(b, &job, 11, "");
    insert_as(b, &job, 12, "");
    end_worker(&w);
}

static void the_same_request_joins_the_one_that_runs(void)
{
    each_store(the_same_request_joins_the_one_that_runs_on);
}

static void a_key_gives_its_export_back_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease;
    ybb_job job = {.owner = "ann", .idempotency_key = "k", .request_json = "{}"};
    insert_as(b, &job, 1, "");
    job.request_json = "{\"other\":1}";
    insert_as(b, &job, 2, ID(1));
    job.idempotency_key = "k ";
    insert_as(b, &job, 3, "");
    job.idempotency_key = "k";
    job.owner = "bob";
    insert_as(b, &job, 4, "");
    job.owner = "ann";
    CU_ASSERT_TRUE(claim_job(&w, 1, &lease));
    insert_as(b, &job, 5, ID(1));
    end_job(&w, &lease);
    insert_as(b, &job, 6, ID(1)); /* done */
    /* the key of one that joined is as good */
    job = (ybb_job){.owner = "ann", .request_json = "{\"third\":1}"};
    insert_as(b, &job, 7, "");
    job.idempotency_key = "late";
    insert_as(b, &job, 8, ID(7));
    CU_ASSERT_TRUE(claim_job(&w, 7, &lease));
    end_job(&w, &lease);
    insert_as(b, &job, 9, ID(7));
    job = (ybb_job){.idempotency_key = "k", .request_json = "{\"fourth\":1}"};
    insert_as(b, &job, 10, "");
    insert_as(b, &job, 11, ID(10));
    CU_ASSERT_TRUE(claim_job(&w, 10, &lease));
    WELL(ybb__jobstore_cancel(b->store, ID(10), NULL, &error_));
    insert_as(b, &job, 12, ""); /* instead of one that is being cancelled */
    insert_as(b, &job, 13, ID(12));
    end_worker(&w);
}

static void a_key_gives_its_export_back(void)
{
    each_store(a_key_gives_its_export_back_on);
}

static void a_key_leaves_an_export_that_failed_on(bed *b)
{
    ybb_job job = {
        .owner = "ann", .idempotency_key = "k", .request_json = "{}", .retention_days = 1};
    insert_as(b, &job, 1, "");
    WELL(ybb__jobstore_cancel(b->store, ID(1), NULL, &error_));
    insert_as(b, &job, 2, "");
    insert_as(b, &job, 3, ID(2));
    ybb_job old = load_job(b, 1);
    CU_ASSERT_PTR_NULL(old.idempotency_key);
    ybb__job_release(&old);
    /* one whose time is over has failed too, even before it is swept */
    do_sql(b, "UPDATE ybbexport_jobs SET state = 2, expires_at = 1 WHERE state = 0");
    insert_as(b, &job, 4, "");
}

static void a_key_leaves_an_export_that_failed(void)
{
    each_store(a_key_leaves_an_export_that_failed_on);
}

static void what_cannot_be_stored_is_refused_on(bed *b)
{
    char text[257];
    ybb_admission admission;
    memset(text, 'k', 256);
    text[256] = '\0';
    ybb_job job = new_job(1, YBB_HIGH);
    job.owner = text;
    GIVES(YBB_INVALID_VALUE, ybb__jobstore_insert(b->store, &job, false, &admission, &error_));
    job.owner = NULL;
    job.idempotency_key = text;
    GIVES(YBB_INVALID_VALUE, ybb__jobstore_insert(b->store, &job, false, &admission, &error_));
    text[255] = '\0';
    WELL(ybb__jobstore_insert(b->store, &job, false, &admission, &error_));
    job = new_job(1, YBB_HIGH);
    GIVES(YBB_MISUSE, ybb__jobstore_insert(b->store, &job, false, &admission, &error_));
    strcpy(job.id, "exp_1");
    GIVES(YBB_MISUSE, ybb__jobstore_insert(b->store, &job, false, &admission, &error_));
    job = new_job(2, YBB_PRIORITIES);
    GIVES(YBB_MISUSE, ybb__jobstore_insert(b->store, &job, false, &admission, &error_));
}

static void what_cannot_be_stored_is_refused(void)
{
    each_store(what_cannot_be_stored_is_refused_on);
}

/* ---- the queue ---- */

static void a_full_queue_says_when_to_try_again_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease;
    ybb_admission admission = {0};
    b->queue.max_queue_size = 2;
    insert_job(b, 1, YBB_HIGH);
    insert_job(b, 2, YBB_HIGH);
    ybb_job job = new_job(3, YBB_HIGH);
    GIVES(YBB_QUEUE_FULL, ybb__jobstore_insert(b->store, &job, false, &admission, &error_));
    CU_ASSERT_TRUE(admission.retry_seconds >= 1);
    ybb_error error = {0};
    (void)ybb__jobstore_insert(b->store, &job, false, &admission, &error);
    CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "seconds"));
    job = new_job(2, YBB_HIGH); /* whoever asks for what waits already is not refused */
    id_of(4, job.id);
    WELL(ybb__jobstore_insert(b->store, &job, false, &admission, &error_));
    CU_ASSERT_STRING_EQUAL(admission.joined, ID(2));
    job = new_job(5, YBB_IMMEDIATE);
    WELL(ybb__jobstore_insert(b->store, &job, true, &admission, &error_));
    CU_ASSERT_TRUE(claim_job(&w, 5, &lease));
    /* what runs does not wait */
    CU_ASSERT_TRUE(claim_job(&w, 1, &lease));
    insert_job(b, 6, YBB_HIGH);
    WELL(end_job_as(&w, &lease, YBB_TIMEOUT, &error_));
    GIVES(YBB_QUEUE_FULL, ybb__jobstore_resume(b->store, ID(1), NULL, &admission, &error_));
    CU_ASSERT_TRUE(admission.retry_seconds >= 1);
    CU_ASSERT_EQUAL(state_of(b, 1), YBB_JOB_FAILED);
    /* streams wait for their readers, not in the queue */
    job = new_job(7, YBB_HIGH);
    job.on_demand = true;
    job.retention_days = 1;
    WELL(ybb__jobstore_insert(b->store, &job, true, &admission, &error_));
    WELL(ybb__jobstore_cancel(b->store, ID(7), NULL, &error_));
    WELL(ybb__jobstore_resume(b->store, ID(7), NULL, &admission, &error_));
    WELL(ybb__jobstore_cancel(b->store, ID(6), NULL, &error_));
    WELL(ybb__jobstore_resume(b->store, ID(1), NULL, &admission, &error_));
    end_worker(&w);
}

static void a_full_queue_says_when_to_try_again(void)
{
    each_store(a_full_queue_says_when_to_try_again_on);
}

static void the_wait_follows_from_how_long_exports_take_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease;
    ybb_admission admission = {0};
    b->queue.max_queue_size = 1;
    insert_job(b, 1, YBB_LOW);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    ybb_error outcome = {0};
    WELL(ybb__jobstore_end(w.store, &lease, &outcome, 120, 0, NULL, &error_));
    insert_job(b, 2, YBB_LOW);
    ybb_job job = new_job(3, YBB_LOW);
    GIVES(YBB_QUEUE_FULL, ybb__jobstore_insert(b->store, &job, false, &admission, &error_));
    CU_ASSERT_EQUAL(admission.retry_seconds, 120);
    end_worker(&w);
}

static void the_wait_follows_from_how_long_exports_take(void)
{
    each_store(the_wait_follows_from_how_long_exports_take_on);
}

static void the_order_is_by_class_then_by_age_on(bed *b)
{
    static const unsigned order[] = {4, 6, 3, 5, 2, 7, 1};
    worker w = begin_worker(b);
    ybb_lease lease;
    insert_job(b, 1, YBB_LOW);
    insert_job(b, 2, YBB_NORMAL);
    insert_job(b, 3, YBB_HIGH);
    insert_job(b, 4, YBB_IMMEDIATE);
    insert_job(b, 5, YBB_HIGH);
    insert_job(b, 6, YBB_IMMEDIATE);
    insert_job(b, 7, YBB_NORMAL);
    for (unsigned i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        for (unsigned j = i; j < sizeof(order) / sizeof(order[0]); j++)
            CU_ASSERT_EQUAL(position_of(b, order[j]), j - i + 1);
        CU_ASSERT_EQUAL(claim_any(&w, &lease), order[i]);
        CU_ASSERT_EQUAL(position_of(b, order[i]), 0);
    }
    CU_ASSERT_EQUAL(claim_any(&w, &lease), -1);
    end_worker(&w);
}

static void the_order_is_by_class_then_by_age(void)
{
    each_store(the_order_is_by_class_then_by_age_on);
}

static void a_wall_clock_that_jumps_changes_no_order_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease;
    ybb_admission admission;
    for (unsigned i = 1; i <= 3; i++) {
        ybb_job job = new_job(i, YBB_HIGH);
        job.created_at = 1000 - i;
        WELL(ybb__jobstore_insert(b->store, &job, false, &admission, &error_));
    }
    for (unsigned i = 1; i <= 3; i++)
        CU_ASSERT_EQUAL(claim_any(&w, &lease), i);
    end_worker(&w);
}

static void a_wall_clock_that_jumps_changes_no_order(void)
{
    each_store(a_wall_clock_that_jumps_changes_no_order_on);
}

static void a_class_runs_no_more_than_its_limit_on(bed *b)
{
    static const unsigned limits[] = {2, 1, 2, 1};
    enum { EACH = 4 };
    worker w = begin_worker(b), other = begin_worker(b);
    ybb_lease leases[16], lease;
    unsigned count = 0;
    for (unsigned class = 0; class < YBB_PRIORITIES; class ++) {
        b->queue.concurrent[class] = limits[class];
        for (unsigned i = 0; i < EACH; i++)
            insert_job(b, 10 * class + i, (ybb_priority) class);
    }
    /* 2 immediate, 1 high, 2 normal, 1 low */
    while (count < 16 && claim_any(count % 2 == 0 ? &w : &other, &leases[count]) >= 0)
        count++;
    CU_ASSERT_EQUAL(count, 6);
    for (unsigned class = 0; class < YBB_PRIORITIES; class ++)
        for (unsigned i = 0; i < EACH; i++)
            CU_ASSERT_EQUAL(state_of(b, 10 * class + i),
                            i < limits[class] ? YBB_JOB_RUNNING : YBB_JOB_QUEUED);
    CU_ASSERT_FALSE(claim_job(&w, 12, &lease)); /* asking for one does not help */
    end_job(&other, &leases[1]);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 2);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), -1);
    end_worker(&other);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 20);
    end_worker(&w);
}

static void a_class_runs_no_more_than_its_limit(void)
{
    each_store(a_class_runs_no_more_than_its_limit_on);
}

static void normal_and_low_share_a_limit_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease low, normal, lease;
    b->settings.max_concurrent_large = 2;
    ybb__jobstore_free(w.store);
    w = begin_worker(b);
    insert_job(b, 1, YBB_LOW);
    CU_ASSERT_EQUAL(claim_any(&w, &low), 1);
    for (unsigned i = 2; i <= 4; i++)
        insert_job(b, i, YBB_NORMAL);
    CU_ASSERT_EQUAL(claim_any(&w, &normal), 2);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), -1);
    insert_job(b, 5, YBB_HIGH);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 5);
    end_job(&w, &low);
    CU_ASSERT_EQUAL(claim_any(&w, &low), 3);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), -1);
    end_worker(&w);
    CU_ASSERT_EQUAL(ask_sql(b, "SELECT COUNT(*) FROM ybbexport_places WHERE job <> 0"), 0);
}

static void normal_and_low_share_a_limit(void)
{
    each_store(normal_and_low_share_a_limit_on);
}

/* ---- cancelling, resuming, removing ---- */

static void a_queued_job_is_cancelled_at_once_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease;
    insert_job(b, 1, YBB_HIGH);
    WELL(ybb__jobstore_cancel(b->store, ID(1), NULL, &error_));
    CU_ASSERT_EQUAL(state_of(b, 1), YBB_JOB_FAILED);
    CU_ASSERT_EQUAL(outcome_of(b, 1), YBB_CANCELLED);
    ybb_job job = load_job(b, 1);
    CU_ASSERT_EQUAL(job.expires_at, job.ended_at + INT64_C(7 * 86400000000));
    ybb__job_release(&job);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), -1);
    WELL(ybb__jobstore_cancel(b->store, ID(1), NULL, &error_));
    end_worker(&w);
}

static void a_queued_job_is_cancelled_at_once(void)
{
    each_store(a_queued_job_is_cancelled_at_once_on);
}

static void the_owner_of_a_running_job_learns_that_it_is_cancelled_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease;
    bool cancel = true;
    insert_job(b, 1, YBB_HIGH);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    WELL(tell_progress(&w, &lease, 1, &cancel, &error_));
    CU_ASSERT_FALSE(cancel);
    WELL(ybb__jobstore_cancel(b->store, ID(1), NULL, &error_));
    CU_ASSERT_EQUAL(state_of(b, 1), YBB_JOB_RUNNING);
    WELL(tell_progress(&w, &lease, 2, &cancel, &error_));
    CU_ASSERT_TRUE(cancel);
    WELL(end_job_as(&w, &lease, YBB_CANCELLED, &error_));
    CU_ASSERT_EQUAL(outcome_of(b, 1), YBB_CANCELLED);
    /* and an owner that leaves or dies leaves nothing to do */
    insert_job(b, 2, YBB_HIGH);
    insert_job(b, 3, YBB_HIGH);
    insert_job(b, 4, YBB_HIGH);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 2);
    WELL(ybb__jobstore_cancel(b->store, ID(2), NULL, &error_));
    bool ended = false;
    WELL(ybb__jobstore_release(w.store, &lease, 0, NULL, &ended, &error_));
    CU_ASSERT_TRUE(ended);
    CU_ASSERT_EQUAL(outcome_of(b, 2), YBB_CANCELLED);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 3);
    WELL(ybb__jobstore_cancel(b->store, ID(3), NULL, &error_));
    end_worker(&w);
    CU_ASSERT_EQUAL(outcome_of(b, 3), YBB_CANCELLED);
    w = begin_worker(b);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 4);
    WELL(ybb__jobstore_cancel(b->store, ID(4), NULL, &error_));
    silence(b, &w);
    worker other = begin_worker(b);
    CU_ASSERT_EQUAL(claim_any(&other, &lease), -1);
    CU_ASSERT_EQUAL(outcome_of(b, 4), YBB_CANCELLED);
    end_worker(&w);
    /* of one that has died already, it ends at once */
    insert_job(b, 5, YBB_HIGH);
    CU_ASSERT_EQUAL(claim_any(&other, &lease), 5);
    silence(b, &other);
    WELL(ybb__jobstore_cancel(b->store, ID(5), NULL, &error_));
    CU_ASSERT_EQUAL(outcome_of(b, 5), YBB_CANCELLED);
    end_worker(&other);
}

static void the_owner_of_a_running_job_learns_that_it_is_cancelled(void)
{
    each_store(the_owner_of_a_running_job_learns_that_it_is_cancelled_on);
}

static void a_failed_job_is_resumed_from_its_files_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease, old;
    bool cancel;
    ybb_admission admission;
    insert_job(b, 1, YBB_HIGH);
    insert_job(b, 2, YBB_HIGH);
    CU_ASSERT_EQUAL(claim_any(&w, &old), 1);
    WELL(tell_plan(&w, &old, 1000, &error_));
    WELL(tell_file(&w, &old, 1, &error_));
    WELL(tell_file(&w, &old, 2, &error_));
    WELL(tell_progress(&w, &old, 250, &cancel, &error_));
    WELL(end_job_as(&w, &old, YBB_TIMEOUT, &error_));
    WELL(ybb__jobstore_resume(b->store, ID(1), NULL, &admission, &error_));
    CU_ASSERT_EQUAL(admission.queue_position, 2); /* behind those that wait */
    ybb_job job = load_job(b, 1);
    CU_ASSERT_EQUAL(job.state, YBB_JOB_QUEUED);
    CU_ASSERT_EQUAL(job.outcome.status, YBB_OK);
    CU_ASSERT_STRING_EQUAL(job.outcome.message, "");
    CU_ASSERT_EQUAL(job.ended_at, 0);
    CU_ASSERT_EQUAL(job.file_count, 2);
    CU_ASSERT_EQUAL(job.records_processed, 200);
    CU_ASSERT_EQUAL(job.current_chunk, 2);
    CU_ASSERT_EQUAL(ybb__job_percentage(&job), 20);
    ybb__job_release(&job);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 2);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    GIVES(YBB_LEASE_LOST, tell_file(&w, &old, 3, &error_));
    end_job(&w, &lease);
    end_worker(&w);
}

static void a_failed_job_is_resumed_from_its_files(void)
{
    each_store(a_failed_job_is_resumed_from_its_files_on);
}

static void only_a_failed_job_is_resumable_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease;
    insert_job(b, 1, YBB_HIGH);
    GIVES(YBB_NOT_RESUMABLE, ybb__jobstore_resume(b->store, ID(1), NULL, NULL, &error_));
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    GIVES(YBB_NOT_RESUMABLE, ybb__jobstore_resume(b->store, ID(1), NULL, NULL, &error_));
    end_job(&w, &lease);
    GIVES(YBB_NOT_RESUMABLE, ybb__jobstore_resume(b->store, ID(1), NULL, NULL, &error_));
    GIVES(YBB_NOT_FOUND, ybb__jobstore_resume(b->store, ID(9), NULL, NULL, &error_));
    insert_job(b, 2, YBB_HIGH);
    WELL(ybb__jobstore_cancel(b->store, ID(2), NULL, &error_));
    do_sql(b, "UPDATE ybbexport_jobs SET expires_at = 1 WHERE state = 3");
    GIVES(YBB_NOT_RESUMABLE, ybb__jobstore_resume(b->store, ID(2), NULL, NULL, &error_));
    end_worker(&w);
}

static void only_a_failed_job_is_resumable(void)
{
    each_store(only_a_failed_job_is_resumable_on);
}

/* Nobody finds the stream; @w has it when it asks for it by its id. */
static void only_asking_gives_it(worker *w, ybb_lease *lease)
{
    CU_ASSERT_EQUAL(claim_any(w, lease), -1);
    CU_ASSERT_TRUE_FATAL(claim_job(w, 1, lease));
}

static void a_stream_waits_for_its_reader_on(bed *b)
{
    worker w = begin_worker(b), other = begin_worker(b);
    ybb_lease lease, lost;
    ybb_admission admission;
    insert_stream(b, 1);
    only_asking_gives_it(&w, &lost);
    silence(b, &w); /* its reader dies */
    only_asking_gives_it(&other, &lease);
    WELL(ybb__jobstore_release(other.store, &lease, 0, NULL, NULL, &error_));
    only_asking_gives_it(&other, &lease);
    WELL(end_job_as(&other, &lease, YBB_SOURCE_ERROR, &error_));
    WELL(ybb__jobstore_resume(b->store, ID(1), NULL, &admission, &error_));
    CU_ASSERT_EQUAL(admission.queue_position, 0);
    only_asking_gives_it(&other, &lease);
    end_job(&other, &lease);
    end_worker(&other);
    end_worker(&w);
}

static void a_stream_waits_for_its_reader(void)
{
    each_store(a_stream_waits_for_its_reader_on);
}

static void a_removed_job_is_forgotten_on(bed *b)
{
    worker w = begin_worker(b);
    ybb_lease lease;
    bool cancel = false;
    insert_job(b, 1, YBB_HIGH);
    insert_job(b, 2, YBB_HIGH);
    CU_ASSERT_EQUAL(claim_any(&w, &lease), 1);
    WELL(tell_file(&w, &lease, 1, &error_));
    WELL(tell_file(&w, &lease, 0, &error_));
    GIVES(YBB_NOT_READY, ybb__jobstore_remove(b->store, ID(1), NULL, &error_));
    WELL(tell_progress(&w, &lease, 1, &cancel, &error_));
    CU_ASSERT_TRUE(cancel);
    end_job(&w, &lease);
    WELL(ybb__jobstore_remove(b->store, ID(1), NULL, &error_));
    GIVES(YBB_NOT_FOUND, ybb__jobstore_remove(b->store, ID(1), NULL, &error_));
    CU_ASSERT_EQUAL(ask_sql(b, "SELECT COUNT(*) FROM ybbexport_files"), 0);
    WELL(ybb__jobstore_remove(b->store, ID(2), NULL, &error_));
    CU_ASSERT_EQUAL(claim_any(&w, &lease), -1);
    GIVES(YBB_LEASE_LOST, tell_file(&w, &lease, 1, &error_));
    CU_ASSERT_EQUAL(ask_sql(b, "SELECT COUNT(*) FROM ybbexport_jobs"), 0);
    end_worker(&w);
}

static void a_removed_job_is_forgotten(void)
{
    each_store(a_removed_job_is_forgotten_on);
}

static const ybb_test tests[] = {
    TEST(a_record_is_read_back_as_it_was_inserted),
    TEST(what_the_owner_tells_is_shown),
    TEST(a_claim_brings_the_record_with_its_files),
    TEST(a_file_told_again_takes_the_place_of_the_first),
    TEST(what_is_damaged_is_an_error),
    TEST(another_owners_export_does_not_exist),
    TEST(what_is_unknown_is_not_found),
    TEST(the_same_request_joins_the_one_that_runs),
    TEST(a_key_gives_its_export_back),
    TEST(a_key_leaves_an_export_that_failed),
    TEST(what_cannot_be_stored_is_refused),
    TEST(a_full_queue_says_when_to_try_again),
    TEST(the_wait_follows_from_how_long_exports_take),
    TEST(the_order_is_by_class_then_by_age),
    TEST(a_wall_clock_that_jumps_changes_no_order),
    TEST(a_class_runs_no_more_than_its_limit),
    TEST(normal_and_low_share_a_limit),
    TEST(a_queued_job_is_cancelled_at_once),
    TEST(the_owner_of_a_running_job_learns_that_it_is_cancelled),
    TEST(a_failed_job_is_resumed_from_its_files),
    TEST(only_a_failed_job_is_resumable),
    TEST(a_stream_waits_for_its_reader),
    TEST(a_removed_job_is_forgotten),
};

int main(void)
{
    return RUN_TESTS("jobstore", tests);
}
