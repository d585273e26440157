<?php

declare(strict_types=1);

namespace Ybb\Export;

/**
 * The library, by the extension ybb_export.
 */
final readonly class Exporter implements ExporterInterface
{
    /**
     * @param string $baseUrl what the URLs of files begin with; empty: as php.ini has it
     */
    public function __construct(string $baseUrl = '')
    {
        if ($baseUrl !== '' && ini_get('ybb_export.base_url') !== $baseUrl
            && ini_set('ybb_export.base_url', $baseUrl) === false) {
            throw new \LogicException("php.ini fixes ybb_export.base_url to something else than $baseUrl");
        }
    }

    public function start(array $request, ?string $ownAddress = null): Answer
    {
        return self::answer(fn(): array => ybb_export($request, null, $ownAddress));
    }

    public function estimate(array $request): Answer
    {
        return self::answer(fn(): array => ybb_export_estimate($request));
    }

    public function stream(array $request): RowStream|Answer
    {
        return ExtensionStream::open($request);
    }

    public function streamOf(string $id, ?string $owner): RowStream|Answer
    {
        return ExtensionStream::find($id, $owner);
    }

    public function status(string $id, ?string $owner): Answer
    {
        return new Answer(ybb_export_status($id, $owner));
    }

    public function list(?string $owner, int $most, int $before): Answer
    {
        return new Answer(ybb_export_list($owner, $most, $before));
    }

    public function chunks(string $id, ?string $owner): Answer
    {
        return new Answer(ybb_export_chunks($id, $owner));
    }

    public function resume(string $id, ?string $owner): Answer
    {
        return new Answer(ybb_export_resume($id, $owner));
    }

    public function delete(string $id, ?string $owner): Answer
    {
        return new Answer(ybb_export_delete($id, $owner));
    }

    public function download(string $id, int|string|null $part, ?string $owner): Download|Answer
    {
        $file = ybb_export_download($id, $part, $owner);
        if ($file['status'] === 'error') {
            return new Answer($file);
        }
        return new Download($file['stream'], $file['file_name'], $file['content_type'], $file['file_size'], $file['path']);
    }

    public function templates(): Answer
    {
        return new Answer(ybb_export_templates());
    }

    public function saveTemplate(array $template): Answer
    {
        return self::answer(fn(): array => ybb_export_template_save($template));
    }

    public function statistics(): Answer
    {
        return new Answer(ybb_export_stats());
    }

    public function queue(): Answer
    {
        return new Answer(ybb_export_queue());
    }

    public function queueOf(string $id, ?string $owner): Answer
    {
        return new Answer(ybb_export_queue($id, $owner));
    }

    public function signLink(string $id, int|string|null $part, int $seconds): ?string
    {
        try {
            return ybb_export_link_sign($id, $part, $seconds)['signature'] ?? null;
        } catch (\YbbExport\Exception $broken) {
            return $broken->getCode() === YBB_INVALID_CONFIG ? null : throw $broken;
        }
    }

    public function checkLink(string $id, int|string|null $part, string $signature): Answer
    {
        if (str_contains($signature, "\0")) {
            return Answer::refusal('LINK_INVALID', 'a signature has no such sign');
        }
        try {
            return new Answer(ybb_export_link_check($id, $part, $signature));
        } catch (\YbbExport\Exception $broken) {
            // where none are signed, none is right
            return $broken->getCode() === YBB_INVALID_CONFIG
                ? Answer::refusal('LINK_INVALID', 'links are not signed here') : throw $broken;
        }
    }

    /**
     * What the extension cannot write as JSON (a number without end, objects that nest too deep) came
     * with the request, so it is refused as the library refuses.
     *
     * @param \Closure(): array<string, mixed> $call
     */
    private static function answer(\Closure $call): Answer
    {
        try {
            return new Answer($call());
        } catch (\ValueError $error) {
            $why = preg_replace('/^\w+\(\): Argument #1 \(\$\w+\)/', 'the request', $error->getMessage());
            return Answer::refusal('INVALID_VALUE', (string) $why);
        }
    }
}
