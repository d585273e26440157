<?php

declare(strict_types=1);

namespace Ybb\Export\Http\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\StreamResponder;

/**
 * GET /api/export/{id}/stream: what POST /api/export started with the strategy streaming, once.
 */
final readonly class ReadStream implements Endpoint
{
    public function __construct(private StreamResponder $streams) {}

    public function answer(Call $call): ResponseInterface
    {
        return $this->streams->respond($call->exporter->streamOf($call->id(), $call->owner()));
    }
}
