<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Answer;
use Ybb\Export\RowStream;

/**
 * A body that is made while it is sent. Emitter has it write itself; whoever reads it as PSR-7 has it, gets
 * the same bytes, but the first of them only when the last was made, over a temporary file.
 */
final class PushBody extends ReadOnlyBody
{
    private const IN_MEMORY = 'php://temp';

    private ?FileBody $spool = null;

    /**
     * @param \Closure(Answer): ResponseInterface $ended told what became of it; gives what would be sent in place of a
     *     response without a byte
     */
    public function __construct(private ?RowStream $rows, private readonly \Closure $ended) {}

    /**
     * Once.
     *
     * @param callable(string): mixed $sink
     * @return null|ResponseInterface to be sent in place of this one: it failed before its first byte
     */
    public function sendTo(callable $sink): ?ResponseInterface
    {
        $rows = $this->rows ?? throw new \LogicException('This body was read before');
        $this->rows = null;
        $isBegun = false;
        $answer = $rows->sendTo(static function (string $bytes) use ($sink, &$isBegun): mixed {
            $isBegun = true;
            return $sink($bytes);
        });
        $instead = ($this->ended)($answer);
        return $answer->isError() && !$isBegun ? $instead : null;
    }

    public function close(): void
    {
        $this->rows = null;
        $this->spool?->close();
    }

    public function detach()
    {
        $this->rows = null;
        return $this->spool?->detach();
    }

    public function getSize(): ?int
    {
        return null;
    }

    public function tell(): int
    {
        return $this->spool?->tell() ?? 0;
    }

    public function eof(): bool
    {
        return $this->spool === null ? $this->rows === null : $this->spool->eof();
    }

    public function read(int $length): string
    {
        return $this->spooled()->read($length);
    }

    private function spooled(): FileBody
    {
        if ($this->spool !== null) {
            return $this->spool;
        }
        $file = fopen(self::IN_MEMORY, 'w+b') ?: throw new \RuntimeException('There is no temporary file');
        $size = 0;
        $this->sendTo(static function (string $bytes) use ($file, &$size): bool {
            $size += strlen($bytes);
            return fwrite($file, $bytes) === strlen($bytes);
        });
        rewind($file);
        return $this->spool = new FileBody($file, 0, $size);
    }
}
