<?php

declare(strict_types=1);

namespace Ybb\Export\Pages;

use Ybb\Export\Answer;

/**
 * What is likely to help after a failure, by a new export.
 */
enum Recovery: string
{
    /** As it was. */
    case Again = 'again';
    /** The first records alone. */
    case Limit = 'limit';
    case SmallerFiles = 'smaller';
    case SeveralFiles = 'files';

    /**
     * The request for it; null: the library does not call it likely to help.
     *
     * @return null|array<string, mixed>
     */
    public function request(Answer $status): ?array
    {
        $changes = $this->changes($status);
        $asked = $status->get('metadata', 'request');
        if ($changes === null || !is_array($asked)) {
            return null;
        }
        $request = [];
        foreach ($asked as $key => $value) {
            $request[(string) $key] = $value;
        }
        foreach ($changes as $part => $values) {
            $before = $request[$part] ?? [];
            $request[$part] = $values + (is_array($before) ? $before : []);
        }
        return $request;
    }

    /** The number of records that a button names; null: it names none. */
    public static function size(Answer $status): ?int
    {
        $size = $status->get('details', 'suggested_chunk_size');
        return is_int($size) && $size > 0 ? $size : null;
    }

    /** @return null|array<string, array<string, int|string>> by the request's part */
    private function changes(Answer $status): ?array
    {
        $can = fn(string $option): bool => $status->get('recovery_options', $option) === true;
        $size = self::size($status);
        $several = ['strategy' => 'multi_file'] + ($size === null ? [] : ['chunk_size' => $size]);
        return match ($this) {
            self::Again => $status->isError() ? [] : null,
            self::Limit => $size !== null && $status->get('details', 'memory_exceeded') === true
                ? ['filters' => ['limit' => $size]] : null,
            self::SmallerFiles => $can('retry_with_smaller_chunks') ? ['large_dataset_options' => $several] : null,
            self::SeveralFiles => $can('use_multi_file_strategy') ? ['large_dataset_options' => $several] : null,
        };
    }
}
