/*
 * libybbexport: exports of a YBB Web Admin database as XLSX, CSV and PDF files.
 *
 * This is the only installed header. The shapes of requests and answers (JSON) are those of the
 * export specification; docs/ has their schemas. In short:
 *
 *     ybb_config   what an installation says once: source, output folder, limits
 *     ybb_exporter that configuration opened: catalog, job store, thread pool
 *     ybb_export   one export, whoever runs it
 *     ybb_download one of its files
 *     ybb_error    what went wrong, with the field of the request where there is one
 *
 * Ownership: a pointer given through an `out` parameter, and every `char *`, belongs to the caller;
 * a returned `const` pointer is borrowed from the object it came from. Every `_free` takes NULL.
 * Every text is UTF-8 and ends in a NUL.
 *
 * An export lives in the job store and outlives its process: whichever process has the library and
 * the same store goes on with it, behind the last file that was finished. A function that takes an
 * @p owner answers YBB_NOT_FOUND for the exports of other owners (of the request's key "owner");
 * NULL asks for anybody's.
 *
 * Threads: an object may be used by one thread at a time unless its function says otherwise. No
 * thread is started, no descriptor kept open before the first export runs here, so a process may
 * fork freely before. The library's threads block all signals but faults.
 */
#ifndef YBBEXPORT_H
#define YBBEXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define YBB_VERSION_MAJOR 0
#define YBB_VERSION_MINOR 1
#define YBB_VERSION_PATCH 0
/** The version of this header as one number, 10000 * major + 100 * minor + patch. */
#define YBB_VERSION_NUMBER (10000 * YBB_VERSION_MAJOR + 100 * YBB_VERSION_MINOR + YBB_VERSION_PATCH)

#if defined(__GNUC__)
#define YBB_API   __attribute__((visibility("default")))
#define YBB_CHECK __attribute__((warn_unused_result))
#else
#define YBB_API
#define YBB_CHECK
#endif

/**
 * Every status: XX(name, value, retriable, text, help).
 *
 * The one source of enum ybb_status, of spec.md's `error_code` (the name), of the texts and of
 * docs/errors.md. `retriable` is 1 where the same request may succeed later without a change;
 * `help` is what to do about it. Values are never reused; 1-99 the request, 100-199 the source
 * database, 200-299 files, 300-399 jobs, 400-499 mail, 900-999 the process.
 */
