#include "encode/pdf_font_file.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void unmap(void *data)
{
    ybb_pdf_font_file *own = data;
    munmap(own->at, own->length);
    free(own);
}

static void *map(const char *path, size_t *length)
{
    struct stat info;
    void *at = MAP_FAILED;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return NULL;
    if (fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0 &&
        info.st_size <= INT_MAX) {
        *length = (size_t)info.st_size;
        at = mmap(NULL, *length, PROT_READ, MAP_PRIVATE, descriptor, 0);
    }
    close(descriptor);
    return at != MAP_FAILED ? at : NULL;
}

hb_blob_t *ybb__pdf_font_file_open(ybb_pdf_font_file *out, const char *path)
{
    *out = (ybb_pdf_font_file){NULL, 0};
    ybb_pdf_font_file *own = malloc(sizeof(*own));
    if (own == NULL)
        return NULL;
    own->at = map(path, &own->length);
    if (own->at == NULL) {
        free(own);
        return NULL;
    }
    const ybb_pdf_font_file mapped = *own;
    /* destroys what it is given where it fails */
    hb_blob_t *blob = hb_blob_create_or_fail(mapped.at, (unsigned)mapped.length,
                                             HB_MEMORY_MODE_READONLY, own, unmap);
    if (blob != NULL)
        *out = mapped;
    return blob;
}

void ybb__pdf_font_file_rest(const ybb_pdf_font_file *file)
{
    if (file->at != NULL)
        (void)madvise(file->at, file->length, MADV_DONTNEED);
}
