<?php

/**
 * What editors (PhpStorm) and analysers (PHPStan, Psalm) know of the extension ybb_export. Never
 * loaded by PHP; a test holds it against the extension.
 *
 * PHPStan: parameters.scanFiles; Psalm: <stubs>; PhpStorm: in an include path.
 */

namespace YbbExport {
    /**
     * The installation is broken: a configuration that is not valid, a database that refuses its
     * user, a folder that is missing. The code is one of the constants YBB_*.
     */
    class Exception extends \RuntimeException
    {
    }
}

namespace {
    /**
     * Exports what a request asks for.
     *
     * Without $progress, exports of fewer than 1,000 records are waited for (at most
     * ybb_export.wait_seconds); the others go on in the background and the answer is "processing".
     * With $progress, any export is waited for, and $progress is called meanwhile, at most ten times
     * a second; when it returns false, the wait ends and the export goes on.
     *
     * @param array<string, mixed> $request docs/request.schema.json
     * @param null|callable(array{export_id: string, stage: string, percentage: float, current_chunk: int,
     *     total_chunks: int, records_processed: int, total_records: int, current_operation: string,
     *     elapsed_seconds: float}): mixed $progress
     * @param null|string $own_address the e-mail address of who asks, as the application knows it and not as
     *     the request says it: mail about the export may go there
     * @return array<string, mixed> docs/answer.schema.json
     * @throws YbbExport\Exception
     */
    function ybb_export(array $request, ?callable $progress = null, ?string $own_address = null): array {}

    /**
     * How far an export is, or what came of it.
     *
     * @param null|string $owner exports of other owners are NOT_FOUND; null: anybody's
     * @return array<string, mixed>
     * @throws YbbExport\Exception
     */
    function ybb_export_status(string $id, ?string $owner = null): array {}

    /**
     * The exports of an owner, the newest first; of everybody for null.
     *
     * @param int<1, 100> $most how many
     * @param int<0, max> $before 0, or "next" of an answer: it goes on behind that one's exports
     * @return array<string, mixed>
     * @throws YbbExport\Exception
     */
    function ybb_export_list(?string $owner = null, int $most = 20, int $before = 0): array {}

    /**
     * The files of an export that are there by now.
     *
     * @return array<string, mixed>
     * @throws YbbExport\Exception
     */
    function ybb_export_chunks(string $id, ?string $owner = null): array {}

    /**
     * How many records a request would give, in how many files, in what time; nothing is started.
     *
     * @param array<string, mixed> $request
     * @return array<string, mixed>
     * @throws YbbExport\Exception
     */
    function ybb_export_estimate(array $request): array {}

    /**
     * Has a failed or cancelled export go on behind its last finished file.
     *
     * @return array<string, mixed> its status
     * @throws YbbExport\Exception
     */
    function ybb_export_resume(string $id, ?string $owner = null): array {}

    /**
     * Asks an export to stop.
     *
     * @return array<string, mixed> its status
     * @throws YbbExport\Exception
     */
    function ybb_export_cancel(string $id, ?string $owner = null): array {}

    /**
     * Removes an export and its files.
     *
     * @return array<string, mixed>
     * @throws YbbExport\Exception
     */
    function ybb_export_delete(string $id, ?string $owner = null): array {}

    /**
     * Waits for an export, at most that long; INF has no limit.
     *
     * @return array<string, mixed> its status then
     * @throws YbbExport\Exception
     */
    function ybb_export_wait(string $id, float $seconds, ?string $owner = null): array {}

    /**
     * A finished file of an export, open for reading.
     *
     * @param null|int<1, max>|'zip'|numeric-string $part a batch's number, "zip" for the archive, null
     *     for the one file of an export that has one, or its archive
     * @return array{status: 'success', stream: resource, file_name: string, content_type: string,
     *     file_size: int, path: string}|array{status: 'error', message: string, error_code: string,
     *     details: array<string, mixed>, recovery_options: array<string, mixed>}
     * @throws YbbExport\Exception
     */
    function ybb_export_download(string $id, int|string|null $part = null, ?string $owner = null): array {}

    /**
     * Reads the rows and hands the file's bytes on as they are made; nothing is written to the disk.
     * The strategy "streaming" need not be in the request.
     *
     * @param array<string, mixed>|string $request or the id of a stream that was started and not read
     * @param callable(string): mixed $sink when it returns false, the export is cancelled
     * @param null|string $owner of an id: streams of other owners are NOT_FOUND; null: anybody's
     * @return array<string, mixed> the export's status behind its last byte
     * @throws YbbExport\Exception
     */
    function ybb_export_stream(array|string $request, callable $sink, ?string $owner = null): array {}

