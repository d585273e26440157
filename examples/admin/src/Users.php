<?php

declare(strict_types=1);

namespace Ybb\Admin;

use Psr\Http\Message\ServerRequestInterface;
use Ybb\Export\Auth\Authenticator;
use Ybb\Export\Auth\Identity;
use Ybb\Export\Auth\Role;

/**
 * Who may log in: administrators, who see all programs, and exporters, who see theirs.
 *
 * @phpstan-type User array{hash: string, admin: bool, programs: list<int>}
 */
final readonly class Users implements Authenticator
{
    /** Of nobody's password: an unknown name takes as long as a known one. */
    private const NOBODY = '$2y$10$gnKYm7/0bZJA8LBhTLkHuuvWPrxlwmIndsuYkTOxRhvIm.8uSF2g2';

    /** @param array<string, User> $users by name */
    public function __construct(private array $users, private Session $session) {}

    public function areRight(string $name, #[\SensitiveParameter] string $password): bool
    {
        return password_verify($password, $this->users[$name]['hash'] ?? self::NOBODY);
    }

    public function current(): ?Identity
    {
        $name = $this->session->user();
        $user = $this->users[$name ?? ''] ?? null;
        return match (true) {
            $name === null, $user === null => null,
            $user['admin'] => new Identity($name, Role::Admin, null),
            default => new Identity($name, programs: $user['programs']),
        };
    }

    public function authenticate(ServerRequestInterface $request): ?Identity
    {
        return $this->current();
    }
}
