/*
 * store/files: the output folder on a local disk, and publishing a file safely.
 *
 * An export's files live in <out>/<export id>/, the folder 0700 and the files 0600. A file is
 * written under "<name>.<turn and random>.part" and gets its name by ybb__file_commit: fsync,
 * rename, fsync of the folder. Whatever happens before leaves nothing under the final name. All
 * paths are relative to directory handles; umask and working directory of the host do not matter.
 *
 * Who works on an export may be stopped at any moment, be taken for dead, and go on when another
 * one has its turn. So temporary names carry the turn: whoever has a later one removes those of
 * before, which can then not get their final names any more; nobody removes those of a later turn,
 * and nobody removes a file under a final name as long as somebody may have a turn.
 */
#ifndef YBB_STORE_FILES_H
#define YBB_STORE_FILES_H

#include "base/error.h"
#include "pack/sink.h"

typedef struct ybb_folder ybb_folder; /* one export's folder */
typedef struct ybb_file ybb_file;     /* one file being written; a ybb_sink */

/* What was removed; calls add to it, and take NULL. */
typedef struct ybb_removed {
    uint64_t files, bytes;
} ybb_removed;

/* Checks that @out is a folder that can be written, without keeping it open.
 * YBB_OUTPUT_MISSING, YBB_OUTPUT_DENIED. */
ybb_status ybb__folder_check(const char *out, ybb_error *error);
/* Makes the folder of export @id in the absolute path @out, or opens it. YBB_MISUSE for what is no
 * id. */
ybb_status ybb__folder_open(ybb_folder **folder, const char *out, const char *id, ybb_error *error);
void ybb__folder_close(ybb_folder *folder);
int ybb__folder_descriptor(const ybb_folder *folder);
/* "<out>/<id>", borrowed. */
const char *ybb__folder_path(const ybb_folder *folder);
/* Free bytes on its disk; 0 where the system does not say. */
uint64_t ybb__folder_free_space(const ybb_folder *folder);
/* Whose turn it is from now on, as far as this handle goes: 0 in the beginning. */
void ybb__folder_set_turn(ybb_folder *folder, uint32_t turn);
/* Removes what is there under temporary names of this turn and of those before it. */
ybb_status ybb__folder_clear(ybb_folder *folder, ybb_removed *removed, ybb_error *error);
/* The same, as far as it can be done, and removes the folder itself if it is then empty: who begins
 * a file in it makes it again. */
void ybb__folder_sweep(ybb_folder *folder);
/* Removes the files that @keep does not want, but hidden ones, which are not ours. Of an export
 * that nobody will ever work on again. */
ybb_status ybb__folder_keep(ybb_folder *folder, bool (*keep)(const char *name, void *user),
                            void *user, ybb_removed *removed, ybb_error *error);
/* Whether there is a file of that name and size whose content, which is read, has that CRC-32. */
bool ybb__folder_has(const ybb_folder *folder, const char *name, uint64_t bytes, uint32_t crc);
/* Whether export @id in @out has a file of that name and size: what may be handed out as it is,
 * without reading it. YBB_OUTPUT_CORRUPT where it is gone or has another size; YBB_OUTPUT_MISSING
 * without @out; YBB_OUTPUT_DENIED. */
ybb_status ybb__folder_check_file(const char *out, const char *id, const char *name, uint64_t bytes,
                                  ybb_error *error);
/* Calls @each with the id of every export's folder in @out, and with how many seconds ago it was
 * changed, until that returns false. */
ybb_status ybb__folders_visit(const char *out, bool (*each)(const char *id, double age, void *user),
                              void *user, ybb_error *error);
/* Removes the folder and its files, but hidden ones, which are not ours. YBB_OK where it is gone
 * already. */
ybb_status ybb__folder_remove(const char *out, const char *id, ybb_removed *removed,
                              ybb_error *error);

/* Begins a file under a temporary name; it is a sink. @name has no '/' and begins with no '.', else
 * YBB_MISUSE. */
ybb_status ybb__file_begin(ybb_file **file, ybb_folder *folder, const char *name, ybb_error *error);
/* Chooses the temporary name only: a library makes the file at ybb__file_path(), then
 * ybb__file_adopt() opens it. */
ybb_status ybb__file_reserve(ybb_file **file, ybb_folder *folder, const char *name,
                             ybb_error *error);
ybb_status ybb__file_adopt(ybb_file *file, ybb_error *error);

/* Gives it another final name, before it has one. */
ybb_status ybb__file_rename(ybb_file *file, const char *name, ybb_error *error);

ybb_sink *ybb__file_sink(ybb_file *file);
/* For reading back what was written. Call ybb__file_flush() first. */
int ybb__file_descriptor(const ybb_file *file);
/* The path that it has for now. Borrowed. */
const char *ybb__file_path(const ybb_file *file);
/* Hands what is still collected to the system. */
ybb_status ybb__file_flush(ybb_file *file, ybb_error *error);
/* What was flushed, to hold what reads back against. False for an adopted file, whose CRC nobody
 * knows. */
bool ybb__file_sums(const ybb_file *file, uint64_t *bytes, uint32_t *crc);
/* Makes it durable and visible. On failure nothing is visible and the file can only be freed. */
ybb_status ybb__file_commit(ybb_file *file, ybb_error *error);
/* Removes it unless it was committed. */
void ybb__file_free(ybb_file *file);

#endif