#define YBB_STATUS_MAP(XX)                                                                         \
    XX(OK, 0, 0, "success", "nothing")                                                             \
    XX(INVALID_JSON, 1, 0, "the text is not a valid JSON document",                                \
       "mend the text at the line and byte that the message names")                                \
    XX(INVALID_TYPE, 2, 0, "a value has the wrong JSON type",                                      \
       "give details.field a value of the type that details.allowed names")                        \
    XX(INVALID_VALUE, 3, 0, "a value is not one of those allowed",                                 \
       "give details.field a value that details.allowed describes")                                \
    XX(UNKNOWN_KEY, 4, 0, "a key is not known",                                                    \
       "mend the name; details.suggestion is the nearest known one")                               \
    XX(MISSING_KEY, 5, 0, "a required key is missing", "add details.field")                        \
    XX(UNKNOWN_EXPORT_TYPE, 6, 0, "the catalog has no such export type",                           \
       "use one of details.allowed, or describe the type in catalog_dir")                          \
    XX(UNKNOWN_TEMPLATE, 7, 0, "the export type has no such template",                             \
       "use one of details.allowed, or add the template to catalog_dir")                           \
    XX(UNKNOWN_FIELD, 8, 0, "the export type has no such field",                                   \
       "use a field of the export type; the answer about templates lists them")                    \
    XX(UNKNOWN_FILTER, 9, 0, "the export type has no such filter",                                 \
       "use a filter of the export type; the answer about templates lists them")                   \
    XX(UNSUPPORTED, 10, 0, "this build or this version cannot do that",                            \
       "leave it out, or use a version and a build that can do it")                                \
    XX(TOO_LARGE, 11, 0, "the export is larger than its format or the configuration allows",       \
       "use filters or the strategy multi_file, or raise the limit in the configuration")          \
    XX(INVALID_CONFIG, 20, 0, "the configuration is not valid",                                    \
       "mend the key that the message names; docs/configuration.md has all")                       \
    XX(INVALID_CATALOG, 21, 0, "a catalog document is not valid",                                  \
       "mend the document that the message names; docs/catalog.md describes them")                 \
    XX(SOURCE_UNAVAILABLE, 100, 1, "the database cannot be reached",                               \
       "see that the database runs where source says; then try again")                             \
    XX(SOURCE_REFUSED, 101, 0, "the database refuses the user or the password",                    \
       "check the user and the password of source, and its right to read the tables")              \
    XX(SOURCE_SCHEMA, 102, 0, "the database lacks a table or a column",                            \
       "name the installation's tables and columns in a catalog of its own")                       \
    XX(SOURCE_LOST, 103, 1, "the connection to the database broke",                                \
       "try again; where it repeats, read the log of the database's server")                       \
    XX(SOURCE_TIMEOUT, 104, 1, "the database ended a statement that took too long",                \
       "try again at a calmer time, use filters, or raise source_timeout_seconds")                 \
    XX(SOURCE_BUSY, 105, 1, "the database is locked by another transaction",                       \
       "try again when the other transaction has ended")                                           \
    XX(SOURCE_CHANGED, 106, 1, "a table was altered while it was read",                            \
       "try again when the table's change is done")                                                \
    XX(SOURCE_ERROR, 107, 0, "the database reports an error",                                      \
       "look up the database's own number and text in the message")                                \
    XX(SOURCE_SHORT, 108, 1, "the database gave fewer or more rows than it counted",               \
       "try again; where it repeats, have the database check its tables")                          \
    XX(OUTPUT_MISSING, 200, 0, "the output folder does not exist or is no folder",                 \
       "make the folder that out names")                                                           \
    XX(OUTPUT_DENIED, 201, 0, "the output folder may not be written",                              \
       "give the process's user the right to write the folder")                                    \
    XX(OUTPUT_FULL, 202, 1, "there is no space left for the output",                               \
       "free space on the disk, or keep files for fewer days; then try again")                     \
    XX(OUTPUT_ERROR, 203, 1, "the output cannot be written",                                       \
       "check the disk and the process's limits (ulimit -f); then try again")                      \
    XX(OUTPUT_CORRUPT, 204, 1, "a written file did not read back as it was written",               \
       "check the disk and the machine's memory; then try again")                                  \
    XX(NOT_FOUND, 300, 0, "there is no such export",                                               \
       "check the export id; the records of long expired exports are gone")                        \
    XX(NOT_READY, 301, 1, "the export has not finished", "ask again later")                        \
    XX(CANCELLED, 302, 0, "the export was cancelled",                                              \
       "start the export again if it is still wanted")                                             \
    XX(EXPIRED, 303, 0, "the export's files have expired",                                         \
       "start the export again; retention_days keeps its files for longer")                        \
    XX(QUEUE_FULL, 304, 1, "the queue is full",                                                    \
       "try again when fewer exports wait, or raise queue_config.max_queue_size")                  \
    XX(TIMEOUT, 305, 0, "the export took longer than its time limit",                              \
       "use filters or smaller chunks, or raise max_processing_time_minutes")                      \
    XX(STORE_ERROR, 306, 1, "the job store reports an error",                                      \
       "check the database that store names; then try again")                                      \
    XX(LEASE_LOST, 307, 1, "another process may have taken the export over",                       \
       "ask for the export's status: another process goes on with it")                             \
    XX(NOT_RESUMABLE, 308, 0, "the export is in no state to be resumed", "start the export anew")  \
    XX(OWNER_DIED, 309, 0, "the processes that carried the export out ended too often",            \
       "find what ends the processes, such as a limit on memory; then start it anew")              \
    XX(LINK_INVALID, 310, 0, "the link's signature is not valid",                                  \
       "use the link as it was given, or have a new one made")                                     \
    XX(LINK_EXPIRED, 311, 0, "the link's time is over", "have a new link made")                    \
    XX(OWNER_LIMIT, 312, 1, "the owner has as many unfinished exports as one may have",            \
       "try again when one of them has ended, or raise queue_config.max_unfinished_per_owner")     \
    XX(MAIL_UNAVAILABLE, 400, 1, "the mail server cannot be used",                                 \
       "see that the mail server runs where mail.server says, and answers in time")                \
    XX(MAIL_DEFERRED, 401, 1, "the mail server puts the e-mail off",                               \
       "wait: it is tried again with growing pauses")                                              \
    XX(MAIL_REFUSED, 402, 0, "the mail server refuses the e-mail",                                 \
       "look the server's code up in its log; check mail.user, mail.password and mail.from")       \
    XX(MAIL_INSECURE, 403, 1, "the connection to the mail server cannot be trusted",               \
       "check the server's certificate and STARTTLS, and what mail.ca_file trusts")                \
    XX(NO_MEMORY, 900, 1, "memory is exhausted",                                                   \
       "free memory, or lower max_memory_usage_gb and threads; then try again")                    \
    XX(MEMORY_LIMIT, 901, 0, "the export needs more memory than its limit",                        \
       "use filters, sort by id, or raise memory_limit")                                           \
    XX(FORKED, 902, 0, "the object belongs to the parent process",                                 \
       "open an exporter in the process that uses it")                                             \
    XX(MISUSE, 903, 0, "a function was called with arguments it does not take",                    \
       "mend the calling program; ybbexport.h says what the function takes")                       \
    XX(INTERNAL, 904, 0, "an internal error", "report it, with the request and the message")

