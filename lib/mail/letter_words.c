#include "mail/letter_words.h"

const ybb_letter_words ybb__letter_words[YBB_LANGUAGES] = {
    [YBB_ENGLISH] =
        {
            .tag = "en",
            .ready = "Your export is ready",
            .failed = "Your export has failed",
            .is_ready = "The export that you asked for is ready.",
            .has_failed = "The export that you asked for has failed.",
            .no_record = "The export that you asked for is ready. No record meets its filters.",
            .type = "Export",
            .template_ = "Template",
            .format = "Format",
            .records = "Records",
            .code = "Error code",
            .number = "Number",
            .links = "Download:",
            .more = "Further files, without a link here:",
            .until = "The links hold until",
            .warning = "Whoever has a link can download the file: do not pass it on.",
            .hint = "Its status says more, and whether it can be resumed.",
            .automatic = "This message was sent automatically, because it was asked for with the "
                         "export.",
        },
    [YBB_INDONESIAN] =
        {
            .tag = "id",
            .ready = "Ekspor Anda sudah siap",
            .failed = "Ekspor Anda gagal",
            .is_ready = "Ekspor yang Anda minta sudah siap.",
            .has_failed = "Ekspor yang Anda minta gagal.",
            .no_record = "Ekspor yang Anda minta sudah siap. Tidak ada data yang sesuai dengan "
                         "filternya.",
            .type = "Ekspor",
            .template_ = "Templat",
            .format = "Format",
            .records = "Jumlah data",
            .code = "Kode galat",
            .number = "Nomor",
            .links = "Unduh:",
            .more = "Berkas lain, tanpa tautan di sini:",
            .until = "Tautan berlaku sampai",
            .warning = "Siapa pun yang memiliki tautan dapat mengunduh berkasnya: jangan "
                       "diteruskan.",
            .hint = "Statusnya menjelaskan lebih lanjut, dan apakah ekspor dapat dilanjutkan.",
            .automatic = "Pesan ini dikirim secara otomatis, karena diminta bersama ekspornya.",
        },
};
