<?php

declare(strict_types=1);

namespace Ybb\Export\Pages;

use Psr\Http\Message\ServerRequestInterface;

/**
 * The words of the pages in one language: resources/texts.
 */
final readonly class Texts
{
    public const LANGUAGES = ['en', 'id'];
    private const FOLDER = __DIR__ . '/../../resources/texts';

    /** @param array<string, string> $texts */
    private function __construct(public string $language, private array $texts) {}

    public static function in(string $language): self
    {
        $texts = require self::FOLDER . '/' . (in_array($language, self::LANGUAGES, true) ? $language : 'en') . '.php';
        assert(is_array($texts));
        $named = [];
        foreach ($texts as $name => $text) {
            $named[(string) $name] = is_string($text) ? $text : '';
        }
        return new self($language, $named);
    }

    /** The first of Accept-Language that there is; who weighs languages lists them in that order, too. */
    public static function for(ServerRequestInterface $request): self
    {
        foreach (explode(',', strtolower($request->getHeaderLine('Accept-Language'))) as $wanted) {
            $language = substr(trim($wanted), 0, 2);
            if (in_array($language, self::LANGUAGES, true)) {
                return self::in($language);
            }
        }
        return self::in('en');
    }

    /** @param array<string, int|string> $values for {names} in it */
    public function of(string $name, array $values = []): string
    {
        $places = [];
        foreach ($values as $key => $value) {
            $places['{' . $key . '}'] = (string) $value;
        }
        return strtr($this->texts[$name] ?? throw new \LogicException("There is no text $name"), $places);
    }

    /** What a person is told of an error; null: its code has no text. */
    public function problem(string $code): ?string
    {
        return $this->texts["error.$code"] ?? null;
    }

    /** What a person is told of a warning; null: its code has no text. */
    public function warning(string $code): ?string
    {
        return $this->texts["warning.$code"] ?? null;
    }

    /** What a name of the catalog is called; one of the installation's own is shown as a person would write it. */
    public function called(string $name): string
    {
        return $this->known($name) ?? ucfirst(strtr($name, '_', ' '));
    }

    /** The same, where there is a text for the name. */
    public function known(string $name): ?string
    {
        return $this->texts["name.$name"] ?? null;
    }

    /** A moment as answers have it, RFC 3339 in UTC. */
    public function moment(string $time): string
    {
        return substr(strtr($time, 'T', ' '), 0, strlen('2026-01-31 23:59'));
    }

    /** Of a text in several languages, as answers have them. */
    public function pick(mixed $words): string
    {
        $text = is_array($words) ? $words[$this->language] ?? $words['en'] ?? '' : '';
        return is_string($text) ? $text : '';
    }

    public function number(int|float $number, int $decimals = 0): string
    {
        return $this->language === 'id' ? number_format($number, $decimals, ',', '.') : number_format($number, $decimals);
    }
}
