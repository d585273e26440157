/*
 * Archives, reading them back, and digests.
 */
#include "pack/archive.h"

#include "pack/gzip.h"
#include "pack/readback.h"
#include "pack/zip.h"
#include "pack_helpers.h"
#include "runner.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const int64_t july = 1753284600LL * 1000000 + 999999; /* 2025-07-23T15:30:00.999999Z */
static const char manifest[] = "{\"files\": 3}";

enum { ENTRIES = 5, ROWS_LENGTH = 700001, NOISE_LENGTH = 300000 };

/* Files of rows, of noise (packed already) and empty, and bytes. */
static void list_entries(ybb_archive_entry entries[ENTRIES])
{
    static char rows[512], noise[512], empty[512];
    char *content = make_content(CONTENT_ROWS, ROWS_LENGTH, 1);
    write_file("rows.csv", content, ROWS_LENGTH);
    free(content);
    content = make_content(CONTENT_NOISE, NOISE_LENGTH, 2);
    write_file("noise.xlsx", content, NOISE_LENGTH);
    free(content);
    write_file("empty.csv", "", 0);
    snprintf(rows, sizeof(rows), "%s", in_folder("rows.csv"));
    snprintf(noise, sizeof(noise), "%s", in_folder("noise.xlsx"));
    snprintf(empty, sizeof(empty), "%s", in_folder("empty.csv"));
    entries[0] = (ybb_archive_entry){.name = "rows.csv", .path = rows};
    entries[1] = (ybb_archive_entry){.name = "noise.xlsx", .path = noise, .packed = true};
    entries[2] = (ybb_archive_entry){.name = "empty.csv", .path = empty};
    entries[3] = (ybb_archive_entry){
        .name = "manifest.json", .bytes = manifest, .length = sizeof(manifest) - 1};
    entries[4] = (ybb_archive_entry){.name = "nothing \xe2\x82\xac", .packed = true};
}

static ybb_status make(const char *name, bool (*progress)(double, void *), void *user,
                       ybb_error *error)
{
    ybb_archive_entry entries[ENTRIES];
    list_entries(entries);
    return ybb__archive_make(in_folder(name), entries, ENTRIES, july, progress, user, error);
}

static bool exists(const char *name)
{
    return access(in_folder(name), F_OK) == 0;
}

static unsigned count_files(void)
{
    unsigned count = 0;
    DIR *listing = opendir(test_folder());
    while (readdir(listing) != NULL)
        count++;
    closedir(listing);
    return count;
}

/* Reads a file back, in steps of @step bytes at first, as if it were being written. */
static ybb_status read_back_by(int file, size_t step, ybb_container container, ybb_digest *digest,
                               ybb_error *error)
{
    struct stat found = {0};
    ybb_readback *readback = ybb__readback_new(file, container);
    CU_ASSERT_PTR_NOT_NULL_FATAL(readback);
    (void)fstat(file, &found);
    for (size_t end = step; end < (size_t)found.st_size; end += step)
        ybb__readback_advance(readback, end);
    ybb_status status = ybb__readback_finish(readback, digest, error);
    ybb__readback_free(readback);
    return status;
}

static ybb_status read_back(int file, ybb_container container, ybb_digest *digest, ybb_error *error)
{
    return read_back_by(file, SIZE_MAX / 2, container, digest, error);
}

static ybb_status verify(const char *name, ybb_container container, ybb_error *error)
{
    int file = open(in_folder(name), O_RDONLY | O_CLOEXEC);
    ybb_digest digest;
    ybb_status status = read_back(file, container, &digest, error);
    close(file);
    return status;
}

static const char python_reads[] =
    "import zipfile\n"
    "zip = zipfile.ZipFile('made.zip')\n"
    "assert zip.testzip() is None\n"
    "assert zip.namelist() == ['rows.csv', 'noise.xlsx', 'empty.csv', 'manifest.json',\n"
    "    'nothing \\u20ac'], zip.namelist()\n"
    "for name in ('rows.csv', 'noise.xlsx', 'empty.csv'):\n"
    "    assert zip.read(name) == open(name, 'rb').read(), name\n"
    "assert zip.read('manifest.json') == b'{\"files\": 3}'\n"
    "assert [i.compress_type for i in zip.infolist()] == [8, 0, 8, 8, 0]\n"
    "assert zip.getinfo('rows.csv').compress_size < zip.getinfo('rows.csv').file_size / 3\n"
    "for i in zip.infolist():\n"
    "    assert i.date_time == (2025, 7, 23, 15, 30, 0), i.date_time\n"
    "    assert i.external_attr >> 16 == 0o100644, oct(i.external_attr)\n";

