<?php

declare(strict_types=1);

namespace Ybb\Export\Pages\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Answer;
use Ybb\Export\Auth\RequestGuard;
use Ybb\Export\ExporterInterface;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\Refused;
use Ybb\Export\Pages\PageResponder;
use Ybb\Export\Pages\Recovery;

/**
 * POST /exports/{id}/retry: a new export in place of one that failed, changed as a button of its page says.
 */
final readonly class RetryForm implements Endpoint
{
    public function __construct(private ExporterInterface $exporter, private PageResponder $pages) {}

    public function answer(Call $call): ResponseInterface
    {
        $status = $this->exporter->status($call->id(), $call->owner());
        if ($status->isRefusal()) {
            throw Refused::with($status);
        }
        $body = $call->request->getParsedBody();
        $how = Recovery::tryFrom(is_array($body) && is_string($body['how'] ?? null) ? $body['how'] : '');
        $request = $how?->request($status);
        if ($request === null) {
            throw Refused::with(Answer::refusal('NOT_RESUMABLE', 'that does not help this export'));
        }
        $answer = $this->exporter->start(RequestGuard::of($request, $call->user()));
        return $answer->exportId() === ''
            ? throw Refused::with($answer)
            : $this->pages->seeOther('/exports/' . $answer->exportId());
    }
}
