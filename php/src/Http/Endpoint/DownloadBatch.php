<?php

declare(strict_types=1);

namespace Ybb\Export\Http\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\PartResponder;

/**
 * GET /api/export/{id}/download/batch/{batch}: one batch, also while others are made.
 */
final readonly class DownloadBatch implements Endpoint
{
    public function __construct(private PartResponder $files) {}

    public function answer(Call $call): ResponseInterface
    {
        return $this->files->respond($call, max(1, (int) $call->parameter('batch')));
    }
}
