<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

use Psr\Http\Message\ServerRequestInterface;

/**
 * The JSON object that a request brings.
 */
final class RequestBody
{
    /** As deep as the extension takes. */
    private const DEPTH = 32;
    private const PIECE = 65536;

    /**
     * @return array<string, mixed>
     * @throws Refused
     */
    public static function object(ServerRequestInterface $request, int $mostBytes): array
    {
        // a form of another site cannot send this type without asking first (CORS)
        if (preg_match('#^application/json *(;|$)#Di', $request->getHeaderLine('Content-Type')) !== 1) {
            throw Refused::mediaType();
        }
        try {
            $value = json_decode(
                self::text($request, $mostBytes),
                true,
                self::DEPTH,
                JSON_THROW_ON_ERROR | JSON_BIGINT_AS_STRING,
            );
        } catch (\JsonException $error) {
            throw Refused::json('INVALID_JSON', 'the request is no valid JSON: ' . $error->getMessage());
        }
        if (!is_array($value) || ($value !== [] && array_is_list($value))) {
            throw Refused::json('INVALID_TYPE', 'a request is a JSON object');
        }
        $object = [];
        foreach ($value as $key => $member) {
            $object[(string) $key] = $member;
        }
        return $object;
    }

    private static function text(ServerRequestInterface $request, int $mostBytes): string
    {
        if ((int) $request->getHeaderLine('Content-Length') > $mostBytes) {
            throw Refused::tooLarge($mostBytes);
        }
        $body = $request->getBody();
        if ($body->isSeekable()) {
            $body->rewind();
        }
        $text = '';
        while (!$body->eof()) {
            $text .= $body->read(self::PIECE);
            if (strlen($text) > $mostBytes) {
                throw Refused::tooLarge($mostBytes);
            }
        }
        return $text;
    }
}
