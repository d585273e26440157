<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

use Psr\Http\Message\ResponseFactoryInterface;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\StreamFactoryInterface;
use Ybb\Export\Answer;

/**
 * Answers as responses.
 */
final readonly class Responder
{
    private const SOONEST = 2;
    private const LATEST = 10;
    /** Of a whole that is being made, how often to ask. */
    private const ASKS = 4;

    public function __construct(
        private ResponseFactoryInterface $responses,
        private StreamFactoryInterface $streams,
    ) {}

    public function response(int $status): ResponseInterface
    {
        return $this->responses->createResponse($status)->withHeader('X-Content-Type-Options', 'nosniff');
    }

    /** @param array<string, string> $headers */
    public function answer(Answer $answer, ?int $status = null, array $headers = []): ResponseInterface
    {
        $status ??= StatusCode::of($answer);
        return $this->json($answer->toJson(), $status, $headers + self::whenAgain($answer, $status));
    }

    /** @param array<string, string> $headers */
    public function json(string $json, int $status = 200, array $headers = []): ResponseInterface
    {
        $headers += [
            'Content-Type' => 'application/json',
            'Content-Length' => (string) strlen($json),
            'Cache-Control' => 'no-store',
        ];
        $response = $this->response($status)->withBody($this->streams->createStream($json));
        foreach ($headers as $name => $value) {
            $response = $response->withHeader($name, $value);
        }
        return $response;
    }

    /** @return array<string, string> the header that says when to ask again, where that helps */
    public static function whenAgain(Answer $answer, int $status): array
    {
        $seconds = self::retryAfter($answer, $status);
        return $seconds > 0 ? ['Retry-After' => (string) $seconds] : [];
    }

    /** In how many seconds to ask again; 0: not at all. */
    private static function retryAfter(Answer $answer, int $status): int
    {
        return match (true) {
            $answer->isProcessing() => self::pause($answer),
            $status === 429 => self::untilPlaceIsFree($answer),
            $status === 503, $answer->errorCode() === 'NOT_READY' => self::SOONEST,
            default => 0,
        };
    }

    /** A part of the time that is left, so that whoever asks sees it advance and hears soon of its end. */
    private static function pause(Answer $answer): int
    {
        $end = strtotime($answer->text('progress', 'estimated_completion'));
        return $end === false ? self::SOONEST
            : max(self::SOONEST, min(self::LATEST, intdiv($end - time(), self::ASKS)));
    }

    private static function untilPlaceIsFree(Answer $answer): int
    {
        $seconds = $answer->get('details', 'retry_after_seconds');
        return is_int($seconds) ? $seconds : self::SOONEST;
    }
}