/** The outcome of a call. */
typedef enum ybb_status {
#define YBB_STATUS_ENUM(name, value, retriable, text, help) YBB_##name = (value),
    YBB_STATUS_MAP(YBB_STATUS_ENUM)
#undef YBB_STATUS_ENUM
} ybb_status;

typedef struct ybb_config ybb_config;
typedef struct ybb_download ybb_download;
typedef struct ybb_error ybb_error;
typedef struct ybb_export ybb_export;
typedef struct ybb_exporter ybb_exporter;

/** The version of the library that is loaded, as text ("0.1.0") and as YBB_VERSION_NUMBER. */
YBB_API const char *ybb_version(void);
YBB_API int ybb_version_number(void);

/** Libraries of others that do a part of the work. */
typedef enum ybb_library {
    YBB_LIBRARY_MYSQL,  /**< speaks with MariaDB and MySQL */
    YBB_LIBRARY_SQLITE, /**< reads and writes files of SQLite */
    YBB_LIBRARY_DEFLATE /**< compresses */
} ybb_library;

/** Its name ("MariaDB Connector/C", "ISA-L") and version ("3.3.14"), by this build and this
 * machine. NULL where there is no such library. */
YBB_API const char *ybb_library_name(ybb_library library);
YBB_API const char *ybb_library_version(ybb_library library);

/** A status's name as in spec.md's `error_code` ("UNKNOWN_FIELD"), "INTERNAL" for an unknown one.
 */
YBB_API const char *ybb_status_name(ybb_status status);
/** What a status means, in one clause. */
YBB_API const char *ybb_status_text(ybb_status status);
/** Whether the same request may succeed later without a change. */
YBB_API bool ybb_status_retriable(ybb_status status);
/** What to do about it, in one clause. */
YBB_API const char *ybb_status_help(ybb_status status);

/**
 * Make an error object, to be passed to the calls below; NULL when memory is exhausted.
 *
 * Wherever a call takes an error, NULL ignores the detail. A call that fails fills it (the first
 * failure stays until ybb_error_clear()); a call that succeeds leaves it alone.
 */
YBB_API ybb_error *ybb_error_new(void);
YBB_API void ybb_error_clear(ybb_error *error);
YBB_API void ybb_error_free(ybb_error *error);
/** The status that filled the error; YBB_OK when none did. */
YBB_API ybb_status ybb_error_status(const ybb_error *error);
/** What happened, for a person; "" when nothing did. */
YBB_API const char *ybb_error_message(const ybb_error *error);
/** The path of the field to blame ("filters.date_range.start"), or NULL. */
YBB_API const char *ybb_error_field(const ybb_error *error);
/** spec.md's error response for this error. NULL when memory is exhausted. */
YBB_API char *ybb_error_json(const ybb_error *error);

