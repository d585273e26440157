<?php

declare(strict_types=1);

namespace Ybb\Export\Pages\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\StreamFactoryInterface;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\Responder;
use Ybb\Export\Pages\PageResponder;

/**
 * GET /exports/assets/...: the style and the script of the pages.
 */
final readonly class Asset implements Endpoint
{
    private const TYPES = ['export.css' => 'text/css; charset=utf-8', 'export.js' => 'text/javascript; charset=utf-8'];

    public function __construct(private Responder $responder, private StreamFactoryInterface $streams) {}

    public function answer(Call $call): ResponseInterface
    {
        $name = $call->parameter('asset');
        $path = PageResponder::ASSETS . "/$name";
        return $this->responder->response(200)
            ->withHeader('Content-Type', self::TYPES[$name])
            ->withHeader('Content-Length', (string) filesize($path))
            ->withHeader('Cache-Control', 'public, max-age=31536000, immutable')
            ->withBody($this->streams->createStreamFromFile($path));
    }
}
