<?php

declare(strict_types=1);

namespace Ybb\Export\Auth;

use Ybb\Export\Answer;
use Ybb\Export\RowStream;

/**
 * A stream for users who are no administrators: see Redaction.
 */
final readonly class RedactedRows implements RowStream
{
    /** @param \Closure(Answer): Answer $redacted */
    public function __construct(private RowStream $rows, private \Closure $redacted) {}

    public function exportId(): string
    {
        return $this->rows->exportId();
    }

    public function contentType(): string
    {
        return $this->rows->contentType();
    }

    public function exportType(): string
    {
        return $this->rows->exportType();
    }

    public function sendTo(callable $sink): Answer
    {
        return ($this->redacted)($this->rows->sendTo($sink));
    }
}
