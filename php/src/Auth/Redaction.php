<?php

declare(strict_types=1);

namespace Ybb\Export\Auth;

use Ybb\Export\Answer;
use Ybb\Export\Pages\Texts;

/**
 * What an answer says to a user who is no administrator. The library's message about a failure of the
 * installation may name hosts, tables and folders: such a user gets the text of its code in its place.
 */
final class Redaction
{
    /** Of these a message names nothing but what the request had, or the export. */
    private const HARMLESS = [
        'NOT_FOUND', 'NOT_READY', 'CANCELLED', 'EXPIRED', 'QUEUE_FULL', 'NOT_RESUMABLE', 'LINK_INVALID', 'LINK_EXPIRED',
        'OWNER_LIMIT',
    ];
    /** docs/errors.md numbers the mistakes of a request up to here. */
    private const LAST_OF_REQUEST = 19;
    /** Of the details: what names something. */
    private const NAMES = ['field', 'value', 'allowed', 'suggestion'];

    public static function of(Answer $answer): Answer
    {
        $document = self::inPlace($answer->document);
        if (self::conceals($answer->errorCode()) && is_array($document['details'] ?? null)) {
            $document['details'] = array_diff_key($document['details'], array_flip(self::NAMES));
        }
        if (self::conceals($answer->errorCode()) && is_array($document['progress'] ?? null)) {
            // it says what the export ended with
            $document['progress']['current_operation'] = 'Export ended';
        }
        if (is_array($document['notification'] ?? null) && is_array($document['notification']['last_error'] ?? null)) {
            $document['notification']['last_error'] = self::inPlace($document['notification']['last_error']);
        }
        if (is_array($document['data'] ?? null) && is_array($document['data']['exports'] ?? null)) {
            $document['data']['exports'] = array_map(
                static fn(mixed $export): mixed => is_array($export) ? self::inPlace($export) : $export,
                $document['data']['exports'],
            );
        }
        return new Answer($document);
    }

    /** Whether the message of a code is not for everybody. */
    public static function conceals(string $code): bool
    {
        // the package's own refusals have no constant
        $value = defined("YBB_$code") ? constant("YBB_$code") : null;
        return is_int($value) && $value > self::LAST_OF_REQUEST && !in_array($code, self::HARMLESS, true);
    }

    /**
     * @template K of array-key
     * @param array<K, mixed> $part with error_code and message
     * @return array<K, mixed>
     */
    private static function inPlace(array $part): array
    {
        $code = $part['error_code'] ?? null;
        if (is_string($code) && isset($part['message']) && self::conceals($code)) {
            $part['message'] = Texts::in('en')->problem($code) ?? $code;
        }
        return $part;
    }
}
