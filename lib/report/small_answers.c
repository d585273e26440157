#include "report/small_answers.h"

#include "report/answer.h"

char *ybb__answer_deleted(const char *id)
{
    bool failed;
    ybb_answer answer = ybb__answer_begin(&failed);
    ybb__answer_text(answer, "status", "success");
    ybb__answer_text(answer, "message", "Export and its files were deleted");
    ybb_answer data = ybb__answer_object(answer, "data");
    ybb__answer_text(data, "export_id", id);
    ybb__answer_bool(data, "deleted", true);
    return ybb__answer_end(answer);
}

char *ybb__answer_swept(const ybb_swept *swept)
{
    bool failed;
    ybb_answer answer = ybb__answer_begin(&failed);
    ybb__answer_text(answer, "status", "success");
    ybb__answer_text(answer, "message", "Sweep completed");
    ybb_answer data = ybb__answer_object(answer, "data");
    ybb__answer_u64(data, "expired_exports", swept->expired_exports);
    ybb__answer_u64(data, "forgotten_records", swept->forgotten_records);
    ybb__answer_u64(data, "temporary_files", swept->temporary_files);
    ybb__answer_u64(data, "unknown_folders", swept->unknown_folders);
    ybb__answer_size(data, "freed", swept->bytes);
    return ybb__answer_end(answer);
}
