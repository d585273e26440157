<?php

declare(strict_types=1);

namespace Ybb\Export\Http\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Http\ApiDocument;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\Responder;
use Ybb\Export\Settings;

/**
 * GET /api/openapi.json: these endpoints, for programs.
 */
final readonly class ShowApi implements Endpoint
{
    private const FLAGS = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR;

    public function __construct(private Settings $settings, private Responder $responder) {}

    public function answer(Call $call): ResponseInterface
    {
        return $this->responder->json(json_encode(ApiDocument::at($this->settings->baseUrl), self::FLAGS));
    }
}
