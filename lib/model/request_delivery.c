#include "model/request_read.h"

#include "base/text.h"
#include "model/mail_address.h"

#include <string.h>

static const char large_key[] = "large_dataset_options";
static const char delivery_key[] = "delivery_options";

static const char *const strategies[] = {"auto", "single", "multi_file", "compressed", "streaming"};
static const char *const compressions[] = {"none", "gzip", "zip"};

/* One part of a request that has options of its own, or NULL. */
static const ybb_json *take_part(ybb_request_reader *r, const ybb_json *root, const char *key,
                                 const char *const *known, size_t count)
{
    const ybb_json *part = NULL;
    if (ybb__json_take_object(r->reader, root, key, &part))
        ybb__json_known(r->reader, part, known, count);
    return part;
}

/* A size in bytes: a number, or a text as "50MB". */
static void take_size(ybb_request_reader *r, const ybb_json *part, const char *key, uint64_t *out)
{
    static const char allowed[] = "a size from 1 byte on, such as \"50MB\", or its bytes";
    const ybb_json *value = ybb__json_member(part, key);
    uint64_t bytes = 0;
    if (r->reader->status != YBB_OK || value == NULL || value->kind == YBB_JSON_NULL)
        return;
    if (value->kind != YBB_JSON_NUMBER && value->kind != YBB_JSON_TEXT) {
        ybb__json_fail_type(r->reader, value, allowed);
        return;
    }
    bool fits = value->kind == YBB_JSON_NUMBER ? ybb__json_to_u64(value, &bytes)
                                               : ybb__text_to_size(value->at, &bytes);
    if (!fits || bytes == 0)
        ybb__json_fail(r->reader, value, YBB_INVALID_VALUE, allowed, NULL, "is no size: %.40s",
                       value->at);
    else
        *out = bytes;
}

static void take_address(ybb_request_reader *r, const ybb_json *part, const char *field)
{
    const char *text;
    if (!ybb__json_take_text(r->reader, part, "email_address", &text))
        return;
    const ybb_json *value = ybb__json_member(part, "email_address");
    if (value->length > 0 && !ybb__mail_is_address(text, value->length))
        ybb__json_fail(r->reader, value, YBB_INVALID_VALUE,
                       "letters, digits and single . _ % + - before @, a domain behind it", NULL,
                       "is no plain e-mail address");
    else
        r->request->email_address = value->length > 0 ? ybb__request_text(r, text) : NULL;
    r->request->email_field = field;
}

/* What both parts may say; delivery_options are read last and win. */
static void take_shared(ybb_request_reader *r, const ybb_json *part, const char *address_field)
{
    enum { MOST_DAYS = 36500 };
    ybb_request *request = r->request;
    if (ybb__json_take_bool(r->reader, part, "create_zip_archive", &request->create_zip_archive))
        request->create_zip_archive_given = true;
    ybb__json_take_bool(r->reader, part, "email_notification", &request->email_notification);
    take_address(r, part, address_field);
    ybb__json_take_u64(r->reader, part, "retention_days", 1, MOST_DAYS, &request->retention_days);
}

static void hold_chunk(ybb_request_reader *r, const char *field, uint64_t wanted)
{
    uint64_t least = r->config->limits.min_chunk_size, most = r->config->limits.max_chunk_size;
    uint64_t held = wanted < least ? least : wanted;
    held = held > most ? most : held;
    r->request->chunk_size = held;
    if (held != wanted)
        ybb__request_warn(r, "CHUNK_SIZE_HELD", field,
                          "the chunk size of %llu was held between its limits: %llu is used",
                          (unsigned long long)wanted, (unsigned long long)held);
}

/* The chunk size; options.batch_size is another name for it. */
static void take_chunk(ybb_request_reader *r, const ybb_json *large, const ybb_json *options)
{
    uint64_t chunk = 0, batch = 0;
    ybb__json_take_u64(r->reader, large, "chunk_size", 1, UINT64_MAX, &chunk);
    ybb__json_take_u64(r->reader, options, "batch_size", 1, UINT64_MAX, &batch);
    if (chunk > 0)
        hold_chunk(r, "large_dataset_options.chunk_size", chunk);
    else if (batch > 0)
        hold_chunk(r, "options.batch_size", batch);
}

