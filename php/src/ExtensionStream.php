<?php

declare(strict_types=1);

namespace Ybb\Export;

/**
 * A stream that is opened before it is read, so that a refusal comes before the first byte.
 */
final readonly class ExtensionStream implements RowStream
{
    private function __construct(private Answer $opened, private ?string $owner) {}

    /** @param array<string, mixed> $request */
    public static function open(array $request): self|Answer
    {
        $options = $request['large_dataset_options'] ?? [];
        if (is_array($options)) {
            if (!in_array($options['strategy'] ?? 'auto', ['auto', 'streaming'], true)) {
                return Answer::refusal('INVALID_VALUE', 'a stream has no other strategy than streaming', [
                    'field' => 'large_dataset_options.strategy',
                    'allowed' => 'streaming, auto',
                ]);
            }
            $request['large_dataset_options'] = ['strategy' => 'streaming'] + $options;
        }
        $opened = (new Exporter())->start($request);
        $owner = $request['owner'] ?? null;
        return $opened->isError() ? $opened : new self($opened, is_string($owner) ? $owner : null);
    }

    public static function find(string $id, ?string $owner): self|Answer
    {
        $status = (new Exporter())->status($id, $owner);
        if ($status->isRefusal()) {
            return $status;
        }
        return match (true) {
            $status->text('export_strategy') !== 'streaming' => Answer::refusal('NOT_FOUND', 'the export is no stream'),
            $status->isProcessing() => new self($status, $owner),
            default => Answer::refusal('NOT_RESUMABLE', 'the stream was read before'),
        };
    }

    public function exportId(): string
    {
        return $this->opened->exportId();
    }

    public function contentType(): string
    {
        return $this->opened->text('data', 'content_type');
    }

    public function exportType(): string
    {
        return $this->opened->text('metadata', 'export_type');
    }

    public function sendTo(callable $sink): Answer
    {
        return new Answer(ybb_export_stream($this->exportId(), $sink, $this->owner));
    }
}
