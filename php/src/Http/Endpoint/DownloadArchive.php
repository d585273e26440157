<?php

declare(strict_types=1);

namespace Ybb\Export\Http\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\PartResponder;

/**
 * GET /api/export/{id}/download/zip: the archive of all batches.
 */
final readonly class DownloadArchive implements Endpoint
{
    public function __construct(private PartResponder $files) {}

    public function answer(Call $call): ResponseInterface
    {
        return $this->files->respond($call, 'zip');
    }
}
