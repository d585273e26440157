<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

use Psr\Http\Message\ResponseInterface;

/**
 * Sends a response to PHP's client: a file in pieces, a stream as its rows are read.
 */
final class Emitter
{
    private const PIECE = 1 << 16;

    public static function emit(ResponseInterface $response): void
    {
        // what a script buffers would hold the first byte back, and compressing would falsify the length
        while (ob_get_level() > 0 && ob_end_flush());
        ini_set('zlib.output_compression', '0');
        $body = $response->getBody();
        if ($body instanceof PushBody) {
            self::push($response, $body);
            return;
        }
        self::head($response);
        while (!$body->eof()) {
            self::send($body->read(self::PIECE));
        }
        $body->close();
    }

    /** The head goes with the first byte: until then the response may become another one. */
    private static function push(ResponseInterface $response, PushBody $body): void
    {
        $isBegun = false;
        $instead = $body->sendTo(static function (string $bytes) use ($response, &$isBegun): void {
            if (!$isBegun) {
                self::head($response);
                $isBegun = true;
            }
            self::send($bytes);
        });
        if ($instead !== null) {
            self::emit($instead);
        } elseif (!$isBegun) {
            self::head($response);
        }
    }

    private static function head(ResponseInterface $response): void
    {
        if (!$response->hasHeader('Content-Type')) {
            ini_set('default_mimetype', '');
        }
        foreach ($response->getHeaders() as $name => $values) {
            $first = true;
            foreach ($values as $value) {
                header("$name: $value", $first);
                $first = false;
            }
        }
        // last, for PHP changes the status along with some headers
        header(
            sprintf('HTTP/%s %d %s', $response->getProtocolVersion(), $response->getStatusCode(), $response->getReasonPhrase()),
            true,
            $response->getStatusCode(),
        );
    }

    private static function send(string $bytes): void
    {
        echo $bytes;
        flush();
    }
}
