<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

use Psr\Http\Message\ResponseInterface;
use Psr\Log\LoggerInterface;
use Ybb\Export\Answer;
use Ybb\Export\RowStream;

/**
 * A file that is made while it is sent. How it ended is the status of the export that the header X-Export-Id
 * names: behind the first byte it is too late for another HTTP status.
 */
final readonly class StreamResponder
{
    private const EXTENSIONS = [
        'text/csv' => 'csv',
        'application/pdf' => 'pdf',
        'application/zip' => 'zip',
        'application/gzip' => 'gz',
    ];

    public function __construct(private Responder $responder, private LoggerInterface $logger) {}

    /** @param Answer|RowStream $rows an answer: why there is no stream */
    public function respond(RowStream|Answer $rows): ResponseInterface
    {
        if ($rows instanceof Answer) {
            return $this->responder->answer($rows);
        }
        return $this->responder->response(200)
            ->withHeader('Content-Type', $rows->contentType())
            ->withHeader('Content-Disposition', ContentDisposition::attachment(
                $rows->exportType() . '_export.' . self::extension($rows->contentType()),
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

    /** @return \Closure(Answer): ResponseInterface */
    private function ended(RowStream $rows): \Closure
    {
        return function (Answer $answer) use ($rows): ResponseInterface {
            if ($answer->isError()) {
                $this->logger->warning('The stream of {export_id} ended with {error_code}', [
                    'export_id' => $rows->exportId(),
                    'error_code' => $answer->errorCode(),
                ]);
            }
            return $this->responder->answer($answer);
        };
    }
}
