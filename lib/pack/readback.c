#include "pack/readback.h"

#include "pack/container_walk.h"
#include "pack/deflate.h"
#include "pack/disk.h"
#include "pack/zip_check.h"

#include <nettle/sha2.h>
#include <stdlib.h>

enum { STEP = 256 * 1024, HALF_BYTE = 4, HALF_MASK = 0x0f };

struct ybb_readback {
    int descriptor;
    ybb_container container;
    struct sha256_ctx sha;
    uint64_t bytes;
    uint32_t crc32;
    ybb_walk walk;
    ybb_error error; /* the first failure */
    uint8_t step[STEP];
};

ybb_readback *ybb__readback_new(int descriptor, ybb_container container)
{
    ybb_readback *r = calloc(1, sizeof(*r));
    if (r == NULL || !ybb__walk_begin(&r->walk, container)) {
        free(r);
        return NULL;
    }
    r->descriptor = descriptor;
    r->container = container;
    sha256_init(&r->sha);
    return r;
}

void ybb__readback_free(ybb_readback *r)
{
    if (r == NULL)
        return;
    ybb__walk_end(&r->walk);
    free(r);
}

/* Reads on to @end, or to the file's. */
static ybb_status read_on(ybb_readback *r, uint64_t end)
{
    size_t wanted = STEP, taken = STEP;
    while (taken == wanted && r->bytes < end) {
        wanted = end - r->bytes < STEP ? (size_t)(end - r->bytes) : STEP;
        ybb_status status =
            ybb__disk_read(r->descriptor, r->bytes, r->step, wanted, &taken, &r->error);
        if (status != YBB_OK)
            return status;
        sha256_update(&r->sha, taken, r->step);
        r->crc32 = ybb__crc32(r->crc32, r->step, taken);
        r->bytes += taken;
        ybb__walk_take(&r->walk, r->step, taken);
    }
    return YBB_OK;
}

void ybb__readback_advance(ybb_readback *r, uint64_t end)
{
    if (r->error.status == YBB_OK)
        (void)read_on(r, end);
}

static void put_hex(char *out, const uint8_t *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < length; i++) {
        *out++ = digits[bytes[i] >> HALF_BYTE];
        *out++ = digits[bytes[i] & HALF_MASK];
    }
    *out = '\0';
}

static ybb_status check_container(const ybb_readback *r, ybb_error *error)
{
    if (r->container == YBB_CONTAINER_GZIP)
        return ybb__walk_check_gzip(&r->walk, error);
    if (r->container == YBB_CONTAINER_ZIP)
        return ybb__zip_check(r->descriptor, r->bytes, &r->walk, error);
    return YBB_OK;
}

ybb_status ybb__readback_finish(ybb_readback *r, ybb_digest *out, ybb_error *error)
{
    uint8_t sum[SHA256_DIGEST_SIZE];
    ybb__readback_advance(r, UINT64_MAX);
    if (r->error.status != YBB_OK) {
        ybb__error_copy(error, &r->error);
        return r->error.status;
    }
    ybb_status status = check_container(r, error);
    sha256_digest(&r->sha, sizeof(sum), sum);
    *out = (ybb_digest){.bytes = r->bytes, .crc32 = r->crc32};
    put_hex(out->sha256, sum, sizeof(sum));
    return status;
}