static void others_read_an_archive(void)
{
    if (!have_program("unzip") || !have_program("python3")) {
        skip_test("unzip or python3 is missing");
        return;
    }
    unlink(in_folder("made.zip"));
    CU_ASSERT_EQUAL(make("made.zip", NULL, NULL, NULL), YBB_OK);
    write_file("read.py", python_reads, strlen(python_reads));
    CU_ASSERT_EQUAL(run_shell("unzip -tqq made.zip"), 0);
    CU_ASSERT_EQUAL(run_shell("python3 read.py"), 0);
    CU_ASSERT_EQUAL(verify("made.zip", YBB_CONTAINER_ZIP, NULL), YBB_OK);
}

static void set_zone(const char *zone)
{
    if (zone != NULL)
        setenv("TZ", zone, 1);
    else
        unsetenv("TZ");
    tzset();
}

static void an_archive_is_the_same_in_any_time_zone_and_under_any_umask(void)
{
    ybb_buffer here = {0}, there = {0};
    struct stat file = {0};
    unlink(in_folder("here.zip"));
    unlink(in_folder("there.zip"));
    CU_ASSERT_EQUAL(make("here.zip", NULL, NULL, NULL), YBB_OK);
    mode_t before = umask(0);
    set_zone("Pacific/Chatham");
    ybb_archive_entry entries[ENTRIES];
    list_entries(entries);
    umask(0777);
    CU_ASSERT_EQUAL(
        ybb__archive_make(in_folder("there.zip"), entries, ENTRIES, july, NULL, NULL, NULL),
        YBB_OK);
    set_zone(NULL);
    umask(before);
    CU_ASSERT_EQUAL(stat(in_folder("there.zip"), &file), 0);
    CU_ASSERT_EQUAL(file.st_mode & 07777, 0600);
    read_file(in_folder("here.zip"), &here);
    read_file(in_folder("there.zip"), &there);
    CU_ASSERT_TRUE(here.length > NOISE_LENGTH);
    CU_ASSERT_EQUAL(here.length, there.length);
    CU_ASSERT_EQUAL(memcmp(here.at, there.at, here.length), 0);
    ybb__buffer_free(&here);
    ybb__buffer_free(&there);
}

typedef struct watched {
    double last, stop_at;
    unsigned calls;
} watched;

static bool watch(double part, void *user)
{
    watched *seen = user;
    CU_ASSERT_TRUE(part >= seen->last && part <= 1);
    CU_ASSERT_TRUE(seen->last < seen->stop_at); /* never called again after it said stop */
    seen->last = part;
    seen->calls++;
    return part < seen->stop_at;
}

static void progress_goes_from_0_to_1(void)
{
    watched seen = {.last = 0, .stop_at = 2};
    unlink(in_folder("made.zip"));
    CU_ASSERT_EQUAL(make("made.zip", watch, &seen, NULL), YBB_OK);
    CU_ASSERT_TRUE(seen.calls > 5);
    CU_ASSERT_EQUAL(seen.last, 1);
}

static void a_stopped_archive_leaves_nothing(void)
{
    static const double stops[] = {1e-9, 0.1, 0.3, 0.7, 1};
    unlink(in_folder("made.zip"));
    make("warm.zip", NULL, NULL, NULL);
    unsigned before = count_files();
    for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++) {
        ybb_error error = {0};
        watched seen = {.last = 0, .stop_at = stops[i]};
        CU_ASSERT_EQUAL(make("made.zip", watch, &seen, &error), YBB_CANCELLED);
        CU_ASSERT_EQUAL(error.status, YBB_CANCELLED);
        CU_ASSERT_FALSE(exists("made.zip"));
        CU_ASSERT_EQUAL(count_files(), before);
    }
    unlink(in_folder("warm.zip"));
}

static void a_missing_file_is_named_and_nothing_is_left(void)
{
    ybb_error error = {0};
    const ybb_archive_entry entries[] = {{.name = "manifest.json", .bytes = manifest, .length = 5},
                                         {.name = "gone.csv", .path = in_folder("gone.csv")}};
    for (int packed = 0; packed < 2; packed++) {
        ybb_archive_entry both[2] = {entries[0], entries[1]};
        both[1].packed = packed;
        error = (ybb_error){0};
        CU_ASSERT_EQUAL(ybb__archive_make(in_folder("made.zip"), both, 2, july, NULL, NULL, &error),
                        YBB_OUTPUT_MISSING);
        CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "gone.csv"));
        CU_ASSERT_FALSE(exists("made.zip"));
    }
}