static void take_large(ybb_request_reader *r, const ybb_json *large)
{
    ybb_request *request = r->request;
    uint32_t choice;
    if (ybb__json_take_choice(r->reader, large, "strategy", strategies,
                              sizeof(strategies) / sizeof(strategies[0]), &choice))
        request->strategy = (ybb_strategy_wish)choice;
    if (ybb__json_take_choice(r->reader, large, "compression", compressions,
                              sizeof(compressions) / sizeof(compressions[0]), &choice))
        request->compression = (ybb_compression)(choice + YBB_COMPRESSION_NONE);
    take_size(r, large, "max_file_size", &request->max_file_size);
    take_size(r, large, "memory_limit", &request->memory_limit);
    ybb__json_take_bool(r->reader, large, "parallel_processing", &request->parallel_processing);
}

static uint64_t bytes_of(double units, double unit)
{
    double bytes = units * unit;
    return bytes < (double)INT64_MAX ? (uint64_t)bytes : INT64_MAX;
}

static void set_defaults(ybb_request_reader *r)
{
    static const double mebibyte = 1024.0 * 1024.0, gibibyte = 1024.0 * 1024.0 * 1024.0;
    const ybb_limits *limits = &r->config->limits;
    r->request->max_file_size = bytes_of((double)limits->max_file_size_mb, mebibyte);
    r->request->memory_limit = bytes_of(limits->max_memory_usage_gb, gibibyte);
    r->request->parallel_processing = true;
    r->request->retention_days = limits->file_retention_days;
}

/* What was asked for and the strategy, named as well, does not do. */
static void check_packing(ybb_request_reader *r)
{
    static const char field[] = "large_dataset_options.compression";
    const ybb_request *request = r->request;
    bool batches = request->strategy == YBB_WISH_MULTI_FILE;
    if (request->strategy == YBB_WISH_COMPRESSED && request->compression == YBB_COMPRESSION_NONE)
        ybb__request_warn(r, "NOT_COMPRESSED", field,
                          "the compression \"none\" leaves the file as it is, in spite of the "
                          "strategy \"compressed\"");
    if (batches && request->compression == YBB_COMPRESSION_GZIP)
        ybb__request_warn(r, "NOT_GZIPPED", field,
                          "batches are not gzipped: their archive compresses them");
    if (!batches && request->strategy != YBB_WISH_AUTO && request->create_zip_archive_given &&
        request->create_zip_archive && request->compression != YBB_COMPRESSION_ZIP)
        ybb__request_warn(r, "NOT_ARCHIVED", "create_zip_archive",
                          "a single file is put into an archive by the compression \"zip\" alone");
}

/* A request that wants mail is served although there is none: its client waits for the answer as
 * well. Whether the address is one to write to is asked where an export is started, not here: who
 * carries it out reads the request again, and mail is no reason to fail it. */
static void check_mail(ybb_request_reader *r, const ybb_json *large, const ybb_json *delivery)
{
    static const char field[] = "delivery_options.email_notification";
    ybb_request *request = r->request;
    if (!request->email_notification || r->reader->status != YBB_OK)
        return;
    request->mails = r->config->mail.server != NULL && request->strategy != YBB_WISH_STREAMING;
    if (request->email_address == NULL) {
        bool in_large = ybb__json_member(delivery, "email_notification") == NULL;
        ybb__json_fail_missing_value(r->reader, in_large ? large : delivery, "email_address",
                                     "an e-mail address");
    } else if (r->config->mail.server == NULL) {
        ybb__request_warn(r, "NO_EMAIL", field,
                          "no e-mail is sent: the configuration has no mail.server");
    } else if (!request->mails) {
        ybb__request_warn(r, "NO_EMAIL", field,
                          "no e-mail is sent: a stream leaves no file to be told of");
    }
}

void ybb__request_delivery(ybb_request_reader *r, const ybb_json *root)
{
    static const char *const large_keys[] = {
        "strategy",           "chunk_size",          "max_file_size",
        "compression",        "parallel_processing", "memory_limit",
        "create_zip_archive", "email_notification",  "email_address",
        "retention_days"};
    static const char *const delivery_keys[] = {"create_zip_archive", "email_notification",
                                                "email_address", "retention_days"};
    const ybb_json *large =
        take_part(r, root, large_key, large_keys, sizeof(large_keys) / sizeof(large_keys[0]));
    const ybb_json *delivery = take_part(r, root, delivery_key, delivery_keys,
                                         sizeof(delivery_keys) / sizeof(delivery_keys[0]));
    set_defaults(r);
    take_large(r, large);
    take_chunk(r, large, ybb__json_member(root, "options"));
    take_shared(r, large, "large_dataset_options.email_address");
    take_shared(r, delivery, "delivery_options.email_address");
    check_packing(r);
    check_mail(r, large, delivery);
}
