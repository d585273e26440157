<?php

declare(strict_types=1);

namespace Ybb\Export\Http\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Auth\RequestGuard;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\Responder;

/**
 * POST /api/export/{id}/resume: a failed or cancelled export goes on behind its last finished file.
 */
final readonly class ResumeExport implements Endpoint
{
    public function __construct(private Responder $responder) {}

    public function answer(Call $call): ResponseInterface
    {
        RequestGuard::again($call->exporter->status($call->id(), $call->owner()), $call->user());
        return $this->responder->answer($call->exporter->resume($call->id(), $call->owner()));
    }
}
