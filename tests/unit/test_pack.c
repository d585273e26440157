/*
 * Deflate, inflate, CRCs and runs, held against zlib.
 */
#include "pack/deflate.h"

#include "pack/engine.h"
#include "pack_helpers.h"
#include "runner.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { STORED_HEAD = 5, STORED_MOST = 65535 };

static const size_t sizes[] = {0,     1,     2,      57,     1000,   65534,    65535,
                               65536, 65537, 131070, 131071, 262144, 1u << 20, 3000001};
enum { SIZES = sizeof(sizes) / sizeof(sizes[0]) };

static void append(ybb_deflate *deflate, ybb_deflate_level level, const void *bytes, size_t length,
                   ybb_buffer *out)
{
    CU_ASSERT_EQUAL(ybb__deflate_append(deflate, level, bytes, length, out, NULL), YBB_OK);
}

static void append_end(ybb_buffer *out)
{
    ybb__buffer_put(out, ybb__deflate_end, sizeof(ybb__deflate_end));
}

static void a_piece_of_any_size_inflates_by_zlib(void)
{
    ybb_deflate *deflate = ybb__deflate_new();
    for (int level = YBB_DEFLATE_STORE; level <= YBB_DEFLATE_FAST; level++)
        for (content_kind kind = 0; kind < CONTENT_KINDS; kind++)
            for (size_t i = 0; i < SIZES; i++) {
                char *content = make_content(kind, sizes[i], (unsigned)i);
                ybb_buffer packed = {0};
                append(deflate, (ybb_deflate_level)level, content, sizes[i], &packed);
                append_end(&packed);
                CU_ASSERT_TRUE(zlib_reads(&packed, content, sizes[i]));
                ybb__buffer_free(&packed);
                free(content);
            }
    ybb__deflate_free(deflate);
}

/* Pieces of many sizes, kinds and levels, packed by several states in turn. */
static void joined_pieces_inflate_by_zlib(void)
{
    ybb_deflate *deflates[3] = {ybb__deflate_new(), ybb__deflate_new(), ybb__deflate_new()};
    ybb_buffer whole = {0}, packed = {0};
    uint32_t crc = 0;
    for (unsigned i = 0; i < 60; i++) {
        size_t length = i * 7919u * (i % 5) % 200000u;
        char *content = make_content((content_kind)(i % CONTENT_KINDS), length, i);
        append(deflates[i % 3], i % 4 == 1 ? YBB_DEFLATE_STORE : YBB_DEFLATE_FAST, content, length,
               &packed);
        crc = ybb__crc32_join(crc, ybb__crc32(0, content, length), length);
        ybb__buffer_put(&whole, content, length);
        free(content);
    }
    append_end(&packed);
    CU_ASSERT_TRUE(zlib_reads(&packed, whole.at, whole.length));
    CU_ASSERT_EQUAL(crc, crc32_z(0, (const Bytef *)whole.at, whole.length));
    ybb__buffer_free(&whole);
    ybb__buffer_free(&packed);
    for (int i = 0; i < 3; i++)
        ybb__deflate_free(deflates[i]);
}

static void a_piece_can_be_read_without_those_before_it(void)
{
    ybb_deflate *deflate = ybb__deflate_new();
    char *content = make_content(CONTENT_ROWS, 50000, 1);
    ybb_buffer packed = {0};
    for (int i = 0; i < 3; i++) { /* the same again: a tempting distance away */
        packed.length = 0;
        append(deflate, YBB_DEFLATE_FAST, content, 50000, &packed);
    }
    append_end(&packed);
    CU_ASSERT_TRUE(zlib_reads(&packed, content, 50000));
    ybb__buffer_free(&packed);
    free(content);
    ybb__deflate_free(deflate);
}

static void equal_content_gives_equal_bytes_whatever_came_before(void)
{
    ybb_deflate *used = ybb__deflate_new();
    for (unsigned i = 0; i < 24; i++) {
        size_t length = i < SIZES ? sizes[i] : i * 30011u;
        char *content = make_content((content_kind)(i % CONTENT_KINDS), length, i);
        ybb_deflate *fresh = ybb__deflate_new();
        ybb_buffer first = {0}, second = {0};
        ybb__buffer_reserve(&second, i * 1000); /* nor does the room that it finds matter */
        ybb__buffer_put(&second, content, length % 977);
        append(fresh, YBB_DEFLATE_FAST, content, length, &first);
        append(used, YBB_DEFLATE_FAST, content, length, &second);
        CU_ASSERT_EQUAL(first.length, second.length - length % 977);
        CU_ASSERT_TRUE(length == 0 ||
                       memcmp(first.at, second.at + length % 977, first.length) == 0);
        ybb__buffer_free(&first);
        ybb__buffer_free(&second);
        ybb__deflate_free(fresh);
        free(content);
    }
    ybb__deflate_free(used);
}

