<?php

declare(strict_types=1);

namespace Ybb\Export\Pages;

/**
 * A piece of a page. Texts become markup here and nowhere else, so none is ever taken for it.
 */
final readonly class Html
{
    private const EMPTY = ['br', 'hr', 'input', 'link', 'meta'];

    private function __construct(private string $markup) {}

    /**
     * @param array<string, null|bool|int|string> $attributes null and false: not there; true: without a value
     */
    public static function of(string $tag, array $attributes = [], self|string|null ...$children): self
    {
        $markup = "<$tag";
        foreach ($attributes as $name => $value) {
            if ($value !== null && $value !== false) {
                $markup .= " $name" . ($value === true ? '' : '="' . self::escape((string) $value) . '"');
            }
        }
        $markup .= '>';
        return new self(in_array($tag, self::EMPTY, true) ? $markup : $markup . self::all(...$children)->markup . "</$tag>");
    }

    public static function all(self|string|null ...$pieces): self
    {
        $markup = '';
        foreach ($pieces as $piece) {
            $markup .= $piece instanceof self ? $piece->markup : self::escape($piece ?? '');
        }
        return new self($markup);
    }

    public function document(): string
    {
        return "<!DOCTYPE html>\n$this->markup\n";
    }

    public function __toString(): string
    {
        return $this->markup;
    }

    private static function escape(string $text): string
    {
        return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE | ENT_HTML5, 'UTF-8');
    }
}
