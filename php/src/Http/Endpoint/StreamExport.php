<?php

declare(strict_types=1);

namespace Ybb\Export\Http\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\StreamResponder;
use Ybb\Export\Settings;

/**
 * POST /api/export/stream: the file itself, which is made while it is sent.
 */
final readonly class StreamExport implements Endpoint
{
    public function __construct(private Settings $settings, private StreamResponder $streams) {}

    public function answer(Call $call): ResponseInterface
    {
        return $this->streams->respond($call->exporter->stream($call->exportRequest($this->settings->maxBodyBytes)));
    }
}
