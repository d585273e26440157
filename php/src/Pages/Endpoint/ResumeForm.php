<?php

declare(strict_types=1);

namespace Ybb\Export\Pages\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Auth\RequestGuard;
use Ybb\Export\ExporterInterface;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\Refused;
use Ybb\Export\Pages\PageResponder;

/**
 * POST /exports/{id}/resume
 */
final readonly class ResumeForm implements Endpoint
{
    public function __construct(private ExporterInterface $exporter, private PageResponder $pages) {}

    public function answer(Call $call): ResponseInterface
    {
        RequestGuard::again($this->exporter->status($call->id(), $call->owner()), $call->user());
        $answer = $this->exporter->resume($call->id(), $call->owner());
        if ($answer->isRefusal()) {
            throw Refused::with($answer);
        }
        return $this->pages->seeOther('/exports/' . $call->id());
    }
}
