<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

/**
 * A method and an address. In a pattern, {id} is an export's id and {batch} a batch's number, {asset} a file of
 * the pages; nothing else fits them, so no other text of an address ever reaches the library.
 */
final readonly class Route
{
    private const PARAMETERS = [
        '\{id\}' => '(?<id>exp_[a-z0-9]{26})',
        '\{batch\}' => '(?<batch>[1-9][0-9]{0,8})',
        '\{asset\}' => '[0-9a-f]{8}/(?<asset>export\.(?:css|js))',
    ];

    private string $expression;

    /** @param \Closure(): Endpoint $endpoint made when it is asked for: the classes of all others need not be loaded */
    public function __construct(
        public string $method,
        public string $pattern,
        private \Closure $endpoint,
        public Access $access = Access::Admins,
    ) {
        $this->expression = '#^' . strtr(preg_quote($pattern, '#'), self::PARAMETERS) . '$#D';
    }

    /** @return null|array<string, string> its parameters; null: another address */
    public function match(string $path): ?array
    {
        if (preg_match($this->expression, $path, $found) !== 1) {
            return null;
        }
        return array_filter($found, is_string(...), ARRAY_FILTER_USE_KEY);
    }

    public function endpoint(): Endpoint
    {
        return ($this->endpoint)();
    }

    public function takes(string $method): bool
    {
        return $this->method === $method || ($this->method === 'GET' && $method === 'HEAD');
    }
}
