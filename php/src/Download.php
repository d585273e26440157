<?php

declare(strict_types=1);

namespace Ybb\Export;

/**
 * A finished file of an export, open for reading.
 */
final readonly class Download
{
    /**
     * @param resource $stream
     * @param string $name what the client should see
     * @param string $type the Content-Type
     * @param string $path where it is on this machine
     */
    public function __construct(
        public mixed $stream,
        public string $name,
        public string $type,
        public int $size,
        public string $path,
    ) {}
}
