#include "pack/sink.h"

#include "pack/deflate.h"

void ybb__run_free(ybb_run *run)
{
    if (run == NULL)
        return;
    ybb__buffer_free(&run->bytes);
    *run = (ybb_run){0};
}

void ybb__run_clear(ybb_run *run)
{
    ybb__buffer_clear(&run->bytes);
    *run = (ybb_run){.bytes = run->bytes};
}

void ybb__run_add_sums(ybb_run *total, const ybb_run *next)
{
    total->raw_crc = ybb__crc32_join(total->raw_crc, next->raw_crc, next->raw_length);
    total->raw_length += next->raw_length;
    total->inner_crc = ybb__crc32_join(total->inner_crc, next->inner_crc, next->inner_length);
    total->inner_length += next->inner_length;
}
