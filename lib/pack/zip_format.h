/*
 * pack/zip_format: the numbers of zip and gzip files that several files here write or read. APPNOTE
 * 6.3.10, RFC 1952.
 */
#ifndef YBB_PACK_ZIP_FORMAT_H
#define YBB_PACK_ZIP_FORMAT_H

enum {
    YBB_ZIP_LOCAL = 0x04034b50,      /* what a local header begins with, */
    YBB_ZIP_DESCRIPTOR = 0x08074b50, /* a data descriptor, */
    YBB_ZIP_CENTRAL = 0x02014b50,    /* an entry of the directory, */
    YBB_ZIP_END = 0x06054b50,        /* the directory's end */
    YBB_ZIP_LOCAL_SIZE = 30,
    YBB_ZIP_DESCRIPTOR_SIZE = 16,
    YBB_ZIP_DESCRIPTOR_FOLLOWS = 0x08, /* of an entry's flags */
    YBB_METHOD_DEFLATE = 8,
    YBB_GZIP_FLAG_NAME = 0x08
};

#endif