static void a_file_that_is_there_is_left_alone(void)
{
    ybb_error error = {0};
    ybb_buffer left = {0};
    write_file("taken.zip", "mine", 4);
    CU_ASSERT_EQUAL(make("taken.zip", NULL, NULL, &error), YBB_OUTPUT_ERROR);
    read_file(in_folder("taken.zip"), &left);
    CU_ASSERT_EQUAL(left.length, 4);
    ybb__buffer_free(&left);
    CU_ASSERT_EQUAL(make("no/such/folder.zip", NULL, NULL, NULL), YBB_OUTPUT_MISSING);
    CU_ASSERT_EQUAL(ybb__archive_make(in_folder("a.zip"), NULL, 0, july, NULL, NULL, NULL),
                    YBB_MISUSE);
    CU_ASSERT_FALSE(exists("a.zip"));
}

static void entries_of_the_same_name_are_refused(void)
{
    const ybb_archive_entry entry = {.name = "a", .bytes = "a", .length = 1};
    const ybb_archive_entry entries[] = {entry, entry};
    unlink(in_folder("twice.zip"));
    CU_ASSERT_EQUAL(ybb__archive_make(in_folder("twice.zip"), entries, 2, july, NULL, NULL, NULL),
                    YBB_OUTPUT_ERROR);
    CU_ASSERT_FALSE(exists("twice.zip"));
}

/* A limit of file size is what a test can have of a full disk: every size from nothing on. */
static int make_under_a_limit(rlim_t most)
{
    const struct rlimit limit = {most, most};
    ybb_error error = {0};
    signal(SIGXFSZ, SIG_IGN);
    ybb_archive_entry entries[ENTRIES];
    list_entries(entries);
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
        return 2;
    ybb_status status =
        ybb__archive_make(in_folder("full.zip"), entries, ENTRIES, july, NULL, NULL, &error);
    if (status == YBB_OK)
        return 3;
    return error.status == status && strstr(error.message, "full.zip") != NULL &&
                   !exists("full.zip")
               ? 0
               : 1;
}

