/*
 * report/small_answers: of calls that end something. Each gives an owned text, or NULL without
 * memory.
 */
#ifndef YBB_REPORT_SMALL_ANSWERS_H
#define YBB_REPORT_SMALL_ANSWERS_H

#include "model/job.h"

char *ybb__answer_deleted(const char *id);

/* What a sweep removed. */
typedef struct ybb_swept {
    uint64_t expired_exports, forgotten_records, temporary_files, unknown_folders;
    uint64_t bytes; /* of files */
} ybb_swept;

char *ybb__answer_swept(const ybb_swept *swept);

#endif
