<?php

declare(strict_types=1);

namespace Ybb\Export\Http\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\Responder;
use Ybb\Export\Settings;

/**
 * POST /api/export/estimate: what a request would give. Nothing is started.
 */
final readonly class EstimateExport implements Endpoint
{
    public function __construct(private Settings $settings, private Responder $responder) {}

    public function answer(Call $call): ResponseInterface
    {
        return $this->responder->answer($call->exporter->estimate($call->exportRequest($this->settings->maxBodyBytes)));
    }
}
