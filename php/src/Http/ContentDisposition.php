<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

/**
 * Names a download (RFC 6266).
 */
final class ContentDisposition
{
    public static function attachment(string $name): string
    {
        // a name is no path, and control characters would end the header
        $name = (string) preg_replace('#[\x00-\x1f\x7f/\\\\]#', '_', $name);
        return 'attachment; filename="' . self::ascii($name) . '"; filename*=UTF-8\'\'' . self::encoded($name);
    }

    /** What clients without filename* see. Some decode "%41" in it, so that goes, too (RFC 6266, appendix D). */
    private static function ascii(string $name): string
    {
        $character = preg_match('//u', $name) === 1 ? '/[^\x20-\x7e]|["%]/u' : '/[^\x20-\x7e]|["%]/';
        return (string) preg_replace($character, '_', $name);
    }

    /** RFC 8187, 3.2.1: attr-char stands, every other byte is percent-encoded. */
    private static function encoded(string $name): string
    {
        return (string) preg_replace_callback(
            '/[^A-Za-z0-9!#$&+.^_`|~-]/',
            static fn(array $byte): string => sprintf('%%%02X', ord($byte[0])),
            $name,
        );
    }
}
