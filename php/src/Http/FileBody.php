<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

/**
 * A part of an open file.
 */
final class FileBody extends ReadOnlyBody
{
    private int $given = 0;

    /**
     * @param null|resource $file
     */
    public function __construct(private mixed $file, int $first, private readonly int $length)
    {
        if ($file !== null && $first > 0 && fseek($file, $first) !== 0) {
            throw new \RuntimeException("The file cannot be read from byte $first on");
        }
    }

    public function close(): void
    {
        $file = $this->detach();
        if (is_resource($file)) {
            fclose($file);
        }
    }

    /** @return null|resource */
    public function detach()
    {
        $file = $this->file;
        $this->file = null;
        return $file;
    }

    public function getSize(): int
    {
        return $this->length;
    }

    public function tell(): int
    {
        return $this->given;
    }

    public function eof(): bool
    {
        return $this->file === null || $this->given >= $this->length;
    }

    public function read(int $length): string
    {
        $most = min($length, $this->length - $this->given);
        if ($this->file === null || $most < 1) {
            return '';
        }
        $bytes = fread($this->file, $most);
        if ($bytes === false || $bytes === '') {
            throw new \RuntimeException("The file ends behind $this->given of $this->length bytes");
        }
        $this->given += strlen($bytes);
        return $bytes;
    }
}
