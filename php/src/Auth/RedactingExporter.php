<?php

declare(strict_types=1);

namespace Ybb\Export\Auth;

use Psr\Log\LoggerInterface;
use Ybb\Export\Answer;
use Ybb\Export\Download;
use Ybb\Export\ExporterInterface;
use Ybb\Export\RowStream;

/**
 * An exporter for users who are no administrators: see Redaction.
 */
final readonly class RedactingExporter implements ExporterInterface
{
    private function __construct(private ExporterInterface $exporter, private LoggerInterface $logger) {}

    /** @param null|Identity $user null: whoever has a link */
    public static function for(?Identity $user, ExporterInterface $exporter, LoggerInterface $logger): ExporterInterface
    {
        return $user?->isAdmin() === true ? $exporter : new self($exporter, $logger);
    }

    public function start(array $request, ?string $ownAddress = null): Answer
    {
        return $this->redacted($this->exporter->start($request, $ownAddress));
    }

    public function estimate(array $request): Answer
    {
        return $this->redacted($this->exporter->estimate($request));
    }

    public function stream(array $request): RowStream|Answer
    {
        return $this->unlessRows($this->exporter->stream($request));
    }

    public function streamOf(string $id, ?string $owner): RowStream|Answer
    {
        return $this->unlessRows($this->exporter->streamOf($id, $owner));
    }

    public function status(string $id, ?string $owner): Answer
    {
        return $this->redacted($this->exporter->status($id, $owner));
    }

    public function list(?string $owner, int $most, int $before): Answer
    {
        return $this->redacted($this->exporter->list($owner, $most, $before));
    }

    public function chunks(string $id, ?string $owner): Answer
    {
        return $this->redacted($this->exporter->chunks($id, $owner));
    }

    public function resume(string $id, ?string $owner): Answer
    {
        return $this->redacted($this->exporter->resume($id, $owner));
    }

    public function delete(string $id, ?string $owner): Answer
    {
        return $this->redacted($this->exporter->delete($id, $owner));
    }

    public function download(string $id, int|string|null $part, ?string $owner): Download|Answer
    {
        $file = $this->exporter->download($id, $part, $owner);
        return $file instanceof Answer ? $this->redacted($file) : $file;
    }

    public function templates(): Answer
    {
        return $this->redacted($this->exporter->templates());
    }

    public function saveTemplate(array $template): Answer
    {
        return $this->redacted($this->exporter->saveTemplate($template));
    }

    public function statistics(): Answer
    {
        return $this->redacted($this->exporter->statistics());
    }

    public function queue(): Answer
    {
        return $this->redacted($this->exporter->queue());
    }

    public function queueOf(string $id, ?string $owner): Answer
    {
        return $this->redacted($this->exporter->queueOf($id, $owner));
    }

    public function signLink(string $id, int|string|null $part, int $seconds): ?string
    {
        return $this->exporter->signLink($id, $part, $seconds);
    }

    public function checkLink(string $id, int|string|null $part, string $signature): Answer
    {
        return $this->redacted($this->exporter->checkLink($id, $part, $signature));
    }

    private function unlessRows(Answer|RowStream $result): Answer|RowStream
    {
        return $result instanceof Answer ? $this->redacted($result) : new RedactedRows($result, $this->redacted(...));
    }

    /** What an export died of stays in its status, for administrators; of a refusal the log alone says more. */
    private function redacted(Answer $answer): Answer
    {
        if ($answer->isRefusal() && Redaction::conceals($answer->errorCode())) {
            $this->logger->warning('{error_code}: {message}', [
                'error_code' => $answer->errorCode(),
                'message' => $answer->text('message'),
            ]);
        }
        return Redaction::of($answer);
    }
}