static size_t stored_size(size_t length)
{
    return length + (length + STORED_MOST - 1) / STORED_MOST * STORED_HEAD;
}

/* A piece's bytes once depended on where in memory its packer was, for short ones in 1 of 130. */
static void equal_content_gives_equal_bytes_wherever_its_packer_is(void)
{
    enum { PACKERS = 1000 };
    static const char content[] = "<si><t/></si><si><t>=b</t></si><si><t/></si><si><t/></si>";
    static ybb_deflate *packers[PACKERS];
    ybb_buffer first = {0}, other = {0};
    for (unsigned i = 0; i < PACKERS; i++) {
        packers[i] = ybb__deflate_new();
        ybb_buffer *out = i == 0 ? &first : &other;
        ybb__buffer_clear(out);
        CU_ASSERT_EQUAL(ybb__deflate_append(packers[i], YBB_DEFLATE_FAST, content,
                                            sizeof(content) - 1, out, NULL),
                        YBB_OK);
        CU_ASSERT(i == 0 ||
                  (other.length == first.length && memcmp(other.at, first.at, first.length) == 0));
    }
    for (unsigned i = 0; i < PACKERS; i++)
        ybb__deflate_free(packers[i]);
    ybb__buffer_free(&first);
    ybb__buffer_free(&other);
}

static void content_never_grows_by_more_than_stored_blocks_need(void)
{
    ybb_deflate *deflate = ybb__deflate_new();
    for (content_kind kind = 0; kind < CONTENT_KINDS; kind++)
        for (size_t i = 0; i < SIZES; i++) {
            char *content = make_content(kind, sizes[i], 3);
            ybb_buffer packed = {0};
            append(deflate, YBB_DEFLATE_FAST, content, sizes[i], &packed);
            CU_ASSERT_TRUE(packed.length <= stored_size(sizes[i]));
            CU_ASSERT_TRUE(kind == CONTENT_NOISE || sizes[i] < 1000 ||
                           packed.length < sizes[i] / 2);
            ybb__buffer_free(&packed);
            free(content);
        }
    ybb__deflate_free(deflate);
}

static void stored_blocks_have_65535_bytes_at_most_and_are_never_the_last(void)
{
    ybb_deflate *deflate = ybb__deflate_new();
    for (size_t i = 0; i < SIZES; i++) {
        char *content = make_content(CONTENT_ROWS, sizes[i], 4);
        ybb_buffer packed = {0};
        append(deflate, YBB_DEFLATE_STORE, content, sizes[i], &packed);
        CU_ASSERT_EQUAL(packed.length, stored_size(sizes[i]));
        for (size_t at = 0, left = sizes[i]; at < packed.length;) {
            const unsigned char *head = (const unsigned char *)packed.at + at;
            size_t length = head[1] | (size_t)head[2] << 8;
            CU_ASSERT_EQUAL(head[0], 0);
            CU_ASSERT_EQUAL(head[3] ^ head[1], 0xff);
            CU_ASSERT_EQUAL(head[4] ^ head[2], 0xff);
            CU_ASSERT_EQUAL(length, left < STORED_MOST ? left : STORED_MOST);
            at += STORED_HEAD + length;
            left -= length;
        }
        ybb__buffer_free(&packed);
        free(content);
    }
    ybb__deflate_free(deflate);
}

