<?php

declare(strict_types=1);

namespace Ybb\Export\Http\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Answer;
use Ybb\Export\ExporterInterface;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\Refused;
use Ybb\Export\Http\Responder;

/**
 * GET /api/export/queue/status: how full the queue is; with ?export_id=, also where in it that export is.
 */
final readonly class ShowQueue implements Endpoint
{
    public function __construct(private ExporterInterface $exporter, private Responder $responder) {}

    public function answer(Call $call): ResponseInterface
    {
        $queue = $this->exporter->queue();
        $id = $call->request->getQueryParams()['export_id'] ?? null;
        if ($id === null || $queue->isError()) {
            return $this->responder->answer($queue);
        }
        if (!is_string($id) || preg_match('/^exp_[a-z0-9]{26}$/D', $id) !== 1) {
            throw Refused::json('INVALID_VALUE', 'export_id is the id of an export');
        }
        $status = $this->exporter->status($id, $call->owner());
        return $this->responder->answer($status->isRefusal() ? $status : self::placed($queue, $status));
    }

    private static function placed(Answer $queue, Answer $status): Answer
    {
        $position = $status->get('data', 'queue_position');
        $position = is_int($position) ? $position : 0;
        $data = $queue->get('data');
        return new Answer(['data' => (is_array($data) ? $data : []) + [
            'export_id' => $status->exportId(),
            'queue_position' => $position,
            'priority' => $status->text('metadata', 'priority'),
            // how long those before it take is not known
            'estimated_wait_seconds' => $position === 0 ? 0 : null,
        ]] + $queue->document);
    }
}
