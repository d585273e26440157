<?php

declare(strict_types=1);

namespace Ybb\Export\Auth;

/**
 * Who asks, and what he may.
 */
final readonly class Identity
{
    private const MOST_BYTES = 200;

    /**
     * @param string $id whose his exports are; it never changes and is nobody else's
     * @param null|list<int> $programs those he may export; null: every one, and all together
     * @param bool $ambient whether a browser shows who he is on its own, by a cookie or HTTP Basic: then
     *     another site's page could, too, and requests that change something need the token against that
     * @param null|string $address his e-mail address, as the login knows it: mail about his exports may go there
     */
    public function __construct(
        public string $id,
        public Role $role = Role::Exporter,
        public ?array $programs = [],
        public bool $ambient = true,
        public ?string $address = null,
    ) {
        // what the library takes as an owner
        if ($id === '' || strlen($id) > self::MOST_BYTES || preg_match('/^[^\x00-\x1f\x7f]+$/Du', $id) !== 1) {
            throw new \InvalidArgumentException('An identity is 1 to 200 bytes of UTF-8 without control characters');
        }
    }

    public function isAdmin(): bool
    {
        return $this->role === Role::Admin;
    }

    /** Whose exports he may see, as the library takes it; null: everybody's. */
    public function sees(): ?string
    {
        return $this->isAdmin() ? null : $this->id;
    }

    public function mayExport(int $program): bool
    {
        return $this->programs === null || in_array($program, $this->programs, true);
    }
}
