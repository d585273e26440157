<?php

declare(strict_types=1);

namespace Ybb\Export;

/**
 * A stream that is opened before it is read, so that a refusal comes before the first byte.
 */
final readonly class ExtensionStream implements RowStream
{
    /** @param array<string, mixed> $request */
    private function __construct(private array $request, private Answer $opened) {}

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
        // by this key, sendTo() finds what is opened here; nobody else knows it
        $request['idempotency_key'] = 'stream ' . bin2hex(random_bytes(16));
        $opened = (new Exporter())->start($request);
        return $opened->isError() ? $opened : new self($request, $opened);
    }

    public function exportId(): string
    {
        return $this->opened->exportId();
    }

    public function contentType(): string
    {
        return $this->opened->text('data', 'content_type');
    }

    public function sendTo(callable $sink): Answer
    {
        return new Answer(ybb_export_stream($this->request, $sink));
    }
}
