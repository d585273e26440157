<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter;

/**
 * The words of commands and views, in the application's language.
 */
final class Words
{
    /** @param list<float|int|string> $values for {0}, {1}, ... in it */
    public static function of(string $name, array $values = []): string
    {
        $text = lang("YbbExport.$name", $values);
        return is_string($text) ? $text : $name;
    }
}
