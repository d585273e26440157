<?php

declare(strict_types=1);

namespace Ybb\Export\Http\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\ListQuery;
use Ybb\Export\Http\Responder;

/**
 * GET /api/export: the user's exports, the newest first; with ?owner=all, for admins, everybody's.
 */
final readonly class ListExports implements Endpoint
{
    public function __construct(private Responder $responder) {}

    public function answer(Call $call): ResponseInterface
    {
        $query = ListQuery::of($call);
        return $this->responder->answer($call->exporter->list($query->owner, $query->most, $query->before));
    }
}
