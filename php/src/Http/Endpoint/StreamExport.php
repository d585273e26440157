<?php

declare(strict_types=1);

namespace Ybb\Export\Http\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Psr\Log\LoggerInterface;
use Ybb\Export\Answer;
use Ybb\Export\Auth\RequestGuard;
use Ybb\Export\ExporterInterface;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\ContentDisposition;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\PushBody;
use Ybb\Export\Http\RequestBody;
use Ybb\Export\Http\Responder;
use Ybb\Export\RowStream;
use Ybb\Export\Settings;

/**
 * POST /api/export/stream: the file itself, which is made while it is sent. How it ended is the status of
 * the export that the header X-Export-Id names: by then it is too late for another HTTP status.
 */
final readonly class StreamExport implements Endpoint
{
    private const EXTENSIONS = [
        'text/csv' => 'csv',
        'application/pdf' => 'pdf',
        'application/zip' => 'zip',
        'application/gzip' => 'gz',
    ];

    public function __construct(
        private Settings $settings,
        private ExporterInterface $exporter,
        private Responder $responder,
        private LoggerInterface $logger,
    ) {}

    public function answer(Call $call): ResponseInterface
    {
        $request = RequestBody::object($call->request, $this->settings->maxBodyBytes);
        $rows = $this->exporter->stream(RequestGuard::of($request, $call->user()));
        if ($rows instanceof Answer) {
            return $this->responder->answer($rows);
        }
        $type = $request['export_type'] ?? '';
        return $this->responder->response(200)
            ->withHeader('Content-Type', $rows->contentType())
            ->withHeader('Content-Disposition', ContentDisposition::attachment(
                (is_string($type) ? $type : '') . '_export.' . self::extension($rows->contentType()),
            ))
            ->withHeader('Cache-Control', 'no-store')
            ->withHeader('X-Export-Id', $rows->exportId())
            // or nginx keeps the first rows until its buffer is full
            ->withHeader('X-Accel-Buffering', 'no')
            ->withBody(new PushBody($rows, $this->ended($rows)));
    }

    private static function extension(string $type): string
    {
        return self::EXTENSIONS[explode(';', $type)[0]] ?? 'xlsx';
    }

    /** @return \Closure(Answer): void */
    private function ended(RowStream $rows): \Closure
    {
        return function (Answer $answer) use ($rows): void {
            if ($answer->isError()) {
                $this->logger->warning('The stream of {export_id} ended with {error_code}', [
                    'export_id' => $rows->exportId(),
                    'error_code' => $answer->errorCode(),
                ]);
            }
        };
    }
}
