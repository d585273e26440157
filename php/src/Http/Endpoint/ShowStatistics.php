<?php

declare(strict_types=1);

namespace Ybb\Export\Http\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\Responder;

/**
 * GET /api/export/stats: what was exported lately, and all limits.
 */
final readonly class ShowStatistics implements Endpoint
{
    public function __construct(private Responder $responder) {}

    public function answer(Call $call): ResponseInterface
    {
        return $this->responder->answer($call->exporter->statistics());
    }
}