static void an_archive_that_does_not_fit_leaves_nothing(void)
{
    static const rlim_t limits[] = {0, 1, 100, 4096, 100000, 262144, 300000, 400000};
    struct stat file = {0};
    unlink(in_folder("full.zip"));
    CU_ASSERT_EQUAL(make("full.zip", NULL, NULL, NULL), YBB_OK);
    CU_ASSERT_EQUAL(stat(in_folder("full.zip"), &file), 0);
    unlink(in_folder("full.zip"));
    for (size_t i = 0; i <= sizeof(limits) / sizeof(limits[0]); i++) {
        bool last = i == sizeof(limits) / sizeof(limits[0]); /* only the directory's end is cut */
        pid_t child = fork();
        if (child == 0)
            _exit(make_under_a_limit(last ? (rlim_t)file.st_size - 1 : limits[i]));
        int status = -1;
        CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
        CU_ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
}

/* ------------------------------------------------------------------------- parts of a book */

enum { ROWS = 2000 }; /* bytes in small.zip's first entry, and in small.gz */

static void make_small_zip(ybb_buffer *out)
{
    memory_sink sink;
    memory_sink_open(&sink);
    ybb_zip *zip = ybb__zip_new(&sink.sink, july, YBB_DEFLATE_FAST);
    char *rows = make_content(CONTENT_ROWS, ROWS, 1);
    CU_ASSERT_EQUAL(ybb__zip_begin(zip, "rows.xml", NULL), YBB_OK);
    CU_ASSERT_EQUAL(ybb__zip_bytes(zip, rows, ROWS, NULL), YBB_OK);
    CU_ASSERT_EQUAL(ybb__zip_end(zip, NULL), YBB_OK);
    CU_ASSERT_EQUAL(ybb__zip_begin(zip, "empty.xml", NULL), YBB_OK);
    CU_ASSERT_EQUAL(ybb__zip_end(zip, NULL), YBB_OK);
    CU_ASSERT_EQUAL(ybb__zip_finish(zip, NULL), YBB_OK);
    ybb__zip_free(zip);
    free(rows);
    *out = sink.bytes;
}

static void make_small_gzip(ybb_buffer *out)
{
    memory_sink sink;
    memory_sink_open(&sink);
    ybb_gzip *gzip = ybb__gzip_new(&sink.sink, "rows.csv", july);
    char *rows = make_content(CONTENT_ROWS, ROWS, 1);
    ybb_sink *into = ybb__gzip_sink(gzip);
    CU_ASSERT_EQUAL(into->write(into, rows, ROWS, NULL), YBB_OK);
    CU_ASSERT_EQUAL(ybb__gzip_finish(gzip, NULL), YBB_OK);
    ybb__gzip_free(gzip);
    free(rows);
    *out = sink.bytes;
}

static void the_names_and_parts_of_a_zip_in_memory_are_read(void)
{
    ybb_buffer zip, part = {0};
    ybb_archive *archive;
    ybb_error error = {0};
    char **names;
    size_t count;
    char *rows = make_content(CONTENT_ROWS, 2000, 1);
    make_small_zip(&zip);
    CU_ASSERT_EQUAL_FATAL(ybb__archive_open(&archive, &zip, NULL), YBB_OK);
    CU_ASSERT_EQUAL(ybb__archive_names(archive, &names, &count, NULL), YBB_OK);
    CU_ASSERT_EQUAL_FATAL(count, 2);
    CU_ASSERT_STRING_EQUAL(names[0], "rows.xml");
    CU_ASSERT_STRING_EQUAL(names[1], "empty.xml");
    ybb__archive_names_free(names, count);
    ybb__buffer_put_text(&part, "before ");
    CU_ASSERT_EQUAL(ybb__archive_part(archive, "rows.xml", &part, NULL), YBB_OK);
    CU_ASSERT_EQUAL(part.length, 2007);
    CU_ASSERT_EQUAL(memcmp(part.at, "before ", 7), 0);
    CU_ASSERT_EQUAL(memcmp(part.at + 7, rows, 2000), 0);
    CU_ASSERT_EQUAL(ybb__archive_part(archive, "empty.xml", &part, NULL), YBB_OK);
    CU_ASSERT_EQUAL(part.length, 2007);
    CU_ASSERT_EQUAL(ybb__archive_part(archive, "absent.xml", &part, &error), YBB_INTERNAL);
    CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "absent.xml"));
    ybb__archive_close(archive);
    ybb__buffer_free(&part);
    ybb__buffer_free(&zip);
    free(rows);
}

static void what_is_no_zip_or_a_broken_one_has_no_parts(void)
{
    ybb_buffer zip = {0}, part = {0};
    ybb_archive *archive;
    ybb__buffer_put_text(&zip, "no zip at all");
    CU_ASSERT_EQUAL(ybb__archive_open(&archive, &zip, NULL), YBB_INTERNAL);
    CU_ASSERT_PTR_NULL(archive);
    ybb__buffer_clear(&zip);
    CU_ASSERT_EQUAL(ybb__archive_open(&archive, &zip, NULL), YBB_INTERNAL);
    CU_ASSERT_PTR_NULL(archive);
    ybb__archive_close(archive);
    ybb__buffer_free(&zip);
    make_small_zip(&zip);
    zip.at[45] ^= 1; /* in the first entry's data */
    CU_ASSERT_EQUAL_FATAL(ybb__archive_open(&archive, &zip, NULL), YBB_OK);
    CU_ASSERT_EQUAL(ybb__archive_part(archive, "rows.xml", &part, NULL), YBB_INTERNAL);
    CU_ASSERT_EQUAL(part.length, 0);
    ybb__archive_close(archive);
    ybb__buffer_free(&zip);
    ybb__buffer_free(&part);
    ybb__archive_names_free(NULL, 3);
}

/* --------------------------------------------------------------------------- reading back */

/* Whether a file is found out, read at once and as it grows; it must be by YBB_OUTPUT_CORRUPT then.
 */
static bool is_found_corrupt(int file, ybb_container container, ybb_error *error)
{
    static const size_t steps[] = {SIZE_MAX / 2, 1, 7, 64};
    ybb_status found[sizeof(steps) / sizeof(steps[0])];
    ybb_digest digest;
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        *error = (ybb_error){0};
        found[i] = read_back_by(file, steps[i], container, &digest, error);
        CU_ASSERT_TRUE(found[i] == YBB_OK || found[i] == YBB_OUTPUT_CORRUPT);
        CU_ASSERT_EQUAL(error->status, found[i]);
        CU_ASSERT_EQUAL(found[i], found[0]);
    }
    return found[0] == YBB_OUTPUT_CORRUPT;
}

