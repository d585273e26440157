<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter;

/**
 * The file of the library's settings, as far as the application needs it. The library itself tells what is
 * wrong with it.
 */
final class LibraryFile
{
    /** Where it is; empty: there is none. */
    public static function path(): string
    {
        return (string) ini_get('ybb_export.config');
    }

    /** The text at a key; empty: none. */
    public static function text(string $key): string
    {
        $path = self::path();
        $text = $path !== '' && is_readable($path) ? file_get_contents($path) : false;
        $value = $text === false ? null : json_decode($text, true);
        $value = is_array($value) ? $value[$key] ?? '' : '';
        return is_string($value) ? $value : '';
    }

    /** The folder of exports, wherever that is said; empty: nowhere. */
    public static function out(): string
    {
        $places = (string) ini_get('ybb_export.out');
        return $places !== '' ? $places : self::text('out');
    }
}