/** Free a text that the library gave. */
YBB_API void ybb_string_free(char *text);

/** Make an empty configuration, every setting at its default. NULL when memory is exhausted. */
YBB_API ybb_config *ybb_config_new(void);
YBB_API void ybb_config_free(ybb_config *config);
/**
 * Read a JSON object of settings, over those the configuration has.
 *
 * @param json   @p length bytes of UTF-8; copied. docs/configuration.md lists the keys.
 * @return YBB_OK, YBB_INVALID_JSON, YBB_INVALID_CONFIG, YBB_NO_MEMORY; on failure nothing changed.
 */
YBB_API YBB_CHECK ybb_status ybb_config_read(ybb_config *config, const char *json, size_t length,
                                             ybb_error *error);
/** The same from a file. Also YBB_INVALID_CONFIG where the file cannot be read. */
YBB_API YBB_CHECK ybb_status ybb_config_read_file(ybb_config *config, const char *path,
                                                  ybb_error *error);
/**
 * Set one text: "source" (a DSN), "out", "store", "base_url" or "catalog_dir". Copied.
 *
 * @return YBB_OK, YBB_INVALID_CONFIG, YBB_NO_MEMORY.
 */
YBB_API YBB_CHECK ybb_status ybb_config_set(ybb_config *config, const char *key, const char *value,
                                            ybb_error *error);
/** Set "threads", how many threads may encode; 0 is one for each processor. Each export that runs
 * has one more that reads, and all together one that keeps their leases. */
YBB_API YBB_CHECK ybb_status ybb_config_set_threads(ybb_config *config, unsigned threads,
                                                    ybb_error *error);

/**
 * Open an exporter: load and check the catalog. Starts no thread and connects to nothing.
 *
 * @param[out] out  the exporter, owned by the caller: release with ybb_exporter_free(). NULL on
 *                  failure.
 * @param config    copied.
 * @return YBB_OK, YBB_INVALID_CONFIG, YBB_INVALID_CATALOG, YBB_NO_MEMORY.
 */
YBB_API YBB_CHECK ybb_status ybb_exporter_open(ybb_exporter **out, const ybb_config *config,
                                               ybb_error *error);
/**
 * Stop as ybb_exporter_stop() does without draining, wait for the threads, release. Free the
 * exports first; those that have not finished go on in another process, or in the next that starts
 * one.
 *
 * In a forked child this only forgets: the parent's exports go on.
 */
YBB_API void ybb_exporter_free(ybb_exporter *exporter);

/** Takes a line of the log: a JSON object, and how grave it is (RFC 5424: 3 error, 4 warning, 6
 * information, 7 debugging). The text lives for the call. */
typedef void (*ybb_log_fn)(int severity, const char *line, void *user);
/**
 * Have @p fn called with what happens to exports: queued, started, chunks, ends, performance,
 * alerts; the configuration's "monitoring" says which, and at what level. Without it the library
 * says nothing. Call it before the first export starts.
 *
 * @threads @p fn is called on any thread, several at once, and must not call the library.
 */
YBB_API void ybb_exporter_on_log(ybb_exporter *exporter, ybb_log_fn fn, void *user);

/**
 * Serve as a worker: run whatever is queued in the job store, by anybody, until
 * ybb_exporter_stop(). Returns at once; processes whose configuration has "pool": "auto" leave
 * their exports to workers while one is alive.
 *
 * @return YBB_OK, YBB_INVALID_CONFIG, YBB_NO_MEMORY, YBB_FORKED. A store that cannot be reached is
 *         no failure: it is tried again until it can.
 */
YBB_API YBB_CHECK ybb_status ybb_exporter_serve(ybb_exporter *exporter, ybb_error *error);
/**
 * Help with what is queued, or was left by a process that ended, as starting an export does: it is
 * carried out here, unless a worker is alive or the configuration's "pool" is "worker". Returns at
 * once; the threads leave when nothing waits any more. For processes that only ask about exports,
 * so that those whose process has gone do not wait for the next one to be started.
 *
 * @return YBB_OK, YBB_INVALID_CONFIG, YBB_STORE_ERROR, YBB_NO_MEMORY, YBB_FORKED; YBB_NOT_READY
 *         while the exporter is being stopped.
 * @threads any number at once.
 */
