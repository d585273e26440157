<?php

declare(strict_types=1);

namespace Ybb\Export\Http\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\PartResponder;

/**
 * GET /api/export/{id}/download: the one file of an export, or the archive of one in batches.
 */
final readonly class DownloadFile implements Endpoint
{
    public function __construct(private PartResponder $files) {}

    public function answer(Call $call): ResponseInterface
    {
        return $this->files->respond($call, null);
    }
}
