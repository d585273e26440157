<?php

declare(strict_types=1);

namespace Ybb\Export\Http\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\Responder;
use Ybb\Export\Http\StatusCode;

/**
 * GET /api/export/{id}/status: how far an export is, or what came of it.
 */
final readonly class ExportStatus implements Endpoint
{
    public function __construct(private Responder $responder) {}

    public function answer(Call $call): ResponseInterface
    {
        $answer = $call->exporter->status($call->id(), $call->owner());
        return $this->responder->answer($answer, StatusCode::about($answer));
    }
}
