<?php

declare(strict_types=1);

namespace Ybb\Export\Http\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\Responder;
use Ybb\Export\Settings;

/**
 * GET /api/openapi.json: these endpoints, for programs.
 */
final readonly class ShowApi implements Endpoint
{
    private const DOCUMENT = __DIR__ . '/../../../resources/openapi.json';
    /** As the document has it until it is known where it is served. */
    private const SERVERS = '"servers": [{"url": "/"}]';

    public function __construct(private Settings $settings, private Responder $responder) {}

    public function answer(Call $call): ResponseInterface
    {
        $servers = '"servers": ' . json_encode([['url' => $this->settings->baseUrl]], JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES);
        $document = file_get_contents(self::DOCUMENT);
        if ($document === false) {
            throw new \RuntimeException('The package has no resources/openapi.json');
        }
        return $this->responder->json(str_replace(self::SERVERS, $servers, $document));
    }
}
