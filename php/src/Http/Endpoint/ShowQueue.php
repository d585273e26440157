<?php

declare(strict_types=1);

namespace Ybb\Export\Http\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Answer;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\Refused;
use Ybb\Export\Http\Responder;

/**
 * GET /api/export/queue/status: how full the queue is; with ?export_id=, also where in it that export is.
 */
final readonly class ShowQueue implements Endpoint
{
    public function __construct(private Responder $responder) {}

    public function answer(Call $call): ResponseInterface
    {
        return $this->responder->answer(self::asked($call));
    }

    /** @throws Refused */
    public static function asked(Call $call): Answer
    {
        $id = $call->request->getQueryParams()['export_id'] ?? null;
        if ($id === null) {
            return $call->exporter->queue();
        }
        if (!is_string($id) || preg_match('/^exp_[a-z0-9]{26}$/D', $id) !== 1) {
            throw Refused::json('INVALID_VALUE', 'export_id is the id of an export');
        }
        return $call->exporter->queueOf($id, $call->owner());
    }
}