/* The same for one with a bit of it turned for the while. */
static bool a_flip_is_found(int file, size_t at, int bit, ybb_container container, ybb_error *error)
{
    unsigned char byte, flipped;
    CU_ASSERT_EQUAL(pread(file, &byte, 1, (off_t)at), 1);
    flipped = (unsigned char)(byte ^ 1 << bit);
    CU_ASSERT_EQUAL(pwrite(file, &flipped, 1, (off_t)at), 1);
    bool found = is_found_corrupt(file, container, error);
    CU_ASSERT_EQUAL(pwrite(file, &byte, 1, (off_t)at), 1);
    return found;
}

static int open_file(const char *name, const ybb_buffer *bytes)
{
    write_file(name, bytes->at, bytes->length);
    return open(in_folder(name), O_RDWR | O_CLOEXEC);
}

static void a_cut_file_is_found_at_any_length(void)
{
    for (int gzipped = 0; gzipped < 2; gzipped++) {
        ybb_buffer bytes;
        ybb_error error;
        ybb_container container = gzipped ? YBB_CONTAINER_GZIP : YBB_CONTAINER_ZIP;
        if (gzipped)
            make_small_gzip(&bytes);
        else
            make_small_zip(&bytes);
        int file = open_file("broken", &bytes);
        CU_ASSERT_FALSE(is_found_corrupt(file, container, &error));
        CU_ASSERT_EQUAL(ftruncate(file, (off_t)bytes.length + 1), 0);
        CU_ASSERT_TRUE(is_found_corrupt(file, container, &error));
        for (size_t length = bytes.length; length-- > 0;) {
            CU_ASSERT_EQUAL(ftruncate(file, (off_t)length), 0);
            CU_ASSERT_TRUE(is_found_corrupt(file, container, &error));
        }
        close(file);
        ybb__buffer_free(&bytes);
    }
}

/* A flip of a bit that deflate leaves unused, or that makes another way to the same content. */
static bool a_flip_is_harmless(ybb_buffer *bytes, size_t from, size_t to, size_t at, int bit)
{
    char *rows = make_content(CONTENT_ROWS, ROWS, 1);
    ybb_buffer packed = {0};
    bytes->at[at] ^= (char)(1 << bit);
    ybb__buffer_put(&packed, bytes->at + from, to - from);
    bytes->at[at] ^= (char)(1 << bit);
    bool harmless = zlib_reads(&packed, rows, ROWS);
    ybb__buffer_free(&packed);
    free(rows);
    return harmless;
}

/* What only describes are the fields of gzip's header for time, extra flags, system and name. */
static void any_flipped_bit_of_a_gzip_is_found_but_in_what_only_describes(void)
{
    enum { TIME_AT = 4, DATA_AT = 10 + 9, TRAILER = 8 };
    ybb_buffer bytes;
    ybb_error error;
    make_small_gzip(&bytes);
    int file = open_file("broken", &bytes);
    for (size_t i = 0; i < bytes.length; i++)
        for (int bit = 0; bit < 8; bit++) {
            bool found = a_flip_is_found(file, i, bit, YBB_CONTAINER_GZIP, &error);
            if (i < TIME_AT || i >= bytes.length - TRAILER)
                CU_ASSERT_TRUE(found);
            if (i >= DATA_AT && !found)
                CU_ASSERT_TRUE(a_flip_is_harmless(&bytes, DATA_AT, bytes.length - TRAILER, i, bit));
        }
    close(file);
    ybb__buffer_free(&bytes);
}

enum { LOCAL = 30, DESCRIPTOR = 16, CENTRAL = 46, END = 22, FIRST_NAME = 8, SECOND_NAME = 9 };

static bool within(size_t at, size_t from, size_t length)
{
    return at >= from && at < from + length;
}

/* Versions, flags, disk numbers and attributes of small.zip; and of its second entry, which is
 * empty, the packed size that its local header leaves open, and unused bits of its block. */
