<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

/**
 * A part of a file (RFC 9110, 14).
 */
final readonly class ByteRange
{
    private function __construct(public int $first, public int $length, private int $size) {}

    /**
     * What a header Range asks for; null: it is no one range of bytes, and is to be ignored.
     */
    public static function of(string $header, int $size): ?self
    {
        if (preg_match('/^bytes= *(\d{0,18})-(\d{0,18}) *$/Di', $header, $found) !== 1 || $found[1] . $found[2] === '') {
            return null;
        }
        [, $from, $to] = $found;
        if ($from === '') {
            $length = min((int) $to, $size);
            return new self($size - $length, $length, $size);
        }
        $first = (int) $from;
        if ($to !== '' && (int) $to < $first) {
            return null;
        }
        $end = $to === '' ? $size : min((int) $to + 1, $size);
        return new self($first, max(0, $end - $first), $size);
    }

    /** Whether the file has a byte of it. */
    public function isSatisfiable(): bool
    {
        return $this->length > 0;
    }

    public function contentRange(): string
    {
        return $this->isSatisfiable()
            ? sprintf('bytes %d-%d/%d', $this->first, $this->first + $this->length - 1, $this->size)
            : "bytes */$this->size";
    }
}