YBB_API YBB_CHECK ybb_status ybb_exporter_assist(ybb_exporter *exporter, ybb_error *error);
/**
 * Begin nothing new, and give what still runs after @p drain_ms milliseconds (-1: no limit) back to
 * the queue, at its next slice of rows: another process goes on with it.
 *
 * @param timeout_ms  how long to wait for the threads in all; -1: no limit.
 * @return YBB_OK when nothing runs any more: the exporter can be used again, or freed at once;
 *         YBB_NOT_READY when the time was over before: it is still stopping. YBB_FORKED.
 */
YBB_API YBB_CHECK ybb_status ybb_exporter_stop(ybb_exporter *exporter, int drain_ms, int timeout_ms,
                                               ybb_error *error);
/** How many exports run in this process. */
YBB_API unsigned ybb_exporter_running(ybb_exporter *exporter);

/**
 * Start an export.
 *
 * Checks the whole request, counts its records, and records it in the job store: once this returns
 * YBB_OK the export is carried out, even if this process ends. It runs on threads of this process,
 * which start here at the earliest, or in a worker (configuration key "pool"). Not even begun is
 * one of the strategy "streaming": ybb_export_stream() reads it.
 *
 * Where the request has an idempotency_key that an export has already, or the same owner's equal
 * request is queued or running, @p out is that export.
 *
 * @param[out] out  the export, owned by the caller: release with ybb_export_free(). NULL on
 * failure.
 * @param request   @p length bytes of JSON; copied.
 * @return YBB_OK; YBB_INVALID_JSON to YBB_TOO_LARGE for a request that is refused; YBB_SOURCE_*
 *         where its records cannot be counted; YBB_OUTPUT_MISSING, YBB_OUTPUT_DENIED;
 *         YBB_QUEUE_FULL, YBB_OWNER_LIMIT; YBB_STORE_ERROR; YBB_NO_MEMORY; YBB_FORKED where the
 *         exporter is a parent's.
 * @threads any number at once.
 */
YBB_API YBB_CHECK ybb_status ybb_export_start(ybb_export **out, ybb_exporter *exporter,
                                              const char *request, size_t length, ybb_error *error);

/**
 * The same for a user whose own e-mail address the calling program knows: mail about the export
 * (delivery_options.email_notification) may go to it, besides those of the configuration's
 * "mail.allowed". It is not taken from the request, which may be anybody's.
 *
 * @param own_address  NULL: not known, as ybb_export_start(). Mail to one that is more than letters,
 *                     digits and single . _ % + - before its domain is refused as ever.
 * @return as ybb_export_start().
 * @threads any number at once.
 */
YBB_API YBB_CHECK ybb_status ybb_export_start_for(ybb_export **out, ybb_exporter *exporter,
                                                  const char *request, size_t length,
                                                  const char *own_address, ybb_error *error);

/**
 * An export that is there already, to wait for it or to cancel it.
 *
 * @param[out] out  owned by the caller: release with ybb_export_free(). NULL on failure.
 * @return YBB_OK, YBB_NOT_FOUND, YBB_STORE_ERROR, YBB_NO_MEMORY, YBB_FORKED.
 * @threads any number at once.
 */
YBB_API YBB_CHECK ybb_status ybb_export_open(ybb_export **out, ybb_exporter *exporter,
                                             const char *id, const char *owner, ybb_error *error);

/** Whether ybb_export_start() found it there already, asked for by somebody else or before. */
YBB_API bool ybb_export_joined(const ybb_export *export_);
/** Whether ybb_export_start() has it carried out at once in this process, because it has few
 * records: the wait for it is short. */
YBB_API bool ybb_export_immediate(const ybb_export *export_);
/** The export's id, "exp_" and 26 letters or digits. Borrowed. */
YBB_API const char *ybb_export_id(const ybb_export *export_);

