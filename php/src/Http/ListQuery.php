<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

/**
 * Which exports a list is to have.
 */
final readonly class ListQuery
{
    public const MOST = 100;
    private const PAGE = 20;
    private const ALL = 'all';

    /**
     * @param null|string $owner null: everybody's
     * @param int<1, 100> $most
     * @param int<0, max> $before
     */
    private function __construct(public ?string $owner, public int $most, public int $before) {}

    /** @throws Refused */
    public static function of(Call $call): self
    {
        $query = $call->request->getQueryParams();
        $owner = $query['owner'] ?? '';
        if (!in_array($owner, ['', self::ALL], true)) {
            throw Refused::json('INVALID_VALUE', 'owner is "all", or is left out');
        }
        if ($owner === self::ALL && !$call->user()->isAdmin()) {
            throw Refused::forbidden('only administrators see the exports of others', 'owner');
        }
        return new self(
            $owner === self::ALL ? null : $call->user()->id,
            max(1, min(self::MOST, self::number($query, 'most', self::PAGE))),
            max(0, self::number($query, 'before', 0)),
        );
    }

    /** @param array<array-key, mixed> $query */
    private static function number(array $query, string $name, int $usual): int
    {
        $text = $query[$name] ?? (string) $usual;
        if (!is_string($text) || preg_match('/^[0-9]{1,18}$/D', $text) !== 1) {
            throw Refused::json('INVALID_VALUE', "$name is a number");
        }
        return (int) $text;
    }
}