static bool only_describes(size_t at, size_t second, size_t length)
{
    size_t central[] = {length - END - 2 * CENTRAL - FIRST_NAME - SECOND_NAME,
                        length - END - CENTRAL - SECOND_NAME};
    for (int i = 0; i < 2; i++)
        if (within(at, central[i] + 4, 6) || within(at, central[i] + 34, 8))
            return true;
    return within(at, 4, 4) || within(at, second + 4, 4) || within(at, second + 18, 4) ||
           within(at, second + LOCAL + SECOND_NAME, sizeof(ybb__deflate_end));
}

static void any_flipped_bit_of_a_zip_is_found_but_in_what_only_describes(void)
{
    ybb_buffer bytes;
    ybb_error error;
    make_small_zip(&bytes);
    int file = open_file("broken", &bytes);
    size_t data_at = LOCAL + FIRST_NAME, data_end = data_at;
    while (memcmp(bytes.at + data_end, "PK\x07\x08", 4) != 0)
        data_end++;
    for (size_t i = 0; i < bytes.length; i++)
        for (int bit = 0; bit < 8; bit++) {
            bool found = a_flip_is_found(file, i, bit, YBB_CONTAINER_ZIP, &error);
            bool harmless = found;
            if (!found && within(i, data_at, data_end - data_at))
                harmless = a_flip_is_harmless(&bytes, data_at, data_end, i, bit);
            else if (!found)
                harmless = only_describes(i, data_end + DESCRIPTOR, bytes.length);
            CU_ASSERT_TRUE(harmless);
            if (found && within(i, data_at, data_end + DESCRIPTOR - data_at))
                CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"rows.xml\""));
        }
    close(file);
    ybb__buffer_free(&bytes);
}

static void the_entry_at_fault_is_named(void)
{
    ybb_buffer bytes = {0};
    ybb_error error;
    unlink(in_folder("made.zip"));
    CU_ASSERT_EQUAL(make("made.zip", NULL, NULL, NULL), YBB_OK);
    read_file(in_folder("made.zip"), &bytes);
    int file = open_file("broken", &bytes);
    CU_ASSERT_TRUE(
        a_flip_is_found(file, bytes.length - NOISE_LENGTH / 2, 2, YBB_CONTAINER_ZIP, &error));
    close(file);
    CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"noise.xlsx\""));
    ybb__buffer_free(&bytes);
}

static void zips_of_others_read_back_too(void)
{
    static const char makes[] =
        "import zipfile\n"
        "with zipfile.ZipFile('other.zip', 'w') as zip:\n"
        "    zip.writestr('stored', b'a' * 70000)\n"
        "    zip.writestr('deflated', b'ab' * 70000, zipfile.ZIP_DEFLATED)\n"
        "with zipfile.ZipFile('bzip2.zip', 'w') as zip:\n"
        "    zip.writestr('packed', b'ab' * 70000, zipfile.ZIP_BZIP2)\n"
        "with zipfile.ZipFile('none.zip', 'w') as zip:\n"
        "    pass\n";
    if (!have_program("python3") || !have_program("gzip")) {
        skip_test("python3 or gzip is missing");
        return;
    }
    write_file("make.py", makes, strlen(makes));
    CU_ASSERT_EQUAL(run_shell("python3 make.py && gzip -kf9 other.zip && gzip -nkf none.zip"), 0);
    CU_ASSERT_EQUAL(verify("other.zip", YBB_CONTAINER_ZIP, NULL), YBB_OK);
    CU_ASSERT_EQUAL(verify("none.zip", YBB_CONTAINER_ZIP, NULL), YBB_OK);
    CU_ASSERT_EQUAL(verify("bzip2.zip", YBB_CONTAINER_ZIP, NULL), YBB_OUTPUT_CORRUPT);
    CU_ASSERT_EQUAL(verify("other.zip.gz", YBB_CONTAINER_GZIP, NULL), YBB_OK);
    CU_ASSERT_EQUAL(verify("none.zip.gz", YBB_CONTAINER_GZIP, NULL), YBB_OK);
    CU_ASSERT_EQUAL(verify("other.zip", YBB_CONTAINER_GZIP, NULL), YBB_OUTPUT_CORRUPT);
    CU_ASSERT_EQUAL(verify("other.zip.gz", YBB_CONTAINER_ZIP, NULL), YBB_OUTPUT_CORRUPT);
}

