<?php

declare(strict_types=1);

namespace Ybb\Export\Http\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Answer;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\Responder;
use Ybb\Export\Settings;

/**
 * POST /api/export: a small export is there with the answer, a larger one is processing.
 */
final readonly class StartExport implements Endpoint
{
    public function __construct(private Settings $settings, private Responder $responder) {}

    public function answer(Call $call): ResponseInterface
    {
        $answer = $call->exporter->start($call->exportRequest($this->settings->maxBodyBytes), $call->user()->address);
        return $this->responder->answer($answer, null, $this->location($answer));
    }

    /** @return array<string, string> */
    private function location(Answer $answer): array
    {
        // PHP-FPM and nginx make a redirection of a Location beside the status 200
        return $answer->isProcessing()
            ? ['Location' => "{$this->settings->path}/api/export/{$answer->exportId()}/status"]
            : [];
    }
}