    /**
     * Signs a link to a file of an export with the setting "link_secret": whoever has the signature may have
     * the file until its time is over. Whether there is such an export is not asked.
     *
     * @param null|int<1, max>|'zip'|numeric-string $part as of ybb_export_download()
     * @param int<1, 31622400> $seconds how long it holds
     * @return array{status: 'success', signature: string}|array{status: 'error', message: string,
     *     error_code: string, details: array<string, mixed>, recovery_options: array<string, mixed>}
     * @throws YbbExport\Exception also without a secret
     */
    function ybb_export_link_sign(string $id, int|string|null $part, int $seconds): array {}

    /**
     * Whether a signature is that of this file and its time is not over: if not, LINK_INVALID or LINK_EXPIRED.
     *
     * @param null|int<1, max>|'zip'|numeric-string $part
     * @return array{status: 'success'}|array{status: 'error', message: string, error_code: string,
     *     details: array<string, mixed>, recovery_options: array<string, mixed>}
     * @throws YbbExport\Exception also without a secret
     */
    function ybb_export_link_check(string $id, int|string|null $part, string $signature): array {}

    /**
     * What can be exported: types, templates, fields, filters, options.
     *
     * @return array<string, mixed>
     * @throws YbbExport\Exception
     */
    function ybb_export_templates(): array {}

    /**
     * Makes a template, in place of one of its name: ['templates' => ['participants_short' => ['fields' => [...]]]].
     *
     * @param array<string, mixed> $template
     * @return array<string, mixed> all templates
     * @throws YbbExport\Exception
     */
    function ybb_export_template_save(array $template): array {}

    /**
     * What was exported lately, and all limits.
     *
     * @return array<string, mixed>
     * @throws YbbExport\Exception
     */
    function ybb_export_stats(): array {}

    /**
     * How full the queue is; with an id, also where in it that export is.
     *
     * @param null|string $owner of an id, as of ybb_export_status()
     * @return array<string, mixed>
     * @throws YbbExport\Exception
     */
    function ybb_export_queue(?string $id = null, ?string $owner = null): array {}

    /**
     * Removes what has expired. Workers do it by themselves.
     *
     * @return array<string, mixed>
     * @throws YbbExport\Exception
     */
    function ybb_export_sweep(): array {}

    // The version of the extension, and of the library that is loaded.
    const YBB_EXPORT_VERSION = '0.1.0';
    const YBB_EXPORT_LIBRARY_VERSION = '0.1.0';

    // Codes of exceptions; their names without YBB_ are the error_code of answers (docs/errors.md).
    const YBB_OK = 0;
    const YBB_INVALID_JSON = 1;
    const YBB_INVALID_TYPE = 2;
    const YBB_INVALID_VALUE = 3;
    const YBB_UNKNOWN_KEY = 4;
    const YBB_MISSING_KEY = 5;
    const YBB_UNKNOWN_EXPORT_TYPE = 6;
    const YBB_UNKNOWN_TEMPLATE = 7;
    const YBB_UNKNOWN_FIELD = 8;
    const YBB_UNKNOWN_FILTER = 9;
    const YBB_UNSUPPORTED = 10;
    const YBB_TOO_LARGE = 11;
    const YBB_INVALID_CONFIG = 20;
    const YBB_INVALID_CATALOG = 21;
    const YBB_SOURCE_UNAVAILABLE = 100;
    const YBB_SOURCE_REFUSED = 101;
    const YBB_SOURCE_SCHEMA = 102;
    const YBB_SOURCE_LOST = 103;
    const YBB_SOURCE_TIMEOUT = 104;
    const YBB_SOURCE_BUSY = 105;
    const YBB_SOURCE_CHANGED = 106;
    const YBB_SOURCE_ERROR = 107;
    const YBB_SOURCE_SHORT = 108;
    const YBB_OUTPUT_MISSING = 200;
    const YBB_OUTPUT_DENIED = 201;
    const YBB_OUTPUT_FULL = 202;
    const YBB_OUTPUT_ERROR = 203;
    const YBB_OUTPUT_CORRUPT = 204;
    const YBB_NOT_FOUND = 300;
    const YBB_NOT_READY = 301;
    const YBB_CANCELLED = 302;
    const YBB_EXPIRED = 303;
    const YBB_QUEUE_FULL = 304;
    const YBB_TIMEOUT = 305;
    const YBB_STORE_ERROR = 306;
    const YBB_LEASE_LOST = 307;
    const YBB_NOT_RESUMABLE = 308;
    const YBB_OWNER_DIED = 309;
    const YBB_LINK_INVALID = 310;
    const YBB_LINK_EXPIRED = 311;
    const YBB_OWNER_LIMIT = 312;
    const YBB_MAIL_UNAVAILABLE = 400;
    const YBB_MAIL_DEFERRED = 401;
    const YBB_MAIL_REFUSED = 402;
    const YBB_MAIL_INSECURE = 403;
    const YBB_NO_MEMORY = 900;
    const YBB_MEMORY_LIMIT = 901;
    const YBB_FORKED = 902;
    const YBB_MISUSE = 903;
    const YBB_INTERNAL = 904;
}
