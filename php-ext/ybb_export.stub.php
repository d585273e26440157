<?php

/** @generate-class-entries */

namespace YbbExport {
    class Exception extends \RuntimeException
    {
    }
}

namespace {
    function ybb_export(array $request, ?callable $progress = null, ?string $own_address = null): array {}

    function ybb_export_status(string $id, ?string $owner = null): array {}

    function ybb_export_list(?string $owner = null, int $most = 20, int $before = 0): array {}

    function ybb_export_chunks(string $id, ?string $owner = null): array {}

    function ybb_export_estimate(array $request): array {}

    function ybb_export_resume(string $id, ?string $owner = null): array {}

    function ybb_export_cancel(string $id, ?string $owner = null): array {}

    function ybb_export_delete(string $id, ?string $owner = null): array {}

    function ybb_export_wait(string $id, float $seconds, ?string $owner = null): array {}

    function ybb_export_download(string $id, int|string|null $part = null, ?string $owner = null): array {}

    function ybb_export_stream(array|string $request, callable $sink, ?string $owner = null): array {}

    function ybb_export_link_sign(string $id, int|string|null $part, int $seconds): array {}

    function ybb_export_link_check(string $id, int|string|null $part, string $signature): array {}

    function ybb_export_templates(): array {}

    function ybb_export_template_save(array $template): array {}

    function ybb_export_stats(): array {}

    function ybb_export_queue(?string $id = null, ?string $owner = null): array {}

    function ybb_export_sweep(): array {}
}
