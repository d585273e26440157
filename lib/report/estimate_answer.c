#include "report/estimate_answer.h"

#include "report/answer.h"

#include <string.h>

void ybb__estimate_fill(ybb_estimation *estimate, double records_a_second,
                        const ybb_run_stats *runs, uint32_t columns)
{
    /* Of a small machine with the database beside it; a cell of text, packed in a workbook. */
    static const double assumed_speed = 20000, cell_bytes = 14, packed_cell_bytes = 7;
    static const double start_seconds = 0.1, largest = 9e18;
    double records = (double)estimate->delivery->records;
    double a_record =
        (strcmp(estimate->format, "csv") == 0 ? cell_bytes : packed_cell_bytes) * (double)columns;
    if (runs != NULL && runs->records > 0)
        a_record = (double)runs->bytes / (double)runs->records;
    double bytes = a_record * records;
    estimate->measured = records_a_second > 0;
    estimate->records_a_second = estimate->measured ? records_a_second : assumed_speed;
    estimate->seconds = start_seconds + records / estimate->records_a_second;
    estimate->bytes = bytes < largest ? (uint64_t)bytes : (uint64_t)largest;
}

static void put_data(ybb_answer answer, const ybb_estimation *estimate)
{
    const ybb_delivery *delivery = estimate->delivery;
    ybb_answer data = ybb__answer_object(answer, "data");
    ybb__answer_text(data, "export_type", estimate->export_type);
    ybb__answer_text(data, "format", estimate->format);
    ybb__answer_text(data, "template", estimate->template_name);
    ybb__answer_size(data, "estimated_size", estimate->bytes);
    ybb__answer_double(data, "estimated_seconds", estimate->seconds);
    if (estimate->wait_seconds < 0)
        ybb__answer_text(data, "estimated_wait_seconds", NULL);
    else
        ybb__answer_double(data, "estimated_wait_seconds", estimate->wait_seconds);
    ybb__answer_double(data, "records_per_second", estimate->records_a_second);
    ybb__answer_text(data, "speed", estimate->measured ? "measured" : "assumed");
    ybb__answer_text(data, "strategy", ybb__strategy_name(delivery->strategy));
    if (delivery->strategy == YBB_MULTI_FILE)
        ybb__answer_u64(data, "chunk_size", delivery->chunk_size);
    else
        ybb__answer_text(data, "chunk_size", NULL);
    ybb__answer_u64(data, "total_files", delivery->files);
    ybb__answer_text(data, "priority", ybb__priority_name(delivery->priority));
    ybb__answer_u64(data, "timeout_seconds", delivery->timeout_seconds);
    ybb__answer_json(data, "warnings", estimate->warnings_json, true);
}

char *ybb__answer_estimate(const ybb_estimation *estimate)
{
    bool failed;
    ybb_answer answer = ybb__answer_begin(&failed);
    ybb__answer_text(answer, "status", "success");
    ybb__answer_u64(answer, "estimated_records", estimate->delivery->records);
    put_data(answer, estimate);
    return ybb__answer_end(answer);
}
