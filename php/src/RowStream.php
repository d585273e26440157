<?php

declare(strict_types=1);

namespace Ybb\Export;

/**
 * A file that is read while it is made: nothing of it is kept.
 */
interface RowStream
{
    public function exportId(): string;

    public function contentType(): string;

    /** As participants; what the file is called after. */
    public function exportType(): string;

    /**
     * Reads it, once. What has been handed on is a whole file only when the answer says success.
     *
     * @param callable(string): mixed $sink takes bytes; false: it wants no more
     */
    public function sendTo(callable $sink): Answer;
}
