<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

use Ybb\Export\Answer;

/**
 * A request that is not carried out, and the response that says why.
 */
final class Refused extends \RuntimeException
{
    /** @param array<string, string> $headers */
    private function __construct(
        public readonly int $status,
        public readonly Answer $answer,
        public readonly array $headers = [],
    ) {
        parent::__construct($answer->text('message'));
    }

    /** What the library refuses. */
    public static function with(Answer $answer): self
    {
        return new self(StatusCode::of($answer), $answer);
    }

    /** A user who has not logged in. RFC 9110, 15.5.2 asks for a challenge; a session is no registered scheme. */
    public static function unauthenticated(): self
    {
        $answer = Answer::refusal('UNAUTHENTICATED', 'log in to export');
        return new self(401, $answer, ['WWW-Authenticate' => 'Session realm="exports"']);
    }

    public static function forbidden(string $why, ?string $field = null): self
    {
        return new self(403, Answer::refusal('FORBIDDEN', $why, $field === null ? [] : ['field' => $field]));
    }

    /** Its own page may read the token that would have been right, and ask again; no other site's page may. */
    public static function csrf(string $token): self
    {
        $answer = Answer::refusal('CSRF_TOKEN', 'the header X-CSRF-Token has not the token of your session');
        return new self(403, $answer, $token === '' ? [] : ['X-CSRF-Token' => $token]);
    }

    public static function noSuchPage(): self
    {
        return new self(404, Answer::refusal('NOT_FOUND', 'there is nothing at this address'));
    }

    /** @param list<string> $allowed */
    public static function method(array $allowed): self
    {
        $methods = implode(', ', $allowed);
        $answer = Answer::refusal('METHOD_NOT_ALLOWED', 'this address takes other methods', ['allowed' => $methods]);
        return new self(405, $answer, ['Allow' => $methods]);
    }

    public static function tooLarge(int $most): self
    {
        return new self(413, Answer::refusal('BODY_TOO_LARGE', "a request has at most $most bytes"));
    }

    public static function mediaType(): self
    {
        $answer = Answer::refusal('UNSUPPORTED_MEDIA_TYPE', 'a request is application/json');
        return new self(415, $answer, ['Accept' => 'application/json']);
    }

    public static function json(string $code, string $why): self
    {
        return new self(400, Answer::refusal($code, $why));
    }
}
