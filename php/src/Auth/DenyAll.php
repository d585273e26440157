<?php

declare(strict_types=1);

namespace Ybb\Export\Auth;

use Psr\Http\Message\ServerRequestInterface;

/**
 * Knows nobody: what holds until a host says who its users are.
 */
final class DenyAll implements Authenticator
{
    public function authenticate(ServerRequestInterface $request): ?Identity
    {
        return null;
    }
}
