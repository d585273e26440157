#include "base/random.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/* 26 characters of 5 bits have room for 128: the last one holds the 3 that are left. */
enum { RANDOM_BYTES = 16, ID_CHARACTERS = 26, CHARACTER_BITS = 5 };

static const char id_begin[] = "exp_";

/* Digits and letters without i, l, o and u: an id that is read aloud or copied by hand stays one.
 */
static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

static bool read_device(unsigned char *out, size_t size)
{
    int device = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    if (device < 0)
        return false;
    size_t have = 0;
    while (have < size) {
        ssize_t got = read(device, out + have, size - have);
        if (got == 0 || (got < 0 && errno != EINTR))
            break;
        have += got > 0 ? (size_t)got : 0;
    }
    close(device);
    return have == size;
}

/* A kernel or a sandbox without getrandom(2) may have the device. */
static bool fill(unsigned char *out, size_t size)
{
    size_t have = 0;
    while (have < size) {
        ssize_t got = getrandom(out + have, size - have, 0);
        if (got < 0 && errno != EINTR)
            return read_device(out, size);
        have += got > 0 ? (size_t)got : 0;
    }
    return true;
}

bool ybb__random_id(char *out)
{
    unsigned char bytes[RANDOM_BYTES];
    if (!fill(bytes, sizeof(bytes)))
        return false;
    memcpy(out, id_begin, sizeof(id_begin) - 1);
    char *at = out + sizeof(id_begin) - 1;
    uint32_t bits = 0;
    unsigned count = 0;
    for (size_t i = 0, next = 0; i < ID_CHARACTERS; i++) {
        if (count < CHARACTER_BITS) {
            bits = bits << 8 | (next < sizeof(bytes) ? bytes[next++] : 0);
            count += 8;
        }
        count -= CHARACTER_BITS;
        *at++ = alphabet[bits >> count & (sizeof(alphabet) - 2)];
    }
    *at = '\0';
    return true;
}

bool ybb__is_id(const char *text)
{
    if (text == NULL || strncmp(text, id_begin, sizeof(id_begin) - 1) != 0)
        return false;
    const char *at = text + sizeof(id_begin) - 1;
    for (size_t i = 0; i < ID_CHARACTERS; i++)
        if (!((at[i] >= '0' && at[i] <= '9') || (at[i] >= 'a' && at[i] <= 'z')))
            return false;
    return at[ID_CHARACTERS] == '\0';
}
