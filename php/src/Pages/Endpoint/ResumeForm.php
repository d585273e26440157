<?php

declare(strict_types=1);

namespace Ybb\Export\Pages\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Auth\RequestGuard;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\Refused;
use Ybb\Export\Pages\PageResponder;

/**
 * POST /exports/{id}/resume
 */
final readonly class ResumeForm implements Endpoint
{
    public function __construct(private PageResponder $pages) {}

    public function answer(Call $call): ResponseInterface
    {
        RequestGuard::again($call->exporter->status($call->id(), $call->owner()), $call->user());
        $answer = $call->exporter->resume($call->id(), $call->owner());
        if ($answer->isRefusal()) {
            throw Refused::with($answer);
        }
        return $this->pages->seeOther('/exports/' . $call->id());
    }
}
