<?php

declare(strict_types=1);

namespace Ybb\Export;

/**
 * What the library answers, in the shapes of docs/answer.schema.json.
 */
final readonly class Answer
{
    /** Objects that may be empty; PHP has the same array for those and for empty lists. */
    private const OBJECTS = [['metadata', 'filters_applied'], ['data', 'by_type'], ['templates'], ['export_types']];

    /** @param array<string, mixed> $document */
    public function __construct(public array $document) {}

    /**
     * A refusal of our own, in the shape of the library's.
     *
     * @param array<string, bool|int|string> $details
     */
    public static function refusal(string $code, string $message, array $details = []): self
    {
        return new self([
            'status' => 'error',
            'message' => $message,
            'error_code' => $code,
            'details' => $details + ['memory_exceeded' => false, 'retriable' => false],
            'recovery_options' => [
                'retry_with_smaller_chunks' => false,
                'use_multi_file_strategy' => false,
                'resume' => false,
                'filter_suggestions' => [],
            ],
        ]);
    }

    public function isError(): bool
    {
        return $this->text('status') === 'error';
    }

    public function isProcessing(): bool
    {
        return $this->text('status') === 'processing';
    }

    /** Whether there is no export that the answer is about. */
    public function isRefusal(): bool
    {
        return $this->isError() && $this->exportId() === '';
    }

    /** A name of docs/errors.md; empty: no error. */
    public function errorCode(): string
    {
        return $this->text('error_code');
    }

    public function isRetriable(): bool
    {
        return $this->get('details', 'retriable') === true;
    }

    public function exportId(): string
    {
        return $this->text('export_id');
    }

    /** What stands at a path; null: nothing. */
    public function get(string ...$path): mixed
    {
        $value = $this->document;
        foreach ($path as $key) {
            if (!is_array($value) || !array_key_exists($key, $value)) {
                return null;
            }
            $value = $value[$key];
        }
        return $value;
    }

    /** The text at a path; empty: none. */
    public function text(string ...$path): string
    {
        $value = $this->get(...$path);
        return is_string($value) ? $value : '';
    }

    public function toJson(): string
    {
        $document = $this->document;
        foreach (self::OBJECTS as $path) {
            if ($this->get(...$path) === []) {
                $document = array_replace_recursive($document, self::nested($path, new \stdClass()));
            }
        }
        $request = $this->get('metadata', 'request');
        if (is_array($request)) {
            $document = array_replace_recursive($document, ['metadata' => ['request' => self::request($request)]]);
        }
        return json_encode(
            $document,
            JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_PRESERVE_ZERO_FRACTION,
        );
    }

    /**
     * A request, whose empty members were objects, but for its list of fields.
     *
     * @param array<array-key, mixed> $request
     */
    private static function request(array $request): object
    {
        foreach ($request as $key => $value) {
            if ($value === [] && $key !== 'fields') {
                $request[$key] = new \stdClass();
            }
        }
        return (object) $request;
    }

    /**
     * @param non-empty-list<string> $path
     * @return array<string, mixed>
     */
    private static function nested(array $path, object $value): array
    {
        foreach (array_reverse($path) as $key) {
            $value = [$key => $value];
        }
        return $value;
    }
}