/* Both engines where this build has both: the one that was not chosen must not rot. */
static void every_engine_packs_and_reads_what_the_other_packed(void)
{
    const ybb_engine *engines[] = {&ybb__engine_zlib,
#ifdef HAVE_ISAL
                                   &ybb__engine_isal
#endif
    };
    enum { COUNT = sizeof(engines) / sizeof(engines[0]) };
    for (size_t e = 0; e < COUNT; e++)
        for (unsigned i = 0; i < 3 * SIZES; i++) {
            size_t length = sizes[i % SIZES];
            char *content = make_content((content_kind)(i % CONTENT_KINDS), length, i);
            void *deflate = engines[e]->deflate_new();
            void *inflate = engines[COUNT - 1 - e]->inflate_new();
            ybb_buffer packed = {0};
            ybb_inflated out = {0};
            CU_ASSERT_TRUE(engines[e]->deflate(deflate, content, (unsigned)length, &packed));
            append_end(&packed);
            CU_ASSERT_TRUE(zlib_reads(&packed, content, length));
            unsigned behind = UINT_MAX;
            size_t own = packed.length;
            ybb__buffer_put(&packed, "PK\x01\x02", i % 5); /* what follows */
            CU_ASSERT_TRUE(engines[COUNT - 1 - e]->inflate(inflate, packed.at,
                                                           (unsigned)packed.length, &out, &behind));
            CU_ASSERT_TRUE(out.ended);
            CU_ASSERT_EQUAL(behind, packed.length - own);
            CU_ASSERT_EQUAL(out.length, length);
            CU_ASSERT_EQUAL(out.crc, crc32_z(0, (const Bytef *)content, length));
            CU_ASSERT_EQUAL(out.crc, engines[e]->crc32(0, content, length));
            ybb__buffer_free(&packed);
            engines[e]->deflate_free(deflate);
            engines[COUNT - 1 - e]->inflate_free(inflate);
            free(content);
        }
}

/* Bytes follow, as many as deflate engines read ahead; the end may come between two calls. */
static void where_a_stream_ends_is_found_in_any_split(void)
{
    enum { FOLLOW = 40 };
    char *content = make_content(CONTENT_ROWS, 3000, 1);
    ybb_deflate *deflate = ybb__deflate_new();
    ybb_inflate *inflate = ybb__inflate_new();
    ybb_buffer packed = {0};
    ybb_error error = {0};
    CU_ASSERT_EQUAL(ybb__deflate_append(deflate, YBB_DEFLATE_FAST, content, 3000, &packed, &error),
                    YBB_OK);
    append_end(&packed);
    size_t own = packed.length;
    ybb__buffer_put(&packed, content, FOLLOW);
    for (size_t split = 0; split <= packed.length; split++) {
        size_t used, all = 0;
        ybb__inflate_reset(inflate);
        CU_ASSERT_TRUE(ybb__inflate_part(inflate, packed.at, split, &used));
        all += used;
        CU_ASSERT_EQUAL(used, split < own ? split : own);
        CU_ASSERT_TRUE(ybb__inflate_part(inflate, packed.at + all, packed.length - all, &used));
        CU_ASSERT_EQUAL(all + used, own);
        CU_ASSERT_TRUE(ybb__inflate_ended(inflate));
        CU_ASSERT_EQUAL(ybb__inflate_length(inflate), 3000);
    }
    ybb__buffer_free(&packed);
    ybb__inflate_free(inflate);
    ybb__deflate_free(deflate);
    free(content);
}

