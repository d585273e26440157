<?php

declare(strict_types=1);

namespace Ybb\Export\Http\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\Responder;

/**
 * DELETE /api/export/{id}: an export and its files go.
 */
final readonly class DeleteExport implements Endpoint
{
    public function __construct(private Responder $responder) {}

    public function answer(Call $call): ResponseInterface
    {
        return $this->responder->answer($call->exporter->delete($call->id(), $call->owner()));
    }
}