/** How far an export is. Rows and chunks count from 0 to their totals; totals are 0 until known. */
typedef struct ybb_progress {
    const char *stage;     /**< "data_retrieval", "processing", "file_generation", "compression" */
    const char *operation; /**< what is being done, for a person */
    double percentage;     /**< 0 to 100, never falling */
    uint64_t records_processed;
    uint64_t total_records;
    uint32_t current_chunk;
    uint32_t total_chunks;
    double elapsed_seconds;
} ybb_progress;

/** Called with an export's progress, see ybb_export_on_progress(). The texts live for the call. */
typedef void (*ybb_progress_fn)(const ybb_progress *progress, void *user);

/**
 * Have @p fn called as the export advances, at most ten times a second. It runs inside
 * ybb_export_wait(), on the waiting thread, and nowhere else. NULL stops it.
 */
YBB_API void ybb_export_on_progress(ybb_export *export_, ybb_progress_fn fn, void *user);

/**
 * Wait until the export ends or @p timeout_ms milliseconds pass (-1: no limit).
 *
 * @return YBB_OK when its files are published (a reader can open them now); YBB_NOT_READY when the
 *         time ran out; YBB_MISUSE at once for a stream that nobody reads; YBB_STORE_ERROR or
 *         YBB_OUTPUT_FULL where this process could not use the job store for about 10 seconds on
 *         end: the export has not ended and is not lost, and waiting may go on; otherwise the
 *         status that ended the export, with nothing published that is not whole.
 * @threads one waiter an export at a time.
 */
YBB_API YBB_CHECK ybb_status ybb_export_wait(ybb_export *export_, int timeout_ms, ybb_error *error);

/**
 * Wait until this process does not send mail about the export that has ended, because it was sent,
 * is to be tried again later, or is left to a worker. For a process that ends behind its export;
 * mail that it did not send then is sent by another one.
 *
 * @return YBB_OK; YBB_NOT_READY when @p timeout_ms milliseconds (-1: no limit) passed before.
 * @threads any.
 */
YBB_API YBB_CHECK ybb_status ybb_export_wait_mail(ybb_export *export_, int timeout_ms,
                                                  ybb_error *error);

/**
 * Ask the export to stop. Returns at once; it ends as YBB_CANCELLED, its finished files stay until
 * it is deleted or expires, and ybb_export_resume() takes it up again.
 *
 * @return YBB_OK, also for one that has ended; YBB_NOT_FOUND, YBB_STORE_ERROR, YBB_NO_MEMORY,
 *         YBB_FORKED.
 * @threads any.
 */
YBB_API ybb_status ybb_export_cancel(ybb_export *export_, ybb_error *error);
/**
 * Have a failed or cancelled export go on behind its last finished file. Returns when it is queued
 * again.
 *
 * @return YBB_OK; YBB_NOT_RESUMABLE for one that is queued, running, done or expired;
 * YBB_QUEUE_FULL, YBB_OWNER_LIMIT; as ybb_export_cancel().
 */
YBB_API YBB_CHECK ybb_status ybb_export_resume(ybb_export *export_, ybb_error *error);

/** Takes the next @p length bytes of a stream. False: it wants no more. Called with no bytes now
 * and then, and once behind the last, to learn that: the export is done when it was read to its
 * end. */
typedef bool (*ybb_write_fn)(const void *bytes, size_t length, void *user);

/**
 * Read an export of the strategy "streaming": its rows are read from the database while @p fn takes
 * the bytes of the file, on the calling thread; nothing is written to the disk. A slow @p fn slows
 * the reading down, however long it takes.
 *
 * @return YBB_OK after the last byte of a whole file; YBB_CANCELLED when @p fn wanted no more or
 * the export was cancelled; YBB_MISUSE for an export of another strategy; YBB_NOT_RESUMABLE for a
 *         stream that is being read or was read (a failed one: after ybb_export_resume(), from its
 *         beginning); otherwise the status that ended it, and what was written is not a whole file.
 */
YBB_API YBB_CHECK ybb_status ybb_export_stream(ybb_export *export_, ybb_write_fn fn, void *user,
                                               ybb_error *error);

/**
 * Release the object. The export itself goes on, and can be asked for by its id.
 */
YBB_API void ybb_export_free(ybb_export *export_);

