#include "pack/archive.h"

#include "pack/deflate.h"
#include "pack/disk.h"

#include <nettle/sha2.h>
#include <stdlib.h>

enum { STEP = 256 * 1024, HALF_BYTE = 4, HALF_MASK = 0x0f };

static void put_hex(char *out, const uint8_t *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < length; i++) {
        *out++ = digits[bytes[i] >> HALF_BYTE];
        *out++ = digits[bytes[i] & HALF_MASK];
    }
    *out = '\0';
}

ybb_status ybb__file_digest(int descriptor, ybb_digest *out, ybb_error *error)
{
    struct sha256_ctx sha;
    uint8_t sum[SHA256_DIGEST_SIZE];
    ybb_status status = YBB_OK;
    uint8_t *step = malloc(STEP);
    *out = (ybb_digest){0};
    if (step == NULL)
        return ybb__fail_memory(error);
    sha256_init(&sha);
    for (size_t taken = STEP; status == YBB_OK && taken == STEP; out->bytes += taken) {
        status = ybb__disk_read(descriptor, out->bytes, step, STEP, &taken, error);
        sha256_update(&sha, taken, step);
        out->crc32 = ybb__crc32(out->crc32, step, taken);
    }
    free(step);
    sha256_digest(&sha, sizeof(sum), sum);
    put_hex(out->sha256, sum, sizeof(sum));
    return status;
}
