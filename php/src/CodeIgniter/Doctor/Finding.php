<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter\Doctor;

use Ybb\Export\CodeIgniter\Words;

/**
 * How one thing is that exports need.
 */
final readonly class Finding
{
    /**
     * @param string $about a key of YbbExport.doctor.about
     * @param string $remedy what to do; empty: nothing
     */
    private function __construct(
        public Health $health,
        public string $about,
        public string $what,
        public string $remedy = '',
    ) {}

    /** @param list<float|int|string> $values */
    public static function good(string $about, string $text, array $values = []): self
    {
        return new self(Health::Good, $about, Words::of("doctor.found.$text", $values));
    }

    /**
     * @param list<float|int|string> $values of what was found, and of the remedy, which has the text's name
     */
    public static function doubtful(string $about, string $text, array $values = []): self
    {
        return new self(Health::Doubtful, $about, ...self::texts($text, $values));
    }

    /** @param list<float|int|string> $values */
    public static function bad(string $about, string $text, array $values = []): self
    {
        return new self(Health::Bad, $about, ...self::texts($text, $values));
    }

    /** What the library or PHP says itself. */
    public static function broken(string $about, string $message, string $remedy): self
    {
        return new self(Health::Bad, $about, $message, Words::of("doctor.remedy.$remedy"));
    }

    /**
     * @param list<float|int|string> $values
     * @return array{string, string}
     */
    private static function texts(string $text, array $values): array
    {
        return [Words::of("doctor.found.$text", $values), Words::of("doctor.remedy.$text", $values)];
    }
}