/* A stream by zlib at its best level, so with dynamic blocks of another hand. */
static void deflate_by_zlib(const char *content, size_t length, ybb_buffer *out)
{
    z_stream stream = {0};
    if (deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK ||
        !ybb__buffer_reserve(out, deflateBound(&stream, length)))
        abort();
    stream.next_in = (Bytef *)(uintptr_t)content;
    stream.avail_in = (uInt)length;
    stream.next_out = (Bytef *)out->at;
    stream.avail_out = (uInt)out->capacity;
    CU_ASSERT_EQUAL(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out->length = stream.total_out;
    deflateEnd(&stream);
}

static void inflate_takes_a_stream_in_any_split(void)
{
    static const size_t splits[] = {1, 2, 3, 7, 64, 1000, 65536, 1u << 20};
    ybb_inflate *inflate = ybb__inflate_new();
    char *content = make_content(CONTENT_ROWS, 300000, 5);
    ybb_buffer packed = {0};
    deflate_by_zlib(content, 300000, &packed);
    for (size_t i = 0; i < sizeof(splits) / sizeof(splits[0]); i++) {
        ybb__inflate_reset(inflate);
        for (size_t at = 0; at < packed.length; at += splits[i]) {
            size_t left = packed.length - at;
            CU_ASSERT_FALSE(ybb__inflate_ended(inflate));
            CU_ASSERT_TRUE(
                ybb__inflate_take(inflate, packed.at + at, left < splits[i] ? left : splits[i]));
        }
        CU_ASSERT_TRUE(ybb__inflate_ended(inflate));
        CU_ASSERT_TRUE(ybb__inflate_take(inflate, NULL, 0));
        CU_ASSERT_EQUAL(ybb__inflate_length(inflate), 300000);
        CU_ASSERT_EQUAL(ybb__inflate_crc(inflate), crc32_z(0, (const Bytef *)content, 300000));
    }
    ybb__buffer_free(&packed);
    free(content);
    ybb__inflate_free(inflate);
}

static void inflate_refuses_bytes_behind_the_end(void)
{
    static const size_t splits[] = {1, 5, 1u << 20};
    ybb_inflate *inflate = ybb__inflate_new();
    for (size_t extra = 1; extra < 12; extra++)
        for (size_t i = 0; i < 3; i++) {
            char *content = make_content(CONTENT_ROWS, 3000, (unsigned)extra);
            ybb_buffer packed = {0};
            deflate_by_zlib(content, 3000, &packed);
            ybb__buffer_put(&packed, "12345678901", extra);
            ybb__inflate_reset(inflate);
            bool good = true;
            for (size_t at = 0; at < packed.length && good; at += splits[i]) {
                size_t left = packed.length - at;
                good =
                    ybb__inflate_take(inflate, packed.at + at, left < splits[i] ? left : splits[i]);
            }
            CU_ASSERT_FALSE(good);
            CU_ASSERT_TRUE(ybb__inflate_ended(inflate));
            ybb__buffer_free(&packed);
            free(content);
        }
    ybb__inflate_free(inflate);
}

static void a_cut_stream_has_no_end_and_noise_is_no_stream(void)
{
    ybb_inflate *inflate = ybb__inflate_new();
    char *content = make_content(CONTENT_ROWS, 3000, 1);
    ybb_buffer packed = {0};
    deflate_by_zlib(content, 3000, &packed);
    for (size_t length = 0; length < packed.length; length++) {
        ybb__inflate_reset(inflate);
        CU_ASSERT_TRUE(ybb__inflate_take(inflate, packed.at, length));
        CU_ASSERT_FALSE(ybb__inflate_ended(inflate));
    }
    ybb__inflate_reset(inflate);
    CU_ASSERT_FALSE(ybb__inflate_take(inflate, "\x07 reserved block type", 20));
    ybb__inflate_reset(inflate);
    CU_ASSERT_TRUE(ybb__inflate_take(inflate, packed.at, packed.length));
    CU_ASSERT_TRUE(ybb__inflate_ended(inflate));
    ybb__buffer_free(&packed);
    free(content);
    ybb__inflate_free(inflate);
}

static void crcs_are_those_of_zlib_and_join(void)
{
    char *content = make_content(CONTENT_NOISE, 100000, 9);
    CU_ASSERT_EQUAL(ybb__crc32(0, "123456789", 9), 0xcbf43926); /* the check value of CRC-32 */
    CU_ASSERT_EQUAL(ybb__crc32(0, NULL, 0), 0);
    for (size_t cut = 0; cut <= 100000; cut += 9973) {
        uint32_t a = ybb__crc32(0, content, cut);
        uint32_t b = ybb__crc32(0, content + cut, 100000 - cut);
        uint32_t whole = (uint32_t)crc32_z(0, (const Bytef *)content, 100000);
        CU_ASSERT_EQUAL(ybb__crc32_join(a, b, 100000 - cut), whole);
        CU_ASSERT_EQUAL(ybb__crc32(a, content + cut, 100000 - cut), whole);
    }
    free(content);
}

static void out_of_memory_is_reported_and_a_failed_buffer_stays_failed(void)
{
    ybb_error error = {0};
    ybb_deflate *deflate = ybb__deflate_new();
    ybb_buffer out = {0};
    CU_ASSERT_FALSE(ybb__buffer_reserve(&out, SIZE_MAX));
    CU_ASSERT_EQUAL(ybb__deflate_append(deflate, YBB_DEFLATE_FAST, "a", 1, &out, &error),
                    YBB_NO_MEMORY);
    CU_ASSERT_EQUAL(error.status, YBB_NO_MEMORY);
    CU_ASSERT_EQUAL(ybb__deflate_append(deflate, YBB_DEFLATE_STORE, "a", 1, &out, NULL),
                    YBB_NO_MEMORY);
    CU_ASSERT_EQUAL(out.length, 0);
    ybb__buffer_free(&out);
    ybb__deflate_free(deflate);
    ybb__deflate_free(NULL);
    ybb__inflate_free(NULL);
    ybb__run_free(NULL);
}

static void a_run_has_the_sums_that_each_container_of_its_chain_needs(void)
{
    ybb_deflate *deflate = ybb__deflate_new();
    ybb_run run = {0};
    ybb_buffer scratch = {0}, stored = {0};
    for (size_t i = 0; i < SIZES; i++) {
        char *content = make_content((content_kind)(i % CONTENT_KINDS), sizes[i], 6);
        uint32_t crc = (uint32_t)crc32_z(0, (const Bytef *)content, sizes[i]);
        stored.length = 0;
        append(deflate, YBB_DEFLATE_STORE, content, sizes[i], &stored);
        for (int chain = YBB_CHAIN_PLAIN; chain <= YBB_CHAIN_ZIP_GZIP; chain++) {
            CU_ASSERT_EQUAL(
                ybb__run_pack(&run, deflate, (ybb_chain)chain, content, sizes[i], &scratch, NULL),
                YBB_OK);
            CU_ASSERT_EQUAL(run.raw_length, sizes[i]);
            if (chain == YBB_CHAIN_PLAIN) {
                CU_ASSERT_EQUAL(run.bytes.length, sizes[i]);
                CU_ASSERT_EQUAL(run.inner_length, sizes[i]);
                continue;
            }
            CU_ASSERT_EQUAL(run.raw_crc, crc);
            append_end(&run.bytes);
            if (chain == YBB_CHAIN_ZIP) {
                CU_ASSERT_EQUAL(run.inner_length, run.bytes.length - sizeof(ybb__deflate_end));
                CU_ASSERT_TRUE(zlib_reads(&run.bytes, content, sizes[i]));
            } else if (chain == YBB_CHAIN_GZIP) {
                CU_ASSERT_EQUAL(run.inner_length, sizes[i]);
                CU_ASSERT_EQUAL(run.inner_crc, crc);
                CU_ASSERT_TRUE(zlib_reads(&run.bytes, content, sizes[i]));
            } else {
                CU_ASSERT_EQUAL(run.inner_length, stored.length);
                CU_ASSERT_EQUAL(run.inner_crc, ybb__crc32(0, stored.at, stored.length));
                CU_ASSERT_TRUE(zlib_reads(&run.bytes, stored.at, stored.length));
            }
        }
        free(content);
    }
    ybb__run_free(&run);
    ybb__buffer_free(&scratch);
    ybb__buffer_free(&stored);
    ybb__deflate_free(deflate);
}

static void the_engine_says_its_name(void)
{
#ifdef HAVE_ISAL
    CU_ASSERT_STRING_EQUAL(ybb__deflate_engine(), "ISA-L");
    CU_ASSERT_EQUAL(strncmp(ybb__deflate_version(), "2.", 2), 0);
#else
    CU_ASSERT_STRING_EQUAL(ybb__deflate_engine(), "zlib");
    CU_ASSERT_EQUAL(strncmp(ybb__deflate_version(), "1.", 2), 0);
#endif
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(a_piece_of_any_size_inflates_by_zlib),
        TEST(joined_pieces_inflate_by_zlib),
        TEST(a_piece_can_be_read_without_those_before_it),
        TEST(equal_content_gives_equal_bytes_whatever_came_before),
        TEST(equal_content_gives_equal_bytes_wherever_its_packer_is),
        TEST(content_never_grows_by_more_than_stored_blocks_need),
        TEST(stored_blocks_have_65535_bytes_at_most_and_are_never_the_last),
        TEST(every_engine_packs_and_reads_what_the_other_packed),
        TEST(inflate_takes_a_stream_in_any_split),
        TEST(inflate_refuses_bytes_behind_the_end),
        TEST(where_a_stream_ends_is_found_in_any_split),
        TEST(a_cut_stream_has_no_end_and_noise_is_no_stream),
        TEST(crcs_are_those_of_zlib_and_join),
        TEST(out_of_memory_is_reported_and_a_failed_buffer_stays_failed),
        TEST(a_run_has_the_sums_that_each_container_of_its_chain_needs),
        TEST(the_engine_says_its_name),
    };
    return RUN_TESTS("pack", tests);
}