static void a_descriptor_that_cannot_be_read_is_an_output_error(void)
{
    ybb_error error = {0};
    ybb_digest digest;
    int file = open(in_folder("unread"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    CU_ASSERT_EQUAL(write(file, "PK", 2), 2);
    CU_ASSERT_EQUAL(read_back(file, YBB_CONTAINER_NONE, &digest, &error), YBB_OUTPUT_ERROR);
    CU_ASSERT_EQUAL(error.status, YBB_OUTPUT_ERROR);
    CU_ASSERT_EQUAL(read_back(file, YBB_CONTAINER_GZIP, &digest, NULL), YBB_OUTPUT_ERROR);
    CU_ASSERT_EQUAL(read_back_by(file, 1, YBB_CONTAINER_ZIP, &digest, NULL), YBB_OUTPUT_ERROR);
    close(file);
    CU_ASSERT_EQUAL(read_back(-1, YBB_CONTAINER_ZIP, &digest, NULL), YBB_OUTPUT_ERROR);
}

static void reading_back_leaves_the_position_of_the_descriptor(void)
{
    ybb_digest digest;
    unlink(in_folder("made.zip"));
    CU_ASSERT_EQUAL(make("made.zip", NULL, NULL, NULL), YBB_OK);
    int file = open(in_folder("made.zip"), O_RDONLY | O_CLOEXEC);
    CU_ASSERT_EQUAL(lseek(file, 77, SEEK_SET), 77);
    CU_ASSERT_EQUAL(read_back(file, YBB_CONTAINER_ZIP, &digest, NULL), YBB_OK);
    CU_ASSERT_EQUAL(lseek(file, 0, SEEK_CUR), 77);
    close(file);
}

static void digests_are_those_of_others(void)
{
    static const struct {
        size_t length;
        uint32_t crc32;
        const char *sha256;
    } known[] = {
        {0, 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {3, 0x352441c2, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}};
    ybb_digest digest;
    for (size_t i = 0; i < 2; i++) {
        write_file("digest", "abc", known[i].length);
        int file = open(in_folder("digest"), O_RDONLY | O_CLOEXEC);
        CU_ASSERT_EQUAL(read_back(file, YBB_CONTAINER_NONE, &digest, NULL), YBB_OK);
        CU_ASSERT_EQUAL(digest.bytes, known[i].length);
        CU_ASSERT_EQUAL(digest.crc32, known[i].crc32);
        CU_ASSERT_STRING_EQUAL(digest.sha256, known[i].sha256);
        close(file);
    }
    if (!have_program("sha256sum")) {
        skip_test("sha256sum is missing");
        return;
    }
    static const size_t lengths[] = {262143, 262144, 262145, 524288, 1000000};
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        char *content = make_content(CONTENT_ROWS, lengths[i], 1), line[200];
        write_file("digest", content, lengths[i]);
        int file = open(in_folder("digest"), O_RDONLY | O_CLOEXEC);
        CU_ASSERT_EQUAL(read_back(file, YBB_CONTAINER_NONE, &digest, NULL), YBB_OK);
        CU_ASSERT_EQUAL(digest.bytes, lengths[i]);
        snprintf(line, sizeof(line), "echo '%s  digest' | sha256sum -c", digest.sha256);
        CU_ASSERT_EQUAL(run_shell(line), 0);
        close(file);
        free(content);
    }
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(others_read_an_archive),
        TEST(an_archive_is_the_same_in_any_time_zone_and_under_any_umask),
        TEST(progress_goes_from_0_to_1),
        TEST(a_stopped_archive_leaves_nothing),
        TEST(a_missing_file_is_named_and_nothing_is_left),
        TEST(a_file_that_is_there_is_left_alone),
        TEST(entries_of_the_same_name_are_refused),
        TEST(an_archive_that_does_not_fit_leaves_nothing),
        TEST(the_names_and_parts_of_a_zip_in_memory_are_read),
        TEST(what_is_no_zip_or_a_broken_one_has_no_parts),
        TEST(a_cut_file_is_found_at_any_length),
        TEST(any_flipped_bit_of_a_gzip_is_found_but_in_what_only_describes),
        TEST(any_flipped_bit_of_a_zip_is_found_but_in_what_only_describes),
        TEST(the_entry_at_fault_is_named),
        TEST(zips_of_others_read_back_too),
        TEST(a_descriptor_that_cannot_be_read_is_an_output_error),
        TEST(reading_back_leaves_the_position_of_the_descriptor),
        TEST(digests_are_those_of_others),
    };
    int status = RUN_TESTS("pack archives", tests);
    remove_folder();
    return status;
}