/**
 * An export's status, as spec.md's success, multi-file, processing or error response. Whoever runs
 * it, and in whatever process, the percentage never falls but by ybb_export_resume().
 *
 * @param[out] json  the answer, owned by the caller: release with ybb_string_free(). NULL on
 *                   failure. A failed export is an answer (and YBB_OK), not a failure.
 * @return YBB_OK, YBB_NOT_FOUND, YBB_NO_MEMORY, YBB_STORE_ERROR.
 * @threads any number at once.
 */
YBB_API YBB_CHECK ybb_status ybb_export_status(char **json, ybb_exporter *exporter, const char *id,
                                               const char *owner, ybb_error *error);

/** How many exports a call of ybb_export_list() gives at most. */
#define YBB_EXPORT_LIST_MOST 100

/**
 * The exports of an owner that there are records of, the newest first; of all owners for NULL.
 *
 * @param[out] json  the answer, owned by the caller: release with ybb_string_free(). NULL on
 *                   failure.
 * @param before    0, or the number "next" of an answer: it goes on behind that one's exports.
 *                  Exports that are started meanwhile shift nothing.
 * @param most      how many, 1 to YBB_EXPORT_LIST_MOST.
 * @return YBB_OK, also where there are none; YBB_MISUSE for another @p most; YBB_STORE_ERROR,
 *         YBB_NO_MEMORY, YBB_FORKED.
 * @threads any number at once.
 */
YBB_API YBB_CHECK ybb_status ybb_export_list(char **json, ybb_exporter *exporter, const char *owner,
                                             uint64_t before, unsigned most, ybb_error *error);

/** The export's files that are published by now, as JSON. Otherwise as ybb_export_status(). */
YBB_API YBB_CHECK ybb_status ybb_export_chunks(char **json, ybb_exporter *exporter, const char *id,
                                               const char *owner, ybb_error *error);
/**
 * Remove an export's files and its record. One that runs is cancelled first, which may take some
 * seconds.
 *
 * @return YBB_OK, YBB_NOT_FOUND; YBB_NOT_READY where it has not stopped yet: ask again;
 *         YBB_OUTPUT_DENIED, YBB_OUTPUT_ERROR; as ybb_export_status().
 */
YBB_API YBB_CHECK ybb_status ybb_export_delete(char **json, ybb_exporter *exporter, const char *id,
                                               const char *owner, ybb_error *error);

/** What ybb_download_open() takes besides a batch's number. */
enum {
    YBB_DOWNLOAD_ARCHIVE = 0, /**< the ZIP archive */
    YBB_DOWNLOAD_FILE = -1    /**< the one file of an export that has one */
};

/**
 * Find a finished file of an export, also of one that still runs.
 *
 * @param[out] out  owned by the caller: release with ybb_download_free(). NULL on failure.
 * @param number    a batch's number, from 1, or one of the above.
 * @return YBB_OK; YBB_NOT_READY for a file that may yet come; YBB_NOT_FOUND, also for one that will
 *         not; YBB_EXPIRED; YBB_OUTPUT_CORRUPT for one that is gone or has another size than its
 *         record says; YBB_OUTPUT_MISSING, YBB_OUTPUT_DENIED; as ybb_export_status().
 */
YBB_API YBB_CHECK ybb_status ybb_download_open(ybb_download **out, ybb_exporter *exporter,
                                               const char *id, const char *owner, int number,
                                               ybb_error *error);
/** Where the file is; the name that a client should see; its Content-Type; its bytes. Borrowed. */
YBB_API const char *ybb_download_path(const ybb_download *download);
YBB_API const char *ybb_download_name(const ybb_download *download);
YBB_API const char *ybb_download_type(const ybb_download *download);
YBB_API uint64_t ybb_download_size(const ybb_download *download);
YBB_API void ybb_download_free(ybb_download *download);

/**
 * Sign a link to one file of an export: until then whoever has the signature may have the file,
 * without being asked who he is. Needs the configuration's "link_secret"; whether the export exists
 * is not asked.
 *
 * @param[out] signature  letters, digits, '-', '_' and '.'; owned by the caller: release with
 *                        ybb_string_free(). NULL on failure.
 * @param number    as ybb_download_open()'s.
 * @param seconds   how long it holds from now on, 1 to 31,622,400 (366 days).
 * @return YBB_OK; YBB_INVALID_CONFIG without a secret; YBB_NOT_FOUND for what is no export id;
 *         YBB_MISUSE, YBB_NO_MEMORY.
 * @threads any number at once.
 */
