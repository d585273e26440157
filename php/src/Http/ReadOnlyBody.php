<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

use Psr\Http\Message\StreamInterface;

/**
 * What bodies have in common that are read once, from their beginning to their end.
 */
abstract class ReadOnlyBody implements StreamInterface
{
    private const PIECE = 1 << 16;

    public function __toString(): string
    {
        return $this->getContents();
    }

    public function getContents(): string
    {
        $contents = '';
        while (!$this->eof()) {
            $contents .= $this->read(self::PIECE);
        }
        return $contents;
    }

    public function isReadable(): bool
    {
        return true;
    }

    public function isSeekable(): bool
    {
        return false;
    }

    public function seek(int $offset, int $whence = SEEK_SET): void
    {
        throw new \RuntimeException('This body cannot seek');
    }

    public function rewind(): void
    {
        $this->seek(0);
    }

    public function isWritable(): bool
    {
        return false;
    }

    public function write(string $string): int
    {
        throw new \RuntimeException('This body cannot be written');
    }

    public function getMetadata(?string $key = null): mixed
    {
        return $key === null ? [] : null;
    }
}
