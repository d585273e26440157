<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

use Ybb\Export\Answer;

/**
 * The HTTP status of an answer.
 */
final class StatusCode
{
    private const OF = [
        'INVALID_CONFIG' => 500,
        'TOO_LARGE' => 413,
        'FORBIDDEN' => 403,
        'NOT_FOUND' => 404,
        'NOT_READY' => 409,
        'CANCELLED' => 409,
        'NOT_RESUMABLE' => 409,
        'LINK_INVALID' => 403,
        'EXPIRED' => 410,
        'LINK_EXPIRED' => 410,
        'QUEUE_FULL' => 429,
        'OWNER_LIMIT' => 429,
        'SOURCE_UNAVAILABLE' => 503,
        'SOURCE_LOST' => 503,
        'SOURCE_TIMEOUT' => 503,
        'SOURCE_BUSY' => 503,
        'SOURCE_CHANGED' => 503,
        'SOURCE_SHORT' => 503,
        'OUTPUT_FULL' => 503,
        'STORE_ERROR' => 503,
        'LEASE_LOST' => 503,
        'NO_MEMORY' => 503,
    ];
    /** docs/errors.md numbers the errors of what is asked up to here. */
    private const LAST_OF_REQUEST = 99;

    /** Of an answer to what was to be done. */
    public static function of(Answer $answer): int
    {
        return match (true) {
            $answer->isProcessing() => 202,
            $answer->isError() => self::ofCode($answer->errorCode()),
            default => 200,
        };
    }

    /** Of an answer about an export: that it failed is no failure of who asked. */
    public static function about(Answer $answer): int
    {
        $told = $answer->isError() && !$answer->isRefusal() && $answer->errorCode() !== 'EXPIRED';
        return $told ? 200 : self::of($answer);
    }

    public static function ofCode(string $code): int
    {
        if (isset(self::OF[$code])) {
            return self::OF[$code];
        }
        $value = defined("YBB_$code") ? constant("YBB_$code") : null;
        return is_int($value) && $value <= self::LAST_OF_REQUEST ? 400 : 500;
    }
}