YBB_API YBB_CHECK ybb_status ybb_link_sign(char **signature, ybb_exporter *exporter, const char *id,
                                           int number, int64_t seconds, ybb_error *error);
/**
 * Whether a signature is that of this file and its time is not over. A secret that was replaced
 * goes on to be accepted as "link_secret_before".
 *
 * @return YBB_OK, YBB_LINK_INVALID, YBB_LINK_EXPIRED, YBB_INVALID_CONFIG without a secret.
 * @threads any number at once.
 */
YBB_API YBB_CHECK ybb_status ybb_link_check(ybb_exporter *exporter, const char *id, int number,
                                            const char *signature, ybb_error *error);

/**
 * What a request would give: records, files, size and time, without starting it.
 *
 * @param[out] json  the answer, owned by the caller. NULL on failure.
 * @return as ybb_export_start().
 */
YBB_API YBB_CHECK ybb_status ybb_export_estimate(char **json, ybb_exporter *exporter,
                                                 const char *request, size_t length,
                                                 ybb_error *error);
/** How full the queue is, by class. @return YBB_OK, YBB_STORE_ERROR, YBB_NO_MEMORY, YBB_FORKED. */
YBB_API YBB_CHECK ybb_status ybb_queue(char **json, ybb_exporter *exporter, ybb_error *error);
/** The same, and where in the queue an export is: its place, from 1 (0: it does not wait), and for
 * how long it is likely to wait. Otherwise as ybb_export_status(). */
YBB_API YBB_CHECK ybb_status ybb_queue_of(char **json, ybb_exporter *exporter, const char *id,
                                          const char *owner, ybb_error *error);
/** What was exported lately, and all limits. Otherwise as ybb_queue(). */
YBB_API YBB_CHECK ybb_status ybb_stats(char **json, ybb_exporter *exporter, ybb_error *error);
/**
 * Remove the files of exports whose time is over, records that expired long ago, and files in
 * export folders that no record knows. Safe at any time, in any number of processes.
 *
 * @return YBB_OK, YBB_OUTPUT_*, YBB_STORE_ERROR, YBB_NO_MEMORY, YBB_FORKED.
 */
YBB_API YBB_CHECK ybb_status ybb_sweep(char **json, ybb_exporter *exporter, ybb_error *error);

/**
 * Every export type of the catalog with its templates, and the fields, filters and options that a
 * request or a new template may name.
 *
 * @param[out] json  the answer, owned by the caller: release with ybb_string_free(). NULL on
 *                   failure. docs/catalog.md describes it.
 * @return YBB_OK, YBB_INVALID_CATALOG where catalog_dir has become invalid since the exporter was
 *         opened, YBB_NO_MEMORY, YBB_FORKED where the exporter is a parent's.
 * @threads any number at once.
 */
YBB_API YBB_CHECK ybb_status ybb_templates(char **json, ybb_exporter *exporter, ybb_error *error);

/**
 * Make a template, in place of one of its name, and keep it in catalog_dir.
 *
 * When this returns YBB_OK the template is durable, and every request after it, in any process, can
 * use it; exports that run are not touched. Nothing has changed on failure.
 *
 * @param json  @p length bytes: an object as in spec.md's "Template System" with one template,
 *              {"templates": {"participants_short": {"fields": [...]}}}. Not kept.
 * @return YBB_OK; YBB_INVALID_CATALOG for what is no such template, with the path of what is wrong;
 *         YBB_INVALID_CONFIG without a catalog_dir; YBB_OUTPUT_MISSING to YBB_OUTPUT_ERROR where
 * the folder cannot be written; YBB_NO_MEMORY; YBB_FORKED where the exporter is a parent's.
 * @threads any number at once.
 */
YBB_API YBB_CHECK ybb_status ybb_template_add(ybb_exporter *exporter, const char *json,
                                              size_t length, ybb_error *error);

#ifdef __cplusplus
}
#endif

#endif
